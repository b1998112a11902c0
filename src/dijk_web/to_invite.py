"""Who can be invited: of each organisation that nobody speaks for yet the best contact, of all of a nation at once."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from dijk_web.models import Contact, Invitation, Organisation, Person, Site
from dijk_web.models.person import organisations_of
from dijk_web.people import Role
from dijk_web.visible import CARE


@dataclass(frozen=True)
class Invited:
    """An organisation, by code and name, and the contact that is invited for it."""

    organisation: str
    called: str
    contact: Contact

    @property
    def invitation(self) -> dict[str, Any]:
        """What its invitation holds. Who is known by function alone is written to so, and types the own name later."""
        one = self.contact
        told = {"name": one.name or one.function, "email": one.email.lower() or None}
        return {**told, "role": Role.INSTITUTION.value, "organisation": self.organisation}


@dataclass(frozen=True)
class ToInvite:
    """What is to be done to let in the organisations of a filter.

    Attributes
    ----------
    invited
        Those with a contact, by name.
    to_call
        Code and name of those without any, by name: who works there must be found out by calling.
    owned, open
        How many have an owner, or an open invitation, and are left alone.
    """

    invited: list[Invited]
    to_call: list[tuple[str, str]]
    owned: int
    open: int

    @property
    def mark(self) -> int:
        """A number that follows from who is to be invited: another one where that has changed."""
        codes = "\n".join(f"{one.organisation} {one.contact.code} {one.contact.act}" for one in self.invited)
        return int(hashlib.sha256(codes.encode()).hexdigest()[:12], 16)


def to_invite(person: Person, sought: str) -> ToInvite:
    """Whom somebody may invite of the organisations that they look after and that are called so."""
    names = dict(organisations(person, sought).order_by("name", "pk").values_list("pk", "name"))
    owners = Person.objects.filter(role=Role.INSTITUTION, is_owner=True, is_active=True)
    asked = Invitation.objects.open().filter(role=Role.INSTITUTION)
    owned = names.keys() & set(owners.values_list("organisation", flat=True))
    opened = names.keys() & set(asked.values_list("organisation", flat=True)) - owned
    rest = {code: name for code, name in names.items() if code not in owned | opened}
    best = best_of(Contact.objects.visible_to(person))
    invited = [Invited(code, name, best[code]) for code, name in rest.items() if code in best]
    return ToInvite(invited, [pair for pair in rest.items() if pair[0] not in best], len(owned), len(opened))


def organisations(person: Person, sought: str) -> QuerySet[Organisation]:
    """The organisations that give care, of those that somebody looks after, with this name or code, or with a site of
    that name or code.
    """
    theirs = Organisation.objects.filter(pk__in=organisations_of(person).filter(kind__in=CARE))
    if not sought:
        return theirs
    called = Q(name__icontains=sought)
    sites = Site.objects.filter(called | Q(site=sought)).values("organisation")
    return theirs.filter(called | Q(pk=sought) | Q(pk__in=sites))


def best_of(contacts: Iterable[Contact]) -> dict[str, Contact]:
    """The contact to invite, by organisation: one of the organisation itself before one of a site, with an e-mail
    address before without, and then who has been there longest.
    """
    ranked = sorted(contacts, key=lambda one: (bool(one.site), not one.email, one.pk), reverse=True)
    return {one.organisation: one for one in ranked}
