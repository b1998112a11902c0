"""Who may open a page: each view says it with ``@requires`` or ``@public``, and a test finds the one that does not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from dijk_web.kept import keep
from dijk_web.people import Permission, allows, needs_second_factor

View = Callable[..., HttpResponse]

ANYBODY = tuple(Permission)
"""``@requires(*ANYBODY)``: for whoever is logged in, since every role may do something."""


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Only for a person whose role has one of the permissions; nobody is sent to log in, another gets 403.

    What somebody typed whose session had ended is kept for them. Who owes a second factor is sent to set it up first.
    Whose sites the page may show is asked of ``visible_to`` of
    each model: what is not theirs does not exist (404).
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(keep(request) if request.method == "POST" else request.get_full_path())
            if must_enrol(request.user):
                return redirect("mfa_index")
            if not may_open(guarded, request.user):
                raise PermissionDenied
            return view(request, *args, **more)

        guarded.access = frozenset(permissions)  # type: ignore[attr-defined]
        return guarded

    return guard


def public(view: View) -> View:
    """For everyone, also who is not logged in."""
    view.access = frozenset()  # type: ignore[attr-defined]
    return view


def may_open(view: Any, person: Any) -> bool:
    """Whether a person's role or directorate opens a view."""
    return not view.access or any(allows(person, permission) for permission in view.access)


def must_enrol(person: Any) -> bool:
    """Whether a person owes a second factor: an app or a passkey. A demo asks none, and its banner says so."""
    second = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return needs_second_factor(person.role) and not settings.DEMO and not is_mfa_enabled(person, second)
