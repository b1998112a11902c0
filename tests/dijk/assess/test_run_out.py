"""Running out: against closed forms, a plain twin, and what must move which way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from dijk.assess._run_out_kernel import simulate
from dijk.assess.run_out import (
    NEVER,
    Inbound,
    arrival_days,
    burn_rate,
    run_out,
    run_out_bounds,
    simulate_plainly,
)

some = settings(deadline=None, derandomize=True, max_examples=25)


def case(seed: int, cells: int = 4, paths: int = 60, lines: int = 2) -> tuple[np.ndarray, np.ndarray, Inbound]:
    rng = np.random.default_rng(seed)
    demand = rng.gamma(4, 25, (cells, paths, 8))
    due = rng.integers(-10, 50, cells * lines)
    late = np.concatenate([np.zeros(60), rng.integers(1, 50, 40)]).astype(float)
    arrival = arrival_days(due, late, rng.random((cells * lines, paths, 2)), cancel=0.05, reject=0.1)
    return (
        rng.uniform(0, 900, cells),
        demand,
        Inbound(np.repeat(np.arange(cells), lines), arrival, rng.uniform(0, 400, cells * lines)),
    )


@some
@given(st.integers(0, 10**6))
def test_the_kernel_equals_its_plain_twin(seed):
    stock, demand, inbound = case(seed)
    first = np.searchsorted(inbound.cell, np.arange(5)).astype(np.int64)
    ends = np.array([14, 28, 56])
    fast, plain = (
        f(stock[:, None] * rng.uniform(0, 1, (1, 60)), demand, first, inbound.arrival_day, inbound.pieces, ends)
        for f, rng in ((f, np.random.default_rng(seed)) for f in (simulate, simulate_plainly))
    )
    assert np.array_equal(np.isinf(fast[0]), np.isinf(plain[0]))
    assert np.allclose(fast[0], plain[0], rtol=1e-9)
    assert np.allclose(fast[1], plain[1], rtol=1e-9, atol=1e-9)


@some
@given(st.integers(0, 10**6))
def test_chances_move_the_right_way(seed):
    stock, demand, inbound = case(seed)
    now = run_out(stock, demand, inbound)
    later = Inbound(
        inbound.cell, np.where(inbound.arrival_day == NEVER, NEVER, inbound.arrival_day + 9), inbound.pieces
    )
    assert ((now.chance >= 0) & (now.chance <= 1)).all()
    assert (np.diff(now.chance, axis=1) >= 0).all()  # more weeks
    assert (now.day[:, :-1] <= now.day[:, 1:]).all()
    assert (run_out(stock + 100, demand, inbound).chance <= now.chance).all()
    assert (run_out(stock, demand, None).chance >= now.chance).all()
    assert (run_out(stock, demand, later).chance >= now.chance).all()
    assert (run_out(stock, demand * 1.2, inbound).chance >= now.chance).all()
    assert (run_out(stock, demand * 1.2, inbound).shortfall >= now.shortfall).all()


@given(st.integers(1, 10_000), st.integers(1, 1000))
def test_constant_demand_without_inbound_is_the_burn_rate_calculator(stock, use):
    days = run_out(np.array([float(stock)]), np.full((1, 3, 20), 7.0 * use)).day[0]
    expected = stock / use if stock / use < 140 * (1 - 1e-12) else np.inf
    assert days == pytest.approx([expected] * 3, rel=1e-9)


def test_the_burn_rate_is_yesterday_plus_received_less_today():
    assert burn_rate(np.array([100.0, 80.0, 110.0]), np.array([0.0, 50.0])) == 20.0
    with pytest.raises(ValueError, match="two or more counts"):
        burn_rate(np.array([100.0]), np.array([]))


def test_no_demand_never_runs_out():
    nothing = run_out(np.array([0.0, 5.0]), np.zeros((2, 4, 8)))
    assert (nothing.chance == 0).all()
    assert np.isinf(nothing.day).all()
    assert (nothing.shortfall == 0).all()


def test_an_unknown_stock_has_no_chance_but_bounds():
    demand = np.full((1, 10, 8), 70.0)
    unknown = run_out(np.array([np.nan]), demand)
    assert np.isnan(unknown.chance).all()
    assert np.isnan(unknown.day).all()
    best, worst = run_out_bounds(np.array([0.0]), np.array([np.inf]), demand)
    assert best.chance.tolist() == [[0.0, 0.0, 0.0]]
    assert worst.chance.tolist() == [[1.0, 1.0, 1.0]]


def test_poisson_demand_gives_the_closed_form():
    rng = np.random.default_rng(1)
    demand = rng.poisson(50, (1, 20_000, 4)).astype(float)
    chance = run_out(np.array([215.0]), demand).chance[0]
    assert chance[1] == pytest.approx(stats.poisson.sf(215, 200), abs=4 * np.sqrt(0.25 / 20_000))
    assert chance[0] == 0


def test_a_line_that_is_late_already_draws_from_those_later_still():
    past = np.array([0.0] * 50 + [5.0] * 30 + [20.0] * 20)
    draws = np.stack([np.linspace(0, 0.999, 1000), np.ones(1000)], axis=-1)[None]
    on_time, late, lost = (
        arrival_days(np.array([due]), past, draws, cancel=0.0, reject=0.0)[0] for due in (3, -6, -30)
    )
    assert (on_time == 3).mean() == pytest.approx(0.5, abs=0.01)
    assert set(late) == {14}  # 20 days late, of which 6 are gone
    assert set(lost) == {NEVER}  # later than anything seen: not counted on


def test_cancelled_and_rejected_lines_never_help():
    draws = np.random.default_rng(1).random((1, 20_000, 2))
    days = arrival_days(np.array([3]), np.array([0.0]), draws, cancel=0.1, reject=0.2)
    assert (days == NEVER).mean() == pytest.approx(0.28, abs=0.01)


def test_impossible_input_is_refused():
    for stock, demand in (
        (np.array([-1.0]), np.ones((1, 2, 3))),
        (np.array([1.0]), np.full((1, 2, 3), np.nan)),
        (np.ones(2), np.ones((1, 2, 3))),
    ):
        with pytest.raises(ValueError, match="want"):
            run_out(stock, demand)
    with pytest.raises(ValueError, match="lateness"):
        arrival_days(np.array([1]), np.array([]), np.zeros((1, 1, 2)), cancel=0, reject=0)
