"""Forecasts as they would have been made: on each Monday, from what was known that Monday."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import dataframely as dy
import numpy as np
import numpy.typing as npt
import polars as pl

from dijk.forecast.drivers import Growth, look_ahead, quantile_forecast
from dijk.forecast.members import entering, with_members
from dijk.forecast.nowcast import FINAL_AFTER_WEEKS, Revision, nowcast, revision
from dijk.forecast.odd_series import change_of_unit
from dijk.forecast.score import QUANTILE_LEVELS, score
from dijk.forecast.spread import Map

Array = npt.NDArray[np.float64]

AGES = 3  # newest weeks that revisions are learnt for


class Vintage(dy.Schema):
    """A change log of weekly figures: the value as known on a day is the last row known by then."""

    location = dy.String(primary_key=True, min_length=1, description="Code of the series.")
    week_end = dy.Date(primary_key=True, description="Saturday that ends the week.")
    value = dy.Float64(nullable=True, min=0, description="Count of the week; empty is missing.")
    known_from = dy.Date(primary_key=True, description="Day from which this value was known.")


class HubForecast(dy.Schema):
    """Quantile forecasts in the columns of the forecast hubs."""

    forecast_date = dy.Date(primary_key=True, description="Monday on which the forecast was made.")
    location = dy.String(primary_key=True, description="Code of the series.")
    horizon = dy.Int64(primary_key=True, min=1, description="Weeks ahead; 1 is the week that ends five days later.")
    week_end = dy.Date(description="Saturday that ends the week.")
    quantile = dy.Float64(primary_key=True, min=0, max=1, description="Quantile level.")
    value = dy.Float64(min=0, description="Count of the week.")


# parameters: which Mondays, how each is forecast, and where
def backtest(
    vintages: pl.DataFrame,
    *,
    first: dt.date,
    last: dt.date,
    lead: int = 4,
    model: Growth | None = None,
    seed: int = 1,
    mapped: Map = map,
) -> pl.DataFrame:
    """Forecast from every Monday between two days.

    Parameters
    ----------
    vintages
        Table ``Vintage``. Rows known after a Monday do not touch its forecast. A value below 0 counts as missing.
    first, last
        Days; the Mondays between them, both included.
    lead
        Weeks ahead.
    mapped
        Where the Mondays are forecast, each for itself; see ``dijk.forecast.spread``. It changes nothing in the result.

    Returns
    -------
    Table ``HubForecast``. A location of which nothing was known in the twelve weeks before is left out.

    Examples
    --------
    >>> saturday = dt.date(2021, 2, 27)
    >>> ends = [saturday - dt.timedelta(weeks=ago) for ago in range(30)]
    >>> log = pl.DataFrame({"location": "AA", "week_end": ends, "value": [90.0 + ago % 4 for ago in range(30)]})
    >>> log = log.with_columns(known_from=pl.col("week_end") + dt.timedelta(days=2))
    >>> made = backtest(log, first=dt.date(2021, 3, 1), last=dt.date(2021, 3, 1), lead=2)
    >>> made.filter(quantile=0.5).select("horizon", "week_end").rows()
    [(1, datetime.date(2021, 3, 6)), (2, datetime.date(2021, 3, 13))]
    """
    how = partial(own_quantiles, lead=lead, model=model, seed=seed)
    return _made(mapped(partial(_from_monday, vintages, forecast=how), _mondays(first, last)))


# parameters: those of ``backtest``, which it stands beside
def backtest_with_members(
    vintages: pl.DataFrame, *, first: dt.date, last: dt.date, lead: int = 4, seed: int = 1, mapped: Map = map
) -> pl.DataFrame:
    """Forecast from every Monday between two days with the members that were better of late beside our own; see
    ``backtest``.

    Raises
    ------
    NoMembers
        Their package is not installed.
    """
    how = partial(ensemble_quantiles, lead=lead, seed=seed)
    return _made(mapped(partial(_from_monday, vintages, forecast=how), _mondays(first, last)))


@dataclass(frozen=True)
class Known:
    """Weekly figures as known on a day, the newest corrected, and the doubt that the correction leaves."""

    locations: tuple[str, ...]
    counts: Array  # (locations, weeks), newest last; NaN missing
    revisions: list[Revision]


def own_quantiles(known: Known, lead: int, *, model: Growth | None = None, seed: int = 1) -> Array:
    """Give our own forecast, shape (locations, lead, levels).

    Raises
    ------
    ValueError
        When a location is named twice, or a count is negative or infinite.
    """
    outlook = look_ahead(known.counts, known.locations, lead, model=model, seed=seed)
    # what the newest known week may still be revised by adds to what the weeks after it may do
    doubt = np.array(
        [one.spread[min(max(delay, 0), AGES - 1)] for one, delay in zip(known.revisions, outlook.delay, strict=True)]
    )
    return quantile_forecast(replace(outlook, scale=np.hypot(outlook.scale, doubt)))


def ensemble_quantiles(known: Known, lead: int, *, seed: int = 1) -> Array:
    """Give the same with the members that were better of late, location by location.

    Raises
    ------
    NoMembers
        The package of the members is not installed.
    """
    enter = entering(known.counts, known.locations, seed=seed)
    return with_members(own_quantiles(known, lead, seed=seed), known.counts, enter)


def score_forecasts(forecasts: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """Score forecasts against what came true, per location and horizon and in all.

    Parameters
    ----------
    forecasts
        Table ``HubForecast``, all 23 levels of each forecast.
    truth
        Columns location, week_end, value; what is missing or not there is not scored.

    Returns
    -------
    One row per location ("all" too) and horizon (0: all): forecasts, wis, log_wis, coverage_50, coverage_95, bias,
    median_error.
    """
    one = ["forecast_date", "location", "horizon", "week_end"]
    known = truth.select("location", "week_end", observed=pl.col("value").cast(pl.Float64)).drop_nulls()
    wide = (
        forecasts.sort(*one, "quantile")
        .group_by(one, maintain_order=True)
        .agg(pl.col("value"), levels=pl.len())
        .filter(pl.col("levels") == len(QUANTILE_LEVELS))
        .join(known, on=["location", "week_end"])
        .sort(one)
    )
    rows = []
    for location in ["all", *sorted(set(wide["location"]))]:
        for horizon in [0, *sorted(set(wide["horizon"]))]:
            chosen = wide.filter(
                (pl.lit(location) == "all") | (pl.col("location") == location),
                (pl.lit(horizon) == 0) | (pl.col("horizon") == horizon),
            )
            predicted = np.array(chosen["value"].to_list()).reshape(-1, len(QUANTILE_LEVELS))
            rows.append(
                {"location": location, "horizon": horizon} | vars(score(chosen["observed"].to_numpy(), predicted))
            )
    return pl.DataFrame(rows)


def weekly_matrix(vintages: pl.DataFrame, day: dt.date) -> tuple[tuple[str, ...], dt.date, Array]:
    """Lay out what was known on a day: locations, the last day of the newest week before it, and counts (locations,
    weeks).

    NaN is missing; so is a count below 0, which is a correction and not a count. Of two rows of one week known from one
    day the later row counts. All weeks end on one weekday, Saturday in the hubs.
    """
    weekday = int(vintages["week_end"].dt.weekday().mode().sort()[0]) - 1 if vintages.height else 5
    newest = day - dt.timedelta(days=(day.weekday() - weekday) % 7 or 7)
    rows = (
        vintages.filter((pl.col("known_from") <= day) & (pl.col("week_end") <= newest))
        .sort("known_from", maintain_order=True)
        .group_by("location", "week_end")
        .agg(pl.col("value").last())
        .filter(pl.col("value") >= 0)
        .with_columns(age=(pl.lit(newest) - pl.col("week_end")).dt.total_days() // 7)
    )
    locations = tuple(sorted(set(rows["location"])))
    weeks = int(rows["age"].max() or 0) + 1  # type: ignore[arg-type]
    counts = np.full((len(locations), weeks), np.nan)
    place = {location: row for row, location in enumerate(locations)}
    counts[[place[name] for name in rows["location"]], weeks - 1 - rows["age"].to_numpy()] = rows["value"].to_numpy()
    return locations, newest, counts


def unit_changes(vintages: pl.DataFrame) -> pl.DataFrame:
    """Find the days on which a location's past was suddenly counted in another unit: location, known_from, factor."""
    found = []
    for (before, old), (after, new) in pairwise(_states(vintages)):
        for location, row in new.items():
            if location in old and (factor := _unit_factor(old[location], row, (after - before).days // 7)) is not None:
                found.append((location, after, factor))
    return pl.DataFrame(
        found, schema={"location": pl.String, "known_from": pl.Date, "factor": pl.Float64}, orient="row"
    )


def _states(vintages: pl.DataFrame) -> list[tuple[dt.date, dict[str, Array]]]:
    """Each day on which something became known, with the weeks of each location as known then, newest last."""
    states = []
    for day in sorted(set(vintages["known_from"])):
        names, _, counts = weekly_matrix(vintages, day)
        states.append((day, dict(zip(names, counts, strict=True))))
    return states


def _unit_factor(old: Array, new: Array, weeks_between: int) -> float | None:
    same = new[: len(new) - weeks_between]
    width = min(len(old), len(same))
    return change_of_unit(old[len(old) - width :], same[len(same) - width :])


def past_revisions(vintages: pl.DataFrame, locations: tuple[str, ...], day: dt.date) -> list[Revision]:
    """Learn from the change log, as known on a day, what each location does to its newest weeks.

    What was seen before a change of unit teaches nothing: it is another figure.
    """
    states = _states(vintages.filter(pl.col("known_from") <= day))
    weeks = len(next(iter(states[-1][1].values()), np.zeros(0)))
    weeks += (day - states[-1][0]).days // 7
    at_age = np.full((len(locations), AGES, weeks), np.nan)
    final = np.full((len(locations), weeks), np.nan)
    old: dict[str, Array] = {}
    for place, (state, new) in enumerate(states):
        newest = weeks - 1 - (day - state).days // 7
        for location, row in new.items():
            at = locations.index(location)
            if (
                location in old
                and _unit_factor(old[location], row, (state - states[place - 1][0]).days // 7) is not None
            ):
                at_age[at] = np.nan
            for age in range(min(AGES, len(row), newest + 1)):
                at_age[at, age, newest - age] = row[-1 - age]
            width = min(len(row), newest + 1)
            final[at] = np.nan
            final[at, newest + 1 - width : newest + 1] = row[len(row) - width :]
        old = new
    final[:, max(weeks - FINAL_AFTER_WEEKS, 0) :] = np.nan
    return [revision(at_age[row], final[row]) for row in range(len(locations))]


def _mondays(first: dt.date, last: dt.date) -> list[dt.date]:
    monday = first + dt.timedelta(days=-first.weekday() % 7)
    return [monday + dt.timedelta(weeks=week) for week in range((last - monday).days // 7 + 1)]


def _made(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The forecasts of all Mondays as the table ``HubForecast``."""
    kept = [part for part in parts if part.height]
    return HubForecast.cast(pl.concat(kept)) if kept else HubForecast.create_empty()


def _from_monday(vintages: pl.DataFrame, day: dt.date, forecast: Callable[[Known], Array]) -> pl.DataFrame:
    """The forecasts of one Monday, from what was known then."""
    known = vintages.filter(pl.col("known_from") <= day)
    locations, newest, counts = weekly_matrix(known, day)
    if not locations:
        return HubForecast.create_empty()
    revisions = past_revisions(known, locations, day)
    quantiles = forecast(Known(locations, nowcast(counts, revisions), revisions))
    rows, horizons, levels = quantiles.shape
    week_end = [newest + dt.timedelta(weeks=h) for h in range(1, horizons + 1)]
    return pl.DataFrame(
        {
            "forecast_date": [day] * quantiles.size,
            "location": np.repeat(np.array(locations), horizons * levels),
            "horizon": np.tile(np.repeat(np.arange(1, horizons + 1), levels), rows),
            "week_end": pl.Series(week_end, dtype=pl.Date).gather(
                np.tile(np.repeat(np.arange(horizons), levels), rows)
            ),
            "quantile": np.tile(QUANTILE_LEVELS, rows * horizons),
            "value": quantiles.ravel().round(6),
        }
    ).filter(pl.col("value").is_not_nan())
