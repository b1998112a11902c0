"""Situation reports as acts: asked for, made by a job, frozen by a second person; their calendar, and who wants one
before its day. Their bytes lie in the store, and what was frozen is never drawn again.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from dijk_web.people import Role


class Made(models.TextChoices):
    """How far a report is."""

    ASKED = "asked"
    MADE = "made"
    FAILED = "failed"
    FROZEN = "frozen"


WITH_BYTES = Q(state__in=(Made.MADE, Made.FROZEN))
FROZEN = Q(state=Made.FROZEN)


class Reports(models.QuerySet["IssuedReport"]):
    """Reports by how far they are."""

    def frozen(self) -> "Reports":
        """Those that hold."""
        return self.filter(FROZEN)


class IssuedReport(models.Model):
    """A report of a run for a day of the calendar. Its number is that of the act that asked for it."""

    act = models.BigIntegerField(primary_key=True)
    run = models.BigIntegerField(db_index=True)
    as_of = models.DateTimeField()
    """The moment from which its run sees the world."""
    day = models.DateField(db_index=True)
    """The day of the calendar that it is for, as it was before anyone moved it."""
    next_at = models.DateTimeField()
    """When the one after it comes, as the calendar said when it was asked for."""
    last_act = models.BigIntegerField()
    """The last act of the log when it was asked for."""
    seal = models.CharField(max_length=64)
    """The seal of that act."""
    previous = models.BigIntegerField(null=True)
    """The run of the last frozen report before it: what changed since is told."""
    corrects = models.BigIntegerField(null=True)
    """The frozen report in the place of which it comes."""
    why = models.CharField(max_length=1000, blank=True, default="")
    """Why it corrects that one; it stands on every page."""
    is_interim = models.BooleanField(default=False)
    missing = models.CharField(max_length=1000, blank=True, default="")
    """What an interim report lacks."""
    state = models.CharField(max_length=10, choices=Made.choices, default=Made.ASKED)
    done = models.IntegerField(default=0)
    """How many of its files are drawn."""
    files = models.JSONField(default=dict)
    """Of each file its SHA-256."""
    contents = models.JSONField(default=list)
    """Of each table and figure its reference, its title in English and in Dutch, and the editions that hold it."""
    fault = models.CharField(max_length=500, blank=True, default="")
    """What went wrong where nothing came of it."""
    frozen_by = models.BigIntegerField(null=True)
    """The act that froze it."""

    objects = Reports.as_manager()

    class Meta:
        """One holds a day, and one in the place of another; no report is without its bytes."""

        db_table = "issued_report"
        ordering: ClassVar = ("-act",)
        constraints = (
            models.UniqueConstraint(
                fields=["day"], condition=FROZEN & Q(corrects=None), name="issued_report_holds_its_day"
            ),
            models.UniqueConstraint(
                fields=["corrects"], condition=FROZEN & Q(corrects__isnull=False), name="issued_report_corrects_once"
            ),
            models.CheckConstraint(
                name="issued_report_is_frozen_by_an_act",
                condition=(FROZEN & Q(frozen_by__isnull=False)) | (~FROZEN & Q(frozen_by=None)),
            ),
            models.CheckConstraint(name="issued_report_has_its_bytes", condition=~WITH_BYTES | ~Q(files={})),
            models.CheckConstraint(
                name="issued_report_that_is_interim_stays_so", condition=Q(is_interim=False) | ~FROZEN
            ),
            models.CheckConstraint(name="issued_report_says_why_it_corrects", condition=Q(corrects=None) | ~Q(why="")),
        )

    @property
    def log(self) -> str:
        """The object of its log."""
        return f"report:{self.act}"


class ReportDayMove(models.Model):
    """That a report comes at another moment than the calendar has it; the last one of a day counts."""

    act = models.BigIntegerField(primary_key=True)
    day = models.DateField(db_index=True)
    """The day as the calendar has it."""
    moment = models.DateTimeField()
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    why = models.CharField(max_length=1000)

    class Meta:
        """Each has its reason."""

        db_table = "report_day_move"
        ordering: ClassVar = ("-act",)
        constraints = (models.CheckConstraint(name="report_day_move_has_its_reason", condition=~Q(why="")),)


class ReportWish(models.Model):
    """That somebody wants an interim report, and for what; a planner answers it with one."""

    act = models.BigIntegerField(primary_key=True)
    asked_at = models.DateTimeField()
    by = models.CharField(max_length=20)
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    needed_at = models.DateTimeField()
    why = models.CharField(max_length=1000)
    answered_by = models.BigIntegerField(null=True)
    """The report that was made for it."""

    class Meta:
        """Each has its reason."""

        db_table = "report_wish"
        ordering: ClassVar = ("-act",)
        constraints = (models.CheckConstraint(name="report_wish_has_its_reason", condition=~Q(why="")),)
