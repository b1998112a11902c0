"""Releasing packs on an urgent request alone, where nobody can wait for a second person; and another person's yes or no
to it afterwards.
"""

import datetime as dt

import polars as pl
from django.core.exceptions import PermissionDenied
from django.db.models import Sum

from dijk_web import mailing
from dijk_web import urgent_release as rules
from dijk_web.actions.deciding import OWN_TRIED
from dijk_web.actions.telling import Sent, valid
from dijk_web.actions.writing import TooLate, Writing, writing
from dijk_web.models import Dispatch, Person, RiskClass, Site, UrgentOrder, UrgentRelease
from dijk_web.models.urgent_release import Second
from dijk_web.of_site import policy_now


class TooMany(Exception):
    """More packs than are free, or than the request still asks for; the most there may be."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


# parameters: what is released of an order, how much and why, and by whom
def release_alone(order: UrgentOrder, choice: str, packs: int, *, why: str, by: Person, sent: Sent) -> int:
    """Release packs on an urgent request; the number of the act. They count as promised to the site from now on, in
    every plan, and are first among what is to be sent.

    Parameters
    ----------
    choice
        The request, article and holder, as `dijk_web.urgent_release.Choice.code` names them.

    Raises
    ------
    PermissionDenied
        It is not this person's to release, or the order was withdrawn.
    TooLate
        Nothing of it is free any more, or nothing more is asked for.
    TooMany
        Fewer packs are free, or asked for.
    """
    with writing("urgent_released", by=by, about=f"site:{order.site}", reason=why, once=sent.once) as act:
        order = UrgentOrder.objects.get(act=order.act)
        if not rules.may_release(by, order):
            raise PermissionDenied
        found = {one.code: one for one in rules.choices(by, order)}.get(choice)
        if found is None:
            raise TooLate("urgent_release")
        if packs > found.most:
            raise TooMany(found.most)
        hours = policy_now().numbers(
            "confirm_within_hours", act.known_at.date(), pl.DataFrame({"region": [order.region]})
        )
        one = UrgentRelease.objects.create(
            act=act.number,
            order=order.act,
            request=found.request,
            site=order.site,
            region=order.region,
            need=found.need,
            product=found.product,
            holder=found.holder,
            packs=packs,
            pieces_per_pack=found.pieces_per_pack,
            reason=why,
            by=by.code,
            role=by.role,
            released_at=act.known_at,
            confirm_by=act.known_at + dt.timedelta(hours=hours.item()),
        )
        _award(act, one, packs)
        mailing.release_waits(act, one, by)
        act.after = {"order": order.act, "request": one.request, "product": one.product, "packs": packs}
    return act.number


def confirm(one: UrgentRelease, *, by: Person, why: str, sent: Sent) -> int:
    """Say as another person that a release was right; the number of the act. As `_second`."""
    return _second("urgent_release_confirmed", one, Second.CONFIRMED, by=by, why=why, sent=sent)


def revoke(one: UrgentRelease, *, by: Person, why: str, sent: Sent) -> int:
    """Take a release back as another person; the number of the act. What was not sent is promised no more; what was
    sent stays on its way. As `_second`.
    """
    return _second("urgent_release_revoked", one, Second.REVOKED, by=by, why=why, sent=sent)


# parameters: what is done, beside those of each act
def _second(name: str, one: UrgentRelease, said: Second, *, by: Person, why: str, sent: Sent) -> int:
    """The number of the act. Who tries it on their own release decides nothing, and the log says so.

    Raises
    ------
    PermissionDenied
        It is not this person's to look at.
    TooLate
        Another person was first.
    """
    if not rules.reaches(by, one.region):
        raise PermissionDenied
    with writing(name, by=by, about=f"site:{one.site}", reason=why, once=sent.once) as act:
        waits = UrgentRelease.objects.unconfirmed().filter(act=one.act)
        left = _not_sent(one) if said is Second.REVOKED else None
        ended = {"ended_act": act.number, "ended_at": act.known_at, "ended_by": by.code, "ended_role": by.role}
        if not waits.exclude(by=by.code).update(state=said, **ended, ended_why=why, revoked_packs=left):
            if one.by != by.code or not waits.exists():
                raise TooLate("urgent_release")
            act.name, act.after = OWN_TRIED, {"release": one.act}
            return act.number
        act.after = {"release": one.act, "product": one.product}
        if left:
            _award(act, one, -left)
            act.after["packs"] = left
    return act.number


def _not_sent(one: UrgentRelease) -> int:
    sent = Dispatch.objects.filter(division=one.act).aggregate(packs=Sum("packs"))["packs"]
    return int(one.packs - (sent or 0))


def _award(act: Writing, one: UrgentRelease, packs: int) -> None:
    """Tell what was awarded, below 0 what is taken back. Nobody reckoned the cover; the class is the one that is served
    first, for an urgent request names none.
    """
    site = Site.objects.get(site=one.site)
    row = {name: getattr(one, name) for name in ("site", "need", "product", "holder", "region", "pieces_per_pack")}
    row |= {"sector": site.sector, "packs": packs, "changed_packs": 0, "route": "direct"}
    row["risk_class"] = RiskClass.objects.order_by("tier", "risk_class").values_list("risk_class", flat=True)[0]
    act.tell("past_award", valid("past_award", [row]))
