"""What a fair division must satisfy, judged on whole packs with stock, floors and tiers, claimant by claimant.

What cannot hold together is not asked: equal claimants may differ by one pack, because packs are whole.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dijk.allocate import fill as filling
from dijk.allocate.fill import MICRO
from dijk.allocate.ladder import Claimants, Divided, divide, on_last_rung
from division_cases import QUICK, Case, cases


def shared(claimants: Claimants, pack: int, packs: int) -> NDArray[np.int64]:
    return whole(claimants, pack, packs).packs


def whole(claimants: Claimants, pack: int, packs: int) -> Divided:
    return divide(claimants, np.zeros(len(claimants), dtype=np.int64), np.array([pack]), np.array([packs]))


def cover(c: Claimants, pieces: NDArray[np.float64]) -> NDArray[np.float64]:
    return (c.on_hand + pieces) * MICRO / c.norm_use


@QUICK
@given(cases())
def test_efficiency_nothing_stays_on_the_shelf_while_a_claim_is_open(case: Case) -> None:
    given_out = shared(case.claimants, case.pack, case.packs)
    assert given_out.sum() == min(case.packs, case.claimants.ceiling.sum() / case.pack)


@QUICK
@given(cases())
def test_bounds_nobody_gets_less_than_nothing_or_more_than_its_claim(case: Case) -> None:
    pieces = shared(case.claimants, case.pack, case.packs) * case.pack
    assert (pieces >= 0).all()
    assert (pieces <= case.claimants.ceiling).all()


@QUICK
@given(cases())
def test_floors_come_first_and_hold_wherever_there_is_enough_for_all_of_them(case: Case) -> None:
    pieces = shared(case.claimants, case.pack, case.packs) * case.pack
    if case.packs * case.pack >= case.claimants.floor.sum():
        assert (pieces >= case.claimants.floor).all()
    else:
        assert (pieces <= case.claimants.floor).all()


@QUICK
@given(cases())
def test_a_lower_tier_gets_nothing_while_a_higher_one_is_short(case: Case) -> None:
    c, pieces = case.claimants, shared(case.claimants, case.pack, case.packs) * case.pack
    for tier in range(1, 4):
        higher, lower = c.tier == tier, c.tier > tier
        if (pieces < c.floor)[higher].any():
            assert not pieces[lower].any()
        if (pieces < c.ceiling)[higher].any():
            assert (pieces <= c.floor)[lower].all()


@QUICK
@given(cases(tiers=1))
def test_no_justified_envy_no_pack_went_to_a_higher_cover_than_anyone_is_left_with(case: Case) -> None:
    c, pieces = case.claimants, shared(case.claimants, case.pack, case.packs) * case.pack
    on_floors = (pieces < c.floor).any()
    foot, top = (np.zeros_like(c.floor), c.floor) if on_floors else (c.floor, c.ceiling)
    before_last, now = cover(c, pieces - case.pack)[pieces > foot], cover(c, pieces)[pieces < top]
    if len(before_last) and len(now):
        assert before_last.max() <= now.min()


@QUICK
@given(cases(), st.data())
def test_equal_treatment_twins_differ_by_one_pack_at_most(case: Case, data: st.DataObject) -> None:
    c, i = case.claimants, data.draw(st.integers(0, len(case.claimants) - 1))
    twins = replace(c.take(np.append(np.arange(len(c)), i)), order=np.append(c.order, c.order.max() + 1))
    given_out = shared(twins, case.pack, case.packs)
    assert 0 <= given_out[i] - given_out[-1] <= 1


@QUICK
@given(cases(), st.data())
def test_consistency_those_who_leave_with_their_share_change_nothing_for_the_rest(case: Case, data: st.DataObject) -> None:
    given_out = shared(case.claimants, case.pack, case.packs)
    stay = np.flatnonzero(data.draw(st.lists(st.booleans(), min_size=len(given_out), max_size=len(given_out))))
    assume(len(stay))
    again = shared(case.claimants.take(stay), case.pack, int(given_out[stay].sum()))
    assert (again == given_out[stay]).all()


@QUICK
@given(cases(), st.integers(0, 30))
def test_composition_up_a_second_delivery_gives_what_one_would_have_given(case: Case, first: int) -> None:
    first = min(first, case.packs)
    then = shared(case.claimants, case.pack, first)
    rest = shared(case.claimants.after(then * float(case.pack)), case.pack, case.packs - first)
    assert (then + rest == shared(case.claimants, case.pack, case.packs)).all()


@QUICK
@given(cases(), st.integers(0, 30))
def test_composition_down_sharing_what_turned_out_less_starts_from_the_promise(case: Case, fewer: int) -> None:
    promised = shared(case.claimants, case.pack, case.packs) * float(case.pack)
    c = replace(case.claimants, ceiling=promised, floor=np.minimum(case.claimants.floor, promised))
    less = max(0, case.packs - fewer)
    assert (shared(c, case.pack, less) == shared(case.claimants, case.pack, less)).all()


@QUICK
@given(cases(), st.integers(1, 30))
def test_stock_monotonicity_more_packs_hurt_nobody(case: Case, more: int) -> None:
    assert (shared(case.claimants, case.pack, case.packs + more) >= shared(case.claimants, case.pack, case.packs)).all()


@QUICK
@given(cases(), st.data())
def test_population_monotonicity_when_one_leaves_nobody_is_worse_off(case: Case, data: st.DataObject) -> None:
    assume(len(case.claimants) > 1)
    leaves = data.draw(st.integers(0, len(case.claimants) - 1))
    stay = np.delete(np.arange(len(case.claimants)), leaves)
    assert (shared(case.claimants.take(stay), case.pack, case.packs) >= shared(case.claimants, case.pack, case.packs)[stay]).all()


@QUICK
@given(cases())
def test_claims_truncation_claiming_more_than_there_is_is_claiming_all_there_is(case: Case) -> None:
    c, all_of_it = case.claimants, float(case.packs * case.pack)
    cut = replace(c, floor=np.minimum(c.floor, all_of_it), ceiling=np.minimum(c.ceiling, all_of_it))
    assert (shared(cut, case.pack, case.packs) == shared(c, case.pack, case.packs)).all()


@QUICK
@given(cases(), st.data())
def test_truth_about_requests_is_a_best_reply(case: Case, data: st.DataObject) -> None:
    c, i = case.claimants, data.draw(st.integers(0, len(case.claimants) - 1))
    told = data.draw(st.integers(0, 40)) * float(case.pack)
    ceiling = c.ceiling.copy()
    ceiling[i] = told
    lie = replace(c, ceiling=ceiling, floor=np.minimum(c.floor, ceiling))
    gain = min(shared(lie, case.pack, case.packs)[i], c.ceiling[i] / case.pack)
    assert gain <= shared(c, case.pack, case.packs)[i]


@QUICK
@given(cases(), st.data())
def test_more_stock_of_ones_own_never_brings_more_so_the_ledger_must_be_right(case: Case, data: st.DataObject) -> None:
    """What a site holds lowers what it gets: why stock comes from the ledger and not from the claimant's word."""
    c, i = case.claimants, data.draw(st.integers(0, len(case.claimants) - 1))
    on_hand = c.on_hand.copy()
    on_hand[i] += data.draw(st.integers(1, 60))
    assert shared(replace(c, on_hand=on_hand), case.pack, case.packs)[i] <= shared(c, case.pack, case.packs)[i]


@QUICK
@given(cases(), st.data())
def test_the_place_in_the_table_does_not_matter(case: Case, data: st.DataObject) -> None:
    order = np.array(data.draw(st.permutations(range(len(case.claimants)))))
    assert (shared(case.claimants.take(order), case.pack, case.packs) == shared(case.claimants, case.pack, case.packs)[order]).all()


@QUICK
@given(cases(), st.sampled_from([2, 7]))
def test_counting_in_another_unit_changes_no_pack(case: Case, times: int) -> None:
    c = case.claimants
    other = Claimants(c.norm_use * times, c.on_hand * times, c.floor * times, c.ceiling * times, c.tier, c.order)
    assert (shared(other, case.pack * times, case.packs) == shared(c, case.pack, case.packs)).all()


@QUICK
@given(cases())
def test_the_published_numbers_are_enough_to_deal_the_packs_again(case: Case) -> None:
    """By hand: packs below the marginal cover, and one more for those exactly on it up to the last in line."""
    c, q, found = case.claimants, case.pack, whole(case.claimants, case.pack, case.packs)
    if not np.isfinite(found.marginal_days[0]):
        return
    for i in range(len(c)):
        tier, ended = c.tier[i], found.tier[0]
        if found.on_floors[0]:
            foot, top = (c.floor[i], c.floor[i]) if tier < ended else (0, 0) if tier > ended else (0, c.floor[i])
        else:
            foot, top = (
                (c.ceiling[i], c.ceiling[i]) if tier < ended else (c.floor[i], c.floor[i]) if tier > ended else (c.floor[i], c.ceiling[i])
            )
        pieces = foot
        while pieces < top:
            days = (c.on_hand[i] + pieces) * MICRO / c.norm_use[i]
            if days < found.marginal_days[0] or (days == found.marginal_days[0] and c.order[i] <= found.last_order[0]):
                pieces += q
            else:
                break
        assert pieces == found.packs[i] * q


@QUICK
@given(cases())
def test_the_kernel_finds_the_same_rung_and_limits_as_numpy(case: Case) -> None:
    pool, pieces = np.zeros(len(case.claimants), dtype=np.int64), np.array([case.packs * case.pack])
    by_numpy = on_last_rung(case.claimants, pool, pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filling, "WORTH_COMPILING", 0)
        compiled = on_last_rung(case.claimants, pool, pieces)
    assert (compiled.rung == by_numpy.rung).all()
    assert np.array_equal(compiled.problems.least, by_numpy.problems.least)
    assert np.array_equal(compiled.problems.most, by_numpy.problems.most)
