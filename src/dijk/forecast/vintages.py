"""What was said before of an indicator -> its newest weeks at the height where its source usually ends up."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from dijk.forecast.indicators import LEAST_DAYS, WeeklySeries, placed, rest
from dijk.forecast.nowcast import FINAL_AFTER_WEEKS, Revision, nowcast, revision
from dijk.forecast.odd_series import change_of_unit
from dijk.inputs import Inputs
from dijk.tables import ALL, UNKNOWN
from dijk.tables.forecast import IndicatorSeen

Array = npt.NDArray[np.float64]

AGES = 3  # newest weeks that may be corrected
COMPARED = 12  # weeks of one state of a source that are set beside the next, to find a change of unit


def nowcast_series(every: Sequence[WeeklySeries], world: Inputs, last_day: dt.date) -> list[WeeklySeries]:
    """Correct the newest weeks of each series where its source nearly always corrected them the same way.

    Parameters
    ----------
    every
        The series as known today.
    world
        The known world; ``told_indicator`` holds what was said of the indicators before.
    last_day
        Last day of the newest week.

    Returns
    -------
    The series, in order. One of which no figure was ever changed is the very same. Else ``values`` and ``daily`` of the
    weeks that are corrected are larger or smaller, ``factor`` says how much and ``doubt`` how sure that is. Missing
    stays missing.
    """
    changed = set(world.told_indicator["indicator"])
    return [_corrected(one, world, last_day) if one.indicator in changed else one for one in every]


def weeks_as_told(world: Inputs, indicator: str, last_day: dt.date) -> pl.DataFrame:
    """Give the sum of each past week as it was known when it was 0, 1, ... weeks old: region, week, age, value.

    ``week`` counts back from the newest week, which is 0. A week of that age was seen at the same hour as ``as_of``, so
    many weeks earlier; with fewer than ``LEAST_DAYS`` days known then it is not there.
    """
    key = ["indicator", "region", "day"]
    rows = (
        pl.concat([world.indicator, world.told_indicator])
        .filter(pl.col("indicator") == indicator)
        .sort(*key, "known_at")
    )
    until = pl.col("known_at").shift(-1).over(key)
    back = (pl.lit(last_day) - pl.col("day")).dt.total_days() // 7
    lives = (
        placed(world, rows.with_columns(until=until), "known_at", "until")
        .with_columns(week=back)
        .filter(pl.col("week") >= 0)
    )
    seen = lives.join(pl.DataFrame({"age": range(COMPARED)}, schema={"age": pl.Int64}), how="cross")
    seen_at = pl.lit(world.as_of) - pl.duration(weeks=pl.col("week") - pl.col("age"))
    held = (pl.col("known_at") <= seen_at) & (pl.col("until").is_null() | (pl.col("until") > seen_at))
    return (
        seen.filter((pl.col("age") <= pl.col("week")) & held & pl.col("value").is_not_null())
        .group_by("region", "week", "age")
        .agg(pl.col("value").sort().sum() * 7 / pl.len(), days=pl.len())
        .filter(pl.col("days") >= LEAST_DAYS)
        .select("region", "week", "age", "value")
    )


def with_corrections(seen: pl.DataFrame, every: Sequence[WeeklySeries]) -> pl.DataFrame:
    """Say beside each indicator seen by which factor its newest week was corrected; empty where it was not. Table
    ``IndicatorSeen``.
    """
    rows = []
    for one in every:
        if one.factor is None:
            continue
        newest, factors = one.values[:, -1], dict(zip(one.regions, one.factor, strict=True))
        if ALL not in factors:
            known = ~np.isnan(newest)
            before = (newest[known] / one.factor[known]).sum()
            factors[ALL] = newest[known].sum() / before if before > 0 else 1.0
        rows += [(one.indicator, region, float(factor)) for region, factor in factors.items() if factor != 1.0]
    made = pl.DataFrame(rows, schema={"indicator": pl.String, "region": pl.String, "nowcast": pl.Float64}, orient="row")
    joined = seen.drop("nowcast").join(made, on=["indicator", "region"], how="left", maintain_order="left")
    return IndicatorSeen.cast(joined.select(IndicatorSeen.column_names()))


def _corrected(series: WeeklySeries, world: Inputs, last_day: dt.date) -> WeeklySeries:
    weeks = series.values.shape[1]
    told = _laid_out(weeks_as_told(world, series.indicator, last_day), series, weeks)
    learnt = [_learnt(told[row], series.values[row]) for row in range(len(series.regions))]
    if all((one.factor == 1.0).all() for one in learnt):
        return series
    better = nowcast(series.values, learnt)
    with np.errstate(divide="ignore", invalid="ignore"):
        times = better / series.values
    times = np.where(np.isfinite(times), times, 1.0)  # nothing seen has no days to raise; missing stays missing
    first = series.daily.shape[1] - 7 * weeks
    daily = series.daily.copy()
    daily[:, first:] *= np.repeat(times, 7, axis=1)
    known = ~np.isnan(series.values)
    age = np.minimum(np.argmax(known[:, ::-1], axis=1), AGES - 1)  # of the last known week, where the forecast starts
    doubt = np.array([one.spread[at] for one, at in zip(learnt, age, strict=True)])
    return replace(series, values=better, daily=daily, factor=times[:, -1], doubt=doubt)


def _laid_out(told: pl.DataFrame, series: WeeklySeries, weeks: int) -> Array:
    """As told, by region, age and week, shape (regions, ages, weeks), the newest week last; NaN where it was not there
    yet.
    """
    rows = told.filter(pl.col("week") < weeks)
    names = sorted({*rows["region"], *series.regions, ALL})
    out = np.full((len(names), COMPARED, weeks), np.nan)
    place = {name: row for row, name in enumerate(names)}
    out[[place[name] for name in rows["region"]], rows["age"].to_numpy(), weeks - 1 - rows["week"].to_numpy()] = rows[
        "value"
    ].to_numpy()
    if UNKNOWN in series.regions and UNKNOWN not in set(
        rows["region"]
    ):  # it is what the regions do not explain of the nation
        parts = [place[name] for name in series.regions if name != UNKNOWN]
        out[place[UNKNOWN]] = rest(out[place[ALL]], out[parts])
    return out[[place[name] for name in series.regions]]


def _learnt(told: Array, now: Array) -> Revision:
    """Learn from one series, told (ages, weeks) and as known now (weeks,); what was told before a change of unit
    teaches nothing.
    """
    weeks = len(now)
    at_age, final = told[:AGES].copy(), now.copy()
    final[max(weeks - FINAL_AFTER_WEEKS, 0) :] = np.nan
    for ago in range(1, weeks):  # the state so many weeks ago, and the one a week later
        newest = weeks - 1 - ago
        ages = np.arange(min(COMPARED - 1, newest + 1))
        before, after = told[ages, newest - ages], told[ages + 1, newest - ages]
        if (
            2 * (before == after).sum() < len(ages) and change_of_unit(before, after) is not None
        ):  # most the same is no change, and quick
            for age in range(AGES):
                at_age[age, : max(newest - age + 1, 0)] = np.nan
            break
    return revision(at_age, final)
