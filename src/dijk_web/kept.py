"""Typed text outlives the session: a form that arrives without one, or with a stale one, is kept for who typed it and
shown to them again as typed. Nothing of it is done until they send it anew.
"""

import datetime as dt
import secrets
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from dijk_web.models import KeptForm, Person

SALT = "dijk.kept_form"
MOST, DAYS = 20, 30
"""Forms kept of one person, and for how long."""


def name_tag(person: Person) -> str:
    """The hidden field ``typed_by`` of a form: who it was given to, signed."""
    return signing.dumps(person.code, salt=SALT)


def keep(request: HttpRequest) -> str:
    """Keep what was sent, if the form says who it was given to; the address that shows it again, else the page's
    own.
    """
    try:
        code = signing.loads(request.POST.get("typed_by", ""), salt=SALT)
    except signing.BadSignature:
        return request.get_full_path()
    left_out = {"csrfmiddlewaretoken", "step"}
    pairs = [[name, text] for name, texts in request.POST.lists() if name not in left_out for text in texts]
    kept = KeptForm.objects.create(key=secrets.token_urlsafe(24), person=code, path=request.path, sent=pairs)
    KeptForm.objects.filter(kept_at__lt=timezone.now() - dt.timedelta(days=DAYS)).delete()
    old = KeptForm.objects.filter(person=code).order_by("-kept_at").values_list("key", flat=True)[MOST:]
    KeptForm.objects.filter(key__in=list(old)).delete()
    asked = request.GET.copy()
    asked["kept"] = kept.key
    return f"{request.path}?{asked.urlencode()}"


def as_typed(request: HttpRequest) -> QueryDict | None:
    """The form that this person typed on this page before their session ended; nobody else's."""
    found = KeptForm.objects.filter(key=request.GET.get("kept", ""), person=request.user.code, path=request.path)
    kept = found.first()
    return None if kept is None else QueryDict(urlencode([tuple(pair) for pair in kept.sent]))


def let_go(request: HttpRequest) -> None:
    """Forget what was kept of a page once it is sent."""
    KeptForm.objects.filter(person=request.user.code, path=request.path).delete()
