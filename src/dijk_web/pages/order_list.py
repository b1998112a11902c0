"""The list of requests: filtered, sorted, fifty a page, and as CSV of exactly this view; the address is the filter."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Case, CharField, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dijk_web.access import requires
from dijk_web.actions.asking import WITHDRAWN
from dijk_web.models import Delivery, Need, Request, RequestRow, Site, UrgentOrder
from dijk_web.models.urgent import act_of
from dijk_web.of_site import last_published, moment, names_of, policy_now
from dijk_web.pages.answer import AT_ONCE, batched, csv_of, filter_of
from dijk_web.pages.lines import shown
from dijk_web.people import Permission
from dijk_web.visible import rows_visible_to

ON_A_PAGE = 50

STATES = {
    "asked": gettext_lazy("asked"),
    "checked": gettext_lazy("checked by call"),
    "planned": gettext_lazy("in a plan"),
    "withdrawn": gettext_lazy("withdrawn"),
    "too_old": gettext_lazy("too old to count"),
}
"""How far a request is."""

ORDERS = {
    "day": ("-day", "-request"),
    "site": ("site", "-day", "request"),
    "need": ("need", "-day", "request"),
    "pieces": ("-pieces", "request"),
}
"""By what the list may be sorted."""


class Filter(forms.Form):
    """What of the requests is shown; all of it may be left empty."""

    site = forms.CharField(label=gettext_lazy("Site"), required=False, max_length=80)
    need = forms.CharField(label=gettext_lazy("Need"), required=False, max_length=80)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=[("", "–"), *STATES.items()])
    urgent = forms.BooleanField(label=gettext_lazy("Urgent alone"), required=False)
    sort = forms.ChoiceField(
        label=gettext_lazy("Sorted by"),
        required=False,
        choices=[
            ("", gettext_lazy("day, newest first")),
            ("site", gettext_lazy("site")),
            ("need", gettext_lazy("need")),
            ("pieces", gettext_lazy("pieces, most first")),
        ],
    )


def with_state(requests: QuerySet[Request], now: dt.datetime) -> QuerySet[Request]:
    """Requests with ``state`` and ``run``: withdrawn, too old by policy, in the last published plan, checked, asked."""
    days = int(policy_now().number("request_open_days", now.date()))
    run = last_published()
    told = RequestRow.objects.filter(request=OuterRef("request"), known_at=OuterRef("known_at"))
    state = Case(
        When(reason="retracted", then=Value("withdrawn")),
        When(day__lte=now.date() - dt.timedelta(days=days), then=Value("too_old")),
        When(act__lte=run.act if run else 0, then=Value("planned")),
        When(checked_pieces__isnull=False, then=Value("checked")),
        default=Value("asked"),
        output_field=CharField(),
    )
    rows = requests.annotate(act=Subquery(told.values("act")[:1]))
    return rows.annotate(state=state, run=Value(run.act if run else None, output_field=IntegerField()))


def found(request: HttpRequest, wanted: Filter) -> QuerySet[Request]:
    """The requests of the filter, in its order, of the sites that a person may see."""
    said = wanted.cleaned_data if wanted.is_valid() else {}
    rows = with_state(rows_visible_to(request.user, Request), moment())
    if site := said.get("site"):
        called = Site.objects.filter(Q(site=site) | Q(name__icontains=site)).values("site")
        rows = rows.filter(site__in=called)
    if need := said.get("need"):
        called = Need.objects.filter(Q(need=need) | Q(name_en__icontains=need) | Q(name_nl__icontains=need))
        rows = rows.filter(need__in=called.values("need"))
    if said.get("state"):
        rows = rows.filter(state=said["state"])
    if said.get("urgent"):
        rows = rows.filter(urgent=True)
    return rows.order_by(*ORDERS[said.get("sort") or "day"])


@requires(Permission.READ_SITES)
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """A page of the list, or all of it as CSV."""
    wanted = Filter(request.GET)
    rows = found(request, wanted)
    if request.GET.get("as") == "csv":
        return csv_of("orders", CSV, csv_rows(rows))
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    told = {"page": page, "lines": list(lines_of(page.object_list)), "wanted": wanted}
    return render(request, "dijk_web/orders/list.html", told | {"filter": filter_of(request, wanted)})


def lines_of(rows: Any) -> Iterator[dict[str, Any]]:
    """Requests with the names of site, need and state."""
    rows = list(rows)
    sites = dict(Site.objects.filter(site__in={row.site_id for row in rows}).values_list("site", "name"))
    needs = names_of(Need, {row.need_id for row in rows})
    came, urgent = came_of(rows), urgent_of(rows)
    for row in rows:
        state = _("in plan {run}").format(run=row.run) if row.state == "planned" else str(STATES[row.state])
        yield {
            "row": row,
            "came": came_in_words(came.get(row.request, 0)),
            "site": sites.get(row.site_id, row.site_id),
            "need": needs.get(row.need_id, row.need_id),
            "state": state,
            "urgent": urgent.get(act_of(row.request)),
        }


def urgent_of(rows: list[Request]) -> dict[int, UrgentOrder]:
    """The urgent orders that requests are of, by act."""
    return UrgentOrder.objects.in_bulk({act_of(row.request) for row in rows if row.urgent} - {None})


def came_of(rows: list[Request]) -> dict[str, int | None]:
    """Pieces that came on each request, of each delivery as it was told last; None where of one nobody knows how much
    it was. What was taken back never came.
    """
    told = Delivery.objects.filter(site__in={row.site_id for row in rows}, request__in=[row.request for row in rows])
    last = {row.delivery: row for row in told.order_by("known_at")}
    came: dict[str, int | None] = {}
    for row in last.values():
        if row.reason == WITHDRAWN:
            continue
        before = came.get(row.request, 0)
        came[row.request] = None if before is None or row.pieces is None else before + row.pieces
    return came


def came_in_words(pieces: int | None) -> str:
    """What came on a request; unknown is not 0."""
    return _("unknown") if pieces is None else shown(pieces)


CSV = ("request", "site", "need", "day", "pieces", "checked_pieces", "came", "urgent", "state")
"""The heading of the list as a file."""


def csv_rows(rows: QuerySet[Request]) -> Iterator[tuple[Any, ...]]:
    """All rows of the filter, as `CSV` has them."""
    for some in batched(rows.iterator(chunk_size=AT_ONCE)):
        came = came_of(some)
        for row in some:
            about = (row.request, row.site_id, row.need_id, row.day, row.pieces, row.checked_pieces)
            yield (*about, came.get(row.request, 0), "yes" if row.urgent else "no", row.state)
