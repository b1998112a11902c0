"""Addresses that mail does not reach: whose they are, saying that mail came back, and setting another."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk_web.access import requires
from dijk_web.actions.mailing import say_unreached, set_address
from dijk_web.actions.writing import AlreadyDone, TooLate
from dijk_web.addresses import people_unreached, unreached
from dijk_web.models import Desk, Invitation, Person, Unreached
from dijk_web.pages.desks import SUBJECTS
from dijk_web.pages.errors import too_late
from dijk_web.pages.form import OneTimeForm, reason_field, typed
from dijk_web.pages.people import TOO_LATE, kept
from dijk_web.people import Permission

ON_A_PAGE = 50


@dataclass(frozen=True)
class Line:
    """An address that mail does not reach: whose it is, and the page where that is mended."""

    unreached: Unreached
    name: str
    page: str


@requires(Permission.INVITE)
@never_cache
@require_safe
def addresses(request: HttpRequest) -> HttpResponse:
    """The addresses of whom somebody looks after, the one that is so longest first."""
    lines = list(lines_of(request.user))
    page = Paginator(lines, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "dijk_web/mail/addresses.html", {"page": page, "lines": list(page), "filter": ""})


def lines_of(person: Person) -> Iterator[Line]:
    """Those of the people, invitations and desks that somebody keeps."""
    found = list(people_unreached())
    seen: dict[type, Any] = {
        Person: Person.objects.visible_to(person),
        Invitation: Invitation.objects.visible_to(person),
        Desk: Desk.objects.kept_by(person),
    }
    own = {
        kind: rows.in_bulk([one.pk for _address, one in found if isinstance(one, kind)]) for kind, rows in seen.items()
    }
    for address, one in found:
        if one.pk in own[type(one)]:
            yield Line(address, *_named(one))


def _named(one: Person | Invitation | Desk) -> tuple[str, str]:
    match one:
        case Person():
            return one.name, reverse("person_address", args=[one.code])
        case Invitation():
            return one.name, reverse("letter", args=[one.pk])
    named = [str(SUBJECTS[one.subject]), one.region or one.directorate]
    return ", ".join(filter(None, named)), reverse("desk", args=[one.pk])


class AddressForm(OneTimeForm):
    """Where mail goes to somebody."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("They log in with it from now on. Is it right as it stands? Then leave it so."),
        max_length=254,
    )
    reason = reason_field(gettext_lazy("How do you know"), 500)

    def __init__(self, *given: Any, person: Person, **more: Any) -> None:
        super().__init__(*given, **more)
        self.person = person

    def clean_email(self) -> str:
        """An address that nobody else has."""
        email = str(self.cleaned_data["email"].lower())
        if Person.objects.filter(email__iexact=email).exclude(pk=self.person.pk).exists():
            raise ValidationError(_("Somebody has an account with this address. Find them under People."))
        return email


@requires(Permission.INVITE)
@never_cache
@require_http_methods(["GET", "POST"])
def person_address(request: HttpRequest, code: str) -> HttpResponse:
    """Set the address of somebody, or say that it is right; mail goes there from then on."""
    one = kept(request, code)
    form = AddressForm(typed(request), person=one, initial={"email": one.email})
    if not form.is_valid():
        shown = {"form": form, "person": one, "is_unreached": bool(unreached([one.email]))}
        return render(request, "dijk_web/mail/address.html", shown, status=422 if form.is_bound else 200)
    said = {name: form.cleaned_data[name] for name in ("email", "reason")}
    try:
        set_address(one, **said, by=request.user, once=form.key_of(request.user))
    except AlreadyDone:
        pass
    except TooLate as late:
        return too_late(request, str(TOO_LATE[str(late)]))
    messages.success(request, _("Done, and written in the log."))
    return redirect("person", code=code)


class CameBackForm(OneTimeForm):
    """How somebody knows that mail came back."""

    reason = reason_field(gettext_lazy("What the mail that came back says"), 500)


@requires(Permission.INVITE)
@never_cache
@require_http_methods(["GET", "POST"])
def mail_came_back(request: HttpRequest, code: str) -> HttpResponse:
    """Say that mail to somebody came back."""
    one = kept(request, code)
    form = CameBackForm(typed(request))
    if not form.is_valid():
        shown = {"form": form, "person": one}
        return render(request, "dijk_web/mail/came_back.html", shown, status=422 if form.is_bound else 200)
    with suppress(AlreadyDone):
        say_unreached(one, by=request.user, reason=form.cleaned_data["reason"], once=form.key_of(request.user))
    messages.success(request, _("Done, and written in the log."))
    return redirect("person", code=code)
