"""The level that uses up a supply: exact, the same from the kernel and from NumPy, and right by the equations that
define it.
"""

import csv
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dijk.allocate.rule import fill as filling
from dijk.allocate.rule.fill import MICRO, Filled, Problems, fill, fill_plainly
from dijk.fairness.classic_rules import constrained_equal_awards, constrained_equal_losses, proportional
from division_cases import QUICK, floats, many, problems

Drawn = tuple[Problems, NDArray[np.float64]]


def one(w: list[float], s: list[int], lo: list[int], hi: list[int]) -> Problems:
    return Problems(np.array([0, len(w)], dtype=np.int64), floats(w) * MICRO, floats(s), floats(lo), floats(hi))


def at(level: Fraction, problems: Problems, p: int) -> list[Fraction]:
    """``clip(w * L - s, least, most)`` in fractions, for the claimants of one problem."""
    rows = range(int(problems.offsets[p]), int(problems.offsets[p + 1]))
    return [
        min(
            max(Fraction(problems.norm_use[i]) / MICRO * level - int(problems.on_hand[i]), int(problems.least[i])),
            int(problems.most[i]),
        )
        for i in rows
    ]


@QUICK
@given(problems())
def test_at_the_published_level_the_awards_use_up_the_supply_exactly(drawn: Drawn) -> None:
    division, supply = drawn
    found = fill(division, supply)
    for p in range(len(division)):
        level = found.exact_level(p)
        if level is not None:
            assert sum(at(level, division, p)) == supply[p]


@QUICK
@given(problems())
def test_the_level_is_the_lowest_that_uses_up_the_supply(drawn: Drawn) -> None:
    division, supply = drawn
    found = fill(division, supply)
    for p in range(len(division)):
        level = found.exact_level(p)
        if level is not None:
            assert sum(at(level - Fraction(1, 10**9), division, p)) < supply[p]


@QUICK
@given(problems())
def test_pieces_are_those_of_the_level(drawn: Drawn) -> None:
    division, supply = drawn
    found = fill(division, supply)
    for p in range(len(division)):
        level = found.exact_level(p)
        if level is not None:
            pieces = found.pieces[division.offsets[p] : division.offsets[p + 1]]
            assert pieces == pytest.approx([float(x) for x in at(level, division, p)], abs=1e-9)


@QUICK
@given(problems())
def test_the_kernel_gives_the_same_bits_as_numpy(drawn: Drawn) -> None:
    division, supply = drawn
    assert same(compiled(division, supply), fill_plainly(division, supply))


def test_the_kernel_gives_the_same_bits_as_numpy_on_many_thousands_with_one_thread_or_two() -> None:
    import numba

    division, supply = many(20_000, 6, seed=3)
    by_numpy = fill_plainly(division, supply)
    before = numba.get_num_threads()
    for threads in range(1, before + 1):
        numba.set_num_threads(threads)
        assert same(compiled(division, supply), by_numpy)
    numba.set_num_threads(before)


def test_newton_needs_few_passes() -> None:
    division, supply = many(20_000, 6, seed=4)
    assert fill_plainly(division, supply).passes.max() <= 8


@QUICK
@given(st.lists(st.integers(1, 90), min_size=1, max_size=6), st.fractions(0, 1, max_denominator=9))
def test_without_stock_and_equal_weights_it_is_constrained_equal_awards(claims: list[int], share: Fraction) -> None:
    supply = int(share * sum(claims))
    found = fill(one([1] * len(claims), [0] * len(claims), [0] * len(claims), claims), floats([supply]))
    assert found.pieces == pytest.approx(constrained_equal_awards(supply, claims), abs=1e-9)


@QUICK
@given(st.lists(st.integers(1, 90), min_size=1, max_size=6), st.fractions(0, 1, max_denominator=9))
def test_with_claims_as_weights_it_is_proportional(claims: list[int], share: Fraction) -> None:
    supply = int(share * sum(claims))
    found = fill(one(list(map(float, claims)), [0] * len(claims), [0] * len(claims), claims), floats([supply]))
    assert found.pieces == pytest.approx(proportional(supply, claims), abs=1e-9)


@QUICK
@given(st.lists(st.integers(1, 90), min_size=1, max_size=6), st.fractions(0, 1, max_denominator=9))
def test_shared_losses_are_constrained_equal_losses(claims: list[int], share: Fraction) -> None:
    supply = int(share * sum(claims))
    losses = fill(
        one([1] * len(claims), [0] * len(claims), [0] * len(claims), claims), floats([sum(claims) - supply])
    ).pieces
    assert floats(claims) - losses == pytest.approx(constrained_equal_losses(supply, claims), abs=1e-9)


def published(*names: str) -> list[dict[str, str]]:
    with (Path(__file__).parents[3] / "cases" / "claims_rules.csv").open(encoding="utf-8") as file:
        return [case for case in csv.DictReader(file) if case["rule"] in names]


def shared_equally(supply: Fraction, most: list[int]) -> list[Fraction]:
    """What `fill` gives to equal weights without stock, in fractions, from the level that it publishes."""
    division = one([1] * len(most), [0] * len(most), [0] * len(most), most)
    level = fill(division, floats([int(supply)])).exact_level(0)
    return at(level, division, 0) if level is not None else [Fraction(m) if supply else Fraction(0) for m in most]


LIKE_OURS = published("constrained_equal_awards", "constrained_equal_losses", "talmud")


@pytest.mark.parametrize("case", LIKE_OURS, ids=lambda c: f"{c['rule']}-{c['supply']}-of-{c['claims']}")
def test_the_level_gives_the_published_awards_of_the_rules_it_is_kin_to(case: dict[str, str]) -> None:
    """Equal awards are a level, equal losses a level of what is missed, the Talmud's rule one on each half of the
    claims; all doubled.
    """
    supply, claims = 2 * Fraction(case["supply"]), [2 * int(c) for c in case["claims"].split()]
    half, missed = [c // 2 for c in claims], sum(claims) - supply
    if case["rule"] == "constrained_equal_awards":
        awards = shared_equally(supply, claims)
    elif case["rule"] == "talmud" and supply <= sum(half):
        awards = shared_equally(supply, half)
    else:
        losses = shared_equally(missed, half if case["rule"] == "talmud" else claims)
        awards = [c - loss for c, loss in zip(claims, losses, strict=True)]
    assert [award / 2 for award in awards] == [Fraction(a) for a in case["awards"].split()]


@pytest.mark.parametrize("solve", ["compiled", "plain"])
@pytest.mark.parametrize(
    "division",
    [
        pytest.param(one([1, 1, 1], [0, 0, 10], [0, 0, 0], [2, 3, 5]), id="inside-the-range"),
        pytest.param(one([1, 1, 1], [0, 0, 4], [0, 0, 0], [2, 3, 5]), id="at-its-lower-end"),
        pytest.param(
            one([1, 1, 1, 1], [0, 0, 10, 4], [0, 0, 0, 0], [2, 3, 5, 0]), id="beside-one-who-asks-nothing-at-4-days"
        ),
    ],
)
def test_where_a_range_of_levels_fits_it_is_the_cover_of_whoever_was_served_last(
    division: Problems, solve: str
) -> None:
    """Two are full at 2 and 3 days, the third begins later: every level between uses up the 5 pieces."""
    found = compiled(division, floats([5])) if solve == "compiled" else fill_plainly(division, floats([5]))
    assert (found.exact_level(0), list(found.pieces)[:3]) == (3, [2, 3, 0])


@pytest.mark.parametrize("solve", ["compiled", "plain"])
def test_whoever_is_exactly_at_its_floor_counts_as_held_there(solve: str) -> None:
    """At 3 days the second needs nothing more. Counting it as between its limits would give 6/2, the same level written
    otherwise.
    """
    division, supply = one([1, 1], [0, 3], [0, 0], [10, 10]), floats([3])
    found = compiled(division, supply) if solve == "compiled" else fill_plainly(division, supply)
    assert (found.numerator[0], found.denominator[0]) == (3, MICRO)


def test_enough_for_all_has_no_level_and_meets_every_claim() -> None:
    found = fill(one([1, 2], [0, 3], [0, 0], [4, 5]), floats([9]))
    assert (list(found.pieces), found.level_days[0], found.exact_level(0)) == ([4, 5], np.inf, None)


def test_nothing_above_the_least_has_no_level() -> None:
    found = fill(one([1, 2], [0, 3], [1, 2], [4, 5]), floats([3]))
    assert list(found.pieces) == [1, 2]
    assert np.isnan(found.level_days[0])


def test_a_problem_without_claimants_is_allowed() -> None:
    empty = Problems(np.array([0, 0], dtype=np.int64), *(floats([]) for _ in range(4)))
    assert np.isposinf(fill(empty, floats([0])).level_days[0])


@pytest.mark.parametrize(
    ("division", "supply", "message"),
    [
        (one([1], [0], [0], [2**53]), [5], "stay below 2\\*\\*53"),
        (one([1], [0], [0], [4]), [5, 6], "one supply for each problem"),
    ],
)
def test_sums_that_would_not_be_exact_are_refused(division: Problems, supply: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fill(division, floats(supply))


def test_arrays_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="offsets must rise"):
        Problems(np.array([0, 2], dtype=np.int64), floats([1]), floats([1]), floats([1]), floats([1]))


def compiled(division: Problems, supply: NDArray[np.float64]) -> Filled:
    """What `fill` gives when there is enough to do for the kernel."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filling, "WORTH_COMPILING", 0)
        return fill(division, supply)


def same(a: Filled, b: Filled) -> bool:
    pairs = [
        (a.pieces, b.pieces),
        (a.level_days, b.level_days),
        (a.numerator, b.numerator),
        (a.denominator, b.denominator),
    ]
    return all(np.array_equal(x, y, equal_nan=True) for x, y in pairs)


def test_the_kernel_refuses_sums_that_would_not_be_exact() -> None:
    with pytest.raises(ValueError, match="stay below 2\\*\\*53"):
        compiled(one([1], [0], [0], [2**53]), floats([5]))
