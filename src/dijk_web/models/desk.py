"""Whom to ask: desks by subject, and contacts of sites. Names and phone numbers of people stand here and nowhere else:
never in facts or in the log, so that they can be erased.
"""

from django.db import models
from django.db.models import Q

from dijk_web.models.current import Site
from dijk_web.models.person import Person, new_code, sites_of
from dijk_web.people import SEATS, Directorate, Permission, Role, Scope, may


class Subject(models.TextChoices):
    """What one may ask a desk about."""

    ORDERS = "orders"
    URGENT = "urgent"
    REPORTING = "reporting"
    DELIVERIES = "deliveries"
    QUALITY = "quality"
    ACCOUNTS = "accounts"


class Desks(models.QuerySet["Desk"]):
    """Desks as others see and keep them."""

    def kept_by(self, user: Person) -> "Desks":
        """Those that somebody may change: of their region, of their directorate, the centre's, or all."""
        if not may(user.role, Permission.KEEP_DESKS):
            return self.none()
        match Role(user.role):
            case Role.ADMINISTRATOR:
                return self.all()
            case Role.PLANNER:
                return self.filter(region="", directorate="")
            case Role.COORDINATOR:
                return self.filter(region=user.region)
            case Role.OFFICIAL:
                return self.filter(directorate=user.directorate)
        return self.none()

    def near(self, regions: list[str]) -> "Desks":
        """Those of these regions first, then the centre, the directorates, and other regions."""
        place = models.Case(
            models.When(region__in=regions, then=0),
            models.When(region="", directorate="", then=1),
            models.When(region="", then=2),
            default=3,
        )
        return self.annotate(place=place).order_by("place", "region", "directorate", "subject")


class Desk(models.Model):
    """Whom to call about a subject, at a region, a directorate, or the centre where neither is named."""

    subject = models.CharField(max_length=20, choices=Subject.choices)
    region = models.CharField(max_length=80, blank=True, default="")
    directorate = models.CharField(
        max_length=3, blank=True, default="", choices=[(one.value, one.value) for one in Directorate]
    )
    phone = models.CharField(max_length=40)
    email = models.EmailField(blank=True, default="")
    hours = models.CharField(max_length=200)
    deputy = models.CharField(max_length=200, blank=True, default="")
    """Whom to call where nobody answers."""
    act = models.BigIntegerField()
    """The act that changed it last."""

    objects = Desks.as_manager()

    class Meta:
        """One desk per subject and place."""

        db_table = "desk"
        constraints = (
            models.UniqueConstraint(fields=["subject", "region", "directorate"], name="desk_is_one"),
            models.CheckConstraint(condition=Q(region="") | Q(directorate=""), name="desk_is_in_one_place"),
        )


class Contacts(models.QuerySet["Contact"]):
    """Contacts as others see them."""

    def visible_to(self, user: Person) -> "Contacts":
        """Those of the sites that somebody speaks for or looks after, and of their organisations; or all."""
        if not may(user.role, Permission.READ_CONTACTS):
            return self.none()
        if SEATS[Role(user.role)].scope not in (Scope.OWN, Scope.REGION):
            return self.all()
        theirs = sites_of(user)
        shared = Q(site="", organisation__in=theirs.values("organisation"))
        return self.filter(Q(site__in=theirs.values("site")) | shared)

    def of_sites(self, sites: list[Site]) -> dict[str, "Contact"]:
        """Whom to call at each of some sites: its own contact, else that of its organisation."""
        own = {one.site: one for one in self.filter(site__in=[site.site for site in sites]).order_by("-id")}
        rest = [site for site in sites if site.site not in own]
        shared = self.filter(site="", organisation__in={site.organisation_id for site in rest}).order_by("-id")
        general = {one.organisation: one for one in shared}
        return own | {site.site: general[site.organisation_id] for site in rest if site.organisation_id in general}


class Contact(models.Model):
    """Whom to call at a site, or at an organisation where no site is named."""

    code = models.CharField(max_length=20, unique=True, default=new_code)
    organisation = models.CharField(max_length=80, db_index=True)
    site = models.CharField(max_length=80, blank=True, default="", db_index=True)
    function = models.CharField(max_length=100)
    name = models.CharField(max_length=200, blank=True, default="")
    phone = models.CharField(max_length=40)
    email = models.EmailField(blank=True, default="")
    act = models.BigIntegerField()
    """The act that changed it last."""

    objects = Contacts.as_manager()

    class Meta:
        """Nothing is kept of one that is erased."""

        db_table = "contact"

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from another in a file: its site, else its organisation, and its function in any capitals."""
        return self.site, "" if self.site else self.organisation, self.function.lower()
