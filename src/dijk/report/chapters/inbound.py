"""Chapters 4 and 9: what comes in during the next fourteen days, and what was bought in the last."""

import datetime as dt

import polars as pl

from dijk.account import bought_since, money
from dijk.present.inbound import TWO_WEEKS as DAYS
from dijk.present.inbound import added_up, measured
from dijk.report.pages import Cell, Chapter, Chart, Column, Figure, Heading, Prose, Row, Say, Table, say
from dijk.report.story import LIST_LIMIT, Story, more
from dijk.tables.facts import MODES, still_to_come


def inbound(story: Story) -> Chapter:
    """By mode, day by day, line by line; what is overdue or has no date stands apart."""
    lines = open_lines(story)
    today, edge = story.world.today, story.world.today + dt.timedelta(days=DAYS)
    due = lines.filter(pl.col("expected").is_between(today, edge))
    late = lines.filter(pl.col("expected") < today)
    undated = lines.filter(pl.col("expected").is_null())
    later = lines.filter(pl.col("expected") > edge)
    return Chapter(
        4,
        "inbound",
        (
            Prose(
                say(
                    "inbound.intro",
                    first=Cell("date", today),
                    last=Cell("date", edge),
                    later=Cell("whole", later.height),
                )
            ),
            _by_mode(story, due, "T4.1"),
            _by_day(story, due),
            Heading(Say("inbound.lines.heading")),
            _lines(story, due.sort("expected", "order", "line"), "T4.2", "inbound.due.title"),
            _lines(story, late.sort("expected", "order", "line"), "T4.3", "inbound.late.title"),
            _lines(story, undated.sort("day", "order", "line"), "T4.4", "inbound.undated.title"),
        ),
    )


def bought(story: Story) -> Chapter:
    """Orders of the last fourteen days with their money, for someone who was not there."""
    since = story.world.today - dt.timedelta(days=DAYS)
    orders = bought_since(story.world, story.rules, since)
    live = orders.filter(pl.col("state") != "cancelled")
    return Chapter(
        9,
        "bought",
        (
            Prose(_bought_in_words(live, since, story.world.today)),
            _bought_by_need(story, live),
            _bought_lines(story, orders.sort("day", "order", "line")),
        ),
    )


def _bought_in_words(live: pl.DataFrame, since: dt.date, today: dt.date) -> Say:
    period = {"since": Cell("date", since + dt.timedelta(days=1)), "until": Cell("date", today)}
    bought = {"lines": Cell("whole", live.height), "money": _sum(live, "cents", "euros")}
    unpriced = live["cents"].null_count()
    if unpriced == 0:
        return say("bought.priced", **period, **bought)
    return say("bought.intro", **period, **bought, unpriced=Cell("whole", unpriced))


def open_lines(story: Story) -> pl.DataFrame:
    """Order lines that are still to come, with the pieces that are open, their need, kg, m3 and money."""
    due = story.world.inbound.filter(still_to_come())
    left = due.with_columns(pieces=pl.col("pieces") - pl.col("received_pieces"))
    return measured(left, story.world, story.rules)


def _by_mode(story: Story, due: pl.DataFrame, ref: str) -> Table:
    columns = (
        Column(Say("col.mode"), "mode"),
        Column(Say("col.lines"), "whole"),
        Column(Say("col.confirmed"), "whole"),
        Column(Say("col.kg"), "kg"),
        Column(Say("col.m3"), "m3"),
        Column(Say("col.unmeasured"), "whole"),
    )
    rows = tuple(_mode_row(Cell("mode", mode), due.filter(pl.col("mode") == mode)) for mode in MODES)
    return Table(
        ref,
        Say("inbound.mode.title"),
        columns,
        rows,
        foot=(_mode_row(Cell("total", "all"), due),),
        notes=(Say("inbound.note"),),
    )


def _mode_row(first: Cell, lines: pl.DataFrame) -> Row:
    confirmed = lines.filter(pl.col("state").is_in(["confirmed", "underway"])).height
    unmeasured = lines.filter(pl.col("kg").is_null() | pl.col("m3").is_null()).height
    return (
        first,
        Cell("whole", lines.height),
        Cell("whole", confirmed),
        _sum(lines, "kg", "kg"),
        _sum(lines, "m3", "m3"),
        Cell("whole", unmeasured),
    )


def _sum(lines: pl.DataFrame, column: str, kind: str) -> Cell:
    """The sum of what is known; unknown only where every line is."""
    if lines.height and lines[column].null_count() == lines.height:
        return Cell(kind, None, why="not_measured")
    return Cell(kind, lines[column].sum())


def _by_day(story: Story, due: pl.DataFrame) -> Figure:
    days = added_up(due, "expected", "mode")
    columns = (
        Column(Say("col.expected"), "day", "expected"),
        Column(Say("col.mode"), "mode", "mode"),
        Column(Say("col.lines"), "whole", "lines"),
        Column(Say("col.kg"), "kg", "kg", "not_measured"),
        Column(Say("col.m3"), "m3", "m3", "not_measured"),
    )
    table = Table("F4.1t", Say("inbound.day.title"), columns, story.rows(days, columns))
    window = [
        {"x": str(story.world.today + dt.timedelta(days=ahead)), "part": "", "value": None} for ahead in range(DAYS + 1)
    ]
    found = [
        {"x": str(row["expected"]), "part": str(row["mode"]), "value": row["m3"]} for row in days.iter_rows(named=True)
    ]
    rows = tuple(window + found) if found else ()
    chart = Chart("bars", rows, Say("chart.m3_day"), tuple(Say(f"mode.{mode}") for mode in MODES))
    alt = say("inbound.day.alt", m3=_sum(due, "m3", "m3"), days=Cell("whole", days["expected"].n_unique()))
    return Figure("F4.1", Say("inbound.day.title"), chart, alt, table)


def _lines(story: Story, lines: pl.DataFrame, ref: str, title: str) -> Table:
    columns = (
        Column(Say("col.order"), "code", "place"),
        Column(Say("col.product"), "product", "product"),
        Column(Say("col.need"), "need", "need", "not_accepted"),
        Column(Say("col.supplier"), "text", "supplier"),
        Column(Say("col.mode"), "mode", "mode"),
        Column(Say("col.expected"), "day", "expected", "no_date"),
        Column(Say("col.state"), "state", "state"),
        Column(Say("col.pieces"), "pieces", "pieces"),
        Column(Say("col.kg"), "kg", "kg", "not_measured"),
        Column(Say("col.m3"), "m3", "m3", "not_measured"),
    )
    shown = lines.head(LIST_LIMIT)
    return Table(
        ref,
        Say(title),
        columns,
        story.rows(shown, columns),
        notes=more(lines.height - shown.height),
        empty=Say("inbound.none"),
        guarded="money",
    )


def _bought_by_need(story: Story, orders: pl.DataFrame) -> Table:
    columns = (
        Column(Say("col.need"), "need", "need", "not_accepted"),
        Column(Say("col.lines"), "whole", "lines"),
        Column(Say("col.pieces"), "pieces", "pieces"),
        Column(Say("col.money"), "money", "committed_cents", "no_price"),
        Column(Say("col.cents_per_piece"), "cents", "per_piece", "no_price"),
    )
    frame = money(orders, "need").with_columns(per_piece=pl.col("committed_cents") / pl.col("priced"))
    frame = story.ordered(frame)
    foot = (
        Cell("total", "all"),
        Cell("whole", orders.height),
        Cell("pieces", None, why="not_applicable"),
        _sum(orders, "cents", "money"),
        Cell("cents", None, why="not_applicable"),
    )
    return Table(
        "T9.1", Say("bought.need.title"), columns, story.rows(frame, columns), foot=(foot,) if orders.height else ()
    )


def _bought_lines(story: Story, orders: pl.DataFrame) -> Table:
    columns = (
        Column(Say("col.ordered"), "day", "day"),
        Column(Say("col.order"), "code", "place"),
        Column(Say("col.product"), "product", "product"),
        Column(Say("col.supplier"), "text", "supplier"),
        Column(Say("col.mode"), "mode", "mode"),
        Column(Say("col.state"), "state", "state"),
        Column(Say("col.expected"), "day", "expected", "no_date"),
        Column(Say("col.pieces"), "pieces", "pieces"),
        Column(Say("col.cents_per_piece"), "cents", "each", "no_price"),
        Column(Say("col.money"), "money", "cents", "no_price"),
    )
    shown = orders.head(LIST_LIMIT).with_columns(each=pl.col("cents_per_pack") / pl.col("pieces_per_pack"))
    notes = (Say("bought.lines.note"), *more(orders.height - shown.height))
    return Table("T9.2", Say("bought.lines.title"), columns, story.rows(shown, columns), notes=notes, guarded="money")
