"""A sheet of many rows is, byte for byte, what XlsxWriter writes cell by cell."""

import datetime as dt
import io
import zipfile

import polars as pl
import pytest
import xlsxwriter

from dijk.report import long_sheet
from dijk.report.long_sheet import filled, numbered, write_last

DAY = dt.date(2020, 4, 27)
FRAME = pl.DataFrame(
    {
        "text": ["plain", '<b> & "quoted"', " edges\t", "_x0041_ and \x07\ufffe", "two\nlines ", None, ""],
        "day": [None, DAY, dt.date(1999, 12, 31), DAY, None, None, DAY],
        "float": [0.1, -0.0, 1 / 3, 1e300, 123456789.125, None, 5e-324],
        "whole": pl.Series([1, -2, 10**15, 2**63 - 1, None, None, 0], dtype=pl.Int64),
        "row": pl.Series([1, 2, 3, 4, 5, None, 7], dtype=pl.UInt8),
    }
)


def book(*frames: pl.DataFrame, whole: bool) -> bytes:
    """A workbook with a sheet per frame: all rows by XlsxWriter, or the last one by XlsxWriter and the rest in bulk."""
    buffer, rows = io.BytesIO(), []
    plain = {f"strings_to_{kind}": False for kind in ("formulas", "urls", "numbers")}
    file = xlsxwriter.Workbook(buffer, plain | {"constant_memory": True})
    file.set_properties({"created": dt.datetime(2020, 4, 27)})
    for frame in frames:
        sheet = file.add_worksheet()
        bold, date = file.add_format({"bold": True}), file.add_format({"num_format": "d mmm yyyy"})
        for place, (heading, dtype) in enumerate(frame.schema.items()):
            sheet.set_column(place, place, 13, date if dtype == pl.Date else None)
            sheet.write_string(1, place, heading, bold)
        rows.append(numbered(frame, 3))
        for last in range(1, rows[-1].height + 1) if whole else [rows[-1].height]:
            write_last(sheet, rows[-1].head(last))
    file.close()
    return buffer.getvalue() if whole else filled(buffer.getvalue(), rows)


@pytest.mark.parametrize("height", range(FRAME.height + 1))
def test_rows_in_bulk_are_the_bytes_of_rows_cell_by_cell(height: int) -> None:
    frames = (FRAME.head(height), FRAME.reverse(), FRAME.select("text"), FRAME.clear())
    assert book(*frames, whole=False) == book(*frames, whole=True)


def test_rows_come_in_order_however_many_are_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pl.concat([FRAME] * 5)
    wanted = book(frame, whole=True)
    monkeypatch.setattr(long_sheet, "AT_ONCE", 3)
    assert book(frame, whole=False) == wanted


@pytest.mark.parametrize("figure", [float("nan"), float("inf"), -float("inf")])
def test_a_figure_that_is_not_finite_is_refused(figure: float) -> None:
    with pytest.raises(ValueError, match="cannot stand in a sheet"):
        book(pl.DataFrame({"figure": [figure, 1.0]}), whole=False)


def test_text_that_looks_like_markup_stays_text() -> None:
    """XlsxWriter passes on as markup what begins with ``<r>`` and ends with ``</r>``."""
    made = book(pl.DataFrame({"text": ["<r><t>no</t></r>", "last"]}), whole=False)
    assert b"&lt;r&gt;" in zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet1.xml")
