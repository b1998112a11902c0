"""Who gets mail of what: written in the outbox by the act that gives rise to it, for whoever must do something now.

What a mail may hold is its kind, how many and until when, and the page that it leads to: no article, no institution and
no number of boxes. Who may do something is asked of what the tower already says of it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language

from dijk_web.actions.writing import Writing
from dijk_web.models import (
    Desk,
    Dispatch,
    Division,
    Invitation,
    Mail,
    MailKind,
    MailWhen,
    Person,
    Proposal,
    RegionCheck,
    Site,
    Subject,
    UrgentOrder,
    UrgentRelease,
)
from dijk_web.models.mail import ALWAYS
from dijk_web.models.proposal import DIVISION, LOAN
from dijk_web.people import Permission, Role, allows
from dijk_web.proposing import may_decide
from dijk_web.urgent_release import reaches
from dijk_web.visible import HUB
from dijk_web.work import CENTRE, people_at

AT_ONCE = 1000
"""Mails that are written together."""

Counts = Mapping[Person, int]


@dataclass(frozen=True)
class Notice:
    """What a mail says: of what kind, which page it leads to, and until when something is to be done."""

    kind: MailKind
    path: str
    until: dt.datetime | dt.date | None = None
    act: int | None = None


def is_sent(person: Person, kind: MailKind) -> bool:
    """Whether somebody gets a mail of a kind when it arises: by their choice, or whatever they chose."""
    return person.is_active and (kind in ALWAYS or person.mail_when == MailWhen.AT_ONCE)


def to_people(notice: Notice, counts: Counts, now: dt.datetime) -> list[Mail]:
    """The mails of a notice to people, each with how many of it are theirs; not written yet."""
    said = [(one, count) for one, count in counts.items() if is_sent(one, notice.kind)]
    return [a_mail(notice, now, count, person=one.code, language=one.language) for one, count in said]


def a_mail(notice: Notice, now: dt.datetime, count: int = 1, **to: Any) -> Mail:
    """One mail of a notice, not written yet."""
    said = {"count": count} | ({"until": notice.until.isoformat()} if notice.until else {})
    told = {"act": notice.act, "kind": notice.kind, "path": notice.path, "said": said}
    return Mail(**told, created=now, next_try=now, **to)


def tell(act: Writing, kind: MailKind, path: str, to: Iterable[Person] | Counts, until: Any = None) -> None:
    """Write mails in the act that is being written; to people, or to people with how many each has to do with."""
    counts = to if isinstance(to, Mapping) else dict.fromkeys(to, 1)
    notice = Notice(kind, path, until, act.number)
    Mail.objects.bulk_create(to_people(notice, counts, act.known_at), batch_size=AT_ONCE)


# Whom it is for


def who_speak_for(sites: Iterable[str]) -> Counter[Person]:
    """The people of institutions who speak for some sites, with of how many, as `dijk_web.visible.sites_visible_to` has
    it the other way round.
    """
    of_site = Counter(sites)
    own = dict(Site.objects.filter(site__in=of_site).values_list("site", "organisation"))
    counted: Counter[str] = Counter()
    for site, organisation in own.items():
        counted[organisation] += of_site[site]
    found: Counter[Person] = Counter()
    for one in Person.objects.filter(role=Role.INSTITUTION, is_active=True, organisation__in=counted).order_by("pk"):
        mine = sum(of_site[site] for site in one.sites if own.get(site) == one.organisation)
        found[one] = mine if one.sites else counted[one.organisation]
    return +found


def who_receive(sites: Iterable[str]) -> Counter[Person]:
    """Who says what came at some sites, each named as often as something came there, with how many of these are theirs;
    see `dijk_web.sending.may_receive`.
    """
    found = who_speak_for(sites := list(sites))
    for hub in Site.objects.filter(kind=HUB, site__in=sites):
        found.update(dict.fromkeys(people_at(hub.region), sites.count(hub.site)))
    return found


def who_decide(proposal: Proposal) -> list[Person]:
    """The people who may approve or refuse a proposal: never who proposed it."""
    others = Person.objects.filter(is_active=True).exclude(Q(role=Role.INSTITUTION) | Q(code=proposal.by))
    return [one for one in others.order_by("pk") if may_decide(one, proposal)]


def who_may(permission: Permission, *, but: Person) -> list[Person]:
    """The people with a permission, but for one."""
    others = Person.objects.filter(is_active=True).exclude(Q(role=Role.INSTITUTION) | Q(code=but.code))
    return [one for one in others.order_by("pk") if allows(one, permission)]


# What gives rise to it


def division_waits(act: Writing, division: Division) -> None:
    """A division waits at the regions that have something to check in it, until its deadline."""
    for one in RegionCheck.objects.filter(division=division.act):
        tell(act, MailKind.CHECK, path_of_part(one), people_at(one.region), division.check_by)


def path_of_part(part: RegionCheck) -> str:
    """The page of the part of a region."""
    return reverse("region_check", args=[part.division, part.region])


def urgent_waits(act: Writing, order: UrgentOrder) -> None:
    """An urgent order is the region's to answer: of its coordinators, and of its desk where that has an address."""
    path = reverse("urgent_order", args=[order.act])
    tell(act, MailKind.URGENT, path, people_at(order.region), order.answer_by)
    notice = Notice(MailKind.URGENT, path, order.answer_by, act.number)
    desks = Desk.objects.filter(subject=Subject.URGENT, region=order.region).exclude(email="")
    language = settings.LANGUAGE_CODE
    Mail.objects.bulk_create(a_mail(notice, act.known_at, desk=one.pk, language=language) for one in desks)


def recall_waits(act: Writing, recall: int, sites: Iterable[str]) -> None:
    """A recall is to be read by whoever received something of it."""
    tell(act, MailKind.RECALL, reverse("recall", args=[recall]), who_receive(sites))


def proposal_waits(act: Writing, proposal: Proposal) -> None:
    """A proposal waits for a second person. A division does so only once the regions are done with it."""
    if proposal.kind != DIVISION:
        page = "loan" if proposal.kind == LOAN else "proposal"
        tell(act, MailKind.PROPOSAL, reverse(page, args=[proposal.act]), who_decide(proposal))


def release_waits(act: Writing, one: UrgentRelease, by: Person) -> None:
    """What one person alone released on an urgent order waits for another, who may confirm it or take it back."""
    others = [other for other in who_may(Permission.RELEASE_URGENT, but=by) if reaches(other, one.region)]
    tell(act, MailKind.RELEASED_ALONE, reverse("urgent_release", args=[one.act]), others, one.confirm_by)


def language_now() -> str:
    """The language of who invites, which is the best guess at that of who is invited."""
    return "en" if get_language() == "en" else "nl"


def invitation_waits(act: Writing, some: Iterable[Invitation]) -> None:
    """Invitations go by mail where they have an address and mail is sent, and by letter anyway."""
    if not (settings.SENDS_MAIL or settings.DEMO):
        return
    notice, language = Notice(MailKind.INVITATION, reverse("invitation_code"), act=act.number), language_now()
    Mail.objects.bulk_create(
        (a_mail(notice, act.known_at, invitation=one.pk, language=language) for one in some if one.email),
        batch_size=AT_ONCE,
    )


def report_day_moved(act: Writing, day: dt.date, at: dt.datetime, by: Person) -> None:
    """Who makes the report of a day is told that it comes at another moment."""
    tell(
        act,
        MailKind.REPORT_DAY,
        reverse("report_day", args=[day.isoformat()]),
        who_may(Permission.MAKE_REPORT, but=by),
        at,
    )


def report_wanted(act: Writing, at: dt.datetime, by: Person) -> None:
    """Who makes reports is told that one is needed earlier."""
    tell(act, MailKind.WISH, reverse("reports"), who_may(Permission.MAKE_REPORT, but=by), at)


def goods_sent(act: Writing, rows: Iterable[Dispatch]) -> None:
    """Goods are on their way to whoever must say what came of them."""
    rows = list(rows)
    path = f"{reverse('dispatches')}?state=underway"
    tell(act, MailKind.DISPATCH, path, who_receive(one.site for one in rows), min(one.expected for one in rows))


def came_otherwise(act: Writing, one: Dispatch) -> None:
    """Less came than was sent, or some of it damaged: who sent it settles that."""
    if Dispatch.objects.differing().filter(pk=one.pk).exists():
        path = f"{reverse('dispatches')}?state=differs"
        tell(act, MailKind.DIFFERENCE, path, people_at(one.region if one.holder == HUB else CENTRE))


# Where it goes


@dataclass(frozen=True)
class Receiver:
    """To whom a mail goes: their name as an administrator reads it, and the address."""

    name: str
    address: str


def receivers_of(mails: Iterable[Mail]) -> Iterator[tuple[Mail, Receiver | None]]:
    """Mails with where they go now; none where who it was for has left, came in already, or has no address."""
    mails = list(mails)
    people = Person.objects.filter(is_active=True).in_bulk({one.person for one in mails} - {""}, field_name="code")
    desks = Desk.objects.exclude(email="").in_bulk({one.desk for one in mails} - {None})
    invited = Invitation.objects.open().exclude(email=None).in_bulk({one.invitation for one in mails} - {None})
    for one in mails:
        if person := people.get(one.person):
            yield one, Receiver(person.name, person.email)
        elif desk := desks.get(one.desk):
            yield one, Receiver(desk.region or desk.directorate or desk.subject, desk.email)
        elif invitation := invited.get(one.invitation):
            yield one, Receiver(invitation.name, invitation.email or "")
        else:
            yield one, None
