"""What a plan says in a dozen lines: what is scarce, what nobody knows, cure against care, what to buy."""

from dataclasses import dataclass

import polars as pl

from dijk.allocate.levels import of_nation
from dijk.inputs import Inputs
from dijk.planned import Plan
from dijk.tables import ALL
from dijk.tables.results import PRESSING_FIRST


@dataclass(frozen=True)
class Summary:
    """The figures of the summary. ``need`` has a row per need, the most pressing first; a missing figure is null.

    Columns of ``need``: need, name_en, name_nl, effective, missing, alarm, by_verdict, cover_days, p_out_2w,
    unknown_share, level_least and level_most (the published levels, days), in_full (every claim was met), nothing
    (some tier got nothing), met_cure, met_care, drifts, net_base, net_max (pieces). ``silent`` counts the sites that
    were asked for their stock and did not answer, ``served`` the sites that get something of a scarce need; money is
    integer cents, for the needs with a price, and null where nothing of it is known; ``unpriced`` are those to buy
    without one.
    """

    need: pl.DataFrame
    asked: int
    silent: int
    served: int
    base_cents: int | None
    max_cents: int | None
    unpriced: tuple[str, ...]


def summary(inputs: Inputs, plan: Plan) -> Summary:
    """The figures for someone who has one minute.

    Parameters
    ----------
    inputs
        As given to ``plan``; what became known after ``inputs.as_of`` is left aside here too.
    plan
        What ``plan`` made of them.

    Returns
    -------
    A row per need, and the sums over them.
    """
    need = per_need(inputs, plan)
    scarce = need.filter(pl.col("effective") == "scarce")["need"].implode()
    shared = plan.award.filter(pl.col("need").is_in(scarce) & (pl.col("packs") > 0))
    buy = plan.purchase_need
    without = buy.filter((pl.col("net_pieces") > 0) & pl.col("net_cents").is_null())["need"]
    money = {curve: _total(buy.filter(pl.col("curve") == curve)["net_cents"]) for curve in ("base", "max")}
    return Summary(
        need=need,
        asked=inputs.known().asked.filter(pl.col("topic") == "stock")["site"].n_unique(),
        silent=plan.not_answered.filter(pl.col("topic") == "stock")["site"].n_unique(),
        served=shared["site"].n_unique(),
        base_cents=money["base"],
        max_cents=money["max"],
        unpriced=tuple(need.filter(pl.col("need").is_in(without.implode()))["need"]),
    )


def _total(cents: pl.Series) -> int | None:
    known = cents.drop_nulls()
    return int(known.sum()) if known.len() else None


def per_need(inputs: Inputs, plan: Plan) -> pl.DataFrame:
    """A row per need with a regime; see `Summary`."""
    rows = plan.regime.select(
        "need", "effective", "missing", "alarm", by_verdict=pl.col("effective") != pl.col("computed")
    )
    names = inputs.known().need.select("need", "name_en", "name_nl")
    met = plan.drift.select("need", met_cure="cure", met_care="care", drifts="alarm")
    for more in (names, _picture(plan), _levels(plan), met, bought(plan, "base"), bought(plan, "max")):
        rows = rows.join(more, on="need", how="left")
    pressing = pl.col("effective").cast(pl.Enum(PRESSING_FIRST))
    return rows.with_columns(pl.col("drifts").fill_null(False)).sort(pressing, "cover_days", "need", nulls_last=True)


def _picture(plan: Plan) -> pl.DataFrame:
    """The situation of the nation, per need."""
    nation = plan.situation.filter((pl.col("region") == ALL) & (pl.col("sector") == ALL))
    return nation.select("need", "cover_days", "p_out_2w", "unknown_share")


def _levels(plan: Plan) -> pl.DataFrame:
    """The lowest and the highest level of the nation, and how far they reach, per need."""
    return (
        of_nation(plan.level)
        .group_by("need")
        .agg(
            level_least=pl.col("level_days").min(),
            level_most=pl.col("level_days").max(),
            in_full=(pl.col("reach") == "all").all(),
            nothing=(pl.col("reach") == "nothing").any(),
        )
    )


def bought(plan: Plan, curve: str) -> pl.DataFrame:
    """Pieces to buy at a curve, net of what is on its way, per need."""
    return plan.purchase_need.filter(pl.col("curve") == curve).select(
        "need", pl.col("net_pieces").alias(f"net_{curve}")
    )
