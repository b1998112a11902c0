"""Whether what the database holds is what was written: the chain of the log, and the projections made anew."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
from django.db import connection, transaction

from dijk.known import latest
from dijk.tables import ON_DISK
from dijk_web.actions.writing import seal_of
from dijk_web.bridge import current_rows, keep_current, rows_until, sealed
from dijk_web.models import CURRENT, TOLD, Act, Pen

BEFORE_ALL = "0" * 64
"""The seal that the first act rests on."""


BREAKS = ("line_gone", "rows_missing", "rows_differ", "line_differs", "rows_unnamed", "pen_differs")
"""In which ways an act may not be what was sealed."""


@dataclass(frozen=True)
class Broken:
    """An act that is not what was sealed: in which of the `BREAKS`, and of the rows of which table."""

    act: int
    how: str
    table: str = ""
    there: int = 0
    added: int = 0


def broken_acts() -> list[Broken]:
    """What does not fit, the first act first; nothing where every seal is right.

    All rows are read and every digest is made anew: a row that was changed, added or taken away behind the triggers is
    told by its act and table.
    """
    told = {name: _by_act(name) for name in TOLD}
    seal, number = BEFORE_ALL, 0
    found: list[Broken] = []
    for line in Act.objects.order_by("number").iterator():
        found += [Broken(missing, "line_gone") for missing in range(number + 1, line.number)]
        found += _rows_differ(line, told)
        if seal_of(line, seal) != line.seal:
            found.append(Broken(line.number, "line_differs"))
        seal, number = line.seal, line.number
    pen = Pen.objects.get()
    if (pen.act, pen.seal) != (number, seal):
        found.append(Broken(pen.act, "pen_differs"))
    for name, groups in told.items():
        found += [Broken(act, "rows_unnamed", name, there=rows.height) for act, rows in groups.items()]
    return sorted(found, key=lambda one: one.act)


def _by_act(table: str) -> dict[int, pl.DataFrame]:
    rows = rows_until(table)
    parts = rows.partition_by("act", as_dict=True, maintain_order=True)
    return {int(act): part for (act,), part in parts.items()}


def _rows_differ(line: Act, told: dict[str, dict[int, pl.DataFrame]]) -> Iterator[Broken]:
    for name, (height, digest) in line.added.items():
        rows = told[name].pop(line.number, None)
        there = 0 if rows is None else rows.height
        if rows is None or there != height:
            yield Broken(line.number, "rows_missing", name, there, height)
        elif sealed(rows) != digest:
            yield Broken(line.number, "rows_differ", name, there, height)


def projections_that_differ() -> dict[str, int]:
    """Of each projection the number of codes that it gives otherwise than its rows do; nothing where all are equal."""
    found = {}
    for name in CURRENT:
        anew = made_anew(name)
        kept = current_rows(name).sort(name)
        if not kept.equals(anew):
            found[name] = pl.concat([kept, anew]).filter(pl.struct(pl.all()).is_unique())[name].n_unique()
    return found


def made_anew(table: str) -> pl.DataFrame:
    """What the projection of a table must hold, by the rows that were told."""
    return latest(rows_until(table).drop("act"), ON_DISK[table]).sort(table)


def write_projections_anew() -> dict[str, int]:
    """Replace every projection by what its rows say; of each the number of codes. Nobody writes meanwhile."""
    written = {}
    with transaction.atomic(durable=True):
        Pen.objects.select_for_update().get()
        for name in CURRENT:
            with connection.cursor() as cursor:
                cursor.execute(f'DELETE FROM "current_{name}"')
            keep_current(name, after=0)
            written[name] = CURRENT[name].objects.count()
    return written


def last_act() -> int:
    """The number of the last act."""
    return Pen.objects.get().act
