"""Past forecasts of indicators against what happened, and against the random walk they should beat."""

import datetime as dt
from dataclasses import replace

import dataframely as dy
import numpy as np
import numpy.typing as npt
import polars as pl

from dijk.forecast.drivers import RANDOM_WALK, look_ahead, quantile_forecast
from dijk.forecast.indicators import WeeklySeries, weekly_series
from dijk.inputs import Inputs
from dijk.score import QUANTILE_LEVELS, log_score, score
from dijk.tables import ALL

Array = npt.NDArray[np.float64]


class ForecastScore(dy.Schema):
    """How the published forecasts of an indicator did, per region and week ahead."""

    indicator = dy.String(primary_key=True, description="Code of the series.")
    region = dy.String(primary_key=True, description="Region, or all.")
    horizon = dy.Int64(primary_key=True, min=0, description="Calendar weeks ahead; 1 is the week of the run, 0 all weeks together.")
    forecasts = dy.Int64(min=1, description="How many could be scored: their week is over and known.")
    wis = dy.Float64(min=0, description="Weighted interval score, units a week; lower is better.", metadata={"unit": "units/week"})
    log_wis = dy.Float64(min=0, description="The same of log(1 + y), no unit.")
    relative = dy.Float64(nullable=True, min=0, description="Its ratio to the log random walk; above 1 the forecast lost.")
    coverage_50 = dy.Float64(min=0, max=1, description="Share of truths inside the central half.")
    coverage_95 = dy.Float64(min=0, max=1, description="Share of truths inside the 95 % interval.")
    bias = dy.Float64(min=-1, max=1, description="-1 always too high, +1 always too low.")


def past_scores(world: Inputs, *, lag_days: int) -> pl.DataFrame:
    """Score every published forecast whose week is over.

    Parameters
    ----------
    world
        The known world; `past_driver_forecast` holds what earlier runs published. Truth is what is known today.
    lag_days
        Newest days of an indicator that are not used yet.

    Returns
    -------
    Table `ForecastScore`, sorted. The random walk is made now from the figures up to the day of the forecast,
    as they are known today. Empty while nothing can be scored.
    """
    past, today = world.past_driver_forecast, world.today
    truth = {s.indicator: s for s in weekly_series(world, today - dt.timedelta(days=lag_days))}
    rows = [
        _one_run(str(name), run_at, part, truth[str(name)], lag_days)
        for (name, run_at), part in sorted(past.group_by("indicator", "known_at"), key=lambda item: item[0])
        if name in truth
    ]
    rows = [row for row in rows if row.height]
    if not rows:
        return ForecastScore.create_empty()
    scored = pl.concat(rows)
    both = pl.concat([scored, scored.with_columns(horizon=pl.lit(0, pl.Int64))])
    table = [_summary(key, part) for key, part in both.group_by("indicator", "region", "horizon")]
    return ForecastScore.validate(pl.DataFrame(table, schema=ForecastScore.create_empty().schema).sort("indicator", "region", "horizon"))


def _one_run(name: str, run_at: object, rows: pl.DataFrame, truth: WeeklySeries, lag_days: int) -> pl.DataFrame:
    """The forecasts of one run whose week is over: region, horizon, observed, predicted and the walk's quantiles."""
    assert isinstance(run_at, dt.datetime)
    monday = run_at.date() - dt.timedelta(days=run_at.weekday())
    observed = _calendar_truth(truth)
    walk = _random_walk(_cut(truth, run_at.date() - dt.timedelta(days=lag_days)))
    wide = (
        rows.sort("quantile_level").group_by("region", "week").agg(pl.col("value"), n=pl.len()).filter(pl.col("n") == len(QUANTILE_LEVELS))
    )
    found = [
        (name, region, (week - monday).days // 7 + 1, observed[region, week], values, walk.get((region, (week - monday).days // 7)))
        for region, week, values, _ in wide.sort("region", "week").iter_rows()
        if (region, week) in observed
    ]
    levels = pl.List(pl.Float64)
    texts, numbers = dict.fromkeys(("indicator", "region"), pl.String()), {"horizon": pl.Int64(), "observed": pl.Float64()}
    schema = pl.Schema(texts | numbers | {"predicted": levels, "walk": levels})
    return pl.DataFrame(found, schema=schema, orient="row")


def _calendar_truth(series: WeeklySeries) -> dict[tuple[str, dt.date], float]:
    """Sum of each calendar week that is over and complete, per region, and for all where no region is missing."""
    sunday = series.last_day - dt.timedelta(days=(series.last_day.weekday() + 1) % 7)
    daily = series.daily[:, : series.daily.shape[1] - (series.last_day - sunday).days]
    weeks = daily[:, daily.shape[1] % 7 :].reshape(len(daily), -1, 7).sum(axis=2)  # NaN where a day is missing
    names = [*series.regions] if series.regions == (ALL,) else [*series.regions, ALL]
    if len(names) > len(weeks):
        weeks = np.vstack([weeks, weeks.sum(axis=0)])
    found = {}
    for row, region in enumerate(names):
        for ago, value in enumerate(weeks[row, ::-1]):
            if not np.isnan(value):
                found[region, sunday - dt.timedelta(days=7 * ago + 6)] = float(value)
    return found


def _cut(series: WeeklySeries, last_day: dt.date) -> WeeklySeries:
    """The series as far as it went on a day; its weeks may begin on another weekday, so they are summed again."""
    days = series.daily[:, : max(series.daily.shape[1] - (series.last_day - last_day).days, 0)]
    weeks = days[:, days.shape[1] % 7 :].reshape(len(days), -1, 7).sum(axis=2)
    return replace(series, last_day=last_day, values=weeks, daily=days)


def _random_walk(series: WeeklySeries) -> dict[tuple[str, int], list[float]]:
    """Quantiles of the log random walk by region and weeks ahead, 0 the first; the nation's of its own sum."""
    if not series.values.shape[1]:
        return {}
    values, names = series.values, list(series.regions)
    if names != [ALL]:
        values, names = np.vstack([values, values.sum(axis=0)]), [*names, ALL]
    ahead = quantile_forecast(look_ahead(values, tuple(names), 26, model=RANDOM_WALK))
    return {
        (name, week): ahead[row, week].tolist() for row, name in enumerate(names) for week in range(26) if np.isfinite(ahead[row, week, 0])
    }


def _summary(key: tuple[object, ...], part: pl.DataFrame) -> dict[str, object]:
    observed, predicted = part["observed"].to_numpy(), np.array(part["predicted"].to_list())
    ours = score(observed, predicted)
    walked = part.drop_nulls("walk").sort("horizon")
    relative = None
    if walked.height:
        truth = walked["observed"].to_numpy()
        theirs = log_score(truth, np.array(walked["walk"].to_list())).mean()
        relative = float(log_score(truth, np.array(walked["predicted"].to_list())).mean() / theirs) if theirs > 0 else None
    numbers = {name: getattr(ours, name) for name in ("forecasts", "wis", "log_wis", "coverage_50", "coverage_95", "bias")}
    return dict(zip(("indicator", "region", "horizon"), key, strict=True)) | numbers | {"relative": relative}
