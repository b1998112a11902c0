"""What was released and still is to be sent, and the lots that may be sent."""

import datetime as dt
from collections.abc import Iterator

import polars as pl
from django.db.models import QuerySet, Sum

from dijk.inputs import Inputs
from dijk.present.held import held_stock
from dijk.tables.columns import HOLDERS
from dijk_web import dividing
from dijk_web.models import Delivery, Dispatch, Division, Person, Run, Site, SiteRow, Stock
from dijk_web.of_site import as_frame, moment, policy_now
from dijk_web.people import SEATS, Permission, Role, Scope, may
from dijk_web.visible import HUB, sites_visible_to

KEY = ("site", "need", "product", "holder")
"""What is sent together: the classes of a site are one parcel."""


def sendable(now: dt.datetime) -> Iterator[Division]:
    """The divisions that were released and whose awards still count as promised, the oldest first: what is not sent by
    then, the next plan gives anew.
    """
    divisions = list(dividing.released_divisions().order_by("act"))
    if not divisions:
        return
    days = int(policy_now().number("promised_days", now.date()))
    runs = Run.objects.in_bulk([one.run for one in divisions])
    yield from (one for one in divisions if (now.date() - runs[one.run].as_of.date()).days <= days)


def released(division: Division) -> pl.DataFrame:
    """What a division awards, whatever the class: division, ``KEY``, region, pieces_per_pack, packs (above 0)."""
    rows = as_frame("past_award", dividing.awards_of(division).filter(packs__gt=0)).cast({"holder": pl.String})
    lines = rows.group_by(*KEY, "region", "pieces_per_pack").agg(pl.col("packs").sum()).sort(*KEY)
    return lines.select(pl.lit(division.act, pl.Int64).alias("division"), pl.all())


def to_send(now: dt.datetime) -> pl.DataFrame:
    """What was released and not sent yet; as `released`, with the packs that are left, the oldest division first."""
    divisions = list(sendable(now))
    if not divisions:
        return pl.DataFrame(schema=LINES)
    key = ("division", *KEY)
    sent = Dispatch.objects.filter(division__in=[one.act for one in divisions]).order_by()
    gone = sent.values_list(*key).annotate(Sum("packs"))
    schema = {name: LINES[name] for name in key} | {"sent": pl.Int64}
    away = pl.DataFrame(list(gone), schema=schema, orient="row")
    lines = pl.concat([released(one) for one in divisions])
    left = lines.join(away, on=key, how="left", maintain_order="left")
    left = left.with_columns(packs=pl.col("packs") - pl.col("sent").fill_null(0)).drop("sent")
    return left.filter(pl.col("packs") > 0)


LINES = {
    "division": pl.Int64,
    **dict.fromkeys((*KEY, "region"), pl.String),
    "pieces_per_pack": pl.Int64,
    "packs": pl.Int64,
}
"""Columns of what is to be sent."""


def sent_by(person: Person) -> QuerySet[Site]:
    """The warehouses and hubs that somebody sends from: a region its hub, who reaches all of them."""
    if not may(person.role, Permission.SEND):
        return Site.objects.none()
    if SEATS[Role(person.role)].scope is Scope.ALL:
        return Site.objects.filter(kind__in=list(HOLDERS)).order_by("kind", "name")
    return Site.objects.filter(kind=HUB, region=person.region).order_by("name")


def may_receive(person: Person, site: str) -> bool:
    """Whether somebody says what came at a site: of care its own people, of a hub or warehouse who looks after it."""
    theirs = sites_visible_to(person).filter(site=site)
    own = theirs if Role(person.role) is Role.INSTITUTION else theirs.filter(kind__in=list(HOLDERS))
    return may(person.role, Permission.RECEIVE) and own.exists()


def lines_from(place: Site, lines: pl.DataFrame) -> pl.DataFrame:
    """Of released lines those that are sent from a place: of a hub those of its region."""
    own = lines.filter(pl.col("holder") == place.kind)
    return own.filter(pl.col("region") == place.region) if place.kind == HUB else own


def lots_of(place: Site) -> pl.DataFrame:
    """The approved lots at a place: product, lot, expires_on, pieces (what the last count leaves, less what was sent
    since). By product; those that end first stand first, those without a day last, and at equal days by lot.
    No award is read here, so what is promised is among them: it is what is sent.

    What was sent on the day of the count is taken off too: nobody knows which came first. All that was sent counts,
    whatever came of it: what is missing or damaged left the place as well.
    """
    stock = as_frame("stock", Stock.objects.filter(site=place.site))
    sent = list(Dispatch.objects.filter(from_site=place.site))
    counted = stock.group_by("product", "lot").agg(pl.col("day").max())["day"].min()  # no older delivery says anything
    others = as_frame("delivery", Delivery.objects.filter(from_site=place.site, day__gt=counted or moment().date()))
    tables = {
        "stock": stock,
        "delivery": others.filter(~pl.col("delivery").is_in([one.code for one in sent])),
        "site": as_frame("site", SiteRow.objects.filter(site=place.site)),
    }
    world = Inputs.of(tables, as_of=moment()).known()
    held = held_stock(world, policy_now()).filter(pl.col("status") == "approved")
    lot = ("product", "lot")
    away = pl.DataFrame(
        [(one.product, one.lot, one.sent_at.date(), one.packs * one.pieces_per_pack) for one in sent],
        schema={"product": pl.String, "lot": pl.String, "sent_on": pl.Date, "away": pl.Int64},
        orient="row",
    )
    since = away.join(held.select(*lot, "day"), on=lot).filter(pl.col("sent_on") >= pl.col("day"))
    ends = world.stock.group_by(lot).agg(expires_on=pl.col("expires_on").sort_by("day").last())
    return (
        held.group_by(lot)
        .agg(pl.col("pieces").sum())
        .join(since.group_by(lot).agg(pl.col("away").sum()), on=lot, how="left")
        .join(ends, on=lot, how="left")
        .select(*lot, "expires_on", pieces=(pl.col("pieces") - pl.col("away").fill_null(0)).clip(lower_bound=0))
        .sort("product", pl.col("expires_on").fill_null(dt.date.max), "lot")
    )
