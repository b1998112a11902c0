"""Members beside our own model: exponential smoothing and Theta, which enter only where they were better of late.

They come from statsforecast (the extra ``forecast``), which is loaded only when they are asked for.
"""

from collections.abc import Sequence
from itertools import product

import numpy as np
import numpy.typing as npt

from dijk.forecast.drivers import LONGEST_DELAY, Growth, bridge, look_ahead, quantile_forecast
from dijk.forecast.indicators import WeeklySeries
from dijk.forecast.score import QUANTILE_LEVELS, log_score
from dijk.policy import EXTRAS

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MEMBERS = ("AutoETS", "AutoTheta")
STATSFORECAST = EXTRAS["forecast_members", "all"]
ORIGINS = 8  # past weeks from which a member must have done better
JUDGED = 4  # weeks ahead that count for that
LEAST_WEEKS, MOST_WEEKS = 12, 104  # of unbroken past that a member is given


class NoMembers(Exception):
    """The package of the members is not installed. Says what to install."""

    def __init__(self) -> None:
        super().__init__(
            f"the members all need the package {STATSFORECAST.package}, which is not installed: {STATSFORECAST.install}"
        )


def installed() -> bool:
    """Whether the package of the members is there."""
    return STATSFORECAST.installed


def members_beside(every: Sequence[WeeklySeries], which: str, *, seed: int) -> dict[str, Flags]:
    """Say which members stand beside our own model, by indicator, shape (members, regions); none unless ``which`` is
    ``all``.

    Raises
    ------
    NoMembers
        The package of the members is not installed.
    """
    return {one.indicator: entering(one.values, one.names, seed=seed) for one in every} if which == "all" else {}


def member_quantiles(counts: Array, horizon: int) -> Array:
    """Forecast each series with each member, alone and without our recalibration.

    Parameters
    ----------
    counts
        Weekly figures, shape (series, weeks), 0 or more, newest last; NaN is missing. Gaps of two weeks are bridged; a
        longer one cuts the past off. Where the newest weeks are missing the step from the last known week is longer.

    Returns
    -------
    Shape (members, series, horizon, levels) in the order of ``MEMBERS`` and of the 23 levels, unit of the series, 0 or
    more, not decreasing along the last axis. NaN where the past is shorter than ``LEAST_WEEKS``, silent for over
    ``LONGEST_DELAY`` weeks, or of one value only: a member would be certain of it.

    Raises
    ------
    NoMembers
        The package is not installed.

    Source
    ------
    Hyndman, Koehler, Snyder, Grose (2002), International Journal of Forecasting 18, 439-454; Fiorucci and others
    (2016), the same 32, 1151-1161; as statsforecast has them, on the log of 1 + count.
    """
    if not installed():
        raise NoMembers
    from statsforecast.models import AutoETS, AutoTheta

    models = (AutoETS(season_length=1), AutoTheta(season_length=1))
    made = np.full((len(MEMBERS), len(counts), horizon, len(QUANTILE_LEVELS)), np.nan)
    logs = bridge(np.log1p(counts))
    for row, whole in enumerate(logs):
        past, delay = _unbroken(whole)
        if len(past) < LEAST_WEEKS or delay > LONGEST_DELAY or np.ptp(past) == 0:
            continue
        for place, model in enumerate(models):
            made[place, row] = _one_forecast(model, past, horizon + delay)[delay:]
    return np.asarray(np.maximum(np.expm1(np.minimum(made, np.log(1e15))), 0.0))


def entering(counts: Array, series: tuple[str, ...], *, model: Growth | None = None, seed: int = 1) -> Flags:
    """Say which members enter for which series: those whose log-WIS over the last ``ORIGINS`` weeks was lower than our
    own.

    Each of these weeks is forecast from the weeks before it as they are known now, 1 to ``JUDGED`` weeks ahead, and
    scored where the truth is known. A member that could not forecast from each of them does not enter; nor does one
    that was just as good.

    Returns
    -------
    Shape (members, series).

    Raises
    ------
    NoMembers
        The package of the members is not installed.
    """
    weeks = counts.shape[1]
    gain, origins = np.zeros((len(MEMBERS), len(counts))), np.zeros((len(MEMBERS), len(counts)), dtype=np.int64)
    for origin in range(max(weeks - ORIGINS, 1), weeks):
        ahead = min(JUDGED, weeks - origin)
        past, truth = counts[:, :origin], counts[:, origin : origin + ahead]
        own = log_score(truth, quantile_forecast(look_ahead(past, series, ahead, model=model, seed=seed)))
        theirs = log_score(np.broadcast_to(truth, (len(MEMBERS), *truth.shape)), member_quantiles(past, ahead))
        both = np.isfinite(own) & np.isfinite(theirs)
        gain += np.where(both, own - np.where(both, theirs, 0.0), 0.0).sum(axis=2)
        origins += both.any(axis=2)
    return np.asarray((origins == min(ORIGINS, weeks - 1)) & (gain > 0) & (weeks > ORIGINS))


def with_members(own: Array, counts: Array, enter: Flags) -> Array:
    """Give the median of the quantiles of our own forecast and of the members that enter, on the log scale.

    Parameters
    ----------
    own
        Our quantiles, shape (series, horizon, levels).
    counts
        The figures they come from, shape (series, weeks).
    enter
        Shape (members, series).

    Returns
    -------
    As ``own``; a series that no member enters keeps its own, to the bit.

    Raises
    ------
    NoMembers
        A member enters and the package is not installed.
    """
    better, rows = own.copy(), np.flatnonzero(enter.any(axis=0))
    if not len(rows):
        return better
    theirs = np.where(enter[:, rows, None, None], member_quantiles(counts[rows], own.shape[1]), np.nan)
    together = np.log1p(np.concatenate([own[None, rows], theirs]))
    known = ~np.isnan(own[rows]).any(axis=(1, 2))
    better[rows[known]] = np.expm1(np.nanmedian(together[:, known], axis=0))
    return better


def imposed(paths: Array, quantiles: Array, rows: Sequence[int]) -> Array:
    """Give joint paths the quantiles of an ensemble and keep who goes together: each sample keeps its rank.

    Parameters
    ----------
    paths
        Shape (samples, series, weeks), 0 or more.
    quantiles
        Shape (series, weeks, levels), of the 23 levels; between and beyond them the log goes on in a straight line
        against the normal quantile.
    rows
        The series that change; the others stay, to the bit. Equal values keep the order of the samples.
    """
    from scipy.special import ndtri  # here, because scipy takes a second to load

    new, samples = paths.copy(), len(paths)
    at, known = ndtri((np.arange(samples) + 0.5) / samples), ndtri(QUANTILE_LEVELS)
    for row, week in product(rows, range(paths.shape[2])):
        logs = np.log1p(quantiles[row, week])
        values = np.interp(at, known, logs)
        for side, (edge, inner) in ((at < known[0], (0, 1)), (at > known[-1], (-1, -2))):
            slope = (logs[inner] - logs[edge]) / (known[inner] - known[edge])
            values[side] = logs[edge] + slope * (at[side] - known[edge])
        place = np.argsort(paths[:, row, week], kind="stable")
        new[place, row, week] = np.maximum(np.expm1(np.minimum(values, np.log(1e15))), 0.0)
    return new


def _unbroken(logs: Array) -> tuple[Array, int]:
    """The newest stretch of known weeks, at most ``MOST_WEEKS`` of them, and the weeks missing after it."""
    known = np.flatnonzero(~np.isnan(logs))
    if not len(known):
        return np.zeros(0), 0
    last = int(known[-1])
    gaps = np.flatnonzero(np.isnan(logs[:last]))
    first = int(gaps[-1]) + 1 if len(gaps) else 0
    return logs[max(first, last + 1 - MOST_WEEKS) : last + 1], len(logs) - 1 - last


def _one_forecast(model: object, past: Array, steps: int) -> Array:
    """Quantiles of one member, shape (steps, levels), on the log scale; NaN where it can make nothing of the series."""
    inside = [round(100 * (1 - 2 * level)) for level in QUANTILE_LEVELS if level < 0.5]  # 98, 95, 90 ... 10
    try:
        made = model.forecast(y=past, h=steps, level=inside)  # type: ignore[attr-defined]
    except (ValueError, ArithmeticError, NotImplementedError, np.linalg.LinAlgError):
        return np.full((steps, len(QUANTILE_LEVELS)), np.nan)
    below, above = ([made[f"{side}-{share}"] for share in inside] for side in ("lo", "hi"))
    return np.sort(np.stack([*below, made["mean"], *above[::-1]], axis=1), axis=1)
