"""In chapter 5: what was observed, in weeks that all end on the same day, and what is not complete yet."""

import datetime as dt
from dataclasses import dataclass

import polars as pl

from dijk.forecast.indicators import LEAST_DAYS
from dijk.report.story import Story
from dijk.tables import ALL

HISTORY_WEEKS = 10


@dataclass(frozen=True)
class Seen:
    """What was observed: per week its first day and its value, the newest last; ``last_day`` ends the newest week.

    ``late`` is the week up to the newest day with a value, where that is later: not complete yet.
    """

    weeks: pl.DataFrame
    last_day: dt.date
    late: tuple[dt.date, float] | None = None

    @property
    def newest(self) -> float | None:
        """The value of the last week; None where it is not known."""
        last = self.weeks.filter(pl.col("week") == self.last_day - dt.timedelta(days=6))
        return float(last["value"][0]) if last.height else None


def last_complete_day(story: Story) -> dt.date:
    """The last day of the indicators that is used: later ones wait for the reporting lag."""
    return story.world.today - dt.timedelta(days=round(story.rule("reporting_lag_days")))


def seen_indicator(story: Story, indicator: str, *, days: int) -> Seen:
    """An indicator of the whole country: a week is the mean of its known days times ``days``."""
    daily, last = _daily(story, indicator), last_complete_day(story)
    newest = daily["day"].max()
    late = None
    if isinstance(newest, dt.date) and newest > last:
        open_week = _weeks(daily, newest).filter(pl.col("week") == newest - dt.timedelta(days=6))
        late = (newest - dt.timedelta(days=6), open_week["value"][0] * days) if open_week.height else None
    return Seen(_weeks(daily, last).with_columns(pl.col("value") * days), last, late)


def seen_use(story: Story, need: str) -> Seen | None:
    """What sites told of their use of a need, spread evenly over the days that each report speaks of; a week ends on
    the newest of these days. None where nothing was told.
    """
    told = reports_of_use(story, need)
    last = told["day"].max()
    if not isinstance(last, dt.date):
        return None
    start = pl.col("day") - pl.duration(days=pl.col("days") - 1)
    daily = (
        told.with_columns(day=pl.date_ranges(start, "day"), value=pl.col("pieces") / pl.col("days"))
        .explode("day")
        .group_by("day")
        .agg(pl.col("value").sum())
    )
    return Seen(_weeks(daily, last).with_columns(pl.col("value") * 7), last)


def reports_of_use(story: Story, need: str) -> pl.DataFrame:
    """The reports of use of a need that say a figure."""
    return story.world.use.filter((pl.col("need") == need) & pl.col("pieces").is_not_null())


def national(story: Story, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of the whole country: those under ``all``, else those of a region of the scheme nation."""
    nation = story.world.region.filter(pl.col("scheme") == "nation")["region"]
    whole = frame.filter(pl.col("region") == ALL)
    return whole if whole.height else frame.filter(pl.col("region").is_in(nation.implode()))


def _daily(story: Story, indicator: str) -> pl.DataFrame:
    known = story.world.indicator.filter((pl.col("indicator") == indicator) & pl.col("value").is_not_null())
    whole = national(story, known)
    if whole.is_empty():  # the regions add up to the nation
        return known.group_by("day").agg(pl.col("value").sum())
    return whole.select("day", "value")


def _weeks(daily: pl.DataFrame, last: dt.date) -> pl.DataFrame:
    """The mean of the known days of each week that ends seven, fourteen, ... days before ``last``, or on it: week (its
    first day), value. Weeks with fewer than ``LEAST_DAYS`` known days are left out.
    """
    ago = (pl.lit(last) - pl.col("day")).dt.total_days()
    weeks = (
        daily.filter(ago >= 0)
        .group_by(week=pl.lit(last) - pl.duration(days=ago // 7 * 7 + 6))
        .agg(pl.col("value").mean(), days=pl.len())
    )
    return weeks.filter(pl.col("days") >= LEAST_DAYS).sort("week").select("week", "value").tail(HISTORY_WEEKS)
