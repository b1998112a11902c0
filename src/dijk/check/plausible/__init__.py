"""Faults of meaning: values that are well formed and yet cannot be meant. ``held_against`` says what is held against
what.

A suspect is a warning that a person may answer with a row of ``warning_reason``; it then keeps silent until the row
changes.
"""

from collections.abc import Iterator, Mapping

import polars as pl

from dijk.check.findings import Row, as_table
from dijk.check.plausible import twins
from dijk.check.plausible.held_against import HELD_AGAINST, OF_ALL_ROWS
from dijk.check.plausible.moment import left_aside
from dijk.check.plausible.reasons import without_reason
from dijk.check.plausible.rows import HeldAgainst, suspects, told
from dijk.check.plausible.seen import Seen, whole
from dijk.inputs import Inputs
from dijk.policy import Policy

__all__ = [
    "HELD_AGAINST",
    "OF_ALL_ROWS",
    "HeldAgainst",
    "check_all_rows",
    "doubts",
    "doubts_of",
    "every_suspect",
    "suspects",
    "whole",
]


def doubts(world: Inputs, policy: Policy) -> Iterator[Row]:
    """Findings on the meaning of what is known at a moment."""
    seen = Seen(world, policy)
    return _found(seen, [check for check in HELD_AGAINST if check.by not in OF_ALL_ROWS])


def doubts_of(keys: Mapping[str, pl.Series], known: Seen, every: Seen) -> Iterator[Row]:
    """Findings on the meaning of some rows alone: those with a key of ``keys``, which has them by table as text, and
    rows that are like one of those.

    Parameters
    ----------
    known, every
        What the rows are held against, with the rows among it: as known, and with the rows that these replace.
    """
    for check in HELD_AGAINST:
        if check.table in keys:
            seen = every if check.by in OF_ALL_ROWS else known
            found = without_reason(suspects(seen, check), check, seen)
            named = [pl.col("key"), pl.col("held")] if check.by is twins.twins else [pl.col("key")]
            mine = [column.is_in(keys[check.table].implode()) for column in named]
            yield from told(found.filter(pl.any_horizontal(mine)), check)


def check_all_rows(inputs: Inputs, policy: Policy) -> pl.DataFrame:
    """Findings that need every row: on what a later row changed, and on what the moment leaves aside.

    They belong to the reading of a dataset: a kept run has only the rows that count.
    """
    changed = _found(whole(inputs, policy), [check for check in HELD_AGAINST if check.by in OF_ALL_ROWS])
    return as_table([*changed, *left_aside(inputs, policy)])


def every_suspect(inputs: Inputs, policy: Policy) -> dict[HeldAgainst, pl.DataFrame]:
    """The suspects of each check, silenced or not."""
    known, all_rows = Seen(inputs.known(), policy.known(inputs.as_of)), whole(inputs, policy)
    return {check: suspects(all_rows if check.by in OF_ALL_ROWS else known, check) for check in HELD_AGAINST}


def _found(seen: Seen, checks: list[HeldAgainst]) -> Iterator[Row]:
    for check in checks:
        yield from told(without_reason(suspects(seen, check), check, seen), check)
