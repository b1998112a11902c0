"""Proposing: a judgement is told by the act in which another person approves it, and by no other."""

from typing import Any

from django.core.exceptions import PermissionDenied

from dijk_web import mailing
from dijk_web.actions.telling import Sent, valid
from dijk_web.actions.writing import TooLate, Writing, writing
from dijk_web.models import Person, Proposal
from dijk_web.proposing import about_of, last_about, may_propose
from dijk_web.signal import resting_on


# parameters: who, what, why, and by which form
def propose(*, by: Person, table: str, row: dict[str, Any], reason: str, sent: Sent) -> int:
    """Propose a row of a judgement; the number of the act, which is that of the proposal.

    Parameters
    ----------
    row
        What its table says of it, but for who set it and when it became known; ``sent.since`` is the last act on the
        same judgement that its maker saw. A text to other sectors that does not say on what it was written is taken to
        be written on what holds now.

    Raises
    ------
    PermissionDenied
        The row is not one that this person may propose.
    TooLate
        The same judgement was changed after the form was made.
    """
    if not may_propose(by, table, row):
        raise PermissionDenied
    row = resting_on(table, row) | row
    written = valid(table, [row | {"set_by": seat_of(by)}]).drop("known_at", "set_by").to_dicts()[0]
    content = {name: as_text(value) for name, value in written.items()}
    with writing("proposed", by=by, about="proposal", reason=reason, once=sent.once) as act:
        about = about_of(table, row)
        if (last := last_about(table, about)) > sent.since:
            raise TooLate(str(last))
        act.about = put_forward(act, kind=table, about=about, content=content, by=by, reason=reason).log
        act.after = {"table": table, "row": content}
    return act.number


# parameters: what is proposed about what, by whom and why
def put_forward(act: Writing, *, kind: str, about: str, content: dict[str, Any], by: Person, reason: str) -> Proposal:
    """Write a proposal in the act that is being written; its number is that of the act."""
    proposal = Proposal.objects.create(
        act=act.number,
        kind=kind,
        about=about,
        content=content,
        reason=reason,
        rests_on=last_about(kind, about),
        proposed_at=act.known_at,
        by=by.code,
        role=by.role,
    )
    mailing.proposal_waits(act, proposal)
    return proposal


def seat_of(person: Person) -> str:
    """Who sets a judgement, as a function: the role, and of what."""
    return " ".join(filter(None, [person.role, person.directorate, person.region]))


def as_text(value: Any) -> Any:
    """A value as JSON keeps it: a day as text."""
    return value.isoformat() if hasattr(value, "isoformat") else value
