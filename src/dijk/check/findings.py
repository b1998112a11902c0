"""Findings: what a person should know of the input. One code, one row, one order, whoever finds it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from dijk.tables import ON_DISK
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
    """Where a finding stands: in which table, and as far as that is known in which file, row and column; and where it
    speaks of several rows, all of them (`examples_of`).
    """

    table: str
    file: str | None = None
    row: int | None = None
    column: str | None = None
    examples: pl.Series | None = None


class BadInput(Exception):
    """The input has errors; ``findings`` holds them all, with the warnings and notes."""

    def __init__(self, findings: pl.DataFrame) -> None:
        self.findings = findings
        errors = findings.filter(pl.col("severity") == "error")
        first = errors.drop("examples").row(0, named=True) if errors.height else None
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
        "examples": NO_EXAMPLES if place.examples is None else place.examples,
    }


NO_EXAMPLES = pl.Series(dtype=Finding.create_empty().schema["examples"].inner)  # type: ignore[attr-defined]


def together(
    code: Code, table: str, column: str | None, examples: pl.Series | pl.DataFrame, **words: object
) -> list[Row]:
    """One finding for all examples, the first few of them shown in order; none where there are none.

    Parameters
    ----------
    examples
        What was found: a series, or a table of column ``found`` and, beside it, columns of ``table`` by which the rows
        are found in their files.
    """
    if examples.is_empty():
        return []
    rows = examples.to_frame("found") if isinstance(examples, pl.Series) else examples
    texts = rows["found"].cast(pl.String).unique().sort()
    more = texts.len() - SHOWN
    told = ", ".join(str(text) for text in texts.head(SHOWN)) + (f" (+{more})" if more > 0 else "")
    place = Place(table, column=column, examples=examples_of(rows))
    return [finding(code, place, told, rows=rows.height, words=words)]


def examples_of(rows: pl.DataFrame) -> pl.Series:
    """Each row that a finding speaks of: what was found, and beside it the columns of its table by which it is found.

    Columns found, by, key, file and row of `dijk.tables.results.EXAMPLE` as one, in the order of what was found.
    """
    by = [name for name in rows.columns if name != "found"]
    return examples_by(by, rows.select("found", key=key_text(by) if by else pl.lit(None, pl.String)))


def examples_by(by: list[str], rows: pl.DataFrame) -> pl.Series:
    """As `examples_of`, from columns found and key; ``file`` and ``row`` too, where they are known already."""
    known = {name: pl.col(name) for name in ("file", "row") if name in rows.columns}
    said = rows.select(
        pl.col("found").cast(pl.String).str.slice(0, LONGEST_FOUND),
        pl.lit(" ".join(by) or None, pl.String).alias("by"),
        "key",
        known.get("file", pl.lit(None)).cast(pl.String).alias("file"),
        known.get("row", pl.lit(None)).cast(pl.Int64).alias("row"),
    )
    return said.unique().sort(pl.all(), nulls_last=True).to_struct()


def key_text(columns: list[str]) -> pl.Expr:
    """What stands in columns by which a row is found, as text, the parts apart by blanks."""
    return pl.concat_str(pl.col(columns).cast(pl.String), separator=" ", ignore_nulls=True)


def by_row(table: str, rows: pl.DataFrame, found: pl.Expr | str) -> pl.DataFrame:
    """Examples for `together`: what was found, beside the key of each row, as far as ``rows`` have its columns."""
    key = [name for name in ON_DISK[table].primary_key() if name in rows.columns and name != "known_at"]
    key += ["known_at"] if "known_at" in rows.columns else []
    return rows.select(*key, found=found)


def shown(value: object, longest: int = LONGEST_FOUND) -> str | None:
    """A value as it is shown: on one line, and cut where it is too long."""
    if value is None:
        return None
    text = " ".join(str(value).split()) or repr(str(value))
    return text if len(text) <= longest else text[: longest - 3] + "..."


def as_table(rows: Iterable[Row]) -> pl.DataFrame:
    """Findings as table ``Finding``, the worst first."""
    wide = dict.fromkeys(Finding.column_names(), pl.String) | {
        name: Finding.create_empty().schema[name] for name in ("row", "rows", "examples")
    }
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
