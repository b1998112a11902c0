"""What was released and still is to be sent, and the lots that may be sent."""

import datetime as dt

import polars as pl
from django.db.models import QuerySet, Sum

from dijk.inputs import Inputs
from dijk.present.held import held_stock
from dijk.tables.columns import HOLDERS
from dijk_web.models import Delivery, Dispatch, Division, PastAward, Person, Proposal, Site, Stock
from dijk_web.models import proposal as kinds
from dijk_web.models.proposal import Decision
from dijk_web.of_site import as_frame, moment, policy_now
from dijk_web.people import SEATS, Permission, Role, Scope, may
from dijk_web.visible import sites_visible_to

KEY = ("site", "need", "product", "holder")
"""What is sent together: the classes of a site are one parcel."""


def released(division: Division) -> pl.DataFrame:
    """What a division awards, whatever the class: ``KEY``, region, pieces_per_pack, packs (above 0)."""
    act = Proposal.objects.get(act=division.act).ended_act
    rows = as_frame("past_award", PastAward.objects.filter(act=act, packs__gt=0)).cast({"holder": pl.String})
    return rows.group_by(*KEY, "region", "pieces_per_pack").agg(pl.col("packs").sum()).sort(*KEY)


def to_send(division: Division) -> pl.DataFrame:
    """What of a division was not sent yet; as `released`, with the packs that are left."""
    sent = Dispatch.objects.filter(division=division.act).values_list(*KEY).annotate(Sum("packs"))
    schema = dict.fromkeys(KEY, pl.String) | {"sent": pl.Int64}
    gone = pl.DataFrame(list(sent.order_by()), schema=schema, orient="row")
    left = released(division).join(gone, on=KEY, how="left", maintain_order="left")
    left = left.with_columns(packs=pl.col("packs") - pl.col("sent").fill_null(0)).drop("sent")
    return left.filter(pl.col("packs") > 0)


def last_release() -> Division | None:
    """The division that was released last: an older one that is not sent by then is given anew by it."""
    done = Proposal.objects.filter(kind=kinds.DIVISION, state=Decision.APPROVED)
    return Division.objects.filter(act__in=done.values("act")).first()


def sent_by(person: Person) -> QuerySet[Site]:
    """The warehouses and hubs that somebody sends from: a region its hub, who reaches all of them."""
    if not may(person.role, Permission.SEND):
        return Site.objects.none()
    if SEATS[Role(person.role)].scope is Scope.ALL:
        return Site.objects.filter(kind__in=["warehouse", "regional_hub"]).order_by("kind", "name")
    return Site.objects.filter(kind="regional_hub", region=person.region).order_by("name")


def may_receive(person: Person, site: str) -> bool:
    """Whether somebody says what came at a site: of care its own people, of a hub or warehouse who looks after it."""
    theirs = sites_visible_to(person).filter(site=site)
    own = theirs if Role(person.role) is Role.INSTITUTION else theirs.filter(kind__in=list(HOLDERS))
    return may(person.role, Permission.RECEIVE) and own.exists()


def lines_from(place: Site, lines: pl.DataFrame) -> pl.DataFrame:
    """Of released lines those that are sent from a place: of a hub those of its region."""
    own = lines.filter(pl.col("holder") == place.kind)
    return own.filter(pl.col("region") == place.region) if place.kind == "regional_hub" else own


def lots_of(place: Site, product: str) -> pl.DataFrame:
    """The approved lots of an article at a place: lot, expires_on, pieces (what the last count leaves, less what was
    sent since). Those that end first stand first; at equal days by lot.

    What was sent on the day of the count is taken off too: nobody knows which came first.
    """
    stock = as_frame("stock", Stock.objects.filter(site=place.site, product=product))
    tables = {
        "stock": stock,
        "delivery": as_frame("delivery", Delivery.objects.filter(from_site=place.site, product=product)),
        "site": as_frame("site", _rows_of(place)),
    }
    world = Inputs.of(tables, as_of=moment()).known()
    held = held_stock(world, policy_now()).filter(pl.col("status") == "approved")
    away = pl.DataFrame(
        [
            (one.lot, one.sent_at.date(), one.packs * one.pieces_per_pack)
            for one in Dispatch.objects.underway().filter(from_site=place.site, product=product)
        ],
        schema={"lot": pl.String, "sent_on": pl.Date, "away": pl.Int64},
        orient="row",
    )
    since = away.join(held.select("lot", "day"), on="lot").filter(pl.col("sent_on") >= pl.col("day"))
    ends = world.stock.group_by("lot").agg(expires_on=pl.col("expires_on").sort_by("day").last())
    return (
        held.group_by("lot")
        .agg(pl.col("pieces").sum())
        .join(since.group_by("lot").agg(pl.col("away").sum()), on="lot", how="left")
        .join(ends, on="lot", how="left")
        .select("lot", "expires_on", pieces=(pl.col("pieces") - pl.col("away").fill_null(0)).clip(lower_bound=0))
        .sort(pl.col("expires_on").fill_null(dt.date.max), "lot")
    )


def _rows_of(place: Site) -> QuerySet[Site]:
    from dijk_web.models import SiteRow

    return SiteRow.objects.filter(site=place.site)
