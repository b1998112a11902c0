"""Columns of numbers: read, turned into the unit of the column, held against its limits, and given a reason where there
is none.
"""

import re
from dataclasses import dataclass

import dataframely as dy
import polars as pl

from dijk.files.body import Body
from dijk.files.column import Cells, marked, shown_odd
from dijk.files.findings import Row, at_once, each
from dijk.files.grid import DATES, UNCOUNTED, no_row
from dijk.files.heading import PACKS, UNIT, Heading, Label, meaning, value_of
from dijk.files.numbers import read_numbers
from dijk.files.units import NO_CURRENCY, Register, Said, reckon
from dijk.files.words import NO_UNIT, UNIT_OF, plain
from dijk.files.words import UNITS as WORDS_OF
from dijk.tables import POLICY
from dijk.tables.columns import REASONS, UNITS, unit_of


@dataclass(frozen=True)
class Amount:
    """The numbers of a column; where one is missing, the ``reason``; ``rough`` is true where the writer only
    estimated.
    """

    value: pl.Series
    bad: pl.Series
    reason: pl.Series
    rough: pl.Series
    findings: list[Row]


def read_amount(cells: Cells, body: Body, heading: Heading, register: Register, *, point: str | None) -> Amount:
    """The numbers of a column, in its unit and within its limits."""
    whole = cells.schema.dtype.is_integer()
    dated = no_row(len(cells.text)) if cells.kind is None else cells.kind.is_in(DATES)
    dated &= cells.text.is_not_null()
    uncounted = no_row(len(dated)) if cells.kind is None else cells.kind == UNCOUNTED
    text = cells.text.set(dated | uncounted, None) if (dated | uncounted).any() else cells.text
    numbers = read_numbers(text, cells.kind, whole=whole, point=point)
    odd = numbers.odd
    found = marked("NUM-23", cells, dated)
    found += marked("CELL-09", cells, uncounted)
    of_fact = cells.name == value_of(cells.table)
    unreadable = odd.filter(pl.col("state") == "unreadable")
    # where people decide, an empty cell says something of its own, such as no limit: a word for not knowing does not
    may_lack = cells.schema.nullable and cells.table not in POLICY
    missing = odd.filter(pl.col("state") == "none") if may_lack else odd.clear()
    unread = unreadable if may_lack else odd.filter(pl.col("state").is_in(["unreadable", "none"]))
    found += said_of_odd(cells, odd, missing, unread, of_fact=of_fact)
    reckoned = reckon(cells, numbers.value, units_of(cells, odd, body, heading), body, register)
    limited = within_limits(cells, reckoned.value)
    bad = dated | uncounted | reckoned.bad | limited.bad
    if not of_fact:
        bad = bad.scatter(unread["index"], True) if unread.height else bad
    reason = pl.repeat(None, len(text), dtype=pl.String, eager=True)
    gone = pl.concat([missing, unread]) if of_fact else odd.clear()
    reason = reason.scatter(gone["index"], gone["reason"]) if gone.height else reason
    rough = no_row(len(text))
    guessed = odd.filter(pl.col("state") == "rough")
    rough = rough.scatter(guessed["index"], True) if guessed.height else rough
    return Amount(limited.value.set(bad, None), bad, reason, rough, found + reckoned.findings + limited.findings)


def said_of_odd(
    cells: Cells, odd: pl.DataFrame, missing: pl.DataFrame, unread: pl.DataFrame, *, of_fact: bool
) -> list[Row]:
    """What to say of cells that were more or less than a plain number."""
    if not odd.height:
        return []
    found: list[Row] = []
    for (reason,), some in missing.group_by("reason", maintain_order=True):
        dutch = REASONS[str(reason)]
        words = {"reason": (str(reason).replace("_", " "), dutch if isinstance(dutch, str) else dutch[0])}
        found += each("NUM-09", cells.where, cells.heading, shown_odd(cells, some), words=words)
    words = {"meaning": meaning(cells.schema)}
    found += each("NUM-10" if of_fact else "NUM-03", cells.where, cells.heading, shown_odd(cells, unread), words=words)
    for _, some in odd.filter(pl.col("state") == "rough").group_by("text", maintain_order=True):
        found += each(
            "NUM-08", cells.where, cells.heading, shown_odd(cells, some), words={"reading": f"{some['value'][0]:g}"}
        )
    for state, code in (("doubt", "NUM-06"), ("mixed", "NUM-07")):
        some = odd.filter(pl.col("state") == state)
        if some.height:
            found += at_once(
                code, cells.where, cells.heading, shown_odd(cells, some), words={"reading": f"{some['value'][0]:g}"}
            )
    beside = odd.filter((pl.col("state") == "unit") & pl.col("unit").is_in(["piece", "euro", "day", "kg", "litre"]))
    for (unit,), some in beside.group_by("unit", maintain_order=True):
        found += at_once("NUM-17", cells.where, cells.heading, shown_odd(cells, some), words={"unit": unit})
    return found


def units_of(cells: Cells, odd: pl.DataFrame, body: Body, heading: Heading) -> Said:
    """The unit of each cell: written beside the number, else in the row's column of units, else in the heading."""
    label = heading.labels.get(cells.name)
    common = unit_above(cells, label) if label else "pack" if PACKS in heading.labels else None
    unit = pl.repeat(common, len(cells.text), dtype=pl.String, eager=True)
    words = pl.repeat(in_brackets(label, common), len(unit), dtype=pl.String, eager=True)
    if UNIT in body.cells.columns and cells.name == value_of(cells.table):
        said = body.cells[UNIT].cast(pl.String)
        strange = unit_of(cells.schema) == "pieces"
        known = {word: unit_named(word, strange=strange) for word in said.unique().drop_nulls()}
        by_row = said.replace_strict({w: u for w, u in known.items() if u}, default=None, return_dtype=pl.String)
        unit, words = by_row.zip_with(by_row.is_not_null(), unit), said.zip_with(by_row.is_not_null(), words)
    beside = odd.drop_nulls("unit")
    if beside.height:
        unit, words = unit.scatter(beside["index"], beside["unit"]), words.scatter(beside["index"], None)
    return Said(unit, words)


def in_brackets(label: Label | None, unit: str | None) -> str | None:
    """The words in the brackets of a heading that name a unit."""
    return next(iter(bracketed(label.words)), None) if label and unit else None


def bracketed(words: str) -> list[str]:
    """What stands in the brackets of a heading."""
    return [part.strip() for part in re.findall(r"[(\[](.*?)[)\]]", words)]


def unit_named(word: str, *, strange: bool) -> str | None:
    """The unit that a word stands for; where none is known and ``strange`` ones matter, the word itself, which no
    column is reckoned from. None where the word says nothing.
    """
    known = UNIT_OF.get(word.casefold()) or UNIT_OF.get(plain(word))
    return known or (word if strange and plain(word) else None)


def unit_above(cells: Cells, label: Label) -> str | None:
    """The unit in the heading of a column. Where the column has one unit, one that is not known is the word itself, so
    that it is refused; brackets that hold a day say no unit, and a price without a currency has none.
    """
    own = unit_of(cells.schema)
    if label.unit in (None, "pack") and own == "euro cent" and "cent" not in plain(label.words):
        return currency_in(bracketed(label.words) if label.unit is None else [])
    if label.unit or own not in MEASURED:
        return label.unit
    return next((part for part in bracketed(label.words) if names_a_unit(part)), None)


def currency_in(brackets: list[str]) -> str:
    """The money of a price of a pack: euros, another word that is refused, or none."""
    for part in brackets:
        letters = set(re.findall(r"[^\W\d_]+|€", part.casefold()))
        if letters & EUROS and not letters - EUROS - NO_UNIT - set(WORDS_OF["pack"]) and not MANY.search(part):
            return "euro"
        if names_a_unit(part):
            return part
    return NO_CURRENCY


EUROS = {"€", "euro", "eur"}
MEASURED = ("pieces", "packs", "euro cent", "kg", "litre", "days", "share 0-1")
"""Units of columns of which a unit in brackets that is not known may be another; the others count whatever is named."""


def names_a_unit(words: str) -> bool:
    """Whether words in brackets may say a unit: not a day, and not only how or of when was counted."""
    letters = re.findall(r"[^\W\d_]+", words.casefold())
    return bool(set(letters) - NO_UNIT or MANY.search(words)) and not DAY.search(words)


MANY = re.compile(r"(?:\bper|[x×*])\s*\d|[$£¥]", re.IGNORECASE)
"""A number of which one is meant, such as per 100, or another currency."""

DAY = re.compile(r"\d[-/. ](\d|[a-z]{3})", re.IGNORECASE)
"""A day as people write it behind a heading: 24-4, 24 april."""


@dataclass(frozen=True)
class Limited:
    """Values within the limits of their column."""

    value: pl.Series
    bad: pl.Series
    findings: list[Row]


def within_limits(cells: Cells, value: pl.Series) -> Limited:
    """Values held against the limits of their column: below or not whole is an error, pieces above are capped with a
    warning.
    """
    schema = cells.schema
    least, most = schema.min, schema.max  # type: ignore[attr-defined]
    whole = schema.dtype.is_integer()
    bad = no_row(len(value))
    found: list[Row] = []
    if whole and value.dtype == pl.Float64:
        broken = ((value - value.round()).abs() > 1e-6).fill_null(False)
        found += marked("NUM-02", cells, broken, {"unit": unit_words(schema)})
        bad |= broken
    if least is not None:
        low = (value < least).fill_null(False) & ~bad
        found += marked(too_low(cells), cells, low, {"kind": kind_words(whole), "least": f"{least:g}"})
        bad |= low
    if most is not None:
        high = (value > most).fill_null(False) & ~bad
        capped = unit_of(schema) in ("pieces", "units/day")
        words = {
            "kind": kind_words(whole),
            "most": f"{most:,.0f}" if most >= 10 else f"{most:g}",
            "hint": percent_hint(schema),
        }
        found += marked("NUM-04" if capped else "NUM-05", cells, high, words)
        if capped and high.any():
            value = value.set(high, most)
        elif not capped:
            bad |= high
    value = value.set(bad, None) if bad.any() else value
    return Limited(value.round().cast(pl.Int64) if whole else value.cast(pl.Float64) + 0.0, bad, found)


def too_low(cells: Cells) -> str:
    """The code of a number below its limit; pieces that are taken off a delivery have a way of their own."""
    return "NUM-25" if (cells.table, cells.name) == ("delivery", "pieces") else "NUM-01"


def kind_words(whole: bool) -> tuple[str, str]:
    """What a number must be, as the beginning of a sentence."""
    return ("A whole number", "Een heel getal") if whole else ("A number", "Een getal")


def unit_words(schema: dy.Column) -> tuple[str, str]:
    """The unit of a column, in English and Dutch."""
    unit = unit_of(schema)
    return unit, UNITS.get(unit, "")


def percent_hint(schema: dy.Column) -> tuple[str, str]:
    """What may have gone wrong with a share above 1."""
    if unit_of(schema) != "share 0-1":
        return "", ""
    return "Write 95% as 0.95, or with the sign %.", "Schrijf 95% als 0,95, of met het teken %."
