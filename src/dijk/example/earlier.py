"""What the example country's earlier runs published of its indicators, made from only what was known then."""

import datetime as dt

import polars as pl

from dijk.example.start import AS_OF, TODAY
from dijk.forecast.indicators import weekly_series
from dijk.forecast.paths import FAN_SAMPLES, driver_forecast, indicator_paths
from dijk.forecast.vintages import nowcast_series
from dijk.inputs import Inputs
from dijk.policy import RULES
from dijk.tables import PUBLISHED

RUNS = 7
"""Weekly runs before today's. The first sees two weeks of figures, the last the whole wave but a week."""


def driver_forecasts(indicator: pl.DataFrame, region: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Table ``past_driver_forecast``: what dijk itself would have published on each of the Mondays before.

    Parameters
    ----------
    indicator, region
        The tables of the country; of the indicators, what became known after a run does not touch it.
    """
    parts = [_one_run(indicator, region, AS_OF - dt.timedelta(weeks=ago), seed) for ago in range(RUNS, 0, -1)]
    schema = PUBLISHED["past_driver_forecast"]
    return schema.cast(pl.concat(parts)).select(schema.column_names())


def _one_run(indicator: pl.DataFrame, region: pl.DataFrame, run_at: dt.datetime, seed: int) -> pl.DataFrame:
    world = Inputs.of({"indicator": indicator, "region": region}, as_of=run_at).known()
    weeks, lag = round(float(RULES["horizon_weeks"].start)), round(float(RULES["reporting_lag_days"].start))
    monday = world.today - dt.timedelta(days=TODAY.weekday())
    mondays = [monday + dt.timedelta(weeks=ahead) for ahead in range(weeks)]
    last_day = world.today - dt.timedelta(days=lag)
    series = nowcast_series(weekly_series(world, last_day), world, last_day)
    return driver_forecast(indicator_paths(series, weeks + 1, FAN_SAMPLES, seed=seed), mondays, as_of=run_at)
