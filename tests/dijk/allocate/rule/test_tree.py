"""Fences on a tree: limits kept, no more than they must change, and what cannot be met said in packs."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dijk.allocate.rule.crossing import straighten
from dijk.allocate.rule.fill import MICRO
from dijk.allocate.rule.ladder import Claimants, Divided, divide
from dijk.allocate.rule.tree import NO_LIMIT, Fences, Pools, crosses, pools
from division_cases import QUICK, TREE, Case, Fenced, cases, fenced


def split(drawn: Fenced) -> tuple[Pools, Divided]:
    case = drawn.case
    found = pools(case.claimants, drawn.atom, drawn.fences, pack=case.pack, supply=case.packs)
    return found, divide(case.claimants, found.pool, np.full(len(found.packs), case.pack), found.packs)


def plain(case: Case) -> NDArray[np.int64]:
    nobody = np.zeros(len(case.claimants), dtype=np.int64)
    return divide(case.claimants, nobody, np.array([case.pack]), np.array([case.packs])).packs


def together(drawn: Fenced, packs: NDArray[np.int64]) -> NDArray[np.int64]:
    return drawn.fences.members @ np.bincount(drawn.atom, weights=packs, minlength=5).astype(np.int64)


@QUICK
@given(fenced())
def test_a_cap_is_never_passed(drawn: Fenced) -> None:
    assert (together(drawn, split(drawn)[1].packs) <= drawn.fences.most).all()


@QUICK
@given(fenced())
def test_a_guarantee_is_kept_as_far_as_it_is_claimed_unless_a_shortfall_says_otherwise(drawn: Fenced) -> None:
    found, divided = split(drawn)
    claimed = together(drawn, (drawn.case.claimants.ceiling / drawn.case.pack).astype(np.int64))
    if not found.shortfalls:
        assert (
            together(drawn, divided.packs) >= np.minimum(np.minimum(drawn.fences.least, drawn.fences.most), claimed)
        ).all()


@QUICK
@given(fenced())
def test_no_pack_is_lost_between_pools(drawn: Fenced) -> None:
    found, divided = split(drawn)
    assert divided.packs.sum() == found.packs.sum() <= drawn.case.packs


@QUICK
@given(fenced())
def test_fences_that_the_free_division_respects_change_nothing(drawn: Fenced) -> None:
    free = plain(drawn.case)
    loose = Fences(
        TREE,
        np.minimum(drawn.fences.least, together(drawn, free)),
        np.maximum(drawn.fences.most, together(drawn, free)),
    )
    assert (split(replace(drawn, fences=loose))[1].packs == free).all()


@QUICK
@given(fenced(caps_only=True))
def test_under_caps_each_pack_goes_to_the_lowest_cover_that_still_may(drawn: Fenced) -> None:
    """Dealing under nested caps one pack at a time, floors and tiers first, gives the same packs."""
    case, c = drawn.case, drawn.case.claimants
    given_out = np.zeros(len(c), dtype=np.int64)
    for _ in range(case.packs):
        room = together(drawn, given_out) < drawn.fences.most
        may = [
            i for i in range(len(c)) if given_out[i] * case.pack < c.ceiling[i] and room[TREE[:, drawn.atom[i]]].all()
        ]
        if not may:
            break
        pieces = given_out * case.pack
        days = (c.on_hand + pieces) * MICRO / c.norm_use
        given_out[min(may, key=lambda i: (pieces[i] >= c.floor[i], c.tier[i], days[i], c.order[i]))] += 1
    assert (split(drawn)[1].packs == given_out).all()


def test_promises_beyond_the_supply_are_reported_in_packs_and_cut_alike() -> None:
    case = simple(packs=10, ceiling=100)
    fences = Fences(np.eye(2, dtype=bool), np.array([12, 6]), np.array([NO_LIMIT, NO_LIMIT]))
    found = pools(case.claimants, np.array([0, 1]), fences, pack=1, supply=10)
    assert [(s.fence, s.missing_packs) for s in found.shortfalls] == [(None, 8)]
    assert divide(case.claimants, found.pool, np.ones_like(found.packs), found.packs).packs.tolist() == [6, 4]


def test_a_part_promised_more_than_its_group_may_have_is_reported_with_the_group() -> None:
    case = simple(packs=50, ceiling=100)
    fences = Fences(np.array([[1, 1], [1, 0]], dtype=bool), np.array([0, 20]), np.array([15, NO_LIMIT]))
    found = pools(case.claimants, np.array([0, 1]), fences, pack=1, supply=50)
    assert [(s.fence, s.missing_packs) for s in found.shortfalls] == [(0, 5)]


def test_a_promise_that_a_cap_inside_bars_holds_nothing_back_and_is_reported() -> None:
    """Three packs are promised to a group that may take one, for the cap of a part of it: the other three go where they
    are claimed.
    """
    case = simple(packs=4, ceiling=5)
    fences = Fences(np.array([[1, 0], [1, 0]], dtype=bool), np.array([3, 0]), np.array([NO_LIMIT, 1]))
    found = pools(case.claimants, np.array([0, 1]), fences, pack=1, supply=4)
    assert divide(case.claimants, found.pool, np.ones_like(found.packs), found.packs).packs.tolist() == [1, 3]
    assert [s.missing_packs for s in found.shortfalls] == [2]


def test_a_guarantee_binds_only_where_the_group_would_get_less() -> None:
    case = simple(packs=10, ceiling=100)
    for least, expected in ((4, [5, 5]), (7, [7, 3])):
        fences = Fences(np.array([[1, 0]], dtype=bool), np.array([least]), np.array([NO_LIMIT]))
        found = pools(case.claimants, np.array([0, 1]), fences, pack=1, supply=10)
        assert divide(case.claimants, found.pool, np.ones_like(found.packs), found.packs).packs.tolist() == expected


def test_fences_that_cross_are_refused_by_the_tree() -> None:
    case = simple(packs=10, ceiling=100)
    fences = Fences(np.array([[1, 1, 0], [0, 1, 1]], dtype=bool), np.array([0, 0]), np.array([5, 5]))
    assert crosses(fences)
    with pytest.raises(ValueError, match="inside or beside"):
        pools(case.claimants, np.array([0, 1]), fences, pack=1, supply=10)


CROSSED = np.array([[1, 1, 0, 0], [0, 1, 0, 1]], dtype=bool)


@QUICK
@given(cases(largest=9), st.data())
def test_limits_that_cross_are_kept_and_leave_nothing_on_the_shelf_that_they_allow(
    case: Case, data: st.DataObject
) -> None:
    n = len(case.claimants)
    atom = np.array(data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)), dtype=np.int64)
    most = np.array(data.draw(st.lists(st.integers(0, 12), min_size=2, max_size=2)))
    fences = Fences(CROSSED, np.zeros(2, dtype=np.int64), most)
    straight = straighten(case.claimants, atom, fences, pack=case.pack, supply=case.packs)
    found = pools(case.claimants, atom, straight.fences, pack=case.pack, supply=case.packs)
    packs = divide(case.claimants, found.pool, np.full(len(found.packs), case.pack), found.packs).packs
    by_atom = np.bincount(atom, weights=packs, minlength=4)
    able = np.bincount(atom, weights=case.claimants.ceiling, minlength=4) / case.pack
    assert (CROSSED @ by_atom <= most).all()
    for a in range(4):  # an atom that could take another pack is held by a limit, or nothing is left
        if by_atom[a] < able[a] and packs.sum() < case.packs:
            assert (CROSSED[:, a] & (CROSSED @ by_atom == most)).any()


def test_crossing_promises_that_cannot_be_kept_are_reported() -> None:
    case = simple(packs=10, ceiling=100)
    fences = Fences(np.array([[1, 1, 0], [0, 1, 1]], dtype=bool), np.array([9, 9]), np.array([NO_LIMIT, NO_LIMIT]))
    straight = straighten(case.claimants, np.array([0, 2]), fences, pack=1, supply=10)
    assert sum(s.missing_packs for s in straight.shortfalls) == 8


def simple(*, packs: int, ceiling: int) -> Case:
    """Two claimants alike, without stock or floor."""
    two = np.ones(2)
    return Case(
        Claimants(two * MICRO, two * 0, two * 0, two * ceiling, np.ones(2, dtype=np.int64), np.arange(2)), 1, packs
    )
