"""What reached the sites lately, and what of it they bought themselves."""

import datetime as dt

import polars as pl

from dijk.present.now import Now


def delivered(now: Now) -> pl.DataFrame:
    """Deliveries of the last ``flow_days``, today among them, of which the pieces are known."""
    days = int(now.policy.number("flow_days", now.world.today))
    recent = pl.col("day").is_between(now.world.today - dt.timedelta(days=days), now.world.today, closed="right")
    return now.world.delivery.filter(recent & pl.col("pieces").is_not_null())


def own_purchases(now: Now) -> pl.DataFrame:
    """What the sites of each region bought themselves over the last ``flow_days``: need, region, pieces.

    Hubs and places without a sector count too: what they buy, nobody else has to.
    """
    own = delivered(now).filter(pl.col("channel") == "own_purchase")
    bought = own.join(now.world.site.select("site", "region"), on="site")
    return bought.group_by("need", "region").agg(pl.col("pieces").sum())
