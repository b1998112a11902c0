"""Letting in the institutions from the contacts: whom to invite, in one act, and who must be called first."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dijk_web.access import requires
from dijk_web.actions.people import invite_contacts as act_invite
from dijk_web.models import Act, Person, Site
from dijk_web.pages.answer import csv_of, filter_of
from dijk_web.pages.contacts import ContactFilter
from dijk_web.pages.form import SinceForm, reason_field
from dijk_web.pages.lines import shown
from dijk_web.people import Permission, Role, lets_in, may
from dijk_web.to_invite import ToInvite, to_invite
from dijk_web.visible import CARE, sites_visible_to

ON_A_PAGE = 50


class InviteContactsForm(SinceForm):
    """Why they are invited. ``since`` is the mark of who was shown, so that nobody else is invited by it."""

    reason = reason_field(gettext_lazy("Why"), 500)


def lets_in_institutions(person: Person) -> bool:
    """Whether somebody may invite care institutions."""
    return Role.INSTITUTION in lets_in(person.role, is_owner=person.is_owner)


def found_for(request: HttpRequest) -> tuple[ContactFilter, ToInvite]:
    """The filter of the contacts, and who is to be invited by it.

    Raises
    ------
    PermissionDenied
        Who asks may not let in institutions.
    """
    if not lets_in_institutions(request.user):
        raise PermissionDenied
    wanted = ContactFilter(request.GET)
    return wanted, to_invite(request.user, wanted.place)


@requires(Permission.INVITE)
@never_cache
@require_http_methods(["GET", "POST"])
def invite_contacts(request: HttpRequest) -> HttpResponse:
    """How many and who would be invited by the filter of the contacts; and inviting them."""
    wanted, found = found_for(request)
    form = InviteContactsForm.of(request, since=found.mark)

    def done(**told: Any) -> int:
        return act_invite(wanted.place, reason=form.cleaned_data["reason"], **told)

    if number := form.send_or_say_why(request, done):
        invited = Act.objects.get(number=number).after["invited"]
        said = ngettext("{count} invited, as number {number}.", "{count} invited, as number {number}.", invited)
        messages.success(request, said.format(count=shown(invited), number=number))
        return redirect(f"{reverse('letters')}?act={number}")
    page = Paginator(found.invited, ON_A_PAGE).get_page(request.GET.get("page"))
    told = {"page": page, "found": found, "form": form, "number": len(found.invited)}
    told["letters"] = sum(1 for one in found.invited if not one.contact.email)
    return render(request, "dijk_web/contacts/invite.html", told | of_filter(request, wanted), status=form.status)


def of_filter(request: HttpRequest, wanted: ContactFilter) -> dict[str, Any]:
    """What a page shows of the filter."""
    return {"filter": filter_of(request, wanted), "place": wanted.place}


@requires(Permission.INVITE)
@never_cache
@require_safe
def to_call(request: HttpRequest) -> HttpResponse:
    """The organisations of the filter without any contact: fifty on a page, or all as CSV."""
    wanted, found = found_for(request)
    if request.GET.get("as") == "csv":
        return csv_of("to-call", ("organisation", "organisation_name"), found.to_call)
    page = Paginator(found.to_call, ON_A_PAGE).get_page(request.GET.get("page"))
    told = {"page": page, "lines": list(lines_of(page.object_list, request.user)), "number": len(found.to_call)}
    return render(request, "dijk_web/contacts/to_call.html", told | of_filter(request, wanted))


def lines_of(some: list[tuple[str, str]], person: Person) -> Iterator[tuple[str, str, str]]:
    """Organisations by code and name, each with a site of which this person writes calls down, if there is one."""
    may_call = may(person.role, Permission.ASK_TO_REPORT)
    theirs = sites_visible_to(person) if may_call else Site.objects.none()
    named = theirs.filter(organisation__in=[code for code, _name in some], kind__in=CARE).order_by("-site")
    sites = dict(named.values_list("organisation", "site"))
    for code, name in some:
        yield code, name, sites.get(code, "")
