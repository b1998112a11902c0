"""The pen that every change takes, and the log: a line for every change, each sealed with the one before."""

from django.db import models


class Pen(models.Model):
    """One row: the last act, its moment and its seal. Who holds it writes; the others wait."""

    act = models.BigIntegerField()
    known_at = models.DateTimeField()
    seal = models.CharField(max_length=64)

    class Meta:
        """One row, and never none."""

        db_table = "pen"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="pen_is_one"),)


class Act(models.Model):
    """A change: who, what, about what, why, what was and what is. Codes and roles, no names: it is kept for ever."""

    number = models.BigIntegerField(primary_key=True)
    known_at = models.DateTimeField()
    by = models.CharField(max_length=20)
    role = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    about = models.CharField(max_length=200)
    reason = models.CharField(max_length=1000)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    added = models.JSONField(default=dict)
    """Of each table the number of rows that the act added and their SHA-256."""
    once = models.CharField(max_length=64, null=True, unique=True)
    """The one-time key of the form: a form that is sent twice is one act."""
    seal = models.CharField(max_length=64)

    class Meta:
        """The log of an object is asked for on its page."""

        db_table = "act"
        indexes = (models.Index(fields=["about", "number"], name="act_about"),)
