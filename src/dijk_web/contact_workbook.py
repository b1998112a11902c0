"""Workbooks of contacts: one to fill in, with the sites of which nobody knows whom to call; and the rows of a file that
were rejected, with why.
"""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl
import xlsxwriter
from django.db.models import Exists, OuterRef, Q

from dijk.files.body import unguarded
from dijk.files.limits import LONGEST_CELL
from dijk.files.template import GREY
from dijk.files.words import OURS, our_headings, plain
from dijk.files.write import MADE
from dijk.tables.languages import Lang
from dijk_web.contact_columns import COLUMNS, MOST_ROWS, MUST
from dijk_web.models import Contact, Person
from dijk_web.models.person import sites_of
from dijk_web.read_contacts import ReadContacts, Sheet

SHEETS: dict[Lang, tuple[str, str]] = {"en": ("contacts", "Notes"), "nl": ("contacten", "Uitleg")}
"""The sheet that is filled in, and the one that explains it."""

NOTES: dict[Lang, tuple[str, ...]] = {
    "en": (
        "One row for each contact. A site without one of its own is called by that of its organisation.",
        "The rows that stand here are sites without a contact. What you leave as it is says nothing; you may add rows.",
        "A row with the place and function of a contact that is there changes it. An empty cell changes nothing.",
        "Name people only where it is needed. Names and numbers stand in dijk alone, and go when they are erased.",
    ),
    "nl": (
        "Eén regel per contact. Een locatie zonder eigen contact wordt gebeld via dat van de organisatie.",
        "De regels die er staan, zijn locaties zonder contact. Wat u zo laat, zegt niets; u mag regels toevoegen.",
        "Een regel met de plek en functie van een contact dat er al is, wijzigt dat. Een lege cel wijzigt niets.",
        "Noem mensen alleen als het nodig is. Namen en nummers staan alleen in dijk, en zijn weg als u ze daar wist.",
    ),
}


def workbook_of_contacts(person: Person, lang: Lang) -> bytes:
    """A workbook to fill in, in a language."""
    stream = io.BytesIO()
    with book_in(stream) as book:
        bold, light = (book.add_format({"bold": one, "bottom": 1, "text_wrap": True}) for one in (True, False))
        grey, text = book.add_format({"font_color": GREY}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(SHEETS[lang][0])
        columns = [*list(COLUMNS)[:2], "called", *list(COLUMNS)[2:]]
        for at, name in enumerate(columns):
            words = OURS[name][lang] if name in OURS else getattr(COLUMNS[name], lang)
            sheet.set_column(at, at, 30 if name in OURS else 18, grey if name in OURS else text)
            sheet.write_string(0, at, words, bold if name in MUST else light)
            if name in COLUMNS:
                sheet.write_comment(0, at, COLUMNS[name].meaning[lang == "nl"], {"author": "dijk"})
        write_rows(sheet, without_contact(person))
        sheet.freeze_panes(1, 0)
        notes = book.add_worksheet(SHEETS[lang][1])
        notes.write_column(0, 0, NOTES[lang])
    return stream.getvalue()


def without_contact(person: Person) -> Iterator[tuple[str, str, str]]:
    """Organisation, code and name of the sites that somebody looks after and for which there is nobody to call, as many
    as a file may hold.
    """
    own, shared = Q(site=OuterRef("site")), Q(site="", organisation=OuterRef("organisation"))
    sites = sites_of(person).filter(~Exists(Contact.objects.filter(own)), ~Exists(Contact.objects.filter(shared)))
    return sites.order_by("organisation", "site").values_list("organisation", "site", "name")[:MOST_ROWS].iterator()


def rejected_contacts(read: ReadContacts, why: pl.DataFrame, lang: Lang) -> bytes:
    """The rows of a file that were rejected, with the same sheets and columns, and one that says why."""
    stream = io.BytesIO()
    with book_in(stream) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        for at, sheet in enumerate(read.sheets):
            said = dict(why.filter(file=sheet.grid.file).select("row", "why").rows())
            if not said:
                continue
            page = book.add_worksheet(f"{SHEETS[lang][0]} {at + 1}" if len(read.sheets) > 1 else SHEETS[lang][0])
            labels = labels_of(sheet)
            page.set_column(0, len(labels) - 1, 18, text)
            page.set_column(len(labels), len(labels), 80)
            page.write_row(0, 0, [*labels.values(), OURS["why"][lang]], bold)
            write_rows(page, rejected_rows(sheet, list(labels), said))
            page.freeze_panes(1, 0)
    return stream.getvalue()


def labels_of(sheet: Sheet) -> dict[str, str]:
    """The headings as their writer has them, by place; that of why a row came back before is left out."""
    words = sheet.grid.cells.row(sheet.heading.first - 1)
    own = {place: str(text or "") for place, text in zip(sheet.grid.cells.columns, words, strict=True)}
    return {place: text for place, text in own.items() if our_headings().get(plain(text)) != "why"}


def rejected_rows(sheet: Sheet, places: list[str], said: dict[int, str]) -> Iterator[tuple[str, ...]]:
    """The cells of each rejected row as they were found, and why it comes back."""
    cells = (unguarded(sheet.grid.cells) if sheet.grid.is_text else sheet.grid.cells).select(places)
    for row, found in zip(sheet.grid.rows, cells.iter_rows(), strict=True):
        if row in said:
            yield *((cell or "") for cell in found), said[row][:LONGEST_CELL]


@contextmanager
def book_in(stream: io.BytesIO) -> Iterator[Any]:
    """A workbook in which no text becomes a formula, a link or a number; the same bytes each time."""
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, settings) as book:
        book.set_properties({"created": MADE})
        yield book


def write_rows(sheet: Any, rows: Iterable[tuple[str, ...]]) -> None:
    """Rows of texts below the headings; an empty one is no cell."""
    for at, row in enumerate(rows, start=1):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(at, column, text)
