"""One request: how far it is, what was said of it and by whom, changing and withdrawing it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dijk.tables import ON_DISK
from dijk_web import kept
from dijk_web.access import requires
from dijk_web.actions.asking import WITHDRAWN, asked_row, change_request, confirm_request, withdraw_request
from dijk_web.actions.telling import Sent, own_word
from dijk_web.actions.writing import AlreadyDone, TooLate
from dijk_web.models import Act, Need, Request, RequestRow
from dijk_web.of_site import moment, names_of, packs_of_needs, policy_now
from dijk_web.pages.form import new_key
from dijk_web.pages.lines import Line, amount_in_words, read
from dijk_web.pages.navigation import role_name
from dijk_web.pages.order_list import lines_of, with_state
from dijk_web.pages.orders import OrderForm
from dijk_web.pages.telling import Page, page_of
from dijk_web.people import Permission, may
from dijk_web.visible import rows_visible_to

CONFIRMED = "|confirmed"
"""What sets the line of a call apart from that of another wish."""


@dataclass(frozen=True)
class Step:
    """What may be said of a request: by whom, on which line, and the act that it is."""

    wants: Permission
    line: str
    act: Callable[..., int]


STEPS = {
    "change_it": Step(Permission.ASK, "change", change_request),
    "withdraw": Step(Permission.ASK, "", withdraw_request),
    "confirm": Step(Permission.CONFIRM, "confirm", confirm_request),
}


class AnewForm(OrderForm):
    """How somebody knows who changes the request of a site; nothing else holds for one line."""

    why = None


@requires(Permission.READ_SITES)
@never_cache
@require_http_methods(["GET", "POST"])
def one_request(request: HttpRequest, request_code: str) -> HttpResponse:
    """Show it; change or withdraw it."""
    mine = rows_visible_to(request.user, Request).filter(request=request_code)
    one = get_object_or_404(with_state(mine, moment()))
    step = STEPS.get(request.POST.get("step", ""), STEPS["change_it"])
    if request.method == "POST" and not may(request.user.role, step.wants):
        raise PermissionDenied
    lines = {"change": line_of(one), "confirm": line_of(one, CONFIRMED)}

    def form(data: Any = None, initial: Any = None) -> AnewForm:
        return AnewForm(data, initial=initial, person=request.user)

    page = page_of(request, list(lines.values()), form, one.act)
    if request.method != "POST":
        return shown(request, one, page)
    line = lines.get(step.line)
    if line:
        read([line], request.POST, ON_DISK["request"].columns()["pieces"])
        if line.value is None and not line.problems:
            line.problems.append(_("A number of pieces or boxes; to ask for nothing, withdraw the request."))
    if step is STEPS["confirm"] and own_word(request.user, asked_row(one.request)):
        page.problems.append(_("You asked for this yourself, so somebody else confirms it."))
    if page.is_wrong or not page.form.is_valid():
        return shown(request, one, page, status=422)
    return say_anew(request, one, page, step, int(line.value or 0) if line else None)


def line_of(one: Request, what: str = "") -> Line:
    """A line on which a quantity of a request is typed."""
    now = moment()
    name = names_of(Need, [one.need_id])[one.need_id]
    return Line(one.request + what, name, each=packs_of_needs(policy_now(), now.date()).get(one.need_id))


# parameters: the request of the browser, and what is said of that of the site
def say_anew(request: HttpRequest, one: Request, page: Page, step: Step, pieces: int | None) -> HttpResponse:
    """Change, confirm or withdraw it, once; if somebody was first, show what it is now."""
    sent = Sent(f"{request.user.code}:{page.once}", page.since)
    told = {
        "by": request.user,
        "code": one.request,
        "sent": sent,
        "on_behalf": page.form.cleaned_data.get("on_behalf", ""),
    }
    try:
        number = step.act(**told) if pieces is None else step.act(pieces=pieces, **told)
    except AlreadyDone as done:
        number = done.act.number
    except TooLate as late:
        page.problems.append(
            _("Somebody else was first: see what was said of it, below. Nothing of yours was taken in.")
        )
        page.once, page.since = new_key(), int(str(late))
        return shown(request, one, page, status=409)
    kept.let_go(request)
    return redirect("receipt", number=number)


def shown(request: HttpRequest, one: Request, page: Page, *, status: int = 200) -> HttpResponse:
    """The page of a request with its history."""
    rows = list(RequestRow.objects.filter(request=one.request).order_by("act"))
    acts = Act.objects.in_bulk([row.act for row in rows])
    told = [
        (row, acts[row.act], role_name(acts[row.act].role), amount_in_words(row.pieces or 0, page.lines[0].each))
        for row in rows
    ]
    may_change = may(request.user.role, Permission.ASK) and one.reason != WITHDRAWN
    context = {
        "one": next(lines_of([one])),
        "told": told,
        "page": page,
        "line": page.lines[0],
        "confirmed": page.lines[1],
        "may_change": may_change,
        "may_confirm": may_change and may(request.user.role, Permission.CONFIRM),
    }
    return render(
        request, "dijk_web/orders/one.html", context | {"typed_by": kept.name_tag(request.user)}, status=status
    )
