"""Lots: what hubs and warehouses hold by lot and status, blocking one, and who received it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import polars as pl
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk.tables import ALL
from dijk_web import lots, sending
from dijk_web.access import requires
from dijk_web.actions.lots import block_lot, let_go
from dijk_web.models import LotBlock, Person, Product, Recall, Site
from dijk_web.of_site import moment
from dijk_web.pages.answer import as_csv, filter_of
from dijk_web.pages.desks import regions
from dijk_web.pages.form import SinceForm, reason_field
from dijk_web.pages.lines import shown
from dijk_web.people import Permission, may
from dijk_web.visible import sites_visible_to

ON_A_PAGE = 100
SOON = dt.timedelta(days=30)
"""A lot that ends within so many days ends soon; assumed."""

STATUS = {
    "approved": gettext_lazy("approved"),
    "quarantine": gettext_lazy("in quarantine"),
    "blocked": gettext_lazy("blocked"),
    "expired": gettext_lazy("past its day"),
    "unaccepted": gettext_lazy("serves no need now"),
}
"""The statuses of what a lot holds, as people read them."""

TONES = {"quarantine": ("watch", "◆"), "blocked": ("short", "▼"), "expired": ("short", "▼"), "approved": ("", "")}


class LotFilter(forms.Form):
    """Which lots are shown."""

    article = forms.CharField(label=gettext_lazy("Article or lot"), required=False, max_length=80)
    place = forms.CharField(label=gettext_lazy("Name or code of a hub or warehouse"), required=False, max_length=80)
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=[("", "–"), ("soon", gettext_lazy("ends within 30 days")), *STATUS.items()],
    )

    def of(self, person: Person) -> pl.DataFrame:
        """The rows of `dijk_web.lots.held_by_lot` of the filter, with names, and whether each lot is blocked there."""
        said = self.cleaned_data if self.is_valid() else {}
        places = {one.site: one for one in lots.places_of(person)}
        if sought := said.get("place", "").casefold():
            places = {
                code: one for code, one in places.items() if sought == code.casefold() or sought in one.name.casefold()
            }
        rows = with_names(lots.held_by_lot(list(places.values())), places)
        if article := said.get("article", ""):
            named = pl.col("name").str.to_lowercase().str.contains(article.lower(), literal=True)
            rows = rows.filter(named | (pl.col("product") == article) | (pl.col("lot") == article))
        match said.get("status"):
            case "soon":
                rows = rows.filter(pl.col("expires_on") <= moment().date() + SOON, pl.col("status") != "expired")
            case "blocked":
                rows = rows.filter((pl.col("status") == "blocked") | pl.col("is_blocked"))
            case str(status) if status:
                rows = rows.filter(pl.col("status") == status)
        return rows


def with_names(rows: pl.DataFrame, places: dict[str, Site]) -> pl.DataFrame:
    """Rows of lots of which something is left or was sent since the count, with the names of article and place and
    whether they are blocked there.
    """
    names = dict(Product.objects.filter(product__in=rows["product"].unique().to_list()).values_list("product", "name"))
    blocked = {(place.site, *lot) for place in places.values() for lot in lots.blocks_at(place).values_list(*lots.LOT)}
    keys = rows.select(*lots.PLACED).rows()
    return rows.with_columns(
        name=pl.Series([names.get(product, product) for _site, product, _lot in keys], dtype=pl.String),
        place=pl.Series([places[site].name for site, *_of in keys], dtype=pl.String),
        is_blocked=pl.Series([key in blocked for key in keys], dtype=pl.Boolean),
    )


CSV = ("place", *lots.PLACED, "name", "status", "is_blocked", "expires_on", "day", "pieces", "away")


@requires(Permission.READ_LOTS)
@require_safe
def all_lots(request: HttpRequest) -> HttpResponse:
    """A page of the lots of the places that somebody looks after, or all of the filter as CSV."""
    wanted = LotFilter(request.GET)
    rows = wanted.of(request.user)
    if request.GET.get("as") == "csv":
        return as_csv(rows.select(CSV), "lots")
    page = Paginator(range(rows.height), ON_A_PAGE).get_page(request.GET.get("page"))
    some = rows.slice(page.start_index() - 1 if rows.height else 0, ON_A_PAGE)
    told = {"page": page, "lines": list(lines_of(some)), "wanted": wanted, "filter": filter_of(request, wanted)}
    told["may_lend"] = may(request.user.role, Permission.LEND)
    return render(request, "dijk_web/lots/list.html", told)


def lines_of(rows: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Rows of lots as the pages show them."""
    today = moment().date()
    for row in rows.to_dicts():
        tone, sign = TONES.get(row["status"], ("watch", "◆"))
        ends = row["expires_on"]
        yield row | {
            "status": STATUS[row["status"]],
            "pieces": shown(row["pieces"]),
            "away": shown(row["away"]),
            "tone": tone,
            "sign": sign,
            "soon": ends is not None and ends <= today + SOON,
            "counted_though_blocked": row["is_blocked"] and row["status"] == "approved" and row["pieces"] > 0,
        }


# One lot


class BlockForm(SinceForm):
    """Why a lot is blocked."""

    reason = reason_field(gettext_lazy("Why it is blocked"))


class LetGoForm(SinceForm):
    """Why a lot is let go, and as what."""

    status = forms.ChoiceField(label=gettext_lazy("Let it go as"), widget=forms.RadioSelect)
    reason = reason_field(gettext_lazy("Why it is let go"))

    def __init__(self, *given: Any, may_approve: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        approved = [("approved", _("approved: it may be sent"))] if may_approve else []
        self.fields["status"].choices = [("quarantine", _("in quarantine: somebody looks at it first")), *approved]


@requires(Permission.READ_LOTS)
@never_cache
@require_http_methods(["GET", "POST"])
def one_lot(request: HttpRequest, product: str, lot: str) -> HttpResponse:
    """A lot: where it is, whether it is blocked, who received it and what they had left; blocking it, and letting it
    go.
    """
    article, rows, receivers = lot_or_404(request.user, product, lot)
    held, own = LotBlock.objects.filter(product=product, lot=lot), lots.own_block(request.user, product, lot)
    may_block = own is None and lots.may_block(request.user, product, lot)
    may_let_go = own is not None
    if request.method == "POST" and not (may_block or may_let_go):
        raise PermissionDenied
    last = held.first()
    since = max(last.act, last.let_go_act or 0) if last else 0
    if own is None:
        form: SinceForm = BlockForm.of(request, since=since)
    else:
        form = LetGoForm.of(request, since=since, may_approve=may(request.user.role, Permission.SEND))

    def done(**told: Any) -> int:
        reason = form.cleaned_data["reason"]
        if own is None:
            return block_lot(product, lot, reason=reason, **told)
        return let_go(own, form.cleaned_data["status"], reason=reason, **told)

    if number := form.send_or_say_why(request, done):
        blocked = _("The lot is blocked, as number {number}.")
        said = blocked if own is None else _("The lot is let go, as number {number}.")
        messages.success(request, said.format(number=number))
        return redirect("lot", product=product, lot=lot)
    territories = regions()
    told = {
        "product": article,
        "lot": lot,
        "lines": list(lines_of(rows)),
        "blocks": [(one, territories.get(one.territory, one.territory)) for one in held],
        "is_blocked": (rows.height and rows["is_blocked"].all()) or held.holding().filter(territory=ALL).exists(),
        "receivers": list(receivers_in_words(receivers)),
        "recalls": [one for one in Recall.objects.filter(product=product) if lot in one.lots],
        "promised": promised(request.user, product),
        "form": form if may_block or may_let_go else None,
        "lets_go": own is not None,
        "lends_from": hub_to_lend_from(request.user, rows),
        "may_recall": may(request.user.role, Permission.RECALL),
        "reads_receivers": may(request.user.role, Permission.READ_SITES),
    }
    return render(request, "dijk_web/lots/one.html", told, status=form.status)


def hub_to_lend_from(person: Person, rows: pl.DataFrame) -> str | None:
    """The hub from which somebody may offer some of a lot: one that holds it approved and not blocked."""
    if not may(person.role, Permission.LEND):
        return None
    free = rows.filter(pl.col("status") == "approved", pl.col("pieces") > 0, ~pl.col("is_blocked"))
    return free["site"].first()


def lot_or_404(person: Person, product: str, lot: str) -> tuple[Product, pl.DataFrame, list[lots.Receiver]]:
    """An article, what the places of somebody hold of a lot of it, and who of the sites that they may read received
    it; nothing is there where they know nothing of it.
    """
    article = get_object_or_404(Product, product=product)
    places = {one.site: one for one in lots.places_of(person)}
    rows = with_names(lots.held_by_lot(list(places.values()), product).filter(lot=lot), places)
    receivers = lots.receivers_of(product, [lot], sites_visible_to(person))
    if rows.is_empty() and not receivers:
        raise Http404
    return article, rows, receivers


def promised(person: Person, product: str) -> list[tuple[str, str]]:
    """Of each place that somebody sends from, how many boxes of an article were released and are still to be sent."""
    if not may(person.role, Permission.SEND):
        return []
    left = sending.to_send(moment()).filter(product=product)
    said = [(place.name, sending.lines_from(place, left)["packs"].sum()) for place in sending.sent_by(person)]
    return [(name, shown(packs)) for name, packs in said if packs]


def receivers_in_words(found: list[lots.Receiver]) -> Iterator[dict[str, Any]]:
    """Receivers with names, what they got, and what they had left, or why nobody knows."""
    names = dict(Site.objects.filter(site__in=[one.site for one in found]).values_list("site", "name"))
    for one in found:
        yield {
            "site": one.site,
            "name": names.get(one.site, one.site),
            "came": _("unknown") if one.came is None else shown(one.came),
            "underway": shown(one.underway),
            "damaged": shown(one.damaged),
            "back": shown(one.back),
            "left": left_in_words(one),
        }


def left_in_words(one: lots.Receiver) -> str:
    """What somebody had left of a lot by their last count of it; unknown is never zero."""
    day = date_format(one.counted_on, "j F Y") if one.counted_on else ""
    since = date_format(one.counted_since, "j F Y") if one.counted_since else ""
    if one.counted_on is None:
        if not since:
            return _("unknown: never counted")
        return _("unknown: its count of {day} does not name the lot").format(day=since)
    if one.is_before:
        return _("unknown: counted on {day}, before the last of it came").format(day=day)
    if one.left is None:
        return _("unknown: the count of {day} has no number").format(day=day)
    said = _("{pieces} on {day}").format(pieces=shown(one.left), day=day)
    more = _("its count of {day} does not name the lot").format(day=since)
    return f"{said}; {more}" if since else said
