"""What each site has of each need, or why nobody knows; and what there is in the warehouses to share."""

import datetime as dt

import polars as pl

from dijk.inputs import Inputs
from dijk.known import MICRO, exact_sum
from dijk.policy import Policy, served_need
from dijk.present.activity import no_answer
from dijk.present.counts import RANGE, counts, ledger, lines, most_told, relied_on
from dijk.present.promised import promised
from dijk.tables.results import Position


def position(world: Inputs, policy: Policy, weight: pl.DataFrame) -> pl.DataFrame:
    """Last accepted count + receipts - norm use, per site and need with norm use.

    Parameters
    ----------
    weight
        Table ``NormUse``; the risk classes of a site are added up.

    Returns
    -------
    Table ``Position``. ``pieces`` is empty where the site never counted, and then ``reason`` says why: not asked, no
    answer, or what the site said. A count older than ``stale_after_days`` keeps its ledger value and is called stale.

    ``counts_as`` is the stock that counts in a division. It equals the ledger, with two exceptions. A site that was
    asked for its stock or its activity and did not answer in time counts as holding at least ``silent_cover_days`` of
    norm use, so that not reporting is never better than reporting. And a count below the ledger, by more than
    ``count_margin``, raises no award: the site counts as having what `dijk.present.counts.relied_on` says until a
    second count, or someone else than the site, confirms it. On top comes what earlier runs awarded and has not come:
    ``promised``. Goods that a site passes on leave it, whoever tells of them; a lot that turns blocked or is recalled
    leaves the stock too, and raises no award until a count or another than the site bears it out. Who says that nothing
    is usable has answered: 0.

    Examples
    --------
    A site in the example country (see `dijk.example`) counted 17,660 masks and has used 6,070.581 by its norm since:

    >>> rows = position(now.world, now.policy, now.norm_use)
    >>> rows.filter(site="S00001", need="ffp2").select("counted_pieces", "norm_use", "pieces").row(0)
    (17660, 6070.581, 11590)
    """
    cells = _cells(world, policy, weight)
    cells = cells.sort("site", "need").with_row_index(
        "cell"
    )  # one number instead of two texts makes the joins below cheap
    receipts, served = _receipts(world, cells), served_need(policy, world.today)
    told = lines(world.stock, served, cells, today=world.today)
    moved = pl.concat([receipts, _as_moved(told.turned)])
    counted = counts(told.counted, moved, cells)
    sure = pl.concat([receipts, _as_moved(told.turned.filter("checked"))])
    rows = (
        _with_last_count(cells, counted)
        .pipe(_with_ledger, moved, world.today)
        .pipe(_with_turned, told.turned)
        .join(
            relied_on(_told_once(world, served, cells, counted), sure, cells, today=world.today),
            on="cell",
            how="left",
        )
        .join(_given_reasons(world, policy, cells), on="cell", how="left")
        .join(_questions(world), on="site", how="left")
        .join(no_answer(world).rename({"asked_on": "hides_since"}), on="site", how="left")
        .join(promised(world, policy), on=["site", "need"], how="left")
        .with_columns(pl.col("promised").fill_null(0))
    )
    rows = rows.with_columns(
        days=(world.today - pl.coalesce("counted_on", "first_receipt")).dt.total_days().fill_null(0),
    ).with_columns(
        stale=pl.col("counted_on").is_not_null() & (pl.col("days") > pl.col("stale_after")),
        silent=pl.col("asked_on").is_not_null()
        & (pl.col("asked_on") > pl.max_horizontal("counted_on", "turned_on")).fill_null(True),
    )
    return _as_position(rows)


def _as_position(rows: pl.DataFrame) -> pl.DataFrame:
    counted = pl.col("counted_on").is_not_null()
    above = pl.col("relied_on").fill_null(0) - pl.col("ledger")
    doubted = counted & (above > 0) & (above > (pl.col("counted_pieces") * (pl.col("margin") - 1)).fill_null(0))
    doubt = pl.when(doubted | ~counted).then("relied_on")
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
    unanswered = pl.col("silent") | pl.col("hides_since").is_not_null()
    shaped = rows.with_columns(
        pieces=pl.when(counted).then(pl.col("ledger")),
        least=pl.when(counted).then("ledger_high").otherwise(0),
        most=pl.when(counted).then(pl.max_horizontal("ledger_low", doubt)),
        counts_as=pl.max_horizontal("ledger", doubt, pl.when(unanswered).then("silent_pieces")) + pl.col("promised"),
        reason=reason,
        doubted=doubted,
        norm_use=pl.when(counted).then(pl.col("mid") * pl.col("days")).otherwise(0.0).round(6),
    )
    return Position.cast(_with_assumed(shaped).select(Position.column_names()).sort("site", "need"))


def _with_assumed(rows: pl.DataFrame) -> pl.DataFrame:
    """What counts beyond the ledger and what is promised, and why: an answer that never came, where that is what
    counts, else a count in doubt.
    """
    counts = pl.col("counts_as") - pl.col("promised")
    by_silence, assumed = counts == pl.col("silent_pieces"), counts - pl.col("ledger")
    silent, hides = by_silence & pl.col("silent"), by_silence & pl.col("hides_since").is_not_null()
    some = assumed > 0
    because = pl.when(silent).then(pl.lit("stock")).when(hides).then(pl.lit("activity")).otherwise(pl.lit("count"))
    since = pl.when(silent).then("asked_on").when(hides).then("hides_since").otherwise("counted_on")
    return rows.with_columns(
        assumed=assumed, assumed_because=pl.when(some).then(because), assumed_on=pl.when(some).then(since)
    )


def _cells(world: Inputs, policy: Policy, weight: pl.DataFrame) -> pl.DataFrame:
    """Sites and needs with norm use (low, mid, high), ``silent_pieces`` (what silence counts as, rounded up class by
    class, as a claim is), and the rules on counts: ``stale_after``, ``margin``.
    """
    places = world.site.select("site", "sector", "region")
    classes = weight.join(places, on="site", how="left", maintain_order="left")
    silent_days = policy.numbers("silent_cover_days", world.today, classes)
    pieces = ((pl.col("mid") * MICRO).round() * silent_days / MICRO).ceil().cast(pl.Int64)
    cells = (
        classes.with_columns(silent_pieces=pieces)
        .group_by("site", "need", "sector", "region")
        .agg(*(exact_sum(c).alias(c) for c in RANGE), pl.col("silent_pieces").sum())
    )
    rules = {"stale_after": "stale_after_days", "margin": "count_margin"}
    limits = {name: policy.numbers(rule, world.today, cells) for name, rule in rules.items()}
    return cells.with_columns(**limits).drop("sector", "region")


def _told_once(world: Inputs, served: pl.DataFrame, cells: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Counts at the most that was ever told of them; only sites that took a count back differ from ``counted``."""
    if world.withdrawn_stock.is_empty():
        return counted
    back = world.withdrawn_stock.select("site").unique()
    there = cells.join(back, on="site", how="semi")
    told = lines(
        most_told(world.stock.join(back, on="site", how="semi"), world.withdrawn_stock),
        served,
        there,
        today=world.today,
    )
    again = counts(told.counted, _receipts(world, there), there)
    return pl.concat([counted.join(there, on="cell", how="anti"), again])


def _receipts(world: Inputs, cells: pl.DataFrame) -> pl.DataFrame:
    """What came in by all channels, and below 0 what was passed on to others: cell, product, day, pieces."""
    moved = world.delivery.filter(pl.col("pieces").is_not_null() & (pl.col("day") <= world.today))
    place, columns = cells.select("site", "need", "cell"), ("cell", "product", "day", "pieces")
    came = moved.join(place, on=["site", "need"]).select(columns)
    left = moved.with_columns(site="from_site", pieces=-pl.col("pieces")).join(place, on=["site", "need"])
    return pl.concat([came, left.select(columns)])


def _as_moved(turned: pl.DataFrame) -> pl.DataFrame:
    """What turned unusable as what leaves a site: cell, product, day, pieces."""
    return turned.select("cell", "product", "day", -pl.col("pieces"))


def _with_turned(rows: pl.DataFrame, turned: pl.DataFrame) -> pl.DataFrame:
    """Add what turned unusable since the count, apart from what was passed on: turned, turned_on."""
    since = turned.join(rows.select("cell", "counted_on"), on="cell")
    since = since.filter((pl.col("day") > pl.col("counted_on")).fill_null(True))
    lost = since.group_by("cell").agg(turned=pl.col("pieces").sum(), turned_on=pl.col("day").max())
    rows = rows.join(lost, on="cell", how="left").with_columns(pl.col("turned").fill_null(0))
    return rows.with_columns(passed_on=pl.col("passed_on") - pl.col("turned"))


def _with_last_count(cells: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Add the last count: counted_on, counted_pieces."""
    last = counted.join(counted.group_by("cell").agg(pl.col("day").max()), on=["cell", "day"], how="semi")
    return cells.join(last.select("cell", counted_on="day", counted_pieces="pieces"), on="cell", how="left")


def _with_ledger(rows: pl.DataFrame, receipts: pl.DataFrame, today: dt.date) -> pl.DataFrame:
    """Add what came and was passed on since the count, without a count ever, and what that leaves: receipts,
    passed_on, first_receipt, ledger (_low, _high).
    """
    got = (
        receipts.join(rows.select("cell", "counted_on"), on="cell")
        .filter(pl.col("counted_on").is_null() | (pl.col("day") > pl.col("counted_on")))
        .group_by("cell")
        .agg(
            receipts=pl.col("pieces").clip(lower_bound=0).sum(),
            passed_on=-pl.col("pieces").clip(upper_bound=0).sum(),
            first_receipt=pl.col("day").min(),
        )
    )
    last = rows.filter(pl.col("counted_on").is_not_null()).select("cell", day="counted_on", pieces="counted_pieces")
    left = ledger(last, receipts, rows, today=today).rename(
        {"low": "ledger_low", "mid": "ledger", "high": "ledger_high"}
    )
    return (
        rows.join(got, on="cell", how="left")
        .join(left, on="cell", how="left")
        .with_columns(pl.col("receipts", "passed_on", "ledger", "ledger_low", "ledger_high").fill_null(0))
    )


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
    asked = world.asked.filter((pl.col("topic") == "stock") & (pl.col("due") < world.today))
    return asked.group_by("site").agg(asked_on=pl.col("day").max())
