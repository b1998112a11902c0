"""Asking: an order is one act with a request per need; a row with the same code changes or withdraws a request."""

from typing import Any

import polars as pl

from dijk_web.actions.telling import Rows, Sent, refuse_late, source_of, valid
from dijk_web.actions.writing import TooLate, writing
from dijk_web.models import Person, RequestRow, Site
from dijk_web.of_site import moment

WITHDRAWN = "retracted"
"""The reason of the row that withdraws a request, as in every table of facts."""


# parameters: who, for whom, what, and why
def order(*, by: Person, sites: list[Site], rows: Rows, sent: Sent, on_behalf: str = "", why: str = "") -> int:
    """Ask for needs of one site or of many, in one act; its number, from which the codes of the requests are made.

    Raises
    ------
    TooLate
        Somebody asked something for one of the sites after the form was made.
    """
    source = source_of(by, on_behalf)
    day = moment().date()
    asked = valid(
        "request", [{"source": source, "day": day, "request": f"R-{at}", **row} for at, row in enumerate(rows)]
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
    return act.number


def change_request(*, by: Person, code: str, pieces: int, sent: Sent, on_behalf: str = "") -> int:
    """Ask for another quantity; what a call confirmed of the old one falls away. The number of the act.

    Raises
    ------
    TooLate
        The request was changed, checked or withdrawn after the form was made.
    """
    return _say_anew("request_changed", by=by, code=code, sent=sent, on_behalf=on_behalf, pieces=pieces)


def withdraw_request(*, by: Person, code: str, sent: Sent, on_behalf: str = "") -> int:
    """Take a request back; as `change_request`."""
    return _say_anew("request_withdrawn", by=by, code=code, sent=sent, on_behalf=on_behalf, pieces=None)


# parameters: what is done, beside those of each act
def _say_anew(name: str, *, by: Person, code: str, sent: Sent, on_behalf: str, pieces: int | None) -> int:
    source = source_of(by, on_behalf)
    site = RequestRow.objects.filter(request=code).latest("act").site_id
    reason = source if on_behalf else ""
    with writing(name, by=by, about=f"site:{site}", reason=reason, once=sent.once) as act:
        last = RequestRow.objects.filter(request=code).latest("act")
        if last.act != sent.since or last.reason == WITHDRAWN:
            raise TooLate(str(last.act))
        why_none = WITHDRAWN if pieces is None else None
        row = _as_asked(last) | {"source": source, "how": "counted", "pieces": pieces, "reason": why_none}
        act.tell("request", valid("request", [row]))
        act.before = {"request": code, "pieces": last.pieces, "checked_pieces": last.checked_pieces}
        act.after = {"request": code, "pieces": pieces}
    return act.number


def _as_asked(row: RequestRow) -> dict[str, Any]:
    """What stays of a request when it is said anew."""
    kept = {name: getattr(row, name) for name in ("request", "day", "urgent", "repeats")}
    return {**kept, "site": row.site_id, "need": row.need_id}
