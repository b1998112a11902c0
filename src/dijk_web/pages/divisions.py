"""Divisions: what a run gives each site, on its way past the regions to its release. Before that nobody who would
receive sees any of it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk_web import dividing
from dijk_web.access import requires
from dijk_web.actions.dividing import propose_division, still_checking
from dijk_web.models import Act, Answer, Decision, Division, Move, Person, Proposal, RegionCheck, Run, Silence
from dijk_web.of_site import last_published, moment
from dijk_web.pages.desks import regions
from dijk_web.pages.form import SinceForm, reason_field
from dijk_web.pages.navigation import role_name
from dijk_web.people import Permission, may
from dijk_web.visible import sees_all, sees_region

ON_A_PAGE = 50

STATES = {
    Decision.PROPOSED: ("watch", "◆", gettext_lazy("at the regions")),
    Decision.APPROVED: ("enough", "●", gettext_lazy("released")),
    Decision.REFUSED: ("", "", gettext_lazy("refused: nothing of it was awarded")),
    Decision.WITHDRAWN: ("", "", gettext_lazy("taken back: nothing of it was awarded")),
    Decision.OVERTAKEN: ("", "", gettext_lazy("overtaken by a later division: nothing of it was awarded")),
}
"""How far a division is, by the decision on its proposal: tone, sign and words."""

READY = ("watch", "◆", gettext_lazy("ready: waits for its release by another planner"))

ANSWERS = {
    Answer.WAITING: gettext_lazy("not answered yet"),
    Answer.ACCEPTED: gettext_lazy("accepted"),
    Answer.ASKED_BACK: gettext_lazy("asked back: its part is not released"),
}

SILENCES = {
    Silence.ACCEPT: gettext_lazy("goes out as it is"),
    Silence.HOLD: gettext_lazy("is held back"),
}
"""What happens to the part of a region that is silent when its time is over."""


@dataclass(frozen=True)
class Line:
    """A division as a list shows it."""

    division: Division
    proposal: Proposal
    tone: str
    sign: str
    state: str
    answered: int
    regions: int


def lines_of(divisions: list[Division], now: dt.datetime) -> Iterator[Line]:
    """Divisions with how far they are."""
    numbers = [one.act for one in divisions]
    proposals = Proposal.objects.in_bulk(numbers)
    checks = RegionCheck.objects.filter(division__in=numbers).values_list("division", "answer")
    asked = Counter(number for number, _answer in checks)
    answered = Counter(number for number, answer in checks if answer != Answer.WAITING)
    for one in divisions:
        proposal = proposals[one.act]
        ready = proposal.is_open and (now >= one.check_by or answered[one.act] == asked[one.act])
        said = READY if ready else STATES[Decision(proposal.state)]
        yield Line(one, proposal, *said, answered[one.act], asked[one.act])


class ProposeForm(SinceForm):
    """Why the regions are asked now."""

    reason = reason_field(gettext_lazy("Why"))


@requires(Permission.READ_NATION)
@never_cache
@require_http_methods(["GET", "POST"])
def divisions(request: HttpRequest) -> HttpResponse:
    """All divisions, the newest first; a planner lays the last published run before the regions here."""
    run = last_published()
    proposes = run is not None and may(request.user.role, Permission.RELEASE)
    if request.method == "POST" and not proposes:
        raise PermissionDenied
    form = ProposeForm.of(request, since=run.act if run else 0)
    done = proposes and form.send_or_say_why(
        request, lambda **told: propose_division(run, reason=form.cleaned_data["reason"], **told)
    )
    if done:
        return redirect("division", number=done)
    page = Paginator(Division.objects.all(), ON_A_PAGE).get_page(request.GET.get("page"))
    told = {
        "page": page,
        "lines": list(lines_of(list(page.object_list), moment())),
        "run": run,
        "form": form if proposes and (form.is_bound or not dividing.is_divided(run)) else None,
    }
    return render(request, "dijk_web/divisions/list.html", told, status=form.status)


@dataclass(frozen=True)
class Region:
    """A region as the page of a division shows it."""

    check: RegionCheck
    name: str
    answer: str
    silence: str
    by: str
    moved: int
    is_open: bool
    """Whether the reader may see its part; of another they read neither how much it moved nor why."""


def regions_of(division: Division, person: Person) -> Iterator[Region]:
    """The regions of a division with their answers."""
    names = regions()
    moved = dict(
        Move.objects.filter(division=division.act)
        .values("region")
        .annotate(claims=Count("pk"))
        .values_list("region", "claims")
    )
    for one in dividing.checks_of(division):
        yield Region(
            one,
            names.get(one.region, one.region),
            str(ANSWERS[Answer(one.answer)]),
            str(SILENCES[Silence(one.silence)]),
            role_name(one.answered_role) if one.answered_role else "",
            moved.get(one.region, 0),
            sees_region(person, one.region),
        )


@requires(Permission.READ_NATION)
@require_safe
def division(request: HttpRequest, number: int) -> HttpResponse:
    """One division: what silence means and until when, what each region answered, and its release."""
    one = get_object_or_404(Division, act=number)
    now = moment()
    (line,) = lines_of([one], now)
    told: dict[str, Any] = {
        "line": line,
        "regions": list(regions_of(one, request.user)),
        "waiting": still_checking(one, now) if line.proposal.is_open else [],
        "run": Run.objects.get(act=one.run),
        "by": role_name(line.proposal.role),
        "ended_by": role_name(line.proposal.ended_role) if line.proposal.ended_role else "",
        "decides": may(request.user.role, Permission.RELEASE) and line.proposal.is_open,
        "own": line.proposal.by == request.user.code,
        "over": now >= one.check_by,
        "acts": Act.objects.filter(about=f"proposal:{number}").order_by("-number") if sees_all(request.user) else [],
    }
    return render(request, "dijk_web/divisions/one.html", told)
