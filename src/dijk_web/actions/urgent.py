"""Answering urgent orders. The log has yes or no; what is sent and why not stands with the order, and no names."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied

from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate, writing
from dijk_web.models import Person, Site, UrgentOrder
from dijk_web.people import Permission, Role, may


def answer(order: UrgentOrder, said: dict[str, Any], *, by: Person, sent: Sent) -> int:
    """Answer an urgent order, yes or no; the number of the act.

    Parameters
    ----------
    said
        ``is_yes``, with ``what``, ``whence`` and ``when``, or ``why_not``.

    Raises
    ------
    PermissionDenied
        It is another region's, or the region still has time.
    TooLate
        It was answered or withdrawn already.
    """
    with writing("urgent_answered", by=by, about=f"site:{order.site}", once=sent.once) as act:
        if not may_answer(order, by, act.known_at):
            raise PermissionDenied
        now = {"answered_at": act.known_at, "answered_role": by.role}
        if not UrgentOrder.objects.open().filter(act=order.act).update(**now, **said):
            raise TooLate(str(order.act))
        act.after = {"order": order.act, "yes": said["is_yes"]}
    return act.number


def may_answer(order: UrgentOrder, person: Person, now: dt.datetime) -> bool:
    """Whether an order is somebody's to answer: the region's, and once it is late the planners' too."""
    if not may(person.role, Permission.ANSWER_URGENT):
        return False
    if Role(person.role) is Role.PLANNER:
        return order.answer_by < now
    return Site.objects.filter(site=order.site, region=person.region).exists()


def erase_call_back(order: UrgentOrder, *, by: Person, sent: Sent) -> int:
    """Erase whom to call back; the number of the act.

    Raises
    ------
    TooLate
        It still waits for an answer, so that somebody may have to call.
    """
    with writing("call_back_erased", by=by, about=f"site:{order.site}", once=sent.once) as act:
        ended = UrgentOrder.objects.filter(act=order.act).exclude(answered_at=None, withdrawn_at=None)
        if not ended.update(call_back_name="", call_back_phone=""):
            raise TooLate(str(order.act))
        act.after = {"order": order.act}
    return act.number
