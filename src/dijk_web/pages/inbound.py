"""The lines of what is ordered and on its way: filtered, sorted, fifty a page, and as CSV of exactly this view."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dijk.tables.columns import Choices
from dijk.tables.facts import CLOSED, MODES, ORDER_STATES
from dijk_web.access import requires
from dijk_web.models import Inbound, Product, Site
from dijk_web.of_site import moment
from dijk_web.pages.answer import AT_ONCE, csv_of, filter_of
from dijk_web.pages.lines import choice_in_words, shown, told_in_words
from dijk_web.people import Permission, may

ON_A_PAGE = 50

STATES = {
    "open": _("still to come"),
    "late": _("still to come, and late"),
    "undated": _("still to come, nobody knows when"),
}
"""Questions about a line that more than its state answers."""

ORDERS = {
    "": (F("expected").asc(nulls_last=True), "order", "line"),
    "day": ("-day", "order", "line"),
    "supplier": ("supplier", "order", "line"),
    "product": ("product", "order", "line"),
}
"""By what the list may be sorted."""


def choices_of(choices: Choices) -> list[tuple[str, str]]:
    """A closed list for a field."""
    return [(code, choice_in_words(choices, code)) for code in choices]


class Filter(forms.Form):
    """What of the lines is shown; all of it may be left empty."""

    sought = forms.CharField(label=_("Order or supplier"), required=False, max_length=80)
    product = forms.CharField(label=_("Article"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), required=False)
    sort = forms.ChoiceField(
        label=_("Sorted by"),
        required=False,
        choices=[
            ("", _("day expected")),
            ("day", _("day of the order, newest first")),
            ("supplier", _("supplier")),
            ("product", _("article")),
        ],
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["state"].choices = [("", "–"), *STATES.items(), *choices_of(ORDER_STATES)]


def told_last() -> QuerySet[Inbound]:
    """Of each order line the row that was told last; what was taken back is gone."""
    same = Inbound.objects.filter(order=OuterRef("order"), line=OuterRef("line")).order_by("-known_at")
    rows = Inbound.objects.filter(pk=Subquery(same.values("pk")[:1]))
    return rows.filter(Q(reason=None) | ~Q(reason="retracted"))


def found(wanted: Filter, today: dt.date) -> QuerySet[Inbound]:
    """The lines of the filter, in its order."""
    said = wanted.cleaned_data if wanted.is_valid() else {}
    rows = told_last()
    if sought := said.get("sought"):
        rows = rows.filter(Q(order__icontains=sought) | Q(supplier__icontains=sought))
    if product := said.get("product"):
        called = Product.objects.filter(Q(product=product) | Q(name__icontains=product)).values("product")
        rows = rows.filter(product__in=called)
    still = ~Q(state__in=CLOSED) & (Q(pieces=None) | Q(pieces__gt=F("received_pieces")))
    match said.get("state"):
        case "open":
            rows = rows.filter(still)
        case "late":
            rows = rows.filter(still, expected__lt=today)
        case "undated":
            rows = rows.filter(still, expected=None)
        case state if state:
            rows = rows.filter(state=state)
    return rows.order_by(*ORDERS[said.get("sort") or ""])


@requires(Permission.READ_INBOUND)
@require_safe
def inbound(request: HttpRequest) -> HttpResponse:
    """A page of the list, or all of it as CSV."""
    wanted, today = Filter(request.GET), moment().date()
    rows = found(wanted, today)
    if request.GET.get("as") == "csv":
        return csv_of("inbound", CSV, rows.values_list(*CSV).iterator(chunk_size=AT_ONCE))
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    told = {"page": page, "lines": list(lines_of(page.object_list, today)), "wanted": wanted}
    told |= {"filter": filter_of(request, wanted), "may_tell": may(request.user.role, Permission.TELL_INBOUND)}
    return render(request, "dijk_web/inbound/list.html", told)


CSV = (
    *("order", "line", "supplier", "product", "to_site", "day", "pieces", "reason", "received_pieces"),
    *("cents_per_pack", "mode", "expected", "state"),
)
"""The columns of the list as a file: those of the table."""


def lines_of(rows: Any, today: dt.date) -> Iterator[dict[str, Any]]:
    """Order lines with the names of article and destination, and the amounts both ways."""
    rows = list(rows)
    articles = {one.product: one for one in Product.objects.filter(product__in={row.product_id for row in rows})}
    places = dict(Site.objects.filter(site__in={row.to_site_id for row in rows}).values_list("site", "name"))
    for row in rows:
        article = articles.get(row.product_id)
        each = article.pieces_per_pack if article else None
        yield {
            "row": row,
            "article": article.name if article else row.product_id,
            "each": each,
            "place": places.get(row.to_site_id, row.to_site_id),
            "amount": told_in_words({"pieces": row.pieces, "reason": row.reason}, each),
            "received": told_in_words({"pieces": row.received_pieces, "reason": None}, each),
            "price": euros(row.cents_per_pack),
            "mode": choice_in_words(MODES, row.mode),
            "state": choice_in_words(ORDER_STATES, row.state),
            "late": row.state not in CLOSED and row.expected is not None and row.expected < today,
        }


def euros(cents: int | None) -> str:
    """A price as the language writes it; nothing where nobody knows."""
    return "" if cents is None else f"€\N{NO-BREAK SPACE}{shown(cents // 100)}{price_text(cents)[-3:]}"


def price_text(cents: int | None) -> str:
    """A price as one types it."""
    point = "," if get_language() == "nl" else "."
    return "" if cents is None else f"{cents // 100}{point}{cents % 100:02}"
