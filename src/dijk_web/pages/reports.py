"""Situation reports: their calendar, asking for one, moving a day, and finding the figure that a letter quotes."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dijk_web import report_days, reporting
from dijk_web.access import requires
from dijk_web.actions import reporting as acts
from dijk_web.models import IssuedReport, Made, Person, ReportWish, Run, State
from dijk_web.of_site import moment
from dijk_web.pages.form import SinceForm, reason_field
from dijk_web.pages.navigation import role_name
from dijk_web.people import Permission, allows, may
from dijk_web.report_days import ReportDay

ON_A_PAGE = 50
LONGEST_MOVE = dt.timedelta(days=14)

STATES = {
    Made.ASKED: ("watch", "◆", gettext_lazy("being made")),
    Made.MADE: ("watch", "◆", gettext_lazy("draft: may still change")),
    Made.FAILED: ("short", "▼", gettext_lazy("nothing came of it")),
    Made.FROZEN: ("enough", "●", gettext_lazy("frozen")),
}
"""How far a report is: how it looks, its sign, and in words."""

INTERIM = gettext_lazy("interim: may still change")


def when(at: dt.datetime) -> str:
    """A moment on the clock of the calendar."""
    return str(date_format(report_days.local(at), "l j F Y, H:i"))


@dataclass(frozen=True)
class Line:
    """A report as lists show it."""

    report: IssuedReport
    tone: str
    sign: str
    state: str
    day: str
    corrected_by: int | None


def lines_of(reports: list[IssuedReport]) -> Iterator[Line]:
    """Reports with how far they are, and what corrected them."""
    corrected = dict(
        IssuedReport.objects.frozen().filter(corrects__in=[one.act for one in reports]).values_list("corrects", "act")
    )
    for one in reports:
        tone, sign, said = STATES[Made(one.state)]
        words = INTERIM if one.is_interim and one.state == Made.MADE else said
        yield Line(one, tone, sign, str(words), date_format(one.day, "l j F Y"), corrected.get(one.act))


# The calendar, and asking for a report


@dataclass(frozen=True)
class Coming:
    """A day of the calendar with its reports."""

    day: dt.date
    name: str
    comes: str
    is_late: bool
    moved: str
    why: str
    lines: list[Line]
    may_move: bool


def coming(person: Person, now: dt.datetime) -> Iterator[Coming]:
    """The days of the calendar from the last one on, with the reports that somebody reads."""
    days = reporting.calendar(now)
    reports = list(reporting.readable(person).filter(day__in=[one.day for one in days], is_interim=False))
    lines = list(lines_of(reports))
    moves = allows(person, Permission.FREEZE_REPORT)
    for one in days:
        own = [line for line in lines if line.report.day == one.day]
        held = any(line.report.state == Made.FROZEN for line in own)
        yield Coming(
            one.day,
            date_format(one.day, "l j F Y"),
            when(one.at),
            one.at < now and not held,
            role_name(one.move.role) if one.move else "",
            one.move.why if one.move else "",
            own,
            moves and not held,
        )


class MakeForm(SinceForm):
    """Of which run and for which day a report is made, and what an interim one lacks."""

    day = forms.ChoiceField(label=gettext_lazy("For the report of"))
    is_interim = forms.BooleanField(label=gettext_lazy("Interim: before its day, and never frozen"), required=False)
    missing = forms.CharField(
        label=gettext_lazy("What is missing in it"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Of an interim report: it stands on every page."),
    )
    reason = reason_field(gettext_lazy("Why"))

    def __init__(self, *given: Any, days: list[ReportDay], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["day"].choices = [(one.day.isoformat(), when(one.at)) for one in days]

    def clean(self) -> None:
        """An interim report says what it lacks, and no other does."""
        super().clean()
        said = self.cleaned_data
        if said.get("is_interim") and not said.get("missing"):
            self.add_error("missing", _("Say what an interim report lacks."))
        if said.get("missing") and not said.get("is_interim"):
            self.add_error("missing", _("Only an interim report lacks something; leave it empty."))

    @property
    def asked(self) -> acts.Asked:
        """What was filled in."""
        said = self.cleaned_data
        return acts.Asked(dt.date.fromisoformat(said["day"]), said["is_interim"], said["missing"])


class WishForm(SinceForm):
    """Until when an interim report is needed, and for what."""

    needed_at = forms.DateTimeField(
        label=gettext_lazy("Needed at (Dutch time)"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    reason = reason_field(gettext_lazy("For what"))

    def clean_needed_at(self) -> dt.datetime:
        """A moment that is still to come."""
        at = report_days.from_local(self.cleaned_data["needed_at"])
        if at <= moment():
            raise forms.ValidationError(_("That moment has passed."))
        return at


QUOTED = re.compile(r"dijk (\d{4}-\d\d-\d\d)(?:/(\d+))? ([TF]\d+\.\d+t?)", re.IGNORECASE)
"""How a letter quotes a figure: the day, the number of the report, and the place."""


def last_run() -> Run | None:
    """The run of which a report is made: the newest that is made, and no preview."""
    return Run.objects.filter(state__in=[State.MADE, State.PUBLISHED], preview=False).first()


def last_of_days(days: list[ReportDay]) -> int:
    """The last act on any of these days, which the maker of a form has seen."""
    return max((reporting.last_act_of(one.day) for one in days), default=0)


@requires(Permission.READ_REPORT)
@never_cache
@require_http_methods(["GET", "POST"])
def reports(request: HttpRequest) -> HttpResponse:
    """The calendar and all reports; a planner makes one here, and an official asks for an interim one."""
    if quoted := QUOTED.search(request.GET.get("quote", "")):
        return _found(request, *quoted.groups())
    form = _form_of(request)
    if request.method == "POST" and form is None:
        raise PermissionDenied
    done = form and form.send_or_say_why(request, lambda **told: _asked(form, **told))
    if done and isinstance(form, MakeForm):
        return redirect("report", number=done)
    if done:
        messages.success(request, _("The planners see what you need and until when."))
        return redirect("reports")
    now = moment()
    page = Paginator(reporting.readable(request.user), ON_A_PAGE).get_page(request.GET.get("page"))
    told = {
        "days": list(coming(request.user, now)),
        "form": form,
        "makes": isinstance(form, MakeForm),
        "run": last_run(),
        "wishes": _wishes(request.user),
        "page": page,
        "lines": list(lines_of(list(page.object_list))),
        "not_quoted": request.GET.get("quote", ""),
        "drafts": may(request.user.role, Permission.READ_DRAFT),
    }
    return render(request, "dijk_web/reports/list.html", told, status=form.status if form else 200)


def _form_of(request: HttpRequest) -> SinceForm | None:
    """What this person may ask for here."""
    if may(request.user.role, Permission.MAKE_REPORT):
        days = reporting.days_without(moment())
        return MakeForm.of(request, since=last_of_days(days), days=days) if last_run() and days else None
    return WishForm.of(request, since=0) if may(request.user.role, Permission.WANT_REPORT) else None


def _asked(form: SinceForm, **told: Any) -> int:
    reason = form.cleaned_data["reason"]
    if isinstance(form, MakeForm):
        run = last_run()
        assert run is not None  # else there is no form
        return acts.ask_for_report(run, form.asked, reason=reason, **told)
    return acts.want_report(form.cleaned_data["needed_at"], reason=reason, **told)


def _wishes(person: Person) -> list[dict[str, Any]]:
    """Who wants an interim report that is not made yet: those who work on reports read it."""
    if not may(person.role, Permission.READ_DRAFT):
        return []
    open_ones = ReportWish.objects.filter(answered_by=None).order_by("needed_at")
    now = moment()
    return [
        {"one": one, "by": role_name(one.role), "until": when(one.needed_at), "late": one.needed_at < now}
        for one in open_ones
    ]


def _found(request: HttpRequest, day: str, number: str | None, ref: str) -> HttpResponse:
    """The figure that a letter quotes: by the number of the report, or the one that was frozen of that day."""
    frozen = reporting.readable(request.user).filter(state=Made.FROZEN, as_of__date=day)
    one = frozen.filter(act=number).first() if number else frozen.first()
    if one is None:
        raise Http404
    return redirect("report_figure", number=one.act, ref=ref[0].upper() + ref[1:].lower())


# Another day


class MoveForm(SinceForm):
    """When the report of a day comes instead, and why."""

    comes = forms.DateTimeField(
        label=gettext_lazy("It comes at (Dutch time)"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    reason = reason_field(gettext_lazy("Why, such as the debate it is for"))

    def __init__(self, *given: Any, day: dt.date, **more: Any) -> None:
        super().__init__(*given, **more)
        self.day = day

    def clean_comes(self) -> dt.datetime:
        """A moment that is still to come, within two weeks of its day."""
        comes = report_days.from_local(self.cleaned_data["comes"])
        if comes <= moment():
            raise forms.ValidationError(_("That moment has passed."))
        if abs(comes - report_days.regular(self.day)) > LONGEST_MOVE:
            raise forms.ValidationError(_("At most two weeks from its own day."))
        return comes


@requires(Permission.FREEZE_REPORT)
@never_cache
@require_http_methods(["GET", "POST"])
def report_day(request: HttpRequest, code: str) -> HttpResponse:
    """Move the report of a day; what hangs on it moves along."""
    day = _day_or_404(code)
    one = report_days.report_day(day)
    begun = {"comes": report_days.local(one.at)}
    form = MoveForm.of(request, since=reporting.last_act_of(day), initial=begun, day=day)
    done = form.send_or_say_why(
        request,
        lambda **told: acts.move_day(day, form.cleaned_data["comes"], reason=form.cleaned_data["reason"], **told),
    )
    if done:
        return redirect("reports")
    told = {
        "form": form,
        "name": date_format(day, "l j F Y"),
        "comes": when(one.at),
        "move": one.move,
        "by": role_name(one.move.role) if one.move else "",
        "drafts": IssuedReport.objects.filter(day__lt=day, next_at=one.at, state=Made.MADE, is_interim=False),
    }
    return render(request, "dijk_web/reports/day.html", told, status=form.status)


def _day_or_404(code: str) -> dt.date:
    """A day of the calendar that is near."""
    try:
        day = dt.date.fromisoformat(code)
    except ValueError:
        raise Http404 from None
    if not report_days.is_report_day(day) or abs(day - moment().date()) > reporting.LOOK_AHEAD:
        raise Http404
    return day
