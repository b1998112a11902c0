"""Which site it is about, where a person has more than one; and the answer that an act gets, with its number."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dijk_web.access import requires
from dijk_web.models import Act, Site, UrgentOrder
from dijk_web.pages.activity import ACTIVITY
from dijk_web.pages.purchases import PURCHASES
from dijk_web.pages.stock import STOCK
from dijk_web.pages.told import TELLS, as_told
from dijk_web.pages.urgent import KIND
from dijk_web.pages.use import USE
from dijk_web.people import Permission
from dijk_web.visible import rows_visible_to, sites_told_by

TITLES = {
    "stock": STOCK.title,
    "use": USE.title,
    "activity": ACTIVITY.title,
    "purchases": PURCHASES.title,
    "why": _("What you get, and why"),
    "order_urgently": KIND.title,
}
ON_A_PAGE, ROWS_ON_A_PAGE = 50, 200


@requires(Permission.TELL)
@require_safe
def choose(request: HttpRequest, topic: str) -> HttpResponse:
    """The page of a topic, of one of the places of care that a person tells of."""
    return _chosen(request, sites_told_by(request.user, Permission.TELL), topic, TITLES[topic])


@requires(Permission.TELL_HELD)
@require_safe
def choose_held(request: HttpRequest) -> HttpResponse:
    """The stock of one of the hubs and warehouses that a person tells of."""
    return _chosen(request, sites_told_by(request.user, Permission.TELL_HELD), "stock", _("Hubs and warehouses"))


def _chosen(request: HttpRequest, theirs: QuerySet[Site], topic: str, title: str | Promise) -> HttpResponse:
    """Straight on where a person has one site; else a list to choose from."""
    sites = theirs.order_by("name", "site")
    few = list(sites[:2])
    if len(few) == 1:
        return redirect(topic, site=few[0].site)
    sought = request.GET.get("sought", "")
    found = sites.filter(Q(name__icontains=sought) | Q(site__icontains=sought)) if sought else sites
    told = {"title": title, "address": topic, "sought": sought, "filter": urlencode({"sought": sought}) + "&"}
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "dijk_web/site/choose.html", told | {"found": page})


@requires(Permission.TELL, Permission.ASK)
@require_safe
def receipt(request: HttpRequest, number: int) -> HttpResponse:
    """What came of a form: its number and the rows it added; only those of sites that the reader may see. A dataset is
    no form.
    """
    act = get_object_or_404(Act.objects.exclude(name="dataset_taken_in"), number=number)
    added = [model for model in TELLS if model.table in act.added]
    mine = {model: rows_visible_to(request.user, model).filter(act=number) for model in added}
    places = [(model, pk) for model, rows in mine.items() for pk in rows.order_by("id").values_list("pk", flat=True)]
    if not places:
        raise Http404
    page = Paginator(places, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    here = {model: [pk for of, pk in page.object_list if of is model] for model in added}
    lines = as_told(row for model, keys in here.items() for row in mine[model].filter(pk__in=keys).order_by("id"))
    order = UrgentOrder.objects.filter(act=number).first()
    return render(request, "dijk_web/site/receipt.html", {"act": act, "lines": lines, "page": page, "order": order})
