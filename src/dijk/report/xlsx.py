"""The report as a workbook: a sheet per chapter, numbers as numbers, unknown as text with its reason."""

import datetime as dt
import io
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dijk.report.pages import (
    Block,
    Cell,
    Chapter,
    Column,
    Heading,
    Points,
    Prose,
    Report,
    Row,
    Say,
    Table,
    figures,
)
from dijk.report.shown import said, shown
from dijk.report.theme import COLOURS, PLAIN, RIGHT, SIGNS, tone
from dijk.report.words import word
from dijk.tables.languages import Lang

NUMBER_FORMATS = {
    "share": "0%",
    "points": "0",
    "days": "#,##0.0",
    "number": "#,##0.0",
    "m3": "#,##0.0",
    "factor": "0.00",
    "fine": "#,##0.######",
    "money": "€ #,##0",
    "euros": "€ #,##0",
    "cents": "€ #,##0.000",
    "signed": "+#,##0;-#,##0;0",
    "day": "d mmm yyyy",
    "date": "d mmm yyyy",
}
"""Excel writes these with the marks of its own language; any other figure is ``#,##0``."""
DIVISORS = {"money": 100, "euros": 100, "cents": 100, "points": 0.01}
DATES = ("day", "date")
HATCH = 14
"""XlsxWriter's number of the pattern of thin diagonal lines."""
ACROSS = 9
"""Sentences run over so many columns."""
NARROWEST, WIDEST, FIRST = 9, 40, 30


@dataclass
class Sheet:
    """A worksheet that is being filled: where the next line goes, and how wide each column must be."""

    book: "Book"
    paper: Worksheet
    row: int = 0
    widths: dict[int, int] = field(default_factory=dict)


@dataclass
class Book:
    """A workbook that is being filled, in a language, with the formats made so far."""

    report: Report
    lang: Lang
    file: xlsxwriter.Workbook
    formats: dict[tuple[tuple[str, Any], ...], Format] = field(default_factory=dict)

    def format(self, **looks: Any) -> Format:
        """The format with these looks, made once."""
        key = tuple(sorted(looks.items()))
        if key not in self.formats:
            self.formats[key] = self.file.add_format(
                {"font_name": "Calibri", "font_size": 10, "valign": "top", **looks}
            )
        return self.formats[key]


def xlsx(report: Report, lang: Lang) -> bytes:
    """The report as a workbook in a language; its dates are the moment that the report speaks from.

    Parameters
    ----------
    report
        The pages, from ``report``; the lines per site stand in workbooks of their own, see `region_lists`.
    lang
        ``en`` or ``nl``.

    Returns
    -------
    bytes
        A workbook with a sheet per chapter; the same pages give the same bytes.

    Raises
    ------
    KeyError
        A word that ``words.toml`` does not have, such as a reason code of nobody's.

    Examples
    --------
    ::

        Path("report.en.xlsx").write_bytes(xlsx(pages, "en"))
    """
    buffer = io.BytesIO()
    file = workbook(report, lang, buffer, in_memory=True)
    book = Book(report, lang, file)
    _about(book)
    for chapter in report.chapters:
        _chapter(book, chapter)
    file.close()
    return buffer.getvalue()


def workbook(report: Report, lang: Lang, buffer: io.BytesIO, **ways: bool) -> xlsxwriter.Workbook:
    """An empty workbook in which text stays text, with the report's title and moment."""
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    file = xlsxwriter.Workbook(buffer, {**safe, **ways})
    moment = report.as_of.replace(tzinfo=None)
    file.set_properties({"title": said(report.title, lang), "comments": _standing(report, lang), "created": moment})
    return file


def _standing(report: Report, lang: Lang) -> str:
    """One line that says what kind of report this is."""
    as_of = word("page.of", lang).format(as_of=shown(Cell("moment", report.as_of), lang))
    interim = [word("interim.banner", lang)] if report.interim else []
    return " · ".join([as_of, *interim, *(said(notice, lang) for notice in report.notices)])


def _sheet(book: Book, name: str, title: str) -> Sheet:
    paper = book.file.add_worksheet(name[:31])
    sheet = Sheet(book, paper)
    paper.hide_gridlines(2)
    paper.set_landscape()
    paper.set_paper(9)
    paper.fit_to_pages(1, 0)
    paper.set_footer(f"&L{_footer(said(book.report.title, book.lang))}&R&P / &N")
    _write(sheet, title, bold=True, font_size=16, font_color=COLOURS["deepest"])
    _write(
        sheet,
        said(book.report.title, book.lang) + " · " + _standing(book.report, book.lang),
        font_color=COLOURS["soft"],
    )
    sheet.row += 1
    paper.freeze_panes(sheet.row, 1)
    return sheet


def _footer(text: str) -> str:
    """Text in a footer, where an ampersand is a sign of its own."""
    return text.replace("&", "&&")[:200]


def _close(sheet: Sheet) -> None:
    for place in range(max([ACROSS, *sheet.widths]) + 1):
        sheet.paper.set_column(place, place, sheet.widths.get(place, NARROWEST))


def _about(book: Book) -> None:
    """The first sheet: contents with links, what the words count, where the report comes from."""
    lang = book.lang
    sheet = _sheet(book, word("sheet.about", lang), said(book.report.title, lang))
    _write(sheet, word("page.contents", lang), bold=True, font_size=12)
    link = book.format(font_color=COLOURS["deep"], underline=1)
    for chapter in book.report.chapters:
        sheet.paper.write_url(
            sheet.row, 0, f"internal:'{sheet_name(chapter, lang)}'!A1", link, said(chapter.title, lang)
        )
        sheet.row += 1
    sheet.row += 1
    for _, table in book.report.tables():
        if table.ref in ("T13.1", "T14.1"):
            _table(sheet, table)
    _close(sheet)


def sheet_name(chapter: Chapter, lang: Lang) -> str:
    """The name of a chapter's sheet."""
    return f"{chapter.number} {word(f'short.{chapter.key}', lang)}"[:31]


def _chapter(book: Book, chapter: Chapter) -> None:
    sheet = _sheet(book, sheet_name(chapter, book.lang), f"{chapter.number}  {said(chapter.title, book.lang)}")
    for block in chapter.blocks:
        _block(sheet, block)
    _close(sheet)


def _block(sheet: Sheet, block: Block) -> None:
    lang = sheet.book.lang
    if isinstance(block, Table):
        _table(sheet, block)
    elif isinstance(block, Heading):
        _write(sheet, said(block.words, lang), bold=True, font_size=12)
    elif isinstance(block, Prose):
        _sentence(sheet, said(block.words, lang))
    elif isinstance(block, Points):
        for place, (words, ref) in enumerate(block.items, 1):
            _sentence(
                sheet, (f"{place}. " if block.ordered else "• ") + said(words, lang) + (f" [{ref}]" if ref else "")
            )
        if not block.items:
            _sentence(sheet, said(block.empty, lang))
        sheet.row += 1
    for figure in figures(block):
        _table(sheet, figure.table, alt=said(figure.alt, lang))


def _write(sheet: Sheet, text: str, **looks: Any) -> None:
    sheet.paper.write_string(sheet.row, 0, text, sheet.book.format(**looks))
    sheet.row += 1


def _sentence(sheet: Sheet, text: str) -> None:
    """A sentence over several columns, in as many lines as it needs."""
    wrapped = sheet.book.format(text_wrap=True)
    sheet.paper.merge_range(sheet.row, 0, sheet.row, ACROSS, "", wrapped)
    sheet.paper.write_string(sheet.row, 0, text, wrapped)
    sheet.paper.set_row(sheet.row, 14 * (1 + len(text) // 150))
    sheet.row += 1


def _table(sheet: Sheet, table: Table, *, alt: str | None = None) -> None:
    """The table, its notes, and the small figures of its cells as tables of their own, so that they are numbers too."""
    lang = sheet.book.lang
    _write(sheet, f"{said(table.title, lang)}   [{sheet.book.report.reference(table.ref)}]", bold=True)
    if alt:
        _write(sheet, alt, font_color=COLOURS["soft"])
    _grid(sheet, table.columns, table.rows, table.foot)
    if not table.rows:
        _write(sheet, said(table.empty, lang))
    for note in table.notes:
        _write(sheet, said(note, lang), font_color=COLOURS["soft"], italic=True)
    sheet.row += 1
    for gap in small_figures(table):
        _write(
            sheet,
            f"{said(table.title, lang)}: {word(f'gap.{gap}', lang)}   [{sheet.book.report.reference(table.ref)}]",
            bold=True,
        )
        places = [
            0,
            *(place for place in range(1, len(table.columns)) if any(_has(row[place], gap) for row in table.rows)),
        ]
        rows = tuple((row[0], *(_small(row[place], gap) for place in places[1:])) for row in table.rows)
        single = (table.columns[0], Column(Say(f"gap.{gap}"), "whole"))
        _grid(sheet, single if len(places) == 2 else tuple(table.columns[place] for place in places), rows, ())
        sheet.row += 1


def small_figures(table: Table) -> list[str]:
    """The names of the figures in the second lines of a table's cells, in order; words of a first column are no
    figures.
    """
    below = [cell.below for row in table.rows for cell in row[1:] if cell.below is not None]
    return list(dict.fromkeys(name for words in below if isinstance(words, Say) for name, _ in words.gaps))


def _has(cell: Cell, gap: str) -> bool:
    return cell.below is not None and gap in dict(cell.below.gaps)


def _small(cell: Cell, gap: str) -> Cell:
    found = dict(cell.below.gaps).get(gap) if cell.below else None
    return found or Cell("whole", None, why="not_applicable")


def _grid(sheet: Sheet, columns: tuple[Column, ...], rows: tuple[Row, ...], foot: tuple[Row, ...]) -> None:
    head = {
        "bold": True,
        "bg_color": COLOURS["mist"],
        "bottom": 2,
        "bottom_color": COLOURS["deep"],
        "text_wrap": True,
        "valign": "bottom",
    }
    for place, column in enumerate(columns):
        text = said(column.heading, sheet.book.lang)
        right = "right" if column.kind in RIGHT else "left"
        indent = 1 if place and right == "left" else 0
        sheet.paper.write_string(sheet.row, place, text, sheet.book.format(**head, align=right, indent=indent))
        _widen(sheet, place, max((len(part) for part in text.split()), default=0))
    sheet.paper.set_row(
        sheet.row, 14 * (1 + max((len(said(c.heading, sheet.book.lang)) // 12 for c in columns), default=0))
    )
    sheet.row += 1
    for line in (*rows, *foot):
        strong = {"bold": True} if line in foot else {}
        for place, cell in enumerate(line):
            _cell(sheet, place, cell, strong)
        lines = max(-(-len(shown(cell, sheet.book.lang)) // WIDEST) for cell in line)
        if lines > 1:
            sheet.paper.set_row(sheet.row, 14 * lines)
        sheet.row += 1


def _widen(sheet: Sheet, place: int, letters: int) -> None:
    least = FIRST if place == 0 else NARROWEST
    sheet.widths[place] = min(max(sheet.widths.get(place, least), letters + 2), WIDEST)


def _cell(sheet: Sheet, place: int, cell: Cell, looks: dict[str, Any]) -> None:
    """A figure as a number or a date, anything else as text; unknown as its reason, never as 0."""
    looks = {"bottom": 4, "bottom_color": COLOURS["line"], **looks, **_tone(cell)}
    book = sheet.book
    text = shown(cell, book.lang)
    if not cell.unknown and cell.kind in RIGHT and isinstance(cell.value, int | float):
        number = cell.value / DIVISORS.get(cell.kind, 1)
        sheet.paper.write_number(
            sheet.row, place, number, book.format(**looks, num_format=_number_format(cell), align="right")
        )
    elif not cell.unknown and cell.kind in DATES:
        day = dt.datetime.combine(cell.value, dt.time())
        sheet.paper.write_datetime(
            sheet.row, place, day, book.format(**looks, num_format=NUMBER_FORMATS[cell.kind], align="left", indent=1)
        )
    else:
        sheet.paper.write_string(
            sheet.row,
            place,
            _signed(cell, text),
            book.format(**looks, text_wrap=len(text) > WIDEST, indent=1 if place else 0),
        )
        if cell.unknown and cell.why not in PLAIN:
            sheet.paper.write_comment(
                sheet.row, place, word("page.unknown_note", book.lang).format(why=text), {"author": "dijk"}
            )
    _widen(sheet, place, len(text))


def _number_format(cell: Cell) -> str:
    """The sign of a judged figure stands in its format, so that the cell stays a number."""
    plain = NUMBER_FORMATS.get(cell.kind, "#,##0")
    mark = tone(cell)
    return f'"{SIGNS[mark]} "{plain}' if mark else plain


def _signed(cell: Cell, text: str) -> str:
    mark = tone(cell)
    return f"{SIGNS[mark]} {text}" if mark and not cell.unknown else text


def _tone(cell: Cell) -> dict[str, Any]:
    if cell.unknown and cell.why not in PLAIN:
        return {
            "pattern": HATCH,
            "bg_color": COLOURS["unknown_ground"],
            "fg_color": COLOURS["hatch"],
            "font_color": COLOURS["unknown"],
        }
    mark = tone(cell)
    return {"bg_color": COLOURS[f"{mark}_ground"], "font_color": COLOURS[mark]} if mark else {}
