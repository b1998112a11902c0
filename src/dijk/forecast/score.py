"""Scores of past forecasts: weighted interval score, coverage and bias."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

#: The 23 levels of the epidemic forecast hubs.
QUANTILE_LEVELS: Array = np.array([0.01, 0.025, *(round(0.05 * k, 2) for k in range(1, 20)), 0.975, 0.99])


@dataclass(frozen=True)
class Score:
    """How a set of forecasts did. Means over the forecasts that could be scored; None when there were none."""

    forecasts: int  # how many were scored
    wis: float | None  # natural scale, in the unit of the series
    log_wis: float | None  # of log(1 + y), no unit
    coverage_50: float | None  # share of truths inside the central half
    coverage_95: float | None
    bias: float | None  # -1 always too high ... +1 always too low
    median_error: float | None  # mean of log(1 + observed) - log(1 + median)


def weighted_interval_score(observed: Array, predicted: Array, levels: Array = QUANTILE_LEVELS) -> Array:
    """Score quantile forecasts; 0 is perfect and lower is better.

    Parameters
    ----------
    observed
        What came true, shape (...,), unit of the series. Missing gives a missing score.
    predicted
        Quantiles, shape (..., levels), not decreasing along the last axis.
    levels
        Quantile levels, shape (levels,), between 0 and 1, symmetric around the median.

    Returns
    -------
    Twice the mean pinball loss, shape (...,), unit of the series. With symmetric levels this is the
    weighted interval score with weights alpha/2 for intervals and 1/2 for the median.

    Source
    ------
    Bracher, Ray, Gneiting, Reich (2021), PLOS Computational Biology 17(2), e1008618, eq. 1 and 2.

    Examples
    --------
    >>> float(weighted_interval_score(np.array(3.0), np.array([1.0, 2.0, 3.0]), np.array([0.25, 0.5, 0.75])))
    0.6666666666666666
    """
    error = observed[..., None] - predicted
    loss: Array = 2.0 * np.maximum(levels * error, (levels - 1.0) * error).mean(axis=-1)
    return loss


def log_score(observed: Array, predicted: Array, levels: Array = QUANTILE_LEVELS) -> Array:
    """Give the weighted interval score of log(1 + y), which weighs small and large series alike.

    Shapes and missing values as in ``weighted_interval_score``; counts of 0 or more.

    Source
    ------
    Bosse and others (2023), PLOS Computational Biology 19(8), e1011393.

    Examples
    --------
    >>> float(log_score(np.array(9.0), np.array([9.0, 9.0, 9.0]), np.array([0.25, 0.5, 0.75])))
    0.0
    """
    return weighted_interval_score(np.log1p(observed), np.log1p(predicted), levels)


def covered(observed: Array, predicted: Array, share: float, levels: Array = QUANTILE_LEVELS) -> Array:
    """Say where the truth lay in the central interval: 1 inside or on its edge, 0 outside, NaN where missing.

    Raises
    ------
    ValueError
        When the levels do not hold the interval that was asked for.

    Examples
    --------
    >>> levels = np.array([0.25, 0.5, 0.75])
    >>> covered(np.array([3.0, 9.0, np.nan]), np.array([[2.0, 3.0, 4.0]] * 3), 0.5, levels).tolist()
    [1.0, 0.0, nan]
    """
    low, high = level_position(levels, 0.5 - share / 2), level_position(levels, 0.5 + share / 2)
    inside = (observed >= predicted[..., low]) & (observed <= predicted[..., high])
    known = ~np.isnan(observed) & ~np.isnan(predicted[..., low])
    return np.where(known, inside.astype(float), np.nan)


def bias(observed: Array, predicted: Array, levels: Array = QUANTILE_LEVELS) -> Array:
    """Say on which side the truth fell: -1 below every quantile, +1 above every one, near 0 in the middle.

    Shapes as in ``weighted_interval_score``. A truth on a tie of quantiles counts as their middle.

    Examples
    --------
    >>> levels = np.array([0.25, 0.5, 0.75])
    >>> bias(np.array([1.0, 3.0, 9.0]), np.array([[2.0, 3.0, 4.0]] * 3), levels).tolist()
    [-1.0, 0.0, 1.0]
    """
    below = (predicted < observed[..., None]).mean(axis=-1)
    not_above = (predicted <= observed[..., None]).mean(axis=-1)
    known = ~np.isnan(observed) & ~np.isnan(predicted).any(axis=-1)
    return np.where(known, below + not_above - 1.0, np.nan)


def score(observed: Array, predicted: Array, levels: Array = QUANTILE_LEVELS) -> Score:
    """Summarise forecasts of shape (n, levels) against truths of shape (n,); pairs with a missing half are left out.

    Raises
    ------
    ValueError
        When the levels do not hold the median and both central intervals.

    Examples
    --------
    >>> levels = np.array([0.025, 0.25, 0.5, 0.75, 0.975])
    >>> predicted = np.array([[1.0, 2.0, 3.0, 4.0, 5.0]] * 2)
    >>> found = score(np.array([3.0, 9.0]), predicted, levels)
    >>> found.forecasts, found.coverage_50, found.bias
    (2, 0.5, 0.5)
    """
    known = ~np.isnan(observed) & ~np.isnan(predicted).any(axis=-1)
    truth, quantiles = observed[known], predicted[known]
    if not len(truth):
        return Score(0, None, None, None, None, None, None)
    middle = quantiles[:, level_position(levels, 0.5)]
    return Score(
        forecasts=len(truth),
        wis=float(weighted_interval_score(truth, quantiles, levels).mean()),
        log_wis=float(log_score(truth, quantiles, levels).mean()),
        coverage_50=float(covered(truth, quantiles, 0.5, levels).mean()),
        coverage_95=float(covered(truth, quantiles, 0.95, levels).mean()),
        bias=float(bias(truth, quantiles, levels).mean()),
        median_error=float((np.log1p(truth) - np.log1p(middle)).mean()),
    )


def level_position(levels: Array, level: float) -> int:
    """Find a quantile level in the list, to a thousandth.

    Raises
    ------
    ValueError
        When the list does not hold it.
    """
    place = int(np.abs(levels - level).argmin())
    if abs(levels[place] - level) > 1e-3:
        raise ValueError(f"quantile level {level:g} is not among {levels.tolist()}")
    return place


def relative_score(ours: Array, theirs: Array, blocks: Array, *, repeats: int = 2000, seed: int = 1) -> Array:
    """Give the ratio of two mean scores with its 95 % range, resampling whole blocks.

    Forecasts made on one date share their luck, so the dates are drawn and not the forecasts.

    Parameters
    ----------
    ours, theirs
        Scores of the same forecasts, shape (n,), none missing.
    blocks
        What belongs together, shape (n,): usually the forecast date as a number.

    Returns
    -------
    Ratio, its 2.5 % and its 97.5 % quantile, shape (3,). Below 1: ours is better.

    Examples
    --------
    >>> ours, theirs, monday = np.array([1.0, 2.0]), np.array([2.0, 4.0]), np.array([1.0, 2.0])
    >>> relative_score(ours, theirs, monday).tolist()
    [0.5, 0.5, 0.5]
    """
    _, block = np.unique(blocks, return_inverse=True)
    sums = np.stack([np.bincount(block, ours), np.bincount(block, theirs)])
    draws = np.random.default_rng(seed).integers(0, sums.shape[1], (repeats, sums.shape[1]))
    drawn = sums[:, draws].sum(axis=-1)
    low, high = np.quantile(drawn[0] / drawn[1], [0.025, 0.975])
    return np.array([ours.sum() / theirs.sum(), low, high])
