"""The driver engine: what must hold for any series, element by element."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dijk.forecast.drivers import (
    RANDOM_WALK,
    Growth,
    below_usual,
    bridge,
    growth_rate,
    look_ahead,
    quantile_forecast,
    sample_paths,
    shrink_to_nation,
)
from dijk.forecast.pool import weighted_quantiles
from dijk.forecast.prior import FLAT
from dijk.forecast.score import QUANTILE_LEVELS

some = settings(deadline=None, derandomize=True, max_examples=25)
NAMES = ("a", "b", "c", "d")


def waves(seed: int, weeks: int = 60, size: float = 200.0) -> np.ndarray:
    """Four related epidemics, counts a week, shape (4, weeks)."""
    rng = np.random.default_rng(seed)
    logs = np.cumsum(0.3 * np.sin(np.arange(weeks) / 5) + 0.1 * rng.standard_normal((4, weeks)), axis=1)
    return rng.poisson(size * np.array([[4], [1], [0.3], [0.02]]) * np.exp(logs - logs.mean())).astype(float)


def forecast(
    counts: np.ndarray, names: tuple[str, ...] = NAMES, horizon: int = 4, model: Growth | None = None
) -> np.ndarray:
    return quantile_forecast(look_ahead(counts, names, horizon, model=model))


@some
@given(
    st.integers(1, 4).flatmap(
        lambda rows: st.integers(1, 30).flatmap(
            lambda weeks: st.lists(
                st.lists(st.one_of(st.none(), st.integers(0, 10**7)), min_size=weeks, max_size=weeks),
                min_size=rows,
                max_size=rows,
            )
        )
    )
)
def test_quantiles_rise_are_finite_and_not_negative_whatever_comes_in(rows):
    counts = np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=float)
    quantiles = forecast(counts, NAMES[: len(counts)])
    silent = np.array([np.isnan(row[-13:]).all() for row in counts])
    assert np.isnan(quantiles[silent]).all()
    assert np.isfinite(quantiles[~silent]).all()
    assert (quantiles[~silent] >= 0).all()
    assert (np.diff(quantiles[~silent], axis=-1) >= 0).all()


@some
@given(st.integers(0, 10**6), st.permutations(range(4)))
def test_the_order_of_series_changes_nothing(seed, order):
    counts = waves(seed)
    outlook = look_ahead(counts, NAMES, 4)
    other = look_ahead(counts[list(order)], tuple(NAMES[i] for i in order), 4)
    assert np.allclose(quantile_forecast(outlook)[list(order)], quantile_forecast(other), rtol=1e-9)
    assert np.allclose(sample_paths(outlook, 100, seed=3)[:, list(order)], sample_paths(other, 100, seed=3), rtol=1e-9)


def test_same_seed_same_bytes_other_seed_other_paths():
    outlook = look_ahead(waves(1), NAMES, 4)
    assert sample_paths(outlook, 50, seed=1).tobytes() == sample_paths(outlook, 50, seed=1).tobytes()
    assert sample_paths(outlook, 50, seed=1).tobytes() != sample_paths(outlook, 50, seed=2).tobytes()


@some
@given(st.integers(0, 10**6))
def test_weeks_that_are_not_known_yet_cannot_matter(seed):
    counts = waves(seed)
    assert (forecast(counts[:, :50]) == forecast(np.where(np.arange(60) < 50, counts, -1.0)[:, :50])).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_relative_forecasts_of_large_series_do_not_depend_on_the_unit(seed):
    counts = waves(seed, size=1e7)
    assert np.allclose(forecast(7 * counts)[:3], 7 * forecast(counts)[:3], rtol=0.01)


def test_a_series_of_zeros_has_a_small_finite_forecast():
    quantiles = forecast(np.zeros((1, 40)), ("a",))
    assert (quantiles == 0).all() or quantiles.max() < 20
    long_known = forecast(np.vstack([waves(1), np.zeros(60)]), (*NAMES, "z"))[4]
    assert long_known[:, 11].max() < 1
    assert 0 < long_known[0, -1] < 30  # among others that do rise, nothing today does not promise nothing tomorrow


def test_a_constant_series_stays_where_it_is():
    quantiles = forecast(np.full((1, 60), 500.0), ("a",))
    assert quantiles[0, :, 11] == pytest.approx(500, rel=0.05)


def test_that_the_past_mostly_rose_says_nothing_of_the_next_week():
    rising = np.exp(0.002 * np.arange(60) ** 2 + 3)[None]  # every past forecast was too low
    outlook = look_ahead(rising, ("a",), 4)
    assert np.log1p(quantile_forecast(outlook)[0, :, 11]) == pytest.approx(outlook.centre[0], abs=0.01)


def test_two_points_give_a_wide_forecast_not_a_crash():
    quantiles = forecast(np.array([[100.0, 120.0]]), ("a",))
    assert quantiles[0, 0, 1] < 80
    assert quantiles[0, 0, 21] > 200


def test_one_point_starts_from_the_published_growth():
    epidemic = forecast(np.array([[100.0]]), ("a",))[0, 0, 11]
    other = forecast(np.array([[100.0]]), ("a",), model=Growth(prior=FLAT))[0, 0, 11]
    assert epidemic == pytest.approx(101 * 2 ** (7 / 5) - 1, rel=0.1)  # a doubling in five days
    assert other == pytest.approx(100, rel=0.1)


@some
@given(st.integers(0, 10**6), st.integers(1, 6))
def test_missing_newest_weeks_widen_the_forecast(seed, lost):
    counts = waves(seed)
    counts[0, -8:] = counts[0, -8]  # standing still, so that the centre does not move the spread
    less = counts.copy()
    less[0, -lost:] = np.nan
    width = np.log1p(forecast(counts, model=RANDOM_WALK)[0, :, [1, 21]])
    wider = np.log1p(forecast(less, model=RANDOM_WALK)[0, :, [1, 21]])
    assert (wider[1] - wider[0] > width[1] - width[0]).all()


@pytest.mark.parametrize("lost", [1, 3, 12])
def test_a_late_series_is_forecast_by_the_longer_step(lost):
    counts = waves(6)[:1]
    late = np.hstack([counts[:, :-lost], np.full((1, lost), np.nan)])
    assert np.allclose(forecast(late, ("a",)), forecast(counts[:, :-lost], ("a",), horizon=lost + 4)[:, lost:])
    if lost == 12:
        assert np.isnan(forecast(np.hstack([late, [[np.nan]]]), ("a",))).all()  # silent for too long


def test_a_missing_week_within_widens_the_forecast():
    counts = waves(4)
    counts[0, -4:] = 300.0
    less = counts.copy()
    less[0, -2] = np.nan
    full, gap = look_ahead(counts, NAMES, 4), look_ahead(less, NAMES, 4)
    assert gap.scale[0] > full.scale[0]


def test_missing_is_not_zero():
    counts = waves(5)
    missing, nothing = counts.copy(), counts.copy()
    missing[0, -1], nothing[0, -1] = np.nan, 0.0
    assert forecast(missing)[0, 0, 11] > 3 * forecast(nothing)[0, 0, 11]


def test_gaps_of_two_weeks_are_bridged_and_longer_ones_are_not():
    logs = np.array([[1.0, np.nan, np.nan, 4.0, np.nan, np.nan, np.nan, 8.0, np.nan]])
    assert np.array_equal(
        bridge(logs), np.array([[1.0, 2.0, 3.0, 4.0, np.nan, np.nan, np.nan, 8.0, np.nan]]), equal_nan=True
    )


def test_growth_over_a_gap_is_per_week():
    rate = growth_rate(np.array([[1.0, np.nan, np.nan, np.nan, 5.0, 5.5]]))
    assert np.array_equal(rate, np.array([[np.nan, np.nan, np.nan, np.nan, 1.0, 0.5]]), equal_nan=True)


def test_what_went_together_goes_together():
    rng = np.random.default_rng(1)
    shared = np.cumsum(0.3 * rng.standard_normal(80))
    together = np.exp(7 + shared + 0.02 * np.cumsum(rng.standard_normal((4, 80)), axis=1))
    apart = np.exp(7 + 0.3 * np.cumsum(rng.standard_normal((4, 80)), axis=1))
    tied = np.log1p(sample_paths(look_ahead(together, NAMES, 1, model=RANDOM_WALK), 500, seed=1)[:, :, 0])
    loose = np.log1p(sample_paths(look_ahead(apart, NAMES, 1, model=RANDOM_WALK), 500, seed=1)[:, :, 0])
    assert np.corrcoef(tied.T)[0, 1:].min() > 0.8
    assert abs(np.corrcoef(loose.T)[0, 1:]).max() < 0.4


def test_samples_have_the_quantiles_of_the_forecast():
    outlook = look_ahead(waves(7), NAMES, 4)
    drawn = np.quantile(sample_paths(outlook, 4000, seed=1), QUANTILE_LEVELS, axis=0)
    assert np.allclose(np.log1p(drawn[6:17]), np.log1p(np.moveaxis(quantile_forecast(outlook), -1, 0)[6:17]), atol=0.08)


def test_what_small_regions_lose_by_chance_is_not_lost_to_the_nation():
    counts = np.random.default_rng(1).poisson(3.0, (40, 80)).astype(float)
    logs = np.log1p(counts)
    level, _ = shrink_to_nation(logs, growth_rate(logs), Growth())
    assert np.expm1(level[:, 20:]).sum() == pytest.approx(counts[:, 20:].sum(), rel=0.05)
    assert np.expm1(logs.mean(axis=1)).mean() < 0.93 * 3  # a mean of logs would lose this much


def test_a_region_leans_on_the_nation_more_for_its_growth_than_for_its_level():
    counts = np.vstack([np.full((9, 3), 1000.0), [[40.0, 40.0, 80.0]]])
    logs = np.log1p(counts)
    level, growth = shrink_to_nation(logs, growth_rate(logs), Growth())
    rise = np.log(81 / 41)
    assert (level[9, 2] - np.log(41)) / rise == pytest.approx(81 / 121, abs=0.01)
    assert growth[9, 2] / rise == pytest.approx(81 / 281, abs=0.01)
    assert growth[0, 2] == pytest.approx(0, abs=0.01)


def test_what_stands_above_its_usual_level_comes_down_and_what_stands_below_comes_up():
    usual = np.full((1, 60), 1000.0)
    high, low = (np.hstack([usual, np.full((1, 3), value)]) for value in (4000.0, 250.0))
    from_high, from_low = (look_ahead(counts, ("a",), 10).centre[0] for counts in (high, low))
    assert (np.diff(from_high) < 0).all()
    assert (np.diff(from_low) > 0).all()
    half_the_way, trusted = 0.5 * np.log(4), 0.6  # ten weeks; of some sixty weeks of past
    assert np.log(4001) - from_high[-1] == pytest.approx(half_the_way * trusted, rel=0.1)
    assert look_ahead(high, ("a",), 10, model=RANDOM_WALK).centre[0] == pytest.approx(np.log(4001))


@some
@given(st.integers(0, 10**6), st.floats(0.5, 3))
def test_the_usual_level_moves_with_the_series(seed, higher):
    level = np.log1p(waves(seed, size=1e7))
    level[0, 10:14] = np.nan
    gap = below_usual(level, 0.985)
    assert np.allclose(below_usual(level + higher, 0.985), gap, atol=0.01, equal_nan=True)
    assert np.isnan(gap[0, 10:14]).all()
    assert np.isfinite(gap[1:]).all()
    assert (
        np.abs(gap[1:, :3]) <= np.abs(np.ptp(level[1:, :3], axis=1))[:, None] * 3 / 29 + 1e-12
    ).all()  # a first wave has none yet


@pytest.mark.parametrize("handful", [0, 1, 3])
def test_a_wave_after_two_years_of_next_to_nothing_is_not_held_back(handful):
    before = np.random.default_rng(1).poisson(handful, 100)
    counts = np.concatenate([before, np.round(5 * np.exp(0.5 * np.arange(8)))])[None].astype(float)
    free = forecast(counts, ("a",), model=Growth(reversion=0.0))[0, :, 11]
    assert (forecast(counts, ("a",))[0, :, 11] > 0.8 * free).all()


def test_a_newcomer_shares_its_doubts_between_regions():
    paths = np.log1p(sample_paths(look_ahead(np.array([[50.0, 80.0], [40.0, 70.0]]), ("a", "b"), 4), 500, seed=1))
    assert np.corrcoef(paths[:, 0, 3], paths[:, 1, 3])[0, 1] > 0.4


@pytest.mark.parametrize(
    ("counts", "names"),
    [
        (np.array([[1.0, -2.0]]), ("a",)),
        (np.array([[1.0, np.inf]]), ("a",)),
        (np.ones((2, 3)), ("a", "a")),
        (np.ones((2, 3)), ("a",)),
    ],
)
def test_what_is_no_count_is_refused(counts, names):
    with pytest.raises(ValueError, match="want"):
        look_ahead(counts, names, 2)


def test_equal_weights_give_ordinary_quantiles():
    values = np.array([3.0, 1.0, 2.0])
    assert weighted_quantiles(values, np.ones(3), np.array([0.0, 0.5, 1.0])).tolist() == [1.0, 2.0, 3.0]
    assert weighted_quantiles(values, np.array([1.0, 1.0, 1e-9]), np.array([0.5])).tolist() == pytest.approx(
        [2.0], abs=1e-6
    )
