"""The compiled twin of `ladder.rungs_plainly`: each pool's last rung, and what its claimants get at the foot and the
top of it.
"""

# mypy: disable-error-code="untyped-decorator"

from typing import Any

import numba as nb
import numpy as np


@nb.njit(cache=True, nogil=True)
def one(floor: Any, ceiling: Any, tier: Any, pieces: float, tiers: int) -> int:
    steps = np.zeros(2 * tiers)
    for i in range(len(floor)):
        steps[tier[i] - 1] += floor[i]
        steps[tiers + tier[i] - 1] += ceiling[i] - floor[i]
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
        rung[p] = one(floor[a:b], ceiling[a:b], tier[a:b], pieces[p], tiers)
        full = rung[p] - tiers
        for i in range(a, b):
            t = tier[i] - 1
            limits[0, i] = ceiling[i] if t < full else (floor[i] if t < rung[p] else 0.0)
            limits[1, i] = ceiling[i] if t <= full else (floor[i] if t <= rung[p] else 0.0)
