"""Effects: what a proposal would do to the plan, asked for by an act and worked out by a job."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from dijk_web.models.run import State

ENDS = (State.ASKED, State.MADE, State.FAILED)


class Effect(models.Model):
    """The plan of all that was told up to an act, with a proposal and without; its tables lie in the store."""

    act = models.BigIntegerField(primary_key=True)
    """The act that asked for it."""
    proposal = models.BigIntegerField(db_index=True)
    as_of = models.DateTimeField()
    seed = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    findings = models.JSONField(default=list)
    """What stopped it, as findings; empty where nothing did."""
    fault = models.CharField(max_length=500, default="")
    """What went wrong where no finding says it."""

    class Meta:
        """It is never published."""

        db_table = "effect"
        ordering: ClassVar = ("-act",)
        constraints = (models.CheckConstraint(name="effect_is_never_published", condition=Q(state__in=ENDS)),)
