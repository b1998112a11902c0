"""How much of the norm is really used: a factor per need and sector, learnt from use, deliveries and orders."""

import numpy as np
import numpy.typing as npt
import polars as pl

from dijk.forecast.usage_in_demand import TENTH
from dijk.forecast.usage_seen import SOURCES, WIDEST, Seen, observations
from dijk.known import exact_sum
from dijk.present.norm_use import RANGE
from dijk.present.now import Now
from dijk.tables.forecast import UsageFactor

Array = npt.NDArray[np.float64]
Yes = npt.NDArray[np.bool_]

NOBODY = 1e-6
"""Weight of a norm that holds for nobody yet: its range counts once a scenario spreads it."""


def usage_factor(now: Now, units: pl.DataFrame) -> pl.DataFrame:
    """Learn how much of the norm is used, per need and sector.

    The logarithm of the factor is a level that drifts. It starts at the norm, as uncertain as the range of the norm
    says. Each week of use, deliveries or orders is the ratio of what the sites that tell used, got or asked to their
    own norm use, and draws the level as far as its source is trusted; what speaks for a part of the sector, and what
    comes in few deliveries or orders, is trusted less. A week in which nobody told anything makes the level less
    certain, never more so than the norm.

    Where goods were short, what came in says nothing of what was needed: such a week can raise the level and not lower
    it, nor make it more certain. That holds for all sources in a week in which the need is known to have been scarce,
    and for deliveries and orders also where nobody knows.

    Parameters
    ----------
    units
        Units a day now, from ``site_units``.

    Returns
    -------
    Table ``UsageFactor``: every need and sector with a norm and units of its driver, sorted. ``factor`` is the median;
    nothing told gives 1 and the range of the norm.
    """
    cells = _norm_ranges(now, units)
    if cells.is_empty():
        return UsageFactor.create_empty()
    today, number = now.world.today, now.policy.number
    seen = observations(now, cells, _weeks_of_activity(now, round(number("usage_weeks", today))))
    trust = np.array([number(f"usage_{source}_sd", today) for source in SOURCES])[:, None, None]
    spread = np.sqrt(trust**2 / np.clip(seen.share, 1e-9, 1.0) + seen.lumps)
    before = (cells["up"] + cells["down"]).to_numpy() / 2
    level, after = learnt(
        seen.log_ratio, spread, seen.raises_only, before=before, drift=number("usage_drift_sd", today)
    )
    kept = np.divide(after, before, out=np.ones_like(before), where=before > 0)
    return _as_table(cells, seen, level, kept)


def _as_table(cells: pl.DataFrame, seen: Seen, level: Array, kept: Array) -> pl.DataFrame:
    """Table ``UsageFactor`` from the level of each cell, on the log scale, and the part of its range that is left."""
    told = np.isfinite(seen.log_ratio)
    raised = (told & seen.raises_only).sum(axis=(0, 2))
    table = cells.with_columns(
        factor=pl.Series(np.exp(level)).round(6),
        range_kept=pl.Series(kept).round(6),
        **{f"{source}_weeks": pl.Series(weeks) for source, weeks in zip(SOURCES, told.sum(axis=2), strict=True)},
        raising_weeks=pl.Series(raised),
        how=pl.Series(np.where((level != 0) | (kept < 1), "estimated", "assumed")),
    )
    ends = {"low": -pl.col("down"), "high": pl.col("up")}
    table = table.with_columns(
        (pl.col("factor") * (end * TENTH * pl.col("range_kept")).exp()).round(6).alias(n) for n, end in ends.items()
    )
    return UsageFactor.cast(table.select(UsageFactor.column_names()))


def learnt(log_ratio: Array, spread: Array, raises_only: Yes, *, before: Array, drift: float) -> tuple[Array, Array]:
    """Draw the level of each cell through its observations, oldest week first: a local level, by Kalman's rule.

    Parameters
    ----------
    log_ratio
        Logarithm of observed over norm, shape (sources, cells, weeks), oldest week first; NaN is not told.
    spread
        Its standard deviation, same shape, above 0.
    raises_only
        Where an observation is a lower bound: it draws the level up if it lies above, and leaves its spread as it is.
    before
        Standard deviation at the start, shape (cells,); 0 keeps the level at the norm. Drift never leads beyond it.
    drift
        Standard deviation of what the level moves in a week.

    Returns
    -------
    Level and standard deviation at the end, shape (cells,) each.
    """
    level, variance = np.zeros_like(before), before**2
    for week in range(log_ratio.shape[2]):
        variance = np.minimum(variance + drift**2, before**2)
        for source in range(log_ratio.shape[0]):
            seen, error = log_ratio[source, :, week], spread[source, :, week] ** 2
            known, bound = np.isfinite(seen), raises_only[source, :, week]
            gain = variance / (variance + error)
            step = np.where(known, seen - level, 0.0)
            level = level + gain * np.where(bound, np.maximum(step, 0.0), step)
            variance = np.where(known & ~bound, (1.0 - gain) * variance, variance)
    return level, np.sqrt(variance)


def _norm_ranges(now: Now, units: pl.DataFrame) -> pl.DataFrame:
    """The cells with, at the activity of now, the logarithm of high and low over mid as standard deviations: need,
    sector, up, down.
    """
    norm = now.policy.in_force("norm", now.world.today)
    stage = now.policy.words("reuse_stage", now.world.today, norm.select("need", "sector"))
    norm = norm.filter(norm["reuse_stage"].cast(pl.String) == stage)
    whole = units.group_by("sector", "driver", "risk_class").agg(units=exact_sum("units"))
    weight = pl.col("units") * pl.max_horizontal("coverage", pl.lit(NOBODY))
    cells = (
        norm.join(whole, on=["sector", "driver", "risk_class"])
        .group_by("need", "sector")
        .agg((pl.col(end) * weight).sort_by("driver", "risk_class").sum() for end in RANGE)
        .filter(pl.col("mid") > 0)
        .sort("need", "sector")
    )
    up = (pl.col("high") / pl.col("mid")).clip(1.0, WIDEST).log() / TENTH
    down = (pl.col("mid") / pl.col("low")).clip(1.0, WIDEST).log() / TENTH
    return cells.select("need", "sector", up=up, down=down)


def _weeks_of_activity(now: Now, most: int) -> int:
    """How many weeks back anyone told any activity, 1 to ``most``: before that there is no norm use to set anything
    beside.
    """
    told = now.world.activity.filter(pl.col("units").is_not_null() & (pl.col("day") <= now.world.today))
    oldest = told.select((pl.lit(now.world.today) - pl.col("day")).dt.total_days().max()).item()
    return 1 if oldest is None else min(most, oldest // 7 + 1)
