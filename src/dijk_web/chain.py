"""Whether what the database holds is what was written: the chain of the log, and the projections made anew."""

from collections.abc import Iterator

import polars as pl

from dijk.known import latest
from dijk.tables import ON_DISK
from dijk_web.actions.writing import seal_of
from dijk_web.bridge import current_rows, rows_until, sealed
from dijk_web.models import CURRENT, TOLD, Act, Pen

BEFORE_ALL = "0" * 64
"""The seal that the first act rests on."""


def broken_acts() -> list[str]:
    """What does not fit, the first act first, each as a sentence; nothing where every seal is right.

    All rows are read and every digest is made anew: a row that was changed, added or taken away behind the triggers is
    told by its act and table.
    """
    told = {name: _by_act(name) for name in TOLD}
    seal, number = BEFORE_ALL, 0
    found: list[str] = []
    for line in Act.objects.order_by("number").iterator():
        found += _gaps(number, line)
        found += _rows_differ(line, told)
        if seal_of(line, seal) != line.seal:
            found.append(f"act {line.number}: its line in the log is not the one that was sealed")
        seal, number = line.seal, line.number
    pen = Pen.objects.get()
    if (pen.act, pen.seal) != (number, seal):
        found.append(f"act {pen.act}: the pen and the last line of the log do not agree")
    for name, groups in told.items():
        found += [f"act {act}: {name} has rows that no line of the log names" for act in groups]
    return found


def _by_act(table: str) -> dict[int, pl.DataFrame]:
    rows = rows_until(table)
    parts = rows.partition_by("act", as_dict=True, maintain_order=True)
    return {int(act): part for (act,), part in parts.items()}


def _gaps(number: int, line: Act) -> Iterator[str]:
    for missing in range(number + 1, line.number):
        yield f"act {missing}: its line in the log is gone"


def _rows_differ(line: Act, told: dict[str, dict[int, pl.DataFrame]]) -> Iterator[str]:
    for name, (height, digest) in line.added.items():
        rows = told[name].pop(line.number, None)
        if rows is None or rows.height != height:
            yield f"act {line.number}: {name} has {0 if rows is None else rows.height} rows, {height} were added"
        elif sealed(rows) != digest:
            yield f"act {line.number}: {name} has rows that differ from those added"


def projections_that_differ() -> dict[str, int]:
    """Of each projection the number of codes that it gives otherwise than its rows do; nothing where all are equal."""
    found = {}
    for name in CURRENT:
        anew = latest(rows_until(name).drop("act"), ON_DISK[name]).sort(name)
        kept = current_rows(name).sort(name)
        if not kept.equals(anew):
            found[name] = pl.concat([kept, anew]).filter(pl.struct(pl.all()).is_unique())[name].n_unique()
    return found
