"""Findings: what a person should know of the files, each in its file."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from dijk.check.codes import CODES
from dijk.check.findings import Place, Row, as_table, examples_by, shown
from dijk.check.findings import finding as one_finding
from dijk.files.limits import MOST_ALIKE

__all__ = ["Row", "Where", "as_table", "at_once", "each", "finding", "listed"]


@dataclass(frozen=True)
class Where:
    """The table and the file, with its sheet, that a finding speaks of."""

    table: str
    file: str | None


# parameters: one for each thing that a reader of files tells
def finding(
    code: str,
    where: Where,
    *,
    row: int | None = None,
    column: str | None = None,
    found: object = None,
    rows: int = 1,
    words: Mapping[str, object] | None = None,
) -> Row:
    """One finding on a file; see `dijk.check.findings.finding`."""
    place = Place(where.table, file=where.file, row=row, column=column)
    return one_finding(CODES[code], place, shown(found), rows=rows, words=words)


def each(
    code: str,
    where: Where,
    column: str | None,
    cells: pl.DataFrame,
    *,
    words: Mapping[str, object] | None = None,
) -> list[Row]:
    """One finding a row, with columns ``row`` and ``found``; past ``MOST_ALIKE`` of them one finding counts the
    rest.
    """
    listed = cells if cells.height <= MOST_ALIKE else cells.head(MOST_ALIKE - 1)
    out = [
        finding(code, where, row=row, column=column, found=found, words=words)
        for row, found in listed.select("row", "found").iter_rows()
    ]
    if rest := cells.height - listed.height:
        first = cells.row(listed.height, named=True)
        out.append(finding(code, where, row=first["row"], column=column, found=first["found"], rows=rest, words=words))
    return out


def at_once(
    code: str,
    where: Where,
    column: str | None,
    cells: pl.DataFrame,
    *,
    words: Mapping[str, object] | None = None,
) -> list[Row]:
    """One finding for all rows together, at the first of them, without the others; nothing where there are none."""
    if not cells.height:
        return []
    first = cells.row(0, named=True)
    return [finding(code, where, row=first["row"], column=column, found=first["found"], rows=cells.height, words=words)]


def listed(code: str, where: Where, column: str, cells: pl.DataFrame, *, words: Mapping[str, object]) -> list[Row]:
    """One finding for all rows together, with columns ``row`` and ``found``: at the first of them, and all as
    examples.
    """
    if not cells.height:
        return []
    first = cells.row(0, named=True)
    rows = cells.select("found", "row", key=pl.lit(None, pl.String), file=pl.lit(where.file))
    place = Place(where.table, where.file, first["row"], column, examples_by([], rows))
    return [one_finding(CODES[code], place, shown(first["found"]), rows=cells.height, words=words)]
