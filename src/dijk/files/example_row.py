"""The row of a new workbook that only shows how a row is filled in, and how it is known when the workbook is read.

A row whose first cell begins with ``Example:`` or ``Voorbeeld:`` is not read. Where the rest of it no longer is what
dijk wrote there, somebody may have typed over it, and a warning says so.
"""

import datetime as dt

import polars as pl

from dijk.files.body import Body
from dijk.files.findings import Where, at_once
from dijk.files.heading import Heading
from dijk.tables import ON_DISK
from dijk.tables.columns import choices_in_dutch
from dijk.tables.languages import LANGS, Lang

MARK = {"en": "Example: ", "nl": "Voorbeeld: "}
MARKED = "(?i)^(example|voorbeeld):"
"""How the first cell of a row begins that is not read."""

DAY = dt.date(2020, 4, 20)
EXAMPLES: dict[str, dict[str, object]] = {
    "site": {"site": "S01", "sector": "nursing_home", "name": "De Linde", "region": "R10"},
    "stock": {"site": "S01", "product": "gown", "day": DAY, "pieces": 400},
    "request": {"request": "A001", "site": "S01", "need": "gown", "day": DAY, "pieces": 200},
    "delivery": {
        "delivery": "L001", "site": "S01", "need": "gown", "product": "gown", "day": DAY, "channel": "own_purchase",
        "pieces": 100,
    },
    "inbound": {
        "order": "B001", "line": 1, "supplier": "Gagel & Zonen", "product": "gown", "to_site": "S01", "day": DAY,
        "mode": "sea", "state": "ordered", "pieces": 5000, "expected": dt.date(2020, 5, 11),
    },
    "activity": {"site": "S01", "driver": "infected_shift", "day": DAY, "units": 24},
}  # fmt: skip
"""One row for each table that people fill in."""


def example_row(table: str, lang: Lang) -> dict[str, object]:
    """The example of a table, choices in words of the language; the mark is not in it."""
    columns = ON_DISK[table].columns()
    words = {name: choices_in_dutch(columns[name]) for name in EXAMPLES[table]} if lang == "nl" else {}
    return {name: words.get(name, {}).get(str(value), (value,))[0] for name, value in EXAMPLES[table].items()}


def examples_out(body: Body, heading: Heading, where: Where) -> Body:
    """Without the rows that are marked as an example."""
    first = min(heading.labels, key=lambda column: int(heading.labels[column].place))
    cells = body.cells
    if cells.schema[first] != pl.String:
        return body
    marked = cells[first].str.contains(MARKED).fill_null(False)
    if not marked.any():
        return body
    rest = [name for name in cells.columns if name != first]
    said = [sorted(cell for cell in row if cell is not None) for row in cells.select(rest).iter_rows()]
    as_written = pl.Series([row in written(where.table, first) for row in said], dtype=pl.Boolean)
    shown = pl.DataFrame({"row": body.rows, "found": cells[first]})
    found = at_once("SHEET-13", where, None, shown.filter(marked & as_written))
    return body.keep(~marked, found + at_once("SHEET-14", where, None, shown.filter(marked & ~as_written)))


def written(table: str, first: str) -> list[list[str]]:
    """What dijk writes in the cells of an example besides its first, in each language, and nothing at all."""
    rows = [example_row(table, lang) for lang in LANGS] if table in EXAMPLES else []
    return [[], *(sorted(str(value) for name, value in row.items() if name != first) for row in rows)]
