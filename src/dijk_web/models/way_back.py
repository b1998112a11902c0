"""Goods on their way back: what came damaged or was rejected, and what was recalled. They are stock of the place they
go to once it has them there, in quarantine.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

ON_THE_WAY = Q(received_act=None)


class Because(models.TextChoices):
    """Why goods go back."""

    DAMAGED = "damaged"
    RECALLED = "recalled"


class WaysBack(models.QuerySet["WayBack"]):
    """Ways back by how far they are."""

    def underway(self) -> "WaysBack":
        """Those of which nobody said that they came."""
        return self.filter(ON_THE_WAY)


class WayBack(models.Model):
    """Pieces of one lot on their way from a site to a hub or warehouse."""

    act = models.BigIntegerField()
    """The act that sent them back."""
    line = models.IntegerField()
    site = models.CharField(max_length=80)
    region = models.CharField(max_length=80)
    to_site = models.CharField(max_length=80)
    need = models.CharField(max_length=80)
    product = models.CharField(max_length=80)
    lot = models.CharField(max_length=80)
    pieces = models.BigIntegerField()
    because = models.CharField(max_length=20, choices=Because.choices)
    about = models.CharField(max_length=80)
    """The number of the dispatch that came so, or of the recall."""
    sent_at = models.DateTimeField()
    received_act = models.BigIntegerField(null=True)
    received_at = models.DateTimeField(null=True)
    received_pieces = models.BigIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True, default="")

    objects = WaysBack.as_manager()

    class Meta:
        """Something goes back, of a dispatch once, and what came has its act."""

        db_table = "way_back"
        ordering: ClassVar = ("-act", "line")
        indexes = (
            models.Index(fields=["site", "act"], name="way_back_of_site"),
            models.Index(fields=["to_site", "act"], name="way_back_to_site"),
        )
        constraints = (
            models.UniqueConstraint(fields=["act", "line"], name="way_back_once"),
            models.UniqueConstraint(
                fields=["about"], condition=Q(because=Because.DAMAGED), name="way_back_of_a_dispatch_once"
            ),
            models.CheckConstraint(name="way_back_of_something", condition=Q(pieces__gt=0)),
            models.CheckConstraint(
                name="way_back_is_received_by_an_act",
                condition=Q(received_act=None, received_at=None, received_pieces=None)
                | Q(received_act__isnull=False, received_at__isnull=False, received_pieces__gte=0),
            ),
        )

    @property
    def code(self) -> str:
        """Its number, and that of the delivery that comes of it."""
        return f"B{self.act}-{self.line}"

    @property
    def was_counted(self) -> bool:
        """Whether the goods were counted as the site's: what came damaged never was."""
        return self.because == Because.RECALLED
