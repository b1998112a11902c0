"""Who may open a page: each view says it with ``@requires`` or ``@public``, and a test finds the one that does not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from dijk_web.people import Permission, may

View = Callable[..., HttpResponse]


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Only for a person whose role has one of the permissions; nobody is sent to log in, another gets 403.

    Whose sites the page may show is asked of ``visible_to`` of each model: what is not theirs does not exist (404).
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not any(may(request.user.role, permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **more)

        guarded.access = frozenset(permissions)  # type: ignore[attr-defined]
        return guarded

    return guard


def public(view: View) -> View:
    """For everyone, also who is not logged in."""
    view.access = frozenset()  # type: ignore[attr-defined]
    return view
