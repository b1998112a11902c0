"""What one person alone may release on an urgent request: packs that nobody else was promised, and no more than it
asks for.
"""

from dataclasses import dataclass

import polars as pl
from django.db.models import Q

from dijk_web import sending
from dijk_web.models import Person, Product, Request, UrgentOrder, UrgentRelease
from dijk_web.models.urgent_release import Second
from dijk_web.of_site import moment, policy_now
from dijk_web.people import SEATS, Permission, Role, Scope, may
from dijk_web.visible import HUB


@dataclass(frozen=True)
class Choice:
    """An article that may be released for a request: whose goods, packs that are free, and packs that are wanted."""

    request: str
    need: str
    product: str
    name: str
    holder: str
    pieces_per_pack: int
    free: int
    wanted: int

    @property
    def code(self) -> str:
        """How a form names it."""
        return "|".join((self.request, self.product, self.holder))

    @property
    def most(self) -> int:
        """Packs that may be released at most."""
        return min(self.free, self.wanted)


def may_release(person: Person, order: UrgentOrder) -> bool:
    """Whether somebody may release on an urgent order alone: the region's coordinator, and planners. Not on one that
    was withdrawn.
    """
    return order.withdrawn_at is None and reaches(person, order.region)


def may_second(person: Person, one: UrgentRelease) -> bool:
    """Whether somebody is another person who may confirm a release or take it back."""
    return reaches(person, one.region) and one.by != person.code and one.state == Second.WAITED_FOR


def reaches(person: Person, region: str) -> bool:
    """Whether somebody releases on urgent requests of a region, or looks at what another released there."""
    if not may(person.role, Permission.RELEASE_URGENT):
        return False
    return SEATS[Role(person.role)].scope is Scope.ALL or person.region == region


def choices(person: Person, order: UrgentOrder) -> list[Choice]:
    """What may be released of an urgent order, by request, then article, then holder: a region from its hub, who
    reaches all also from the warehouses. What nothing is free of, or nothing more is wanted of, is left out.
    """
    free = free_packs(person, order.region)
    names = dict(
        Product.objects.filter(product__in={product for product, _holder, _each in free}).values_list("product", "name")
    )
    accepted = policy_now().in_force("acceptance", moment().date())
    found = []
    for row in Request.objects.filter(request__in=order.codes, pieces__gt=0).order_by("request"):
        articles = set(accepted.filter(need=row.need_id)["product"])
        open_pieces = row.pieces - released_pieces(row.request)
        for (product, holder, each), packs in sorted(free.items()):
            wanted = -(-open_pieces // each)
            if product in articles and min(packs, wanted) > 0:
                found.append(Choice(row.request, row.need_id, product, names[product], holder, each, packs, wanted))
    return found


def released_pieces(request: str) -> int:
    """Pieces that were released for a request and not taken back."""
    standing = UrgentRelease.objects.standing().filter(request=request)
    return sum(one.packs * one.pieces_per_pack for one in standing)


def free_packs(person: Person, region: str) -> dict[tuple[str, str, int], int]:
    """Packs that somebody may send to a region and that were promised to nobody, by product, holder and pieces in a
    pack: what the approved lots hold in whole packs, less what was released and is still to be sent.
    """
    left = sending.to_send(moment())
    each = dict(Product.objects.values_list("product", "pieces_per_pack"))
    free: dict[tuple[str, str, int], int] = {}
    for place in sending.sent_by(person).filter(Q(region=region) | ~Q(kind=HUB)):
        for product, pieces in sending.lots_of(place).select("product", "pieces").rows():
            key = (product, place.kind, each[product])
            free[key] = free.get(key, 0) + pieces // each[product]
    own = left.filter((pl.col("holder") != HUB) | (pl.col("region") == region))
    for product, holder, packed, packs in own.select("product", "holder", "pieces_per_pack", "packs").rows():
        if (product, holder, packed) in free:
            free[product, holder, packed] -= packs
    return free
