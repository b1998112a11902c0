"""One row of the table of what is held against what, and how a suspect becomes a finding."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dijk.check.codes import CODES
from dijk.check.findings import Place, Row, examples_by, finding, key_text
from dijk.check.plausible.against import Words
from dijk.check.plausible.slips import slip
from dijk.tables import INPUTS, POLICY

if TYPE_CHECKING:
    from dijk.check.plausible.seen import Seen

MOST_TOLD = 10
"""So many suspects of a check are told one by one; the last of them counts the rest."""


@dataclass(frozen=True)
class HeldAgainst:
    """One check: which value is held against what, and how far it may be off.

    ``by`` gives the rows that are too far off, with ``_held`` (what they were held against) and ``_times`` (how many
    times that they are; null where it is no ratio). The other fields say what ``by`` is to look at.
    """

    code: str
    table: str
    column: str
    by: Callable[["Seen", "HeldAgainst"], pl.DataFrame]
    against: Words
    group: tuple[str, ...] = ()  # columns in which rows are the same
    other: str | None = None  # the column that the value is held against, or taken per
    time: str | None = None  # the column by which rows follow each other
    factor: float = 1.0  # how many times off is still believed; or how many days
    floor: float | str = 0.0  # added on both sides, so that little is never far: a number, or a column
    source: str = "assumed"  # whence the factor

    @property
    def name(self) -> str:
        """How a test and a benchmark call it."""
        return f"{self.code} {self.table}.{self.column} {self.by.__name__}"

    def slack(self) -> pl.Expr:
        """The floor, as a column or a number."""
        return pl.col(self.floor) if isinstance(self.floor, str) else pl.lit(float(self.floor))

    def key(self) -> list[str]:
        """The columns by which a person finds a row of the table: its primary key without ``known_at``."""
        return [name for name in (INPUTS | POLICY)[self.table].primary_key() if name != "known_at"]


SUSPECT = {"key": pl.String, "value": pl.String, "held": pl.String, "times": pl.Float64, "pack": pl.Int64}


def suspects(seen: "Seen", check: HeldAgainst) -> pl.DataFrame:
    """The rows of the table that are too far off: key, value, held, times and pack, the farthest first."""
    rows = check.by(seen, check)
    if rows.is_empty():
        return pl.DataFrame(schema=SUSPECT)
    pack = pl.col("pieces_per_pack") if "pieces_per_pack" in rows.columns else pl.lit(None)
    said = rows.select(
        key=key_text(check.key()),
        value=value_text(rows, check),
        held=pl.col("_held").cast(pl.String).str.strip_suffix(".0"),
        times=pl.col("_times").cast(pl.Float64),
        pack=pack.cast(pl.Int64),
    )
    return said.unique("key", keep="first").sort(
        pl.col("times").log().abs().fill_null(0), "key", descending=[True, False]
    )


def value_text(rows: pl.DataFrame, check: HeldAgainst) -> pl.Expr:
    """The value that is doubted; what it is taken per too, as another of those is another value: 700 / 7."""
    value = pl.col(check.column).cast(pl.String).str.strip_suffix(".0")
    if check.other not in rows.columns or not rows.schema[check.other].is_numeric():
        return value
    return pl.concat_str(value, pl.col(check.other).cast(pl.String).str.strip_suffix(".0"), separator=" / ")


def told(found: pl.DataFrame, check: HeldAgainst) -> Iterator[Row]:
    """A finding for each of the first suspects, the last of which counts the rest."""
    rest = max(found.height - MOST_TOLD, 0)
    for place, row in enumerate(found.head(MOST_TOLD).iter_rows(named=True)):
        words = {"held": row["held"], "against": check.against} | of_ratio(row)
        rows = 1 + rest if place == MOST_TOLD - 1 else 1
        all_told = found.slice(place, rows).select(found="value", key="key")
        where = Place(check.table, column=check.column, examples=examples_by(check.key(), all_told))
        yield finding(CODES[check.code], where, f"{row['key']}: {row['value']}", rows=rows, words=words)


def of_ratio(row: Row) -> dict[str, object]:
    """How many times off a value is, and which slip of a unit that looks like."""
    times = row["times"]
    if times is None:
        return {}
    shown = f"{times:,.3g}" if times >= 1 else f"1/{1 / times:,.3g}"
    return {"times": shown, "slip": slip(times, row["pack"])}
