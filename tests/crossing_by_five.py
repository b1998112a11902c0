"""Limits that cross, settled by five programmes, one for each aim. The twin of
`dijk.allocate.rule.crossing.nearest`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack, identity, vstack

from dijk.allocate.rule.tree import Fences

SLACK = 1e-6


def nearest_by_five(
    wanted: NDArray[np.float64], able: NDArray[np.float64], a_day: NDArray[np.float64], *, fences: Fences, supply: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Packs of each part, and what each fence falls short of its least."""
    n, f = len(wanted), len(fences)
    member = csr_array(fences.members.astype(float))
    one, zero = identity(n), csr_array((n, f + 1))
    column = csr_array(np.ones((n, 1)))
    least = np.minimum(fences.least, fences.members @ able)
    rows: list[tuple[Any, Any, Any]] = [
        (hstack([member, identity(f), csr_array((f, 2 + n))]), least, np.inf),
        (hstack([member, csr_array((f, f + 2 + n))]), -np.inf, fences.most),
        (csr_array(np.concatenate([np.ones(n), np.zeros(f), [1.0, 0.0], np.zeros(n)])[None, :]), supply, supply),
        (hstack([one, zero, csr_array(a_day[:, None]), csr_array((n, n))]), wanted, np.inf),
        (hstack([one, zero, 0 * column, one]), wanted, np.inf),
        (hstack([-one, zero, 0 * column, one]), -wanted, np.inf),
    ]
    matrix = vstack([row[0] for row in rows]).tocsr()
    low = np.concatenate([np.broadcast_to(floor, block.shape[0]) for block, floor, _ in rows])
    high = np.concatenate([np.broadcast_to(top, block.shape[0]) for block, _, top in rows])
    aims = np.zeros((4, 2 * n + f + 2))
    aims[0, n : n + f], aims[1, n + f], aims[2, n + f + 1], aims[3, n + f + 2 :] = 1, 1, 1, 1
    upper = np.concatenate([able, np.full(f + 2 + n, np.inf)])
    bounds, kept = Bounds(np.zeros(len(upper)), upper), [LinearConstraint(matrix, low, high)]
    for aim in aims[:3]:
        best = milp(aim, constraints=kept, bounds=bounds)
        kept.append(LinearConstraint(aim[None, :], -np.inf, best.fun + SLACK * max(1.0, abs(best.fun))))
    bounds.lb[:n] = np.maximum(
        0, np.floor(wanted - best.x[n + f + 1] * a_day - SLACK)
    )  # the largest loss, rounded to packs
    low[2 * f + 1 : 2 * f + 1 + n] = 0
    for whole in (0, 1):  # limits in whole packs that form two trees give whole packs by themselves
        best = milp(
            aims[3], constraints=[LinearConstraint(matrix, low, high), *kept[1:3]], integrality=whole, bounds=bounds
        )
        if np.abs(best.x[: n + f] - np.rint(best.x[: n + f])).max() < SLACK:
            break
    solution = np.rint(best.x).astype(np.int64)
    return solution[:n], solution[n : n + f]
