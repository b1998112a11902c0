"""Where everybody begins: what waits for them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dijk_web.access import ANYBODY, requires
from dijk_web.pages.navigation import places_of
from dijk_web.pages.waits import waits_for
from dijk_web.people import SEATS, Role, Scope
from dijk_web.visible import sites_visible_to

MOST_OUTLETS = 10
"""Own outlets that have a card; the others are found under My use."""


@requires(*ANYBODY)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What waits for this person, and the pages that they may open, each with what one does there."""
    seat = SEATS[Role(request.user.role)]
    here = [place for place in places_of(request.user) if place.name != "start"]
    told = {"seat": seat, "here": here, "waits": waits_for(request.user)}
    if seat.scope is Scope.OWN:
        told["outlets"] = sites_visible_to(request.user).filter(kind="outlet").order_by("name")[:MOST_OUTLETS]
    return render(request, "dijk_web/start.html", told)
