"""Forecast: indicators and what they drive, times norms, is what care will need."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from dijk.forecast.demand import Activity, Joint, driver_units, lowest_cells, norm_load, site_units
from dijk.forecast.indicators import indicators_seen, weekly_series
from dijk.forecast.members import entering
from dijk.forecast.paths import FAN_SAMPLES, busyness, driver_forecast, first_paths, in_care, indicator_paths, no_past
from dijk.forecast.result import Forecast
from dijk.forecast.totals import Grid, demand_table
from dijk.forecast.usage import usage_factor, usage_samples
from dijk.forecast.vintages import nowcast_series, with_corrections
from dijk.present.now import Now

Array = npt.NDArray[np.float64]

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
    members = policy.word("forecast_members", today)
    series = nowcast_series(weekly_series(world, last_day), world, last_day)
    enter = {one.indicator: entering(one.values, one.names, seed=seed) for one in series} if members == "all" else None
    indicators = indicator_paths(series, steps, max(samples, FAN_SAMPLES), seed=seed, enter=enter)
    regions = cells["region"].unique(maintain_order=True).to_list()
    heard = [one for one in indicators if not np.isnan(one.now).all()]
    follows = {
        one.series.indicator: busyness(in_care(first_paths(one, samples)), weeks, regions, world.region_share)
        for one in heard
    }
    level = np.ones((samples, len(regions), len(weeks)))
    named = dict(world.driver.select("driver", "indicator").iter_rows())
    busy = {
        driver: follows[named[driver]]
        if named.get(driver) in follows
        else level * no_past(samples, len(weeks), seed=seed)
        for driver in drivers
        if named.get(driver) is not None
    }
    paths = _driver_paths(driver_units(units, cells, drivers), [busy.get(driver, level) for driver in drivers], cells)
    usage = usage_factor(now, units)
    joint = Joint(
        paths,
        norm_load(policy, Activity(units, cells, drivers), weeks, usage),
        usage_samples(usage, cells, samples, common=policy.number("usage_common_share", today), seed=seed),
    )
    group = dict(world.sector.select("sector", pl.col("group").cast(pl.String)).iter_rows())
    return Forecast(
        driver_forecast=driver_forecast(indicators, weeks, as_of=world.as_of),
        indicator_seen=with_corrections(indicators_seen(world, last_day), series),
        usage_factor=usage,
        demand=demand_table(joint, Grid.of(cells, group), weeks, as_of=world.as_of),
        cells=cells,
        weeks=weeks,
        joint=joint,
    )


def _driver_paths(now: Array, busy: Sequence[Array], cells: pl.DataFrame) -> Array:
    """Units a week now, (drivers, cells), times how busy each driver becomes, (paths, regions, weeks): (drivers, cells,
    paths, weeks).
    """
    regions = cells["region"].unique(maintain_order=True).to_list()
    place = np.array([regions.index(region) for region in cells["region"]], dtype=np.int64)
    paths = np.zeros((*now.shape, busy[0].shape[0], busy[0].shape[2])) if busy else np.zeros((0, len(place), 1, 1))
    for row, times in enumerate(busy):
        paths[row] = now[row, :, None, None] * np.moveaxis(times, 0, 1)[place]
    return paths
