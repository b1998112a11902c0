"""Dispatches: packs of a lot that left a warehouse or hub for a site, and what of them was received. A delivery is told
only when they were; until then they are on their way. Those between hubs are of a loan, and tell stock instead.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from dijk_web.models.loan import Loan

UNDERWAY = Q(received_act=None)
RECEIVED = Q(received_act__isnull=False)


class Dispatches(models.QuerySet["Dispatch"]):
    """Dispatches by how far they are."""

    def underway(self) -> "Dispatches":
        """Those of which nobody said that they came."""
        return self.filter(UNDERWAY)

    def of_awards(self) -> "Dispatches":
        """Those of divisions, and not of loans between regions."""
        return self.exclude(division__in=Loan.objects.order_by().values("act"))

    def differing(self) -> "Dispatches":
        """Those of which less came than was sent, or some of it damaged."""
        return self.filter(RECEIVED).filter(~Q(whole_packs=F("packs")) | Q(damaged_packs__gt=0))


class Dispatch(models.Model):
    """Packs of one lot on their way to a site on one of its awards, or from hub to hub on a loan."""

    act = models.BigIntegerField()
    """The act that sent it."""
    line = models.IntegerField()
    """Which of that act, from 1: ``D12-3`` is the third of act 12, and so is the delivery that comes of it."""
    division = models.BigIntegerField()
    """The division that awarded it, or the loan that it is of: both are numbers of acts."""
    site = models.CharField(max_length=80)
    region = models.CharField(max_length=80)
    """The region of the site; of what a hub lends or returns its own, for a block of that region stops it."""
    need = models.CharField(max_length=80)
    product = models.CharField(max_length=80)
    holder = models.CharField(max_length=20)
    from_site = models.CharField(max_length=80)
    lot = models.CharField(max_length=80)
    packs = models.BigIntegerField()
    pieces_per_pack = models.BigIntegerField()
    sent_at = models.DateTimeField()
    expected = models.DateField()
    received_act = models.BigIntegerField(null=True)
    """The act that last said what was received of it."""
    received_at = models.DateTimeField(null=True)
    is_assumed = models.BooleanField(default=False)
    """Counted as received since nobody said otherwise in time; who confirms it later corrects it."""
    whole_packs = models.BigIntegerField(null=True)
    damaged_packs = models.BigIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True, default="")

    objects = Dispatches.as_manager()

    class Meta:
        """Something is sent, and what was received has its act."""

        db_table = "dispatch"
        ordering: ClassVar = ("-act", "line")
        indexes = (
            models.Index(fields=["site", "act"], name="dispatch_to_site"),
            models.Index(fields=["division", "product"], name="dispatch_of_division"),
            models.Index(fields=["from_site", "product"], name="dispatch_from_site"),
        )
        constraints = (
            models.UniqueConstraint(fields=["act", "line"], name="dispatch_once"),
            models.CheckConstraint(name="dispatch_of_whole_packs", condition=Q(packs__gt=0, pieces_per_pack__gt=0)),
            models.CheckConstraint(
                name="dispatch_is_received_by_an_act",
                condition=Q(received_act=None, received_at=None, whole_packs=None, damaged_packs=None)
                | Q(received_act__isnull=False, received_at__isnull=False, whole_packs__gte=0, damaged_packs__gte=0),
            ),
            models.CheckConstraint(
                name="dispatch_is_assumed_whole", condition=Q(is_assumed=False) | Q(whole_packs=F("packs"))
            ),
        )

    @property
    def code(self) -> str:
        """Its number, and that of the delivery that comes of it."""
        return f"D{self.act}-{self.line}"

    @property
    def is_lent(self) -> bool:
        """Whether it is of a loan, there or back."""
        return Loan.objects.filter(act=self.division).exists()

    @property
    def missing_packs(self) -> int | None:
        """Packs that neither came whole nor damaged; below 0 where more came. None while it is on its way."""
        return None if self.whole_packs is None else self.packs - self.whole_packs - (self.damaged_packs or 0)
