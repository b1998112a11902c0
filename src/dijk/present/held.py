"""What warehouses and regional hubs hold for others, by lot and by status."""

import datetime as dt

import polars as pl

from dijk.inputs import Inputs
from dijk.policy import Policy, served_need
from dijk.tables.columns import HOLDERS
from dijk.tables.results import CentralStock


def central_stock(world: Inputs, policy: Policy) -> pl.DataFrame:
    """What warehouses and regional hubs hold, by status. Table ``CentralStock``; see `held_stock`."""
    return by_status(held_stock(world, policy))


def by_status(held: pl.DataFrame) -> pl.DataFrame:
    """Table ``CentralStock``, from what ``held_stock`` gives."""
    table = held.group_by("need", "product", "region", "holder", "status").agg(
        pl.col("pieces").sum(), lots=pl.col("lot").n_unique().cast(pl.Int64), oldest_count=pl.col("day").min()
    )
    return CentralStock.cast(
        table.select(CentralStock.column_names()).sort("need", "product", "region", "holder", "status")
    )


def held_stock(world: Inputs, policy: Policy) -> pl.DataFrame:
    """Lots at warehouses and regional hubs: the last count of each less what was sent from it since.

    A lot is counted as a whole: its newest count replaces every status it had before, so a lot that passes its check
    moves from quarantine to approved and is never there twice. Goods past their day are expired, goods that no need
    accepts today are unaccepted, whatever the label says.

    Returns
    -------
    Columns need (the one it serves first), product, site, region, holder, status, lot, day, pieces (above 0), and
    ``quarantined_on``: the first day on which the lot was counted in quarantine there, empty for other goods. A lot
    that left quarantine and went back does not begin anew.
    """
    held = _held_lots(world)
    served = served_need(policy, world.today)
    once = served_need(policy, None).rename({"need": "once"})
    rows = held.join(served, on="product", how="left").join(once, on="product", how="left")
    status = (
        pl.when(
            (pl.col("expires_on").fill_null(dt.date.max) < world.today)
            & pl.col("status").is_in(["approved", "quarantine"])
        )
        .then(pl.lit("expired"))
        .when(pl.col("need").is_null() & (pl.col("status") == "approved"))
        .then(pl.lit("unaccepted"))
        .otherwise(pl.col("status").cast(pl.String))
    )
    placed = rows.with_columns(status=status, need=pl.coalesce("need", "once")).filter(
        pl.col("need").is_not_null() & (pl.col("pieces") > 0)
    )
    return placed.select(
        *("need", "product", "site", "region", "holder", "status", "lot", "day", "pieces", "quarantined_on")
    )


def _held_lots(world: Inputs) -> pl.DataFrame:
    """Lots at warehouses and hubs: site, region, holder, product, lot, status, day, expires_on, quarantined_on, and
    pieces now.
    """
    holders = world.site.filter(pl.col("kind").is_in(list(HOLDERS))).select("site", "region", holder="kind")
    lot = ["site", "product", "lot"]
    told = world.stock.filter(pl.col("pieces").is_not_null() & (pl.col("day") <= world.today)).join(holders, on="site")
    waiting = (pl.col("status") == "quarantine") & (pl.col("pieces") > 0)
    began = told.filter(waiting).group_by(lot).agg(quarantined_on=pl.col("day").min())
    counts = told.filter(pl.col("day") == pl.col("day").max().over(lot)).join(began, on=lot, how="left")
    sent = (
        world.delivery.filter(
            pl.col("pieces").is_not_null() & pl.col("from_site").is_not_null() & (pl.col("day") <= world.today)
        )
        .select(site="from_site", product="product", lot="lot", sent_on="day", sent="pieces")
        .join(counts.select(*lot, "day").unique(), on=lot)
        .filter(pl.col("sent_on") > pl.col("day"))
        .group_by(lot)
        .agg(pl.col("sent").sum())
    )
    # Only approved pieces may be sent, so what left the lot is taken from its approved part.
    left = pl.col("pieces") - pl.when(pl.col("status") == "approved").then(pl.col("sent").fill_null(0)).otherwise(0)
    since = pl.when(pl.col("status") == "quarantine").then("quarantined_on")
    return counts.join(sent, on=lot, how="left").with_columns(pieces=left.clip(lower_bound=0), quarantined_on=since)
