"""What was released and still is to be sent, and the lots that may be sent."""

import datetime as dt
from collections.abc import Iterator

import polars as pl
from django.db.models import QuerySet, Sum

from dijk.tables.columns import HOLDERS
from dijk_web import dividing, lots
from dijk_web.models import Dispatch, Division, Person, Run, Site, UrgentRelease
from dijk_web.of_site import as_frame, policy_now
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


def released_alone(now: dt.datetime) -> pl.DataFrame:
    """What was released on urgent requests by one person alone, was not taken back and still counts as promised; as
    `released`, its own act in the place of the division.
    """
    days = int(policy_now().number("promised_days", now.date()))
    rows = UrgentRelease.objects.standing().filter(released_at__date__gte=now.date() - dt.timedelta(days=days))
    return pl.DataFrame(list(rows.order_by("act").values_list("act", *[*LINES][1:])), schema=LINES, orient="row")


def to_send(now: dt.datetime) -> pl.DataFrame:
    """What was released and not sent yet; as `released`, with the packs that are left: what is urgent first, then the
    oldest division.
    """
    lines = pl.concat([released_alone(now), *(released(one) for one in sendable(now))])
    if lines.is_empty():
        return lines
    key = ("division", *KEY)
    sent = Dispatch.objects.filter(division__in=lines["division"].unique().to_list()).order_by()
    gone = sent.values_list(*key).annotate(Sum("packs"))
    schema = {name: LINES[name] for name in key} | {"sent": pl.Int64}
    away = pl.DataFrame(list(gone), schema=schema, orient="row")
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
    own = sites_visible_to(person) if Role(person.role) is Role.INSTITUTION else lots.places_of(person)
    return may(person.role, Permission.RECEIVE) and own.filter(site=site).exists()


def lines_from(place: Site, lines: pl.DataFrame) -> pl.DataFrame:
    """Of released lines those that are sent from a place: of a hub those of its region."""
    own = lines.filter(pl.col("holder") == place.kind)
    return own.filter(pl.col("region") == place.region) if place.kind == HUB else own


def lots_of(place: Site) -> pl.DataFrame:
    """The approved lots at a place that are not blocked there: product, lot, expires_on, pieces; in the order and with
    the pieces of `dijk_web.lots.held_by_lot`.
    """
    held = lots.held_by_lot([place]).filter(pl.col("status") == "approved")
    return lots.without_blocked(place, held).select("product", "lot", "expires_on", "pieces")
