"""One sheet or file: from cells to a table that keeps its schema, with a finding for all that did not fit."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import dataframely as dy
import polars as pl

from dijk.files.amount import read_amount
from dijk.files.body import Body, body_of
from dijk.files.column import Cells, Column, failed, read_choice, read_day, read_moment, read_text, read_yes, told_nothing
from dijk.files.findings import Row, Where, at_once, each, finding
from dijk.files.grid import Grid, no_row
from dijk.files.heading import DEFAULTS, PACKS, Heading, both_names, find_heading, meaning, value_of
from dijk.files.packs import Register
from dijk.files.rules import RULES_SAID
from dijk.tables import FACTS, ON_DISK, POLICY, REGISTERS

LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""When a register without ``known_at`` is taken to have become known: before all facts."""


@dataclass(frozen=True)
class Rows:
    """Good rows of a table, with ``_row`` and ``_file`` that say where each came from, and what was found."""

    rows: pl.DataFrame
    findings: list[Row]


def read_rows(grid: Grid, table: str, register: Register, *, received: dt.datetime | None) -> Rows:
    """The good rows of one sheet or file, and a finding for every problem in it."""
    where = Where(table, grid.file)
    heading = find_heading(grid, table, where)
    schema = ON_DISK[table]
    if heading is None:
        columns = ", ".join(schema.column_names()), ", ".join(both_names(table, name)[1] for name in schema.column_names())
        return Rows(empty(schema), [finding("HEAD-01", where, words={"columns": columns})])
    body = body_of(grid, heading, table, where)
    found = heading.findings + body.findings
    if any(f["code"] in ("HEAD-02",) for f in found):
        return Rows(empty(schema), found)
    if not body.cells.height:
        return Rows(empty(schema), [*found, finding("FILE-06", where)])
    frame, bad, said = read_columns(body, heading, table, grid, register)
    frame = frame.with_columns(_row=body.rows, _file=pl.lit(grid.file))
    frame, filled = fill_in(frame, bad, heading, grid, where, received)
    found += said + filled
    for name in required_now(table):
        empty_cell = frame[name].is_null() & ~bad[name]
        if empty_cell.any():
            words = {"meaning": meaning(schema.columns()[name])}
            shown = frame.select(row="_row", found=pl.lit(None, pl.String)).filter(empty_cell)
            found += each("CELL-01", where, heading.words(name), shown, words=words)
            bad = bad.with_columns(bad[name] | empty_cell)
    good = frame.filter(~bad.select(pl.any_horizontal(pl.all())).to_series())
    return rules_kept(good, table, where, found)


def empty(schema: type[dy.Schema]) -> pl.DataFrame:
    """No rows, with the columns that tell where a row came from."""
    return schema.create_empty().with_columns(_row=pl.lit(None, pl.UInt32), _file=pl.lit(None, pl.String))


def required_now(table: str) -> list[str]:
    """Columns that may not be empty once all is filled in."""
    return [name for name, column in ON_DISK[table].columns().items() if not column.nullable]


READERS: dict[type[dy.Column], Callable[[Cells], Column]] = {
    dy.Enum: read_choice,
    dy.Bool: read_yes,
    dy.String: read_text,
    dy.Date: read_day,
}


def read_columns(body: Body, heading: Heading, table: str, grid: Grid, register: Register) -> tuple[pl.DataFrame, pl.DataFrame, list[Row]]:
    """Every column of the table with its type, which cells of it are bad, and what to say of them."""
    values: dict[str, pl.Series] = {}
    bad: dict[str, pl.Series] = {}
    found: list[Row] = []
    value_name, reason, rough = value_of(table), None, None
    for name, column in ON_DISK[table].columns().items():
        place = PACKS if name == "pieces" and PACKS in heading.labels else name
        if place not in body.cells.columns:
            values[name] = pl.repeat(None, body.cells.height, dtype=column.dtype, eager=True)
            bad[name] = no_row(body.cells.height)
            continue
        cells = Cells(table, name, heading.words(place), body.cells[place], body.kind(place), body.rows, Where(table, grid.file))
        if column.dtype.is_numeric():
            amount = read_amount(cells, body, heading, register, point=grid.point)
            values[name], bad[name] = amount.value, amount.bad
            found += amount.findings
            if name == value_name:
                reason, rough = amount.reason, amount.rough
            continue
        cells, broken, said = failed(cells)
        if not isinstance(column, dy.String):
            cells, nothing = told_nothing(cells)
            said += nothing
        read = read_moment(cells, end_of_day=table in FACTS) if isinstance(column, dy.Datetime) else READERS[type(column)](cells)
        values[name], bad[name] = read.value, read.bad | broken
        found += said + read.findings
    frame, wrong = pl.DataFrame(values), pl.DataFrame(bad)
    if value_name is None or reason is None or rough is None:
        return frame, wrong, found
    frame, wrong, said = with_reasons(frame, wrong, reason, rough, heading.words(value_name), Where(table, grid.file), body.rows)
    return frame, wrong, found + said


def with_reasons(
    frame: pl.DataFrame, bad: pl.DataFrame, reason: pl.Series, rough: pl.Series, heading: str, where: Where, rows: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame, list[Row]]:
    """A value or a reason for each fact: the one given, the one the cell itself says, or `not counted` where it says nothing."""
    name = str(value_of(where.table))
    kind = ON_DISK[where.table].columns()["reason"].dtype
    reason = frame["reason"].cast(pl.String).fill_null(reason)
    silent = frame[name].is_null() & reason.is_null() & ~bad[name]
    both = frame[name].is_not_null() & reason.is_not_null()
    shown = pl.DataFrame({"row": rows, "found": frame[name].cast(pl.String)})
    found = each("NUM-11", where, heading, shown.filter(silent)) + each("NUM-21", where, heading, shown.filter(both))
    reason = reason.set(silent, "not_counted").cast(kind)
    how = frame["how"].set(rough, "estimated") if rough.any() else frame["how"]
    return frame.with_columns(reason.alias("reason"), how.alias("how")), bad.with_columns(bad[name] | both), found


def fill_in(
    frame: pl.DataFrame, bad: pl.DataFrame, heading: Heading, grid: Grid, where: Where, received: dt.datetime | None
) -> tuple[pl.DataFrame, list[Row]]:
    """What a dataset may leave out, filled in and said: when it was known, who says so, how, and the defaults of the table."""
    table = where.table
    if table not in {**FACTS, **REGISTERS, **POLICY}:
        return frame, []
    found: list[Row] = []
    fills: dict[str, tuple[pl.Expr, tuple[str, str]]] = {"source": (pl.lit(grid.stem), (grid.stem, grid.stem))}
    fills["known_at"] = known_at(table, received)
    fills["how"] = (pl.lit("counted"), ("counted", "geteld")) if table in FACTS else (pl.lit("assumed"), ("assumed", "aangenomen"))
    for name, value in DEFAULTS.get(table, {}).items():
        fills[name] = (pl.lit(value), ("no", "nee") if value is False else (str(value), str(value)))
    for name, (expression, words) in fills.items():
        if name not in frame.columns or not frame[name].null_count():
            continue
        absent = name not in heading.labels
        unsaid = frame[name].is_null() & ~bad[name]
        frame = frame.with_columns(pl.col(name).fill_null(expression.cast(frame.schema[name])))
        said = {"column": both_names(table, name), "value": words}
        if absent:
            found.append(finding("HEAD-05", where, column=name, rows=len(unsaid), words=said))
        else:
            cells = frame.select(row="_row", found=pl.lit(None, pl.String)).filter(unsaid)
            found += at_once("CELL-13", where, heading.words(name), cells, words=said)
    return frame, found


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


def rules_kept(frame: pl.DataFrame, table: str, where: Where, found: list[Row]) -> Rows:
    """The rows that keep the rules across columns; each rule that is broken is said in words. Keys are looked at later."""
    schema = ON_DISK[table]
    rules = {name: rule for name, rule in schema._validation_rules(with_cast=False).items() if "|" not in name and name != "primary_key"}
    good = pl.repeat(True, frame.height, eager=True)
    for name, rule in rules.items():
        kept = frame.select(rule.expr.fill_null(True)).to_series()
        shown = frame.select(row="_row", found=pl.lit(None, pl.String)).filter(~kept)
        found = found + each("ROW-03", where, None, shown, words={"rule": RULES_SAID[name]})
        good &= kept
    return Rows(frame.filter(good), found + expired_yet_approved(frame, where))


def expired_yet_approved(frame: pl.DataFrame, where: Where) -> list[Row]:
    """A warning for each count of goods that may be given out, though past their last day."""
    if not {"expires_on", "status", "day"} <= set(frame.columns):
        return []
    past = ((frame["expires_on"] < frame["day"]) & (frame["status"] == "approved")).fill_null(False)
    return (
        each("ROW-04", where, None, frame.select(row="_row", found=pl.col("expires_on").cast(pl.String)).filter(past)) if past.any() else []
    )
