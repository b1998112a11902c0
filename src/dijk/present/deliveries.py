"""What reached the sites lately, and what of it they bought themselves."""

import datetime as dt

import polars as pl

from dijk.present.now import Now
from dijk.tables import ALL
from dijk.tables.cells import CELL, with_totals


def delivered(now: Now) -> pl.DataFrame:
    """Deliveries of the last ``flow_days``, today among them, of which the pieces are known."""
    days = int(now.policy.number("flow_days", now.world.today))
    recent = pl.col("day").is_between(now.world.today - dt.timedelta(days=days), now.world.today, closed="right")
    return now.world.delivery.filter(recent & pl.col("pieces").is_not_null())


def own_per_week(now: Now) -> pl.DataFrame:
    """What institutions go on buying themselves, as over the last ``flow_days``, per cell with totals: need, sector,
    region, own_per_week.

    Hubs and places without a sector count in the totals of all sectors: what they buy, nobody else has to.
    """
    bought = _own_purchases(now)
    no_sector = bought.filter(pl.col("sector").is_null()).with_columns(sector=pl.lit(ALL))
    every = pl.concat(
        [with_totals(bought, now.world.sector), no_sector, no_sector.with_columns(region=pl.lit(ALL))],
        how="diagonal_relaxed",
    )
    days = int(now.policy.number("flow_days", now.world.today))
    return every.group_by(CELL).agg(own_per_week=pl.col("pieces").sum() * 7 / days)


def _own_purchases(now: Now) -> pl.DataFrame:
    """Own purchases of the last ``flow_days`` by need, sector and region: pieces."""
    own = delivered(now).filter(pl.col("channel") == "own_purchase")
    bought = own.join(now.world.site.select("site", "sector", "region"), on="site")
    return bought.group_by(CELL).agg(pl.col("pieces").sum())
