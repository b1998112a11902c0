"""The cells of one sheet, read as a stream: row numbers, kinds of cell, and what is hidden, filtered or merged."""

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.parsers import expat

import polars as pl

from dijk.files.findings import Row, Where, finding
from dijk.files.formats import Style
from dijk.files.grid import BLANK, DATE, ERROR, MONTH, NUMBER, SHOWN, TEXT, UNCOUNTED, YES_NO, Grid, Opened
from dijk.files.heading import find_heading
from dijk.files.limits import LONGEST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_SHEET_ROWS
from dijk.files.package import Event, Unreadable, open_package, part_of, plain_name, stored_as
from dijk.files.words import table_named
from dijk.files.workbook import FROM_1904, Book, Sheet, open_book, unescaped

LAST_DAY = 2_958_466
"""The day after 31 December 9999, where spreadsheets end."""

BATCH = 20_000
"""Rows turned into columns at a time."""

EXPLAINING = (
    "uitleg",
    "toelichting",
    "notes",
    "lijsten",
    "lists",
    "legenda",
    "instructie",
    "instructies",
    "readme",
    "leesmij",
)
"""Sheets that explain a table and hold none."""


@dataclass
class Aside:
    """What a sheet's owner may not see of it, gathered while its cells stream by."""

    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row, last row, first column (from 0), last column."""
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    filtered: bool = False


@dataclass(frozen=True)
class Stored:
    """A cell as stored: where it is, its type and style, its text, and its formula if it has one."""

    row: int
    column: int
    kind: str
    style: int
    text: str
    formula: str | None


def stored_cells(stream: Iterable[Event], aside: Aside) -> Iterator[Stored]:
    """The cells of a sheet in their order; what stands beside them goes to ``aside``."""
    row, column, into = 0, -1, ""
    cell: dict[str, str] | None = None
    said = {"v": "", "t": "", "f": ""}
    for name, attributes in stream:
        if not name:
            if into and attributes and len(said[into]) <= LONGEST_CELL:
                said[into] += attributes[""]
        elif attributes is None:
            into = ""
            if name == "c" and cell is not None:
                formula = said["f"] if "formula" in cell else None
                yield Stored(
                    row, column, cell.get("t") or "n", int(cell.get("s") or 0), said["v"] or said["t"], formula
                )
                cell = None
        elif name == "c":
            cell, said = attributes, {"v": "", "t": "", "f": ""}
            column = column_number(attributes["r"]) if attributes.get("r") else column + 1
        elif name in said and cell is not None:
            into = name
            if name == "f":
                cell["formula"] = ""
        elif name == "row":
            row, column = int(attributes.get("r") or row + 1), -1
            if attributes.get("hidden") in ("1", "true") and len(aside.hidden_rows) < MOST_SHEET_ROWS:
                aside.hidden_rows.append(row)
        else:
            look_aside(name, attributes, aside)


def look_aside(name: str, attributes: dict[str, str], aside: Aside) -> None:
    """Keep what an element beside the cells says of them."""
    if name == "mergeCell" and len(aside.merged) < MOST_SHEET_ROWS:
        first, _, last = attributes.get("ref", "A1").partition(":")
        last = last or first
        aside.merged.append((row_number(first), row_number(last), column_number(first), column_number(last)))
    elif name == "col" and attributes.get("hidden") in ("1", "true"):
        first, last = attributes.get("min", "1"), attributes.get("max", "1")
        aside.hidden_columns += range(int(first) - 1, min(int(last), MOST_COLUMNS))
    elif name == "filterColumn":
        aside.filtered = True


def column_number(reference: str) -> int:
    """The column of a reference such as C12, from 0."""
    number = 0
    for sign in reference.upper():
        if not sign.isalpha():
            break
        number = number * 26 + ord(sign) - 64
    return number - 1


def row_number(reference: str) -> int:
    """The row of a reference such as C12, from 1."""
    return int(re.sub(r"\D", "", reference) or 1)


def meant(cell: Stored, book: Book) -> tuple[str, int]:
    """What a cell holds as text, and its kind. Days and moments are written as ISO 8601 writes them."""
    text = cell.text
    if cell.kind == "s" and text:
        return shared(text.strip(), book), TEXT
    if cell.kind in ("str", "inlineStr"):
        return unescaped(text), TEXT if text else BLANK
    if not text:
        return (f"={cell.formula}", UNCOUNTED) if cell.formula is not None else ("", BLANK)
    if cell.kind == "b":
        return ("TRUE" if text == "1" else "FALSE"), YES_NO
    if cell.kind == "e":
        return text, ERROR
    if cell.kind == "d":
        return text.removesuffix("Z"), DATE
    style = book.styles[cell.style] if cell.style < len(book.styles) else Style()
    return stored_number(text, style, book.day_zero)


def shared(number: str, book: Book) -> str:
    """A text that the sheets of a workbook share, by its number.

    Raises
    ------
    Unreadable
        There is no such text, so that the cell would be lost.
    """
    if not number.isdigit() or int(number) >= len(book.texts):
        raise Unreadable("FILE-10")
    return book.texts[int(number)]


def stored_number(text: str, style: Style, day_zero: dt.datetime) -> tuple[str, int]:
    """A number as its style shows it: a day, a moment, a code with zeros in front, with words beside it, or itself."""
    number = float(text)
    if style.kind and 0 < number < LAST_DAY:
        moment = day_zero + dt.timedelta(seconds=round(number * 86400))
        return stored_day(moment, style.kind, is_clock=number < 1)
    if style.percent:
        text = repr(round(number * 100, 9))
    if "." in text or "e" in text.casefold():
        number = float(text)
        text = str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    text = text.zfill(style.zeros)
    return style.shown(text), SHOWN if style.says_more else TEXT if style.zeros else NUMBER


def stored_day(moment: dt.datetime, kind: str, *, is_clock: bool) -> tuple[str, int]:
    """A day or a moment in the way of ISO 8601, or a time of day alone, and which of them it is."""
    if is_clock:
        return f"{moment:%H:%M:%S}", DATE
    if kind == "moment" or moment.time() != dt.time():
        return f"{moment:%Y-%m-%d %H:%M:%S}", DATE
    return f"{moment:%Y-%m-%d}", MONTH if kind == "month" and moment.day == 1 else DATE


@dataclass(frozen=True)
class Filled:
    """The filled cells of a sheet by column, their kinds, the number of each row, and what was seen beside them."""

    cells: pl.DataFrame
    kinds: pl.DataFrame
    rows: pl.Series
    aside: Aside


def read_sheet(package: zipfile.ZipFile, book: Book, sheet: Sheet) -> Filled:
    """The filled cells of a sheet; rows without any are left out, the others keep their number.

    Raises
    ------
    Unreadable
        More rows, columns or cells than the limits, or no such sheet in the package.
    """
    if stored_as(package, sheet.part) is None:
        raise Unreadable("FILE-10")
    aside = Aside()
    parts: list[tuple[pl.DataFrame, pl.DataFrame]] = []
    rows: list[int] = []
    batch: list[dict[int, tuple[str, int]]] = []
    cells = 0
    for cell in stored_cells(part_of(package, sheet.part), aside):
        text, kind = meant(cell, book)
        if kind == BLANK:
            continue
        if not rows or rows[-1] != cell.row:
            if len(batch) == BATCH:
                parts.append(framed(batch))
                batch = []
            rows.append(cell.row)
            batch.append({})
        batch[-1][cell.column] = (text, kind)
        cells += 1
        if len(rows) > MOST_SHEET_ROWS:
            raise Unreadable("FILE-12", most=f"{MOST_SHEET_ROWS:,}", what=("sheet", "blad"))
        if cell.column >= MOST_COLUMNS:
            raise Unreadable("FILE-13", f"{cell.column + 1}", most=MOST_COLUMNS, what=("columns", "kolommen"))
        if cells > MOST_CELLS:
            raise Unreadable("FILE-13", most=f"{MOST_CELLS:,}", what=("filled cells", "gevulde cellen"))
    parts.append(framed(batch))
    texts = pl.concat([part for part, _ in parts], how="diagonal")
    kinds = pl.concat([part for _, part in parts], how="diagonal").with_columns(pl.all().fill_null(BLANK))
    order = [str(i) for i in range(texts.width)]
    return Filled(texts.select(order), kinds.select(order), pl.Series(rows, dtype=pl.UInt32), aside)


def framed(batch: list[dict[int, tuple[str, int]]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of cells as columns of texts and of kinds."""
    width = max((max(row) for row in batch), default=-1) + 1
    blank = (None, BLANK)
    texts = {str(i): pl.Series([row.get(i, blank)[0] for row in batch], dtype=pl.String) for i in range(width)}
    kinds = {str(i): pl.Series([row.get(i, blank)[1] for row in batch], dtype=pl.UInt8) for i in range(width)}
    return pl.DataFrame(texts), pl.DataFrame(kinds)


def read_workbook(path: Path, table: str | None) -> Opened:
    """The sheets of a workbook as grids with their tables: those named after a table, and the first other one if the
    file is.

    A workbook that cannot be read gives the finding that says why.
    """
    whole = Where(table or "-", path.name)
    return read_book(path, whole, lambda package, book: read_sheets(package, book, path, table))


def every_sheet(path: Path, table: str) -> Opened:
    """The filled sheets of a workbook that explain nothing, each as a grid of one table, which need not be one of a
    dataset; as `read_workbook`.
    """
    return read_book(path, Where(table, path.name), lambda package, book: sheets_of_one(package, book, path, table))


def read_book(path: Path, whole: Where, sheets: Callable[[zipfile.ZipFile, Book], Opened]) -> Opened:
    """What is read of the sheets of a workbook; or none, with the finding that says why it cannot be read."""
    try:
        with open_package(path) as package:
            book = open_book(package)
            macros = any(plain_name(name).endswith("vbaproject.bin") for name in package.namelist())
            found = [finding("FILE-22", whole)] if macros else []
            found += [finding("FILE-23", whole)] if book.day_zero == FROM_1904 else []
            opened = sheets(package, book)
            return Opened(opened.grids, found + opened.findings)
    except Unreadable as error:
        return Opened([], [finding(error.code, whole, found=error.found, words=error.words)])
    except NotImplementedError:  # a way of packing that only other programs know
        return Opened([], [finding("FILE-08", whole)])
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, ValueError, KeyError):
        return Opened([], [finding("FILE-10", whole)])


def sheets_of_one(package: zipfile.ZipFile, book: Book, path: Path, table: str) -> Opened:
    """All filled sheets but those that explain, and what is hidden in them."""
    grids: list[Grid] = []
    found: list[Row] = []
    for sheet in (one for one in book.sheets if one.name.casefold() not in EXPLAINING):
        filled = read_sheet(package, book, sheet)
        if filled.cells.height:
            grids.append(replace(grid_of(filled, path, sheet, table), day_zero=book.day_zero.date()))
            found += said_aside(filled, Where(table, grids[-1].file))
    return Opened(grids, found if grids else [finding("FILE-05", Where(table, path.name))])


def read_sheets(package: zipfile.ZipFile, book: Book, path: Path, table: str | None) -> Opened:
    """The sheets of a workbook that hold a table, and what to say of the others."""
    grids: list[Grid] = []
    found: list[Row] = []
    named = {sheet.name: name for sheet in book.sheets if (name := table_named(sheet.name))}
    spare = None if table in named.values() else table
    for sheet in book.sheets:
        mine = named.get(sheet.name)
        if mine is None and (sheet.name.casefold() in EXPLAINING or (table is None and not named)):
            continue
        where = Where(mine or table or "-", f"{path.name} [{sheet.name}]")
        filled = read_sheet(package, book, sheet)
        if not filled.cells.height:
            continue
        grid = replace(grid_of(filled, path, sheet, where.table), day_zero=book.day_zero.date())
        if mine is None and (
            spare is None or sheet.hidden or not (find_heading(grid, spare, where) or sheet is book.sheets[-1])
        ):
            found.append(finding("FILE-19", where, found=sheet.name, rows=filled.cells.height))
            continue
        found += [finding("FILE-20", where, found=sheet.name)] if sheet.hidden else []
        grids.append(grid)
        found += said_aside(filled, where)
        spare = spare if mine else None
    if table and not grids and not found:
        found.append(finding("FILE-05", Where(table, path.name)))
    if table is None and not named:
        found.append(finding("FILE-02", Where("-", path.name), found=path.name))
    return Opened(grids, found)


def grid_of(filled: Filled, path: Path, sheet: Sheet, table: str) -> Grid:
    """The filled cells of a sheet as a grid."""
    label = f"{path.name} [{sheet.name}]"
    return Grid(table, label, path.stem, filled.cells, filled.rows, filled.kinds, merged=tuple(filled.aside.merged))


def said_aside(filled: Filled, where: Where) -> list[Row]:
    """Notes on hidden rows and columns, filters and merged cells among the filled ones."""
    aside, found = filled.aside, []
    hidden = sorted(set(aside.hidden_rows) & set(filled.rows.to_list()))
    if hidden:
        found.append(finding("SHEET-04" if aside.filtered else "SHEET-02", where, row=hidden[0], rows=len(hidden)))
    columns = [
        i
        for i in sorted(set(aside.hidden_columns))
        if str(i) in filled.cells.columns and filled.cells[str(i)].null_count() < filled.cells.height
    ]
    for i in columns:
        label = filled.cells[str(i)].drop_nulls().first()
        found.append(finding("SHEET-03", where, column=str(label), found=label))
    return found
