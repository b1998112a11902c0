"""Findings: what a person should know of the files, each in its file."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from dijk.check.codes import CODES
from dijk.check.findings import Place, Row, as_table, examples_by, shown
from dijk.check.findings import finding as one_finding
from dijk.files.limits import MOST_ALIKE, MOST_PLACED

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
    rest, and has them as examples. With a column ``key`` each speaks of every row that has this in ``column``.
    """
    listed = cells if cells.height <= MOST_ALIKE else cells.head(MOST_ALIKE - 1)
    parts = [*listed.iter_slices(1), *([rest] if (rest := cells.slice(listed.height)).height else [])]
    return [_of_rows(code, where, column, some, words=words) for some in parts]


def _of_rows(
    code: str, where: Where, column: str | None, cells: pl.DataFrame, *, words: Mapping[str, object] | None
) -> Row:
    """One finding at the first of these rows; the others, and rows with the same key, are its examples."""
    first = cells.row(0, named=True)
    by = [str(column)] if "key" in cells.columns else []
    examples = placed(cells, where, by) if by or cells.height > 1 else None
    place = Place(where.table, where.file, first["row"], column, examples)
    return one_finding(CODES[code], place, shown(first["found"]), rows=cells.height, words=words)


def placed(cells: pl.DataFrame, where: Where, by: list[str] | None = None) -> pl.Series:
    """Rows of a file, with columns ``row`` and ``found``, as the examples of a finding; ``key`` is what stands in the
    columns ``by``.
    """
    key = pl.col("key") if by else pl.lit(None, pl.String).alias("key")
    rows = cells.head(MOST_PLACED).select("found", "row", key, file=pl.lit(where.file))
    return examples_by(by or [], rows)


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
    place = Place(where.table, where.file, first["row"], column, placed(cells, where))
    return [one_finding(CODES[code], place, shown(first["found"]), rows=cells.height, words=words)]
