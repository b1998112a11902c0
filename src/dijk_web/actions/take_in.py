"""Taking in a dataset of the past: rows that each say when they became known."""

from collections.abc import Mapping

import polars as pl

from dijk.tables import ON_DISK
from dijk_web.actions.writing import TooLate, writing
from dijk_web.bridge import rows_until
from dijk_web.models import TOLD, Person


def take_in(tables: Mapping[str, pl.DataFrame], *, by: Person, reason: str, once: str | None = None) -> int:
    """Add all rows of a dataset that are not there yet, in one act; its number.

    Raises
    ------
    TooLate
        A row has the key and the moment of one that is there, and says something else; nothing is added.
    """
    with writing("dataset_taken_in", by=by, about="dataset", reason=reason, once=once) as act:
        for name, rows in tables.items():
            act.take_in(name, new_rows(name, rows))
    return act.number


def new_rows(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that are not in the database yet, equal ones left out.

    Raises
    ------
    TooLate
        A row has the key and the moment of one that is there, and says something else.
    """
    if not TOLD[table].objects.exists():
        return rows
    there = rows_until(table).drop("act")
    columns, key = ON_DISK[table].column_names(), ON_DISK[table].primary_key()
    new = rows.select(columns).join(there, on=columns, how="anti", nulls_equal=True)
    other = new.join(there, on=key, how="semi")
    if other.height:
        raise TooLate(f"{table}: {other.height} rows say something else than those with the same key and moment")
    return new
