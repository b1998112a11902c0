"""Packs that one person alone released on an urgent request, because it could not wait. They stand out until another
person confirms the release or takes it back.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from dijk_web.people import Role

ROLES = [(one.value, one.value) for one in Role]


class Second(models.TextChoices):
    """What another person said of it."""

    WAITED_FOR = "waited_for"
    CONFIRMED = "confirmed"
    REVOKED = "revoked"


WAITS = Q(state=Second.WAITED_FOR)


class UrgentReleases(models.QuerySet["UrgentRelease"]):
    """Urgent releases by how far they are."""

    def unconfirmed(self) -> "UrgentReleases":
        """Those that no other person looked at yet."""
        return self.filter(WAITS)

    def standing(self) -> "UrgentReleases":
        """Those that were not taken back: their packs may be sent."""
        return self.exclude(state=Second.REVOKED)


class UrgentRelease(models.Model):
    """Packs of one article for one request of an urgent order, with who released them alone and who looked at it."""

    act = models.BigIntegerField(primary_key=True)
    """Its number; what is sent of it names it as it would name a division."""
    order = models.BigIntegerField()
    request = models.CharField(max_length=80)
    site = models.CharField(max_length=80)
    region = models.CharField(max_length=80)
    need = models.CharField(max_length=80)
    product = models.CharField(max_length=80)
    holder = models.CharField(max_length=20)
    packs = models.BigIntegerField()
    pieces_per_pack = models.BigIntegerField()
    reason = models.CharField(max_length=1000)
    by = models.CharField(max_length=20)
    role = models.CharField(max_length=20, choices=ROLES)
    released_at = models.DateTimeField()
    confirm_by = models.DateTimeField()
    """Until when another person should have looked at it, by the rule of that moment."""
    state = models.CharField(max_length=12, choices=Second.choices, default=Second.WAITED_FOR)
    ended_act = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=20, null=True)
    ended_role = models.CharField(max_length=20, blank=True, default="", choices=ROLES)
    ended_why = models.CharField(max_length=1000, blank=True, default="")
    revoked_packs = models.BigIntegerField(null=True)
    """Packs that were not sent yet when it was taken back; None where it was not."""

    objects = UrgentReleases.as_manager()

    class Meta:
        """Something is released, with a reason; and nobody confirms or takes back what they released themselves."""

        db_table = "urgent_release"
        ordering: ClassVar = ("-act",)
        indexes = (
            models.Index(fields=["order"], name="urgent_release_of_order"),
            models.Index(fields=["region", "confirm_by"], name="urgent_release_waits", condition=WAITS),
        )
        constraints = (
            models.CheckConstraint(
                name="urgent_release_of_whole_packs", condition=Q(packs__gt=0, pieces_per_pack__gt=0)
            ),
            models.CheckConstraint(name="urgent_release_has_its_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="urgent_release_ends_with_an_act",
                condition=(WAITS & Q(ended_act=None, ended_by=None))
                | (~WAITS & Q(ended_act__isnull=False, ended_by__isnull=False)),
            ),
            models.CheckConstraint(name="urgent_release_takes_two", condition=Q(ended_by=None) | ~Q(ended_by=F("by"))),
            models.CheckConstraint(
                name="urgent_release_takes_back_what_was_not_sent",
                condition=(Q(state=Second.REVOKED) & Q(revoked_packs__gte=0))
                | (~Q(state=Second.REVOKED) & Q(revoked_packs=None)),
            ),
        )
