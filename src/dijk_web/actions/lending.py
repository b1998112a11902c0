"""Lending between regions, hub to hub: one region offers, another accepts, and the goods go there and back as
dispatches. What goes leaves the stock of the hub that sends it in the same act, and is stock of the other once that
says that it came; on its way it is nobody's, so that no plan divides it twice, or where it is not.
"""

import datetime as dt
from dataclasses import dataclass

import polars as pl
from django.core.exceptions import PermissionDenied

from dijk_web import lending, lots, mailing, sending
from dijk_web.actions.lots import Shift, shift
from dijk_web.actions.proposing import put_forward
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate, Writing, writing
from dijk_web.lending import Standing, lends
from dijk_web.models import Dispatch, Loan, Person, Product, Proposal, Site, Stock
from dijk_web.models.proposal import LOAN
from dijk_web.visible import HUB


@dataclass(frozen=True)
class Offer:
    """What is offered: packs of some lots (above 0) from hub to hub, and when it is to be back."""

    place: Site
    to: Site
    product: Product
    need: str
    lots: dict[str, int]
    due_back: dt.date


def offer(one: Offer, *, by: Person, reason: str, sent: Sent) -> int:
    """Offer another region a loan; the number of the act, which is that of the loan.

    Raises
    ------
    PermissionDenied
        It is not this person's hub to lend from, or not another region's to lend to.
    TooLate
        A lot no longer has so many packs that may be sent, or it would be back before it went.
    """
    if not lends(by, one.place.region) or {one.place.kind, one.to.kind} != {HUB} or one.to.region == by.region:
        raise PermissionDenied
    with writing("loan_offered", by=by, about="loan", reason=reason, once=sent.once) as act:
        there = packs_there(one.place, one.product.product, one.product.pieces_per_pack)
        too_many = any(packs > there.get(lot, 0) or packs < 1 for lot, packs in one.lots.items())
        if too_many or not one.lots or one.due_back <= act.known_at.date():
            raise TooLate("loan")
        loan = Loan.objects.create(
            act=act.number,
            from_region=one.place.region,
            to_region=one.to.region,
            from_site=one.place.site,
            to_site=one.to.site,
            need=one.need,
            product=one.product.product,
            pieces_per_pack=one.product.pieces_per_pack,
            lots=one.lots,
            due_back=one.due_back,
        )
        act.about = f"loan:{act.number}"
        content = {"from_region": loan.from_region, "to_region": loan.to_region, "product": loan.product}
        content |= {"packs": loan.packs, "due_back": loan.due_back.isoformat()}
        put_forward(act, kind=LOAN, about=act.about, content=content, by=by, reason=reason)
        act.after = content
    return act.number


def accept(proposal: Proposal, act: Writing) -> None:
    """Accept a loan, in the act of who decides on it.

    Raises
    ------
    TooLate
        The day on which it would be back is over.
    """
    loan = Loan.objects.get(act=proposal.act)
    if loan.due_back <= act.known_at.date():
        raise TooLate("loan")
    act.name = "loan_accepted"
    act.after = {"product": loan.product, "packs": loan.packs}


@dataclass(frozen=True)
class Lent:
    """What went of a loan, and what of it did not because a lot has too little that may be sent: packs."""

    act: int
    packs: int
    left: int


def send_loan(loan: Loan, *, expected: dt.date, by: Person, sent: Sent) -> Lent:
    """Send the borrower what was offered and not sent yet, of the same lots; of a lot that is blocked or has too little
    the rest stays to be sent.

    Raises
    ------
    PermissionDenied
        Another region lends it.
    TooLate
        Somebody else acted on the loan since the form was made, or nothing of it can be sent.
    """
    if not lends(by, loan.from_region):
        raise PermissionDenied
    with writing("loan_sent", by=by, about=f"loan:{loan.act}", once=sent.once) as act:
        found = _as_seen(loan, sent)
        place, left = Site.objects.get(site=loan.from_site), found.to_send()
        there = packs_there(place, loan.product, loan.pieces_per_pack)
        goes = {lot: min(packs, there.get(lot, 0)) for lot, packs in left.items()}
        packs = _send(act, loan, place, loan.to_site, goes, expected)
    return Lent(act.number, packs, sum(left.values()) - packs)


# parameters: what goes back when, by whom and by which form
def return_loan(loan: Loan, some: dict[str, int], *, expected: dt.date, by: Person, sent: Sent) -> int:
    """Send back what was borrowed, or a part of it: packs of lots of the same article, which need not be those that
    came. The number of the act.

    Raises
    ------
    PermissionDenied
        Another region borrowed it.
    TooLate
        Somebody else acted on the loan since the form was made, so much is not owed, or a lot has too little.
    """
    if not lends(by, loan.to_region):
        raise PermissionDenied
    with writing("loan_returned", by=by, about=f"loan:{loan.act}", once=sent.once) as act:
        found, place = _as_seen(loan, sent), Site.objects.get(site=loan.to_site)
        there = packs_there(place, loan.product, loan.pieces_per_pack)
        if sum(some.values()) > found.to_return or any(packs > there.get(lot, 0) for lot, packs in some.items()):
            raise TooLate("loan")
        _send(act, loan, place, loan.from_site, some, expected)
    return act.number


def settle(loan: Loan, *, by: Person, reason: str, sent: Sent) -> int:
    """Let go of what was not sent or is not back: nothing more is owed or sent. The number of the act.

    Raises
    ------
    PermissionDenied
        Another region lends it.
    TooLate
        Somebody else acted on the loan since the form was made, or something is on its way.
    """
    if not lends(by, loan.from_region):
        raise PermissionDenied
    with writing("loan_settled", by=by, about=f"loan:{loan.act}", reason=reason, once=sent.once) as act:
        found = _as_seen(loan, sent)
        if found.underway() or not found.is_accepted:
            raise TooLate("loan")
        Loan.objects.filter(act=loan.act, settled_act=None).update(settled_act=act.number, settled_at=act.known_at)
        act.after = {"packs": found.came, "came_back": found.came_back}
    return act.number


def arrive(act: Writing, one: Dispatch, more: int) -> None:
    """Count the packs of a loan that came as stock of the hub that has them, in the act that says so: so many more than
    was said before, or fewer. Where the lot is blocked there, it is blocked stock.

    Raises
    ------
    TooLate
        Fewer are there than would leave.
    """
    place = Site.objects.get(site=one.site)
    status = "blocked" if lots.is_blocked(place, one.product, one.lot) else "approved"
    told = Stock.objects.filter(site=one.from_site, product=one.product, lot=one.lot).order_by("-day", "-known_at")
    ends = told.values_list("expires_on", flat=True).first()
    pieces = more * one.pieces_per_pack
    shift(act, [Shift(place, one.product, one.lot, status, pieces=pieces, expires_on=ends)])


def packs_there(place: Site, product: str, each: int) -> dict[str, int]:
    """Of each lot of an article the packs at a place that may be sent."""
    held = sending.lots_of(place).filter(pl.col("product") == product)
    return {lot: pieces // each for lot, pieces in held.select("lot", "pieces").rows() if pieces >= each}


def _as_seen(loan: Loan, sent: Sent) -> Standing:
    found = lending.standing(loan.act)
    if found.last_act > sent.since:
        raise TooLate("loan")
    return found


# parameters: what goes in which act from where to where, and when it is there
def _send(act: Writing, loan: Loan, place: Site, to: str, some: dict[str, int], expected: dt.date) -> int:
    """Put packs of some lots on their way, and take them off the stock of the hub that they leave; how many."""
    about = {"act": act.number, "division": loan.act, "site": to, "from_site": place.site, "holder": HUB}
    about |= {"region": place.region, "need": loan.need, "product": loan.product, "sent_at": act.known_at}
    about |= {"pieces_per_pack": loan.pieces_per_pack, "expected": expected}
    goes = {lot: packs for lot, packs in some.items() if packs > 0}
    if not goes:
        raise TooLate("dispatch")
    rows = [Dispatch(line=line, lot=lot, packs=packs, **about) for line, (lot, packs) in enumerate(goes.items(), 1)]
    Dispatch.objects.bulk_create(rows)
    mailing.goods_sent(act, rows)
    each = loan.pieces_per_pack
    shift(act, [Shift(place, loan.product, lot, "approved", pieces=-packs * each) for lot, packs in goes.items()])
    act.after = {"product": loan.product, "packs": sum(goes.values()), "lots": [*goes]}
    return sum(goes.values())
