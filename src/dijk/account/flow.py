"""Asked against delivered, by channel, beside the norm use of the same days."""

import datetime as dt

import polars as pl

from dijk.inputs import Inputs
from dijk.known import MICRO, exact_sum
from dijk.present.deliveries import delivered
from dijk.present.norm_use import norm_use_of
from dijk.present.now import Now
from dijk.tables.cells import CELL, with_totals
from dijk.tables.results import DELIVERED, Flow


def flow(now: Now) -> pl.DataFrame:
    """Asked and delivered over the last ``flow_days``, per cell with totals, beside the norm use of the same days: by
    their activity and the norms in force today.

    Requests and deliveries are the consortium's own ledger, so no row is zero. ``need_met`` counts all channels and may
    pass 1.

    Examples
    --------
    In the example country (see `dijk.example`):

    >>> nation = flow(now).filter(need="ffp2", sector="all", region="all")
    >>> nation.select("requested", "consortium", "own_purchase", pl.col("norm_use", "need_met").round(2)).row(0)
    (870440, 93660, 161120, 644294.54, 0.42)
    """
    days = int(now.policy.number("flow_days", now.world.today))
    edge = now.world.today - dt.timedelta(days=days)
    parts = [_per_cell(rows, now.world) for rows in (_asked(now, edge), _by_channel(now), _used(now, edge, days))]
    cells = (
        with_totals(pl.concat(parts, how="diagonal"), now.world.sector)
        .group_by(CELL)
        .agg(pl.exclude(*CELL).fill_null(0).sum())
    )
    norm = pl.col("micro") / MICRO
    table = cells.with_columns(
        days=pl.lit(days),
        norm_use=norm,
        need_met=pl.when(norm > 0).then((pl.sum_horizontal(DELIVERED.values()) / norm).clip(upper_bound=1e9)),
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
        requested_counted="pieces",
        out_of_scope=pl.when("listed").then(0).otherwise("pieces"),
    )


def _by_channel(now: Now) -> pl.DataFrame:
    came = [pl.when(pl.col("channel") == name).then("pieces").otherwise(0).alias(DELIVERED[name]) for name in DELIVERED]
    return delivered(now).select("site", "need", *came)


def _used(now: Now, edge: dt.date, days: int) -> pl.DataFrame:
    """Norm use over the period, of the activity told of it: need and site with ``micro``, in millionths of pieces."""
    use = norm_use_of(_units_since(now.world, edge), now.world, now.policy)
    per_day = use.group_by("site", "need").agg(micro=(pl.col("mid") * MICRO).round().cast(pl.Int64).sum())
    return per_day.with_columns(pl.col("micro") * days)


def _units_since(world: Inputs, edge: dt.date) -> pl.DataFrame:
    """Units a day as told, for `norm_use_of`: the mean of the days after ``edge``, else the last value before."""
    key = ["site", "driver", "risk_class"]
    told = world.activity.filter(pl.col("units").is_not_null() & (pl.col("day") <= world.today)).sort("day")
    mean = told.filter(pl.col("day") > edge).group_by(key).agg(mean=exact_sum("units") / pl.len())
    last = told.group_by(key).agg(pl.col("units").last()).join(mean, on=key, how="left")
    places = world.site.filter(pl.col("sector").is_not_null()).select("site", "sector")
    return last.join(places, on="site").select("sector", *key, units=pl.coalesce("mean", "units"))
