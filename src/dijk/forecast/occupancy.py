"""Admissions -> patients present, through the time they stay."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dijk.forecast.streams import random_stream

Array = npt.NDArray[np.float64]


FEWEST_PATIENTS = 50  # reckoned to be present, for a week's level to tell how levels change
FIRST_CHANGE = 0.15  # change of the level in a week, log scale, while no past tells; assumed


@dataclass(frozen=True)
class Stay:
    """How long patients stay, as a gamma distribution; shape 1 is a constant chance to leave each day."""

    mean_days: float
    shape: float = 1.0


#: Netherlands, June 2020 to August 2021, public registers of admissions and beds. Registers that count differently
#: can be fitted better with an odd shape, but such a fit does not carry over; the level takes up what is left.
ICU_STAY = Stay(mean_days=15.1)
WARD_STAY = Stay(mean_days=6.5)

#: Indicators of beds, by the codes that the importers give them: whose admissions fill them (the first that is known;
#: all admissions can stand in for those to intensive care, as the level takes up their share), and for how long.
ADMISSIONS_OF = {
    "icu_beds": (("icu_admissions", "hosp_admissions"), ICU_STAY),
    "ward_beds": (("hosp_admissions",), WARD_STAY),
}


#: Indicators of new infections outside hospital, and the days for which an infected resident is cared for apart:
#: two weeks for mild and moderate cases, WHO Essential Supplies Forecasting Tool (April 2020).
ISOLATION_DAYS = {"nh_new_infected": 14, "dc_new_infected": 14}


def still_there(stay: Stay, days: int) -> Array:
    """Give the share of patients still present d days after admission, d = 0 ... days - 1; shape (days,).

    The share at the middle of the day: its sum over all days is the mean stay.

    Examples
    --------
    >>> float(still_there(Stay(mean_days=10.0), 365).sum().round(1))
    10.0
    """
    from scipy.special import gammaincc  # here, because scipy takes a second to load

    middle = np.arange(days) + 0.5
    return np.asarray(gammaincc(stay.shape, middle * stay.shape / stay.mean_days))


def patients_present(admissions: Array, share_left: Array) -> Array:
    """Add up who is still there of all who came.

    Parameters
    ----------
    admissions
        Per day, oldest first, shape (..., days), none missing.
    share_left
        Share still present by days since admission, shape (stay_days,), from ``still_there`` or a step for a fixed
        stay.

    Returns
    -------
    Patients present on each day, shape (..., days). Those who came before the first day are not in it.

    Examples
    --------
    >>> patients_present(np.array([4.0, 4.0, 4.0]), np.array([1.0, 0.5])).tolist()
    [4.0, 6.0, 6.0]
    """
    present = np.zeros_like(admissions)
    for since, share in enumerate(share_left[: admissions.shape[-1]]):
        present[..., since:] += share * admissions[..., : admissions.shape[-1] - since]
    return present


def days_present(admitted: Array, ahead: Array, share_left: Array) -> Array:
    """Give the patient-days of coming weeks, of those who came and of those who will.

    Parameters
    ----------
    admitted
        Admissions a day up to today, shape (days,), none missing.
    ahead
        Admissions a week on each path, shape (samples, weeks), spread evenly over its days.
    share_left
        Share still present by days since admission, shape (stay_days,).

    Returns
    -------
    Patient-days a week, shape (samples, weeks).
    """
    samples, weeks = ahead.shape
    already = patients_present(np.concatenate([admitted, np.zeros(7 * weeks)]), share_left)[len(admitted) :]
    # what one admission a week adds to each later week: all paths are linear in it
    one_a_week = (
        patients_present(np.repeat(np.eye(weeks) / 7.0, 7, axis=1), share_left).reshape(weeks, weeks, 7).sum(axis=2)
    )
    present = np.broadcast_to(already.reshape(weeks, 7).sum(axis=1), (samples, weeks)).copy()
    for week in range(weeks):
        present += ahead[:, week, None] * one_a_week[week]
    return present


# parameters: the arrays of one curve, and how they are drawn
def occupancy_paths(
    admitted: Array, beds: Array, ahead: Array, stay: Stay, *, seed: int, refit_days: int = 14
) -> Array:
    """Turn admission paths into patient-days, at the level that the beds show now.

    Parameters
    ----------
    admitted
        Admissions a day up to today, shape (days,), none missing; long enough to cover the stay.
    beds
        Patients present on the same days, shape (days,); NaN missing.
    ahead
        Admissions a week on each path, shape (samples, weeks).
    refit_days
        How far back beds are still set against the convolution to find the level.

    Returns
    -------
    Patient-days a week, shape (samples, weeks). The level, beds over convolution, starts at its median over the newest
    seven days with a bed count, one of each weekday, and then changes from week to week as it did in weeks of the past,
    drawn at random.

    Raises
    ------
    ValueError
        When no bed count is known in the last ``refit_days`` days.
    """
    share = still_there(stay, 120)
    expected = patients_present(admitted, share)
    ratio = np.log(np.maximum(beds, 0.5)) - np.log(np.maximum(expected, 0.5))
    newest = ratio[-refit_days:][~np.isnan(ratio[-refit_days:])][-7:]
    if not len(newest):
        raise ValueError(f"no bed count in the last {refit_days} days, so the level cannot be found")
    samples, weeks = ahead.shape
    present = days_present(admitted, ahead, share)
    drift = np.cumsum(_weekly_changes(ratio, expected, samples, weeks, seed), axis=1)
    return np.asarray(present * np.exp(np.median(newest) + drift))


def _weekly_changes(ratio: Array, expected: Array, samples: int, weeks: int, seed: int) -> Array:
    """Draw weekly changes of the level from the last half year, both ways alike. Shape (samples, weeks).

    Weeks with few patients tell nothing of it; with no telling week the changes are ``FIRST_CHANGE`` either way.
    """
    told = np.where(expected >= FEWEST_PATIENTS, ratio, np.nan)
    past = told[::-1][: 7 * (len(told) // 7)].reshape(-1, 7)
    level = np.array([np.nanmean(week) if not np.isnan(week).all() else np.nan for week in past])
    change = np.diff(level)
    change = change[~np.isnan(change)][:26]
    if not len(change):
        change = np.array([FIRST_CHANGE])
    drawn = random_stream(seed, "occupancy").choice(np.concatenate([change, -change]), (samples, weeks))
    return np.asarray(drawn)
