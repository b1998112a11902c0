"""Letting an administrator in from the machine itself: the first one, or one whom nobody else can help."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse

from dijk_web.actions.people import seat_of
from dijk_web.actions.writing import writing
from dijk_web.models import Invitation, Person
from dijk_web.people import Role

AT_THE_MACHINE = Person(code="machine", role=Role.ADMINISTRATOR)
"""Who acts here: whoever has the machine. The log cannot know more."""

LONGEST_NAME = 200


WHY_NOT = ("other_role", "no_address", "no_name")
"""Why somebody cannot be let in as an administrator."""


class NotLetIn(Exception):
    """Nobody was invited; says which of `WHY_NOT`."""


def invite_administrator(*, name: str, email: str) -> Invitation:
    """Let an administrator in once, within fourteen days; one who is there keeps the account and gets a new password.

    Raises
    ------
    NotLetIn
        The name or address cannot be one, or the address is that of somebody with another role.
    """
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise NotLetIn("no_name")
    try:
        validate_email(email)
    except ValidationError:
        raise NotLetIn("no_address") from None
    there = Person.objects.filter(email__iexact=email).first()
    if there and there.role != Role.ADMINISTRATOR:
        raise NotLetIn("other_role")
    invitation = Invitation(name=name.strip(), email=email.lower(), role=Role.ADMINISTRATOR)
    if there:
        invitation.code = there.code
    with writing(
        "person_invited", by=AT_THE_MACHINE, about=f"person:{invitation.code}", reason="at the machine that serves"
    ) as act:
        invitation.save()
        act.after = seat_of(invitation)
    return invitation


def link_of(invitation: Invitation) -> str:
    """The address that lets somebody in, by the first name of the tower."""
    where = "http://127.0.0.1:8000" if settings.DEMO else f"https://{settings.ALLOWED_HOSTS[0]}"
    return where + reverse("invitation", args=[invitation.one_time_code])
