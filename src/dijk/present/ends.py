"""Goods of which it is known today that they can be used until a day only: they expire, or what accepts them ends."""

import datetime as dt

import polars as pl

from dijk.policy import Policy, served_need
from dijk.present.held import DELIVERABLE
from dijk.present.now import Now


def accepted_until(policy: Policy, day: dt.date) -> pl.DataFrame:
    """The last day on which each product serves the need it serves first, by what is decided today: product, need,
    until (empty: open).

    An acceptance that is renewed without a day between goes on. What a product serves besides is left aside.
    """
    held = _in_force(policy, day)
    rows = served_need(policy, day).join(held, on=["product", "need"], maintain_order="left")
    seen: set[dt.date] = set()
    while ends := set(rows["until"].drop_nulls()) - seen:
        end = min(ends)
        seen.add(end)
        again = _in_force(policy, end + dt.timedelta(days=1)).with_columns(goes_on=True).rename({"until": "then"})
        rows = rows.join(again, on=["product", "need"], how="left", maintain_order="left")
        renewed = (pl.col("until") == end) & pl.col("goes_on").fill_null(False)
        rows = rows.with_columns(until=pl.when(renewed).then("then").otherwise("until")).drop("then", "goes_on")
    return rows


def ends_centrally(now: Now) -> pl.DataFrame:
    """Approved and promised pieces in warehouses and hubs that end: need, site, region, holder, last (days from today),
    pieces.
    """
    lot = ["site", "product", "lot", "day"]
    expiry = now.world.stock.filter(pl.col("expires_on").is_not_null()).group_by(lot).agg(pl.col("expires_on").min())
    held = now.held.filter(pl.col("status").is_in(DELIVERABLE)).join(expiry, on=lot, how="left")
    return _that_end(now, held).select("need", "site", "region", "holder", "last", "pieces")


def ends_at_sites(now: Now) -> pl.DataFrame:
    """Pieces at the sites that end, at most, of those whose stock is known: need, site, last (days from today), pieces.

    What ended first was used first since the count: norm use is taken off in that order.
    """
    known = now.position.filter(pl.col("reason").is_null())
    known = known.select("need", "site", "counted_on", "norm_use", held="pieces")
    counted = now.world.stock.filter((pl.col("status") == "approved") & pl.col("pieces").is_not_null())
    came = now.world.delivery.filter(pl.col("pieces").is_not_null() & (pl.col("day") <= now.world.today))
    goods = pl.concat(
        [
            counted.select("site", "product", "day", "pieces", "expires_on", told=True),
            came.select("site", "product", "day", "pieces", expires_on=pl.lit(None, pl.Date), told=False),
        ]
    )
    ending = _that_end(now, goods).join(known, on=["site", "need"])
    since = pl.when("told").then(pl.col("day") == pl.col("counted_on")).otherwise(pl.col("day") > pl.col("counted_on"))
    by_end = (
        ending.filter(since)
        .group_by("need", "site", "last")
        .agg(pl.col("pieces").sum(), pl.col("norm_use", "held").first())
        .sort("need", "site", "last")
    )
    left = (pl.col("pieces").cum_sum().over("need", "site") - pl.col("norm_use")).clip(0, pl.col("held"))
    by_end = by_end.with_columns(left=left)
    by_end = by_end.with_columns(pieces=pl.col("left") - pl.col("left").shift(fill_value=0.0).over("need", "site"))
    return by_end.select("need", "site", "last", "pieces")


def _in_force(policy: Policy, day: dt.date) -> pl.DataFrame:
    return policy.in_force("acceptance", day).select("product", "need", until="valid_to")


def _that_end(now: Now, goods: pl.DataFrame) -> pl.DataFrame:
    """The goods that end, with their need and ``last``, the last day of their use in days from today."""
    until = accepted_until(now.policy, now.world.today)
    goods = goods.drop("need", strict=False).join(until, on="product")
    last = (pl.min_horizontal("expires_on", "until") - pl.lit(now.world.today)).dt.total_days()
    return goods.with_columns(last=last).filter(pl.col("last") >= 0)
