"""Codes and texts that a spreadsheet or a program took for something else: refused or told, never silently another text."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from dijk.files import read_folder

HEADS = ["site", "product", "lot", "status", "day", "pieces"]
COUNT = {"site": "S1", "product": "P1", "lot": "L1", "status": "approved", "day": "2020-04-24", "pieces": 100}


def book(folder: Path, column: str, value: object, form: str | None = None) -> None:
    """A count in a workbook, one cell of it as a spreadsheet keeps it."""
    with xlsxwriter.Workbook(folder / "stock.xlsx", {"default_date_format": "d-mmm"}) as file:
        page = file.add_worksheet()
        page.write_row(0, 0, HEADS)
        page.write_row(1, 0, list(COUNT.values()))
        page.write(1, HEADS.index(column), value, file.add_format({"num_format": form}) if form else None)


def told(folder: Path, column: str) -> list[tuple[str, str, int | None]]:
    """What is said of one column: code, how grave, row."""
    found = read_folder(folder).findings.filter(pl.col("column") == column)
    return list(found.select("code", "severity", "row").iter_rows())


def lots(folder: Path) -> list[str]:
    return read_folder(folder).tables["stock"]["lot"].to_list()


@pytest.mark.parametrize("column", ["site", "product", "lot"])
@pytest.mark.parametrize("form", ["d-mmm", "mmm-d", "d-m", "yyyy-mm-dd", "mmm-yy", "h:mm", "dd-mm-yyyy hh:mm"])
def test_a_code_that_became_a_date_is_refused_with_its_row(tmp_path, column, form):
    book(tmp_path, column, dt.datetime(2020, 3, 1), form)
    assert told(tmp_path, column) == [("CELL-15", "error", 2)]
    assert lots(tmp_path) == []


def test_a_code_that_became_a_time_of_day_is_refused(tmp_path):
    book(tmp_path, "lot", 0.0840277, "h:mm")
    assert told(tmp_path, "lot") == [("CELL-15", "error", 2)]


@pytest.mark.parametrize("value", [8712345678901234, 871234567890123456, 8.71234567890123e17])
def test_a_code_of_more_digits_than_a_number_keeps_is_refused(tmp_path, value):
    book(tmp_path, "lot", value)
    assert told(tmp_path, "lot") == [("CELL-07", "error", 2)]
    assert lots(tmp_path) == []


def test_a_code_of_fifteen_digits_is_read_whole_and_told(tmp_path):
    book(tmp_path, "lot", 871234567890123)
    assert told(tmp_path, "lot") == [("CELL-05", "warning", 2)]
    assert lots(tmp_path) == ["871234567890123"]


@pytest.mark.parametrize(("column", "value"), [("site", 1.1), ("lot", 2.5)])
def test_a_code_that_became_a_fraction_is_told(tmp_path, column, value):
    book(tmp_path, column, value)
    assert told(tmp_path, column) == [("CELL-05", "warning", 2)]


def parquet(folder: Path, lots: pl.Series) -> None:
    rows = pl.DataFrame([{**COUNT, "site": f"S{i}"} for i in range(len(lots))]).with_columns(lot=lots)
    rows.write_parquet(folder / "stock.parquet")


def test_codes_that_a_program_kept_with_decimals_are_whole_again_and_told(tmp_path):
    parquet(tmp_path, pl.Series([12345.0, 7.0]))
    assert lots(tmp_path) == ["12345", "7"]
    assert told(tmp_path, "lot") == [("CELL-05", "warning", 2)]


def test_codes_beyond_what_a_program_keeps_are_refused(tmp_path):
    parquet(tmp_path, pl.Series([12345.0, 871234567890123456.0]))
    assert ("CELL-07", "error", 3) in told(tmp_path, "lot")


@pytest.mark.parametrize("made", [dt.date(2020, 3, 1), dt.datetime(2020, 3, 1), True])
def test_typed_dates_and_truths_are_no_codes(tmp_path, made):
    parquet(tmp_path, pl.Series([made]))
    assert told(tmp_path, "lot") == [("CELL-15", "error", 2)]


CSV = [
    ("2020-03-01 00:00:00", "CELL-15"),
    ("2020-03-01T00:00:00", "CELL-15"),
    ("2020-03-01", "CELL-17"),
    ("1-mrt", "CELL-17"),
    ("01-Mar", "CELL-17"),
    ("mrt-20", "CELL-17"),
    ("12345.0", "CELL-05"),
    ("871234567890123000", "CELL-05"),
    ("8.71235E+17", "CELL-07"),
    ("8,71235e+17", "CELL-07"),
    ("MAR-1", None),
    ("6-7", None),
    ("20200301", None),
    ("2020-117", None),
    ("871234567890123456", None),
]


@pytest.mark.parametrize(("lot", "code"), CSV)
def test_codes_in_a_csv_that_were_a_date_or_a_number_on_the_way_are_told(tmp_path, lot, code):
    (tmp_path / "stock.csv").write_text(";".join(HEADS) + "\n" + ";".join(map(str, ({**COUNT, "lot": lot}).values())))
    assert [one for one, *_ in told(tmp_path, "lot")] == ([code] if code else [])


def test_a_size_that_became_a_date_is_told_with_its_row(tmp_path):
    heads = ["need", "name_en", "name_nl", "family", "size", "specification", "piece"]
    with xlsxwriter.Workbook(tmp_path / "need.xlsx", {"default_date_format": "d-m"}) as file:
        page = file.add_worksheet()
        page.write_row(0, 0, heads)
        page.write_row(1, 0, ["boot", "Boots", "Laarzen", "boot", None, "EN 20345", "pair"])
        page.write_datetime(1, 4, dt.datetime(2020, 9, 8))
    assert told(tmp_path, "size") == [("CELL-16", "warning", 2)]
