"""Lots that are blocked: nothing of them is sent from the places that the block is about, until it is let go."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from dijk.tables import ALL

HOLDS = Q(let_go_act=None)


class LotBlocks(models.QuerySet["LotBlock"]):
    """Blocks by whether they hold."""

    def holding(self) -> "LotBlocks":
        """Those that nobody let go."""
        return self.filter(HOLDS)


class LotBlock(models.Model):
    """A lot of an article that may not be sent, everywhere or from the hub of one region."""

    act = models.BigIntegerField()
    """The act that blocked it; a recall may block several lots."""
    product = models.CharField(max_length=80)
    lot = models.CharField(max_length=80)
    territory = models.CharField(max_length=80)
    """``all``, or the region whose hub it is about: each level lets go of its own alone."""
    by = models.CharField(max_length=20)
    role = models.CharField(max_length=20)
    reason = models.CharField(max_length=1000)
    blocked_at = models.DateTimeField()
    let_go_act = models.BigIntegerField(null=True)
    let_go_at = models.DateTimeField(null=True)

    objects = LotBlocks.as_manager()

    class Meta:
        """One block of a lot holds per territory; a trigger refuses a dispatch of what it is about."""

        db_table = "lot_block"
        ordering: ClassVar = ("-act", "lot")
        constraints = (
            models.UniqueConstraint(
                fields=["product", "lot", "territory"], condition=HOLDS, name="lot_block_holds_once"
            ),
            models.CheckConstraint(
                name="lot_block_is_let_go_by_an_act",
                condition=Q(let_go_act=None, let_go_at=None) | Q(let_go_act__isnull=False, let_go_at__isnull=False),
            ),
        )

    @property
    def is_everywhere(self) -> bool:
        """Whether it is about every hub and warehouse."""
        return self.territory == ALL
