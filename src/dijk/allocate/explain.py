"""The sum that leads from what was asked to what is sent, in whole pieces, line by line."""

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.allocate.fill import fill
from dijk.allocate.ladder import claimants, on_last_rung
from dijk.tables.results import AWARD_LINES, AwardLine

NEARLY = 1e-6
"""Pieces; what is this close below a whole piece is that piece."""


def lines(rows: pl.DataFrame, goods: pl.DataFrame) -> pl.DataFrame:
    """Table ``AwardLine``: what was asked, what each step took off or added, what is sent; lines of 0 pieces are left out.

    Each line is the difference between two divisions of the same supply, from the simplest to the one that holds, so that they add up:
    equal cover alone, then with floors, then with tiers, then in whole packs, then with fences.
    """
    key = ("site", "need", "risk_class")
    asked = pl.min_horizontal("requested", "capped")
    equal, floors, tiers = steps(rows, goods)
    wide = rows.select(
        *key,
        "requested",
        over_norm=asked - pl.col("requested"),
        in_stock=pl.col("room") - asked,
        scarcity=pl.Series(equal) - pl.col("room"),
        floor=pl.Series(floors - equal),
        tier=pl.Series(tiers - floors),
        pack_rounding=pl.col("packs_unfenced") * pl.col("pieces_per_pack") - pl.Series(tiers),
        fence=(pl.col("packs") - pl.col("packs_unfenced")) * pl.col("pieces_per_pack"),
        shipped=pl.col("packs") * pl.col("pieces_per_pack"),
    )
    long = wide.unpivot(index=key, variable_name="line", value_name="pieces")
    totals = pl.col("line").is_in(["requested", "shipped"])
    kept = long.filter(totals | (pl.col("pieces") != 0)).with_columns(pl.col("line").cast(pl.Enum(AWARD_LINES)))
    return AwardLine.cast(kept.select(AwardLine.column_names()).sort(*key, "line"))


def steps(rows: pl.DataFrame, goods: pl.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Pieces of each claim at equal cover alone, with floors, and with tiers; rounded down, 0 where there are no goods."""
    served = rows.with_row_index("at").filter(pl.col("pool").is_not_null()).sort("pool", maintain_order=True)
    tiered = claimants(served, floor="floor_room", ceiling="room")
    one_tier = replace(tiered, tier=np.ones_like(tiered.tier))
    equal = replace(one_tier, floor=np.zeros_like(tiered.floor))
    pool, supply = served["pool"].cast(pl.Int64).to_numpy(), (goods["packs"] * goods["pieces_per_pack"]).to_numpy()
    placed = np.zeros((3, rows.height), dtype=np.int64)
    for step, rule in enumerate((equal, one_tier, tiered)):
        problems = on_last_rung(rule, pool, supply).problems
        placed[step, served["at"].to_numpy()] = np.floor(fill(problems, supply.astype(np.float64)).pieces + NEARLY)
    return placed[0], placed[1], placed[2]
