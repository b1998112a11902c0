"""In chapter 5: what was observed and where it may go, a fan per indicator and per need."""

from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from dijk.report.chapters.weeks import Seen, national, reports_of_use, seen_indicator, seen_use
from dijk.report.pages import Cell, Chart, Column, Figure, Row, Say, Table, say
from dijk.report.story import Story
from dijk.tables import ALL

FAN_NEEDS = 12
"""Needs that get a chart of their own: the most pressing ones. The others stand in the table."""
ROOM = 3
"""A fan's axis ends at so many times the highest of what was observed, the median and the max curve: a wide band runs
off it.
"""
BANDS = {"outer_low": 0.1, "inner_low": 0.25, "median": 0.5, "inner_high": 0.75, "outer_high": 0.9}
"""The lines of a fan and their levels; of each the nearest level that the forecast has is taken."""
MARKS = tuple(Say(f"chart.{mark}") for mark in ("past", "median", "outer", "inner", "late", "coming"))
EDGES = (Say("curve.low"), Say("curve.max"))


@dataclass(frozen=True)
class Drawn:
    """What a fan shows: its title, its axis, and what its table calls a week."""

    title: Say
    y: Say
    week: Say


def driver_fans(story: Story) -> tuple[Figure, ...]:
    """A fan per indicator: a flow as totals of a week, anything else as the mean per day."""
    forecast = national(story, story.plan.driver_forecast)
    return tuple(
        _driver_fan(story, str(key[0]), rows, f"5.{place}")
        for place, (key, rows) in enumerate(forecast.group_by("indicator", maintain_order=True), 1)
    )


def _driver_fan(story: Story, code: str, rows: pl.DataFrame, ref: str) -> Figure:
    days = 7 if measure_of(story, code) == "flow" else 1
    fan = _fan(rows.select("week", "quantile_level", value=pl.col("value") / 7 * days))
    seen = seen_indicator(story, code, days=days)
    way = "week_sum" if days == 7 else "day_mean"
    title = _message(f"outlook.driver.{way}", fan, seen, indicator=story.name("indicator", code))
    notes = (
        *((say("outlook.late", last=Cell("date", seen.last_day)),) if seen.late else ()),
        *((Say("outlook.cold_start"),) if rows["cold_start"].any() else ()),
    )
    figure = _fan_figure(ref, Drawn(title, Say(f"chart.{way}"), Say("col.week")), seen, fan)
    return replace(figure, notes=figure.notes + notes)


def _message(key: str, fan: pl.DataFrame, seen: Seen | None, **name: Cell) -> Say:
    """The title of a fan: whence and whither, in one sentence; without the past where none was told."""
    if seen is None or seen.newest is None:
        return say(key + "_ahead", **name, **_ahead(fan))
    return say(key, **name, now=Cell("rounded", seen.newest), until=Cell("date", seen.last_day), **_ahead(fan))


def _ahead(fan: pl.DataFrame) -> dict[str, Cell]:
    """The medians of the first and of the last week, and when that is."""
    first, last = fan.row(0, named=True), fan.row(-1, named=True)
    begin, end = (Cell("rounded", row["median"]) for row in (first, last))
    return {"begin": begin, "end": end, "last": Cell("date", last["week"])}


def measure_of(story: Story, code: str) -> str | None:
    """What the values of an indicator count; None is not told."""
    told = story.plan.indicator_seen.filter(pl.col("indicator") == code)["measure"].drop_nulls()
    return str(told[0]) if told.len() else None


def need_fans(story: Story) -> tuple[Figure, ...]:
    """A fan of demand per need, the most pressing first, with the use that sites told."""
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
    seen = seen_use(story, need)
    title = say("outlook.need.title", need=story.name("need", need), **_ahead(fan))
    figure = _fan_figure(ref, Drawn(title, Say("chart.pieces_week"), Say("col.week")), seen, fan)
    return replace(figure, notes=(*figure.notes, _who_told(story, need, seen)))


def _who_told(story: Story, need: str, seen: Seen | None) -> Say:
    """Why the use that was told lies below demand: the share of the norm use of the sites that told."""
    if seen is None:
        return Say("outlook.use.none")
    told = reports_of_use(story, need).filter((pl.lit(seen.last_day) - pl.col("day")).dt.total_days() < 7)
    norm = story.plan.norm_use.filter(pl.col("need") == need)
    of_told = norm.filter(pl.col("site").is_in(told["site"].unique().implode()))
    part, whole = float(of_told["mid"].sum()), float(norm["mid"].sum())
    return say(
        "outlook.use.told",
        last=Cell("date", seen.last_day),
        sites=Cell("whole", told["site"].n_unique()),
        all=Cell("whole", norm["site"].n_unique()),
        part=Cell("rounded", part),
        whole=Cell("rounded", whole),
        share=Cell("share", part / whole if whole else None, why="no_norm"),
    )


def _fan(rows: pl.DataFrame) -> pl.DataFrame:
    """Per week the median and two bands, from the levels nearest to those wanted: week, outer_low ... outer_high."""
    levels = rows["quantile_level"].unique().sort().to_list()
    frame = rows.select("week").unique().sort("week")
    for name, level in BANDS.items():
        nearest = min(levels, key=lambda has: (abs(has - level), has))
        part = rows.filter(pl.col("quantile_level") == nearest).select("week", pl.col("value").alias(name))
        frame = frame.join(part, on="week", how="left", maintain_order="left")
    return frame


def _fan_figure(ref: str, drawn: Drawn, seen: Seen | None, fan: pl.DataFrame) -> Figure:
    edges = [name for name in fan.columns if name in ("low", "max")]
    columns = (
        Column(drawn.week, "day", "week"),
        *(Column(Say(f"fan.{name}"), "pieces", name) for name in ("past", *BANDS, *edges)),
    )
    table = Table(f"F{ref}t", drawn.title, columns, _fan_rows(seen, fan, columns))
    top = _top(seen, fan)
    off = (Say("outlook.off_axis"),) if fan["outer_high"].max() > top else ()  # type: ignore[operator]
    chart = Chart("fan", _rows_drawn(seen, fan, edges), drawn.y, (*MARKS, *EDGES), top)
    return Figure(f"F{ref}", drawn.title, chart, _fan_alt(seen, fan), table, off)


def _rows_drawn(seen: Seen | None, fan: pl.DataFrame, edges: list[str]) -> tuple[dict[str, Any], ...]:
    """The rows of a fan: what was observed, then per week the bands, the median and the edges."""
    drawn = _observed(seen)
    for row in fan.iter_rows(named=True):
        x = str(row["week"])
        drawn += [
            {"x": x, "part": band, "low": row[f"{band}_low"], "high": row[f"{band}_high"]}
            for band in ("outer", "inner")
        ]
        drawn += [{"x": x, "part": line, "value": row[line]} for line in ("median", *edges)]
    return tuple(drawn)


def _observed(seen: Seen | None) -> list[dict[str, Any]]:
    """What was seen; a dotted line leads from the last complete week to the one that is not."""
    if seen is None:
        return []
    drawn = [{"x": str(week), "part": "past", "value": value} for week, value in seen.weeks.iter_rows()]
    if seen.late is None:
        return drawn
    week, value = seen.late
    return [*drawn, *(row | {"part": "late"} for row in drawn[-1:]), {"x": str(week), "part": "late", "value": value}]


def _top(seen: Seen | None, fan: pl.DataFrame) -> float:
    """Where the axis of a fan ends."""
    past = seen.weeks["value"].max() if seen else None
    core = [past, fan["median"].max(), fan["max"].max() if "max" in fan.columns else None]
    most = max(float(value) for value in core if isinstance(value, int | float))
    widest = fan["outer_high"].max()
    return max(1.05 * most, min(ROOM * most, float(widest))) if isinstance(widest, int | float) else most


def _fan_rows(seen: Seen | None, fan: pl.DataFrame, columns: tuple[Column, ...]) -> tuple[Row, ...]:
    """What was observed, then the forecast: a chart shows both, so its table does."""
    past = seen.weeks.rename({"value": "past"}) if seen else pl.DataFrame(schema={"week": pl.Date, "past": pl.Float64})
    names = [column.name for column in columns]
    both = pl.concat([past, fan], how="diagonal_relaxed").select(names)
    return tuple(tuple(_fan_cell(name, value) for name, value in zip(names, row, strict=True)) for row in both.rows())


def _fan_cell(name: str, value: Any) -> Cell:
    if name == "week":
        return Cell("day", value)
    return Cell("pieces", None if value is None else round(value), why="not_applicable")


def _fan_alt(seen: Seen | None, fan: pl.DataFrame) -> Say:
    first, last = fan.row(0, named=True), fan.row(-1, named=True)
    ahead = {
        "first": Cell("date", first["week"]),
        "median": Cell("rounded", first["median"]),
        "last": Cell("date", last["week"]),
        "end": Cell("rounded", last["median"]),
        "low": Cell("rounded", last["outer_low"]),
        "high": Cell("rounded", last["outer_high"]),
    }
    if seen is None:
        return say("outlook.fan.ahead", **ahead)
    return say(
        "outlook.fan.alt",
        until=Cell("date", seen.last_day),
        now=Cell("rounded", seen.newest, why="no_value"),
        **ahead,
    )
