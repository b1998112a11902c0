"""What a fence costs: the division with it beside the division without it, before anyone signs it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.allocate import Division, allocate
from dijk.allocate.claims import CLAIM
from dijk.allocate.fences import fences_in_force, holds
from dijk.fairness.measures import unmet_need
from dijk.policy import Policy
from dijk.policy.of_need import of_need
from dijk.present.now import Now
from dijk.tables import ALL

PRICES = (
    "unmet_with",
    "unmet_without",
    "group_days_with",
    "group_days_without",
    "others_days_with",
    "others_days_without",
)


def price_of_fences(now: Now, regime: pl.DataFrame, *, seed: int, only: Iterable[str] | None = None) -> pl.DataFrame:
    """Unmet need and the cover of the fenced group, with and without each fence that holds today; the other fences
    stay.

    Parameters
    ----------
    now, regime, seed
        As for `dijk.allocate.allocate`.
    only
        The codes of the fences to price; None prices each.

    Returns
    -------
    A row per fence and need that it touches, sorted: fence, need, ``unmet_with`` and ``unmet_without`` (share of the
    cap's days of norm use that the claimants miss, weighted by norm use), and mean cover weighted by norm use, NaN for
    nobody: ``group_days_with``, ``group_days_without``, ``others_days_with``, ``others_days_without``. And what cannot
    be kept of the promise, null where all can: ``missing_pieces`` of this fence, ``missing_together`` of all fences of
    the need at once.

    Examples
    --------
    Days of cover that a fence gives its group in the example country (see `dijk.example`), and takes from others:

    >>> price = price_of_fences(now, made.regime, seed=1).row(0, named=True)
    >>> price["fence"], round(price["group_days_without"], 1), round(price["group_days_with"], 1)
    ('care_gowns', 5.5, 6.3)
    >>> round(price["others_days_without"], 1), round(price["others_days_with"], 1)
    (7.8, 7.2)
    """
    fences = fences_in_force(now)
    division = allocate(now, regime, seed=seed)
    whole = _covers(now, division)
    found = []
    for code in sorted(set(fences["fence"]) if only is None else set(only) & set(fences["fence"])):
        policy = replace(now.policy, fence=now.policy.fence.filter(pl.col("fence") != code))
        without = _covers(now, allocate(replace(now, policy=policy), regime, seed=seed))
        both = whole.join(without.select(*CLAIM, without="cover"), on=CLAIM).sort(*CLAIM)
        for (need,), part in both.group_by("need", maintain_order=True):
            fence = of_need(fences.filter(pl.col("fence") == code), str(need), "fence")
            if fence.height:
                inside = holds(part, fence.row(0, named=True))
                found.append({"fence": code, "need": need} | _prices(part, inside))
    prices = pl.DataFrame(found, schema={"fence": pl.String, "need": pl.String} | dict.fromkeys(PRICES, pl.Float64))
    own = division.shortfall.group_by("need", "fence").agg(pl.col("missing_pieces").sum())
    together = own.filter(pl.col("fence") == ALL).select("need", missing_together="missing_pieces")
    return (
        prices.join(own, on=["need", "fence"], how="left").join(together, on="need", how="left").sort("fence", "need")
    )


def covers(claim: pl.DataFrame, award: pl.DataFrame, policy: Policy, today: dt.date) -> pl.DataFrame:
    """The claims on the goods of the nation with ``cover``, their days of norm use after the division, and ``cap``, the
    days that the policy wants for them; what the hub of the region sends is in their position.

    Parameters
    ----------
    claim, award
        Tables of one division.
    """
    got = award.select(*CLAIM, pieces=pl.col("packs") * pl.col("pieces_per_pack"))
    rows = (
        claim.filter(pl.col("holder") == "warehouse")
        .join(got, on=CLAIM, how="left")
        .with_columns(pl.col("pieces").fill_null(0))
    )
    caps = policy.numbers("cap_days", today, rows.select("need", "sector", "region"))
    return rows.with_columns(cover=(pl.col("position") + pl.col("pieces")) / pl.col("norm_use_per_day"), cap=caps)


def _covers(now: Now, division: Division) -> pl.DataFrame:
    return covers(division.claim, division.award, now.policy, now.world.today)


def _prices(part: pl.DataFrame, inside: NDArray[np.bool_]) -> dict[str, float]:
    w, cap = part["norm_use_per_day"].to_numpy(), part["cap"].to_numpy()
    prices = {}
    for name, column in (("with", "cover"), ("without", "without")):
        cover = part[column].to_numpy()
        prices[f"unmet_{name}"] = unmet_need(cover, cap, w)
        for who, here in (("group", inside), ("others", ~inside)):
            prices[f"{who}_days_{name}"] = (
                float((cover * w)[here].sum() / w[here].sum()) if here.any() else float("nan")
            )
    return prices
