"""Past forecast errors of a group of series, as a distribution and as something to draw from."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dijk.forecast.prior import Prior, prior_errors, prior_reach
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

    ``margin`` is the distribution that all series share, on a grid of probabilities, with median 0; ``factor`` says how
    much wider or narrower a series is than its group. ``origins`` are whole vectors of errors, over all steps and
    series, as they went together in the past; drawing one keeps what hangs together together. While the past is
    short, ``prior_share`` of the width comes from ``prior_sd``, on the log scale.
    """

    margin: Array  # (steps, grid)
    factor: Array  # (steps, series)
    origins: Array  # (steps, series, candidates); NaN where a series had no error
    weights: Array  # (candidates,), summing to 1
    prior_share: Array  # (steps,), 1 with no past, 0 with past enough
    prior_sd: Array  # (steps,), spread of the log from growth alone


# parameters: errors and names, and the four things that may be set about a pool
def pool_errors(
    errors: Array, series: tuple[str, ...], prior: Prior, *, decay: float, own_weeks: float, seed: int
) -> Pool:
    """Put the errors of all series together, new ones weighing more.

    The median is taken off: that the past weeks mostly rose, or mostly fell, says nothing of the next.

    Parameters
    ----------
    errors
        Standardised errors, shape (steps, series, origins), newest origin last; NaN where not known (yet).
    series
        Names; each has prior draws of its own.
    prior
        What stands in where there are fewer than ``prior.origins`` past origins.
    decay
        Weight of an origin one week older, above 0 and at most 1.
    own_weeks
        Weeks of own errors that weigh as much as the group when the width of a series is judged.

    Returns
    -------
    The pool. With no past at all it is the prior.
    """
    steps, _, origins = errors.shape
    age_weight = decay ** np.arange(origins, dtype=np.float64)[::-1]
    known = ~np.isnan(errors)
    share = np.maximum(0.0, 1.0 - known.any(axis=1).sum(axis=1) / prior.origins)
    kept = np.flatnonzero(known.any(axis=1).all(axis=0))
    joint, weights = errors[:, :, kept], _to_one(age_weight[kept])
    if share.max() > 0:
        pseudo = prior_errors(prior, series, steps, seed=seed)
        joint = np.concatenate([joint, pseudo], axis=2)
        draws = pseudo.shape[2]
        weights = np.concatenate([weights * (1.0 - share.max()), np.full(draws, share.max() / draws)])
    margin = np.stack([_margin(errors[step], age_weight) for step in range(steps)])
    return Pool(
        margin,
        _own_factor(errors, known, age_weight, own_weeks),
        joint,
        _to_one(weights),
        share,
        prior_reach(prior, steps),
    )


def pool_quantiles(pool: Pool, levels: Array, scale: Array) -> Array:
    """Give the quantiles of the errors on the log scale, shape (series, steps, levels).

    ``scale`` is the noise scale of each series now, shape (series,). Past and prior are mixed quantile by quantile.
    """
    from scipy.special import ndtri  # here, because scipy takes a second to load

    shared = np.stack([np.interp(levels, _GRID, row) for row in pool.margin])
    past: Array = (pool.factor * scale).T[:, :, None] * shared
    if not pool.prior_share.any():
        return past
    return _with_prior(pool, past, np.broadcast_to(ndtri(levels), past.shape), scale)


def draw_errors(pool: Pool, series: tuple[str, ...], samples: int, scale: Array, *, seed: int) -> Array:
    """Draw errors that hang together over series and steps as they did in the past.

    A sample is one past origin for all series. Each series then gets, from its own distribution, the error that ranks
    as high as that origin's did among its own; so every series has the width it deserves.

    Returns
    -------
    Errors on the log scale, shape (series, steps, samples).
    """
    from scipy.special import ndtri  # here, because scipy takes a second to load

    stream = random_stream(seed, "driver", "origin")
    # one draw in each of ``samples`` equal strata: less noise than independent draws
    place = (np.arange(samples) + stream.random(samples)) / samples
    drawn = np.searchsorted(np.cumsum(pool.weights)[:-1], place, side="right")[stream.permutation(samples)]
    steps, rows, _ = pool.origins.shape
    level = np.empty((rows, steps, samples))
    for row, name in enumerate(series):
        within = random_stream(seed, "driver", name).random(samples)
        for step in range(steps):
            start, width = _ranks(pool.origins[step, row], pool.weights)
            level[row, step] = start[drawn] + width[drawn] * within
    past = np.stack([np.interp(level[:, step], _GRID, pool.margin[step]) for step in range(steps)], axis=1)
    past *= (pool.factor * scale).T[:, :, None]
    if not pool.prior_share.any():
        return past
    return _with_prior(pool, past, ndtri(np.clip(level, 1e-4, 1.0 - 1e-4)), scale)


def _with_prior(pool: Pool, past: Array, standard: Array, scale: Array) -> Array:
    """Mix past errors with the prior's, which are normal: growth that nobody knows, and the noise of a count."""
    share = pool.prior_share[None, :, None]
    spread = np.hypot(pool.prior_sd[None, :], scale[:, None])[:, :, None]
    mixed: Array = (1.0 - share) * past + share * spread * standard
    return mixed


def _ranks(errors: Array, weights: Array) -> tuple[Array, Array]:
    """Give the piece of (0, 1) that belongs to each candidate; a missing one may fall anywhere."""
    known = ~np.isnan(errors)
    start, width = np.zeros_like(errors), np.ones_like(errors)
    order = np.flatnonzero(known)[np.argsort(errors[known], kind="stable")]
    sorted_weights = _to_one(weights[order])
    start[order] = np.cumsum(sorted_weights) - sorted_weights
    width[order] = sorted_weights
    return start, width


def _margin(errors: Array, age_weight: Array) -> Array:
    """Give the pooled quantile function of one step on the grid, median 0; zeros where there is no error."""
    row, origin = np.nonzero(~np.isnan(errors))
    if not len(row):
        return np.zeros(len(_GRID))
    values, weights = errors[row, origin], age_weight[origin]
    if len(values) > _EXACT_UP_TO:
        values, weights = _binned(values, origin, age_weight)
    quantiles = weighted_quantiles(values, weights, _GRID)
    return quantiles - np.interp(0.5, _GRID, quantiles)


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
    """Say how wide each series is against its group: mean absolute error, drawn to 1 by ``own_weeks`` of the group."""
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
