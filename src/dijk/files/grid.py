"""What a file holds before it means anything: cells as text, with the row numbers that a spreadsheet shows."""

import datetime as dt
from dataclasses import dataclass, field

import polars as pl

from dijk.files.findings import Row

BLANK, TEXT, NUMBER, DATE, YES_NO, ERROR, UNCOUNTED, MONTH, SHOWN = range(9)
"""Kinds of cell. A workbook tells them; in a CSV every cell is text. UNCOUNTED is a formula that was never
calculated; MONTH is the first of a month that shows as a month and a year; SHOWN is a number with the words or the
sign that its format sets beside it.
"""

DATES = (DATE, MONTH)
"""Kinds of cell that hold a day."""


def no_row(count: int) -> pl.Series:
    """False for each of so many rows."""
    return pl.Series([False]).new_from_index(0, count)


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet or file, and the table it is named after.

    ``cells`` has columns "0", "1", ... of text (of a Parquet file: as typed), null where blank. ``kinds`` has the same
    columns as UInt8, or is None where every cell is text. ``rows`` are row numbers as the spreadsheet counts. ``point``
    is the decimal sign where the file itself makes it sure. ``heading`` is given where the format has one, else it is
    still among the cells.
    """

    table: str
    file: str
    stem: str
    cells: pl.DataFrame
    rows: pl.Series
    kinds: pl.DataFrame | None = None
    point: str | None = None
    heading: tuple[str, ...] | None = None
    merged: tuple[tuple[int, int, int, int], ...] = field(default=())
    """Merged ranges as first row, last row (spreadsheet), first column, last column (from 0)."""
    shifts: bool = False
    """Whether a cell too many means that the row has shifted, as in a CSV whose rows are not all as wide."""
    day_zero: dt.date = dt.date(1899, 12, 30)
    """The day that a stored 0 stands for; from it numbers are counted that are days."""

    @property
    def is_text(self) -> bool:
        """Whether it is a CSV, in which a sign keeps a text from being a formula."""
        return self.kinds is None and self.heading is None


@dataclass(frozen=True)
class Opened:
    """The grids of a file or a folder, and what was found on opening it."""

    grids: list[Grid]
    findings: list[Row]
