"""Recalls: what everyone who received a lot is told to do with it, and what each of them said."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

OPEN = Q(ended_act=None)
UNREAD, UNANSWERED = Q(read_act=None), Q(answered_act=None)


class Todo(models.TextChoices):
    """What is to be done with recalled goods, or was."""

    KEEP_APART = "keep_apart"
    SEND_BACK = "send_back"
    DESTROY = "destroy"


class Recalls(models.QuerySet["Recall"]):
    """Recalls by whether they are over."""

    def open(self) -> "Recalls":
        """Those that nobody ended."""
        return self.filter(OPEN)


class Recall(models.Model):
    """A recall of lots of an article, in both languages."""

    act = models.BigIntegerField(primary_key=True)
    product = models.CharField(max_length=80)
    lots = models.JSONField()
    territory = models.CharField(max_length=80)
    """``all``, or the region whose sites it is made for."""
    todo = models.CharField(max_length=20, choices=Todo.choices)
    text_en = models.CharField(max_length=1000)
    text_nl = models.CharField(max_length=1000)
    by = models.CharField(max_length=20)
    role = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    ended_act = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = Recalls.as_manager()

    class Meta:
        """It ends by an act."""

        db_table = "recall"
        ordering: ClassVar = ("-act",)
        constraints = (
            models.CheckConstraint(
                name="recall_ends_by_an_act",
                condition=Q(ended_act=None, ended_at=None) | Q(ended_act__isnull=False, ended_at__isnull=False),
            ),
        )


class Calls(models.QuerySet["RecallPart"]):
    """What receivers of recalls said."""

    def open(self) -> "Calls":
        """Those of recalls that are open."""
        return self.filter(recall__in=Recall.objects.open().values("act"))

    def unread(self) -> "Calls":
        """Those who did not read it."""
        return self.filter(UNREAD)

    def unanswered(self) -> "Calls":
        """Those who did not say what they have left and what they do."""
        return self.filter(UNANSWERED)


class RecallPart(models.Model):
    """What a recall is to one receiver, and what the receiver said of it."""

    recall = models.BigIntegerField()
    site = models.CharField(max_length=80)
    region = models.CharField(max_length=80)
    lots = models.JSONField()
    """Those of the recall that it received, as far as anybody knows."""
    told_act = models.BigIntegerField()
    """The act that told it: that of the recall, or of a later plan where it was known later that it received one."""
    read_act = models.BigIntegerField(null=True)
    read_at = models.DateTimeField(null=True)
    read_role = models.CharField(max_length=20, blank=True, default="")
    answered_act = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    left_pieces = models.JSONField(null=True)
    """Pieces left of each lot, by its own word when it answered."""
    did = models.CharField(max_length=20, choices=Todo.choices, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")

    objects = Calls.as_manager()

    class Meta:
        """Each receiver once; who answers has read it."""

        db_table = "recall_part"
        indexes = (models.Index(fields=["site", "recall"], name="recall_part_of_site"),)
        constraints = (
            models.UniqueConstraint(fields=["recall", "site"], name="recall_part_once"),
            models.CheckConstraint(
                name="recall_part_is_read_by_an_act",
                condition=Q(read_act=None, read_at=None) | Q(read_act__isnull=False, read_at__isnull=False),
            ),
            models.CheckConstraint(
                name="recall_part_is_answered_by_who_read_it",
                condition=Q(answered_act=None, answered_at=None, did="")
                | (Q(answered_act__isnull=False, answered_at__isnull=False, read_act__isnull=False) & ~Q(did="")),
            ),
        )
