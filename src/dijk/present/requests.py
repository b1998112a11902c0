"""Requests as they count: a wish, without doubles and beyond-belief quantities, after the call that checked it, less
what came.
"""

import datetime as dt

import polars as pl

from dijk.inputs import Inputs
from dijk.known import exact_sum
from dijk.policy import Policy, listed
from dijk.present.now import Now


def doubles(world: Inputs, policy: Policy) -> pl.DataFrame:
    """Requests that repeat an earlier one: said so, or the same site, need and pieces within ``double_within_days``.

    Returns the later requests of each such run, as rows of ``request``; the first one counts.
    """
    same = ["site", "need", "pieces"]
    rows = world.request.filter(pl.col("pieces").is_not_null())
    more = rows.group_by(same).len().filter(pl.col("len") > 1).drop("len")
    alike = rows.join(more, on=same, how="semi").sort(*same, "day", "request")
    within = policy.numbers("double_within_days", world.today, _with_place(alike, world))
    gap = (pl.col("day") - pl.col("day").shift()).over(same).dt.total_days()
    said = rows.filter(pl.col("repeats").is_in(world.request["request"].implode()))
    return pl.concat([alike.filter(gap <= within), said]).unique("request").sort("request")


def counted_requests(world: Inputs, policy: Policy, weight: pl.DataFrame) -> pl.DataFrame:
    """Every request with a quantity up to today, and what it counts for.

    Returns
    -------
    Columns request, site, need, day, urgent, ``asked`` (pieces as asked), ``listed``, ``double``, ``absurd``, and
    ``pieces``: 0 for a double; what a call confirmed, where one was made; the N-day cap where the quantity is beyond
    belief (above ``absurd_times_norm`` times that cap); else what was asked. What was delivered on the request is not
    taken off here.
    """
    today = world.today
    rows = world.request.filter(pl.col("pieces").is_not_null() & (pl.col("day") <= today)).sort("request")
    w = weight.group_by("site", "need").agg(w=exact_sum("mid"))
    rows = rows.join(w, on=["site", "need"], how="left", maintain_order="left")
    placed = _with_place(rows, world)
    cap = rows["w"] * policy.numbers("cap_days", today, placed)
    beyond = rows["pieces"] > cap * policy.numbers("absurd_times_norm", today, placed)
    absurd = beyond.fill_null(False) & rows["checked_pieces"].is_null()
    return rows.select(
        "request",
        "site",
        "need",
        "day",
        "urgent",
        asked="pieces",
        listed=pl.col("need").is_in(listed(policy, today)["need"].implode()),
        double=pl.col("request").is_in(doubles(world, policy)["request"].implode()),
        absurd=absurd,
        believed=pl.when(absurd).then(cap.ceil().cast(pl.Int64)).otherwise(pl.coalesce("checked_pieces", "pieces")),
    ).select(
        pl.exclude("believed"),
        pieces=pl.when("double").then(0).otherwise("believed"),
    )


def _with_place(rows: pl.DataFrame, world: Inputs) -> pl.DataFrame:
    """Add the sector and region of each row's site, in the order of the rows."""
    return rows.join(world.site.select("site", "sector", "region"), on="site", how="left", maintain_order="left")


def open_requests(now: Now) -> pl.DataFrame:
    """What sites still wait for, per site and need: listed needs, requests of the last ``request_open_days``, less
    deliveries on them.

    Returns
    -------
    Columns site, need, ``pieces`` (above 0), ``waiting_since`` (day of the oldest), ``urgent`` (any of them), sorted by
    site and need.
    """
    world = now.world
    edge = world.today - dt.timedelta(days=int(now.policy.number("request_open_days", world.today)))
    rows = now.request.filter(pl.col("listed") & (pl.col("day") > edge))
    came = (
        world.delivery.filter(pl.col("request").is_not_null() & (pl.col("day") <= world.today))
        .group_by("request")
        .agg(came=pl.col("pieces").sum())
    )
    return (
        rows.join(came, on="request", how="left", maintain_order="left")
        .with_columns(pieces=(pl.col("pieces") - pl.col("came").fill_null(0)).clip(lower_bound=0))
        .filter(pl.col("pieces") > 0)
        .group_by("site", "need")
        .agg(pl.col("pieces").sum(), waiting_since=pl.col("day").min(), urgent=pl.col("urgent").any())
        .sort("site", "need")
    )
