"""Open work: what waits at which desk, how much of it and since when, so that it is seen where it piles up."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import polars as pl
from django.db.models import Count, Exists, Min, OuterRef, Q

from dijk.tables import ALL
from dijk_web import addresses, dividing, lending, reporting, sending
from dijk_web.models import (
    Answer,
    Dispatch,
    Loan,
    Mail,
    Person,
    Proposal,
    Question,
    Recall,
    RecallPart,
    Reply,
    ReportWish,
    Site,
    UrgentOrder,
    UrgentRelease,
    WayBack,
)
from dijk_web.models.proposal import DIVISION, LOAN, REPORT, SEAT
from dijk_web.of_site import last_published
from dijk_web.people import GROUP_OF, Directorate, Role
from dijk_web.proposing import OF_POLICY, Row, is_of_group, is_of_region, waiting_for
from dijk_web.reviewing import listed
from dijk_web.silent import not_answered_of, silent_sites
from dijk_web.visible import HUB, rows_visible_to, sites_visible_to
from dijk_web.waiting import counts_that_wait

CENTRE, ADMINISTRATORS = "centre", "administrators"
"""Desks beside those of the regions and directorates."""

WEEK = dt.timedelta(days=7)
"""How long a mail that was given up is work."""


@dataclass(frozen=True)
class Work:
    """What waits of one kind at one desk: how many, since when the oldest waits, and whether some of it is late."""

    kind: str
    desk: str
    count: int
    since: dt.datetime
    late: bool


Open = Callable[[dt.datetime], Iterator[Work]]


def urgent(now: dt.datetime) -> Iterator[Work]:
    """Urgent orders without an answer: of the region, and over time of the centre too."""
    open_ones = UrgentOrder.objects.open().values("region").annotate(n=Count("act"), oldest=Min("asked_at"))
    late = dict(UrgentOrder.objects.overdue(now).values("region").annotate(n=Count("act")).values_list("region", "n"))
    for row in open_ones.order_by("region"):
        yield Work("urgent", row["region"], row["n"], row["oldest"], row["region"] in late)
    if late:
        oldest = UrgentOrder.objects.overdue(now).aggregate(oldest=Min("asked_at"))["oldest"]
        yield Work("urgent", CENTRE, sum(late.values()), oldest, late=True)


def silent(now: dt.datetime) -> Iterator[Work]:
    """Sites that were asked and did not answer in time: to be called by their region."""
    found = silent_sites(Site.objects.all(), now)
    for region in sorted({one.region for one in found}):
        own = [one.due for one in found if one.region == region]
        yield Work("silent", region, len(own), at_noon(min(own)), late=True)


def counts(now: dt.datetime) -> Iterator[Work]:
    """Sites with counts that the last published plan doubted and nobody bore out since."""
    run = last_published()
    if run is None:
        return
    region = dict(Site.objects.values_list("site", "region"))
    for code, rows in by_region(counts_that_wait(run), region):
        yield Work("counts", code, rows["site"].n_unique(), at_noon(rows["counted_on"].min()), late=False)


def released_alone(now: dt.datetime) -> Iterator[Work]:
    """Packs that one person alone released and no other looked at: of the region, and over time of the centre too."""
    waits = UrgentRelease.objects.unconfirmed()
    late = waits.filter(confirm_by__lt=now)
    over = set(late.values_list("region", flat=True))
    for one in grouped("released_alone", waits.values_list("region", "released_at")):
        yield replace(one, late=one.desk in over)
    for one in grouped("released_alone", ((CENTRE, at) for at in late.values_list("released_at", flat=True))):
        yield replace(one, late=True)


def checks(now: dt.datetime) -> Iterator[Work]:
    """The parts of an open division that no region answered for, and its release."""
    division = dividing.open_division()
    if division is None:
        return
    asked = Proposal.objects.get(act=division.act).proposed_at
    over = now >= division.check_by
    waiting = [one.region for one in dividing.checks_of(division) if one.answer == Answer.WAITING]
    for region in waiting:
        yield Work("check", region, 1, asked, late=over)
    if over or not waiting:
        yield Work("release", CENTRE, 1, asked, late=over)


def to_send(now: dt.datetime) -> Iterator[Work]:
    """What was released and not sent: of a region's hub, and of the warehouses of the centre."""
    left = sending.to_send(now)
    released = {one.act: Proposal.objects.get(act=one.act).ended_at for one in sending.sendable(now)}
    released |= dict(UrgentRelease.objects.standing().values_list("act", "released_at"))
    at = pl.when(pl.col("holder") == HUB).then("region").otherwise(pl.lit(CENTRE)).alias("desk")
    lines = left.group_by(at).agg(lines=pl.len(), first=pl.col("division").min()).sort("desk")
    for desk, count, first in lines.iter_rows():
        yield Work("send", desk, count, released[first], late=False)


def differences(now: dt.datetime) -> Iterator[Work]:
    """Dispatches that came otherwise than they were sent: of who sent them."""
    rows = Dispatch.objects.differing().values_list("holder", "region", "received_at")
    yield from grouped("difference", ((region if holder == HUB else CENTRE, at) for holder, region, at in rows))


def recalls(now: dt.datetime) -> Iterator[Work]:
    """Receivers of open recalls who did not answer: to be called by their region. Who did not even read it is late."""
    opened = {one.act: one.opened_at for one in Recall.objects.open()}
    parts = list(RecallPart.objects.open().unanswered())
    unread = {part.region for part in parts if part.read_act is None}
    for one in grouped("recall", ((part.region, opened[part.recall]) for part in parts)):
        yield replace(one, late=one.desk in unread)


def ways_back(now: dt.datetime) -> Iterator[Work]:
    """Goods on their way back of which nobody said what came: of the hub of a region, or of the centre."""
    hubs = dict(Site.objects.filter(kind=HUB).values_list("site", "region"))
    rows = WayBack.objects.underway().values_list("to_site", "sent_at")
    yield from grouped("way_back", ((hubs.get(place, CENTRE), at) for place, at in rows))


def loans(now: dt.datetime) -> Iterator[Work]:
    """Loans between regions: an offer without an answer, of the other region; one to be sent, of the lender; one on its
    way, of who gets it; and what was due back, of both.
    """
    today, found = now.date(), lending.running(Loan.objects.all())
    offers = [(one.loan.to_region, one.proposal.proposed_at) for one in found if one.proposal.is_open]
    yield from grouped("loan_offer", offers)
    send = [(one.loan.from_region, one.proposal.ended_at) for one in found if one.to_send()]
    yield from grouped("loan_send", send)
    ways = [(one.goes_to(sent), sent) for one in found for sent in one.underway()]
    for waits in grouped("loan_way", ((desk, sent.sent_at) for desk, sent in ways)):
        late = any(desk == waits.desk and sent.expected < today for desk, sent in ways)
        yield replace(waits, late=late)
    due = [one.loan for one in found if one.is_late(today)]
    for waits in grouped("loan_late", ((desk, at_noon(one.due_back)) for one in due for desk in _both(one))):
        yield replace(waits, late=True)


def _both(loan: Loan) -> tuple[str, str]:
    return loan.from_region, loan.to_region


def proposals(now: dt.datetime) -> Iterator[Work]:
    """Proposals that wait for a second person: of the desk that decides."""
    rows = Proposal.objects.open().exclude(kind__in=[DIVISION, LOAN])
    yield from grouped("proposal", ((decided_at(one.kind, one.content), one.proposed_at) for one in rows))


def decided_at(kind: str, row: Row) -> str:
    """The desk that decides on a proposal: of a region's own rules that region, of sectors of one group the directorate
    of that group, of people the administrators, of reports the centre; of all else the directorate that decides last.
    """
    if kind in (SEAT, REPORT):
        return ADMINISTRATORS if kind == SEAT else CENTRE
    if kind in OF_POLICY and row.get("region") != ALL and is_of_region(kind, row, row.get("region")):
        return str(row["region"])
    groups = GROUP_OF.items() if kind in OF_POLICY else ()
    return next((one for one, group in groups if is_of_group(row.get("sector"), group)), Directorate.GMT)


def questions(now: dt.datetime) -> Iterator[Work]:
    """Questions about needs that nobody answered: of the centre."""
    unanswered = ~Exists(Reply.objects.filter(question=OuterRef("act")))
    found = Question.objects.filter(unanswered, ~Q(need="")).aggregate(n=Count("act"), oldest=Min("said_at"))
    if found["n"]:
        yield Work("question", CENTRE, found["n"], found["oldest"], late=False)


def review(now: dt.datetime) -> Iterator[Work]:
    """Items on the list for the next meeting, which the directorate holds."""
    items = [one.item for one in listed(now) if one.said is None]
    if items:
        yield Work("review", Directorate.GMT, len(items), min(one.since for one in items), late=False)


def reports(now: dt.datetime) -> Iterator[Work]:
    """Reports that are late, and interim ones that somebody wants."""
    late = [one.at for one in reporting.days_without(now) if one.at < now]
    if late:
        yield Work("report", CENTRE, len(late), min(late), late=True)
    wishes = ReportWish.objects.filter(answered_by=None)
    found = wishes.aggregate(n=Count("act"), oldest=Min("asked_at"), first=Min("needed_at"))
    if found["n"]:
        yield Work("wish", CENTRE, found["n"], found["oldest"], late=found["first"] < now)


def unreached(now: dt.datetime) -> Iterator[Work]:
    """Addresses that mail does not reach: of institutions their region's work, of others the administrators'."""
    for one in grouped("address", ((desk, one.since) for one, desk in addresses.desks_of_unreached(ADMINISTRATORS))):
        yield replace(one, late=True)


def given_up(now: dt.datetime) -> Iterator[Work]:
    """Mails of this week that were given up and that somebody misses: of the administrators."""
    rows = Mail.objects.missed().filter(created__gte=now - WEEK).values_list("created", flat=True)
    for one in grouped("mail", ((ADMINISTRATORS, at) for at in rows)):
        yield replace(one, late=True)


KINDS: dict[str, Open] = {
    "urgent": urgent,
    "released_alone": released_alone,
    "silent": silent,
    "counts": counts,
    "check": checks,
    "send": to_send,
    "difference": differences,
    "recall": recalls,
    "way_back": ways_back,
    "loan": loans,
    "proposal": proposals,
    "question": questions,
    "review": review,
    "report": reports,
    "address": unreached,
    "mail": given_up,
}


def open_work(now: dt.datetime) -> list[Work]:
    """All that waits, kind by kind."""
    return [one for kind in KINDS.values() for one in kind(now)]


OF_A_ROLE = {Role.PLANNER: CENTRE, Role.ADMINISTRATOR: ADMINISTRATORS}
"""The desk at which everybody of a role sits."""


def desk_of(person: Person) -> str | None:
    """The desk at which somebody sits: of their region or directorate, of the centre or the administrators; or none."""
    match Role(person.role):
        case Role.COORDINATOR:
            return person.region
        case Role.OFFICIAL:
            return person.directorate
    return OF_A_ROLE.get(Role(person.role))


def people_at(desk: str) -> list[Person]:
    """Who sits at a desk, as `desk_of` has it."""
    roles = [role for role, of in OF_A_ROLE.items() if of == desk]
    region = Q(role=Role.COORDINATOR, region=desk)
    seats = Q(role__in=roles) | region | Q(role=Role.OFFICIAL, directorate=desk)
    return list(Person.objects.filter(seats, is_active=True).order_by("pk"))


def own_work(person: Person, found: list[Work], now: dt.datetime) -> list[Work]:
    """Of all that waits what is this person's: what is late first, then the oldest. Of proposals those that they may
    decide on; of an institution what its own sites were asked, receive, or are told by a recall.
    """
    own = list(of_institution(person, now)) if Role(person.role) is Role.INSTITUTION else []
    desk = desk_of(person)
    own += [one for one in found if desk and one.desk == desk and one.kind not in ("proposal", "release")]
    to_decide = waiting_for(person)
    own += grouped("proposal", (("", one.proposed_at) for one in to_decide if one.kind != DIVISION))
    if any(one.kind == DIVISION for one in to_decide):
        own += [one for one in found if one.kind == "release"]
    return sorted(own, key=lambda one: (not one.late, one.since, one.kind))


def of_institution(person: Person, now: dt.datetime) -> Iterator[Work]:
    """What waits for whoever speaks for the sites of an institution."""
    asked = [due for one in not_answered_of(sites_visible_to(person)) for _day, due in one.questions.values()]
    if asked:
        yield Work("asked", "", len(asked), at_noon(min(asked)), late=min(asked) < now.date())
    underway = list(rows_visible_to(person, Dispatch).underway().values_list("sent_at", "expected"))
    if underway:
        late = any(expected < now.date() for _sent, expected in underway)
        yield Work("to_confirm", "", len(underway), min(sent for sent, _expected in underway), late=late)
    parts = list(rows_visible_to(person, RecallPart).open().unanswered())
    if parts:
        opened = Recall.objects.filter(act__in={one.recall for one in parts}).aggregate(oldest=Min("opened_at"))
        yield Work("recalled", "", len(parts), opened["oldest"], late=any(one.read_act is None for one in parts))


def grouped(kind: str, rows: Iterable[tuple[str, dt.datetime]]) -> Iterator[Work]:
    """Work of one kind by desk, of which each row tells the desk and since when it waits."""
    since: dict[str, list[dt.datetime]] = {}
    for desk, at in rows:
        since.setdefault(desk, []).append(at)
    for desk in sorted(since):
        yield Work(kind, desk, len(since[desk]), min(since[desk]), late=False)


def by_region(rows: pl.DataFrame, region: dict[str, str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Rows of sites by the region that they are in."""
    placed = rows.with_columns(region=pl.col("site").replace_strict(region, default=None, return_dtype=pl.String))
    for (code,), part in sorted(placed.drop_nulls("region").partition_by("region", as_dict=True).items()):
        yield str(code), part


def at_noon(day: dt.date) -> dt.datetime:
    """A day as a moment."""
    return dt.datetime.combine(day, dt.time(12), dt.UTC)
