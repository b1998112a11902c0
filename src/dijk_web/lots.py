"""What hubs and warehouses hold by lot, which lots are blocked, and who received one. What a lot holds is what
`dijk.present.held` says of it, less what the tower sent from it since.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db.models import Q, QuerySet

from dijk.inputs import Inputs
from dijk.present.held import held_stock
from dijk.present.promised import in_turn
from dijk.tables import ALL
from dijk.tables.columns import HOLDERS
from dijk.tables.facts import STATUSES
from dijk_web.models import Delivery, Dispatch, LotBlock, Person, Site, SiteRow, Stock, WayBack
from dijk_web.of_site import as_frame, codes, moment, policy_now
from dijk_web.people import SEATS, Permission, Role, Scope, may
from dijk_web.visible import HUB

LOT = ("product", "lot")
PLACED = ("site", *LOT)
SENT_FROM = ("approved", "unaccepted", "expired")
"""What of a lot may have been approved when goods of it were sent: the rest never was."""

WAREHOUSE = "warehouse"


def places_of(person: Person) -> QuerySet[Site]:
    """The hubs and warehouses whose lots somebody reads: a region its hub, a buyer the warehouses, others all."""
    if not may(person.role, Permission.READ_LOTS):
        return Site.objects.none()
    match SEATS[Role(person.role)].scope:
        case Scope.REGION:
            return Site.objects.filter(kind=HUB, region=person.region).order_by("name")
        case Scope.ALL:
            return Site.objects.filter(kind__in=list(HOLDERS)).order_by("kind", "name")
    return Site.objects.filter(kind=WAREHOUSE).order_by("name")


def held_by_lot(places: Sequence[Site], *products: str) -> pl.DataFrame:
    """What some hubs and warehouses hold, of some articles or of all: site, product, lot, status, day (of the count),
    expires_on, ``pieces`` (what the last count leaves, less what was sent since) and ``away`` (what was sent since). By
    site and product; lots that end first stand first, those without a day last, and at equal days by lot.

    Statuses are those of `dijk.present.held.held_stock`. No award is read here, so what is promised is among what is
    approved. Of a lot that nothing is left of one row stands, with 0 pieces.

    What was sent on the day of the count is taken off too: nobody knows which came first. All that was sent counts,
    whatever came of it: what is missing or damaged left the place as well. What was lent left the count itself when it
    went; see `dijk_web.actions.lending`.
    """
    here, of = codes(places), Q(product__in=products) if products else Q()
    stock = as_frame("stock", Stock.objects.filter(of, site__in=here))
    sent = list(Dispatch.objects.of_awards().filter(of, from_site__in=here))
    counted = stock.group_by(PLACED).agg(pl.col("day").max())["day"].min()  # no older delivery says anything
    others = as_frame("delivery", Delivery.objects.filter(of, from_site__in=here, day__gt=counted or moment().date()))
    tables = {
        "stock": stock,
        "delivery": others.filter(~pl.col("delivery").is_in([one.code for one in sent])),
        "site": as_frame("site", SiteRow.objects.filter(site__in=here)),
    }
    world = Inputs.of(tables, as_of=moment()).known()
    held = held_stock(world, policy_now()).group_by(*PLACED, "status", "day").agg(pl.col("pieces").sum())
    away = pl.DataFrame(
        [(one.from_site, one.product, one.lot, one.sent_at.date(), one.packs * one.pieces_per_pack) for one in sent],
        schema={**dict.fromkeys(PLACED, pl.String), "sent_on": pl.Date, "away": pl.Int64},
        orient="row",
    )
    since = away.join(held.select(*PLACED, "day").unique(), on=PLACED).filter(pl.col("sent_on") >= pl.col("day"))
    ends = world.stock.group_by(PLACED).agg(expires_on=pl.col("expires_on").sort_by("day").last())
    from_here = pl.col("status").is_in(SENT_FROM)
    rows = (
        held.join(since.group_by(PLACED).agg(pl.col("away").sum()), on=PLACED, how="left")
        .join(ends, on=PLACED, how="left")
        .with_columns(pl.col("away").fill_null(0), order=pl.col("status").replace_strict(ORDER, return_dtype=pl.Int8))
        .sort(*PLACED, "order")
        .with_columns(room=pl.when(from_here).then("pieces").otherwise(0))
        .with_columns(away=in_turn("away", "room", PLACED))
    )
    return rows.select(
        *(*PLACED, "status", "day", "expires_on", "away"), pieces=pl.col("pieces") - pl.col("away")
    ).sort("site", "product", pl.col("expires_on").fill_null(dt.date.max), "lot", "status")


ORDER = {status: at for at, status in enumerate((*SENT_FROM, *(one for one in STATUSES if one not in SENT_FROM)))}


# What is blocked


def blocks_at(place: Site) -> QuerySet[LotBlock]:
    """The blocks that hold at a hub or warehouse."""
    territory = Q(territory=ALL) | (Q(territory=place.region) if place.kind == HUB else Q(pk__in=[]))
    return LotBlock.objects.holding().filter(territory)


def is_blocked(place: Site, product: str, lot: str) -> bool:
    """Whether nothing of a lot may be sent from a place."""
    return blocks_at(place).filter(product=product, lot=lot).exists()


def without_blocked(place: Site, lots: pl.DataFrame) -> pl.DataFrame:
    """Rows of lots of a place but for those that are blocked there."""
    blocked = list(blocks_at(place).values_list(*LOT))
    table = pl.DataFrame(blocked, schema=dict.fromkeys(LOT, pl.String), orient="row")
    return lots.join(table, on=LOT, how="anti", maintain_order="left")


def territory_of(person: Person) -> str:
    """How far somebody's block or recall reaches: a region, or everywhere."""
    return person.region if SEATS[Role(person.role)].scope is Scope.REGION else ALL


def only_in_quarantine(product: str, lot: str) -> bool:
    """Whether all that is held of a lot is in quarantine at warehouses, or blocked: nothing of it was ever sent."""
    places = list(Site.objects.filter(kind__in=list(HOLDERS)))
    rows = held_by_lot(places, product).filter(lot=lot).filter(pl.col("pieces") > 0)
    kinds = {place.site: place.kind for place in places}
    held = all(
        (status, kinds[site]) in (("quarantine", WAREHOUSE), ("blocked", WAREHOUSE))
        for site, status in rows.select("site", "status").rows()
    )
    return rows.height > 0 and held and not Dispatch.objects.filter(product=product, lot=lot).exists()


def may_block(person: Person, product: str, lot: str) -> bool:
    """Whether somebody blocks a lot: who sends one of a place they look after, a buyer one that waits in quarantine."""
    if not may(person.role, Permission.BLOCK_LOT):
        return False
    return may(person.role, Permission.SEND) or only_in_quarantine(product, lot)


def own_block(person: Person, product: str, lot: str) -> LotBlock | None:
    """The block of a lot that somebody may let go: of their level alone, so that no yes elsewhere overrules a no; a
    buyer what buyers blocked.
    """
    if not may(person.role, Permission.BLOCK_LOT):
        return None
    held = LotBlock.objects.holding().filter(product=product, lot=lot, territory=territory_of(person))
    return held.first() if may(person.role, Permission.SEND) else held.filter(role=person.role).first()


# Who received a lot


@dataclass
class Receiver:
    """Somebody who received a lot: how many pieces of it came or are on their way, None where nobody knows; what its
    last count that names the lot left, and of which day; and what went back.
    """

    site: str
    came: int | None = None
    underway: int = 0
    damaged: int = 0
    back: int = 0
    left: int | None = None
    counted_on: dt.date | None = None
    last_day: dt.date | None = None
    counted_since: dt.date | None = None
    """A later count of the article that does not name the lot."""
    lots: set[str] = field(default_factory=set)

    @property
    def is_before(self) -> bool:
        """Whether the count was made before the last of it came, so that it says nothing of what is left."""
        return bool(self.counted_on and self.last_day and self.counted_on < self.last_day)


def receivers_of(product: str, lots: Collection[str], sites: QuerySet[Site] | None = None) -> list[Receiver]:
    """Who received some lots of an article, as far as dispatches, deliveries and counts name them, by site; of some
    sites alone where they are given. Warehouses are left out: they hold it.
    """
    here = (Site.objects.all() if sites is None else sites).exclude(kind=WAREHOUSE)
    about = {"product": product, "lot__in": list(lots), "site__in": here.values("site")}
    found: dict[str, Receiver] = {}

    def at(site: str, lot: str) -> Receiver:
        one = found.setdefault(site, Receiver(site))
        one.lots.add(lot)
        return one

    own = set()
    for sent in Dispatch.objects.filter(**about):
        one, day = at(sent.site, sent.lot), (sent.received_at or sent.sent_at).date()
        own.add(sent.code)
        if sent.received_act is None:
            one.underway += sent.packs * sent.pieces_per_pack
        else:
            one.came = (one.came or 0) + (sent.whole_packs or 0) * sent.pieces_per_pack
            one.damaged += (sent.damaged_packs or 0) * sent.pieces_per_pack
            one.last_day = max(day, one.last_day or day)
    came_back = {one.code: one for one in WayBack.objects.filter(product=product, lot__in=list(lots))}
    for row in _latest(Delivery.objects.filter(**about), ("delivery",)):
        if row.delivery in own or row.delivery in came_back or row.reason == "retracted":
            continue
        one = at(row.site_id, row.lot)
        one.last_day = max(row.day, one.last_day or row.day)
        one.came = one.came if row.pieces is None else (one.came or 0) + row.pieces
    for way in came_back.values():
        if way.site in found:
            found[way.site].back += way.pieces if way.received_pieces is None else way.received_pieces
    _count(found, at, about)
    return [found[site] for site in sorted(found)]


def _count(found: dict[str, Receiver], at: Any, about: dict[str, Any]) -> None:
    """Fill in what the last count that names the lots left; who counted one received it."""
    counts = _latest(Stock.objects.filter(**about), ("site_id", "lot", "status", "day"))
    told = [row for row in counts if row.reason != "retracted"]
    last: dict[str, dt.date] = {}
    for row in told:
        if row.pieces or row.site_id in found:
            at(row.site_id, row.lot)
            last[row.site_id] = max(row.day, last.get(row.site_id, row.day))
    for site, day in last.items():
        pieces = [row.pieces for row in told if row.site_id == site and row.day == day]
        found[site].counted_on, found[site].left = day, None if None in pieces else sum(pieces)
    of_article = Stock.objects.filter(product=about["product"], site__in=list(found))
    for site, day in of_article.values_list("site", "day"):
        one = found[site]
        if day > (one.counted_on or dt.date.min) and day > (one.counted_since or dt.date.min):
            one.counted_since = day


def _latest(rows: Iterable[Any], key: tuple[str, ...]) -> Iterator[Any]:
    """Of each key the row that was told last."""
    last: dict[tuple[object, ...], Any] = {}
    for row in sorted(rows, key=lambda row: (row.known_at, row.pk)):
        last[tuple(getattr(row, name) for name in key)] = row
    return iter(last.values())
