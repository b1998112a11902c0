"""The product list: of each need how far it is, who leads, which action runs, what the experts say and what the figures
say; and where these two differ or nobody acts.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl
from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dijk.assess.regime import VERDICT_REGIME
from dijk.tables.judgements import ACTIONS, SCOPE_STATES, VERDICTS
from dijk.tables.results import REGIMES
from dijk_web import store
from dijk_web.access import requires
from dijk_web.models import Need, PastRegime, Product, Proposal
from dijk_web.of_site import last_published, moment, policy_now
from dijk_web.pages.age import duration
from dijk_web.pages.answer import csv_of, filter_of
from dijk_web.pages.judgement import Words
from dijk_web.pages.lines import choice_in_words
from dijk_web.pages.told_run import lang
from dijk_web.people import Permission
from dijk_web.proposing import key_text, tables_proposed_by

ON_A_PAGE = 50
SOON = dt.timedelta(days=14)
"""A verdict that ends within these days is for the next meeting."""

LEADS = ("lead_sourcing", "lead_buying", "lead_distributing")


@dataclass(frozen=True)
class Line:
    """A need on the list, as people read it; ``wrong`` says what asks for somebody: an alarm with its age, figures that
    say otherwise than the experts, a verdict that ends soon.
    """

    code: str
    name: str
    state: str
    leads: list[str]
    action: str
    verdict: str
    until: dt.date | None
    computed: str
    effective: str
    proposals: int
    wrong: list[str]


class ListFilter(forms.Form):
    """Which needs are shown."""

    sought = forms.CharField(label=gettext_lazy("Need"), required=False, max_length=80)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    wrong = forms.BooleanField(label=gettext_lazy("Only what asks for somebody"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        states = [(state, choice_in_words(SCOPE_STATES, state)) for state in SCOPE_STATES]
        self.fields["state"].choices = [("", gettext_lazy("all")), *states, ("none", gettext_lazy("on no list"))]

    def of(self, lines: Iterable[Line], state_of: dict[str, str]) -> list[Line]:
        """The lines of the filter: what asks for somebody first, then by name."""
        asked = self.cleaned_data if self.is_valid() else {}
        sought, state = (asked.get("sought") or "").casefold(), asked.get("state")
        kept = [
            line
            for line in lines
            if sought in f"{line.code} {line.name}".casefold()
            and state in ("", None, state_of.get(line.code, "none"))
            and (line.wrong or not asked.get("wrong"))
        ]
        return sorted(kept, key=lambda line: (not line.wrong, line.name.casefold()))


@requires(Permission.READ_NATION)
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """A page of the list, or all of the filter as CSV."""
    wanted, now = ListFilter(request.GET), moment()
    listed = by_need(policy_now().in_force("scope", now.date()))
    found = wanted.of(lines_of(Need.objects.all(), now), {code: row["state"] for code, row in listed.items()})
    if request.GET.get("as") == "csv":
        return csv_of("needs", CSV, (cells_of(line) for line in found))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    told = {"wanted": wanted, "page": page, "filter": filter_of(request, wanted), "run": last_published()}
    told["may_propose"] = "scope" in tables_proposed_by(request.user)
    return render(request, "dijk_web/needs/list.html", told)


CSV = ("need", "name", "state", *LEADS, "action", "verdict", "until", "computed", "effective", "proposals", "remarks")


def cells_of(line: Line) -> tuple[object, ...]:
    """A line as a row of a file."""
    about = (line.code, line.name, line.state, *line.leads, line.action, line.verdict, line.until or "")
    return (*about, line.computed, line.effective, line.proposals, "; ".join(line.wrong))


def by_need(rows: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Rows by their need."""
    return {row["need"]: row for row in rows.iter_rows(named=True)}


def lines_of(wanted: Iterable[Need], now: dt.datetime) -> list[Line]:
    """Needs as people read them, each beside the last published plan."""
    policy, run, today = policy_now(), last_published(), now.date()
    scope, verdicts = (by_need(policy.in_force(name, today)) for name in ("scope", "verdict"))
    regimes = by_need(store.table(str(run.code), "regime")) if run else {}
    waiting = Counter(
        one.content.get("need") for one in Proposal.objects.open().filter(kind__in=("scope", "acceptance"))
    )
    alarms = alarm_since()
    return [
        line_of(
            need,
            scope=scope.get(need.need),
            verdict=verdicts.get(need.need),
            regime=regimes.get(need.need),
            waiting=waiting[need.need],
            alarm=alarms.get(need.need),
            now=now,
        )
        for need in wanted
    ]


# parameters: what is known of a need, each from its own table
def line_of(
    need: Need,
    *,
    scope: dict[str, Any] | None,
    verdict: dict[str, Any] | None,
    regime: dict[str, Any] | None,
    waiting: int,
    alarm: dt.datetime | None,
    now: dt.datetime,
) -> Line:
    """One need."""
    return Line(
        code=need.need,
        name=name_of(need),
        state=choice_in_words(SCOPE_STATES, scope["state"]) if scope else _("on no list"),
        leads=[(scope or {}).get(lead) or "–" for lead in LEADS],
        action=choice_in_words(ACTIONS, scope["action"]) if scope else "–",
        verdict=choice_in_words(VERDICTS, verdict["verdict"]) if verdict else "–",
        until=verdict["valid_to"] if verdict else None,
        computed=choice_in_words(REGIMES, regime["computed"]) if regime else "–",
        effective=choice_in_words(REGIMES, regime["effective"]) if regime else "–",
        proposals=waiting,
        wrong=list(wrong_with(verdict, regime, alarm, now)),
    )


def wrong_with(
    verdict: dict[str, Any] | None, regime: dict[str, Any] | None, alarm: dt.datetime | None, now: dt.datetime
) -> Iterable[str]:
    """What of a need asks for somebody."""
    if regime and regime["alarm"]:
        nobody = regime["effective"] == "unknown"
        text = _("nobody can say what holds, for {age}") if nobody else _("no action runs, for {age}")
        yield text.format(age=duration(now - (alarm or regime["known_at"])))
    if verdict and regime and regime["computed"] not in (VERDICT_REGIME[verdict["verdict"]], "unknown"):
        yield _("the experts and the figures differ")
    if verdict and verdict["valid_to"] and verdict["valid_to"] <= now.date() + SOON:
        yield _("the verdict ends within two weeks")


def alarm_since() -> dict[str, dt.datetime]:
    """Of each need that the last published plan raised an alarm about, the moment of the first in a row that did."""
    found: dict[str, dt.datetime] = {}
    ended: set[str] = set()
    for need, alarm, known_at in PastRegime.objects.order_by("-known_at").values_list("need", "alarm", "known_at"):
        if not alarm:
            ended.add(need)
        elif need not in ended:
            found[need] = known_at
    return found


def name_of(need: Need) -> str:
    """What a need is called in the language of the page."""
    return str(need.name_nl if lang() == "nl" else need.name_en)


@requires(Permission.READ_NATION)
@require_safe
def need(request: HttpRequest, code: str) -> HttpResponse:
    """One need: what it must be, which articles serve it, how far it is, what the experts and the figures say, and what
    is proposed about it.
    """
    one, now, policy, words = get_object_or_404(Need, need=code), moment(), policy_now(), Words()
    run, today = last_published(), now.date()
    regime = by_need(store.table(str(run.code), "regime")).get(code) if run else None
    scope, verdict = (by_need(policy.in_force(name, today)).get(code) for name in ("scope", "verdict"))
    accepted = policy.in_force("acceptance", today).filter(need=code).sort("preference", "product")
    names = dict(Product.objects.filter(product__in=accepted["product"]).values_list("product", "name"))
    proposals = Proposal.objects.filter(Q(about=f"scope:{code}") | Q(kind="acceptance", content__need=code))
    told = {
        "one": one,
        "name": name_of(one),
        "line": lines_of([one], now)[0],
        "facts": words.lines("need", {name: getattr(one, name) for name in OF_A_NEED}),
        "scope": words.lines("scope", scope) if scope else [],
        "verdict": words.lines("verdict", verdict) if verdict else [],
        "run": run,
        "evidence": regime[f"evidence_{lang()}"] if regime else "",
        "articles": [
            row | {"name": names.get(row["product"], row["product"]), "key": key_text("acceptance", row)}
            for row in accepted.to_dicts()
        ],
        "proposals": proposals.order_by("-act")[:ON_A_PAGE],
        "may_propose": "scope" in tables_proposed_by(request.user),
    }
    return render(request, "dijk_web/needs/one.html", told)


OF_A_NEED = ("family", "size", "specification", "piece")
"""What a need must be, beside its names."""
