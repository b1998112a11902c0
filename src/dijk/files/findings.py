"""Findings: what a person should know of the files, with stable codes, in Dutch and English."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from dijk.files.codes import CODES
from dijk.files.limits import LONGEST_FOUND, MOST_ALIKE
from dijk.tables.results import Finding

Row = dict[str, Any]
"""One finding, as a row of the table Finding."""


@dataclass(frozen=True)
class Where:
    """The table and the file, with its sheet, that a finding speaks of."""

    table: str
    file: str | None


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
    """One finding; ``words`` fill the gaps in the texts of its code. A word may be a pair (English, Dutch)."""
    said = CODES[code]
    en = {name: word[0] if isinstance(word, tuple) else word for name, word in (words or {}).items()}
    nl = {name: word[1] if isinstance(word, tuple) else word for name, word in (words or {}).items()}
    return {
        "code": code,
        "severity": said.severity,
        "table": where.table,
        "file": shown(where.file, 400),
        "row": row,
        "column": shown(column, 200),
        "found": shown(found),
        "wanted_en": shown(said.en.format(**en), 500),
        "wanted_nl": shown(said.nl.format(**nl), 500),
        "rows": rows,
    }


def shown(value: object, longest: int = LONGEST_FOUND) -> str | None:
    """A value as it is shown: on one line, and cut where it is too long."""
    if value is None:
        return None
    text = " ".join(str(value).split()) or repr(str(value))
    return text if len(text) <= longest else text[: longest - 3] + "..."


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
    """One finding for all rows together, at the first of them; nothing where there are none."""
    if not cells.height:
        return []
    first = cells.row(0, named=True)
    return [finding(code, where, row=first["row"], column=column, found=first["found"], rows=cells.height, words=words)]


def as_table(rows: Iterable[Row]) -> pl.DataFrame:
    """The findings as a table: errors first, then by file and row."""
    wide = dict.fromkeys(Finding.column_names(), pl.String) | {"row": pl.Int64, "rows": pl.Int64}
    table = pl.DataFrame(list(rows), schema=wide)
    rank = pl.col("severity").replace_strict({"error": 0, "warning": 1, "note": 2}, return_dtype=pl.Int8)
    table = table.sort(rank, "table", "file", "row", "column", "code", "found", nulls_last=False, maintain_order=True)
    return Finding.validate(table.select(Finding.column_names()), cast=True)
