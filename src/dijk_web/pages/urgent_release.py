"""Urgent releases: packs that one person alone gave free where nobody could wait. Each stands out until another person
looked at it.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk_web import urgent_release as rules
from dijk_web.access import requires
from dijk_web.actions.urgent_release import TooMany, confirm, release_alone, revoke
from dijk_web.models import Dispatch, Need, Person, Product, Site, UrgentOrder, UrgentRelease
from dijk_web.models.urgent_release import Second
from dijk_web.of_site import moment, names_of
from dijk_web.pages.age import duration
from dijk_web.pages.answer import filter_of
from dijk_web.pages.desks import regions
from dijk_web.pages.form import SinceForm, done_before, reason_field
from dijk_web.pages.lines import shown
from dijk_web.pages.navigation import role_name
from dijk_web.pages.site_filter import SiteFilter
from dijk_web.people import Permission
from dijk_web.visible import HUB, rows_visible_to

ON_A_PAGE, MOST_PACKS = 50, 10**9


# Looking


@dataclass(frozen=True)
class Line:
    """An urgent release as pages show it."""

    one: UrgentRelease
    site: str
    region: str
    need: str
    product: str
    packs: str
    tone: str
    sign: str
    state: str


def lines_of(rows: list[UrgentRelease], now: dt.datetime) -> Iterator[Line]:
    """Urgent releases with names and how far they are."""
    sites = dict(Site.objects.filter(site__in={one.site for one in rows}).values_list("site", "name"))
    products = dict(Product.objects.filter(product__in={one.product for one in rows}).values_list("product", "name"))
    needs, places = names_of(Need, [one.need for one in rows]), regions()
    for one in rows:
        names = (sites.get(one.site, one.site), places.get(one.region, one.region), needs[one.need])
        yield Line(one, *names, products.get(one.product, one.product), shown(one.packs), *state_of(one, now))


def state_of(one: UrgentRelease, now: dt.datetime) -> tuple[str, str, str]:
    """How far it is: tone, sign and words. It is red until another person looked at it."""
    match one.state:
        case Second.CONFIRMED:
            return "enough", "●", _("confirmed by another person")
        case Second.REVOKED:
            return "", "", _("taken back by another person")
    if one.confirm_by < now:
        return "late", "▼", _("by one person alone, {late} over time").format(late=duration(now - one.confirm_by))
    return "short", "▼", _("by one person alone, {left} left").format(left=duration(one.confirm_by - now))


class ReleaseFilter(SiteFilter):
    """Which urgent releases are shown."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", "–"),
            ("waits", gettext_lazy("waits for another person")),
            ("confirmed", gettext_lazy("confirmed")),
            ("revoked", gettext_lazy("taken back")),
        ],
    )

    def releases(self) -> QuerySet[UrgentRelease]:
        """Those of the filter, of the sites that the person may see; what waits first, then the newest."""
        found = rows_visible_to(self.person, UrgentRelease)
        if self.said.get("sought") or self.said.get("region"):
            found = found.filter(site__in=self.sites().values("site"))
        if state := self.said.get("state"):
            found = found.filter(state=Second.WAITED_FOR if state == "waits" else state)
        return found.order_by(F("ended_act").asc(nulls_first=True), "-act")


@requires(Permission.READ_SITES)
@require_safe
def urgent_releases(request: HttpRequest) -> HttpResponse:
    """What was released on urgent requests by one person alone; fifty on a page."""
    wanted = ReleaseFilter(request.GET, person=request.user)
    page = Paginator(wanted.releases(), ON_A_PAGE).get_page(request.GET.get("page"))
    lines = list(lines_of(list(page.object_list), moment()))
    told = {"page": page, "lines": lines, "wanted": wanted, "filter": filter_of(request, wanted)}
    return render(request, "dijk_web/urgent/releases.html", told)


def released_for(order: UrgentOrder, now: dt.datetime) -> list[Line]:
    """What was released for an urgent order."""
    return list(lines_of(list(UrgentRelease.objects.filter(order=order.act).order_by("act")), now))


# Releasing


class ReleaseForm(SinceForm):
    """Of which article how many packs, and why it cannot wait."""

    choice = forms.ChoiceField(label=gettext_lazy("What is released"), widget=forms.RadioSelect)
    packs = forms.IntegerField(label=gettext_lazy("Boxes"), min_value=1, max_value=MOST_PACKS)
    why = reason_field(gettext_lazy("Why it cannot wait for a second person"))

    def __init__(self, *given: Any, choices: list[rules.Choice], **more: Any) -> None:
        super().__init__(*given, **more)
        needs = names_of(Need, [one.need for one in choices])
        self.fields["choice"].choices = [(one.code, choice_in_words(one, needs)) for one in choices]


def choice_in_words(one: rules.Choice, needs: dict[str, str]) -> str:
    """An article that may be released, with what is free and what is asked for."""
    whence = _("the region's hub") if one.holder == HUB else _("a warehouse")
    text = _("{need}: {article}, of {whence}. Boxes of {each}: {free} free, {wanted} asked for")
    figures = {name: shown(getattr(one, name)) for name in ("free", "wanted")} | {"each": shown(one.pieces_per_pack)}
    return text.format(need=needs[one.need], article=one.name, whence=whence, **figures)


@requires(Permission.RELEASE_URGENT)
@never_cache
@require_http_methods(["GET", "POST"])
def release_urgently(request: HttpRequest, number: int) -> HttpResponse:
    """Release packs on an urgent order alone."""
    order = get_object_or_404(rows_visible_to(request.user, UrgentOrder), act=number)
    if not rules.may_release(request.user, order):
        raise PermissionDenied
    if request.method == "POST" and (act := done_before(request)):
        return redirect("urgent_release", number=act)
    found = rules.choices(request.user, order)
    form = ReleaseForm.of(request, since=0, initial=begun(found), choices=found)

    def done(**told: Any) -> int:
        said = form.cleaned_data
        return release_alone(order, said["choice"], said["packs"], why=said["why"], **told)

    try:
        if act := form.send_or_say_why(request, done):
            return redirect("urgent_release", number=act)
    except TooMany as most:
        form.add_error("packs", _("At most {most}: more is not free, or not asked for.").format(most=shown(most.most)))
    told = {
        "order": order,
        "site": names_of_site(order),
        "form": form if found or form.is_bound else None,
        "released": released_for(order, moment()),
    }
    return render(request, "dijk_web/urgent/release.html", told, status=form.status)


def begun(choices: list[rules.Choice]) -> dict[str, Any]:
    """What the form begins with where there is one article alone to choose."""
    return {"choice": choices[0].code, "packs": choices[0].most} if len(choices) == 1 else {}


def names_of_site(order: UrgentOrder) -> str:
    """The name of the site of an order."""
    return Site.objects.filter(site=order.site).values_list("name", flat=True).first() or order.site


# The second person


class SecondForm(SinceForm):
    """What another person says of it."""

    why = reason_field(gettext_lazy("Why"))


STEPS = {"confirm": confirm, "revoke": revoke}


@requires(Permission.READ_SITES)
@never_cache
@require_http_methods(["GET", "POST"])
def urgent_release(request: HttpRequest, number: int) -> HttpResponse:
    """One urgent release: who, what, why, what of it was sent; another person confirms it or takes it back."""
    one = get_object_or_404(rows_visible_to(request.user, UrgentRelease), act=number)
    if request.method == "POST" and not rules.reaches(request.user, one.region):
        raise PermissionDenied
    form = SecondForm.of(request, since=0)
    step = STEPS.get(request.POST.get("step", ""))
    if step is None and form.is_bound:
        form.add_error(None, _("Confirm it, or take it back."))
    if step and form.send_or_say_why(request, lambda **told: step(one, why=form.cleaned_data["why"], **told)):
        return redirect("urgent_release", number=number)
    one.refresh_from_db()
    return render(request, "dijk_web/urgent/one_release.html", told_of(one, request.user, form), status=form.status)


def told_of(one: UrgentRelease, person: Person, form: SecondForm) -> dict[str, Any]:
    """What the page of a release shows."""
    waits = rules.reaches(person, one.region) and one.state == Second.WAITED_FOR
    sent = [(row.code, row.act, row.line, shown(row.packs)) for row in Dispatch.objects.filter(division=one.act)]
    return {
        "line": next(lines_of([one], moment())),
        "one": one,
        "role": role_name(one.role),
        "ended_role": role_name(one.ended_role) if one.ended_role else "",
        "revoked": None if one.revoked_packs is None else shown(one.revoked_packs),
        "whence": _("the region's hub") if one.holder == HUB else _("a warehouse"),
        "sent": sent,
        "form": form if waits and one.by != person.code else None,
        "own": waits and one.by == person.code,
    }
