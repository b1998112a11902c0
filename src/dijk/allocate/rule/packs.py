"""Whole packs: each next pack goes to the claimant with the lowest cover, until the packs are gone.

This is the divisor method of Adams on days of cover. The cover before a pack is ``(on_hand + pieces had so far) / norm
use``, one division of two whole numbers rounded to float64, so that anyone gets the same order of covers. What is equal
to the last bit counts as equal, and `settle_ties` settles it in a published order. `deal` runs the compiled kernel
where numba is there, else `deal_plainly`, the same thing in NumPy.
"""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dijk.allocate.rule.fill import MICRO, Numbers, Problems, kernel

MOST_IN_PLAY = 2**53 // MICRO
"""Pieces of one claimant that a cover in days can be reckoned from exactly: nine billion."""

MOST_SIDE_BY_SIDE = 20_000
"""Packs of which the covers are reckoned one by one; of more, halving the range of covers takes less time."""


@dataclass(frozen=True)
class Dealt:
    """Packs before ties are settled.

    Attributes
    ----------
    packs
        Packs of each claimant so far, the least included, shape (claimants,).
    marginal_days
        Cover in days that the last pack starts from, shape (problems,): every pack below it has been dealt. Infinite
        where all claims are met, NaN where nothing is left above the least.
    left
        Packs still to hand out among the tied, at most one each, shape (problems,).
    tied
        Who stands exactly at the marginal cover and can take one more, shape (claimants,).
    """

    packs: NDArray[np.int64]
    marginal_days: NDArray[np.float64]
    left: NDArray[np.int64]
    tied: NDArray[np.bool_]


def deal(problems: Problems, pack: NDArray[np.int64], supply: NDArray[np.int64]) -> Dealt:
    """Deal whole packs to the lowest cover, in every problem at once.

    Parameters
    ----------
    problems
        The claimants; ``least`` and ``most`` are whole packs, in pieces.
    pack
        Pieces in a pack, shape (problems,), 1 or more.
    supply
        Packs to deal, shape (problems,). As in `fill`, less than the least gives the least, more than the most the
        most.

    Returns
    -------
    The packs, and who is tied for the last of them. The same on one thread or many, with or without numba.

    Raises
    ------
    ValueError
        A claimant with stock and claim above nine billion pieces, or limits that are no whole packs.

    Source
    ------
    Balinski and Young (1975), American Mathematical Monthly 82, 701-730, for the divisor methods; Frank and Murota
    (2022), Mathematical Programming 195, 1027-1068: dealing to the lowest is the fairest in whole units, also under
    limits on groups.

    Examples
    --------
    Three sites use as much; the first has 5 pieces in stock. Of six packs of 5 it gets one and the others two each; all
    stand alike then, and who goes first in the published order gets the last.

    >>> use, have = np.full(3, 1.0) * MICRO, np.array([5.0, 0.0, 0.0])
    >>> one = Problems(np.array([0, 3]), use, have, np.zeros(3), np.full(3, 50.0))
    >>> dealt = deal(one, np.array([5]), np.array([6]))
    >>> settle_ties(dealt, one.offsets, np.array([2, 0, 1])).packs.tolist()
    [1, 3, 2]
    """
    compiled = kernel("_packs_kernel", len(problems.norm_use))
    if compiled is None:
        return deal_plainly(problems, pack, supply)
    packs = np.empty(len(problems.norm_use), dtype=np.int64)
    tied = np.zeros(len(problems.norm_use), dtype=np.bool_)
    marginal, left = np.empty(len(problems)), np.zeros(len(problems), dtype=np.int64)
    p = problems
    compiled((p.offsets, p.norm_use, p.on_hand, p.least, p.most), pack, supply, packs, tied, marginal, left)
    if (left < 0).any():
        must_be_packs(problems, pack)
    return Dealt(packs, marginal, left, tied)


def deal_plainly(problems: Problems, pack: NDArray[np.int64], supply: NDArray[np.int64]) -> Dealt:
    """Do what `deal` does with NumPy alone.

    Raises
    ------
    ValueError
        As for `deal`.
    """
    must_be_packs(problems, pack)
    packs = np.empty(len(problems.norm_use), dtype=np.int64)
    tied = np.zeros(len(problems.norm_use), dtype=np.bool_)
    marginal, left = np.empty(len(problems)), np.zeros(len(problems), dtype=np.int64)
    for p, (start, stop) in enumerate(zip(problems.offsets[:-1], problems.offsets[1:], strict=True)):
        a, b = ((pieces[start:stop] / pack[p]).astype(np.int64) for pieces in (problems.least, problems.most))
        if supply[p] >= b.sum() or supply[p] <= a.sum():
            packs[start:stop], marginal[p] = (b, math.inf) if supply[p] >= b.sum() else (a, math.nan)
            continue
        takers = Takers(problems.norm_use[start:stop], problems.on_hand[start:stop], float(pack[p]), a, b)
        marginal[p] = last_cover(takers, int(supply[p] - a.sum()))
        packs[start:stop] = below(takers, float(marginal[p]))
        left[p] = supply[p] - packs[start:stop].sum()
        tied[start:stop] = at_or_below(takers, float(marginal[p])) > packs[start:stop]
    return Dealt(packs, marginal, left, tied)


def cover_days(w: Numbers, s: Numbers, pieces: Numbers) -> Numbers:
    """Days of cover of claimants that have ``s`` pieces and are given ``pieces`` more: the number by which packs are
    dealt.
    """
    days: Numbers = (s + pieces) * MICRO / w
    return days


@dataclass(frozen=True)
class Takers:
    """Claimants of one supply as they take packs: norm use and stock as in `Problems`, pieces in a pack, packs at least
    and at most.
    """

    norm_use: Numbers
    on_hand: Numbers
    pack: float
    least: NDArray[np.int64]
    most: NDArray[np.int64]


def last_cover(takers: Takers, packs: int) -> float:
    """Cover in days before the last of so many packs above the least; there are more to be had than that. Few packs are
    laid side by side by their covers; of many, the range of covers is halved until no float64 is left inside it.
    """
    steps = takers.most - takers.least
    if steps.sum() > MOST_SIDE_BY_SIDE:
        supply = takers.least.sum() + packs
        return lowest_true(lambda days: bool(at_or_below(takers, days).sum() >= supply))
    whose = np.repeat(np.arange(len(steps)), steps)
    nth = np.arange(len(whose)) - np.repeat(np.cumsum(steps) - steps, steps) + takers.least[whose]
    covers = cover_days(takers.norm_use[whose], takers.on_hand[whose], takers.pack * nth.astype(np.float64))
    return float(np.partition(covers, packs - 1)[packs - 1])


def below(takers: Takers, days: float) -> NDArray[np.int64]:
    """Packs of each, between least and most, of which the cover before the pack is below ``days``."""
    w, s, q = takers.norm_use, takers.on_hand, takers.pack
    guess = np.ceil((days * w / MICRO - s) / q) - 1  # too few, so that only counting up is left
    packs: NDArray[np.int64] = np.clip(guess, takers.least, takers.most).astype(np.int64)
    for _ in range(2):
        packs += (packs < takers.most) & (cover_days(w, s, q * packs.astype(np.float64)) < days)
    return packs


def at_or_below(takers: Takers, days: float) -> NDArray[np.int64]:
    """Count as `below` does, the packs at exactly ``days`` included."""
    return below(takers, math.nextafter(days, math.inf))


def lowest_true(holds: Callable[[float], bool]) -> float:
    """The lowest float64, 0 or more, for which something holds that stays true from there on."""
    low, high = -1, int(np.float64(np.inf).view(np.int64))
    while high - low > 1:  # float64 of 0 or more are ordered as their bits are
        middle = (low + high) // 2
        low, high = (low, middle) if holds(float(np.int64(middle).view(np.float64))) else (middle, high)
    return float(np.int64(high).view(np.float64))


def settle_ties(dealt: Dealt, offsets: NDArray[np.int64], order: NDArray[np.int64]) -> Dealt:
    """Hand the last packs to the tied in a given order, lowest first; shape (claimants,), no two alike within a
    problem.
    """
    packs = dealt.packs.copy()
    for p in np.flatnonzero(dealt.left):
        tied = offsets[p] + np.flatnonzero(dealt.tied[offsets[p] : offsets[p + 1]])
        packs[tied[np.argsort(order[tied], kind="stable")[: dealt.left[p]]]] += 1
    return replace(dealt, packs=packs, left=np.zeros_like(dealt.left), tied=np.zeros_like(dealt.tied))


def lot(seed: int, words: Sequence[str]) -> int:
    """The number that settles a tie between claimants that waited equally long: lowest first.

    It is the first 15 hexadecimal digits of the SHA-256 of the seed and the words with spaces between, so that anyone
    can draw it again: ``printf '7 gown hospital_north high' | sha256sum``.

    Examples
    --------
    >>> lot(7, ["gown", "hospital_north", "high"]) == int("bda2788efa27672", 16)
    True
    """
    return int(hashlib.sha256(" ".join([str(seed), *words]).encode()).hexdigest()[:15], 16)


def must_be_packs(problems: Problems, pack: NDArray[np.int64]) -> None:
    """See to it that limits are whole packs, and that every cover can be reckoned exactly.

    Raises
    ------
    ValueError
        A claimant with stock and claim above nine billion pieces, or limits that are no whole packs.
    """
    each = np.repeat(pack, np.diff(problems.offsets)).astype(np.float64)
    if (problems.on_hand + problems.most > MOST_IN_PLAY).any():
        raise ValueError(f"stock and claim of one claimant must stay at or below {MOST_IN_PLAY} pieces")
    least, most = problems.least / each, problems.most / each
    broken = (least != np.floor(least)) | (most != np.floor(most))
    if broken.any():
        first = int(broken.argmax())
        raise ValueError(
            f"claimant {first}: limits {problems.least[first]:.0f} and {problems.most[first]:.0f} must be whole "
            f"packs of {each[first]:.0f}"
        )
