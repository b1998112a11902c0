"""Chapter 8: what would have to be bought, and what 'buy at maximum' means in numbers."""

import polars as pl

from dijk.report.pages import Cell, Chapter, Column, Points, Prose, Row, Say, Table, Text, say
from dijk.report.story import Story

CURVES = ("base", "max")
STANCE = "stance"
"""The curve of the policy in force, between base and max."""


def purchase(story: Story) -> Chapter:
    """Gross and net of inbound, at base and at max, in pieces, money, weight and volume."""
    frame = story.plan.purchase_need
    horizon = frame["horizon_weeks"].max() if frame.height else None
    return Chapter(
        8,
        "purchase",
        (
            Prose(say("purchase.intro", weeks=Cell("whole", horizon, why="no_forecast"))),
            _sums(story),
            Points(tuple((words, "T8.1") for words in _in_words(story)), Say("table.empty")),
            *(_need_table(story, curve, f"T8.{place}") for place, curve in enumerate(CURVES, 2)),
        ),
    )


def total(story: Story, curve: str, column: str) -> int | float | None:
    """The sum over needs of what is known at a curve; None where nothing is known."""
    values = story.plan.purchase_need.filter(pl.col("curve") == curve)[column]
    return None if values.null_count() == values.len() else sum(values.drop_nulls().to_list())


def unpriced(story: Story, *curves: str) -> list[str]:
    """The needs to buy at some of the curves of which no price is known: no sum of money has them."""
    rows = story.plan.purchase_need.filter(pl.col("curve").is_in(curves))
    without = set(rows.filter((pl.col("net_pieces") > 0) & pl.col("net_cents").is_null())["need"])
    return [need for need in story.needs if need in without]


def left_out(story: Story) -> tuple[Say, ...]:
    """What the sums of money at base and at max leave out, by name; nothing where they are whole."""
    missing = set(story.plan.purchase_need.filter(pl.col("missing").is_not_null())["need"])
    unsaid = [need for need in story.needs if need in missing]
    left = {"purchase.words.left_out": unpriced(story, *CURVES), "purchase.words.unsaid": unsaid}
    return tuple(say(key, needs=_listed(story, needs)) for key, needs in left.items() if needs)


def _listed(story: Story, needs: list[str]) -> Cell:
    names = [story.text("need", need) for need in needs]
    return Cell("text", Text(", ".join(name.en for name in names), ", ".join(name.nl for name in names)))


def _sums(story: Story) -> Table:
    kinds = {"gross_cents": "money", "net_cents": "money", "net_kg": "kg", "net_m3": "m3"}
    columns = (
        Column(Say("col.curve")),
        *(Column(Say(f"col.{name}"), kind) for name, kind in kinds.items()),
        Column(Say("col.unpriced"), "whole", guarded="money"),
    )
    rows: list[Row] = []
    for curve in (*CURVES, STANCE):
        sums = (Cell(kind, total(story, curve, name), why="no_price") for name, kind in kinds.items())
        rows.append((Cell("curve", story.text("curve", curve)), *sums, Cell("whole", len(unpriced(story, curve)))))
    notes = (Say("purchase.sums.note"), *left_out(story))
    return Table("T8.1", Say("purchase.sums.title"), columns, tuple(rows), notes=notes)


def _in_words(story: Story) -> list[Say]:
    """What buying at max adds to buying for base, and what is left over if base comes true."""
    base, most = (total(story, curve, "net_cents") for curve in CURVES)
    words = []
    if base is not None and most is not None:
        extra = Cell("euros", most - base)
        words.append(say("purchase.words.money", base=Cell("euros", base), most=Cell("euros", most), extra=extra))
        cubic = (Cell("m3", total(story, curve, "net_m3"), why="not_measured") for curve in CURVES)
        words.append(say("purchase.words.volume", base=next(cubic), most=next(cubic)))
    left = story.plan.purchase_need.filter((pl.col("curve") == "max") & pl.col("weeks_left_over").is_not_null())
    if left.height:
        worst = left.sort("weeks_left_over", "need", descending=[True, False]).row(0, named=True)
        words.append(
            say(
                "purchase.words.left",
                need=story.name("need", worst["need"]),
                weeks=Cell("number", worst["weeks_left_over"]),
            )
        )
    stance = Cell("fine", story.rule("buy_stance"))
    return [*words, say("purchase.words.stance", stance=stance)]


def _need_table(story: Story, curve: str, ref: str) -> Table:
    frame = story.ordered(story.plan.purchase_need.filter(pl.col("curve") == curve))
    frame = frame.with_columns(unsaid=pl.format("missing_{}", "missing"))
    columns = (
        Column(Say("col.need"), "need", "need"),
        Column(Say("col.demand"), "pieces", "demand_pieces", "unsaid"),
        Column(Say("col.stock"), "pieces", "stock_pieces", "unsaid"),
        Column(Say("col.own_purchase"), "pieces", "own_purchase_pieces"),
        Column(Say("col.gross"), "pieces", "gross_pieces", "unsaid"),
        Column(Say("col.inbound"), "pieces", "inbound_pieces", "unsaid"),
        Column(Say("col.net"), "pieces", "net_pieces", "unsaid"),
        Column(Say("col.net_cents"), "money", "net_cents", "no_price"),
        Column(Say("col.net_kg"), "kg", "net_kg", "not_measured"),
        Column(Say("col.net_m3"), "m3", "net_m3", "not_measured"),
        Column(Say("col.left_over"), "number", "weeks_left_over", "no_forecast"),
        Column(Say("col.price_source"), "text", "price_source", "no_price", guarded="money"),
    )
    return Table(ref, Say(f"purchase.{curve}.title"), columns, story.rows(frame, columns), wide=True)
