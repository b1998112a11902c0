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
    """Order lines placed after ``since``, up to today, as `dijk.present.inbound.measured`, with the price before each
    as `with_price_before` has it and the ``month`` of the order (its first day); ``None``: all lines there are.

    Cancelled ones are among them, since somebody who was not there wants to know; they are in no sum.
    """
    day = pl.col("day")
    placed = with_price_before(measured(world.inbound.filter(day <= world.today), world, policy))
    return placed.filter(pl.lit(True) if since is None else day > since).with_columns(month=day.dt.truncate("1mo"))


def with_price_before(lines: pl.DataFrame) -> pl.DataFrame:
    """Add to order lines, sorted by article and day, the price of the newest line before each for the same article:
    ``before_cents`` a pack, ``before_place`` and ``before_day``. A cancelled line is no price; of lines of one day the
    order number decides. Unknown where none came before.

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


def money(lines: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Money of order lines, as `bought_since` gives them: of each group ``lines`` and ``pieces``, ``cancelled`` (lines,
    in no sum), and in euro cents ``committed_cents`` (ordered and not cancelled), ``received_cents`` (of that, what
    came) and ``above_before_cents`` (what it costs above the price before; below 0: less).

    A sum is of the lines of which it is known, and unknown where it is of none: ``unpriced`` lines lack price or
    pieces, ``no_before`` lines lack a price before or are unpriced; ``priced`` pieces have money. Groups come in the
    order of their values, an unknown one last.
    """
    came = pl.min_horizontal("packs", whole_packs("received_pieces")) * pl.col("cents_per_pack")
    above = pl.col("packs") * (pl.col("cents_per_pack") - pl.col("before_cents"))
    sums = {"pieces": "pieces", "committed_cents": "cents", "received_cents": "came", "above_before_cents": "above"}
    return (
        lines.with_columns(came=came, above=above)
        .group_by(by)
        .agg(
            lines=LIVE.sum(),
            cancelled=(~LIVE).sum(),
            unpriced=pl.col("cents").filter(LIVE).null_count(),
            no_before=pl.col("above").filter(LIVE).null_count(),
            priced=pl.col("pieces").filter(LIVE & pl.col("cents").is_not_null()).sum(),
            **{name: _known_sum(pl.col(column).filter(LIVE)) for name, column in sums.items()},
        )
        .sort(by, nulls_last=True)
    )


def _known_sum(values: pl.Expr) -> pl.Expr:
    """The sum of what is known; 0 of nothing, unknown where there is something and none of it is known."""
    return pl.when((values.len() == 0) | values.is_not_null().any()).then(values.sum())
