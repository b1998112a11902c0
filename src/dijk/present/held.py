"""What warehouses and regional hubs hold for others, by lot and by status; what of it is promised stands apart."""

import datetime as dt

import polars as pl

from dijk.inputs import Inputs
from dijk.policy import Policy, served_need
from dijk.present.promised import in_turn, promised_goods
from dijk.tables import ALL
from dijk.tables.columns import HOLDERS
from dijk.tables.results import CentralStock

DELIVERABLE = ("approved", "promised")
"""What can go out, to whoever it is for. Only what is approved is to be divided: what is promised has a place to go."""


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

    What earlier runs awarded and has not come (see `dijk.present.promised.promised_goods`) is promised: so many pieces
    of the approved lots of that article at warehouses, or at the hubs of the region, in the order in which goods go
    out: first what is to be used first, what has no last day after that, then by site and lot. Where more is promised
    than is approved there, all of it is promised and the rest falls away. After ``promised_days`` it is approved again.

    That is the careful side. A count taken after goods left and before they arrived no longer holds them, and they are
    taken off it all the same: as promised while they are on their way, then as delivered, for a delivery tells the day
    of its arrival; so until the next count, or until the promise lapses. A delivery that does not tell where it came
    from answers its award and leaves the count as it was.

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
    return _promised_apart(placed, promised_goods(world, policy)).select(
        *("need", "product", "site", "region", "holder", "status", "lot", "day", "pieces", "quarantined_on")
    )


def _promised_apart(lots: pl.DataFrame, goods: pl.DataFrame) -> pl.DataFrame:
    """Lots with what is promised of those that are approved as rows of their own."""
    place = ("product", "territory")
    hub = pl.col("holder") == "regional_hub"
    owed = goods.group_by("product", territory="region").agg(pl.col("promised").sum())
    approved = (
        lots.filter(pl.col("status") == "approved")
        .with_columns(territory=pl.when(hub).then("region").otherwise(pl.lit(ALL)))
        .join(owed, on=place, how="left")
        .sort(pl.col("expires_on").fill_null(dt.date.max), "site", "lot")
        .with_columns(taken=in_turn("promised", "pieces", place))
    )
    left = approved.with_columns(pieces=pl.col("pieces") - pl.col("taken"))
    apart = approved.with_columns(pieces="taken", status=pl.lit("promised"))
    rows = pl.concat([left, apart]).filter(pl.col("pieces") > 0)
    return pl.concat([lots.filter(pl.col("status") != "approved"), rows.select(lots.columns)])


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
