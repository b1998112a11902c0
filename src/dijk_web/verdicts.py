"""The verdicts of the experts: which holds, what was said against each, and whether the figures say otherwise."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import polars as pl
from django.db.models import Count, Max

from dijk.assess.regime import VERDICT_REGIME
from dijk.policy import Policy
from dijk_web.models import Objection, PastRegime, Verdict

SOON = dt.timedelta(days=14)
"""A verdict that ends within these days is for the next meeting."""

Row = Mapping[str, Any]


def by_need(rows: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Rows by their need."""
    return {row["need"]: row for row in rows.iter_rows(named=True)}


def last_verdicts(policy: Policy, today: dt.date) -> dict[str, dict[str, Any]]:
    """Of each need the verdict that holds, else the last that ended; none where another was signed that has yet to
    begin, nor of what was withdrawn.
    """
    told = policy.verdict.filter((pl.col("valid_to") >= pl.col("valid_from")).fill_null(value=True))
    begun = told.filter(pl.col("valid_from") <= today).sort("valid_to", nulls_last=True)
    coming = told.filter(pl.col("valid_from") > today)["need"]
    ended = begun.unique("need", keep="last", maintain_order=True)
    found = by_need(ended) | by_need(policy.in_force("verdict", today))
    return {need: row for need, row in found.items() if need not in set(coming)}


def acts_of_verdicts(needs: Iterable[str]) -> dict[tuple[str, dt.date, dt.datetime], int]:
    """The act that told each verdict on some needs, by need, first day and moment."""
    rows = Verdict.objects.filter(need__in=list(needs)).values_list("need", "valid_from", "known_at", "act")
    return {(need, first, known): act for need, first, known, act in rows}


def act_of(verdict: Row, acts: Mapping[tuple[str, dt.date, dt.datetime], int]) -> int:
    """The act that told a verdict."""
    return acts[verdict["need"], verdict["valid_from"], verdict["known_at"]]


@dataclass(frozen=True)
class Against:
    """How many objections there are to a verdict, and the act of the last."""

    count: int
    last: int


def objected(verdicts: Iterable[int]) -> dict[int, Against]:
    """The objections to verdicts, by the act that told each; one without is not there."""
    rows = Objection.objects.filter(verdict__in=list(verdicts)).order_by().values("verdict")
    counted = rows.annotate(count=Count("act"), last=Max("act"))
    return {row["verdict"]: Against(row["count"], row["last"]) for row in counted}


@dataclass(frozen=True)
class Begun:
    """The first of the published plans in a row that said the same: its moment and its act."""

    known_at: dt.datetime
    act: int


@dataclass(frozen=True)
class Streak:
    """Of a need what the last published plan says, None where it is not in it; since when plans in a row raise an
    alarm, None where the last one does not; and since when they compute the same regime.
    """

    says: Row | None
    alarm: Begun | None
    computed: Begun


def streaks() -> dict[str, Streak]:
    """Of each need that was ever in a published plan what the last ones in a row said alike."""
    found: dict[str, list[dict[str, Any]]] = {}
    columns = ("need", "alarm", "computed", "effective", "known_at", "act")
    for row in PastRegime.objects.order_by("-known_at").values(*columns):
        found.setdefault(row["need"], []).append(row)
    last = max((rows[0]["known_at"] for rows in found.values()), default=None)
    return {need: _streak(rows, last) for need, rows in found.items()}


def _streak(rows: list[dict[str, Any]], last: dt.datetime | None) -> Streak:
    """The streak of a need from its rows, the newest first; ``last`` is the moment of the last plan of all."""
    alarmed = list(takewhile(lambda row: row["alarm"], rows))
    alike = list(takewhile(lambda row: row["computed"] == rows[0]["computed"], rows))
    return Streak(
        rows[0] if rows[0]["known_at"] == last else None,
        Begun(alarmed[-1]["known_at"], alarmed[-1]["act"]) if alarmed else None,
        Begun(alike[-1]["known_at"], alike[-1]["act"]),
    )


def wrong_codes(verdict: Row | None, regime: Row | None, against: Against | None) -> Iterator[str]:
    """What of a need asks for somebody, beside a verdict that ends: ``nobody_knows``, ``no_action``, ``differ``,
    ``objected``. A verdict that ended differs from nothing.
    """
    if regime and regime["alarm"]:
        yield "nobody_knows" if regime["effective"] == "unknown" else "no_action"
    if verdict and regime and differ(verdict, regime):
        yield "differ"
    if verdict and against:
        yield "objected"


def differ(verdict: Row, regime: Row) -> bool:
    """Whether the figures call for another regime than a verdict; where nobody can compute one they say nothing."""
    return regime["computed"] not in (VERDICT_REGIME[verdict["verdict"]], "unknown")


def holds(verdict: Row | None, regime: Row | None) -> str | None:
    """How a need is routed now: that of the verdict, else the computed one; None where no plan has one."""
    if verdict:
        return VERDICT_REGIME[verdict["verdict"]]
    return str(regime["computed"]) if regime else None
