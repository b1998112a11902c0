"""Rows that were refused: which they are and why, and a workbook of them alone that can be mended and read again."""

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dijk.check.findings import key_text
from dijk.files.body import unguarded
from dijk.files.findings import Where
from dijk.files.grid import DATES, NUMBER, YES_NO, Grid
from dijk.files.heading import Heading, find_heading
from dijk.files.limits import LONGEST_CELL
from dijk.files.read import Dataset, open_all
from dijk.files.template import day_format, name_of
from dijk.files.words import OURS, our_headings, plain, table_named
from dijk.files.write import MADE, write_cell
from dijk.tables.languages import Lang

SAID: dict[Lang, tuple[str, str]] = {"en": ("found", "wanted"), "nl": ("gevonden", "gewenst")}


def refused(findings: pl.DataFrame, read: Dataset, lang: Lang) -> pl.DataFrame:
    """The rows of files that errors speak of, each once.

    Parameters
    ----------
    findings
        Findings on the files that ``read`` came from, its own or of checks beside it. An error refuses the rows that
        it names: its own row, the rows of its examples, of an example with a key every row that has it, and where it
        speaks of the headings every row below them.

    Returns
    -------
    Columns file, row and why, sorted by file and row; ``why`` says all that is wrong with the row, in a language.
    """
    wanted_in = pl.col(f"wanted_{lang}").alias("wanted")
    errors = findings.filter(severity="error")
    errors = errors.select("code", "table", "file", "row", "column", "found", wanted_in, "examples")
    each = errors.drop("file", "row", "found").explode("examples", empty_as_null=False).unnest("examples")
    below = _below(errors.filter(pl.col("code").str.starts_with("HEAD")), read)
    parts = [errors, each, *_of_keys(each.filter(pl.col("by").is_not_null()), read), *below]
    rows = pl.concat([part.select("file", "row", "column", "found", "wanted") for part in parts])
    rows = rows.drop_nulls(["file", "row"]).unique(maintain_order=True)
    found, wanted = SAID[lang]
    named, shown = pl.format("{}: ", "column").fill_null(""), pl.format(f"{found} {{}}; ", "found").fill_null("")
    said = pl.concat_str(named, shown, pl.format(f"{wanted}: {{}}", "wanted"))
    return rows.group_by("file", "row").agg(why=said.unique(maintain_order=True).str.join("  |  ")).sort("file", "row")


def _below(errors: pl.DataFrame, read: Dataset) -> Iterator[pl.DataFrame]:
    """The rows that were read below headings of which an error speaks: one of their columns may be another."""
    for (table,), some in errors.group_by("table"):
        if str(table) in read.tables:
            origin = read.origin[str(table)]
            rows = origin.select(file=pl.col("_file").cast(pl.String), row=pl.col("_row").cast(pl.Int64))
            yield some.drop("row").join(rows, on="file")


def _of_keys(examples: pl.DataFrame, read: Dataset) -> Iterator[pl.DataFrame]:
    """The rows of each file that have what an example names in the columns that it names."""
    for (table, by), some in examples.group_by("table", "by"):
        columns = str(by).split()
        if table in read.tables and set(columns) <= set(read.tables[str(table)].columns):
            rows = read.with_origin(str(table)).select(
                file=pl.col("_file").cast(pl.String), row=pl.col("_row").cast(pl.Int64), key=key_text(columns)
            )
            yield some.drop("row").join(rows, on=["file", "key"])


def refused_rows(path: Path, why: pl.DataFrame, *, lang: Lang) -> bytes:
    """The rows of a file that were refused, as a workbook with the same sheets and columns, and one that says why.

    It is read as the file itself would be; nothing is read from that last column. Where a heading was refused, all rows
    below it are there. The same bytes each time.

    Parameters
    ----------
    why
        Rows as `refused` gives them.
    """
    stream = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, settings) as book:
        book.set_properties({"created": MADE})
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": day_format(lang)})
        for grid in open_all(path).grids:
            heading = find_heading(grid, grid.table, Where(grid.table, grid.file))
            rows = {} if heading is None else _rows_of(grid, heading, why)
            if heading is None or not rows:
                continue
            sheet = book.add_worksheet(_sheet_name(grid, lang))
            labels = _labels(grid, heading)
            sheet.set_column(0, len(labels) - 1, 18)
            sheet.set_column(len(labels), len(labels), 80)
            for column, words in enumerate([*labels.values(), OURS["why"][lang]]):
                sheet.write_string(0, column, words, bold)
            _write_rows(sheet, grid, list(labels), rows, day)
            sheet.freeze_panes(1, 0)
        if not book.worksheets():
            book.add_worksheet()
    return stream.getvalue()


def _rows_of(grid: Grid, heading: Heading, why: pl.DataFrame) -> dict[int, str]:
    """Why each row of a grid was refused, by its place among the cells."""
    said = dict(why.filter(file=grid.file).select("row", "why").rows())
    numbers = grid.rows.to_list()
    above = 1 if grid.heading is not None else int(numbers[heading.first - 1])
    whole = "  |  ".join(text for row, text in said.items() if row <= above)
    below = range(heading.first, len(numbers))
    return {at: said.get(numbers[at], whole) for at in below if whole or numbers[at] in said}


def _sheet_name(grid: Grid, lang: Lang) -> str:
    """The name of the sheet that the rows came from, if it names their table; else that of the table."""
    sheet = grid.file.rpartition(" [")[2].removesuffix("]")
    return sheet if table_named(sheet) == grid.table and len(sheet) <= 31 else name_of(grid.table, lang)


def _labels(grid: Grid, heading: Heading) -> dict[str, str]:
    """The headings as their writer has them, by place; one that stands over two rows is one. Why a row came back the
    time before is left out.
    """
    own = grid.heading if grid.heading is not None else grid.cells.row(heading.first - 1)
    named = {label.place: label.words for label in heading.labels.values()}
    all_of_them = {p: named.get(p, str(words or "")) for p, words in zip(grid.cells.columns, own, strict=True)}
    return {place: words for place, words in all_of_them.items() if our_headings().get(plain(words)) != "why"}


def _write_rows(sheet: Worksheet, grid: Grid, places: list[str], rows: dict[int, str], day: Format) -> None:
    """Rows as they were found, each with why it comes back."""
    cells = (unguarded(grid.cells) if grid.is_text else grid.cells).select(places)
    kinds = None if grid.kinds is None else grid.kinds.select(places)
    for at, (row, why) in enumerate(rows.items(), start=1):
        found = cells.row(row)
        typed = found if kinds is None else [_typed(*both) for both in zip(found, kinds.row(row), strict=True)]
        for column, cell in enumerate(typed):
            _write(sheet, (at, column), cell, day)
        sheet.write_string(at, len(places), why[:LONGEST_CELL])


def _typed(text: str | None, kind: int) -> object:
    """What a cell of a workbook held; a text where it is neither a number, nor a day, nor yes or no."""
    if text is None:
        return None
    try:
        if kind == NUMBER:
            return float(text)
        return dt.datetime.fromisoformat(text) if kind in DATES else text == "TRUE" if kind == YES_NO else text
    except ValueError:
        return text


def _write(sheet: Worksheet, place: tuple[int, int], cell: object, day: Format) -> None:
    """One cell by its type: no text becomes a formula or a number."""
    if isinstance(cell, dt.date) and cell.year > 1900:
        naive = cell.replace(tzinfo=None) if isinstance(cell, dt.datetime) else cell
        whole = not isinstance(naive, dt.datetime) or naive.time() == dt.time()
        sheet.write_datetime(*place, naive, day) if whole else sheet.write_string(*place, f"{naive:%Y-%m-%d %H:%M:%S}")
    elif isinstance(cell, bool | int | float | str):
        write_cell(sheet, *place, cell)
    elif cell is not None:
        sheet.write_string(*place, str(cell))
