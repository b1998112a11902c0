"""Rows that are alike under two keys: the same in all that matters, with the same or nearly the same name."""

from collections.abc import Iterator

import polars as pl
from rapidfuzz import process

from dijk.check.findings import key_text
from dijk.check.plausible.ledger import exact
from dijk.check.plausible.rows import HeldAgainst
from dijk.check.plausible.seen import Seen

ALIKE = 85
"""Names of which at least so many of a hundred letters agree are nearly the same. Assumed."""

MOST_IN_GROUP, NEXT = 300, 50
"""Names of a group are compared in pairs; of a larger group each with so many that follow it in the alphabet."""


def twins(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """The same in the columns of the group and nearly the same in the other column, within so many days."""
    rows = seen.beside(check.table, check.group).drop_nulls(list(check.group) or check.other)
    rows = rows.filter(pl.len().over(check.group or pl.lit(0)) > 1).sort(
        *check.group, *([check.time] if check.time else []), *check.key()
    )
    rows = rows.with_columns(_key=key_text(check.key()))
    return exact(near_names(rows, check) if check.other else next_to(rows, check), "_held")


def next_to(rows: pl.DataFrame, check: HeldAgainst) -> pl.DataFrame:
    """With ``_held``, the key of the row before in the same group, where it is near enough in days."""
    before = rows.with_columns(_held=pl.col("_key").shift().over(check.group)).drop_nulls("_held")
    if check.time is None:
        return before
    days = rows.select((pl.col(check.time) - pl.col(check.time).shift().over(check.group)).dt.total_days()).to_series()
    near = rows.with_columns(_held=pl.col("_key").shift().over(check.group), _days=days)
    return near.filter(pl.col("_days") <= check.factor)


def near_names(rows: pl.DataFrame, check: HeldAgainst) -> pl.DataFrame:
    """With ``_held``, the key of an earlier row of the group that is called nearly the same, with the same numbers."""
    name = str(check.other)
    numbers = pl.col(name).str.extract_all(r"\d+").list.join(" ")
    grouped = (
        rows.with_columns(_numbers=numbers)
        .group_by(*check.group, "_numbers")
        .agg(_row=pl.struct(pl.col(name).alias("name"), "_key"))
    )
    pairs = [pair for (group,) in grouped.select("_row").iter_rows() for pair in alike(group)]
    found = pl.DataFrame(pairs, schema={"_key": pl.String, "_held": pl.String}, orient="row").unique(
        "_key", keep="first"
    )
    return rows.join(found, on="_key")


def alike(group: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
    """The keys of two rows that are called nearly the same: the later, the earlier; of a name's words any order will
    do.
    """
    sorted_words = [" ".join(sorted(row["name"].casefold().split())) for row in group]
    order = sorted(range(len(group)), key=lambda i: (sorted_words[i], i))
    ahead = NEXT if len(group) > MOST_IN_GROUP else len(group)
    names = [sorted_words[i] for i in order]
    for start in range(0, len(names), ahead):
        near = process.cdist(names[start : start + ahead], names[start : start + 2 * ahead], score_cutoff=ALIKE)
        for i, j in zip(*near.nonzero(), strict=True):
            if i < j <= i + ahead:
                one, other = sorted((order[start + i], order[start + j]))
                yield group[other]["_key"], group[one]["_key"]
