"""Silent sites: who was asked and has not answered, whom to call there, what calls came to, and asking again."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk.tables.facts import TOPICS
from dijk_web.access import requires
from dijk_web.actions.calling import ask_again as act_ask_again
from dijk_web.actions.calling import last_call, log_call
from dijk_web.actions.telling import last_told
from dijk_web.models import Asked, Call, Contact, Outcome, Site
from dijk_web.of_site import moment
from dijk_web.pages.answer import csv_of, filter_of
from dijk_web.pages.desks import regions
from dijk_web.pages.form import SinceForm, date_field
from dijk_web.pages.navigation import role_name
from dijk_web.pages.site_filter import SiteFilter
from dijk_web.people import Permission
from dijk_web.silent import Silent, silent_sites
from dijk_web.visible import site_or_404

ON_A_PAGE = 50

ABOUT = {"stock": gettext_lazy("stock"), "use": gettext_lazy("use"), "activity": gettext_lazy("activity")}
"""What may have been asked, as people read it."""

OUTCOMES = {
    Outcome.NO_REPLY: gettext_lazy("nobody answered the phone"),
    Outcome.WRONG_NUMBER: gettext_lazy("the number is wrong"),
    Outcome.WILL_TELL: gettext_lazy("they will tell it themselves"),
    Outcome.TOLD: gettext_lazy("they told it on the phone"),
    Outcome.CANNOT: gettext_lazy("they cannot count now"),
    Outcome.REFUSES: gettext_lazy("they will not tell it"),
}
"""What a call came to, as people read it."""

SORTS = {
    "due": lambda one: (one.due, one.name, one.site),
    "size": lambda one: (-(one.size or -1), one.name, one.site),
    "name": lambda one: (one.name, one.site),
    "region": lambda one: (one.region, one.due, one.name, one.site),
}
"""By what the list may be sorted; a size that nobody knows comes last."""


class SilentFilter(SiteFilter):
    """Which silent sites are shown."""

    topic = forms.ChoiceField(label=gettext_lazy("Asked about"), required=False, choices=[("", "–"), *ABOUT.items()])
    uncalled = forms.BooleanField(label=gettext_lazy("Not called since it was due"), required=False)
    sort = forms.ChoiceField(
        label=gettext_lazy("Sorted by"),
        required=False,
        choices=[
            ("", gettext_lazy("days late, most first")),
            ("size", gettext_lazy("size, largest first")),
            ("name", gettext_lazy("site")),
            ("region", gettext_lazy("region")),
        ],
    )

    def of(self, now: dt.datetime) -> list[Silent]:
        """The silent sites of the filter, in its order."""
        said, found = self.said, silent_sites(self.sites(), now)
        if topic := said.get("topic"):
            found = [one for one in found if topic in one.questions]
        if said.get("uncalled"):
            last = dict(Call.objects.values_list("site").annotate(Max("called_at")))
            found = [one for one in found if one.site not in last or last[one.site].date() < one.due]
        return sorted(found, key=SORTS[said.get("sort") or "due"])


@dataclass(frozen=True)
class Line:
    """A silent site as the list shows it."""

    site: Silent
    region: str
    topics: str
    days: int
    contact: Contact | None
    call: Call | None
    again: dt.date | None

    @property
    def outcome(self) -> str:
        """What the last call came to."""
        return str(OUTCOMES[Outcome(self.call.outcome)]) if self.call else ""


def lines_of(found: list[Silent], today: dt.date) -> Iterator[Line]:
    """Silent sites with whom to call, the last call, and until when they were asked again."""
    codes, names = [one.site for one in found], regions()
    contacts = Contact.objects.of_sites(found)
    last = Call.objects.filter(site__in=codes).values_list("site").annotate(Max("act"))
    calls = {call.site: call for call in Call.objects.filter(act__in=[number for _site, number in last])}
    waits = Asked.objects.filter(site__in=codes, due__gte=today).values_list("site").annotate(Max("due"))
    again = dict(waits)
    for one in found:
        said = names.get(one.region, one.region), topics_of(one.questions), (today - one.due).days
        yield Line(one, *said, contacts.get(one.site), calls.get(one.site), again.get(one.site))


def topics_of(codes: Iterable[str]) -> str:
    """What was asked, in words."""
    return ", ".join(str(ABOUT[code]) for code in TOPICS if code in codes)


@requires(Permission.ASK_TO_REPORT)
@require_safe
def silent(request: HttpRequest) -> HttpResponse:
    """Fifty on a page, or all of the filter as CSV."""
    now = moment()
    wanted = SilentFilter(request.GET, person=request.user)
    found = wanted.of(now)
    if request.GET.get("as") == "csv":
        return csv_of("silent", CSV, csv_lines(found, now.date()))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    lines = list(lines_of(page.object_list, now.date()))
    told = {"page": page, "lines": lines, "wanted": wanted, "filter": filter_of(request, wanted)}
    hidden = [(name, request.GET[name]) for name in wanted.fields if request.GET.get(name)]
    return render(request, "dijk_web/silent/list.html", told | {"hidden": hidden})


CSV = ("site", "name", "region", "topics", "due", "days_late", "size", "size_unit", "phone", "last_call", "asked_again")


def csv_lines(found: list[Silent], today: dt.date) -> Iterator[tuple[object, ...]]:
    """The lines of the list for a spreadsheet, some hundreds at a time."""
    for start in range(0, len(found), 500):
        for line in lines_of(found[start : start + 500], today):
            one, called = line.site, line.call.called_at.date() if line.call else None
            about = (one.site, one.name, one.region, " ".join(one.questions), one.due, line.days, one.size)
            yield (*about, one.size_unit, line.contact.phone if line.contact else None, called, line.again)


# Calls to one site


class CallForm(SinceForm):
    """What a call came to."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it"), widget=forms.RadioSelect, choices=list(OUTCOMES.items())
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("What the next caller should know. No names or numbers."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@requires(Permission.ASK_TO_REPORT)
@never_cache
@require_http_methods(["GET", "POST"])
def calls(request: HttpRequest, site: str) -> HttpResponse:
    """A site that is called: what it was asked, whom to call, what was said before, and writing a call down."""
    one, now = site_or_404(request.user, site), moment()
    form = CallForm.of(request, since=last_call(one))

    def done(**told: Any) -> int:
        said = form.cleaned_data
        return log_call(site=one, outcome=Outcome(said["outcome"]), note=said["note"], **told)

    if number := form.send_or_say_why(request, done):
        messages.success(request, _("The call is written down as number {number}.").format(number=number))
        return redirect("calls", site=site)
    return render(request, "dijk_web/silent/site.html", about_site(one, now) | {"form": form}, status=form.status)


def about_site(site: Site, now: dt.datetime) -> dict[str, Any]:
    """What a caller sees of a site."""
    found = silent_sites(Site.objects.filter(site=site.site), now)
    questions = [
        (ABOUT[topic], topic, asked_on, due, (now.date() - due).days)
        for one in found
        for topic, (asked_on, due) in one.questions.items()
    ]
    told = Call.objects.filter(site=site.site).order_by("-act")[:ON_A_PAGE]
    said = [(call, OUTCOMES[Outcome(call.outcome)], role_name(call.role)) for call in told]
    return {
        "site": site,
        "contact": Contact.objects.of_sites([site]).get(site.site),
        "region": regions().get(site.region, site.region),
        "questions": questions,
        "asked_of": {topic for _about, topic, *_days in questions},
        "calls": said,
        "topics": ABOUT.items(),
        "site_log": f"site:{site.site}",
    }


# Asking again


class AgainForm(SinceForm):
    """By when an answer is wanted."""

    due = date_field(gettext_lazy("Answer by"))

    def clean_due(self) -> dt.date:
        """A day that is not over."""
        day: dt.date = self.cleaned_data["due"]
        if not moment().date() <= day <= moment().date() + dt.timedelta(days=365):
            raise forms.ValidationError(_("Today or a day to come."))
        return day


@requires(Permission.ASK_TO_REPORT)
@never_cache
@require_http_methods(["GET", "POST"])
def ask_again(request: HttpRequest) -> HttpResponse:
    """Ask the sites that were ticked again, or all of the filter."""
    chosen = set(request.GET.getlist("site"))
    found = SilentFilter(request.GET, person=request.user).of(moment())
    found = found if request.GET.get("all") else [one for one in found if one.site in chosen]
    sites = {one.site: one for one in Site.objects.filter(site__in=[one.site for one in found])}
    form = AgainForm.of(request, since=last_told("asked", list(sites.values())))
    questions = [(sites[one.site], topic) for one in found for topic in one.questions]

    def done(**told: Any) -> int:
        return act_ask_again(questions=questions, due=form.cleaned_data["due"], **told)

    if found and (number := form.send_or_say_why(request, done)):
        messages.success(request, asked_in_words(len(sites), number))
        return redirect("silent")
    told = {"form": form, "found": found[:ON_A_PAGE], "more": max(len(found) - ON_A_PAGE, 0), "number": len(found)}
    return render(request, "dijk_web/silent/again.html", told, status=form.status)


def asked_in_words(sites: int, number: int) -> str:
    """What was done."""
    said = ngettext(
        "{sites} site was asked again, as number {number}.",
        "{sites} sites were asked again, as number {number}.",
        sites,
    )
    return said.format(sites=sites, number=number)
