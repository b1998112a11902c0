"""Urgent: a site runs out within hours. It asks and sees whom to call on one page; the region answers against a clock,
and what it leaves is the planners' too.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, F, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk_web import kept
from dijk_web.access import requires
from dijk_web.actions import urgent as act
from dijk_web.actions.asking import Urgent
from dijk_web.models import Desk, Need, Request, Site, Subject, UrgentOrder
from dijk_web.of_site import moment, names_of, packs_of_needs, policy_now
from dijk_web.pages.age import duration
from dijk_web.pages.answer import csv_of, filter_of
from dijk_web.pages.desks import PHONE, regions, shown_desks
from dijk_web.pages.form import SinceForm, done_before
from dijk_web.pages.lines import amount_in_words, reason_in_words
from dijk_web.pages.navigation import role_name
from dijk_web.pages.orders import Kind, OrderForm, fill_in
from dijk_web.pages.site_filter import SiteFilter
from dijk_web.pages.urgent_release import released_for
from dijk_web.people import Permission, Role, may
from dijk_web.urgent_release import may_release
from dijk_web.visible import rows_visible_to, site_or_404

ON_A_PAGE, AT_ONCE = 50, 500
MOST_HOURS = 14 * 24
"""What lasts longer is no urgent order."""


def desks_for(region: str) -> list[dict[str, Any]]:
    """Whom to call about an urgent order: the region's desk, and the centre's."""
    desks = Desk.objects.filter(subject=Subject.URGENT, region__in=["", region], directorate="")
    return list(shown_desks(desks.order_by("-region")))


# Asking


class UrgentForm(OrderForm):
    """What an urgent order has beside its lines."""

    hours_left = forms.IntegerField(
        label=gettext_lazy("After how many hours do you run out?"), min_value=0, max_value=MOST_HOURS
    )
    call_back_name = forms.CharField(
        label=gettext_lazy("Who is called back"),
        help_text=gettext_lazy("A name or function. Not kept in the log; it can be erased afterwards."),
        max_length=200,
    )
    call_back_phone = forms.CharField(label=gettext_lazy("Phone"), **PHONE)
    field_order = ("hours_left", "call_back_name", "call_back_phone")


def clock_of(said: dict[str, Any], site: Site) -> Urgent:
    """What makes an order urgent, with the minutes that the policy of now gives the region."""
    now = moment()
    cells = pl.DataFrame({"region": [site.region]})
    minutes = policy_now().numbers("urgent_answer_minutes", now.date(), cells).item()
    return Urgent(said["hours_left"], minutes, said["call_back_name"], said["call_back_phone"])


KIND = Kind(
    gettext_lazy("Urgent order"),
    form=UrgentForm,
    template="dijk_web/urgent/new.html",
    beside=lambda sites: {"desks": desks_for(sites[0].region)},
    urgent=clock_of,
    answer="urgent_order",
)


@requires(Permission.ASK)
@never_cache
@require_http_methods(["GET", "POST"])
def order_urgently(request: HttpRequest, site: str) -> HttpResponse:
    """Ask for what runs out; whom to call stands on the page before and after."""
    return fill_in(request, [site_or_404(request.user, site)], KIND)


# Looking


@dataclass(frozen=True)
class Line:
    """An urgent order as the list shows it."""

    order: UrgentOrder
    site: str
    region: str
    tone: str
    sign: str
    state: str


def lines_of(orders: list[UrgentOrder], now: dt.datetime) -> Iterator[Line]:
    """Urgent orders with names and how far they are."""
    sites = dict(Site.objects.filter(site__in={one.site for one in orders}).values_list("site", "name"))
    names = regions()
    for one in orders:
        yield Line(one, sites.get(one.site, one.site), names.get(one.region, one.region), *state_of(one, now))


def state_of(one: UrgentOrder, now: dt.datetime) -> tuple[str, str, str]:
    """How far an urgent order is: tone, sign and words."""
    if one.withdrawn_at:
        return "", "", _("withdrawn")
    if one.is_yes is not None:
        return ("enough", "●", _("answered: yes")) if one.is_yes else ("short", "▼", _("answered: no"))
    if one.answer_by < now:
        text = _("no answer: asked {age} ago, {late} over time")
        return "late", "▼", text.format(age=duration(now - one.asked_at), late=duration(now - one.answer_by))
    text = _("asked {age} ago, {left} left")
    return "watch", "◆", text.format(age=duration(now - one.asked_at), left=duration(one.answer_by - now))


class UrgentFilter(SiteFilter):
    """Which urgent orders are shown."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", "–"),
            ("open", gettext_lazy("waits for an answer")),
            ("overdue", gettext_lazy("over time")),
            ("ended", gettext_lazy("answered or withdrawn")),
        ],
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Sorted by"),
        required=False,
        choices=[
            ("", gettext_lazy("waiting longest first, then newest")),
            ("hours", gettext_lazy("hours left, fewest first")),
            ("site", gettext_lazy("site")),
        ],
    )

    def orders(self, now: dt.datetime) -> QuerySet[UrgentOrder]:
        """The urgent orders of the filter, of the sites that the person may see."""
        found = rows_visible_to(self.person, UrgentOrder)
        if self.said.get("sought") or self.said.get("region"):
            found = found.filter(site__in=self.sites().values("site"))
        match self.said.get("state"):
            case "open":
                found = found.open()
            case "overdue":
                found = found.overdue(now)
            case "ended":
                found = found.exclude(answered_at=None, withdrawn_at=None)
        waits = Case(When(answered_at=None, withdrawn_at=None, then=F("answer_by")), default=Value(None))
        orders = {"hours": ("hours_left", "act"), "site": ("site", "-act")}
        usual = (waits.asc(nulls_last=True), "-act")
        return found.order_by(*orders.get(self.said.get("sort") or "", usual))


CSV = ("order", "site", "region", "asked_at", "answer_by", "hours_left", "answered_at", "answer", "state")


@requires(Permission.READ_SITES)
@require_safe
def urgent(request: HttpRequest) -> HttpResponse:
    """Urgent orders with their clock; fifty on a page, or all of the filter as CSV, without whom to call back."""
    now = moment()
    wanted = UrgentFilter(request.GET, person=request.user)
    rows = wanted.orders(now)
    if request.GET.get("as") == "csv":
        return csv_of("urgent", CSV, csv_lines(rows, now))
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    told = {"page": page, "lines": list(lines_of(list(page.object_list), now)), "wanted": wanted}
    told |= {"filter": filter_of(request, wanted), "may_ask": may(request.user.role, Permission.ASK)}
    return render(request, "dijk_web/urgent/list.html", told)


def csv_lines(rows: QuerySet[UrgentOrder], now: dt.datetime) -> Iterator[tuple[object, ...]]:
    """The orders of a filter for a spreadsheet."""
    for one in rows.iterator(chunk_size=AT_ONCE):
        about = (one.act, one.site, one.region, one.asked_at, one.answer_by, one.hours_left, one.answered_at)
        answer = "; ".join(text for text in (one.what, one.whence, one.when, one.why_not) if text)
        yield (*about, answer, state_of(one, now)[2])


# Answering


class YesForm(SinceForm):
    """Yes: what, whence and when."""

    what = forms.CharField(
        label=gettext_lazy("What is sent"),
        max_length=300,
        help_text=gettext_lazy("For instance: 4 boxes of 50 = 200 gowns."),
    )
    whence = forms.CharField(label=gettext_lazy("Where it comes from"), max_length=300)
    when = forms.CharField(label=gettext_lazy("When it is there"), max_length=300)


class NoForm(SinceForm):
    """No, and why."""

    why_not = forms.CharField(
        label=gettext_lazy("Why not, and what they can do"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


FORMS: dict[str, type[SinceForm]] = {"yes": YesForm, "no": NoForm, "erase": SinceForm}
"""What is sent for each step; what stands in it is the answer."""


def forms_of(request: HttpRequest) -> dict[str, SinceForm]:
    """The forms of an urgent order, of which one may have been sent."""
    step, others = request.POST.get("step", "yes"), {"since": 0, "typed_by": kept.name_tag(request.user)}
    return {
        name: form.of(request, since=0, auto_id=f"id_{name}_%s")
        if request.method != "POST" or name == step
        else form(initial=others, auto_id=f"id_{name}_%s")
        for name, form in FORMS.items()
    }


@requires(Permission.READ_SITES)
@never_cache
@require_http_methods(["GET", "POST"])
def urgent_order(request: HttpRequest, number: int) -> HttpResponse:
    """One urgent order: whom to call, the clock, what was asked, and the answer; answering it."""
    one = get_object_or_404(rows_visible_to(request.user, UrgentOrder), act=number)
    answers, step = forms_of(request), request.POST.get("step", "yes")
    if request.method != "POST":
        return a_page(request, one, answers)
    if done_before(request):
        return redirect("urgent_order", number=number)
    if not may_erase(request, one) if step == "erase" else not act.may_answer(one, request.user, moment()):
        raise PermissionDenied
    form = answers.get(step)
    if form is None:
        return a_page(request, one, answers, status=422)
    if form.send_or_say_why(request, lambda **told: said_of(one, step, form, **told)):
        return redirect("urgent_order", number=number)
    if form.late:
        one.refresh_from_db()
    return a_page(request, one, answers, status=form.status)


def said_of(one: UrgentOrder, step: str, form: SinceForm, **told: Any) -> int:
    """Answer an order or erase whom to call back; the number of the act."""
    if step == "erase":
        return act.erase_call_back(one, **told)
    said = {name: form.cleaned_data[name] for name in ("what", "whence", "when", "why_not") if name in form.fields}
    return act.answer(one, {"is_yes": step == "yes", **said}, **told)


def may_erase(request: HttpRequest, one: UrgentOrder) -> bool:
    """Whether the reader may erase whom to call back: who asked, or who answers, once nobody has to call any more."""
    return sees_call_back(request) and not one.is_open


def sees_call_back(request: HttpRequest) -> bool:
    """Whether the reader is of those who ask and call back: other readers need no name."""
    return may(request.user.role, Permission.ASK)


def a_page(request: HttpRequest, one: UrgentOrder, answers: dict[str, SinceForm], *, status: int = 200) -> HttpResponse:
    """The page of an urgent order."""
    now = moment()
    may_answer = one.is_open and act.may_answer(one, request.user, now)
    told = {
        "line": next(lines_of([one], now)),
        "order": one,
        "asked": asked_of(one, now),
        "desks": desks_for(one.region),
        "runs_out": one.asked_at + dt.timedelta(hours=one.hours_left),
        "answers": answers if may_answer or status == 409 else None,
        "waits_for_region": one.is_open and Role(request.user.role) is Role.PLANNER and not may_answer,
        "sees_call_back": sees_call_back(request),
        "may_erase": may_erase(request, one) and one.call_back_phone,
        "answered_by": role_name(one.answered_role) if one.answered_role else "",
        "erase": answers["erase"],
        "released": released_for(one, now),
        "may_release": may_release(request.user, one),
    }
    return render(request, "dijk_web/urgent/one.html", told, status=status)


def asked_of(one: UrgentOrder, now: dt.datetime) -> list[tuple[str, str, str]]:
    """The requests of an urgent order as they are now: code, need, amount."""
    rows = list(Request.objects.filter(request__in=one.codes).order_by("request"))
    names = names_of(Need, [row.need_id for row in rows])
    packs = packs_of_needs(policy_now(), now.date())
    return [
        (
            row.request,
            names[row.need_id],
            reason_in_words(row.reason) if row.reason else amount_in_words(row.pieces, packs.get(row.need_id)),
        )
        for row in rows
    ]
