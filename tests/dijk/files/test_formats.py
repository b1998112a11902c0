"""What a cell shows is what its owner means: percentages, currencies, units and days by the format of the cell."""

import datetime as dt
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from dijk.files import read_folder
from dijk.files.formats import Style, shows

KINDS = {
    "date": ["dd-mm-yyyy", "d/m/yy", "[$-413]d mmmm yyyy;@", "yyyy"],
    "month": ["mmm-yy", "mm/yyyy", "[$-413]mmmm yyyy;@"],
    "moment": ["dd-mm-yyyy hh:mm", "[h]:mm", "h:mm"],
    "": ["#,##0.00", '0.0" dagen"', "[Red]0", "_-* #,##0_-", "@", "0%", "General", "# ?/?", "0.00E+00"],
}


@pytest.mark.parametrize(("kind", "code"), [(kind, code) for kind, codes in KINDS.items() for code in codes])
def test_number_formats_say_what_is_a_day(kind, code):
    assert shows(200, code).kind == kind


def test_formats_that_have_a_number_only_are_known():
    assert [shows(number, None).kind for number in (14, 17, 22, 0)] == ["date", "month", "moment", ""]
    assert [shows(number, None).percent for number in (9, 10, 1)] == [True, True, False]


BESIDE = [
    ("0%", "12%"),
    ("0.0%;-0.0%", "12%"),
    ('0" dozen"', "12 dozen"),
    ("[$€-413] #,##0.00;[Red]-[$€-413] #,##0.00", "€ 12"),
    ('_-"€" * #,##0.00_-', "€ 12"),
    ("#,##0.00 [$USD]", "12 USD"),
    ("0\\%", "12%"),
    ('General" stuks"', "12 stuks"),
    ('#,##0,"k"', "12"),
    ('_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-', "12"),
    ("0_);(0)", "12"),
]


@pytest.mark.parametrize(("code", "seen"), BESIDE)
def test_the_words_that_a_format_sets_beside_a_number_are_seen(code, seen):
    assert shows(200, code).shown("12") == seen


def test_zeros_in_front_are_those_of_the_format():
    assert shows(200, "0000000000000") == Style(zeros=13)
    assert shows(200, '"P-"000') == Style(zeros=3, before="P-")


def sheet(folder: Path, table: str, rows: dict[str, object], form: str) -> pl.DataFrame:
    """One row, of which the last cell has a format; errors by code, or what is read in that column."""
    with xlsxwriter.Workbook(folder / f"{table}.xlsx") as book:
        page = book.add_worksheet()
        page.write_row(0, 0, list(rows))
        page.write_row(1, 0, list(rows.values()))
        page.write(1, len(rows) - 1, list(rows.values())[-1], book.add_format({"num_format": form}))
    return read_folder(folder)


FENCE = {"fence": "F", "need": "all", "sector": "all", "region": "all", "kind": "cap", "valid_from": "2020-04-24", "basis": "b", "set_by": "m"}  # fmt: skip


@pytest.mark.parametrize("heading", ["share", "share (%)", "deel (%)", "share [percent]"])
@pytest.mark.parametrize(
    ("form", "stored"), [("0%", 0.35), ("0.00%", 0.35), ("0\\%", 35), ('0" %"', 35), ('0.0" procent"', 35)]
)
def test_a_share_that_is_shown_as_a_percentage_is_what_it_shows(tmp_path, heading, form, stored):
    read = sheet(tmp_path, "fence", FENCE | {heading: stored}, form)
    assert read.tables["fence"]["share"].to_list() == [0.35]


@pytest.mark.parametrize(("stored", "form"), [(35, "General"), (35, "0.0")])
def test_a_number_under_a_heading_of_percentages_is_one(tmp_path, stored, form):
    assert sheet(tmp_path, "fence", FENCE | {"share (%)": stored}, form).tables["fence"]["share"].to_list() == [0.35]


@pytest.mark.parametrize("stored", [0.07, 0.29, 0.125, 1 / 3])
def test_a_percentage_that_is_shown_keeps_its_value(tmp_path, stored):
    read = sheet(tmp_path, "fence", FENCE | {"share": stored}, "0%").tables["fence"]["share"][0]
    assert read == pytest.approx(stored, abs=1e-9)


STOCK = {"site": "S1", "product": "P1", "status": "approved", "day": "2020-04-24"}
INBOUND = {"order": "K", "line": 1, "supplier": "m", "product": "P1", "to_site": "S1", "day": "2020-04-24", "mode": "sea", "state": "ordered", "pieces": 9}  # fmt: skip


def errors(read) -> list[tuple[str, int]]:  # type: ignore[no-untyped-def]
    return read.findings.filter(pl.col("severity") == "error").select("code", "row").rows()


@pytest.mark.parametrize("form", ["0%", "€ 0", '0.0" kg"'])
def test_pieces_that_are_shown_in_another_unit_are_refused(tmp_path, form):
    assert errors(sheet(tmp_path, "stock", STOCK | {"pieces": 3}, form)) == [("NUM-19", 2)]


def test_pieces_that_are_shown_in_an_unknown_unit_are_never_pieces(tmp_path):
    read = sheet(tmp_path, "stock", STOCK | {"pieces": 3}, '0" kratten"')
    assert read.tables["stock"].select("pieces", "reason").rows() == [(None, "unreadable")]


def test_pieces_that_are_shown_as_packs_are_packs(tmp_path):
    register = "product,name,pieces_per_pack,storage\nP1,mask,50,ambient\n"
    (tmp_path / "product.csv").write_text(register)
    assert sheet(tmp_path, "stock", STOCK | {"pieces": 3}, '0" dozen"').tables["stock"]["pieces"].to_list() == [150]


@pytest.mark.parametrize(("form", "cents"), [("€ #,##0.00", 1275), ('#,##0.00 "euro"', 1275)])
def test_money_that_is_shown_in_euros_is_read_in_cents(tmp_path, form, cents):
    read = sheet(tmp_path, "inbound", INBOUND | {"cents_per_pack": 12.75}, form)
    assert read.tables["inbound"]["cents_per_pack"].to_list() == [cents]


def test_money_that_is_shown_in_another_currency_is_refused(tmp_path):
    assert errors(sheet(tmp_path, "inbound", INBOUND | {"cents_per_pack": 12}, "[$USD] 0")) == [("NUM-03", 2)]


@pytest.mark.parametrize(("form", "wanted"), [('"P-"000', "P-007"), ("0000", "0007"), ('0" st"', "7 st")])
def test_a_code_is_read_as_it_is_shown(tmp_path, form, wanted):
    read = sheet(
        tmp_path, "stock", {"site": "S1", "status": "approved", "day": "2020-04-24", "pieces": 1, "product": 7}, form
    )
    assert read.tables["stock"]["product"].to_list() == [wanted]


def test_a_rule_and_a_factor_that_are_shown_as_a_percentage_are_fractions(tmp_path):
    rule = {"rule": "unknown_from", "valid_from": "2020-04-24", "basis": "b", "set_by": "m", "need": "all", "sector": "all", "region": "all"}  # fmt: skip
    assert sheet(tmp_path, "policy_rule", rule | {"value": 0.4}, "0%").tables["policy_rule"]["value"].to_list() == [0.4]


def test_days_of_a_workbook_that_counts_from_1904_are_right_and_told(tmp_path):
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    page = book.active
    page.append([*STOCK, "pieces", "expires_on"])
    page.append([*STOCK.values(), 5, (dt.date(2021, 2, 3) - dt.date(1904, 1, 1)).days])  # a day that shows as a number
    page.append(["S2", "P1", "approved", dt.date(2020, 4, 24), 5, dt.date(2021, 2, 3)])
    book.save(tmp_path / "stock.xlsx")
    read = read_folder(tmp_path)
    assert read.tables["stock"]["day"].to_list() == [dt.date(2020, 4, 24)] * 2
    assert read.tables["stock"]["expires_on"].to_list() == [dt.date(2021, 2, 3)] * 2
    assert "FILE-23" in read.findings["code"].to_list()
