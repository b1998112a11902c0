"""Urgent orders: a site runs out within hours. Beside its requests stands what is no fact: whom to call back, and what
the region answered.
"""

import datetime as dt
import re

from django.db import models
from django.db.models import Q

ENDED = Q(answered_at__isnull=False) | Q(withdrawn_at__isnull=False)


class UrgentOrders(models.QuerySet["UrgentOrder"]):
    """Urgent orders by how far they are."""

    def open(self) -> "UrgentOrders":
        """Those that wait for an answer."""
        return self.exclude(ENDED)

    def overdue(self, now: dt.datetime) -> "UrgentOrders":
        """Those that the region did not answer in time: they are the planners' too."""
        return self.open().filter(answer_by__lt=now)


class UrgentOrder(models.Model):
    """An order of a site that runs out, with the region's answer; its requests are those of the act."""

    act = models.BigIntegerField(primary_key=True)
    site = models.CharField(max_length=80)
    region = models.CharField(max_length=80)
    requests = models.IntegerField()
    """How many needs it is of: ``R12-1`` to ``R12-3`` where act 12 asked for three."""
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    """Until when the answer is the region's alone, by the policy of that moment."""
    hours_left = models.IntegerField()
    """After how many hours the site runs out, by its own word when it asked."""
    call_back_name = models.CharField(max_length=200, blank=True, default="")
    call_back_phone = models.CharField(max_length=40, blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_role = models.CharField(max_length=20, blank=True, default="")
    is_yes = models.BooleanField(null=True)
    what = models.CharField(max_length=300, blank=True, default="")
    whence = models.CharField(max_length=300, blank=True, default="")
    when = models.CharField(max_length=300, blank=True, default="")
    why_not = models.CharField(max_length=500, blank=True, default="")

    objects = UrgentOrders.as_manager()

    class Meta:
        """It ends in one way, and an answer is yes or no."""

        db_table = "urgent_order"
        indexes = (
            models.Index(fields=["region", "answer_by"], name="urgent_order_open", condition=~ENDED),
            models.Index(fields=["site", "act"], name="urgent_order_of_site"),
        )
        constraints = (
            models.CheckConstraint(name="urgent_order_ends_once", condition=Q(answered_at=None) | Q(withdrawn_at=None)),
            models.CheckConstraint(
                name="urgent_order_answer_is_yes_or_no",
                condition=Q(answered_at=None, is_yes=None) | Q(answered_at__isnull=False, is_yes__isnull=False),
            ),
        )

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.answered_at is None and self.withdrawn_at is None

    @property
    def codes(self) -> list[str]:
        """The codes of its requests."""
        return [f"R{self.act}-{at}" for at in range(1, self.requests + 1)]


def act_of(request: str) -> int | None:
    """The act that a request was asked for in, by its code; none where the code is of elsewhere."""
    found = re.fullmatch(r"R(\d{1,18})-\d+", request)
    return int(found[1]) if found else None
