"""The world as known at a moment: one reduction, used everywhere."""

import datetime as dt

import dataframely as dy
import polars as pl

MICRO = 1_000_000


def as_known(table: pl.DataFrame, schema: type[dy.Schema], as_of: dt.datetime) -> pl.DataFrame:
    """Of each key the latest row known at ``as_of``; what was retracted by then is gone.

    The key is the table's primary key without ``known_at``. Rows come back sorted by key, so that the order of a file
    never shows in a result.
    """
    if "known_at" not in table.columns or table.is_empty():
        return table
    rows = latest(table.filter(pl.col("known_at") <= as_of), schema)
    if "reason" in rows.columns and "source" in rows.columns:
        rows = rows.filter(pl.col("reason").ne_missing("retracted"))
    return rows


def latest(table: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    """Of each key the row that was known last, one that retracts it included; sorted by key."""
    key = [name for name in schema.primary_key() if name != "known_at"]
    rows = table.sort(*key, "known_at")
    return rows.filter(pl.any_horizontal(pl.col(c).ne_missing(pl.col(c).shift(-1)) for c in key))


def withdrawn(table: pl.DataFrame, known: pl.DataFrame, schema: type[dy.Schema], as_of: dt.datetime) -> pl.DataFrame:
    """Rows of a table of stock that a later row lowered, took away or gave another last day of use; ``known`` is the
    table as known.
    """
    key = [name for name in schema.primary_key() if name != "known_at"]
    holds = known.select(*key, held="pieces", until="expires_on", since="known_at")
    rows = table.filter((pl.col("known_at") <= as_of) & pl.col("pieces").is_not_null())
    if rows.height <= holds["held"].len() - holds["held"].null_count():
        return table.clear()
    rows = rows.join(holds, on=key, how="left")
    other = (
        pl.col("held").is_null()
        | (pl.col("pieces") > pl.col("held"))
        | pl.col("until").ne_missing(pl.col("expires_on"))
    )
    later = pl.col("since").is_null() | (pl.col("since") > pl.col("known_at"))
    return rows.filter(other & later).select(table.columns).sort(*key, "known_at")


def superseded(table: pl.DataFrame, known: pl.DataFrame, schema: type[dy.Schema], as_of: dt.datetime) -> pl.DataFrame:
    """What was said before: the rows known at ``as_of`` that no longer count, because a later row replaced or withdrew
    them; ``known`` is the table as known.
    """
    if table.height == known.height:
        return table.clear()
    key = [name for name in schema.primary_key() if name != "known_at"]
    rows = table.filter(pl.col("known_at") <= as_of)
    return rows.join(known, on=[*key, "known_at"], how="anti").sort(*key, "known_at")


def in_force(table: pl.DataFrame, schema: type[dy.Schema], day: dt.date) -> pl.DataFrame:
    """Of each judgement the row that holds on ``day``: begun, not ended, and of those the latest begun."""
    key = [name for name in schema.primary_key() if name not in ("known_at", "valid_from")]
    holds = (pl.col("valid_from") <= day) & pl.col("valid_to").fill_null(dt.date.max).ge(day)
    return table.filter(holds).sort(*key, "valid_from").unique(key, keep="last", maintain_order=True)


def exact_sum(column: str) -> pl.Expr:
    """Sum of a float column that does not depend on the order of the rows: added as millionths, in whole numbers.

    Examples
    --------
    >>> pl.DataFrame({"use": [0.1, 0.2, 0.3]}).select(exact_sum("use")).item()
    0.6
    """
    return (pl.col(column) * MICRO).round().cast(pl.Int64).sum() / MICRO
