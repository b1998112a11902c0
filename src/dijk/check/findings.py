"""Findings: what a person should know of the input. One code, one row, one order, whoever finds it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from dijk.tables.results import Finding

SHOWN = 5
"""So many examples stand in a finding; ``rows`` says how many there are."""

LONGEST_FOUND, LONGEST_TEXT = 200, 500
"""Longest text shown of one value, and of anything in a finding."""

Row = dict[str, Any]
"""One finding, as a row of table ``Finding``."""


@dataclass(frozen=True)
class Code:
    """What a code stands for: how grave it is, what it is called, and what was wanted, in English and Dutch."""

    code: str
    severity: str
    title: str
    titel: str
    en: str
    nl: str


@dataclass(frozen=True)
class Place:
    """Where a finding stands: in which table, and as far as that is known in which file, row and column."""

    table: str
    file: str | None = None
    row: int | None = None
    column: str | None = None


class BadInput(Exception):
    """The input has errors; ``findings`` holds them all, with the warnings and notes."""

    def __init__(self, findings: pl.DataFrame) -> None:
        self.findings = findings
        errors = findings.filter(pl.col("severity") == "error")
        first = errors.row(0, named=True) if errors.height else None
        many = "1 error" if errors.height == 1 else f"{errors.height} errors"
        super().__init__(f"{many} in the input, the first: {first}")


def finding(
    code: Code, place: Place, found: object = None, *, rows: int = 1, words: Mapping[str, object] | None = None
) -> Row:
    """One finding; ``words`` fill the gaps in the texts of its code. A word may be a pair (English, Dutch)."""
    en = {name: word[0] if isinstance(word, tuple) else word for name, word in (words or {}).items()}
    nl = {name: word[1] if isinstance(word, tuple) else word for name, word in (words or {}).items()}
    return {
        "code": code.code,
        "severity": code.severity,
        "table": place.table,
        "file": shown(place.file, 400),
        "row": place.row,
        "column": shown(place.column, 200),
        "found": shown(found, LONGEST_TEXT),
        "wanted_en": shown(code.en.format(**en), LONGEST_TEXT),
        "wanted_nl": shown(code.nl.format(**nl), LONGEST_TEXT),
        "rows": rows,
    }


def together(code: Code, table: str, column: str | None, examples: pl.Series, **words: object) -> list[Row]:
    """One finding for all examples, the first few of them shown in order; none where there are none."""
    if examples.is_empty():
        return []
    texts = examples.cast(pl.String).unique().sort()
    more = texts.len() - SHOWN
    told = ", ".join(str(text) for text in texts.head(SHOWN)) + (f" (+{more})" if more > 0 else "")
    return [finding(code, Place(table, column=column), told, rows=examples.len(), words=words)]


def shown(value: object, longest: int = LONGEST_FOUND) -> str | None:
    """A value as it is shown: on one line, and cut where it is too long."""
    if value is None:
        return None
    text = " ".join(str(value).split()) or repr(str(value))
    return text if len(text) <= longest else text[: longest - 3] + "..."


def as_table(rows: Iterable[Row]) -> pl.DataFrame:
    """Findings as table ``Finding``, the worst first."""
    wide = dict.fromkeys(Finding.column_names(), pl.String) | {"row": pl.Int64, "rows": pl.Int64}
    return worst_first(pl.DataFrame(list(rows), schema=wide, orient="row"))


def worst_first(findings: pl.DataFrame) -> pl.DataFrame:
    """Findings in the order in which they are read everywhere: errors, warnings, notes; then by place, as a person
    mends.

    Place is table, file, row and column; what speaks of a whole file or table stands before its rows.
    """
    rank = (
        pl.col("severity").cast(pl.String).replace_strict({"error": 0, "warning": 1, "note": 2}, return_dtype=pl.Int8)
    )
    place = ("table", "file", "row", "column", "code", "found")
    table = findings.sort(rank, *place, nulls_last=False, maintain_order=True)
    return Finding.validate(table.select(Finding.column_names()), cast=True)
