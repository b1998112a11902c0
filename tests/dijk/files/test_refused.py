"""Rows that were refused come back in a workbook that is mended and read again, without a loss on the way."""

import datetime as dt
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from dijk.files import Dataset, read_folder, refused, refused_rows
from known_beside import BESIDE, CAME

HEADINGS = ("locatie", "product", "status", "dag", "stuks", "kast")
GOOD = ("home-1", "P-iir", "goedgekeurd", dt.date(2020, 4, 26), 600, "links")


def book(path: Path, rows: list[tuple[object, ...]], headings: tuple[str, ...] = HEADINGS) -> Dataset:
    made = openpyxl.Workbook()
    for row in (headings, *rows):
        made.active.append(row)
    made.active.title = "voorraad"
    made.save(path)
    return read(path)


def read(path: Path) -> Dataset:
    return read_folder(path, received=CAME, beside=BESIDE)


def back(path: Path, found: Dataset, lang: str = "nl") -> openpyxl.Workbook:
    again = path.with_name(f"again.{path.stem}.xlsx")
    again.write_bytes(refused_rows(path, refused(found.findings, found, lang), lang=lang))
    return openpyxl.load_workbook(again)


def test_each_refused_row_says_all_that_is_wrong_with_it_and_good_rows_do_not_come_back(tmp_path):
    path = tmp_path / "telling.xlsx"
    found = book(path, [GOOD, ("home-2", "P-iir", "goedgekeurd", "gisteren", -6, "rechts")])
    rows = list(back(path, found)["voorraad"].values)
    assert rows[0] == (*HEADINGS, "waarom niet opgenomen")
    assert rows[1][:6] == ("home-2", "P-iir", "goedgekeurd", "gisteren", -6, "rechts")
    assert "stuks: gevonden -6" in rows[1][6] and "dag: gevonden gisteren" in rows[1][6]
    assert len(rows) == 2


def test_what_was_refused_is_mended_and_read_again_with_nothing_left_to_find(tmp_path):
    path = tmp_path / "telling.xlsx"
    found = book(path, [GOOD, (*GOOD[:4], -6, "x")[:6], ("home-2", "P-iir", "goedgekeurd", GOOD[3], -1, "rechts")])
    mended = back(path, found)
    sheet = mended["voorraad"]
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, 5, 70 + row)
    mended.save(tmp_path / "mended.xlsx")
    again = read(tmp_path / "mended.xlsx")
    assert set(again.findings["severity"]) == {"note"}
    assert "HEAD-04" not in again.findings.filter(pl.col("column") == "waarom niet opgenomen")["code"]
    kept = [*found.tables["stock"]["pieces"], *again.tables["stock"]["pieces"]]
    assert sorted(kept) == [72, 73, 600]


def test_a_day_a_number_and_a_code_come_back_as_they_were_typed(tmp_path):
    path = tmp_path / "telling.xlsx"
    found = book(path, [("007", "P-iir", "goedgekeurd", GOOD[3], 12.5, True)])
    row = next(iter(back(path, found)["voorraad"].iter_rows(min_row=2, values_only=True)))
    assert row[:6] == ("007", "P-iir", "goedgekeurd", dt.datetime(2020, 4, 26), 12.5, True)


@pytest.mark.parametrize("text", ["=1+2", "@SUM(A1)", "+31", "-"])
def test_no_text_of_a_refused_row_becomes_a_formula(tmp_path, text):
    path = tmp_path / "stock.csv"
    path.write_text(f"site,product,status,day,pieces,note\nhome-1,P-iir,approved,2020-04-26,-4,'{text}\n", "utf-8")
    cells = [cell for row in back(path, read(path), "en")["stock"].iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}


def test_of_many_alike_every_one_comes_back(tmp_path):
    path = tmp_path / "telling.xlsx"
    found = book(path, [("home-1", f"P-{at}", "goedgekeurd", GOOD[3], -1, None) for at in range(200)])
    assert refused(found.findings, found, "nl").height == 200
    assert len(list(back(path, found)["voorraad"].values)) == 201


def test_every_row_with_a_code_that_no_register_has_comes_back_and_so_do_all_that_contradict(tmp_path):
    path = tmp_path / "telling.xlsx"
    strange = [("home-1", "P-other", "goedgekeurd", dt.date(2020, 4, day), 5, None) for day in (20, 21, 22)]
    twice = [GOOD, (*GOOD[:4], 700, "links")]
    found = book(path, [*strange, *twice, ("home-2", *GOOD[1:])])
    assert refused(found.findings, found, "en")["row"].to_list() == [2, 3, 4, 5, 6]


def test_of_more_contradictions_than_are_listed_every_row_comes_back(tmp_path):
    path = tmp_path / "telling.xlsx"
    days = [dt.date(2020, 1, 1) + dt.timedelta(days=at) for at in range(60)]
    found = book(path, [(*GOOD[:3], day, pieces, "links") for day in days for pieces in (1, 2)])
    assert refused(found.findings, found, "en").height == 120


def test_below_a_heading_that_was_refused_every_row_comes_back(tmp_path):
    path = tmp_path / "telling.xlsx"
    headings = ("locatie", "product", "toestand", "dag", "stuks", "kast")
    found = book(path, [GOOD, ("home-2", *GOOD[1:])], headings)
    rows = list(back(path, found)["voorraad"].values)
    assert len(rows) == 3 and "status" in rows[1][6] and rows[1][6] == rows[2][6]


def test_below_a_heading_that_stands_twice_no_row_is_good(tmp_path):
    path = tmp_path / "telling.xlsx"
    found = book(path, [(*GOOD, 7)], (*HEADINGS, "aantal"))
    assert refused(found.findings, found, "en")["row"].to_list() == [1, 2]


def test_why_a_row_came_back_the_time_before_does_not_come_back(tmp_path):
    path = tmp_path / "telling.xlsx"
    found = book(path, [(*GOOD[:4], -1, "links")])
    back(path, found)
    again = tmp_path / "again.telling.xlsx"
    rows = list(back(again, read(again))["voorraad"].values)
    assert rows[0] == (*HEADINGS, "waarom niet opgenomen") and len(rows[0]) == len(rows[1])


def test_typed_cells_of_a_parquet_file_come_back(tmp_path):
    path = tmp_path / "stock.parquet"
    row = {"site": "home-1", "product": "P-iir", "status": "approved", "day": GOOD[3], "pieces": -3}
    pl.DataFrame([row]).write_parquet(path)
    values = list(back(path, read(path), "en")["stock"].values)
    assert values[1][:5] == ("home-1", "P-iir", "approved", dt.datetime(2020, 4, 26), -3)
