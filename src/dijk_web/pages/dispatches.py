"""Dispatches: what is on its way to whom, what came, and where what was sent and what came differ."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk_web import lots
from dijk_web.access import requires
from dijk_web.actions.sending import Receipt, receive
from dijk_web.models import Because, Dispatch, Need, Person, Product, Site, WayBack
from dijk_web.of_site import moment, names_of
from dijk_web.pages.answer import csv_of, filter_of
from dijk_web.pages.form import SinceForm
from dijk_web.pages.lines import amount_in_words
from dijk_web.pages.site_filter import SiteFilter
from dijk_web.people import SEATS, Permission, Role, Scope, may
from dijk_web.sending import may_receive
from dijk_web.visible import loans_visible_to, rows_visible_to

ON_A_PAGE, MOST_PACKS = 50, 10**9


def visible_to(person: Person) -> QuerySet[Dispatch]:
    """What goes to sites that somebody may read, or comes from their hub to that of another region."""
    here = rows_visible_to(person, Dispatch)
    if SEATS[Role(person.role)].scope is not Scope.REGION:
        return here
    return here | Dispatch.objects.filter(from_site__in=lots.places_of(person).order_by().values("site"))


class DispatchFilter(SiteFilter):
    """Which dispatches are shown."""

    article = forms.CharField(label=gettext_lazy("Article or lot"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", "–"),
            ("underway", gettext_lazy("on its way")),
            ("late", gettext_lazy("on its way, and late")),
            ("differs", gettext_lazy("came otherwise than it was sent")),
            ("assumed", gettext_lazy("counted as received, not confirmed")),
        ],
    )

    def dispatches(self) -> QuerySet[Dispatch]:
        """Those of the filter that the person may see; what is on its way first."""
        found = visible_to(self.person)
        if self.said.get("sought") or self.said.get("region"):
            found = found.filter(site__in=self.sites().values("site"))
        if article := self.said.get("article"):
            named = Product.objects.filter(name__icontains=article).values("product")
            found = found.filter(Q(product=article) | Q(lot=article) | Q(product__in=named))
        match self.said.get("state"):
            case "underway":
                found = found.underway()
            case "late":
                found = found.underway().filter(expected__lt=moment().date())
            case "differs":
                found = found.differing()
            case "assumed":
                found = found.filter(is_assumed=True)
        return found.order_by(F("received_act").asc(nulls_first=True), "expected", "act", "line")


CSV = ("code", "site", "need", "product", "lot", "from_site", "packs", "pieces_per_pack", "sent_at", "expected")
CAME = ("received_at", "is_assumed", "whole_packs", "damaged_packs", "missing_packs", "note")


@requires(Permission.READ_SITES)
@require_safe
def dispatches(request: HttpRequest) -> HttpResponse:
    """A page of the dispatches, or all of the filter as CSV: where what was sent is and came."""
    wanted = DispatchFilter(request.GET, person=request.user)
    rows = wanted.dispatches()
    if request.GET.get("as") == "csv":
        names = (*CSV, *CAME)
        told = ([getattr(one, name) for name in names] for one in rows.iterator(chunk_size=500))
        return csv_of("dispatches", names, told)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    told = {"page": page, "lines": list(lines_of(list(page.object_list))), "wanted": wanted}
    told |= {"filter": filter_of(request, wanted), "may_send": may(request.user.role, Permission.SEND)}
    return render(request, "dijk_web/dispatches/list.html", told)


def lines_of(rows: list[Dispatch]) -> Iterator[dict[str, Any]]:
    """Dispatches with names and how far they are."""
    places = {one.site for one in rows} | {one.from_site for one in rows}
    sites = dict(Site.objects.filter(site__in=places).values_list("site", "name"))
    needs = names_of(Need, {one.need for one in rows})
    products = dict(Product.objects.filter(product__in={one.product for one in rows}).values_list("product", "name"))
    today = moment().date()
    for one in rows:
        tone, sign, state = state_of(one, today)
        yield {
            "one": one,
            "site": sites.get(one.site, one.site),
            "from": sites.get(one.from_site, one.from_site),
            "need": needs[one.need],
            "product": products.get(one.product, one.product),
            "tone": tone,
            "sign": sign,
            "state": state,
        }


def state_of(one: Dispatch, today: Any) -> tuple[str, str, str]:
    """How far a dispatch is: tone, sign and words."""
    if one.received_act is None:
        return ("late", "▼", _("late")) if one.expected < today else ("watch", "◆", _("on its way"))
    if one.is_assumed:
        return "watch", "◆", _("counted as received, not confirmed")
    missing, damaged = one.missing_packs or 0, one.damaged_packs or 0
    said = (
        (missing, ngettext("{count} box short", "{count} boxes short", abs(missing))),
        (-missing, ngettext("{count} box too many", "{count} boxes too many", abs(missing))),
        (damaged, ngettext("{count} box damaged", "{count} boxes damaged", damaged)),
    )
    parts = [text.format(count=count) for count, text in said if count > 0]
    return ("short", "▼", ", ".join(parts)) if parts else ("enough", "●", _("received"))


class ReceiveForm(SinceForm):
    """What came, in boxes."""

    whole = forms.IntegerField(label=gettext_lazy("Boxes received whole"), min_value=0, max_value=MOST_PACKS)
    damaged = forms.IntegerField(
        label=gettext_lazy("Boxes received damaged, or rejected"), min_value=0, max_value=MOST_PACKS
    )
    goes_back = forms.BooleanField(
        label=gettext_lazy("The damaged or rejected boxes go back to where they came from"), required=False
    )
    note = forms.CharField(
        label=gettext_lazy("What was wrong"),
        help_text=gettext_lazy("Stays in the log for ever: no names, phone numbers or e-mail addresses."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *given: Any, packs: int, **more: Any) -> None:
        super().__init__(*given, **more)
        self.packs = packs

    def clean(self) -> None:
        """What differs is explained, since somebody at the sender goes after it."""
        said = super().clean() or self.cleaned_data
        whole, damaged = said.get("whole"), said.get("damaged")
        if whole is not None and damaged is not None and (whole != self.packs or damaged) and not said.get("note"):
            self.add_error("note", _("Say what was wrong: it differs from what was sent."))

    @property
    def came(self) -> Receipt:
        """What was filled in."""
        said = self.cleaned_data
        return Receipt(said["whole"], said["damaged"], said["note"], said["goes_back"])


@requires(Permission.READ_SITES)
@never_cache
@require_http_methods(["GET", "POST"])
def dispatch(request: HttpRequest, act: int, line: int) -> HttpResponse:
    """One dispatch; the site that it went to says what it received, and corrects it."""
    one = get_object_or_404(visible_to(request.user), act=act, line=line)
    receives = may_receive(request.user, one.site)
    if request.method == "POST" and not receives:
        raise PermissionDenied
    back = WayBack.objects.filter(because=Because.DAMAGED, about=one.code).first()
    begun = {"whole": one.packs if one.whole_packs is None else one.whole_packs, "damaged": one.damaged_packs or 0}
    begun |= {"note": one.note, "goes_back": back is not None}
    form = ReceiveForm.of(request, since=one.received_act or 0, initial=begun, packs=one.packs)
    if form.send_or_say_why(request, lambda **told: receive(one, form.came, **told)):
        return redirect("dispatch", act=act, line=line)
    one.refresh_from_db()
    amount = amount_in_words(one.packs * one.pieces_per_pack, one.pieces_per_pack)
    told = next(lines_of([one])) | {"form": form if receives else None, "amount": amount, "back": back}
    told["loan"] = loans_visible_to(request.user).filter(act=one.division).first()
    return render(request, "dijk_web/dispatches/one.html", told, status=form.status)
