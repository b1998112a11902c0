"""The account: asked against delivered, who has not answered, and how shares move over the ranges of the norms."""

import datetime as dt

import polars as pl

from dijk.inputs import Inputs, Now
from dijk.known import MICRO, exact_sum
from dijk.tables import ALL
from dijk.tables.cells import CELL, with_totals
from dijk.tables.facts import TOPICS
from dijk.tables.results import Flow, NotAnswered, ShareRange

DELIVERED = ("consortium", "own_purchase", "donated", "from_region")


def flow(now: Now) -> pl.DataFrame:
    """Asked and delivered over the last ``flow_days``, per cell with totals, beside the norm use of the same days.

    Requests and deliveries are the consortium's own ledger, so no row is zero. ``need_met`` counts all channels and may pass 1.
    """
    days = int(now.policy.number("flow_days", now.world.today))
    edge = now.world.today - dt.timedelta(days=days)
    parts = [_per_cell(rows, now.world) for rows in (_asked(now, edge), _delivered(now.world, edge), _used(now, days))]
    cells = with_totals(pl.concat(parts, how="diagonal"), now.world.sector).group_by(CELL).agg(pl.exclude(*CELL).fill_null(0).sum())
    norm = pl.col("micro") / MICRO
    table = cells.with_columns(
        days=pl.lit(days),
        norm_use=norm,
        need_met=pl.when(norm > 0).then((pl.sum_horizontal(DELIVERED) / norm).clip(upper_bound=1e9)),
    )
    return Flow.cast(table.select(Flow.column_names()).sort(CELL))


def _per_cell(rows: pl.DataFrame, world: Inputs) -> pl.DataFrame:
    """Add up rows of sites to need, sector and region; places without a sector are no part of care."""
    places = world.site.filter(pl.col("sector").is_not_null()).select("site", "sector", "region")
    return rows.join(places, on="site").drop("site").group_by(CELL).agg(pl.exclude(*CELL).sum())


def _asked(now: Now, edge: dt.date) -> pl.DataFrame:
    rows = now.request.filter(pl.col("day") > edge)
    return rows.select(
        "site",
        "need",
        requested="asked",
        requested_counted=pl.when("listed").then("pieces").otherwise(0),
        out_of_scope=pl.when("listed").then(0).otherwise("pieces"),
    )


def _delivered(world: Inputs, edge: dt.date) -> pl.DataFrame:
    rows = world.delivery.filter((pl.col("day") > edge) & (pl.col("day") <= world.today) & pl.col("pieces").is_not_null())
    channel = pl.col("channel").cast(pl.String).replace({"region": "from_region"})
    return rows.select("site", "need", *(pl.when(channel == name).then("pieces").otherwise(0).alias(name) for name in DELIVERED))


def _used(now: Now, days: int) -> pl.DataFrame:
    per_day = now.norm_use.group_by("site", "need").agg(micro=(pl.col("mid") * MICRO).round().cast(pl.Int64).sum())
    return per_day.with_columns(pl.col("micro") * days)


def not_answered(world: Inputs) -> pl.DataFrame:
    """Per site and topic the last question that is past its due day and has no answer of that day or later.

    A refusal or another stated reason is an answer.
    """
    asked = (
        world.asked.filter(pl.col("due") <= world.today)
        .sort("day")
        .group_by("site", "topic")
        .agg(asked_on=pl.col("day").last(), due=pl.col("due").last())
    )
    answers = pl.concat(
        [
            getattr(world, topic)
            .group_by("site")
            .agg(last_answer=pl.col("day").max())
            .with_columns(topic=pl.lit(topic, asked.schema["topic"]))
            for topic in TOPICS
        ]
    )
    places = world.site.select("site", "sector", "region")
    rows = asked.join(answers, on=["site", "topic"], how="left").join(places, on="site")
    silent = rows.filter(pl.col("last_answer").is_null() | (pl.col("last_answer") < pl.col("asked_on")))
    return NotAnswered.cast(silent.select(NotAnswered.column_names()).sort("site", "topic"))


def share_range(now: Now) -> pl.DataFrame:
    """Share of norm use of each sector, group and region: at the norms, and at the ends of their stated ranges.

    The smallest share takes the low norms for the part itself and the high norms for all others; the largest the other way round.
    """
    places = now.world.site.select("site", "sector", "region")
    rows = now.norm_use.join(places, on="site").group_by(CELL).agg(exact_sum(c).alias(c) for c in ("low", "mid", "high"))
    cells = with_totals(rows, now.world.sector).group_by(CELL).agg(exact_sum(c).alias(c) for c in ("low", "mid", "high"))
    one_axis = (pl.col("sector") == ALL) != (pl.col("region") == ALL)
    whole = cells.filter((pl.col("sector") == ALL) & (pl.col("region") == ALL)).select(
        "need", *(pl.col(c).alias(f"all_{c}") for c in ("low", "mid", "high"))
    )
    part = cells.filter(one_axis).join(whole, on="need").filter(pl.col("all_mid") > 0)
    table = part.select(
        *CELL,
        low=_of(pl.col("low"), pl.col("all_high") - pl.col("high")),
        mid=pl.col("mid") / pl.col("all_mid"),
        high=_of(pl.col("high"), pl.col("all_low") - pl.col("low")),
    )
    return ShareRange.cast(table.with_columns(pl.col("low", "mid", "high").clip(0, 1).round(9)).sort(CELL))


def _of(part: pl.Expr, others: pl.Expr) -> pl.Expr:
    """Share of a part beside the others; 0 where both are 0."""
    return pl.when(part + others > 0).then(part / (part + others)).otherwise(0.0)
