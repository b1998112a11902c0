"""A way in for one person, once. What is kept is the digest of the code; the code itself follows from the secret of the
installation, so that a letter can be printed again and a copy of the database lets nobody in.
"""

import base64
import datetime as dt
import hashlib

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from dijk_web.models.person import Person, new_code, reach
from dijk_web.people import Directorate, Role

DAYS = 14
"""How long an invitation is good."""

TO_TYPE = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
AS_TYPED = str.maketrans("OIL", "011")
"""A code has no O, I, L or U; who reads a 0 as O types the same code."""


class Invitations(models.QuerySet["Invitation"]):
    """Invitations as others see them."""

    def visible_to(self, user: Person) -> "Invitations":
        """Those to the institutions that somebody looks after; an administrator's are all."""
        return self.filter(reach(user))

    def open(self) -> "Invitations":
        """Those that still let somebody in."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())

    def with_code(self, typed: str) -> "Invitations":
        """The open one with this code, however its capitals and dashes were typed."""
        return self.open().filter(digest=digest_of("".join(filter(str.isalnum, typed)).upper().translate(AS_TYPED)))


class Invitation(models.Model):
    """Somebody who may come in, as what, and until when. ``code`` is that of the person, who may be there already."""

    code = models.CharField(max_length=20, default=new_code, db_index=True)
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(null=True, blank=True)
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    organisation = models.CharField(max_length=80, null=True, blank=True)
    region = models.CharField(max_length=80, null=True, blank=True)
    sites = models.JSONField(default=list, blank=True)
    directorate = models.CharField(
        max_length=3, null=True, blank=True, choices=[(one.value, one.value) for one in Directorate]
    )
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    act = models.BigIntegerField(null=True, db_index=True)
    """The act by which it was made; one act may make thousands."""

    objects = Invitations.as_manager()

    class Meta:
        """An invitation ends in one way."""

        db_table = "invitation"
        ordering = ("-made_at",)
        constraints = (
            models.CheckConstraint(name="invitation_ends_once", condition=Q(accepted_at=None) | Q(withdrawn_at=None)),
        )

    def save(self, **more: object) -> None:
        """Writes it, made whole."""
        super(Invitation, self.whole()).save(**more)

    def whole(self) -> "Invitation":
        """Itself, with how long it is good and the digest of its code; for many that are written together."""
        self.expires_at = self.expires_at or self.made_at + dt.timedelta(days=DAYS)
        self.digest = self.digest or digest_of(self.one_time_code.replace("-", ""))
        return self

    @property
    def one_time_code(self) -> str:
        """Sixteen letters and digits (80 bits), in fours for who types them from a letter."""
        told = salted_hmac("dijk_web.invitation", f"{self.code} {self.made_at.isoformat()}", algorithm="sha256")
        letters = base64.b32encode(told.digest()[:10]).decode().translate(TO_TYPE)
        return "-".join(letters[place : place + 4] for place in range(0, 16, 4))

    @property
    def is_open(self) -> bool:
        """Whether it still lets somebody in."""
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()


def digest_of(letters: str) -> str:
    """SHA-256 of a one-time code without its dashes."""
    return hashlib.sha256(letters.encode()).hexdigest()
