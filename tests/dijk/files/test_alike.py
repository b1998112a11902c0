"""Rows that are alike: once where nothing tells them apart, asked about where only a place, a line or a source does."""

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from dijk.files import read_folder
from dijk.files.rows import only_apart
from dijk.tables import ON_DISK

STOCK = "site,product,lot,status,day,pieces"
COUNT = "S1,P1,L1,approved,2020-04-24,100"
SENT = "delivery,site,need,product,lot,day,channel,pieces"
LINE = "D1,S1,mask,P1,L1,2020-04-24,consortium,100"


def told(folder: Path, table: str, *lines: str) -> tuple[list[tuple[str, int]], list[int]]:
    """Errors with their row, and the pieces that are read."""
    (folder / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    read = read_folder(folder)
    errors = read.findings.filter(pl.col("severity") == "error").select("code", "row").rows()
    return errors, read.tables[table]["pieces"].to_list()


@pytest.mark.parametrize(("heads", "row", "table"), [(STOCK, COUNT, "stock"), (SENT, LINE, "delivery")])
@pytest.mark.parametrize(
    ("own", "one", "other"),
    [
        ("place", "shelf 3", "shelf 5"),
        ("line", "1", "2"),
        ("remark", "", "by the door"),
        ("source", "ward A", "ward B"),
        ("pallet,bay", "1,A", "1,B"),
    ],
)
def test_rows_that_only_a_place_a_line_or_a_source_tells_apart_are_asked_about(
    tmp_path, heads, row, table, own, one, other
):
    lines = (f"{heads},{own}", f"{row},{one}", f"{row},{other}", f"{row.replace('S1', 'S2')},{one}")
    assert told(tmp_path, table, *lines) == ([("ROW-07", 2)], [100])
    (found,) = read_folder(tmp_path).findings.filter(code="ROW-07").to_dicts()
    assert found["found"].endswith(": 2, 3") and found["rows"] == 2


@pytest.mark.parametrize(("heads", "row", "table"), [(STOCK, COUNT, "stock"), (SENT, LINE, "delivery")])
def test_rows_that_nothing_tells_apart_count_once(tmp_path, heads, row, table):
    assert told(tmp_path, table, heads, row, row) == ([], [100])
    assert told(tmp_path, table, f"{heads},place", f"{row},shelf 3", f"{row},shelf 3") == ([], [100])


def test_the_same_row_in_two_files_counts_once(tmp_path):
    (tmp_path / "stock.copy.csv").write_text(f"{STOCK},place\n{COUNT},shelf 3\n")
    assert told(tmp_path, "stock", STOCK, COUNT) == ([], [100])


def test_two_counts_with_another_number_contradict_each_other(tmp_path):
    lines = (f"{STOCK},place", f"{COUNT},shelf 3", f"{COUNT.replace('100', '90')},shelf 5")
    assert told(tmp_path, "stock", *lines) == ([("ROW-02", 2)], [])


def test_two_counts_with_a_lot_of_their_own_are_two(tmp_path):
    lines = (f"{STOCK},place", f"{COUNT},shelf 3", f"{COUNT.replace('L1', 'L2')},shelf 5")
    assert told(tmp_path, "stock", *lines) == ([], [100, 100])


def test_a_workbook_is_asked_about_too(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "stock.xlsx") as book:
        page = book.add_worksheet()
        for row, line in enumerate((f"{STOCK},place", f"{COUNT},shelf 3", f"{COUNT},shelf 5")):
            page.write_row(row, 0, [int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    assert read_folder(tmp_path).findings.filter(severity="error").select("code", "row").rows() == [("ROW-07", 2)]


def test_a_table_without_a_source_is_asked_about_too(tmp_path):
    names = ["site", "need", "day"]
    assert "source" not in ON_DISK["past_award"].column_names()
    rows = pl.DataFrame({name: ["x", "x"] for name in names}).with_columns(
        _file=pl.lit("f"), _aside=pl.Series(["a", "b"])
    )
    assert only_apart(rows, names).to_list() == [True, True]
