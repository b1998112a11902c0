"""What a claim would have got without what was assumed of its stock: the price of an answer that never came."""

import polars as pl

from dijk.allocate.claims import CLAIM, ITS_LEVEL, LEVEL

BY_LEVEL = ("part", "part_of_floor")
"""Reaches of a level at which it says to how many days of cover a claim is brought."""


def without_assumed(claim: pl.DataFrame, award_line: pl.DataFrame, level: pl.DataFrame) -> pl.DataFrame:
    """Claims on the nation's goods of which some stock was assumed, and what their level gives them without it.

    Parameters
    ----------
    claim, award_line, level
        Tables of one division.

    Returns
    -------
    The key of the claim, ``known`` (pieces of its position that are not assumed) and ``without`` (pieces that its level
    gives at that stock, in whole packs, never less than it gets; the level stands, as for one site it hardly moves).
    ``without`` is empty where the level says no days (a class that gets its floor) and where no goods are left.

    Examples
    --------
    In the example country (see `dijk.example`) a hospital that never told its stock counts as holding ten days of
    gowns; at 0 it would have got 160:

    >>> told = without_assumed(made.claim, made.award_line, made.level)
    >>> told.filter(site="S00002", need="gown").select("known", "without").row(0)
    (0, 160)
    """
    mine = claim.filter((pl.col("holder") == "warehouse") & (pl.col("assumed") > 0))
    lines = award_line.with_columns(pl.col("line").cast(pl.String)).join(mine, on=CLAIM, how="semi").group_by(CLAIM)
    sums = lines.agg(
        kept=_sum_of("requested", "over_norm"), cut=_sum_of("in_stock", "at_hub"), shipped=_sum_of("shipped")
    )
    rows = mine.join(sums, on=CLAIM).with_columns(known=pl.col("position") - pl.col("assumed"))
    levels = level.select(pl.col(LEVEL).name.map(dict(zip(LEVEL, ITS_LEVEL, strict=True)).__getitem__), *_OF_LEVEL)
    rows = rows.join(levels, on=ITS_LEVEL, how="left")
    pack, is_all = pl.col("pieces_per_pack"), pl.col("reach") == "all"
    packs = (_given() + pl.when(is_all).then(pack - 1).otherwise(0)) // pack  # a ceiling is rounded up, a level down
    nothing = pl.when(pl.col("reach") == "nothing").then("shipped")
    without = nothing.when(_given().is_not_null()).then(pl.max_horizontal("shipped", packs * pack))
    return rows.select(*CLAIM, "known", without=without).sort(CLAIM)


def _sum_of(*lines: str) -> pl.Expr:
    return pl.col("pieces").filter(pl.col("line").is_in(lines)).sum()


_OF_LEVEL = ("reach", "level_days", "pieces_per_pack")


def _given() -> pl.Expr:
    """Pieces that a level gives at the stock that is known; ``cut`` is what stock took from ``kept``, at most all."""
    at_cap = pl.when(pl.col("cut") > -pl.col("kept")).then(pl.col("kept") + pl.col("cut") + pl.col("assumed"))
    room = pl.min_horizontal("kept", at_cap.otherwise(pl.col("kept") - pl.col("known")))
    brought = (pl.col("level_days") * pl.col("norm_use_per_day")).floor().cast(pl.Int64) - pl.col("known")
    by_level = pl.when(pl.col("reach").is_in(BY_LEVEL)).then(pl.min_horizontal(room, brought))
    return by_level.when(pl.col("reach") == "all").then(room).clip(0)
