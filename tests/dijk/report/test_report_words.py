"""Words, numbers and dates in two languages."""

import datetime as dt
import re
from importlib.resources import files
from pathlib import Path

import pytest

from dijk.policy import RULES
from dijk.report import Report
from dijk.report.pages import Cell, Figure, Figures, Heading, Points, Prose, Table, Text, figures, say
from dijk.report.shown import WAYS, said, shown
from dijk.report.words import words
from dijk.tables import REASONS, columns, division, facts, judgements, results
from dijk.tables.languages import LANGS

GAP = re.compile(r"\{(\w+)\}")
LISTS = {
    "assumed": columns.ASSUMED,
    "holder": columns.HOLDERS,
    "regime": results.REGIMES,
    "reach": division.REACHES,
    "beside": ("dijk", "proportional"),
    "line": division.AWARD_LINES,
    "line_why": division.AWARD_LINES,
    "severity": results.SEVERITIES,
    "mode": facts.MODES,
    "measure": facts.MEASURES,
    "state": facts.ORDER_STATES,
    "topic": facts.TOPICS,
    "scope": judgements.SCOPE_STATES,
    "action": judgements.ACTIONS,
    "verdict": judgements.VERDICTS,
    "reason": REASONS,
    "how": ("counted", "estimated", "assumed"),
    "in_curve": ("low", "base", "max", "none"),
    "track": ("won", "lost", "too_few", "no_walk"),
    "route": ("direct", "regional_check"),
    "status": ("approved", "promised", "quarantine", "blocked", "expired", "unaccepted"),
    **{name: rule.words for name, rule in RULES.items() if rule.is_word},
}


def test_every_key_has_words_in_both_languages() -> None:
    lost = [key for key, texts in words().items() if len(texts) != len(LANGS) or not all(texts)]
    assert lost == []


def test_both_languages_leave_the_same_gaps() -> None:
    uneven = [key for key, (en, nl) in words().items() if set(GAP.findall(en)) != set(GAP.findall(nl))]
    assert uneven == []


@pytest.mark.parametrize("name", LISTS)
def test_every_code_of_a_closed_list_has_a_word(name: str) -> None:
    assert [code for code in LISTS[name] if f"{name}.{code}" not in words()] == []


def test_no_kind_of_figure_is_also_a_list_of_words() -> None:
    assert set(LISTS) & set(WAYS) == set()


def test_every_word_is_used() -> None:
    folder = Path(str(files("dijk.report")))
    source = "\n".join(path.read_text("utf-8") for path in sorted(folder.rglob("*")) if path.suffix in (".py", ".j2"))
    begun = set(
        re.findall(r"""["']([\w.]+\.)[{"']""", source)
    )  # keys that are put together: "col.{name}", "short." ~ key
    closed = {*LISTS, "judgement", "ending", "drift", "indicator"}
    spare = [
        key
        for key in words()
        if f'"{key}"' not in source
        and f"'{key}'" not in source
        and key.partition(".")[0] not in closed
        and not any(key.startswith(start) for start in begun)
    ]
    assert spare == []


@pytest.mark.parametrize("lang", LANGS)
def test_every_sentence_and_cell_of_a_report_can_be_written(pages: Report, lang: str) -> None:
    for chapter in pages.chapters:
        assert said(chapter.title, lang)  # type: ignore[arg-type]
        for block in chapter.blocks:
            for text in texts(block):
                assert said(text, lang)  # type: ignore[arg-type]
    for _, table in pages.tables():
        for cell in (cell for row in (*table.rows, *table.foot) for cell in row):
            assert isinstance(shown(cell, lang), str)  # type: ignore[arg-type]
            assert cell.below is None or said(cell.below, lang)  # type: ignore[arg-type]


def texts(block: object) -> list[object]:
    if isinstance(block, Prose | Heading):
        return [block.words]
    if isinstance(block, Points):
        return [block.empty, *(words for words, _ in block.items)]
    if isinstance(block, Table):
        return [block.title, block.empty, *block.notes, *(column.heading for column in block.columns)]
    if isinstance(block, Figure | Figures):
        return [
            text for figure in figures(block) for text in (figure.title, figure.alt, *figure.notes, *figure.chart.marks)
        ]
    return []


CASES = [
    ("pieces", 1234567, "1,234,567", "1.234.567"),
    ("number", -1234.56, "−1,234.6", "−1.234,6"),
    ("days", 3.04, "3.0", "3,0"),
    ("days", 4000.0, "> 999", "> 999"),
    ("share", 0.256, "26%", "26%"),
    ("share", 0.001, "< 1%", "< 1%"),
    ("share", 0.999, "> 99%", "> 99%"),
    ("share", 1.0, "100%", "100%"),
    ("share", 0.0, "0%", "0%"),
    ("money", 123_456_78, "€123,457", "€ 123.457"),
    ("euros", 1_234_567_890_00, "€1.2 billion", "€ 1,2 miljard"),
    ("rounded", 12_345_678, "12.3 million", "12,3 miljoen"),
    ("brief", 12_345_678, "12.3 M", "12,3 mln"),
    ("cents", 27.8, "€0.28", "€ 0,28"),
    ("factor", 0.5, "× 0.50", "× 0,50"),
    ("signed", 12, "+12", "+12"),
    ("signed", -12, "−12", "−12"),
    ("fine", 7.0249, "7.025", "7,025"),
    ("fine", 7.0, "7", "7"),
    ("date", dt.date(2020, 4, 27), "27 April 2020", "27 april 2020"),
    ("day", dt.date(2020, 3, 2), "2 Mar 2020", "2 mrt 2020"),
    ("moment", dt.datetime(2020, 4, 27, 10, tzinfo=dt.UTC), "27 April 2020 10:00 UTC", "27 april 2020 10:00 UTC"),
]


@pytest.mark.parametrize(("kind", "value", "en", "nl"), CASES)
def test_figures_follow_the_language(kind: str, value: object, en: str, nl: str) -> None:
    found = [shown(Cell(kind, value), lang).replace("\u00a0", " ") for lang in LANGS]
    assert found == [en, nl]


def test_an_unknown_figure_reads_as_its_reason_and_never_as_zero() -> None:
    assert shown(Cell("pieces", None, why="no_answer"), "nl") == "geen antwoord"
    assert shown(Cell("pieces", 0), "nl") == "0"


def test_a_figure_of_minus_nothing_has_no_sign() -> None:
    assert shown(Cell("number", -0.0), "en") == shown(Cell("number", -1e-12), "en") == "0.0"


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("share", 0.001, "< 1%"),
        ("points", 0.004, "< 1"),
        ("money", 40, "< € 1"),
        ("euros", 40, "< € 1"),
        ("cents", 0.04, "< € 0,001"),
        ("kg", 0.2, "< 1"),
        ("m3", 0.04, "< 0,1"),
        ("days", 0.01, "< 0,1"),
        ("factor", 0.001, "× < 0,01"),
        ("number", -0.01, "> −0,1"),
        ("rounded", 0.3, "< 1"),
        ("money", 0, "€ 0"),
    ],
)
def test_a_figure_that_is_not_zero_never_reads_zero(kind: str, value: float, told: str) -> None:
    assert shown(Cell(kind, value), "nl").replace("\u00a0", " ") == told


def test_a_brace_in_a_name_stays_a_brace() -> None:
    name = Cell("need", Text("gown {size}", "schort {maat}"))
    assert said(say("headline.changed.alarm_new", need=name), "nl") == "schort {maat}: nieuw alarm."


@pytest.mark.parametrize("word", ["gelijst", "routering", "reviewlijst", 'geldend"'])
def test_no_dutch_word_stands_in_the_report_that_an_official_would_not_write(word: str) -> None:
    assert [key for key, (_, dutch) in words().items() if word in f'{dutch.lower()}"'] == []
