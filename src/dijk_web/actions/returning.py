"""Goods that go back: what came damaged or was rejected is sent back with the receipt, and what comes back is stock in
quarantine of the place that has it again.
"""

import polars as pl
from django.core.exceptions import PermissionDenied

from dijk_web import sending
from dijk_web.actions.lots import Shift, shift
from dijk_web.actions.telling import Sent, valid
from dijk_web.actions.writing import TooLate, Writing, writing
from dijk_web.models import Because, Dispatch, Person, Site, WayBack
from dijk_web.visible import CARE, HUB


def send_damaged_back(act: Writing, one: Dispatch, packs: int) -> None:
    """Put damaged or rejected packs of a dispatch on their way to where they came from, in the act that says what was
    received; none of them takes back what was said before.

    Raises
    ------
    TooLate
        Other packs of it came back already.
    """
    pieces = packs * one.pieces_per_pack
    before = WayBack.objects.filter(because=Because.DAMAGED, about=one.code).first()
    if before is None and pieces:
        about = {"site": one.site, "region": one.region, "to_site": one.from_site, "need": one.need, "lot": one.lot}
        why = {"because": Because.DAMAGED, "about": one.code, "sent_at": act.known_at}
        WayBack.objects.create(act=act.number, line=1, product=one.product, pieces=pieces, **about, **why)
    elif before is not None and before.pieces != pieces:
        underway = WayBack.objects.underway().filter(pk=before.pk)
        changed = underway.update(pieces=pieces) if pieces else underway.delete()[0]
        if not changed:
            raise TooLate("way_back")


# parameters: what came of what, by whom and by which form
def take_back(way: WayBack, pieces: int, note: str, *, by: Person, sent: Sent) -> int:
    """Say what came back: it is stock in quarantine from then on, and what the site had counted as its own leaves the
    site. The number of the act.

    Raises
    ------
    PermissionDenied
        It does not go to a place that this person keeps.
    TooLate
        Somebody else said so first.
    """
    if not sending.may_receive(by, way.to_site):
        raise PermissionDenied
    with writing("taken_back", by=by, about=f"site:{way.to_site}", reason=note, once=sent.once) as act:
        told = {"received_act": act.number, "received_at": act.known_at, "received_pieces": pieces, "note": note}
        if not WayBack.objects.underway().filter(pk=way.pk).update(**told):
            raise TooLate("way_back")
        act.after = {"way_back": way.code, "pieces": way.pieces, "received_pieces": pieces}
        place, came_from = (Site.objects.get(site=site) for site in (way.to_site, way.site))
        if pieces:
            shift(act, [Shift(place, way.product, way.lot, "quarantine", pieces=pieces)])
        if pieces and way.was_counted and came_from.kind in CARE:
            act.tell("delivery", _delivery(act, way, place, pieces))
    return act.number


def _delivery(act: Writing, way: WayBack, place: Site, pieces: int) -> pl.DataFrame:
    """The delivery to the place that has it again, by which it leaves the site that it came from."""
    about = {"delivery": way.code, "site": place.site, "from_site": way.site, "need": way.need, "product": way.product}
    channel = {"channel": "region" if place.kind == HUB else "consortium"}
    said = {"lot": way.lot, "day": act.known_at.date(), "pieces": pieces, "how": "counted", "source": "consortium"}
    return valid("delivery", [about | channel | said])
