"""What was bought: the orders of a period with their money, the price paid before, and money per need and month.

Nothing here tells what was paid out, or what lies outside a band of prices: no table holds either.
"""

import datetime as dt

import polars as pl

from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.present.inbound import measured, whole_packs

LIVE = pl.col("state") != "cancelled"
"""Lines that were not cancelled: those that count as bought."""


def bought_since(world: Inputs, policy: Policy, since: dt.date | None) -> pl.DataFrame:
    """Order lines placed after ``since``, up to today, as `dijk.present.inbound.measured`; ``None``: all there are.

    Cancelled ones are among them: what is made of a cancelled line is for who adds up.
    """
    day = pl.col("day")
    placed = (day <= world.today) & (pl.lit(True) if since is None else day > since)
    return measured(world.inbound.filter(placed), world, policy)


def with_price_before(lines: pl.DataFrame) -> pl.DataFrame:
    """Add to all order lines there are, as `bought_since` gives them, the price of the newest line before each for the
    same article: ``before_cents`` a pack, ``before_place`` and ``before_day``. A cancelled line is no price; of lines
    of one day the order number decides. Unknown where none came before.

    Examples
    --------
    >>> day = dt.date(2020, 4, 27)
    >>> told = {"product": "mask-a", "day": day, "line": 1, "state": ["received", "cancelled", "ordered"]}
    >>> told |= {"order": ["A", "B", "C"], "place": ["A/1", "B/1", "C/1"], "cents_per_pack": [100, 900, 120]}
    >>> with_price_before(pl.DataFrame(told))["before_cents"].to_list()
    [None, 100, 100]
    """
    is_price = LIVE & pl.col("cents_per_pack").is_not_null()
    before = {"before_cents": "cents_per_pack", "before_place": "place", "before_day": "day"}
    return lines.sort("product", "day", "order", "line").with_columns(
        pl.when(is_price).then(pl.col(column)).shift(1).forward_fill().over("product").alias(name)
        for name, column in before.items()
    )


def money_by_month(lines: pl.DataFrame) -> pl.DataFrame:
    """Money per need and month of the order: need, ``month`` (its first day), ``lines`` and ``cancelled`` (lines), and
    in euro cents ``committed_cents`` (ordered and not cancelled), ``received_cents`` (of that, what came) and
    ``above_before_cents`` (what it costs above the price before; below 0: less).

    A sum is of the lines of which it is known, and unknown where it is of none: ``unpriced`` lines lack price or
    pieces, ``no_before`` lines lack a price before or are unpriced. Cancelled lines are in no sum.

    Parameters
    ----------
    lines
        Order lines as `with_price_before` gives them.
    """
    came = pl.min_horizontal("packs", whole_packs("received_pieces")) * pl.col("cents_per_pack")
    above = pl.col("packs") * (pl.col("cents_per_pack") - pl.col("before_cents"))
    money = lines.with_columns(month=pl.col("day").dt.truncate("1mo"), received=came, above=above)
    sums = {"committed_cents": "cents", "received_cents": "received", "above_before_cents": "above"}
    return (
        money.group_by("need", "month")
        .agg(
            lines=LIVE.sum(),
            cancelled=(~LIVE).sum(),
            unpriced=pl.col("cents").filter(LIVE).null_count(),
            no_before=pl.col("above").filter(LIVE).null_count(),
            **{name: _known_sum(pl.col(column).filter(LIVE)) for name, column in sums.items()},
        )
        .sort("need", "month", nulls_last=True)
    )


def _known_sum(values: pl.Expr) -> pl.Expr:
    """The sum of what is known; 0 of nothing, unknown where there is something and none of it is known."""
    return pl.when((values.len() == 0) | values.is_not_null().any()).then(values.sum())
