"""The published numbers: per need, tier and fence how far the supply reached, so that anyone can deal the packs again."""

import math

import numpy as np
import polars as pl

from dijk.allocate.ladder import Divided
from dijk.tables import ALL
from dijk.tables.results import Level


def levels(rows: pl.DataFrame, goods: pl.DataFrame, divided: Divided, *, seed: int) -> pl.DataFrame:
    """Table ``Level`` of a division: one row per pool and tier that claims in it.

    Parameters
    ----------
    rows
        Claims with pool, packs, known_at and what stands in line.
    goods
        The pools in order: need, product, pieces_per_pack, packs, and fence where a fence made the pool.
    divided
        What the pools came to.
    """
    claimed = (
        rows.filter(pl.col("pool").is_not_null())
        .group_by("pool", "tier", "known_at")
        .agg(claims=pl.len().cast(pl.Int64), awarded_pieces=(pl.col("packs") * pl.col("pieces_per_pack")).sum())
    )
    pools = goods.with_row_index("pool").with_columns(
        fence=pl.col("fence") if "fence" in goods.columns else pl.lit(ALL),
        supply_pieces=pl.col("packs") * pl.col("pieces_per_pack"),
        met=pl.Series(np.isposinf(divided.marginal_days)),
        on_floors=pl.Series(divided.on_floors),
        ended=pl.Series(divided.tier),
        marginal=pl.Series(_or_none(divided.marginal_days), dtype=pl.Float64),
        level=pl.Series(_or_none(divided.filled.level_days), dtype=pl.Float64),
        exact=pl.Series(
            [str(f) if (f := divided.filled.exact_level(p)) is not None else None for p in range(goods.height)], dtype=pl.String
        ),
        last_order=pl.Series(divided.last_order),
    )
    last = rows.select("pool", last_order="order", last_since="waiting_since", last_lot="lot")
    table = claimed.join(pools, on="pool").join(last, on=["pool", "last_order"], how="left").with_columns(reach=_reach())
    here = pl.col("reach").is_in(["part", "part_of_floor"])
    only_here = {"level_days": "level", "level_exact": "exact", "marginal_cover_days": "marginal"}
    table = table.with_columns(
        *(pl.when(here).then(column).alias(name) for name, column in only_here.items()),
        *(pl.when(here).then(name).alias(name) for name in ("last_since", "last_lot")),
        tie_seed=pl.lit(seed, dtype=pl.Int64),
    )
    return Level.cast(table.select(Level.column_names()).sort("need", "tier", "fence", "product"))


def _reach() -> pl.Expr:
    before, after = pl.col("tier") < pl.col("ended"), pl.col("tier") > pl.col("ended")
    on_claims = pl.when(before).then(pl.lit("all")).when(after).then(pl.lit("floor")).otherwise(pl.lit("part"))
    on_floors = pl.when(before).then(pl.lit("floor")).when(after).then(pl.lit("nothing")).otherwise(pl.lit("part_of_floor"))
    return pl.when("met").then(pl.lit("all")).when("on_floors").then(on_floors).otherwise(on_claims)


def _or_none(days: np.ndarray) -> list[float | None]:
    return [float(d) if math.isfinite(d) else None for d in days]
