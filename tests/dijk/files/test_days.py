"""Days that came as moments, moments with every clock and zone, and months where a last day belongs."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from dijk.files import read_folder
from dijk.files.dates import read_dates, read_moments

DAY = dt.date(2020, 7, 15)
HEADS = ["site", "product", "status", "day", "pieces", "expires_on"]


def states(cells: list[str], kind: pl.Series | None = None) -> tuple[list[dt.date | None], list[str]]:
    read = read_dates(pl.Series(cells, dtype=pl.String), kind)
    return read.value.to_list(), read.odd["state"].to_list()


MIDNIGHT_IN_UTC = [
    "2020-07-14T22:00:00Z",
    "2020-07-14T22:00:00.000Z",
    "2020-07-14 22:00Z",
    "2020-07-14 22:00",
    "2020-07-14T23:00:00+00:00",
    "14-07-2020 22:00",
    "14-7-2020 10:00 PM",
    "14 juli 2020 22.00 uur",
    "2020-07-14 22:00 UTC",
]


@pytest.mark.parametrize("text", MIDNIGHT_IN_UTC)
def test_a_day_at_22_or_23_hours_utc_is_told_as_most_likely_the_next(text):
    assert states([text]) == ([dt.date(2020, 7, 14)], ["midnight"])


@pytest.mark.parametrize(
    "text",
    [
        "2020-07-15T00:00:00+02:00",
        "2020-07-15T00:00+02:00",
        "2020-07-15 00:00:00",
        "2020-07-15T00:00:00Z",
        "15-07-2020 0:00",
        "15-07-2020 12:00 AM",
        "Wed Jul 15 2020 00:00:00 GMT+0200 (Central European Summer Time)",
        "July 15, 2020",
    ],
)
def test_midnight_where_it_is_told_is_its_own_day_and_says_nothing(text):
    assert states([text]) == ([DAY], [])


@pytest.mark.parametrize(
    "text",
    [
        "2020-07-15T10:15:00Z",
        "15-07-2020 10:15",
        "15-07-2020 22:00:00 CEST",
        "2020-07-15T22:00:00-04:00",
        "15 juli 2020 14 uur",
    ],
)
def test_another_time_of_day_is_cut_off_and_told(text):
    assert states([text]) == ([DAY], ["clock"])


@pytest.mark.parametrize(
    "text", ["2020-07-15 25:00", "15-07-2020 10:75", "15-07-2020 10:00 XST", "15-07-2020 10:00 of zo"]
)
def test_a_time_that_no_clock_shows_is_no_day(text):
    assert states([text]) == ([None], ["none"])


def test_typed_moments_in_a_column_of_days_are_told_too():
    naive = pl.Series([dt.datetime(2020, 7, 14, 22), dt.datetime(2020, 7, 15), None])
    read = read_dates(naive, None)
    assert read.value.to_list() == [dt.date(2020, 7, 14), DAY, None]
    assert read.odd["state"].to_list() == ["midnight"]
    here = pl.Series([dt.datetime(2020, 7, 14, 22, tzinfo=dt.UTC)]).dt.convert_time_zone("Europe/Amsterdam")
    assert (read_dates(here, None).value.to_list(), read_dates(here, None).odd.height) == ([DAY], 0)


SAME_MOMENT = [
    "2020-07-15T12:00+02:00",
    "2020-07-15T12:00:00+02:00",
    "2020-07-15T12:00:00.000+02:00",
    "2020-07-15 12:00+02:00",
    "2020-07-15T12:00+0200",
    "2020-07-15T12:00+02",
    "2020-07-15T06:00-04:00",
    "2020-07-15 12:00 +02:00",
    "2020-07-15T12:00:00+02:00[Europe/Amsterdam]",
    "15-07-2020 12:00 CEST",
    "15-07-2020 11:00 CET",
    "15-07-2020 12:00 UTC+2",
    "Wed Jul 15 2020 12:00:00 GMT+0200 (Central European Summer Time)",
    "15-07-2020 10:00Z",
    "15-07-2020 10:00 UTC",
    "2020-07-15T10:00Z",
    "15-07-2020 10:00 uur",
    "15-07-2020 10 uur",
    "15 juli 2020 10.00 u",
    "7/15/2020 10:00 AM",
]


@pytest.mark.parametrize("text", SAME_MOMENT)
def test_a_moment_with_any_clock_and_zone_comes_to_utc(text):
    read = read_moments(pl.Series([text]), None)
    assert read.value.to_list() == [dt.datetime(2020, 7, 15, 10, tzinfo=dt.UTC)]
    assert not read.day_only.any()


@pytest.mark.parametrize(
    ("text", "hour"),
    [("15-7-2020 12:00 AM", 0), ("15-7-2020 12:30 PM", 12), ("15-7-2020 1:00 p.m.", 13), ("15-7-2020 11 pm", 23)],
)
def test_clocks_of_twelve_hours_are_told_apart(text, hour):
    assert read_moments(pl.Series([text]), None).value.dt.hour().to_list() == [hour]


@pytest.mark.parametrize(
    "text", ["15-07-2020 10:00 XST", "15-07-2020 13:00 AM", "15-07-2020 24:30", "10:00", "07-2020"]
)
def test_a_moment_that_cannot_be_read_whole_is_none(text):
    assert read_moments(pl.Series([text]), None).value.to_list() == [None]


MONTHS = ["2021-02", "02/2021", "2-2021", "02.2021", "feb-21", "Feb 2021", "februari 2021", "feb. '21", "2021-02-00", "00-02-2021", "02/21", "202102", "eind februari 2021", "2021 feb"]  # fmt: skip


def csv(folder: Path, table: str, heads: list[str], row: list[object]) -> None:
    (folder / f"{table}.csv").write_text(";".join(heads) + "\n" + ";".join(map(str, row)) + "\n", encoding="utf-8")


@pytest.mark.parametrize("text", MONTHS)
def test_a_month_is_its_last_day_where_a_last_day_belongs(tmp_path, text):
    csv(tmp_path, "stock", HEADS, ["S1", "P1", "approved", "2020-07-15", 5, text])
    read = read_folder(tmp_path)
    assert read.tables["stock"]["expires_on"].to_list() == [dt.date(2021, 2, 28)]
    (note,) = read.findings.filter(pl.col("code") == "DATE-11").to_dicts()
    assert (note["severity"], note["row"], note["found"]) == ("note", 2, text)
    assert "2021-02-28" in note["wanted_en"]


@pytest.mark.parametrize("text", ["13/2021", "2021", "12-11", "Q1 2021", "week 7 2021", "0-2021"])
def test_what_is_no_month_is_no_last_day(tmp_path, text):
    csv(tmp_path, "stock", HEADS, ["S1", "P1", "approved", "2020-07-15", 5, text])
    assert read_folder(tmp_path).findings.filter(pl.col("severity") == "error")["code"].to_list() == ["DATE-01"]


def test_a_month_is_no_day_of_counting(tmp_path):
    csv(tmp_path, "stock", HEADS, ["S1", "P1", "approved", "07-2020", 5, "2021-02-03"])
    assert ("DATE-01", "day") in read_folder(tmp_path).findings.select("code", "column").rows()


SHOWN = [
    ("mmm-yy", 1, 28),
    ("mm/yyyy", 1, 28),
    ("mmmm yyyy", 1, 28),
    ("mmm-yy", 17, 17),
    ("dd-mm-yyyy", 1, 1),
    ("yyyy-mm-dd", 1, 1),
]


@pytest.mark.parametrize(("form", "stored", "read"), SHOWN)
def test_a_cell_that_shows_a_month_is_read_by_what_it_shows(tmp_path, form, stored, read):
    with xlsxwriter.Workbook(tmp_path / "stock.xlsx") as file:
        page = file.add_worksheet()
        page.write_row(0, 0, HEADS)
        page.write_row(1, 0, ["S1", "P1", "approved", "2020-07-15", 5])
        page.write_datetime(1, 5, dt.datetime(2021, 2, stored), file.add_format({"num_format": form}))
    told = read_folder(tmp_path)
    assert told.tables["stock"]["expires_on"].to_list() == [dt.date(2021, 2, read)]
    assert told.findings.filter(pl.col("code") == "DATE-11").height == (read == 28)
