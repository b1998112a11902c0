"""Goods on their way back: what left whom, and saying what came."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk_web import lots
from dijk_web.access import requires
from dijk_web.actions.returning import take_back
from dijk_web.models import Because, Person, Product, Site, WayBack
from dijk_web.pages.form import SinceForm
from dijk_web.pages.lines import shown
from dijk_web.people import Permission
from dijk_web.sending import may_receive
from dijk_web.visible import sites_visible_to

ON_A_PAGE, MOST_PIECES = 50, 10**9

BECAUSE = {
    Because.DAMAGED: gettext_lazy("came damaged, or was rejected"),
    Because.RECALLED: gettext_lazy("recalled"),
}
"""Why goods go back, as people read it."""


def visible_to(person: Person) -> QuerySet[WayBack]:
    """What goes back from sites that somebody may read, or to a hub or warehouse that they look after."""
    here, places = sites_visible_to(person).values("site"), lots.places_of(person).order_by().values("site")
    return WayBack.objects.filter(Q(site__in=here) | Q(to_site__in=places))


@requires(Permission.READ_SITES)
@require_safe
def ways_back(request: HttpRequest) -> HttpResponse:
    """A page of what is on its way back and of what came."""
    rows = visible_to(request.user).order_by(F("received_act").asc(nulls_first=True), "-act", "line")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    told = {"page": page, "lines": list(lines_of(list(page.object_list))), "filter": ""}
    return render(request, "dijk_web/ways_back/list.html", told)


def lines_of(rows: list[WayBack]) -> Iterator[dict[str, Any]]:
    """Ways back with names and how far they are."""
    places = {one.site for one in rows} | {one.to_site for one in rows}
    sites = dict(Site.objects.filter(site__in=places).values_list("site", "name"))
    products = dict(Product.objects.filter(product__in={one.product for one in rows}).values_list("product", "name"))
    for one in rows:
        tone, sign, state = state_of(one)
        yield {
            "one": one,
            "site": sites.get(one.site, one.site),
            "to": sites.get(one.to_site, one.to_site),
            "product": products.get(one.product, one.product),
            "because": BECAUSE[Because(one.because)],
            "pieces": shown(one.pieces),
            "tone": tone,
            "sign": sign,
            "state": state,
        }


def state_of(one: WayBack) -> tuple[str, str, str]:
    """How far it is: tone, sign and words."""
    if one.received_pieces is None:
        return "watch", "◆", _("on its way back")
    if one.received_pieces == one.pieces:
        return "enough", "●", _("came back")
    return "short", "▼", _("{pieces} pieces came back").format(pieces=shown(one.received_pieces))


class CameForm(SinceForm):
    """What came back, in pieces."""

    pieces = forms.IntegerField(label=gettext_lazy("Pieces that came back"), min_value=0, max_value=MOST_PIECES)
    note = forms.CharField(
        label=gettext_lazy("What was wrong"),
        help_text=gettext_lazy("Stays in the log for ever: no names, phone numbers or e-mail addresses."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *given: Any, wanted: int, **more: Any) -> None:
        super().__init__(*given, **more)
        self.wanted = wanted

    def clean(self) -> None:
        """What differs is explained."""
        said = super().clean() or self.cleaned_data
        pieces = said.get("pieces")
        if pieces is not None and pieces != self.wanted and not said.get("note"):
            self.add_error("note", _("Say what was wrong: it differs from what was sent."))


@requires(Permission.READ_SITES)
@never_cache
@require_http_methods(["GET", "POST"])
def way_back(request: HttpRequest, act: int, line: int) -> HttpResponse:
    """One way back; who keeps the place that it goes to says what came."""
    one = get_object_or_404(visible_to(request.user), act=act, line=line)
    takes = may_receive(request.user, one.to_site)
    if request.method == "POST" and not takes:
        raise PermissionDenied
    form = CameForm.of(request, since=one.received_act or 0, initial={"pieces": one.pieces}, wanted=one.pieces)

    def done(**told: Any) -> int:
        return take_back(one, form.cleaned_data["pieces"], form.cleaned_data["note"], **told)

    if form.send_or_say_why(request, done):
        return redirect("way_back", act=act, line=line)
    one.refresh_from_db()
    told = next(lines_of([one])) | {"form": form if takes and one.received_act is None else None}
    return render(request, "dijk_web/ways_back/one.html", told, status=form.status)
