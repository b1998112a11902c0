"""Past forecast errors of a group of series, as a distribution and as something to draw from."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dijk.forecast.streams import random_stream

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

# Enough points for the 1 % and 99 % quantile to rest on several of them.
_GRID: Array = (np.arange(400) + 0.5) / 400
_EXACT_UP_TO = 200_000  # errors; a larger pool is counted in bins
_BINS = 4096


@dataclass(frozen=True)
class Pool:
    """Errors of a group, standardised by the noise scale, with no unit.

    `margin` is the distribution that all series share, on a grid of probabilities; `factor` says how
    much wider or narrower a series is than its group. `origins` are whole vectors of errors, over all
    steps and series, as they went together in the past; drawing one keeps what hangs together together.
    """

    margin: Array  # (steps, grid)
    factor: Array  # (steps, series)
    origins: Array  # (steps, series, candidates); NaN where a series had no error
    weights: Array  # (candidates,), summing to 1
    prior_share: float  # how much of the longest step is the prior


def pool_errors(errors: Array, *, decay: float, own_weeks: float, prior: Callable[[], Array], prior_origins: int) -> Pool:
    """Put the errors of all series together, new ones weighing more.

    Parameters
    ----------
    errors
        Standardised errors, shape (steps, series, origins), newest origin last; NaN where not known (yet).
    decay
        Weight of an origin one week older, above 0 and at most 1.
    own_weeks
        Weeks of own errors that weigh as much as the group when the width of a series is judged.
    prior
        Gives pseudo errors, shape (steps, series, draws); called only where the past is too short.
    prior_origins
        Number of past origins from which on the prior counts for nothing.

    Returns
    -------
    The pool. With no past at all it is the prior.
    """
    steps, series, origins = errors.shape
    age_weight = decay ** np.arange(origins, dtype=np.float64)[::-1]
    known = ~np.isnan(errors)
    count = known.any(axis=1).sum(axis=1)
    share = np.maximum(0.0, 1.0 - count / prior_origins)
    pseudo = prior() if share.max() > 0 else np.empty((steps, series, 0))
    margin = np.stack([_mixed_margin(errors[step], age_weight, pseudo[step], share[step]) for step in range(steps)])
    factor = _own_factor(errors, known, age_weight, own_weeks)
    complete = known.any(axis=1).all(axis=0)
    kept = np.flatnonzero(complete)
    weights = np.concatenate(
        [
            _to_one(age_weight[kept]) * (1.0 - share.max()),
            np.full(pseudo.shape[2], share.max() / max(pseudo.shape[2], 1)),
        ]
    )
    joint = np.concatenate([errors[:, :, kept], pseudo], axis=2)
    return Pool(margin, factor, joint, _to_one(weights), float(share.max()))


def pool_quantiles(pool: Pool, levels: Array) -> Array:
    """Give the quantiles of the errors, shape (steps, series, levels), standardised."""
    shared = np.stack([np.interp(levels, _GRID, row) for row in pool.margin])
    quantiles: Array = shared[:, None, :] * pool.factor[:, :, None]
    return quantiles


def draw_errors(pool: Pool, series: tuple[str, ...], samples: int, *, seed: int) -> Array:
    """Draw errors that hang together over series and steps as they did in the past.

    A sample is one past origin for all series. Each series then gets, from the shared distribution, the error
    that ranks as high as its own did among its own; so every series has the width it deserves.

    Returns
    -------
    Standardised errors, shape (samples, series, steps).
    """
    stream = random_stream(seed, "driver", "origin")
    # one draw in each of `samples` equal strata: less noise than independent draws
    place = (np.arange(samples) + stream.random(samples)) / samples
    drawn = np.searchsorted(np.cumsum(pool.weights)[:-1], place, side="right")[stream.permutation(samples)]
    steps, rows, _ = pool.origins.shape
    drawn_errors = np.empty((samples, rows, steps))
    for row, name in enumerate(series):
        within = random_stream(seed, "driver", name).random(samples)
        for step in range(steps):
            start, width = _ranks(pool.origins[step, row], pool.weights)
            level = start[drawn] + width[drawn] * within
            drawn_errors[:, row, step] = np.interp(level, _GRID, pool.margin[step]) * pool.factor[step, row]
    return drawn_errors


def _ranks(errors: Array, weights: Array) -> tuple[Array, Array]:
    """Give the piece of (0, 1) that belongs to each candidate; a missing one may fall anywhere."""
    known = ~np.isnan(errors)
    start, width = np.zeros_like(errors), np.ones_like(errors)
    order = np.flatnonzero(known)[np.argsort(errors[known], kind="stable")]
    sorted_weights = _to_one(weights[order])
    start[order] = np.cumsum(sorted_weights) - sorted_weights
    width[order] = sorted_weights
    return start, width


def _mixed_margin(errors: Array, age_weight: Array, pseudo: Array, share: float) -> Array:
    """Give the pooled quantile function of one step on the grid, prior errors mixed in by their share."""
    row, origin = np.nonzero(~np.isnan(errors))
    if not len(row):
        return np.interp(_GRID, (np.arange(pseudo.size) + 0.5) / pseudo.size, np.sort(pseudo, axis=None))
    values, weights = errors[row, origin], age_weight[origin]
    if len(values) > _EXACT_UP_TO:
        values, weights = _binned(values, origin, age_weight)
    if share > 0:
        values = np.concatenate([values, pseudo.ravel()])
        weights = np.concatenate([_to_one(weights) * (1.0 - share), np.full(pseudo.size, share / pseudo.size)])
    return weighted_quantiles(values, weights, _GRID)


def weighted_quantiles(values: Array, weights: Array, levels: Array) -> Array:
    """Give the quantiles of weighted values, shape (levels,), by straight lines between the middles of their weights.

    Values and weights have shape (n,), n at least 1, none missing; below the first and above the last middle the
    outermost value holds. Equal values count together.
    """
    order = np.lexsort((weights, values))
    reached = np.cumsum(weights[order])
    return np.interp(levels, (reached - 0.5 * weights[order]) / reached[-1], values[order])


def _binned(values: Array, origin: Indices, age_weight: Array) -> tuple[Array, Array]:
    """Count a large pool in equal bins; whole counts, so that the order of the series leaves no trace."""
    low, high = values.min(), values.max()
    width = max((high - low) / _BINS, 1e-12)
    place = np.minimum(((values - low) / width).astype(np.int64), _BINS - 1)
    counts = np.bincount(origin * _BINS + place, minlength=len(age_weight) * _BINS).reshape(-1, _BINS)
    weights = age_weight @ counts
    used = weights > 0
    return (low + width * (np.arange(_BINS) + 0.5))[used], weights[used]


def _own_factor(errors: Array, known: npt.NDArray[np.bool_], age_weight: Array, own_weeks: float) -> Array:
    """Say how wide each series is against its group: mean absolute error, drawn to 1 by `own_weeks` of the group."""
    size = np.where(known, np.abs(errors), 0.0) @ age_weight  # (steps, series)
    weeks = known @ age_weight
    typical = size.sum(axis=1) / np.maximum(weeks.sum(axis=1), 1e-12)
    safe = np.where(typical > 0, typical, 1.0)[:, None]
    factor: Array = (size / safe + own_weeks) / (weeks + own_weeks)
    return np.where(typical[:, None] > 0, factor, 1.0)


def _to_one(weights: Array) -> Array:
    """Scale weights to sum to 1; none stay none."""
    total = weights.sum()
    return weights / total if total > 0 else weights
