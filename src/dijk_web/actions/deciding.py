"""Deciding on what another proposed: it is done in the act of who approves it."""

from typing import Any

from django.core.exceptions import PermissionDenied

from dijk_web.actions import dividing, lending, reporting, seats, take_in
from dijk_web.actions.proposing import seat_of
from dijk_web.actions.telling import Sent, valid
from dijk_web.actions.writing import TooLate, Writing, writing
from dijk_web.models import Decision, Person, Proposal
from dijk_web.models import proposal as kinds
from dijk_web.proposing import is_overtaken, may_decide, row_of

OWN_TRIED = "own_proposal_tried"
"""The act of who tries to decide on what they proposed themselves."""


def approve(proposal: Proposal, *, by: Person, why: str, sent: Sent) -> int:
    """Approve what another proposed: its row is told in the same act. Where what it rests on changed since, it is
    overtaken instead. As `_decide`.
    """
    return _decide("proposal_approved", proposal, Decision.APPROVED, by=by, why=why, sent=sent)


def refuse(proposal: Proposal, *, by: Person, why: str, sent: Sent) -> int:
    """Refuse what another proposed: one no ends it. As `_decide`."""
    return _decide("proposal_refused", proposal, Decision.REFUSED, by=by, why=why, sent=sent)


def withdraw(proposal: Proposal, *, by: Person, why: str, sent: Sent) -> int:
    """Take back what one proposed oneself; the number of the act.

    Raises
    ------
    PermissionDenied
        Somebody else proposed it.
    TooLate
        It ended before.
    """
    if proposal.by != by.code:
        raise PermissionDenied
    with writing("proposal_withdrawn", by=by, about=proposal.log, reason=why, once=sent.once) as act:
        if not _end(Proposal.objects.filter(pk=proposal.pk), Decision.WITHDRAWN, act, by, why):
            raise TooLate("proposal")
        _put_away(proposal, Decision.WITHDRAWN)
    return act.number


# parameters: what is done, beside those of each act
def _decide(name: str, proposal: Proposal, decision: Decision, *, by: Person, why: str, sent: Sent) -> int:
    """The number of the act. Who tries it on their own proposal decides nothing, and the log says so.

    Raises
    ------
    PermissionDenied
        It is not this person's to decide.
    TooLate
        It ended before; or it is a loan that would be late already.
    StillChecking
        It is a division that regions may still check.
    NotWhole
        It is a report whose bytes are not those that were made.
    """
    if not may_decide(by, proposal):
        raise PermissionDenied
    with writing(name, by=by, about=proposal.log, reason=why, once=sent.once) as act:
        if decision is Decision.APPROVED and is_overtaken(proposal):
            decision = Decision.OVERTAKEN
            act.name = "proposal_overtaken"
        others = Proposal.objects.filter(pk=proposal.pk).exclude(by=by.code)
        if not _end(others, decision, act, by, why):
            if proposal.by != by.code or not Proposal.objects.open().filter(pk=proposal.pk).exists():
                raise TooLate("proposal")
            act.name, act.after = OWN_TRIED, {"proposal": proposal.act}
            return act.number
        if decision is Decision.APPROVED:
            _carry_out(proposal, act, by)
        _put_away(proposal, decision)
    return act.number


def _carry_out(proposal: Proposal, act: Writing, by: Person) -> None:
    """Do what was proposed; other proposals about the same are overtaken by it."""
    match proposal.kind:
        case kinds.SEAT:
            seats.carry_out(proposal, act)
        case kinds.DATASET:
            take_in.begin(int(proposal.content["dataset"]), by=by, reason=proposal.reason)
        case kinds.DIVISION:
            dividing.release(proposal, act)
        case kinds.REPORT:
            reporting.freeze(proposal, act)
        case kinds.LOAN:
            lending.accept(proposal, act)
        case table:
            judged = f"{seat_of(by)}; proposed by {proposal.role}"
            act.tell(table, valid(table, [row_of(proposal) | {"set_by": judged}]))
    _end(Proposal.objects.filter(about=proposal.about), Decision.OVERTAKEN, act, by, "")


def _put_away(proposal: Proposal, decision: Decision) -> None:
    """Of what has ended no name is kept, and a dataset of which nothing came waits again."""
    if proposal.kind == kinds.SEAT:
        seats.forget(proposal.about)
    if proposal.kind == kinds.DATASET and decision is not Decision.APPROVED:
        take_in.let_wait(int(proposal.content["dataset"]))


def _end(wanted: Any, decision: Decision, act: Writing, by: Person, why: str) -> int:
    """End what is still open of some proposals, by one conditional update; how many that were."""
    return int(
        wanted.open().update(
            state=decision,
            ended_act=act.number,
            ended_at=act.known_at,
            ended_by=by.code,
            ended_role=by.role,
            ended_why=why,
        )
    )
