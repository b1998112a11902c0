"""Sending what was released: per place and article the sites that wait for it, and the lots that end first."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import polars as pl
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk_web import sending
from dijk_web.access import requires
from dijk_web.actions.sending import send
from dijk_web.lots import blocks_at
from dijk_web.models import Product, Site
from dijk_web.of_site import moment
from dijk_web.pages.form import SinceForm, date_field
from dijk_web.pages.lines import shown
from dijk_web.people import Permission
from dijk_web.visible import HUB

ON_A_PAGE = 100
USUAL_DAYS = 1
"""Days until what is sent is expected, as the form begins; assumed."""


@requires(Permission.SEND)
@require_safe
def to_send(request: HttpRequest) -> HttpResponse:
    """What was released and is still to be sent, from each place that the reader sends from."""
    return render(request, "dijk_web/sending/list.html", {"lines": list(waiting_lines(request))})


def waiting_lines(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """Per place and article how many sites wait and for how much, beside what the place has of it. A warehouse that
    has nothing of it is left out: another one may.
    """
    left = sending.to_send(moment())
    names = dict(Product.objects.values_list("product", "name"))
    for place in sending.sent_by(request.user):
        rows = (
            sending.lines_from(place, left)
            .group_by("product", "pieces_per_pack")
            .agg(pl.col("packs").sum(), sites=pl.col("site").n_unique())
        )
        held = dict(sending.lots_of(place).group_by("product").agg(pl.col("pieces").sum()).iter_rows())
        for row in rows.sort("product").to_dicts():
            there = held.get(row["product"], 0) // row["pieces_per_pack"]
            if there or place.kind == HUB:
                figures = {name: shown(row[name]) for name in ("packs", "sites")} | {"there": shown(there)}
                yield row | figures | {"place": place, "name": names.get(row["product"], row["product"])}


class ExpectedForm(SinceForm):
    """When what is sent is there."""

    expected = date_field(gettext_lazy("Day on which it is expected there"))

    def clean_expected(self) -> dt.date:
        """A day that is not over, and not far away."""
        day: dt.date = self.cleaned_data["expected"]
        today = moment().date()
        if not today <= day <= today + dt.timedelta(days=60):
            raise forms.ValidationError(_("From today on, within 60 days."))
        return day


class SendForm(ExpectedForm):
    """To which sites, too."""

    def __init__(self, *given: Any, sites: list[str], **more: Any) -> None:
        super().__init__(*given, **more)
        self.chosen = [site for site in sites if site in self.data.getlist("site")] if self.is_bound else sites

    def clean(self) -> None:
        """Some site is chosen."""
        super().clean()
        if not self.chosen:
            self.add_error(None, _("Choose at least one site."))


@requires(Permission.SEND)
@never_cache
@require_http_methods(["GET", "POST"])
def send_article(request: HttpRequest, site: str, product: str) -> HttpResponse:
    """The sites that wait for an article from a place, its lots, and sending it."""
    place = get_object_or_404(sending.sent_by(request.user), site=site)
    article = get_object_or_404(Product, product=product)
    left = sending.lines_from(place, sending.to_send(moment())).filter(pl.col("product") == product)
    page = Paginator(range(left.height), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = left.slice(page.start_index() - 1 if left.height else 0, ON_A_PAGE).to_dicts()
    begun = {"expected": moment().date() + dt.timedelta(days=USUAL_DAYS)}
    sites = list(dict.fromkeys(row["site"] for row in rows))
    form = SendForm.of(request, since=0, initial=begun, sites=sites)  # what was sent meanwhile is not sent again

    def done(**told: Any) -> int:
        gone = send(place, product, form.chosen, expected=form.cleaned_data["expected"], **told)
        if gone.left:
            text = _("Sent {packs} boxes. There was not enough for {left} more: they stay to be sent.")
            messages.warning(request, text.format(packs=shown(gone.packs), left=shown(gone.left)))
        return gone.act

    if form.send_or_say_why(request, done):
        return redirect("dispatches")
    names = dict(Site.objects.filter(site__in=sites).values_list("site", "name"))
    told = {
        "place": place,
        "product": article,
        "rows": [
            row | {"name": names.get(row["site"], row["site"]), "ticked": row["site"] in form.chosen} for row in rows
        ],
        "lots": [
            lot | {"pieces": shown(lot["pieces"])}
            for lot in sending.lots_of(place).filter(pl.col("product") == product).to_dicts()
        ],
        "blocked": blocks_at(place).filter(product=product),
        "page": page,
        "form": form,
    }
    return render(request, "dijk_web/sending/article.html", told, status=form.status)
