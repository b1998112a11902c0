"""One sheet or file: from cells to a table that keeps its schema, with a finding for all that did not fit."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

import dataframely as dy
import polars as pl

from dijk.files.amount import Amount, read_amount
from dijk.files.body import Body, body_of
from dijk.files.column import (
    Cells,
    Column,
    failed,
    read_choice,
    read_day,
    read_moment,
    read_yes,
    told_nothing,
)
from dijk.files.example_row import examples_out
from dijk.files.filled import Filling, where_empty
from dijk.files.findings import Row, Where, at_once, each, finding
from dijk.files.grid import Grid, no_row
from dijk.files.heading import DEFAULTS, PACKS, Heading, both_names, find_heading, meaning, value_of
from dijk.files.rules import RULES_SAID
from dijk.files.text import read_text
from dijk.files.unfilled import unfilled_out
from dijk.files.units import Register
from dijk.tables import FACTS, ON_DISK, POLICY, REGISTERS, UNKNOWN

LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""When a register without ``known_at`` is taken to have become known: before all facts."""


ORIGIN: dict[str, type[pl.DataType]] = {
    "_file": pl.String,
    "_row": pl.UInt32,
    "_told": pl.Boolean,
    "_aside": pl.String,
}
"""Where a row came from, whether somebody told when it became known (filled in otherwise), and what stood in columns of
the writer's own: two rows that differ only there are two.
"""


@dataclass(frozen=True)
class Rows:
    """Good rows of a table, with the columns of ``ORIGIN``, and what was found."""

    rows: pl.DataFrame
    findings: list[Row]


def read_rows(grid: Grid, register: Register, *, received: dt.datetime | None) -> Rows:
    """The good rows of one sheet or file, and a finding for every problem in it."""
    table, where = grid.table, Where(grid.table, grid.file)
    heading = find_heading(grid, table, where)
    schema = ON_DISK[table]
    if heading is None:
        columns = (
            ", ".join(schema.column_names()),
            ", ".join(both_names(table, name)[1] for name in schema.column_names()),
        )
        return Rows(empty(schema), [finding("HEAD-01", where, words={"columns": columns})])
    body = unfilled_out(examples_out(body_of(grid, heading, table, where), heading, where), heading, where)
    found = heading.findings + body.findings
    if any(f["code"] in ("HEAD-02",) for f in found):
        return Rows(empty(schema), found)
    if not body.cells.height:
        return Rows(empty(schema), [*found, finding("FILE-06", where)])
    fills = fillings(table, grid.stem, received) | where_empty(table, register)
    read = fill_in(read_columns(body, heading, grid, register, where), heading, where, fills)
    read = without_empty(read, heading, where, fills)
    good = read.frame.filter(~any_bad(read.bad))
    return rules_kept(good, where, found + read.findings)


def places(frame: pl.DataFrame) -> pl.DataFrame:
    """Where rows stand, for findings on a row that have no value to show."""
    return frame.select(row="_row", found=pl.lit(None, pl.String))


def empty(schema: type[dy.Schema]) -> pl.DataFrame:
    """No rows, with the columns that tell where a row came from."""
    return schema.create_empty().hstack(pl.DataFrame(schema=ORIGIN))


def required_now(table: str) -> list[str]:
    """Columns that may not be empty once all is filled in."""
    return [name for name, column in ON_DISK[table].columns().items() if not column.nullable]


READERS: dict[type[dy.Column], Callable[[Cells], Column]] = {
    dy.Enum: read_choice,
    dy.Bool: read_yes,
    dy.String: read_text,
    dy.Date: read_day,
}


@dataclass(frozen=True)
class Columns:
    """The columns of a table, each with its type, and those of ``ORIGIN``; ``bad`` says which cells have an error."""

    frame: pl.DataFrame
    bad: pl.DataFrame
    findings: list[Row]


def read_columns(body: Body, heading: Heading, grid: Grid, register: Register, where: Where) -> Columns:
    """Every column of the table; one that the file does not have is empty."""
    values: dict[str, pl.Series] = {}
    bad: dict[str, pl.Series] = {}
    found: list[Row] = []
    fact: Amount | None = None
    for name, column in ON_DISK[where.table].columns().items():
        place = PACKS if name == "pieces" and PACKS in heading.labels else name
        if place not in body.cells.columns:
            values[name] = pl.repeat(None, body.cells.height, dtype=column.dtype, eager=True)
            bad[name] = no_row(body.cells.height)
            continue
        kind, words = body.kind(place), heading.words(place)
        cells = Cells(where.table, name, words, body.cells[place], kind, body.rows, where, grid.day_zero)
        read: Amount | Column
        if column.dtype.is_numeric():
            read = amount = read_amount(cells, body, heading, register, point=grid.point)
            fact = amount if name == value_of(where.table) else fact
        else:
            read = read_plain(cells)
        values[name], bad[name] = read.value, read.bad
        found += read.findings
    frame = pl.DataFrame(values).with_columns(
        _file=pl.lit(grid.file),
        _row=body.rows,
        _told=values["known_at"].is_not_null() if "known_at" in values else True,
        _aside=body.aside,
    )
    columns = Columns(frame, pl.DataFrame(bad), found)
    return with_reasons(columns, fact, heading, where) if fact else columns


def read_plain(cells: Cells) -> Column:
    """A column that holds no numbers, without its failed formulas and, where it may be empty, without words for
    nothing.
    """
    cells, broken, said = failed(region_in_english(cells))
    column = cells.schema
    if not isinstance(column, dy.String):
        cells, nothing = told_nothing(cells)
        said += nothing
    is_moment = isinstance(column, dy.Datetime)
    read = read_moment(cells, end_of_day=cells.table in FACTS) if is_moment else READERS[type(column)](cells)
    return Column(read.value, read.bad | broken, said + read.findings)


def region_in_english(cells: Cells) -> Cells:
    """The region of what cannot be placed, as people write it in Dutch, under its code."""
    of_region = (cells.schema.metadata or {}).get("refers") == "region" or (cells.table, cells.name) == ("region",) * 2
    if not of_region or cells.text.dtype != pl.String:
        return cells
    said = cells.text.str.to_lowercase().is_in(["onbekend", UNKNOWN]).fill_null(False)
    return replace(cells, text=cells.text.set(said, UNKNOWN))


def with_reasons(read: Columns, fact: Amount, heading: Heading, where: Where) -> Columns:
    """A value or a reason for each fact: the one given, the one the cell itself says, or ``not counted`` where it says
    nothing.
    """
    name = str(value_of(where.table))
    frame, bad = read.frame, read.bad
    given = frame["reason"].cast(pl.String).fill_null(fact.reason)
    silent = frame[name].is_null() & given.is_null() & ~bad[name]
    both = frame[name].is_not_null() & given.is_not_null()
    shown = frame.select(row="_row", found=pl.col(name).cast(pl.String))
    words = heading.words(PACKS if PACKS in heading.labels else name)
    found = each("NUM-11", where, words, shown.filter(silent)) + each("NUM-21", where, words, shown.filter(both))
    reason = given.set(silent, "not_counted").cast(frame.schema["reason"])
    how = frame["how"].set(fact.rough, "estimated") if fact.rough.any() else frame["how"]
    frame = frame.with_columns(reason.alias("reason"), how.alias("how"))
    return Columns(frame, bad.with_columns(bad[name] | both), read.findings + found)


def fill_in(read: Columns, heading: Heading, where: Where, fills: dict[str, Filling]) -> Columns:
    """What a dataset may leave out, filled in and said: when it was known, who says so, how, and the defaults of the
    table.
    """
    frame, found = read.frame, list(read.findings)
    for name, (expression, words) in fills.items():
        if name not in frame.columns or not frame[name].null_count():
            continue
        taken = frame.select(pl.col(name).fill_null(expression.cast(frame.schema[name]))).to_series()
        unsaid = frame[name].is_null() & ~read.bad[name] & taken.is_not_null()
        said = {"column": both_names(where.table, name), "value": words}
        if name in heading.labels:
            found += at_once("CELL-13", where, heading.words(name), places(frame).filter(unsaid), words=said)
        else:
            found.append(finding("HEAD-05", where, column=name, rows=frame.height, words=said))
        frame = frame.with_columns(taken)
    return Columns(frame, read.bad, found)


def fillings(table: str, stem: str, received: dt.datetime | None) -> dict[str, Filling]:
    """What is taken for each column that a file may leave out, and how to say it in English and Dutch."""
    if table not in {**FACTS, **REGISTERS, **POLICY}:
        return {}
    how = ("counted", "geteld") if table in FACTS else ("assumed", "aangenomen")
    fills = {
        "source": (pl.lit(stem), (stem, stem)),
        "known_at": known_at(table, received),
        "how": (pl.lit(how[0]), how),
    }
    for name, value in DEFAULTS.get(table, {}).items():
        fills[name] = (pl.lit(value), ("no", "nee") if value is False else (str(value), str(value)))
    return fills


def known_at(table: str, received: dt.datetime | None) -> tuple[pl.Expr, tuple[str, str]]:
    """When a row without a moment became known, and how to say it."""
    if table in FACTS and received is not None:
        return pl.lit(received), (f"{received:%Y-%m-%d %H:%M} UTC", f"{received:%d-%m-%Y %H:%M} UTC")
    if table in REGISTERS:
        return pl.lit(LONG_AGO), ("2000-01-01", "01-01-2000")
    day, words = ("day", ("the end of the row's day", "het einde van de dag in de regel"))
    if table in POLICY:
        day, words = "valid_from", ("the beginning of valid_from", "het begin van geldig_vanaf")
    moment = pl.col(day).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return (moment if table in POLICY else moment.dt.offset_by("86399s")), words


def any_bad(bad: pl.DataFrame) -> pl.Series:
    """The rows in which any cell has an error."""
    return bad.select(pl.any_horizontal(pl.all())).to_series()


def without_empty(read: Columns, heading: Heading, where: Where, fills: dict[str, Filling]) -> Columns:
    """An error for each empty cell that must be filled; where dijk would have filled it in, only if no other cell of
    the row is the cause.
    """
    bad, found = read.bad, list(read.findings)
    for name in sorted(required_now(where.table), key=lambda name: name in fills):
        empty_cell = read.frame[name].is_null() & ~(any_bad(bad) if name in fills else bad[name])
        if empty_cell.any():
            words = {"meaning": wanted_in(where.table, name, fills)}
            found += each("CELL-01", where, heading.words(name), places(read.frame).filter(empty_cell), words=words)
            bad = bad.with_columns(bad[name] | empty_cell)
    return Columns(read.frame, bad, found)


def wanted_in(table: str, name: str, fills: dict[str, Filling]) -> tuple[str, str]:
    """What a column means, and what was looked for in vain to fill it in, in English and Dutch."""
    en, nl = meaning(ON_DISK[table].columns()[name])
    if name not in fills:
        return en, nl
    said_en, said_nl = fills[name][1]
    return (
        f"{en} Left empty, it is {said_en}; here there is none.",
        f"{nl} Leeg is het {said_nl}; die is er hier niet.",
    )


def rules_kept(frame: pl.DataFrame, where: Where, found: list[Row]) -> Rows:
    """The rows that keep the rules across columns; each rule that is broken is said in words. Keys are looked at
    later.
    """
    every = ON_DISK[where.table]._validation_rules(with_cast=False)
    rules = {name: rule for name, rule in every.items() if "|" not in name and name != "primary_key"}
    good = pl.repeat(True, frame.height, eager=True)
    for name, rule in rules.items():
        kept = frame.select(rule.expr.fill_null(True)).to_series()
        found = found + each("ROW-03", where, None, places(frame).filter(~kept), words={"rule": RULES_SAID[name]})
        good &= kept
    return Rows(frame.filter(good), found + expired_yet_approved(frame, where))


def expired_yet_approved(frame: pl.DataFrame, where: Where) -> list[Row]:
    """A warning for each count of goods that may be given out, though past their last day."""
    if not {"expires_on", "status", "day"} <= set(frame.columns):
        return []
    past = ((frame["expires_on"] < frame["day"]) & (frame["status"] == "approved")).fill_null(False)
    return (
        each("ROW-04", where, None, frame.select(row="_row", found=pl.col("expires_on").cast(pl.String)).filter(past))
        if past.any()
        else []
    )
