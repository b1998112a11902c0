"""One division from claims to packs: reserves first, then guarantees and caps, tiers and floors inside each, then a
region's own rules inside each of these.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.allocate.claims import claimants
from dijk.allocate.fences import NO_SHORTFALL, Split, beside, fenced, held_by, reserved, unsplit
from dijk.allocate.rule.ladder import Divided, divide
from dijk.tables import ALL


@dataclass(frozen=True)
class Round:
    """One pass over the claims: the pools it made, what they came to, which meet every claim, and the pool and packs of
    each claim, and the days of the floor of each that still has one.
    """

    goods: pl.DataFrame
    divided: Divided
    met: NDArray[np.bool_]
    pool: pl.Series
    packs: pl.Series
    floor_days: pl.Series


@dataclass(frozen=True)
class Shared:
    """What was divided.

    ``rows`` are the claims with ``packs``, and ``packs_unfenced``, ``packs_fenced`` and ``packs_reserved``: without
    fences, before a region's own rules, and of the latter what a reserve gave; with the ``level_region``, ``fence`` and
    ``reserve`` they were in, and the floor and ceiling that held. ``rounds`` are published as levels.
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
        packs_fenced=reserve.packs + last.packs,
        packs_reserved=reserve.packs,
        reserve=_of_pool(reserve, "fence"),
        **_place(last),
    )
    part = _parts(divided, fences, settled=settled.pool.is_not_null())
    return _by_own_rules(Shared(divided, (reserve, last), split.shortfall), part)


def share_apart(rows: pl.DataFrame, split: Split) -> Shared:
    """Divide pools that are made already, where no fence holds; ``rows`` as for `share`."""
    only = _round(rows, split)
    divided = rows.with_columns(
        packs_unfenced=only.packs,
        packs_fenced=only.packs,
        packs_reserved=pl.lit(0, dtype=pl.Int64),
        reserve=pl.lit(None, dtype=pl.String),
        **_place(only),
    )
    return _by_own_rules(Shared(divided, (only,), NO_SHORTFALL), divided["fence"])


def _by_own_rules(shared: Shared, part: pl.Series) -> Shared:
    """Divide again, by its own rules, what a region got that set rules for itself.

    Its total of each article stands, and so does that of each ``part`` of it: the claims that the same fences hold,
    whether these bound or not. What a reserve gave is divided first among those who took part in it.
    """
    here = _under_rules_of_its_region(shared.rows)
    if not here.any():
        return replace(shared, rows=shared.rows.with_columns(packs="packs_fenced"))
    own = _as_its_region_has_it(shared.rows).with_columns(fence=part)
    first = _round(own, _by_region(own, "reserve", packs=pl.col("packs_reserved"), here=here))
    rest = _after(own, first.packs)
    last = _round(rest, _by_region(rest, "fence", packs=pl.col("packs_fenced") - pl.col("packs_reserved"), here=here))
    own = own.with_columns(packs=first.packs + last.packs)
    columns = ("packs", "level_region", "fence", "floor", "ceiling")
    rows = shared.rows.with_columns(packs="packs_fenced").with_columns(
        pl.when(here).then(own[column]).otherwise(column).alias(column) for column in columns
    )
    return Shared(rows, (*shared.rounds, first, last), shared.shortfall)


def _under_rules_of_its_region(rows: pl.DataFrame) -> pl.Series:
    """Which claims with an article stand in a region that has rules of its own."""
    return rows["own_ceiling"].is_not_null() & rows["product"].is_not_null()


def _as_its_region_has_it(rows: pl.DataFrame) -> pl.DataFrame:
    """The claims with the limits of their own region; without any where it set none."""
    floor, ceiling = (pl.col(column).fill_null(0) for column in ("own_floor", "own_ceiling"))
    return rows.with_columns(floor=floor, ceiling=ceiling, floor_days="own_floor_days", level_region="region")


def _parts(rows: pl.DataFrame, fences: pl.DataFrame, *, settled: pl.Series) -> pl.Series:
    """The part of its region that each claim belongs to, by the codes of the fences that hold it; all where none does.

    ``settled`` says which claims had their reserve settled with the other fences, so that it is one of them here too.
    """
    held = held_by(rows, fences, of=_under_rules_of_its_region(rows))
    with_reserve = pl.when(pl.col("fence") == ALL).then("reserve").otherwise(pl.format("{} + {}", "reserve", "fence"))
    return held.select(pl.when(settled).then(pl.coalesce(with_reserve, "fence")).otherwise("fence").alias("fence"))[
        "fence"
    ]


def _by_region(rows: pl.DataFrame, fence: str, *, packs: pl.Expr, here: pl.Series) -> Split:
    """A pool of what each part of each region got of each article; the claims that are not ``here`` are in none.

    ``fence`` is the column that tells the part; who has none there is in no pool.
    """
    pool = ["need", "product", "region", "fence"]
    rows = rows.with_columns(pl.when(here).then(fence).alias("fence"), _got=packs)
    inside = rows.filter(pl.col("fence").is_not_null())
    got = inside.group_by(*pool, "pieces_per_pack").agg(packs=pl.col("_got").sum()).sort(pool)
    numbered = got.select(pool).with_row_index("pool").cast({"pool": pl.Int64})
    placed = rows.join(numbered, on=pool, how="left", maintain_order="left")
    return Split(placed["pool"], got, NO_SHORTFALL)


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
    floor_days = rows.select(pl.when(pl.col("floor") > 0).then("floor_days"))["floor_days"]
    return Round(goods, divided, met, split.pool, pl.Series("packs", packs), floor_days)


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
