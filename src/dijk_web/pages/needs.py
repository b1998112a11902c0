"""The product list: of each need how far it is, who leads, which action runs, what the experts say and what the figures
say; and where these two differ or nobody acts.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dijk.tables.judgements import ACTIONS, SCOPE_STATES, VERDICTS
from dijk.tables.results import REGIMES
from dijk_web import store
from dijk_web.access import requires
from dijk_web.models import Act, Need, Product, Proposal
from dijk_web.of_site import last_published, moment, policy_now
from dijk_web.pages.age import duration
from dijk_web.pages.answer import csv_of, filter_of
from dijk_web.pages.judgement import Words
from dijk_web.pages.lines import choice_in_words
from dijk_web.pages.names import need_name
from dijk_web.pages.questions import threads_of
from dijk_web.pages.told_run import lang
from dijk_web.pages.verdicts import verdicts_of
from dijk_web.people import Permission, allows
from dijk_web.proposing import key_text, tables_proposed_by
from dijk_web.verdicts import (
    SOON,
    Against,
    act_of,
    acts_of_verdicts,
    by_need,
    differ,
    holds,
    objected,
    streaks,
    wrong_codes,
)
from dijk_web.visible import sees_all

ON_A_PAGE = 50
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


@requires(Permission.READ_NATION, Permission.ASK_QUESTION)
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """A page of the list, or all of the filter as CSV. Who does not read the nation sees no regimes and no alarms."""
    wanted, now = ListFilter(request.GET), moment()
    listed = by_need(policy_now().in_force("scope", now.date()))
    all_of_it = allows(request.user, Permission.READ_NATION)
    if not all_of_it:
        del wanted.fields["wrong"]
    found = wanted.of(lines_of(Need.objects.all(), now), {code: row["state"] for code, row in listed.items()})
    if not all_of_it:
        found.sort(key=lambda line: line.name.casefold())
    if request.GET.get("as") == "csv":
        columns = CSV if all_of_it else CSV_FOR_CARE
        return csv_of("needs", columns, (cells_of(line, columns) for line in found))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    told = {"wanted": wanted, "page": page, "filter": filter_of(request, wanted), "run": last_published()}
    told["may_propose"] = "scope" in tables_proposed_by(request.user)
    return render(request, f"dijk_web/needs/{'list' if all_of_it else 'list_for_care'}.html", told)


CSV = ("need", "name", "state", *LEADS, "action", "verdict", "until", "computed", "effective", "proposals", "remarks")
CSV_FOR_CARE = ("need", "name", "state", "verdict", "until")


def cells_of(line: Line, columns: Iterable[str]) -> Iterator[object]:
    """A line as a row of a file."""
    said = {"need": line.code, "remarks": "; ".join(line.wrong), **dict(zip(LEADS, line.leads, strict=True))}
    for name in columns:
        value = said[name] if name in said else getattr(line, name)
        yield "" if value is None else value


def lines_of(wanted: Iterable[Need], now: dt.datetime) -> list[Line]:
    """Needs as people read them, each beside the last published plan."""
    policy, run, today = policy_now(), last_published(), now.date()
    scope, verdicts = (by_need(policy.in_force(name, today)) for name in ("scope", "verdict"))
    regimes = by_need(store.table(str(run.code), "regime")) if run else {}
    waiting = Counter(
        one.content.get("need") for one in Proposal.objects.open().filter(kind__in=("scope", "acceptance"))
    )
    signed = acts_of_verdicts(verdicts)
    against, begun = objected(signed.values()), streaks()
    return [
        line_of(
            need,
            scope=scope.get(need.need),
            verdict=verdicts.get(need.need),
            regime=regimes.get(need.need),
            waiting=waiting[need.need],
            alarm=begun[need.need].alarm.known_at if need.need in begun and begun[need.need].alarm else None,
            against=against.get(act_of(verdicts[need.need], signed)) if need.need in verdicts else None,
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
    against: Against | None,
    now: dt.datetime,
) -> Line:
    """One need."""
    return Line(
        code=need.need,
        name=need_name(need),
        state=choice_in_words(SCOPE_STATES, scope["state"]) if scope else _("on no list"),
        leads=[(scope or {}).get(lead) or "–" for lead in LEADS],
        action=choice_in_words(ACTIONS, scope["action"]) if scope else "–",
        verdict=choice_in_words(VERDICTS, verdict["verdict"]) if verdict else "–",
        until=verdict["valid_to"] if verdict else None,
        computed=choice_in_words(REGIMES, regime["computed"]) if regime else "–",
        effective=choice_in_words(REGIMES, regime["effective"]) if regime else "–",
        proposals=waiting,
        wrong=list(wrong_with(verdict, regime, alarm, against, now)),
    )


def wrong_with(
    verdict: dict[str, Any] | None,
    regime: dict[str, Any] | None,
    alarm: dt.datetime | None,
    against: Against | None,
    now: dt.datetime,
) -> Iterable[str]:
    """What of a need asks for somebody."""
    since = alarm or (regime["known_at"] if regime else now)
    for code in wrong_codes(verdict, regime, against):
        yield str(WRONG[code]).format(age=duration(now - since))
    if verdict and verdict["valid_to"] and verdict["valid_to"] <= now.date() + SOON:
        yield _("the verdict ends within two weeks")


WRONG = {
    "nobody_knows": gettext_lazy("nobody can say what holds, for {age}"),
    "no_action": gettext_lazy("no action runs, for {age}"),
    "differ": gettext_lazy("the experts and the figures differ"),
    "objected": gettext_lazy("there is an objection to the verdict"),
}
"""What asks for somebody, as people read it."""


@requires(Permission.READ_NATION, Permission.ASK_QUESTION)
@require_safe
def need(request: HttpRequest, code: str) -> HttpResponse:
    """One need: what it must be, which articles serve it, how far it is, what the experts say, and what was asked about
    it; for who reads the nation also what the figures say, and what is proposed.
    """
    one = get_object_or_404(Need, need=code)
    told = of_everyone(request, one)
    if not allows(request.user, Permission.READ_NATION):
        return render(request, "dijk_web/needs/for_care.html", told)
    return render(request, "dijk_web/needs/one.html", told | of_the_nation(request, one))


OF_A_NEED = ("family", "size", "specification", "piece")
"""What a need must be, beside its names."""


def of_everyone(request: HttpRequest, one: Need) -> dict[str, Any]:
    """What the page of a need shows to all who open it: nothing of it is a figure."""
    now, policy, words, run = moment(), policy_now(), Words(), last_published()
    regime = by_need(store.table(str(run.code), "regime")).get(one.need) if run else None
    scope, verdict = (by_need(policy.in_force(name, now.date())).get(one.need) for name in ("scope", "verdict"))
    accepted = policy.in_force("acceptance", now.date()).filter(need=one.need).sort("preference", "product")
    names = dict(Product.objects.filter(product__in=accepted["product"]).values_list("product", "name"))
    return {
        "one": one,
        "name": need_name(one),
        "line": lines_of([one], now)[0],
        "facts": words.lines("need", {name: getattr(one, name) for name in OF_A_NEED}),
        "is_listed": scope is not None and scope["state"] == "listed",
        "holds": (now_holds := holds(verdict, regime)),
        "holds_now": choice_in_words(REGIMES, now_holds) if now_holds else "–",
        "articles": [
            row | {"name": names.get(row["product"], row["product"]), "key": key_text("acceptance", row)}
            for row in accepted.to_dicts()
        ],
        "threads": threads_of(request.user, one.need),
        "may_ask": allows(request.user, Permission.ASK_QUESTION),
    }


def of_the_nation(request: HttpRequest, one: Need) -> dict[str, Any]:
    """What the page of a need shows beside that to who reads the nation."""
    today, policy, words, run = moment().date(), policy_now(), Words(), last_published()
    regime = by_need(store.table(str(run.code), "regime")).get(one.need) if run else None
    scope, verdict = (by_need(policy.in_force(name, today)).get(one.need) for name in ("scope", "verdict"))
    proposals = Proposal.objects.filter(Q(about=f"scope:{one.need}") | Q(kind="acceptance", content__need=one.need))
    acts = Act.objects.filter(about=f"need:{one.need}").order_by("-number")[:ON_A_PAGE]
    return {
        "scope": words.lines("scope", scope) if scope else [],
        "run": run,
        "evidence": regime[f"evidence_{lang()}"] if regime else "",
        "differ": bool(verdict and regime and differ(verdict, regime)),
        "verdicts": verdicts_of(one.need, verdict, words),
        "proposals": proposals.order_by("-act")[:ON_A_PAGE],
        "may_propose": "scope" in tables_proposed_by(request.user),
        "may_sign": allows(request.user, Permission.SIGN_VERDICT),
        "may_object": verdict is not None and allows(request.user, Permission.OBJECT),
        "acts": acts if sees_all(request.user) else [],
    }
