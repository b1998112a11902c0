"""Choosing when one gets mail, saying where it goes, and sending once more. The log has no address."""

from django.core.exceptions import PermissionDenied

from dijk_web import addresses
from dijk_web.actions.people import must_keep
from dijk_web.actions.writing import TooLate, writing
from dijk_web.models import Mail, MailState, MailWhen, Person
from dijk_web.people import Permission, may


def choose_when(when: MailWhen, *, by: Person, once: str | None = None) -> None:
    """Choose when one gets mail oneself."""
    with writing("mail_chosen", by=by, about=f"person:{by.code}", once=once) as act:
        held = Person.objects.get(pk=by.pk)
        act.before, act.after = {"mail_when": held.mail_when}, {"mail_when": when}
        Person.objects.filter(pk=by.pk).update(mail_when=when)


def say_unreached(person: Person, *, by: Person, reason: str, once: str | None = None) -> None:
    """Say that mail to somebody came back: none goes there until their address is set anew.

    Raises
    ------
    PermissionDenied
        Who says so may not change this person.
    """
    must_keep(by, person)
    with writing("mail_came_back", by=by, about=f"person:{person.code}", reason=reason, once=once) as act:
        addresses.does_not_reach(Person.objects.get(pk=person.pk).email, "", act.known_at)


def set_address(person: Person, email: str, *, by: Person, reason: str, once: str | None = None) -> None:
    """Set where mail goes to somebody, which is also what they log in with; the same address again is one that was
    found right. The password stays as it is.

    Raises
    ------
    PermissionDenied
        Who sets it may not change this person.
    TooLate
        Somebody else came in with this address.
    """
    must_keep(by, person)
    with writing("address_set", by=by, about=f"person:{person.code}", reason=reason, once=once):
        if Person.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
            raise TooLate("address_taken")
        addresses.reaches(Person.objects.get(pk=person.pk).email)
        addresses.reaches(email)
        Person.objects.filter(pk=person.pk).update(email=email.lower())
        Mail.objects.waiting().filter(person=person.code).update(error="")


def send_again(mail: Mail, *, by: Person, once: str | None = None) -> None:
    """Let a mail that was given up wait once more, as if it were new.

    Raises
    ------
    PermissionDenied
        The outbox is not this person's.
    TooLate
        It is not given up any more.
    """
    if not may(by.role, Permission.READ_OUTBOX):
        raise PermissionDenied
    with writing("mail_sent_again", by=by, about="outbox", once=once) as act:
        anew = {"state": MailState.WAITING, "tries": 0, "unclear": 0, "error": ""}
        given_up = Mail.objects.filter(pk=mail.pk, state=MailState.GIVEN_UP)
        if not given_up.update(**anew, created=act.known_at, next_try=act.known_at):
            raise TooLate("mail")
        act.after = {"mail": mail.pk}
