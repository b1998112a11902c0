"""Past forecasts of indicators against what happened, and against the random walk they should beat."""

import datetime as dt

import numpy as np
import numpy.typing as npt
import polars as pl

from dijk.forecast.drivers import RANDOM_WALK, look_ahead, quantile_forecast
from dijk.forecast.indicators import WeeklySeries, week_sums, weekly_series, with_nation
from dijk.forecast.occupancy import ADMISSIONS_OF
from dijk.forecast.score import QUANTILE_LEVELS, bias, covered, log_score, weighted_interval_score
from dijk.present.now import Now
from dijk.tables import ALL
from dijk.tables.forecast import ForecastScore

Array = npt.NDArray[np.float64]

ENOUGH_FORECASTS = 8
"""Fewer scored forecasts than this tell nothing."""
LONGEST = 26  # weeks ahead that are scored


def past_scores(now: Now) -> pl.DataFrame:
    """Score every published forecast whose week is over.

    Parameters
    ----------
    now
        The present; ``past_driver_forecast`` of its world holds what earlier runs published. Truth is what is known
        today: a week with five or six known days counts as made up to seven, as the forecast counts it.

    Returns
    -------
    Table ``ForecastScore``, sorted. The random walk is made now from the figures up to the day of the forecast,
    as they are known today. Empty while nothing can be scored. What an earlier run said of weeks before its own,
    or without all 23 levels, is not scored.
    """
    world, lag = now.world, dt.timedelta(days=round(now.policy.number("reporting_lag_days", now.world.today)))
    truth = {s.indicator: s for s in weekly_series(world, world.today - lag)}
    rows = [
        _one_run(str(name), run_at, part, truth[str(name)], lag)
        for (name, run_at), part in sorted(
            world.past_driver_forecast.group_by("indicator", "known_at"), key=lambda item: item[0]
        )
        if name in truth
    ]
    rows = [row for row in rows if row.height]
    if not rows:
        return ForecastScore.create_empty()
    scored = _with_scores(pl.concat(rows))
    rests = sectors_resting(now)
    found = _summary(pl.concat([scored, scored.with_columns(horizon=pl.lit(0, pl.Int64))])).with_columns(
        sector=pl.col("indicator").replace_strict(
            list(rests), list(rests.values()), default=ALL, return_dtype=pl.String
        )
    )
    return ForecastScore.validate(
        found.select(ForecastScore.column_names()).sort("indicator", "region", "horizon"), cast=True
    )


def sectors_resting(now: Now) -> dict[str, str]:
    """Say of each indicator which group of sectors rests its demand on it, or all where several do.

    Admissions carry what rests on the beds that follow from them. An indicator that carries nothing is not there.
    """
    day = now.world.today
    norms = now.policy.in_force("norm", day).select("driver", "sector").unique()
    groups = norms.join(now.world.sector.select("sector", pl.col("group").cast(pl.String)), on="sector")
    followed = now.world.driver.select("driver", "indicator").drop_nulls().join(groups, on="driver")
    carries: dict[str, set[str]] = {}
    for indicator, group in followed.select("indicator", "group").unique().iter_rows():
        carries.setdefault(indicator, set()).add(group)
    for beds, (admissions, _) in ADMISSIONS_OF.items():
        for name in admissions:
            carries[name] = carries.get(name, set()) | carries.get(beds, set())
    return {name: groups.pop() if len(groups) == 1 else ALL for name, groups in sorted(carries.items()) if groups}


def _one_run(name: str, run_at: object, rows: pl.DataFrame, truth: WeeklySeries, lag: dt.timedelta) -> pl.DataFrame:
    """The forecasts of one run whose week is over: region, horizon, observed, predicted and the walk's quantiles."""
    assert isinstance(run_at, dt.datetime)
    monday = run_at.date() - dt.timedelta(days=run_at.weekday())
    observed = _calendar_truth(truth)
    walk = _random_walk(truth, run_at.date() - lag, monday)
    wide = (
        rows.sort("quantile_level")
        .group_by("region", "week")
        .agg(pl.col("value"), n=pl.len())
        .filter(pl.col("n") == len(QUANTILE_LEVELS))
    )
    found = [
        (name, region, (week - monday).days // 7 + 1, observed[region, week], values, walk.get((region, week)))
        for region, week, values, _ in wide.sort("region", "week").iter_rows()
        if (region, week) in observed and monday <= week < monday + dt.timedelta(weeks=LONGEST)
    ]
    levels = pl.List(pl.Float64)
    texts, numbers = (
        dict.fromkeys(("indicator", "region"), pl.String()),
        {"horizon": pl.Int64(), "observed": pl.Float64()},
    )
    schema = pl.Schema(texts | numbers | {"predicted": levels, "walk": levels})
    return pl.DataFrame(found, schema=schema, orient="row")


def _calendar_truth(series: WeeklySeries) -> dict[tuple[str, dt.date], float]:
    """Sum of each calendar week that is over, per region and for all."""
    sunday = series.last_day - dt.timedelta(days=(series.last_day.weekday() + 1) % 7)
    names, daily = with_nation(series)
    weeks = week_sums(_whole_weeks(daily[:, : daily.shape[1] - (series.last_day - sunday).days]))
    return {
        (region, sunday - dt.timedelta(days=7 * ago + 6)): float(value)
        for region, row in zip(names, weeks, strict=True)
        for ago, value in enumerate(row[::-1])
        if not np.isnan(value)
    }


def _whole_weeks(daily: Array) -> Array:
    return daily[:, daily.shape[1] % 7 :]


def _random_walk(series: WeeklySeries, last_day: dt.date, monday: dt.date) -> dict[tuple[str, dt.date], list[float]]:
    """Quantiles of the log random walk from a day on, by region and calendar week; the nation's of its own figures."""
    names, daily = with_nation(series)
    values = week_sums(_whole_weeks(daily[:, : max(daily.shape[1] - (series.last_day - last_day).days, 0)]))
    if not values.shape[1]:
        return {}
    outlook = look_ahead(values, tuple(names), LONGEST + 1, model=RANDOM_WALK)
    ahead = quantile_forecast(outlook)
    now = np.repeat(np.expm1(outlook.level)[:, None, None], ahead.shape[2], axis=2)
    whole = np.concatenate([now, ahead], axis=1)
    found: dict[tuple[str, dt.date], list[float]] = {}
    for week in range(LONGEST):
        # a calendar week takes its days from the two weeks, counted from the last known day, that it lies across
        days = max((monday - last_day).days + 6 + 7 * week, 0)
        before, part = min(days // 7, LONGEST), (days % 7) / 7.0
        quantiles = whole[:, before] * (1.0 - part) + whole[:, before + 1] * part
        known = np.flatnonzero(np.isfinite(quantiles).all(axis=1))
        found |= {(names[row], monday + dt.timedelta(weeks=week)): quantiles[row].tolist() for row in known}
    return found


def _with_scores(rows: pl.DataFrame) -> pl.DataFrame:
    """Each forecast with its scores, and where there is a walk (``walked``) the log scores of the two: ``with_walk``
    and ``of_walk``.
    """
    observed, predicted = rows["observed"].to_numpy(), np.array(rows["predicted"].to_list())
    walked = rows["walk"].is_not_null().to_numpy()
    of_walk, log_wis = np.zeros(rows.height), log_score(observed, predicted)
    if walked.any():
        of_walk[walked] = log_score(observed[walked], np.array(rows["walk"].drop_nulls().to_list()))
    return rows.select(
        "indicator",
        "region",
        "horizon",
        wis=weighted_interval_score(observed, predicted),
        log_wis=log_wis,
        coverage_50=covered(observed, predicted, 0.5),
        coverage_95=covered(observed, predicted, 0.95),
        bias=bias(observed, predicted),
        walked=walked.astype(np.float64),
        with_walk=np.where(walked, log_wis, 0.0),
        of_walk=of_walk,
    )


def _summary(rows: pl.DataFrame) -> pl.DataFrame:
    """Means per indicator, region and horizon, each added up in the order of the rows, so that no number of threads
    changes them.
    """
    key = ["indicator", "region", "horizon"]
    rows = rows.sort(key, maintain_order=True)
    counts = rows.select(pl.struct(key).rle().alias("run")).unnest("run")
    starts = counts["len"].cast(pl.Int64).cum_sum().shift(fill_value=0).to_numpy()
    sums = {name: np.add.reduceat(rows[name].to_numpy(), starts) for name in rows.columns if name not in key}
    means = {
        name: pl.Series(sums[name] / counts["len"].to_numpy())
        for name in ("wis", "log_wis", "coverage_50", "coverage_95", "bias")
    }
    better = pl.when((pl.col("walked") > 0) & (pl.col("of_walk") > 0)).then(pl.col("with_walk") / pl.col("of_walk"))
    both = pl.DataFrame({name: sums[name] for name in ("walked", "with_walk", "of_walk")}).select(relative=better)
    return (
        counts.select(pl.col("value").struct.unnest(), forecasts=pl.col("len").cast(pl.Int64))
        .with_columns(**means)
        .hstack(both)
    )
