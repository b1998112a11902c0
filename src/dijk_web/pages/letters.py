"""Open invitations as letters to print, and as a list of links and codes to send. These are keys: they are shown to
whoever may let these people in, and to nobody else.
"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dijk_web.access import requires
from dijk_web.models import Invitation, Organisation, Person
from dijk_web.pages.answer import batched, csv_of, number_of
from dijk_web.pages.navigation import role_name
from dijk_web.people import Permission, lets_in

ON_A_PAGE = 50


def called(sought: str) -> Q:
    """People and invitations of this name or address, or of an organisation with this code or name."""
    of = Organisation.objects.filter(name__icontains=sought).values("pk")
    themselves = Q(name__icontains=sought) | Q(email__icontains=sought)
    return themselves | Q(organisation__icontains=sought) | Q(organisation__in=of)


def letters_of(person: Person) -> QuerySet[Invitation]:
    """The open invitations of whom somebody may let in, by organisation.

    Raises
    ------
    PermissionDenied
        Who asks may let in nobody.
    """
    roles = lets_in(person.role, is_owner=person.is_owner)
    if not roles:
        raise PermissionDenied
    return Invitation.objects.visible_to(person).open().filter(role__in=roles).order_by("organisation", "pk")


@requires(Permission.INVITE)
@never_cache
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The open invitations of a filter: fifty letters to print at a time, or all as a list for a mail merge."""
    sought, act = request.GET.get("sought", "").strip(), number_of(request, "act")
    found = letters_of(request.user).filter(called(sought) if sought else Q())
    found = found if act is None else found.filter(act=act)
    if request.GET.get("as") == "csv":
        return csv_of("invitations", CSV, csv_lines(request, found))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    given = urlencode([(name, value) for name, value in (("sought", sought), ("act", act)) if value])
    shown = {"page": page, "letters": letters_shown(request, list(page)), "sought": sought}
    return render(request, "dijk_web/people/letters.html", shown | {"filter": f"{given}&" if given else ""})


def letters_shown(request: HttpRequest, some: list[Invitation]) -> list[dict[str, Any]]:
    """Invitations as their letters show them."""
    names = names_of(some)
    where = request.build_absolute_uri(reverse("invitation_code"))
    return [
        {
            "invitation": one,
            "role": role_name(one.role),
            "of": names.get(one.organisation, one.organisation) or one.region or one.directorate or "",
            "link": link_of(request, one),
            "where": where,
        }
        for one in some
    ]


CSV = ("organisation", "organisation_name", "name", "email", "link", "code", "until")


def csv_lines(request: HttpRequest, found: QuerySet[Invitation]) -> Iterator[tuple[object, ...]]:
    """Invitations for a mail merge, some hundreds at a time."""
    for some in batched(found.iterator()):
        names = names_of(some)
        for one in some:
            of = (one.organisation, names.get(one.organisation))
            yield (*of, one.name, one.email, link_of(request, one), one.one_time_code, one.expires_at.date())


def names_of(some: list[Invitation]) -> dict[str, str]:
    """The names of the organisations of invitations, by code."""
    named = Organisation.objects.filter(pk__in={one.organisation for one in some if one.organisation})
    return dict(named.values_list("pk", "name"))


def link_of(request: HttpRequest, one: Invitation) -> str:
    """The address at which somebody comes in."""
    return str(request.build_absolute_uri(reverse("invitation", args=[one.one_time_code])))
