"""What is published about an epidemic before one has a past of one's own."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dijk.forecast.streams import random_stream

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Prior:
    """Growth of an epidemic wave and how far off a forecast of it may be; all on the log scale, per week.

    Notes
    -----
    ``growth`` is a doubling in 5 days, the default of the CHIME hospital model (University of Pennsylvania,
    2020): 7/5 x log 2 = 0.97. ``spread`` covers what was published for the spring of 2020, from a doubling in
    3 days (+1.6 a week) before measures to a halving in 14 days (-0.35) after them: about one standard
    deviation of 0.5 a week. ``damping`` says how much of a growth error lives on in the next week. ``shared``
    is the part of the variance that all regions of a country have in common; regions share the disease and
    the measures, so most of it (assumed).
    """

    growth: float = 0.97
    spread: float = 0.5
    damping: float = 0.75
    shared: float = 0.7
    origins: int = 26  # from this many own past forecasts on the prior has no say any more
    draws: int = 400  # pseudo errors that tell how series go together


_NOISE = 0.2  # spread of the log of a count of about 100 a week, see ``drivers.noise_scale``

#: For series that need not be an epidemic wave: no growth is expected, the errors are as wide.
FLAT = Prior(growth=0.0)


def prior_reach(prior: Prior, steps: int) -> Array:
    """Give how far a wrong growth rate carries the log in 1 ... ``steps`` weeks, one standard deviation; shape
    (steps,).
    """
    return np.asarray(prior.spread * np.cumsum(prior.damping ** np.arange(steps)))


def prior_errors(prior: Prior, series: tuple[str, ...], steps: int, *, seed: int) -> Array:
    """Draw forecast errors as they may go together: growth, mostly shared between series, and noise.

    Parameters
    ----------
    series
        Names; each has a stream of its own, so that another series more or less changes nothing.
    steps
        Weeks ahead, 1 or more.

    Returns
    -------
    Errors, shape (steps, len(series), prior.draws). Only their order counts: the width comes from ``prior_reach``.
    """
    reach = prior_reach(prior, steps) / _NOISE
    common = random_stream(seed, "prior", "shared").standard_normal(prior.draws)
    growth = np.empty((len(series), prior.draws))
    noise = np.empty((steps, len(series), prior.draws))
    for place, name in enumerate(series):
        stream = random_stream(seed, "prior", name)
        own = stream.standard_normal(prior.draws)
        growth[place] = np.sqrt(prior.shared) * common + np.sqrt(1.0 - prior.shared) * own
        noise[:, place] = stream.standard_normal((steps, prior.draws))
    errors: Array = reach[:, None, None] * growth + noise
    return errors
