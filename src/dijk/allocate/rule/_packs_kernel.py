"""The compiled twin of `deal_plainly`: the same packs by a faster way."""

# mypy: disable-error-code="untyped-decorator"

import math
from typing import Any

import numba as nb
import numpy as np

MICRO = 1_000_000.0
MOST_LOOKS = 80
SURE = 1e-4  # packs; rounding moves a rough count by less than a tenth of this
plain = nb.njit(cache=True, nogil=True)


@plain
# parameters: compiled code takes arrays, not an object that holds them
def packs_until(w: float, s: float, q: float, a: float, b: float, days: float) -> float:
    """Packs between a and b of which the cover before the pack is at most ``days``."""
    rough = (days / MICRO * w - s) / q
    n = math.floor(rough) + 1.0
    n = a if n < a else (b if n > b else n)
    if SURE < n - rough < 1.0 - SURE:
        return n
    while n > a and (s + (n - 1.0) * q) * MICRO / w > days:
        n -= 1.0
    while n < b and (s + n * q) * MICRO / w <= days:
        n += 1.0
    return n


@nb.njit(fastmath={"reassoc", "nsz"}, cache=True, nogil=True)
# parameters: compiled code takes arrays, not an object that holds them
def count_roughly(w: Any, s: Any, lo: Any, hi: Any, per_pack: float, days: float) -> Any:
    """Packs at or below a cover, and packs a day of cover; wrong only for packs within rounding of ``days``."""
    packs = slope = 0.0
    for i in range(len(w)):
        n = math.floor((days / MICRO * w[i] - s[i]) * per_pack) + 1.0
        a, b = lo[i] * per_pack, hi[i] * per_pack
        packs += a if n < a else (b if n > b else n)
        slope += 0.0 if n <= a else (0.0 if n >= b else w[i])
    return packs, slope / MICRO * per_pack


@plain
def count(cells: Any, q: float, days: float) -> float:
    w, s, lo, hi = cells
    packs = 0.0
    for i in range(len(w)):
        packs += packs_until(w[i], s[i], q, lo[i] / q, hi[i] / q, days)
    return packs


@plain
def bracket(cells: Any, q: float, supply: float, start: float) -> Any:
    """Two covers, close together, with the last pack above the first and at or below the second."""
    w, s, lo, hi = cells
    low, high = -1.0, math.inf
    under, over = lo.sum() / q, hi.sum() / q
    room, days = max(32.0, len(w) / 32.0), start
    for _ in range(MOST_LOOKS):
        packs, slope = count_roughly(w, s, lo, hi, 1.0 / q, days)
        if packs < supply:
            low, under = days, packs
        else:
            high, over = days, packs
        if over - under <= room or high - low <= 1e-9 * high < math.inf:
            break
        aim = supply + (room / 4.0 if packs < supply else -room / 4.0)  # a little past, to close in from both sides
        step = days + (aim - packs) / slope if slope > 0.0 else math.inf
        days = step if low < step < high else (2.0 * days + 1.0 if high == math.inf else (max(low, 0.0) + high) / 2.0)
    low, high = low * (1.0 - 1e-12), high * (1.0 + 1e-12)  # past what was counted roughly
    return low, high, count(cells, q, low) if low >= 0.0 else lo.sum() / q, count(cells, q, high)


@plain
def covers_between(cells: Any, q: float, low: float, high: float, size: int) -> Any:
    w, s, lo, hi = cells
    covers, found = np.empty(size), 0
    for i in range(len(w)):
        a, b = lo[i] / q, hi[i] / q
        first = packs_until(w[i], s[i], q, a, b, low)
        last = packs_until(w[i], s[i], q, a, b, high)
        while first < last:
            covers[found] = (s[i] + first * q) * MICRO / w[i]
            found += 1
            first += 1.0
    return covers


@plain
def one(cells: Any, q: float, supply: int, packs: Any, tied: Any) -> Any:
    w, s, lo, hi = cells
    if supply >= hi.sum() / q or supply <= lo.sum() / q:
        packs[:] = ((hi if supply >= hi.sum() / q else lo) / q).astype(np.int64)
        return (math.inf if supply >= hi.sum() / q else math.nan), 0
    low, high, under, over = bracket(cells, q, float(supply), (supply * q + s.sum()) / w.sum() * MICRO)
    covers = covers_between(cells, q, low, high, int(over - under))
    covers.sort()
    marginal = covers[int(supply - under) - 1]
    left = supply
    for i in range(len(w)):
        a, b = lo[i] / q, hi[i] / q
        n = packs_until(w[i], s[i], q, a, b, marginal)
        tied[i] = n > a and (s[i] + (n - 1.0) * q) * MICRO / w[i] == marginal
        packs[i] = int(n) - (1 if tied[i] else 0)
        left -= packs[i]
    return marginal, left


@nb.njit(parallel=True, cache=True, nogil=True)
# parameters: compiled code takes arrays, not an object that holds them
def deal_all(problems: Any, pack: Any, supply: Any, packs: Any, tied: Any, marginal: Any, left: Any) -> None:
    offsets, w, s, lo, hi = problems
    for p in nb.prange(len(offsets) - 1):
        i, j = offsets[p], offsets[p + 1]
        cells = (w[i:j], s[i:j], lo[i:j], hi[i:j])
        marginal[p], left[p] = one(cells, float(pack[p]), supply[p], packs[i:j], tied[i:j])


compiled = deal_all
