"""Limits that cross: one on a sector and one on a region, say. A small linear programme on group totals makes them
limits that do not.

The programme never sees a claimant. It knows parts: groups that the same fences hold, so that no limit tells one of a
part from another. It moves their totals away from the division without limits only as far as the limits want: first it
breaks no promise that can be kept, then leaves nothing on the shelf, then the largest loss of any part, in days of
cover, is as small as it can be, then the least is moved.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from dijk.allocate.rule.fill import MICRO
from dijk.allocate.rule.ladder import Claimants, divide
from dijk.allocate.rule.tree import Fences, Shortfall, parts

SLACK = 1e-6


@dataclass(frozen=True)
class Straight:
    """A fixed total for each part that a fence holds, as fences that do not cross, and the promises that could not be
    kept.
    """

    fences: Fences
    shortfalls: tuple[Shortfall, ...]


def straighten(claimants: Claimants, atom: NDArray[np.int64], fences: Fences, *, pack: int, supply: int) -> Straight:
    """Turn crossing limits into one total for each part, as near to the division without limits as they allow.

    Parameters
    ----------
    claimants, atom, fences, pack, supply
        As for `dijk.allocate.rule.tree.pools`, but the fences may cross.

    Returns
    -------
    Where the division without limits keeps them all, no fences; else a total for every part that a fence holds, in the
    order of `dijk.allocate.rule.tree.parts`. What no fence holds gets the rest.
    """
    part = parts(fences)
    free = divide(claimants, np.zeros(len(claimants), dtype=np.int64), np.array([pack]), np.array([supply])).packs
    in_part = part.of_atom[atom]
    wanted = np.bincount(in_part, weights=free, minlength=len(part.held_by)).astype(np.float64)
    together = part.held_by.T @ wanted
    if (together >= fences.least).all() and (together <= fences.most).all():
        return Straight(Fences(np.zeros((0, len(part.of_atom)), dtype=bool), fences.least[:0], fences.most[:0]), ())
    able = np.floor(np.bincount(in_part, weights=claimants.ceiling, minlength=len(wanted)) / pack)
    a_day = np.maximum(np.bincount(in_part, weights=claimants.norm_use, minlength=len(wanted)) / MICRO / pack, SLACK)
    limits = Fences(part.held_by.T, fences.least, fences.most)
    totals, broken = nearest(wanted, able, a_day, fences=limits, supply=supply)
    shortfalls = tuple(Shortfall(int(f), int(missing)) for f, missing in enumerate(broken) if missing > 0)
    held = part.held_by.any(axis=1)
    members = np.flatnonzero(held)[:, None] == part.of_atom[None, :]
    return Straight(Fences(members, totals[held], totals[held]), shortfalls)


@dataclass(frozen=True)
class _Programme:
    """``low <= matrix @ x <= high`` and ``least <= x <= most``."""

    matrix: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    least: NDArray[np.float64]
    most: NDArray[np.float64]

    def best(self, aim: NDArray[np.float64], *, whole: int = 0) -> OptimizeResult:
        """The x that makes ``aim @ x`` smallest; in whole numbers where ``whole`` is 1."""
        limits = LinearConstraint(self.matrix, self.low, self.high)
        return milp(aim, constraints=limits, bounds=Bounds(self.least, self.most), integrality=whole)

    def keeping(self, aim: NDArray[np.float64], won: float) -> "_Programme":
        """The same where ``aim @ x`` is no more than what was won."""
        high = np.append(self.high, won + SLACK * max(1.0, abs(won)))
        return _Programme(np.vstack([self.matrix, aim]), np.append(self.low, -np.inf), high, self.least, self.most)


def nearest(
    wanted: NDArray[np.float64], able: NDArray[np.float64], a_day: NDArray[np.float64], *, fences: Fences, supply: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Packs of each part, and what each fence falls short of its least: one programme after another, each keeping what
    the last won.

    Parameters
    ----------
    wanted, able, a_day
        Packs of each part without limits, at most, and a day; shape (parts,).
    fences
        Limits on parts: an atom is a part.

    Notes
    -----
    Variables in order: packs of each part (y), unkept promise of each fence (z), packs left over (u), largest loss in
    days (t), distance of each part from what it wanted (d); all 0 or more.
    """
    n, f = len(wanted), len(fences)
    at_most = _limits(wanted, able, a_day, fences=fences, supply=supply)
    promise, shelf, loss, moved = (np.zeros(2 * n + f + 2) for _ in range(4))
    promise[n : n + f], shelf[n + f], loss[n + f + 1], moved[n + f + 2 :] = 1, 1, 1, 1
    both = at_most.best(promise + shelf)
    won = (0.0, 0.0)
    if both.fun > SLACK:  # else no promise is broken and nothing left over, and two aims are won at once
        won = (at_most.best(promise).fun, 0.0)
        won = (won[0], at_most.keeping(promise, won[0]).best(shelf).fun)
    at_most = at_most.keeping(promise, won[0]).keeping(shelf, won[1])
    lost = at_most.best(loss).x[n + f + 1]
    at_most.least[:n] = np.maximum(0, np.floor(wanted - lost * a_day - SLACK))  # the largest loss, rounded to packs
    at_most.low[2 * f + 1 : 2 * f + 1 + n] = 0
    for whole in (0, 1):  # limits in whole packs that form two trees give whole packs by themselves
        best = at_most.best(moved, whole=whole)
        if np.abs(best.x[: n + f] - np.rint(best.x[: n + f])).max() < SLACK:
            break
    solution = np.rint(best.x).astype(np.int64)
    return solution[:n], solution[n : n + f]


def _limits(
    wanted: NDArray[np.float64], able: NDArray[np.float64], a_day: NDArray[np.float64], *, fences: Fences, supply: int
) -> _Programme:
    """Rows in order: each fence's least and most, all packs, the loss of each part, and its distance below and above
    what it wanted.
    """
    n, f = len(wanted), len(fences)
    member, one, none = fences.members.astype(np.float64), np.eye(n), np.zeros((n, f + 1))
    least = np.minimum(fences.least, fences.members @ able)
    matrix = np.vstack(
        [
            np.hstack([member, np.eye(f), np.zeros((f, 2 + n))]),
            np.hstack([member, np.zeros((f, f + 2 + n))]),
            np.concatenate([np.ones(n), np.zeros(f), [1.0, 0.0], np.zeros(n)])[None, :],
            np.hstack([one, none, a_day[:, None], 0 * one]),
            np.hstack([one, none, 0 * one[:, :1], one]),
            np.hstack([-one, none, 0 * one[:, :1], one]),
        ]
    )
    low = np.concatenate([least, np.full(f, -np.inf), [supply], wanted, wanted, -wanted])
    high = np.concatenate([np.full(f, np.inf), fences.most, [supply], np.full(3 * n, np.inf)])
    return _Programme(matrix, low, high, np.zeros(2 * n + f + 2), np.concatenate([able, np.full(f + 2 + n, np.inf)]))
