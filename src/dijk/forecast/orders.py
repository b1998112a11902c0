"""What orders ask that was not asked before: repeated orders that were never filled are one need, not two."""

import polars as pl


def netted_orders(orders: pl.DataFrame, filled: pl.DataFrame, *, open_days: int) -> pl.DataFrame:
    """Take off each order what is still open from earlier orders of the same site and need.

    An order of 100 that is sent three times and never filled asks 100; one that grows to 150 asks 50 more; what was
    filled in between can be asked anew. An order is open until it is filled or ``open_days`` have gone by without
    another.

    Parameters
    ----------
    orders
        cell (the site and the need), day, pieces; orders of one day in the order in which they stand.
    filled
        What was sent to the sites since: cell, day, pieces. What arrives on the day of an order came before it.

    Returns
    -------
    Columns cell, day, ``pieces`` (0 or more): a row an order, in no order.
    """
    rows = orders.select("cell", "day", asked="pieces").with_row_index("number")
    several = pl.col("cell").is_duplicated()
    again, once = rows.filter(several), rows.filter(~several)
    came = filled.join(again, on="cell", how="semi").select("cell", "day", came="pieces")
    # nulls first: what arrives has no number
    events = pl.concat([again, came], how="diagonal").sort("cell", "day", "number", nulls_last=False)
    placed = events.with_columns(came=pl.col("came").fill_null(0).cum_sum().over("cell")).filter(
        pl.col("asked").is_not_null()
    )
    new = (pl.col("cell") != pl.col("cell").shift()) | (
        (pl.col("day") - pl.col("day").shift()).dt.total_days() > open_days
    )
    # the most that was asked so far, less what came since, is what is open
    reach = (pl.col("asked") + pl.col("came")).cum_max().shift().over(new.fill_null(True).cum_sum()) - pl.col("came")
    netted = (pl.col("asked") - reach.fill_null(0).clip(lower_bound=0)).clip(lower_bound=0)
    return pl.concat([once.select("cell", "day", pieces="asked"), placed.select("cell", "day", pieces=netted)])
