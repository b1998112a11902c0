"""The one pen: every change is an act inside `writing`, one at a time, numbered in the order in which it is committed.

Taking the pen gives the number and the moment. Moments never fall, so what was known before an act is known before all
that follow; and a run that stands on an act number sees the same rows for ever.
"""

import datetime as dt
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.db import connection, transaction

from dijk.tables import ON_DISK, empty
from dijk_web import clock
from dijk_web.bridge import add_rows, keep_current, last_row, moment_text
from dijk_web.file_lock import only_one
from dijk_web.models import CURRENT, TOLD, Act, Pen, Person

IN_LINE = threading.Lock()
"""Threads wait for it in the order they came."""


class AlreadyDone(Exception):
    """A form that was sent before; ``act`` is what came of it the first time."""

    def __init__(self, act: Act) -> None:
        super().__init__(f"act {act.number}")
        self.act = act


class TooLate(Exception):
    """Somebody else was first; says what they did."""


@dataclass
class Writing:
    """An act that is being written. ``known_at`` is when its rows become known; ``name`` and ``about`` may be told
    inside, where that shows what was done, or the object is the number of the act itself.
    """

    number: int
    known_at: dt.datetime
    name: str
    about: str
    added: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    before: Any = None
    after: Any = None

    def tell(self, table: str, rows: pl.DataFrame | list[dict[str, Any]]) -> None:
        """Add rows that become known now; they need no ``known_at``.

        A key that was already told in this second moves the pen one second on, for all rows of the act.
        """
        frame = as_table(table, rows, self.known_at)
        self.added.setdefault(table, []).append(frame)

    def take_in(self, table: str, rows: pl.DataFrame) -> None:
        """Add rows of the past, each with the moment at which it became known."""
        self.added.setdefault(table, []).append(rows.select(ON_DISK[table].column_names()))


@contextmanager
def writing(name: str, *, by: Person, about: str, reason: str = "", once: str | None = None) -> Iterator[Writing]:
    """One act: what is done inside is committed together with its rows and its line in the log, or not at all.

    Parameters
    ----------
    name
        What was done, in the past tense: ``stock_told``.
    about
        The object whose log it is in: ``site:ABC``.
    once
        The one-time key of the form, if it came from one.

    Raises
    ------
    AlreadyDone
        A form with this key has been taken; nothing is written.
    """
    with taking_turns(), transaction.atomic(durable=True):
        pen = Pen.objects.select_for_update().get()
        if once and (done := Act.objects.filter(once=once).first()):
            raise AlreadyDone(done)
        act = Writing(number=pen.act + 1, known_at=max(clock.now(), pen.known_at), name=name, about=about)
        yield act
        added = _add(act, pen)
        line = Act(
            number=act.number,
            known_at=act.known_at,
            by=by.code,
            role=by.role,
            name=act.name,
            about=act.about,
            reason=reason,
            before=act.before,
            after=act.after,
            added=added,
            once=once,
        )
        line.seal = seal_of(line, pen.seal)
        line.save(force_insert=True)
        Pen.objects.update(act=act.number, known_at=act.known_at, seal=line.seal)


@contextmanager
def taking_turns() -> Iterator[None]:
    """Wait for the turn to write. SQLite lets writers wait by sleeping, which is not fair: some wait seconds, all do
    beside a process that writes without a pause. A lock in each process is fair, and so is one on a file between them.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with IN_LINE, only_one(Path(settings.DATA) / "pen.lock"):
        yield


def seal_of(line: Act, previous: str) -> str:
    """SHA-256 over the seal before, the line and the digests of the rows it added."""
    said = {
        "previous": previous,
        "number": line.number,
        "known_at": moment_text(line.known_at),
        "once": line.once,
        **{name: getattr(line, name) for name in ("by", "role", "name", "about", "reason", "before", "after", "added")},
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def as_table(table: str, rows: pl.DataFrame | list[dict[str, Any]], known_at: dt.datetime) -> pl.DataFrame:
    """Rows with every column of their table, in its order and types; a column that is not given is empty."""
    schema = empty(table).schema
    frame = pl.DataFrame(rows, schema_overrides=schema) if isinstance(rows, list) else rows
    known = pl.lit(known_at, dtype=schema["known_at"]).alias("known_at")
    if frame.schema == schema:
        return frame.with_columns(known)
    there = {name: pl.col(name).cast(kind) for name, kind in schema.items() if name in frame.columns}
    left = {name: pl.lit(None, dtype=kind).alias(name) for name, kind in schema.items() if name not in frame.columns}
    columns = left | there | {"known_at": known}
    return frame.select(columns[name] for name in schema)


def _add(act: Writing, pen: Pen) -> dict[str, Any]:
    """Write the rows of an act; of each table how many and their digest."""
    tables = {name: pl.concat(parts) for name, parts in act.added.items()}
    tables = {name: rows for name, rows in tables.items() if rows.height}
    if act.known_at == pen.known_at and any(_told_now(name, rows, act.known_at) for name, rows in tables.items()):
        at, act.known_at = act.known_at, act.known_at + dt.timedelta(seconds=1)
        later = pl.when(pl.col("known_at") == at).then(pl.lit(act.known_at)).otherwise("known_at")
        tables = {
            name: rows.with_columns(known_at=later.cast(rows.schema["known_at"])) for name, rows in tables.items()
        }
    added = {}
    for name, rows in tables.items():
        numbered = rows.with_columns(act=pl.lit(act.number, dtype=pl.Int64))
        before = last_row(name) if name in CURRENT else 0
        added[name] = [rows.height, add_rows(name, numbered)]
        if name in CURRENT:
            keep_current(name, after=before)
    return added


def _told_now(table: str, rows: pl.DataFrame, known_at: dt.datetime) -> bool:
    """Whether a key of these rows was already told at this moment."""
    key = [name for name in ON_DISK[table].primary_key() if name != "known_at"]
    now = set(rows.filter(pl.col("known_at") == known_at).select(key).iter_rows())
    if not now:
        return False
    place = -1 if table in CURRENT else 0
    told = TOLD[table].objects.filter(known_at=known_at, **{f"{key[place]}__in": {row[place] for row in now}})
    return not now.isdisjoint(told.values_list(*key))
