"""Asking: an order is one act with a request per need; a row with the same code changes, confirms or
withdraws a request.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.core.exceptions import PermissionDenied

from dijk_web import mailing
from dijk_web.actions.telling import Rows, Sent, own_word, refuse_late, source_of, valid
from dijk_web.actions.writing import TooLate, Writing, writing
from dijk_web.models import Person, Request, RequestRow, Site, UrgentOrder
from dijk_web.models.urgent import act_of
from dijk_web.of_site import moment

WITHDRAWN = "retracted"
"""The reason of the row that withdraws a request, as in every table of facts."""


@dataclass(frozen=True)
class Urgent:
    """What an urgent order has beside its requests: after how many hours the site runs out, within how many minutes the
    region answers, and whom it calls back.
    """

    hours_left: int
    minutes: float
    name: str
    phone: str


# parameters: who, for whom, what, and why
def order(
    *,
    by: Person,
    sites: list[Site],
    rows: Rows,
    sent: Sent,
    on_behalf: str = "",
    why: str = "",
    urgent: Urgent | None = None,
) -> int:
    """Ask for needs of one site or of many, in one act; its number, from which the codes of the requests are made. An
    urgent order is that of one site.

    Raises
    ------
    TooLate
        Somebody asked something for one of the sites after the form was made.
    """
    source = source_of(by, on_behalf)
    day = moment().date()
    asked = valid(
        "request",
        [
            {"source": source, "day": day, "request": f"R-{at}", "urgent": bool(urgent), **row}
            for at, row in enumerate(rows)
        ],
    )
    about = f"site:{sites[0].site}" if len(sites) == 1 else "order"
    reason = ": ".join(part for part in (source if on_behalf else "", why) if part)
    with writing("order_placed", by=by, about=about, reason=reason, once=sent.once) as act:
        refuse_late("request", sites, sent.since)
        if len(sites) > 1:
            act.about = f"order:{act.number}"
        lines = pl.int_range(1, pl.len() + 1).cast(pl.String)
        act.tell("request", asked.with_columns(request=pl.concat_str(pl.lit(f"R{act.number}-"), lines)))
        act.after = {"requests": asked.height, "sites": len(sites), "source": source}
        if urgent:
            _place_urgent(act, sites[0], asked.height, urgent)
    return act.number


def _place_urgent(act: Writing, site: Site, requests: int, urgent: Urgent) -> None:
    """Begin the clock of an urgent order."""
    order = UrgentOrder.objects.create(
        act=act.number,
        site=site.site,
        region=site.region,
        requests=requests,
        asked_at=act.known_at,
        answer_by=act.known_at + dt.timedelta(minutes=urgent.minutes),
        hours_left=urgent.hours_left,
        call_back_name=urgent.name,
        call_back_phone=urgent.phone,
    )
    mailing.urgent_waits(act, order)


def _end_urgent(code: str, act: Writing) -> None:
    """Nothing is left of an urgent order to answer, once the last of its requests is withdrawn."""
    order = UrgentOrder.objects.open().filter(act=act_of(code)).first()
    if order is None:
        return
    others = [one for one in order.codes if one != code]
    if not Request.objects.filter(request__in=others, reason=None).exists():
        UrgentOrder.objects.filter(act=order.act).update(withdrawn_at=act.known_at)


def change_request(*, by: Person, code: str, pieces: int, sent: Sent, on_behalf: str = "") -> int:
    """Ask for another quantity; what a call confirmed of the old one falls away. The number of the act.

    Raises
    ------
    TooLate
        The request was changed, checked or withdrawn after the form was made.
    """
    said = {"source": source_of(by, on_behalf), "how": "counted", "pieces": pieces}
    return _say_anew("request_changed", by=by, code=code, sent=sent, on_behalf=on_behalf, said=said)


def withdraw_request(*, by: Person, code: str, sent: Sent, on_behalf: str = "") -> int:
    """Take a request back; as `change_request`."""
    said = {"source": source_of(by, on_behalf), "how": "counted", "pieces": None, "reason": WITHDRAWN}
    return _say_anew("request_withdrawn", by=by, code=code, sent=sent, on_behalf=on_behalf, said=said)


def confirm_request(*, by: Person, code: str, pieces: int, sent: Sent, on_behalf: str) -> int:
    """Write beside what was asked what a call confirmed of it; as `change_request`.

    Raises
    ------
    PermissionDenied
        Who confirms it asked for it themselves.
    """
    if own_word(by, asked_row(code)):
        raise PermissionDenied
    said = {"checked_pieces": pieces, "checked_by": source_of(by, on_behalf)}
    return _say_anew("request_checked", by=by, code=code, sent=sent, on_behalf=on_behalf, said=said)


def asked_row(code: str) -> RequestRow:
    """The row in which the present quantity of a request was asked for."""
    rows = RequestRow.objects.filter(request=code).order_by("act")
    return rows.filter(checked_pieces=None).last() or rows.last()


# parameters: what is done, beside those of each act
def _say_anew(name: str, *, by: Person, code: str, sent: Sent, on_behalf: str, said: dict[str, Any]) -> int:
    site = RequestRow.objects.filter(request=code).latest("act").site_id
    reason = source_of(by, on_behalf) if on_behalf else ""
    with writing(name, by=by, about=f"site:{site}", reason=reason, once=sent.once) as act:
        last = RequestRow.objects.filter(request=code).latest("act")
        if last.act != sent.since or last.reason == WITHDRAWN:
            raise TooLate(str(last.act))
        row = _as_asked(last) | said
        act.tell("request", valid("request", [row]))
        act.before = {"request": code, "pieces": last.pieces, "checked_pieces": last.checked_pieces}
        act.after = {"request": code, "pieces": row["pieces"], "checked_pieces": row.get("checked_pieces")}
        if row.get("reason") == WITHDRAWN:
            _end_urgent(code, act)
    return act.number


def _as_asked(row: RequestRow) -> dict[str, Any]:
    """What stays of a request when it is said anew."""
    kept = {name: getattr(row, name) for name in ("request", "day", "urgent", "repeats", "source", "how", "pieces")}
    return {**kept, "site": row.site_id, "need": row.need_id}
