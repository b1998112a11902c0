"""Contacts as they come in a file: read with the means of `dijk.files`, and held against the places that somebody looks
after. Nothing of the file is kept.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from pathlib import Path

import polars as pl
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from dijk.check.codes import CODES
from dijk.check.findings import Place, Row, as_table
from dijk.check.findings import finding as one_finding
from dijk.files import Dataset, refused
from dijk.files.body import rows_below
from dijk.files.column import Cells, failed
from dijk.files.delimited import read_csv
from dijk.files.findings import Where, finding
from dijk.files.grid import DATES, Grid, Opened, no_row
from dijk.files.heading import LOOK_AT, Heading, Label
from dijk.files.package import Unreadable, open_package
from dijk.files.read import BOOKS
from dijk.files.sheet import every_sheet
from dijk.files.words import NO_VALUE, our_headings, plain
from dijk.tables.languages import Lang
from dijk_web.contact_columns import (
    COLUMNS,
    KNOWN,
    MOST_ROWS,
    MUST,
    NO_EMAIL,
    NO_PHONE,
    NOT_FILLED,
    NOT_YOURS,
    NOWHERE,
    OF_ANOTHER,
    SAID,
    SEVERAL,
    TABLE,
    TOO_LONG,
    TOO_MANY,
    is_phone,
)
from dijk_web.models import Contact, Person
from dijk_web.models.person import sites_of
from dijk_web.read_upload import MOST_UNPACKED
from dijk_web.upload_rules import NO_TEXT, said

KINDS = (".csv", ".tsv", ".txt", *BOOKS)
ROWS = {**dict.fromkeys(COLUMNS, pl.String), "_day": pl.Boolean, "_file": pl.String, "_row": pl.UInt32}
"""A row as read: what it says, whether a spreadsheet made a day of its phone number, and where it stands."""
PLACE = ("organisation", "site")
KEY = ("_site", "_legal", "_function")
"""What tells one contact from another, as `Contact.key` has it."""


@dataclass(frozen=True)
class Sheet:
    """A sheet that holds contacts: its cells, its headings, the rows below them, and what was found on the way."""

    grid: Grid
    heading: Heading
    rows: pl.DataFrame
    findings: list[Row]


@dataclass(frozen=True)
class ReadContacts:
    """What came of reading a file of contacts.

    Attributes
    ----------
    rows
        The good rows, each contact once: the columns of ``COLUMNS``; what is empty says nothing.
    findings
        All that was found, the worst first; an error refuses rows, a warning or note does not.
    sheets
        Where the rows came from.
    """

    rows: pl.DataFrame
    findings: pl.DataFrame
    sheets: list[Sheet] = field(default_factory=list)

    def refused(self, lang: Lang) -> pl.DataFrame:
        """The rows that are refused: file, row and why."""
        return refused(self.findings, Dataset({}, self.findings, "", {}), lang)

    @property
    def severities(self) -> set[str]:
        """How grave what was found is."""
        return set(self.findings["severity"].cast(pl.String))


def read_contacts(path: Path, person: Person) -> ReadContacts:
    """Read a file of contacts as somebody sends it now; nothing is written."""
    opened = opened_file(path)
    sheets, found = sheets_of(opened.grids)
    found += opened.findings + [one for sheet in sheets for one in sheet.findings]
    rows = pl.concat([pl.DataFrame(schema=ROWS), *(sheet.rows for sheet in sheets)])
    if rows.height > MOST_ROWS:
        return ReadContacts(rows.clear().select(list(COLUMNS)), as_table([too_many(path.name)]))
    rows, left = without_unfilled(rows)
    rows = with_places(rows, person)
    words = {name: label.words for sheet in reversed(sheets) for name, label in sheet.heading.labels.items()}
    found += [*left, *(one for rule in RULES for one in rule(rows, words)), *several(rows, person, words)]
    findings = as_table(found)
    return ReadContacts(good(rows, findings).select(list(COLUMNS)), findings, sheets)


def opened_file(path: Path) -> Opened:
    """The cells of a file, or the finding that says why there are none."""
    if path.suffix.lower() not in BOOKS:
        return read_csv(path, Where(TABLE, path.name))
    try:
        with open_package(path) as package:
            if sum(part.file_size for part in package.infolist()) > MOST_UNPACKED:
                return Opened([], [too_many(path.name)])
    except Unreadable:
        pass  # whoever reads it says what is wrong with it
    return every_sheet(path, TABLE)


def too_many(file: str) -> Row:
    """The finding that a file holds more than can be read while somebody waits."""
    return one_finding(TOO_MANY, Place(TABLE, file), words={"most": f"{MOST_ROWS:,}"})


# Sheets and headings


def sheets_of(grids: list[Grid]) -> tuple[list[Sheet], list[Row]]:
    """The sheets that have the headings of contacts, and what to say of the others."""
    sheets, others = [], []
    for grid in grids:
        where = Where(TABLE, grid.file)
        heading = heading_in(grid, where)
        if heading is None:
            others.append(where)
        else:
            sheets.append(rows_of(grid, heading, where))
    if sheets:
        return sheets, [finding("FILE-19", where) for where in others]
    columns = ", ".join(COLUMNS), ", ".join(one.nl for one in COLUMNS.values())
    return [], [finding("HEAD-01", where, words={"columns": columns}) for where in others]


def heading_in(grid: Grid, where: Where) -> Heading | None:
    """The row with the most headings that are known, where there are two at least."""
    top = [[plain(cell or "") for cell in row] for row in grid.cells.head(LOOK_AT).iter_rows()]
    scores = [len({KNOWN[words] for words in row if words in KNOWN}) for row in top]
    at = max(range(len(scores)), key=lambda place: scores[place], default=0)
    if not scores or scores[at] < 2:
        return None
    labels: dict[str, Label] = {}
    found, row = [], int(grid.rows[at])
    if at:
        found.append(finding("SHEET-01", where, row=int(grid.rows[0]), rows=at, words={"heading": row}))
    for place, words in zip(grid.cells.columns, grid.cells.row(at), strict=True):
        label = Label(place, " ".join((words or "").split()))
        name = KNOWN.get(plain(label.words))
        if name in labels:
            found.append(finding("HEAD-03", where, row=row, found=label.words, words={"column": name}))
        elif name:
            labels[name] = label
        elif label.words and plain(label.words) not in our_headings():
            found.append(finding("HEAD-04", where, row=row, column=label.words, words={"hint": ""}))
    return Heading(labels, at + 1, found + missing(labels, where, row))


def missing(labels: dict[str, Label], where: Where, row: int) -> list[Row]:
    """An error for each column that must be there and is not."""
    wanted = [*(name for name in MUST if name not in labels), *(() if set(PLACE) & labels.keys() else ("site",))]
    return [
        finding(
            "HEAD-02",
            where,
            row=row,
            column=name,
            words={"column": (COLUMNS[name].en, COLUMNS[name].nl), "meaning": COLUMNS[name].meaning, "hint": ""},
        )
        for name in wanted
    ]


def rows_of(grid: Grid, heading: Heading, where: Where) -> Sheet:
    """The rows below the headings; none where a column is missing."""
    if any(one["code"] == "HEAD-02" for one in heading.findings):
        return Sheet(grid, heading, pl.DataFrame(schema=ROWS), heading.findings)
    body = rows_below(grid, heading, where)
    found = [] if body.cells.height else [finding("FILE-06", where)]
    columns, bad = {}, []
    for name, label in heading.labels.items():
        cells = Cells(TABLE, name, label.words, body.cells[name], body.kind(name), body.rows, where, grid.day_zero)
        cells, failing, wrong = failed(cells)
        columns[name], found = cells.text, found + wrong
        bad.append(failing)
    kind = body.kind("phone")
    columns["_day"] = no_row(body.cells.height) if kind is None else kind.is_in(list(DATES))
    empty = pl.repeat(None, body.cells.height, dtype=pl.String, eager=True)
    rows = pl.DataFrame({name: columns.get(name, empty) for name in (*COLUMNS, "_day")})
    rows = rows.with_columns(_file=pl.lit(grid.file), _row=body.rows).cast(ROWS)
    return Sheet(grid, heading, rows.filter(~reduce(or_, bad)), heading.findings + body.findings + found)


def without_unfilled(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[Row]]:
    """Without words for nothing, and without the rows that stood ready in a workbook and were left as they were."""
    nothing = [pl.col(name).str.to_lowercase().is_in(list(NO_VALUE)) for name in SAID]
    rows = rows.with_columns(
        pl.when(word).then(None).otherwise(name).alias(name) for name, word in zip(SAID, nothing, strict=True)
    )
    silent = pl.all_horizontal(pl.col(SAID).is_null())
    left = [
        one_finding(NOT_FILLED, Place(TABLE, some["_file"][0], some["_row"][0]), rows=some.height)
        for some in rows.filter(silent).partition_by("_file", maintain_order=True)
    ]
    return rows.filter(~silent), left


# What holds for each row


def with_places(rows: pl.DataFrame, person: Person) -> pl.DataFrame:
    """Rows with ``_of``, the organisation of their site; ``_theirs``, whether somebody looks after their place; and
    what tells them from others (``KEY``).
    """
    theirs = list(sites_of(person).values_list("site", "organisation"))
    sites = pl.DataFrame(theirs, schema={"site": pl.String, "_of": pl.String}, orient="row")
    legal, whole = pl.col("organisation").is_in(sites["_of"].unique().implode()), pl.col("site").is_null()
    return rows.join(sites, on="site", how="left", maintain_order="left").with_columns(
        pl.when(whole).then(legal).otherwise(pl.col("_of").is_not_null()).fill_null(False).alias("_theirs"),
        pl.col("site").fill_null("").alias("_site"),
        pl.when(whole).then("organisation").otherwise(pl.lit("")).alias("_legal"),
        pl.col("function").str.to_lowercase().alias("_function"),
    )


def _places(rows: pl.DataFrame, words: dict[str, str]) -> Iterator[Row]:
    none = pl.all_horizontal(pl.col(PLACE).is_null())
    column = words.get("site", words.get("organisation", ""))
    yield from said(NOWHERE, TABLE, column, rows.filter(none).with_columns(found=pl.lit(None, pl.String)))
    strange = rows.filter(~none & ~pl.col("_theirs"))
    for name, some in (("site", pl.col("site").is_not_null()), ("organisation", pl.col("site").is_null())):
        yield from said(NOT_YOURS, TABLE, words.get(name), strange.filter(some).with_columns(found=name))
    other = rows.filter(pl.col("organisation") != pl.col("_of")).with_columns(found="organisation")
    yield from said(OF_ANOTHER, TABLE, words.get("organisation"), other)


def _missing(rows: pl.DataFrame, words: dict[str, str]) -> Iterator[Row]:
    for name in MUST:
        lacking = rows.filter(pl.col(name).is_null()).with_columns(found=pl.lit(None, pl.String))
        yield from said(CODES["CELL-01"], TABLE, words.get(name), lacking, meaning=COLUMNS[name].meaning)


def _texts(rows: pl.DataFrame, words: dict[str, str]) -> Iterator[Row]:
    for name, column in COLUMNS.items():
        long = rows.filter(pl.col(name).str.len_chars() > column.longest).with_columns(found=name)
        yield from said(TOO_LONG, TABLE, words.get(name), long, most=column.longest)
        odd = rows.filter(pl.col(name).str.contains("\0", literal=True))
        readable = pl.col(name).str.replace_all("\0", "?", literal=True)
        yield from said(NO_TEXT, TABLE, words.get(name), odd.with_columns(found=readable))


def _phones(rows: pl.DataFrame, words: dict[str, str]) -> Iterator[Row]:
    wrong = [text for text in rows["phone"].drop_nulls().unique() if not is_phone(text)]
    odd = rows.filter(pl.col("phone").is_in(wrong) | pl.col("_day")).with_columns(found="phone")
    yield from said(NO_PHONE, TABLE, words.get("phone"), odd)


def _addresses(rows: pl.DataFrame, words: dict[str, str]) -> Iterator[Row]:
    wrong = [text for text in rows["email"].drop_nulls().unique() if not is_address(text)]
    odd = rows.filter(pl.col("email").is_in(wrong)).with_columns(found="email")
    yield from said(NO_EMAIL, TABLE, words.get("email"), odd)


def is_address(text: str) -> bool:
    """Whether a text is one e-mail address."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _twice(rows: pl.DataFrame, words: dict[str, str]) -> Iterator[Row]:
    """Two rows of one place and function: the same, or in contradiction."""
    twice = rows.drop_nulls("function").filter(pl.struct(KEY).is_duplicated())
    twice = twice.with_columns(
        said=pl.struct(SAID).n_unique().over(KEY),
        found=pl.concat_str(pl.coalesce("site", "organisation"), "function", separator=", "),
    )
    key = ("site or organisation, and function", "locatie of organisatie, met functie")
    yield from said(CODES["ROW-02"], TABLE, None, twice.filter(pl.col("said") > 1), key=key)
    yield from said(CODES["ROW-01"], TABLE, None, twice.filter(said=1))


RULES: tuple[Callable[[pl.DataFrame, dict[str, str]], Iterator[Row]], ...] = (
    _places,
    _missing,
    _texts,
    _phones,
    _addresses,
    _twice,
)


def several(rows: pl.DataFrame, person: Person, words: dict[str, str]) -> Iterator[Row]:
    """Rows of which nobody can say which contact they change, since more than one has their place and function."""
    there = Counter(one.key for one in Contact.objects.visible_to(person).only("organisation", "site", "function"))
    doubled = [key for key, count in there.items() if count > 1]
    keys = pl.DataFrame(doubled, dict.fromkeys(KEY, pl.String), orient="row")
    found = rows.join(keys, on=list(KEY), how="semi").with_columns(found="function")
    return said(SEVERAL, TABLE, words.get("function"), found)


def good(rows: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """The rows that no error speaks of, each contact once and with the organisation of its site."""
    wrong = refused(findings, Dataset({}, findings, "", {}), "en")
    places = wrong.select(_file="file", _row=pl.col("row").cast(pl.UInt32))
    kept = rows.join(places, on=["_file", "_row"], how="anti", maintain_order="left")
    kept = kept.with_columns(organisation=pl.coalesce("_of", "organisation"))
    return kept.unique(KEY, keep="first", maintain_order=True)
