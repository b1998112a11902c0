"""How a fault is planted: a file of the good folder is replaced by one as people keep it."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter
from good import write_good

STOCK = ("locatie", "product", "partij", "status", "dag", "stuks", "bekend_op", "bron", "hoe")
SITE, PRODUCT, LOT, STATUS, DAY, PIECES, KNOWN_AT, SOURCE, HOW = range(9)


@dataclass(frozen=True)
class Fault:
    """A planted fault and the finding that must come of it: its code, file, row and column, and what is read all the
    same.

    ``stock`` is what the table stock must then hold, as {(site, product): pieces}; None where that is not the point.
    """

    name: str
    plant: Callable[[Path], None]
    code: str
    file: str | None
    row: int | None
    column: str | None
    stock: dict[tuple[str, str], int | None] | None = field(default=None)


def stock_rows() -> list[list[Any]]:
    """Three good rows of stock, as a Dutch spreadsheet has them."""
    day = dt.date(2020, 4, 27)
    known = dt.datetime(2020, 4, 27, 16, 0)
    return [
        ["S01", "P1", "0012", "goedgekeurd", day, 500, known, "opgave", "geteld"],
        ["S01", "P2", "-", "goedgekeurd", day, 0, known, "opgave", "geteld"],
        ["S02", "P1", "-", "goedgekeurd", day, 1250, known, "opgave", "geteld"],
    ]


def text_rows() -> list[list[str]]:
    """The same rows as a Dutch CSV has them."""
    return [[said(cell) for cell in row] for row in stock_rows()]


def said(cell: object) -> str:
    """A cell as a Dutch spreadsheet shows it."""
    if isinstance(cell, dt.datetime):
        return f"{cell:%d-%m-%Y %H:%M}"
    return f"{cell:%d-%m-%Y}" if isinstance(cell, dt.date) else str(cell)


def without(folder: Path, table: str) -> None:
    """Take a table out of the folder."""
    for form in ("csv", "parquet"):
        (folder / f"{table}.{form}").unlink(missing_ok=True)


def beside(table: str, plant: Callable[[Path], None]) -> Callable[[Path], None]:
    """Plant a fault in a folder that has this table of the good folder too."""

    def both(folder: Path) -> None:
        write_good(folder, table)
        plant(folder)

    return both


def sheet(
    change: Callable[[list[list[Any]]], None] | None = None,
    *,
    heading: Sequence[Any] = STOCK,
    top: Sequence[Sequence[Any]] = (),
    after: Callable[[Any, Any], None] | None = None,
) -> Callable[[Path], None]:
    """Stock as voorraad.xlsx, sheet Blad1: good rows changed, rows above the heading, and what is done to the sheet
    after.
    """

    def plant(folder: Path) -> None:
        without(folder, "stock")
        rows = stock_rows()
        if change:
            change(rows)
        write_sheet(folder / "voorraad.xlsx", [*top, heading, *rows], after=after)

    return plant


def write_sheet(
    path: Path, rows: Sequence[Sequence[Any]], *, name: str = "Blad1", after: Callable[[Any, Any], None] | None = None
) -> None:
    """Rows as a workbook, each cell by its type."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "default_date_format": "dd-mm-yyyy"}) as book:
        page = book.add_worksheet(name)
        clock = book.add_format({"num_format": "dd-mm-yyyy hh:mm"})
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if isinstance(cell, dt.datetime):
                    page.write_datetime(r, c, cell, clock)
                elif cell is not None:
                    page.write(r, c, cell)
        if after:
            after(book, page)


def cell(row: int, column: int, value: Any) -> Callable[[list[list[Any]]], None]:
    """Change one cell, row from 0 below the heading."""

    def change(rows: list[list[Any]]) -> None:
        rows[row][column] = value

    return change


def column_of(column: int, values: Sequence[Any]) -> Callable[[list[list[Any]]], None]:
    """Change a column."""

    def change(rows: list[list[Any]]) -> None:
        for row, value in zip(rows, values, strict=True):
            row[column] = value

    return change


def more(*rows: Sequence[Any]) -> Callable[[list[list[Any]]], None]:
    """Add rows at the bottom."""

    def change(all_rows: list[list[Any]]) -> None:
        all_rows.extend(list(row) for row in rows)

    return change


def text(
    change: Callable[[list[list[Any]]], None] | None = None,
    *,
    heading: Sequence[str] = STOCK,
    separator: str = ";",
    encoding: str = "utf-8",
    mend: Callable[[str], str] | None = None,
) -> Callable[[Path], None]:
    """Stock as voorraad.csv: good rows changed, then the whole text mended, in an encoding."""

    def plant(folder: Path) -> None:
        without(folder, "stock")
        rows = text_rows()
        if change:
            change(rows)
        whole = "".join(separator.join(row) + "\r\n" for row in [list(heading), *rows])
        (folder / "voorraad.csv").write_bytes((mend(whole) if mend else whole).encode(encoding))

    return plant


def other(table: str, rows: Sequence[Sequence[Any]], name: str | None = None) -> Callable[[Path], None]:
    """Another table as a workbook of its own."""

    def plant(folder: Path) -> None:
        without(folder, table)
        write_sheet(folder / f"{name or table}.xlsx", rows)

    return plant
