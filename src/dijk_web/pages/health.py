"""Whether the tower lives, for who watches over the machine."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dijk_web.access import public


@public
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Asks the database; 503 where it does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": "does not answer"}, status=503)
    return JsonResponse({"database": "answers"})
