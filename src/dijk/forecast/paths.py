"""Sample paths of the indicators -> how much busier each driver will be, per region and calendar week."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from dijk.forecast.demand import Activity
from dijk.forecast.drivers import Growth, look_ahead, quantile_forecast, sample_paths
from dijk.forecast.horizon import Horizon
from dijk.forecast.indicators import WeeklySeries
from dijk.forecast.members import Flags, imposed, with_members
from dijk.forecast.occupancy import ADMISSIONS_OF, ISOLATION_DAYS, Stay, days_present, occupancy_paths, patients_present
from dijk.forecast.prior import FLAT
from dijk.forecast.score import QUANTILE_LEVELS
from dijk.forecast.totals import path_quantiles
from dijk.inputs import Inputs
from dijk.tables import ALL
from dijk.tables.forecast import DriverForecast

Array = npt.NDArray[np.float64]

FAN_SAMPLES = 1000  # samples behind the fan charts
YEAR = 52  # weeks
SHORTEST_PAST = 14  # days of admissions and beds before the one is reckoned from the other


@dataclass(frozen=True)
class IndicatorPaths:
    """Joint sample paths of one indicator over the weeks that follow its last usable day; sums of the week's days."""

    series: WeeklySeries
    now: Array  # (regions,), level of the last known week; NaN with nothing known lately
    ahead: Array  # (samples, regions, weeks), NaN where ``now`` is
    cold_start: bool


def indicator_paths(
    every: Sequence[WeeklySeries], weeks: int, samples: int, *, seed: int, enter: Mapping[str, Flags] | None = None
) -> list[IndicatorPaths]:
    """Forecast the indicators together; one draw is one moment of the past for all of them.

    ``enter`` says by indicator which members stand beside our own model in which region, shape (members, regions).

    Beds are reckoned from admissions where both are known, region by region; the nation's from the sum of its regions.
    """
    paths = {
        series.indicator: _one_indicator(series, weeks, samples, seed, (enter or {}).get(series.indicator))
        for series in every
    }
    for beds, (admissions, stay) in ADMISSIONS_OF.items():
        known = [paths[name] for name in admissions if name in paths]
        if beds in paths and known:
            paths[beds] = _from_admissions(paths[beds], known[0], stay, seed)
    return list(paths.values())


def on_calendar(one: IndicatorPaths, mondays: Sequence[dt.date]) -> Array:
    """Move the paths onto calendar weeks, shape (samples, regions, weeks).

    A calendar week takes its days from the two engine weeks that it lies across, in proportion.
    """
    now = np.broadcast_to(one.now[None, :, None], (*one.ahead.shape[:2], 1))
    whole = np.concatenate([now, one.ahead], axis=2)
    days = np.array(
        [max((monday - one.series.last_day).days + 6, 0) for monday in mondays]
    )  # since the last known week began
    before, part = days // 7, (days % 7) / 7.0
    moved: Array = whole[..., before] * (1.0 - part) + whole[..., np.minimum(before + 1, whole.shape[-1] - 1)] * part
    return moved


def driver_forecast(paths: Sequence[IndicatorPaths], mondays: Sequence[dt.date], *, as_of: dt.datetime) -> pl.DataFrame:
    """Give the fan charts: quantiles per indicator, region and week; the total from joint samples, never from
    quantiles.
    """
    parts = []
    for one in paths:
        samples, regions = on_calendar(one, mondays), list(one.series.regions)
        if regions != [ALL]:
            nation = np.nansum(samples, axis=1, keepdims=True)
            nation[np.isnan(samples).all(axis=1, keepdims=True)] = np.nan  # of nothing known the sum is not zero
            samples, regions = np.concatenate([samples, nation], axis=1), [*regions, ALL]
        parts.append(_fan(one, regions, mondays, path_quantiles(np.moveaxis(samples, 0, 1), QUANTILE_LEVELS)))
    if not parts:
        return DriverForecast.create_empty()
    rows = pl.concat(parts).with_columns(known_at=pl.lit(as_of)).filter(pl.col("value").is_not_nan())
    return DriverForecast.cast(
        rows.select(DriverForecast.column_names()).sort("indicator", "region", "week", "quantile_level")
    )


def driver_busyness(
    indicators: Sequence[IndicatorPaths], care: Activity, world: Inputs, horizon: Horizon, *, seed: int
) -> list[Array]:
    """Give how many times as busy as now each driver becomes, shape (samples, regions, all weeks of the horizon) each.

    As busy as the indicator that it follows; level where it follows none; level and wide where nothing is known of it.
    Beyond the forecast it falls back.
    """
    mondays = horizon.all_mondays
    shape = (horizon.samples, len(care.regions), len(mondays))
    level, newcomer = np.ones(shape), np.broadcast_to(no_past(horizon, seed=seed), shape)
    known = {
        one.series.indicator: busyness(
            in_care(falling_back(first_paths(one, horizon.samples), horizon)), mondays, care.regions, world.region_share
        )
        for one in indicators
        if not np.isnan(one.now).all()
    }
    follows = dict(world.driver.drop_nulls("indicator").select("driver", "indicator").iter_rows())
    return [known.get(follows[driver], newcomer) if driver in follows else level for driver in care.drivers]


def busyness(
    one: IndicatorPaths, mondays: Sequence[dt.date], regions: Sequence[str], region_share: pl.DataFrame
) -> Array:
    """Give how many times as busy as now each region of the sites will be, shape (samples, regions, weeks).

    Indicator regions reach the sites' regions through the crosswalk ``region_share``; a region that nothing
    points to follows the nation. Counts are taken with one added, so that a region with nothing now has an answer.
    """
    paths = on_calendar(one, mondays)
    share = _crosswalk(one.series.regions, regions, region_share)  # (regions, indicator regions)
    known = ~np.isnan(one.now)
    if not known.any():
        return np.ones((len(paths), len(regions), len(mondays)))
    share = np.where(known, share, 0.0)
    share[share.sum(axis=1) == 0] = known
    later = np.zeros((len(paths), len(regions), len(mondays)))
    for column in np.flatnonzero(known):  # one by one: the same sum on any number of threads
        later += share[None, :, column, None] * (1.0 + paths[:, column, None, :])
    level = (share[:, known] * (1.0 + one.now[known])).sum(axis=1)
    return np.asarray(later / level[None, :, None])


def no_past(horizon: Horizon, *, seed: int) -> Array:
    """Give the busyness of a driver that follows an indicator of which nothing is known: level, and wide. Shape
    (samples, 1, all weeks of the horizon).
    """
    model, weeks = Growth(prior=FLAT), len(horizon.mondays)
    nothing = look_ahead(np.array([[100.0]]), ("no past",), weeks, model=model, seed=seed)
    return with_way_back(sample_paths(nothing, horizon.samples, seed=seed), np.array([100.0]), horizon) / 100.0


def falling_back(one: IndicatorPaths, horizon: Horizon) -> IndicatorPaths:
    """Add the weeks beyond the forecast: from its last week towards the level of the past year, region by region.

    That level is the mean of the weeks of the past year that are known; without one, the level of now.
    """
    year = one.series.values[:, -YEAR:]
    known = ~np.isnan(year)
    mean = np.where(known, year, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return replace(one, ahead=with_way_back(one.ahead, np.where(known.any(axis=1), mean, one.now), horizon))


def with_way_back(ahead: Array, usual: Array, horizon: Horizon) -> Array:
    """Add weeks in which each path goes back to ``usual``, shape (regions,): half of the way, on the log scale, every
    ``fall_back_weeks``. Shape (samples, regions, weeks) becomes (samples, regions, weeks + beyond).
    """
    left = 0.5 ** (np.arange(1, horizon.beyond + 1) / horizon.fall_back_weeks)
    level = np.log1p(usual)[None, :, None]
    back = np.expm1(level + (np.log1p(ahead[..., -1:]) - level) * left)
    return np.concatenate([ahead, back], axis=-1)


def in_care(one: IndicatorPaths) -> IndicatorPaths:
    """Turn new infections into days of care, where a driver counts days: each lasts as long as the isolation.

    Any other indicator is left as it is.
    """
    if one.series.indicator not in ISOLATION_DAYS:
        return one
    stay = np.ones(ISOLATION_DAYS[one.series.indicator])
    ahead, now = one.ahead.copy(), one.now.copy()
    for row, daily in enumerate(one.series.daily):
        past = _gaps_filled(daily)
        ahead[:, row] = days_present(past, one.ahead[:, row], stay)
        now[row] = np.where(np.isnan(one.now[row]), np.nan, patients_present(past, stay)[-7:].sum())
    return replace(one, ahead=ahead, now=now)


def first_paths(one: IndicatorPaths, samples: int) -> IndicatorPaths:
    """Take the first of the joint paths: demand needs fewer than the fan charts."""
    return replace(one, ahead=one.ahead[:samples])


def _one_indicator(series: WeeklySeries, weeks: int, samples: int, seed: int, enter: Flags | None) -> IndicatorPaths:
    outlook = look_ahead(series.values, series.names, weeks, seed=seed)
    if series.doubt is not None:  # what the newest week may still be revised by adds to what the weeks after it may do
        outlook = replace(outlook, scale=np.hypot(outlook.scale, series.doubt))
    now = np.where(outlook.delay < 0, np.nan, np.expm1(outlook.level))
    ahead = sample_paths(outlook, samples, seed=seed)
    if enter is not None:
        ahead = imposed(
            ahead,
            with_members(quantile_forecast(outlook), series.values, enter),
            np.flatnonzero(enter.any(axis=0)).tolist(),
        )
    return IndicatorPaths(series, now, ahead, outlook.cold_start)


def _from_admissions(beds: IndicatorPaths, admissions: IndicatorPaths, stay: Stay, seed: int) -> IndicatorPaths:
    """Replace the paths of beds by those that the admissions lead to, in each region where the past allows it."""
    ahead, now = beds.ahead.copy(), beds.now.copy()
    for row, region in enumerate(beds.series.regions):
        sources = [i for i, other in enumerate(admissions.series.regions) if other == region or region == ALL]
        sources = [i for i in sources if not np.isnan(admissions.now[i])]
        present = beds.series.daily[row]
        days = min(len(present), admissions.series.daily.shape[1])
        if not sources or days < SHORTEST_PAST or np.isnan(present[-SHORTEST_PAST:]).all():
            continue
        admitted = np.sum([_gaps_filled(admissions.series.daily[i, -days:]) for i in sources], axis=0)
        come = admissions.ahead[:, sources].sum(axis=1)
        ahead[:, row] = occupancy_paths(admitted, present[-days:], come, stay, seed=seed)
        known = present[-SHORTEST_PAST:][~np.isnan(present[-SHORTEST_PAST:])]
        now[row] = 7.0 * known[-7:].mean()
    return IndicatorPaths(beds.series, now, ahead, beds.cold_start)


def _gaps_filled(daily: Array) -> Array:
    """Give a missing day the value on the straight line between its known neighbours; 0 before the first known day."""
    known = np.flatnonzero(~np.isnan(daily))
    if not len(known):
        return np.zeros_like(daily)
    return np.interp(np.arange(len(daily)), known, daily[known], left=0.0)


def _crosswalk(sources: Sequence[str], targets: Sequence[str], region_share: pl.DataFrame) -> Array:
    row, column = {r: i for i, r in enumerate(targets)}, {r: i for i, r in enumerate(sources)}
    share = np.zeros((len(targets), len(sources)))
    for source in set(row) & set(column):
        share[row[source], column[source]] = 1.0
    for source, target, part in region_share.select("from_region", "to_region", "share").iter_rows():
        if source in column and source not in row and target in row:
            share[row[target], column[source]] = part
    return share


def _fan(one: IndicatorPaths, regions: Sequence[str], mondays: Sequence[dt.date], quantiles: Array) -> pl.DataFrame:
    places, weeks, levels = quantiles.shape
    return pl.DataFrame(
        {
            "indicator": [one.series.indicator] * quantiles.size,
            "region": np.repeat(np.array(regions), weeks * levels),
            "week": pl.Series(list(mondays), dtype=pl.Date).gather(
                np.tile(np.repeat(np.arange(weeks), levels), places)
            ),
            "quantile_level": np.tile(QUANTILE_LEVELS, places * weeks),
            "value": quantiles.ravel().round(6),
            "cold_start": [one.cold_start] * quantiles.size,
        }
    )
