"""The outbox: a row per mail, written with what gave rise to it and sent by the worker; and addresses that mail does
not reach. What a mail says is made of its kind and its figures when it goes out: no name or address stands in a row.
"""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q


class MailKind(models.TextChoices):
    """What a mail is about."""

    CHECK = "check"
    CHECK_NEAR = "check_near"
    CHECK_PAST = "check_past"
    RELEASE = "release"
    URGENT = "urgent"
    URGENT_LATE = "urgent_late"
    RELEASED_ALONE = "released_alone"
    RECALL = "recall"
    RECALL_UNREAD = "recall_unread"
    RECALL_TO_CALL = "recall_to_call"
    PROPOSAL = "proposal"
    INVITATION = "invitation"
    REPORT_DAY = "report_day"
    WISH = "wish"
    DISPATCH = "dispatch"
    DIFFERENCE = "difference"
    DIGEST = "digest"


ALWAYS = (
    MailKind.URGENT,
    MailKind.URGENT_LATE,
    MailKind.RECALL,
    MailKind.RECALL_UNREAD,
    MailKind.RECALL_TO_CALL,
)
"""Kinds that go at once to whoever they are for, whatever they chose."""


class MailState(models.TextChoices):
    """How far a mail is."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    GIVEN_UP = "given_up"


GONE = "gone"
"""Why a mail was given up whose person has left or came in already; nobody misses it."""

WAITS = (MailState.WAITING, MailState.FAILED)


def new_mark() -> str:
    """What tells a mail from all others."""
    return secrets.token_hex(16)


class Mails(models.QuerySet["Mail"]):
    """Mails by how far they are."""

    def waiting(self) -> "Mails":
        """Those that are still to be sent, or to be sent once more."""
        return self.filter(state__in=WAITS)

    def missed(self) -> "Mails":
        """Those that were given up although who they were for is there."""
        return self.filter(state=MailState.GIVEN_UP).exclude(error=GONE)

    def with_key_of(self, keys: list[str]) -> "Mails":
        """Those that were written for one of these reasons."""
        return self.filter(key__in=keys)


class Mail(models.Model):
    """A mail to one person, desk or invitation."""

    act = models.BigIntegerField(null=True)
    """The act that gave rise to it; none where the clock did."""
    kind = models.CharField(max_length=20, choices=MailKind.choices)
    path = models.CharField(max_length=300)
    """The page that it leads to."""
    said = models.JSONField(default=dict)
    """How many, until when; of a digest how much of each kind."""
    person = models.CharField(max_length=20, blank=True, default="")
    desk = models.BigIntegerField(null=True)
    invitation = models.BigIntegerField(null=True)
    language = models.CharField(max_length=2)
    key = models.CharField(max_length=200, unique=True, null=True)
    """Why the clock wrote it, and to whom: so it does once."""
    mark = models.CharField(max_length=32, unique=True, default=new_mark)
    """Its Message-ID, which is the same however often it is sent."""
    created = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.WAITING)
    tries = models.IntegerField(default=0)
    unclear = models.IntegerField(default=0)
    """How often it was handed over without it being known what came of that."""
    next_try = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")

    objects = Mails.as_manager()

    class Meta:
        """It goes to one of three, and is sent at a moment."""

        db_table = "outbox"
        ordering: ClassVar = ("-pk",)
        indexes = (models.Index(fields=["next_try"], name="outbox_waits", condition=Q(state__in=WAITS)),)
        constraints = (
            models.CheckConstraint(
                name="outbox_is_to_one",
                condition=(~Q(person="") & Q(desk=None, invitation=None))
                | Q(person="", desk__isnull=False, invitation=None)
                | Q(person="", desk=None, invitation__isnull=False),
            ),
            models.CheckConstraint(
                name="outbox_is_sent_at_a_moment",
                condition=Q(state=MailState.SENT, sent_at__isnull=False) | (~Q(state=MailState.SENT) & Q(sent_at=None)),
            ),
        )


class DigestDay(models.Model):
    """A day of which the digests were written."""

    day = models.DateField(primary_key=True)

    class Meta:
        """Each day once."""

        db_table = "digest_day"


class Unreached(models.Model):
    """An address that mail does not reach: the server refused it for good, or somebody said that mail came back."""

    address = models.EmailField(primary_key=True)
    """In small letters."""
    since = models.DateTimeField()
    why = models.CharField(max_length=300, blank=True, default="")
    """What the server said; nothing where somebody said so."""

    class Meta:
        """Gone once the address is set anew."""

        db_table = "unreached_address"
