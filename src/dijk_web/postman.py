"""Sending what lies in the outbox, one mail at a time.

A mail is claimed by a conditional update before it is handed over, and marked as sent afterwards. Where a worker dies
in between, nobody knows whether it went: it goes once more, under the same Message-ID, and after that no more by
itself. So each goes at most twice, and none is lost without its row saying so.
"""

import datetime as dt
import smtplib
import sys
import threading
import time
from collections.abc import Callable
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.db.models import F

from dijk_web import addresses, clock
from dijk_web.actions.writing import taking_turns
from dijk_web.mail_words import text_of
from dijk_web.mailing import Receiver, receivers_of
from dijk_web.models import Mail, MailState
from dijk_web.models.mail import GONE, WAITS, Mails
from dijk_web.reminding import remind

LOOK = 1.0
"""Seconds between looks at an empty outbox."""

REMIND = 60.0
"""Seconds between looks at what the clock gives rise to."""

PAUSES = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]
"""How long a mail waits after each try that failed; after as many it is given up."""

HANDED_OVER = 2
"""How often a mail is handed over without its being known what came of that."""

KEPT = dt.timedelta(days=3)
"""After how long a mail that nobody could send is too old to be sent."""

ROUND = 100
"""Mails that are looked at together."""

SERVICE_ENDS = 421
"""The answer of a server that ends the connection."""

TOO_OLD, NOT_REACHED, UNCLEAR = "too_old", "not_reached", "unclear"
"""Why a mail was not sent where no server said so."""


def rounds(over: threading.Event) -> None:
    """Send and remind until it is over. Where something fails, that is said and tried again later: a fault of ours in
    one mail or reminder is no reason to send none for ever.
    """
    reminded = float("-inf")
    while not over.is_set():
        if time.monotonic() - reminded >= REMIND:
            reminded = time.monotonic()
            _try(lambda: remind(clock.now()))
        if settings.SENDS_MAIL:
            _try(lambda: _send_until_done(over))
        close_old_connections()
        over.wait(LOOK)
    connection.close()


def _try(what: Callable[[], object]) -> None:
    try:
        what()
    except (OperationalError, InterfaceError) as fault:
        print(f"The mail waits for the database: {fault}", file=sys.stderr, flush=True)
        connection.close()
    except Exception as fault:
        print(f"The mail waits, since something went wrong: {fault!r}", file=sys.stderr, flush=True)


def _send_until_done(over: threading.Event) -> None:
    while not over.is_set() and send_due(over):
        pass


def send_due(over: threading.Event | None = None) -> int:
    """Send what may be sent now, at most a round of it; how many mails were looked at."""
    now = clock.now()
    settle_left(now)
    found = list(Mail.objects.waiting().filter(next_try__lte=now).order_by("next_try", "pk")[:ROUND])
    going = [(mail, to) for mail, to in receivers_of(found) if to and not _is_over(mail, now)]
    for mail in {*found} - {mail for mail, _to in going}:
        _give_up(mail, TOO_OLD if _is_over(mail, now) else GONE)
    going = _reached(going, now)
    if going:
        _send_all(going, over or threading.Event())
    return len(found)


def settle_left(now: dt.datetime) -> None:
    """Let wait again what was being handed over when a worker died; what that befell too often is given up. There is
    one sender at a time, so whatever is marked so here is nobody's.
    """
    left = Mail.objects.filter(state=MailState.SENDING)
    if not left.exists():
        return
    left.filter(unclear__gte=HANDED_OVER).update(state=MailState.GIVEN_UP, error=UNCLEAR)
    left.update(state=MailState.WAITING, next_try=now)


def _is_over(mail: Mail, now: dt.datetime) -> bool:
    return mail.created < now - KEPT


def _reached(going: list[tuple[Mail, Receiver]], now: dt.datetime) -> list[tuple[Mail, Receiver]]:
    """Those whose address mail reaches; the others wait for somebody who sets it anew."""
    shut = addresses.unreached(to.address for _mail, to in going)
    held = [mail.pk for mail, to in going if to.address.lower() in shut]
    Mail.objects.waiting().filter(pk__in=held).update(next_try=now + PAUSES[0], error=NOT_REACHED)
    return [(mail, to) for mail, to in going if to.address.lower() not in shut]


def _send_all(going: list[tuple[Mail, Receiver]], over: threading.Event) -> None:
    """Hand over mails by one connection; where there is none, all of them wait."""
    server = get_connection(**settings.MAIL_SERVER)
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as fault:
        for mail, _to in going:
            _failed(mail, fault, claimed=False)
        return
    try:
        for mail, to in going:
            if over.is_set() or not _send(mail, to, server):
                return  # the rest is for the next round, by a connection that nothing happened to
    finally:
        server.close()


def _send(mail: Mail, to: Receiver, server: BaseEmailBackend) -> bool:
    """Whether the connection may be used for the next mail."""
    claimed = {"state": MailState.SENDING, "tries": F("tries") + 1, "unclear": F("unclear") + 1}
    if not _mark(Mail.objects.filter(pk=mail.pk, state__in=WAITS), **claimed):
        return True
    try:
        message_of(mail, to, server).send()
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        _refused(mail, to, code, _text(said))
        return code != SERVICE_ENDS
    except smtplib.SMTPResponseException as answer:
        _failed(mail, answer)
        return False
    except (OSError, smtplib.SMTPException) as fault:
        _not_known(mail, fault)
        return False
    _mark(Mail.objects.filter(pk=mail.pk), state=MailState.SENT, sent_at=clock.now(), error="")
    return True


def _mark(found: Mails, **said: object) -> int:
    """Say how far mails are, in turn with whoever writes: what went and could not be marked would go twice."""
    with taking_turns():
        return found.update(**said)


def message_of(mail: Mail, to: Receiver, server: BaseEmailBackend | None = None) -> EmailMessage:
    """A mail as it goes out: the same each time, in the language of who reads it."""
    text = text_of(mail)
    headers = {
        "Message-ID": f"<{mail.mark}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>') or 'dijk'}>",
        "Date": format_datetime(mail.created),
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(text.subject, text.body, to=[to.address], headers=headers, connection=server)


# What came of it


def _refused(mail: Mail, to: Receiver, code: int, said: str) -> None:
    """The server does not take the address: for good where it says so, and not because of who we are (5.7)."""
    fault = f"{code} {said}".replace(to.address, "…")
    if code < 500 or said.startswith("5.7"):
        _failed(mail, smtplib.SMTPResponseException(code, said))
        return
    addresses.does_not_reach(to.address, fault[:300], clock.now())
    waits = {"state": MailState.WAITING, "unclear": F("unclear") - 1, "next_try": clock.now() + PAUSES[0]}
    _mark(Mail.objects.filter(pk=mail.pk), **waits, error=NOT_REACHED)


def _failed(mail: Mail, fault: Exception, *, claimed: bool = True) -> None:
    """It did not go, that is certain: it waits longer each time, and is given up in the end."""
    mail.refresh_from_db()
    tries = mail.tries + (0 if claimed else 1)
    goes_on = tries <= len(PAUSES)
    _mark(
        Mail.objects.filter(pk=mail.pk, state__in=[MailState.SENDING] if claimed else WAITS),
        state=MailState.FAILED if goes_on else MailState.GIVEN_UP,
        tries=tries,
        unclear=mail.unclear - (1 if claimed else 0),
        next_try=clock.now() + PAUSES[min(tries, len(PAUSES)) - 1],
        error=_text(fault)[:300],
    )


def _not_known(mail: Mail, fault: Exception) -> None:
    """The server was lost while it had the mail: it may have gone, so it goes once more and then no more by itself."""
    mail.refresh_from_db()
    goes_on = mail.unclear < HANDED_OVER
    _mark(
        Mail.objects.filter(pk=mail.pk),
        state=MailState.FAILED if goes_on else MailState.GIVEN_UP,
        next_try=clock.now() + PAUSES[0],
        error=_text(fault)[:300],
    )


def _give_up(mail: Mail, why: str) -> None:
    Mail.objects.waiting().filter(pk=mail.pk).update(state=MailState.GIVEN_UP, error=why)


def _text(said: object) -> str:
    """What a server or a fault said, in one line."""
    if isinstance(said, smtplib.SMTPResponseException):
        return f"{said.smtp_code} {_text(said.smtp_error)}"
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said) or type(said).__name__
    return " ".join(text.split())
