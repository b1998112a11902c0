"""Oddities of a series, found by rules: days that catch up, zeros that mean silence, days without a value, other units.

Never by a date that somebody remembers.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

Array = npt.NDArray[np.float64]
Yes = npt.NDArray[np.bool_]

WINDOW_DAYS, DAYS_AFTER = 15, 3
TIMES_SPREAD, TIMES_LEVEL, LEAST_ARREARS = 3.0, 1.6, 10


def catch_up_days(values: Array) -> Yes:
    """Days on which far more was reported than around them: arrears, not events.

    With y the count and m the median of the fifteen days around it (zeros left out, as they may be silence),
    r = 2 (sqrt(y) - sqrt(m)) has spread 1 for pure chance. A day is a catch-up day when r exceeds three times its
    spread (1.4826 times the median of |r| over the days above zero, at least 1) and y exceeds m by ten, and by a
    factor 1.6 each of: m, the last day above zero before it, and the median of the three days after it, as far as they
    are known. The last two keep a steep rise and its top apart from arrears; so of two days of arrears in a row only
    the first is told.

    Parameters
    ----------
    values
        Counts a day, shape (days,), 0 or more; NaN is missing and is never a catch-up day. The whole past tells best
        what is usual; the newest day is judged too.

    Returns
    -------
    True for catch-up days, shape (days,).

    Source
    ------
    Anscombe (1948), Biometrika 35, 246-254, for the root; Hampel (1974), JASA 69, 383-393, for three times the median
    deviation. The ten and the factor are ours.

    Examples
    --------
    >>> daily = np.array([40.0, 44.0, 41.0, 0.0, 0.0, 130.0, 43.0, 45.0])
    >>> np.flatnonzero(catch_up_days(daily)).tolist()
    [5]
    """
    series = pl.Series(values, dtype=pl.Float64).fill_nan(None)
    above = series.set(series == 0, None)
    median = above.rolling_median(WINDOW_DAYS, min_samples=1, center=True)
    r = 2 * (series.sqrt() - median.sqrt())
    spread = max(1.0, 1.4826 * float(r.filter(series > 0).abs().median() or 0.0))  # type: ignore[arg-type]
    before = above.forward_fill().shift(fill_value=0.0).fill_null(0.0)
    after = above.reverse().rolling_median(DAYS_AFTER, min_samples=1).reverse().shift(-1).fill_null(0.0)
    high = pl.Series(np.fmax(np.fmax(median, before), after)) * TIMES_LEVEL
    return (
        ((r > TIMES_SPREAD * spread) & (series >= LEAST_ARREARS + median) & (series > high)).fill_null(False).to_numpy()
    )


def unreported_zeros(reported: Array, by_day: Array) -> Yes:
    """Days with zero reported while the week around them had ten or more a day by the day itself.

    Both shape (days,), NaN is missing. Zero here is silence of the reporter, not absence of patients.

    Examples
    --------
    >>> reported, happened = np.array([31.0, 0.0, 64.0]), np.array([30.0, 34.0, 31.0])
    >>> unreported_zeros(reported, happened).tolist()
    [False, True, False]
    """
    level = pl.Series(by_day, dtype=pl.Float64).fill_nan(None).rolling_median(7, min_samples=1, center=True)
    return ((pl.Series(reported) == 0) & (level >= 10)).fill_null(False).to_numpy()


def missing_days(rows: pl.DataFrame) -> pl.DataFrame:
    """Days without a value between a series' first and last value: indicator, region, day.

    Parameters
    ----------
    rows
        indicator, region, day, value; a missing value is a null or no row at all.
    """
    known = rows.filter(pl.col("value").is_not_null())
    span = known.group_by("indicator", "region").agg(
        day=pl.date_ranges(pl.col("day").min(), pl.col("day").max()).first()
    )
    every = span.explode("day")
    return every.join(known, on=["indicator", "region", "day"], how="anti").sort("indicator", "region", "day")


def change_of_unit(before: Array, after: Array, *, weeks: int = 8) -> float | None:
    """Find out whether a source has changed what it counts: all past figures times the same number.

    Parameters
    ----------
    before, after
        The same weeks in the last state of the source and in the new one, shape (weeks,); NaN missing.
    weeks
        Weeks with a figure above 0 in both that are needed to tell.

    Returns
    -------
    The factor, or ``None``. A single day's count in place of a week's sum gives about 1/7.

    Examples
    --------
    >>> weeks = np.arange(70.0, 170.0, 10.0)
    >>> round(change_of_unit(weeks, weeks / 7), 3)
    0.143
    >>> change_of_unit(weeks, weeks * 1.1) is None
    True
    """
    both = (before > 0) & (after > 0)
    if both.sum() < weeks:
        return None
    ratio = np.log(after[both] / before[both])
    low, middle, high = np.quantile(ratio, [0.1, 0.5, 0.9])
    # half as much again or more, and so for nearly all weeks: no revision does that
    jumped = abs(middle) > np.log(1.5) and high - low < abs(middle)
    return float(np.exp(middle)) if jumped else None
