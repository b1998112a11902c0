"""The given cases, each beside the example country: what their owners wrote down as right is what comes out."""

import datetime as dt
import shutil
from pathlib import Path

import polars as pl
import pytest

import country_once
from dijk.check import check
from dijk.example import example
from dijk.files import Dataset, lying_ahead, newest_told, read_folder, write_folder
from dijk.forecast import forecast
from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.present import present
from dijk.present.now import Now

AS_OF = dt.datetime(2020, 4, 27, 8, 0, 1, tzinfo=dt.UTC)
REGISTERS = ("product", "need", "acceptance", "site", "sector", "region")


@pytest.fixture
def read(given_cases: Path, tmp_path: Path):
    """Read one file of a case beside the registers of the example country."""

    def reader(case: str, file: str) -> Dataset:
        if not (given_cases / case / file).is_file():
            pytest.skip(f"no such case: {case}/{file}")
        for name in REGISTERS:
            shutil.copy(country_once.commanded() / "country" / f"{name}.csv", tmp_path)
        shutil.copy(given_cases / case / file, tmp_path)
        return read_folder(tmp_path)

    return reader


def said(read: Dataset, *severities: str) -> set[tuple[str, int | None, str | None]]:
    """Code, row and column of what is said, as far as it is as grave."""
    found = read.findings.filter(pl.col("severity").cast(pl.String).is_in(severities or ["error", "warning", "note"]))
    return set(found.select("code", "row", "column").iter_rows())


def test_codes_that_became_dates_are_told_with_row_and_column(read):
    assert {("CELL-15", 2, "lot"), ("CELL-15", 3, "lot")} <= said(read("code-became-date", "stock.case.xlsx"), "error")
    assert ("CELL-16", 2, "size") in said(read("code-became-date", "need.case.xlsx"), "warning")


@pytest.mark.parametrize("file", ["stock.case.csv", "stock.case2.xlsx"])
def test_a_day_told_as_midnight_in_utc_is_told_with_the_day_that_is_meant(read, file):
    found = read("midnight-utc", file).findings.filter(pl.col("code") == "DATE-10")
    assert found.select("row", "column").row(0) == (2, "day")
    assert "2020-04-24" in found["wanted_en"][0] and "2020-04-24" in found["wanted_nl"][0]


def test_midnight_here_told_with_its_offset_is_its_own_day(read):
    rows = read("midnight-utc", "stock.case.csv")
    assert rows.tables["stock"].filter(site="S00021")["day"].to_list() == [dt.date(2020, 4, 24)]
    assert "2021-12-31" in rows.findings.filter(code="DATE-10", column="expires_on")["wanted_en"][0]


def test_a_month_and_a_year_are_the_last_day_of_that_month_with_a_note(read):
    written = read("month-as-last-day", "stock.case.csv")
    assert written.tables["stock"]["expires_on"].to_list() == [dt.date(2020, 12, 31)] * 6
    assert ("DATE-11", 2, "expires_on") in said(written, "note") and not said(written, "error")


def test_a_cell_that_shows_a_month_is_the_last_day_of_that_month_with_a_note(read):
    shown = read("month-as-last-day", "stock.case2.xlsx")
    assert shown.tables["stock"]["expires_on"].to_list() == [dt.date(2020, 4, 30), dt.date(2020, 12, 31)]
    assert ("DATE-11", 2, "expires_on") in said(shown, "note") and not said(shown, "error", "warning")


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_a_workbook_packed_as_other_programs_do_is_read(read, number):
    packed = read("package-layouts", f"stock.case{number}.xlsx")
    assert packed.tables["stock"]["pieces"].to_list() == [100]
    assert not said(packed, "error", "warning")


def test_a_cell_that_shows_a_percentage_is_that_share(read):
    fences = read("percent-shown", "fence.case.xlsx")
    assert fences.tables["fence"].select("fence", "share").rows() == [("homes", 0.6), ("others", 0.05)]
    assert read("percent-shown", "norm.case.xlsx").tables["norm"]["coverage"].to_list() == [0.8]


@pytest.mark.parametrize("file", ["stock.case.csv", "stock.case2.csv"])
def test_rows_that_vanish_between_two_quotation_marks_are_an_error_with_the_row_of_the_first(read, file):
    found = read("quote-pair", file).findings.filter(pl.col("code") == "FILE-24")
    assert found.select("severity", "row", "rows").rows() == [("error", 3, 3)]


@pytest.fixture(scope="module")
def country(given_cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example country that the cases are made for."""
    folder = tmp_path_factory.mktemp("cases") / "country"
    write_folder(example("small", seed=7), folder, form="parquet")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("indicator.cumulative.csv", "SERIES-12"),
        ("indicator.zeros.csv", "SERIES-13"),
        ("indicator.twice.csv", "SERIES-14"),
    ],
)
def test_a_fault_of_a_whole_series_is_told_by_its_name(given_cases, country, tmp_path, file, code):
    beside_country(country, tmp_path, given_cases / "series-faults" / file)
    told = {}
    for folder in (country, tmp_path):
        tables = read_folder(folder).tables
        told[folder] = check(Inputs.of(tables, as_of=AS_OF).known(), Policy.of(tables).known(AS_OF)).filter(code=code)
    assert told[country].height == 0
    assert told[tmp_path].height == 1 and "hosp_admissions" in told[tmp_path]["found"][0]


@pytest.mark.parametrize(
    ("file", "meant"), [("voorraad.case.csv", "Voorraad per 24-4"), ("voorraad.case2.csv", "Aantal in magazijn")]
)
def test_a_heading_of_another_quantity_is_never_stock_and_the_right_one_is_asked_about(read, file, meant):
    asked = read("other-quantity-heading", file)
    assert asked.tables["stock"].height == 0
    assert meant in asked.findings.filter(code="HEAD-02")["wanted_nl"][0]


def test_a_last_column_of_remarks_is_a_note(read):
    for file, counts in (("stock.case.csv", 2), ("voorraad.case.csv", 1)):
        told = read("remarks-column-last", file)
        assert told.tables["stock"]["pieces"].to_list()[-counts:] == [100] * counts
        assert not said(told, "error") and ("HEAD-04", 1, "remarks" if counts == 2 else "opmerking") in said(
            told, "note"
        )


def test_money_and_days_with_their_unit_are_read(read):
    assert read("money-and-days-with-unit", "inbound.case.csv").tables["inbound"]["cents_per_pack"].to_list() == [1250]
    assert set(read("money-and-days-with-unit", "inbound.heading.csv").tables["inbound"]["cents_per_pack"]) == {1250}
    assert read("money-and-days-with-unit", "use.case.csv").tables["use"]["days"].to_list() == [7]


def test_a_unit_that_is_not_known_is_never_pieces(read):
    told = read("unit-unknown-word", "stock.case.csv")
    assert told.tables["stock"].select("site", "pieces").rows() == [("S00029", 1200), ("S00030", 12)]
    refused = told.findings.filter(code="NUM-19")
    assert refused["row"].to_list() == list(range(2, 11))
    assert refused["found"].to_list()[:2] == ["12 BX", "12 CS"]


@pytest.mark.parametrize("file", ["stock.heading.csv", "stock.heading2.csv"])
def test_a_unit_in_the_heading_that_is_not_known_is_never_pieces(read, file):
    assert ("NUM-19", 2) in {(code, row) for code, row, _ in said(read("unit-unknown-word", file), "error")}


def beside_country(country: Path, folder: Path, *files: Path) -> Dataset:
    """The country with the files of a case beside it."""
    shutil.copytree(country, folder, dirs_exist_ok=True)
    for file in files:
        shutil.copy(file, folder)
    return read_folder(folder)


def now(dataset: Dataset) -> Now:
    tables = dataset.tables
    return present(Inputs.of(tables, as_of=AS_OF).known(), Policy.of(tables).known(AS_OF))


@pytest.mark.slow
@pytest.mark.parametrize(("file", "row"), [("stock.case.csv", 3), ("policy_rule.case.csv", 2)])
def test_a_row_that_lies_ahead_moves_no_plan_and_is_named(given_cases, country, tmp_path, file, row):
    dataset = beside_country(country, tmp_path, given_cases / "moment-jumps" / file)
    moment = newest_told(dataset)
    assert moment == newest_told(read_folder(country)) and moment.date() == dt.date(2020, 4, 27)
    assert [(found["code"], found["file"], found["row"]) for found in lying_ahead(dataset, moment)] == [
        ("MOMENT-03", file, row)
    ]


@pytest.mark.slow
def test_what_one_site_gives_another_leaves_the_first(given_cases, country, tmp_path):
    file = given_cases / "transfer-between-sites" / "delivery.case.csv"
    before, after = now(read_folder(country)).position, now(beside_country(country, tmp_path, file)).position
    has = [dict(one.filter(need="face_shield").select("site", "pieces").iter_rows()) for one in (before, after)]
    assert [(one["S00001"], one["S00002"]) for one in has] == [(543, 1146), (143, 1546)]
    assert before["pieces"].sum() == after["pieces"].sum()


@pytest.mark.slow
def test_a_site_that_says_that_all_has_expired_is_known_to_have_none(given_cases, country, tmp_path):
    told = now(beside_country(country, tmp_path, given_cases / "only-expired" / "stock.case.csv")).position
    rows = told.filter(pl.col("need").is_in(["ffp2", "glove_s"]), site="S00022")
    assert rows.select("pieces", "reason").rows() == [(0, None)] * 2


@pytest.mark.slow
def test_no_use_at_a_site_that_had_none_says_nothing_of_its_need(given_cases, country, tmp_path):
    files = [given_cases / "use-while-empty" / f"{name}.case.csv" for name in ("stock", "use")]
    seen = now(beside_country(country, tmp_path, *files))
    (factor,) = forecast(seen, seed=1).usage_factor.filter(need="apron", sector="hospital").to_dicts()
    assert factor["factor"] >= 0.68 or factor["range_kept"] == 1.0
