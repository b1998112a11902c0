"""Counts of stock as sites tell them, and the stock that a division relies on: what two counts agree on, never less.

A site may be wrong about its own stock, or gain by being so. What it received and what the norm says that it used do
not depend on it. So a count that comes out below the ledger raises no award by itself; a second one does, told on
another day, of another day.
"""

import datetime as dt
from typing import NamedTuple

import polars as pl

from dijk.known import MICRO

RANGE = ("low", "mid", "high")
KEY = ("site", "product", "lot", "status", "day")
ARTICLE = ("cell", "day", "product")


def most_told(stock: pl.DataFrame, withdrawn: pl.DataFrame) -> pl.DataFrame:
    """Table ``stock`` with each count at the most that was ever told of it, so that taking a count back is no way to
    have less.

    A count that another than the site checked stands as it is.
    """
    key = list(KEY)
    before = withdrawn.with_columns(checked_by=pl.lit(None, dtype=pl.String))
    before = before.join(stock.filter(pl.col("checked_by").is_not_null()), on=key, how="anti")
    if before.is_empty():
        return stock
    told = pl.concat([stock.join(before, on=key, how="semi"), before])
    most = told.sort("pieces", pl.col("expires_on").fill_null(dt.date.max)).unique(
        key, keep="last", maintain_order=True
    )
    return pl.concat([stock.join(before, on=key, how="anti"), most])


class Lines(NamedTuple):
    """What sites told of an article on a day: cell, product, day, pieces, told_on, checked each.

    Attributes
    ----------
    counted
        Approved pieces that may still be used; none of them is a count too, of 0.
    turned
        Pieces of lots that were usable before and are told to be so no longer, on a day on which nothing else of the
        article was told: not a count of what is left.
    """

    counted: pl.DataFrame
    turned: pl.DataFrame


def lines(stock: pl.DataFrame, served: pl.DataFrame, cells: pl.DataFrame, *, today: dt.date) -> Lines:
    """What sites told of their stock, per cell, article and day.

    Parameters
    ----------
    served
        The need that each product serves first; see `dijk.policy.served_need`.
    cells
        site, need, norm use a day (low, mid, high), and ``cell``, their number.
    """
    usable = (pl.col("status") == "approved") & (pl.col("expires_on").fill_null(dt.date.max) >= today)
    told = (
        stock.filter(pl.col("pieces").is_not_null() & (pl.col("day") <= today))
        .join(served, on="product")
        .join(cells.select("site", "need", "cell"), on=["site", "need"])
        .with_columns(usable=usable)
    )
    by_day = _with_turned(told).group_by("cell", "product", "day")
    own = pl.col("usable") | ~pl.col("usable").any()
    rows = by_day.agg(
        pl.when("usable").then("pieces").otherwise(0).sum(),
        told_on=pl.col("known_at").filter(own).max().dt.date(),
        checked=pl.col("checked_by").is_not_null().filter(own).all(),
        lost=pl.col("pieces").sum(),
        only_turned=pl.col("turned").all(),
    )
    columns = ("cell", "product", "day", "pieces", "told_on", "checked")
    turned = rows.filter("only_turned").with_columns(pieces="lost")
    return Lines(rows.filter(~pl.col("only_turned")).select(columns), turned.select(columns))


def _with_turned(told: pl.DataFrame) -> pl.DataFrame:
    """Add ``turned``: whether a row tells of a lot that may not be used and could be, by an earlier day's row."""
    lot = ["cell", "product", "lot"]
    spoiled = told.filter(~pl.col("usable")).select(lot).unique()
    before = told.filter("usable").join(spoiled, on=lot, how="semi").group_by(lot).agg(usable_on=pl.col("day").min())
    turned = ~pl.col("usable") & (pl.col("usable_on") < pl.col("day")).fill_null(False)
    return told.join(before, on=lot, how="left").with_columns(turned=turned)


def counts(counted: pl.DataFrame, receipts: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Counts per cell and day: cell, day, pieces, told_on, checked, whole.

    A count that leaves out an article of which, by the ledger of that article alone, some must be left is not
    ``whole``. It is completed with that ledger, so that it reads neither as a fall of everything nor as news of what
    was left out. A zero is a count.

    Parameters
    ----------
    counted
        As `lines` gives them.
    receipts
        cell, product, day, pieces.
    """
    told = counted.group_by("cell", "day").agg(pl.col("pieces").sum(), pl.col("told_on").max(), pl.col("checked").all())
    left_out = _left_out(counted, receipts, cells).group_by("cell", "day").agg(pl.col("left").sum())
    rows = told.join(left_out, on=["cell", "day"], how="left")
    return rows.select(
        "cell",
        "day",
        pl.col("pieces") + pl.col("left").fill_null(0),
        "told_on",
        "checked",
        whole=pl.col("left").is_null(),
    )


def _left_out(counted: pl.DataFrame, receipts: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Articles that a count does not name though some must be left: cell, day, product, ``left``, at least 1 piece."""
    number = pl.col("product").cast(pl.Categorical).to_physical()
    held = pl.concat([rows.select("cell", "product") for rows in (counted, receipts)]).select("cell", number)
    articles = held.group_by("cell").agg(pl.col("product").min().alias("one"), pl.col("product").max().alias("other"))
    several = articles.filter(pl.col("one") != pl.col("other")).join(cells.select("cell", "mid"), on="cell")
    if several.is_empty():
        return counted.clear().select(*ARTICLE, left="pieces")
    own = counted.join(several, on="cell")
    told = own.select("cell", "product", "pieces", on="day", told=True)
    came = receipts.join(several, on="cell", how="semi").select("cell", "product", "pieces", on="day", told=False)
    before = own.select("cell", "mid", "day").unique().join(pl.concat([told, came]), on="cell")
    before = before.filter(pl.col("on") < pl.col("day"))
    last = pl.when("told").then("on").max().over(ARTICLE)
    since = before.filter(last.is_null() | (pl.col("on") > last) | (pl.col("told") & (pl.col("on") == last))).sort(
        *ARTICLE, "on", "told"
    )
    left = pl.col("pieces").cum_sum(reverse=True).over(ARTICLE) - _used("mid", pl.col("day") - pl.col("on"))
    kept = since.with_columns(left=left).group_by(ARTICLE).agg(pl.col("left").max()).filter(pl.col("left") > 0)
    return kept.join(own, on=ARTICLE, how="anti")


def ledger(begin: pl.DataFrame, receipts: pl.DataFrame, cells: pl.DataFrame, *, today: dt.date) -> pl.DataFrame:
    """What is there today by count, receipts and norm use: cell, low, mid, high (with the low norms, and so on), whole
    pieces.

    The ledger never falls below zero on its way, so what came in after goods ran out is all there: it is the highest of
    what each count and each receipt leaves, with all that came after and less norm use since.

    Parameters
    ----------
    begin
        Counts to begin from: cell, day, pieces. Of several in a cell the one that leaves most holds.
    receipts
        cell, day, pieces; those after the cell's first count in ``begin`` matter, or all where it has none. Cells in
        neither are left out.
    """
    first = begin.group_by("cell").agg(first=pl.col("day").min())
    came = receipts.join(first, on="cell", how="left").filter(
        pl.col("first").is_null() | (pl.col("day") > pl.col("first"))
    )
    came = came.select("cell", "day", came="pieces", told=pl.lit(None, dtype=pl.Int64))
    told = begin.select("cell", "day", came=pl.lit(0, dtype=pl.Int64), told="pieces")
    events = pl.concat([came, told]).join(cells.select("cell", *RANGE), on="cell")
    events = events.sort("cell", "day", "told", nulls_last=False)  # a count holds what came on its day
    after = pl.col("came").cum_sum(
        reverse=True
    )  # over all cells; less what came in the cells that follow, which is quicker than by group
    beyond = (
        pl.when(pl.col("cell").ne_missing(pl.col("cell").shift(-1))).then(after.shift(-1).fill_null(0)).backward_fill()
    )
    there = after - beyond + pl.col("told").fill_null(0)
    left = [(there - _used(norm, pl.lit(today) - pl.col("day"))).clip(lower_bound=0).alias(norm) for norm in RANGE]
    return events.select("cell", *left).group_by("cell").agg(pl.col(*RANGE).max())


def relied_on(counted: pl.DataFrame, receipts: pl.DataFrame, cells: pl.DataFrame, *, today: dt.date) -> pl.DataFrame:
    """Pieces that a site counts as having in a division: cell, ``relied_on``; cells without a count or a receipt are
    left out.

    The highest of what its last two counts come to today. Those two are whole, of two days and told on two days; until
    there are such two, all that was ever received counts as well. A count that another than the site checked ends the
    story before it.

    Parameters
    ----------
    counted
        As `counts` gives them; the rest as for `ledger`.
    """
    begin = _since(counted)
    told, settled = (
        counted.join(begin, on="cell", how="left").filter(_from("checked_on")),
        begin.filter(pl.col("since").is_not_null()),
    )
    sure, rest = (receipts.join(settled, on="cell", how=how) for how in ("semi", "anti"))
    known = ledger(told.filter(pl.col("since").is_not_null() & _from("since")), sure, cells, today=today)
    unsure = told.filter(pl.col("since").is_null())
    by_count, by_receipt = (ledger(first, rest, cells, today=today) for first in (unsure, unsure.clear()))
    rows = pl.concat([known, by_count, by_receipt]).group_by("cell").agg(pl.col("mid").max())
    return rows.rename({"mid": "relied_on"})


def _since(counted: pl.DataFrame) -> pl.DataFrame:
    """From which day on the counts of a cell hold: cell, ``since`` (empty where nothing is settled yet),
    ``checked_on``.
    """
    sure = counted.filter("whole").select("cell", "day", "told_on", "checked")
    checked = sure.filter("checked").group_by("cell").agg(checked_on=pl.col("day").max())
    sure = sure.join(checked, on="cell", how="left").filter(_from("checked_on"))
    two = sure.join(_second(sure), on="cell")
    recent = two.filter((pl.col("day") >= pl.col("second_day")) | (pl.col("told_on") >= pl.col("second_told_on")))
    settled = recent.group_by("cell").agg(two=pl.col("day").min())
    begin = sure.select("cell", "checked_on").unique().join(settled, on="cell", how="left")
    return begin.select("cell", "checked_on", since=pl.coalesce("two", "checked_on"))


def _second(rows: pl.DataFrame) -> pl.DataFrame:
    """The latest but one of the different days counted and told: cell, ``second_day``, ``second_told_on``; cells that
    have both.
    """
    days = ("day", "told_on")
    last = rows.group_by("cell").agg(pl.col(*days).max().name.prefix("last_"))
    before = [pl.when(pl.col(c) < pl.col(f"last_{c}")).then(c).max().alias(f"second_{c}") for c in days]
    return rows.join(last, on="cell").group_by("cell").agg(before).drop_nulls()


def _from(column: str) -> pl.Expr:
    """Rows from a day on; all rows where it is empty."""
    return pl.col(column).is_null() | (pl.col("day") >= pl.col(column))


def _used(norm: str, time: pl.Expr) -> pl.Expr:
    """Norm use over a time, in whole pieces rounded down: of whole millionths, for 8.2 times 15 falls short of 123 in
    floating point.
    """
    micro, days = (pl.col(norm) * MICRO).round().cast(pl.Int64), time.dt.total_days()
    return micro // MICRO * days + micro % MICRO * days // MICRO  # apart, so that no product is too large
