"""Scores: against their formula, an independent library, and what a proper score must do."""

import numpy as np
import pytest
import scoringrules
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from dijk.forecast.score import (
    QUANTILE_LEVELS,
    bias,
    covered,
    level_position,
    log_score,
    relative_score,
    score,
    weighted_interval_score,
)

counts = st.floats(0, 1e6, allow_nan=False)
forecasts = st.lists(counts, min_size=23, max_size=23).map(lambda values: np.sort(np.array(values)))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(counts, forecasts)
def test_wis_equals_scoringrules(observed, predicted):
    alphas = 2 * QUANTILE_LEVELS[:11]
    theirs = scoringrules.weighted_interval_score(observed, predicted[11], predicted[:11], predicted[:11:-1], alphas)
    assert float(weighted_interval_score(np.array(observed), predicted)) == pytest.approx(
        float(theirs), rel=1e-9, abs=1e-9
    )


@settings(deadline=None, derandomize=True, max_examples=60)
@given(counts, forecasts)
def test_wis_equals_the_interval_score_formula(observed, predicted):
    total = 0.5 * abs(observed - predicted[11])
    for k in range(11):
        alpha, low, high = 2 * QUANTILE_LEVELS[k], predicted[k], predicted[22 - k]
        interval = (high - low) + 2 / alpha * max(low - observed, 0) + 2 / alpha * max(observed - high, 0)
        total += alpha / 2 * interval
    assert float(weighted_interval_score(np.array(observed), predicted)) == pytest.approx(
        total / 11.5, rel=1e-9, abs=1e-9
    )


def test_the_true_distribution_scores_best_in_expectation():
    rng = np.random.default_rng(1)
    truth = rng.poisson(50, 4000).astype(float)
    wis = {
        mean: weighted_interval_score(truth, np.tile(stats.poisson.ppf(QUANTILE_LEVELS, mean), (4000, 1))).mean()
        for mean in (40, 50, 60)
    }
    narrow = weighted_interval_score(truth, np.full((4000, 23), 50.0)).mean()
    assert wis[50] < min(wis[40], wis[60], narrow)


def test_a_missing_truth_has_no_score_and_is_not_counted():
    predicted = np.tile(np.arange(23.0), (2, 1))
    truth = np.array([np.nan, 11.0])
    assert np.isnan(weighted_interval_score(truth, predicted)).tolist() == [True, False]
    assert np.isnan(covered(truth, predicted, 0.5)).tolist() == [True, False]
    assert score(truth, predicted).forecasts == 1
    assert score(truth[:1], predicted[:1]).wis is None


def test_bias_says_on_which_side_the_truth_fell():
    predicted = np.tile(np.arange(23.0), (3, 1))
    assert bias(np.array([-1.0, 11.0, 99.0]), predicted).tolist() == pytest.approx([-1.0, 0.0, 1.0])


def test_the_log_score_weighs_small_and_large_series_alike():
    small, large = np.linspace(10, 30, 23), np.linspace(10_000, 30_000, 23)
    assert float(log_score(np.array(20_000.0), large)) == pytest.approx(
        float(log_score(np.array(20.0), small)), rel=0.1
    )


def test_an_interval_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match=r"quantile level 0\.33"):
        level_position(QUANTILE_LEVELS, 0.33)


def test_the_range_of_a_relative_score_comes_from_whole_dates():
    ours = np.repeat([1.0, 3.0], 50)  # all luck lies between the two dates
    ratio, low, high = relative_score(ours, np.full(100, 2.0), np.repeat([1, 2], 50))
    assert ratio == pytest.approx(1.0)
    assert (low, high) == pytest.approx((0.5, 1.5))
