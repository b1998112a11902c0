"""Small random divisions, drawn by Hypothesis, in whole numbers so that every property can be judged exactly."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dijk.allocate.rule.fill import MICRO, Problems
from dijk.allocate.rule.ladder import Claimants
from dijk.allocate.rule.tree import NO_LIMIT, Fences

QUICK = settings(deadline=None, derandomize=True, max_examples=40)


@dataclass(frozen=True)
class Case:
    """Claimants of one supply, the pieces in a pack, and the packs there are."""

    claimants: Claimants
    pack: int
    packs: int


def floats(numbers: list[Any]) -> NDArray[np.float64]:
    return np.array(numbers, dtype=np.float64)


@st.composite
def problems(draw: st.DrawFn, *, largest: int = 6) -> tuple[Problems, NDArray[np.float64]]:
    """One to three problems side by side, each with a supply between its least and its most; in pieces."""
    sizes = draw(st.lists(st.integers(1, largest), min_size=1, max_size=3))
    n = sum(sizes)
    w = floats(draw(st.lists(st.sampled_from([1, 3, 10, 10, 250, 4000]), min_size=n, max_size=n))) * MICRO / 10
    s, lo, room = (floats(draw(st.lists(st.integers(0, 60), min_size=n, max_size=n))) for _ in range(3))
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    share = draw(st.fractions(0, 1, max_denominator=12))
    least, most = (np.add.reduceat(a, offsets[:-1]) for a in (lo, lo + room))
    supply = np.floor(least + (most - least) * float(share))
    return Problems(offsets, w, s, lo, lo + room), supply


@st.composite
def cases(draw: st.DrawFn, *, tiers: int = 3, floors: bool = True, largest: int = 7) -> Case:
    """Claimants with floors and tiers, and any supply from nothing to more than enough."""
    n = draw(st.integers(1, largest))
    pack = draw(st.sampled_from([1, 5, 20]))

    def whole(most: int) -> NDArray[np.float64]:
        return floats(draw(st.lists(st.integers(0, most), min_size=n, max_size=n)))

    w = floats(draw(st.lists(st.sampled_from([1, 5, 20, 20, 37, 400]), min_size=n, max_size=n))) * MICRO / 10
    floor = whole(3) * pack * floors
    ceiling = floor + whole(8) * pack
    tier = np.array(draw(st.lists(st.integers(1, tiers), min_size=n, max_size=n)), dtype=np.int64)
    order = np.array(draw(st.permutations(range(n))), dtype=np.int64)
    packs = draw(st.integers(0, int(ceiling.sum()) // pack + 2))
    on_hand = whole(80) if draw(st.booleans()) else 0 * w  # without stock many stand at the same cover
    return Case(Claimants(w, on_hand, floor, ceiling, tier, order), pack, packs)


TREE = np.array([[1, 1, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 1, 1, 0], [0, 0, 0, 1, 0]], dtype=bool)
"""Five atoms: fence 0 holds two, of which fence 1 holds one; fences 2 and 3 likewise; the fifth atom is free."""


@dataclass(frozen=True)
class Fenced:
    """A division under fences, and the atom of each claimant."""

    case: Case
    atom: NDArray[np.int64]
    fences: Fences


@st.composite
def fenced(draw: st.DrawFn, *, caps_only: bool = False) -> Fenced:
    case = draw(cases(largest=9))
    atom = np.array(
        draw(st.lists(st.integers(0, 4), min_size=len(case.claimants), max_size=len(case.claimants))), dtype=np.int64
    )
    least = np.array(draw(st.lists(st.integers(0, 12), min_size=4, max_size=4))) * (not caps_only)
    most = least + np.array(draw(st.lists(st.sampled_from([0, 1, 4, 9, NO_LIMIT]), min_size=4, max_size=4)))
    return Fenced(case, atom, Fences(TREE, least, most))


def unfenced(case: Case) -> Fenced:
    """The same with no fence; atoms by place in the table, for rules that divide by region."""
    nothing = np.zeros(0, dtype=np.int64)
    return Fenced(case, np.arange(len(case.claimants)) % 2, Fences(np.zeros((0, 5), dtype=bool), nothing, nothing))


def many(n: int, count: int, *, seed: int) -> tuple[Problems, NDArray[np.float64]]:
    """Problems of one size, site sizes log-normal, as large as a test needs."""
    random = np.random.default_rng(seed)
    w = np.maximum(1, np.round(random.lognormal(1, 1.5, n * count) * MICRO))
    s = np.floor(random.exponential(4, n * count) * w / MICRO)
    hi = np.ceil(np.maximum(0, 21 * w / MICRO - s) * random.uniform(0.3, 1.2, n * count))
    lo = np.minimum(hi, np.ceil(np.maximum(0, 2 * w / MICRO - s)))
    offsets = (np.arange(count + 1) * n).astype(np.int64)
    least, most = np.add.reduceat(lo, offsets[:-1]), np.add.reduceat(hi, offsets[:-1])
    return Problems(offsets, w, s, lo, hi), np.floor(least + (most - least) * random.uniform(0.1, 0.9, count))
