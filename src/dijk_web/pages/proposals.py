"""Proposals: proposing a row of a judgement, what waits for a second person, and deciding."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk_web.access import requires
from dijk_web.actions import deciding, proposing
from dijk_web.actions.dividing import still_checking
from dijk_web.actions.reporting import is_whole
from dijk_web.actions.seats import Way
from dijk_web.models import Act, Decision, Division, Person, Proposal
from dijk_web.models.proposal import DATASET, DIVISION, REPORT, SEAT
from dijk_web.of_site import moment
from dijk_web.pages.answer import csv_of, filter_of
from dijk_web.pages.form import SinceForm, reason_field
from dijk_web.pages.judgement import JudgementForm, Words, called, columns_of, heading, says
from dijk_web.pages.lines import shown
from dijk_web.pages.navigation import role_name
from dijk_web.pages.policy import in_force
from dijk_web.pages.signal import in_words
from dijk_web.people import Permission
from dijk_web.proposing import (
    JUDGED_BY_TWO,
    OF_A_PLAN,
    Row,
    is_overtaken,
    key_of,
    last_judged,
    may_decide,
    may_propose,
    row_of,
    seen_by,
    tables_proposed_by,
)
from dijk_web.signal import resting_on

ON_A_PAGE = 50

STATES = {
    Decision.PROPOSED: gettext_lazy("waits for another person"),
    Decision.APPROVED: gettext_lazy("approved"),
    Decision.REFUSED: gettext_lazy("refused"),
    Decision.WITHDRAWN: gettext_lazy("taken back"),
    Decision.OVERTAKEN: gettext_lazy("overtaken: something else was decided meanwhile"),
}
"""How far a proposal is, as people read it."""

DECISIONS = {"approve": deciding.approve, "refuse": deciding.refuse, "withdraw": deciding.withdraw}


# Proposing


@requires(Permission.PROPOSE_POLICY, Permission.PROPOSE_NEED, Permission.PROPOSE_TEXT)
@never_cache
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, table: str) -> HttpResponse:
    """Propose a row: of a judgement that is there, by its key, or of a new one."""
    if table not in JUDGED_BY_TWO:
        raise Http404
    if table not in tables_proposed_by(request.user):
        raise PermissionDenied
    key, before = request.GET.get("key", ""), None
    named: dict[str, str] | None = None
    if key:
        before = in_force(table, key, moment().date())
        named = dict(zip(key_of(table), key.split("|"), strict=True))
        if before is None and not last_judged(f"{table}:{key}"):
            raise Http404
        if not may_propose(request.user, table, {**(before or {}), **named}):
            raise PermissionDenied
    begun = started(table, before) | {name: text for name, text in request.GET.items() if name in key_of(table)}
    begun |= resting_on(table, {"subject": "", "need": "", **begun, **(named or {})})
    form = JudgementForm.of(
        request,
        since=last_judged(f"{table}:{key}") if key else 0,
        initial=begun,
        table=table,
        key=named,
        person=request.user,
    )
    done = form.send_or_say_why(
        request,
        lambda **told: proposing.propose(table=table, row=form.row, reason=form.cleaned_data["reason"], **told),
    )
    if done:
        return redirect("proposal", number=done)
    words = Words()
    told = {
        "form": form,
        "table": table,
        "table_name": called(table),
        "key": key,
        "named": words.key(table, named) if named else [],
        "title": words.title(table, named) if named else "",
        "ground": in_words(form["ground"].value()) if "ground" in form.fields else [],
    }
    return render(request, "dijk_web/proposals/propose.html", told, status=form.status)


def started(table: str, before: Row | None) -> dict[str, Any]:
    """What a form begins with: what holds, from today on; its basis and source are asked anew."""
    held = {name: before[name] for name in columns_of(table) if name not in key_of(table)} if before else {}
    anew = dict.fromkeys(("valid_to", "basis", "source", "how"))
    return held | anew | {"valid_from": moment().date()}


# What was proposed


class ProposalFilter(forms.Form):
    """Which proposals are shown."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["state"].choices = [("", gettext_lazy("all")), *STATES.items()]
        kinds = [(kind, kind_name(kind)) for kind in (*JUDGED_BY_TWO, *NAMES)]
        self.fields["kind"].choices = [("", gettext_lazy("all")), *kinds]

    def found(self, person: Person) -> QuerySet[Proposal]:
        """The proposals of the filter that somebody sees: what waits first, the newest on top."""
        said = self.cleaned_data if self.is_valid() else {}
        wanted = {name: value for name, value in said.items() if value}
        return Proposal.objects.filter(seen_by(person), **wanted).order_by(
            F("ended_act").desc(nulls_first=True), "-act"
        )


@requires(Permission.READ_NATION, Permission.KEEP_PEOPLE)
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """A page of the proposals, or all of the filter as CSV."""
    wanted = ProposalFilter(request.GET)
    rows = wanted.found(request.user)
    if request.GET.get("as") == "csv":
        return csv_of("proposals", CSV, rows.values_list(*CSV).iterator())
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    told = {
        "wanted": wanted,
        "page": page,
        "lines": list(lines_of(page.object_list, request.user)),
        "filter": filter_of(request, wanted),
        "tables": [(table, called(table)) for table in tables_proposed_by(request.user)],
    }
    return render(request, "dijk_web/proposals/list.html", told)


CSV = ("act", "kind", "about", "state", "proposed_at", "role", "reason", "ended_act", "ended_role", "ended_why")


def lines_of(proposals: Any, person: Person) -> Iterator[dict[str, Any]]:
    """Proposals as people read them, and whether each waits for this person."""
    words = Words()
    for one in proposals:
        yield {
            "one": one,
            "kind": kind_name(one.kind),
            "title": title_of(one, words),
            "state": STATES[Decision(one.state)],
            "by": role_name(one.role),
            "mine": one.is_open and one.by != person.code and may_decide(person, one),
        }


def kind_name(kind: str) -> str:
    """What is proposed, in the language of the page."""
    return str(NAMES[kind]) if kind in NAMES else called(kind)


NAMES = {
    DATASET: gettext_lazy("dataset with judgements"),
    DIVISION: gettext_lazy("division"),
    REPORT: gettext_lazy("report to be frozen"),
    SEAT: gettext_lazy("role of a person"),
}
"""What is proposed beside judgements."""


def title_of(proposal: Proposal, words: Words) -> str:
    """What a proposal is about, in few words."""
    content = proposal.content
    match proposal.kind:
        case kind if kind == SEAT:
            return f"{role_name(content['seat']['role'])}, {content['code']}"
        case kind if kind == DATASET:
            return str(content["file"])
        case kind if kind == DIVISION:
            return _("run {number}").format(number=content["run"])
        case kind if kind == REPORT:
            return _("report {number}").format(number=content["report"])
    return words.title(proposal.kind, content)


class DecisionForm(SinceForm):
    """Why it is approved, refused or taken back."""

    why = reason_field(gettext_lazy("Why"))

    def __init__(self, *given: Any, stopped: str, **more: Any) -> None:
        super().__init__(*given, **more)
        self.stopped = stopped

    def clean(self) -> None:
        """Which of the buttons was pressed."""
        super().clean()
        self.decide = DECISIONS.get(self.data.get("step", ""))
        if self.decide is None:
            self.add_error(None, _("Say what you decide."))
        if self.decide is deciding.approve and self.stopped:
            self.add_error(None, self.stopped)


@requires(Permission.READ_NATION, Permission.KEEP_PEOPLE)
@never_cache
@require_http_methods(["GET", "POST"])
def proposal(request: HttpRequest, number: int) -> HttpResponse:
    """One proposal beside what holds, and deciding on it."""
    one = get_object_or_404(Proposal.objects.filter(seen_by(request.user)), act=number)
    if request.method == "POST" and one.by != request.user.code and not may_decide(request.user, one):
        raise PermissionDenied
    form = DecisionForm.of(request, since=one.rests_on, stopped=what_stops(one))
    done = form.send_or_say_why(request, lambda **told: form.decide(one, why=form.cleaned_data["why"], **told))
    if done and Act.objects.get(number=done).name == deciding.OWN_TRIED:
        return render(request, "dijk_web/errors/403.html", {"why": OWN}, status=403)
    if done:
        return redirect("proposal", number=number)
    one.refresh_from_db()
    return render(request, "dijk_web/proposals/one.html", shown_of(request, one, form), status=form.status)


def what_stops(proposal: Proposal) -> str:
    """Why nobody can approve it now: a division that regions may still check, or a report whose bytes are not whole."""
    if proposal.kind == DIVISION and still_checking(Division.objects.get(act=proposal.act), moment()):
        return _("Regions may still answer: it is released once each has, or when their time is over.")
    if proposal.kind == REPORT and not is_whole(proposal):
        return _("Files of the report are not as they were made, so it cannot be frozen. Make it anew.")
    return ""


OWN = gettext_lazy("You proposed this yourself: another person decides. That you tried it is in the log.")


def steps_of(person: Person, proposal: Proposal) -> list[str]:
    """What a person may do with a proposal that is open."""
    if not proposal.is_open:
        return []
    if proposal.by == person.code:
        return ["withdraw"]
    return ["approve", "refuse"] if may_decide(person, proposal) else []


def shown_of(request: HttpRequest, one: Proposal, form: DecisionForm) -> dict[str, Any]:
    """What the page of a proposal shows."""
    (line,) = lines_of([one], request.user)
    return {
        **line,
        "form": form,
        "steps": steps_of(request.user, one),
        "key": one.about.partition(":")[2],
        "named": list(named_of(one)),
        "rows": list(compared(one)) if one.kind in JUDGED_BY_TWO else [],
        "overtaken": one.is_open and is_overtaken(one),
        "ground": in_words(one.content.get("ground")),
        "has_effect": one.kind in OF_A_PLAN,
        "ended_by": role_name(one.ended_role) if one.ended_role else "",
        "acts": Act.objects.filter(acts_of(one)).order_by("-number"),
    }


def acts_of(proposal: Proposal) -> Q:
    """The acts by which it was proposed and ended, and those of who tried to decide on their own."""
    return Q(number__in=[proposal.act, proposal.ended_act or proposal.act]) | Q(after__proposal=proposal.act)


WAYS = {
    Way.INVITE: gettext_lazy("to be invited"),
    Way.AGAIN: gettext_lazy("to be let in again"),
    Way.CHANGE: gettext_lazy("to get another role"),
}
"""How somebody comes to a role, as people read it."""


def named_of(proposal: Proposal) -> Iterator[tuple[str, str]]:
    """What is proposed, as names and values: of a judgement its key, of a person whom and what, of a dataset its file
    and how many rows of which judgements.
    """
    content = proposal.content
    if proposal.kind == SEAT:
        yield _("Whom"), ", ".join(filter(None, [content.get("name"), content.get("email"), content["code"]]))
        yield _("What"), str(WAYS[Way(content["way"])])
        seat = content["seat"]
        of = [seat.get(name) for name in ("organisation", "region", "directorate")]
        yield _("Role"), ", ".join([role_name(seat["role"]), *filter(None, of)])
    elif proposal.kind == DIVISION:
        yield _("Run"), str(content["run"])
        yield _("Regions that check it"), shown(content["regions"])
        yield _("Until"), date_format(dt.datetime.fromisoformat(content["check_by"]), "j F Y, H:i") + " UTC"
    elif proposal.kind == REPORT:
        yield _("Report"), str(content["report"])
        yield _("Of"), date_format(dt.date.fromisoformat(content["day"]), "l j F Y")
        yield _("SHA-256 of its files"), content["sha256"]
    elif proposal.kind == DATASET:
        yield _("File"), content["file"]
        yield from ((called(table).capitalize(), shown(rows)) for table, rows in content["rows"].items())
    else:
        yield from Words().key(proposal.kind, content)


def compared(proposal: Proposal) -> Iterator[dict[str, Any]]:
    """Column by column what holds today and what is proposed."""
    table, proposed = proposal.kind, row_of(proposal)
    now, words = in_force(table, proposal.about.partition(":")[2], moment().date()), Words()
    for name in says(table):
        if name == "set_by":
            continue
        before, after = "–" if now is None else words.said(table, name, now), words.said(table, name, proposed)
        yield {"name": heading(table, name), "before": before, "after": after, "differs": before != after}
