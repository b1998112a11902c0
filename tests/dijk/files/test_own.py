"""Somebody's own workbook: filled in it is read without a finding, and what stays as it was says nothing."""

import datetime as dt

import openpyxl
import polars as pl
import pytest

from dijk.files import own_workbook, read_folder
from dijk.files.words import OURS, headings_of, our_headings
from dijk.tables import ON_DISK
from known_beside import BESIDE, CAME

DAY = dt.date(2020, 4, 27)
BEFORE = {"last": "12 boxes", "last_day": dt.date(2020, 4, 20)}
READY = {
    "stock": pl.DataFrame(
        [
            {
                "site": site,
                "product": "P-iir",
                "called": "Mask",
                **BEFORE,
                "lot": "-",
                "status": status,
                "how": "counted",
            }
            for site, status in (("home-1", "approved"), ("home-2", "approved"), ("home-2", "blocked"))
        ],
        schema_overrides={"status": ON_DISK["stock"].create_empty().schema["status"]},
    ),
    "request": pl.DataFrame([{"site": "home-1", "need": "iir", "called": "Mask", "urgent": False, "how": "counted"}]),
    "use": pl.DataFrame([{"site": "home-1", "need": "iir", "called": "Mask", "days": 7, "how": "counted"}]),
}


def filled(path, lang, typed):
    """The workbook with cells typed in it: sheet, row, heading, value."""
    path.write_bytes(own_workbook(READY, lang=lang))
    book = openpyxl.load_workbook(path)
    for sheet, row, heading, value in typed:
        place = next(cell.column for cell in book[sheet][1] if cell.value == heading)
        book[sheet].cell(row, place, value)
    book.save(path)
    return read_folder(path, received=CAME, beside=BESIDE)


@pytest.mark.parametrize(
    ("lang", "stock", "day", "pieces", "status"),
    [("en", "stock", "day", "pieces", "blocked"), ("nl", "voorraad", "dag", "stuks", "geblokkeerd")],
)
def test_filled_in_it_is_read_in_both_languages(tmp_path, lang, stock, day, pieces, status):
    typed = [(stock, row, heading, value) for row in (2, 4) for heading, value in ((day, DAY), (pieces, 10 * row))]
    read = filled(tmp_path / "own.xlsx", lang, typed)
    rows = read.tables["stock"].select("site", pl.col("status").cast(pl.String), "pieces", "day").rows()
    assert rows == [("home-1", "approved", 20, DAY), ("home-2", "blocked", 40, DAY)]
    said = read.findings.filter(~pl.col("code").is_in(["HEAD-05", "FILE-06"]))
    assert said.select("code", "table", "row").rows() == [
        ("SHEET-15", "request", 2),
        ("SHEET-15", "stock", 3),
        ("SHEET-15", "use", 2),
    ]
    assert status in {cell.value for cell in openpyxl.load_workbook(tmp_path / "own.xlsx")[stock]["G"]}


def test_as_it_was_it_says_nothing(tmp_path):
    read = filled(tmp_path / "own.xlsx", "en", [])
    assert all(table.is_empty() for table in read.tables.values())
    assert set(read.findings["severity"]) == {"note"}


def test_a_number_without_its_day_is_missed_and_a_reason_is_an_answer(tmp_path):
    typed = [
        ("stock", 2, "pieces", 5),
        ("stock", 3, "day", DAY),
        ("stock", 3, "reason", "refused"),
    ]
    read = filled(tmp_path / "own.xlsx", "en", typed)
    errors = read.findings.filter(severity="error").select("code", "row", "column").rows()
    assert errors == [("CELL-01", 2, "day")]
    assert read.tables["stock"].select("site", "pieces", "reason").rows() == [("home-2", None, "refused")]


def test_a_request_and_a_delivery_without_a_number_get_one_of_site_need_and_day(tmp_path):
    typed = [("request", 2, "day", DAY), ("request", 2, "pieces", 200)]
    read = filled(tmp_path / "own.xlsx", "en", typed)
    assert read.tables["request"]["request"].to_list() == ["home-1-iir-2020-04-27"]
    assert read.findings.filter(pl.col("severity") != "note").is_empty()


def test_no_heading_of_ours_is_that_of_a_table():
    assert {
        name: set(headings_of(name)) & set(our_headings())
        for name in ON_DISK
        if set(headings_of(name)) & set(our_headings())
    } == {}
    assert len(our_headings()) == 2 * len(OURS)


def test_the_same_rows_give_the_same_bytes():
    assert own_workbook(READY, lang="nl") == own_workbook(READY, lang="nl")
