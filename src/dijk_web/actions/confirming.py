"""Confirming what a site says of itself: its size, and a count that waits for a second."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied

from dijk.tables import ON_DISK
from dijk_web.actions.telling import Sent, own_word, refuse_late, source_of, valid
from dijk_web.actions.writing import TooLate, writing
from dijk_web.models import Person, Site, SiteRow, Stock
from dijk_web.people import Role

VOUCHES = {Role.COORDINATOR: "region", Role.PLANNER: "register"}
"""What a size that somebody confirmed rests on: a planner reads it from a register."""


def last_of_site(site: Site) -> int:
    """The act that told a site last."""
    return int(SiteRow.objects.filter(site=site.site).latest("act").act)


# parameters: who, of whom, what, and how they know
def confirm_size(*, by: Person, site: Site, size: int, unit: str, on_behalf: str, sent: Sent) -> int:
    """Say how large a site is; the number of the act.

    Raises
    ------
    TooLate
        The site was told anew after the form was made.
    """
    source = source_of(by, on_behalf)
    confirmed = {"size": size, "size_unit": unit, "size_confirmed_by": VOUCHES[Role(by.role)], "source": source}
    with writing("size_confirmed", by=by, about=f"site:{site.site}", reason=source, once=sent.once) as act:
        last = SiteRow.objects.filter(site=site.site).latest("act")
        if last.act != sent.since:
            raise TooLate(str(last.act))
        kept = _as_told("site", last)
        act.tell("site", valid("site", [kept | confirmed]))
        act.before, act.after = ({name: row[name] for name in confirmed} for row in (kept, confirmed))
    return act.number


def second_counts(*, by: Person, site: Site, rows: Sequence[Stock], on_behalf: str, sent: Sent) -> int:
    """Say of rows of a count that another than the site bears them out; the number of the act.

    Raises
    ------
    PermissionDenied
        Who confirms one of them told it themselves.
    TooLate
        Somebody told of the stock of the site after the form was made.
    """
    if any(own_word(by, row) for row in rows):
        raise PermissionDenied
    source = source_of(by, on_behalf)
    told = valid("stock", seconded(rows, source))
    with writing("counts_seconded", by=by, about=f"site:{site.site}", reason=source, once=sent.once) as act:
        refuse_late("stock", [site], sent.since)
        act.tell("stock", told)
        act.after = {"rows": told.height, "checked_by": source}
    return act.number


def seconded(rows: Sequence[Stock], source: str) -> list[dict[str, Any]]:
    """Rows of a count as they are told anew by who bears them out."""
    return [_as_told("stock", row) | {"checked_by": source} for row in rows]


def _as_told(table: str, row: Any) -> dict[str, Any]:
    """All that a row says, but for when it became known."""
    names = [name for name in ON_DISK[table].column_names() if name != "known_at"]
    return {name: getattr(row, row._meta.get_field(name).attname) for name in names}
