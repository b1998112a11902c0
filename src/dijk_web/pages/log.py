"""The log of an object: every change of it, who, when, why, before and after."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dijk_web.access import requires
from dijk_web.pages.acts import title_of
from dijk_web.people import Permission
from dijk_web.visible import acts_about, sees_object

PAGE = 50


@requires(Permission.READ_LOG, Permission.READ_LOG_OF_PEOPLE)
@require_GET
def log(request: HttpRequest, about: str) -> HttpResponse:
    """Every act about an object, the newest first."""
    if not sees_object(request.user, about):
        raise Http404
    page = Paginator(acts_about(about), PAGE).get_page(request.GET.get("page"))
    return render(request, "dijk_web/log/log.html", {"title": title_of(about), "page": page})
