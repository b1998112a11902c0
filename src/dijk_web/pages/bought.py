"""What was bought lately, for someone who was not there; and money per need and month, in totals."""

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
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dijk.tables.facts import ORDER_STATES
from dijk_web.access import requires
from dijk_web.models import Act, Inbound, Need, Product
from dijk_web.of_site import moment, names_of
from dijk_web.ordered import ordered_now
from dijk_web.pages.answer import as_csv, filter_of
from dijk_web.pages.inbound import euros
from dijk_web.pages.lines import choice_in_words, shown, told_in_words
from dijk_web.pages.navigation import role_name
from dijk_web.pages.sums import at_least, packs, signed_euros, without
from dijk_web.people import Permission, allows

ON_A_PAGE = 50
DAYS, MOST_DAYS = 14, 366
"""Days back that are told where no other number is asked, and at most."""

CSV = (
    *("order", "line", "day", "supplier", "need", "product", "pieces", "reason", "packs", "cents_per_pack", "cents"),
    *("before_cents", "before_place", "before_day", "received_pieces", "state", "source"),
)
"""The columns of the lines as a file."""


class BoughtFilter(forms.Form):
    """Which orders are shown."""

    days = forms.IntegerField(
        label=gettext_lazy("Ordered in the last days"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.NumberInput(attrs={"placeholder": DAYS}),
    )
    need = forms.ChoiceField(label=gettext_lazy("Need"), required=False)
    supplier = forms.CharField(label=gettext_lazy("Supplier"), required=False, max_length=80)

    def __init__(self, *given: Any, lines: pl.DataFrame, reads_lines: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        self.lines = lines
        self.needs = names_of(Need, lines["need"].drop_nulls().unique().to_list())
        self.fields["need"].choices = [("", "–"), *self.needs.items()]
        if not reads_lines:
            del self.fields["supplier"]  # what one supplier was paid is no total

    @property
    def said(self) -> dict[str, Any]:
        """What was filled in; nothing where it makes no sense."""
        return self.cleaned_data if self.is_valid() else {}

    @property
    def since(self) -> dt.date:
        """The first day that is told."""
        return moment().date() - dt.timedelta(days=(self.said.get("days") or DAYS) - 1)

    def found(self) -> pl.DataFrame:
        """The lines of the filter, the newest order first."""
        wanted = [pl.col("day") >= self.since]
        if need := self.said.get("need"):
            wanted.append(pl.col("need") == need)
        if supplier := self.said.get("supplier"):
            wanted.append(pl.col("supplier").str.to_lowercase().str.contains(supplier.lower(), literal=True))
        return self.lines.filter(*wanted)


@requires(Permission.READ_INBOUND_TOTALS)
@require_safe
def bought(request: HttpRequest) -> HttpResponse:
    """Totals per need, and below them a page of the orders for who reads single ones; both also as CSV."""
    from dijk.account import money

    reads_lines = allows(request.user, Permission.READ_INBOUND)
    wanted = BoughtFilter(request.GET, lines=ordered_now().bought, reads_lines=reads_lines)
    found = wanted.found()
    sums = money(found, "need")
    match request.GET.get("as"):
        case "sums":
            return as_csv(sums, "bought-sums")
        case "csv":
            if not reads_lines:
                raise PermissionDenied
            return as_csv(found.select(CSV), "bought")
    told = {"wanted": wanted, "filter": filter_of(request, wanted), "reads_lines": reads_lines, "since": wanted.since}
    told |= {"until": moment().date(), "sums": list(money_in_words(sums, wanted.needs)), "total": total_of(found)}
    if reads_lines:
        page = Paginator(range(found.height), ON_A_PAGE).get_page(request.GET.get("page"))
        here = found.slice(page.start_index() - 1 if found.height else 0, ON_A_PAGE)
        told |= {"page": page, "lines": list(lines_in_words(here, wanted.needs))}
    return render(request, "dijk_web/inbound/bought.html", told)


def total_of(found: pl.DataFrame) -> dict[str, Any] | None:
    """All lines together; None where there are none."""
    from dijk.account import money

    if found.is_empty():
        return None
    return in_words(money(found.with_columns(all=pl.lit(1)), "all").row(0, named=True))


def money_in_words(sums: pl.DataFrame, needs: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The rows of the sums with the name of each need and month."""
    for row in sums.to_dicts():
        name = needs.get(row.get("need"), _("an article that serves no need"))
        month = date_format(row["month"], "F Y") if "month" in row else ""
        yield {"name": name, "month": month} | in_words(row)


def in_words(row: dict[str, Any]) -> dict[str, Any]:
    """Each sum with the lines that it leaves out."""
    told = {name: at_least(euros(row[f"{name}_cents"]), row["unpriced"]) for name in ("committed", "received")}
    told["above"] = without(signed_euros(row["above_before_cents"]), row["no_before"])
    if row["lines"] == row["no_before"] == 0:
        told["above"] = ("–", "")
    return told | {"lines": shown(row["lines"]), "cancelled": shown(row["cancelled"]) if row["cancelled"] else "–"}


def lines_in_words(lines: pl.DataFrame, needs: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Orders as the page shows them, each with who told it last, in which function, and why."""
    articles = dict(Product.objects.filter(product__in=lines["product"].to_list()).values_list("product", "name"))
    acts = acts_of(lines)
    for row in lines.to_dicts():
        first, last = acts[row["order"], row["line"]]
        yield {
            "row": row,
            "need": needs.get(row["need"], _("an article that serves no need")),
            "article": articles.get(row["product"], row["product"]),
            "packs": "" if row["packs"] is None else packs(row["packs"]),
            "amount": told_in_words(row, row["pieces_per_pack"]),
            "price": euros(row["cents_per_pack"]) or _("unknown"),
            "before": price_before(row),
            "money": "–" if row["state"] == "cancelled" else euros(row["cents"]) or _("unknown"),
            "state": choice_in_words(ORDER_STATES, row["state"]),
            "cancelled": row["state"] == "cancelled",
            "by": role_name(first.role),
            "why": [act.reason for act in dict.fromkeys((first, last)) if act.reason],
        }


def price_before(row: dict[str, Any]) -> str:
    """The price of the line before for the same article, and the change in whole percents."""
    if row["before_cents"] is None:
        return _("no price before")
    told = _("{price} before, {day}").format(
        price=euros(row["before_cents"]), day=date_format(row["before_day"], "j F Y")
    )
    if row["cents_per_pack"] is None or not row["before_cents"]:
        return told
    share = round(100 * (row["cents_per_pack"] - row["before_cents"]) / row["before_cents"])
    sign = "+" if share > 0 else "\N{MINUS SIGN}" if share < 0 else ""
    return f"{told}: {sign}{shown(abs(share))}\N{NO-BREAK SPACE}%"


def acts_of(lines: pl.DataFrame) -> dict[tuple[str, int], tuple[Act, Act]]:
    """Of each order line the act that told it first, and the one that told it last."""
    rows = Inbound.objects.filter(order__in=lines["order"].unique().to_list()).order_by("act", "id")
    told: dict[tuple[str, int], list[int]] = {}
    for order, line, act in rows.values_list("order", "line", "act"):
        told.setdefault((order, line), []).append(act)
    acts = Act.objects.only("number", "role", "reason").in_bulk({act for some in told.values() for act in some})
    return {line: (acts[some[0]], acts[some[-1]]) for line, some in told.items()}


class MoneyFilter(forms.Form):
    """Of which need money is told."""

    need = forms.ChoiceField(label=gettext_lazy("Need"), required=False)

    def __init__(self, *given: Any, needs: dict[str, str], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["need"].choices = [("", "–"), *needs.items()]


@requires(Permission.READ_INBOUND_TOTALS)
@require_safe
def money(request: HttpRequest) -> HttpResponse:
    """Money per month, and a page of it per need and month; as CSV too. No single order."""
    from dijk.account import money as money_of

    lines = ordered_now().bought
    needs = names_of(Need, lines["need"].drop_nulls().unique().to_list())
    wanted = MoneyFilter(request.GET, needs=needs)
    if wanted.is_valid() and (need := wanted.cleaned_data["need"]):
        lines = lines.filter(pl.col("need") == need)
    rows = money_of(lines, "need", "month").sort("month", "need", descending=[True, False], nulls_last=True)
    if request.GET.get("as") == "csv":
        return as_csv(rows, "money")
    page = Paginator(range(rows.height), ON_A_PAGE).get_page(request.GET.get("page"))
    here = rows.slice(page.start_index() - 1 if rows.height else 0, ON_A_PAGE)
    months = money_of(lines, "month").sort("month", descending=True)
    told = {"wanted": wanted, "filter": filter_of(request, wanted), "page": page, "total": total_of(lines)}
    told["reads_lines"] = allows(request.user, Permission.READ_INBOUND)
    told |= {"months": list(money_in_words(months, needs)), "rows": list(money_in_words(here, needs))}
    return render(request, "dijk_web/inbound/money.html", told)
