"""Reasons that people gave: a warning keeps silent as long as the row is as it was when the reason was given."""

import polars as pl

from dijk.check.codes import CODES
from dijk.check.plausible.rows import HeldAgainst
from dijk.check.plausible.seen import Seen


def without_reason(found: pl.DataFrame, check: HeldAgainst, seen: Seen) -> pl.DataFrame:
    """The suspects of a check without those of which somebody said why the value is right; an error takes no reason."""
    if found.is_empty() or CODES[check.code].severity == "error":
        return found
    mine = (pl.col("code") == check.code) & (pl.col("table") == check.table) & (pl.col("column") == check.column)
    given = seen.policy.in_force("warning_reason", seen.world.today).filter(mine)
    return found.join(given, on=["key", "value"], how="anti", nulls_equal=True, maintain_order="left")
