"""Between the tables of the core and the rows of the database: many rows in at once, and all rows up to an act out.

Both ways go by text that is the same on both databases: CSV as Polars writes it, with moments as the core's files have
them. Its SHA-256 is what the log seals.
"""

import datetime as dt
import hashlib
import io
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from typing import Any

import polars as pl
from django.db import connection

from dijk.runs import part_of_dataset
from dijk.tables import ON_DISK, empty
from dijk_web.models import TOLD

ROWS_AT_ONCE = 50_000
"""Rows of SQLite that are read together: all of them at once take four times the memory."""

MOMENT = "%Y-%m-%dT%H:%M:%SZ"
SQLITE_MOMENT = "%Y-%m-%d %H:%M:%S"


# In


def add_rows(table: str, rows: pl.DataFrame) -> str:
    """Add rows of a table, ``act`` being one of their columns, in the transaction that is open; the digest by which the
    log knows them.
    """
    text = as_text(rows)
    if connection.vendor == "postgresql":
        _copy_in(f"told_{table}", rows.columns, text)
    else:
        _insert(f"told_{table}", rows)
    return digest(text)


def last_row(table: str) -> int:
    """The number of the row of a table that was added last; 0 where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT max("id") FROM "told_{table}"')
        return int(cursor.fetchone()[0] or 0)


def keep_current(table: str, after: int) -> None:
    """Let the projection of a table say what the rows after this one say, where they are the last to say it; one row a
    code.
    """
    columns = ON_DISK[table].column_names()
    names = ", ".join(f'"{column}"' for column in columns)
    setting = ", ".join(f'"{column}" = excluded."{column}"' for column in columns if column != table)
    place = f'row_number() OVER (PARTITION BY "{table}" ORDER BY "known_at" DESC, "id" DESC) AS place'
    told = f'SELECT "id", {names} FROM "told_{table}" WHERE "id" > %s'  # apart, or SQLite walks the index of all codes
    with connection.cursor() as cursor:
        cursor.execute(
            f'WITH told AS MATERIALIZED ({told}) INSERT INTO "current_{table}" ({names}) '
            f"SELECT {names} FROM (SELECT {names}, {place} FROM told) AS placed WHERE place = 1 "
            f'ON CONFLICT ("{table}") DO UPDATE SET {setting} '
            f'WHERE excluded."known_at" >= "current_{table}"."known_at"',
            [after],
        )


def _insert(table: str, rows: pl.DataFrame) -> None:
    """Rows into SQLite by its own connection, inside Django's transaction."""
    names = ", ".join(f'"{column}"' for column in rows.columns)
    marks = ", ".join("?" * rows.width)
    connection.ensure_connection()
    connection.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', _as_sqlite(rows).iter_rows())


def _as_sqlite(rows: pl.DataFrame) -> pl.DataFrame:
    """Values as Django keeps them in SQLite: moments and days as text, yes and no as 1 and 0."""
    changed = []
    for name, kind in rows.schema.items():
        if isinstance(kind, pl.Datetime):
            changed.append(pl.col(name).dt.strftime(SQLITE_MOMENT))
        elif kind == pl.Date:
            changed.append(pl.col(name).cast(pl.String))
        elif kind == pl.Boolean:
            changed.append(pl.col(name).cast(pl.Int8))
    return rows.with_columns(changed)


def _copy_in(table: str, columns: list[str], text: bytes) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    connection.ensure_connection()
    with (
        connection.connection.cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({names}) FROM STDIN WITH (FORMAT csv)') as copy,
    ):
        copy.write(text)


# The text that is sealed


def as_text(rows: pl.DataFrame) -> bytes:
    """Rows as CSV without heading: no value is nothing, an empty text is a pair of quotes."""
    out = io.BytesIO()
    rows.write_csv(out, include_header=False, datetime_format=MOMENT, quote_style="necessary", null_value="")
    return out.getvalue()


def sealed(rows: pl.DataFrame) -> str:
    """The SHA-256 by which the log knows rows that an act added."""
    return digest(as_text(rows))


def digest(text: bytes) -> str:
    """SHA-256."""
    return hashlib.sha256(text).hexdigest()


# Out


def rows_until(table: str, act: int | None = None, sites: Collection[str] | None = None) -> pl.DataFrame:
    """Rows of a table that acts up to this one added, in the order of acts, with ``act`` as the last column.

    What is committed later is not among them, whatever moment it speaks of. Without a number: all rows. With sites: of
    a table of facts that has a site, the rows of these alone.
    """
    columns = [*ON_DISK[table].column_names(), "act"]
    names = ", ".join(f'"{column}"' for column in columns)
    wanted = [] if act is None else [f"act <= {int(act)}"]
    if sites is not None and "site" in columns and table != "site":
        codes = ", ".join("'" + code.replace("'", "''") + "'" for code in sorted(sites))
        wanted.append(f"site IN ({codes})" if codes else "1 = 0")
    where = f"WHERE {' AND '.join(wanted)}" if wanted else ""
    return _read(table, f"SELECT {names} FROM told_{table} {where} ORDER BY id", columns)


def current_rows(table: str) -> pl.DataFrame:
    """The rows of a projection."""
    columns = ON_DISK[table].column_names()
    names = ", ".join(f'"{column}"' for column in columns)
    return _read(table, f"SELECT {names} FROM current_{table}", columns)


def dataset_until(act: int, sites: Collection[str] | None = None) -> dict[str, pl.DataFrame]:
    """The dataset as it stood when an act was written: every table, sorted by key, as files of it would be read.

    With sites: the part of it that is of everyone or of these, as `dijk.runs.part` has it of a run.
    """
    tables = {name: rows_until(name, act, sites).drop("act") for name in TOLD}
    if sites is not None:
        tables = part_of_dataset(tables, sites)
    return {name: table.sort(ON_DISK[name].primary_key()) for name, table in tables.items() if table.height}


def _read(table: str, query: str, columns: list[str]) -> pl.DataFrame:
    parts = list(_parts(table, query, columns) if connection.vendor == "sqlite" else _copied(table, query, columns))
    nothing = pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    return pl.concat(parts) if parts else _as_table(table, nothing)


def _copied(table: str, query: str, columns: list[str]) -> Iterator[pl.DataFrame]:
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT WITH (FORMAT csv)") as copy:
        text = b"".join(bytes(part) for part in copy)
    if text:
        rows = pl.read_csv(text, has_header=False, new_columns=columns, infer_schema=False)
        yield _as_table(table, rows)


def _parts(table: str, query: str, columns: list[str]) -> Iterator[pl.DataFrame]:
    """Rows of SQLite on a connection of their own: Django's turns days into dates one by one, which takes most of the
    time.
    """
    place = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(f"file:{place}?mode=ro", uri=True)) as plain:
        cursor = plain.execute(query)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield _as_table(table, pl.DataFrame(rows, schema=_plain_types(table, columns), orient="row"))


def _plain_types(table: str, columns: list[str]) -> dict[str, Any]:
    """How SQLite gives each column."""
    types = dict(empty(table).schema) | {"act": pl.Int64}
    kept = {pl.Int64: pl.Int64, pl.Float64: pl.Float64, pl.Boolean: pl.Int64}
    return {name: kept.get(types[name].base_type(), pl.String) for name in columns}


def _as_table(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the types of their table, from text or numbers."""
    wanted = dict(empty(table).schema) | {"act": pl.Int64()}
    return rows.select(_cast(pl.col(name), wanted[name], kind) for name, kind in rows.schema.items())


def _cast(column: pl.Expr, kind: pl.DataType, given: pl.DataType) -> pl.Expr:
    if isinstance(kind, pl.Datetime):
        text = column.str.slice(0, 19).str.replace("T", " ", literal=True)
        return text.str.to_datetime(SQLITE_MOMENT, time_unit=kind.time_unit).dt.replace_time_zone("UTC")
    if kind == pl.Date:
        return column.str.to_date("%Y-%m-%d")
    if kind == pl.Boolean and given == pl.String:
        return pl.when(column.is_not_null()).then(column == "t")
    return column.cast(kind)


def moment_text(moment: dt.datetime) -> str:
    """A moment as it stands in files and seals."""
    return moment.astimezone(dt.UTC).strftime(MOMENT)
