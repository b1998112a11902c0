"""The report as a PDF after PDF/UA-1: tagged, with an outline, texts beside charts, and running heads."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from dijk.report.charts import FONT, svg
from dijk.report.pages import (
    Block,
    Cell,
    Chapter,
    Figure,
    Figures,
    Heading,
    Points,
    Prose,
    Report,
    Table,
    figures,
)
from dijk.report.shown import said, shown
from dijk.report.theme import COLOURS, PLAIN, RIGHT, SIGNS, tone
from dijk.report.words import word
from dijk.tables.languages import Lang

FACE = "Lato"
Tree = dict[str, Any]


def pdf(report: Report, lang: Lang) -> bytes:
    """The report as PDF in a language; its dates are the moment that the report speaks from.

    Parameters
    ----------
    report
        The pages, from ``report``.
    lang
        ``en`` or ``nl``.

    Returns
    -------
    bytes
        A file after PDF/UA-1; the same pages give the same bytes, with the fonts of dijk and none of the machine.

    Raises
    ------
    KeyError
        A word that ``words.toml`` does not have, such as a reason code of nobody's.

    Examples
    --------
    ::

        Path("report.en.pdf").write_bytes(pdf(pages, "en"))
    """
    template = files("dijk.report").joinpath("templates/report.typ").read_bytes()
    made: bytes = typst.compile(
        template,
        font_paths=_fonts(),
        sys_inputs={"report": json.dumps(_tree(report, lang), ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(report.as_of.timestamp()),
    )
    return made


@cache
def _fonts() -> typst.Fonts:
    """One family from its package, and typst's own for the signs: none of the machine, so that the bytes are the same
    everywhere.
    """
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(files("font_lato") / "files")]
    )


def _tree(report: Report, lang: Lang) -> Tree:
    """All that the template shows, as plain data: it never becomes markup."""
    as_of = shown(Cell("moment", report.as_of), lang)
    day = report.as_of
    return {
        "lang": lang,
        "title": said(report.title, lang),
        "kind": word("page.report", lang) if said(report.title, lang) != word("page.report", lang) else "dijk",
        "as_of": word("page.of", lang).format(as_of=as_of),
        "day": [day.year, day.month, day.day],
        "interim": word("interim.mark", lang) if report.interim else None,
        "banner": word("interim.banner", lang) if report.interim else None,
        "notices": [said(notice, lang) for notice in report.notices],
        "contents": word("page.contents", lang),
        "behind": word("page.behind", lang),
        "colours": COLOURS,
        "chapters": [_chapter(report, chapter, lang) for chapter in report.chapters],
        "appendix": [_table(report, table, lang) for table in _behind(report)],
    }


def _behind(report: Report) -> list[Table]:
    """The tables behind the charts; they stand at the end, as paper cannot unfold."""
    shapes = [block for chapter in report.chapters for block in chapter.blocks]
    return [figure.table for block in shapes for figure in figures(block)]


def _chapter(report: Report, chapter: Chapter, lang: Lang) -> Tree:
    blocks = [_block(report, block, lang) for block in chapter.blocks]
    return {"number": chapter.number, "title": said(chapter.title, lang), "blocks": blocks}


def _block(report: Report, block: Block, lang: Lang) -> Tree:
    """What the template shows of a block."""
    if isinstance(block, Prose):
        return {"kind": "prose", "text": said(block.words, lang)}
    if isinstance(block, Heading):
        return {"kind": "heading", "text": said(block.words, lang)}
    if isinstance(block, Points):
        items = [{"text": said(words, lang), "ref": ref} for words, ref in block.items]
        return {"kind": "points", "items": items, "empty": said(block.empty, lang), "ordered": block.ordered}
    if isinstance(block, Table):
        return _table(report, block, lang)
    if isinstance(block, Figure | Figures):
        return {"kind": "figures", "figures": [_figure(report, figure, lang) for figure in figures(block)]}
    return {
        "kind": "key",
        "marks": [{"tone": name, "sign": SIGNS.get(name, ""), "text": word(f"tone.{name}", lang)} for name in KEY],
    }


KEY = ("short", "watch", "enough", "unknown", "none")


def _figure(report: Report, figure: Figure, lang: Lang) -> Tree:
    drawn = svg(figure, lang).replace(FONT, FACE) if figure.chart.rows else None
    return {
        "kind": "figure",
        "ref": report.reference(figure.ref),
        "title": said(figure.title, lang),
        "alt": said(figure.alt, lang),
        "svg": drawn,
        "notes": [said(note, lang) for note in figure.notes],
    }


def _table(report: Report, table: Table, lang: Lang) -> Tree:
    return {
        "kind": "table",
        "ref": report.reference(table.ref),
        "title": said(table.title, lang),
        "wide": len(table.columns) > WIDE_FROM or table.wide,
        "columns": [_column(table, place, lang) for place in range(len(table.columns))],
        "rows": [[_cell(cell, lang) for cell in row] for row in table.rows],
        "foot": [[_cell(cell, lang) for cell in row] for row in table.foot],
        "notes": [said(note, lang) for note in table.notes],
        "empty": said(table.empty, lang),
    }


WIDE_FROM = 9
"""A table with more columns than this takes the page's long side."""


def _column(table: Table, place: int, lang: Lang) -> Tree:
    """Heading, side, and the letters of room that the column asks: ``least`` for what may not be broken, ``most`` for
    all of it.
    """
    column = table.columns[place]
    heading = said(column.heading, lang)
    cells = [row[place] for row in (*table.rows, *table.foot)]
    lines = [line for cell in cells for line in _lines(cell, lang)]
    right = column.kind in RIGHT or any(cell.kind in RIGHT for cell in cells[:1])
    whole = right or column.kind in UNBROKEN
    parts = [len(line) if whole else min(_longest_word(line), LONGEST_PART) for line in lines]
    least = max([min(_longest_word(heading), LONGEST_PART), *parts])
    most = min(max([least, len(heading) // 2 + 3, *(len(line) for line in lines)]), max(ROOMIEST, least))
    return {"text": heading, "right": right, "least": least, "most": most}


ROOMIEST = 100
"""No column asks for more letters on a line than this."""
UNBROKEN = ("day", "date", "code", "moment", "status", "severity", "state", "mode", "how", "action")
"""Kinds of word that are too short to be broken."""
LONGEST_PART = 12
"""Longer words are hyphenated."""


def _lines(cell: Cell, lang: Lang) -> list[str]:
    """The lines of a cell; the smaller ones below count for what they take."""
    below = said(cell.below, lang).split("\n") if cell.below else []
    sign = "x " if tone(cell) else ""
    return [sign + shown(cell, lang), *(line[: len(line) * 9 // 10] for line in below)]


def _longest_word(text: str) -> int:
    return max((len(part) for part in text.replace("-", "- ").split(" ")), default=1)


def _cell(cell: Cell, lang: Lang) -> Tree | str:
    """Plain text where nothing more is to be said, which is most cells."""
    text = shown(cell, lang)
    mark = tone(cell)
    tree: Tree = {"text": text}
    if cell.unknown:
        tree["tone"] = "none" if cell.why in PLAIN else "unknown"
    elif mark:
        tree |= {"tone": mark, "sign": SIGNS[mark]}
    if cell.below:
        tree["below"] = said(cell.below, lang)
    return tree if len(tree) > 1 else text
