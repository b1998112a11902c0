"""Measures of a division, on cases small enough to work out by hand."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dijk.allocate import Division, allocate
from dijk.fairness.measures import beside_classic_rules, gini, justified_envy, unmet_need
from dijk.policy import Policy
from dijk.present import present
from small import ago, registers, rows, world


def floats(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=np.float64)


def test_unmet_need_weighs_by_norm_use_and_lets_plenty_here_not_make_up_for_want_there() -> None:
    assert unmet_need(floats(20, 5), floats(10, 10), floats(1, 3)) == pytest.approx(3 * 5 / 40)


def test_unmet_need_of_nobody_is_not_a_number() -> None:
    assert np.isnan(unmet_need(floats(), floats(), floats()))


@pytest.mark.parametrize(("values", "expected"), [((2, 2, 2), 0), ((0, 0, 3), 2 / 3), ((1, 3), 0.25), ((0, 0), 0)])
def test_gini_is_the_mean_difference_over_twice_the_mean(values: tuple[float, ...], expected: float) -> None:
    assert gini(floats(*values)) == pytest.approx(expected)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.lists(st.floats(0.1, 100), min_size=2, max_size=8), st.floats(0.5, 9))
def test_gini_does_not_depend_on_unit_or_order_and_agrees_with_its_definition(
    values: list[float], times: float
) -> None:
    x = floats(*values)
    by_definition = np.abs(x[:, None] - x[None, :]).mean() / (2 * x.mean())
    assert gini(x) == pytest.approx(by_definition, abs=1e-12) == pytest.approx(gini(x[::-1] * times), abs=1e-9)


def test_envy_is_what_the_last_pack_could_have_saved_another() -> None:
    yes, no = np.array([True, False]), np.array([False, True])
    assert justified_envy(floats(8, 0), floats(9, 3), got=yes, can_take=no) == 5
    assert justified_envy(floats(2, 0), floats(3, 3), got=yes, can_take=no) == 0
    assert justified_envy(floats(8, 0), floats(9, 3), got=yes, can_take=~yes & ~no) == 0


def two_homes(requests: tuple[int, int]) -> Division:
    asked = [
        {"request": s, "site": s, "day": ago(2), "pieces": n}
        for s, n in zip(("home-1", "home-2"), requests, strict=True)
    ]
    tables = registers() | {
        "product": rows("product", {"pieces_per_pack": 5}),
        "stock": rows("stock", {"site": "store", "day": ago(1), "pieces": 60}),
        "request": rows("request", *asked),
    }
    inputs = world(tables)
    now = present(inputs, Policy.of(tables).known(inputs.as_of))
    return allocate(now, pl.DataFrame({"need": ["mask"], "effective": ["scarce"]}), seed=1)


def per_claim(division: Division, days: float) -> pl.Series:
    return pl.repeat(days, division.claim.height, dtype=pl.Float64, eager=True)


def test_beside_the_simple_rule_ours_leaves_no_envy_where_one_inflates() -> None:
    division = two_homes((60, 540))
    table = beside_classic_rules(
        division.claim, division.award, cap_days=per_claim(division, 10), floor_days=per_claim(division, 2)
    )
    ours, simple = (
        table.filter(pl.col("rule") == "dijk").row(0, named=True),
        table.filter(pl.col("rule") == "proportional").row(0, named=True),
    )
    assert (ours["envy_days"], ours["gini"], ours["below_floor"]) == (0, 0, 0)
    assert (simple["p5_days"], simple["p95_days"]) == pytest.approx((0.6 + 0.05 * 4.8, 5.4 - 0.05 * 4.8))
    assert simple["below_floor"] == 0.5
    assert simple["envy_days"] == pytest.approx(4.9 - 0.6)


def test_a_need_of_which_nothing_was_divided_is_left_out() -> None:
    division = two_homes((60, 60))
    assert beside_classic_rules(
        division.claim, division.award.clear(), cap_days=per_claim(division, 10), floor_days=per_claim(division, 2)
    ).is_empty()
