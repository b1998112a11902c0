"""Catch-up days, silent zeros, missing days and changes of unit, on made and on real series."""

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dijk.forecast.odd_series import catch_up_days, change_of_unit, missing_days, unreported_zeros

FIRST = dt.date(2020, 3, 1)


def smooth_wave(days: int) -> np.ndarray:
    """A wave with its top at 40 days, shape (days,)."""
    ahead = np.arange(days) - 40.0
    return np.round(400 / (np.exp(-ahead / 5) + np.exp(ahead / 18)) * 2)


@given(st.integers(8, 60), st.floats(2.5, 10.0), st.floats(20, 800))
@settings(derandomize=True, deadline=None, max_examples=80)
def test_a_planted_day_of_arrears_is_found_and_the_smooth_days_are_not(day: int, times: float, height: float) -> None:
    wave = smooth_wave(70) / 400 * height + 30
    assert not catch_up_days(wave).any()
    wave[day] *= times
    assert np.flatnonzero(catch_up_days(wave)).tolist() == [day]


@given(st.integers(1, 70), st.floats(2, 3_000))
@settings(derandomize=True, deadline=None, max_examples=80)
def test_a_steep_rise_cut_off_on_any_day_is_not_taken_for_arrears(days: int, height: float) -> None:
    assert not catch_up_days((smooth_wave(70) / 400 * height)[:days]).any()


@given(st.sets(st.integers(0, 69), max_size=20))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_missing_days_are_no_arrears_and_make_none(gone: set[int]) -> None:
    wave = smooth_wave(70) + 30
    wave[sorted(gone)] = np.nan
    assert not catch_up_days(wave).any()


def test_a_series_without_any_value_has_no_arrears() -> None:
    assert not catch_up_days(np.full(10, np.nan)).any()
    assert catch_up_days(np.array([])).size == 0


def test_a_true_zero_in_quiet_times_is_left_alone() -> None:
    quiet = np.array([0.0, 1.0, 0.0, 0.0, 2.0, 0.0, 0.0])
    assert not unreported_zeros(quiet, quiet).any()


@given(st.sets(st.integers(0, 29), min_size=2))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_missing_days_are_those_between_first_and_last_without_a_value(known: set[int]) -> None:
    days = sorted(known)
    rows = pl.DataFrame(
        {"indicator": "x", "region": "r", "day": [FIRST + dt.timedelta(days=i) for i in days], "value": 1.0}
    )
    gone = [(day - FIRST).days for day in missing_days(rows)["day"]]
    assert gone == [i for i in range(days[0], days[-1]) if i not in known]


def test_a_day_in_place_of_a_week_is_a_change_of_unit_and_a_revision_is_not():
    rng = np.random.default_rng(2)
    before = rng.uniform(50, 500, 30)
    assert change_of_unit(before, before / 7 * rng.uniform(0.8, 1.2, 30)) == pytest.approx(1 / 7, rel=0.15)
    assert change_of_unit(before, before * rng.uniform(0.9, 1.3, 30)) is None
    assert change_of_unit(before, np.where(np.arange(30) < 3, before * 7, before)) is None
    assert change_of_unit(before, before * np.tile([1.2, 8.0], 15)) is None  # large, but not one factor
    assert change_of_unit(before[:5], before[:5] * 7) is None  # too few weeks to tell


def test_a_wave_and_chance_are_no_catch_up():
    rng = np.random.default_rng(3)
    wave = rng.poisson(300 * np.exp(-(((np.arange(90) - 45) / 15.0) ** 2)) + 5).astype(float)
    assert catch_up_days(wave).sum() == 0
    wave[50] = 3 * wave[50]
    assert np.flatnonzero(catch_up_days(wave)).tolist() == [50]


def test_days_beside_missing_days_are_judged_on_what_is_known():
    daily = np.array([100.0, np.nan, np.nan, 320.0, 100.0, 105.0, 98.0])
    assert np.flatnonzero(catch_up_days(daily)).tolist() == [3]


def test_the_catch_up_of_24_march_2020_is_found_in_the_reports_and_not_in_the_admissions(real_data):
    daily = pl.read_csv(real_data / "nl_national_daily.csv", try_parse_dates=True)
    found = {
        column: daily["date"].filter(pl.Series(catch_up_days(daily[column].cast(pl.Float64).to_numpy())))
        for column in ("icu_reported", "icu_admissions")
    }
    assert str(found["icu_reported"][0]) == "2020-03-24"
    assert len(found["icu_admissions"]) == 0


def test_arrears_on_the_newest_day_are_told_and_the_top_of_a_wave_is_not():
    level = np.array([40.0, 44.0, 41.0, 43.0, 39.0, 42.0, 40.0])
    assert np.flatnonzero(catch_up_days(np.append(level, 95.0))).tolist() == [7]
    wave = np.array([10.0, 11, 13, 15, 14, 17, 18, 20, 45, 44, 41, 38, 22, 18, 15, 14])
    assert not catch_up_days(wave).any()
