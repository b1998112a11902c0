"""The effect of a proposal: asked for while it waits, worked out by the worker, and shown as what is and would be."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dijk.report.pages import Cell
from dijk.report.shown import number
from dijk.report.shown import shown as said
from dijk.tables import ALL, EFFECT
from dijk.tables.columns import choices_in_dutch
from dijk.tables.effect import most_changed
from dijk_web import store
from dijk_web.access import requires
from dijk_web.actions.planning import ask_for_effect
from dijk_web.actions.writing import AlreadyDone, TooLate
from dijk_web.models import Effect, Person, Proposal, State
from dijk_web.pages.errors import too_late
from dijk_web.pages.faults import in_words
from dijk_web.pages.findings import as_lines
from dijk_web.pages.form import OneTimeForm, typed
from dijk_web.pages.judgement import names_in
from dijk_web.pages.lines import choice_in_words, shown
from dijk_web.pages.proposals import lines_of
from dijk_web.pages.told_run import lang
from dijk_web.people import Permission, Role
from dijk_web.proposing import OF_A_PLAN, may_decide, seen_by

MOST = 20
"""Rows of a table on the page: those that change most; the command `dijk effect` gives all."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """A table of an effect as the page shows it: how many cells were compared, its headings, and lines of text."""

    name: str
    title: str
    compared: int | None
    changed: int
    headings: list[str]
    lines: list[list[str]]
    right: int
    """How many of the last columns are numbers."""

    @property
    def more(self) -> int:
        """Rows that change too, and are not on the page."""
        return self.changed - len(self.lines)


@requires(Permission.READ_NATION)
@never_cache
@require_http_methods(["GET", "POST"])
def effect(request: HttpRequest, number: int) -> HttpResponse:
    """What a proposal would do; whoever proposed it or may decide on it asks for that here, and a planner."""
    one = get_object_or_404(Proposal.objects.filter(seen_by(request.user), kind__in=OF_A_PLAN), act=number)
    may_ask = may_ask_for(request.user, one)
    form = OneTimeForm(typed(request))
    if request.method == "POST":
        if not may_ask:
            raise PermissionDenied
        if form.is_valid():
            return _asked(request, one, form)
    last = Effect.objects.filter(proposal=number).first()
    told = {
        **next(lines_of([one], request.user)),
        "effect": last,
        "parts": parts_of(store.effect(last.act)) if last and last.state == State.MADE else [],
        "findings": as_lines(last.findings) if last else [],
        "fault": in_words(last.fault) if last else "",
        "form": form if may_ask and one.is_open and not (last and last.state == State.ASKED) else None,
    }
    return render(request, "dijk_web/proposals/effect.html", told, status=422 if form.is_bound else 200)


def may_ask_for(person: Person, proposal: Proposal) -> bool:
    """Whether somebody may have the worker plan twice for a proposal."""
    return proposal.by == person.code or may_decide(person, proposal) or Role(person.role) is Role.PLANNER


def _asked(request: HttpRequest, one: Proposal, form: OneTimeForm) -> HttpResponse:
    try:
        ask_for_effect(one, by=request.user, once=form.key_of(request.user))
    except AlreadyDone:
        pass
    except TooLate:
        return too_late(request, _("The proposal has ended."))
    return redirect("effect", number=one.act)


# The tables


def all_or(name: str) -> str:
    """What a row is of, where that may be all of it."""
    return _("all") if name == ALL else name


class Names:
    """What registers call their codes, each register read once."""

    def __init__(self) -> None:
        self._read: dict[str, dict[str, str]] = {}

    def of(self, register: str, code: str) -> str:
        """A code by its name; what no register knows by itself."""
        if register not in self._read:
            self._read[register] = dict(names_in(register))
        return all_or(self._read[register].get(code, code))


def parts_of(tables: dict[str, pl.DataFrame]) -> list[Part]:
    """The parts of an effect in the order in which they are read; of fences only where one was proposed."""
    counted = {row["part"]: row for row in tables["compared"].iter_rows(named=True)}
    names, prices = Names(), tables["fence_price"]
    drawn = [part_of(name, tables[name], counted[name]["compared"], names) for name in SHOWN if name in counted]
    return drawn + ([part_of("fence_price", prices, None, names)] if prices.height else [])


def part_of(name: str, rows: pl.DataFrame, compared: int | None, names: Names) -> Part:
    """One table."""
    title, headings, line, right = SHOWN[name]
    most = most_changed(rows, MOST).iter_rows(named=True)
    told = [str(one()) for one in headings]
    return Part(name, str(title()), compared, rows.height, told, [line(row, names) for row in most], right)


def word(part: str, column: str, code: str | None) -> str:
    """A word of a closed list of a table of an effect; a dash where there is none."""
    return "–" if code is None else choice_in_words(choices_in_dutch(EFFECT[part].columns()[column]), code)


def two(row: Row, name: str, said: Callable[[Any], str]) -> list[str]:
    """What is and what would be; a dash where a plan says nothing of it."""
    return ["–" if row[f"{name}_{when}"] is None else said(row[f"{name}_{when}"]) for when in ("before", "after")]


def percent(share: float) -> str:
    """A share as a percentage, one decimal."""
    return f"{number(share * 100, lang(), places=1)}%"


def days(value: float) -> str:
    """A number of days, as the report has it."""
    return said(Cell("days", value), lang())


def euros(cents: int) -> str:
    """Money, as the report has it."""
    return said(Cell("money", cents), lang())


def regime_line(row: Row, names: Names) -> list[str]:
    """A need that would be routed otherwise."""
    return [
        names.of("need", row["need"]),
        *two(row, "effective", lambda one: word("regime_change", "effective_before", one)),
    ]


def unmet_line(row: Row, names: Names) -> list[str]:
    """What claimants of a cell miss and get."""
    where = [names.of(axis, row[axis]) for axis in ("need", "sector", "region")]
    return [*where, *two(row, "unmet", percent), *two(row, "packs", shown)]


def level_line(row: Row, names: Names) -> list[str]:
    """A published level, or how far the goods reach where there is none."""

    def level(when: str) -> str:
        value, reach = row[f"level_days_{when}"], row[f"reach_{when}"]
        return word("level_change", "reach_before", reach) if value is None else days(value)

    where = [names.of("need", row["need"]), str(row["tier"]), word("level_change", "holder", row["holder"])]
    return [*where, names.of("region", row["region"]), all_or(row["fence"]), level("before"), level("after")]


def purchase_line(row: Row, names: Names) -> list[str]:
    """What to buy of a need, and what that costs."""
    curve = word("purchase_change", "curve", row["curve"])
    money = [
        word("purchase_change", "reason_before", row[f"reason_{when}"])
        if row[f"cents_{when}"] is None
        else euros(row[f"cents_{when}"])
        for when in ("before", "after")
    ]
    return [names.of("need", row["need"]), curve, *two(row, "pieces", shown), *money]


def price_line(row: Row, names: Names) -> list[str]:
    """What a fence costs: with it and without it."""

    def both(name: str, said: Callable[[Any], str]) -> Iterator[str]:
        for when in ("without", "with"):
            value = row[f"{name}_{when}"]
            yield "–" if value is None else said(value)

    covers = [*both("group_days", days), *both("others_days", days)]
    missing = "–" if row["missing_pieces"] is None else shown(row["missing_pieces"])
    return [row["fence"], names.of("need", row["need"]), *both("unmet", percent), *covers, missing]


Words = Callable[[], str]
NOW, WOULD = (lambda: _("Now")), (lambda: _("It would be"))
NEED, SECTOR, REGION = (lambda: _("Need")), (lambda: _("Sector")), (lambda: _("Region"))

SHOWN: dict[str, tuple[Words, list[Words], Callable[[Row, Names], list[str]], int]] = {
    "regime_change": (lambda: _("How needs are routed"), [NEED, NOW, WOULD], regime_line, 0),
    "unmet_change": (
        lambda: _("What is missed, and packs that go out"),
        [
            *(NEED, SECTOR, REGION),
            *(lambda: _("Missed now"), lambda: _("It would be missed")),
            *(lambda: _("Packs now"), lambda: _("Packs it would be")),
        ],
        unmet_line,
        4,
    ),
    "level_change": (
        lambda: _("Published levels, in days"),
        [NEED, lambda: _("Tier"), lambda: _("From"), REGION, lambda: _("Fence"), NOW, WOULD],
        level_line,
        2,
    ),
    "purchase_change": (
        lambda: _("What to buy"),
        [
            *(NEED, lambda: _("Curve"), lambda: _("Pieces now"), lambda: _("Pieces it would be")),
            *(lambda: _("Costs now"), lambda: _("It would cost")),
        ],
        purchase_line,
        4,
    ),
    "fence_price": (
        lambda: _("What the fence costs"),
        [
            *(lambda: _("Fence"), NEED, lambda: _("Missed without it"), lambda: _("Missed with it")),
            *(lambda: _("Days of its group without"), lambda: _("Days of its group with")),
            *(lambda: _("Days of others without"), lambda: _("Days of others with")),
            lambda: _("Pieces that its promise lacks"),
        ],
        price_line,
        7,
    ),
}
"""Of each part its title, its headings, how a row reads, and how many of its last columns are numbers."""
