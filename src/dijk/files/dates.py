"""Dates and moments as people write them: 27-04-2020, 27/4/20, 27 april 2020, 43948, with the order of day and month
seen in the column.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import polars as pl

from dijk.files.clock import split_clocks
from dijk.files.grid import NUMBER, TEXT
from dijk.files.words import MONTHS

Read = tuple[str | None, dt.date | None]
"""What is odd about a day as written, and the day; neither where it is not written so."""

EPOCH = dt.date(1899, 12, 30)
"""Day 0 of a spreadsheet; right from 1 March 1900 on."""
SERIALS = (dt.date(2000, 1, 1), dt.date(2100, 1, 1))
"""From and until when a number of five digits may be a day."""
PARTS = r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$"
WEEKDAY = r"(?:[a-z]{2,9}\.?,?\s+)?"
WRITTEN = re.compile(WEEKDAY + r"(\d{1,2})[-. ]*([a-z]+)[-. ']*(\d{4}|\d{2})")
MONTH_FIRST = re.compile(WEEKDAY + r"(?P<month>[a-z]+)[. ]+(?P<day>\d{1,2}),? (?P<year>\d{4})")
"""April 24, 2020, and what a web program writes: Fri Apr 24 2020."""

MONTH_ONLY = tuple(
    re.compile(r"(?:(?:eind|einde|ultimo|end|end of) )?" + pattern)
    for pattern in (
        r"(?P<year>\d{4})[-/. ](?P<month>\d{1,2})(?:[-/. ]00?)?",
        r"(?:00?[-/. ])?(?P<month>\d{1,2})[-/. ](?P<year>\d{4})",
        r"(?P<month>\d{1,2})[-/](?P<year>(?:1[3-9]|[2-9]\d))",
        r"(?P<year>20(?:1[3-9]|[2-9]\d))(?P<month>0[1-9]|1[0-2])",
        r"(?P<month>[a-z]+)\.?[-/ ']*(?P<year>\d{4}|\d{2})",
        r"(?P<year>\d{4})[-/. ]?(?P<month>[a-z]+)\.?",
    )
)
"""A month and a year without a day, as medical packs have them; the day may be 00. Of two numbers of two digits the
last is a year only where it can be no month.
"""

ODD = {"index": pl.UInt32, "text": pl.String, "state": pl.String, "value": pl.Date}
MIDNIGHTS = (22, 23)
"""Hours in UTC that are midnight in the Netherlands, in summer and in winter."""


@dataclass(frozen=True)
class Dates:
    """The days of a column, null where a cell is blank or no day.

    ``odd`` has a row for each cell with something to say: its ``index``, the ``text``, the ``state`` (serial, swapped,
    both_orders, short_year, month, clock, midnight, none) and the ``value`` read. Of a month it is the first day, and
    no value of the column.
    """

    value: pl.Series
    odd: pl.DataFrame


@dataclass(frozen=True)
class Moments:
    """The moments of a column, in UTC; ``day_only`` is true where only a day was given; ``odd`` as for dates."""

    value: pl.Series
    day_only: pl.Series
    odd: pl.DataFrame


def read_dates(text: pl.Series, kind: pl.Series | None, *, day_zero: dt.date = EPOCH) -> Dates:
    """The days of a column; a time of day behind one is cut off, and told. Numbers are days since ``day_zero``."""
    if text.dtype == pl.Date:
        return Dates(text, pl.DataFrame(schema=ODD))
    if isinstance(text.dtype, pl.Datetime):
        text = text.dt.strftime("%Y-%m-%d %H:%M:%S" + ("%z" if text.dtype.time_zone else ""))
    text = text.cast(pl.String)
    iso = text.str.to_date("%Y-%m-%d", strict=False, exact=True)
    iso = iso.set(~text.str.contains(r"^\d{4}-\d{2}-\d{2}$").fill_null(False), None)
    left = text.is_not_null() & iso.is_null()
    if not left.any():
        return Dates(iso, pl.DataFrame(schema=ODD))
    clocks = split_clocks(text.set(~left, None))
    days = read_days(clocks["day_text"].fill_null(text).set(~left, None), text, kind, day_zero)
    value = iso.fill_null(days.value).set(clocks["day_text"].is_null() & left, None)
    none = (
        pl.DataFrame({"text": text, "value": value}).with_row_index("index").filter(clocks["day_text"].is_null() & left)
    )
    odd = days.odd.join(none, on="index", how="anti")
    found = pl.concat([odd, none.select("index", "text", state=pl.lit("none"), value="value"), cut_off(clocks, value)])
    return Dates(value, found.sort("index", maintain_order=True))


def cut_off(clocks: pl.DataFrame, value: pl.Series) -> pl.DataFrame:
    """The days that came with a time of day; midnight itself says nothing, in whatever zone."""
    since, told = pl.col("seconds"), pl.col("ahead").is_not_null()
    sharp = since.is_in([hour * 3600 for hour in MIDNIGHTS])
    late = (pl.col("ahead").fill_null(0) == 0) & (sharp | (told & (since >= MIDNIGHTS[0] * 3600)))
    state = pl.when(late).then(pl.lit("midnight")).otherwise(pl.lit("clock"))
    rows = clocks.with_columns(value=value, state=state).with_row_index("index")
    return rows.filter((pl.col("seconds") % 86400 > 0) & pl.col("value").is_not_null()).select(
        pl.col(name).cast(kind) for name, kind in ODD.items()
    )


def read_days(day: pl.Series, text: pl.Series, kind: pl.Series | None, day_zero: dt.date) -> Dates:
    """Days without a clock, in any other way of writing than the first; ``text`` is what the cells hold in full."""
    kinds = kind if kind is not None else pl.repeat(TEXT, len(day), dtype=pl.UInt8, eager=True)
    rest = pl.DataFrame({"text": day, "kind": kinds}).with_row_index("index").drop_nulls("text")
    months = read_others(rest, lambda words, _: month_only(words)).drop_nulls("state")
    rest = rest.join(months.select("index"), on="index", how="anti")
    parted = read_parts(rest)
    others = read_others(
        rest.join(parted.select("index"), on="index", how="anti"), partial(other_day, day_zero=day_zero)
    )
    found = pl.concat([months, parted, others]).select(list(ODD))
    values = found.filter(pl.col("state").ne_missing("month")).drop_nulls("value")
    value = pl.repeat(None, len(day), dtype=pl.Date, eager=True)
    value = value.scatter(values["index"], values["value"]) if values.height else value
    odd = found.drop_nulls("state")
    return Dates(value, odd.with_columns(text=text.gather(odd["index"])))


def read_parts(cells: pl.DataFrame) -> pl.DataFrame:
    """Days written as three numbers; day before month, unless the column can only be read the other way."""
    parts = pl.col("text").str.extract_groups(PARTS).struct
    a, b, year = (parts.field(str(i)).cast(pl.Int32, strict=False) for i in (1, 2, 3))
    cells = cells.with_columns(a=a, b=b, year=year).filter(pl.col("a").is_not_null())
    year = pl.col("year") + pl.when(pl.col("year") < 100).then(2000).otherwise(0)
    cells = cells.with_columns(day_first=day_of(year, "b", "a"), month_first=day_of(year, "a", "b"))
    must_day, must_month = cells.filter(pl.col("a") > 12).height, cells.filter(pl.col("b") > 12).height
    short = pl.when(pl.col("year") < 100).then(pl.lit("short_year"))
    if must_month and not must_day:
        state = pl.when(pl.col("month_first").is_null()).then(pl.lit("none")).otherwise(pl.lit("swapped"))
        return cells.select("index", "text", state=state, value="month_first")
    other = pl.col("day_first").is_null() & pl.col("month_first").is_not_null()
    state = (
        pl.when(other)
        .then(pl.lit("both_orders"))
        .when(pl.col("day_first").is_null())
        .then(pl.lit("none"))
        .otherwise(short)
    )
    return cells.select("index", "text", state=state, value="day_first")


def day_of(year: pl.Expr, month: str, day: str) -> pl.Expr:
    """A day of three numbers; null where there is no such day."""
    return pl.format("{}-{}-{}", year, month, day).str.to_date("%Y-%m-%d", strict=False)


def read_others(cells: pl.DataFrame, read: Callable[[str, bool], Read]) -> pl.DataFrame:
    """Days read one by one, each different text once."""
    rows = [
        (text, kind, *read(" ".join(text.casefold().split()), kind == NUMBER))
        for text, kind in cells.select("text", "kind").unique(maintain_order=True).iter_rows()
    ]
    known = pl.DataFrame(
        rows, schema={"text": pl.String, "kind": pl.UInt8, "state": pl.String, "value": pl.Date}, orient="row"
    )
    return (
        cells.select("index", "text", "kind")
        .join(known, on=["text", "kind"], how="left", maintain_order="left")
        .select(list(ODD))
    )


def month_only(words: str) -> Read:
    """A month and a year, with its first day; nothing where a day is said too."""
    for pattern in MONTH_ONLY:
        if match := pattern.fullmatch(words):
            month = MONTHS.get(match["month"]) or (int(match["month"]) if match["month"].isdigit() else 0)
            year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
            if 1 <= month <= 12 and year:
                return "month", dt.date(year, month, 1)
    return None, None


def other_day(words: str, stored: bool, *, day_zero: dt.date) -> Read:
    """A day with the month in words, year first, as eight digits, or as a spreadsheet's serial number."""
    if re.fullmatch(r"\d{5}(\.\d+)?", words):
        day = day_zero + dt.timedelta(days=int(float(words)))
        return ("serial", day) if SERIALS[0] <= day < SERIALS[1] else ("none", None)
    try:
        return written_day(words)
    except ValueError:  # no day of the calendar
        return "none", None


def written_day(words: str) -> Read:
    """A day of which the parts are told by where they stand."""
    if match := re.fullmatch(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})", words):
        return None, dt.date(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{4})(\d{2})(\d{2})(?:\.0)?", words):
        return None, dt.date(int(match[1]), int(match[2]), int(match[3]))
    if (match := WRITTEN.fullmatch(words)) and match[2] in MONTHS:
        year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
        return ("short_year" if len(match[3]) == 2 else None), dt.date(year, MONTHS[match[2]], int(match[1]))
    if (match := MONTH_FIRST.fullmatch(words)) and match["month"] in MONTHS:
        return None, dt.date(int(match["year"]), MONTHS[match["month"]], int(match["day"]))
    return "none", None


def read_moments(text: pl.Series, kind: pl.Series | None, *, day_zero: dt.date = EPOCH) -> Moments:
    """The moments of a column. A time without a zone is UTC; a day alone is its first second, and ``day_only`` says
    so.
    """
    utc = pl.Datetime("us", "UTC")
    if isinstance(text.dtype, pl.Datetime):
        zoned = text.dt.replace_time_zone("UTC") if text.dtype.time_zone is None else text.dt.convert_time_zone("UTC")
        return Moments(
            zoned.cast(utc).dt.truncate("1s"), pl.repeat(False, len(text), eager=True), pl.DataFrame(schema=ODD)
        )
    if text.dtype == pl.Date:
        return Moments(
            text.cast(pl.Datetime("us")).dt.replace_time_zone("UTC"), text.is_not_null(), pl.DataFrame(schema=ODD)
        )
    text = text.cast(pl.String)
    plain = text.str.replace(r"^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2})?(?:\.\d+)?(Z|\+00:00)?$", "${1}T${2}${3}")
    long = plain.str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False, time_unit="us")
    short = plain.str.to_datetime("%Y-%m-%dT%H:%M", strict=False, time_unit="us")
    value = long.fill_null(short).dt.replace_time_zone("UTC")
    left = text.is_not_null() & value.is_null()
    if not left.any():
        return Moments(value, pl.repeat(False, len(text), eager=True), pl.DataFrame(schema=ODD))
    clocks = split_clocks(text.set(~left, None))
    return other_moments(clocks, read_dates(clocks["day_text"], kind, day_zero=day_zero), value)


def other_moments(clocks: pl.DataFrame, days: Dates, value: pl.Series) -> Moments:
    """Moments in other ways of writing: with a zone, as a Dutch date with a time, as a serial number, or as a day
    alone.
    """
    fraction = (
        pl.when(pl.col("text").str.contains(r"^\d{5}\.\d+$"))
        .then(pl.col("text").cast(pl.Float64, strict=False) % 1 * 86400)
        .round()
        .cast(pl.Int64)
    )
    frame = clocks.with_columns(day=days.value, seconds=pl.col("seconds").fill_null(fraction))
    since = pl.col("seconds").fill_null(0) - pl.col("ahead").fill_null(0) * 60
    at = pl.col("day").cast(pl.Datetime("us")).dt.replace_time_zone("UTC") + pl.duration(seconds=since)
    read = frame.select(at=at, day_only=pl.col("seconds").is_null() & pl.col("day").is_not_null())
    odd = days.odd.filter(pl.col("state") != "month")
    odd = odd.with_columns(text=clocks["text"].gather(odd["index"]))
    return Moments(value.fill_null(read["at"]), read["day_only"].fill_null(False), odd)
