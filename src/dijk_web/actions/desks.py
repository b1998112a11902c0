"""Keeping desks and contacts. The log says which of what changed, and never a name, number or address."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied

from dijk_web import addresses
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate, writing
from dijk_web.models import Contact, Desk, Person

OF_A_DESK = ("phone", "email", "hours", "deputy")
OF_A_CONTACT = ("function", "name", "phone", "email")
"""What may be changed of one that is there."""

AT_ONCE = 1000
"""Rows that are written together."""


def keep_desk(desk: Desk, said: dict[str, Any], *, by: Person, sent: Sent) -> int:
    """Write what is said of a desk, which may be a new one; the number of the act.

    Raises
    ------
    PermissionDenied
        The desk is not one that this person keeps.
    TooLate
        It was changed, taken away or made by somebody else after the form was made.
    """
    place = {name: getattr(desk, name) for name in ("subject", "region", "directorate")}
    with writing("desk_kept", by=by, about="desk", once=sent.once) as act:
        there = Desk.objects.filter(**place).first()
        if (there.act if there else 0) != sent.since:
            raise TooLate("desk")
        act.after = {**place, "changed": _changed(there, said, OF_A_DESK)}
        held = there or desk
        _set(held, said, OF_A_DESK, act.number)
        addresses.reaches(held.email)
        if not Desk.objects.kept_by(by).filter(pk=held.pk).exists():
            raise PermissionDenied
        act.about = f"desk:{held.pk}"
    return act.number


def close_desk(desk: Desk, *, by: Person, sent: Sent) -> int:
    """Take a desk away; as `keep_desk`."""
    with writing("desk_closed", by=by, about=f"desk:{desk.pk}", once=sent.once) as act:
        act.before = {name: getattr(desk, name) for name in ("subject", "region", "directorate")}
        if not Desk.objects.kept_by(by).filter(pk=desk.pk, act=sent.since).delete()[0]:
            raise TooLate("desk")
    return act.number


def keep_contact(contact: Contact, said: dict[str, Any], *, by: Person, sent: Sent) -> int:
    """Write what is said of a contact, which may be a new one; the number of the act.

    Raises
    ------
    TooLate
        It was changed or erased by somebody else after the form was made.
    """
    with writing("contact_kept", by=by, about=_whose(contact), once=sent.once) as act:
        there = Contact.objects.filter(code=contact.code).first()
        if (there.act if there else 0) != sent.since:
            raise TooLate("contact")
        act.after = {"contact": contact.code, "changed": _changed(there, said, OF_A_CONTACT)}
        _set(there or contact, said, OF_A_CONTACT, act.number)
    return act.number


def erase_contact(contact: Contact, *, by: Person, sent: Sent) -> int:
    """Erase a contact: nothing of it is kept; as `keep_contact`."""
    with writing("contact_erased", by=by, about=_whose(contact), once=sent.once) as act:
        act.before = {"contact": contact.code}
        if not Contact.objects.filter(code=contact.code, act=sent.since).delete()[0]:
            raise TooLate("contact")
    return act.number


class NothingNew(Exception):
    """All of it stands there already."""


def take_in_contacts(rows: Iterable[Contact], *, by: Person, refused: int, once: str | None = None) -> int:
    """Take in the contacts of a file, all in one act; its number. One with the place and function of a contact that is
    there changes it, and what it leaves empty stays as it was. The log has how many, and how many rows were refused.

    Raises
    ------
    NothingNew
        Every one of them stands there as it is; nothing is written.
    """
    with writing("contacts_taken_in", by=by, about="contacts", once=once) as act:
        there = {one.key: one for one in Contact.objects.visible_to(by).order_by("-pk")}
        rows = list(rows)
        new = [one for one in rows if one.key not in there]
        changed = [there[one.key] for one in rows if one.key in there and _renewed(there[one.key], one)]
        if not new and not changed:
            raise NothingNew
        _write(new, changed, act.number)
        same = len(rows) - len(new) - len(changed)
        act.after = {"new": len(new), "changed": len(changed), "same": same, "refused": refused}
    return act.number


def _write(new: list[Contact], changed: list[Contact], number: int) -> None:
    """Add contacts, and change those that are there: by their code, since a statement for each would take minutes."""
    for one in (*new, *changed):
        one.act, one.pk = number, None
    Contact.objects.bulk_create(new, batch_size=AT_ONCE)
    by_code = {"update_conflicts": True, "unique_fields": ["code"], "update_fields": [*OF_A_CONTACT, "act"]}
    Contact.objects.bulk_create(changed, batch_size=AT_ONCE, **by_code)


def _renewed(held: Contact, said: Contact) -> bool:
    """Let a contact be as a row says, as far as the row says anything; whether that changes it."""
    other = {name: text for name in OF_A_CONTACT if (text := getattr(said, name)) and text != getattr(held, name)}
    for name, text in other.items():
        setattr(held, name, text)
    return bool(other)


def _whose(contact: Contact) -> str:
    return f"site:{contact.site}" if contact.site else f"organisation:{contact.organisation}"


def _changed(there: Desk | Contact | None, said: dict[str, Any], names: tuple[str, ...]) -> list[str]:
    return [name for name in names if there is None or getattr(there, name) != said[name]]


def _set(held: Desk | Contact, said: dict[str, Any], names: tuple[str, ...], number: int) -> None:
    for name in names:
        setattr(held, name, said[name])
    held.act = number
    held.save()
