"""Lending to another region: offering what the hub holds, sending what was accepted, sending it back, and settling."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk_web import lending, lots, sending
from dijk_web.access import requires
from dijk_web.actions.lending import Offer, offer, packs_there, return_loan, send_loan, settle
from dijk_web.lending import Room, Standing, lends, standing
from dijk_web.models import Product, Site
from dijk_web.of_site import moment
from dijk_web.pages.desks import regions
from dijk_web.pages.form import SinceForm, date_field, reason_field
from dijk_web.pages.lines import shown
from dijk_web.pages.loans import shown_of
from dijk_web.pages.sending import USUAL_DAYS, ExpectedForm
from dijk_web.people import Permission
from dijk_web.visible import HUB, loans_visible_to

USUAL_LOAN = 14
"""Days until a loan is due back, as the form begins; assumed."""

MOST_DAYS, MOST_PACKS = 365, 10**9


def own_hubs(request: HttpRequest) -> Any:
    """The hubs that somebody lends from."""
    return sending.sent_by(request.user).filter(kind=HUB, region=request.user.region)


@requires(Permission.LEND)
@require_safe
def to_lend(request: HttpRequest) -> HttpResponse:
    """What the hub holds in approved lots that are not blocked, article by article, to offer some of it."""
    return render(request, "dijk_web/loans/choose.html", {"lines": list(articles(request))})


def articles(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """Per hub and article the boxes that may be sent, as far as the article serves a need today."""
    known = {one.product: one for one in Product.objects.all()}
    for place in own_hubs(request):
        held = sending.lots_of(place).group_by("product").agg(pl.col("pieces").sum()).sort("product")
        for product, pieces in held.rows():
            packs = pieces // known[product].pieces_per_pack if product in known else 0
            if packs and lending.need_of(product, moment().date()):
                yield {"place": place, "product": product, "name": known[product].name, "packs": shown(packs)}


@dataclass(frozen=True)
class Lot:
    """A lot of which boxes may be sent."""

    lot: str
    packs: int
    expires_on: dt.date | None


def lots_there(place: Site, product: str, each: int) -> list[Lot]:
    """The lots of an article at a place of which whole boxes may be sent, in the order in which they end."""
    rows = sending.lots_of(place).filter(pl.col("product") == product, pl.col("pieces") >= each)
    return [Lot(row["lot"], row["pieces"] // each, row["expires_on"]) for row in rows.to_dicts()]


class LotsForm(SinceForm):
    """Boxes of each of some lots, at most what is there of it."""

    def __init__(self, *given: Any, there: list[Lot], **more: Any) -> None:
        super().__init__(*given, **more)
        self.there = there
        for at, one in enumerate(there):
            ends = date_format(one.expires_on, "j F Y") if one.expires_on else _("unknown")
            self.fields[f"lot_{at}"] = forms.IntegerField(
                label=_("Boxes of lot {lot}").format(lot=one.lot),
                help_text=_("There: {packs}. Good until: {day}.").format(packs=shown(one.packs), day=ends),
                min_value=0,
                max_value=MOST_PACKS,
                required=False,
            )

    def clean(self) -> None:
        """No lot gives more than it has, and some gives something."""
        super().clean()
        for at, one in enumerate(self.there):
            if (self.cleaned_data.get(f"lot_{at}") or 0) > one.packs:
                text = ngettext("There is {count} box of it.", "There are {count} boxes of it.", one.packs)
                self.add_error(f"lot_{at}", text.format(count=shown(one.packs)))
        if not self.chosen and not any(name.startswith("lot_") for name in self.errors):
            self.add_error(None, _("Say of some lot how many boxes go."))

    @property
    def chosen(self) -> dict[str, int]:
        """Of each lot what was filled in, where that is something."""
        said = {one.lot: self.cleaned_data.get(f"lot_{at}") or 0 for at, one in enumerate(self.there)}
        return {lot: packs for lot, packs in said.items() if packs}


class OfferForm(LotsForm):
    """To whom, until when and why, and boxes of each lot."""

    to = forms.ModelChoiceField(label=gettext_lazy("To the hub of"), queryset=Site.objects.none())
    due_back = date_field(gettext_lazy("Day on which it is due back"))
    reason = reason_field(gettext_lazy("Why"))

    def __init__(self, *given: Any, person: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        names, field = regions(), self.fields["to"]
        field.queryset = lending.hubs_of_others(person)
        field.label_from_instance = lambda site: f"{names.get(site.region, site.region)}: {site.name}"
        self.order_fields([name for name in self.fields if name.startswith("lot_")] + ["to", "due_back", "reason"])

    def clean_due_back(self) -> dt.date:
        """A day after today, within a year."""
        day: dt.date = self.cleaned_data["due_back"]
        today = moment().date()
        if not today < day <= today + dt.timedelta(days=MOST_DAYS):
            raise forms.ValidationError(_("After today, within a year."))
        return day


@requires(Permission.LEND)
@never_cache
@require_http_methods(["GET", "POST"])
def offer_loan(request: HttpRequest, site: str, product: str) -> HttpResponse:
    """What the hub holds of an article by lot, what of it may be lent above its buffer, and offering some of it."""
    place, article = get_object_or_404(own_hubs(request), site=site), get_object_or_404(Product, product=product)
    now, each = moment(), article.pieces_per_pack
    need, there = lending.need_of(product, now.date()), lots_there(place, product, each)
    if need is None:
        raise Http404
    found = lending.room(place, product, need, each, now)
    begun = {"due_back": now.date() + dt.timedelta(days=USUAL_LOAN)}
    form = OfferForm.of(request, since=0, initial=begun, there=there, person=request.user)

    def done(**told: Any) -> int:
        said = form.cleaned_data
        one = Offer(place, said["to"], article, need, form.chosen, said["due_back"])
        return offer(one, reason=said["reason"], **told)

    if number := form.send_or_say_why(request, done):
        tell_of_buffer(request, sum(form.chosen.values()), found)
        return redirect("loan", number=number)
    told = {"place": place, "product": article, "form": form, "above": shown(found.above)}
    told |= {name: shown(getattr(found, name)) for name in ("held", "promised", "buffer")}
    told |= {"blocked": lots.blocks_at(place).filter(product=product), "there": there}
    return render(request, "dijk_web/loans/offer.html", told, status=form.status)


def tell_of_buffer(request: HttpRequest, packs: int, found: Room) -> None:
    """Say it where an offer touches what is promised or kept back: it stands all the same."""
    if packs > found.above:
        text = _("Offered {packs} boxes, of which {more} are promised to your own sites or kept back by your region.")
        messages.warning(request, text.format(packs=shown(packs), more=shown(packs - found.above)))


# What was accepted


def loan_or_404(request: HttpRequest, number: int, *, lender: bool) -> Standing:
    """A loan that somebody reads; it is of their region as lender or as borrower, else not theirs to act on."""
    one = get_object_or_404(loans_visible_to(request.user), act=number)
    if not lends(request.user, one.from_region if lender else one.to_region):
        raise PermissionDenied
    return standing(number)


@requires(Permission.LEND)
@never_cache
@require_http_methods(["GET", "POST"])
def loan_send(request: HttpRequest, number: int) -> HttpResponse:
    """Lot by lot what is to be sent, what is there and what is blocked; sending what can go."""
    found = loan_or_404(request, number, lender=True)
    begun = {"expected": moment().date() + dt.timedelta(days=USUAL_DAYS)}
    form = ExpectedForm.of(request, since=found.last_act, initial=begun)

    def done(**told: Any) -> int:
        gone = send_loan(found.loan, expected=form.cleaned_data["expected"], **told)
        if gone.left:
            text = _("Sent {packs} boxes. {left} more could not go: they stay to be sent.")
            messages.warning(request, text.format(packs=shown(gone.packs), left=shown(gone.left)))
        return gone.act

    if form.send_or_say_why(request, done):
        return redirect("loan", number=number)
    found = standing(number)
    told = shown_of(request.user, found) | {"form": form, "rows": list(lots_to_send(found))}
    return render(request, "dijk_web/loans/send.html", told, status=form.status)


def lots_to_send(found: Standing) -> Iterator[dict[str, Any]]:
    """Lot by lot what is to be sent and how much of it can go, or that it is blocked."""
    one = found.loan
    place = Site.objects.get(site=one.from_site)
    there = packs_there(place, one.product, one.pieces_per_pack)
    blocked = set(lots.blocks_at(place).filter(product=one.product).values_list("lot", flat=True))
    for lot, packs in sorted(found.to_send().items()):
        goes = min(packs, there.get(lot, 0))
        yield {
            "lot": lot,
            "packs": shown(packs),
            "goes": shown(goes),
            "is_blocked": lot in blocked,
            "all": goes == packs,
        }


class ReturnForm(LotsForm, ExpectedForm):
    """Boxes of each lot, no more than is owed, and when they are there."""

    def __init__(self, *given: Any, owed: int, **more: Any) -> None:
        super().__init__(*given, **more)
        self.owed = owed
        self.order_fields([name for name in self.fields if name.startswith("lot_")] + ["expected"])

    def clean(self) -> None:
        """Not more than is owed."""
        super().clean()
        if (packs := sum(self.chosen.values())) > self.owed:
            text = _("That is {packs} boxes, and {owed} are to be sent back.")
            self.add_error(None, text.format(packs=shown(packs), owed=shown(self.owed)))


@requires(Permission.LEND)
@never_cache
@require_http_methods(["GET", "POST"])
def loan_return(request: HttpRequest, number: int) -> HttpResponse:
    """What the hub holds of the article, and sending back what was borrowed or a part of it."""
    found = loan_or_404(request, number, lender=False)
    one = found.loan
    there = lots_there(Site.objects.get(site=one.to_site), one.product, one.pieces_per_pack)
    begun = {"expected": moment().date() + dt.timedelta(days=USUAL_DAYS)}
    form = ReturnForm.of(request, since=found.last_act, initial=begun, there=there, owed=found.to_return)
    if form.send_or_say_why(
        request, lambda **told: return_loan(one, form.chosen, expected=form.cleaned_data["expected"], **told)
    ):
        return redirect("loan", number=number)
    found = standing(number)
    told = shown_of(request.user, found) | {"form": form, "to_return": shown(found.to_return), "there": there}
    return render(request, "dijk_web/loans/return.html", told, status=form.status)


class SettleForm(SinceForm):
    """Why what is not back need not come back."""

    reason = reason_field(gettext_lazy("Why"))


@requires(Permission.LEND)
@never_cache
@require_http_methods(["GET", "POST"])
def loan_settle(request: HttpRequest, number: int) -> HttpResponse:
    """Letting go of what was not sent, or is not back."""
    found = loan_or_404(request, number, lender=True)
    form = SettleForm.of(request, since=found.last_act)
    if form.send_or_say_why(request, lambda **told: settle(found.loan, reason=form.cleaned_data["reason"], **told)):
        return redirect("loan", number=number)
    told = shown_of(request.user, standing(number)) | {"form": form}
    return render(request, "dijk_web/loans/settle.html", told, status=form.status)
