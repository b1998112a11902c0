"""The compiled twin of `fill_plainly`: the same steps on the same numbers.

Two things are written for the compiler. A choice is a chain of conditional values and not of branches, so that it
becomes wide instructions. Sums may be taken in any order (``reassoc``), which is harmless because they are sums of
whole numbers below 2**53; ``contract`` stays off, because a fused multiply-add rounds differently from NumPy.

Who stands exactly at a limit counts as held there. Were it counted as between its limits, the level would be the same
number, for it adds ``s + lo`` above and ``w`` below the line of a fraction that equals ``(s + lo) / w``; only the
fraction's unreduced form would differ.
"""

# mypy: disable-error-code="untyped-decorator"

import math
from typing import Any

import numba as nb

ROUNDING = 4 * 2.0**-52
MOST_PASSES = 200
EXACT = 2.0**53
any_order = nb.njit(fastmath={"reassoc", "nsz"}, cache=True, nogil=True)


@any_order
def totals(w: Any, s: Any, lo: Any, hi: Any) -> Any:
    sum_w = sum_s = sum_lo = sum_hi = 0.0
    for i in range(len(w)):
        sum_w += w[i]
        sum_s += s[i]
        sum_lo += lo[i]
        sum_hi += hi[i]
    return sum_w, sum_s, sum_lo, sum_hi


@any_order
def at_level(w: Any, s: Any, lo: Any, hi: Any, level: float) -> Any:
    settled = slope = 0.0
    for i in range(len(w)):
        y = w[i] * level - s[i]
        settled += lo[i] if y <= lo[i] else (hi[i] if y >= hi[i] else -s[i])
        slope += 0.0 if y <= lo[i] else (0.0 if y >= hi[i] else w[i])
    return settled, slope


@any_order
# parameters: compiled code takes arrays, not an object that holds them
def write(w: Any, s: Any, lo: Any, hi: Any, level: float, step: float, x: Any) -> Any:
    whole = 0.0
    for i in range(len(w)):
        y = w[i] * step - s[i]
        raised = y if y > lo[i] else lo[i]
        x[i] = raised if raised < hi[i] else hi[i]
        whole += hi[i] if w[i] * level - s[i] >= hi[i] else lo[i]
    return whole


@nb.njit(cache=True, nogil=True)
# parameters: compiled code takes arrays, not an object that holds them
def lowest(w: Any, s: Any, lo: Any, hi: Any, level: float, x: Any) -> Any:
    best, last = -1.0, 0
    for i in range(len(w)):
        above = w[i] * level - s[i] >= hi[i]
        x[i] = hi[i] if above else lo[i]
        if above and hi[i] > lo[i] and (s[i] + hi[i]) / w[i] > best:
            best, last = (s[i] + hi[i]) / w[i], i
    return s[last] + hi[last], w[last]


@nb.njit(cache=True, nogil=True)
# parameters: compiled code takes arrays, not an object that holds them
def newton(w: Any, s: Any, lo: Any, hi: Any, supply: float, level: float) -> Any:
    low, high = 0.0, math.inf
    numerator = slope = step = 0.0
    passes = 2
    while passes < MOST_PASSES:
        settled, slope = at_level(w, s, lo, hi, level)
        numerator = supply - settled
        step = numerator / slope if slope else (level if numerator == 0.0 else math.copysign(math.inf, numerator))
        if abs(step - level) <= ROUNDING * level:
            break
        if step > level:
            low = level
        else:
            high = level
        level = step if low < step < high else (2.0 * low if high == math.inf else (low + high) / 2.0)
        passes += 1
    return numerator, slope, level, step, passes


@nb.njit(cache=True, nogil=True)
# parameters: compiled code takes arrays, not an object that holds them
def one(w: Any, s: Any, lo: Any, hi: Any, supply: float, x: Any) -> Any:
    """The level's numerator and denominator, and the passes it took: none where a sum would not be exact."""
    sum_w, sum_s, sum_lo, sum_hi = totals(w, s, lo, hi)
    if not max(sum_w, sum_s, sum_hi) < EXACT:
        return -1.0, 0.0, 0
    if supply >= sum_hi:
        x[:] = hi
        return 1.0, 0.0, 1
    if supply <= sum_lo:
        x[:] = lo
        return -1.0, 0.0, 1
    numerator, slope, level, step, passes = newton(w, s, lo, hi, supply, (supply + sum_s) / sum_w)
    if write(w, s, lo, hi, level, step, x) == supply:
        numerator, slope = lowest(w, s, lo, hi, level, x)
    return numerator, slope, passes


@nb.njit(parallel=True, cache=True, nogil=True)
def fill_all(problems: Any, supply: Any, pieces: Any, found: Any, passes: Any) -> None:
    offsets, w, s, lo, hi = problems
    for p in nb.prange(len(offsets) - 1):
        a, b = offsets[p], offsets[p + 1]
        found[p, 0], found[p, 1], passes[p] = one(w[a:b], s[a:b], lo[a:b], hi[a:b], supply[p], pieces[a:b])


compiled = fill_all
