"""In chapter 1: what is scarce, by name, how long it lasts and where it is out first; when the next report comes."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl

from dijk.report.pages import Block, Cell, Points, Prose, Say, say
from dijk.report.story import Story
from dijk.tables import ALL, UNKNOWN

NAMED = 6
"""The sentence names so many scarce needs; the table has them all."""
MONDAY, THURSDAY = 0, 3
REPORT_HOUR = dt.time(17)
"""When a report comes, on the clock of its readers. The decision lists of April 2020 name both days, and the hour of
Mondays alone.
"""
"""When the report of Monday comes."""


def lead(story: Story) -> tuple[Block, ...]:
    """The sentence that can be read out, how the needs are counted, and per scarce need where and when it is out."""
    if not story.needs:
        return (Prose(Say("headline.nothing_known")), Prose(_next(story)))
    out_first = tuple((words, "T2.2") for need in story.regimes("scarce")[:NAMED] for words in _first_out(story, need))
    points = (Points(out_first, Say("table.empty")),) if out_first else ()
    return (Prose(_scarce(story)), Prose(_counts(story)), *points, Prose(_next(story)))


def _scarce(story: Story) -> Say:
    """The scarce needs by name with their cover."""
    scarce = story.regimes("scarce")
    if not scarce:
        return Say("headline.lead.unsaid" if story.regimes("unknown") else "headline.lead.none")
    named = [_with_cover(story, need) for need in scarce[:NAMED]]
    if len(scarce) > NAMED:
        named.append(say("headline.lead.others", count=Cell("whole", len(scarce) - NAMED)))
    return say("headline.lead.one" if len(scarce) == 1 else "headline.lead.many", needs=listed(named))


def _with_cover(story: Story, need: str) -> Say:
    row = _nation(story, need)
    days = None if row is None else row["cover_days"]
    verdict = need in set(story.plan.regime.filter(pl.col("effective") != pl.col("computed"))["need"])
    if days is None:
        return say("headline.lead.need_unknown", need=story.name("need", need))
    count = round(days)
    key = "headline.lead.need_verdict" if verdict else f"headline.lead.{'need_day' if count == 1 else 'need'}"
    return say(key, need=story.name("need", need), days=Cell("under_one" if count < 1 else "whole", count))


def _nation(story: Story, need: str) -> dict[str, Any] | None:
    whole = (pl.col("sector") == ALL) & (pl.col("region") == ALL) & (pl.col("need") == need)
    return next(story.plan.situation.filter(whole).iter_rows(named=True), None)


def listed(parts: Sequence[Say]) -> Cell:
    """Several of something as one: a, b and c."""
    *before, last = parts
    words = last
    for place, part in enumerate(reversed(before)):
        words = say(
            "headline.lead.and" if place == 0 else "headline.lead.comma",
            one=Cell("text", part),
            rest=Cell("text", words),
        )
    return Cell("text", words)


def _first_out(story: Story, need: str) -> tuple[Say, ...]:
    """Until when a need lasts in the country, and the region and the sector where it is out first."""
    whole = _nation(story, need)
    if whole is None or whole["cover_days"] is None:
        return ()
    region, sector = _earliest(story, need, "region"), _earliest(story, need, "sector")
    if region is None or sector is None:
        return ()
    gaps = {
        "need": story.name("need", need),
        "region": story.name("region", region["region"]),
        "region_day": _day(story, region),
        "sector": story.name("sector", sector["sector"]),
        "sector_day": _day(story, sector),
    }
    if whole["out_day_50"] is None:
        return (say("headline.lead.lasts", **gaps),)
    return (say("headline.lead.out", day=_day(story, whole), **gaps),)


def _earliest(story: Story, need: str, axis: str) -> dict[str, Any] | None:
    """The region, or the sector, in which half of the futures are out first."""
    other = "sector" if axis == "region" else "region"
    places = story.regions if axis == "region" else story.sectors
    rows = story.plan.situation.filter(
        (pl.col("need") == need)
        & (pl.col(other) == ALL)
        & pl.col(axis).is_in(places)
        & (pl.col(axis) != UNKNOWN)
        & pl.col("out_day_50").is_not_null()
    )
    return next(rows.sort("out_day_50", axis).iter_rows(named=True), None)


def _day(story: Story, row: dict[str, Any]) -> Cell:
    return Cell("date", story.world.today + dt.timedelta(days=int(row["out_day_50"])))


def _counts(story: Story) -> Say:
    regimes = {"scarce": "scarce", "early": "early_warning", "direct": "direct"}
    counts = {gap: Cell("whole", len(story.regimes(regime))) for gap, regime in regimes.items()}
    counts |= {"needs": Cell("whole", len(story.needs))}
    if not story.regimes("unknown"):
        return say("headline.opening", **counts)
    return say("headline.opening_unknown", **counts, unknown=Cell("whole", len(story.regimes("unknown"))))


def _next(story: Story) -> Say:
    """When the next report comes: as told, else the first Monday, at five, or Thursday after the day of this one."""
    moment = story.about.next_report
    if moment is None:
        day = story.world.today + dt.timedelta(days=1)
        while day.weekday() not in (MONDAY, THURSDAY):
            day += dt.timedelta(days=1)
        moment = dt.datetime.combine(day, REPORT_HOUR if day.weekday() == MONDAY else dt.time())
    if moment.time() == dt.time():
        return say("headline.next.day", day=Cell("weekday", moment.date()))
    return say("headline.next.hour", day=Cell("weekday", moment.date()), hour=Cell("hour", moment.time()))
