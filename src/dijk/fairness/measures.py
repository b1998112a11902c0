"""How fair a division is, in figures that an official can quote: who goes without, how unequal cover is, whom inflating
helps.

Cover is days of norm use that a claimant has after the division; weights are norm use. Arrays have one entry per
claimant, are float64 and hold no missing values. Measures over nobody are NaN.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.fairness.classic_rules import RULES
from dijk.known import MICRO

Days = NDArray[np.float64]


@dataclass(frozen=True)
class Measures:
    """Measures of one division.

    Attributes
    ----------
    unmet_need
        Share of the wanted days of norm use that stays unmet, weighted by norm use; 0 to 1.
    gini
        Gini coefficient of cover over claimants, each counted once; 0 is equal.
    p5_days, p95_days
        Cover that 5 and 95 in a hundred claimants stay below.
    below_floor
        Share of claimants with less cover than the floor.
    envy_days
        Largest justified envy: see `justified_envy`.
    """

    unmet_need: float
    gini: float
    p5_days: float
    p95_days: float
    below_floor: float
    envy_days: float


def unmet_need(cover: Days, wanted: Days, norm_use: NDArray[np.float64]) -> float:
    """Share of the norm use over the wanted days that the cover does not reach; more than the wanted days makes up for
    nobody.

    Examples
    --------
    >>> unmet_need(np.array([5.0, 40.0]), np.array([10.0, 10.0]), norm_use=np.array([1.0, 1.0]))
    0.25
    """
    total = float((norm_use * wanted).sum())
    return float((norm_use * np.maximum(0, wanted - cover)).sum()) / total if total else float("nan")


def gini(values: NDArray[np.float64]) -> float:
    """Gini coefficient: half the mean difference between two claimants, over the mean.

    Source
    ------
    Sen (1973), On Economic Inequality, section 2.8.

    Examples
    --------
    >>> gini(np.array([1.0, 1.0, 1.0])), round(gini(np.array([0.0, 0.0, 3.0])), 3)
    (0.0, 0.667)
    """
    n, total = len(values), float(values.sum())
    if not total:
        return 0.0 if n else float("nan")
    return float(((2 * np.arange(1, n + 1) - n - 1) * np.sort(values)).sum() / (n * total))


def justified_envy(before_last: Days, now: Days, *, got: NDArray[np.bool_], can_take: NDArray[np.bool_]) -> float:
    """Days by which the highest cover that was still given a pack passes the lowest cover that could have taken it; 0
    if it does not.

    Parameters
    ----------
    before_last
        Cover of each claimant before its last pack.
    now
        Cover after the division.
    got
        Who got a pack above its floor.
    can_take
        Who could still have taken one.

    Examples
    --------
    >>> yes, no = np.array([True, False]), np.array([False, True])
    >>> justified_envy(np.array([8.0, 0.0]), np.array([9.0, 3.0]), got=yes, can_take=no)
    5.0
    """
    if not (got.any() and can_take.any()):
        return 0.0
    return max(0.0, float(before_last[got].max() - now[can_take].min()))


def beside_classic_rules(
    claim: pl.DataFrame,
    award: pl.DataFrame,
    *,
    cap_days: pl.Series,
    floor_days: pl.Series,
    rules: Sequence[str] = ("proportional",),
) -> pl.DataFrame:
    """Our division beside sharing the same goods by what was asked alone: what the rule buys.

    Parameters
    ----------
    claim, award
        Tables of one division. Needs of which nothing was divided are left out.
    cap_days, floor_days
        Days wanted, and days of the floor, for each row of ``claim``.
    rules
        Names in `dijk.fairness.classic_rules.RULES`, in the order wanted.

    Returns
    -------
    A row per need and rule, needs sorted and ``dijk`` first, with the columns of `Measures`. A classic rule knows
    requests alone, neither stock nor norms nor packs. Envy is judged within a tier.
    """
    key = ["site", "need", "risk_class", "holder"]
    got = award.select(*key, "pieces_per_pack", shipped=pl.col("packs") * pl.col("pieces_per_pack"))
    rows = (
        claim.with_columns(cap_days=cap_days, floor_days=floor_days)
        .filter(pl.col("holder") == "warehouse")
        .join(got, on=key, how="left")
        .with_columns(pl.col("shipped").fill_null(0))
    )
    found = []
    for (need,), part in rows.group_by("need", maintain_order=True):
        if part["shipped"].sum() == 0:
            continue
        supply, asked = float(part["shipped"].sum()), part["requested"].to_list()
        pieces = {"dijk": part["shipped"].to_numpy().astype(np.float64)}
        pieces |= {rule: RULES[rule](supply, asked) for rule in rules}
        found += [{"need": need, "rule": rule, **vars(_measures(part, x))} for rule, x in pieces.items()]
    schema = {"need": pl.String, "rule": pl.String} | dict.fromkeys(Measures.__dataclass_fields__, pl.Float64)
    return pl.DataFrame(found, schema=schema).sort("need", maintain_order=True)


def _measures(part: pl.DataFrame, pieces: NDArray[np.float64]) -> Measures:
    w = (part["norm_use_per_day"] * MICRO).round().to_numpy() / MICRO
    s, pack = part["position"].to_numpy(), part["pieces_per_pack"].drop_nulls().max()
    cover, before = (s + pieces) / w, (s + np.maximum(0, pieces - float(str(pack)))) / w
    tier, floor, ceiling = (part[column].to_numpy() for column in ("tier", "floor", "ceiling"))
    envy = [
        justified_envy(before[here], cover[here], got=(pieces > floor)[here], can_take=(pieces < ceiling)[here])
        for here in (tier == t for t in np.unique(tier))
    ]
    wanted, least = part["cap_days"].to_numpy(), part["floor_days"].to_numpy()
    low, high = np.quantile(cover, [0.05, 0.95])
    return Measures(
        unmet_need(cover, wanted, w),
        gini(cover),
        float(low),
        float(high),
        float((cover < least).mean()),
        max(envy),
    )
