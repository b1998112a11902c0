"""Proposing and deciding. A judgement is told by the act in which another person approves it, and by no other."""

from typing import Any

from django.core.exceptions import PermissionDenied

from dijk_web.actions.telling import Sent, valid
from dijk_web.actions.writing import TooLate, Writing, writing
from dijk_web.models import Decision, Person, Proposal
from dijk_web.people import Role
from dijk_web.proposing import about_of, last_judged, may_decide, may_propose, row_of


# parameters: who, what, why, and by which form
def propose(*, by: Person, table: str, row: dict[str, Any], reason: str, sent: Sent) -> int:
    """Propose a row of a judgement; the number of the act, which is that of the proposal.

    Parameters
    ----------
    row
        What its table says of it, but for who set it and when it became known; ``sent.since`` is the last act on the
        same judgement that its maker saw.

    Raises
    ------
    PermissionDenied
        The row is not one that this person may propose.
    TooLate
        The same judgement was changed after the form was made.
    """
    if not may_propose(by, table, row):
        raise PermissionDenied
    written, about = valid(table, [row | {"set_by": seat_of(by)}]), about_of(table, row)
    with writing("proposed", by=by, about="proposal", reason=reason, once=sent.once) as act:
        if (last := last_judged(about)) > sent.since:
            raise TooLate(str(last))
        as_file = written.drop("known_at", "set_by").to_dicts()[0]
        proposal = Proposal.objects.create(
            act=act.number,
            kind=table,
            about=about,
            region=by.region if Role(by.role) is Role.COORDINATOR else None,
            content={name: _as_text(value) for name, value in as_file.items()},
            reason=reason,
            rests_on=last,
            proposed_at=act.known_at,
            by=by.code,
            role=by.role,
        )
        act.about, act.after = proposal.log, {"table": table, "row": proposal.content}
    return act.number


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
    return act.number


# parameters: what is done, beside those of each act
def _decide(name: str, proposal: Proposal, decision: Decision, *, by: Person, why: str, sent: Sent) -> int:
    """The number of the act. Who tries it on their own proposal decides nothing, and the log says so.

    Raises
    ------
    PermissionDenied
        It is not this person's to decide.
    TooLate
        It ended before.
    """
    if not may_decide(by, proposal):
        raise PermissionDenied
    with writing(name, by=by, about=proposal.log, reason=why, once=sent.once) as act:
        if decision is Decision.APPROVED and last_judged(proposal.about) > proposal.rests_on:
            decision = Decision.OVERTAKEN
            act.name = "proposal_overtaken"
        others = Proposal.objects.filter(pk=proposal.pk).exclude(by=by.code)
        if not _end(others, decision, act, by, why):
            if proposal.by != by.code or not Proposal.objects.open().filter(pk=proposal.pk).exists():
                raise TooLate("proposal")
            act.name = "own_proposal_tried"
        elif decision is Decision.APPROVED:
            _carry_out(proposal, act, by)
    return act.number


def _carry_out(proposal: Proposal, act: Writing, by: Person) -> None:
    """Tell the row; other proposals about the same judgement are overtaken by it."""
    judged = f"{seat_of(by)}; proposed by {proposal.role}"
    act.tell(proposal.kind, valid(proposal.kind, [row_of(proposal) | {"set_by": judged}]))
    _end(Proposal.objects.filter(about=proposal.about), Decision.OVERTAKEN, act, by, "")


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


def seat_of(person: Person) -> str:
    """Who sets a judgement, as a function: the role, and of what."""
    return " ".join(filter(None, [person.role, person.directorate, person.region]))


def _as_text(value: Any) -> Any:
    """A value as JSON keeps it: a day as text."""
    return value.isoformat() if hasattr(value, "isoformat") else value
