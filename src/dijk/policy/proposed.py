"""Judgements that somebody proposes, as they would count today: told now, and begun."""

import datetime as dt

import dataframely as dy
import polars as pl

from dijk.known import in_force, latest

WITHDRAWN = pl.col("valid_to").fill_null(dt.date.max) < pl.col("valid_from")
"""Rows that take back another: they end before they begin."""


def as_if_told(rows: pl.DataFrame, schema: type[dy.Schema], as_of: dt.datetime) -> pl.DataFrame:
    """Proposed rows of a table of judgements as if they were told at ``as_of``, sorted by key.

    What begins later counts as begun today: of each key that no proposed row holds for today, the first row to begin.
    All else stands as it says, also a row that takes back another.

    Parameters
    ----------
    rows
        May have further columns. Of the same key with several ``known_at`` the last counts.
    schema
        One of ``dijk.tables.POLICY``.

    Returns
    -------
    The rows with ``known_at`` at ``as_of`` and, where they begin later, ``valid_from`` today.
    """
    told = latest(rows, schema).with_columns(known_at=pl.lit(as_of))
    ahead = counted_as_begun(told, schema, as_of.date())
    kept = told.join(ahead, on=_without(schema, "known_at"), how="anti")
    begun = ahead.with_columns(valid_from=pl.lit(as_of.date()))
    return in_place(kept, begun, schema).sort(schema.primary_key())  # also of one that takes back the row of today


def counted_as_begun(rows: pl.DataFrame, schema: type[dy.Schema], today: dt.date) -> pl.DataFrame:
    """Of proposed rows, sorted by key, those that begin later and count as begun today: of each key that no row holds
    for today, the first.
    """
    same = _without(schema, "known_at", "valid_from")
    ahead = rows.filter((pl.col("valid_from") > today) & ~WITHDRAWN)
    return ahead.join(in_force(rows, schema, today), on=same, how="anti").unique(
        same, keep="first", maintain_order=True
    )


def in_place(table: pl.DataFrame, told: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    """A table with rows that were told, in place of those with the same key, whenever these were known."""
    kept = table.join(told, on=_without(schema, "known_at"), how="anti")
    return pl.concat([kept, told.select(table.columns).cast(dict(table.schema))])  # type: ignore[arg-type]


def _without(schema: type[dy.Schema], *names: str) -> list[str]:
    return [name for name in schema.primary_key() if name not in names]
