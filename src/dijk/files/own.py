"""A workbook of somebody's own: a sheet per table, with a row for each thing they tell of and what they told last."""

import io
from collections.abc import Mapping

import polars as pl
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from dijk.files.template import WORDS, headings, name_of
from dijk.files.write import MADE, write_cell
from dijk.tables import ON_DISK
from dijk.tables.columns import choices_in_dutch
from dijk.tables.languages import Lang

SHEETS: dict[str, tuple[str, ...]] = {
    "stock": (
        *("site", "product", "called", "last", "last_day"),
        *("lot", "status", "expires_on", "day", "pieces", "reason", "how"),
    ),
    "use": ("site", "need", "called", "last", "last_day", "day", "days", "pieces", "reason", "how"),
    "activity": ("site", "driver", "risk_class", "called", "last", "last_day", "day", "units", "reason", "how"),
    "request": ("request", "site", "need", "called", "last", "last_day", "day", "pieces", "urgent", "how"),
    "delivery": ("delivery", "site", "need", "called", "product", "lot", "day", "channel", "pieces", "how"),
}
"""The columns of each sheet: what a row is about, what it is called and what was told last, what is to be filled in.
Who says it and when are not asked: whoever takes the workbook in knows both.
"""

NOTES: dict[Lang, tuple[str, tuple[str, ...]]] = {
    "en": (
        "Notes",
        (
            "Fill in a day and a number on the rows that you tell of. What stands in grey is there to be read.",
            "A row without a number and without a reason says nothing: leave it as it is, or delete it.",
            "Not known is not zero: choose a reason. Write 0 only where there is nothing.",
            "Count in pieces, and gloves per pair; or write the unit beside the number: 12 boxes.",
            "You may add rows, also for articles that do not stand here. Leave the headings as they are.",
            "Where you leave the number of a request or delivery empty, it is made of site, need and day.",
        ),
    ),
    "nl": (
        "Uitleg",
        (
            "Vul een dag en een getal in op de regels waarover u meldt. Wat in grijs staat, is om te lezen.",
            "Een regel zonder getal en zonder reden zegt niets: laat de regel staan of haal hem weg.",
            "Onbekend is niet nul: kies een reden. Schrijf alleen 0 waar echt niets is.",
            "Tel in stuks, en handschoenen per paar; of zet de eenheid bij het getal: 12 dozen.",
            "U mag regels toevoegen, ook voor artikelen die hier niet staan. Laat de koppen staan.",
            "Laat u het nummer van een aanvraag of levering leeg, dan komt het van locatie, behoefte en dag.",
        ),
    ),
}


def own_workbook(rows: Mapping[str, pl.DataFrame], *, lang: Lang) -> bytes:
    """A workbook to fill in and send back; the same bytes each time.

    Parameters
    ----------
    rows
        Of each table of ``SHEETS`` the rows that stand ready, with any of its columns: codes as the tables have them,
        ``called``, ``last`` and ``last_day`` as people read them. A column that is not given is left to be filled in.
    """
    stream = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, settings) as book:
        book.set_properties({"created": MADE})
        for table, columns in SHEETS.items():
            sheet = book.add_worksheet(name_of(table, lang))
            headings(book, sheet, table, columns, lang)
            if table in rows:
                _write(sheet, _in_words(table, rows[table], lang), columns)
        name, lines = NOTES[lang]
        sheet = book.add_worksheet(name)
        sheet.write_column(0, 0, lines)
    return stream.getvalue()


def _in_words(table: str, rows: pl.DataFrame, lang: Lang) -> pl.DataFrame:
    """Rows with their choices in words of the language."""
    chosen = [name for name, kind in rows.schema.items() if isinstance(kind, pl.Enum)]
    yes = pl.when(pl.col(pl.Boolean)).then(pl.lit(WORDS[lang]["yes"])).otherwise(pl.lit(WORDS[lang]["no"])).name.keep()
    rows = rows.with_columns(pl.col(chosen).cast(pl.String), *([yes] if pl.Boolean in rows.dtypes else []))
    if lang == "en":
        return rows
    words = {name: choices_in_dutch(ON_DISK[table].columns()[name]) for name in chosen}
    dutch = [pl.col(name).replace({code: said[0] for code, said in words[name].items()}) for name in chosen]
    return rows.with_columns(dutch)


def _write(sheet: Worksheet, rows: pl.DataFrame, columns: tuple[str, ...]) -> None:
    """The rows that stand ready."""
    for place, name in ((place, name) for place, name in enumerate(columns) if name in rows.columns):
        for row, cell in enumerate(rows[name], start=1):
            if cell is not None:
                write_cell(sheet, row, place, cell)
