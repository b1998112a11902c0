"""What earlier runs awarded and has not come yet: for the site it is as good as there, and who holds it gives it to
nobody else, until too many days have passed.
"""

import polars as pl

from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.tables import ALL
from dijk.tables.facts import FILL_ORDERS

CELL = ("site", "need")
GOODS = (*CELL, "product", "holder")


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
    rows = _awards(world, days)
    awards = rows.group_by("known_at", "age", *CELL).agg(pl.col("pieces").sum())
    came = _came(world, rows).group_by(CELL).agg(came=pl.col("pieces").sum())
    awards = awards.join(came, on=CELL, how="left").sort(*CELL, "known_at")
    left = pl.col("pieces") - in_turn("came", "pieces", CELL)
    return awards.select("known_at", *CELL, "age", "pieces", open=left).sort("known_at", *CELL)


def promised_goods(world: Inputs, policy: Policy) -> pl.DataFrame:
    """The pieces of `promised`, by the goods they were awarded from: known_at, site, need, product, holder, ``region``
    (of the site where its hub holds them, else all), and ``promised`` (above 0), sorted.

    What came answers first the awards of that site, need, product and holder, the oldest first, and then the rest of
    the site and need, the oldest first; of one moment by product, then holder. The holder of a delivery is what the
    place is that it came from; where nobody told, a hub for the channel region, else a warehouse. Per site and need
    these are the pieces of `promised` exactly: what that reckons to an award that has lapsed, of whatever article,
    answers none of these.
    """
    days = int(policy.number("promised_days", world.today))
    rows = _awards(world, 2 * days)
    came = _came(world, rows).group_by(GOODS).agg(came=pl.col("pieces").sum())
    alike = rows.join(came, on=GOODS, how="left").sort(*CELL, "known_at", "product", "holder")
    alike = alike.with_columns(alike=in_turn("came", "pieces", GOODS))
    young = alike.filter(pl.col("age") <= days).join(
        promised(world, policy), on=CELL, how="left", maintain_order="left"
    )
    answered = pl.col("pieces").sum().over(CELL) - pl.col("promised").fill_null(0)
    own = young.with_columns(answered=answered).with_columns(own=in_turn("answered", "alike", CELL))
    rest = own.with_columns(
        answered=pl.col("answered") - pl.col("own").sum().over(CELL), left=pl.col("pieces") - pl.col("own")
    )
    hub = pl.col("holder") == "regional_hub"
    table = rest.select(
        *("known_at", *GOODS),
        region=pl.when(hub).then("region").otherwise(pl.lit(ALL)),
        promised=pl.col("left") - in_turn("answered", "left", CELL),
    )
    return table.filter(pl.col("promised") > 0).sort("known_at", *GOODS)


def in_turn(amount: str, room: str, over: tuple[str, ...]) -> pl.Expr:
    """What each row takes of an amount that the rows of a group share, in their order: at most its room, and nothing of
    an amount that is not there.
    """
    before = pl.col(room).cum_sum().over(over) - pl.col(room)
    return (pl.col(amount).fill_null(0) - before).clip(0, pl.col(room))


def _awards(world: Inputs, days: int) -> pl.DataFrame:
    """Awards of the last so many days, the classes of a site together and without what was taken back: known_at, on
    (day), age (days), site, need, product, holder, region (of the site), pieces.
    """
    on = pl.col("known_at").dt.date()
    pieces = (pl.col("packs") * pl.col("pieces_per_pack")).sum()
    rows = world.past_award.with_columns(pl.col("holder").cast(pl.String))
    rows = _less_taken_back(rows.group_by("known_at", *GOODS, "region").agg(pieces=pieces))
    return rows.with_columns(on=on, age=(pl.lit(world.today) - on).dt.total_days()).filter(pl.col("age") <= days)


def _less_taken_back(rows: pl.DataFrame) -> pl.DataFrame:
    """Awards without what was taken back, which is taken off the newest award before it of the same goods, then off
    the one before that; what finds no award takes nothing.
    """
    rows = rows.sort(*GOODS, "known_at", descending=[False] * len(GOODS) + [True])
    run = (-pl.col("pieces")).cum_sum()  # from the newest: above its lowest lies what took nothing yet
    waiting = (run - run.cum_min().clip(upper_bound=0)).shift(1, fill_value=0).over(GOODS)
    rows = rows.with_columns(left=pl.col("pieces") - waiting)
    stands = (pl.col("pieces") == 0) | (pl.col("left") > 0)  # what takes back is below 0, and so is what is left of it
    return rows.filter(stands).with_columns(pieces=pl.col("left").clip(0)).drop("left")


def _came(world: Inputs, awards: pl.DataFrame) -> pl.DataFrame:
    """What was delivered since the first of some awards and answers them: site, need, product, holder, pieces."""
    first = awards.group_by(CELL).agg(first=pl.col("on").min())
    answers = world.delivery.filter(pl.col("channel").is_in(list(FILL_ORDERS)) & pl.col("pieces").is_not_null())
    came = answers.join(first, on=CELL).filter(pl.col("day").is_between("first", world.today))
    kinds = world.site.select(from_site="site", kind=pl.col("kind").cast(pl.String))
    usual = pl.when(pl.col("channel") == "region").then(pl.lit("regional_hub")).otherwise(pl.lit("warehouse"))
    holder = pl.coalesce("kind", usual)
    return came.join(kinds, on="from_site", how="left").select(*CELL, "product", "pieces", holder=holder)
