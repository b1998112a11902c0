"""What a person should doubt in a forecast: out of proportion, without a past, silent, catching up, beaten by the
random walk.
"""

import datetime as dt
from collections.abc import Iterator

import numpy as np
import polars as pl

from dijk.check.codes import CODES
from dijk.check.findings import as_table, by_row, together
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
SAID = ("code", "table", "column", "what")
KEY = {"driver": pl.String, "indicator": pl.String, "region": pl.String, "day": pl.Date}
"""By which the rows of a doubt can be found in their table."""

Said = tuple[str, dict[str, object]]
"""What there is to doubt, and what is known of the key of its rows."""


def check_forecast(now: Now, future: Forecast, scores: pl.DataFrame) -> pl.DataFrame:
    """Findings on the forecast: what a person should doubt in it. ``scores`` is table ``ForecastScore``."""
    lag = int(now.policy.number("reporting_lag_days", now.world.today))
    found = doubts(now.world, future, scores, lag_days=lag).group_by("code", "table", "column")
    rows = [
        together(CODES[str(code)], str(table), str(column), some.select(*_key(some), found="what"))
        for (code, table, column), some in found
    ]
    empty = by_row("use", used_while_empty(now), pl.format("{} {} {}: {}", "site", "need", "day", "pieces"))
    rows.append(together(CODES["FORECAST-07"], "use", "pieces", empty))
    return as_table(row for some in rows for row in some)


def _key(some: pl.DataFrame) -> list[str]:
    """The columns by which the rows of a doubt can be found: those that say something."""
    return [name for name in KEY if some[name].null_count() == 0]


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
    Columns code, table, column and what, and of ``KEY`` what is known of the row, sorted: FORECAST-01 out of
    proportion, -02 no past of its own yet, -03 a driver's indicator says nothing, -04 days that catch up, -05 earlier
    forecasts lost to the random walk, -06 newest weeks that were corrected.
    """
    series = weekly_series(world, world.today - dt.timedelta(days=lag_days))
    cold = future.driver_forecast.filter("cold_start")["indicator"].unique()
    often = (pl.col("region") == ALL) & (pl.col("horizon") == 0) & (pl.col("forecasts") >= ENOUGH_FORECASTS)
    lost = scores.filter(often & (pl.col("relative") > 1))
    found = [
        *(("FORECAST-01", "demand", "pieces", what, {}) for what in out_of_proportion(world, future.demand)),
        *(("FORECAST-02", "indicator", "day", name, {"indicator": name}) for name in cold),
        *(("FORECAST-03", "driver", "indicator", *said) for said in _silent(world, future.driver_forecast)),
        *(("FORECAST-04", "indicator", "value", *said) for one in series for said in _catch_ups(one)),
        *(
            (
                "FORECAST-05",
                "past_driver_forecast",
                "value",
                f"{r['indicator']}: {r['relative']:.2f}",
                {"indicator": r["indicator"]},
            )
            for r in lost.to_dicts()
        ),
        *(("FORECAST-06", "indicator", "value", *said) for said in _nowcasts(future.indicator_seen)),
    ]
    rows = [dict(zip(SAID, said, strict=True)) | key for *said, key in found]
    schema = dict.fromkeys(SAID, pl.String) | KEY
    return pl.DataFrame(rows, schema=schema, orient="row").sort("code", "what")


def _silent(world: Inputs, driver_forecast: pl.DataFrame) -> Iterator[Said]:
    """Drivers that should follow an indicator of which nothing was known lately."""
    known = driver_forecast["indicator"].unique()
    rows = world.driver.filter(pl.col("indicator").is_not_null() & ~pl.col("indicator").is_in(known.implode()))
    for driver, indicator in rows.sort("driver").select("driver", "indicator").iter_rows():
        yield f"{driver}: {indicator}", {"driver": driver}


def _nowcasts(seen: pl.DataFrame) -> Iterator[Said]:
    """Indicators and regions of which the newest week was corrected, by how much."""
    for indicator, region, factor in seen.drop_nulls("nowcast").select("indicator", "region", "nowcast").iter_rows():
        yield f"{indicator} {region}: x {factor:.2f}", {"indicator": indicator, "region": region}


def _catch_ups(series: WeeklySeries) -> Iterator[Said]:
    """Days of the last weeks on which the nation's sum stands far above the days around it."""
    nation = series.daily.sum(axis=0)  # NaN where a region is missing
    ago = len(nation) - 1 - np.flatnonzero(catch_up_days(nation))
    for days in ago[ago < RECENT_DAYS]:
        day = series.last_day - dt.timedelta(days=int(days))
        yield f"{series.indicator} {day}", {"indicator": series.indicator, "day": day}
