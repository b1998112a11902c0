"""What a mail says, in the language of who reads it: short lines, what it is about in the subject, and a link. Nothing
in it is confidential, so that it may lie in any inbox: no article, no institution and no number of boxes.
"""

import datetime as dt
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dijk_web.models import Invitation, Mail, MailKind
from dijk_web.pages.work import KINDS as OF_DESKS
from dijk_web.pages.work import address_of
from dijk_web.report_days import local

WIDTH = 44
"""Signs on a line, as a phone shows them; but for links."""

HIDDEN = "····-····-····-····"
"""What stands for the code of an invitation where others read the mail."""

TITLES = {
    MailKind.CHECK: gettext_lazy("a division to check"),
    MailKind.CHECK_NEAR: gettext_lazy("soon over time: a division to check"),
    MailKind.CHECK_PAST: gettext_lazy("late: a division to check"),
    MailKind.RELEASE: gettext_lazy("a division to release"),
    MailKind.URGENT: gettext_lazy("urgent: an order to answer"),
    MailKind.URGENT_LATE: gettext_lazy("late: an urgent order to answer"),
    MailKind.RELEASED_ALONE: gettext_lazy("released by one person alone: look at it"),
    MailKind.RECALL: gettext_lazy("recall: read it now"),
    MailKind.RECALL_UNREAD: gettext_lazy("late: a recall that you have not read"),
    MailKind.RECALL_TO_CALL: gettext_lazy("late: a recall that was not read in your region"),
    MailKind.PROPOSAL: gettext_lazy("a proposal waits for you"),
    MailKind.INVITATION: gettext_lazy("you are invited"),
    MailKind.REPORT_DAY: gettext_lazy("the day of a report was moved"),
    MailKind.WISH: gettext_lazy("an interim report is asked for"),
    MailKind.DISPATCH: gettext_lazy("goods are on their way to you"),
    MailKind.DIFFERENCE: gettext_lazy("something came otherwise than sent"),
    MailKind.DIGEST: gettext_lazy("what waits for you"),
}
"""What each kind is about, as the subject and the outbox say it."""

SENTENCES = {
    MailKind.CHECK: gettext_lazy("A division waits for the check of your region."),
    MailKind.CHECK_NEAR: gettext_lazy("A division still waits for the check of your region."),
    MailKind.CHECK_PAST: gettext_lazy(
        "The time to check a division is over and your region has not answered. The page says what happens now."
    ),
    MailKind.RELEASE: gettext_lazy("The regions are done with a division, or their time is over: it can be released."),
    MailKind.URGENT: gettext_lazy("A site in your region runs out within hours and waits for your answer."),
    MailKind.URGENT_LATE: gettext_lazy("An urgent order was not answered in time. Region and centre may answer it."),
    MailKind.RELEASED_ALONE: gettext_lazy(
        "Somebody released goods on an urgent order alone. Confirm it, or take it back."
    ),
    MailKind.RECALL: gettext_lazy("Something that you received is recalled. Read it, and say what you have left."),
    MailKind.RECALL_UNREAD: gettext_lazy("Something that you received is recalled, and nobody of you has read it."),
    MailKind.RECALL_TO_CALL: gettext_lazy("Receivers in your region have not read a recall. Call them."),
    MailKind.PROPOSAL: gettext_lazy("Somebody proposed something that you may approve or refuse."),
    MailKind.REPORT_DAY: gettext_lazy("A report comes at another moment. A draft that tells the old one is made anew."),
    MailKind.WISH: gettext_lazy("Somebody needs figures before the next report."),
    MailKind.DISPATCH: gettext_lazy("Once they are there, say what you received."),
    MailKind.DIFFERENCE: gettext_lazy("Of what you sent, less came, or some of it was damaged."),
}
"""What each of them asks."""

UNTIL = {
    MailKind.DISPATCH: gettext_lazy("Expected: {moment}"),
    MailKind.REPORT_DAY: gettext_lazy("It comes: {moment}"),
    MailKind.WISH: gettext_lazy("Needed: {moment}"),
}
"""What the moment of a mail is, where it is not until when something is to be done."""

OF_INSTITUTIONS = {
    "asked": (gettext_lazy("questions of us to answer"), "start", {}),
    "to_confirm": (gettext_lazy("dispatches to you: say what you received"), "dispatches", {"state": "underway"}),
    "recalled": (gettext_lazy("recalls to read and to answer"), "recalls", {}),
}
"""What waits for an institution, as `dijk_web.pages.work.KINDS` has it of desks."""


@dataclass(frozen=True)
class Text:
    """A mail as it is read."""

    subject: str
    body: str


def text_of(mail: Mail, *, hides: bool = False) -> Text:
    """The text of a mail; ``hides`` the code of an invitation, for others than who is invited."""
    with translation.override(mail.language):
        match mail.kind:
            case MailKind.DIGEST:
                subject, parts = _counted(mail.said), [*_digest(mail.said)]
            case MailKind.INVITATION:
                subject, parts = str(TITLES[MailKind.INVITATION]), [*_invitation(mail, hides=hides)]
            case _:
                subject, parts = _title(mail), [*_notice(mail)]
        return Text(f"dijk: {subject}", "\n\n".join([*parts, *_foot(mail)]) + "\n")


def link(path: str) -> str:
    """The address of a page, as a mail has it."""
    return f"{settings.SITE}{path}"


def _title(mail: Mail) -> str:
    kind = MailKind(mail.kind)
    count = f" ({mail.said['count']})" if mail.said.get("count", 1) > 1 else ""
    until = f". {_until(mail, '{moment}')}" if mail.said.get("until") else ""
    return f"{TITLES[kind]}{count}{until}"


def _until(mail: Mail, clock: str) -> str:
    """Until when, or when; ``clock`` says on which clock a moment of a day is."""
    told = mail.said["until"]
    if "T" in told:
        moment = clock.format(moment=date_format(local(dt.datetime.fromisoformat(told)), "j F Y, H:i"))
    else:
        moment = date_format(dt.date.fromisoformat(told), "j F Y")
    return str(UNTIL.get(MailKind(mail.kind), _("Until: {moment}"))).format(moment=moment)


def _notice(mail: Mail) -> Iterator[str]:
    yield _wrapped(str(SENTENCES[MailKind(mail.kind)]))
    lines = []
    if mail.said.get("count", 1) > 1:
        lines.append(_("How many: {count}").format(count=mail.said["count"]))
    if mail.said.get("until"):
        lines.append(_wrapped(_until(mail, _("{moment}, Dutch time"))))
    if lines:
        yield "\n".join(lines)
    yield link(mail.path)


def _counted(said: dict[str, Any]) -> str:
    """How many things are late and how many open, as far as there are any."""
    late, rest = (sum(count for _kind, count in said.get(name, ())) for name in ("late", "open"))
    parts = [ngettext("{count} is late", "{count} are late", late).format(count=late)] if late else []
    parts += [ngettext("{count} is open", "{count} are open", rest).format(count=rest)] if rest else []
    return ", ".join(parts)


def _digest(said: dict[str, Any]) -> Iterator[str]:
    headings = {"late": _("LATE"), "open": _("OPEN")}
    for name, heading in headings.items():
        if said.get(name):
            yield "\n".join([heading, *(line for one in said[name] for line in _line(*one))])


def _line(kind: str, count: int) -> Iterator[str]:
    words, page, wanted = OF_INSTITUTIONS.get(kind) or OF_DESKS[kind]
    yield from textwrap.wrap(f"{words}: {count}", WIDTH, initial_indent="- ", subsequent_indent="  ")
    yield f"  {link(address_of(page, wanted))}"


def _invitation(mail: Mail, *, hides: bool) -> Iterator[str]:
    invitation = Invitation.objects.get(pk=mail.invitation)
    code = HIDDEN if hides else invitation.one_time_code
    yield _wrapped(
        _(
            "You are invited to dijk, in which care institutions tell what they have and order scarce medical "
            "supplies. The link lets you in once, within fourteen days. Give it to nobody."
        )
    )
    yield link(f"{reverse('invitation_code')}{code}/")
    yield "\n".join([_wrapped(_("Or type this code at:")), link(mail.path), code])


def _foot(mail: Mail) -> Iterator[str]:
    if mail.kind == MailKind.INVITATION:
        yield "--\n" + _wrapped(_("Was this not meant for you? Then throw this mail away; nothing happens."))
        return
    yield "--\n" + _wrapped(_("What it is about stands on the page and not in this mail: log in to read it."))
    if mail.person:
        yield f"{_('When you get mail:')}\n{link(reverse('mail_when'))}"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH)
