"""A workbook to begin with: a sheet per table in the order in which it is filled, and behind them what stands ready."""

import datetime as dt
import io

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dijk.files.example_row import EXAMPLES, MARK, example_row
from dijk.files.filled import WHERE_EMPTY
from dijk.files.heading import required
from dijk.files.ready import READY, ready
from dijk.files.template import (
    GREY,
    ROWS,
    check_of,
    day_format,
    heading_of,
    name_of,
    note_of,
    ordered,
    unit_said,
)
from dijk.files.write import MADE
from dijk.tables import ON_DISK
from dijk.tables.columns import choices_in_dutch
from dijk.tables.languages import Lang

FILLED_BY_HAND = ("site", "stock", "request", "delivery", "inbound", "activity")
"""Tables that people fill in, in that order."""

NEEDED = {"en": " (required)", "nl": " (verplicht)"}

TITLE = {"en": "Planning", "nl": "Planning"}
NOTES = {"en": "Notes", "nl": "Uitleg"}
INTRO: dict[Lang, tuple[str, ...]] = {
    "en": (
        "Fill in the sheets from left to right: {sheets}. Sheets that you do not need stay empty.",
        "Fill in the columns with (required) above them; the others may stay empty. Leave the headings as they are.",
        "The second row is an example. It is not read, because its first cell begins with “Example:”.",
        "Not known is not zero: leave the number empty. Write 0 only where there is nothing.",
        "Count in pieces, and gloves per pair; or write the unit beside the number: 12 boxes.",
        "Where you leave it empty: {empty}",
        "Organisations and the region unknown need no row: dijk makes them.",
        "The sheets behind those hold what stands ready: {ready}. You may change, add and delete rows.",
        "Choose on the sheet {scope} which needs are on the list: state listed. Four of them are.",
        "The norms were published elsewhere and are assumed here; each row names its source. Replace them by your own.",
        "Tell a hospital's care in patient-days, that of others in shifts of staff with infected people.",
        "Then: dijk check {file}, and dijk plan {file} -o RUN --as-of DAY, in which DAY is the day of your figures.",
    ),
    "nl": (
        "Vul de bladen van links naar rechts: {sheets}. Bladen die u niet nodig hebt blijven leeg.",
        "Kolommen met (verplicht) erboven moet u invullen; de andere mogen leeg blijven. Laat de koppen staan.",
        "De tweede rij is een voorbeeld. Die wordt niet gelezen, want de eerste cel begint met ‘Voorbeeld:’.",
        "Onbekend is niet nul: laat het getal leeg. Schrijf alleen 0 waar echt niets is.",
        "Tel in stuks, en handschoenen per paar; of zet de eenheid bij het getal: 12 dozen.",
        "Waar u niets invult: {empty}",
        "Organisaties en de regio onbekend hoeven geen regel te hebben: dijk maakt ze.",
        "De bladen daarachter staan klaar: {ready}. U mag regels wijzigen, toevoegen en weghalen.",
        "Kies op het blad {scope} welke behoeften op de lijst staan: stand ‘op de lijst’. Vier staan er al op.",
        "De normen zijn elders gepubliceerd en hier aangenomen; elke regel noemt haar bron. Vervang ze door uw eigen.",
        "Meld de zorg van een ziekenhuis in patiëntdagen, die van anderen in diensten bij besmette mensen.",
        "Daarna: dijk check {file}, en dijk plan {file} -o RUN --as-of DAG; DAG is de dag van uw cijfers.",
    ),
}


def planning(lang: Lang, file: str) -> bytes:
    """The workbook, in a language; the same bytes each time.

    Parameters
    ----------
    file
        The name under which it will be kept, as its notes have it.
    """
    stream = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, settings) as book:
        book.set_properties({"created": MADE, "title": TITLE[lang]})
        notes(book, lang, file)
        for table in (*FILLED_BY_HAND, *READY):
            write_sheet(book, table, lang)
    return stream.getvalue()


def notes(book: xlsxwriter.Workbook, lang: Lang, file: str) -> None:
    """The sheet that says how to go on."""
    sheet = book.add_worksheet(NOTES[lang])
    sheet.set_column(0, 0, 110, book.add_format({"text_wrap": True, "valign": "top"}))
    words = {
        "sheets": ", ".join(name_of(table, lang) for table in FILLED_BY_HAND),
        "ready": ", ".join(name_of(table, lang) for table in READY),
        "scope": name_of("scope", lang),
        "empty": taken_where_empty(lang),
        "file": file,
    }
    for row, line in enumerate(INTRO[lang]):
        sheet.write_string(row, 0, line.format(**words))


def taken_where_empty(lang: Lang) -> str:
    """What dijk takes in cells that may stay empty, in a sentence."""
    said = [
        f"{name_of(table, lang)}, {heading_of(table, column, lang)}: {words[lang == 'nl']}"
        for table, columns in WHERE_EMPTY.items()
        for column, (_, words) in columns.items()
    ]
    return f"{'; '.join(said)}."


def needed(table: str) -> list[str]:
    """Columns that a person must fill in on a sheet that has them all."""
    return [name for name in required(table) if name not in WHERE_EMPTY.get(table, {})]


def columns_of(table: str, lang: Lang) -> list[str]:
    """The columns of a sheet: those that must be filled in first; of what stands ready those that say something."""
    names = ordered(table)
    if table in READY:
        filled = ready(table, lang).columns
        return [name for name in names if name in filled or name == "valid_to"]
    first = [name for name in names if name in needed(table)]
    return first + [name for name in names if name not in first]


def write_sheet(book: xlsxwriter.Workbook, table: str, lang: Lang) -> None:
    """One sheet: headings with their notes and lists, and below them the example or the rows that stand ready."""
    sheet = book.add_worksheet(name_of(table, lang))
    names = columns_of(table, lang)
    for place, name in enumerate(names):
        head(book, sheet, (table, name), place, lang)
    rows = [example_row(table, lang)] if table in EXAMPLES else ready(table, lang).to_dicts()
    look = book.add_format({"italic": True, "font_color": GREY}) if table in EXAMPLES else None
    for row, cells in enumerate(rows, start=1):
        first = names[0]
        shown = {**cells, first: f"{MARK[lang]}{cells[first]}"} if table in EXAMPLES else in_words(table, cells, lang)
        write_row(sheet, row, [shown.get(name) for name in names], look)
    sheet.freeze_panes(1, 1)


def head(book: xlsxwriter.Workbook, sheet: Worksheet, column: tuple[str, str], place: int, lang: Lang) -> None:
    """The heading of a column, its note, and what its cells may hold."""
    table, name = column
    kind = ON_DISK[table].columns()[name]
    must = table in FILLED_BY_HAND and name in needed(table)
    look = {"bold": must, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#DCE8F2" if must else "#FFFFFF"}
    heading = heading_of(table, name, lang)
    sheet.set_column(place, place, width_of(name), book.add_format(shown_as(kind, lang)))
    sheet.write_string(0, place, heading + (NEEDED[lang] if must else ""), book.add_format(look))
    note = "\n".join(part for part in (note_of(kind, lang), unit_said(kind, lang)) if part)
    sheet.write_comment(0, place, note, {"author": "dijk", "x_scale": 1.5})
    sheet.data_validation(1, place, ROWS, place, check_of_codes(column, lang) or check_of(kind, lang))


def width_of(name: str) -> int:
    """How wide a column is."""
    return 44 if name in ("basis", "source", "specification", "name_en", "name_nl", "name") else 18


def shown_as(kind: object, lang: Lang) -> dict[str, str]:
    """How the cells of a column are shown: a code as text, a day as a day."""
    name = type(kind).__name__
    if name == "Date":
        return {"num_format": day_format(lang)}
    return {"num_format": {"String": "@", "Datetime": "yyyy-mm-dd hh:mm"}.get(name, "General")}


def check_of_codes(column: tuple[str, str], lang: Lang) -> dict[str, object] | None:
    """A list of the codes that a column may hold, from the sheet of their register; another code only warns."""
    table, name = column
    register = (ON_DISK[table].columns()[name].metadata or {}).get("refers")
    if register not in (*READY, "site"):
        return None
    first = 3 if register == "site" else 2
    source = f"='{name_of(str(register), lang)}'!$A${first}:$A${ROWS}"
    return {"validate": "list", "source": source, "error_type": "information"}


def in_words(table: str, row: dict[str, object], lang: Lang) -> dict[str, object]:
    """A row with its choices in words of the language."""
    if lang == "en":
        return row
    columns = ON_DISK[table].columns()
    return {name: choices_in_dutch(columns[name]).get(str(value), (value,))[0] for name, value in row.items()}


def write_row(sheet: Worksheet, row: int, cells: list[object], look: Format | None) -> None:
    """A row of cells by their type."""
    for place, cell in enumerate(cells):
        if isinstance(cell, dt.date):
            sheet.write_datetime(row, place, cell)
        elif isinstance(cell, str):
            sheet.write_string(row, place, cell, look)
        elif cell is not None:
            sheet.write(row, place, cell, look)
