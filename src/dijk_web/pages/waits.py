"""What waits for a person, with its age: one function per item, each a question or two to the database."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

import polars as pl
from django.db.models import Count, Min, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dijk_web import dividing, reporting
from dijk_web.lending import Standing, running
from dijk_web.models import (
    Answer,
    Dispatch,
    IssuedReport,
    Made,
    Person,
    Proposal,
    Question,
    Recall,
    RecallPart,
    Reply,
    ReportWish,
    Request,
    Run,
    Site,
    State,
    UrgentOrder,
    WayBack,
)
from dijk_web.models.proposal import LOAN
from dijk_web.of_site import last_published, moment
from dijk_web.pages.age import duration
from dijk_web.pages.lines import shown
from dijk_web.pages.order_list import STATES, with_state
from dijk_web.pages.proposals import STATES as STATES_OF_PROPOSALS
from dijk_web.pages.questions import own
from dijk_web.pages.waiting import WaitingFilter
from dijk_web.people import Permission, Role, allows
from dijk_web.proposing import waiting_for
from dijk_web.reviewing import listed
from dijk_web.sending import sendable, sent_by
from dijk_web.silent import not_answered_of, silent_sites
from dijk_web.visible import HUB, loans_visible_to, rows_visible_to, sites_visible_to

SOON = dt.timedelta(days=2)
"""How long before its moment a report that is not frozen stands on the start page."""

RECENT = dt.timedelta(days=7)
"""How long an answer stays on the start page."""


@dataclass(frozen=True)
class Item:
    """Something that waits: in words, how old it is or until when it may wait, the page about it, and how it looks."""

    text: str
    age: str
    address: str
    tone: str = ""

    @property
    def sign(self) -> str:
        """The sign of its tone."""
        return {"late": "▼", "short": "▼", "watch": "◆", "enough": "●"}.get(self.tone, "")


Waits = Callable[[Person, dt.datetime], Iterator[Item]]


def day(value: dt.date) -> str:
    """A day in words."""
    return str(date_format(value, "j F Y"))


# An institution


ASKED = {
    "stock": gettext_lazy("your stock"),
    "use": gettext_lazy("your use"),
    "activity": gettext_lazy("your activity"),
}
"""What an institution may be asked, as it reads it."""


def asked_of_me(person: Person, now: dt.datetime) -> Iterator[Item]:
    """Questions to the own sites that have no answer yet."""
    found = not_answered_of(sites_visible_to(person))
    for topic, words in ASKED.items():
        dues = [one.questions[topic][1] for one in found if topic in one.questions]
        if dues:
            text = ngettext("Tell {what}: {count} site was asked", "Tell {what}: {count} sites were asked", len(dues))
            late = min(dues) < now.date()
            age = _("the answer was due on {day}") if late else _("the answer is due on {day}")
            said = text.format(what=words, count=len(dues)), age.format(day=day(min(dues)))
            yield Item(*said, reverse(f"my_{topic}"), "late" if late else "watch")


def my_urgent(person: Person, now: dt.datetime) -> Iterator[Item]:
    """Own urgent orders: what still waits for an answer, and what was answered lately."""
    mine = rows_visible_to(person, UrgentOrder)
    waits = mine.open().aggregate(count=Count("act"), oldest=Min("asked_at"))
    if waits["count"]:
        count = waits["count"]
        text = ngettext("{count} urgent order waits for an answer", "{count} urgent orders wait for an answer", count)
        age = _("asked {age} ago").format(age=duration(now - waits["oldest"]))
        yield Item(text.format(count=count), age, f"{reverse('urgent')}?state=open", "watch")
    for one in mine.filter(answered_at__gte=now - RECENT).order_by("-answered_at")[:5]:
        text = _("Your urgent order was answered: yes") if one.is_yes else _("Your urgent order was answered: no")
        age = _("{age} ago").format(age=duration(now - one.answered_at))
        yield Item(text, age, reverse("urgent_order", args=[one.act]), "enough" if one.is_yes else "short")


def my_requests(person: Person, now: dt.datetime) -> Iterator[Item]:
    """Own requests by how far they are, but for those that are over."""
    rows = with_state(rows_visible_to(person, Request), now).order_by()
    counted = {row["state"]: row for row in rows.values("state").annotate(count=Count("request"), oldest=Min("day"))}
    for state in ("asked", "checked", "planned"):
        if row := counted.get(state):
            text = ngettext("{count} request: {state}", "{count} requests: {state}", row["count"])
            words = STATES[state] if state != "planned" else _("in the last plan")
            age = _("the oldest of {day}").format(day=day(row["oldest"]))
            address = f"{reverse('orders')}?{urlencode({'state': state})}"
            yield Item(text.format(count=row["count"], state=words), age, address)


def on_its_way(person: Person, now: dt.datetime) -> Iterator[Item]:
    """What the last division that was released gives the own sites, and the one that is being made."""
    if waits := dividing.open_division():
        age = _("expected on {day}").format(day=day(waits.check_by))
        yield Item(_("A division is being made"), age, reverse("my_awards"))
    division = dividing.released_divisions().first()
    if division is None:
        return
    awards = dividing.awards_of(division).filter(site__in=sites_visible_to(person).values("site"), packs__gt=0)
    if count := awards.values("need").distinct().count():
        text = ngettext("You get {count} need", "You get {count} needs", count)
        released = Proposal.objects.get(act=division.act).ended_at
        yield Item(text.format(count=count), day(released), reverse("my_awards"))


def to_confirm(person: Person, now: dt.datetime) -> Iterator[Item]:
    """What is on its way to the own sites: who has it says so."""
    underway = rows_visible_to(person, Dispatch).underway()
    came = underway.aggregate(count=Count("pk"), first=Min("expected"))
    if count := came["count"]:
        text = ngettext("{count} dispatch is on its way to you", "{count} dispatches are on their way to you", count)
        late = came["first"] < now.date()
        age = (
            _("the first was expected on {day}: say what you received") if late else _("the first is expected on {day}")
        )
        address = f"{reverse('dispatches')}?state=underway"
        yield Item(text.format(count=count), age.format(day=day(came["first"])), address, "late" if late else "watch")


# Recalls, and what goes back


def recalled(person: Person, now: dt.datetime) -> Iterator[Item]:
    """Open recalls that sites of this person did not answer: unread ones, for who receives there."""
    mine = rows_visible_to(person, RecallPart).open().unanswered()
    if Role(person.role) is not Role.INSTITUTION:
        mine = mine.filter(site__in=Site.objects.filter(kind=HUB).values("site"))
    recalls = Recall.objects.in_bulk(mine.values_list("recall", flat=True).distinct())
    for part in mine.order_by("recall", "site")[:10]:
        one = recalls[part.recall]
        text = _("Recalled: lot {lots}. Read it, and say what you have left").format(lots=", ".join(part.lots))
        age = _("{age} ago").format(age=duration(now - one.opened_at))
        tone = "late" if part.read_act is None else "watch"
        yield Item(text, age, reverse("recall_at", args=[part.recall, part.site]), tone)


def recalls_to_call(person: Person, now: dt.datetime) -> Iterator[Item]:
    """Open recalls with receivers that this person may call because they did not answer."""
    mine = rows_visible_to(person, RecallPart).open().unanswered()
    counts = mine.order_by().values("recall").annotate(count=Count("pk"), unread=Count("pk", filter=Q(read_act=None)))
    for row in counts.order_by("recall"):
        text = ngettext(
            "{count} receiver has not answered recall {number}",
            "{count} receivers have not answered recall {number}",
            row["count"],
        )
        opened = Recall.objects.get(act=row["recall"]).opened_at
        age = _("recalled {age} ago").format(age=duration(now - opened))
        said = text.format(count=shown(row["count"]), number=row["recall"])
        yield Item(said, age, reverse("recall", args=[row["recall"]]), "late" if row["unread"] else "watch")


def coming_back(person: Person, now: dt.datetime) -> Iterator[Item]:
    """Goods on their way back to where this person sends from."""
    rows = WayBack.objects.underway().filter(to_site__in=sent_by(person).values("site"))
    found = rows.aggregate(count=Count("pk"), first=Min("sent_at"))
    if count := found["count"]:
        text = ngettext(
            "{count} parcel is on its way back to you", "{count} parcels are on their way back to you", count
        )
        age = _("the first {age} ago").format(age=duration(now - found["first"]))
        yield Item(text.format(count=count), age, reverse("ways_back"), "watch")


def loans_to_act_on(person: Person, now: dt.datetime) -> Iterator[Item]:
    """Loans of which this person's region has the next step: to answer, to send, to say what came; and late ones."""
    found, today, mine = running(loans_visible_to(person)), now.date(), person.region
    late = [one for one in found if one.is_late(today)]
    text = ngettext("{count} loan is late to come back", "{count} loans are late to come back", len(late))
    yield from _of_loans(late, text, _("the first was due on {day}"), "late", "late")
    offers = [one for one in found if one.proposal.is_open and one.loan.to_region == mine]
    text = ngettext("{count} loan is offered to you", "{count} loans are offered to you", len(offers))
    yield from _of_loans(offers, text, _("the first would be due back on {day}"), "offered", "watch")
    send = [one for one in found if one.loan.from_region == mine and one.to_send()]
    text = ngettext("{count} loan is to be sent", "{count} loans are to be sent", len(send))
    yield from _of_loans(send, text, _("the first is due back on {day}"), "", "watch")
    ways = [one for one in found if any(one.goes_to(sent) == mine for sent in one.underway())]
    text = ngettext("{count} loan is on its way to you", "{count} loans are on their way to you", len(ways))
    yield from _of_loans(ways, text, _("say what you received"), "", "watch")


def _of_loans(some: list[Standing], text: str, age: str, state: str, tone: str) -> Iterator[Item]:
    if some:
        first = day(min(one.loan.due_back for one in some))
        address = reverse("loans") + (f"?state={state}" if state else "")
        yield Item(text.format(count=len(some)), age.format(day=first), address, tone)


# A coordinator, a planner


def came_otherwise(person: Person, now: dt.datetime) -> Iterator[Item]:
    """Dispatches that lately came otherwise than they were sent, from where this person sends."""
    places = sent_by(person).values("site")
    rows = Dispatch.objects.differing().filter(from_site__in=places, received_at__gte=now - RECENT)
    found = rows.aggregate(count=Count("pk"), first=Min("received_at"))
    if count := found["count"]:
        text = ngettext(
            "{count} dispatch came otherwise than sent", "{count} dispatches came otherwise than sent", count
        )
        age = _("the first {age} ago").format(age=duration(now - found["first"]))
        yield Item(text.format(count=count), age, f"{reverse('dispatches')}?state=differs", "short")


def to_be_sent(person: Person, now: dt.datetime) -> Iterator[Item]:
    """What was released and waits to be sent from where this person sends."""
    divisions = list(sendable(now))
    left, first = 0, None
    for one in divisions:  # added up by the database: a country has a hundred thousand awards
        awarded = Q(pk__in=[])
        for kind, region in {(place.kind, place.region if place.kind == HUB else None) for place in sent_by(person)}:
            awarded |= Q(holder=kind, region=region) if region else Q(holder=kind)
        packs = dividing.awards_of(one).filter(awarded).aggregate(packs=Sum("packs"))["packs"] or 0
        sent = Dispatch.objects.filter(awarded, division=one.act).aggregate(packs=Sum("packs"))["packs"] or 0
        if packs > sent:
            left, first = left + packs - sent, first or one
    if first is not None:
        text = ngettext("{count} box waits to be sent", "{count} boxes wait to be sent", left)
        released = Proposal.objects.get(act=first.act).ended_at
        age = _("the first released {age} ago").format(age=duration(now - released))
        yield Item(text.format(count=shown(left)), age, reverse("to_send"), "watch")


def part_to_check(person: Person, now: dt.datetime) -> Iterator[Item]:
    """The part of an open division that waits for this region's answer."""
    waits = dividing.open_division()
    if waits is None or not dividing.checks_of(waits).filter(region=person.region, answer=Answer.WAITING).exists():
        return
    over = now >= waits.check_by
    left = duration(abs(waits.check_by - now))
    age = _("{age} over time").format(age=left) if over else _("{left} left").format(left=left)
    address = reverse("region_check", args=[waits.act, person.region])
    yield Item(_("A division waits for your region's check"), age, address, "late" if over else "watch")


def division_to_release(person: Person, now: dt.datetime) -> Iterator[Item]:
    """The open division, and which regions have not answered."""
    waits = dividing.open_division()
    if waits is None:
        return
    silent = dividing.checks_of(waits).filter(answer=Answer.WAITING).count()
    text = ngettext("A division waits for {count} region", "A division waits for {count} regions", silent)
    over = now >= waits.check_by
    age = _("they check until {day}").format(day=date_format(waits.check_by, "j F Y, H:i"))
    said = text.format(count=silent) if silent and not over else _("A division can be released")
    yield Item(said, age, reverse("division", args=[waits.act]), "late" if silent and over else "watch")


def to_answer(person: Person, now: dt.datetime) -> Iterator[Item]:
    """Urgent orders that are this person's to answer: of the region, or for a planner those over time."""
    mine = rows_visible_to(person, UrgentOrder)
    late = mine.overdue(now).aggregate(count=Count("act"), oldest=Min("asked_at"))
    if count := late["count"]:
        text = ngettext("{count} urgent order is over time", "{count} urgent orders are over time", count)
        age = _("the oldest was asked {age} ago").format(age=duration(now - late["oldest"]))
        yield Item(text.format(count=count), age, f"{reverse('urgent')}?state=overdue", "late")
    if Role(person.role) is Role.PLANNER:
        return
    rest = mine.open().filter(answer_by__gte=now).aggregate(count=Count("act"), next=Min("answer_by"))
    if count := rest["count"]:
        text = ngettext("{count} urgent order to answer", "{count} urgent orders to answer", count)
        age = _("{left} left for the first").format(left=duration(rest["next"] - now))
        yield Item(text.format(count=count), age, f"{reverse('urgent')}?state=open", "watch")


def silent_in_region(person: Person, now: dt.datetime) -> Iterator[Item]:
    """Sites of the region that were asked and did not answer in time."""
    found = silent_sites(sites_visible_to(person), now)
    if found:
        text = ngettext("{count} site is silent", "{count} sites are silent", len(found))
        age = _("the oldest answer was due on {day}").format(day=day(min(one.due for one in found)))
        yield Item(text.format(count=len(found)), age, reverse("silent"), "watch")


def counts_and_plan(person: Person, now: dt.datetime) -> Iterator[Item]:
    """Sites of the region with counts that the last published plan doubted; and that plan."""
    run = last_published()
    rows = WaitingFilter({}, person=person).rows(run) if run else pl.DataFrame()
    if rows.height:
        text = ngettext("{count} site has counts that wait", "{count} sites have counts that wait", rows.height)
        age = _("the oldest of {day}").format(day=day(rows["counted_on"].min()))
        yield Item(text.format(count=rows.height), age, reverse("waiting"))
    yield plan_item(run, now)


def runs_to_see(person: Person, now: dt.datetime) -> Iterator[Item]:
    """Runs that failed, wait for publishing, or are being made, since the last that was published; and that one."""
    last = Run.objects.filter(state=State.PUBLISHED).values("act")[:1]
    found: dict[str, Run] = {}
    for one in Run.objects.filter(act__gte=Coalesce(Subquery(last), 0)):
        found.setdefault(one.state, one)
    for state, tone, text in (
        (State.FAILED, "short", _("A run failed")),
        (State.MADE, "watch", _("A run waits for publishing")),
        (State.ASKED, "", _("A run is being made")),
    ):
        if one := found.get(state):
            age = _("asked {age} ago").format(age=duration(now - one.as_of))
            yield Item(text, age, reverse("run", args=[one.act]), tone)
    yield plan_item(found.get(State.PUBLISHED), now)


def reports_to_make(person: Person, now: dt.datetime) -> Iterator[Item]:
    """The next report of the calendar that is not frozen, or one that is late; and who wants one earlier."""
    one = next(iter(reporting.days_without(now)), None)
    if one and one.at - now < SOON:
        drafts = IssuedReport.objects.filter(day=one.day, is_interim=False).exclude(state=Made.FAILED).exists()
        text = _("The report of {day} is not frozen") if drafts else _("The report of {day} is not made")
        age = _("{age} over time") if one.at < now else _("{left} left")
        left = duration(abs(one.at - now))
        tone = "late" if one.at < now else "watch"
        yield Item(text.format(day=day(one.day)), age.format(age=left, left=left), reverse("reports"), tone)
    wishes = ReportWish.objects.filter(answered_by=None).aggregate(count=Count("act"), first=Min("needed_at"))
    if count := wishes["count"]:
        text = ngettext("{count} interim report is asked for", "{count} interim reports are asked for", count)
        age = _("the first is needed at {moment} UTC").format(moment=date_format(wishes["first"], "j F Y, H:i"))
        yield Item(text.format(count=count), age, reverse("reports"), "late" if wishes["first"] < now else "watch")


def last_report(person: Person, now: dt.datetime) -> Iterator[Item]:
    """The last report that was frozen, for who reads it."""
    one = reporting.readable(person).filter(state=Made.FROZEN).order_by("-as_of", "-act").first()
    if one is not None:
        text = _("The last report is {number}, of {day}").format(number=one.act, day=day(one.as_of))
        yield Item(text, _("{age} old").format(age=duration(now - one.as_of)), reverse("report", args=[one.act]))


def proposals_to_decide(person: Person, now: dt.datetime) -> Iterator[Item]:
    """Proposals of others that wait for this person."""
    found = waiting_for(person)
    if found:
        text = ngettext("{count} proposal waits for you", "{count} proposals wait for you", len(found))
        age = _("the oldest was proposed {age} ago").format(age=duration(now - found[0].proposed_at))
        yield Item(text.format(count=len(found)), age, f"{reverse('proposals')}?state=proposed", "watch")


def own_proposals(person: Person, now: dt.datetime) -> Iterator[Item]:
    """What became lately of what this person proposed."""
    since = now - RECENT
    for one in Proposal.objects.filter(by=person.code, ended_at__gte=since).exclude(ended_by=person.code):
        is_loan = one.kind == LOAN
        text = _("Your offer of a loan, {number}: {state}") if is_loan else _("Your proposal {number}: {state}")
        said = text.format(number=one.act, state=STATES_OF_PROPOSALS[one.state])
        address = reverse("loan" if is_loan else "proposal", args=[one.act])
        yield Item(said, _("{age} ago").format(age=duration(now - one.ended_at)), address)


def last_plan(person: Person, now: dt.datetime) -> Iterator[Item]:
    """The last run that was published, and how old it is."""
    yield plan_item(last_published(), now)


def plan_item(run: Run | None, now: dt.datetime) -> Item:
    """A published run, and how old it is."""
    if run is None:
        return Item(_("No plan has been published yet"), "", reverse("runs"))
    text = _("The last published plan is run {number} of {day}").format(number=run.act, day=day(run.as_of))
    return Item(text, _("{age} old").format(age=duration(now - run.as_of)), reverse("situation"))


# Questions, and the review


def my_questions(person: Person, now: dt.datetime) -> Iterator[Item]:
    """Own questions that were answered lately, or those of a colleague."""
    mine = Question.objects.filter(own(person)).values("act")
    for one in Reply.objects.filter(question__in=mine, said_at__gte=now - RECENT).order_by("-act")[:5]:
        age = _("{age} ago").format(age=duration(now - one.said_at))
        yield Item(_("Your question was answered"), age, reverse("question", args=[one.question]), "enough")


def to_review(person: Person, now: dt.datetime) -> Iterator[Item]:
    """Items on the list for the next meeting of which this one said nothing yet."""
    if not allows(person, Permission.REVIEW):
        return
    waiting = [one for one in listed(now) if one.said is None]
    if waiting:
        text = ngettext("{count} item waits for the review", "{count} items wait for the review", len(waiting))
        age = _("the oldest for {age}").format(age=duration(now - min(one.item.since for one in waiting)))
        yield Item(text.format(count=len(waiting)), age, reverse("review"), "watch")


PROPOSED: tuple[Waits, ...] = (proposals_to_decide, own_proposals)

OF_A_ROLE: dict[Role, tuple[Waits, ...]] = {
    Role.INSTITUTION: (recalled, asked_of_me, my_urgent, to_confirm, my_requests, on_its_way, my_questions),
    Role.COORDINATOR: (
        recalled,
        recalls_to_call,
        to_answer,
        part_to_check,
        to_be_sent,
        came_otherwise,
        coming_back,
        loans_to_act_on,
        silent_in_region,
        *PROPOSED,
        my_questions,
        counts_and_plan,
    ),
    Role.PLANNER: (
        recalls_to_call,
        to_answer,
        division_to_release,
        to_be_sent,
        came_otherwise,
        coming_back,
        runs_to_see,
        reports_to_make,
        *PROPOSED,
        to_review,
    ),
    Role.OFFICIAL: (*PROPOSED, to_review, last_plan, last_report),
    Role.ADMINISTRATOR: PROPOSED,
}
"""What may wait for each role."""

OTHERS: tuple[Waits, ...] = (*PROPOSED, last_plan, last_report)
"""What may wait for all others."""


def waits_for(person: Person) -> list[Item]:
    """All that waits for a person, in the order in which their role looks at it."""
    now = moment()
    return [item for one in OF_A_ROLE.get(Role(person.role), OTHERS) for item in one(person, now)]
