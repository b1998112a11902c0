"""The review: what was said of each item of the list, meeting by meeting. Rows are only added."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Kind(models.TextChoices):
    """Why something is on the list for the next meeting."""

    PROPOSED = "proposed"
    UNLISTED = "unlisted"
    UNANSWERED = "unanswered"
    VERDICT = "verdict"
    ALARM = "alarm"


class Word(models.TextChoices):
    """What a meeting says of an item; the last one is written when a meeting closes and nobody spoke of it."""

    SETTLED = "settled"
    NEXT = "next"
    NOTHING = "nothing"
    LEFT = "left"


UNSETTLED = (Word.NEXT, Word.LEFT)
"""Words after which an item comes back at the next meeting."""


class Review(models.Model):
    """What was said of an item at a meeting, with the item as it was then."""

    act = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    about = models.CharField(max_length=80)
    """The need, or the number of the question."""
    since = models.DateTimeField()
    """How long it had been there."""
    facts = models.JSONField(default=dict)
    """What was the matter, as the page puts it in words."""
    mark = models.BigIntegerField()
    """The newest act about it that had been seen; once a newer one comes, what was settled is on the list again."""
    word = models.CharField(max_length=10, choices=Word.choices)
    why = models.CharField(max_length=1000, blank=True, default="")
    role = models.CharField(max_length=20)
    directorate = models.CharField(max_length=3, blank=True, default="")
    said_at = models.DateTimeField()
    after = models.BigIntegerField()
    """The meeting before, which tells at which one it was said; 0 at the first."""
    back = models.IntegerField()
    """At how many meetings before it was left unsettled."""

    class Meta:
        """Who settles something or takes it along says why."""

        db_table = "review"
        ordering: ClassVar = ("pk",)
        indexes = (
            models.Index(fields=["kind", "about"], name="review_of_item"),
            models.Index(fields=["after"], name="review_at_meeting"),
        )
        constraints = (
            models.CheckConstraint(
                name="review_says_why", condition=Q(word__in=[Word.NOTHING, Word.LEFT]) | ~Q(why="")
            ),
            models.CheckConstraint(name="review_comes_back_from_zero", condition=Q(back__gte=0)),
            models.CheckConstraint(name="review_after_what_it_saw", condition=Q(mark__lt=F("act"))),
        )


class Meeting(models.Model):
    """A meeting that was closed: what was said since the one before is its outcome."""

    act = models.BigIntegerField(primary_key=True)
    after = models.BigIntegerField(unique=True)
    """The meeting before; 0 before the first."""
    held_at = models.DateTimeField()
    role = models.CharField(max_length=20)
    directorate = models.CharField(max_length=3, blank=True, default="")
    note = models.CharField(max_length=1000, blank=True, default="")
    """What was said besides; empty is: reviewed, nothing to add."""

    class Meta:
        """One follows another."""

        db_table = "meeting"
        ordering: ClassVar = ("-act",)
        constraints = (models.CheckConstraint(name="meeting_after_another", condition=Q(after__lt=F("act"))),)
