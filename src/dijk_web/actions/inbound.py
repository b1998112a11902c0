"""Telling what is ordered and on its way: each line of an order under its own number, told anew when it changes."""

from typing import Any

from dijk_web.actions.telling import Sent, valid
from dijk_web.actions.writing import TooLate, writing
from dijk_web.models import Inbound, Person

TOLD_BY = "consortium"
"""The source of a row: who orders for the country."""

CHANGES = ("pieces", "received_pieces", "cents_per_pack", "expected", "state")
"""What the log keeps of a line before and after."""


def last_row(order: str, line: int) -> Inbound | None:
    """What was told last of an order line."""
    return Inbound.objects.filter(order=order, line=line).order_by("known_at").last()


def tell_order_line(*, by: Person, row: dict[str, Any], sent: Sent, why: str = "") -> int:
    """Add an order line or tell it anew; the number of the act. A new line is made from act 0.

    Raises
    ------
    TooLate
        Somebody told of this line after the form was made, or a new line is there already.
    """
    told = valid("inbound", [{"source": TOLD_BY, **row}])
    about = f"inbound:{row['order']}:{row['line']}"
    with writing("inbound_told", by=by, about=about, reason=why, once=sent.once) as act:
        last = last_row(row["order"], row["line"])
        if last and last.act > sent.since:
            raise TooLate(str(last.act))
        act.tell("inbound", told)
        act.before = last and {name: _plain(getattr(last, name)) for name in CHANGES}
        act.after = {name: _plain(row[name]) for name in CHANGES}
    return act.number


def _plain(value: object) -> object:
    """A value as the log keeps it."""
    return value if value is None or isinstance(value, int) else str(value)
