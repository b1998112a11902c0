"""Chapter 5: what care will need, on which indicators that rests, and what a scenario would do to it."""

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl

from dijk.forecast.indicators import LEAST_DAYS
from dijk.report.chapters.cost import CURVES, scenario_costs
from dijk.report.chapters.track import track_record
from dijk.report.chapters.usage import usage
from dijk.report.pages import Cell, Chapter, Chart, Column, Figure, Figures, Heading, Prose, Row, Say, Table, say
from dijk.report.story import Story
from dijk.tables import ALL

FAN_NEEDS = 12
"""Needs that get a chart of their own: the most pressing ones. The others stand in the table."""
HISTORY_WEEKS = 10
ROOM = 3
"""A fan's axis ends at so many times the highest of what was observed, the median and the max curve: a wide band runs
off it.
"""
BANDS = ((0.05, 0.95), (0.25, 0.75))
"""The outer and the inner band of a fan; the nearest levels that the forecast has are taken."""


def outlook(story: Story) -> Chapter:
    """Indicators beside the number, fan charts of drivers and needs, scenarios with their effect."""
    levels = Cell("whole", FAN_NEEDS)
    return Chapter(
        5,
        "outlook",
        (
            Prose(Say("outlook.intro")),
            _indicators(story),
            Heading(Say("outlook.drivers.heading")),
            Figures(_driver_fans(story)),
            Heading(Say("outlook.needs.heading")),
            Prose(say("outlook.envelope", count=levels)),
            Prose(Say("outlook.use.note")),
            Figures(_need_fans(story)),
            Heading(Say("outlook.scenarios.heading")),
            _scenarios(story),
            _effects(story),
            scenario_costs(story),
            *usage(story),
            *track_record(story),
        ),
    )


def _indicators(story: Story) -> Table:
    frame = _national(story, story.plan.indicator_seen).sort("indicator", "region")
    columns = (
        Column(Say("col.indicator"), "indicator", "indicator"),
        Column(Say("col.last_day"), "day", "day", "no_value"),
        Column(Say("col.last_value"), "number", "value", "no_value"),
        Column(Say("col.week_value"), "number", "week_value", "no_value"),
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


def _national(story: Story, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of the whole country: those under ``all``, else those of a region of the scheme nation."""
    nation = story.world.region.filter(pl.col("scheme") == "nation")["region"]
    whole = frame.filter(pl.col("region") == ALL)
    return whole if whole.height else frame.filter(pl.col("region").is_in(nation.implode()))


def _driver_fans(story: Story) -> tuple[Figure, ...]:
    forecast = _national(story, story.plan.driver_forecast)
    fans = []
    for place, (key, rows) in enumerate(forecast.group_by("indicator", maintain_order=True), 1):
        code = str(key[0])
        fan = _fan(rows.select("week", "quantile_level", value="value"))
        past = _weekly(story, code, fan["week"][0]).tail(HISTORY_WEEKS)
        title = say("outlook.driver.title", indicator=story.name("indicator", code))
        note = (Say("outlook.cold_start"),) if rows["cold_start"].any() else ()
        figure = _fan_figure(f"5.{place}", title, past, fan, Say("chart.week_sum"))
        fans.append(replace(figure, notes=figure.notes + note))
    return tuple(fans)


def _weekly(story: Story, indicator: str, first: dt.date) -> pl.DataFrame:
    """Totals of the weeks before the forecast, made up to seven days as the forecast does it: week, value.

    A week with fewer than ``LEAST_DAYS`` days is left out. For beds taken a total is patient-days.
    """
    known = story.world.indicator.filter((pl.col("indicator") == indicator) & pl.col("value").is_not_null())
    rows = _national(story, known)
    if rows.is_empty():  # the regions add up to the nation
        rows = known.group_by("day").agg(pl.col("value").sum())
    weeks = rows.group_by(week=pl.col("day").dt.truncate("1w")).agg(value=pl.col("value").mean() * 7, days=pl.len())
    whole = (pl.col("week") < first) & (pl.col("days") >= LEAST_DAYS)
    return weeks.filter(whole).sort("week").select("week", "value")


def _fan(rows: pl.DataFrame) -> pl.DataFrame:
    """Per week the median and two bands, from the levels nearest to those wanted: week, outer_low ... outer_high."""
    levels = rows["quantile_level"].unique().sort().to_list()
    wanted = {
        "outer_low": BANDS[0][0],
        "inner_low": BANDS[1][0],
        "median": 0.5,
        "inner_high": BANDS[1][1],
        "outer_high": BANDS[0][1],
    }
    frame = rows.select("week").unique().sort("week")
    for name, level in wanted.items():
        nearest = min(levels, key=lambda has: (abs(has - level), has))
        part = rows.filter(pl.col("quantile_level") == nearest).select("week", pl.col("value").alias(name))
        frame = frame.join(part, on="week", how="left", maintain_order="left")
    return frame


def _fan_figure(ref: str, title: Say, past: pl.DataFrame, fan: pl.DataFrame, y: Say) -> Figure:
    edges = [name for name in fan.columns if name in ("low", "max")]
    marks = (
        Say("chart.past"),
        Say("chart.median"),
        Say("chart.outer"),
        Say("chart.inner"),
        Say("curve.low"),
        Say("curve.max"),
    )
    names = ["outer_low", "inner_low", "median", "inner_high", "outer_high", *edges]
    columns = (Column(Say("col.week"), "day", "week"), *(Column(Say(f"fan.{name}"), "pieces", name) for name in names))
    table = Table(f"F{ref}t", title, columns, _fan_rows(fan, columns))
    top = _top(past, fan)
    off = (Say("outlook.off_axis"),) if fan["outer_high"].max() > top else ()  # type: ignore[operator]
    return Figure(
        f"F{ref}", title, Chart("fan", _drawn(past, fan, edges), y, marks, top), _fan_alt(past, fan), table, off
    )


def _drawn(past: pl.DataFrame, fan: pl.DataFrame, edges: list[str]) -> tuple[dict[str, Any], ...]:
    """The rows of a fan: what was observed, then per week the bands, the median and the edges."""
    seen = past.select("week", "value").iter_rows()
    drawn: list[dict[str, Any]] = [{"x": str(week), "part": "past", "value": value} for week, value in seen]
    for row in fan.iter_rows(named=True):
        x = str(row["week"])
        drawn += [
            {"x": x, "part": band, "low": row[f"{band}_low"], "high": row[f"{band}_high"]}
            for band in ("outer", "inner")
        ]
        drawn += [{"x": x, "part": line, "value": row[line]} for line in ("median", *edges)]
    return tuple(drawn)


def _top(past: pl.DataFrame, fan: pl.DataFrame) -> float:
    """Where the axis of a fan ends."""
    core = [past["value"].max(), fan["median"].max(), fan["max"].max() if "max" in fan.columns else None]
    most = max(float(value) for value in core if isinstance(value, int | float))
    widest = fan["outer_high"].max()
    return max(1.05 * most, min(ROOM * most, float(widest))) if isinstance(widest, int | float) else most


def _fan_rows(fan: pl.DataFrame, columns: tuple[Column, ...]) -> tuple[tuple[Cell, ...], ...]:
    names = [column.name for column in columns]
    return tuple(
        tuple(
            Cell("day" if name == "week" else "pieces", value if name == "week" or value is None else round(value))
            for name, value in zip(names, row, strict=True)
        )
        for row in fan.select(names).iter_rows()
    )


def _fan_alt(past: pl.DataFrame, fan: pl.DataFrame) -> Say:
    first, last = fan.row(0, named=True), fan.row(-1, named=True)
    now = Cell("rounded", past["value"][-1]) if past.height else Cell("rounded", None, why="no_value")
    return say(
        "outlook.fan.alt",
        now=now,
        first=Cell("date", first["week"]),
        median=Cell("rounded", first["median"]),
        last=Cell("date", last["week"]),
        end=Cell("rounded", last["median"]),
        low=Cell("rounded", last["outer_low"]),
        high=Cell("rounded", last["outer_high"]),
    )


def _need_fans(story: Story) -> tuple[Figure, ...]:
    nation = story.plan.demand.filter((pl.col("sector") == ALL) & (pl.col("region") == ALL))
    used = set(nation["need"].unique())
    shown = [need for need in story.needs if need in used][:FAN_NEEDS]
    drivers = story.plan.driver_forecast["indicator"].n_unique()
    return tuple(
        _need_fan(story, nation.filter(pl.col("need") == need), f"5.{drivers + place}", need)
        for place, need in enumerate(shown, 1)
    )


def _need_fan(story: Story, rows: pl.DataFrame, ref: str, need: str) -> Figure:
    fan = _fan(rows.filter(pl.col("curve") == "base").select("week", "quantile_level", value="pieces"))
    for curve in ("low", "max"):
        median = _fan(rows.filter(pl.col("curve") == curve).select("week", "quantile_level", value="pieces"))
        fan = fan.join(
            median.select("week", pl.col("median").alias(curve)), on="week", how="left", maintain_order="left"
        )
    use = story.world.use.filter((pl.col("need") == need) & pl.col("pieces").is_not_null())
    weekly = use.group_by(week=pl.col("day").dt.truncate("1w")).agg(value=pl.col("pieces").sum().cast(pl.Float64))
    past = weekly.filter(pl.col("week") < fan["week"].min()).sort("week").tail(HISTORY_WEEKS)
    note = () if past.height else (Say("outlook.use.none"),)
    figure = _fan_figure(
        ref, say("outlook.need.title", need=story.name("need", need)), past, fan, Say("chart.pieces_week")
    )
    return replace(figure, notes=figure.notes + note)


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
