"""Loans between regions: those that somebody reads, how far each is, and answering one that another region offers."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk_web import lots
from dijk_web.access import requires
from dijk_web.actions import deciding
from dijk_web.lending import Stage, Standing, lends, standing, standings
from dijk_web.models import Act, Need, Person, Product, Site
from dijk_web.of_site import moment, names_of
from dijk_web.pages.answer import csv_of, filter_of
from dijk_web.pages.desks import regions
from dijk_web.pages.dispatches import state_of as state_of_parcel
from dijk_web.pages.dispatches import visible_to as parcels_visible_to
from dijk_web.pages.lines import shown
from dijk_web.pages.navigation import role_name
from dijk_web.pages.proposals import DecisionForm, steps_of
from dijk_web.people import SEATS, Permission, Role, Scope, may
from dijk_web.visible import loans_visible_to

ON_A_PAGE = 50

STAGES = {
    Stage.OFFERED: gettext_lazy("offered, and waits for the other region"),
    Stage.REFUSED: gettext_lazy("refused"),
    Stage.WITHDRAWN: gettext_lazy("taken back"),
    Stage.ACCEPTED: gettext_lazy("accepted, and to be sent"),
    Stage.UNDERWAY: gettext_lazy("on its way"),
    Stage.LENT: gettext_lazy("lent"),
    Stage.RETURNED: gettext_lazy("settled: all of it came back"),
    Stage.SETTLED: gettext_lazy("settled by the lender"),
}
"""How far a loan is, as people read it."""

TONES = {
    Stage.OFFERED: ("watch", "◆"),
    Stage.ACCEPTED: ("watch", "◆"),
    Stage.UNDERWAY: ("watch", "◆"),
    Stage.RETURNED: ("enough", "●"),
    Stage.SETTLED: ("enough", "●"),
}

LATE = "late"


class LoanFilter(forms.Form):
    """Which loans are shown."""

    side = forms.ChoiceField(
        label=gettext_lazy("Of your region"),
        required=False,
        choices=[("", gettext_lazy("all")), ("lent", gettext_lazy("lent")), ("borrowed", gettext_lazy("borrowed"))],
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, *given: Any, person: Person, **more: Any) -> None:
        super().__init__(*given, **more)
        self.person = person
        late = (LATE, gettext_lazy("late to come back"))
        self.fields["state"].choices = [("", gettext_lazy("all")), late, *STAGES.items()]
        if SEATS[Role(person.role)].scope is not Scope.REGION:
            del self.fields["side"]

    def found(self, today: dt.date) -> list[Standing]:
        """The loans of the filter that the person reads: what is late first, then the newest."""
        said = self.cleaned_data if self.is_valid() else {}
        rows = loans_visible_to(self.person)
        if side := said.get("side"):
            rows = rows.filter(**{"from_region" if side == "lent" else "to_region": self.person.region})
        found = standings(rows)
        if state := said.get("state"):
            found = [one for one in found if (one.is_late(today) if state == LATE else one.stage == state)]
        return sorted(found, key=lambda one: (not one.is_late(today), -one.loan.act))


CSV = ("loan", "from_region", "to_region", "from_site", "to_site", "need", "product", "packs", "pieces_per_pack")
STOOD = ("due_back", "stage", "late", "sent", "came", "came_back", "owed")


@requires(Permission.READ_LOANS)
@require_safe
def loans(request: HttpRequest) -> HttpResponse:
    """A page of the loans that somebody reads, or all of the filter as CSV."""
    wanted, today = LoanFilter(request.GET, person=request.user), moment().date()
    found = wanted.found(today)
    if request.GET.get("as") == "csv":
        return csv_of("loans", (*CSV, *STOOD), (row_of(one, today) for one in found))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    told = {"page": page, "lines": list(lines_of(list(page.object_list))), "wanted": wanted}
    told |= {"filter": filter_of(request, wanted), "may_lend": may(request.user.role, Permission.LEND)}
    return render(request, "dijk_web/loans/list.html", told)


def row_of(one: Standing, today: dt.date) -> list[Any]:
    """A loan as a row of the CSV."""
    loan = one.loan
    said = [loan.act, *(getattr(loan, name) for name in CSV[1:]), loan.due_back, one.stage.value, one.is_late(today)]
    return [*said, sum(one.sent().values()), one.came, one.came_back, one.owed]


def lines_of(found: list[Standing]) -> Iterator[dict[str, Any]]:
    """Loans with names and how far they are."""
    names, today = regions(), moment().date()
    products = {one.loan.product for one in found}
    articles = dict(Product.objects.filter(product__in=products).values_list("product", "name"))
    needs = names_of(Need, {one.loan.need for one in found})
    for one in found:
        loan = one.loan
        tone, sign, state = state_of(one, today)
        yield {
            "one": loan,
            "from": names.get(loan.from_region, loan.from_region),
            "to": names.get(loan.to_region, loan.to_region),
            "product": articles.get(loan.product, loan.product),
            "need": needs[loan.need],
            "packs": shown(loan.packs),
            "owed": shown(one.owed),
            "tone": tone,
            "sign": sign,
            "state": state,
        }


def state_of(one: Standing, today: dt.date) -> tuple[str, str, str]:
    """How far a loan is: tone, sign and words."""
    if one.is_late(today):
        text = ngettext("late: {count} box is not back", "late: {count} boxes are not back", one.owed)
        return "late", "▼", text.format(count=shown(one.owed))
    tone, sign = TONES.get(one.stage, ("", ""))
    if one.stage == Stage.LENT:
        text = ngettext("lent: {count} box is to be back", "lent: {count} boxes are to be back", one.owed)
        return tone, sign, text.format(count=shown(one.owed))
    return tone, sign, str(STAGES[one.stage])


# One loan


@requires(Permission.READ_LOANS)
@never_cache
@require_http_methods(["GET", "POST"])
def loan(request: HttpRequest, number: int) -> HttpResponse:
    """One loan: what was offered, sent and came back, lot by lot; the other region answers, and who offered it takes it
    back.
    """
    get_object_or_404(loans_visible_to(request.user), act=number)
    found = standing(number)
    steps = steps_of(request.user, found.proposal)
    answers = lends(request.user, found.loan.to_region) or found.proposal.by == request.user.code
    if request.method == "POST" and not answers:
        raise PermissionDenied
    form = DecisionForm.of(request, since=found.last_act, stopped=what_stops(found))

    def done(**told: Any) -> int:
        return int(form.decide(found.proposal, why=form.cleaned_data["why"], **told))

    if number_of_act := form.send_or_say_why(request, done):
        if Act.objects.get(number=number_of_act).name == deciding.OWN_TRIED:
            return render(request, "dijk_web/errors/403.html", {"why": OWN}, status=403)
        return redirect("loan", number=number)
    found = standing(number)
    told = shown_of(request.user, found) | {"form": form, "steps": steps if found.proposal.is_open else []}
    return render(request, "dijk_web/loans/one.html", told, status=form.status)


OWN = gettext_lazy("You offered this yourself: a person of the other region answers. That you tried it is in the log.")


def what_stops(found: Standing) -> str:
    """Why nobody can accept it now."""
    if found.loan.due_back <= moment().date():
        return _("The day on which it would be back is over: it must be offered anew.")
    return ""


def shown_of(person: Person, found: Standing) -> dict[str, Any]:
    """What the page of a loan shows, and what this person may do with it."""
    one, (line,) = found.loan, lines_of([found])
    sites = dict(Site.objects.filter(site__in=[one.from_site, one.to_site]).values_list("site", "name"))
    gives, borrows = lends(person, one.from_region), lends(person, one.to_region)
    return line | {
        "found": found,
        "proposal": found.proposal,
        "by": role_name(found.proposal.role),
        "ended_by": role_name(found.proposal.ended_role) if found.proposal.ended_role else "",
        "from_site": sites.get(one.from_site, one.from_site),
        "to_site": sites.get(one.to_site, one.to_site),
        "lots": list(lots_of(found)),
        "parcels": list(parcels_of(person, found)),
        "sends": gives and bool(found.to_send()),
        "returns": borrows and found.to_return > 0,
        "settles": gives and found.is_accepted and found.stage != Stage.RETURNED and not found.underway(),
        "acts": Act.objects.filter(about=f"loan:{one.act}").order_by("-number"),
    }


def lots_of(found: Standing) -> Iterator[dict[str, Any]]:
    """Lot by lot what was offered and sent, and whether it is blocked at one of the two hubs."""
    one, sent = found.loan, found.sent()
    places = [Site.objects.get(site=site) for site in (one.from_site, one.to_site)]
    blocked = [set(lots.blocks_at(place).filter(product=one.product).values_list("lot", flat=True)) for place in places]
    for lot, packs in sorted(one.lots.items()):
        at_lender, at_borrower = (lot in some for some in blocked)
        yield {
            "lot": lot,
            "packs": shown(packs),
            "sent": shown(sent.get(lot, 0)),
            "at_lender": at_lender and lot in found.to_send(),
            "at_borrower": at_borrower,
        }


def parcels_of(person: Person, found: Standing) -> Iterator[dict[str, Any]]:
    """What was sent there and back, the newest first, with how far it is."""
    today = moment().date()
    seen = set(parcels_visible_to(person).filter(division=found.loan.act).values_list("pk", flat=True))
    for one in reversed(found.parcels):
        tone, sign, state = state_of_parcel(one, today)
        there = one.from_site == found.loan.from_site
        way = _("to the borrower") if there else _("back to the lender")
        yield {"one": one, "way": way, "packs": shown(one.packs), "tone": tone, "sign": sign, "state": state} | {
            "seen": one.pk in seen
        }
