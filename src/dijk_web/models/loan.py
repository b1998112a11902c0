"""Loans between regions, hub to hub: what was offered to whom until when. Whether it was accepted says its proposal;
how much of it went and came back say its dispatches, which bear its number as their ``division``.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Loan(models.Model):
    """Packs of some lots of an article that the hub of one region lends to that of another. Its number is that of the
    act that offered it, and of its proposal.
    """

    act = models.BigIntegerField(primary_key=True)
    from_region = models.CharField(max_length=80)
    to_region = models.CharField(max_length=80)
    from_site = models.CharField(max_length=80)
    to_site = models.CharField(max_length=80)
    need = models.CharField(max_length=80)
    product = models.CharField(max_length=80)
    pieces_per_pack = models.BigIntegerField()
    lots = models.JSONField()
    """Of each lot the packs that are offered."""
    due_back = models.DateField()
    settled_act = models.BigIntegerField(null=True)
    """The act in which the lender let go of what is still out; what comes back whole needs none."""
    settled_at = models.DateTimeField(null=True)

    class Meta:
        """No region lends to itself, and a loan is settled by an act."""

        db_table = "loan"
        ordering: ClassVar = ("-act",)
        indexes = (
            models.Index(fields=["from_region", "act"], name="loan_from_region"),
            models.Index(fields=["to_region", "act"], name="loan_to_region"),
        )
        constraints = (
            models.CheckConstraint(name="loan_to_another_region", condition=~Q(from_region=F("to_region"))),
            models.CheckConstraint(name="loan_of_whole_packs", condition=Q(pieces_per_pack__gt=0)),
            models.CheckConstraint(
                name="loan_is_settled_by_an_act",
                condition=Q(settled_act=None, settled_at=None) | Q(settled_act__isnull=False, settled_at__isnull=False),
            ),
        )

    @property
    def packs(self) -> int:
        """Packs that are offered, of all lots."""
        return int(sum(self.lots.values()))
