"""Revisions, changes of unit and catch-up days, on made and on real series."""

import numpy as np
import polars as pl
import pytest

from dijk.forecast.nowcast import catch_up_days, change_of_unit, nowcast, revision


def test_a_source_that_always_starts_at_half_is_doubled():
    final = np.arange(100.0, 130.0)
    learnt = revision(np.stack([(1 + final) / 2 - 1, final]), final)
    assert learnt.factor == pytest.approx([2.0, 1.0])
    assert nowcast(np.array([[100.0, 49.5]]), [learnt]) == pytest.approx(np.array([[100.0, 100.0]]))


def test_revisions_that_go_either_way_change_nothing():
    rng = np.random.default_rng(1)
    final = rng.uniform(100, 200, 40)
    learnt = revision((final * rng.choice([0.8, 1.25], 40))[None], final)
    assert learnt.factor.tolist() == [1.0]


def test_few_past_weeks_are_not_trusted():
    assert revision(np.full((1, 5), 50.0), np.full(5, 100.0)).factor.tolist() == [1.0]


def test_missing_stays_missing():
    learnt = revision(np.full((1, 20), 50.0), np.full(20, 100.0))
    assert np.isnan(nowcast(np.array([[5.0, np.nan]]), [learnt])[0, 1])


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
