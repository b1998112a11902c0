"""Findings on files as a table of a page, in its language."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dijk.check.codes import CODES
from dijk.files import heading_of, name_of
from dijk.tables import ON_DISK
from dijk.tables.languages import Lang
from dijk_web.contact_columns import ON_CONTACTS
from dijk_web.pages.told_run import lang
from dijk_web.upload_rules import ON_TELLING

MOST = 100
"""Findings on a page."""

TITLES = {code: (one.title, one.titel) for code, one in CODES.items()} | {
    one.code: (one.title, one.titel) for one in (*ON_TELLING, *ON_CONTACTS)
}
BY_NAME = ("HEAD-02", "HEAD-05", "ROW-05")
ON_FILES = ("FILE", "SHEET", "HEAD", "CELL", "NUM", "DATE", "ROW")


@dataclass(frozen=True)
class Found:
    """A finding as a line: where it stands, what was found and what was wanted."""

    severity: str
    title: str
    file: str
    sheet: str
    row: int | None
    column: str
    found: str
    wanted: str
    rows: int


def as_lines(findings: Iterable[dict[str, Any]]) -> list[Found]:
    """Rows of ``Finding`` as lines, the first hundred of them."""
    return [line(one, lang()) for one in list(findings)[:MOST]]


def line(row: dict[str, Any], language: Lang, strip: str = "") -> Found:
    """One finding in a language; ``strip`` is what was set before the name of its file to have it read."""
    file, _bracket, sheet = (row["file"] or "").removeprefix(strip).partition(" [")
    at = 0 if language == "en" else 1
    return Found(
        row["severity"],
        TITLES[row["code"]][at],
        file,
        sheet.removesuffix("]") or table_of(row["table"]),
        row["row"],
        column_of(row, language),
        row["found"] or "",
        row[f"wanted_{language}"],
        row["rows"],
    )


def table_of(table: str) -> str:
    """A table by its name, where a finding names one."""
    return table_name(table) if table in ON_DISK else ""


def column_of(row: dict[str, Any], language: Lang) -> str:
    """The column of a finding under the heading that its reader knows: that of the file, else that of the table."""
    table, column = row["table"], row["column"]
    of_file = row["code"].split("-")[0] in ON_FILES and row["code"] not in BY_NAME
    if column is None or of_file or table not in ON_DISK or column not in ON_DISK[table].column_names():
        return column or ""
    return heading_of(table, column, language)


def table_name(table: str) -> str:
    """What a table is called in the language of the page."""
    return name_of(table, lang())
