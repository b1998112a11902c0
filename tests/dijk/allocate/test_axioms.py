"""Each axiom holds for our rule and is seen to fail for a rule that is broken; the table below says which rule fails
which.

What cannot hold together is shown at the end, by an example each.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, find, given, settings

import broken_rules as broken
import division_axioms as axioms
from dijk.allocate.rule import fill as filling
from dijk.allocate.rule.fill import MICRO
from dijk.allocate.rule.ladder import Claimants, on_last_rung
from dijk.allocate.rule.tree import NO_LIMIT, Fences
from division_axioms import Axiom, Rule, ours, twisted
from division_cases import QUICK, Case, Fenced, cases, floats, unfenced

FAILED_BY: dict[Axiom, tuple[Rule, ...]] = {
    axioms.conservation: (broken.everyone_rounded_up,),
    axioms.efficiency: (broken.one_pack_kept_back, broken.caps_leave_goods_idle),
    axioms.bounds: (broken.request_not_capped,),
    axioms.floors_first: (broken.floors_after_tiers,),
    axioms.tiers_in_order: (broken.tiers_reversed,),
    axioms.limits_kept: (broken.fences_ignored,),
    axioms.loose_fences_change_nothing: (broken.fences_last,),
    axioms.no_justified_envy: (
        broken.stock_ignored,
        broken.largest_remainder,
        broken.cover_after_the_pack,
        broken.fences_last,
    ),
    axioms.equal_treatment: (broken.highest_cover_first, broken.lots_drawn_anew),
    axioms.place_in_the_table: (broken.ties_by_name,),
    axioms.another_unit: (broken.little_stock_ignored,),
    axioms.consistency: (broken.half_of_the_claimants, broken.regional_claims_summed),
    axioms.composition_up: (broken.stock_ignored,),
    axioms.composition_down: (broken.proportional_to_request, broken.equal_losses),
    axioms.stock_monotonicity: (broken.lots_drawn_anew, broken.caps_leave_goods_idle),
    axioms.population_monotonicity: (broken.half_of_the_claimants, broken.regional_claims_summed),
    axioms.claims_truncation: (broken.proportional_to_request, broken.equal_losses),
    axioms.truth_about_requests: (broken.proportional_to_request, broken.equal_losses),
    axioms.own_stock_brings_nothing: (broken.highest_cover_first,),
    axioms.anyone_can_recompute: (broken.regional_claims_summed, broken.largest_remainder),
}
OF_FENCES = {broken.fences_ignored, broken.fences_last, broken.caps_leave_goods_idle}
NOT_UNDER_FENCES = {axioms.floors_first, axioms.tiers_in_order}
"""A fence splits the supply before floors and tiers: inside one a low tier may be served while outside it a high one
waits.
"""

EVERY = [pytest.param(axiom, id=axiom.__name__) for axiom in FAILED_BY]
UNDER_FENCES = [pytest.param(axiom, id=axiom.__name__) for axiom in FAILED_BY if axiom not in NOT_UNDER_FENCES]
BROKEN = [pytest.param(a, rule, id=f"{a.__name__}-{rule.__name__}") for a, rules in FAILED_BY.items() for rule in rules]


@pytest.mark.slow
@pytest.mark.parametrize("axiom", EVERY)
def test_our_rule_holds_with_stock_floors_tiers_and_packs(axiom: Axiom) -> None:
    @settings(QUICK, max_examples=40)
    @given(twisted(with_fences=False))
    def holds(drawn: tuple[Fenced, axioms.Twist]) -> None:
        assert axiom(ours, *drawn)

    holds()


@pytest.mark.slow
@pytest.mark.parametrize("axiom", UNDER_FENCES)
def test_our_rule_holds_under_fences_as_well(axiom: Axiom) -> None:
    @settings(QUICK, max_examples=12)
    @given(twisted(with_fences=True))
    def holds(drawn: tuple[Fenced, axioms.Twist]) -> None:
        assert axiom(ours, *drawn)

    holds()


@pytest.mark.slow
@pytest.mark.parametrize(("axiom", "rule"), BROKEN)
def test_the_axiom_sees_what_is_wrong_with_a_broken_rule(axiom: Axiom, rule: Rule) -> None:
    soon = settings(max_examples=400, database=None, derandomize=True, deadline=None, phases=[Phase.generate])
    find(twisted(with_fences=rule in OF_FENCES), lambda drawn: not axiom(rule, *drawn), settings=soon)


def test_every_axiom_and_every_broken_rule_is_in_the_table() -> None:
    asked = {f for f in vars(axioms).values() if getattr(f, "__annotations__", {}).get("rule") is Rule}
    made = {
        f for n, f in vars(broken).items() if getattr(f, "__module__", "") == broken.__name__ and not n.startswith("_")
    }
    assert asked == set(FAILED_BY)
    assert made == {rule for rules in FAILED_BY.values() for rule in rules}


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


# What no rule can do


def plain(norm_use: list[float], ceiling: list[float], packs: int, *, tier: list[int] | None = None) -> Fenced:
    n, nothing = len(norm_use), floats([0] * len(norm_use))
    tiers = np.array(tier or [1] * n, dtype=np.int64)
    return unfenced(
        Case(Claimants(floats(norm_use) * MICRO, nothing, nothing, floats(ceiling), tiers, np.arange(n)), 1, packs)
    )


def test_whole_packs_and_equal_treatment_cannot_both_be() -> None:
    """Three packs for two who are alike: one gets two, whatever the rule, or one stays on the shelf."""
    assert ours(plain([1, 1], [9, 9], 3)).tolist() == [2, 1]


def test_sharing_in_proportion_and_truth_about_requests_cannot_both_be() -> None:
    """Of 12 packs the second, who needs 12, has 6 if both tell the truth, and 8 if it asks for 24."""
    asked = broken.proportional_to_request(plain([1, 1], [12, 24], 12))
    assert broken.proportional_to_request(plain([1, 1], [12, 12], 12)).tolist() == [6, 6]
    assert asked.tolist() == [4, 8]
    assert ours(plain([1, 1], [12, 24], 12)).tolist() == [6, 6]


def test_strict_tiers_and_no_jumps_cannot_both_be() -> None:
    """The smallest change of class moves all that both get."""
    assert ours(plain([1, 1], [9, 9], 8, tier=[1, 1])).tolist() == [4, 4]
    assert ours(plain([1, 1], [9, 9], 8, tier=[1, 2])).tolist() == [8, 0]


def test_a_pack_to_the_lowest_cover_and_no_gain_from_splitting_cannot_both_be() -> None:
    """A site that registers as two halves gets a first pack for each of them."""
    assert ours(plain([1, 1, 1], [9, 9, 9], 3)).tolist() == [1, 1, 1]
    assert ours(plain([1, 1, 0.5, 0.5], [9, 9, 5, 5], 4)).tolist() == [1, 1, 1, 1]
    assert ours(plain([1, 1, 1], [9, 9, 9], 4)).tolist() == [2, 1, 1]


def test_promises_beyond_the_supply_and_truth_about_requests_cannot_both_be() -> None:
    """A hundred packs, 80 promised to each of two groups: promises are cut in proportion to what is claimed of them."""
    each = Fences(np.eye(2, 5, dtype=bool), np.array([80, 80]), np.array([NO_LIMIT, NO_LIMIT]))
    truth, lie = (replace(plain([1, 1], [40, asked], 100), fences=each) for asked in (70, 80))
    assert ours(truth).tolist() == [37, 63]
    assert ours(lie).tolist() == [34, 66]
