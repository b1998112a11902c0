"""The rows below the heading: what is a row of the table, and what only stands between them."""

from dataclasses import dataclass, replace

import dataframely as dy
import polars as pl

from dijk.files.findings import Row, Where, at_once, each, finding
from dijk.files.grid import Grid
from dijk.files.heading import Heading, required, value_of
from dijk.files.words import DITTO, TOTALS, UNIT_OF, our_headings, plain
from dijk.tables import ON_DISK

STRIP = " \t\r\n\u00a0\u2007\u202f\u200b\ufeff\u3000"
"""Signs that are taken off the ends of a text: blanks, and those that no one sees."""

UNTIDY = rf"^[{STRIP}]|[{STRIP}]$|[\u00a0\u2007\u2009\u202f]"
"""A text with such a sign at an end, or with a blank that does not break."""

INNER_BLANK = "[\u00a0\u2007\u2009\u202f]"
"""Blanks that do not break, as thousands are often set apart by."""

UNIT_ROW = r"^\(.*\)$|^\[.*\]$|^[djmyDJMY]{2,4}[-/][djmyDJMY]{2,4}[-/][djmyDJMY]{2,4}$"
"""Cells of a row that explains the headings: something in brackets, or how a date is written."""


@dataclass(frozen=True)
class Body:
    """The rows of a table as found: ``cells`` and ``kinds`` by column of the table, ``rows`` as the spreadsheet
    counts.
    """

    cells: pl.DataFrame
    kinds: pl.DataFrame | None
    rows: pl.Series
    findings: list[Row]
    aside: pl.Series
    """What stands in columns that have a heading and are not in the table, as one text."""

    def kind(self, column: str) -> pl.Series | None:
        """The kinds of one column, or None where all is text."""
        return None if self.kinds is None else self.kinds[column]

    def keep(self, mask: pl.Series, found: list[Row]) -> "Body":
        """The rows where ``mask`` is true, and what was said of the others."""
        kinds = None if self.kinds is None else self.kinds.filter(mask)
        rows, aside = self.rows.filter(mask), self.aside.filter(mask)
        return Body(self.cells.filter(mask), kinds, rows, self.findings + found, aside)


def body_of(grid: Grid, heading: Heading, table: str, where: Where) -> Body:
    """The rows of a table, without blank rows, totals, remarks and repeated headings; each kind of them is said."""
    return remarks_out(ditto(rows_below(grid, heading, where), heading, where), table, where)


def rows_below(grid: Grid, heading: Heading, where: Where) -> Body:
    """The rows below a heading, whatever its table is, without blank ones and repeated headings."""
    below = range(heading.first, grid.cells.height)
    cells, found = merged_down(grid, heading, where)
    kinds = None if grid.kinds is None else grid.kinds.slice(heading.first)
    places = {label.place: column for column, label in heading.labels.items()}
    own = labelled(grid, heading)
    found += outside(cells, own, set(places), where, grid.rows.slice(below.start))
    body = Body(
        cells.select(*places).rename(places),
        None if kinds is None else kinds.select(*places).rename(places),
        grid.rows.slice(heading.first),
        found,
        left_aside(cells, [place for place, words in own.items() if is_their_own(words) and place not in places]),
    )
    if grid.shifts:
        body = without_shifted(body, cells, set(own), where)
    return headings_out(without_blank(stripped(body, heading, where, escaped=grid.is_text), where), heading, where)


def is_their_own(words: str | None) -> bool:
    """Whether a heading is the writer's own, and none that dijk sets beside those of a table."""
    return bool(words) and plain(str(words)) not in our_headings()


def left_aside(cells: pl.DataFrame, places: list[str]) -> pl.Series:
    """What each row has in these columns, as one text; null where it has nothing."""
    if not places:
        return pl.repeat(None, cells.height, dtype=pl.String, eager=True)
    texts = [pl.col(place).cast(pl.String).str.strip_chars().replace("", None) for place in places]
    return cells.select(aside=pl.concat_str(texts, separator=" | ", ignore_nulls=True).replace("", None)).to_series()


def merged_down(grid: Grid, heading: Heading, where: Where) -> tuple[pl.DataFrame, list[Row]]:
    """Cells below the heading with the value of each merged range in all of its rows."""
    cells, found = grid.cells, []
    if not grid.merged:
        return cells.slice(heading.first), []
    words = {label.place: label.words for label in heading.labels.values()}
    at = {row: i for i, row in enumerate(grid.rows)}
    for first, last, left, _ in grid.merged:
        name = str(left)
        inside = [i for row in range(first, min(last, int(grid.rows[-1])) + 1) if (i := at.get(row)) is not None]
        if len(inside) < 2 or inside[0] < heading.first or name not in words:
            continue
        value = cells[name][inside[0]]
        cells = cells.with_columns(cells[name].scatter(inside, [value] * len(inside)))
        found.append(finding("SHEET-05", where, row=first, column=words[name], found=value, rows=len(inside)))
    return cells.slice(heading.first), found


def labelled(grid: Grid, heading: Heading) -> dict[str, str | None]:
    """The places of the heading's own row, each with its words: a blank one counts where the row goes on so far."""
    labels = grid.heading if grid.heading is not None else grid.cells.row(heading.first - 1)
    used = {label.place for label in heading.labels.values()}
    return {
        place: words
        for place, words in zip(grid.cells.columns, labels, strict=True)
        if words is not None or place in used or not grid.shifts
    }


def outside(
    cells: pl.DataFrame, own: dict[str, str | None], places: set[str], where: Where, rows: pl.Series
) -> list[Row]:
    """Cells in columns without a heading, as far as the heading's row goes on."""
    found: list[Row] = []
    for place, words in own.items():
        if place not in places and not words:
            filled = pl.DataFrame({"row": rows, "found": cells[place].cast(pl.String)}).filter(pl.col("found") != "")
            found += at_once("HEAD-06", where, None, filled)
    return found


def without_shifted(body: Body, cells: pl.DataFrame, places: set[str], where: Where) -> Body:
    """Without the rows that go on past the last heading of the file, known or not: ``places`` are those of them all."""
    beyond = [place for place in cells.columns if int(place) > max(int(p) for p in places)]
    if not beyond:
        return body
    over = cells.select(pl.any_horizontal(pl.col(beyond).str.strip_chars() != "")).to_series().fill_null(False)
    extra = (
        cells.select(found=pl.concat_str(beyond, separator=" ", ignore_nulls=True))
        .with_columns(row=body.rows)
        .filter(over)
    )
    return body.keep(~over, each("FILE-16", where, None, extra)) if extra.height else body


def stripped(body: Body, heading: Heading, where: Where, *, escaped: bool) -> Body:
    """Texts without blanks around them, empty ones as null; ``escaped`` takes off the sign that keeps a CSV from being
    a formula.
    """
    texts = [name for name, kind in body.cells.schema.items() if kind == pl.String]
    found: list[Row] = []
    cells = body.cells
    for name in having(cells, texts, pl.col(texts).str.contains(UNTIDY)):
        bare = cells[name].str.strip_chars(STRIP).str.replace_all(INNER_BLANK, " ")
        spaced = pl.DataFrame({"row": body.rows, "found": cells[name]}).filter((bare != cells[name]) & (bare != ""))
        found += at_once("CELL-02", where, heading.words(name), spaced)
        cells = cells.with_columns(bare.alias(name))
    cells = unguarded(cells) if escaped else cells
    if hollow := having(cells, texts, pl.col(texts) == ""):
        cells = cells.with_columns(pl.col(hollow).replace("", None))
    return replace(body, cells=cells, findings=body.findings + found)


def unguarded(cells: pl.DataFrame) -> pl.DataFrame:
    """Texts of a CSV without the sign that keeps a spreadsheet from taking them for a formula."""
    texts = [name for name, kind in cells.schema.items() if kind == pl.String]
    guarded = having(cells, texts, pl.col(texts).str.starts_with("'"))
    return cells.with_columns(pl.col(guarded).str.replace(r"(?s)^'('*[=+\-@\t\r].)", "${1}")) if guarded else cells


def having(cells: pl.DataFrame, columns: list[str], test: pl.Expr) -> list[str]:
    """Of these columns those in which the test holds for any cell."""
    return [name for name, holds in cells.select(test.any()).row(0, named=True).items() if holds] if columns else []


def without_blank(body: Body, where: Where) -> Body:
    """Without blank rows; those between other rows are counted in a note."""
    blank = body.cells.select(pl.all_horizontal(pl.all().is_null())).to_series()
    body = body.keep(~blank, [])
    gaps = body.rows.cast(pl.Int64).diff() - 1
    missing = int(gaps.sum() or 0)
    if not missing:
        return body
    first = int(body.rows[int((gaps > 0).arg_true()[0])]) - 1
    return body.keep(
        pl.repeat(True, body.cells.height, eager=True), [finding("SHEET-07", where, row=first, rows=missing)]
    )


def headings_out(body: Body, heading: Heading, where: Where) -> Body:
    """Without rows that repeat the heading, and without a row of units right below it."""
    texts = [name for name, kind in body.cells.schema.items() if kind == pl.String]
    if not texts or not body.cells.height or not heading.first:
        return body
    same = [(pl.col(name) == heading.labels[name].words) | pl.col(name).is_null() for name in texts]
    repeated = body.cells.select(pl.all_horizontal(same)).to_series()
    top = body.cells.head(2).select(texts)
    explains = [all(is_unit(cell) for cell in row if cell is not None) for row in top.iter_rows()]
    units = pl.Series([*explains, *[False] * (body.cells.height - len(explains))], dtype=pl.Boolean) & ~repeated
    if not repeated.any() and not units.any():
        return body
    shown = pl.DataFrame({"row": body.rows, "found": body.cells[texts[0]]})
    found = at_once("SHEET-08", where, None, shown.filter(repeated)) + at_once(
        "SHEET-12", where, None, shown.filter(units)
    )
    return body.keep(~(repeated | units), found)


def is_unit(cell: str) -> bool:
    """Whether a cell below a heading explains it, and is no value."""
    return not any(c.isdigit() for c in cell) and (
        bool(pl.Series([cell]).str.contains(UNIT_ROW)[0])
        or cell.casefold() in UNIT_OF
        or plain(cell) in ("code", "tekst", "text", "datum", "date", "aantal")
    )


def ditto(body: Body, heading: Heading, where: Where) -> Body:
    """Ditto marks replaced by the value above them."""
    cells, found = body.cells, list(body.findings)
    texts = [name for name, kind in cells.schema.items() if kind == pl.String and not is_prose(where.table, name)]
    marks = [form for mark in DITTO for form in {mark, mark.capitalize(), mark.upper()}]
    for name in having(cells, texts, pl.col(texts).is_in(marks)):
        same = cells[name].is_in(marks).fill_null(False)
        found += at_once(
            "SHEET-11", where, heading.words(name), pl.DataFrame({"row": body.rows, "found": cells[name]}).filter(same)
        )
        cells = cells.with_columns(cells[name].zip_with(~same, cells[name].set(same, None).forward_fill()))
    return replace(body, cells=cells, findings=found)


def is_prose(table: str, column: str) -> bool:
    """Whether a column holds text for people, in which any words may stand."""
    kind = ON_DISK[table].columns().get(column)
    return isinstance(kind, dy.String) and kind.min_length != 1


def remarks_out(body: Body, table: str, where: Where) -> Body:
    """Without totals and remarks: rows in which columns that a row must have are empty."""
    texts = [name for name, kind in body.cells.schema.items() if kind == pl.String]
    must = [name for name in required(table) if name in body.cells.columns and name != value_of(table)]
    if not texts or not must:
        return body
    lacking = body.cells.select(pl.any_horizontal(pl.col(must).is_null())).to_series()
    if not lacking.any():
        return body
    is_total = pl.any_horizontal(pl.col(texts).str.contains("(?i)" + TOTALS.pattern).fill_null(False))
    filled = pl.sum_horizontal(pl.all().is_not_null())
    kinds = body.cells.select(total=is_total, lone=(filled == 1) & pl.lit(body.cells.width > 2))
    total, lone = kinds["total"] & lacking, kinds["lone"] & ~kinds["total"] & lacking
    shown = body.cells.select(found=pl.concat_str(pl.col(texts), separator=" ", ignore_nulls=True)).with_columns(
        row=body.rows
    )
    found = each("SHEET-06", where, None, shown.filter(total)) + each("SHEET-09", where, None, shown.filter(lone))
    return body.keep(~(total | lone), found)
