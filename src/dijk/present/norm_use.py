"""Norm use: what each site uses a day when nothing is short. It is the weight with which scarce goods are shared."""

import datetime as dt

import polars as pl

from dijk.inputs import Inputs
from dijk.known import MICRO, exact_sum
from dijk.policy import Policy
from dijk.present.activity import QUIET, believed, open_places
from dijk.tables.results import NormUse

RANGE = ("low", "mid", "high")


def norm_use(world: Inputs, policy: Policy) -> pl.DataFrame:
    """Norm times activity, summed over drivers: one row per site, need and risk class.

    Activity is what counts of what was told; see `dijk.present.activity.believed`. A site that never told any but has a
    size is estimated as a quiet peer: the norm use per bed, client or member of staff that three in four of its sector
    pass; such rows say ``estimated``. A site with neither has no row, and a finding says so; nor has a closed one.

    Returns
    -------
    Table ``NormUse``, pieces/day rounded to millionths, rows with a ``high`` above 0 only.
    """
    return norm_use_of(believed(world, policy), world, policy)


def norm_use_of(units: pl.DataFrame, world: Inputs, policy: Policy) -> pl.DataFrame:
    """Norm use, as table ``NormUse``, of given units a day: site, sector, driver, risk_class, units."""
    counted = _of_activity(units, world, policy)
    estimated = _of_size(world, counted)
    rows = pl.concat([counted, estimated]).filter(pl.col("high") > 0)
    return NormUse.cast(rows.select(NormUse.column_names()).sort("site", "need", "risk_class"))


def norms_in_force(policy: Policy, day: dt.date) -> pl.DataFrame:
    """The norms of the reuse stage in force, times their coverage: need, sector, risk_class, driver, low, mid, high."""
    norm = policy.in_force("norm", day)
    stage = policy.words("reuse_stage", day, norm.select("need", "sector"))
    return norm.filter(norm["reuse_stage"].cast(pl.String) == stage).select(
        "need", "sector", "risk_class", "driver", *(pl.col(c) * pl.col("coverage") for c in RANGE)
    )


def _of_activity(units: pl.DataFrame, world: Inputs, policy: Policy) -> pl.DataFrame:
    norms = norms_in_force(policy, world.today)
    return (
        units.join(norms, on=["sector", "driver", "risk_class"])
        .with_columns(_in_millionths(pl.col(c) * pl.col("units")).alias(c) for c in RANGE)
        .group_by("site", "need", "risk_class")
        .agg(exact_sum(c).alias(c) for c in RANGE)
        .with_columns(how=pl.lit("counted"))
    )


def _in_millionths(product: pl.Expr) -> pl.Expr:
    """Pieces to millionths, a half to the even one. Of the fifteen digits that float64 is sure of: what is exactly
    halfway in the numbers that people wrote, such as 2,412,187.5, may come out of the product as 2,412,187.4999999995.
    """
    return (product * MICRO).round_sig_figs(15).round() / MICRO


def _of_size(world: Inputs, counted: pl.DataFrame) -> pl.DataFrame:
    """Sites that never told any activity: norm use per unit of size as quiet peers have it, a peer without a class as
    none of it.
    """
    sized = open_places(world).filter(pl.col("size") > 0)
    known = world.activity.filter(pl.col("units").is_not_null())["site"].unique()
    silent = sized.filter(~pl.col("site").is_in(known.implode()))
    both = sized.filter(pl.col("site").is_in(known.implode()))
    peers = both.group_by("sector", "size_unit").agg(peers=pl.len().cast(pl.Int64))
    cell = ["sector", "size_unit", "need", "risk_class"]
    rates = counted.join(both, on="site").join(peers, on=["sector", "size_unit"]).group_by(*cell, "peers")
    rate = rates.agg(pl.col(c, "size").sort_by(pl.col(c) / pl.col("size")).name.suffix(f"_{c}") for c in RANGE)
    place = ((pl.col("peers") - 1) * QUIET).floor().cast(pl.Int64) - (pl.col("peers") - pl.col("mid_mid").list.len())
    quiet = rate.with_columns(place=place).filter(pl.col("place") >= 0)
    quiet = quiet.with_columns(pl.exclude(*cell, "peers", "place").list.get(pl.col("place")))
    mine = silent.join(quiet, on=["sector", "size_unit"])
    # in whole millionths up to the one division, so that what lies exactly halfway is rounded as anyone would
    use = [(pl.col(f"{c}_{c}") * MICRO).round() * pl.col("size") / pl.col(f"size_{c}") for c in RANGE]
    share = dict(zip(RANGE, (each.round() / MICRO for each in use), strict=True))
    return mine.select("site", "need", "risk_class", **share, how=pl.lit("estimated"))
