"""The level that uses up a supply: many division problems at once, side by side in flat arrays.

In each problem every claimant gets ``x = clip(w * L - s, least, most)`` pieces, with one level L for all of them
such that the pieces add up to the supply. The formula is found by Newton's method on a function that is straight
between its corners, so it ends after a few passes, and exactly: L is a fraction of two whole numbers.

`fill` runs the compiled kernel where numba is there and there is much to do, else `fill_plainly`, the same thing in
NumPy.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

Pieces = NDArray[np.float64]
"""Whole numbers of pieces, held as float64 so that the kernel can use wide instructions; exact up to 2**53."""

MICRO = 1_000_000
"""Norm use is a whole number of millionths of a piece a day, so that a level is an exact fraction."""

EXACT = float(2**53)
ROUNDING = 4 * float(np.finfo(float).eps)
MOST_PASSES = 200
WORTH_COMPILING = 50_000
"""Claimants; below it NumPy is done before numba has been loaded."""


@dataclass(frozen=True)
class Problems:
    """Division problems side by side; the claimants of problem p are ``offsets[p]:offsets[p + 1]``.

    Attributes
    ----------
    offsets
        Shape (problems + 1,), from 0 to the number of claimants.
    norm_use
        Norm use, millionths of a piece a day, whole and above 0; shape (claimants,).
    on_hand
        Stock that counts, pieces, whole and 0 or more; shape (claimants,).
    least, most
        What a claimant gets at least and at most, pieces, whole, ``0 <= least <= most``; shape (claimants,).

    Missing values do not occur: a claim without a norm is a finding before it is a claimant.
    """

    offsets: NDArray[np.int64]
    norm_use: NDArray[np.float64]
    on_hand: Pieces
    least: Pieces
    most: Pieces

    def __post_init__(self) -> None:
        claimants = {len(self.norm_use), len(self.on_hand), len(self.least), len(self.most), int(self.offsets[-1])}
        if len(claimants) != 1 or self.offsets[0] != 0 or (np.diff(self.offsets) < 0).any():
            raise ValueError(
                f"offsets must rise from 0 to the number of claimants, and all arrays must have that length, got "
                f"{claimants}"
            )

    def __len__(self) -> int:
        return len(self.offsets) - 1


@dataclass(frozen=True)
class Filled:
    """What `fill` found.

    Attributes
    ----------
    pieces
        What each claimant gets, shape (claimants,), not yet in whole pieces.
    level_days
        L in days of cover, shape (problems,). Infinite where the supply covers every claim in full, NaN where nothing
        is left above the least. Where a range of levels fits, the lowest: the cover of whoever was served last.
    numerator, denominator
        L as a fraction of whole numbers, in pieces over millionths of a piece a day; denominator 0 where L is not
        finite.
    passes
        Times the arrays of a problem were read, shape (problems,).
    """

    pieces: NDArray[np.float64]
    level_days: NDArray[np.float64]
    numerator: NDArray[np.float64]
    denominator: NDArray[np.float64]
    passes: NDArray[np.int64]

    def exact_level(self, problem: int) -> Fraction | None:
        """L of one problem in days, exactly; None where it is not finite."""
        if self.denominator[problem] == 0:
            return None
        return Fraction(int(self.numerator[problem]) * MICRO, int(self.denominator[problem]))


def fill(problems: Problems, supply: Pieces) -> Filled:
    """Share each supply so that all claimants between their limits reach the same days of cover.

    Parameters
    ----------
    problems
        The claimants. The sums of norm use and of pieces over one problem stay below 2**53, so that they are exact.
    supply
        Pieces to share, whole, shape (problems,). Less than the sum of ``least`` gives everyone the least: the caller
        sees to it that there is enough. More than the sum of ``most`` gives everyone the most.

    Returns
    -------
    The same numbers to the last bit on one thread or many, and from the kernel or from NumPy: every sum is a sum of
    whole numbers, so its order does not matter.

    Raises
    ------
    ValueError
        Sums that would not be exact, or a supply of another length than the problems.

    Source
    ------
    Cominetti, Mascarenhas and Silva (2014), Mathematical Programming Computation 6, 151-169, for the method. The rule
    is weighted constrained equal awards on top of stock: Flores-Szwagrzak (2015), Journal of Economic Theory 160,
    104-130.

    Examples
    --------
    Two sites use 10 and 20 pieces a day and have 30 and none; 120 pieces bring both to five days.

    >>> use, have = np.array([10.0, 20.0]) * MICRO, np.array([30.0, 0.0])
    >>> one = Problems(np.array([0, 2]), use, have, np.zeros(2), np.full(2, 1000.0))
    >>> shared = fill(one, np.array([120.0]))
    >>> shared.pieces.round().tolist(), shared.exact_level(0)
    ([20.0, 100.0], Fraction(5, 1))
    """
    if len(supply) != len(problems):
        raise ValueError(f"one supply for each problem: found {len(supply)} for {len(problems)}")
    compiled = kernel("_fill_kernel", len(problems.norm_use))
    if compiled is None:
        return fill_plainly(problems, supply)
    pieces = np.empty(len(problems.norm_use))
    found = np.empty((len(problems), 2))
    passes = np.empty(len(problems), dtype=np.int64)
    p = problems
    compiled((p.offsets, p.norm_use, p.on_hand, p.least, p.most), supply, pieces, found, passes)
    if (passes == 0).any():
        must_be_exact(problems)
    return _named(pieces, found, passes)


def fill_plainly(problems: Problems, supply: Pieces) -> Filled:
    """Do what `fill` does with NumPy alone, one problem after another: its reference and its fallback.

    Raises
    ------
    ValueError
        Sums that would not be exact.
    """
    must_be_exact(problems)
    pieces = np.empty(len(problems.norm_use))
    found = np.empty((len(problems), 2))
    passes = np.empty(len(problems), dtype=np.int64)
    for p, (start, stop) in enumerate(zip(problems.offsets[:-1], problems.offsets[1:], strict=True)):
        w, s, lo, hi = (a[start:stop] for a in (problems.norm_use, problems.on_hand, problems.least, problems.most))
        pieces[start:stop], found[p], passes[p] = _one(w, s, lo, hi, float(supply[p]))
    return _named(pieces, found, passes)


def kernel(module: str, claimants: int) -> Callable[..., None] | None:
    """The compiled twin, if numba is there and there is enough to do to be worth loading it; both give the same
    bits.
    """
    if claimants < WORTH_COMPILING:
        return None
    try:
        compiled: Callable[..., None] = import_module(f"dijk.allocate.rule.{module}").compiled
    except ImportError:
        return None
    return compiled


def must_be_exact(problems: Problems) -> None:
    """See to it that every sum over a problem is exact.

    Raises
    ------
    ValueError
        A sum over a problem is 2**53 or more.
    """
    for name, array in (("norm_use", problems.norm_use), ("on_hand", problems.on_hand), ("most", problems.most)):
        if array.sum() < EXACT / 2:  # all problems together are small enough
            continue
        starts = problems.offsets[:-1][np.diff(problems.offsets) > 0]
        largest = np.add.reduceat(array, starts).max()
        if not largest < EXACT:
            raise ValueError(f"the sum of {name} over one problem must stay below 2**53, found {largest:.0f}")


def _named(pieces: NDArray[np.float64], found: NDArray[np.float64], passes: NDArray[np.int64]) -> Filled:
    numerator, denominator = found[:, 0].copy(), found[:, 1].copy()
    finite = denominator != 0
    level = np.where(numerator > 0, np.inf, np.nan)
    level[finite] = numerator[finite] / denominator[finite] * MICRO
    numerator[~finite] = 0.0
    return Filled(pieces, level, numerator, denominator, passes)


Numbers = NDArray[np.float64]


def _one(w: Numbers, s: Numbers, lo: Numbers, hi: Numbers, supply: float) -> tuple[Numbers, tuple[float, float], int]:
    """Pieces, the level as numerator and denominator, and the number of passes, of one problem.

    The denominator is 0 where the level is not finite; then the numerator is 1 for infinity and -1 for none.
    """
    if supply >= hi.sum():
        return hi.copy(), (1.0, 0.0), 1
    if supply <= lo.sum():
        return lo.copy(), (-1.0, 0.0), 1
    level = (supply + s.sum()) / w.sum()  # right where nobody is at a limit
    low, high = 0.0, math.inf
    passes = 1
    while (passes := passes + 1) < MOST_PASSES:
        y = w * level - s
        below, above = y <= lo, y >= hi
        numerator = supply - float(np.where(below, lo, np.where(above, hi, -s)).sum())
        slope = float(w[~(below | above)].sum())
        step = numerator / slope if slope else (level if numerator == 0 else math.copysign(math.inf, numerator))
        if abs(step - level) <= ROUNDING * level:
            break
        low, high = (level, high) if step > level else (low, level)
        level = step if low < step < high else (2 * low if high == math.inf else (low + high) / 2)
    if supply == float(
        np.where(above, hi, lo).sum()
    ):  # nobody is between limits, so a range of levels fits: take the lowest
        served = np.flatnonzero(above & (hi > lo))
        last = served[((s[served] + hi[served]) / w[served]).argmax()]
        return np.where(above, hi, lo), (float(s[last] + hi[last]), float(w[last])), passes
    return np.clip(w * step - s, lo, hi), (numerator, slope), passes
