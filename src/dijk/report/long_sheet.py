"""Sheets of many rows. XlsxWriter makes the book, its styles and the last row of each sheet; the rows before the last
are written here, a column at a time, and put in their place.

The bytes are those that XlsxWriter would give row by row, except that text that looks like its own markup stays text.
Writing and packing run outside Python's lock for the most
part, so threads share the work.
"""

import io
import math
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import polars as pl
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

AT_ONCE = 8192
"""Rows that are in memory as text at one time."""
EXACT = 10**15
"""Whole numbers below this are written in full, as are all that a sheet can hold exactly."""
ROW = "row of the sheet"
"""The column that ``numbered`` adds: the number of the row, the first row being 1."""
FIRST_OF_DATES = 25_569
"""The number of 1 January 1970 in a sheet."""

ESCAPE = re.compile(r"(_x[0-9a-fA-F]{4}_)")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
EDGE = re.compile(r"^\s|\s$")
RARE = re.compile(f"[&<>]|{ESCAPE.pattern}|{CONTROL.pattern}|{EDGE.pattern}")
"""What makes text differ from its writing; most text has none of it."""


def numbered(frame: pl.DataFrame, first: int) -> pl.DataFrame:
    """The rows that hold anything, with their number on the sheet; the first of the frame stands on row ``first``."""
    return frame.with_row_index(ROW, first).filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))


def write_last(sheet: Worksheet, rows: pl.DataFrame) -> None:
    """Let XlsxWriter write the last of the numbered rows, so that the sheet is as large as it will be."""
    for row, *values in rows.tail(1).iter_rows():
        for place, value in enumerate(values):
            if value is not None:
                _writer(sheet, rows.dtypes[place + 1])(row - 1, place, value)


def _writer(sheet: Worksheet, dtype: pl.DataType) -> Callable[[int, int, Any], object]:
    if dtype == pl.Date:
        return sheet.write_datetime  # type: ignore[no-any-return]
    return sheet.write_number if dtype.is_numeric() else sheet.write_string  # type: ignore[no-any-return]


def filled(book: bytes, sheets: Sequence[pl.DataFrame]) -> bytes:
    """The workbook with all numbered rows of its sheets, in order of the sheets; the last row of each is there already.

    Parameters
    ----------
    book
        A workbook of XlsxWriter, made with ``constant_memory`` so that text stands in its cells.
    sheets
        What each sheet holds, as from ``numbered``: numbers, dates and text; null is an empty cell. All dates of a
        sheet have the style of their columns.

    Raises
    ------
    ValueError
        A number is not finite, which a sheet cannot say.
    """
    made = io.BytesIO()
    rows = {f"xl/worksheets/sheet{place}.xml": sheet for place, sheet in enumerate(sheets, 1) if sheet.height > 1}
    with zipfile.ZipFile(io.BytesIO(book)) as frame, zipfile.ZipFile(made, "w") as whole:
        for part in frame.infolist():
            content = frame.read(part)
            with whole.open(part, "w") as out:
                for piece in _whole(content, rows[part.filename]) if part.filename in rows else [content]:
                    out.write(piece)
    return made.getvalue()


def _whole(content: bytes, rows: pl.DataFrame) -> Iterator[bytes]:
    """The sheet in pieces: what stands before the last row, the rows before it, and from the last row on."""
    last = f'<row r="{rows.item(-1, ROW)}">'.encode()
    before, found, after = content.partition(last)
    style = re.search(r'<cols>.*? style="(\d+)"', before.decode())
    yield before
    yield from _bulk(rows.head(-1), f' s="{style[1]}"' if style else "")
    yield found + after


def _bulk(rows: pl.DataFrame, date_style: str) -> Iterator[bytes]:
    """The rows as a sheet's file has them, some thousands at a time."""
    for part in rows.iter_slices(AT_ONCE):
        texts = part.select(ROW, *(_text(part[name]) for name in part.columns[1:]))
        cells = [
            _cell(name, xl_col_to_name(place), part.schema[name], date_style)
            for place, name in enumerate(part.columns[1:])
        ]
        line = [pl.lit('<row r="'), pl.col(ROW), pl.lit('">'), *cells, pl.lit("</row>")]
        yield texts.select(pl.concat_str(line, ignore_nulls=True).str.join("")).item().encode()


def _cell(name: str, letters: str, dtype: pl.DataType, date_style: str) -> pl.Expr:
    """The cell of a column around its text; null where there is none."""
    number = dtype.is_numeric() or dtype == pl.Date
    style = date_style if dtype == pl.Date else ""
    opened, closed = ("><v>", "</v></c>") if number else (' t="inlineStr"><is>', "</is></c>")
    return pl.concat_str(pl.lit(f'<c r="{letters}'), ROW, pl.lit(f'"{style}{opened}'), pl.col(name), pl.lit(closed))


def _text(values: pl.Series) -> pl.Series:
    """What a column's cells hold, as text; null stays null."""
    if values.dtype == pl.Date:
        return (values.to_physical() + FIRST_OF_DATES).cast(pl.String)
    if values.dtype.is_float():
        return _each(values, _number)
    if values.dtype.is_integer():
        small = values.cast(pl.Float64).is_between(-EXACT, EXACT).all()
        return values.cast(pl.String) if small else _each(values, _number)
    known = values.drop_nulls().unique()
    return values.replace_strict(known, _each(known, _escaped), default=None, return_dtype=pl.String)


def _each(values: pl.Series, write: Callable[[Any], str]) -> pl.Series:
    texts = [None if value is None else write(value) for value in values.to_list()]
    return pl.Series(values.name, texts, dtype=pl.String)


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot stand in a sheet")
    return f"{value:.16G}"


def _escaped(text: str) -> str:
    """Text in its tag, with the signs of XML and of the sheet's own escapes made harmless."""
    if not RARE.search(text):
        return f"<t>{text}</t>"
    text = CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", ESCAPE.sub(r"_x005F\1", text))
    keep = ' xml:space="preserve"' if EDGE.search(text) else ""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<t{keep}>{text}</t>"
