"""Mail that the clock gives rise to: a deadline that is near or past, what was not read, and the digest of a day.

Each of these is written once, under a key that says why and to whom, however often it is looked at.
"""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.urls import reverse

from dijk_web import dividing
from dijk_web.actions.dividing import still_checking
from dijk_web.mailing import AT_ONCE, Counts, Notice, path_of_part, to_people, who_decide, who_receive
from dijk_web.models import (
    Answer,
    DigestDay,
    Mail,
    MailKind,
    MailWhen,
    Person,
    Proposal,
    Recall,
    RecallPart,
    UrgentOrder,
)
from dijk_web.report_days import CLOCK
from dijk_web.work import CENTRE, Work, open_work, own_work, people_at

DIGEST_HOUR = 8
"""From which hour, on the clock of the calendar, the digests of a day are written. Assumed."""

NEAR = dt.timedelta(hours=4)
"""How long before its deadline a region is reminded. Assumed."""

UNREAD = dt.timedelta(hours=4)
"""After how long a recall that was not read is told once more, and to the region. Assumed."""

Reminder = tuple[str, Notice, Counts]
"""Why it is written, what it says, and to whom with how many."""


def remind(now: dt.datetime) -> int:
    """Write what is due and was not written before; how many mails."""
    return sum(_write(*one, now) for one in due(now)) + digest(now)


def due(now: dt.datetime) -> Iterator[Reminder]:
    """All of which somebody is to be reminded now, whether that was done before or not."""
    yield from of_division(now)
    yield from of_urgent_orders(now)
    yield from of_recalls(now)


def of_division(now: dt.datetime) -> Iterator[Reminder]:
    """The open division: regions that have not answered near and past the deadline, and its release once it can be."""
    division = dividing.open_division()
    if division is None:
        return
    proposal = Proposal.objects.get(act=division.act)
    over = now >= division.check_by
    near = division.check_by - NEAR
    if over or (now >= near > proposal.proposed_at):
        kind = MailKind.CHECK_PAST if over else MailKind.CHECK_NEAR
        for one in dividing.checks_of(division).filter(answer=Answer.WAITING):
            notice = Notice(kind, path_of_part(one), division.check_by)
            yield f"{kind}:{division.act}", notice, dict.fromkeys(people_at(one.region), 1)
    if not still_checking(division, now):
        notice = Notice(MailKind.RELEASE, reverse("division", args=[division.act]))
        yield f"release:{division.act}", notice, dict.fromkeys(who_decide(proposal), 1)


def of_urgent_orders(now: dt.datetime) -> Iterator[Reminder]:
    """Urgent orders that their region did not answer in time: from then on they are the planners' too."""
    for one in UrgentOrder.objects.overdue(now).order_by("act"):
        notice = Notice(MailKind.URGENT_LATE, reverse("urgent_order", args=[one.act]), one.answer_by)
        people = [*people_at(one.region), *people_at(CENTRE)]
        yield f"urgent_late:{one.act}", notice, dict.fromkeys(people, 1)


def of_recalls(now: dt.datetime) -> Iterator[Reminder]:
    """Open recalls that somebody has not read: who received it, and the region that may call."""
    for recall in Recall.objects.open().filter(opened_at__lte=now - UNREAD):
        parts = list(RecallPart.objects.filter(recall=recall.act).unread())
        path = reverse("recall", args=[recall.act])
        yield (
            f"recall_unread:{recall.act}",
            Notice(MailKind.RECALL_UNREAD, path),
            who_receive(one.site for one in parts),
        )
        for region in sorted({one.region for one in parts}):
            count = sum(one.region == region for one in parts)
            notice = Notice(MailKind.RECALL_TO_CALL, path)
            yield f"recall_to_call:{recall.act}", notice, dict.fromkeys(people_at(region), count)


def _write(why: str, notice: Notice, counts: Counts, now: dt.datetime) -> int:
    """Write the mails of a reminder that were not written before; how many."""
    keys = {f"{why}:{one.code}": one for one in counts}
    written = set(Mail.objects.with_key_of(list(keys)).values_list("key", flat=True))
    mails = []
    for key, one in keys.items():
        if key not in written:
            mails += [_under(key, mail) for mail in to_people(notice, {one: counts[one]}, now)]
    Mail.objects.bulk_create(mails, batch_size=AT_ONCE, ignore_conflicts=True)
    return len(mails)


def _under(key: str, mail: Mail) -> Mail:
    mail.key = key
    return mail


# The digest


def digest(now: dt.datetime) -> int:
    """Write the digests of a day, once, from its hour on; how many. Nobody gets one in which nothing stands."""
    here = now.astimezone(CLOCK)
    if here.hour < DIGEST_HOUR or DigestDay.objects.filter(day=here.date()).exists():
        return 0
    found = open_work(now)
    mails = []
    for one in Person.objects.filter(is_active=True).exclude(mail_when=MailWhen.NONE).order_by("pk"):
        if said := said_to(one, found, now):
            about = {"kind": MailKind.DIGEST, "path": reverse("start"), "said": said}
            to = {"person": one.code, "language": one.language, "key": f"digest:{here.date()}:{one.code}"}
            mails.append(Mail(**about, **to, created=now, next_try=now))
    with transaction.atomic():
        DigestDay.objects.create(day=here.date())
        Mail.objects.bulk_create(mails, batch_size=AT_ONCE, ignore_conflicts=True)
    return len(mails)


def said_to(person: Person, found: list[Work], now: dt.datetime) -> dict[str, list[list[object]]]:
    """What of all work somebody is told in a digest, as kind and count: what is late, then what is open. Who gets mail
    at once was told of what is open when it arose, and is reminded of what is late alone.
    """
    own = own_work(person, found, now)
    parts = {"late": [one for one in own if one.late], "open": [one for one in own if not one.late]}
    if person.mail_when == MailWhen.AT_ONCE:
        parts.pop("open")
    return {name: [[one.kind, one.count] for one in some] for name, some in parts.items() if some}
