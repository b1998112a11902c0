"""Addresses that mail does not reach: whose they are, and at which desk that is work."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Q
from django.db.models.functions import Lower

from dijk_web.models import Desk, Invitation, Person, Site, Unreached
from dijk_web.people import Role


def does_not_reach(address: str, why: str, now: dt.datetime) -> None:
    """Send nothing more to an address until it is set anew."""
    told = {"since": now, "why": why}
    Unreached.objects.get_or_create(address=address.lower(), defaults=told)


def reaches(address: str) -> None:
    """Let mail go to an address again: somebody set it anew."""
    Unreached.objects.filter(address=address.lower()).delete()


def unreached(addresses: Iterable[str]) -> set[str]:
    """Those of some addresses, in small letters, that mail does not reach."""
    small = {one.lower() for one in addresses}
    return set(Unreached.objects.filter(address__in=small).values_list("address", flat=True))


def people_unreached() -> Iterator[tuple[Unreached, Person | Invitation | Desk]]:
    """Each address that mail does not reach, with everybody whose it is today: a person, an open invitation, a desk."""
    found = {one.address: one for one in Unreached.objects.order_by("since", "address")}
    if not found:
        return
    people = Person.objects.filter(is_active=True)
    for rows in (people, Invitation.objects.open(), Desk.objects.all()):
        for one in rows.annotate(small=Lower("email")).filter(small__in=found).order_by("pk"):
            yield found[one.small], one


def desks_of_unreached(others: str) -> Iterator[tuple[Unreached, str]]:
    """Each of them with the desk whose work it is: of an institution every region where it speaks for a site, of a desk
    its region; of all others the one that is given.
    """
    for address, one in people_unreached():
        regions = _regions_of(one)
        yield from ((address, region) for region in regions or [others])


def _regions_of(one: Person | Invitation | Desk) -> list[str]:
    if isinstance(one, Desk):
        return [one.region] if one.region else []
    if one.role != Role.INSTITUTION:
        return []
    own = Site.objects.filter(Q(site__in=one.sites) if one.sites else Q(), organisation=one.organisation)
    return sorted(set(own.exclude(region=None).values_list("region", flat=True)))
