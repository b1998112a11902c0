"""Datasets of the past that were handed in: received and read by a job, taken in by another once somebody wants it."""

from typing import ClassVar

from django.db import models


class Step(models.TextChoices):
    """How far a dataset is."""

    RECEIVED = "received"
    READ = "read"
    PROPOSED = "proposed"
    WANTED = "wanted"
    TAKEN = "taken"
    FAILED = "failed"


class Intake(models.Model):
    """A dataset that was handed in; its file lies in the store under its digest."""

    act = models.BigIntegerField(primary_key=True)
    """The act by which it was handed in."""
    file = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    step = models.CharField(max_length=10, choices=Step.choices, default=Step.RECEIVED)
    rows = models.JSONField(default=dict)
    """Of each table the number of rows that were read."""
    findings = models.JSONField(default=list)
    """What was found on reading, the worst first."""
    fault = models.CharField(max_length=500, default="")
    """What went wrong where no finding says it."""
    taken_by = models.BigIntegerField(null=True)
    """The act that added its rows."""

    class Meta:
        """What was taken in has the act that did so."""

        db_table = "intake"
        ordering: ClassVar = ("-act",)
        constraints = (
            models.CheckConstraint(
                name="intake_is_taken_by_an_act",
                condition=models.Q(step=Step.TAKEN, taken_by__isnull=False)
                | (~models.Q(step=Step.TAKEN) & models.Q(taken_by__isnull=True)),
            ),
        )
