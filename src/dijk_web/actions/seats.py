"""Giving somebody a role that proposes or decides: one administrator proposes it, another approves, and it is done."""

from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied

from dijk_web.actions.people import give_role, invited, must_keep, must_let_in
from dijk_web.actions.proposing import put_forward
from dijk_web.actions.writing import Writing, writing
from dijk_web.models import Invitation, Person, Proposal
from dijk_web.models import proposal as kinds


class Way(StrEnum):
    """How somebody comes to a role."""

    INVITE = "invite"
    AGAIN = "let_in_again"
    CHANGE = "change_role"


def content_of(way: Way, one: Person | Invitation, seat: dict[str, Any]) -> dict[str, Any]:
    """What a proposal holds of somebody: name and address only until it ends."""
    return {"way": way, "code": one.code, "seat": seat, "name": one.name, "email": one.email}


# parameters: who, to whom, which seat, why, and by which form
def propose_seat(
    way: Way, one: Person | Invitation, seat: dict[str, Any], *, by: Person, reason: str, once: str | None
) -> int:
    """Propose that somebody gets a role, or comes in with it; the number of the act, which is that of the proposal.

    Raises
    ------
    PermissionDenied
        This person may not give this role, or not to them.
    """
    must_let_in(by, seat["role"])
    if isinstance(one, Person):
        must_keep(by, one)
    with writing("seat_proposed", by=by, about=f"person:{one.code}", reason=reason, once=once) as act:
        content = content_of(way, one, seat)
        put_forward(act, kind=kinds.SEAT, about=f"person:{one.code}", content=content, by=by, reason=reason)
        act.after = {name: value for name, value in seat.items() if value}
    return act.number


def carry_out(proposal: Proposal, act: Writing) -> None:
    """Invite them, let them in again, or give them the role.

    Raises
    ------
    PermissionDenied
        Who was to get another role is no longer there.
    """
    content = proposal.content
    if content["way"] == Way.CHANGE:
        person = Person.objects.filter(code=content["code"]).first()
        if person is None:
            raise PermissionDenied
        act.before, act.after = give_role(person, content["seat"])
    else:
        told = {"code": content["code"], "name": content["name"], "email": content["email"]}
        act.after = invited(Invitation(**told, **content["seat"]), act)


def forget(about: str) -> None:
    """Keep no name and no address of somebody with the proposals that have ended."""
    for one in Proposal.objects.filter(about=about).exclude(kinds.OPEN):
        one.content = {name: value for name, value in one.content.items() if name not in ("name", "email")}
        one.save(update_fields=["content"])
