"""What a fence costs: the division with it beside the division without it, before anyone signs it."""

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.allocate import Division, allocate
from dijk.allocate.claims import CLAIM
from dijk.allocate.fences import fences_in_force, holds, of_need
from dijk.fairness import unmet_need
from dijk.inputs import Now


def price_of_fences(now: Now, regime: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Unmet need and the cover of the fenced group, with and without each fence that holds today; the other fences stay.

    Parameters
    ----------
    now, regime, seed
        As for `dijk.allocate.allocate`.

    Returns
    -------
    A row per fence and need that it touches, sorted: fence, need, ``unmet_with`` and ``unmet_without`` (share of the cap's days of norm use
    that the claimants miss, weighted by norm use), and mean cover weighted by norm use, NaN for nobody: ``group_days_with``,
    ``group_days_without``, ``others_days_with``, ``others_days_without``.
    """
    fences = fences_in_force(now)
    whole = _covers(now, allocate(now, regime, seed=seed))
    found = []
    for code in fences["fence"].unique().sort():
        policy = replace(now.policy, fence=now.policy.fence.filter(pl.col("fence") != code))
        without = _covers(now, allocate(replace(now, policy=policy), regime, seed=seed))
        both = whole.join(without.select(*CLAIM, without="cover"), on=CLAIM).sort(*CLAIM)
        for (need,), part in both.group_by("need", maintain_order=True):
            fence = of_need(fences.filter(pl.col("fence") == code), str(need))
            if fence.height:
                inside = holds(part, fence.row(0, named=True))
                found.append({"fence": code, "need": need} | _prices(part, inside))
    names = ("unmet_with", "unmet_without", "group_days_with", "group_days_without", "others_days_with", "others_days_without")
    return pl.DataFrame(found, schema={"fence": pl.String, "need": pl.String} | dict.fromkeys(names, pl.Float64)).sort("fence", "need")


def _covers(now: Now, division: Division) -> pl.DataFrame:
    """Claims with the days of cover after the division, and the days of the cap."""
    got = division.award.select(*CLAIM, pieces=pl.col("packs") * pl.col("pieces_per_pack"))
    rows = (
        division.claim.filter(pl.col("holder") == "warehouse").join(got, on=CLAIM, how="left").with_columns(pl.col("pieces").fill_null(0))
    )
    caps = now.policy.numbers("cap_days", now.world.today, rows.select("need", "sector", "region"))
    return rows.with_columns(cover=(pl.col("position") + pl.col("pieces")) / pl.col("norm_use_per_day"), cap=caps)


def _prices(part: pl.DataFrame, inside: NDArray[np.bool_]) -> dict[str, float]:
    w, cap = part["norm_use_per_day"].to_numpy(), part["cap"].to_numpy()
    prices = {}
    for name, column in (("with", "cover"), ("without", "without")):
        cover = part[column].to_numpy()
        prices[f"unmet_{name}"] = unmet_need(cover, cap, w)
        for who, here in (("group", inside), ("others", ~inside)):
            prices[f"{who}_days_{name}"] = float((cover * w)[here].sum() / w[here].sum()) if here.any() else float("nan")
    return prices
