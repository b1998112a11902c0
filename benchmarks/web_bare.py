"""The addresses of a tower that is measured, and two beside them, each of which takes an order from the same form.

``bare/`` is what Django does at the least: it inserts the rows in one transaction, and asks nobody who they are.
``act/`` places the order, by the act that the page of orders calls.
"""

import secrets
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dijk_web.access import public, requires
from dijk_web.actions.asking import order
from dijk_web.actions.telling import Sent
from dijk_web.models import RequestRow, Site
from dijk_web.of_site import moment
from dijk_web.people import Permission
from dijk_web.urls import handler403, handler404, handler500
from dijk_web.urls import urlpatterns as pages

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]


@public
@csrf_exempt
@require_POST
def bare(request: HttpRequest) -> HttpResponse:
    """Insert the rows of an order."""
    now, code = moment(), secrets.token_hex(8)
    told = {"site_id": request.POST["site"], "known_at": now, "day": now.date(), "urgent": False, "source": "site"}
    with transaction.atomic():
        RequestRow.objects.bulk_create(
            RequestRow(**told, **row, need_id=need, request=f"{code}-{at}", act=0)
            for at, (need, row) in enumerate(asked(request).items())
        )
    return HttpResponse(status=204)


@csrf_exempt
@requires(Permission.ASK)
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Place an order."""
    rows = [{"site": request.POST["site"], "need": need, **row} for need, row in asked(request).items()]
    sites = [Site.objects.get(site=request.POST["site"])]
    order(by=request.user, sites=sites, rows=rows, sent=Sent(request.POST["once"], int(request.POST["since"])))
    return HttpResponse(status=204)


def asked(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """What an order says of each need."""
    return {need: {"pieces": int(request.POST["pieces"]), "how": "counted"} for need in request.POST.getlist("need")}


urlpatterns = [*pages, path("bare/", bare), path("act/", act)]
