"""Who to ask: the desks by subject, and keeping those of one's own place."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dijk_web.access import requires
from dijk_web.actions import desks as act
from dijk_web.actions.writing import TooLate
from dijk_web.models import Act, Desk, Person, Region, Subject
from dijk_web.pages.answer import csv_of, filter_of
from dijk_web.pages.form import SinceForm
from dijk_web.people import Directorate, Permission, Role, may
from dijk_web.visible import sites_visible_to

ON_A_PAGE = 50

SUBJECTS = {
    Subject.ORDERS: gettext_lazy("orders and shortage"),
    Subject.URGENT: gettext_lazy("urgent requests"),
    Subject.REPORTING: gettext_lazy("telling stock, use and activity"),
    Subject.DELIVERIES: gettext_lazy("deliveries"),
    Subject.QUALITY: gettext_lazy("quality of a product"),
    Subject.ACCOUNTS: gettext_lazy("accounts and logging in"),
}
"""What one may ask a desk about, as people read it."""

PHONE = {"max_length": 40, "widget": forms.TextInput(attrs={"type": "tel"})}


def regions() -> dict[str, str]:
    """Names of regions, of each the one told last."""
    return dict(Region.objects.order_by("known_at").values_list("region", "name"))


def place_of(desk: Desk, names: dict[str, str]) -> str:
    """Whose desk it is."""
    if desk.region:
        return names.get(desk.region, desk.region)
    return _("directorate {code}").format(code=desk.directorate) if desk.directorate else _("the centre")


def regions_of(person: Person) -> list[str]:
    """The regions that a person has to do with; none where that is all of them."""
    if Role(person.role) is Role.COORDINATOR:
        return [person.region]
    if Role(person.role) is Role.INSTITUTION:
        return sorted(set(sites_visible_to(person).values_list("region", flat=True)))
    return []


def shown_desks(desks: Any) -> Iterator[dict[str, Any]]:
    """Desks with subject and place as people read them."""
    names = regions()
    for desk in desks:
        yield {"desk": desk, "subject": SUBJECTS[Subject(desk.subject)], "place": place_of(desk, names)}


class DeskFilter(forms.Form):
    """Which desks are shown."""

    subject = forms.ChoiceField(label=gettext_lazy("About"), required=False)
    place = forms.CharField(
        label=gettext_lazy("Region or directorate"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Its code or its name."),
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Sorted by"),
        required=False,
        choices=[("", gettext_lazy("own region first")), ("subject", gettext_lazy("what it is about"))],
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["subject"].choices = [("", "–"), *SUBJECTS.items()]

    def of(self, person: Person) -> Any:
        """The desks of the filter, the nearest first."""
        said = self.cleaned_data if self.is_valid() else {}
        desks = Desk.objects.near(regions_of(person))
        if subject := said.get("subject"):
            desks = desks.filter(subject=subject)
        if place := (said.get("place") or "").strip():
            called = [
                code for code, name in regions().items() if place.casefold() in (code.casefold(), name.casefold())
            ]
            desks = desks.filter(Q(region__in=called) | Q(directorate__iexact=place))
        return desks.order_by("subject", "place", "region", "directorate") if said.get("sort") else desks


@requires(Permission.READ_DESKS)
@require_safe
def desks(request: HttpRequest) -> HttpResponse:
    """The desks, those of the own region first; fifty on a page, or all of the filter as CSV."""
    wanted = DeskFilter(request.GET)
    rows = wanted.of(request.user)
    if request.GET.get("as") == "csv":
        heading = ("subject", "place", "phone", "email", "hours", "deputy")
        lines = ((str(one["subject"]), one["place"], *_said(one["desk"])) for one in shown_desks(rows))
        return csv_of("desks", heading, lines)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    may_add = may(request.user.role, Permission.KEEP_DESKS) and bool(places_kept_by(request.user))
    kept = set(Desk.objects.kept_by(request.user).values_list("pk", flat=True))
    may_contacts = may(request.user.role, Permission.READ_CONTACTS)
    told = {"page": page, "lines": list(shown_desks(page.object_list)), "kept": kept, "wanted": wanted}
    return render(
        request,
        "dijk_web/desks/list.html",
        told | {"filter": filter_of(request, wanted), "may_add": may_add, "may_contacts": may_contacts},
    )


def _said(desk: Desk) -> tuple[str, ...]:
    return tuple(getattr(desk, name) for name in act.OF_A_DESK)


def places_kept_by(person: Person) -> list[tuple[str, str]]:
    """The places of which a person keeps the desks: ``region:CODE``, ``directorate:CODE`` or ``centre``."""
    role, names = Role(person.role), regions()
    if role is Role.COORDINATOR:
        return [(f"region:{person.region}", names.get(person.region, person.region))]
    if role is Role.PLANNER:
        return [("centre", _("the centre"))]
    named = [(f"directorate:{one.value}", _("directorate {code}").format(code=one.value)) for one in Directorate]
    if role is Role.OFFICIAL:
        return [one for one in named if one[0] == f"directorate:{person.directorate}"]
    if role is Role.ADMINISTRATOR:
        there = sorted(((f"region:{code}", name) for code, name in names.items()), key=lambda one: one[1])
        return [("centre", _("the centre")), *named, *there]
    return []


class DeskForm(SinceForm):
    """What is said of a desk."""

    phone = forms.CharField(label=gettext_lazy("Phone"), **PHONE)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    hours = forms.CharField(label=gettext_lazy("Hours"), max_length=200)
    deputy = forms.CharField(
        label=gettext_lazy("Where nobody answers"),
        help_text=gettext_lazy("Which desk or number takes over."),
        required=False,
        max_length=200,
    )


class NewDeskForm(DeskForm):
    """A desk that is not there yet."""

    subject = forms.ChoiceField(label=gettext_lazy("About"), choices=())
    place = forms.ChoiceField(label=gettext_lazy("Whose desk"), choices=())
    field_order = ("subject", "place")

    def __init__(self, *given: Any, person: Person, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["subject"].choices = list(SUBJECTS.items())
        self.fields["place"].choices = places_kept_by(person)

    @property
    def desk(self) -> Desk:
        """The desk that was meant, not kept yet."""
        kind, _colon, code = self.cleaned_data["place"].partition(":")
        return Desk(subject=self.cleaned_data["subject"], **({kind: code} if code else {}))


@requires(Permission.KEEP_DESKS)
@require_http_methods(["GET", "POST"])
def new_desk(request: HttpRequest) -> HttpResponse:
    """Add a desk."""
    if not places_kept_by(request.user):
        raise PermissionDenied
    form = NewDeskForm.of(request, since=0, person=request.user)
    if form.is_valid():
        try:
            form.send(request, lambda **told: act.keep_desk(form.desk, form.cleaned_data, **told))
        except TooLate:
            form.add_error("place", _("This desk is there already: change it on its own page."))
            return render(request, "dijk_web/desks/new.html", {"form": form}, status=409)
        messages.success(request, _("Done, and written in the log."))
        return redirect("desks")
    return render(request, "dijk_web/desks/new.html", {"form": form}, status=422 if form.is_bound else 200)


@requires(Permission.KEEP_DESKS)
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest, number: int) -> HttpResponse:
    """Change a desk, or take it away."""
    one = get_object_or_404(Desk, pk=number)
    if not Desk.objects.kept_by(request.user).filter(pk=number).exists():
        raise PermissionDenied
    form = DeskForm.of(request, since=one.act, initial={name: getattr(one, name) for name in act.OF_A_DESK})
    closes = request.POST.get("step") == "close"

    def done(**told: Any) -> int:
        return act.close_desk(one, **told) if closes else act.keep_desk(one, form.cleaned_data, **told)

    if form.send_or_say_why(request, done):
        messages.success(request, _("Done, and written in the log."))
        return redirect("desks")
    acts = Act.objects.filter(about=f"desk:{number}").order_by("-number")[:ON_A_PAGE]
    told = {"form": form, "acts": acts, **next(shown_desks([one]))}
    return render(request, "dijk_web/desks/one.html", told, status=form.status)
