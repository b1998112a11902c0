"""Chapters 10 and 11: how far the shares hang on the norms, and the figures of others beside ours."""

import polars as pl

from dijk.report.pages import Cell, Chapter, Chart, Column, Figure, Figures, Prose, Row, Say, Table, say
from dijk.report.story import Story
from dijk.tables import ALL
from dijk.tables.columns import UNITS

DRAWN_NEEDS = 3
TENFOLD = 10
OUR_UNITS = [word for unit in ("pieces", "days") for word in (unit, UNITS[unit])]
"""In which our stock and our cover are told, in English and Dutch."""


def sensitivity(story: Story) -> Chapter:
    """Shares of sectors and regions over the stated ranges of the norms."""
    return Chapter(
        10,
        "sensitivity",
        (
            Prose(Say("sensitivity.intro")),
            _norm_ranges(story),
            Figures(
                tuple(_drawn(story, need, f"10.{place}") for place, need in enumerate(story.needs[:DRAWN_NEEDS], 1))
            ),
            _shares(story, "T10.2", "sector"),
            _shares(story, "T10.3", "region"),
        ),
    )


def external(story: Story) -> Chapter:
    """Figures of others, with their definition, beside the nearest of ours."""
    frame = story.world.external_figure.sort("publisher", "figure", "day")
    picture = story.plan.situation.select("need", "sector", "region", "cover_days", "stock_pieces", "unknown_share")
    cells = frame.with_columns(pl.col("sector").fill_null(ALL), pl.col("region").fill_null(ALL))
    frame = frame.with_columns(
        cells.join(picture, on=["need", "sector", "region"], how="left", maintain_order="left").select(
            pl.col("cover_days", "stock_pieces", "unknown_share")
        )
    )
    unit = pl.col("unit").str.strip_chars().str.to_lowercase()
    frame = frame.with_columns(
        days_apart=(pl.lit(story.world.today) - pl.col("day")).dt.total_days(),
        same_unit=pl.when(pl.col("stock_pieces").is_not_null()).then(unit.is_in(OUR_UNITS)),
    )
    columns = (
        Column(Say("col.publisher"), "text", "publisher"),
        Column(Say("col.figure"), "text", "figure"),
        Column(Say("col.need"), "need", "need", "not_applicable"),
        Column(Say("col.sector"), "sector", "sector", "not_applicable"),
        Column(Say("col.region"), "region", "region", "not_applicable"),
        Column(Say("col.day"), "day", "day"),
        Column(Say("col.their_figure"), "number", "value", "reason"),
        Column(Say("col.unit"), "text", "unit"),
        Column(Say("col.our_stock"), "pieces", "stock_pieces", "no_match"),
        Column(Say("col.our_cover"), "days", "cover_days", "no_match"),
        Column(Say("col.unknown_share"), "share", "unknown_share", "no_match"),
        Column(Say("col.days_apart"), "whole", "days_apart"),
        Column(Say("col.same_unit"), "yes", "same_unit", "not_applicable"),
    )
    table = Table(
        "T11.1", Say("external.title"), columns, story.rows(frame, columns), wide=True, empty=Say("external.none")
    )
    return Chapter(11, "external", (Prose(Say("external.intro")), table, _meanings(story, frame)))


def _meanings(story: Story, frame: pl.DataFrame) -> Table:
    """What others say that they count, each definition once."""
    kinds = frame.group_by("publisher", "definition", maintain_order=True).agg(
        pl.col("figure").sort().str.join(", "), figures=pl.len()
    )
    columns = (
        Column(Say("col.publisher"), "text", "publisher"),
        Column(Say("col.definition"), "text", "definition"),
        Column(Say("col.figures"), "whole", "figures"),
        Column(Say("col.figure"), "text", "figure"),
    )
    return Table(
        "T11.2", Say("external.meanings.title"), columns, story.rows(kinds, columns), empty=Say("external.none")
    )


def _norm_ranges(story: Story) -> Table:
    """Per need how far the high norm stands from the low one, as far as low is above zero."""
    norm = story.rules.in_force("norm", story.world.today).filter(pl.col("need").is_in(list(story.needs)))
    frame = norm.group_by("need").agg(
        norms=pl.len(),
        times=(pl.col("high") / pl.col("low")).filter(pl.col("low") > 0).max(),
        from_zero=((pl.col("low") == 0) & (pl.col("high") > 0)).sum(),
        assumed=(pl.col("how") == "assumed").sum(),
    )
    columns = (
        Column(Say("col.need"), "need", "need"),
        Column(Say("col.norms"), "whole", "norms"),
        Column(Say("col.times"), "factor", "times", "no_norm"),
        Column(Say("col.from_zero"), "whole", "from_zero"),
        Column(Say("col.assumed"), "whole", "assumed"),
    )
    wide = Cell("whole", frame.filter(pl.col("times") > TENFOLD).height)
    note = say("sensitivity.norms.note", count=wide, needs=Cell("whole", frame.height))
    return Table(
        "T10.1", Say("sensitivity.norms.title"), columns, story.rows(story.ordered(frame), columns), notes=(note,)
    )


def _places(story: Story, axis: str) -> tuple[str, ...]:
    return story.sectors if axis == "sector" else story.regions


def _of_axis(story: Story, axis: str) -> pl.DataFrame:
    other = "region" if axis == "sector" else "sector"
    return story.plan.share_range.filter((pl.col(other) == ALL) & pl.col(axis).is_in(list(_places(story, axis))))


def _shares(story: Story, ref: str, axis: str) -> Table:
    by_place = {(row["need"], row[axis]): row for row in _of_axis(story, axis).iter_rows(named=True)}
    across = tuple(code for code in _places(story, axis) if any(place == code for _, place in by_place))
    columns = (Column(Say("col.need")), *(Column(story.text(axis, code), "share") for code in across))
    rows: tuple[Row, ...] = tuple(
        (story.name("need", need), *(_share(by_place.get((need, code))) for code in across)) for need in story.needs
    )
    return Table(ref, Say(f"sensitivity.{axis}.title"), columns, rows, notes=(Say("sensitivity.note"),), wide=True)


def _share(row: dict[str, float] | None) -> Cell:
    if row is None:
        return Cell("share", None, why="not_applicable")
    below = say("sensitivity.range", low=Cell("points", row["low"]), high=Cell("points", row["high"]))
    return Cell("share", row["mid"], below=below)


def _drawn(story: Story, need: str, ref: str) -> Figure:
    order = {code: place for place, code in enumerate(story.sectors)}
    found = _of_axis(story, "sector").filter(pl.col("need") == need).iter_rows(named=True)
    lines = sorted((row for row in found if row["high"] > 0), key=lambda row: order[row["sector"]])
    chart = Chart(
        "ranges",
        tuple(
            {"name": story.text("sector", row["sector"]), "low": row["low"], "mid": row["mid"], "high": row["high"]}
            for row in lines
        ),
        Say("chart.share_norm"),
        (Say("chart.low"), Say("chart.high")),
    )
    columns = (
        Column(Say("col.sector"), "sector", "sector"),
        Column(Say("col.low"), "share", "low"),
        Column(Say("col.mid"), "share", "mid"),
        Column(Say("col.high"), "share", "high"),
    )
    title = say("sensitivity.figure.title", need=story.name("need", need))
    rows = tuple(
        (story.name("sector", row["sector"]), *(Cell("share", row[part]) for part in ("low", "mid", "high")))
        for row in lines
    )
    table = Table(f"F{ref}t", title, columns, rows)
    return Figure(f"F{ref}", title, chart, _drawn_alt(story, need, lines), table)


def _drawn_alt(story: Story, need: str, lines: list[dict[str, float]]) -> Say:
    if not lines:
        return Say("table.empty")
    widest = max(lines, key=lambda row: row["high"] - row["low"])
    return say(
        "sensitivity.figure.alt",
        need=story.name("need", need),
        sector=story.name("sector", str(widest["sector"])),
        low=Cell("share", widest["low"]),
        high=Cell("share", widest["high"]),
    )
