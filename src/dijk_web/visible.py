"""Whose facts a person may see: what is not visible does not exist for them (404)."""

from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.shortcuts import get_object_or_404

from dijk.tables.columns import HOLDERS
from dijk_web.models import (
    Act,
    Activity,
    Asked,
    Delivery,
    Invitation,
    Loan,
    Person,
    RequestRow,
    Site,
    Stock,
    Upload,
    Use,
)
from dijk_web.people import SEATS, Permission, Role, Scope, allows, may


def sites_visible_to(person: Person) -> QuerySet[Site]:
    """The sites whose facts and lines a person may read: their own, those of their region, or all."""
    seat = SEATS[Role(person.role)]
    if Permission.READ_SITES not in seat.may:
        return Site.objects.none()
    match seat.scope:
        case Scope.OWN:
            own = Site.objects.filter(organisation=person.organisation)
            return own.filter(site__in=person.sites) if person.sites else own
        case Scope.REGION:
            return Site.objects.filter(region=person.region)
        case Scope.ALL:
            return Site.objects.all()
    return Site.objects.none()


def sees_all(person: Person) -> bool:
    """Whether a person may see every site, and so all of a run."""
    seat = SEATS[Role(person.role)]
    return Permission.READ_SITES in seat.may and seat.scope is Scope.ALL


def sees_region(person: Person, region: str) -> bool:
    """Whether a person may read what tells of all sites of a region: who sees all, and its coordinator."""
    return sees_all(person) or (Role(person.role) is Role.COORDINATOR and person.region == region)


CARE = ("care", "outlet")
"""Kinds of sites where care is given, or goods are handed out to who gives it."""

HUB = "regional_hub"


def sites_told_by(person: Person, *permissions: Permission) -> QuerySet[Site]:
    """The sites of which a person may tell with one of these permissions: ``TELL`` is for places of care; by
    ``TELL_HELD`` a region tells of its hub, and who reaches all sites of the warehouses too.
    """
    kinds = set(CARE) if Permission.TELL in permissions and may(person.role, Permission.TELL) else set()
    if Permission.TELL_HELD in permissions and may(person.role, Permission.TELL_HELD):
        kinds |= set(HOLDERS) if SEATS[Role(person.role)].scope is Scope.ALL else {HUB}
    return sites_visible_to(person).filter(kind__in=kinds)


def sees_object(person: Person, about: str) -> bool:
    """Whether a person may read the log of an object, such as ``site:ABC`` or ``run:12``. That of a person is for
    themselves and for who may let them go, too.
    """
    kind, _, code = about.partition(":")
    if kind == "person" and sees_log_of(person, code):
        return True
    if not may(person.role, Permission.READ_LOG):
        return False
    if kind == "site":
        return sites_visible_to(person).filter(site=code).exists()
    if kind == "inbound":
        return allows(person, Permission.READ_INBOUND)  # it tells of single orders, with their price
    if kind == "run":
        return may(person.role, Permission.READ_NATION)
    if kind == "question":
        return Role(person.role) is Role.AUDITOR  # it tells by which account it was asked
    if kind == "loan" and code.isdecimal():
        return loans_visible_to(person).filter(act=int(code)).exists()
    if kind == "upload" and code.isdecimal():
        upload = Upload.objects.filter(pk=int(code)).first()
        return upload is not None and sees_upload(person, upload)
    return SEATS[Role(person.role)].scope is Scope.ALL


def loans_visible_to(person: Person) -> QuerySet[Loan]:
    """The loans that somebody reads: a region what it lends and what it borrows, who reads them of all regions all."""
    if not allows(person, Permission.READ_LOANS):
        return Loan.objects.none()
    if SEATS[Role(person.role)].scope is Scope.REGION:
        return Loan.objects.filter(Q(from_region=person.region) | Q(to_region=person.region))
    return Loan.objects.all()


def sees_log_of(person: Person, code: str) -> bool:
    """Whether what was done about a person is told to this one by what they are to each other."""
    if may(person.role, Permission.READ_LOG_OF_PEOPLE):
        return True
    other = Person.objects.visible_to(person).filter(code=code).first()
    return (
        other is not None and (other.pk == person.pk or person.keeps(other)) and may(person.role, Permission.READ_LOG)
    )


TOLD_OF_SITES = (Stock, Use, Activity, RequestRow, Delivery, Asked)
"""Tables of which an act may tell rows of many sites."""

ABOUT_SITES = ("order_placed", "upload_taken_in", "asked_again")
"""Acts that may be about many sites at once."""


def acts_about(about: str) -> QuerySet[Act]:
    """The log of an object, the newest act first. Of a site also what was told of it among others, and of a person the
    invitation among thousands.
    """
    wanted = Q(about=about)
    kind, _, code = about.partition(":")
    if kind == "person":
        wanted |= Q(number__in=Invitation.objects.filter(code=code).values("act"))
    if kind == "site":
        told = [Q(number__in=model.objects.filter(site=code).values("act")) for model in TOLD_OF_SITES]
        wanted |= Q(name__in=ABOUT_SITES) & reduce(or_, told)
    return Act.objects.filter(wanted).order_by("-number")


def sees_upload(person: Person, upload: Upload) -> bool:
    """Whether a person may see a file: their own, or one that was taken in of which they may read every site."""
    if upload.by == person.code:
        return True
    if upload.act is None:
        return False
    seen = sites_visible_to(person).filter(site__in=upload.sites)
    return seen.count() == len(upload.sites)


Row = TypeVar("Row", bound=Model)


def rows_visible_to(person: Person, model: type[Row]) -> QuerySet[Row]:
    """The rows of a table with a site, such as requests or counts, of the sites that a person may read."""
    seat = SEATS[Role(person.role)]
    if seat.scope is Scope.ALL and Permission.READ_SITES in seat.may:
        return model.objects.all()
    return model.objects.filter(site__in=sites_visible_to(person))


def site_or_404(person: Person, code: str) -> Site:
    """A site that a person may read; another does not exist for them."""
    return get_object_or_404(sites_visible_to(person), site=code)
