"""What each site has of each need, or why nobody knows; and what there is in the warehouses to share."""

import datetime as dt

import polars as pl

from dijk.inputs import Inputs
from dijk.known import exact_sum
from dijk.policy import Policy
from dijk.tables.results import CentralStock, Position

HOLDERS = ("warehouse", "regional_hub")


def served_need(policy: Policy, day: dt.date) -> pl.DataFrame:
    """The need that each product serves first: product, need. Ties in preference go to the first code.

    A product is counted once, under this need, however many needs accept it.
    """
    accepted = policy.in_force("acceptance", day)
    return accepted.sort("product", "preference", "need").unique("product", keep="first", maintain_order=True).select("product", "need")


def position(world: Inputs, policy: Policy, weight: pl.DataFrame) -> pl.DataFrame:
    """Last accepted count + receipts - norm use, per site and need with norm use.

    Parameters
    ----------
    weight
        Table ``NormUse``; the risk classes of a site are added up.

    Returns
    -------
    Table ``Position``. ``pieces`` is empty where the site never counted, and then ``reason`` says why: not asked, no answer, or
    what the site said. A count older than ``stale_after_days`` keeps its ledger value and is called stale.

    ``counts_as`` is the stock that counts in a division. It equals the ledger, with two exceptions: a site that was asked and
    did not answer in time counts as holding at least ``silent_cover_days`` of norm use, so that not reporting is never better than
    reporting; and a count that falls below the ledger by more than ``count_margin`` counts as the ledger until a second count
    confirms it.
    """
    cells = weight.group_by("site", "need").agg(exact_sum(c).alias(c) for c in ("low", "mid", "high"))
    cells = cells.sort("site", "need").with_row_index("cell")  # one number instead of two texts makes the joins below cheap
    counts, receipts = _counts(world, policy, cells), _receipts(world, cells)
    rows = (
        _with_last_count(cells, counts)
        .pipe(_with_doubt, receipts, policy.number("count_margin", world.today))
        .pipe(_with_receipts, receipts, world.today)
        .join(_given_reasons(world, policy, cells), on="cell", how="left")
        .join(_questions(world), on="site", how="left")
        .with_columns(
            stale_after=policy.number("stale_after_days", world.today),
            silent_cover=policy.number("silent_cover_days", world.today),
        )
    )
    rows = rows.with_columns(
        days=(world.today - pl.coalesce("counted_on", "first_receipt")).dt.total_days().fill_null(0),
        start=pl.col("counted_pieces").fill_null(0) + pl.col("receipts"),
    ).with_columns(
        ledger=_left("mid"),
        stale=pl.col("counted_on").is_not_null() & (pl.col("days") > pl.col("stale_after")),
        silent=pl.col("asked_on").is_not_null() & (pl.col("counted_on").is_null() | (pl.col("asked_on") > pl.col("counted_on"))),
    )
    return _as_position(rows)


def _left(norm: str) -> pl.Expr:
    """What is left of the start after ``days`` of norm use: whole pieces, never below 0."""
    return (pl.col("start") - (pl.col(norm) * pl.col("days")).floor().cast(pl.Int64)).clip(lower_bound=0)


def _as_position(rows: pl.DataFrame) -> pl.DataFrame:
    counted = pl.col("counted_on").is_not_null()
    silent_pieces = (pl.col("mid") * pl.col("silent_cover")).ceil().cast(pl.Int64)
    reason = (
        pl.when(counted & pl.col("stale"))
        .then(pl.lit("stale"))
        .when(counted)
        .then(None)
        .when(pl.col("given_reason").is_not_null())
        .then(pl.col("given_reason"))
        .when(pl.col("asked_on").is_not_null())
        .then(pl.lit("no_answer"))
        .otherwise(pl.lit("not_asked"))
    )
    shaped = rows.with_columns(
        pieces=pl.when(counted).then(pl.col("ledger")),
        least=pl.when(counted).then(_left("high")).otherwise(0),
        most=pl.when(counted).then(pl.max_horizontal(_left("low"), "doubted_ledger")),
        counts_as=pl.max_horizontal("ledger", "doubted_ledger", pl.when(pl.col("silent")).then(silent_pieces)),
        reason=reason,
        doubted=pl.col("doubted_ledger").is_not_null(),
        norm_use=pl.when(counted).then(pl.col("mid") * pl.col("days")).otherwise(0.0).round(6),
    )
    return Position.cast(shaped.select(Position.column_names()).sort("site", "need"))


def _counts(world: Inputs, policy: Policy, cells: pl.DataFrame) -> pl.DataFrame:
    """Approved pieces per cell and day of counting, at sites that use them: cell, day, pieces."""
    return (
        world.stock.filter((pl.col("status") == "approved") & pl.col("pieces").is_not_null() & (pl.col("day") <= world.today))
        .filter(pl.col("expires_on").fill_null(dt.date.max) >= world.today)
        .join(served_need(policy, world.today), on="product")
        .join(cells.select("site", "need", "cell"), on=["site", "need"])
        .group_by("cell", "day")
        .agg(pl.col("pieces").sum())
    )


def _receipts(world: Inputs, cells: pl.DataFrame) -> pl.DataFrame:
    """What came in by all channels: cell, day, pieces."""
    rows = world.delivery.filter(pl.col("pieces").is_not_null() & (pl.col("day") <= world.today))
    return rows.join(cells.select("site", "need", "cell"), on=["site", "need"]).select("cell", "day", "pieces")


def _with_last_count(cells: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """Add the last count and the one before it: counted_on, counted_pieces, before_on, before_pieces."""
    last = _newest(counts).rename({"day": "counted_on", "pieces": "counted_pieces"})
    earlier = counts.join(last, on="cell").filter(pl.col("day") < pl.col("counted_on")).select(counts.columns)
    before = _newest(earlier).rename({"day": "before_on", "pieces": "before_pieces"})
    return cells.join(last, on="cell", how="left").join(before, on="cell", how="left")


def _newest(counts: pl.DataFrame) -> pl.DataFrame:
    """The last count of each cell."""
    return counts.join(counts.group_by("cell").agg(pl.col("day").max()), on=["cell", "day"], how="semi")


def _with_doubt(rows: pl.DataFrame, receipts: pl.DataFrame, margin: float) -> pl.DataFrame:
    """Add ``gap``: by how much the last count fell below the ledger of its day, where that is by more than the margin.

    The second of two counts that agree is a confirmation, so only the fall from one count to the next is doubted.
    """
    two = rows.filter(pl.col("before_on").is_not_null()).select("cell", "mid", "counted_on", "counted_pieces", "before_on", "before_pieces")
    between = (
        receipts.join(two.select("cell", "counted_on", "before_on"), on="cell")
        .filter((pl.col("day") > pl.col("before_on")) & (pl.col("day") <= pl.col("counted_on")))
        .group_by("cell")
        .agg(got=pl.col("pieces").sum())
    )
    days = (pl.col("counted_on") - pl.col("before_on")).dt.total_days()
    then = pl.col("before_pieces") + pl.col("got").fill_null(0) - (pl.col("mid") * days).floor().cast(pl.Int64)
    doubt = (
        two.join(between, on="cell", how="left")
        .with_columns(then=then)
        .filter(pl.col("then") > pl.col("counted_pieces") * margin)
        .select("cell", gap=pl.col("then") - pl.col("counted_pieces"))
    )
    return rows.join(doubt, on="cell", how="left")


def _with_receipts(rows: pl.DataFrame, receipts: pl.DataFrame, today: dt.date) -> pl.DataFrame:
    """Add receipts since the count, and the ledger as it would be without a doubted count. Without a count: all receipts."""
    got = (
        receipts.join(rows.select("cell", "counted_on"), on="cell")
        .filter(pl.col("counted_on").is_null() | (pl.col("day") > pl.col("counted_on")))
        .group_by("cell")
        .agg(receipts=pl.col("pieces").sum(), first_receipt=pl.col("day").min())
    )
    rows = rows.join(got, on="cell", how="left").with_columns(pl.col("receipts").fill_null(0))
    used = (pl.col("mid") * (today - pl.col("counted_on")).dt.total_days()).floor().cast(pl.Int64)
    return rows.with_columns(doubted_ledger=(pl.col("counted_pieces") + pl.col("gap") + pl.col("receipts") - used).clip(lower_bound=0))


def _given_reasons(world: Inputs, policy: Policy, cells: pl.DataFrame) -> pl.DataFrame:
    """The reason a site last gave for not counting: cell, given_reason."""
    return (
        world.stock.filter(pl.col("pieces").is_null() & (pl.col("day") <= world.today))
        .join(served_need(policy, world.today), on="product")
        .join(cells.select("site", "need", "cell"), on=["site", "need"])
        .sort("cell", "day", "product", "lot", "status")
        .group_by("cell", maintain_order=True)
        .agg(given_reason=pl.col("reason").last().cast(pl.String))
    )


def _questions(world: Inputs) -> pl.DataFrame:
    """The last question about stock that is past its due day: site, asked_on."""
    asked = world.asked.filter((pl.col("topic") == "stock") & (pl.col("due") <= world.today))
    return asked.group_by("site").agg(asked_on=pl.col("day").max())


def central_stock(world: Inputs, policy: Policy) -> pl.DataFrame:
    """What warehouses and regional hubs hold, by status: the last count of each lot less what was sent from it since.

    A lot is counted as a whole: its newest count replaces every status it had before, so a lot that passes its check moves from
    quarantine to approved and is never there twice. Goods past their day are expired, goods that no need accepts today are
    unaccepted, whatever the label says.
    """
    held = _held_lots(world)
    served = served_need(policy, world.today)
    ever = policy.acceptance.sort("product", "preference", "need").unique("product", keep="first", maintain_order=True)
    rows = held.join(served, on="product", how="left").join(ever.select("product", once="need"), on="product", how="left")
    status = (
        pl.when((pl.col("expires_on").fill_null(dt.date.max) < world.today) & pl.col("status").is_in(["approved", "quarantine"]))
        .then(pl.lit("expired"))
        .when(pl.col("need").is_null() & (pl.col("status") == "approved"))
        .then(pl.lit("unaccepted"))
        .otherwise(pl.col("status").cast(pl.String))
    )
    table = (
        rows.with_columns(status=status, need=pl.coalesce("need", "once"))
        .filter(pl.col("need").is_not_null() & (pl.col("pieces") > 0))
        .group_by("need", "product", "region", "holder", "status")
        .agg(pl.col("pieces").sum(), lots=pl.col("lot").n_unique().cast(pl.Int64), oldest_count=pl.col("day").min())
    )
    return CentralStock.cast(table.select(CentralStock.column_names()).sort("need", "product", "region", "holder", "status"))


def _held_lots(world: Inputs) -> pl.DataFrame:
    """Lots at warehouses and hubs: site, region, holder, product, lot, status, day, expires_on, pieces now."""
    holders = world.site.filter(pl.col("kind").is_in(list(HOLDERS))).select("site", "region", holder="kind")
    lot = ["site", "product", "lot"]
    counts = (
        world.stock.filter(pl.col("pieces").is_not_null() & (pl.col("day") <= world.today))
        .join(holders, on="site")
        .filter(pl.col("day") == pl.col("day").max().over(lot))
    )
    sent = (
        world.delivery.filter(pl.col("pieces").is_not_null() & pl.col("from_site").is_not_null() & (pl.col("day") <= world.today))
        .select(site="from_site", product="product", lot="lot", sent_on="day", sent="pieces")
        .join(counts.select(*lot, "day").unique(), on=lot)
        .filter(pl.col("sent_on") > pl.col("day"))
        .group_by(lot)
        .agg(pl.col("sent").sum())
    )
    # Only approved pieces may be sent, so what left the lot is taken from its approved part.
    left = pl.col("pieces") - pl.when(pl.col("status") == "approved").then(pl.col("sent").fill_null(0)).otherwise(0)
    return counts.join(sent, on=lot, how="left").with_columns(pieces=left.clip(lower_bound=0))
