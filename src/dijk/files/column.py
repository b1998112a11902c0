"""One column of a table: from cells as found to values with the column's type, and what was wrong with them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import dataframely as dy
import polars as pl

from dijk.files.dates import EPOCH, Dates, read_dates, read_moments
from dijk.files.findings import Row, Where, at_once, each
from dijk.files.grid import ERROR, MONTH, UNCOUNTED, no_row
from dijk.files.words import NO, NO_VALUE, YES, choices_of, plain
from dijk.tables import ON_DISK
from dijk.tables.columns import choices_in_dutch

LAST_DAYS = ("expires_on", "valid_to")
"""Columns that hold a last day: a month that stands there ends with its own last day."""

ODD_DAYS = {
    "serial": "DATE-03",
    "swapped": "DATE-04",
    "short_year": "DATE-06",
    "clock": "DATE-09",
    "midnight": "DATE-10",
    "month": "DATE-11",
}
"""What to say of days that were read, by how they were written."""

ERRORS = r"^#(?:N/B|N/A|REF!|VERW!|DEEL/0!|DIV/0!|WAARDE!|VALUE!|NAAM\?|NAME\?|LEEG!|NULL!|GETAL!|NUM!|#+)$"
"""What a spreadsheet shows where a formula fails, in Dutch and English."""


@dataclass(frozen=True)
class Cells:
    """The cells of one column: their ``text`` (or typed values), ``kind``, ``row`` numbers, and the heading above
    them.
    """

    table: str
    name: str
    heading: str
    text: pl.Series
    kind: pl.Series | None
    row: pl.Series
    where: Where
    day_zero: dt.date = EPOCH

    @property
    def schema(self) -> dy.Column:
        """What the table says of the column."""
        return ON_DISK[self.table].columns()[self.name]

    def shown(self, mask: pl.Series | None = None) -> pl.DataFrame:
        """Rows and what stands in them, as findings show it."""
        frame = pl.DataFrame({"row": self.row, "found": self.text.cast(pl.String)})
        return frame if mask is None else frame.filter(mask)


@dataclass(frozen=True)
class Column:
    """The values of a column; ``bad`` is true where a cell has an error, and its row cannot be kept."""

    value: pl.Series
    bad: pl.Series
    findings: list[Row]


def marked(code: str, cells: Cells, mask: pl.Series, words: Mapping[str, object] | None = None) -> list[Row]:
    """A finding for each cell where ``mask`` is true."""
    return each(code, cells.where, cells.heading, cells.shown(mask), words=words) if mask.any() else []


def told_nothing(cells: Cells) -> tuple[Cells, list[Row]]:
    """Cells of a column that may be empty, without words such as ``onbekend`` and ``n.v.t.``."""
    if cells.text.dtype != pl.String or not cells.schema.nullable:
        return cells, []
    options = choices_of(cells.table, cells.name)
    words = [word for word in NO_VALUE if plain(word) not in options]
    nothing = cells.text.str.to_lowercase().is_in(words).fill_null(False)
    if not nothing.any():
        return cells, []
    found = at_once("CELL-14", cells.where, cells.heading, cells.shown(nothing))
    return replace(cells, text=cells.text.set(nothing, None)), found


def failed(cells: Cells) -> tuple[Cells, pl.Series, list[Row]]:
    """Cells without those whose formula failed or was never calculated, which of them did, and what to say of it."""
    if cells.text.dtype != pl.String:
        return cells, no_row(len(cells.text)), []
    error = uncounted = no_row(len(cells.text))
    if cells.text.str.starts_with("#").any():
        error = cells.text.str.contains(ERRORS).fill_null(False)
    if cells.kind is not None:
        error, uncounted = error | (cells.kind == ERROR), cells.kind == UNCOUNTED
    bad = error | uncounted
    if not bad.any():
        return cells, bad, []
    found = marked("CELL-08", cells, error) + marked("CELL-09", cells, uncounted)
    return replace(cells, text=cells.text.set(bad, None)), bad, found


def read_choice(cells: Cells) -> Column:
    """One of a closed list, in Dutch or English, in any case."""
    options = choices_of(cells.table, cells.name)
    text = cells.text.cast(pl.String)
    known = {word: options[plain(word)] for word in text.unique().drop_nulls() if plain(word) in options}
    value = text.replace_strict(known, default=None, return_dtype=pl.String).cast(cells.schema.dtype)
    bad = value.is_null() & text.is_not_null()
    said = {"options": choices_shown(cells)}
    return Column(value, bad, marked("CELL-10", cells, bad, said))


def choices_shown(cells: Cells) -> tuple[str, str]:
    """The choices of a column, in English and Dutch."""
    options = choices_in_dutch(cells.schema)
    return ", ".join(options), ", ".join(words[0] for words in options.values())


def read_yes(cells: Cells) -> Column:
    """Yes or no."""
    if cells.text.dtype == pl.Boolean:
        return Column(cells.text, no_row(len(cells.text)), [])
    text = cells.text.cast(pl.String)
    known = {word: word.casefold() in YES for word in text.unique().drop_nulls() if word.casefold() in (*YES, *NO)}
    value = text.replace_strict(known, default=None, return_dtype=pl.Boolean)
    bad = value.is_null() & text.is_not_null()
    return Column(value, bad, marked("CELL-11", cells, bad))


def read_day(cells: Cells) -> Column:
    """A calendar day within the column's bounds; a month is its last day where the column holds last days."""
    days = read_dates(cells.text, cells.kind, day_zero=cells.day_zero)
    value, odd = by_month(cells, days) if cells.name in LAST_DAYS else (days.value, months_refused(days.odd))
    first, last = cells.schema.min, cells.schema.max  # type: ignore[attr-defined]
    far = no_row(len(value)) if first is None else ((value < first) | (value > last)).fill_null(False)
    found = marked("DATE-02", cells, far, {"first": first, "last": last}) + odd_days(cells, odd)
    bad = far | (value.is_null() & cells.text.is_not_null())
    return Column(value.set(far, None), bad, found)


def by_month(cells: Cells, days: Dates) -> tuple[pl.Series, pl.DataFrame]:
    """The last day of each month that was given without a day, and what is odd, with that day."""
    shown = no_row(len(days.value)) if cells.kind is None else cells.kind == MONTH
    cell = pl.DataFrame({"text": cells.text.cast(pl.String), "value": days.value}).with_row_index("index").filter(shown)
    odd = pl.concat([days.odd, cell.select("index", "text", state=pl.lit("month"), value="value")])
    last = pl.when(pl.col("state") == "month").then(pl.col("value").dt.month_end()).otherwise("value")
    odd = odd.with_columns(value=last).sort("index", maintain_order=True)
    months = odd.filter(pl.col("state") == "month")
    return (days.value.scatter(months["index"], months["value"]) if months.height else days.value), odd


def months_refused(odd: pl.DataFrame) -> pl.DataFrame:
    """A month is no day."""
    return odd.with_columns(state=pl.col("state").replace("month", "none"))


def odd_days(cells: Cells, odd: pl.DataFrame) -> list[Row]:
    """What to say of days that were written in another way, or not at all."""
    found: list[Row] = []
    for state, code in (("none", "DATE-01"), ("both_orders", "DATE-05")):
        found += each(code, cells.where, cells.heading, shown_odd(cells, odd.filter(pl.col("state") == state)))
    for state, code in ODD_DAYS.items():
        some = odd.filter(pl.col("state") == state)
        if some.height:
            day = some["value"][0]
            words = {"reading": day, "next": None if day is None else day + dt.timedelta(days=1)}
            found += at_once(code, cells.where, cells.heading, shown_odd(cells, some), words=words)
    return found


def shown_odd(cells: Cells, odd: pl.DataFrame) -> pl.DataFrame:
    """Rows and texts of odd cells, as findings show them."""
    return pl.DataFrame({"row": cells.row.gather(odd["index"]), "found": odd["text"]})


def read_moment(cells: Cells, *, end_of_day: bool) -> Column:
    """A moment in UTC. A day alone is its end for facts, so that nothing is known too early, else its beginning."""
    moments = read_moments(cells.text, cells.kind, day_zero=cells.day_zero)
    value = moments.value
    bad = value.is_null() & cells.text.is_not_null()
    found = marked("DATE-08", cells, bad)
    if moments.day_only.any():
        late = value.dt.offset_by("86399s") if end_of_day else value
        value = value.zip_with(~moments.day_only.fill_null(False), late)
        said = (
            ("the end of the day", "het einde van de dag")
            if end_of_day
            else ("the beginning of the day", "het begin van de dag")
        )
        found += at_once("DATE-07", cells.where, cells.heading, cells.shown(moments.day_only), words={"value": said})
    return Column(value, bad, found + odd_days(cells, moments.odd.filter(pl.col("state") != "none")))
