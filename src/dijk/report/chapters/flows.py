"""Chapter 3: what was asked, what was delivered by which channel, and how much of the need was met in cure and in
care.
"""

from dataclasses import replace
from typing import Any

import polars as pl

from dijk.report.pages import Cell, Chapter, Chart, Column, Figure, Heading, Prose, Say, Table, say
from dijk.report.story import CARE_FIRST, Story
from dijk.tables import ALL
from dijk.tables.results import DELIVERED

NUMBER = 3


def flows(story: Story) -> Chapter:
    """Requested beside delivered, per need, per sector, and cure beside care."""
    days = Cell("whole", int(story.rule("flow_days")))
    return Chapter(
        NUMBER,
        "flows",
        (
            Prose(say("flows.intro", days=days)),
            _per_need(story),
            Heading(Say("flows.sectors.heading")),
            _per_sector(story),
            Heading(Say("flows.drift.heading")),
            *_drift(story),
        ),
    )


def period(story: Story) -> pl.DataFrame:
    """The flows over the period of the policy, all regions together."""
    return story.plan.flow.filter((pl.col("region") == ALL) & (pl.col("days") == int(story.rule("flow_days"))))


def drift(story: Story) -> pl.DataFrame:
    """Cure against care per need, in the order of the needs."""
    return story.ordered(story.plan.drift)


def _per_need(story: Story) -> Table:
    frame = story.ordered(period(story).filter(pl.col("sector") == ALL))
    columns = (
        Column(Say("col.need"), "need", "need"),
        Column(Say("col.requested"), "pieces", "requested", "no_request"),
        Column(Say("col.requested_counted"), "pieces", "requested_counted", "no_request"),
        Column(Say("col.out_of_scope"), "pieces", "out_of_scope", "no_request"),
        *(Column(Say(f"channel.{name}"), "pieces", name) for name in DELIVERED.values()),
        Column(Say("col.norm_use"), "pieces", "norm_use"),
        Column(Say("col.need_met"), "share", "need_met", "no_norm"),
    )
    return Table("T3.1", Say("flows.need.title"), columns, story.rows(frame, columns), notes=(Say("flows.need.note"),))


def _per_sector(story: Story) -> Table:
    """Share met per need, group and sector, with delivered of norm use below it; the sectors of care come first."""
    seen = [code for code in CARE_FIRST if code in set(period(story)["sector"])]
    across = (*seen, *story.sectors)
    by_place = {(row["need"], row["sector"]): row for row in period(story).iter_rows(named=True)}
    lines = tuple(
        (story.name("need", need), *(_met(by_place.get((need, code))) for code in across)) for need in story.needs
    )
    columns = (Column(Say("col.need")), *(Column(story.text("sector", code), "share") for code in across))
    return Table("T3.2", Say("flows.sectors.title"), columns, lines, notes=(Say("flows.sectors.note"),), wide=True)


def _met(row: dict[str, Any] | None) -> Cell:
    if row is None:
        return Cell("share", None, why="not_applicable")
    return Cell("share", row["need_met"], why="no_norm", below=say("flows.of", **fraction(row)))


def fraction(row: dict[str, Any]) -> dict[str, Cell]:
    """What a share met is of: pieces delivered, and the norm use."""
    delivered = sum(int(row[name] or 0) for name in DELIVERED.values())
    return {"delivered": Cell("brief", delivered), "norm": Cell("brief", row["norm_use"], why="no_norm")}


def met_in(story: Story, need: str, group: str) -> dict[str, Cell]:
    """What the share met of a need in a group of sectors is of; a question mark where nobody knows."""
    rows = period(story).filter((pl.col("need") == need) & (pl.col("sector") == group))
    unknown = {name: Cell("brief", None, why="short") for name in ("delivered", "norm")}
    return fraction(rows.row(0, named=True)) if rows.height else unknown


def _with_fraction(story: Story, need: str, met: Cell, group: str) -> Cell:
    return met if met.unknown else replace(met, below=say("flows.of", **met_in(story, need, group)))


def _drift(story: Story) -> tuple[Figure]:
    frame = drift(story)
    columns = (
        Column(Say("col.need"), "need", "need"),
        Column(Say("total.cure"), "share", "cure", "no_norm"),
        Column(Say("total.care"), "share", "care", "no_norm"),
        Column(Say("col.gap_points"), "points", "gap", "no_norm"),
        Column(Say("col.alarm"), "drift", "sign", "no_norm"),
    )
    sign = pl.when("alarm").then(pl.lit("alarm")).otherwise(pl.lit("fine"))
    frame = frame.with_columns(sign=pl.when(pl.col("alarm").is_not_null()).then(sign))
    lines = zip(frame["need"], story.rows(frame, columns), strict=True)
    rows = tuple(
        (row[0], *(_with_fraction(story, need, *one) for one in ((row[1], "cure"), (row[2], "care"))), *row[3:])
        for need, row in lines
    )
    table = Table("F3.1t", Say("flows.drift.title"), columns, rows)
    loud = frame.filter("alarm")
    chart = Chart(
        "ranges",
        tuple(
            {
                "name": story.text("need", row["need"]),
                "low": row["cure"],
                "high": row["care"],
                "strong": bool(row["alarm"]),
            }
            for row in frame.iter_rows(named=True)
            if row["cure"] is not None and row["care"] is not None
        )[:24],
        Say("chart.share_met"),
        (Say("total.cure"), Say("total.care")),
    )
    alt = say("flows.drift.alt", count=Cell("whole", loud.height), needs=Cell("whole", frame.height))
    limit = Cell("points", story.rule("drift_alarm"))
    return (Figure("F3.1", Say("flows.drift.title"), chart, alt, table, notes=(say("flows.drift.note", limit=limit),)),)
