"""The edition for all readers, and a report that is issued as an act."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator

import pytest

from dijk.report import About, Corrected, Issued, Report, Text, edition, html, report
from dijk.report.edition import MONEY
from dijk.report.issued import from_json, to_json
from dijk.report.pages import Cell, Points, Prose, Say, figures
from dijk.report.shown import said
from report_country import AS_OF, NASTY, inputs, plan, policy

ISSUED = Issued(
    number=812,
    act=811,
    seal="5ea1" * 16,
    interim=True,
    missing="The South has not answered yet.",
    next_report=dt.datetime(2020, 4, 29, 20, 30),
    alone=3,
    corrects=Corrected(790, AS_OF - dt.timedelta(days=1), "A lot was counted twice."),
)


@pytest.fixture(scope="module")
def issued() -> Report:
    about = About(
        title=Text("Situation report", "Situatierapport"),
        as_of=AS_OF,
        seed=7,
        version="0.1.0",
        digest="sha256:abc",
        run="run-1",
        interim=ISSUED.interim,
        next_report=ISSUED.next_report,
        issued=ISSUED,
    )
    return report(inputs(), policy(), plan(), about=about)


def cells(told: Cell | Say | Text | None) -> Iterator[Cell]:
    """A cell and all in it; of a sentence its figures."""
    if isinstance(told, Say):
        for _gap, cell in told.gaps:
            yield from cells(cell)
    if isinstance(told, Cell):
        yield told
        yield from cells(told.value if isinstance(told.value, Say) else None)
        yield from cells(told.below)


def all_cells(pages: Report) -> Iterator[Cell]:
    for _chapter, table in pages.tables():
        for row in (*table.rows, *table.foot):
            for cell in row:
                yield from cells(cell)
        for note in table.notes:
            yield from cells(note)
    for chapter in pages.chapters:
        for block in chapter.blocks:
            for words in [block.words] if isinstance(block, Prose) else []:
                yield from cells(words)
            for words, _ref in block.items if isinstance(block, Points) else ():
                yield from cells(words)


# The general edition


def test_the_general_edition_holds_no_money(final: Report):
    assert {cell.kind for cell in all_cells(final)} & MONEY == MONEY
    assert {cell.kind for cell in all_cells(edition(final, "general"))} & MONEY == set()
    assert "€" in html(final, "en").decode()
    assert "€" not in html(edition(final, "general"), "en").decode()


@pytest.mark.parametrize(
    ("table", "column"),
    [("site", "name"), ("site", "site"), ("inbound", "order"), ("inbound", "supplier"), ("stock", "lot")],
)
def test_the_general_edition_names_no_site_and_no_order(final: Report, table: str, column: str):
    told = set(getattr(inputs().known(), table)[column].drop_nulls()) - {"-", ""}
    full = {text for text in told if any(text in words for words in texts(final))}
    assert full, "nothing of it stands in the full edition, so this shows nothing"
    assert {text for text in told if any(text in words for words in texts(edition(final, "general")))} == set()


def texts(pages: Report) -> list[str]:
    """All words and values of the pages, in English."""
    found = [str(cell.value) for cell in all_cells(pages) if not isinstance(cell.value, Say)]
    return found + [said(title, "en") for _ref, title in pages.contents()]


def test_what_both_editions_hold_has_one_reference_and_the_same_figures(final: Report):
    full, part = (
        {table.ref: table for _chapter, table in pages.tables()} for pages in (final, edition(final, "general"))
    )
    assert set(part) < set(full)
    assert set(full) - set(part) == {ref for ref, table in full.items() if table.guarded}
    assert {"T1.1", "T2.1", "T7.2", "T12.2"} <= {ref for ref, table in part.items() if table == full[ref]}


def test_what_was_found_in_rows_of_sites_is_not_in_the_general_edition(final: Report):
    full, part = (
        next(table for _chapter, table in pages.tables() if table.ref == "T12.1")
        for pages in (final, edition(final, "general"))
    )
    assert len(part.columns) == len(full.columns) - 1
    assert [row[0] for row in part.rows] == [row[0] for row in full.rows]
    assert Say("col.found") not in [column.heading for column in part.columns]


def test_no_sentence_of_the_general_edition_leads_to_a_table_that_is_not_there(final: Report):
    part = edition(final, "general")
    there = {ref for ref, _title in part.contents()}
    led = [
        ref
        for chapter in part.chapters
        for block in chapter.blocks
        if isinstance(block, Points)
        for _words, ref in block.items
    ]
    assert {ref for ref in led if ref} <= there


def test_the_edition_with_money_holds_money_and_orders_and_no_site(final: Report):
    part = edition(final, "money")
    assert [kind for kind in MONEY if kind not in {cell.kind for cell in all_cells(part)}] == []
    refs = {table.ref: table for _chapter, table in part.tables()}
    assert {"T4.2", "T9.2"} <= set(refs)
    assert {ref for ref, table in refs.items() if table.guarded == "site"} == set()
    names = set(inputs().known().site["name"]) - {NASTY}  # a supplier is called that too
    assert {name for name in names if any(name in words for words in texts(part))} == set()


def test_an_edition_says_which_it_is_and_the_full_one_is_the_report(final: Report):
    assert edition(final, "full") is final
    assert [edition(final, name).notices[-1].en.split(":")[0] for name in ("money", "general")] == [
        "Edition with money",
        "General edition",
    ]


def test_the_lines_of_sites_are_not_in_the_general_edition(final: Report):
    assert final.lines.height > 0
    assert (edition(final, "general").lines.height, edition(final, "general").silent.height) == (0, 0)


# Issued as an act


def test_the_file_beside_a_report_tells_all_that_its_act_told():
    assert from_json(to_json(ISSUED)) == ISSUED
    bare = dataclasses.replace(ISSUED, missing="", next_report=None, corrects=None, previous="0123456789ab")
    assert from_json(to_json(bare)) == bare
    before = {name: value for name, value in json.loads(to_json(ISSUED)).items() if name != "alone"}
    assert from_json(json.dumps(before).encode()) == dataclasses.replace(ISSUED, alone=0)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"number": 1}', b"\xff\xfe"])
def test_another_file_is_no_such_file(content: bytes):
    with pytest.raises(ValueError, match="not what was told of a report"):
        from_json(content)


def test_an_issued_report_is_quoted_by_its_number(issued: Report):
    assert issued.reference("T3.2") == "dijk 2020-04-27/812 T3.2"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            [
                "What is missing in this interim version: The South",
                "not yet confirmed by another: 3",
                "corrects report 790, as known on 26 April 2020",
            ],
        ),
        (
            "nl",
            [
                "Wat in deze tussenversie ontbreekt: The South",
                "niet door een ander bevestigd: 3",
                "corrigeert rapport 790, zoals bekend op 26 april 2020",
            ],
        ),
    ],
)
def test_an_issued_report_says_what_it_lacks_and_what_it_corrects(issued: Report, lang: str, words: list[str]):
    page = html(issued, lang).decode().replace("\u00a0", " ")
    assert [text for text in words if text not in page] == []


def test_the_colophon_names_the_log_behind_an_issued_report(issued: Report, final: Report):
    colophons = [
        [cell.value for row in table.rows for cell in row]
        for pages in (issued, final)
        for _chapter, table in pages.tables()
        if table.ref == "T14.1"
    ]
    assert {"812", "811", ISSUED.seal, "790"} <= set(map(str, colophons[0]))
    assert ISSUED.seal not in map(str, colophons[1])


def test_every_table_and_figure_is_in_the_contents(final: Report):
    refs = [ref for ref, _title in final.contents()]
    drawn = [
        *(table.ref for _chapter, table in final.tables()),
        *(figure.ref for chapter in final.chapters for block in chapter.blocks for figure in figures(block)),
    ]
    assert sorted(refs) == sorted(drawn)
    assert len(set(refs)) == len(refs)
