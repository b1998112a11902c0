"""One division from claims to packs: reserves first, then guarantees and caps, tiers and floors inside each, then a
region's own rules.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.allocate.claims import claimants
from dijk.allocate.fences import NO_SHORTFALL, Split, beside, fenced, reserved, unsplit
from dijk.allocate.rule.ladder import Divided, divide
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
    unsettled = rows.with_columns(product=pl.when(settled.pool.is_null()).then("product"))
    reserve = _round(unsettled, reserved(unsettled, goods, fences))
    rest = _after(unsettled, reserve.packs)
    whole = dict(goods.select("product", "packs").iter_rows())
    split = beside(fenced(rest, _left(goods, rows, reserve.packs), fences, whole=whole), settled)
    last = _round(rest, split)
    divided = rows.with_columns(
        packs_unfenced=_round(rows, unsplit(rows, goods)).packs,
        packs=reserve.packs + last.packs,
        reserve=_of_pool(reserve, "fence"),
        **_place(last),
    )
    return _by_own_rules(Shared(divided, (reserve, last), split.shortfall))


def share_apart(rows: pl.DataFrame, split: Split) -> Shared:
    """Divide pools that are made already, where no fence holds; ``rows`` as for `share`."""
    only = _round(rows, split)
    nowhere = pl.lit(None, dtype=pl.String)
    divided = rows.with_columns(packs_unfenced=only.packs, packs=only.packs, reserve=nowhere, **_place(only))
    return _by_own_rules(Shared(divided, (only,), NO_SHORTFALL))


def _by_own_rules(shared: Shared) -> Shared:
    """Divide again, by its own rules, what a region got that set rules for itself; its total of each article stands."""
    rows = shared.rows.with_columns(packs_fenced="packs")
    split = _by_region(rows)
    if split.goods.is_empty():
        return replace(shared, rows=rows)
    floor, ceiling = (pl.col(column).fill_null(0) for column in ("own_floor", "own_ceiling"))
    own = _round(rows.with_columns(floor=floor, ceiling=ceiling), split)
    here = split.pool.is_not_null()
    rows = rows.with_columns(
        packs=pl.when(here).then(own.packs).otherwise("packs"),
        level_region=pl.when(here).then("region").otherwise("level_region"),
        fence=pl.when(here).then(pl.lit(ALL)).otherwise("fence"),
        reserve=pl.when(~here).then("reserve"),
        floor=pl.when(here).then("own_floor").otherwise("floor"),
        ceiling=pl.when(here).then("own_ceiling").otherwise("ceiling"),
    )
    return Shared(rows, (*shared.rounds, own), shared.shortfall)


def _by_region(rows: pl.DataFrame) -> Split:
    """A pool of what each region with rules of its own got of each article; the claims of other regions are in none."""
    own = pl.col("own_ceiling").is_not_null() & pl.col("product").is_not_null()
    pool = ["need", "product", "region"]
    got = rows.filter(own).group_by(*pool, "pieces_per_pack").agg(pl.col("packs").sum()).sort(pool)
    numbered = got.select(pool).with_row_index("pool").cast({"pool": pl.Int64})
    placed = rows.join(numbered, on=pool, how="left", maintain_order="left")
    return Split(placed.select(pl.when(own).then("pool"))["pool"], got.with_columns(fence=pl.lit(ALL)), NO_SHORTFALL)


def _place(of: Round) -> dict[str, pl.Series]:
    """The region and the fence of the level that each claim is dealt by; all where it was in no pool."""
    return {
        "level_region": _of_pool(of, "region").fill_null(ALL),
        "fence": _of_pool(of, "fence").fill_null(ALL),
    }


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


def _after(rows: pl.DataFrame, packs: pl.Series) -> pl.DataFrame:
    """The claims when these packs have reached them: more in stock, and so much less to claim."""
    had = packs * rows["pieces_per_pack"]
    return rows.with_columns(
        position=pl.col("position") + had,
        ceiling=pl.col("ceiling") - had,
        floor=(pl.col("floor") - had).clip(lower_bound=0),
    )


def _left(goods: pl.DataFrame, rows: pl.DataFrame, packs: pl.Series) -> pl.DataFrame:
    """The articles less the packs that went already."""
    went = rows.select("product").with_columns(went=packs).group_by("product").agg(pl.col("went").sum())
    left = goods.join(went, on="product", how="left", maintain_order="left")
    return left.with_columns(packs=pl.col("packs") - pl.col("went").fill_null(0)).select(goods.columns)
