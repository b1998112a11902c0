"""The sum that leads from what was asked to what is sent, in whole pieces, line by line."""

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.allocate.claims import CLAIM, claimants
from dijk.allocate.rule.fill import Problems, fill
from dijk.allocate.rule.ladder import Claimants, offsets_of, on_last_rung
from dijk.tables.division import AWARD_LINES, AwardLine

NEARLY = 1e-6
"""Pieces; what is this close below a whole piece is that piece."""


def lines(rows: pl.DataFrame, need: pl.DataFrame) -> pl.DataFrame:
    """Table ``AwardLine``: what was asked, what each step took off or added, what is sent; lines of 0 pieces are left
    out.

    Each line is the difference between two divisions of the same goods, from the simplest to the one that holds, so
    that they add up: equal cover of a need's own articles, then of all it accepts, then with floors, with tiers, in
    whole packs, with fences, by the region's own rules.

    Parameters
    ----------
    rows
        Claims as divided: with packs and packs_unfenced.
    need
        Pieces of each need: own and pieces; see `dijk.allocate.articles.Served`.
    """
    asked = pl.min_horizontal("requested", "capped")
    equal, substituted, floors, tiers = steps(rows, need)
    wide = rows.select(
        *CLAIM,
        "requested",
        over_norm=asked - pl.col("requested"),
        in_stock=pl.col("room") + pl.col("held_back") + pl.col("room_at_hub") - asked,
        at_hub=-pl.col("room_at_hub"),
        level_band=-pl.col("held_back"),
        scarcity=pl.Series(equal) - pl.col("room"),
        substitution=pl.Series(substituted - equal),
        floor=pl.Series(floors - substituted),
        tier=pl.Series(tiers - floors),
        pack_rounding=pl.col("packs_unfenced") * pl.col("pieces_per_pack") - pl.Series(tiers),
        fence=(pl.col("packs_fenced") - pl.col("packs_unfenced")) * pl.col("pieces_per_pack"),
        region_change=(pl.col("packs") - pl.col("packs_fenced")) * pl.col("pieces_per_pack"),
        shipped=pl.col("packs") * pl.col("pieces_per_pack"),
    )
    return _long(wide)


def hub_lines(rows: pl.DataFrame) -> pl.DataFrame:
    """Table ``AwardLine`` of a hub, for claims to which it sends something: what it meets of the request, and what
    packs add to that.
    """
    sent = rows.filter(pl.col("packs") > 0).with_columns(shipped=pl.col("packs") * pl.col("pieces_per_pack"))
    return _long(
        sent.select(*CLAIM, "requested", pack_rounding=pl.col("shipped") - pl.col("requested"), shipped="shipped")
    )


def _long(wide: pl.DataFrame) -> pl.DataFrame:
    """A row per claim and line; lines of 0 pieces that are no total are left out."""
    long = wide.unpivot(index=CLAIM, variable_name="line", value_name="pieces")
    totals = pl.col("line").is_in(["requested", "shipped"])
    kept = long.filter(totals | (pl.col("pieces") != 0)).with_columns(pl.col("line").cast(pl.Enum(AWARD_LINES.keys())))
    return AwardLine.cast(kept.select(AwardLine.column_names()))


def steps(rows: pl.DataFrame, need: pl.DataFrame) -> NDArray[np.int64]:
    """Pieces of each claim at equal cover of own articles, of all articles, with floors, and with tiers; shape (4,
    claims).

    Rounded down to whole pieces; ``rows`` and ``need`` as for `lines`.
    """
    number = (
        rows.select("need")
        .join(need.with_row_index("number"), on="need", how="left", maintain_order="left")["number"]
        .cast(pl.Int64)
    )
    by_need = number.arg_sort()
    pool, tiered = number[by_need].to_numpy(), claimants(rows[by_need], floor="floor_room", ceiling="room")
    own, all_of_it = need["own"].to_numpy(), need["pieces"].to_numpy()
    found = np.zeros((4, rows.height), dtype=np.int64)
    found[:, by_need.to_numpy()] = step_pieces(tiered, pool, own, all_of_it)
    return found


def step_pieces(
    tiered: Claimants, pool: NDArray[np.int64], own: NDArray[np.int64], shared: NDArray[np.int64]
) -> list[NDArray[np.float64]]:
    """Whole pieces of each claimant, sorted by pool, at each of the four steps; ``own`` and ``shared`` are pieces,
    shape (pools,).
    """
    no_floor = Problems(
        offsets_of(pool, len(own)), tiered.norm_use, tiered.on_hand, np.zeros(len(pool)), tiered.ceiling
    )
    with_floors = on_last_rung(replace(tiered, tier=np.ones_like(tiered.tier)), pool, shared).problems
    with_tiers = on_last_rung(tiered, pool, shared).problems
    equal = whole_pieces(no_floor, own)
    substituted = equal if (own == shared).all() else whole_pieces(no_floor, shared)
    return [equal, substituted, whole_pieces(with_floors, shared), whole_pieces(with_tiers, shared)]


def whole_pieces(problems: Problems, supply: NDArray[np.int64]) -> NDArray[np.float64]:
    """What each claimant gets of the supplies, rounded down to whole pieces."""
    pieces = fill(problems, supply.astype(np.float64)).pieces
    pieces += NEARLY
    return np.floor(pieces, out=pieces)
