"""Weekly series of drivers (admissions, infections, use) -> quantiles and joint sample paths.

The model on the log scale is a level with a growth that fades and a slow way back to the usual level; its
spread is what the same model got wrong before, at every past week and for every series of the group. Nothing
is fitted to a particular series: the constants in ``Growth`` are the same for all.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dijk.forecast.pool import Pool, draw_errors, pool_errors, pool_quantiles
from dijk.forecast.prior import Prior
from dijk.forecast.score import QUANTILE_LEVELS

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

LONGEST_DELAY = 12  # weeks; a series that is silent for longer gets no forecast
HALF_TRUSTED = 26  # weeks of past after which the mean of a series counts for half as its usual level; assumed
QUIET = 20.0  # weekly count at which a week tells half as much of the usual level as a busy one; assumed


@dataclass(frozen=True)
class Growth:
    """Constants of the model; the defaults hold for every series.

    Notes
    -----
    ``damping`` is the part of this week's growth that is left next week. It follows the comparison of damped growth,
    random walk, exponential smoothing and renewal models on ten European countries; differences between 0.5 and 0.6
    are noise, and so is a growth rate averaged over more weeks than the last. ``shrinkage`` and ``growth_shrinkage``
    are the weekly counts at which a region's own level and own growth weigh as much as its country's: growth is the
    difference of two noisy figures, of which most is shared. ``reversion`` is the part of the way back to its usual
    level that a series goes in a week, half of it in ten weeks: waves pass, and come again.
    """

    damping: float = 0.55
    shrinkage: float = 40.0
    growth_shrinkage: float = 200.0
    reversion: float = 0.07
    decay: float = 0.985  # weight of a week older, among errors and in the usual level
    own_weeks: float = 20.0  # weeks of own errors that weigh as much as the group's typical size
    prior: Prior = field(default_factory=Prior)


#: The honest floor: a random walk of the log, with the spread of its own past errors.
RANDOM_WALK = Growth(damping=0.0, shrinkage=0.0, reversion=0.0)


@dataclass(frozen=True)
class Outlook:
    """What is known at the end of the past, and how far the forecast may be off from there.

    All arrays have the series first. ``level`` and ``centre`` and ``scale`` are on the log scale, ``centre`` per step
    after the last known week; ``delay`` is the number of weeks since that week (0: the newest week is known).
    """

    series: tuple[str, ...]
    level: Array  # (series,), where the last known week stands
    centre: Array  # (series, steps)
    scale: Array  # (series,)
    delay: Indices  # (series,), -1: nothing known lately
    pool: Pool
    horizon: int
    cold_start: bool  # the prior has a say


def bridge(logs: Array, longest: int = 2) -> Array:
    """Fill gaps of at most ``longest`` weeks by a straight line on the log scale; longer gaps stay missing.

    Shape (series, weeks); NaN is missing. Nothing is filled before the first or after the last known week.
    """
    weeks = np.arange(logs.shape[1])
    known = ~np.isnan(logs)
    before = np.maximum.accumulate(np.where(known, weeks, -1), axis=1)
    after = np.minimum.accumulate(np.where(known, weeks, logs.shape[1])[:, ::-1], axis=1)[:, ::-1]
    gap = after - before - 1
    fill = ~known & (before >= 0) & (after < logs.shape[1]) & (gap <= longest)
    left = np.take_along_axis(logs, np.maximum(before, 0), axis=1)
    right = np.take_along_axis(logs, np.minimum(after, logs.shape[1] - 1), axis=1)
    part = (weeks - before) / np.maximum(after - before, 1)
    return np.where(fill, left + (right - left) * part, logs)


def growth_rate(logs: Array) -> Array:
    """Give the change per week since the week known before, shape (series, weeks).

    NaN where the week itself is missing and where none was known before it.
    """
    weeks = np.arange(logs.shape[1])
    known = np.maximum.accumulate(np.where(np.isnan(logs), -1, weeks), axis=1)
    before = np.concatenate([np.full((len(logs), 1), -1), known[:, :-1]], axis=1)
    earlier = np.take_along_axis(logs, np.maximum(before, 0), axis=1)
    return np.where(before >= 0, (logs - earlier) / (weeks - before), np.nan)


def noise_scale(logs: Array) -> Array:
    """Give the spread of one weekly figure on the log scale: 14 % for a large count, more for a small one.

    sqrt(0.02 + 2 / (y + 5)): a lasting relative noise plus twice the noise of a count.
    """
    return np.sqrt(0.02 + 2.0 / (np.expm1(logs) + 5.0))


def shrink_to_nation(logs: Array, growth: Array, model: Growth) -> tuple[Array, Array]:
    """Let small regions lean on the whole, in their level and, more so, in their growth.

    A region keeps (1 + y) / (1 + y + k) of its own, k as the model has it for either and y the larger of its count and
    the count that was expected: to see nothing where much was expected is evidence too. For the rest its level is last
    week's level moved by the nation's growth. The nation is the sum of 1 + count over the series known in both of two
    weeks, as in the regions' own logs: near nothing, a few cases more or less are no trend.

    Returns
    -------
    Level and growth on the log scale, shapes as given; missing stays missing.
    """
    if model.shrinkage <= 0 or len(logs) < 2:
        return logs, growth
    nation = _nation_growth(logs)
    level, weight = logs.copy(), np.ones_like(logs)  # weight: 1 + y
    for week in range(1, logs.shape[1]):
        expected = np.maximum(level[:, week - 1] + np.nan_to_num(nation[week]), 0.0)
        expected = np.where(np.isnan(expected), logs[:, week], expected)
        weight[:, week] = np.exp(np.maximum(logs[:, week], expected))
        own = weight[:, week] / (weight[:, week] + model.shrinkage)
        level[:, week] = own * logs[:, week] + (1.0 - own) * expected
    rate = np.where(np.isnan(growth), nation, growth)
    own = weight / (weight + model.growth_shrinkage)
    return level, np.where(np.isnan(nation), rate, own * rate + (1.0 - own) * nation)


def _nation_growth(logs: Array) -> Array:
    """Give the change of the log of the sum of 1 + count over the series known in both weeks, shape (weeks,); NaN with
    none.
    """
    both = ~np.isnan(logs[:, 1:]) & ~np.isnan(logs[:, :-1])
    now = np.where(both, np.exp(logs[:, 1:]), 0.0).sum(axis=0)
    was = np.where(both, np.exp(logs[:, :-1]), 0.0).sum(axis=0)
    known = both.any(axis=0)
    change = np.log(np.where(known, now, 1.0) / np.where(known, was, 1.0))
    return np.concatenate([[np.nan], np.where(known, change, np.nan)])


def below_usual(level: Array, decay: float) -> Array:
    """Say how far each series stands below its usual level, as much of it as its past can tell.

    The usual level is the mean of the log so far. A week with count y weighs y / (y + 20), as weeks with next to
    nothing do not tell what is usual once a wave is there, and a week older ``decay`` times as much. The mean counts
    for n / (n + 26), n the weight of all weeks: a first wave has no usual level yet.

    Returns
    -------
    Shape (series, weeks), log scale, negative above the usual level; NaN where the level is missing.
    """
    count = np.expm1(level)
    weight = np.nan_to_num(count / (count + QUIET))
    total, weeks = np.zeros(len(level)), np.zeros(len(level))
    gap = np.full_like(level, np.nan)
    for week in range(level.shape[1]):
        total = decay * total + weight[:, week] * np.nan_to_num(level[:, week])
        weeks = decay * weeks + weight[:, week]
        gap[:, week] = (total / np.maximum(weeks, 1e-12) - level[:, week]) * weeks / (weeks + HALF_TRUSTED)
    return gap


def look_ahead(
    counts: Array, series: tuple[str, ...], horizon: int, *, model: Growth | None = None, seed: int = 1
) -> Outlook:
    """Fit nothing, look back: where does each series stand, and how far was the model off in the past?

    Parameters
    ----------
    counts
        Weekly figures, shape (series, weeks), 0 or more, newest week last. NaN is missing, which is not 0.
        The series of one call form a group: they share their errors, and small ones lean on the sum.
    series
        Names, one a row, each once.
    horizon
        Weeks ahead of the newest week, 1 or more.
    seed
        Only the prior draws from it, and only while the past is short.

    Raises
    ------
    ValueError
        When names and rows differ in number, a name comes twice, or a count is negative or infinite.

    Examples
    --------
    >>> outlook = look_ahead(np.array([[80.0, 90.0, 100.0, 110.0]]), ("north",), 3)
    >>> outlook.centre.shape, outlook.cold_start
    ((1, 3), True)
    """
    model = model or Growth()
    _refuse_bad_counts(counts, series)
    logs = bridge(np.log1p(counts))
    delay = _delay(logs)
    steps = horizon + int(delay.max(initial=0))
    level, growth = shrink_to_nation(logs, growth_rate(logs), model)
    scale = noise_scale(level)
    change = expected_change(growth, below_usual(level, model.decay), steps, model)
    errors = past_errors(logs, level, change)
    pool = pool_errors(errors, series, model.prior, decay=model.decay, own_weeks=model.own_weeks, seed=seed)
    rows, last = np.arange(len(series)), logs.shape[1] - 1 - np.maximum(delay, 0)
    stand, moved = level[rows, last], change[:, rows, last].T
    start = model.prior.growth * np.cumsum(model.prior.damping ** np.arange(steps))  # where no growth was seen yet
    return Outlook(
        series=series,
        level=stand,
        centre=stand[:, None] + np.where(np.isnan(moved), start, moved),
        scale=scale[rows, last] * _widening(counts, last),
        delay=delay,
        pool=pool,
        horizon=horizon,
        cold_start=bool(pool.prior_share.any()),
    )


def expected_change(growth: Array, gap: Array, steps: int, model: Growth) -> Array:
    """Give how far the model moves from each week's level: growth that fades, and part of the way back to what is
    usual.

    Shape (steps, series, weeks), log scale; NaN where growth or gap, of shape (series, weeks), is not known.
    """
    ahead = np.arange(1, steps + 1)[:, None, None]
    reach = np.cumsum(model.damping**ahead, axis=0)
    back = 1.0 - (1.0 - model.reversion) ** ahead
    return np.asarray(reach * growth + back * gap)


def past_errors(logs: Array, level: Array, change: Array) -> Array:
    """Give what the model would have got wrong at every past week.

    Parameters
    ----------
    logs, level
        Log of 1 + count, and its level as the model saw it, shape (series, weeks).
    change
        What the model expected from each week on, shape (steps, series, weeks), from ``expected_change``.

    Returns
    -------
    Errors divided by the noise scale of their week, shape (steps, series, weeks); NaN where the truth, the
    level or the change is not known.
    """
    errors = np.full_like(change, np.nan)
    scale = noise_scale(level)
    for step in range(1, min(len(change), logs.shape[1] - 1) + 1):
        gone = slice(None, -step)
        errors[step - 1, :, gone] = (logs[:, step:] - level[:, gone] - change[step - 1, :, gone]) / scale[:, gone]
    return errors


def quantile_forecast(outlook: Outlook, levels: Array = QUANTILE_LEVELS) -> Array:
    """Give the quantiles of each series and week ahead.

    Returns
    -------
    Shape (series, horizon, levels), in the unit of the series, 0 or more, not decreasing along the last
    axis. NaN throughout for a series with nothing known in the last ``LONGEST_DELAY`` weeks.

    Examples
    --------
    >>> outlook = look_ahead(np.array([[80.0, 90.0, 100.0, 110.0]]), ("north",), 3)
    >>> low, middle, high = quantile_forecast(outlook, np.array([0.1, 0.5, 0.9]))[0, 0]
    >>> bool(low < 110 < middle < high)
    True
    """
    logs = outlook.centre[:, :, None] + pool_quantiles(outlook.pool, levels, outlook.scale)
    return _from_logs(_weeks_ahead(logs, outlook))


def sample_paths(outlook: Outlook, samples: int, *, seed: int) -> Array:
    """Draw joint paths: what goes together in one sample went together at one moment of the past.

    Add samples over series, never quantiles.

    Returns
    -------
    Shape (samples, series, horizon), in the unit of the series, 0 or more; NaN as in ``quantile_forecast``.

    Examples
    --------
    >>> outlook = look_ahead(np.array([[80.0, 90.0, 100.0, 110.0]]), ("north",), 3)
    >>> sample_paths(outlook, 50, seed=1).shape
    (50, 1, 3)
    """
    logs = outlook.centre[:, :, None] + draw_errors(outlook.pool, outlook.series, samples, outlook.scale, seed=seed)
    return np.ascontiguousarray(np.moveaxis(_from_logs(_weeks_ahead(logs, outlook)), -1, 0))


def _weeks_ahead(logs: Array, outlook: Outlook) -> Array:
    """Pick, for each series, the steps that lead to the weeks after the newest week."""
    steps = np.maximum(outlook.delay, 0)[:, None] + np.arange(outlook.horizon)
    picked = np.take_along_axis(logs, steps[:, :, None], axis=1)
    picked[outlook.delay < 0] = np.nan
    return picked


def _from_logs(logs: Array) -> Array:
    # a count of 10^15 a week is past any meaning, and keeps sums finite
    return np.maximum(np.expm1(np.minimum(logs, np.log(1e15))), 0.0)


def _delay(logs: Array) -> Indices:
    """Count the weeks since the last known one; -1 where that is too long ago or never was."""
    known = ~np.isnan(logs)
    since = np.where(known.any(axis=1), np.argmax(known[:, ::-1], axis=1), -1)
    return np.where(since > LONGEST_DELAY, -1, since)


def _widening(counts: Array, last: Indices) -> Array:
    """Widen the forecast where one or both of the two weeks before the last known one were missing or bridged."""
    missing = np.isnan(counts)
    before = [np.take_along_axis(missing, np.maximum(last - back, 0)[:, None], axis=1)[:, 0] for back in (1, 2)]
    wider: Array = np.sqrt(1.0 + 0.5 * (before[0].astype(float) + before[1].astype(float)))  # assumed
    return wider


def _refuse_bad_counts(counts: Array, series: tuple[str, ...]) -> None:
    if counts.ndim != 2 or len(series) != len(counts) or len(set(series)) != len(series):
        raise ValueError(
            f"want one name for each row, each once; got {len(series)} names for counts of shape {counts.shape}"
        )
    if counts.shape[1] < 1 or np.any(counts < 0) or np.any(np.isinf(counts)):
        raise ValueError("want at least one week, and counts of 0 or more or NaN for missing")
