"""Calls to sites: who was called, what came of it, and a note that is no part of the log."""

from django.db import models


class Outcome(models.TextChoices):
    """What came of a call."""

    NO_REPLY = "no_reply"
    WRONG_NUMBER = "wrong_number"
    WILL_TELL = "will_tell"
    TOLD = "told"
    CANNOT = "cannot"
    REFUSES = "refuses"


NOT_REACHED = (Outcome.NO_REPLY, Outcome.WRONG_NUMBER)
"""Outcomes of a call in which nobody was spoken to."""


class Call(models.Model):
    """A call to a site."""

    act = models.BigIntegerField(primary_key=True)
    """The act that wrote it down."""
    site = models.CharField(max_length=80)
    called_at = models.DateTimeField()
    by = models.CharField(max_length=20)
    role = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    note = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        """The last calls to a site."""

        db_table = "call"
        indexes = (models.Index(fields=["site", "act"], name="call_to_site"),)

    @property
    def reached(self) -> bool:
        """Whether somebody was spoken to."""
        return self.outcome not in NOT_REACHED
