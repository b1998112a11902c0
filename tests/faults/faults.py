"""The faults that people make, each with the finding that must come of it. Rows count as the spreadsheet counts."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from plant import (
    DAY,
    HOW,
    KNOWN_AT,
    LOT,
    PIECES,
    PRODUCT,
    SITE,
    SOURCE,
    STATUS,
    STOCK,
    Fault,
    beside,
    cell,
    column_of,
    more,
    other,
    sheet,
    stock_rows,
    text,
    without,
    write_sheet,
)

X, C = "voorraad.xlsx [Blad1]", "voorraad.csv"
S1, S2, S3 = ("S01", "P1"), ("S01", "P2"), ("S02", "P1")


def first(value: int | None) -> dict[tuple[str, str], int | None]:
    """The good rows, with another number in the first."""
    return {S1: value, S2: 0, S3: 1250}


def heading(place: int, words: str, *also: str) -> list[str]:
    """The headings of stock with one changed, and others behind them."""
    return [*(words if i == place else label for i, label in enumerate(STOCK)), *also]


QUANTITIES = [
    Fault("a minus in a count", sheet(cell(0, PIECES, -6)), "NUM-01", X, 2, "stuks", {S2: 0, S3: 1250}),
    Fault("a minus as bookkeepers write it", sheet(cell(0, PIECES, "(30)")), "NUM-01", X, 2, "stuks"),
    Fault("a minus behind the number", text(cell(0, PIECES, "30-")), "NUM-01", C, 2, "stuks"),
    Fault("half a piece", sheet(cell(1, PIECES, 12.5)), "NUM-02", X, 3, "stuks", {S1: 500, S3: 1250}),
    Fault("half a piece with a comma", text(cell(2, PIECES, "12,5")), "NUM-02", C, 4, "stuks"),
    Fault("thousands point without proof", text(column_of(PIECES, ["1.234", "0", "125"])), "NUM-06", C, 2, "stuks", {S1: 1234, S2: 0, S3: 125}),
    Fault("points and commas mixed", text(column_of(PIECES, ["1.234,0", "0", "1,250.0"])), "NUM-07", C, 4, "stuks", first(1234)),
    Fault("unknown in words", sheet(cell(0, PIECES, "onbekend")), "NUM-09", X, 2, "stuks", first(None)),
    Fault("a question mark", sheet(cell(0, PIECES, "?")), "NUM-09", X, 2, "stuks", first(None)),
    Fault("a dash", text(cell(0, PIECES, "-")), "NUM-09", C, 2, "stuks", first(None)),
    Fault("does not apply", sheet(cell(0, PIECES, "n.v.t.")), "NUM-09", X, 2, "stuks", first(None)),
    Fault("no answer given", sheet(cell(0, PIECES, "Geen opgave")), "NUM-09", X, 2, "stuks", first(None)),
    Fault("about", sheet(cell(0, PIECES, "ca. 500")), "NUM-08", X, 2, "stuks", first(500)),
    Fault("plus or minus", sheet(cell(0, PIECES, "± 1.000")), "NUM-08", X, 2, "stuks", first(1000)),
    Fault("a word for much", sheet(cell(0, PIECES, "genoeg")), "NUM-10", X, 2, "stuks", first(None)),
    Fault("a range", sheet(cell(0, PIECES, "100-200")), "NUM-10", X, 2, "stuks", first(None)),
    Fault("more than", sheet(cell(0, PIECES, ">100")), "NUM-10", X, 2, "stuks", first(None)),
    Fault("a sum in words", sheet(cell(0, PIECES, "3 x 100")), "NUM-10", X, 2, "stuks", first(None)),
    Fault("the letter O for a zero", sheet(cell(0, PIECES, "5O0")), "NUM-10", X, 2, "stuks", first(None)),
    Fault("none in words", sheet(cell(0, PIECES, "geen")), "NUM-10", X, 2, "stuks", first(None)),
    Fault("an empty count", sheet(cell(0, PIECES, None)), "NUM-11", X, 2, "stuks", first(None)),
    Fault("beyond belief", sheet(cell(0, PIECES, 10**15)), "NUM-04", X, 2, "stuks", first(10**12)),
    Fault("a formula that fails", sheet(after=lambda b, p: p.write_formula(1, PIECES, "=1/0", None, "#DIV/0!")), "NUM-10", X, 2, "stuks", first(None)),
    Fault("a failed formula in a CSV", text(cell(0, PIECES, "#N/B")), "NUM-10", C, 2, "stuks", first(None)),
    Fault("boxes beside the number", sheet(cell(0, PIECES, "12 dozen")), "NUM-12", X, 2, "stuks", first(600)),
    Fault("boxes in the heading", sheet(heading=heading(PIECES, "stuks (dozen)")), "NUM-12", X, 2, "stuks (dozen)", {S1: 25000, S2: 0, S3: 62500}),
    Fault("a column of boxes", sheet(heading=heading(PIECES, "aantal dozen")), "NUM-12", X, 2, "aantal dozen", {S1: 25000, S2: 0, S3: 62500}),
    Fault("boxes in the column of units", sheet(lambda r: [row.append("doos") for row in r[:1]], heading=[*STOCK, "eenheid"]), "NUM-12", X, 2, "stuks", first(25000)),
    Fault("boxes of an unknown article", sheet(lambda r: (cell(0, PRODUCT, "P9")(r), cell(0, PIECES, "12 dozen")(r))), "NUM-13", X, 2, "stuks"),
    Fault("pairs where pieces are single", sheet(cell(0, PIECES, "5 paar")), "NUM-14", X, 2, "stuks", first(10)),
    Fault("singles where pieces are pairs", sheet(cell(1, PIECES, "200 losse stuks")), "NUM-14", X, 3, "stuks", {S1: 500, S2: 100, S3: 1250}),
    Fault("half a pair", sheet(cell(1, PIECES, "201 losse stuks")), "NUM-15", X, 3, "stuks"),
    Fault("pairs in the heading", sheet(heading=heading(PIECES, "paar")), "NUM-14", X, 2, "paar", {S1: 1000, S2: 0, S3: 2500}),
    Fault("thousands in the heading", sheet(heading=heading(PIECES, "aantal (x1000)")), "NUM-16", X, 2, "aantal (x1000)", {S1: 500_000, S2: 0, S3: 1_250_000}),
    Fault("millions beside the number", sheet(cell(0, PIECES, "1,5 mln")), "NUM-16", X, 2, "stuks", first(1_500_000)),
    Fault("pieces beside the number", sheet(cell(0, PIECES, "500 stuks")), "NUM-17", X, 2, "stuks", first(500)),
    Fault("money in a count", sheet(cell(0, PIECES, "€ 500,00")), "NUM-19", X, 2, "stuks"),
    Fault("litres in a count", sheet(cell(0, PIECES, "5 liter")), "NUM-19", X, 2, "stuks"),
    Fault("a count that became a date", sheet(cell(0, PIECES, dt.date(2020, 2, 1))), "NUM-23", X, 2, "stuks"),
    Fault("a number and a reason", sheet(lambda r: r[0].append("geweigerd"), heading=[*STOCK, "reden"]), "NUM-21", X, 2, "stuks"),
    Fault("pieces and boxes side by side", sheet(lambda r: [row.append(10) for row in r], heading=[*STOCK, "dozen"]), "NUM-22", X, 1, "dozen", first(500)),
    Fault(
        "another pack size in the row",
        sheet(lambda r: [row.append(20) for row in r[:1]], heading=heading(PIECES, "dozen", "stuks per doos")),
        "NUM-24", X, 2, "dozen", {S1: 10_000, S2: 0, S3: 62_500},
    ),
    Fault(
        "dozen in English",
        lambda folder: (without(folder, "stock"), write_sheet(folder / "stock.xlsx", [
            ["site", "product", "lot", "status", "day", "pieces (dozen)", "known_at", "source", "how"], *stock_rows()], name="Sheet1")),
        "NUM-20", "stock.xlsx [Sheet1]", 1, "pieces (dozen)",
    ),
]  # fmt: skip

QUANTITIES += [
    Fault("estimated, behind the number", sheet(cell(0, PIECES, "500 (geschat)")), "NUM-08", X, 2, "stuks", first(500)),
    Fault("a minus that is a dash", sheet(cell(0, PIECES, "–6")), "NUM-01", X, 2, "stuks"),
    Fault("per cent in a count", sheet(cell(0, PIECES, "50%")), "NUM-19", X, 2, "stuks"),
    Fault("pallets", sheet(cell(0, PIECES, "2 pallets")), "NUM-10", X, 2, "stuks", first(None)),
    Fault("a formula as text", text(cell(0, PIECES, "=B2*50")), "NUM-10", C, 2, "stuks", first(None)),
]

NORM = ["behoefte", "sector", "risicoklasse", "drijver", "hergebruikfase", "laag", "midden", "hoog", "dekking", "geldig_vanaf", "grondslag", "bron", "hoe", "vastgesteld_door", "bekend_op"]  # fmt: skip
NORM_ROW = ["MASK", "nursing", "contact", "contact", "gewoon", 0.5, 1.25, 2, 0.8, dt.date(2020, 3, 1), "besluit", "register", "aangenomen", "overleg", dt.datetime(2020, 1, 1, 0, 5)]  # fmt: skip
PRODUCTS = ["product", "naam", "gtin", "stuks_per_doos", "kg_per_doos", "opslag", "bekend_op", "bron"]
MASK = ["P1", "Masker A", "08712345678906", 50, 0.25, "normaal", dt.datetime(2020, 1, 1, 0, 5), "register"]
GLOVE = ["P2", "Handschoen B", None, 100, 1.5, "normaal", dt.datetime(2020, 1, 1, 0, 5), "register"]
REQUESTS = ["aanvraag", "locatie", "behoefte", "dag", "spoed", "stuks", "bekend_op", "bron", "hoe"]
REQUEST = ["A1", "S01", "MASK", dt.date(2020, 4, 27), "nee", 1000, dt.datetime(2020, 4, 27, 16, 0), "opgave", "geteld"]
SITES = ["locatie", "organisatie", "naam", "soort", "sector", "regio", "bekend_op", "bron"]
PLACE = ["S01", "ORG1", "De Linde", "zorglocatie", "nursing", "R01", dt.datetime(2020, 1, 1, 0, 5), "register"]


EXAMPLE = ["Voorbeeld: S01", "gown", None, None, dt.date(2020, 4, 20), 400]
"""The example row of stock as dijk writes it."""
LONE = [["S01", None, *PLACE[2:]], ["S02", None, *PLACE[2:]]]


def changed(row: list[object], place: int, value: object) -> list[object]:
    """A row with one cell changed."""
    return [value if i == place else old for i, old in enumerate(row)]


NUMBERS = [
    Fault("a range the wrong way round", other("norm", [NORM, changed(NORM_ROW, 5, 3)], "norm"), "ROW-03", "norm.xlsx [Blad1]", 2, None),
    Fault("a percentage for a share", other("norm", [NORM, changed(NORM_ROW, 8, "80%")]), "NUM-18", "norm.xlsx [Blad1]", 2, "dekking"),
    Fault("eighty for a share", other("norm", [NORM, changed(NORM_ROW, 8, 80)]), "NUM-05", "norm.xlsx [Blad1]", 2, "dekking"),
    Fault("a norm in words", other("norm", [NORM, changed(NORM_ROW, 6, "variabel")]), "NUM-03", "norm.xlsx [Blad1]", 2, "midden"),
    Fault("a norm with three decimals", other("norm", [NORM, changed(NORM_ROW, 7, "2,125")]), "NUM-06", "norm.xlsx [Blad1]", 2, "hoog"),
    Fault("grams in the heading", other("product", [changed(PRODUCTS, 4, "kg_per_doos (gram)"), changed(MASK, 4, 250), changed(GLOVE, 4, 1500)]), "NUM-16", "product.xlsx [Blad1]", 2, "kg_per_doos (gram)"),
    Fault("no pieces in a pack", other("product", [PRODUCTS, changed(MASK, 3, 0), GLOVE]), "NUM-01", "product.xlsx [Blad1]", 2, "stuks_per_doos"),
]  # fmt: skip

SENT = ("levering", "locatie", "behoefte", "product", "partij", "dag", "kanaal", "stuks")
SENT_ROW = ["D1", "S01", "masker", "P1", "-", dt.date(2020, 4, 27), "consortium", -40]
PRICES = ("order", "regel", "leverancier", "product", "naar_locatie", "dag", "vervoer", "stand", "stuks", "prijs")
PRICED = ["K1", 1, "maker", "P1", "S01", dt.date(2020, 4, 27), "zee", "besteld", 100, 12]
BACK = [
    Fault(
        "a price without a currency", other("inbound", [PRICES, PRICED]), "NUM-26", "inbound.xlsx [Blad1]", 2, "prijs"
    ),
    Fault(
        "goods that go back as a minus",
        other("delivery", [SENT, SENT_ROW]),
        "NUM-25",
        "delivery.xlsx [Blad1]",
        2,
        "stuks",
    ),
]

DATES = [
    Fault("days as serial numbers", sheet(column_of(DAY, [43948, 43948, 43948])), "DATE-03", X, 2, "dag", first(500)),
    Fault("a day that is not", text(cell(0, DAY, "31-02-2020")), "DATE-01", C, 2, "dag"),
    Fault("a week for a day", sheet(cell(0, DAY, "week 17")), "DATE-01", X, 2, "dag"),
    Fault("today", sheet(cell(0, DAY, "vandaag")), "DATE-01", X, 2, "dag"),
    Fault(
        "the month first",
        text(column_of(DAY, ["4/27/2020", "4/27/2020", "4/27/2020"])),
        "DATE-04",
        C,
        2,
        "dag",
        first(500),
    ),
    Fault("two orders in one column", text(cell(1, DAY, "04-27-2020")), "DATE-05", C, 3, "dag"),
    Fault("a year of two digits", text(cell(0, DAY, "27-4-20")), "DATE-06", C, 2, "dag", first(500)),
    Fault("a year mistyped", text(cell(0, DAY, "27-04-2202")), "DATE-02", C, 2, "dag"),
    Fault("the day of 1900", sheet(cell(0, DAY, dt.date(1920, 4, 27))), "DATE-02", X, 2, "dag"),
    Fault("an empty day", sheet(cell(0, DAY, None)), "CELL-01", X, 2, "dag"),
    Fault("a moment without a time", text(cell(0, KNOWN_AT, "27-04-2020")), "DATE-07", C, 2, "bekend_op"),
    Fault("a day with a time", text(cell(0, DAY, "27-04-2020 10:15")), "DATE-09", C, 2, "dag", first(500)),
    Fault(
        "a day told as midnight in UTC", text(cell(0, DAY, "2020-04-26T22:00:00Z")), "DATE-10", C, 2, "dag", first(500)
    ),
    Fault("a moment in an unknown zone", text(cell(0, KNOWN_AT, "27-04-2020 10:00 XST")), "DATE-08", C, 2, "bekend_op"),
    Fault("a moment in words", sheet(cell(0, KNOWN_AT, "gisteren")), "DATE-08", X, 2, "bekend_op"),
]

EXPIRES = [*STOCK, "tht"]


def expiring(day: object):  # type: ignore[no-untyped-def]
    """Stock with a last day of use in the first row."""
    return sheet(lambda rows: rows[0].append(day), heading=EXPIRES)


DATES += [
    Fault("no last day of use, in words", expiring("n.v.t."), "CELL-14", X, 2, "tht", first(500)),
    Fault("a month for a last day of use", expiring("06-2022"), "DATE-11", X, 2, "tht", first(500)),
    Fault("a quarter for a last day of use", expiring("Q2 2022"), "DATE-01", X, 2, "tht"),
    Fault("expired and yet approved", expiring(dt.date(2020, 1, 31)), "ROW-04", X, 2, None, first(500)),
]

TEXTS = [
    Fault("a site that no register has", beside("site", sheet(cell(0, SITE, "S99"))), "ROW-05", X, 2, "site"),
    Fault("a site in other letters", beside("site", sheet(cell(2, SITE, "s02"))), "ROW-05", X, 4, "site"),
    Fault("a word outside the list", sheet(cell(0, STATUS, "oké")), "CELL-10", X, 2, "status"),
    Fault("a lot as a number", sheet(cell(0, LOT, 12)), "CELL-05", X, 2, "partij"),
    Fault("an article number without its zero", other("product", [PRODUCTS, changed(MASK, 2, 871234567890), GLOVE]), "CELL-05", "product.xlsx [Blad1]", 2, "gtin"),
    Fault("an article number in scientific notation", other("product", [PRODUCTS, changed(MASK, 2, "8,71E+12"), GLOVE]), "CELL-07", "product.xlsx [Blad1]", 2, "gtin"),
    Fault("an article number mistyped", other("product", [PRODUCTS, changed(MASK, 2, "08712345678905"), GLOVE]), "CELL-12", "product.xlsx [Blad1]", 2, "gtin"),
    Fault("request numbers stored as numbers", other("request", [REQUESTS, changed(REQUEST, 0, 1001)]), "CELL-06", "request.xlsx [Blad1]", 2, "aanvraag"),
    Fault("spaces behind a code", sheet(cell(0, SITE, "S01  ")), "CELL-02", X, 2, "locatie", first(500)),
    Fault("a space that does not break", sheet(cell(0, SITE, "\u00a0S01")), "CELL-02", X, 2, "locatie", first(500)),
    Fault("an empty site", sheet(cell(1, SITE, None)), "CELL-01", X, 3, "locatie"),
    Fault("a lot that became a date", sheet(cell(0, LOT, dt.date(2020, 3, 1))), "CELL-15", X, 2, "partij", {S2: 0, S3: 1250}),
    Fault("a lot that became a date on its way to a CSV", text(cell(0, LOT, "2020-03-01 00:00:00")), "CELL-15", C, 2, "partij"),
    Fault("a lot that became a truth", sheet(cell(0, LOT, True)), "CELL-15", X, 2, "partij"),
    Fault("a lot as a long number", sheet(cell(0, LOT, 871234567890123456)), "CELL-07", X, 2, "partij"),
    Fault("a lot with a fraction", sheet(cell(0, LOT, 1.1)), "CELL-05", X, 2, "partij", first(500)),
    Fault("a source that became a date", sheet(cell(0, SOURCE, dt.date(2020, 4, 1))), "CELL-16", X, 2, "bron", first(500)),
    Fault("a lot that looks like a date", text(cell(0, LOT, "1-mrt")), "CELL-17", C, 2, "partij", first(500)),
    Fault("a source that is a letter", sheet(cell(0, SOURCE, "x" * 400)), "CELL-03", X, 2, "bron", first(500)),
    Fault("a code that is a sentence", sheet(cell(0, LOT, "y" * 81)), "CELL-04", X, 2, "partij"),
    Fault("perhaps urgent", other("request", [REQUESTS, changed(REQUEST, 4, "misschien")]), "CELL-11", "request.xlsx [Blad1]", 2, "spoed"),
    Fault("the same as above", sheet(cell(1, SITE, "idem")), "SHEET-11", X, 3, "locatie", first(500)),
    Fault("a reference that broke", text(cell(0, SITE, "#VERW!")), "CELL-08", C, 2, "locatie"),
    Fault("letters garbled", sheet(cell(0, SOURCE, "MariÃ«nhof")), "FILE-21", X, 2, "bron", first(500)),
    Fault("no way of knowing given", sheet(cell(0, HOW, None)), "CELL-13", X, 2, "hoe", first(500)),
    Fault("a care site without a sector", other("site", [SITES, changed(PLACE, 4, None)], "locatie"), "ROW-03", "locatie.xlsx [Blad1]", 2, None),
]  # fmt: skip

LAYOUT = [
    Fault("a title above the heading", sheet(top=[["Voorraad De Linde"], ["ingevuld door", "team"]]), "SHEET-01", X, 1, None, first(500)),
    Fault("a heading over two rows", sheet(heading=heading(PIECES, "", ""), top=[["", "", "", "", "", "stuks"]]), "SHEET-10", X, 1, None, first(500)),
    Fault("a hidden row", sheet(after=lambda b, p: p.set_row(2, None, None, {"hidden": True})), "SHEET-02", X, 3, None, first(500)),
    Fault("a hidden column", sheet(after=lambda b, p: p.set_column(LOT, LOT, None, None, {"hidden": True})), "SHEET-03", X, None, "partij", first(500)),
    Fault("a filter left on", sheet(after=lambda b, p: (p.autofilter(0, 0, 3, 8), p.filter_column(0, "x == S02"), p.set_row(1, None, None, {"hidden": True}))), "SHEET-04", X, 2, None, first(500)),
    Fault("merged cells", sheet(column_of(SITE, ["S01", None, "S02"]), after=lambda b, p: p.merge_range(1, 0, 2, 0, "S01")), "SHEET-05", X, 2, "locatie", first(500)),
    Fault("a total at the bottom", sheet(more(["Totaal", None, None, None, None, 1750])), "SHEET-06", X, 5, None, first(500)),
    Fault("a subtotal between", sheet(lambda r: r.insert(2, ["Subtotaal S01", None, None, None, None, 500])), "SHEET-06", X, 4, None, first(500)),
    Fault("blank rows between", sheet(lambda r: r.insert(1, [])), "SHEET-07", X, 3, None, first(500)),
    Fault("the heading again", sheet(lambda r: r.insert(2, list(STOCK))), "SHEET-08", X, 4, None, first(500)),
    Fault("a remark below", sheet(more(["* geteld door de nachtdienst"])), "SHEET-09", X, 5, None, first(500)),
    Fault("a row of units", sheet(lambda r: r.insert(0, ["(code)", "(code)", "(tekst)", "(keuze)", "dd-mm-jjjj", "(stuks)"])), "SHEET-12", X, 2, None, first(500)),
    Fault("no heading", sheet(heading=["S09", "P1", "-", "goedgekeurd", "x", 1]), "HEAD-01", X, None, None),
    Fault("a column missing", sheet(heading=heading(STATUS, "opmerking")), "HEAD-02", X, 1, "status"),
    Fault("a column twice", sheet(lambda r: [row.append(1) for row in r], heading=[*STOCK, "stuks"]), "HEAD-03", X, 1, "stuks", first(500)),
    Fault("a column of remarks", sheet(lambda r: r[0].append("let op"), heading=[*STOCK, "opmerkingen"]), "HEAD-04", X, 1, "opmerkingen", first(500)),
    Fault("no moment given", text(lambda r: [row.pop(KNOWN_AT) for row in r], heading=[h for h in STOCK if h != "bekend_op"]), "HEAD-05", C, None, "known_at", first(500)),
    Fault("a note beside the table", sheet(lambda r: r[1].extend([None, "bellen!"])), "HEAD-06", X, 3, None, first(500)),
    Fault("a heading misspelt", sheet(heading=heading(PRODUCT, "produkt")), "HEAD-07", X, 1, "produkt", first(500)),
    Fault("the same row twice", sheet(lambda r: r.append(list(r[0]))), "ROW-01", X, 5, None, first(500)),
    Fault("an example as dijk writes it", sheet(more(EXAMPLE)), "SHEET-13", X, 5, None, first(500)),
    Fault("an example that was typed over", sheet(more(changed(EXAMPLE, PIECES, 90))), "SHEET-14", X, 5, None, first(500)),
    Fault("a row of an own workbook that stayed empty", sheet(lambda r: (r[0].append("500"), r.append([*changed(r[0], PIECES, None)[:9], "80"])), heading=[*STOCK, "laatst gemeld"]), "SHEET-15", X, 5, None, first(500)),
    Fault("a site without its organisation", other("site", [SITES, *LONE]), "ROW-06", None, None, "organisation", first(500)),
    Fault("two shelves with as many", sheet(lambda r: (r[0].append("kast 3"), r.append([*r[0][:9], "kast 5"])), heading=[*STOCK, "plek"]), "ROW-07", X, 2, None, {S2: 0, S3: 1250}),
    Fault("two counts of the same", sheet(lambda r: r.append(changed(r[0], PIECES, 90))), "ROW-02", X, 2, None, {S2: 0, S3: 1250}),
]  # fmt: skip


def raw(name: str, content: bytes):  # type: ignore[no-untyped-def]
    """Stock as a file with this content."""

    def plant(folder: Path) -> None:
        without(folder, "stock")
        (folder / name).write_bytes(content)

    return plant


def package(**parts: bytes) -> bytes:
    """A zip with these parts in the place of a workbook's."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", b"<Types/>")
        for name, content in parts.items():
            book.writestr(
                {
                    "book": "xl/workbook.xml",
                    "rels": "xl/_rels/workbook.xml.rels",
                    "sheet": "xl/worksheets/sheet1.xml",
                }.get(name, name),
                content,
            )
    return stream.getvalue()


BOOK = b'<workbook xmlns:r="r"><sheets><sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>'
RELS = b'<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'


def cut_off(folder: Path) -> None:
    """A workbook of which half came through."""
    sheet()(folder)
    path = folder / "voorraad.xlsx"
    path.write_bytes(path.read_bytes()[:3000])


def uncounted(folder: Path) -> None:
    """A formula written by a program that does not calculate."""
    sheet()(folder)
    path = folder / "voorraad.xlsx"
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["F2"] = "=250*2"
    book.save(path)


def from_1904(folder: Path) -> None:
    """The same days, counted from 1904 as old Macs did."""
    sheet()(folder)
    path = folder / "voorraad.xlsx"
    book = openpyxl.load_workbook(path)
    book.epoch = CALENDAR_MAC_1904
    book.save(path)


def second_sheet(folder: Path) -> None:
    """A second sheet that nobody named."""
    sheet(after=lambda book, page: book.add_worksheet("Blad2").write_row(0, 0, ["locatie", "stuks"]))(folder)


def cover_sheet(folder: Path) -> None:
    """A cover before the sheet that holds the table."""
    without(folder, "stock")
    write_sheet(
        folder / "voorraad.xlsx",
        [["Opgave voorraad"], ["Versie 3"]],
        name="Voorblad",
        after=lambda book, page: fill(book, "Blad1"),
    )


def hidden_sheet(folder: Path) -> None:
    """A hidden sheet named after a table, behind one that explains."""
    without(folder, "stock")
    write_sheet(folder / "map.xlsx", [["uitleg"]], name="Uitleg", after=lambda book, page: hide(book))


def hide(book) -> None:  # type: ignore[no-untyped-def]
    fill(book, "voorraad").hide()


def fill(book, name: str):  # type: ignore[no-untyped-def]
    """A sheet with good rows of stock."""
    page = book.add_worksheet(name)
    clock, day = book.add_format({"num_format": "dd-mm-yyyy hh:mm"}), book.add_format({"num_format": "dd-mm-yyyy"})
    for r, row in enumerate([STOCK, *stock_rows()]):
        for c, value in enumerate(row):
            if isinstance(value, dt.date):
                page.write_datetime(r, c, value, clock if isinstance(value, dt.datetime) else day)
            else:
                page.write(r, c, value)
    return page


ODS = b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet><sheetData>&b;</sheetData></worksheet>'

FILES = [
    Fault("an empty file", raw("voorraad.csv", b""), "FILE-05", C, None, None),
    Fault("only a heading", raw("voorraad.csv", ";".join(STOCK).encode()), "FILE-06", C, None, None),
    Fault("an old workbook", raw("voorraad.xls", b"\xd0\xcf\x11\xe0"), "FILE-08", "voorraad.xls", None, None),
    Fault("an old workbook with a new name", raw("voorraad.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600)), "FILE-08", "voorraad.xlsx", None, None),
    Fault("a workbook of another program", raw("voorraad.ods", ODS), "FILE-08", "voorraad.ods", None, None),
    Fault("a password", raw("voorraad.xlsx", LOCKED), "FILE-09", "voorraad.xlsx", None, None),
    Fault("half a workbook", cut_off, "FILE-10", "voorraad.xlsx", None, None),
    Fault("half a Parquet file", raw("voorraad.parquet", b"PAR1" + bytes(100)), "FILE-10", "voorraad.parquet", None, None),
    Fault("a bomb", raw("voorraad.xlsx", package(book=BOOK, rels=RELS, sheet=b"<worksheet>" + b" " * 30_000_000)), "FILE-11", "voorraad.xlsx", None, None),
    Fault("entities", raw("voorraad.xlsx", package(book=BOOK, rels=RELS, sheet=ENTITIES)), "FILE-14", "voorraad.xlsx", None, None),
    Fault("a web page as workbook", raw("voorraad.xlsx", b"<html><table><tr><td>1"), "FILE-07", "voorraad.xlsx", None, None),
    Fault("a workbook as CSV", raw("voorraad.csv", package(book=BOOK)), "FILE-07", C, None, None),
    Fault("UTF-16", text(encoding="utf-16"), "FILE-15", C, None, None, first(500)),
    Fault("UTF-16 without its mark", text(encoding="utf-16-le"), "FILE-15", C, None, None, first(500)),
    Fault("Windows letters", text(cell(0, SOURCE, "Mariënhof"), encoding="cp1252"), "FILE-15", C, None, None, first(500)),
    Fault("a comma too many", text(cell(1, SOURCE, "opgave; mail"), mend=lambda t: t), "FILE-16", C, 3, None),
    Fault("a row cut short", text(mend=lambda t: t.replace(";opgave;geteld\r\n", "\r\n", 1)), "FILE-17", C, 2, None),
    Fault("a quote never closed", text(cell(1, LOT, '"0013'), mend=lambda t: t), "FILE-18", C, 3, None),
    Fault("two quotes that swallow a row", text(mend=lambda t: t.replace(";opgave;", ';"opgave;', 1).replace("S02;", 'S02";')), "FILE-24", C, 2, None),
    Fault("a second sheet", second_sheet, "FILE-19", "voorraad.xlsx [Blad2]", None, None, first(500)),
    Fault("a cover before the table", cover_sheet, "FILE-19", "voorraad.xlsx [Voorblad]", None, None, first(500)),
    Fault("a hidden sheet", hidden_sheet, "FILE-20", "map.xlsx [voorraad]", None, None, first(500)),
    Fault("macros", lambda f: (sheet()(f), with_macros(f)), "FILE-22", "voorraad.xlsm", None, None, first(500)),
    Fault("the calendar of 1904", from_1904, "FILE-23", "voorraad.xlsx", None, None, first(500)),
    Fault("a file that is no table", lambda f: (f / "notulen.docx").write_bytes(b"PK"), "FILE-02", "notulen.docx", None, None),
    Fault("a link to nowhere", lambda f: (without(f, "stock"), (f / "voorraad.csv").symlink_to(f / "weg.csv")), "FILE-03", C, None, None),
    Fault("a sheet too wide", sheet(lambda r: r[0].extend([None] * 600 + ["x"])), "FILE-13", "voorraad.xlsx", None, None),
    Fault("a formula never calculated", uncounted, "CELL-09", X, 2, "stuks"),
]  # fmt: skip


def with_macros(folder: Path) -> None:
    """The workbook with a part for macros."""
    path = folder / "voorraad.xlsx"
    with zipfile.ZipFile(path, "a") as book:
        book.writestr("xl/vbaProject.bin", b"macro")
    path.rename(folder / "voorraad.xlsm")


FAULTS = QUANTITIES + BACK + NUMBERS + DATES + TEXTS + LAYOUT + FILES
