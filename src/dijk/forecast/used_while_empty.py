"""Use that was told of a time in which the site itself had nothing: it says nothing of what the site needed."""

import datetime as dt

import polars as pl

from dijk.policy import served_need
from dijk.present.now import Now


def used_while_empty(now: Now) -> pl.DataFrame:
    """Rows of ``use`` with a number of which the site counted nothing usable of the need on a day from the beginning of
    the period to its end; and rows of no use at all of which nobody knows that the site ever had any.

    Examples
    --------
    In the example country (see `dijk.example`) a hospital told what it used of gloves in a week that ended with none:

    >>> used_while_empty(now).filter(site="S00001", need="glove_l").select("days", "pieces").rows()
    [(7, 38514)]
    """
    told, counted = now.world.use.filter(pl.col("pieces").is_not_null()), _counted(now)
    begins = pl.col("day") - pl.duration(days=pl.col("days"))
    both = told.join(counted, on=["site", "need"])
    empty = both.filter((pl.col("left") == 0) & pl.col("counted_on").is_between(begins, "day"))
    had = both.filter((pl.col("left") > 0) & (pl.col("counted_on") <= pl.col("day")))
    key = ["site", "need", "day"]
    unknown = told.filter(pl.col("pieces") == 0).join(had, on=key, how="anti")
    rows = pl.concat([empty.select(key), unknown.select(key)]).unique()
    return told.join(rows, on=key, how="semi").sort(key)


def _counted(now: Now) -> pl.DataFrame:
    """What could be used of each count of a need: site, need, counted_on, left."""
    usable = (pl.col("status") == "approved") & (pl.col("expires_on").fill_null(dt.date.max) >= pl.col("day"))
    counts = now.world.stock.filter(pl.col("pieces").is_not_null() & (pl.col("day") <= now.world.today))
    there = counts.join(served_need(now.policy, now.world.today), on="product").group_by("site", "need", "day")
    left = there.agg(left=pl.when(usable).then("pieces").otherwise(0).sum())
    return left.rename({"day": "counted_on"})
