"""The classic rules against the tables of the literature, in exact fractions, and against each other."""

import csv
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import apportionment as apportion
from dijk.fairness import classic_rules as rules

CASES = Path(__file__).parents[2] / "cases"
QUICK = settings(deadline=None, derandomize=True, max_examples=30)

claims_lists = st.lists(st.integers(0, 60), min_size=1, max_size=6).filter(any)
shares = st.fractions(0, 1, max_denominator=40)
every_fair_rule = pytest.mark.parametrize(
    "rule", [pytest.param(rule, id=name) for name, rule in rules.RULES.items() if name != "first_come_first_served"]
)


def cases(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("case", cases("claims_rules.csv"), ids=lambda c: f"{c['rule']}-{c['supply']}-of-{c['claims']}")
def test_a_rule_gives_the_published_awards_exactly(case: dict[str, str]) -> None:
    awards = rules.RULES[case["rule"]](Fraction(case["supply"]), [Fraction(c) for c in case["claims"].split()])
    assert list(awards) == [Fraction(a) for a in case["awards"].split()]


def test_random_arrival_is_here_the_mean_of_equal_awards_and_equal_losses() -> None:
    supply, claims = Fraction(10), [2, 4, 7, 8]
    both = zip(
        rules.constrained_equal_awards(supply, claims), rules.constrained_equal_losses(supply, claims), strict=True
    )
    assert list(rules.random_arrival(supply, claims)) == [(awards + losses) / 2 for awards, losses in both]


def test_average_of_awards_gives_the_published_decimals() -> None:
    assert rules.average_of_awards(10, [2, 4, 7, 8]) == pytest.approx(
        [0.986755, 1.933775, 3.344371, 3.735099], abs=5e-7
    )


@pytest.mark.parametrize("case", cases("apportionment.csv"), ids=lambda c: f"{c['method']}-{c['units']}")
def test_a_method_of_apportionment_gives_the_published_seats(case: dict[str, str]) -> None:
    method = getattr(apportion, case["method"])
    assert method([int(w) for w in case["weights"].split()], int(case["units"])) == [
        int(g) for g in case["given"].split()
    ]


@every_fair_rule
@QUICK
@given(claims_lists, shares)
def test_a_rule_gives_out_the_supply_and_nobody_less_than_nothing_or_more_than_claimed(
    rule: rules.Rule, claims: list[int], share: Fraction
) -> None:
    supply = share * sum(claims)
    awards = rule(supply, claims)
    assert sum(awards) == supply
    assert all(0 <= award <= claim for award, claim in zip(awards, claims, strict=True))


@every_fair_rule
@QUICK
@given(claims_lists, shares)
def test_equal_claims_get_equal_awards(rule: rules.Rule, claims: list[int], share: Fraction) -> None:
    awards = rule(share * sum(claims), claims)
    assert len(set(zip(claims, awards, strict=True))) == len(set(claims))


@every_fair_rule
@QUICK
@given(claims_lists, shares, shares)
def test_more_supply_hurts_nobody(rule: rules.Rule, claims: list[int], less: Fraction, more: Fraction) -> None:
    low, high = sorted((less * sum(claims), more * sum(claims)))
    assert all(b >= a for a, b in zip(rule(low, claims), rule(high, claims), strict=True))


@QUICK
@given(claims_lists, shares)
def test_equal_losses_is_the_dual_of_equal_awards(claims: list[int], share: Fraction) -> None:
    supply = share * sum(claims)
    losses = rules.constrained_equal_losses(sum(claims) - supply, claims)
    assert list(rules.constrained_equal_awards(supply, claims)) == [c - x for c, x in zip(claims, losses, strict=True)]


@QUICK
@given(
    st.sampled_from(
        [rules.proportional, rules.talmud, rules.random_arrival, rules.adjusted_proportional, rules.average_of_awards]
    ),
    claims_lists,
    shares,
)
def test_a_self_dual_rule_shares_gains_as_it_shares_losses(
    rule: rules.Rule, claims: list[int], share: Fraction
) -> None:
    supply = share * sum(claims)
    losses = rule(sum(claims) - supply, claims)
    assert list(rule(supply, claims)) == [c - x for c, x in zip(claims, losses, strict=True)]


@every_fair_rule
@QUICK
@given(claims_lists, shares)
def test_floats_agree_with_fractions(rule: rules.Rule, claims: list[int], share: Fraction) -> None:
    supply = share * sum(claims)
    in_floats = rule(float(supply), [float(c) for c in claims])
    assert in_floats.dtype == np.float64
    assert in_floats == pytest.approx([float(x) for x in rule(supply, claims)], abs=1e-6)


def test_first_come_first_served_goes_down_the_line_until_nothing_is_left() -> None:
    assert list(rules.first_come_first_served(10, [4, 8, 3])) == [4, 6, 0]


def test_the_quota_method_gives_no_more_than_a_quota_that_is_whole() -> None:
    """Of ten units 9 are the quota of the largest; Jefferson gives it all ten."""
    weights = [90, 5, 5]
    assert apportion.jefferson(weights, 10) == [10, 0, 0]
    assert apportion.quota(weights, 10) == [9, 1, 0]


def test_over_asking_pays_under_proportional_and_not_under_equal_awards() -> None:
    honest, inflated = [60, 60], [60, 300]
    assert rules.proportional(60, inflated)[1] > rules.proportional(60, honest)[1]
    assert rules.constrained_equal_awards(60, inflated)[1] == rules.constrained_equal_awards(60, honest)[1]


def test_a_cap_on_the_norm_cuts_the_claim_before_it_is_shared() -> None:
    assert list(rules.norm_capped_proportional(30, [10, 1000], caps=[10, 20])) == [10, 20]


@pytest.mark.parametrize("rule", [rules.proportional, rules.talmud])
@pytest.mark.parametrize(("supply", "claims"), [(-1, [1]), (1, [2, -3]), (float("nan"), [1])])
def test_a_negative_or_missing_number_is_refused(rule: rules.Rule, supply: float, claims: list[int]) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        rule(supply, claims)


@pytest.mark.parametrize("rule", [rules.random_arrival, rules.average_of_awards])
def test_a_rule_over_all_subsets_says_when_there_are_too_many(rule: Callable[..., object]) -> None:
    with pytest.raises(ValueError, match="at most 16"):
        rule(1, [1] * 17)


@pytest.mark.slow
def test_a_rule_over_all_subsets_takes_sixteen() -> None:
    assert rules.random_arrival(8, [1] * 16) == pytest.approx([0.5] * 16)
