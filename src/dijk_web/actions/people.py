"""Letting people in and out. The log names them by code and role: names and addresses are not kept for ever."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from dijk_web import addresses, mailing
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate, Writing, writing
from dijk_web.models import Invitation, Person
from dijk_web.models.person import end_sessions
from dijk_web.people import Role, lets_in, takes_two
from dijk_web.to_invite import to_invite

AT_ONCE = 1000
"""Invitations that are written together."""

SEAT = ("role", "organisation", "region", "sites", "directorate")
"""What a person comes to do, and for whom."""


def seat_of(one: Person | Invitation) -> dict[str, Any]:
    """The role of a person or invitation and whom it is for, as the log keeps it."""
    return {name: getattr(one, name) for name in SEAT if getattr(one, name)}


def invite(invitation: Invitation, *, by: Person, reason: str, once: str | None = None) -> Invitation:
    """Let somebody come in once, within fourteen days.

    Raises
    ------
    PermissionDenied
        The inviter may not give this role, or it takes two.
    """
    must_let_in(by, invitation.role)
    must_be_for_one(invitation.role)
    with writing("person_invited", by=by, about=f"person:{invitation.code}", reason=reason, once=once) as act:
        act.after = invited(invitation, act)
    return invitation


def invited(invitation: Invitation, act: Writing) -> dict[str, Any]:
    """Write an invitation in the act that is being written; its seat, as the log keeps it."""
    invitation.act = act.number
    invitation.save()
    mailing.invitation_waits(act, [invitation])
    return seat_of(invitation)


def invite_contacts(sought: str, *, by: Person, reason: str, sent: Sent) -> int:
    """Invite the best contact of each organisation of a filter that nobody speaks for yet, all in one act; its number.

    Raises
    ------
    PermissionDenied
        Who asks may not let in institutions.
    TooLate
        Others are to be invited now than when the form was made.
    """
    must_let_in(by, Role.INSTITUTION)
    with writing("contacts_invited", by=by, about="people", reason=reason, once=sent.once) as act:
        found = to_invite(by, sought)
        if found.mark != sent.since:
            raise TooLate("invited")
        made = [Invitation(**one.invitation, act=act.number).whole() for one in found.invited]
        Invitation.objects.bulk_create(made, batch_size=AT_ONCE)
        mailing.invitation_waits(act, made)
        with_email = sum(1 for one in made if one.email)
        act.after = {"invited": len(made), "with_email": with_email, "to_call": len(found.to_call)}
    return act.number


def let_in_again(person: Person, *, by: Person, reason: str, once: str | None = None) -> Invitation:
    """A new one-time link for somebody who was let go, forgot the password or lost the second factor.

    Raises
    ------
    PermissionDenied
        The inviter may not let this person in, or that takes two.
    """
    must_keep(by, person)
    must_be_for_one(person.role)
    invitation = Invitation(code=person.code, name=person.name, email=person.email, **seat_of(person))
    with writing("person_let_in_again", by=by, about=f"person:{person.code}", reason=reason, once=once) as act:
        act.after = invited(invitation, act)
    return invitation


def withdraw(invitation: Invitation, *, by: Person, reason: str, once: str | None = None) -> None:
    """Take back an invitation that nobody has followed yet.

    Raises
    ------
    PermissionDenied
        Who asks may not invite this role.
    TooLate
        It was followed, taken back or too old already.
    """
    must_let_in(by, invitation.role)
    with writing("invitation_withdrawn", by=by, about=f"person:{invitation.code}", reason=reason, once=once):
        if not Invitation.objects.open().filter(pk=invitation.pk).update(withdrawn_at=timezone.now()):
            raise TooLate("invitation_closed")


# parameters: what a person types on the form, beside the invitation and its one-time key.
def accept(
    invitation: Invitation, *, name: str, email: str, password: str, language: str, once: str | None = None
) -> Person:
    """Come in: as the person of the invitation, who is an owner where the organisation has none.

    Who was there before keeps their role and gets a new password; second factors set up before are gone.

    Raises
    ------
    TooLate
        The invitation was used before, or somebody else came in with this address.
    """
    person = Person.objects.filter(code=invitation.code).first()
    person = person or Person(code=invitation.code, **seat_of(invitation))
    person.name, person.email, person.language, person.is_active = name, email.lower(), language, True
    person.set_password(password)
    with writing("invitation_accepted", by=person, about=f"person:{person.code}", once=once) as act:
        if not Invitation.objects.open().filter(pk=invitation.pk).update(accepted_at=timezone.now()):
            raise TooLate("invitation_closed")
        if Person.objects.filter(email__iexact=email).exclude(code=person.code).exists():
            raise TooLate("address_taken")
        person.is_owner = person.is_owner or _has_no_owner(person)
        person.save()
        addresses.reaches(person.email)
        Invitation.objects.open().filter(code=person.code).update(withdrawn_at=timezone.now())
        Authenticator.objects.filter(user=person).delete()
        end_sessions(person)
        act.after = {**seat_of(person), "is_owner": person.is_owner}
    return person


def let_go(person: Person, *, by: Person, reason: str, once: str | None = None) -> None:
    """Close the account of somebody who leaves; their sessions end in the same act, and their open links.

    Raises
    ------
    PermissionDenied
        Who asks may not let this person go; nobody lets themselves go.
    TooLate
        Somebody did already.
    """
    must_keep(by, person)
    with writing("person_left", by=by, about=f"person:{person.code}", reason=reason, once=once) as act:
        if not Person.objects.filter(pk=person.pk, is_active=True).update(is_active=False, is_owner=False):
            raise TooLate("already_left")
        Invitation.objects.open().filter(code=person.code).update(withdrawn_at=timezone.now())
        end_sessions(person)
        act.before = {**seat_of(person), "is_owner": person.is_owner}


def change_role(person: Person, seat: dict[str, Any], *, by: Person, reason: str, once: str | None = None) -> None:
    """Give somebody another role, or the same one elsewhere. Sessions end, so that no page of the old role stays open.

    Parameters
    ----------
    seat
        Role, organisation, region, sites and directorate, as in `SEAT`.

    Raises
    ------
    PermissionDenied
        Who asks may not change this person or give this role, or it takes two; nobody changes their own.
    """
    must_keep(by, person)
    must_let_in(by, seat["role"])
    must_be_for_one(seat["role"])
    with writing("role_changed", by=by, about=f"person:{person.code}", reason=reason, once=once) as act:
        act.before, act.after = give_role(person, seat)


def give_role(person: Person, seat: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Let a person have a seat from now on; the seat before and after, as the log keeps it."""
    held = Person.objects.get(pk=person.pk)
    before = {**seat_of(held), "is_owner": held.is_owner}
    for name in SEAT:
        setattr(held, name, seat[name])
    held.is_owner = _has_no_owner(held)
    held.save()
    end_sessions(held)
    return before, {**seat_of(held), "is_owner": held.is_owner}


def _has_no_owner(person: Person) -> bool:
    """Whether the organisation of an institution's person has no other owner."""
    others = Person.objects.filter(organisation=person.organisation, is_owner=True, is_active=True)
    return person.role == Role.INSTITUTION and not others.exclude(pk=person.pk).exists()


def must_be_for_one(role: str) -> None:
    """Refuse a role that takes two: it is proposed.

    Raises
    ------
    PermissionDenied
        The role proposes or decides.
    """
    if takes_two(role):
        raise PermissionDenied


def must_let_in(by: Person, role: str) -> None:
    """Refuse a role that somebody may not give (``PermissionDenied``)."""
    if Role(role) not in lets_in(by.role, is_owner=by.is_owner):
        raise PermissionDenied


def must_keep(by: Person, person: Person) -> None:
    """Refuse a person whom somebody may not change (``PermissionDenied``)."""
    if not by.keeps(person):
        raise PermissionDenied
