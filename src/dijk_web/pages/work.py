"""Open work per desk: what waits there, how much, how old the oldest is, and the page about it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dijk_web import work as open_work
from dijk_web.access import may_open, requires
from dijk_web.models import Person
from dijk_web.of_site import moment
from dijk_web.pages.age import duration
from dijk_web.pages.answer import csv_of, filter_of
from dijk_web.pages.desks import regions
from dijk_web.people import Permission, Role
from dijk_web.work import Work

KINDS = {
    "urgent": (gettext_lazy("urgent orders without an answer"), "urgent", {"state": "open"}),
    "released_alone": (gettext_lazy("urgent releases by one person alone"), "urgent_releases", {"state": "waits"}),
    "silent": (gettext_lazy("silent sites to call"), "silent", {}),
    "counts": (gettext_lazy("sites with counts that wait for a second"), "waiting", {}),
    "check": (gettext_lazy("part of a division to check"), "divisions", {}),
    "release": (gettext_lazy("division to release"), "divisions", {}),
    "send": (gettext_lazy("lines that were released and are to be sent"), "to_send", {}),
    "difference": (gettext_lazy("dispatches that came otherwise than sent"), "dispatches", {"state": "differs"}),
    "recall": (gettext_lazy("receivers who did not answer a recall"), "recalls", {}),
    "way_back": (gettext_lazy("goods on their way back"), "ways_back", {}),
    "loan_offer": (gettext_lazy("loans of other regions that wait for an answer"), "loans", {"state": "offered"}),
    "loan_send": (gettext_lazy("loans to be sent"), "loans", {}),
    "loan_way": (gettext_lazy("goods of a loan on their way"), "loans", {}),
    "loan_late": (gettext_lazy("loans that are late to come back"), "loans", {"state": "late"}),
    "proposal": (gettext_lazy("proposals that wait for another person"), "proposals", {"state": "proposed"}),
    "question": (gettext_lazy("questions about needs without an answer"), "questions", {}),
    "review": (gettext_lazy("items for the next meeting"), "review", {}),
    "report": (gettext_lazy("reports that are late"), "reports", {}),
    "wish": (gettext_lazy("interim reports that are asked for"), "reports", {}),
    "address": (gettext_lazy("addresses that mail does not reach"), "addresses", {}),
    "mail": (gettext_lazy("mails that were given up"), "outbox", {"state": "given_up"}),
}
"""What each kind is called, the page about it, and the filter of that page."""

BY_REGION = {"urgent", "released_alone", "silent", "counts", "difference"}
"""Kinds of which the page can be asked for one region."""


@dataclass(frozen=True)
class Line:
    """Work of one kind at one desk, as the page shows it."""

    work: Work
    desk: str
    kind: str
    age: str
    address: str


@dataclass(frozen=True)
class Pile:
    """All that waits at a desk."""

    desk: str
    count: int
    late: bool
    age: str


class WorkFilter(forms.Form):
    """Which work is shown."""

    desk = forms.ChoiceField(label=gettext_lazy("Desk"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("What waits"), required=False)
    late = forms.BooleanField(label=gettext_lazy("Late only"), required=False)

    def __init__(self, *given: object, found: list[Work], names: dict[str, str], **more: object) -> None:
        super().__init__(*given, **more)
        desks = sorted({(one.desk, desk_name(one.desk, names)) for one in found}, key=lambda desk: desk[1])
        self.fields["desk"].choices = [("", gettext_lazy("all")), *desks]
        self.fields["kind"].choices = [("", gettext_lazy("all")), *((name, said[0]) for name, said in KINDS.items())]

    def of(self, found: list[Work]) -> list[Work]:
        """The work of the filter: what is late first, then the oldest."""
        said = self.cleaned_data if self.is_valid() else {}
        wanted = {name: said[name] for name in ("desk", "kind") if said.get(name)}
        kept = [one for one in found if all(getattr(one, name) == value for name, value in wanted.items())]
        kept = [one for one in kept if one.late] if said.get("late") else kept
        return sorted(kept, key=lambda one: (not one.late, one.since, one.desk, one.kind))


def desk_name(desk: str, names: dict[str, str]) -> str:
    """What a desk is called."""
    others = {
        open_work.CENTRE: _("the centre"),
        open_work.ADMINISTRATORS: _("administrators"),
    }
    if desk in others:
        return others[desk]
    return names[desk] if desk in names else _("directorate {code}").format(code=desk)


def seen_by(person: Person, found: list[Work]) -> list[Work]:
    """The work that somebody reads: a region its own."""
    own = Role(person.role) is Role.COORDINATOR
    return [one for one in found if not own or one.desk == person.region]


@requires(Permission.READ_WORK)
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """What waits, desk by desk, or all of the filter as CSV."""
    now, names = moment(), regions()
    found = seen_by(request.user, open_work.open_work(now))
    wanted = WorkFilter(request.GET, found=found, names=names)
    kept = wanted.of(found)
    if request.GET.get("as") == "csv":
        return csv_of("work", CSV, ([getattr(one, name) for name in CSV] for one in kept))
    told = {
        "wanted": wanted,
        "filter": filter_of(request, wanted),
        "lines": [line_of(one, names, now, request.user) for one in kept],
        "piles": list(piles(found, names, now)),
    }
    return render(request, "dijk_web/work.html", told)


CSV = ("desk", "kind", "count", "since", "late")


def line_of(one: Work, names: dict[str, str], now: dt.datetime, person: Person) -> Line:
    """One kind of work at one desk in words, with the page about it where this person opens it."""
    said, page, wanted = KINDS[one.kind]
    asked = wanted | ({"region": one.desk} if one.kind in BY_REGION and one.desk in names else {})
    address = address_of(page, asked) if may_open(resolve(reverse(page)).func, person) else ""
    return Line(one, desk_name(one.desk, names), str(said), duration(now - one.since), address)


def address_of(page: str, wanted: dict[str, str]) -> str:
    """The address of a page with what is filtered there."""
    return reverse(page) + (f"?{urlencode(wanted)}" if wanted else "")


def piles(found: list[Work], names: dict[str, str], now: dt.datetime) -> Iterator[Pile]:
    """What waits at each desk in all, most first."""
    desks = {one.desk: [other for other in found if other.desk == one.desk] for one in found}
    for desk, own in sorted(desks.items(), key=lambda pile: (-sum(one.count for one in pile[1]), pile[0])):
        oldest = min(one.since for one in own)
        late = any(one.late for one in own)
        yield Pile(desk_name(desk, names), sum(one.count for one in own), late, duration(now - oldest))
