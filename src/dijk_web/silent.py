"""Who was asked and has not answered, of tens of thousands of sites while a person waits.

The rule is that of `dijk.account.not_answered`, which reads whole tables. Here the database follows it by its indexes:
of each site the last question that is past its due day, and whether something that was told of that day or later still
stands. A test holds the two against each other.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import QuerySet

from dijk.tables import ON_DISK
from dijk.tables.facts import TOPICS
from dijk_web.models import Site

COLUMNS = ("site", "name", "organisation", "region", "size", "size_unit")


@dataclass
class Silent:
    """A site that did not answer: its ``questions`` by topic, each with the day it was asked and the day it was due."""

    site: str
    name: str
    organisation_id: str
    region: str
    size: int | None
    size_unit: str | None
    questions: dict[str, tuple[dt.date, dt.date]] = field(default_factory=dict)

    @property
    def due(self) -> dt.date:
        """When the oldest answer was due."""
        return min(due for _asked, due in self.questions.values())


def silent_sites(sites: QuerySet[Site], now: dt.datetime) -> list[Silent]:
    """Those of some sites that were asked, and did not answer in time."""
    return not_answered_of(sites, now.date())


def not_answered_of(sites: QuerySet[Site], until: dt.date = dt.date.max) -> list[Silent]:
    """Those of some sites that did not answer the last question that was due before a day."""
    found: dict[str, Silent] = {}
    inside, given = sites.order_by().values(*COLUMNS).query.sql_with_params()
    with connection.cursor() as cursor:
        for topic in TOPICS:
            cursor.execute(_unanswered(topic, inside), [topic, until.isoformat(), *given])
            for *about, asked_on, due in cursor.fetchall():
                questions = found.setdefault(about[0], Silent(*about)).questions
                questions[topic] = (_day(asked_on), _day(due))
    return list(found.values())


def _unanswered(topic: str, inside: str) -> str:
    """The query for a topic: the columns of each silent site among those of another query, day and due day."""
    asked = (
        "SELECT a.id FROM told_asked a WHERE a.site = s.site AND a.topic = %s AND a.due < %s AND NOT EXISTS "
        "(SELECT 1 FROM told_asked b WHERE b.site = a.site AND b.topic = a.topic AND b.day = a.day "
        "AND b.known_at > a.known_at) ORDER BY a.day DESC LIMIT 1"
    )
    same = " AND ".join(f"r.{name} = k.{name}" for name in ON_DISK[topic].primary_key() if name != "known_at")
    told = (
        f"SELECT 1 FROM told_{topic} k WHERE k.site = a.site AND k.day >= a.day "
        "AND (k.reason IS NULL OR k.reason <> 'retracted') AND NOT EXISTS "
        f"(SELECT 1 FROM told_{topic} r WHERE {same} AND r.known_at > k.known_at AND r.reason = 'retracted')"
    )
    columns = ", ".join(f"q.{column}" for column in COLUMNS)
    return (
        f"WITH q AS MATERIALIZED (SELECT s.*, ({asked}) AS asked FROM ({inside}) s) "
        f"SELECT {columns}, a.day, a.due FROM q JOIN told_asked a ON a.id = q.asked WHERE NOT EXISTS ({told})"
    )


def _day(value: dt.date | str) -> dt.date:
    """A day as either database gives it."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value
