"""Forecast: indicators and what they drive, times norms, is what care will need."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from dijk.forecast.demand import driver_units, lowest_cells, norm_load, site_units
from dijk.forecast.indicators import indicators_seen, weekly_series
from dijk.forecast.paths import FAN_SAMPLES, IndicatorPaths, busyness, driver_forecast, indicator_paths, standstill
from dijk.forecast.result import Forecast
from dijk.forecast.totals import Grid, demand_table
from dijk.inputs import Inputs, Now

__all__ = ["Forecast", "forecast"]


def forecast(now: Now, *, seed: int) -> Forecast:
    """Forecast the indicators as joint sample paths, and the demand that follows from them.

    The weeks are named by their Monday and begin with the week of `as_of`. The newest days of an indicator
    wait for the reporting lag. A driver that follows no indicator stays level; one whose indicator has no
    past is level with the wide spread of a newcomer.
    """
    world, policy, today = now.world, now.policy, now.world.today
    monday = today - dt.timedelta(days=today.weekday())
    weeks = tuple(monday + dt.timedelta(weeks=ahead) for ahead in range(round(policy.number("horizon_weeks", today))))
    samples = round(policy.number("sample_paths", today))
    last_day = today - dt.timedelta(days=round(policy.number("reporting_lag_days", today)))

    steps = -(-((weeks[-1] - last_day).days + 6) // 7)  # engine weeks to the last day of the last calendar week
    cells, units = lowest_cells(world), site_units(world)
    drivers = sorted(set(world.driver["driver"]) | set(units["driver"]))
    indicators = indicator_paths(weekly_series(world, last_day), steps, max(samples, FAN_SAMPLES), seed=seed)
    paths = _driver_paths(world, indicators, units, cells, drivers, weeks=weeks, samples=samples, seed=seed)
    load = norm_load(policy, units, cells, drivers, weeks)
    group = dict(world.sector.select("sector", pl.col("group").cast(pl.String)).iter_rows())
    return Forecast(
        driver_forecast=driver_forecast(indicators, weeks, as_of=world.as_of),
        indicator_seen=indicators_seen(world, last_day),
        demand=demand_table(paths, load, Grid.of(cells, group), weeks, as_of=world.as_of),
        cells=cells,
        weeks=weeks,
        driver_paths=paths,
        load=load,
    )


def _driver_paths(
    world: Inputs,
    indicators: Sequence[IndicatorPaths],
    units: pl.DataFrame,
    cells: pl.DataFrame,
    drivers: Sequence[str],
    *,
    weeks: Sequence[dt.date],
    samples: int,
    seed: int,
) -> npt.NDArray[np.float64]:
    """Units a week now times how busy it becomes, shape (drivers, cells, paths, weeks)."""
    regions = cells["region"].unique(maintain_order=True).to_list()
    place = np.array([regions.index(region) for region in cells["region"]], dtype=np.int64)
    fewer = [replace(one, ahead=one.ahead[:samples]) for one in indicators]
    follows = {one.series.indicator: busyness(one, weeks, regions, world.region_share) for one in fewer}
    named = dict(world.driver.select("driver", "indicator").iter_rows())
    now = driver_units(units, cells, drivers)
    paths = np.zeros((len(drivers), cells.height, samples, len(weeks)))
    for row, driver in enumerate(drivers):
        indicator = named.get(driver)
        busy = follows.get(indicator) if indicator else None
        if busy is None:
            busy = standstill(samples, len(regions), len(weeks), level=indicator is None, seed=seed)
        paths[row] = now[row, :, None, None] * np.moveaxis(busy, 0, 1)[place]
    return paths
