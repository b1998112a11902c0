"""The compiled twin of `deal_plainly`: the same packs by a faster way.

Two covers close together are found roughly, with the last pack between them. Only who has a pack there is looked at
exactly, by the one division of `cover_days`; what the others get is beyond doubt. Loops over all claimants hold no
branch and keep whole numbers in float64, so that they become wide instructions; their sums may be taken in any order,
for they are sums of whole numbers.
"""

# mypy: disable-error-code="untyped-decorator"

import math
from typing import Any

import numba as nb
import numpy as np

MICRO = 1_000_000.0
MOST_LOOKS = 80
MOST_IN_PLAY = 2.0**53 // MICRO
SURE = 1e-4  # packs; rounding moves a rough count by less than a tenth of this
plain = nb.njit(cache=True, nogil=True)
any_order = nb.njit(fastmath={"reassoc", "nsz"}, cache=True, nogil=True)


@any_order
def totals(cells: Any, q: float) -> Any:
    """Sums of norm use, stock, packs at least and packs at most; and how many claimants cannot be dealt to."""
    w, s, lo, hi = cells
    sum_w = sum_s = sum_a = sum_b = unfit = 0.0
    for i in range(len(w)):
        a, b = np.floor(lo[i] / q), np.floor(hi[i] / q)
        sum_w += w[i]
        sum_s += s[i]
        sum_a += a
        sum_b += b
        unfit += 1.0 if (a * q != lo[i]) | (b * q != hi[i]) | (s[i] + hi[i] > MOST_IN_PLAY) else 0.0
    return sum_w, sum_s, sum_a, sum_b, unfit


@any_order
def count_roughly(cells: Any, q: float, days: float) -> Any:
    """Packs at or below a cover, and packs a day of cover; wrong only for packs within rounding of ``days``."""
    w, s, lo, hi = cells
    per_pack = 1.0 / q
    packs = slope = 0.0
    for i in range(len(w)):
        n = np.floor((days / MICRO * w[i] - s[i]) * per_pack) + 1.0
        a, b = np.floor(lo[i] * per_pack + 0.5), np.floor(hi[i] * per_pack + 0.5)  # whole: 49 * (1 / 49) is below 1
        packs += a if n < a else (b if n > b else n)
        slope += 0.0 if n <= a else (0.0 if n >= b else w[i])
    return packs, slope / MICRO * per_pack


@plain
def bracket(cells: Any, q: float, supply: float, sums: Any) -> Any:
    """Two covers, close together, with the last pack above the first and at or below the second."""
    sum_w, sum_s, under, over = sums
    low, high = -1.0, math.inf
    room, days = max(32.0, len(cells[0]) / 32.0), (supply * q + sum_s) / sum_w * MICRO
    for _ in range(MOST_LOOKS):
        packs, slope = count_roughly(cells, q, days)
        if packs < supply:
            low, under = days, packs
        else:
            high, over = days, packs
        if over - under <= room or high <= 0.0 or high - low <= 1e-9 * high < math.inf:
            break
        aim = supply + (room / 4.0 if packs < supply else -room / 4.0)  # a little past, to close in from both sides
        step = days + (aim - packs) / slope if slope > 0.0 else math.inf
        middle = 0.0 if low < 0.0 else (2.0 * days + 1.0 if high == math.inf else (low + high) / 2.0)
        days = step if low < step < high else middle
    return low * (1.0 - 1e-12), high * (1.0 + 1e-12)  # past what was counted roughly


@any_order
# parameters: compiled code takes arrays, not an object that holds them
def deal_the_sure(cells: Any, q: float, low: float, high: float, packs: Any, unsure: Any) -> None:
    """Packs of each up to the first cover, and whether one more might start before the second."""
    w, s, lo, hi = cells
    per_pack = 1.0 / q
    for i in range(len(w)):
        a, b = np.floor(lo[i] * per_pack + 0.5), np.floor(hi[i] * per_pack + 0.5)
        first = np.floor((low / MICRO * w[i] - s[i]) * per_pack - SURE) + 1.0
        last = np.floor((high / MICRO * w[i] - s[i]) * per_pack + SURE) + 1.0
        first = a if first < a else (b if first > b else first)
        last = a if last < a else (b if last > b else last)
        packs[i] = np.int64(first)
        unsure[i] = first < last


@plain
# parameters: compiled code takes arrays, not an object that holds them
def packs_until(w: float, s: float, q: float, a: float, b: float, days: float) -> float:
    """Packs between a and b of which the cover before the pack is at most ``days``."""
    n = math.floor((days / MICRO * w - s) / q) + 1.0
    n = a if n < a else (b if n > b else n)
    while n > a and (s + (n - 1.0) * q) * MICRO / w > days:
        n -= 1.0
    while n < b and (s + n * q) * MICRO / w <= days:
        n += 1.0
    return n


@plain
def covers_between(cells: Any, q: float, first: Any, last: Any) -> Any:
    """The cover before each pack from ``first`` and before ``last``, sorted."""
    w, s, _, _ = cells
    covers, found = np.empty((last - first).sum()), 0
    for i in range(len(w)):
        for n in range(first[i], last[i]):
            covers[found] = (s[i] + n * q) * MICRO / w[i]
            found += 1
    covers.sort()
    return covers


@plain
def packs_at(cells: Any, q: float, days: float) -> Any:
    w, s, lo, hi = cells
    packs = np.empty(len(w), dtype=np.int64)
    for i in range(len(w)):
        packs[i] = packs_until(w[i], s[i], q, lo[i] / q, hi[i] / q, days)
    return packs


@plain
def one(cells: Any, q: float, supply: int, packs: Any, tied: Any) -> Any:
    """The marginal cover and the packs left for the tied; -1 packs where limits or numbers are not fit to deal by."""
    w, s, lo, hi = cells
    sum_w, sum_s, least, most, unfit = totals(cells, q)
    if unfit:
        return math.nan, -1
    if supply >= most or supply <= least:
        packs[:] = ((hi if supply >= most else lo) / q).astype(np.int64)
        return (math.inf if supply >= most else math.nan), 0
    low, high = bracket(cells, q, float(supply), (sum_w, sum_s, least, most))
    deal_the_sure(cells, q, low, high, packs, tied)
    who = np.flatnonzero(tied)
    unsure = (w[who], s[who], lo[who], hi[who])
    first, last = packs_at(unsure, q, low), packs_at(unsure, q, high)
    before = packs.sum() - packs[who].sum() + first.sum()
    marginal = covers_between(unsure, q, first, last)[supply - before - 1]
    upto = packs_at(unsure, q, marginal)
    for k in range(len(who)):
        at = upto[k] > lo[who[k]] / q and (unsure[1][k] + (upto[k] - 1) * q) * MICRO / unsure[0][k] == marginal
        tied[who[k]], packs[who[k]] = at, upto[k] - at
    return marginal, supply - packs.sum()


@nb.njit(parallel=True, cache=True, nogil=True)
# parameters: compiled code takes arrays, not an object that holds them
def deal_all(problems: Any, pack: Any, supply: Any, packs: Any, tied: Any, marginal: Any, left: Any) -> None:
    offsets, w, s, lo, hi = problems
    for p in nb.prange(len(offsets) - 1):
        i, j = offsets[p], offsets[p + 1]
        cells = (w[i:j], s[i:j], lo[i:j], hi[i:j])
        marginal[p], left[p] = one(cells, float(pack[p]), supply[p], packs[i:j], tied[i:j])


compiled = deal_all
