"""In chapter 1: what changed since the last report, the one that is given or else the newest that the data hold."""

import datetime as dt
from dataclasses import dataclass

import polars as pl

from dijk.report.pages import Block, Cell, Points, Prose, Say, say
from dijk.report.story import Story
from dijk.tables import ALL

MOVED_DAYS = 3.0
"""A change of cover of at least this many days is told."""

Item = tuple[Say, str | None]


@dataclass(frozen=True)
class Before:
    """What the last report said: its moment, its regimes and its situation."""

    as_of: dt.datetime
    regime: pl.DataFrame
    situation: pl.DataFrame


def changed(story: Story, pressing: list[str]) -> tuple[Block, ...]:
    """Routing, alarms, and the cover of the pressing needs, against the last report."""
    before = _last_report(story)
    if before is None:
        return (Prose(Say("headline.changed.no_previous")),)
    items = (*_rerouted(story, before), *_alarms(story, before), *_moved(story, before, pressing))
    since = Prose(say("headline.changed.since", since=Cell("moment", before.as_of)))
    return since, Points(items, Say("headline.changed.none"))


def _last_report(story: Story) -> Before | None:
    given, as_of = story.about.previous, story.about.previous_as_of
    if given is not None and as_of is not None:
        return Before(as_of, given.regime, given.situation)
    past = story.world.past_regime.filter(pl.col("known_at") < story.world.as_of)
    newest = past["known_at"].max()
    if not isinstance(newest, dt.datetime):
        return None
    situation = story.world.past_situation.filter(pl.col("known_at") == newest)
    return Before(newest, past.filter(pl.col("known_at") == newest), situation)


def _rerouted(story: Story, before: Before) -> list[Item]:
    then = before.regime.select("need", before=pl.col("effective").cast(pl.String))
    now = story.plan.regime.select("need", now=pl.col("effective").cast(pl.String))
    both = now.join(then, on="need", how="full", coalesce=True).filter(pl.col("now").ne_missing(pl.col("before")))
    return [
        (
            say(
                "headline.changed.regime",
                need=story.name("need", row["need"]),
                before=Cell("regime", row["before"], why="not_listed"),
                now=Cell("regime", row["now"], why="not_listed"),
            ),
            "T6.1",
        )
        for row in story.ordered(both).iter_rows(named=True)
    ]


def _alarms(story: Story, before: Before) -> list[Item]:
    then = set(before.regime.filter("alarm")["need"])
    now = set(story.plan.regime.filter("alarm")["need"])
    new = [("headline.changed.alarm_new", need) for need in story.needs if need in now - then]
    over = [("headline.changed.alarm_over", need) for need in story.needs if need in then - now]
    return [(say(key, need=story.name("need", need)), "T6.1") for key, need in new + over]


def _moved(story: Story, before: Before, pressing: list[str]) -> list[Item]:
    """Cover that moved by days, among the pressing needs."""
    nation = (pl.col("sector") == ALL) & (pl.col("region") == ALL)
    then = before.situation.filter(nation).select("need", before="cover_days")
    now = story.plan.situation.filter(nation).select("need", now="cover_days")
    both = now.join(then, on="need").filter(
        pl.col("need").is_in(pressing) & ((pl.col("now") - pl.col("before")).abs() >= MOVED_DAYS)
    )
    return [
        (
            say(
                "headline.changed.cover",
                need=story.name("need", row["need"]),
                before=Cell("days", row["before"]),
                now=Cell("days", row["now"]),
            ),
            "T2.1",
        )
        for row in story.ordered(both).iter_rows(named=True)
    ]
