"""The published numbers: per need, tier, holder, region and fence how far the supply reached, so that anyone can deal
the packs again.
"""

import math
from fractions import Fraction

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.allocate.claims import LEVEL
from dijk.allocate.share import Round
from dijk.tables import ALL
from dijk.tables.division import Level


def levels(rows: pl.DataFrame, of: Round, *, seed: int) -> pl.DataFrame:
    """Table ``Level`` of one round: one row per pool and tier that claims in it. ``rows`` are the claims, with
    known_at and holder.
    """
    rows = rows.with_columns(pool=of.pool, packs=of.packs, floor_days=of.floor_days).filter(
        pl.col("pool").is_not_null()
    )
    claimed = rows.group_by("pool", "need", "tier", "holder", "known_at").agg(
        claims=pl.len().cast(pl.Int64),
        awarded_pieces=(pl.col("packs") * pl.col("pieces_per_pack")).sum(),
        band_days=pl.col("band_days").max(),
        highest_floor=pl.col("floor_days").max(),
    )
    filled = of.divided.filled
    exact = [filled.exact_level(p) for p in range(of.goods.height)]
    pools = (
        of.goods.drop("need")
        .with_row_index("pool")
        .with_columns(
            pl.col("pool").cast(pl.Int64),
            supply_pieces=pl.col("packs") * pl.col("pieces_per_pack"),
            everyone=pl.Series(of.met),
            to_the_top=pl.Series(np.isposinf(of.divided.marginal_days)),
            no_goods=pl.Series(np.isnan(of.divided.marginal_days)),
            on_floors=pl.Series(of.divided.on_floors),
            ended=pl.Series(of.divided.tier),
            marginal=pl.Series(_or_none(of.divided.marginal_days), dtype=pl.Float64),
            level=pl.Series(_or_none(filled.level_days), dtype=pl.Float64),
            exact=pl.Series([None if level is None else str(level) for level in exact], dtype=pl.String),
            last_order=pl.Series(of.divided.last_order),
        )
    )
    last = rows.select("pool", last_order="order", last_since="waiting_since", last_lot="lot")
    table = (
        claimed.join(pools, on="pool").join(last, on=["pool", "last_order"], how="left").with_columns(reach=_reach())
    )
    table = _no_higher_than_its_floor(table)
    here = pl.col("reach").is_in(["part", "part_of_floor"])
    only_here = {"level_days": "level", "level_exact": "exact", "marginal_cover_days": "marginal"}
    table = table.with_columns(
        *(pl.when(here).then(column).alias(name) for name, column in only_here.items()),
        *(pl.when(here).then(name).alias(name) for name in ("last_since", "last_lot")),
        tie_seed=pl.lit(seed, dtype=pl.Int64),
    )
    return Level.cast(table.select(Level.column_names()).sort(LEVEL))


def of_nation(level: pl.DataFrame) -> pl.DataFrame:
    """Levels to which the nation's goods were divided: not those of a hub or of a region's own division."""
    return level.filter((pl.col("holder") == "warehouse") & (pl.col("region") == ALL))


def _no_higher_than_its_floor(table: pl.DataFrame) -> pl.DataFrame:
    """Levels that end in floors, no higher than the highest floor of the tier: floors in whole packs reach beyond the
    days they stand for, by much where a pack lasts long, but no pack of a floor starts above those days.
    """
    above = (pl.col("reach") == "part_of_floor") & (pl.col("level") > pl.col("highest_floor"))
    exact = [None if days is None else str(Fraction(str(days))) for days in table["highest_floor"]]
    return table.with_columns(
        level=pl.when(above).then("highest_floor").otherwise("level"),
        exact=pl.when(above).then(pl.Series(exact, dtype=pl.String)).otherwise("exact"),
    )


def _reach() -> pl.Expr:
    """How far each tier came. Goods that end just where a tier has all its floors or claims leave nobody in between;
    none reach nobody.
    """
    before, after = pl.col("tier") < pl.col("ended"), (pl.col("tier") > pl.col("ended")) | pl.col("no_goods")

    def ended(full: str, partly: str, beyond: str) -> pl.Expr:
        return (
            pl.when(before | (~after & pl.col("to_the_top")))
            .then(pl.lit(full))
            .when(after)
            .then(pl.lit(beyond))
            .otherwise(pl.lit(partly))
        )

    on_floors, on_claims = ended("floor", "part_of_floor", "nothing"), ended("all", "part", "floor")
    return pl.when("everyone").then(pl.lit("all")).when("on_floors").then(on_floors).otherwise(on_claims)


def _or_none(days: NDArray[np.float64]) -> list[float | None]:
    return [float(d) if math.isfinite(d) else None for d in days]
