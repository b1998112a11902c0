"""Sending what was released, and saying what was received of it. Each pack is of one lot and on one way at a time."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
from django.core.exceptions import PermissionDenied

from dijk_web import mailing, sending
from dijk_web.actions.lending import arrive
from dijk_web.actions.returning import send_damaged_back
from dijk_web.actions.telling import Sent, valid
from dijk_web.actions.writing import TooLate, Writing, writing
from dijk_web.models import Dispatch, Person, Site
from dijk_web.of_site import policy_now

CHANNEL = {"warehouse": "consortium", "regional_hub": "region"}


@dataclass(frozen=True)
class Gone:
    """What was sent, and what was not because there was not enough: lines and packs."""

    act: int
    lines: int
    packs: int
    left: int


# parameters: what goes whence, when it is there, by whom and by which form
def send(place: Site, product: str, sites: list[str], *, expected: dt.date, by: Person, sent: Sent) -> Gone:
    """Send what is left of an article to some sites, the oldest award first and the lots that end first first; what
    there is not enough of stays to be sent.

    Raises
    ------
    PermissionDenied
        This person does not send from there.
    TooLate
        Nothing of it is left to be sent, or no approved lot that is not blocked holds a pack of it any more.
    """
    if not sending.sent_by(by).filter(site=place.site).exists():
        raise PermissionDenied
    with writing("sent", by=by, about=f"site:{place.site}", once=sent.once) as act:
        left = sending.lines_from(place, sending.to_send(act.known_at))
        wanted = left.filter((pl.col("product") == product) & pl.col("site").is_in(sites))
        went = {"act": act.number, "from_site": place.site, "sent_at": act.known_at, "expected": expected}
        lots = sending.lots_of(place).filter(pl.col("product") == product)
        rows = [Dispatch(**went, line=line, **parcel) for line, parcel in enumerate(_parcels(wanted, lots), 1)]
        if not rows:
            raise TooLate("dispatch")
        Dispatch.objects.bulk_create(rows)
        mailing.goods_sent(act, rows)
        packs = sum(one.packs for one in rows)
        act.after = {"product": product, "packs": packs, "lines": len(rows)}
    return Gone(act.number, len(rows), packs, int(wanted["packs"].sum()) - packs)


def _parcels(lines: pl.DataFrame, lots: pl.DataFrame) -> Iterator[dict[str, object]]:
    """Lines with the lots that they are served from, in whole packs; a line may take from two."""
    stand = [[row["lot"], row["pieces"]] for row in lots.to_dicts()]
    for line in lines.to_dicts():
        wanted, each = line["packs"], line["pieces_per_pack"]
        for one in stand:
            packs = min(wanted, one[1] // each)
            if packs:
                one[1] -= packs * each
                wanted -= packs
                yield {**line, "lot": one[0], "packs": packs}


@dataclass(frozen=True)
class Receipt:
    """What came of a dispatch: packs that are whole, packs that are damaged or rejected and whether these go back, and
    what there is to say of it.
    """

    whole: int
    damaged: int
    note: str
    goes_back: bool = False


def receive(dispatch: Dispatch, came: Receipt, *, by: Person, sent: Sent) -> int:
    """Say what was received; the number of the act. Said again, it corrects what was said or assumed before.

    Raises
    ------
    PermissionDenied
        It did not go to a site of this person.
    TooLate
        Somebody else said so first; or of what a hub borrowed less is there than a correction would take away.
    """
    if not sending.may_receive(by, dispatch.site):
        raise PermissionDenied
    with writing("received", by=by, about=f"site:{dispatch.site}", reason=came.note, once=sent.once) as act:
        one = Dispatch.objects.get(pk=dispatch.pk)
        if (one.received_act or 0) > sent.since:
            raise TooLate("dispatch")
        act.before = {"packs": one.packs, "received": one.whole_packs}
        act.after = {"dispatch": one.code, "received": came.whole, "damaged": came.damaged}
        send_damaged_back(act, one, came.damaged if came.goes_back else 0)
        is_lent, more = one.is_lent, came.whole - (one.whole_packs or 0)
        _keep(act, one, came, day=act.known_at.date() if one.received_at is None else one.received_at.date())
        if is_lent:
            arrive(act, one, more)
        else:
            act.tell("delivery", valid("delivery", [_delivery(one, came.whole, "counted", "site")]))
        mailing.came_otherwise(act, one)
    return act.number


def assume_received(act: Writing) -> None:
    """Count as received, assumed, what was to be there ``assume_received_days`` ago and of which nobody said anything,
    in the act that is being written. What goes from hub to hub is never assumed: it would be divided unseen.
    """
    late = list(Dispatch.objects.of_awards().underway().filter(expected__lt=act.known_at.date()))
    if not late:
        return
    needs = pl.DataFrame({"need": [one.need for one in late]})
    days = policy_now().numbers("assume_received_days", act.known_at.date(), needs)
    rows = []
    for one, wait in zip(late, days, strict=True):
        if one.expected + dt.timedelta(days=int(wait)) < act.known_at.date():
            _keep(act, one, Receipt(one.packs, 0, ""), day=one.expected, is_assumed=True)
            rows.append(_delivery(one, one.packs, "assumed", "consortium"))
    if rows:
        act.tell("delivery", valid("delivery", rows))


def _keep(act: Writing, one: Dispatch, came: Receipt, *, day: dt.date, is_assumed: bool = False) -> None:
    one.received_at = dt.datetime.combine(day, act.known_at.timetz())
    changed = Dispatch.objects.filter(pk=one.pk, received_act=one.received_act).update(
        received_act=act.number,
        received_at=one.received_at,
        is_assumed=is_assumed,
        whole_packs=came.whole,
        damaged_packs=came.damaged,
        note=came.note,
    )
    if not changed:
        raise TooLate("dispatch")


def _delivery(one: Dispatch, packs: int, how: str, source: str) -> dict[str, object]:
    """The delivery that comes of a dispatch which was received."""
    return {
        "delivery": one.code,
        "site": one.site,
        "need": one.need,
        "product": one.product,
        "lot": one.lot,
        "day": one.received_at.date(),
        "channel": CHANNEL[one.holder],
        "from_site": one.from_site,
        "pieces": packs * one.pieces_per_pack,
        "how": how,
        "source": source,
    }
