"""Cure against care: whether the need is met in one far more than in the other. Decided here, read everywhere."""

import datetime as dt

import polars as pl

from dijk.policy import Policy, listed
from dijk.tables import ALL
from dijk.tables.results import Drift

SIDES = ("cure", "care")
"""The two groups of sectors that are weighed against each other."""


def drift(flow: pl.DataFrame, policy: Policy, *, today: dt.date) -> pl.DataFrame:
    """Share of the need met in cure and in care, and whether they are further apart than the policy allows.

    Parameters
    ----------
    flow
        Table ``Flow``.

    Returns
    -------
    Table ``Drift``: a row per listed need that flows in cure or care, sorted. Where one of them has no norm use there
    is no gap, and no alarm is known.
    """
    met = flow.filter(pl.col("region") == ALL).select("need", "sector", "need_met")
    cure, care = (met.filter(pl.col("sector") == side).select("need", pl.col("need_met").alias(side)) for side in SIDES)
    both = cure.join(care, on="need", how="full", coalesce=True).join(listed(policy, today), on="need", how="semi")
    both = both.with_columns(limit=policy.numbers("drift_alarm", today, both), gap=pl.col("cure") - pl.col("care"))
    table = both.with_columns(alarm=pl.col("gap").abs() > pl.col("limit"))
    return Drift.cast(table.select(Drift.column_names()).sort("need"))
