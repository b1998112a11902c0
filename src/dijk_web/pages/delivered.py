"""Where deliveries went, of the facts of a run: added up per need, region, site or lot, overseas as well."""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import polars as pl
from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dijk.tables.facts import CHANNELS
from dijk_web import store
from dijk_web.access import requires
from dijk_web.models import Need, Person, Product, Region, Site
from dijk_web.of_site import codes, names_of
from dijk_web.pages.answer import as_csv, filter_of, number_of
from dijk_web.pages.desks import regions
from dijk_web.pages.form import date_field
from dijk_web.pages.inbound import choices_of
from dijk_web.pages.lines import shown
from dijk_web.pages.site_filter import SiteFilter
from dijk_web.pages.sums import at_least
from dijk_web.pages.told_run import chosen_run
from dijk_web.people import Permission
from dijk_web.visible import sees_all

ON_A_PAGE = 50
UNKNOWN = "unknown"
"""The region of a site of which nobody knows it."""

BY = {
    "region": gettext_lazy("region"),
    "need": gettext_lazy("need"),
    "site": gettext_lazy("site"),
    "lot": gettext_lazy("lot"),
}


class DeliveredFilter(SiteFilter):
    """Which deliveries are shown, of the sites that a person may see, and by what they are added up."""

    by = forms.ChoiceField(label=gettext_lazy("Added up by"), required=False, choices=list(BY.items()))
    need = forms.ChoiceField(label=gettext_lazy("Need"), required=False)
    article = forms.CharField(label=gettext_lazy("Article or lot"), required=False, max_length=80)
    overseas = forms.BooleanField(label=gettext_lazy("Overseas alone"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("By which way"), required=False)
    first = date_field(gettext_lazy("From day"), required=False)
    last = date_field(gettext_lazy("To day"), required=False)
    field_order = ("by", "need", "region", "overseas", "sought", "article", "channel", "first", "last")

    def __init__(self, *given: Any, person: Person, **more: Any) -> None:
        super().__init__(*given, person=person, **more)
        needs = names_of(Need, Need.objects.values_list("need", flat=True))
        if "region" not in self.fields:
            del self.fields["overseas"]  # who sees one region or less sees nothing of another
        self.fields["need"].choices = [("", "–"), *needs.items()]
        self.fields["channel"].choices = [("", "–"), *choices_of(CHANNELS)]

    @property
    def division(self) -> str:
        """By what they are added up."""
        return str(self.said.get("by") or "region")

    def sites(self) -> QuerySet[Site]:
        """The sites of the filter."""
        sites = super().sites()
        if self.said.get("overseas"):
            sites = sites.filter(region__in=Region.objects.filter(scheme="overseas").values("region"))
        return sites

    def asked(self) -> tuple[Any, ...]:
        """What is asked of the deliveries, in a form that can be kept: need, articles, lot, channel, days, and sites;
        ``None`` is all of them.
        """
        said = self.said
        named: tuple[str, ...] | None = None
        if article := said.get("article"):
            named = tuple(Product.objects.filter(name__icontains=article).values_list("product", flat=True))
        all_sites = sees_all(self.person) and not any(map(said.get, ("sought", "region", "overseas")))
        sites = None if all_sites else tuple(sorted(codes(self.sites())))
        days = (said.get("first"), said.get("last"))
        return said.get("need"), (said.get("article"), named), said.get("channel"), days, sites


@requires(Permission.READ_SITES)
@require_safe
def delivered(request: HttpRequest) -> HttpResponse:
    """A page of the sums, or all of them as CSV."""
    run = chosen_run(number_of(request, "run"))
    if run is None:
        return render(request, "dijk_web/situation/none.html")
    wanted = DeliveredFilter(request.GET, person=request.user)
    sums = _added_up(str(run.code), wanted.division, *wanted.asked())
    if request.GET.get("as") == "csv":
        return as_csv(sums, "delivered")
    page = Paginator(range(sums.height), ON_A_PAGE).get_page(request.GET.get("page"))
    here = sums.slice(page.start_index() - 1 if sums.height else 0, ON_A_PAGE)
    told = {"run": run, "wanted": wanted, "filter": filter_of(request, wanted), "page": page}
    told |= {"rows": list(in_words(here)), "by": BY[wanted.division]}
    return render(request, "dijk_web/delivered.html", told | {"division": wanted.division})


# parameters: what is asked, which makes the key of what is kept
@lru_cache(maxsize=4)
def _added_up(
    run: str,
    by: Any,
    need: str | None,
    article: tuple[str | None, tuple[str, ...] | None],
    channel: str | None,
    days: tuple[dt.date | None, dt.date | None],
    sites: tuple[str, ...] | None,
) -> pl.DataFrame:
    """Deliveries of a run added up; a run never changes, so neither does this."""
    from dijk.account import delivered_where  # the core loads slowly, and most pages need none of it

    rows = store.scan_known(run, "delivery")
    text, named = article
    if text:
        rows = rows.filter(pl.col("product").is_in([text, *(named or ())]) | (pl.col("lot") == text))
    if sites is not None:
        rows = rows.filter(pl.col("site").is_in(sites))
    for column, value in (("need", need), ("channel", channel)):
        if value:
            rows = rows.filter(pl.col(column) == value)
    first, last = days
    if first:
        rows = rows.filter(pl.col("day") >= first)
    if last:
        rows = rows.filter(pl.col("day") <= last)
    return delivered_where(rows, store.scan_known(run, "site"), by).collect()


def in_words(sums: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows of the sums with their names."""
    needs = names_of(Need, sums["need"].unique().to_list())
    places = regions() | {UNKNOWN: _("Region unknown")}
    sites = names(Site, "site", sums)
    articles = names(Product, "product", sums)
    for row in sums.to_dicts():
        told = "" if row["pieces"] is None else shown(row["pieces"])
        yield {
            "row": row,
            "need": needs[row["need"]],
            "region": places.get(row.get("region"), row.get("region")),
            "site": sites.get(row.get("site"), row.get("site")),
            "article": articles.get(row.get("product"), row.get("product")),
            "pieces": at_least(told, row["unknown"]),
        }


def names(model: Any, code: str, sums: pl.DataFrame) -> dict[str | None, str]:
    """Names by code of what stands in a column, where there is one."""
    if code not in sums.columns:
        return {}
    return dict(model.objects.filter(pk__in=sums[code].unique().to_list()).values_list("pk", "name"))
