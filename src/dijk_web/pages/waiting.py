"""Counts that wait for a second: which sites have them, and bearing them out after a call."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk.policy import served_need
from dijk_web.access import requires
from dijk_web.actions.confirming import second_counts, seconded
from dijk_web.actions.telling import SPEAKS_AS, last_told, own_word
from dijk_web.actions.writing import as_table
from dijk_web.models import Contact, Need, Product, Run, Site, Stock
from dijk_web.of_site import known_of, last_published, moment, names_of, policy_now, positions_of, world_of
from dijk_web.pages.answer import csv_of, filter_of
from dijk_web.pages.desks import regions
from dijk_web.pages.form import SinceForm, done_before
from dijk_web.pages.lines import amount_in_words
from dijk_web.pages.site_filter import SiteFilter
from dijk_web.pages.telling import WAYS
from dijk_web.people import Permission, Role
from dijk_web.visible import site_or_404
from dijk_web.waiting import counts_that_wait

ON_A_PAGE = 50

SORTS = {
    "needs": ("needs", "counted_on", "name", "site"),
    "oldest": ("counted_on", "name", "site"),
    "name": ("name", "site"),
    "region": ("region", "name", "site"),
}
"""By what the list may be sorted."""


class WaitingFilter(SiteFilter):
    """Which sites with counts that wait are shown."""

    sort = forms.ChoiceField(
        label=gettext_lazy("Sorted by"),
        required=False,
        choices=[
            ("", gettext_lazy("needs, most first")),
            ("oldest", gettext_lazy("day of the count, oldest first")),
            ("name", gettext_lazy("site")),
            ("region", gettext_lazy("region")),
        ],
    )

    def rows(self, run: Run) -> pl.DataFrame:
        """Sites of which a run doubted counts that nobody bore out since: site, name, region, needs, counted_on."""
        columns = ("site", "name", "region")
        sites = pl.DataFrame(
            list(self.sites().values_list(*columns)), schema=dict.fromkeys(columns, pl.String), orient="row"
        )
        by_site = counts_that_wait(run).group_by("site").agg(needs=pl.len(), counted_on=pl.col("counted_on").min())
        order = SORTS[self.said.get("sort") or "needs"]
        return sites.join(by_site, on="site").sort(order, descending=[name == "needs" for name in order])


@requires(Permission.CONFIRM)
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """The sites of which the last published plan doubted a count; fifty on a page, or all of the filter as CSV."""
    run = last_published()
    wanted = WaitingFilter(request.GET, person=request.user)
    if run is None:
        return render(request, "dijk_web/waiting/list.html", {"run": None, "wanted": wanted})
    rows = wanted.rows(run)
    if request.GET.get("as") == "csv":
        return csv_of("counts", rows.columns, rows.iter_rows())
    page = Paginator(range(rows.height), ON_A_PAGE).get_page(request.GET.get("page"))
    lines = rows.slice(page.start_index() - 1 if rows.height else 0, ON_A_PAGE).to_dicts()
    names, codes = regions(), [line["site"] for line in lines]
    contacts = Contact.objects.of_sites(list(Site.objects.filter(site__in=codes)))
    for line in lines:
        line |= {"contact": contacts.get(line["site"]), "place": names.get(line["region"], line["region"])}
    told = {"run": run, "page": page, "lines": lines, "wanted": wanted, "filter": filter_of(request, wanted)}
    return render(request, "dijk_web/waiting/list.html", told)


# The counts of one site


@dataclass(frozen=True)
class Count:
    """A count of a need that is below the ledger: what was counted and when, what is left of it by now, what a division
    relies on meanwhile, and the rows that it was told in.
    """

    need: str
    name: str
    day: Any
    counted: str
    left: str
    relied_on: str
    rows: Sequence[Stock]


def counts_of(site: Site) -> list[Count]:
    """The counts of a site that wait now."""
    now = moment()
    policy = policy_now()
    rows = known_of([site]).position.filter("doubted")
    needs = names_of(Need, rows["need"])
    serves = dict(served_need(policy, now.date()).rows())
    found = {row["need"]: row for row in rows.to_dicts()}
    told = last_rows(site, {row["counted_on"] for row in found.values()})
    each = dict(
        Product.objects.filter(product__in={row.product_id for row in told}).values_list("pk", "pieces_per_pack")
    )
    counts = []
    for need, name in needs.items():
        of_need = [row for row in told if serves.get(row.product_id) == need and row.day == found[need]["counted_on"]]
        packs = {each.get(row.product_id) for row in of_need}
        pack = packs.pop() if len(packs) == 1 else None
        amounts = [amount_in_words(found[need][name], pack) for name in ("counted_pieces", "pieces", "counts_as")]
        counts.append(Count(need, name, found[need]["counted_on"], *amounts, of_need))
    return counts


def last_rows(site: Site, days: set[Any]) -> list[Stock]:
    """Of each article, lot and status the row that was told last of these days, where it has a number."""
    rows = Stock.objects.filter(site=site.site, day__in=days).order_by("known_at")
    last = {(row.product_id, row.lot, row.status, row.day): row for row in rows}
    return [row for row in last.values() if row.pieces is not None]


class Ticks(forms.MultipleChoiceField):
    """Boxes to tick; one that is no longer there was ticked too late, which the page says."""

    def valid_value(self, value: str) -> bool:
        """Whether it may have stood there."""
        return True


class SecondForm(SinceForm):
    """Which counts are borne out, and how somebody knows."""

    need = Ticks(label=gettext_lazy("Counts that are right"), widget=forms.CheckboxSelectMultiple, choices=())
    on_behalf = forms.ChoiceField(label=gettext_lazy("How do you know?"), choices=[("", "–"), *WAYS.items()])

    def __init__(self, *given: Any, site: Site, counts: list[Count], **more: Any) -> None:
        super().__init__(*given, **more)
        self.site, self.counts = site, counts
        self.fields["need"].choices = [(one.need, said(one)) for one in counts]

    @property
    def rows(self) -> list[Stock]:
        """The rows of the counts that were ticked."""
        return [row for one in self.counts if one.need in self.cleaned_data["need"] for row in one.rows]

    def hold(self, person: Any) -> None:
        """Nobody bears out their own word; and a count that leaves out an article settles nothing."""
        if any(own_word(person, row) for row in self.rows):
            self.add_error("need", _("You told one of these counts yourself, so somebody else confirms it."))
            return
        source = f"{SPEAKS_AS[Role(person.role)]} by {self.cleaned_data['on_behalf']}"
        then = moment() + dt.timedelta(seconds=1)
        world = world_of([self.site], then, {"stock": as_table("stock", seconded(self.rows, source), then)})
        doubted = set(positions_of([self.site], world, policy_now()).filter("doubted")["need"])
        for one in self.counts:
            if one.need in doubted and one.need in self.cleaned_data["need"]:
                text = _("{need}: an article that must still be there was left out of this count. Tell it first.")
                self.add_error("need", text.format(need=one.name))


def said(one: Count) -> str:
    """A count in words."""
    text = _("{need}: counted {counted} on {day}, now {left}; a division counts {relied_on} until it is confirmed")
    words = {"need": one.name, "counted": one.counted, "day": date_format(one.day, "j F Y")}
    return text.format(left=one.left, relied_on=one.relied_on, **words)


@requires(Permission.CONFIRM)
@never_cache
@require_http_methods(["GET", "POST"])
def counts(request: HttpRequest, site: str) -> HttpResponse:
    """The counts of a site that wait, and bearing them out."""
    one = site_or_404(request.user, site)
    if number := done_before(request):
        return redirect("receipt", number=number)
    found = counts_of(one)
    form = SecondForm.of(request, since=last_told("stock", [one]), site=one, counts=found)
    if form.is_valid() and not form.rows:
        form.is_late()
    elif form.is_valid():
        form.hold(request.user)

    def done(**told: Any) -> int:
        return second_counts(site=one, rows=form.rows, on_behalf=form.cleaned_data["on_behalf"], **told)

    if number := form.send_or_say_why(request, done):
        return redirect("receipt", number=number)
    told = {"site": one, "counts": found, "form": form, "contact": Contact.objects.of_sites([one]).get(site)}
    return render(request, "dijk_web/waiting/site.html", told, status=form.status)
