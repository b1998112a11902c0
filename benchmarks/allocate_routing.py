"""Should the region check before a product is scarce? Three routings lived through on two waves (row S9 of the
requirements).

*Never*: deliveries go out directly, on request, to the end. *When scarce*: directly until cover falls below the
scarcity threshold, then by equal cover through the region. *Early*: through the region from the early warning on.

Assumed, and therefore varied: what a region's check brings. It knows its institutions, so it corrects a part of the
error in the national norm use of each (``corrected``); it takes time, so what goes through it arrives later
(``delay_days``).
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from dijk.allocate.rule.fill import MICRO, Problems, fill
from dijk.fairness.measures import gini

SCARCE_DAYS, EARLY_DAYS, CAP_DAYS = 14.0, 28.0, 10.0
ROUTINGS = {"never": -1.0, "when scarce": SCARCE_DAYS, "from early warning": EARLY_DAYS}

Array = np.ndarray


@dataclass(frozen=True)
class Assumed:
    """What a regional check is taken to do."""

    corrected: float = 0.5
    delay_days: float = 1.0
    error: float = 0.35
    """Spread (standard deviation of the logarithm) of the national norm use of an institution around what it truly
    uses.
    """


def made_up_wave(weeks: int = 20) -> Array:
    """Use over time as a share of its peak: a rise of five weeks, a fall of ten."""
    t = np.arange(weeks) - 7.0
    return 0.25 + 0.75 * np.where(t < 0, np.exp(-((t / 3) ** 2)), np.exp(-((t / 6) ** 2)))


def real_wave(data: Path, weeks: int = 20) -> Array:
    """The same from Dutch hospital admissions of spring 2020, by week, with a quarter of use that does not follow the
    wave.
    """
    daily = pl.read_csv(data / "nl_national_daily.csv", try_parse_dates=True).sort("date")
    week = (
        daily.group_by_dynamic("date", every="1w")
        .agg(pl.col("hosp_admissions").sum())["hosp_admissions"]
        .head(weeks)
        .to_numpy()
    )
    return 0.25 + 0.75 * week / week.max()


def live(wave: Array, threshold_days: float, assumed: Assumed, *, seed: int) -> dict[str, float]:
    """Unmet use and unfairness of one run of 2,000 institutions; inbound grows while the wave runs, as buying catches
    up.
    """
    random = np.random.default_rng(seed)
    n = 2000
    use_at_peak = random.lognormal(3.6, 1.3, n)
    believed = use_at_peak * random.lognormal(0, assumed.error, n)
    checked = use_at_peak * (believed / use_at_peak) ** (1 - assumed.corrected)
    anxious = random.random(n) < 0.3
    central, stock = 4 * wave[0] * use_at_peak.sum(), 2 * wave[0] * use_at_peak
    unmet, total, delayed, unequal = 0.0, 0.0, np.zeros(n), []
    for week, height in enumerate(wave):
        use = use_at_peak * height
        central += use_at_peak.sum() * (0.30 + 0.02 * week)
        cover_days = 7 * (central + stock.sum()) / max(use.sum(), 1e-9)
        through_region = cover_days < threshold_days
        norm = (checked if through_region else believed) * height
        got = _by_region(norm, stock, central) if through_region else _directly(norm, stock, central, anxious, random)
        central -= got.sum()
        late = got * (assumed.delay_days / 7 if through_region else 0)
        here = stock + got - late + delayed
        missed = np.maximum(0, use - here)
        unmet, total = unmet + missed.sum(), total + use.sum()
        unequal.append(gini(np.minimum(1, here / use)))
        stock, delayed = np.maximum(0, here - use), late
    return {"unmet": unmet / total, "gini": float(np.mean(unequal))}


def _directly(norm: Array, stock: Array, central: float, anxious: Array, random: np.random.Generator) -> Array:
    """Orders in the order in which they come: what the cap leaves after stock, three in ten up to twice that while it
    lasts.
    """
    wants = np.maximum(0, (CAP_DAYS / 7 * norm * np.where(anxious, 2, 1)) - stock)
    order = random.permutation(len(norm))
    got = np.empty_like(wants)
    got[order] = np.clip(central - (wants[order].cumsum() - wants[order]), 0, wants[order])
    return got


def _by_region(norm: Array, stock: Array, central: float) -> Array:
    """Equal cover by the norm use as the region knows it."""
    w = np.maximum(1, np.round(norm / 7 * MICRO))
    most = np.floor(np.maximum(0, CAP_DAYS * w / MICRO - stock))
    one = Problems(np.array([0, len(w)]), w, np.floor(stock), np.zeros_like(w), most)
    return fill(one, np.array([np.floor(max(0.0, central))])).pieces


def compared(waves: dict[str, Array], *, seeds: int = 5) -> pl.DataFrame:
    """Mean figures per wave, routing and assumption: wave, routing, corrected, delay_days, unmet, gini."""
    found = []
    for name, wave in waves.items():
        for corrected in (0.0, 0.25, 0.5, 0.75):
            for delay in (0.0, 1.0, 3.0):
                for routing, threshold in ROUTINGS.items():
                    assumed = Assumed(corrected, delay)
                    row = {"wave": name, "routing": routing, "corrected": corrected, "delay_days": delay}
                    found.append(row | mean_of(wave, threshold, assumed, seeds=seeds))
    return pl.DataFrame(found)


def by_error(waves: dict[str, Array], *, seeds: int = 5) -> pl.DataFrame:
    """Unmet use per wave and routing at other spreads of the norm error; half of it corrected, one day of delay."""
    found = []
    for name, wave in waves.items():
        for error in (0.1, 0.2, 0.35, 0.5):
            row: dict[str, object] = {"wave": name, "error": error}
            for routing, threshold in ROUTINGS.items():
                row[routing] = mean_of(wave, threshold, Assumed(error=error), seeds=seeds)["unmet"]
            found.append(row)
    return pl.DataFrame(found)


def mean_of(wave: Array, threshold_days: float, assumed: Assumed, *, seeds: int) -> dict[str, float]:
    """Figures of `live`, mean over the seeds."""
    runs = [live(wave, threshold_days, assumed, seed=seed) for seed in range(seeds)]
    return {key: float(np.mean([run[key] for run in runs])) for key in runs[0]}
