"""What every form that changes something has: a one-time key, so that sending it twice is one act."""

import secrets
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dijk_web import kept
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import AlreadyDone, TooLate
from dijk_web.models import Act, Person


def new_key() -> str:
    """A key that no form had before."""
    return secrets.token_hex(16)


def typed(request: HttpRequest) -> QueryDict | None:
    """What was sent; nothing where the page is only opened."""
    return request.POST if request.method == "POST" else None


def date_field(label: str | Promise, **more: Any) -> forms.DateField:
    """A day, by the browser's own calendar where it has one."""
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **more)


def reason_field(label: Any, longest: int = 1000) -> forms.CharField:
    """Why something is done, where the log keeps it for ever."""
    return forms.CharField(
        label=label,
        help_text=gettext_lazy("Stays in the log for ever: no names, phone numbers or e-mail addresses."),
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OneTimeForm(forms.Form):
    """A form with a key that `writing` takes once."""

    once = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput, initial=new_key)

    def key_of(self, person: Person) -> str:
        """The key, so that nobody meets the act of another by sending a key of theirs."""
        return f"{person.code}:{self.cleaned_data['once']}"


class ReasonForm(OneTimeForm):
    """Why something is done."""

    reason = forms.CharField(label=gettext_lazy("Why"), max_length=1000)


def done_before(request: HttpRequest) -> int | None:
    """The act of a form that was sent before, where what it is about may have gone with it."""
    if not (key := request.POST.get("once")):
        return None
    done = Act.objects.filter(once=f"{request.user.code}:{key}").first()
    return None if done is None else int(done.number)


class SinceForm(OneTimeForm):
    """A form about what somebody else may change meanwhile: it says up to which act its maker had seen. What is typed
    in it outlives the session.
    """

    since = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    typed_by = forms.CharField(widget=forms.HiddenInput, required=False)
    since_now = 0
    """Up to which act it was made this time."""
    late = False
    """Whether somebody else was first."""

    @classmethod
    def of(cls, request: HttpRequest, *, since: int, initial: dict[str, Any] | None = None, **more: Any) -> "SinceForm":
        """As sent, as typed before a session ended, or as it is now."""
        before = kept.as_typed(request) if request.method == "GET" else None
        now = {"since": since, "typed_by": kept.name_tag(request.user)}
        form = cls(typed(request), initial=now | (initial or {}) | (before.dict() if before else {}), **more)
        form.since_now = since
        return form

    @property
    def status(self) -> int:
        """How a page with this form answers: as asked for, with findings, or with what somebody else did first."""
        return 409 if self.late else 422 if self.is_bound else 200

    def send_or_say_why(self, request: HttpRequest, act: Callable[..., int]) -> int | None:
        """As `send`, where the form is right and nobody was first; else None, and the form says why."""
        if not self.is_valid():
            return None
        try:
            return self.send(request, act)
        except TooLate:
            self.is_late()
            return None

    def send(self, request: HttpRequest, act: Callable[..., int]) -> int:
        """Do it, once; its number, and that of the first time where it was sent before."""
        sent = Sent(self.key_of(request.user), self.cleaned_data["since"])
        try:
            number = act(by=request.user, sent=sent)
        except AlreadyDone as done:
            number = done.act.number
        kept.let_go(request)
        return number

    def is_late(self) -> None:
        """Somebody else was first: say so, and let what was typed be sent again by who has now seen it."""
        self.late, self.data = True, self.data.copy()
        self.data["since"], self.data["once"] = str(self.since_now), new_key()
        self.add_error(
            None,
            _("Somebody else was first: how it is now stands below. Nothing of yours was taken in; send it again."),
        )
