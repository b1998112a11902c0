"""Another language, by a form: an address never changes a thing."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from dijk_web.access import public


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie, and go back to where one was."""
    return set_language(request)
