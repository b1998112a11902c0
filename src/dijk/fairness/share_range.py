"""How the share of a sector or region in norm use moves over the stated ranges of the norms."""

import polars as pl

from dijk.known import exact_sum
from dijk.present.now import Now
from dijk.tables import ALL
from dijk.tables.cells import CELL, with_totals
from dijk.tables.results import ShareRange


def share_range(now: Now) -> pl.DataFrame:
    """Share of norm use of each sector, group and region: at the norms, and at the ends of their stated ranges.

    The smallest share takes the low norms for the part itself and the high norms for all others; the largest the other
    way round.

    Examples
    --------
    The part of care in the use of gowns in the example country (see `dijk.example`):

    >>> care = share_range(now).filter(need="gown", sector="care", region="all")
    >>> care.select(pl.col("low", "mid", "high").round(2)).row(0)
    (0.12, 0.44, 0.89)
    """
    places = now.world.site.select("site", "sector", "region")
    rows = (
        now.norm_use.join(places, on="site").group_by(CELL).agg(exact_sum(c).alias(c) for c in ("low", "mid", "high"))
    )
    cells = (
        with_totals(rows, now.world.sector).group_by(CELL).agg(exact_sum(c).alias(c) for c in ("low", "mid", "high"))
    )
    one_axis = (pl.col("sector") == ALL) != (pl.col("region") == ALL)
    whole = cells.filter((pl.col("sector") == ALL) & (pl.col("region") == ALL)).select(
        "need", *(pl.col(c).alias(f"all_{c}") for c in ("low", "mid", "high"))
    )
    part = cells.filter(one_axis).join(whole, on="need").filter(pl.col("all_mid") > 0)
    table = part.select(
        *CELL,
        low=_of(pl.col("low"), pl.col("all_high") - pl.col("high")),
        mid=pl.col("mid") / pl.col("all_mid"),
        high=_of(pl.col("high"), pl.col("all_low") - pl.col("low")),
    )
    return ShareRange.cast(table.with_columns(pl.col("low", "mid", "high").clip(0, 1).round(9)).sort(CELL))


def _of(part: pl.Expr, others: pl.Expr) -> pl.Expr:
    """Share of a part beside the others; 0 where both are 0."""
    return pl.when(part + others > 0).then(part / (part + others)).otherwise(0.0)
