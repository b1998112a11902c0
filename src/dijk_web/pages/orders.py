"""Ordering: per need what the norm says, what there is, what is open and what came; one order for one site or many."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl
from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.tables import ON_DISK
from dijk_web import kept
from dijk_web.access import requires
from dijk_web.actions.asking import Urgent, order
from dijk_web.actions.telling import SPEAKS_AS, Sent, last_told, valid
from dijk_web.actions.writing import AlreadyDone, TooLate
from dijk_web.models import Need, Person, Site
from dijk_web.of_site import (
    Held,
    Known,
    codes,
    doubts_about,
    known_of,
    moment,
    names_of,
    needs_of,
    norms_of,
    packs_of_needs,
    policy_now,
)
from dijk_web.pages.form import new_key
from dijk_web.pages.lines import PACKS, PIECES, Line, amount_in_words, doubts_in_words, read, shown
from dijk_web.pages.telling import WAYS, Page, changes_since, page_of
from dijk_web.people import Permission, Role
from dijk_web.visible import sites_visible_to

MOST_SITES = 200
"""Sites in one order: more do not fit on a page that people can read."""

NOTHING_HELD = Held(norm=0.0, pieces=None, doubted=False)

Fill = Callable[[list[Line], Inputs], None]
"""Puts something in lines that are empty, by what is known of the sites."""


class OrderForm(forms.Form):
    """What holds for the whole order."""

    why = forms.CharField(
        label=gettext_lazy("Why so much"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Asked only where an amount is beyond belief; with a reason it is sent as it is."),
    )
    on_behalf = forms.ChoiceField(label=gettext_lazy("How do you know?"), choices=[("", "–"), *WAYS.items()])

    def __init__(self, *given: Any, person: Person, **more: Any) -> None:
        super().__init__(*given, **more)
        if Role(person.role) not in SPEAKS_AS:
            del self.fields["on_behalf"]


@dataclass(frozen=True)
class Kind:
    """A kind of order: its form and pages, what stands beside it, and what it has that makes it urgent."""

    title: str | Promise
    form: type[OrderForm] = OrderForm
    template: str = "dijk_web/orders/new.html"
    beside: Callable[[list[Site]], dict[str, Any]] = lambda sites: {}
    urgent: Callable[[dict[str, Any], Site], Urgent | None] = lambda said, site: None
    answer: str = "receipt"


ORDINARY = Kind(gettext_lazy("Order"))


@requires(Permission.ASK)
@never_cache
@require_http_methods(["GET", "POST"])
def new_order(request: HttpRequest) -> HttpResponse:
    """Choose sites, fill in, look, send."""
    mine = sites_visible_to(request.user).filter(kind__in=["care", "outlet"]).order_by("name", "site")
    asked, sought = request.GET.getlist("site"), request.GET.get("sought", "")
    if sought and not asked:
        mine = mine.filter(Q(name__icontains=sought) | Q(site__icontains=sought))
    few = list(mine.filter(site__in=asked)[:MOST_SITES] if asked else mine[: MOST_SITES + 1])
    if not few or sought or (not asked and len(few) > 1):
        told = {"sites": few[:MOST_SITES], "more": len(few) > MOST_SITES, "sought": sought}
        return render(request, "dijk_web/orders/sites.html", told, status=422 if request.method == "POST" else 200)
    return fill_in(request, few, ORDINARY)


def fill_in(request: HttpRequest, sites: list[Site], kind: Kind) -> HttpResponse:
    """The form for these sites, as far as it has come."""
    now = moment()
    policy = policy_now()

    def form(data: Any = None, initial: Any = None) -> OrderForm:
        return kind.form(data, initial=initial, person=request.user)

    page = page_of(request, order_lines(sites, policy, now.date()), form, last_told("request", sites))
    step = request.POST.get("step")
    if request.method != "POST" or step == "change" or step in FILLS:
        return a_form(request, sites, page, kind, fill=FILLS.get(step or ""))
    read(page.lines, request.POST, ON_DISK["request"].columns()["pieces"])
    judge(page, policy, now.date())
    if page.is_wrong or not page.form.is_valid():
        return a_form(request, sites, page, kind, status=422)
    if step == "send":
        return send(request, sites, page, kind)
    rows = rows_of(page)
    asked = [
        {"source": "site", "day": now.date(), "request": f"new {at}", "urgent": False, **row}
        for at, row in enumerate(rows)
    ]
    page.doubts = doubts_in_words(doubts_about("request", valid("request", asked), sites, policy))
    return a_page(request, sites, page, kind, template="dijk_web/site/look.html")


def order_lines(sites: list[Site], policy: Policy, today: dt.date) -> list[Line]:
    """A line per site and need, with what an amount is judged by: the norm use and the cap."""
    needs = needs_of(sites, policy, today)
    names = names_of(Need, set().union(*needs.values()))
    packs, norms = packs_of_needs(policy, today), norms_of(sites)
    cells = [(site, need) for site in sites for need in names if need in needs[site.site]]
    lines = []
    for (site, need), cap in zip(cells, caps_of(cells, policy, today), strict=True):
        norm = norms.get((site.site, need), 0.0)
        line = Line("|".join((site.site, need)), names[need], each=packs.get(need))
        line.place = site.name if len(sites) > 1 else ""
        line.about = {"site": site.site, "need": need, "norm": shown(norm), "cap": cap * norm}
        lines.append(line)
    return lines


def set_beside(lines: list[Line], known: Known, policy: Policy) -> None:
    """Beside each line what there is, what is open, what came, and by these a suggestion."""
    days = int(policy.number("request_open_days", known.world.today))
    waits, came = still_open(known.world, days), received(known.world, days)
    for line in lines:
        key = str(line.about["site"]), str(line.about["need"])
        line.about |= {"held": known.held.get(key, NOTHING_HELD), "open": waits.get(key, 0), "came": came.get(key, 0)}
        line.about["suggestion"] = suggestion(line)
        line.last = amount_in_words(line.about["suggestion"], line.each) if line.about["suggestion"] else ""


def caps_of(cells: list[tuple[Site, str]], policy: Policy, day: dt.date) -> list[float]:
    """The most days of norm use that anyone gets, per site and need."""
    rows = [{"need": need, "sector": site.sector, "region": site.region} for site, need in cells]
    schema = dict.fromkeys(("need", "sector", "region"), pl.String)
    return policy.numbers("cap_days", day, pl.DataFrame(rows, schema=schema)).to_list()


def suggestion(line: Line) -> int:
    """Pieces that bring the site to the cap, less what it has and what is open, in whole packs."""
    held: Held = line.about["held"]
    lacking = max(0.0, line.about["cap"] - (held.pieces or 0) - line.about["open"])
    each = line.each or 1
    return int(-(-lacking // each)) * each


def still_open(world: Inputs, days: int) -> dict[tuple[str, str], int]:
    """Pieces that were asked for in the last so many days and have not come, per site and need."""
    edge = world.today - dt.timedelta(days=days)
    asked = world.request.filter(pl.col("pieces").is_not_null() & (pl.col("day") > edge))
    came = world.delivery.filter(pl.col("request").is_not_null()).group_by("request").agg(came=pl.col("pieces").sum())
    rows = asked.join(came, on="request", how="left").with_columns(
        left=(pl.coalesce("checked_pieces", "pieces") - pl.col("came").fill_null(0)).clip(lower_bound=0)
    )
    return by_cell(rows.group_by("site", "need").agg(pl.col("left").sum()))


def received(world: Inputs, days: int) -> dict[tuple[str, str], int | None]:
    """Pieces that came in the last so many days, per site and need; None where of a delivery nobody knows how much it
    was.
    """
    edge = world.today - dt.timedelta(days=days)
    pieces = pl.when(pl.col("pieces").is_not_null().all()).then(pl.col("pieces").sum())
    return by_cell(world.delivery.filter(pl.col("day") > edge).group_by("site", "need").agg(pieces))


def by_cell(rows: pl.DataFrame) -> dict[tuple[str, str], Any]:
    """A column by site and need."""
    return {(site, need): value for site, need, value in rows.rows()}


ORDER_OF_CODE = r"^R(\d+)-\d+$"
"""The act that placed an order, in the code of each of its requests."""


def suggest(lines: list[Line], world: Inputs) -> None:
    """Fill lines that are empty, and no others, with the suggestion that stands beside them."""
    for line in lines:
        put(line, line.about["suggestion"])


def repeat(lines: list[Line], world: Inputs) -> None:
    """Fill lines that are empty with the last order of the site: of the last day the one that was placed last, or all
    that it asked for on that day where it came in another way.
    """
    order = pl.col("request").str.extract(ORDER_OF_CODE).cast(pl.Int64).fill_null(0)
    asked = world.request.filter(pl.col("pieces").is_not_null()).with_columns(order=order)
    of_the_day = asked.filter(pl.col("day") == pl.col("day").max().over("site"))
    last = of_the_day.filter(pl.col("order") == pl.col("order").max().over("site"))
    pieces = by_cell(last.group_by("site", "need").agg(pl.col("pieces").sum()))
    for line in lines:
        put(line, pieces.get((line.about["site"], line.about["need"]), 0))


FILLS: dict[str, Fill] = {"suggest": suggest, "repeat": repeat}
"""Buttons that fill what is empty."""


def put(line: Line, pieces: int) -> None:
    """Fill a line, if nothing is in it: in packs where they are whole."""
    if line.is_filled or not pieces:
        return
    in_packs = bool(line.each) and pieces % line.each == 0
    line.typed, line.unit = str(pieces // line.each if in_packs else pieces), PACKS if in_packs else PIECES


def judge(page: Page, policy: Policy, day: dt.date) -> None:
    """What an order must be: something, in pieces; and beyond belief only with a reason."""
    if not page.filled:
        page.problems.append(_("Nothing was filled in."))
    times = policy.usual("absurd_times_norm", day)
    beyond = False
    for line in page.filled:
        if line.value is None and not line.problems:
            line.problems.append(_("An order is a number; leave the line empty where you ask for nothing."))
        elif line.value is not None and line.about["cap"] and line.value > line.about["cap"]:
            cap = shown(round(line.about["cap"]))
            line.notes.append(
                _("More than the cap of {cap} pieces, which is the most that anyone gets at once.").format(cap=cap)
            )
            beyond |= line.value > line.about["cap"] * times
    if beyond and page.form.is_valid() and not page.form.cleaned_data["why"].strip():
        text = _(
            "Say why: an amount is more than {times} times the cap, and counts as the cap unless a call confirms it."
        )
        page.form.add_error("why", text.format(times=shown(times)))


def rows_of(page: Page) -> list[dict[str, Any]]:
    """The requests of an order, as yet without their codes."""
    return [
        {"site": line.about["site"], "need": line.about["need"], "pieces": line.value, "how": line.how}
        for line in page.filled
    ]


def send(request: HttpRequest, sites: list[Site], page: Page, kind: Kind) -> HttpResponse:
    """Place the order, once. What others asked for the same sites in between is shown first."""
    said, rows = page.form.cleaned_data, rows_of(page)
    ordering = [site for site in sites if any(row["site"] == site.site for row in rows)]
    sent = Sent(f"{request.user.code}:{page.once}", page.since)
    words = {"on_behalf": said.get("on_behalf", ""), "why": said["why"].strip()}
    try:
        urgent = kind.urgent(said, ordering[0])
        number = order(by=request.user, sites=ordering, rows=rows, sent=sent, urgent=urgent, **words)
    except AlreadyDone as done:
        number = done.act.number
    except TooLate:
        page.changed = changes_since("request", sites, page.since)
        page.once, page.since = new_key(), last_told("request", sites)
        return a_form(request, sites, page, kind, status=409)
    kept.let_go(request)
    return redirect(kind.answer, number=number)


# parameters: what is shown, and how
def a_form(
    request: HttpRequest, sites: list[Site], page: Page, kind: Kind, *, status: int = 200, fill: Fill | None = None
) -> HttpResponse:
    """The form, with what stands beside each line; what is empty may be filled first."""
    known = known_of(sites)
    set_beside(page.lines, known, policy_now())
    if fill:
        fill(page.lines, known.world)
    return a_page(request, sites, page, kind, status=status)


# parameters: what is shown, and how
def a_page(
    request: HttpRequest, sites: list[Site], page: Page, kind: Kind, *, status: int = 200, template: str = ""
) -> HttpResponse:
    """A page of the form."""
    names = ", ".join(site.name for site in sites[:3]) + (f" (+{len(sites) - 3})" if len(sites) > 3 else "")
    told = {"page": page, "typed_by": kept.name_tag(request.user), "site": {"name": names}, "sites": codes(sites)}
    told |= {"topic": {"title": kind.title}, **kind.beside(sites)}
    return render(request, template or kind.template, told, status=status)
