"""Limits that cross: one on a sector and one on a region, say. A small linear programme on group totals makes them limits that do not.

The programme never sees a claimant. It moves the totals of the atoms (a sector in a region) away from the division without limits only
as far as the limits want: first it breaks no promise that can be kept, then leaves nothing on the shelf, then the largest loss of any
atom, in days of cover, is as small as it can be, then the least is moved.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack, identity, vstack

from dijk.allocate.fill import MICRO
from dijk.allocate.ladder import Claimants, divide
from dijk.allocate.tree import Fences, Shortfall

SLACK = 1e-6


@dataclass(frozen=True)
class Straight:
    """A fixed total for each atom, as fences that do not cross, and the promises that could not be kept."""

    fences: Fences
    shortfalls: tuple[Shortfall, ...]


def straighten(claimants: Claimants, atom: NDArray[np.int64], fences: Fences, *, pack: int, supply: int) -> Straight:
    """Turn crossing limits into one total for each atom, as near to the division without limits as they allow.

    Parameters
    ----------
    claimants, atom, fences, pack, supply
        As for `dijk.allocate.tree.pools`, but the fences may cross.

    Returns
    -------
    Where the division without limits keeps them all, no fences; else a total for every atom.
    """
    atoms = fences.members.shape[1]
    free = divide(claimants, np.zeros(len(claimants), dtype=np.int64), np.array([pack]), np.array([supply])).packs
    wanted = np.bincount(atom, weights=free, minlength=atoms).astype(np.float64)
    together = fences.members @ wanted
    if (together >= fences.least).all() and (together <= fences.most).all():
        return Straight(Fences(np.zeros((0, atoms), dtype=bool), fences.least[:0], fences.most[:0]), ())
    able = np.floor(np.bincount(atom, weights=claimants.ceiling, minlength=atoms) / pack)
    a_day = np.maximum(np.bincount(atom, weights=claimants.norm_use, minlength=atoms) / MICRO / pack, SLACK)
    totals, broken = _nearest(wanted, able, a_day, fences=fences, supply=supply)
    shortfalls = tuple(Shortfall(int(f), int(missing)) for f, missing in enumerate(broken) if missing > 0)
    return Straight(Fences(np.eye(atoms, dtype=bool), totals, totals), shortfalls)


def _nearest(
    wanted: NDArray[np.float64], able: NDArray[np.float64], a_day: NDArray[np.float64], *, fences: Fences, supply: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Packs of each atom, and what each fence falls short of its least: one programme after another, each keeping what the last won.

    Variables in order: packs of each atom (y), unkept promise of each fence (z), packs left over (u), largest loss in days (t),
    distance of each atom from what it wanted (d); all 0 or more.
    """
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
    bounds.lb[:n] = np.maximum(0, np.floor(wanted - best.x[n + f + 1] * a_day - SLACK))  # the largest loss, rounded to packs
    low[2 * f + 1 : 2 * f + 1 + n] = 0
    for whole in (0, 1):  # limits in whole packs that form two trees give whole packs by themselves
        best = milp(aims[3], constraints=[LinearConstraint(matrix, low, high), *kept[1:3]], integrality=whole, bounds=bounds)
        if np.abs(best.x[: n + f] - np.rint(best.x[: n + f])).max() < SLACK:
            break
    solution = np.rint(best.x).astype(np.int64)
    return solution[:n], solution[n : n + f]
