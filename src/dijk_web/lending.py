"""Loans between regions: how far each is, reckoned from its proposal and its dispatches, and what a hub may lend."""

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import polars as pl
from django.db.models import Q, QuerySet

from dijk.policy import served_need
from dijk_web import sending
from dijk_web.models import Decision, Dispatch, Loan, Person, Proposal, Site
from dijk_web.models.proposal import LOAN
from dijk_web.of_site import policy_now
from dijk_web.people import Permission, may
from dijk_web.visible import HUB


class Stage(StrEnum):
    """How far a loan is."""

    OFFERED = "offered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    UNDERWAY = "underway"
    LENT = "lent"
    RETURNED = "returned"
    SETTLED = "settled"


ENDED = {
    Decision.PROPOSED: Stage.OFFERED,
    Decision.REFUSED: Stage.REFUSED,
    Decision.WITHDRAWN: Stage.WITHDRAWN,
}
"""The stage of a loan that was not accepted; nothing overtakes an offer, since no other is about the same."""


@dataclass
class Standing:
    """How far a loan is, in packs. What did not come whole is not owed: a difference is the sender's to follow up."""

    loan: Loan
    proposal: Proposal
    parcels: list[Dispatch]

    @cached_property
    def out(self) -> list[Dispatch]:
        """What was sent to the borrower, the oldest first."""
        return [one for one in self.parcels if one.from_site == self.loan.from_site]

    @cached_property
    def back(self) -> list[Dispatch]:
        """What the borrower sent back."""
        return [one for one in self.parcels if one.from_site != self.loan.from_site]

    @property
    def is_accepted(self) -> bool:
        """Whether the other region accepted it and the lender did not settle it."""
        return self.proposal.state == Decision.APPROVED and self.loan.settled_act is None

    def to_send(self) -> dict[str, int]:
        """Of each lot what was offered and not sent yet (above 0); nothing where it is not accepted, or settled."""
        sent = self.sent()
        left = {lot: packs - sent.get(lot, 0) for lot, packs in self.loan.lots.items()} if self.is_accepted else {}
        return {lot: packs for lot, packs in left.items() if packs > 0}

    def sent(self) -> dict[str, int]:
        """Of each lot what was sent to the borrower."""
        sent: dict[str, int] = {}
        for one in self.out:
            sent[one.lot] = sent.get(one.lot, 0) + one.packs
        return sent

    @property
    def came(self) -> int:
        """What came to the borrower whole."""
        return sum(one.whole_packs or 0 for one in self.out)

    @property
    def came_back(self) -> int:
        """What came back to the lender whole."""
        return sum(one.whole_packs or 0 for one in self.back)

    @property
    def owed(self) -> int:
        """What the borrower has and is still to be back; nothing once the lender settled it."""
        return max(self.came - self.came_back, 0) if self.is_accepted else 0

    @property
    def to_return(self) -> int:
        """What is owed and not on its way back."""
        return max(self.owed - sum(one.packs for one in self.back if one.received_act is None), 0)

    def underway(self) -> list[Dispatch]:
        """What is on its way, there or back."""
        return [one for one in self.parcels if one.received_act is None]

    def goes_to(self, sent: Dispatch) -> str:
        """The region that something of it goes to: the borrower, or on its way back the lender."""
        return str(self.loan.to_region if sent.site == self.loan.to_site else self.loan.from_region)

    @property
    def stage(self) -> Stage:
        """How far it is."""
        if self.proposal.state != Decision.APPROVED:
            return ENDED[Decision(self.proposal.state)]
        if self.loan.settled_act is not None:
            return Stage.SETTLED
        if not self.parcels:
            return Stage.ACCEPTED
        if self.to_send() or any(one.received_act is None for one in self.out):
            return Stage.UNDERWAY
        return Stage.LENT if self.owed or self.underway() else Stage.RETURNED

    def is_late(self, today: dt.date) -> bool:
        """Whether something is owed after the day on which it was due back."""
        return self.owed > 0 and today > self.loan.due_back

    @property
    def last_act(self) -> int:
        """The last act on it, or on one of its dispatches."""
        acts = [self.loan.act, self.proposal.ended_act, self.loan.settled_act]
        acts += [number for one in self.parcels for number in (one.act, one.received_act)]
        return max(number for number in acts if number is not None)


def standings(loans: Iterable[Loan]) -> list[Standing]:
    """How far some loans are, in their order."""
    found = list(loans)
    numbers = [one.act for one in found]
    proposals = Proposal.objects.in_bulk(numbers)
    parcels: dict[int, list[Dispatch]] = {}
    for one in Dispatch.objects.filter(division__in=numbers).order_by("act", "line"):
        parcels.setdefault(one.division, []).append(one)
    return [Standing(one, proposals[one.act], parcels.get(one.act, [])) for one in found]


def standing(number: int) -> Standing:
    """How far a loan is, as the database has it now."""
    return standings([Loan.objects.get(act=number)])[0]


def running(loans: QuerySet[Loan]) -> list[Standing]:
    """Those of some loans that wait for an answer, or were accepted and not settled."""
    ways = [Decision.PROPOSED, Decision.APPROVED]
    going = Proposal.objects.filter(kind=LOAN, state__in=ways).values("act")
    return standings(loans.filter(act__in=going, settled_act=None))


# Who may


def lends(person: Person, region: str) -> bool:
    """Whether somebody lends and borrows for a region."""
    return may(person.role, Permission.LEND) and person.region == region


def hubs_of_others(person: Person) -> QuerySet[Site]:
    """The hubs that somebody may lend to: those of other regions."""
    return Site.objects.filter(~Q(region=person.region), kind=HUB).order_by("region", "name")


# What a hub may lend


@dataclass(frozen=True)
class Room:
    """What a hub has of an article, in packs: ``held`` in approved lots that are not blocked, ``promised`` of it to its
    own sites and still to be sent, and ``buffer``, what its region keeps back of the rest for itself and for urgent
    requests. What is over may be lent without touching these; more may be lent, and is told.
    """

    held: int
    promised: int
    buffer: int

    @property
    def above(self) -> int:
        """What may be lent without touching what is promised or kept back."""
        return max(self.held - self.promised - self.buffer, 0)


def room(place: Site, product: str, need: str, each: int, now: dt.datetime) -> Room:
    """What a hub has of an article with so many pieces to a pack; shares are rounded up, as a plan does."""
    pieces = int(sending.lots_of(place).filter(pl.col("product") == product)["pieces"].sum())
    lines = sending.lines_from(place, sending.to_send(now)).filter(pl.col("product") == product)
    promised = min(int(lines["packs"].sum()), pieces // each)
    about, policy = pl.DataFrame({"need": [need], "region": [place.region]}), policy_now()
    shares = (policy.numbers(rule, now.date(), about)[0] for rule in ("buffer_share", "urgent_reserve_share"))
    kept = sum(math.ceil((pieces - promised * each) * share) for share in shares)
    return Room(pieces // each, promised, math.ceil(kept / each))


def need_of(product: str, day: dt.date) -> str | None:
    """The need that an article serves first on a day; None where it serves none."""
    return dict(served_need(policy_now(), day).select("product", "need").rows()).get(product)
