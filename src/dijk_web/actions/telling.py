"""Telling what a site has, uses and does. Whoever tells for a site says how they know, and source and log show it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db.models import Max

from dijk import tables
from dijk_web import clock
from dijk_web.actions.writing import TooLate, as_table, writing
from dijk_web.models import TOLD, Act, Person, Site
from dijk_web.people import Role

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Sent:
    """The form that an act comes from: its one-time key, and the number of the last act that it was made from."""

    once: str | None
    since: int


SPEAKS_AS = {Role.COORDINATOR: "region", Role.PLANNER: "consortium"}
"""What the source of a row says of who told it for a site."""


def tell_stock(*, by: Person, site: Site, rows: Rows, sent: Sent, on_behalf: str = "") -> int:
    """Add counts of a site; the number of the act.

    Raises
    ------
    TooLate
        Somebody told of the stock of the site after the form was made.
    """
    return _tell("stock", by=by, site=site, rows=rows, sent=sent, on_behalf=on_behalf)


def tell_use(*, by: Person, site: Site, rows: Rows, sent: Sent, on_behalf: str = "") -> int:
    """Add what a site used; as `tell_stock`."""
    return _tell("use", by=by, site=site, rows=rows, sent=sent, on_behalf=on_behalf)


def hand_out(*, by: Person, site: Site, rows: Rows, sent: Sent, on_behalf: str = "") -> int:
    """Add what an outlet handed out on a day, as its use; as `tell_stock`. Each row says for how many ``clients``,
    which the log keeps: a number, and no names.
    """
    clients = max(row["clients"] for row in rows)
    return _tell("use", by=by, site=site, rows=rows, sent=sent, on_behalf=on_behalf, clients=clients)


def tell_activity(*, by: Person, site: Site, rows: Rows, sent: Sent, on_behalf: str = "") -> int:
    """Add what a site does; as `tell_stock`."""
    return _tell("activity", by=by, site=site, rows=rows, sent=sent, on_behalf=on_behalf)


def tell_purchases(*, by: Person, site: Site, rows: Rows, sent: Sent, on_behalf: str = "") -> int:
    """Add what a site bought itself and received; as `tell_stock`."""
    return _tell("delivery", by=by, site=site, rows=rows, sent=sent, on_behalf=on_behalf)


def purchase_code(*about: object) -> str:
    """The code of what a site received of an article on a day by its own purchase, from these three: told again, it is
    a correction of the same line, and not a second delivery.
    """
    return "own-" + hashlib.sha256("|".join(map(str, about)).encode()).hexdigest()[:16]


def source_of(by: Person, on_behalf: str) -> str:
    """Who says so, as a function: the site itself, or who tells for it and how they know.

    Raises
    ------
    ValueError
        Somebody else than the site tells, and does not say how they know.
    """
    speaks_as = SPEAKS_AS.get(Role(by.role))
    if speaks_as is None:
        return "site"
    if not on_behalf:
        raise ValueError("who tells for a site says how they know")
    return f"{speaks_as} by {on_behalf}"


def own_word(by: Person, row: Any) -> bool:
    """Whether a person told this row for the site themselves, so that somebody else must confirm it."""
    speaks_as = SPEAKS_AS.get(Role(by.role))
    told_for = speaks_as is not None and row.source.startswith(f"{speaks_as} by ")
    return told_for and Act.objects.filter(number=row.act, by=by.code).exists()


def last_told(table: str, sites: Sequence[Site]) -> int:
    """The number of the last act that told something of these sites in a table; 0 where none did."""
    told = TOLD[table].objects.filter(site__in=[site.site for site in sites])
    return int(told.aggregate(last=Max("act"))["last"] or 0)


def refuse_late(table: str, sites: Sequence[Site], since: int) -> None:
    """Refuse a form that was made before somebody else told of the same.

    Raises
    ------
    TooLate
        With the number of the act that came between.
    """
    if (last := last_told(table, sites)) > since:
        raise TooLate(str(last))


def told_between(table: str, sites: Sequence[Site], since: int) -> list[tuple[Act, list[Any]]]:
    """The acts that came between a form and its sending, each with the rows it added."""
    rows = TOLD[table].objects.filter(site__in=[site.site for site in sites], act__gt=since).order_by("id")
    by_act: dict[int, list[Any]] = {}
    for row in rows:
        by_act.setdefault(row.act, []).append(row)
    return [(act, by_act[act.number]) for act in Act.objects.filter(number__in=by_act).order_by("number")]


def valid(table: str, rows: Rows) -> pl.DataFrame:
    """Rows as their table wants them; the moment is that of now until their act has its own.

    Raises
    ------
    dataframely.exc.ValidationError
        A row breaks a limit or a rule of the table; pages say so before.
    """
    return tables.valid(table, as_table(table, rows, clock.now()))


# parameters: the table and what else the log says, beside those of each act
def _tell(table: str, *, by: Person, site: Site, rows: Rows, sent: Sent, on_behalf: str, **more: int) -> int:
    source = source_of(by, on_behalf)
    told = valid(table, [{"source": source, "site": site.site, **row} for row in rows])
    reason = source if on_behalf else ""
    with writing(f"{table}_told", by=by, about=f"site:{site.site}", reason=reason, once=sent.once) as act:
        refuse_late(table, [site], sent.since)
        act.tell(table, told)
        act.after = {"rows": told.height, "source": source, **more}
    return act.number
