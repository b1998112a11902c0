"""Who may come in. The log names people by ``code``, never by name, because it is kept for ever and names are not."""

import secrets

from allauth.usersessions.models import UserSession
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from dijk_web.models.current import Site
from dijk_web.people import SEATS, Directorate, Permission, Role, Scope, lets_in, may

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""No letter or digit that looks like another."""


def new_code() -> str:
    """A code for a person: it says nothing of who it is."""
    return "p-" + "".join(secrets.choice(LETTERS) for _ in range(10))


class People(models.QuerySet["Person"]):
    """People as others see them."""

    def visible_to(self, user: "Person") -> "People":
        """Whom somebody may see: themselves, and whoever they may let in."""
        return self.filter(reach(user) | Q(pk=user.pk))


def reach(user: "Person") -> Q:
    """Of people and invitations, those of the institutions that somebody looks after; an administrator's are all."""
    scope = SEATS[Role(user.role)].scope
    if may(user.role, Permission.KEEP_PEOPLE):
        return ~Q(pk__in=[])  # an empty Q would vanish beside another
    if not may(user.role, Permission.INVITE):
        return Q(pk__in=[])
    if scope is Scope.REGION:
        return Q(role=Role.INSTITUTION, organisation__in=organisations_of(user))
    return Q(role=Role.INSTITUTION, organisation=user.organisation)


def organisations_of(user: "Person") -> models.QuerySet[Site]:
    """Codes of the organisations that somebody looks after: with a site in the region, or their own."""
    sites = Site.objects.all()
    if SEATS[Role(user.role)].scope is Scope.REGION:
        sites = sites.filter(region=user.region)
    elif not may(user.role, Permission.KEEP_PEOPLE):
        sites = sites.filter(organisation=user.organisation)
    return sites.values("organisation")


def sites_of(user: "Person") -> models.QuerySet[Site]:
    """The sites of which somebody keeps the contacts: those they speak for, those of the region, or all."""
    match SEATS[Role(user.role)].scope:
        case Scope.REGION:
            return Site.objects.filter(region=user.region)
        case Scope.OWN:
            own = Site.objects.filter(organisation=user.organisation)
            return own.filter(site__in=user.sites) if user.sites else own
    return Site.objects.all()


class MailWhen(models.TextChoices):
    """When somebody gets mail; a recall and an urgent order always come at once."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NONE = "none"


class Person(AbstractBaseUser):
    """Somebody with one role, and the organisation, sites or region that it is for."""

    code = models.CharField(max_length=20, unique=True, default=new_code)
    name = models.CharField(max_length=200)
    email = models.EmailField(unique=True)
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    organisation = models.CharField(max_length=80, null=True, blank=True)
    region = models.CharField(max_length=80, null=True, blank=True)
    sites = models.JSONField(default=list, blank=True)
    """Codes of the sites of the organisation that the person speaks for; empty is all of them."""
    directorate = models.CharField(
        max_length=3, null=True, blank=True, choices=[(one.value, one.value) for one in Directorate]
    )
    is_owner = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=2, default="nl", choices=[("nl", "Nederlands"), ("en", "English")])
    mail_when = models.CharField(max_length=10, default=MailWhen.AT_ONCE, choices=MailWhen.choices)

    objects = BaseUserManager.from_queryset(People)()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ("code", "name", "role")

    class Meta:
        """Each role says what it is for."""

        db_table = "person"
        constraints = (
            models.CheckConstraint(
                name="person_institution_has_organisation",
                condition=~Q(role=Role.INSTITUTION) | Q(organisation__isnull=False),
            ),
            models.CheckConstraint(
                name="person_coordinator_has_region", condition=~Q(role=Role.COORDINATOR) | Q(region__isnull=False)
            ),
            models.CheckConstraint(
                name="person_official_has_directorate", condition=~Q(role=Role.OFFICIAL) | Q(directorate__isnull=False)
            ),
        )

    def keeps(self, other: "Person") -> bool:
        """Whether this person may let the other go or in again: never themselves, never a role they may not give."""
        return other.pk != self.pk and Role(other.role) in lets_in(self.role, is_owner=self.is_owner)


def end_sessions(person: Person, *, but: str | None = None) -> None:
    """End the sessions of a person, all or all but one; who is no longer active has none, whatever a cookie says."""
    for session in UserSession.objects.filter(user=person).exclude(session_key=but or ""):
        session.end()
