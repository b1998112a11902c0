"""From admissions to patient-days: nobody gets lost, and the level follows the beds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dijk.forecast.occupancy import (
    ICU_STAY,
    WARD_STAY,
    Stay,
    days_present,
    occupancy_paths,
    patients_present,
    still_there,
)


@pytest.mark.parametrize("stay", [ICU_STAY, WARD_STAY, Stay(6.5, 0.4), Stay(10, 4)])
def test_patient_days_are_admissions_times_mean_stay(stay):
    admitted = np.concatenate([[3.0, 10.0, 7.0], np.zeros(400)])
    assert patients_present(admitted, still_there(stay, 400)).sum() == pytest.approx(20 * stay.mean_days, rel=0.02)


@given(st.lists(st.integers(0, 100), min_size=5, max_size=30), st.integers(0, 29), st.floats(1, 20), st.floats(0, 10))
def test_more_admissions_or_a_longer_stay_never_mean_fewer_patients(admitted, day, mean_days, longer):
    counts = np.array(admitted, dtype=float)
    more = counts.copy()
    more[day % len(counts)] += 5
    share, long_share = still_there(Stay(mean_days), 60), still_there(Stay(mean_days + longer), 60)
    assert (patients_present(more, share) >= patients_present(counts, share)).all()
    assert (patients_present(counts, long_share) >= patients_present(counts, share) - 1e-9).all()


def test_a_fixed_stay_is_the_census_of_a_rolling_sum():
    admitted = np.arange(20.0)
    census = patients_present(admitted, np.ones(7))
    assert census[6:].tolist() == [admitted[d - 6 : d + 1].sum() for d in range(6, 20)]


def test_the_level_is_found_again_from_the_newest_beds():
    admitted = np.full(150, 10.0)
    steady = patients_present(admitted, still_there(WARD_STAY, 120))
    beds = steady * np.where(np.arange(150) < 130, 1.0, 2.0)  # patients stay twice as long lately
    ahead = np.full((50, 4), 70.0)
    before = occupancy_paths(admitted[:130], beds[:130], ahead, WARD_STAY, seed=1)
    after = occupancy_paths(admitted, beds, ahead, WARD_STAY, seed=1)
    assert np.median(before[:, 0]) == pytest.approx(7 * 65, rel=0.05)
    assert np.median(after[:, 0]) == pytest.approx(14 * 65, rel=0.05)


def test_the_level_is_that_of_the_newest_week_with_a_count_on_each_weekday():
    admitted = np.full(150, 10.0)
    steady = patients_present(admitted, still_there(WARD_STAY, 120))
    weekday = np.where(np.arange(150) % 7 < 2, 0.5, 1.0)  # weekends count half; their share may not move the level
    ahead = np.full((50, 4), 70.0)
    doubled = steady * weekday * np.where(np.arange(150) < 143, 1.0, 2.0)
    assert np.median(occupancy_paths(admitted, doubled, ahead, WARD_STAY, seed=1)[:, 0]) == pytest.approx(
        14 * 65, rel=0.05
    )
    silent = np.where(np.arange(150) < 143, doubled, np.nan)
    assert np.median(occupancy_paths(admitted, silent, ahead, WARD_STAY, seed=1)[:, 0]) == pytest.approx(
        7 * 65, rel=0.05
    )


def test_beds_that_are_missing_are_left_out_and_not_zero():
    admitted = np.full(150, 10.0)
    beds = patients_present(admitted, still_there(WARD_STAY, 120))
    some_missing = np.where(np.arange(150) % 3 == 0, np.nan, beds)
    ahead = np.full((20, 2), 70.0)
    assert np.allclose(
        np.median(occupancy_paths(admitted, beds, ahead, WARD_STAY, seed=1), axis=0),
        np.median(occupancy_paths(admitted, some_missing, ahead, WARD_STAY, seed=1), axis=0),
        rtol=0.05,
    )
    with pytest.raises(ValueError, match="no bed count"):
        occupancy_paths(admitted, np.full(150, np.nan), ahead, WARD_STAY, seed=1)


@given(st.lists(st.integers(0, 50), min_size=3, max_size=40), st.lists(st.integers(0, 200), min_size=1, max_size=6))
def test_days_of_coming_weeks_are_the_plain_day_by_day_sum(admitted, weekly):
    past, share = np.array(admitted, dtype=float), still_there(WARD_STAY, 30)
    whole = np.concatenate([past, np.repeat(np.array(weekly) / 7.0, 7)])
    plain = patients_present(whole, share)[len(past) :].reshape(-1, 7).sum(axis=1)
    assert days_present(past, np.array([weekly], dtype=float), share)[0] == pytest.approx(plain)
