"""What earlier runs awarded and has not come yet: it is as good as there, until too many days have passed."""

import polars as pl

from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.tables.facts import FILL_ORDERS

CELL = ("site", "need")


def promised(world: Inputs, policy: Policy) -> pl.DataFrame:
    """Pieces still to come on the awards of the last ``promised_days``: site, need, ``promised`` (above 0), sorted."""
    if world.past_award.is_empty():
        return pl.DataFrame(schema={"site": pl.String, "need": pl.String, "promised": pl.Int64})
    days = int(policy.number("promised_days", world.today))
    young = awarded(world, 2 * days).filter(pl.col("age") <= days)
    table = young.group_by(CELL).agg(promised=pl.col("open").sum())
    return table.filter(pl.col("promised") > 0).sort(CELL)


def lapsed(world: Inputs, policy: Policy) -> pl.DataFrame:
    """Awards that did not come within ``promised_days`` and no longer count, for as many days again; as `awarded`."""
    days = int(policy.number("promised_days", world.today))
    return awarded(world, 2 * days).filter((pl.col("age") > days) & (pl.col("open") > 0))


def awarded(world: Inputs, days: int) -> pl.DataFrame:
    """Awards of the runs of the last so many days: known_at, site, need, age (days), pieces, and ``open`` (pieces still
    to come), sorted.

    What the consortium or the region delivered since the first of these runs is taken off, the oldest award first;
    goods that a site bought or was given answer none. Need by need: another article of the same need answers too.
    """
    run = world.past_award.with_columns(on=pl.col("known_at").dt.date())
    age = (pl.lit(world.today) - pl.col("on")).dt.total_days().alias("age")
    rows = run.with_columns(age).filter(pl.col("age") <= days)
    awards = rows.group_by("known_at", "on", "age", *CELL).agg(
        pieces=(pl.col("packs") * pl.col("pieces_per_pack")).sum()
    )
    first = awards.group_by(CELL).agg(first=pl.col("on").min())
    answers = world.delivery.filter(pl.col("channel").is_in(list(FILL_ORDERS)) & pl.col("pieces").is_not_null())
    came = answers.join(first, on=CELL).filter(pl.col("day").is_between("first", world.today))
    awards = awards.join(came.group_by(CELL).agg(came=pl.col("pieces").sum()), on=CELL, how="left").sort(
        *CELL, "known_at"
    )
    left = pl.col("pieces").cum_sum().over(CELL) - pl.col("came").fill_null(0)
    return awards.select("known_at", *CELL, "age", "pieces", open=left.clip(0, pl.col("pieces"))).sort(
        "known_at", *CELL
    )
