"""Scenarios: which advice, from when, how fast, how widely followed -> factors on norms and drivers per week."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from dijk.tables import ALL

Array = npt.NDArray[np.float64]

CURVES = ("low", "base", "max")


def lines_of_curve(scenario: pl.DataFrame, curve: str) -> pl.DataFrame:
    """Choose the scenario lines that a curve holds.

    Low holds what is in low; base that and what is in base; max that and what is in max. The curve of a scenario is
    base and that scenario.
    """
    if curve in CURVES:
        part_of = CURVES[: CURVES.index(curve) + 1]
        return scenario.filter(pl.col("in_curve").cast(pl.String).is_in(part_of))
    in_base = pl.col("in_curve").cast(pl.String).is_in(CURVES[:2])
    return scenario.filter(in_base | (pl.col("scenario") == curve))


def in_force_share(starts_on: dt.date, ramp_days: int, weeks: Sequence[dt.date]) -> Array:
    """Give how far a change has come, as the mean over the days of each week: 0 before, a straight ramp, then 1."""
    day = np.array([[(week - starts_on).days + d for d in range(7)] for week in weeks], dtype=np.float64)
    reached: Array = np.where(day >= 0, 1.0, 0.0) if ramp_days == 0 else np.clip(day / ramp_days, 0.0, 1.0)
    return np.asarray(reached.mean(axis=1))


def widened(coverage: float, added: Sequence[float], in_force: Sequence[Array]) -> Array:
    """Give the coverage per week when several advices each cover a part of what is not covered yet.

    1 - (1 - c0) x product of (1 - c_i x ramp_i): never past 1, whatever the order.

    Parameters
    ----------
    coverage
        Share covered today, c0.
    added
        Share of the uncovered that each advice adds, c_i.
    in_force
        How far each advice has come, shape (weeks,) each.
    """
    open_share = np.array(1.0 - coverage)
    for share, reached in zip(added, in_force, strict=True):
        open_share = open_share * (1.0 - share * reached)
    return 1.0 - open_share


def week_factors(norm: pl.DataFrame, lines: pl.DataFrame, weeks: Sequence[dt.date]) -> Array:
    """Give what each norm must be multiplied with, per week: widened coverage, norm factors and driver factors.

    Parameters
    ----------
    norm
        One row a norm: need, sector, driver, coverage.
    lines
        Scenario lines of the curve, in any order.

    Returns
    -------
    Shape (norms, weeks); with no lines the coverage itself.
    """
    factor = np.ones((norm.height, len(weeks)))
    not_covered = np.repeat(1.0 - norm["coverage"].to_numpy()[:, None], len(weeks), axis=1)
    for line in lines.sort("scenario", "need", "sector", "driver").iter_rows(named=True):
        named = ((pl.col(axis) == line[axis]) | pl.lit(line[axis] == ALL) for axis in ("need", "sector", "driver"))
        touched = norm.select(touched=pl.all_horizontal(named))["touched"].to_numpy()
        reached = in_force_share(line["starts_on"], line["ramp_days"], weeks)
        not_covered[touched] *= 1.0 - line["coverage"] * reached
        factor[touched] *= (1.0 + (line["norm_factor"] - 1.0) * reached) * (
            1.0 + (line["driver_factor"] - 1.0) * reached
        )
    return factor * (1.0 - not_covered)
