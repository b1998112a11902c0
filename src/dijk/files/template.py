"""Empty workbooks to fill in: a heading per column with its note, drop-down lists, and a sheet that explains them."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dataframely as dy
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from dijk.files.heading import required
from dijk.files.words import OURS, TABLES_NL
from dijk.files.write import MADE
from dijk.tables import INPUTS, ON_DISK, POLICY
from dijk.tables.columns import UNITS, choices_in_dutch, unit_of
from dijk.tables.languages import Lang

ROWS = 5000
"""Rows below the heading that have drop-down lists and checks."""

GREY = "#5F6B76"
"""The colour of what is there to be read alone."""

LAST = ("valid_from", "valid_to", "basis", "set_by", "known_at", "source", "how", "reason")
"""Columns that say how a row is known; they stand behind what it is about."""

WORDS = {
    "en": {
        "sheet": "Notes",
        "column": "column",
        "meaning": "meaning",
        "unit": "unit",
        "must": "required",
        "choices": "one of",
        "yes": "yes",
        "no": "no",
    },
    "nl": {
        "sheet": "Uitleg",
        "column": "kolom",
        "meaning": "betekenis",
        "unit": "eenheid",
        "must": "verplicht",
        "choices": "een van",
        "yes": "ja",
        "no": "nee",
    },
}
INTRO = {
    "en": (
        "One row below the heading for each thing counted, asked or sent.",
        "Leave the headings as they are; the order of columns and rows is free.",
        "Not known is not zero: leave the number empty and choose a reason. Write 0 only where there is nothing.",
        "Columns that are not required may stay empty or be deleted.",
    ),
    "nl": (
        "Eén regel onder de koppen per telling, aanvraag of levering.",
        "Laat de koppen staan; de volgorde van kolommen en regels is vrij.",
        "Onbekend is niet nul: laat het getal leeg en kies een reden. Schrijf alleen 0 waar echt niets is.",
        "Kolommen die niet verplicht zijn mogen leeg blijven of weg.",
    ),
}


def templates(folder: Path | str, *, lang: Lang) -> list[Path]:
    """Write a template for each table that people fill in; the paths written."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    out = []
    for table in INPUTS | POLICY:
        path = folder / f"{name_of(table, lang)}.xlsx"
        path.write_bytes(template(table, lang=lang))
        out.append(path)
    return out


def template(table: str, *, lang: Lang) -> bytes:
    """An empty workbook for a table, in English or Dutch; the same bytes each time."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"created": MADE, "title": name_of(table, lang)})
        sheet = book.add_worksheet(name_of(table, lang))
        headings(book, sheet, table, ordered(table), lang)
        explain(book, table, lang)
    return stream.getvalue()


def headings(book: xlsxwriter.Workbook, sheet: Worksheet, table: str, columns: Sequence[str], lang: Lang) -> None:
    """The headings of columns of a table, each with its note and check, what must be filled in bold; and of columns
    that dijk writes beside them (``OURS``).
    """
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    light = book.add_format({"bottom": 1, "text_wrap": True, "valign": "top"})
    shown = {dy.Date: day_format(lang), dy.Datetime: "yyyy-mm-dd hh:mm", dy.String: "@"}
    formats = {kind: book.add_format({"num_format": code}) for kind, code in shown.items()}
    for place, name in enumerate(columns):
        if name in OURS:
            sheet.set_column(place, place, 30, book.add_format({"font_color": GREY, "num_format": day_format(lang)}))
            sheet.write_string(0, place, OURS[name][lang], light)
            continue
        column, heading = ON_DISK[table].columns()[name], heading_of(table, name, lang)
        sheet.set_column(place, place, 18, formats.get(type(column)))
        sheet.write_string(0, place, heading, bold if name in required(table) else light)
        note_column(sheet, place, column, heading, lang)
    sheet.freeze_panes(1, 0)


def day_format(lang: Lang) -> str:
    """How a workbook shows a day."""
    return "dd-mm-yyyy" if lang == "nl" else "yyyy-mm-dd"


def ordered(table: str) -> list[str]:
    """The columns of a table: what a row is about first, how it is known last."""
    names = ON_DISK[table].column_names()
    about = [name for name in names if name not in LAST]
    keys = [name for name in about if name in ON_DISK[table].primary_key()]
    return keys + [name for name in about if name not in keys] + [name for name in LAST if name in names]


def note_column(sheet: Worksheet, place: int, column: dy.Column, heading: str, lang: Lang) -> None:
    """The note above a column and the check of its cells."""
    note = "\n".join(part for part in (note_of(column, lang), unit_said(column, lang)) if part)
    sheet.write_comment(0, place, note, {"author": "dijk", "x_scale": 1.5})
    said = {"input_title": heading[:32], "input_message": note[:255], "ignore_blank": True}
    sheet.data_validation(1, place, ROWS, place, check_of(column, lang) | said)


def check_of(column: dy.Column, lang: Lang) -> dict[str, Any]:
    """What a cell may hold: a choice from a list, yes or no, a date, a number; a number outside its limits only
    warns.
    """
    if isinstance(column, dy.Enum):
        return {"validate": "list", "source": choices(column, lang)}
    if isinstance(column, dy.Bool):
        return {"validate": "list", "source": [WORDS[lang]["yes"], WORDS[lang]["no"]]}
    if isinstance(column, dy.Date) and column.min is not None and column.max is not None:
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": column.min,
            "maximum": column.max,
            "error_type": "warning",
        }
    if column.dtype.is_numeric():
        least, most = column.min, column.max  # type: ignore[attr-defined]
        kind = "integer" if column.dtype.is_integer() else "decimal"
        if least is not None and most is not None:
            return {"validate": kind, "criteria": "between", "minimum": least, "maximum": most, "error_type": "warning"}
    return {"validate": "any"}


def choices(column: dy.Column, lang: Lang) -> list[str]:
    """The closed list of a column, as people read it."""
    options = choices_in_dutch(column)
    return list(options) if lang == "en" else [words[0] for words in options.values()]


def explain(book: xlsxwriter.Workbook, table: str, lang: Lang) -> None:
    """A sheet that says of each column what it means, in which unit, whether it must be there, and what it may be."""
    words = WORDS[lang]
    sheet = book.add_worksheet(words["sheet"])
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for row, line in enumerate(INTRO[lang]):
        sheet.write_string(row, 0, line)
    top = len(INTRO[lang]) + 1
    sheet.write_row(top, 0, [words[name] for name in ("column", "meaning", "unit", "must", "choices")], bold)
    for row, name in enumerate(ordered(table), start=top + 1):
        column = ON_DISK[table].columns()[name]
        options = ", ".join(choices(column, lang)) if isinstance(column, dy.Enum) else ""
        must = words["yes"] if name in required(table) else words["no"]
        for place, text in enumerate(
            (heading_of(table, name, lang), note_of(column, lang), unit_said(column, lang), must, options)
        ):
            sheet.write_string(row, place, text, wrap)
    for place, width in enumerate((24, 60, 18, 12, 60)):
        sheet.set_column(place, place, width)


def name_of(table: str, lang: Lang) -> str:
    """The name of a table as a file and a sheet carry it."""
    return table if lang == "en" else TABLES_NL[table]


def heading_of(table: str, column: str, lang: Lang) -> str:
    """The heading of a column."""
    return column if lang == "en" else str((ON_DISK[table].columns()[column].metadata or {}).get("nl"))


def note_of(column: dy.Column, lang: Lang) -> str:
    """What a column means."""
    return (column.description or "") if lang == "en" else str((column.metadata or {}).get("nl_note") or "")


def unit_said(column: dy.Column, lang: Lang) -> str:
    """The unit of a column, empty where it has none."""
    unit = unit_of(column)
    return unit if lang == "en" else UNITS.get(unit, "")
