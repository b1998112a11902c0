"""Blocking a lot and letting it go, and what the stock of hubs and warehouses says of it from then on."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied

from dijk.tables import ALL
from dijk.tables.columns import HOLDERS
from dijk.tables.facts import STATUSES
from dijk_web import lots
from dijk_web.actions.telling import Sent, valid
from dijk_web.actions.writing import TooLate, Writing, writing
from dijk_web.models import Dispatch, LotBlock, Person, Site
from dijk_web.people import Permission, may

USABLE = ("approved", "quarantine")
"""What of a lot is blocked with it."""


def block_lot(product: str, lot: str, *, by: Person, reason: str, sent: Sent) -> int:
    """Block a lot wherever this person's word holds; the number of the act.

    Raises
    ------
    PermissionDenied
        This person does not block that lot.
    TooLate
        It is blocked already.
    """
    with writing("lot_blocked", by=by, about=f"lot:{product}|{lot}", reason=reason, once=sent.once) as act:
        if not lots.may_block(by, product, lot):
            raise PermissionDenied
        if not block(act, product, [lot], by=by, reason=reason):
            raise TooLate("lot_block")
        act.after = {"product": product, "lot": lot, "territory": lots.territory_of(by)}
    return act.number


# parameters: what is blocked in which act, by whom and why
def block(act: Writing, product: str, some: Iterable[str], *, by: Person, reason: str) -> list[LotBlock]:
    """Block lots of an article, in an act that is being written, and count as blocked what is held of them; the blocks
    that did not hold already.
    """
    territory = lots.territory_of(by)
    held = LotBlock.objects.holding().filter(product=product, territory=territory).values_list("lot", flat=True)
    about = {"product": product, "territory": territory, "act": act.number, "blocked_at": act.known_at}
    said = {"by": by.code, "role": by.role, "reason": reason}
    new = [LotBlock(lot=lot, **about, **said) for lot in some if lot not in set(held)]
    LotBlock.objects.bulk_create(new)
    shift(act, (Shift(place, product, one.lot, "blocked", of=USABLE) for one in new for place in _places(territory)))
    return new


def let_go(one: LotBlock, status: str, *, by: Person, reason: str, sent: Sent) -> int:
    """Let a blocked lot go, as approved or in quarantine; the number of the act.

    Raises
    ------
    PermissionDenied
        Another level blocked it, or this person lets it go into quarantine alone.
    TooLate
        It was let go already.
    """
    own = lots.own_block(by, one.product, one.lot)
    if status not in USABLE or (status == "approved" and not may(by.role, Permission.SEND)):
        raise PermissionDenied
    with writing("lot_let_go", by=by, about=f"lot:{one.product}|{one.lot}", reason=reason, once=sent.once) as act:
        changed = LotBlock.objects.holding().filter(pk=one.pk)
        if not changed.update(let_go_act=act.number, let_go_at=act.known_at):
            raise TooLate("lot_block")
        if own is None or own.pk != one.pk:
            raise PermissionDenied
        still = [place for place in _places(one.territory) if not lots.is_blocked(place, one.product, one.lot)]
        shift(act, (Shift(place, one.product, one.lot, status, of=("blocked",)) for place in still))
        act.after = {"product": one.product, "lot": one.lot, "status": status}
    return act.number


def keep_blocked(act: Writing) -> None:
    """Count as blocked what was counted as approved of lots that are blocked, in the act that asks for a plan: a count
    says what is there, and lets nothing go.
    """
    told = {
        (place.site, block.product, block.lot): Shift(place, block.product, block.lot, "blocked", of=("approved",))
        for block in LotBlock.objects.holding()
        for place in _places(block.territory)
    }
    shift(act, told.values())


def _places(territory: str) -> list[Site]:
    """The hubs and warehouses that a block is about."""
    places = Site.objects.filter(kind__in=list(HOLDERS))
    return list(places if territory == ALL else places.filter(kind=lots.HUB, region=territory))


# The stock of a lot, told again


@dataclass(frozen=True)
class Shift:
    """Pieces of a lot at a hub or warehouse that are of another status from now on: all that it has ``of`` some, and so
    many ``pieces`` that came from elsewhere, or left where below 0. What is new there ends on ``expires_on``.
    """

    place: Site
    product: str
    lot: str
    into: str
    of: tuple[str, ...] = ()
    pieces: int = 0
    expires_on: dt.date | None = None


def shift(act: Writing, shifts: Iterable[Shift]) -> None:
    """Tell the stock of lots again as it is with some shifts, in an act that is being written; a lot that none of them
    moves a piece of is left alone.

    Raises
    ------
    TooLate
        More would leave than is there.
    """
    shifts = list(shifts)
    if not shifts:
        return
    places = {one.place.site: one.place for one in shifts}
    held = lots.held_by_lot(list(places.values()), *{one.product for one in shifts})
    there: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in held.to_dicts():
        there.setdefault((row["site"], row["product"], row["lot"]), []).append(row)
    rows = [
        row for one in shifts for row in _told_again(act, one, there.get((one.place.site, one.product, one.lot), []))
    ]
    if rows:
        act.tell("stock", valid("stock", rows))


def _told_again(act: Writing, one: Shift, held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that tell a lot at a place with a shift. What was sent today is told with what is approved: readers take
    it off a count of its own day.
    """
    now = dict.fromkeys(STATUSES, 0)
    for row in held:
        now["approved" if row["status"] == "unaccepted" else row["status"]] += row["pieces"]
    moved = one.pieces + sum(now[status] for status in one.of if status != one.into)
    if not moved:
        return []
    told = {row["status"] for row in held} | {one.into}
    now |= dict.fromkeys(one.of, 0) | {one.into: now[one.into] + moved}
    if now[one.into] < 0:
        raise TooLate("stock")
    if now["approved"]:
        now["approved"] += _sent_today(act, one)
    about = {"site": one.place.site, "product": one.product, "lot": one.lot, "day": act.known_at.date()}
    ends = {"expires_on": next((row["expires_on"] for row in held), one.expires_on)}
    said = {"how": "counted", "source": f"the tower, act {act.number}"}
    return [
        about | ends | said | {"status": status, "pieces": pieces}
        for status, pieces in now.items()
        if pieces or status in told
    ]


def _sent_today(act: Writing, one: Shift) -> int:
    """Pieces of a lot that were sent from a place on its awards on the day of an act."""
    sent = Dispatch.objects.of_awards().filter(from_site=one.place.site, product=one.product, lot=one.lot)
    return sum(row.packs * row.pieces_per_pack for row in sent if row.sent_at.date() == act.known_at.date())
