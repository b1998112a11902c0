"""Sample paths of the indicators -> how much busier each driver will be, per region and calendar week."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dijk.forecast.drivers import Growth, Outlook, look_ahead, quantile_forecast, sample_paths
from dijk.forecast.indicators import WeeklySeries
from dijk.forecast.prior import FLAT
from dijk.inputs import Inputs
from dijk.score import QUANTILE_LEVELS
from dijk.tables import ALL
from dijk.tables.results import DriverForecast

Array = npt.NDArray[np.float64]

FAN_SAMPLES = 1000  # samples behind the quantiles of a total in the fan charts


@dataclass(frozen=True)
class IndicatorPaths:
    """Joint sample paths of one indicator over calendar weeks."""

    series: WeeklySeries
    outlook: Outlook
    paths: Array  # (samples, regions, weeks), sum of the week's days
    now: Array  # (regions,), level of the last known week, same unit


def indicator_paths(series: WeeklySeries, weeks: Sequence[dt.date], samples: int, *, seed: int) -> IndicatorPaths:
    """Forecast one indicator over the given weeks, each named by its Monday.

    The engine's weeks end on the last usable day; a calendar week takes its days from the two engine weeks
    that it lies across, in proportion.
    """
    outlook = _outlook(series, weeks, seed)
    ahead = sample_paths(outlook, samples, seed=seed)
    now = np.expm1(outlook.level)
    whole = np.concatenate([np.broadcast_to(now[None, :, None], (samples, len(now), 1)), ahead], axis=2)
    return IndicatorPaths(series, outlook, _on_calendar(whole, series.last_day, weeks), now)


def driver_forecast(paths: Sequence[IndicatorPaths], weeks: Sequence[dt.date], *, as_of: dt.datetime, seed: int) -> pl.DataFrame:
    """Give the fan charts: quantiles per indicator, region and week; the total from joint samples, never from quantiles."""
    parts = []
    for one in paths:
        regions = list(one.series.regions)
        ahead = quantile_forecast(one.outlook)  # (regions, steps, levels)
        now = np.repeat(np.expm1(one.outlook.level)[:, None, None], len(QUANTILE_LEVELS), axis=2)
        values = _on_calendar(np.concatenate([now, ahead], axis=1).transpose(2, 0, 1), one.series.last_day, weeks)
        if regions != [ALL]:
            total = indicator_paths(one.series, weeks, FAN_SAMPLES, seed=seed).paths.sum(axis=1)
            values = np.concatenate([values, np.quantile(total, QUANTILE_LEVELS, axis=0)[:, None, :]], axis=1)
            regions.append(ALL)
        parts.append(_rows(one, regions, weeks, values))
    if not parts:
        return DriverForecast.create_empty()
    rows = pl.concat(parts).with_columns(known_at=pl.lit(as_of)).filter(pl.col("value").is_not_nan())
    return DriverForecast.cast(rows.select(DriverForecast.column_names()).sort("indicator", "region", "week", "quantile_level"))


def busyness(one: IndicatorPaths, regions: Sequence[str], world: Inputs) -> Array:
    """Give how many times as busy as now each region of the sites will be, shape (samples, regions, weeks).

    Indicator regions reach the sites' regions through the crosswalk `region_share`; a region that nothing
    points to follows the nation. Counts are taken with one added, so that a region with nothing now has an answer.
    """
    share = _crosswalk(one.series.regions, regions, world.region_share)  # (regions, indicator regions)
    known = ~np.isnan(one.now)
    if not known.any():
        return np.ones((len(one.paths), len(regions), one.paths.shape[2]))
    share = np.where(known, share, 0.0)
    share[share.sum(axis=1) == 0] = known
    later = np.zeros((len(one.paths), len(regions), one.paths.shape[2]))
    for column in np.flatnonzero(known):  # one by one: the same sum on any number of threads
        later += share[None, :, column, None] * (1.0 + one.paths[:, column, None, :])
    level = (share[:, known] * (1.0 + one.now[known])).sum(axis=1)
    return np.asarray(later / level[None, :, None])


def standstill(samples: int, regions: int, weeks: int, *, level: bool, seed: int) -> Array:
    """Give the busyness of a driver without an indicator's past: level, or (when it should have one) wide around level."""
    same = np.ones((samples, regions, weeks))
    if level:
        return same
    nothing = look_ahead(np.array([[100.0]]), ("no past",), weeks, model=Growth(prior=FLAT), seed=seed)
    drawn = sample_paths(nothing, samples, seed=seed)[:, 0, :] / 100.0
    return same * drawn[:, None, :]


def _outlook(series: WeeklySeries, weeks: Sequence[dt.date], seed: int) -> Outlook:
    days_ahead = (weeks[-1] - series.last_day).days + 6
    names = tuple(f"{series.indicator}/{region}" for region in series.regions)
    return look_ahead(series.values, names, max(1, -(-days_ahead // 7)), seed=seed)


def _on_calendar(whole: Array, last_day: dt.date, weeks: Sequence[dt.date]) -> Array:
    """Move engine weeks (last axis, the first is the last known one) onto calendar weeks."""
    days = np.array([(week - last_day).days + 6 for week in weeks])  # days since the last known week began
    before, part = np.maximum(days, 0) // 7, (np.maximum(days, 0) % 7) / 7.0
    after = np.minimum(before + 1, whole.shape[-1] - 1)
    moved: Array = whole[..., before] * (1.0 - part) + whole[..., after] * part
    return moved


def _crosswalk(sources: Sequence[str], targets: Sequence[str], region_share: pl.DataFrame) -> Array:
    row, column = {r: i for i, r in enumerate(targets)}, {r: i for i, r in enumerate(sources)}
    share = np.zeros((len(targets), len(sources)))
    for source in set(row) & set(column):
        share[row[source], column[source]] = 1.0
    for source, target, part in region_share.select("from_region", "to_region", "share").iter_rows():
        if source in column and source not in row and target in row:
            share[row[target], column[source]] = part
    return share


def _rows(one: IndicatorPaths, regions: Sequence[str], weeks: Sequence[dt.date], values: Array) -> pl.DataFrame:
    levels, places, steps = values.shape
    return pl.DataFrame(
        {
            "indicator": [one.series.indicator] * values.size,
            "region": np.tile(np.repeat(np.array(regions), steps), levels),
            "week": pl.Series(list(weeks), dtype=pl.Date).gather(np.tile(np.arange(steps), levels * places)),
            "quantile_level": np.repeat(QUANTILE_LEVELS, places * steps),
            "value": values.ravel().round(6),
            "cold_start": [one.outlook.cold_start] * values.size,
        }
    )
