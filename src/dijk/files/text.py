"""Columns of codes and texts: what a spreadsheet made of them, and what is lost of a code that was kept as a number."""

import polars as pl

from dijk.files.column import Cells, Column, marked
from dijk.files.findings import Row, at_once
from dijk.files.grid import DATES, NUMBER, SHOWN, YES_NO, no_row
from dijk.files.words import MONTHS

ROUNDED = r"^\d(?:[.,]\d+)?[Ee]\+\d+$"
"""A long code that a spreadsheet took for a number and rounded."""

MOST_DIGITS = 15
"""Digits of a number that a spreadsheet keeps; the rest become zeros."""

AS_NUMBER = rf"^\d{{4,}}\.0$|^[1-9]\d{{{MOST_DIGITS - 1}}}0{{2,}}$"
"""A code in a text that was a number on its way: with decimals, or with zeros where a spreadsheet keeps no digits."""

WITH_CLOCK = r"^\d{4}-\d{2}-\d{2}[ T]00:00(:00(\.0+)?)?Z?$"
"""A code that was a date on its way to this text: no code has midnight in it."""

SHORT_MONTHS = "|".join(sorted({form for name in MONTHS if len(name) < 5 for form in (name, name.capitalize())}))
LIKE_A_DATE = rf"^\d{{4}}-\d{{2}}-\d{{2}}$|^\d{{1,2}}-({SHORT_MONTHS})$|^({SHORT_MONTHS})-\d{{2}}$"
"""How a spreadsheet shows a code that it made a date of: 1-Mar for MAR-1; in capitals it is still the code."""

GARBLED = r"Ã[\x{80}-\x{BF}]|â€|\x{FFFD}"
"""Letters with accents that went through the wrong encoding."""


def read_text(cells: Cells) -> Column:
    """A code or a text: never a number or a date without a word, never longer than the column is."""
    longest = cells.schema.max_length or 10**9  # type: ignore[attr-defined]
    is_code = cells.schema.min_length == 1  # type: ignore[attr-defined]
    text = as_text(cells.text)
    long = (text.str.len_chars() > longest).fill_null(False)
    made = of_other_kind(cells)
    found = (of_code if is_code else of_prose)(cells, text, made)
    found += marked("CELL-04" if is_code else "CELL-03", cells, long, {"most": longest})
    garbled = text.str.contains(GARBLED).fill_null(False)
    found += at_once("FILE-21", cells.where, cells.heading, cells.shown(garbled))
    bad = (made | rounded(cells, text) | long) if is_code else no_row(len(text))
    value = text.str.head(longest).set(bad, None) if found else text
    return Column(value, bad, found + (article_numbers(cells, value) if cells.name == "gtin" else []))


def as_text(values: pl.Series) -> pl.Series:
    """Cells as text; a number that a program kept with decimals is a whole one where it can be."""
    if not (values.dtype.is_float() or values.dtype.is_decimal()):
        return values.cast(pl.String)
    number = values.cast(pl.Float64)
    whole = number.cast(pl.Int64, strict=False)
    return whole.cast(pl.String).zip_with((whole == number).fill_null(False), number.cast(pl.String))


def of_other_kind(cells: Cells) -> pl.Series:
    """Where a date, or yes or no, stands in the place of a text: a code that a spreadsheet took for one."""
    kind, dtype = cells.kind, cells.text.dtype
    if kind is not None:
        return kind.is_in([*DATES, YES_NO])
    if dtype == pl.String:
        return cells.text.str.contains(WITH_CLOCK).fill_null(False)
    return cells.text.is_not_null() & (dtype.is_temporal() or dtype == pl.Boolean)


def of_code(cells: Cells, text: pl.Series, made: pl.Series) -> list[Row]:
    """What to say of codes that were a date or a number to the spreadsheet."""
    like = text.str.contains(LIKE_A_DATE).fill_null(False) & ~made
    found = marked("CELL-15", cells, made) + at_once("CELL-17", cells.where, cells.heading, cells.shown(like))
    return found + marked("CELL-07", cells, rounded(cells, text)) + number_codes(cells, text)


def of_prose(cells: Cells, text: pl.Series, made: pl.Series) -> list[Row]:
    """What to say of texts that were a date to the spreadsheet."""
    return marked("CELL-16", cells, made & ~text.is_in(["TRUE", "FALSE", "true", "false"]).fill_null(False))


def rounded(cells: Cells, text: pl.Series) -> pl.Series:
    """Codes of which digits are lost: in scientific notation, or a number of more digits than a spreadsheet keeps."""
    lost = text.str.contains(ROUNDED)
    if cells.kind is not None or cells.text.dtype.is_float():
        number = text.cast(pl.Float64, strict=False).abs() >= 10**MOST_DIGITS
        lost |= number & stored_as_number(cells)
    return lost.fill_null(False)


def stored_as_number(cells: Cells) -> pl.Series:
    """Which cells a spreadsheet or program keeps as a number."""
    if cells.kind is not None:
        return cells.kind.is_in([NUMBER, SHOWN]) & cells.text.is_not_null()
    return cells.text.is_not_null() & cells.text.dtype.is_numeric()


def number_codes(cells: Cells, text: pl.Series) -> list[Row]:
    """What to say of codes that were stored as numbers: article and lot numbers often begin with a zero."""
    stored = stored_as_number(cells) & ~rounded(cells, text)
    if cells.name == "gtin":
        stored &= ~adds_up(text)
    was = text.str.contains(AS_NUMBER).fill_null(False) & ~stored
    if not (stored | was).any():
        return []
    odd = bool(text.filter(stored).str.contains(r"^0\d|\.").any())
    loses = cells.name in ("gtin", "lot") or odd or not stored.any()
    return at_once("CELL-05" if loses else "CELL-06", cells.where, cells.heading, cells.shown(stored | was))


def article_numbers(cells: Cells, text: pl.Series) -> list[Row]:
    """A warning for each GTIN whose check digit does not agree."""
    wrong = ~adds_up(text)
    if cells.kind is not None:
        wrong &= cells.kind != NUMBER
    return marked("CELL-12", cells, wrong)


def adds_up(text: pl.Series) -> pl.Series:
    """Whether a GTIN has 8, 12, 13 or 14 digits of which the last checks the others; true where there is none.

    Source
    ------
    GS1 General Specifications, check digit calculation: weights 3 and 1 from the right, modulo 10.
    """
    full = text.str.zfill(14)
    digits = [full.str.slice(i, 1).cast(pl.Int32, strict=False) for i in range(14)]
    total = sum((digits[i] * (3 if i % 2 == 0 else 1) for i in range(1, 14)), digits[0] * 3)
    right = (total % 10 == 0) & text.str.len_chars().is_in([8, 12, 13, 14])
    return right.fill_null(False) | text.is_null()
