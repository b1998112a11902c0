"""Limits that cross: the quick way gives what the long way gives, and treats alike whom no limit tells apart."""

import time
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from crossing_by_five import nearest_by_five
from dijk.allocate.rule.crossing import nearest, straighten
from dijk.allocate.rule.ladder import divide
from dijk.allocate.rule.tree import NO_LIMIT, Fences, crosses, parts, pools
from division_cases import QUICK, Case, cases


def crossing(draw: st.DrawFn, *, atoms: int, most: int) -> Fences:
    """Two or three fences, the first two of which cross, each a guarantee or a cap."""
    members = draw(st.lists(st.lists(st.booleans(), min_size=atoms, max_size=atoms), min_size=2, max_size=3))
    drawn = np.array(members, dtype=bool)
    drawn[:2, :3] = [[True, True, False], [False, True, True]]
    limits = [draw(st.integers(0, most)) for _ in drawn]
    caps = np.array([draw(st.booleans()) for _ in drawn])
    return Fences(drawn, np.where(caps, 0, limits), np.where(caps, limits, NO_LIMIT))


def reached(
    y: NDArray[np.int64], z: NDArray[np.int64], *, wanted: NDArray[np.float64], a_day: NDArray[np.float64], supply: int
) -> list[float]:
    """What each aim came to: promises broken, packs left over, packs moved. Days lost are rounded to packs, so moved
    packs judge them.
    """
    return [float(z.sum()), float(supply - y.sum()), float(np.abs(y - wanted).sum())]


@QUICK
@given(st.data())
def test_the_quick_programmes_reach_what_the_five_reach(data: st.DataObject) -> None:
    fences = crossing(data.draw, atoms=4, most=30)
    assert crosses(fences)
    supply = data.draw(st.integers(0, 50))
    wanted, spare = (
        np.array(data.draw(st.lists(st.integers(0, 20), min_size=4, max_size=4)), dtype=np.float64) for _ in range(2)
    )
    a_day = np.array(data.draw(st.lists(st.sampled_from([0.25, 1.0, 3.0]), min_size=4, max_size=4)))
    supply = int(min(supply, (wanted + spare).sum()))
    arguments = (wanted, wanted + spare, a_day)
    quick, long = (way(*arguments, fences=fences, supply=supply) for way in (nearest, nearest_by_five))
    found = [reached(*pair, wanted=wanted, a_day=a_day, supply=supply) for pair in (quick, long)]
    assert found[0] == pytest.approx(found[1])
    together = fences.members @ quick[0]
    assert (together + quick[1] >= np.minimum(fences.least, fences.members @ (wanted + spare))).all()
    assert (together <= fences.most).all()


@QUICK
@given(cases(largest=8, tiers=1, floors=False), st.data())
def test_who_is_held_by_the_same_fences_envies_nobody_there(case: Case, data: st.DataObject) -> None:
    """A limit on sectors and one on regions say nothing of two regions that no limit names, so these are one part with
    one level.
    """
    atom = np.array(
        data.draw(st.lists(st.integers(0, 5), min_size=len(case.claimants), max_size=len(case.claimants))),
        dtype=np.int64,
    )
    members = np.array(
        [[1, 1, 1, 0, 0, 0], [1, 0, 0, 1, 0, 0]], dtype=bool
    )  # two sectors by three regions: one sector, one region
    fences = Fences(
        members, np.zeros(2, dtype=np.int64), np.array([data.draw(st.integers(0, 8)), data.draw(st.integers(0, 8))])
    )
    straight = straighten(case.claimants, atom, fences, pack=case.pack, supply=case.packs)
    found = pools(case.claimants, atom, straight.fences, pack=case.pack, supply=case.packs)
    packs = divide(case.claimants, found.pool, np.full(len(found.packs), case.pack), found.packs).packs
    who, pieces = case.claimants, packs * case.pack
    cover, before = ((who.on_hand + p) / who.norm_use for p in (pieces, pieces - case.pack))
    for part in range(len(parts(fences).held_by)):
        here = parts(fences).of_atom[atom] == part
        got, could = here & (packs > 0), here & (pieces < who.ceiling)
        if got.any() and could.any():
            assert before[got].max() <= cover[could].min() + 1e-12


@pytest.mark.slow
def test_totals_of_parts_take_a_fraction_of_the_time_of_totals_of_each_sector_in_each_region() -> None:
    grid = np.arange(195).reshape(15, 13)
    members = np.zeros((4, 195), dtype=bool)
    for row, held in enumerate((grid[0], grid[1], grid[:, 0], grid[:, 1])):
        members[row, held] = True
    able = np.random.default_rng(1).integers(1, 40, 195).astype(np.float64)
    wanted = np.floor(able * 0.4)
    supply = int(wanted.sum())
    shares = (np.array([0.25, 0, 0, 0.15]) * supply).astype(np.int64)
    fences = Fences(members, shares, np.array([NO_LIMIT, int(supply * 0.05), int(supply * 0.04), NO_LIMIT]))
    part = parts(fences)
    by_part = [np.bincount(part.of_atom, weights=of_atom) for of_atom in (wanted, able, able / 10)]
    limits = Fences(part.held_by.T, fences.least, fences.most)
    assert len(part.held_by) == 9
    long = fastest(lambda: nearest_by_five(wanted, able, able / 10, fences=fences, supply=supply))
    short = fastest(lambda: nearest(*by_part, fences=limits, supply=supply))
    assert long > 3 * short  # five to eight times where nothing else runs


def fastest(way: Callable[[], object]) -> float:
    """Processor time of the quickest of five goes; wall time says little on a shared machine."""
    times = []
    for _ in range(5):
        begin = time.process_time()
        way()
        times.append(time.process_time() - begin)
    return min(times)
