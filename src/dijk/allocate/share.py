"""One division from claims to packs: reserves first, then guarantees and caps, tiers and floors inside each, then a
region's own rules.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.allocate.fences import NO_SHORTFALL, Split, beside, fenced, reserved, unsplit
from dijk.allocate.rule.ladder import Divided, claimants, divide
from dijk.tables import ALL


@dataclass(frozen=True)
class Round:
    """One pass over the claims: the pools it made, what they came to, which meet every claim, and the pool and packs of
    each claim.
    """

    goods: pl.DataFrame
    divided: Divided
    met: NDArray[np.bool_]
    pool: pl.Series
    packs: pl.Series


@dataclass(frozen=True)
class Shared:
    """What was divided.

    ``rows`` are the claims with ``packs``, and ``packs_unfenced`` and ``packs_fenced``: without fences, and before a
    region's own rules; with the ``level_region``, ``fence`` and ``reserve`` they were in, and the floor and ceiling
    that held. ``rounds`` are published as levels.
    """

    rows: pl.DataFrame
    rounds: tuple[Round, ...]
    shortfall: pl.DataFrame


def share(rows: pl.DataFrame, goods: pl.DataFrame, fences: pl.DataFrame, settled: Split) -> Shared:
    """Divide the packs of each article over its claims.

    Parameters
    ----------
    rows
        Claims with product, pieces_per_pack, floor, ceiling, tier and order.
    goods
        Articles: need, product, pieces_per_pack, packs, region and fence, as `dijk.allocate.claims.supply` gives them
        for one holder.
    fences
        As `dijk.allocate.fences.fences_in_force` gives them.
    settled
        Pools that are made already, of claims whose fences were settled before articles were chosen.
    """
    if fences.is_empty():
        return share_apart(rows, unsplit(rows, goods))
    plain = _round(rows, unsplit(rows, goods))
    unsettled = rows.with_columns(product=pl.when(settled.pool.is_null()).then("product"))
    first = _round(rows, reserved(unsettled, goods, fences))
    had = first.packs * rows["pieces_per_pack"]
    rest = unsettled.with_columns(
        position=pl.col("position") + had,
        ceiling=pl.col("ceiling") - had,
        floor=(pl.col("floor") - had).clip(lower_bound=0),
    )
    whole = dict(goods.select("product", "packs").iter_rows())
    split = beside(fenced(rest, _left(goods, rows, first.packs), fences, whole=whole), settled)
    return _by_own_rules(rows.with_columns(packs_unfenced=plain.packs), (first, _round(rest, split)), split.shortfall)


def share_apart(rows: pl.DataFrame, split: Split) -> Shared:
    """Divide pools that are made already, where no fence holds; ``rows`` as for `share`."""
    plain = _round(rows, split)
    return _by_own_rules(rows.with_columns(packs_unfenced=plain.packs), (plain,), NO_SHORTFALL)


def _by_own_rules(rows: pl.DataFrame, rounds: tuple[Round, ...], shortfall: pl.DataFrame) -> Shared:
    """Divide again, by its own rules, what the rounds gave a region that set rules for itself; its total of each
    article stands.
    """
    packs = rounds[-1].packs + rounds[0].packs * (len(rounds) - 1)
    rows = rows.with_columns(
        packs_fenced=packs,
        level_region=_of_pool(rounds[-1], "region").fill_null(ALL),
        fence=_of_pool(rounds[-1], "fence").fill_null(ALL),
        reserve=_of_pool(rounds[0], "fence") if len(rounds) > 1 else pl.lit(None, dtype=pl.String),
    )
    own = rows.with_columns(packs=packs).filter(pl.col("own_ceiling").is_not_null() & pl.col("product").is_not_null())
    if own.is_empty():
        return Shared(rows.with_columns(packs=packs), rounds, shortfall)
    goods = (
        own.group_by("need", "product", "pieces_per_pack", "region")
        .agg(pl.col("packs").sum())
        .sort("need", "product", "region")
    )
    goods = goods.with_columns(fence=pl.lit(ALL)).with_row_index("pool").cast({"pool": pl.Int64})
    placed = rows.join(
        goods.select("need", "product", "region", "pool"),
        on=["need", "product", "region"],
        how="left",
        maintain_order="left",
    )
    pool = placed.select(pl.when(pl.col("own_ceiling").is_not_null()).then("pool"))["pool"]
    by_own = rows.with_columns(floor=pl.col("own_floor").fill_null(0), ceiling=pl.col("own_ceiling").fill_null(0))
    last = _round(by_own, Split(pool, goods.drop("pool"), NO_SHORTFALL))
    here = pool.is_not_null()
    rows = rows.with_columns(
        packs=pl.when(here).then(last.packs).otherwise(packs),
        level_region=pl.when(here).then("region").otherwise("level_region"),
        fence=pl.when(here).then(pl.lit(ALL)).otherwise("fence"),
        reserve=pl.when(~here).then("reserve"),
        floor=pl.when(here).then("own_floor").otherwise("floor"),
        ceiling=pl.when(here).then("own_ceiling").otherwise("ceiling"),
    )
    return Shared(rows, (*rounds, last), shortfall)


def _of_pool(of: Round, column: str) -> pl.Series:
    """What the goods of the pool of each claim have in a column; empty where it was in none."""
    said = of.goods.select(column).with_row_index("pool").cast({"pool": pl.Int64})
    return of.pool.cast(pl.Int64).to_frame("pool").join(said, on="pool", how="left", maintain_order="left")[column]


def _round(rows: pl.DataFrame, split: Split) -> Round:
    served = split.pool.is_not_null().arg_true().cast(pl.Int64).to_numpy()
    goods = split.goods
    who, pool, pack = claimants(rows[served]), split.pool[served].to_numpy(), goods["pieces_per_pack"].to_numpy()
    divided = divide(who, pool, pack, goods["packs"].to_numpy())
    met = goods["packs"].to_numpy() * pack >= np.bincount(pool, weights=who.ceiling, minlength=goods.height)
    packs = np.zeros(rows.height, dtype=np.int64)
    packs[served] = divided.packs
    return Round(goods, divided, met, split.pool, pl.Series("packs", packs))


def _left(goods: pl.DataFrame, rows: pl.DataFrame, packs: pl.Series) -> pl.DataFrame:
    """The articles less the packs that went already."""
    went = rows.select("product").with_columns(went=packs).group_by("product").agg(pl.col("went").sum())
    left = goods.join(went, on="product", how="left", maintain_order="left")
    return left.with_columns(packs=pl.col("packs") - pl.col("went").fill_null(0)).select(goods.columns)
