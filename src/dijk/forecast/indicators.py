"""Daily indicators -> weeks that the engine can read, and the picture of what stands behind the number."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dijk.inputs import Inputs
from dijk.tables import ALL, UNKNOWN
from dijk.tables.forecast import IndicatorSeen

Array = npt.NDArray[np.float64]

LEAST_DAYS = 5  # a week with fewer known days is missing: two days, such as a weekend, are made up for
LONGEST_PAST = 156  # weeks; older weeks have no weight left


@dataclass(frozen=True)
class WeeklySeries:
    """An indicator as weeks that end on the last usable day, whatever weekday that is.

    A week's value is the sum of its days, of a state too: for beds that is patient-days. Only reports call it back to
    a mean per day.
    """

    indicator: str
    regions: tuple[str, ...]  # "all" alone where only the nation is known
    last_day: dt.date  # last day of the newest week
    values: Array  # (regions, weeks), newest last, NaN missing
    daily: Array  # (regions, days), the same days one by one
    whole: Array | None = None  # (days,), the nation's own figures where they stand beside those of its regions
    factor: Array | None = (
        None  # (regions,), by which the newest week was corrected; None where no source changes its figures
    )
    doubt: Array | None = None  # (regions,), what the correction adds to the spread of the log

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each row that no other indicator has."""
        return tuple(f"{self.indicator}/{region}" for region in self.regions)


def weekly_series(world: Inputs, last_day: dt.date) -> list[WeeklySeries]:
    """Give each indicator as weeks, all regions of one indicator together.

    Where the nation and its regions are both known, what the regions do not explain is the region
    "unknown", so that the sum is the nation. Days after ``last_day`` are not used yet.
    """
    ago = (pl.lit(last_day) - pl.col("day")).dt.total_days()
    days = (
        placed(world, world.indicator)
        .filter((pl.col("day") <= last_day) & pl.col("value").is_not_null())
        .with_columns(ago=ago)
        .filter(pl.col("ago") < 7 * LONGEST_PAST)
    )
    return [
        _one_series(str(name), rows, last_day)
        for (name,), rows in sorted(days.group_by("indicator"), key=lambda part: part[0])
    ]


def indicators_seen(world: Inputs, last_day: dt.date) -> pl.DataFrame:
    """Give the last value of each indicator and region with its day, the last week, the growth and the missing days.

    The last week is the seven days up to ``last_day``: their mean, times seven where the values are a flow; empty with
    fewer than ``LEAST_DAYS`` of them.

    Growth is the sum of the last seven days over the seven before them, both only from days with a value, each at
    least ``LEAST_DAYS`` of seven; empty otherwise and where the week before was nothing. ``nowcast`` is left empty.
    """
    rows = (
        placed(world, world.indicator).filter((pl.col("day") <= last_day) & pl.col("value").is_not_null()).sort("day")
    )
    ago = (pl.lit(last_day) - pl.col("day")).dt.total_days()
    this, before = ago < 7, (ago >= 7) & (ago < 14)
    mean_this, mean_before = pl.col("value").filter(this).mean(), pl.col("value").filter(before).mean()
    enough = (this.sum() >= LEAST_DAYS) & (before.sum() >= LEAST_DAYS) & (mean_before > 0)
    seen = rows.group_by("indicator", "region").agg(
        pl.col("day").last(),
        pl.col("value").last(),
        week_value=pl.when(this.sum() >= LEAST_DAYS).then(mean_this),
        growth=pl.when(enough).then((mean_this / mean_before).clip(0, 1e6)),
        missing_days=28 - (ago < 28).sum(),
        nowcast=pl.lit(None, pl.Float64),
    )
    silent = (
        placed(world, world.indicator)
        .select("indicator", "region")
        .unique()
        .join(seen, on=["indicator", "region"], how="anti")
    )
    empty = silent.with_columns(missing_days=pl.lit(28))
    every = pl.concat([seen, empty], how="diagonal_relaxed").join(measures(world), on="indicator", how="left")
    days = pl.when(pl.col("measure") == "flow").then(7).otherwise(1)
    return IndicatorSeen.cast(
        every.with_columns(week_value=pl.col("week_value") * days)
        .select(IndicatorSeen.column_names())
        .sort("indicator", "region")
    )


def measures(world: Inputs) -> pl.DataFrame:
    """What the values of each indicator count: indicator, measure. Empty where it is not told, or told both ways: then
    only a mean per day is sure to be right.
    """
    told = pl.col("measure").cast(pl.String).drop_nulls()
    return world.indicator.group_by("indicator").agg(measure=pl.when(told.n_unique() == 1).then(told.first()))


def placed(world: Inputs, rows: pl.DataFrame, *more: str) -> pl.DataFrame:
    """Rows of the indicator facts with the nation's own under the region "all": indicator, day, value, region, and what
    more is named.
    """
    nation = world.region.filter(pl.col("scheme") == "nation")["region"]
    region = pl.when(pl.col("region").is_in(nation.implode())).then(pl.lit(ALL)).otherwise("region")
    return rows.select("indicator", "day", "value", *more, region=region)


def _one_series(name: str, rows: pl.DataFrame, last_day: dt.date) -> WeeklySeries:
    regions = sorted(set(rows["region"]))
    days = 7 * (int(rows["ago"].max()) // 7 + 1)  # type: ignore[arg-type]
    daily = np.full((len(regions), days), np.nan)
    place = {region: row for row, region in enumerate(regions)}
    daily[[place[region] for region in rows["region"]], days - 1 - rows["ago"].to_numpy()] = rows["value"].to_numpy()
    values, whole = week_sums(daily), None
    if ALL in place and len(regions) > 1:
        whole = daily[place[ALL]]
        parts = [row for region, row in place.items() if region != ALL]
        regions = [regions[row] for row in parts]
        if UNKNOWN not in place:
            regions.append(UNKNOWN)
            values, daily = (np.vstack([v, rest(v[place[ALL]], v[parts])]) for v in (values, daily))
            parts.append(len(values) - 1)
        values, daily = values[parts], daily[parts]
    return WeeklySeries(name, tuple(regions), last_day, values, daily, whole)


def week_sums(daily: Array) -> Array:
    """Sum the days, (series, days), of each whole week, made up to seven; missing with fewer than ``LEAST_DAYS``."""
    weeks = daily.reshape(len(daily), -1, 7)
    known = (~np.isnan(weeks)).sum(axis=2)
    return np.asarray(np.where(known >= LEAST_DAYS, np.nansum(weeks, axis=2) * 7 / np.maximum(known, 1), np.nan))


def with_nation(series: WeeklySeries) -> tuple[list[str], Array]:
    """Give the regions and the nation after them, by name, and their days, shape (regions + 1, days).

    The nation's own figure counts; where it has none that day, the sum of its regions, if none of them is missing.
    """
    if series.regions == (ALL,):
        return [ALL], series.daily
    summed = series.daily.sum(axis=0)
    whole = summed if series.whole is None else np.where(np.isnan(series.whole), summed, series.whole)
    return [*series.regions, ALL], np.vstack([series.daily, whole])


def rest(whole: Array, parts: Array) -> Array:
    """What the parts do not explain of the whole, 0 or more; NaN where one of them is not known."""
    return np.asarray(np.maximum(whole - parts.sum(axis=0), 0.0))
