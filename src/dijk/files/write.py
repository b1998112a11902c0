"""Tables to files: the same tables give the same bytes, and no text becomes a formula."""

import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import polars as pl
import xlsxwriter

from dijk.files.limits import MOST_SHEET_ROWS
from dijk.tables import EFFECT, ON_DISK, PUBLISHED, RESULTS

RISKY = r"(?s)^('*[=+\-@\t\r].)"
"""How a text begins that a spreadsheet would take for a formula; a dash alone is none."""

MADE = dt.datetime(2000, 1, 1)
"""The date that a workbook says it was made on: always the same, so that its bytes depend on its rows alone."""

EXACT = 2**53
"""Above this a whole number does not fit the numbers of a workbook, and is written as text."""


def write_folder(
    tables: Mapping[str, pl.DataFrame], folder: Path | str, *, form: Literal["csv", "parquet", "xlsx"] = "csv"
) -> list[Path]:
    """Write tables to a folder that ``read_folder`` reads back the same; the paths written.

    A workbook holds numbers to fifteen digits and times to the second; a table with more rows than a sheet may have
    becomes several files.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    out: list[Path] = []
    for name in sorted(tables):
        table = tables[name]
        parts = list(table.iter_slices(MOST_SHEET_ROWS - 1)) if form == "xlsx" and table.height else [table]
        for number, part in enumerate(parts, start=1):
            path = folder / (f"{name}.{form}" if len(parts) == 1 else f"{name}.{number:03}.{form}")
            path.write_bytes(
                {"csv": csv_bytes, "parquet": parquet_bytes}[form](part) if form != "xlsx" else xlsx_bytes(part, name)
            )
            out.append(path)
    return out


def csv_bytes(table: pl.DataFrame) -> bytes:
    """A table as CSV: comma, decimal point, UTF-8, days and moments as ISO 8601 writes them."""
    texts = [name for name, kind in table.schema.items() if kind == pl.String]
    safe = table.with_columns(pl.col(texts).str.replace(RISKY, "'${1}"))
    return safe.write_csv(datetime_format="%Y-%m-%dT%H:%M:%SZ", line_terminator="\r\n").encode()


def parquet_bytes(table: pl.DataFrame) -> bytes:
    """A table as Parquet with fixed settings."""
    stream = io.BytesIO()
    table.write_parquet(stream, compression="zstd", compression_level=3, statistics=True, row_group_size=100_000)
    return stream.getvalue()


def xlsx_bytes(table: pl.DataFrame, name: str) -> bytes:
    """A table as a workbook with one sheet of its name."""
    stream = io.BytesIO()
    settings = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(stream, {**settings, "in_memory": True}) as book:
        book.set_properties({"created": MADE})
        sheet = book.add_worksheet(name[:31])
        bold = book.add_format({"bold": True})
        formats = {
            pl.Date: book.add_format({"num_format": "yyyy-mm-dd"}),
            pl.Datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        for column, (label, kind) in enumerate(table.schema.items()):
            sheet.set_column(column, column, 20 if kind.is_temporal() else 14, formats.get(kind.base_type()))
            sheet.write_string(0, column, label, bold)
        sheet.freeze_panes(1, 0)
        flat = table.with_columns(pl.col(pl.Datetime).dt.replace_time_zone(None), pl.col(pl.Enum).cast(pl.String))
        for row, cells in enumerate(flat.iter_rows(), start=1):
            for column, cell in enumerate(cells):
                if cell is not None:
                    write_cell(sheet, row, column, cell)
    return stream.getvalue()


def write_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: object) -> None:
    """One cell by its type; a text stays a text whatever it begins with."""
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif isinstance(cell, dt.date):
        sheet.write_datetime(row, column, cell)
    elif isinstance(cell, int) and abs(cell) > EXACT:
        sheet.write_string(row, column, str(cell))
    else:
        sheet.write_number(row, column, cell)


def write_results(tables: Mapping[str, pl.DataFrame], folder: Path | str) -> list[Path]:
    """Write the tables of a run or an effect as Parquet; the same tables give the same bytes."""
    return write_folder(tables, folder, form="parquet")


def read_tables(folder: Path | str) -> dict[str, pl.DataFrame]:
    """The tables that ``write_results`` wrote, each held against its schema.

    Raises
    ------
    dataframely.exc.ValidationError
        A file is not as it was written.
    """
    known = RESULTS | EFFECT | ON_DISK | PUBLISHED
    paths = {path.stem: path for path in sorted(Path(folder).glob("*.parquet"))}
    return {name: known[name].validate(pl.read_parquet(path)) for name, path in paths.items() if name in known}
