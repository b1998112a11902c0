"""Dates and moments as people write them: 27-04-2020, 27/4/20, 27 april 2020, 43948, with the order of day and month
seen in the column.
"""

import datetime as dt
import re
from dataclasses import dataclass

import polars as pl

from dijk.files.grid import NUMBER, TEXT
from dijk.files.words import MONTHS

EPOCH = dt.date(1899, 12, 30)
"""Day 0 of a spreadsheet; right from 1 March 1900 on."""
SERIALS = (36526, 73051)
"""Numbers that are days of 2000 to 2100."""
PARTS = r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[ T,]+(\d{1,2}:\d{2}(?::\d{2})?).*)?$"
WRITTEN = re.compile(r"^(?:[a-z]{2,9}\.?,?\s+)?(\d{1,2})[-. ]*([a-z]+)[-. ']*(\d{4}|\d{2})$")

ODD = {"index": pl.UInt32, "text": pl.String, "state": pl.String, "value": pl.Date}


@dataclass(frozen=True)
class Dates:
    """The days of a column, null where a cell is blank or no day.

    ``odd`` has a row for each cell with something to say: its ``index``, the ``text``, the ``state`` (serial, swapped,
    both_orders, short_year, none) and the ``value`` read.
    """

    value: pl.Series
    odd: pl.DataFrame


@dataclass(frozen=True)
class Moments:
    """The moments of a column, in UTC; ``day_only`` is true where only a day was given; ``odd`` as for dates."""

    value: pl.Series
    day_only: pl.Series
    odd: pl.DataFrame


def read_dates(text: pl.Series, kind: pl.Series | None) -> Dates:
    """The days of a column."""
    if text.dtype == pl.Date or isinstance(text.dtype, pl.Datetime):
        return Dates(text.cast(pl.Date), pl.DataFrame(schema=ODD))
    text = text.cast(pl.String)
    iso = text.str.head(10).str.to_date("%Y-%m-%d", strict=False)
    iso = iso.set(~text.str.contains(r"^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}.*)?$").fill_null(False), None)
    left = text.is_not_null() & iso.is_null()
    if not left.any():
        return Dates(iso, pl.DataFrame(schema=ODD))
    rest = pl.DataFrame(
        {"text": text, "kind": kind if kind is not None else pl.repeat(TEXT, len(text), dtype=pl.UInt8, eager=True)}
    )
    rest = rest.with_row_index("index").filter(left)
    parted = read_parts(rest)
    others = read_others(rest.join(parted.select("index"), on="index", how="anti"))
    found = pl.concat([parted, others]).select(list(ODD))
    values = found.drop_nulls("value")
    value = iso.scatter(values["index"], values["value"]) if values.height else iso
    return Dates(value, found.drop_nulls("state").sort("index"))


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


def read_others(cells: pl.DataFrame) -> pl.DataFrame:
    """Days written with the month in words, year first, as eight digits, or as a spreadsheet's serial number."""
    rows = []
    for text, kind in cells.select("text", "kind").unique(maintain_order=True).iter_rows():
        state, value = other_day(text, stored=kind == NUMBER)
        rows.append((text, kind, state, value))
    known = pl.DataFrame(
        rows, schema={"text": pl.String, "kind": pl.UInt8, "state": pl.String, "value": pl.Date}, orient="row"
    )
    return (
        cells.select("index", "text", "kind")
        .join(known, on=["text", "kind"], how="left", maintain_order="left")
        .select(list(ODD))
    )


def other_day(text: str, *, stored: bool) -> tuple[str | None, dt.date | None]:
    """A day in another way of writing: (state, day)."""
    words = " ".join(text.casefold().split())
    if re.fullmatch(r"\d{5}(\.\d+)?", words) and SERIALS[0] <= float(words) < SERIALS[1]:
        return "serial", EPOCH + dt.timedelta(days=int(float(words)))
    try:
        if match := re.fullmatch(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[ t]\d{1,2}:\d{2}.*)?", words):
            return None, dt.date(int(match[1]), int(match[2]), int(match[3]))
        if match := re.fullmatch(r"(\d{4})(\d{2})(\d{2})(?:\.0)?", words):
            return None, dt.date(int(match[1]), int(match[2]), int(match[3]))
        if (match := WRITTEN.fullmatch(words)) and match[2] in MONTHS:
            year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
            return ("short_year" if len(match[3]) == 2 else None), dt.date(year, MONTHS[match[2]], int(match[1]))
    except ValueError:
        pass
    return "none", None


def read_moments(text: pl.Series, kind: pl.Series | None) -> Moments:
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
    return other_moments(text, kind, value, left)


def other_moments(text: pl.Series, kind: pl.Series | None, value: pl.Series, left: pl.Series) -> Moments:
    """Moments in other ways of writing: with a zone, as a Dutch date with a time, as a serial number, or as a day
    alone.
    """
    frame = pl.DataFrame({"text": text, "value": value, "left": left}).with_row_index("index")
    days = read_dates(text.set(~left, None), kind)
    zoned = pl.col("text").str.replace(r"([+-]\d{2}):?(\d{2})$", "${1}${2}").str.replace(" ", "T", literal=True)
    with_zone = zoned.str.to_datetime("%Y-%m-%dT%H:%M:%S%z", strict=False, time_unit="us", time_zone="UTC")
    clock = pl.col("text").str.extract(r"(?:^|[ T,])(\d{1,2}:\d{2}(?::\d{2})?)")
    fraction = (
        pl.when(pl.col("text").str.contains(r"^\d{5}\.\d+$"))
        .then(pl.col("text").cast(pl.Float64, strict=False) % 1 * 86400)
        .round()
    )
    frame = frame.with_columns(day=days.value, zoned=with_zone, seconds=fraction.fill_null(seconds(clock)))
    at = pl.col("day").cast(pl.Datetime("us")).dt.replace_time_zone("UTC") + pl.duration(
        seconds=pl.col("seconds").fill_null(0).cast(pl.Int64)
    )
    frame = frame.with_columns(value=pl.col("value").fill_null(pl.col("zoned")).fill_null(at).dt.truncate("1s"))
    day_only = frame.select(
        pl.col("left") & pl.col("zoned").is_null() & pl.col("seconds").is_null() & pl.col("day").is_not_null()
    )
    odd = days.odd.join(frame.filter(pl.col("zoned").is_not_null()).select("index"), on="index", how="anti")
    return Moments(frame["value"], day_only.to_series(), odd)


def seconds(clock: pl.Expr) -> pl.Expr:
    """Seconds since midnight of a time such as 14:30 or 14:30:05."""
    parts = clock.str.split(":")
    hours, minutes = parts.list.get(0).cast(pl.Float64), parts.list.get(1).cast(pl.Float64)
    return hours * 3600 + minutes * 60 + parts.list.get(2, null_on_oob=True).cast(pl.Float64).fill_null(0)
