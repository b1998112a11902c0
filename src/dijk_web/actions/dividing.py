"""Dividing together: a planner proposes what a run gives, the regions check their part and move packs inside it, and
another planner releases it. Only then is anything awarded.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.core.exceptions import PermissionDenied

from dijk.allocate.adjust import CHANGE
from dijk_web import dividing, mailing
from dijk_web.actions.proposing import put_forward
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate, Writing, writing
from dijk_web.models import Answer, Division, Move, Person, Proposal, RegionCheck, Run
from dijk_web.models import proposal as kinds
from dijk_web.of_site import last_published, policy_now
from dijk_web.people import Permission, may

DIRECT = "direct"
"""Why a change is refused whose need goes out without its region being asked."""


class StillChecking(Exception):
    """Regions may still answer; nothing is released before."""


def propose_division(run: Run, *, by: Person, reason: str, sent: Sent) -> int:
    """Lay what a published run gives before the regions; the number of the act, which is that of the division.

    Raises
    ------
    PermissionDenied
        This person does not release, and so does not propose.
    TooLate
        It is not the run whose levels hold, or its division is proposed or released already.
    """
    if not may(by.role, Permission.RELEASE):
        raise PermissionDenied
    with writing("division_proposed", by=by, about=f"run:{run.act}", reason=reason, once=sent.once) as act:
        last = last_published()
        if last is None or last.act != run.act or dividing.is_divided(run):
            raise TooLate("division")
        day, policy = act.known_at.date(), policy_now()
        check_by = act.known_at + dt.timedelta(hours=policy.number("region_check_hours", day))
        regions = dividing.Part(str(run.code)).to_check().select("region").unique().sort("region")
        silence = policy.words("silence_means", day, regions)
        division = Division.objects.create(act=act.number, run=run.act, check_by=check_by)
        RegionCheck.objects.bulk_create(
            RegionCheck(division=act.number, region=region, silence=means)
            for region, means in zip(regions["region"], silence, strict=True)
        )
        content = {"run": run.act, "check_by": check_by.isoformat(), "regions": regions.height}
        put_forward(act, kind=kinds.DIVISION, about=f"run:{run.act}", content=content, by=by, reason=reason)
        act.after = content
        mailing.division_waits(act, division)
    return act.number


# parameters: which part, what of it, and by whom
def answer(division: Division, region: str, said: Answer, *, by: Person, why: str, sent: Sent) -> int:
    """Accept the part of a region, or ask it back; the number of the act.

    Raises
    ------
    PermissionDenied
        It is not this person's region.
    TooLate
        The division has ended, or packs of the region were moved since.
    """
    _must_check(by, region)
    with writing("part_accepted", by=by, about=f"proposal:{division.act}", reason=why, once=sent.once) as act:
        if said == Answer.ASKED_BACK:
            act.name = "part_asked_back"
        _must_be_open(division, region, sent)
        RegionCheck.objects.filter(division=division.act, region=region).update(
            answer=said, answered_at=act.known_at, answered_role=by.role, why=why
        )
        act.after = {"region": region}
    return act.number


@dataclass(frozen=True)
class Moved:
    """What came of moving packs: the act, None where nothing was taken in; and the changes that were refused, with
    ``why`` and ``off`` as `dijk.allocate.adjust.Adjusted` has them. Of a need with one of these nothing is taken in.
    """

    act: int | None
    refused: pl.DataFrame


class _Nothing(Exception):
    """Nothing may be taken in; what was refused."""

    def __init__(self, refused: pl.DataFrame) -> None:
        super().__init__("refused")
        self.refused = refused


# parameters: which part, what of it, and by whom
def move(
    division: Division, region: str, changes: pl.DataFrame, *, by: Person, sent: Sent, need: str | None = None
) -> Moved:
    """Move packs inside a region, whose totals stand. Where nothing may be taken in no act is written.

    Parameters
    ----------
    changes
        Columns of ``CHANGE``: the packs that a claim shall get instead, and why.
    need
        The only need that the changes are of, so that nobody waits for who moves another.

    Raises
    ------
    PermissionDenied
        It is not this person's region.
    TooLate
        The division has ended, or somebody moved packs since the form was made.
    """
    _must_check(by, region)
    try:
        with writing("packs_moved", by=by, about=f"proposal:{division.act}", once=sent.once) as act:
            _must_be_open(division, region, sent, need)
            sound, refused = _sound(division, region, changes.select(*CHANGE).cast(CHANGE))
            if sound.is_empty():
                raise _Nothing(refused)
            Move.objects.bulk_create(
                Move(act=act.number, division=division.act, region=region, **row) for row in sound.to_dicts()
            )
            act.after = {"region": region, "moved": [_in_short(row) for row in sound.to_dicts()]}
    except _Nothing as nothing:
        return Moved(None, nothing.refused)
    return Moved(act.number, refused)


def _sound(division: Division, region: str, changes: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The changes of needs of which all may be made together with what was moved before; and the others, with why."""
    part = dividing.Part.of(division, region)
    checked, given = (rows["need"].unique().implode() for rows in (part.to_check(), part.award))
    direct = changes.filter(~pl.col("need").is_in(checked) & pl.col("need").is_in(given))
    asked = changes.join(direct, on=[*dividing.CLAIM], how="anti")
    refused = part.with_changes(dividing.merged(dividing.moves_of(division, region), asked)).refused.cast(CHANGE)
    refused = pl.concat([refused, direct.with_columns(why=pl.lit(DIRECT), off=pl.lit(None, pl.String))])
    return asked.filter(~pl.col("need").is_in(refused["need"].implode())), refused


def _in_short(row: dict[str, Any]) -> str:
    """A move as the log says it."""
    return "{site} {need} {risk_class} {holder}: {packs} ({reason})".format(**row)


def _must_check(by: Person, region: str) -> None:
    if not may(by.role, Permission.CHECK_DIVISION) or by.region != region:
        raise PermissionDenied


def _must_be_open(division: Division, region: str, sent: Sent, need: str | None = None) -> None:
    if not dividing.is_open(division) or dividing.last_move(division, region, need) > sent.since:
        raise TooLate("division")


def release(proposal: Proposal, act: Writing) -> None:
    """Award what goes out, in the act that approves it; from then on every plan reckons with it.

    Raises
    ------
    StillChecking
        A region may still answer.
    """
    division = Division.objects.get(act=proposal.act)
    if still_checking(division, act.known_at):
        raise StillChecking
    award = dividing.going(division, dividing.as_moved(division).award)
    act.take_in("past_award", award)
    act.after = {"run": division.run, "sites": award["site"].n_unique(), "packs": int(award["packs"].sum())}


def still_checking(division: Division, now: dt.datetime) -> list[str]:
    """The regions that may still answer."""
    if now >= division.check_by:
        return []
    return [one.region for one in dividing.checks_of(division) if one.answer == Answer.WAITING]
