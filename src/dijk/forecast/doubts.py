"""What a person should doubt in a forecast: out of proportion, without a past, silent, catching up, beaten by the
random walk.
"""

import datetime as dt
from collections.abc import Iterator

import numpy as np
import polars as pl

from dijk.check.codes import CODES
from dijk.check.findings import as_table, together
from dijk.forecast.indicators import WeeklySeries, weekly_series
from dijk.forecast.odd_series import catch_up_days
from dijk.forecast.proportion import out_of_proportion
from dijk.forecast.result import Forecast
from dijk.forecast.track import ENOUGH_FORECASTS
from dijk.forecast.used_while_empty import used_while_empty
from dijk.inputs import Inputs
from dijk.present.now import Now
from dijk.tables import ALL

RECENT_DAYS = 28


def check_forecast(now: Now, future: Forecast, scores: pl.DataFrame) -> pl.DataFrame:
    """Findings on the forecast: what a person should doubt in it. ``scores`` is table ``ForecastScore``."""
    lag = int(now.policy.number("reporting_lag_days", now.world.today))
    found = doubts(now.world, future, scores, lag_days=lag).group_by("code", "table", "column").agg("what")
    rows = [together(CODES[code], table, column, pl.Series(what)) for code, table, column, what in found.iter_rows()]
    empty = used_while_empty(now).select(pl.format("{} {} {}: {}", "site", "need", "day", "pieces")).to_series()
    rows.append(together(CODES["FORECAST-07"], "use", "pieces", empty))
    return as_table(row for some in rows for row in some)


def doubts(world: Inputs, future: Forecast, scores: pl.DataFrame, *, lag_days: int) -> pl.DataFrame:
    """Name what to doubt, for the findings.

    Parameters
    ----------
    world
        The known world.
    scores
        How earlier forecasts did, table ``ForecastScore``.
    lag_days
        Newest days of an indicator that are not used yet.

    Returns
    -------
    Columns code, table, column and what, sorted: FORECAST-01 out of proportion, -02 no past of its own yet, -03 a
    driver's indicator says nothing, -04 days that catch up, -05 earlier forecasts lost to the random walk, -06 newest
    weeks that were corrected.
    """
    series = weekly_series(world, world.today - dt.timedelta(days=lag_days))
    cold = future.driver_forecast.filter("cold_start")["indicator"].unique()
    often = (pl.col("region") == ALL) & (pl.col("horizon") == 0) & (pl.col("forecasts") >= ENOUGH_FORECASTS)
    lost = scores.filter(often & (pl.col("relative") > 1))
    found = [
        *(("FORECAST-01", "demand", "pieces", what) for what in out_of_proportion(world, future.demand)),
        *(("FORECAST-02", "indicator", "day", name) for name in cold),
        *(("FORECAST-03", "driver", "indicator", what) for what in _silent(world, future.driver_forecast)),
        *(("FORECAST-04", "indicator", "value", what) for one in series for what in _catch_ups(one)),
        *(
            ("FORECAST-05", "past_driver_forecast", "value", f"{r['indicator']}: {r['relative']:.2f}")
            for r in lost.to_dicts()
        ),
        *(("FORECAST-06", "indicator", "value", what) for what in _nowcasts(future.indicator_seen)),
    ]
    return pl.DataFrame(found, schema=dict.fromkeys(("code", "table", "column", "what"), pl.String), orient="row").sort(
        "code", "what"
    )


def _silent(world: Inputs, driver_forecast: pl.DataFrame) -> Iterator[str]:
    """Drivers that should follow an indicator of which nothing was known lately."""
    known = driver_forecast["indicator"].unique()
    rows = world.driver.filter(pl.col("indicator").is_not_null() & ~pl.col("indicator").is_in(known.implode()))
    for driver, indicator in rows.sort("driver").select("driver", "indicator").iter_rows():
        yield f"{driver}: {indicator}"


def _nowcasts(seen: pl.DataFrame) -> Iterator[str]:
    """Indicators and regions of which the newest week was corrected, by how much."""
    for indicator, region, factor in seen.drop_nulls("nowcast").select("indicator", "region", "nowcast").iter_rows():
        yield f"{indicator} {region}: x {factor:.2f}"


def _catch_ups(series: WeeklySeries) -> Iterator[str]:
    """Days of the last weeks on which the nation's sum stands far above the days around it."""
    nation = series.daily.sum(axis=0)  # NaN where a region is missing
    ago = len(nation) - 1 - np.flatnonzero(catch_up_days(nation))
    for days in ago[ago < RECENT_DAYS]:
        yield f"{series.indicator} {series.last_day - dt.timedelta(days=int(days))}"
