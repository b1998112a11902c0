"""Sixteen weeks of scarcity lived through under one rule and another: who goes without, and whether asking for more
pays.

Made-up institutions, a supply that starts at 45 % of norm use and ends at 90 %; three in ten ask for 1.5 to 4 times
what they need. Every rule divides the same goods over the same requests in whole packs; ours knows norms and stock, the
others what each of them looks at.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from dijk.allocate.rule.fill import MICRO, Problems, fill
from dijk.allocate.rule.packs import deal, settle_ties
from dijk.fairness.measures import gini

CAP_DAYS, WEEKS, SMALL = 21.0, 16, 50.0
Array = np.ndarray


@dataclass(frozen=True)
class Country:
    """Institutions: norm use a week, whether they inflate and by how much, and who comes first when orders are taken as
    they come.
    """

    norm_use: Array
    inflates: Array
    factor: Array
    early: Array

    @classmethod
    def of(cls, institutions: int, *, seed: int) -> "Country":
        random = np.random.default_rng(seed)
        w = np.maximum(1, np.round(random.lognormal(3.6, 1.6, institutions)))
        inflates = random.random(institutions) < 0.3
        factor = np.where(inflates, random.uniform(1.5, 4, institutions), 1.0)
        return cls(w, inflates, factor, random.random((WEEKS, institutions)))


@dataclass(frozen=True)
class Week:
    """What a rule may look at: stock, request and norm use a week of each institution, who ordered first, and the
    pieces in a pack.
    """

    stock: Array
    request: Array
    norm_use: Array
    early: Array
    pack: float


Rule = Callable[[Week, float], Array]


def first_come_first_served(week: Week, supply: float) -> Array:
    order = np.argsort(week.early)
    asked = np.ceil(week.request[order] / week.pack) * week.pack
    got = np.empty_like(asked)
    got[order] = np.clip(supply - (asked.cumsum() - asked), 0, asked)
    return np.floor(got / week.pack) * week.pack


def proportional(week: Week, supply: float) -> Array:
    return in_packs(week.request * min(1.0, supply / week.request.sum()), supply, week.pack)


def capped(week: Week) -> Array:
    """The request, cut off at the cap of norm days after stock."""
    return np.minimum(week.request, np.maximum(0, CAP_DAYS / 7 * week.norm_use - week.stock))


def capped_proportional(week: Week, supply: float) -> Array:
    claim = capped(week)
    return in_packs(claim * min(1.0, supply / max(claim.sum(), 1)), supply, week.pack)


def equal_per_head(week: Week, supply: float) -> Array:
    """Constrained equal awards on requests: every institution the same, large or small."""
    ones = np.full(len(week.request), float(MICRO))
    return in_packs(level(ones, np.zeros_like(ones), week.request, supply), supply, week.pack)


def equal_cover_rounded(week: Week, supply: float) -> Array:
    """Our level, but rounded by largest remainder: what the rounding alone does."""
    w = np.round(week.norm_use / 7 * MICRO)
    return in_packs(level(w, week.stock, np.ceil(capped(week)), supply), supply, week.pack)


def equal_cover(week: Week, supply: float) -> Array:
    """Ours: whole packs to the lowest cover."""
    w = np.round(week.norm_use / 7 * MICRO)
    most = np.ceil(capped(week) / week.pack) * week.pack
    one = Problems(np.array([0, len(w)]), w, week.stock, np.zeros_like(w), most)
    dealt = deal(one, np.array([int(week.pack)]), np.array([int(supply // week.pack)]))
    return settle_ties(dealt, one.offsets, np.argsort(np.argsort(week.early))).packs * week.pack


RULES: dict[str, Rule] = {
    "first come, first served": first_come_first_served,
    "proportional to request": proportional,
    "proportional, capped at the norm": capped_proportional,
    "equal per institution": equal_per_head,
    "equal cover, largest remainder": equal_cover_rounded,
    "equal cover, packs to the lowest (dijk)": equal_cover,
}


def level(w: Array, s: Array, most: Array, supply: float) -> Array:
    one = Problems(np.array([0, len(w)]), w, np.floor(s), np.zeros_like(w), np.floor(most))
    return fill(one, np.array([np.floor(supply)])).pieces


def in_packs(pieces: Array, supply: float, pack: float) -> Array:
    """Largest remainder: every share down to whole packs, the packs that are left to the largest rests."""
    packs, rest = np.floor(pieces / pack), pieces / pack % 1
    left = int(min(supply // pack, np.round(pieces.sum() / pack)) - packs.sum())
    if left > 0:
        packs[np.argsort(-rest, kind="stable")[:left]] += 1
    return packs * pack


def supply_share(week: int) -> float:
    return 0.45 if week < 5 else 0.60 if week < 11 else 0.90


def live(country: Country, rule: Rule, *, pack: float) -> dict[str, float]:
    """Figures of one run. ``out`` is weeks of an institution's own use that it could not cover.

    *Change a week* is by how many days an institution's cover after delivery differs from the week before, on average.
    """
    use, stock = country.norm_use, np.zeros(len(country.norm_use))
    unmet, over, shipped, unequal, changes = np.zeros_like(use), 0.0, 0.0, [], []
    before = None
    for week in range(WEEKS):
        want = np.maximum(0, 2 * use - stock)
        request = np.ceil(want * country.factor)
        supply = np.floor(supply_share(week) * use.sum())
        got = rule(Week(np.floor(stock), request, use, country.early[week], pack), supply)
        over += float(np.maximum(0, got - want - pack).sum())
        shipped += float(got.sum())
        stock = stock + got
        unequal.append(gini(stock / use))
        if before is not None:
            changes.append(float(np.abs(stock / use - before).mean()) * 7)
        before = stock / use
        missed = np.maximum(0, use - stock)
        unmet += missed
        stock = np.maximum(0, stock - use)
    out = unmet / use
    small = use < SMALL
    return {
        "unmet use": float(unmet.sum() / (WEEKS * use.sum())),
        "Gini of cover": float(np.mean(unequal)),
        "mean weeks out": float(out.mean()),
        "p95 weeks out": float(np.quantile(out, 0.95)),
        "change a week": float(np.mean(changes)),
        "honest": float(out[~country.inflates].mean()),
        "inflating": float(out[country.inflates].mean()),
        "honest less inflating": gap(out, ~country.inflates),
        "small": float(out[small].mean()),
        "large": float(out[~small].mean()),
        "beyond true need": over / shipped,
    }


def gap(values: Array, first: np.ndarray) -> float:
    """Mean of the first group less the mean of the rest: honest against inflating."""
    if first.all() or not first.any():
        return float("nan")
    return float(values[first].mean() - values[~first].mean())


def compared(*, pack: float, institutions: int = 4000, seeds: int = 4) -> pl.DataFrame:
    """Mean figures of each rule over the seeds: a row per rule. Small is who uses fewer than 50 pieces a week."""
    found = []
    for name, rule in RULES.items():
        runs = pl.DataFrame([live(Country.of(institutions, seed=seed), rule, pack=pack) for seed in range(seeds)])
        found.append({"rule": name} | runs.mean().row(0, named=True))
    return pl.DataFrame(found)
