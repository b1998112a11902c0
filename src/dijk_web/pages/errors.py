"""Pages for what does not go: each says what happened and what to do next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dijk_web.access import public
from dijk_web.kept import keep


@public
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: it is there, and not for this role."""
    return render(request, "dijk_web/errors/403.html", status=403)


@public
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was opened in another session or by another site. Text that somebody typed in one of ours is kept,
    and shown to them again.
    """
    if (kept := keep(request)) != request.get_full_path():
        return redirect(kept)
    return render(request, "dijk_web/errors/stale_form.html", status=403)


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: it is not there, or not theirs; which of the two is not told."""
    return render(request, "dijk_web/errors/404.html", status=404)


def too_late(request: HttpRequest, what: str) -> HttpResponse:
    """409: somebody else was first. ``what`` says what they did; nothing was written."""
    return render(request, "dijk_web/errors/409.html", {"what": what}, status=409)


@public
def broken(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours. Asks neither database nor session, which may be what broke."""
    return render(None, "dijk_web/errors/500.html", status=500)
