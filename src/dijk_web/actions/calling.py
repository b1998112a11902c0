"""Calling sites that are silent, and asking them again."""

import datetime as dt
from collections.abc import Collection

from dijk_web.actions.telling import SPEAKS_AS, Sent, refuse_late, valid
from dijk_web.actions.writing import TooLate, writing
from dijk_web.models import Call, Outcome, Person, Site
from dijk_web.of_site import moment
from dijk_web.people import Role


def last_call(site: Site) -> int:
    """The act of the last call to a site; 0 where it was never called."""
    last = Call.objects.filter(site=site.site).order_by("-act").first()
    return last.act if last else 0


def log_call(*, by: Person, site: Site, outcome: Outcome, note: str, sent: Sent) -> int:
    """Write a call down; the number of the act. The log has its outcome, and the note stays outside it.

    Raises
    ------
    TooLate
        Somebody else wrote a call to the site down after the form was made.
    """
    with writing("site_called", by=by, about=f"site:{site.site}", once=sent.once) as act:
        if last_call(site) > sent.since:
            raise TooLate(str(last_call(site)))
        told = {"by": by.code, "role": by.role, "outcome": outcome, "note": note}
        Call.objects.create(act=act.number, site=site.site, called_at=act.known_at, **told)
        act.after = {"outcome": outcome}
    return act.number


def ask_again(*, by: Person, questions: Collection[tuple[Site, str]], due: dt.date, sent: Sent) -> int:
    """Ask sites about their topics again, all in one act; its number.

    Raises
    ------
    TooLate
        Somebody else asked one of them after the form was made.
    """
    sites = {site.site: site for site, _topic in questions}
    source, today = f"asked again by the {SPEAKS_AS[Role(by.role)]}", moment().date()
    rows = [
        {"site": site.site, "topic": topic, "day": today, "due": due, "source": source} for site, topic in questions
    ]
    asked = valid("asked", rows)
    about = f"site:{next(iter(sites))}" if len(sites) == 1 else "asked"
    with writing("asked_again", by=by, about=about, once=sent.once) as act:
        refuse_late("asked", list(sites.values()), sent.since)
        act.tell("asked", asked)
        act.after = {"sites": len(sites), "questions": asked.height, "due": due.isoformat()}
    return act.number
