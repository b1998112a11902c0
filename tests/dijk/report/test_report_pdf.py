"""The PDF: tagged after PDF/UA-1, dated by the report, with nothing of the machine in it."""

import io
import re

import pypdf
import pytest

from dijk.report import Report, pdf
from dijk.report.pages import figures
from dijk.tables.languages import LANGS, Lang
from report_country import NASTY


@pytest.fixture(scope="module", params=LANGS)
def lang(request: pytest.FixtureRequest) -> Lang:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def paper(pages: Report, lang: Lang) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf(pages, lang)))


@pytest.fixture(scope="module")
def text(paper: pypdf.PdfReader) -> str:
    return "\n".join(page.extract_text() for page in paper.pages)


def test_the_file_claims_and_carries_its_tags(paper: pypdf.PdfReader, lang: Lang) -> None:
    root = paper.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/Lang"].partition("-")[0] == lang
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()


def test_headings_table_headers_and_figures_are_tagged(pages: Report, paper: pypdf.PdfReader) -> None:
    kinds = [str(element.get("/S")) for element in elements(paper.trailer["/Root"]["/StructTreeRoot"])]
    drawn = [
        figure
        for chapter in pages.chapters
        for block in chapter.blocks
        for figure in figures(block)
        if figure.chart.rows
    ]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/L"} <= set(kinds)
    assert kinds.count("/Table") >= len(list(pages.tables()))
    alts = [
        str(element["/Alt"]) for element in elements(paper.trailer["/Root"]["/StructTreeRoot"]) if "/Alt" in element
    ]
    assert len([alt for alt in alts if alt.strip()]) >= len(drawn)


def elements(node: object) -> list[pypdf.generic.DictionaryObject]:
    """Every element of the structure tree."""
    found, waiting = [], [node]
    while waiting:
        each = waiting.pop()
        each = each.get_object() if hasattr(each, "get_object") else each
        if isinstance(each, pypdf.generic.ArrayObject):
            waiting += list(each)
        elif isinstance(each, pypdf.generic.DictionaryObject):
            found += [each] if "/S" in each else []
            waiting += [each["/K"]] if "/K" in each else []
    return found


def test_the_outline_has_every_chapter(pages: Report, paper: pypdf.PdfReader) -> None:
    top = [entry for entry in paper.outline if not isinstance(entry, list)]
    assert len(top) == len(pages.chapters) + 1  # and the tables behind the charts


def test_dates_come_from_the_report_and_not_from_the_clock(paper: pypdf.PdfReader) -> None:
    assert paper.metadata is not None
    assert str(paper.metadata["/CreationDate"]).startswith("D:20200427")


def test_every_page_has_its_number_its_moment_and_its_notices(paper: pypdf.PdfReader, lang: Lang) -> None:
    total = len(paper.pages)
    for place, page in enumerate(paper.pages, 1):
        words = page.extract_text()
        assert f"{place} / {total}" in words
        assert {"en": "INTERIM", "nl": "TUSSENVERSIE"}[lang] in words
        assert {"en": "Made-up numbers", "nl": "Verzonnen cijfers"}[lang] in words
        assert {"en": "27 April 2020", "nl": "27 april 2020"}[lang] in re.sub(r"\s", " ", words)


def test_every_reference_is_on_paper(pages: Report, text: str) -> None:
    lost = [table.ref for _, table in pages.tables() if pages.reference(table.ref) not in text]
    assert lost == []


def test_text_from_the_data_is_printed_and_never_carried_out(text: str) -> None:
    plain = re.sub(r"[\s-]", "", text)
    assert re.sub(r"[\s-]", "", NASTY) in plain


def test_only_faces_that_are_pinned_are_embedded(paper: pypdf.PdfReader) -> None:
    faces = {
        str(font.get_object()["/BaseFont"])
        for page in paper.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert {re.sub(r"^/\w+\+", "", face).partition("-")[0] for face in faces} <= {"Lato", "DejaVuSansMono"}
