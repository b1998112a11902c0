"""One division from claims to packs: reserves first, then guarantees and caps, tiers and floors inside each."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from dijk.allocate.fences import NO_SHORTFALL, Split, fenced, reserved, unsplit
from dijk.allocate.ladder import Divided, claimants, divide

HAD = "had"
"""Pieces that a reserve gave before the division at hand."""


@dataclass(frozen=True)
class Round:
    """One pass over the claims: the pools it made, what they came to, and the pool and packs of each claim."""

    goods: pl.DataFrame
    divided: Divided
    pool: pl.Series
    packs: pl.Series


@dataclass(frozen=True)
class Shared:
    """Claims with ``packs``, and ``packs_unfenced`` as it would be without fences; the rounds; and what no fence could be given."""

    rows: pl.DataFrame
    rounds: tuple[Round, ...]
    shortfall: pl.DataFrame


def share(rows: pl.DataFrame, goods: pl.DataFrame, fences: pl.DataFrame) -> Shared:
    """Divide the packs of each article over its claims.

    Parameters
    ----------
    rows
        Claims with product, pieces_per_pack, floor, ceiling, tier and order.
    goods
        Articles: need, product, pieces_per_pack, packs.
    fences
        As `dijk.allocate.fences.fences_in_force` gives them.
    """
    plain = _round(rows, unsplit(rows, goods))
    rows = rows.with_columns(pool=plain.pool, packs_unfenced=plain.packs)
    if fences.is_empty():
        return Shared(rows.with_columns(packs=plain.packs), (plain,), NO_SHORTFALL)
    first = _round(rows, reserved(rows, goods, fences))
    had = first.packs * rows["pieces_per_pack"]
    rest = rows.with_columns(
        position=pl.col("position") + had,
        ceiling=pl.col("ceiling") - had,
        floor=(pl.col("floor") - had).clip(lower_bound=0),
    )
    whole = dict(goods.select("product", "packs").iter_rows())
    split = fenced(rest, _left(goods, rows, first.packs), fences, whole=whole)
    then = _round(rest, split)
    rounds = (first, then) if first.goods.height else (then,)
    return Shared(rows.with_columns(packs=first.packs + then.packs), rounds, split.shortfall)


def _round(rows: pl.DataFrame, split: Split) -> Round:
    served = split.pool.is_not_null().arg_true().cast(pl.Int64).to_numpy()
    goods = split.goods
    divided = divide(claimants(rows[served]), split.pool[served].to_numpy(), goods["pieces_per_pack"].to_numpy(), goods["packs"].to_numpy())
    packs = np.zeros(rows.height, dtype=np.int64)
    packs[served] = divided.packs
    return Round(goods, divided, split.pool, pl.Series("packs", packs))


def _left(goods: pl.DataFrame, rows: pl.DataFrame, packs: pl.Series) -> pl.DataFrame:
    """The articles less the packs that went already."""
    went = rows.select("product").with_columns(went=packs).group_by("product").agg(pl.col("went").sum())
    left = goods.join(went, on="product", how="left", maintain_order="left")
    return left.with_columns(packs=pl.col("packs") - pl.col("went").fill_null(0)).select(goods.columns)
