"""The compiled twin of `ladder.rungs_plainly`: each pool's last rung, and what its claimants get at the foot and the
top of it.
"""

# mypy: disable-error-code="untyped-decorator"

from typing import Any

import numba as nb
import numpy as np

any_order = nb.njit(fastmath={"reassoc", "nsz"}, cache=True, nogil=True)  # sums of whole numbers


@any_order
def of_tier(floor: Any, ceiling: Any, tier: Any, now: int) -> Any:
    """Pieces that lift one tier to its floor, and from there to its claim."""
    to_floor = to_claim = 0.0
    for i in range(len(floor)):
        here = 1.0 if tier[i] == now else 0.0  # times a number becomes wide instructions, a choice of sums does not
        to_floor += here * floor[i]
        to_claim += here * (ceiling[i] - floor[i])
    return to_floor, to_claim


@any_order
# parameters: compiled code takes arrays, not an object that holds them
def write(floor: Any, ceiling: Any, tier: Any, rung: int, tiers: int, foot: Any, top: Any) -> None:
    full = rung - tiers + 1  # the tier whose claims are being met, below 1 while floors are
    for i in range(len(floor)):
        low, high, t = floor[i], ceiling[i], tier[i]
        foot[i] = high if t < full else (low if t <= rung else 0.0)
        top[i] = high if t <= full else (low if t <= rung + 1 else 0.0)


@nb.njit(cache=True, nogil=True)
def last_rung(floor: Any, ceiling: Any, tier: Any, pieces: float, tiers: int) -> int:
    steps = np.zeros(2 * tiers)
    for t in range(tiers):
        steps[t], steps[tiers + t] = of_tier(floor, ceiling, tier, t + 1)
    rung, reached = 0, steps[0]
    while rung < 2 * tiers - 1 and reached < pieces:
        rung += 1
        reached += steps[rung]
    return rung


@nb.njit(parallel=True, cache=True, nogil=True)
def compiled(claimants: Any, pieces: Any, tiers: int, rung: Any, limits: Any) -> None:
    offsets, floor, ceiling, tier = claimants
    for p in nb.prange(len(offsets) - 1):
        a, b = offsets[p], offsets[p + 1]
        rung[p] = last_rung(floor[a:b], ceiling[a:b], tier[a:b], pieces[p], tiers)
        write(floor[a:b], ceiling[a:b], tier[a:b], rung[p], tiers, limits[0, a:b], limits[1, a:b])
