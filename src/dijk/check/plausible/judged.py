"""Judgements and registers that pass the whole, stand beside each other, move, or end with nothing in their place."""

import datetime as dt

import polars as pl

from dijk.check.plausible.ledger import exact
from dijk.check.plausible.rows import HeldAgainst
from dijk.check.plausible.seen import Seen
from dijk.tables import ALL, POLICY

PROMISES = ("guarantee", "reserve")


def promises(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """Promised shares of a need that are together more than the whole; the row for all needs counts with each."""
    rows = seen.policy.in_force("fence", seen.world.today).filter(pl.col("kind").is_in(PROMISES))
    for_all = rows.filter(pl.col("need") == ALL)["share"].sum()
    together = pl.col("share").sum().over("need") + pl.when(pl.col("need") != ALL).then(for_all).otherwise(0)
    return exact(rows.with_columns(_sum=together).filter(pl.col("_sum") > check.factor), pl.col("_sum").round(6))


def side_by_side(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """Two rows of the same that were both meant to hold, neither ended, and say different things from the same day."""
    rows = seen.policy.in_force(check.table, seen.world.today).sort(*check.key())
    held = pl.col(check.column).cast(pl.String).shift().over(check.group)
    return exact(rows.with_columns(_held=held).drop_nulls("_held"), "_held")


def two_first(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """An article that is accepted in first place for more than one need at a time."""
    rows = (
        seen.policy.in_force("acceptance", seen.world.today).filter(pl.col("preference") == 1).sort("product", "need")
    )
    return exact(rows.with_columns(_held=pl.col("need").shift().over("product")).drop_nulls("_held"), "_held")


def still_open(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """A judgement that begins while the one before it has not ended, so that two were meant at once."""
    same = [name for name in check.key() if name != "valid_from"]
    rows = (
        seen.table(check.table)
        .sort(*same, "valid_from")
        .filter(pl.col("valid_to").fill_null(dt.date.max) >= pl.col("valid_from"))
    )
    before = rows.with_columns(
        _held=pl.col("valid_from").shift().over(same),
        _until=pl.col("valid_to").fill_null(dt.date.max).shift().over(same),
    )
    return exact(before.filter(pl.col("_until") >= pl.col("valid_from")), "_held")


def ended(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """A judgement that ended, with nothing in its place."""
    key = [name for name in check.key() if name != "valid_from"]
    rows = seen.table(check.table).filter(pl.col("valid_to") < seen.world.today)
    last = rows.filter(pl.col("valid_to") >= pl.col("valid_from")).sort("valid_from").unique(key, keep="last")
    holds = seen.policy.in_force(check.table, seen.world.today)
    return exact(last.join(holds, on=key, how="anti"), pl.lit(str(seen.world.today)))


def without_end(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """A judgement that should end and does not, or not within so many days."""
    days = (pl.col("valid_to").fill_null(seen.world.today) - pl.col("valid_from")).dt.total_days()
    rows = seen.policy.in_force(check.table, seen.world.today)
    return exact(
        rows.filter((days > check.factor) | pl.col("valid_to").is_null()),
        pl.col("valid_to").cast(pl.String).fill_null("-"),
    )


def moved(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """What later rows of a register say otherwise, though other rows rest on it."""
    rows = seen.table(check.table).sort(*check.key(), "known_at")
    held = pl.col(check.column).cast(pl.String).shift().over(check.key())
    return exact(rows.with_columns(_held=held).filter(pl.col(check.column).cast(pl.String) != pl.col("_held")), "_held")


def went_back(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """A scope that goes back to an earlier state."""
    states = POLICY["scope"].columns()["state"].categories  # type: ignore[attr-defined]
    place = pl.col("state").cast(pl.String).replace_strict({s: i for i, s in enumerate(states)}, return_dtype=pl.Int64)
    rows = (
        seen.policy.scope.filter(pl.col("valid_from") <= seen.world.today)
        .sort("need", "valid_from")
        .with_columns(_place=place)
    )
    rows = rows.with_columns(
        _before=pl.col("_place").shift().over("need"), _held=pl.col("state").cast(pl.String).shift().over("need")
    )
    return exact(rows.filter(pl.col("_place") < pl.col("_before")), "_held")
