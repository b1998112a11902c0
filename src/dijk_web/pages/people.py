"""Who may come in: the people that somebody looks after, inviting, letting go and letting in again."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from dijk_web.access import requires
from dijk_web.actions import people as act
from dijk_web.actions.seats import Way, propose_seat
from dijk_web.actions.writing import AlreadyDone, TooLate
from dijk_web.addresses import unreached
from dijk_web.models import Invitation, Mail, MailState, Organisation, Person
from dijk_web.pages.errors import too_late
from dijk_web.pages.form import typed
from dijk_web.pages.letters import called, letters_shown
from dijk_web.pages.navigation import role_name
from dijk_web.pages.outbox import STATES
from dijk_web.pages.people_forms import InviteForm, LeaveForm, SeatForm
from dijk_web.people import Permission, lets_in, takes_two
from dijk_web.visible import acts_about, sees_object

PAGE = 50
TOO_LATE = {
    "invitation_closed": gettext_lazy("The invitation was used, taken back, or is older than fourteen days."),
    "address_taken": gettext_lazy("Somebody else came in with this e-mail address."),
    "already_left": gettext_lazy("This account was closed already."),
}
"""What happened, where somebody else was first."""


@requires(Permission.INVITE)
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """The people and open invitations that somebody looks after, by name, fifty on a page."""
    sought = request.GET.get("sought", "").strip()
    everyone = Person.objects.visible_to(request.user).filter(called(sought)).order_by("-is_active", "name", "code")
    open_ones = Invitation.objects.visible_to(request.user).open().filter(called(sought)).order_by("name", "code")
    page = Paginator(everyone, PAGE).get_page(request.GET.get("page"))
    invited = Paginator(open_ones, PAGE).get_page(request.GET.get("invited"))
    shown: dict[str, Any] = {
        "page": page,
        "rows": _rows(list(page)),
        "invited": invited,
        "invitations": _rows(list(invited)),
        "sought": sought,
        "filter": f"{urlencode({'sought': sought})}&" if sought else "",
        "may_invite": bool(lets_in(request.user.role, is_owner=request.user.is_owner)),
    }
    return render(request, "dijk_web/people/list.html", shown)


def _rows(some: list[Any]) -> list[dict[str, Any]]:
    """People or invitations for a list: with the role and whom it is for as people call them."""
    named = Organisation.objects.filter(pk__in=[one.organisation for one in some if one.organisation])
    names = dict(named.values_list("organisation", "name"))
    return [
        {
            "one": one,
            "role": role_name(one.role),
            "of": names.get(one.organisation, one.organisation) or one.region or one.directorate or "",
        }
        for one in some
    ]


@requires(Permission.INVITE)
@require_GET
def person(request: HttpRequest, code: str) -> HttpResponse:
    """One person: what they come to do, and what may be done about them."""
    one = get_object_or_404(Person.objects.visible_to(request.user), code=code)
    may_give = request.user.keeps(one) and len(lets_in(request.user.role, is_owner=request.user.is_owner)) > 1
    shown = {**_rows([one])[0], "person": one, "may_keep": request.user.keeps(one), "may_give": may_give}
    shown["is_unreached"] = bool(unreached([one.email]))
    if sees_object(request.user, f"person:{code}"):
        shown["acts"] = acts_about(f"person:{code}")[:PAGE]
    return render(request, "dijk_web/people/person.html", shown)


@requires(Permission.INVITE)
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody; the answer is the letter with the link and the code."""
    if not lets_in(request.user.role, is_owner=request.user.is_owner):
        raise PermissionDenied
    given = {"organisation": request.GET.get("organisation", "")}
    form = InviteForm(typed(request), by=request.user, initial=given)
    if not form.is_valid():
        return render(request, "dijk_web/people/invite.html", {"form": form}, status=422 if form.is_bound else 200)
    invitation = Invitation(**form.invitation)
    reason = form.cleaned_data.get("reason", "")
    if takes_two(invitation.role):
        return _proposed(request, form, Way.INVITE, invitation, form.seat)
    try:
        act.invite(invitation, by=request.user, reason=reason, once=form.key_of(request.user))
    except AlreadyDone as done:
        invitation = _invitation_of(request, done)
    return redirect("letter", number=invitation.pk)


@requires(Permission.INVITE)
@require_GET
def letter(request: HttpRequest, number: int) -> HttpResponse:
    """An open invitation as a letter to print: the link, and the code for who types."""
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=number)
    _must_let_in(request.user, invitation.role)
    mail = Mail.objects.filter(invitation=number).first()
    shown = {"mailed": STATES[MailState(mail.state)][2]} if mail else {}
    return render(request, "dijk_web/people/letter.html", letters_shown(request, [invitation])[0] | shown)


@requires(Permission.INVITE)
@require_http_methods(["GET", "POST"])
def withdraw_invitation(request: HttpRequest, number: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=number)
    _must_let_in(request.user, invitation.role)

    def done(form: LeaveForm) -> None:
        reason, key = form.cleaned_data["reason"], form.key_of(request.user)
        act.withdraw(invitation, by=request.user, reason=reason, once=key)

    return _with_reason(request, "withdraw", invitation, done)


@requires(Permission.INVITE)
@require_http_methods(["GET", "POST"])
def let_go(request: HttpRequest, code: str) -> HttpResponse:
    """Close the account of somebody who leaves."""
    one = kept(request, code)

    def done(form: LeaveForm) -> None:
        act.let_go(one, by=request.user, reason=form.cleaned_data["reason"], once=form.key_of(request.user))

    return _with_reason(request, "let_go", one, done)


@requires(Permission.INVITE)
@require_http_methods(["GET", "POST"])
def let_in_again(request: HttpRequest, code: str) -> HttpResponse:
    """A new link for somebody who forgot the password, lost the second factor, or comes back."""
    one = kept(request, code)
    form = LeaveForm(typed(request))
    if not form.is_valid():
        shown = {"form": form, "one": one, "what": "let_in_again"}
        return render(request, "dijk_web/people/reason.html", shown, status=422 if form.is_bound else 200)
    if takes_two(one.role):
        return _proposed(request, form, Way.AGAIN, one, act.seat_of(one))
    reason = form.cleaned_data["reason"]
    try:
        invitation = act.let_in_again(one, by=request.user, reason=reason, once=form.key_of(request.user))
    except AlreadyDone as done:
        invitation = _invitation_of(request, done)
    return redirect("letter", number=invitation.pk)


@requires(Permission.KEEP_PEOPLE)
@require_http_methods(["GET", "POST"])
def change_role(request: HttpRequest, code: str) -> HttpResponse:
    """Give somebody another role, or the same one elsewhere."""
    one = kept(request, code)
    form = SeatForm(typed(request), by=request.user, initial=act.seat_of(one))
    if not form.is_valid():
        shown = {"form": form, "person": one}
        return render(request, "dijk_web/people/role.html", shown, status=422 if form.is_bound else 200)
    if takes_two(form.seat["role"]):
        return _proposed(request, form, Way.CHANGE, one, form.seat)
    reason, key = form.cleaned_data["reason"], form.key_of(request.user)
    with suppress(AlreadyDone):
        act.change_role(one, form.seat, by=request.user, reason=reason, once=key)
    return redirect("person", code=one.code)


# parameters: the form, and what it proposes about whom
def _proposed(
    request: HttpRequest, form: SeatForm | LeaveForm, way: Way, one: Person | Invitation, seat: dict[str, Any]
) -> HttpResponse:
    """Propose what takes two administrators, and show the proposal."""
    try:
        reason, key = form.cleaned_data["reason"], form.key_of(request.user)
        number = propose_seat(way, one, seat, by=request.user, reason=reason, once=key)
    except AlreadyDone as done:
        number = done.act.number
    return redirect("proposal", number=number)


def kept(request: HttpRequest, code: str) -> Person:
    """A person whom the reader may let go: unseen is 404, seen and not to be changed is 403."""
    one = get_object_or_404(Person.objects.visible_to(request.user), code=code)
    if not request.user.keeps(one):
        raise PermissionDenied
    return one


def _must_let_in(user: Person, role: str) -> None:
    if role not in lets_in(user.role, is_owner=user.is_owner):
        raise PermissionDenied


def _with_reason(request: HttpRequest, what: str, one: Person | Invitation, done: Any) -> HttpResponse:
    """Ask why, do it, and go back to the people."""
    form = LeaveForm(typed(request))
    if not form.is_valid():
        shown = {"form": form, "one": one, "what": what}
        return render(request, "dijk_web/people/reason.html", shown, status=422 if form.is_bound else 200)
    try:
        done(form)
    except AlreadyDone:
        pass
    except TooLate as late:
        return too_late(request, str(TOO_LATE[str(late)]))
    messages.success(request, _("Done, and written in the log."))
    return redirect("people")


def _invitation_of(request: HttpRequest, done: AlreadyDone) -> Invitation:
    """What came of the form the first time it was sent."""
    code = done.act.about.removeprefix("person:")
    return Invitation.objects.visible_to(request.user).filter(code=code).latest("made_at")
