"""Norm use: what each site uses a day when nothing is short. It is the weight with which scarce goods are shared."""

import datetime as dt

import polars as pl

from dijk.inputs import Inputs
from dijk.known import MICRO, exact_sum
from dijk.policy import Policy
from dijk.tables.results import NormUse

RANGE = ("low", "mid", "high")
RECENT_DAYS = 7


def norm_use(world: Inputs, policy: Policy) -> pl.DataFrame:
    """Norm times activity, summed over drivers: one row per site, need and risk class.

    Activity is the mean of the days with a value in the last seven, else the last value there is. A site that has no
    activity but a size is estimated from its sector: same norm use per bed, client or member of staff; such rows say
    ``estimated``. A site with neither has no row, and a finding says so.

    Returns
    -------
    Table ``NormUse``, pieces/day rounded to millionths, rows with a ``high`` above 0 only.
    """
    counted = _of_activity(world, policy)
    estimated = _of_size(world, counted)
    rows = pl.concat([counted, estimated]).filter(pl.col("high") > 0)
    return NormUse.cast(rows.select(NormUse.column_names()).sort("site", "need", "risk_class"))


def recent_activity(world: Inputs) -> pl.DataFrame:
    """Units a day per site, driver and risk class: mean of the last seven days with a value, else the last value."""
    rows = world.activity.filter(pl.col("units").is_not_null() & (pl.col("day") <= world.today))
    recent = pl.col("day") > world.today - dt.timedelta(days=RECENT_DAYS)
    key = ["site", "driver", "risk_class"]
    mean = rows.filter(recent).group_by(key).agg(units=exact_sum("units") / pl.len())
    last = rows.sort("day").group_by(key).agg(last=pl.col("units").last())
    return last.join(mean, on=key, how="left").select(*key, units=pl.coalesce("units", "last"))


def norms_in_force(policy: Policy, day: dt.date) -> pl.DataFrame:
    """The norms of the reuse stage in force, times their coverage: need, sector, risk_class, driver, low, mid, high."""
    norm = policy.in_force("norm", day)
    stage = policy.words("reuse_stage", day, norm.select("need", "sector"))
    return norm.filter(norm["reuse_stage"].cast(pl.String) == stage).select(
        "need", "sector", "risk_class", "driver", *(pl.col(c) * pl.col("coverage") for c in RANGE)
    )


def _of_activity(world: Inputs, policy: Policy) -> pl.DataFrame:
    places = world.site.filter(pl.col("sector").is_not_null()).select("site", "sector")
    units = recent_activity(world).join(places, on="site")
    norms = norms_in_force(policy, world.today)
    return (
        units.join(norms, on=["sector", "driver", "risk_class"])
        .with_columns((pl.col(c) * pl.col("units")).alias(c) for c in RANGE)
        .group_by("site", "need", "risk_class")
        .agg(exact_sum(c).alias(c) for c in RANGE)
        .with_columns(how=pl.lit("counted"))
    )


def _of_size(world: Inputs, counted: pl.DataFrame) -> pl.DataFrame:
    """Sites without any activity: the sector's norm use per unit of size, over the sites that have both."""
    sized = world.site.filter(pl.col("size").is_not_null() & pl.col("sector").is_not_null()).select(
        "site", "sector", "size_unit", "size"
    )
    known = world.activity.filter(pl.col("units").is_not_null())["site"].unique()
    silent = sized.filter(~pl.col("site").is_in(known.implode()))
    both = sized.filter(pl.col("site").is_in(known.implode()))
    size = both.group_by("sector", "size_unit").agg(total_size=pl.col("size").sum())
    rate = (
        counted.join(both, on="site")
        .group_by("sector", "size_unit", "need", "risk_class")
        .agg(exact_sum(c).alias(c) for c in RANGE)
        .join(size.filter(pl.col("total_size") > 0), on=["sector", "size_unit"])
    )
    return silent.join(rate, on=["sector", "size_unit"]).select(
        "site",
        "need",
        "risk_class",
        *((pl.col(c) / pl.col("total_size") * pl.col("size") * MICRO).round() / MICRO for c in RANGE),
        how=pl.lit("estimated"),
    )
