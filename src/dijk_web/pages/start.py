"""Where everybody begins: what waits for them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dijk_web.access import ANYBODY, requires
from dijk_web.pages.navigation import places_of
from dijk_web.pages.waits import waits_for
from dijk_web.people import SEATS, Role


@requires(*ANYBODY)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What waits for this person, and the pages that they may open, each with what one does there."""
    seat = SEATS[Role(request.user.role)]
    here = [place for place in places_of(request.user) if place.name != "start"]
    return render(request, "dijk_web/start.html", {"seat": seat, "here": here, "waits": waits_for(request.user)})
