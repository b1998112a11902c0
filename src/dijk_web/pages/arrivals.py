"""What comes in: the coming two weeks added up by day, need or warehouse, and line by line with the day that was told
first and the days that are learnt.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import polars as pl
from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from dijk.tables.facts import MODES, ORDER_STATES
from dijk.tables.registers import STORAGE
from dijk_web.access import requires
from dijk_web.models import Need, Product, Site
from dijk_web.of_site import moment, names_of
from dijk_web.ordered import ordered_now
from dijk_web.pages.answer import as_csv, filter_of
from dijk_web.pages.lines import choice_in_words, shown
from dijk_web.pages.sums import at_least, cubic, kilograms, packs
from dijk_web.people import Permission, allows

ON_A_PAGE = 50

NEAR = ("late", "due", "undated")
"""What is shown unless something else is asked: the coming two weeks, and what may come in them after all."""

WHEN = {
    "": gettext_lazy("the coming two weeks, late and undated"),
    "due": gettext_lazy("the coming two weeks alone"),
    "late": gettext_lazy("late"),
    "undated": gettext_lazy("nobody knows when"),
    "later": gettext_lazy("after the coming two weeks"),
}

BY = {"": gettext_lazy("day"), "need": gettext_lazy("need"), "to_site": gettext_lazy("hub or warehouse")}
COLUMN = {"": "expected"}


class ArrivalFilter(forms.Form):
    """Which lines are shown, and by what they are added up."""

    by = forms.ChoiceField(label=gettext_lazy("Added up by"), required=False, choices=list(BY.items()))
    when = forms.ChoiceField(label=gettext_lazy("Expected"), required=False, choices=list(WHEN.items()))
    need = forms.ChoiceField(label=gettext_lazy("Need"), required=False)
    to_site = forms.ChoiceField(label=gettext_lazy("To hub or warehouse"), required=False)
    cold = forms.BooleanField(label=gettext_lazy("Cold storage alone"), required=False)

    def __init__(self, *given: Any, lines: pl.DataFrame, **more: Any) -> None:
        super().__init__(*given, **more)
        self.lines = lines
        self.needs = names_of(Need, lines["need"].drop_nulls().unique().to_list())
        self.stores = stores_of(lines["to_site"].unique().to_list())
        self.fields["need"].choices = [("", "–"), *self.needs.items()]
        self.fields["to_site"].choices = [("", "–"), *self.stores.items()]

    @property
    def said(self) -> dict[str, Any]:
        """What was filled in; nothing where it makes no sense."""
        return self.cleaned_data if self.is_valid() else {}

    def found(self) -> pl.DataFrame:
        """The lines of the filter, the first to come first."""
        said = self.said
        wanted = [pl.col("when").is_in([said["when"]] if said.get("when") else list(NEAR))]
        wanted += [pl.col(name) == said[name] for name in ("need", "to_site") if said.get(name)]
        if said.get("cold"):
            wanted.append(pl.col("storage").is_in(["cool_2_8", "frozen"]))
        return self.lines.filter(*wanted)

    def sums(self, found: pl.DataFrame) -> pl.DataFrame:
        """What they come to, by what is asked."""
        from dijk.present.inbound import added_up

        by = self.said.get("by") or ""
        return added_up(found, COLUMN.get(by, by))


def stores_of(codes: list[str]) -> dict[str, str]:
    """Names of hubs and warehouses by code, in alphabetical order."""
    known = dict(Site.objects.filter(site__in=codes).values_list("site", "name"))
    return dict(sorted(((code, known.get(code, code)) for code in codes), key=lambda pair: pair[1].casefold()))


@requires(Permission.READ_INBOUND_TOTALS)
@require_safe
def arrivals(request: HttpRequest) -> HttpResponse:
    """Sums, and below them a page of the lines for who reads single orders; both also as CSV."""
    wanted = ArrivalFilter(request.GET, lines=ordered_now().coming)
    found, reads_lines = wanted.found(), allows(request.user, Permission.READ_INBOUND)
    sums = wanted.sums(found)
    match request.GET.get("as"):
        case "sums":
            return as_csv(sums, "arrivals-sums")
        case "csv":
            if not reads_lines:
                raise PermissionDenied
            return as_csv(found.select(CSV), "arrivals")
    told = {"wanted": wanted, "filter": filter_of(request, wanted), "reads_lines": reads_lines}
    told |= {"by": BY[wanted.said.get("by") or ""], "sums": list(sums_in_words(sums, wanted)), "count": found.height}
    told["total"] = total_of(found)
    if reads_lines:
        page = Paginator(range(found.height), ON_A_PAGE).get_page(request.GET.get("page"))
        here = found.slice(page.start_index() - 1 if found.height else 0, ON_A_PAGE)
        told |= {"page": page, "lines": list(lines_in_words(here, wanted))}
    return render(request, "dijk_web/inbound/arrivals.html", told)


CSV = (
    *("order", "line", "need", "product", "supplier", "to_site", "expected", "first_expected", "slip_days", "moves"),
    *("learnt_middle", "learnt_late", "pieces", "packs", "kg", "m3", "storage", "mode", "state"),
)
"""The columns of the lines as a file; pieces and what follows are what is still to come."""


def total_of(found: pl.DataFrame) -> dict[str, Any] | None:
    """All lines together; None where there are none."""
    from dijk.present.inbound import added_up

    if found.is_empty():
        return None
    return measures_in_words(added_up(found.with_columns(all=pl.lit(1)), "all").row(0, named=True))


def sums_in_words(sums: pl.DataFrame, wanted: ArrivalFilter) -> Iterator[dict[str, Any]]:
    """The rows of the sums, with the name of each."""
    today = moment().date()
    names = {"need": wanted.needs, "to_site": wanted.stores}
    for row in sums.to_dicts():
        group = row[sums.columns[0]]
        if sums.columns[0] == "expected":
            told = {"name": day_in_words(group), "late": group is not None and group < today}
        else:
            told = {"name": names[sums.columns[0]].get(group, _("an article that serves no need"))}
        yield told | measures_in_words(row)


def day_in_words(day: dt.date | None) -> str:
    """A day with its weekday."""
    return _("nobody knows when") if day is None else str(date_format(day, "D j F Y"))


def measures_in_words(row: dict[str, Any]) -> dict[str, Any]:
    """Each sum with what it leaves out."""
    told: dict[str, Any] = {"lines": shown(row["lines"])}
    for name, words in {"packs": packs, "kg": kilograms, "m3": cubic}.items():
        told[name] = at_least("" if row[name] is None else words(row[name]), row[f"{name}_unknown"])
    if row["cold"]:
        volume = "" if row["cold_m3"] is None else cubic(row["cold_m3"])
        told["cold"] = at_least(volume, row["cold_m3_unknown"])
    elif row["storage_unknown"]:
        told["cold"] = at_least("", row["storage_unknown"])
    else:
        told["cold"] = ("–", "")
    return told


def lines_in_words(lines: pl.DataFrame, wanted: ArrivalFilter) -> Iterator[dict[str, Any]]:
    """Lines as the page shows them."""
    articles = dict(Product.objects.filter(product__in=lines["product"].to_list()).values_list("product", "name"))
    for row in lines.to_dicts():
        yield {
            "row": row,
            "need": wanted.needs.get(row["need"], _("an article that serves no need")),
            "article": articles.get(row["product"], row["product"]),
            "store": wanted.stores[row["to_site"]],
            "late": row["when"] == "late",
            "slip": slip_in_words(row),
            "packs": at_least("" if row["packs"] is None else packs(row["packs"]), row["packs"] is None)[0],
            "kg": _("unknown") if row["kg"] is None else kilograms(row["kg"]),
            "m3": _("unknown") if row["m3"] is None else cubic(row["m3"]),
            "cold": "" if row["storage"] in (None, "ambient") else choice_in_words(STORAGE, row["storage"]),
            "state": choice_in_words(ORDER_STATES, row["state"]),
            "mode": choice_in_words(MODES, row["mode"]),
        }


def slip_in_words(row: dict[str, Any]) -> str:
    """How far the day moved from the one that was told first; nothing where it did not."""
    slip, first = row["slip_days"], row["first_expected"]
    if first is None or (slip == 0 and not row["moves"]):
        return ""
    said = {"day": date_format(first, "j F Y"), "days": abs(slip or 0)}
    if slip is None:
        return _("told first: {day}").format(**said)
    if slip == 0:
        return _("was moved, and back to the day that was told first")
    if slip > 0:
        words = ngettext("{days} day later than told first: {day}", "{days} days later than told first: {day}", slip)
    else:
        words = ngettext("{days} day sooner than told first: {day}", "{days} days sooner than told first: {day}", -slip)
    return words.format(**said)
