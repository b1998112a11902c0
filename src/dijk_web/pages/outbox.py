"""The outbox: each mail with how far it is and its text as it goes out; and when one gets mail oneself."""

from contextlib import suppress
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk_web import postman
from dijk_web.access import ANYBODY, requires
from dijk_web.actions.mailing import choose_when, send_again
from dijk_web.actions.writing import AlreadyDone, TooLate
from dijk_web.mail_words import TITLES, text_of
from dijk_web.mailing import Receiver, receivers_of
from dijk_web.models import Mail, MailKind, MailState, MailWhen
from dijk_web.models.mail import GONE
from dijk_web.pages.answer import filter_of
from dijk_web.pages.errors import too_late
from dijk_web.pages.form import OneTimeForm, typed
from dijk_web.people import Permission
from dijk_web.reminding import DIGEST_HOUR

ON_A_PAGE = 50

STATES = {
    MailState.WAITING: ("watch", "◆", gettext_lazy("waits")),
    MailState.SENDING: ("watch", "◆", gettext_lazy("is being sent")),
    MailState.SENT: ("enough", "●", gettext_lazy("sent")),
    MailState.FAILED: ("watch", "◆", gettext_lazy("failed, is tried again")),
    MailState.GIVEN_UP: ("short", "▼", gettext_lazy("given up")),
}
"""How far a mail is, as its lists say it."""

WHY = {
    GONE: gettext_lazy("who it was for has left, came in already, or has no address"),
    postman.TOO_OLD: gettext_lazy("nobody could send it for three days, and it is too old now"),
    postman.NOT_REACHED: gettext_lazy("mail does not reach this address until somebody sets it anew"),
    postman.UNCLEAR: gettext_lazy("twice it was being handed over when that broke off: it may have gone"),
}
"""Why a mail was not sent where no server said so."""


@dataclass(frozen=True)
class Line:
    """A mail as the list has it."""

    one: Mail
    to: Receiver | None
    title: str
    tone: str
    sign: str
    state: str
    error: str


class OutboxFilter(forms.Form):
    """Which mails are shown."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("all")), *((state, said) for state, (_tone, _sign, said) in STATES.items())],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("About"), required=False, choices=[("", gettext_lazy("all")), *TITLES.items()]
    )

    def mails(self) -> QuerySet[Mail]:
        """Those of the filter, the newest first."""
        said = self.cleaned_data if self.is_valid() else {}
        return Mail.objects.filter(**{name: value for name, value in said.items() if value})


@requires(Permission.READ_OUTBOX)
@never_cache
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The mails of a filter, fifty on a page, and how many there are of each state."""
    wanted = OutboxFilter(request.GET)
    page = Paginator(wanted.mails(), ON_A_PAGE).get_page(request.GET.get("page"))
    counted = dict(Mail.objects.order_by().values("state").annotate(count=Count("pk")).values_list("state", "count"))
    told = {
        "wanted": wanted,
        "filter": filter_of(request, wanted),
        "page": page,
        "lines": [line_of(mail, to) for mail, to in receivers_of(page)],
        "counts": [(said, counted[state]) for state, (_tone, _sign, said) in STATES.items() if state in counted],
        "sends": settings.SENDS_MAIL,
        "is_demo": settings.DEMO,
    }
    return render(request, "dijk_web/mail/outbox.html", told)


def line_of(mail: Mail, to: Receiver | None) -> Line:
    """A mail in words."""
    tone, sign, said = STATES[MailState(mail.state)]
    title = str(TITLES[MailKind(mail.kind)])
    return Line(mail, to, title, tone, sign, str(said), str(WHY.get(mail.error, mail.error)))


@requires(Permission.READ_OUTBOX)
@never_cache
@require_http_methods(["GET", "POST"])
def mail(request: HttpRequest, number: int) -> HttpResponse:
    """One mail with its text; one that was given up may be sent again."""
    one = get_object_or_404(Mail, pk=number)
    form = OneTimeForm(typed(request))
    if form.is_valid():
        try:
            send_again(one, by=request.user, once=form.key_of(request.user))
        except AlreadyDone:
            pass
        except TooLate:
            return too_late(request, _("This mail is not given up: how it is now stands on its page."))
        messages.success(request, _("Done, and written in the log."))
        return redirect("mail", number=number)
    line = line_of(*next(receivers_of([one])))
    told = {
        "line": line,
        "text": text_of(one, hides=True),
        "form": form,
        "may_send": one.state == MailState.GIVEN_UP,
        "sends": settings.SENDS_MAIL,
        "is_demo": settings.DEMO,
    }
    return render(request, "dijk_web/mail/one.html", told, status=422 if form.is_bound else 200)


# One's own


class WhenForm(OneTimeForm):
    """When somebody gets mail."""

    when = forms.ChoiceField(
        label=gettext_lazy("When do you get mail?"),
        widget=forms.RadioSelect,
        choices=[
            (MailWhen.AT_ONCE, gettext_lazy("At once, and each day a reminder of what is late")),
            (MailWhen.DAILY, gettext_lazy("Once a day: what is late first, then what is open")),
            (MailWhen.NONE, gettext_lazy("Not at all")),
        ],
    )


@requires(*ANYBODY)
@never_cache
@require_http_methods(["GET", "POST"])
def mail_when(request: HttpRequest) -> HttpResponse:
    """When one gets mail oneself."""
    form = WhenForm(typed(request), initial={"when": request.user.mail_when})
    if form.is_valid():
        with suppress(AlreadyDone):
            choose_when(MailWhen(form.cleaned_data["when"]), by=request.user, once=form.key_of(request.user))
        messages.success(request, _("Done, and written in the log."))
        return redirect("mail_when")
    told = {"form": form, "hour": f"{DIGEST_HOUR:02}:00", "address": request.user.email}
    return render(request, "dijk_web/mail/when.html", told, status=422 if form.is_bound else 200)
