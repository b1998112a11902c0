"""Chapter 5: what care will need, on which indicators that rests, and what a scenario would do to it."""

from typing import Any

import polars as pl

from dijk.report.chapters.cost import CURVES, scenario_costs
from dijk.report.chapters.fans import FAN_NEEDS, driver_fans, need_fans
from dijk.report.chapters.track import track_record
from dijk.report.chapters.usage import usage
from dijk.report.chapters.weeks import last_complete_day, national
from dijk.report.pages import Cell, Chapter, Column, Figures, Heading, Prose, Row, Say, Table, say
from dijk.report.story import Story
from dijk.tables import ALL


def outlook(story: Story) -> Chapter:
    """Indicators beside the number, fan charts of drivers and needs, scenarios with their effect."""
    levels = Cell("whole", FAN_NEEDS)
    return Chapter(
        5,
        "outlook",
        (
            Prose(Say("outlook.intro")),
            Prose(say("outlook.last_week", last=Cell("date", last_complete_day(story)))),
            _indicators(story),
            Heading(Say("outlook.drivers.heading")),
            Figures(driver_fans(story)),
            Heading(Say("outlook.needs.heading")),
            Prose(say("outlook.envelope", count=levels)),
            Prose(Say("outlook.use.note")),
            Figures(need_fans(story)),
            Heading(Say("outlook.scenarios.heading")),
            _scenarios(story),
            _effects(story),
            scenario_costs(story),
            *usage(story),
            *track_record(story),
        ),
    )


def _indicators(story: Story) -> Table:
    frame = national(story, story.plan.indicator_seen).sort("indicator", "region")
    columns = (
        Column(Say("col.indicator"), "indicator", "indicator"),
        Column(Say("col.last_day"), "day", "day", "no_value"),
        Column(Say("col.last_value"), "number", "value", "no_value"),
        Column(Say("col.week_value"), "number", "week_value", "no_value"),
        Column(Say("col.measure"), "measure", "measure", "mean_only"),
        Column(Say("col.growth"), "factor", "growth", "no_value"),
        Column(Say("col.missing_days"), "whole", "missing_days"),
        Column(Say("col.nowcast"), "factor", "nowcast", "not_corrected"),
    )
    return Table(
        "T5.1",
        Say("outlook.indicators.title"),
        columns,
        story.rows(frame, columns),
        notes=(Say("outlook.indicators.note"),),
    )


def _scenarios(story: Story) -> Table:
    frame = story.rules.in_force("scenario", story.world.today).sort("starts_on", "scenario")
    lines = frame.group_by("scenario", maintain_order=True).agg(
        pl.col("advice", "starts_on", "ramp_days", "in_curve", "basis", "set_by", "how").first(), parts=pl.len()
    )
    columns = (
        Column(Say("col.scenario"), "curve", "scenario"),
        Column(Say("col.advice"), "text", "advice"),
        Column(Say("col.starts_on"), "day", "starts_on"),
        Column(Say("col.ramp_days"), "whole", "ramp_days"),
        Column(Say("col.in_curve"), "in_curve", "in_curve"),
        Column(Say("col.basis"), "text", "basis"),
        Column(Say("col.how"), "how", "how"),
    )
    return Table("T5.2", Say("outlook.scenarios.title"), columns, story.rows(lines, columns))


def _effects(story: Story) -> Table:
    """Demand over the weeks that are forecast, per curve; scenarios as what they add to base, the figure of T5.7."""
    demand = story.plan.demand
    whole = story.plan.scenario_cost.filter(pl.col("sector") == ALL)
    by_place = {(row["need"], row["curve"]): row for row in whole.iter_rows(named=True)}
    scenarios = sorted(set(demand["curve"].unique()) - set(CURVES))
    columns = (
        Column(Say("col.need")),
        *(Column(story.text("curve", curve), "pieces") for curve in CURVES),
        *(Column(story.text("curve", curve), "signed") for curve in scenarios),
    )
    lines = tuple(_effect_line(story, by_place, need, scenarios) for need in story.needs)
    return Table(
        "T5.3",
        say("outlook.effects.title", weeks=Cell("whole", demand["week"].n_unique())),
        columns,
        lines,
        notes=(Say("outlook.effects.note"),),
        wide=True,
    )


def _effect_line(story: Story, by_place: dict[tuple[str, str], dict[str, Any]], need: str, scenarios: list[str]) -> Row:
    demand = (by_place.get((need, curve), {}).get("demand_pieces") for curve in CURVES)
    base = by_place.get((need, "base"), {}).get("demand_pieces")
    added = (by_place.get((need, curve), {}).get("extra_mid", 0) for curve in scenarios)
    curves = (Cell("pieces", pieces, why="no_forecast") for pieces in demand)
    return (story.name("need", need), *curves, *(_effect(extra, base) for extra in added))


def _effect(extra: int, base: int | None) -> Cell:
    if base is None:
        return Cell("signed", None, why="no_forecast")
    share = say("outlook.effects.share", share=Cell("share", extra / base)) if base > 0 and extra else None
    return Cell("signed", extra, below=share)
