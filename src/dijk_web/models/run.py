"""Runs: asked for by an act, made by a job, published by another act. Their tables lie in the store, not here."""

from typing import ClassVar

from django.db import models


class State(models.TextChoices):
    """How far a run is."""

    ASKED = "asked"
    MADE = "made"
    FAILED = "failed"
    PUBLISHED = "published"


class Run(models.Model):
    """A plan of all that was told up to an act, seen from that act's moment; a preview perhaps from an earlier one."""

    act = models.BigIntegerField(primary_key=True)
    """The act that asked for it; the run stands on the rows up to here."""
    as_of = models.DateTimeField()
    seed = models.BigIntegerField()
    asked_by = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    preview = models.BooleanField(default=False)
    """Made to be looked at, and never published."""
    code = models.CharField(max_length=12, null=True)
    """Twelve signs by which a letter can name it; none until it is made. Two previews of the same share theirs."""
    findings = models.JSONField(default=list)
    """What stopped it, as findings; empty where nothing did."""
    fault = models.CharField(max_length=500, default="")
    """What went wrong where no finding says it."""
    published_by = models.BigIntegerField(null=True)
    """The act that published its levels."""

    class Meta:
        """Each state has what belongs to it."""

        db_table = "run"
        ordering: ClassVar = ("-act",)
        constraints = (
            models.UniqueConstraint(fields=["code"], condition=models.Q(preview=False), name="run_has_its_own_code"),
            models.CheckConstraint(
                name="run_that_is_a_preview_is_never_published",
                condition=~models.Q(preview=True, state=State.PUBLISHED),
            ),
            models.CheckConstraint(
                name="run_that_is_made_has_a_code",
                condition=~models.Q(state__in=[State.MADE, State.PUBLISHED]) | models.Q(code__isnull=False),
            ),
            models.CheckConstraint(
                name="run_is_published_by_an_act",
                condition=models.Q(state=State.PUBLISHED, published_by__isnull=False)
                | (~models.Q(state=State.PUBLISHED) & models.Q(published_by__isnull=True)),
            ),
        )
