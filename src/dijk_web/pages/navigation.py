"""What stands around every page: the pages that a person may open, who they are, and whether this is a demo."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dijk_web import clock
from dijk_web.access import may_open, must_enrol
from dijk_web.people import SEATS, Role


@dataclass(frozen=True)
class Place:
    """A page to go to: the name of its address, what it is called, and what one comes to do there."""

    name: str
    label: str | Promise
    says: str | Promise

    @cached_property
    def url(self) -> str:
        """Its address."""
        return reverse(self.name)

    @cached_property
    def view(self) -> Any:
        """What answers there."""
        return resolve(self.url).func


PLACES = (
    Place("start", _("Start"), _("What waits for you.")),
    Place("work", _("Open work"), _("What waits at each desk, and where it piles up.")),
    Place("orders", _("Orders"), _("What was asked for, how far it is, and asking for more.")),
    Place("urgent", _("Urgent"), _("What runs out within hours, whom to call, and what the region answered.")),
    Place("my_awards", _("What you get, and why"), _("What was divided, and how your number came about.")),
    Place("my_stock", _("My stock"), _("Tell what you have.")),
    Place("held_stock", _("Hubs and warehouses"), _("Tell what they hold for others.")),
    Place("my_use", _("My use"), _("Tell what you used.")),
    Place("my_purchases", _("My own purchases"), _("Tell what you bought yourself and received.")),
    Place("my_activity", _("My activity"), _("Tell how much care you give, an outbreak among it.")),
    Place("upload", _("Upload"), _("Send a workbook or another file, or take your own workbook along to fill in.")),
    Place("silent", _("Silent sites"), _("Who was asked and has not answered, and whom to call there.")),
    Place("waiting", _("Counts that wait"), _("Which counts wait for a second, and confirming them after a call.")),
    Place("situation", _("Situation"), _("What is short, what nobody knows, and what lies behind each figure.")),
    Place("reports", _("Reports"), _("When each report comes, what it says, and the figure that a letter quotes.")),
    Place("inbound", _("Ordered and on its way"), _("What was ordered, and when it comes.")),
    Place("arrivals", _("What comes in"), _("The coming two weeks, day by day, and how late lines tend to be.")),
    Place("bought", _("Bought lately"), _("What was bought and for how much, for someone who was not there.")),
    Place("runs", _("Runs"), _("The plans that were made, and asking for another.")),
    Place("divisions", _("Divisions"), _("What a plan gives each site, past the regions to its release.")),
    Place("dispatches", _("Sent and received"), _("What is on its way, and saying what you received.")),
    Place("loans", _("Loans"), _("What regions lend each other, what is to be back, and offering some.")),
    Place("delivered", _("Where delivered"), _("What reached which region, site or lot, overseas as well.")),
    Place("lots", _("Lots"), _("What hubs and warehouses hold by lot, blocking one, and who received it.")),
    Place("recalls", _("Recalls"), _("What was recalled, and saying what is left of it.")),
    Place("needs", _("Product list"), _("How far each need is, who leads, and what asks for somebody.")),
    Place("review", _("Review"), _("The list for the next meeting, and what was said of it.")),
    Place("policy", _("Policy"), _("What holds, on what it rests and until when; a change takes two persons.")),
    Place("signal", _("Signal to other sectors"), _("What sectors outside care may expect of each need.")),
    Place("proposals", _("Proposals"), _("What waits for a second person, and what was decided.")),
    Place("figures", _("Figures of others"), _("Hand in an outside monitor, to stand beside our figures.")),
    Place("datasets", _("Datasets"), _("Hand in a dataset of the past, and take it in.")),
    Place("desks", _("Who to ask"), _("The right desk for each subject, and whom to call at a site.")),
    Place("people", _("People"), _("Who may come in, and inviting others.")),
    Place("outbox", _("Outbox"), _("What mail goes out, and what could not be sent.")),
)
"""The pages of the navigation, in its order. Who sees which follows from ``@requires`` of the view itself."""


def places_of(person: object) -> Iterator[Place]:
    """The places that a person may open; none before they have proven themselves twice where their role asks it."""
    if not must_enrol(person):
        yield from (place for place in PLACES if may_open(place.view, person))


def frame(request: HttpRequest) -> dict[str, object]:
    """The context of every page."""
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    return {
        "places": list(places_of(user)) if known else [],
        "user_role": role_name(user.role) if known else "",
        "second_factor_wanted": known and must_enrol(user),
        "is_demo": settings.DEMO,
        "demo_moment": clock.now() if settings.CLOCK else None,
    }


def role_name(role: str) -> str:
    """What a role is called in the language of the page."""
    seat = SEATS[Role(role)]
    return seat.nl if get_language() == "nl" else seat.en
