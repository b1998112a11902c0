"""Days that cannot be meant: ahead, long past, of the closed, with day and month in each other's place."""

import polars as pl

from dijk.check.plausible.ledger import exact
from dijk.check.plausible.rows import HeldAgainst
from dijk.check.plausible.seen import Seen

NEAR_DAYS, FAR_DAYS = 3, 10
"""A day with its month in its place must come so near the day it became known, from at least so far. Assumed."""


def lag() -> pl.Expr:
    """Days from the day of a row to the day it became known."""
    return (pl.col("known_at").dt.date() - pl.col("_day")).dt.total_days()


def ahead(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """After the day on which the row became known, and later than the factor allows."""
    rows = seen.table(check.table).with_columns(_day=pl.col(check.column))
    return exact(rows.filter(lag() < -check.factor), pl.col("known_at").dt.date())


def long_before(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """More days before it became known than the factor allows."""
    rows = seen.table(check.table).with_columns(_day=pl.col(check.column))
    return exact(rows.filter(lag() > check.factor), pl.col("known_at").dt.date())


def swapped(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """A day far from the day it became known that comes near it with day and month in each other's place."""
    rows = seen.table(check.table).with_columns(_day=pl.col(check.column))
    rows = rows.filter((lag().abs() >= FAR_DAYS) & (pl.col("_day").dt.day() <= 12))
    turned = rows.with_columns(
        _day=pl.date(pl.col("_day").dt.year(), pl.col("_day").dt.day(), pl.col("_day").dt.month())
    )
    return exact(turned.filter(lag().is_between(0, NEAR_DAYS)), "_day")


def before(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """Before another day of the same row, or longer after it than the factor allows."""
    days = (pl.col(check.column) - pl.col(str(check.other))).dt.total_days()
    rows = seen.table(check.table).filter((days < 0) | (days > check.factor))
    return exact(rows, str(check.other))


def too_early(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """Ends before it begins, where no earlier row is withdrawn by that."""
    rows = seen.table(check.table)
    earlier = pl.len().over(check.key()) > 1
    return exact(rows.filter((pl.col(check.column) < pl.col(str(check.other))) & ~earlier), str(check.other))


def before_request(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """A delivery before the request that it answers."""
    asked = seen.world.request.select("request", _asked="day")
    rows = seen.table(check.table).join(asked, on="request")
    return exact(rows.filter(pl.col("day") < pl.col("_asked")), "_asked")


def other_weekday(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """A period of a week that ends on another day of the week than nearly all others."""
    rows = seen.table(check.table).filter(pl.col("days") == 7).with_columns(_weekday=pl.col(check.column).dt.weekday())
    usual = rows["_weekday"].value_counts(sort=True).head(1)
    if usual.is_empty() or usual["count"].item() < check.factor * rows.height:
        return exact(rows.clear(), "day")
    off = rows.filter(pl.col("_weekday") != usual["_weekday"].item())
    shift = (pl.col("_weekday").cast(pl.Int64) - usual["_weekday"].item()) % 7
    return exact(off, pl.col(check.column) - pl.duration(days=shift))


def overlaps(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """A period that begins before the one before it has ended."""
    rows = seen.table(check.table).drop_nulls("pieces").sort(*check.group, "day", "days")
    last = pl.col("day").shift().over(check.group)
    return exact(
        rows.with_columns(_last=last).filter(pl.col("day") - pl.duration(days=pl.col("days")) < pl.col("_last")),
        "_last",
    )


def of_the_closed(seen: Seen, check: HeldAgainst) -> pl.DataFrame:
    """What still speaks of a region that has ended, or of a need that was taken off the list."""
    closed = ended_regions(seen) if check.other == "region" else closed_needs(seen)
    rows = seen.beside(check.table, (str(check.other),)).join(closed, on=str(check.other))
    day = pl.col(check.time) if check.time else pl.lit(seen.world.today)
    return exact(rows.filter(day > pl.col("_end")), "_end")


def ended_regions(seen: Seen) -> pl.DataFrame:
    """Regions that no longer exist, and their last day."""
    return seen.world.region.filter(pl.col("valid_to") < seen.world.today).select("region", _end="valid_to")


def closed_needs(seen: Seen) -> pl.DataFrame:
    """Needs whose scope is closed, and the last day before it."""
    closed = seen.policy.in_force("scope", seen.world.today).filter(pl.col("state") == "closed")
    return closed.select("need", _end=pl.col("valid_from").dt.offset_by("-1d"))
