"""Defects of published series, found by rules and told as findings; never by a date that somebody remembers."""

import polars as pl

from dijk.check import Check
from dijk.tables.results import Finding

DEFECTS: dict[str, Check] = {
    "SERIES-01": Check(
        "note",
        "regions that add up to the nation; what no region knows is kept under the region 'unknown'",
        "regio's die optellen tot het land; wat geen regio kent staat onder de regio 'unknown'",
    ),
    "SERIES-02": Check(
        "warning",
        "figures by the day itself; on these days arrears were reported, so the figures are no use as a course",
        "cijfers naar de dag zelf; op deze dagen is achterstand ingehaald, dus de cijfers zijn niet als verloop "
        "te gebruiken",
    ),
    "SERIES-03": Check(
        "warning",
        "a value for each day; these are missing and are not zero",
        "een waarde voor elke dag; deze ontbreken en zijn geen nul",
    ),
    "SERIES-04": Check(
        "note",
        "values at weekends too; this series has none then",
        "ook waarden in het weekend; deze reeks heeft ze dan niet",
    ),
    "SERIES-05": Check(
        "note",
        "what was known then; this is a final extraction, and the day on which a figure became known is assumed",
        "wat toen bekend was; dit is een eindstand, en de dag waarop een cijfer bekend werd is aangenomen",
    ),
    "SERIES-06": Check(
        "note",
        "every infected resident; in spring 2020 hardly any were tested, so the true number was far higher",
        "elke besmette bewoner; in het voorjaar van 2020 werd nauwelijks getest, dus het ware aantal lag veel hoger",
    ),
    "SERIES-07": Check(
        "note",
        "the share of each region in another division, counted; this crosswalk is assumed, and borders cut "
        "through these",
        "het deel van elke regio in een andere indeling, geteld; deze sleutel is aangenomen, en grenzen lopen "
        "dwars door deze",
    ),
    "SERIES-08": Check(
        "note",
        "the region of the hospital; this is the patient's home, and patients were moved between regions",
        "de regio van het ziekenhuis; dit is de woonregio, en patiënten zijn tussen regio's verplaatst",
    ),
    "SERIES-09": Check(
        "warning",
        "regions that add up to no more than the nation; on these days they exceed it and 'unknown' is left empty",
        "regio's die optellen tot hoogstens het land; op deze dagen is het meer en blijft 'unknown' leeg",
    ),
    "SERIES-10": Check(
        "warning",
        "a count of each day; zero while the same events by their own day are many means not yet reported",
        "een telling van elke dag; nul terwijl er naar eigen dag veel waren betekent nog niet gemeld",
    ),
    "SERIES-11": Check(
        "warning",
        "a number of 0 or more; these are not, and are left empty",
        "een getal van 0 of meer; deze zijn dat niet en zijn leeg gelaten",
    ),
    "REQUEST-11": Check(
        "warning",
        "a believable quantity; these are over a thousand times what is asked for as a rule, kept as asked",
        "een geloofwaardige hoeveelheid; deze zijn ruim duizend maal wat doorgaans wordt gevraagd, zo bewaard",
    ),
    "REQUEST-12": Check(
        "warning",
        "a whole number of pieces; these are not, and are kept without one",
        "een heel aantal stuks; deze zijn dat niet en staan er zonder",
    ),
}

Row = dict[str, object]


def finding(code: str, *, file: str, column: str | None, found: str, rows: int) -> Row:
    """One finding on a source file, as a row of the table ``Finding``."""
    what = DEFECTS[code]
    return {
        "code": code,
        "severity": what.severity,
        "table": "request" if code.startswith("REQUEST") else "indicator",
        "file": file,
        "row": None,
        "column": column,
        "found": found[:500],
        "wanted_en": what.en,
        "wanted_nl": what.nl,
        "rows": max(rows, 1),
    }


def as_findings(rows: list[Row]) -> pl.DataFrame:
    """Rows as the table ``Finding``, in the order of code, file and column."""
    table = Finding.cast(pl.DataFrame(rows, schema=Finding.create_empty().schema, orient="row"))
    return table.sort("code", "file", "column")
