"""Divisions: what a run gives each site, checked by the regions before another planner releases it. The awards lie in
the store and are never changed; what a region moves is a row beside them.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from dijk_web.people import Role


class Silence(models.TextChoices):
    """What it means that a region did not answer before its deadline."""

    ACCEPT = "accept"
    HOLD = "hold"


class Answer(models.TextChoices):
    """What a region says of its part."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    ASKED_BACK = "asked_back"


class Division(models.Model):
    """A division that was proposed from a run. Its number is that of its proposal, which says how far it is."""

    act = models.BigIntegerField(primary_key=True)
    run = models.BigIntegerField(db_index=True)
    check_by = models.DateTimeField()
    """Until when the regions check; nothing is released before, unless each has answered."""

    class Meta:
        """Its table."""

        db_table = "division"
        ordering: ClassVar = ("-act",)


class RegionCheck(models.Model):
    """A region that has something to check in a division, and its answer."""

    division = models.BigIntegerField()
    region = models.CharField(max_length=80)
    silence = models.CharField(max_length=10, choices=Silence.choices)
    """What the rule said when it was proposed, so that nobody is judged by a later one."""
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.WAITING)
    answered_at = models.DateTimeField(null=True)
    answered_role = models.CharField(max_length=20, blank=True, default="", choices=[(r.value, r.value) for r in Role])
    why = models.CharField(max_length=1000, blank=True, default="")

    @property
    def goes(self) -> bool:
        """Whether its part goes out once it is released: accepted, or silent where silence means so."""
        return self.answer == Answer.ACCEPTED or (self.answer == Answer.WAITING and self.silence == Silence.ACCEPT)

    class Meta:
        """One a region, and an answer has its moment."""

        db_table = "region_check"
        ordering: ClassVar = ("region",)
        constraints = (
            models.UniqueConstraint(fields=["division", "region"], name="region_check_once"),
            models.CheckConstraint(
                name="region_check_is_answered_at_a_moment",
                condition=Q(answer=Answer.WAITING, answered_at=None)
                | (~Q(answer=Answer.WAITING) & Q(answered_at__isnull=False)),
            ),
        )


class Move(models.Model):
    """The packs that a claim shall get instead, by its region; the last one of a claim counts, and none is changed."""

    act = models.BigIntegerField()
    division = models.BigIntegerField()
    region = models.CharField(max_length=80)
    site = models.CharField(max_length=80)
    need = models.CharField(max_length=80)
    risk_class = models.CharField(max_length=80)
    holder = models.CharField(max_length=20)
    packs = models.BigIntegerField()
    reason = models.CharField(max_length=1000)

    class Meta:
        """No pack is owed, and each has its reason."""

        db_table = "move"
        indexes = (models.Index(fields=["division", "region", "need"], name="move_of_region"),)
        constraints = (
            models.CheckConstraint(name="move_of_whole_packs", condition=Q(packs__gte=0)),
            models.CheckConstraint(name="move_has_its_reason", condition=~Q(reason="")),
        )
