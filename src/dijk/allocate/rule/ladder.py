"""Floors and tiers: one ladder that a supply climbs, rung by rung, and one level on the rung where it ends.

The first rungs lift everyone to the floor, tier by tier; the next lift from the floor to the claim, tier by tier. Rungs
below the last are met in full, rungs above it are empty, so each pool of claimants has one division left to make: the
one on its last rung.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dijk.allocate.rule.fill import Filled, Pieces, Problems, fill, kernel
from dijk.allocate.rule.packs import deal, settle_ties


@dataclass(frozen=True)
class Claimants:
    """Who claims, in flat arrays of one shape (claimants,), in no order that matters.

    Attributes
    ----------
    norm_use
        Millionths of a piece a day, whole, above 0.
    on_hand
        Pieces that count as stock, whole, 0 or more.
    floor, ceiling
        Least and most that is given as far as the supply reaches, pieces in whole packs, ``0 <= floor <= ceiling``.
    tier
        Order of service, 1 first.
    order
        Who goes first among equals, lowest first; no two alike.
    """

    norm_use: NDArray[np.float64]
    on_hand: Pieces
    floor: Pieces
    ceiling: Pieces
    tier: NDArray[np.int64]
    order: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.norm_use)

    def take(self, which: NDArray[np.int64]) -> "Claimants":
        """Only these, in this order."""
        w, s, floor, ceiling = self.norm_use[which], self.on_hand[which], self.floor[which], self.ceiling[which]
        return Claimants(w, s, floor, ceiling, self.tier[which], self.order[which])

    def after(self, pieces: Pieces) -> "Claimants":
        """The same claimants when these pieces have reached them: more on hand, less to claim."""
        floor, ceiling = np.maximum(0, self.floor - pieces), self.ceiling - pieces
        return Claimants(self.norm_use, self.on_hand + pieces, floor, ceiling, self.tier, self.order)


@dataclass(frozen=True)
class Divided:
    """Packs, and per pool the numbers by which anyone can deal them again.

    Attributes
    ----------
    packs
        Packs of each claimant, shape (claimants,).
    on_floors
        True where the supply ended on a floor: then floors stand in for claims; shape (pools,).
    tier
        The tier it ended in, shape (pools,). Tiers before it are met in full, tiers after it are not reached.
    filled
        The level of each pool on its last rung; its ``pieces`` are in order of pool.
    marginal_days
        Cover that the last pack starts from; packs below it are all dealt; shape (pools,).
    last_order
        Of those exactly at the marginal cover, everyone up to this ``order`` gets one more; -1 where nobody does; shape
        (pools,).
    """

    packs: NDArray[np.int64]
    on_floors: NDArray[np.bool_]
    tier: NDArray[np.int64]
    filled: Filled
    marginal_days: NDArray[np.float64]
    last_order: NDArray[np.int64]


def divide(
    claimants: Claimants, pool: NDArray[np.int64], pack: NDArray[np.int64], supply: NDArray[np.int64]
) -> Divided:
    """Divide the packs of each pool among its claimants: floors first, then claims, each by tier, each to equal cover.

    Parameters
    ----------
    pool
        Pool of each claimant, 0 to pools - 1, shape (claimants,).
    pack, supply
        Pieces in a pack, and packs to divide, shape (pools,).
    """
    by_pool = np.argsort(pool, kind="stable")
    in_order, pool = claimants.take(by_pool), pool[by_pool]
    last = on_last_rung(in_order, pool, supply * pack)
    dealt = deal(last.problems, pack, supply)
    settled = settle_ties(dealt, last.problems.offsets, in_order.order)
    packs = np.empty(len(claimants), dtype=np.int64)
    packs[by_pool] = settled.packs
    last_order = np.full(len(pack), -1, dtype=np.int64)
    won = np.flatnonzero(settled.packs > dealt.packs)
    np.maximum.at(last_order, pool[won], in_order.order[won])
    filled = fill(last.problems, (supply * pack).astype(np.float64))
    return Divided(packs, last.rung < last.tiers, last.rung % last.tiers + 1, filled, dealt.marginal_days, last_order)


@dataclass(frozen=True)
class LastRung:
    """The one division each pool has left to make: on its last rung, of 0 to 2 x tiers - 1."""

    problems: Problems
    rung: NDArray[np.int64]
    tiers: int


def on_last_rung(claimants: Claimants, pool: NDArray[np.int64], pieces: NDArray[np.int64]) -> LastRung:
    """Find the rung on which each pool's supply ends; claimants are sorted by pool, ``pieces`` has shape (pools,)."""
    tiers = int(claimants.tier.max(initial=1))
    offsets = offsets_of(pool, len(pieces))
    compiled = kernel("_ladder_kernel", len(claimants))
    if compiled is None:
        rung = rungs_plainly(claimants, pool, pieces, tiers=tiers)
        least, most = bounds(claimants, rung[pool], tiers)
    else:
        rung, limits = np.empty(len(pieces), dtype=np.int64), np.empty((2, len(claimants)))
        compiled(
            (offsets, claimants.floor, claimants.ceiling, claimants.tier),
            pieces.astype(np.float64),
            tiers,
            rung,
            limits,
        )
        least, most = limits
    return LastRung(Problems(offsets, claimants.norm_use, claimants.on_hand, least, most), rung, tiers)


def offsets_of(pool: NDArray[np.int64], pools: int) -> NDArray[np.int64]:
    """Where the claimants of each pool start, and where the last end; ``pool`` is sorted."""
    return np.searchsorted(pool, np.arange(pools + 1)).astype(np.int64)


def rungs_plainly(
    claimants: Claimants, pool: NDArray[np.int64], pieces: NDArray[np.int64], *, tiers: int
) -> NDArray[np.int64]:
    """The rung on which each pool's supply ends, with NumPy alone: the rungs are met in order as far as the pieces
    go.
    """
    steps = np.zeros((len(pieces), 2 * tiers))
    for tier in range(tiers):
        now = claimants.tier == tier + 1
        steps[:, tier] = np.bincount(pool[now], weights=claimants.floor[now], minlength=len(pieces))
        steps[:, tiers + tier] = np.bincount(
            pool[now], weights=(claimants.ceiling - claimants.floor)[now], minlength=len(pieces)
        )
    rung: NDArray[np.int64] = np.minimum((steps.cumsum(axis=1) < pieces[:, None]).sum(axis=1), 2 * tiers - 1)
    return rung


def bounds(claimants: Claimants, rung: NDArray[np.int64] | int, tiers: int) -> tuple[Pieces, Pieces]:
    """Pieces of each claimant at the foot and at the top of a rung; ``rung`` has shape (claimants,), or is one for
    all.
    """
    tier = claimants.tier - 1
    full = rung - tiers  # the tier whose claims are being met, below 0 while floors are
    foot = np.where(tier < full, claimants.ceiling, np.where(tier < rung, claimants.floor, 0))
    top = np.where(tier <= full, claimants.ceiling, np.where(tier <= rung, claimants.floor, 0))
    return foot, top
