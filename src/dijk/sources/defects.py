"""Defects of published series, found by rules and told as findings; never by a date that somebody remembers."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.check.codes import CODES
from dijk.check.findings import Place, Row
from dijk.check.findings import finding as one_finding

WINDOW_DAYS = 15
TIMES_SPREAD, TIMES_LEVEL, LEAST_ARREARS = 3.0, 1.6, 10


def finding(code: str, *, file: str, column: str | None, found: str, rows: int) -> Row:
    """One finding on a source file, on the table that it becomes."""
    table = "request" if code.startswith("REQUEST") else "indicator"
    return one_finding(CODES[code], Place(table, file=file, column=column), found, rows=max(rows, 1))


def catch_up_days(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Days on which far more was reported than around them: arrears, not events.

    With y the count and m the median of the fifteen days around it (zeros left out, as they may be silence),
    r = 2 (sqrt(y) - sqrt(m)) has spread 1 for pure chance.
    A day is a catch-up day when r exceeds three times its spread (1.4826 times the median of |r| over the days above
    zero, at least 1) and y exceeds m by ten, m by a factor 1.6, and by the same factor the last day above zero before
    it. The last keeps the newest days of a steep rise apart from arrears; so of two days of arrears in a row only the
    first is told.

    Parameters
    ----------
    values
        Counts a day, shape (days,), 0 or more; NaN is missing and is never a catch-up day.

    Returns
    -------
    True for catch-up days, shape (days,).

    Source
    ------
    Anscombe (1948), Biometrika 35, 246-254, for the root; Hampel (1974), JASA 69, 383-393, for three times the median
    deviation. The ten and the factor are ours.
    """
    series = pl.Series(values, dtype=pl.Float64).fill_nan(None)
    above = series.set(series == 0, None)
    median = above.rolling_median(WINDOW_DAYS, min_samples=1, center=True)
    r = 2 * (series.sqrt() - median.sqrt())
    spread = max(1.0, 1.4826 * float(r.filter(series > 0).abs().median() or 0.0))  # type: ignore[arg-type]
    before = above.forward_fill().shift(fill_value=0.0)
    high = (
        (series > TIMES_LEVEL * median)
        & (series >= LEAST_ARREARS + median)
        & (series > TIMES_LEVEL * before.fill_null(0.0))
    )
    return ((r > TIMES_SPREAD * spread) & high).fill_null(False).to_numpy()


def unreported_zeros(reported: NDArray[np.float64], by_day: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Days with zero reported while the week around them had ten or more a day by the day itself.

    Both shape (days,), NaN is missing. Zero here is silence of the reporter, not absence of patients.
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
