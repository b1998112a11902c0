"""The workbook and the lists per region: numbers are numbers, text is text, unknown is its reason."""

import datetime as dt
import io
import zipfile
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import openpyxl
import polars as pl
import pytest
from openpyxl.cell.cell import Cell as SheetCell

from dijk.report import Report, region_lists, xlsx
from dijk.tables.languages import LANGS, Lang
from report_country import NASTY, REGIONS


@pytest.fixture(scope="module", params=LANGS)
def lang(request: pytest.FixtureRequest) -> Lang:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def book(pages: Report, lang: Lang) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx(pages, lang)))


@pytest.fixture(scope="module")
def lists(pages: Report) -> dict[str, openpyxl.Workbook]:
    return {region: openpyxl.load_workbook(io.BytesIO(made)) for region, made in region_lists(pages, "en").items()}


def cells(book: openpyxl.Workbook) -> list[SheetCell]:
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def below(book: openpyxl.Workbook, caption: str) -> list[list[SheetCell]]:
    """The rows under a caption, up to the next empty one."""
    sheet = next(sheet for sheet in book if any(cell.value == caption for cell in sheet["A"]))
    start = next(cell.row for cell in sheet["A"] if cell.value == caption)
    rows = []
    for row in sheet.iter_rows(min_row=start + 1):
        if row[0].value is None:
            break
        rows.append(list(row))
    return rows


def test_a_sheet_per_chapter_after_the_one_about_it(book: openpyxl.Workbook, pages: Report, lang: Lang) -> None:
    assert book.sheetnames[0] == {"en": "About", "nl": "Over"}[lang]
    assert len(book.sheetnames) == 1 + len(pages.chapters)
    assert all(sheet.freeze_panes for sheet in book)


def test_nothing_is_a_formula_and_text_stays_text(book: openpyxl.Workbook) -> None:
    assert [cell.coordinate for cell in cells(book) if cell.data_type == "f"] == []
    assert any(cell.value == "@Supplier" and cell.data_type == "s" for cell in cells(book))


def test_figures_are_numbers_with_a_format(book: openpyxl.Workbook, lang: Lang) -> None:
    caption = {
        "en": "Cover per need and sector, whole country   [dijk 2020-04-27 T2.1]",
        "nl": "Dekking per behoefte en sector, hele land   [dijk 2020-04-27 T2.1]",
    }[lang]
    head, gown, *_ = below(book, caption)
    assert head[0].value == {"en": "Need", "nl": "Behoefte"}[lang]
    assert (gown[1].value, gown[1].data_type) == (3.0, "n")
    assert "0.0" in gown[1].number_format
    assert "▼" in gown[1].number_format


def test_small_figures_have_a_table_of_their_own(book: openpyxl.Workbook, lang: Lang) -> None:
    caption = {
        "en": "Cover per need and sector, whole country: chance to run out within 2 weeks, %   [dijk 2020-04-27 T2.1]",
        "nl": "Dekking per behoefte en sector, hele land: kans op tekort binnen 2 weken, %   [dijk 2020-04-27 T2.1]",
    }[lang]
    _, gown, *_ = below(book, caption)
    assert gown[1].value == pytest.approx(60)


def test_unknown_is_its_reason_with_a_note_and_never_zero(book: openpyxl.Workbook, lang: Lang) -> None:
    word = {"en": "no answer", "nl": "geen antwoord"}[lang]
    found = [
        cell for cell in cells(book) if cell.value == word and cell.fill.patternType not in (None, "solid", "none")
    ]
    assert found
    assert all(cell.data_type == "s" and cell.comment is not None for cell in found)


def test_dates_are_dates_and_money_is_in_euros(book: openpyxl.Workbook, lang: Lang) -> None:
    caption = {"en": "Bought, line by line", "nl": "Gekocht, regel voor regel"}[lang] + "   [dijk 2020-04-27 T9.2]"
    _, first, *_ = below(book, caption)
    assert isinstance(first[0].value, dt.datetime)
    o1 = next(row for row in below(book, caption) if row[1].value == "O1/1")
    assert o1[9].value == pytest.approx(1200 * 50.0)
    assert o1[8].value == pytest.approx(5.0)


def test_the_workbook_is_dated_by_the_report(book: openpyxl.Workbook) -> None:
    assert book.properties.created == dt.datetime(2020, 4, 27, 10)


def test_no_file_in_the_archive_carries_the_clock(pages: Report) -> None:
    for made in (xlsx(pages, "en"), *region_lists(pages, "en").values()):
        assert {entry.date_time[0] for entry in zipfile.ZipFile(io.BytesIO(made)).infolist()} == {1980}


def test_every_region_has_a_list_with_every_site_of_its_own_and_no_other(
    lists: dict[str, openpyxl.Workbook], pages: Report
) -> None:
    assert sorted(lists) == sorted(REGIONS)
    for region, book in lists.items():
        head = next(row[0].row for row in book.worksheets[0].iter_rows() if row[0].value == "Site code")
        codes = [row[0].value for row in book.worksheets[0].iter_rows(min_row=head + 1)]
        assert {str(code).partition("-")[0] for code in codes} == {region}
        assert len(codes) == pages.lines.filter(pages.lines["region"] == region).height


def test_a_line_has_the_sum_from_request_to_shipment(lists: dict[str, openpyxl.Workbook]) -> None:
    sheet = lists["east"].worksheets[0]
    head = next(row for row in sheet.iter_rows() if row[0].value == "Site code")
    names = [cell.value for cell in head]
    first = [cell.value for cell in sheet[head[0].row + 1]]
    line = dict(zip(names, first, strict=True))
    steps = [value for name, value in line.items() if str(name).startswith("Sum: ")]
    assert sum(steps[:-1]) == steps[-1] == line["Pieces awarded"] == 40
    assert line["Why stock is unknown"] is None or line["Last count"] is None


def test_the_list_has_the_levels_of_the_nation_and_of_no_other_region(
    lists: dict[str, openpyxl.Workbook], pages: Report
) -> None:
    own = pl.col("region").is_in(["all", "east"])
    exact = [
        cell.value
        for column in lists["east"].worksheets[1].columns
        for cell in column
        if cell.value in set(pages.levels["level_exact"])
    ]
    wanted = pages.levels.filter(own)["level_exact"].drop_nulls().to_list()
    assert wanted and sorted(exact) == sorted(wanted)


def test_the_list_names_who_did_not_answer(lists: dict[str, openpyxl.Workbook]) -> None:
    silent = [cell.value for cell in lists["east"].worksheets[-1]["A"]]
    assert "east-nursing" in silent
    assert "east-nursing" not in [cell.value for cell in lists["west"].worksheets[-1]["A"]]


def test_a_list_keeps_text_as_text_and_unknown_as_empty(lists: dict[str, openpyxl.Workbook]) -> None:
    found = cells(lists["east"])
    assert [cell.coordinate for cell in found if cell.data_type == "f"] == []
    assert any(cell.value == NASTY for cell in found)


def test_lists_are_the_same_whoever_carries_out_the_work_and_an_error_reaches_the_caller(pages: Report) -> None:
    with ThreadPoolExecutor(3) as threads:
        made = region_lists(pages, "nl", each=threads.map)
        assert list(made.items()) == list(region_lists(pages, "nl").items())
        lost = replace(pages, levels=pages.levels.with_columns(level_days=pl.lit(float("inf"))))
        with pytest.raises((ValueError, TypeError)):
            region_lists(lost, "nl", each=threads.map)


@pytest.mark.slow
def test_lists_made_in_processes_are_the_same(pages: Report) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        assert region_lists(pages, "nl", each=processes.map) == region_lists(pages, "nl")


def test_every_list_says_what_kind_of_figures_it_holds(lists: dict[str, openpyxl.Workbook]) -> None:
    for book in lists.values():
        top = [book.worksheets[0].cell(row, 1).value for row in range(1, 7)]
        assert "Interim version: figures may still change before the report is final." in top
        assert "Made-up numbers: sites and their figures are a fictional example." in top
