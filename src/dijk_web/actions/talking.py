"""Signing verdicts, objecting to them, asking and answering. Each is one act, and needs no second person."""

from typing import Any

from django.core.exceptions import PermissionDenied

from dijk_web.actions.proposing import as_text, seat_of
from dijk_web.actions.telling import Sent, valid
from dijk_web.actions.writing import TooLate, Writing, writing
from dijk_web.models import Objection, Person, Question, Reply
from dijk_web.people import Permission, may
from dijk_web.proposing import about_of, last_judged


def sign_verdict(*, by: Person, row: dict[str, Any], sent: Sent) -> int:
    """Sign a verdict on a need, which holds from its first day; the number of the act.

    Parameters
    ----------
    row
        What table ``verdict`` says of it, but for who set it and when it became known; ``sent.since`` is the act of the
        last verdict on the need that its maker saw.

    Raises
    ------
    PermissionDenied
        It is no expert who signs.
    TooLate
        Another verdict was signed after the form was made.
    """
    if not may(by.role, Permission.SIGN_VERDICT):
        raise PermissionDenied
    told = valid("verdict", [row | {"set_by": seat_of(by)}])
    content = {name: as_text(value) for name, value in told.drop("known_at", "set_by").to_dicts()[0].items()}
    about = f"need:{row['need']}"
    with writing("verdict_signed", by=by, about=about, reason=row["evidence"], once=sent.once) as act:
        _must_be_last(row["need"], sent.since)
        act.tell("verdict", told)
        act.after = {"table": "verdict", "row": content}
    return act.number


def object_to(verdict: int, *, by: Person, need: str, text: str, sent: Sent) -> int:
    """Object to a verdict, by the act that told it; nothing that holds changes. The number of the act.

    Raises
    ------
    PermissionDenied
        It is not this person's to object.
    TooLate
        Another verdict was signed after the form was made.
    """
    if not may(by.role, Permission.OBJECT):
        raise PermissionDenied
    with writing("verdict_objected", by=by, about=f"need:{need}", reason=text, once=sent.once) as act:
        _must_be_last(need, sent.since)
        Objection.objects.create(**said(act, by, text), need=need, verdict=verdict)
    return act.number


def _must_be_last(need: str, since: int) -> None:
    if (last := last_judged(about_of("verdict", {"need": need}))) > since:
        raise TooLate(str(last))


def ask(*, by: Person, need: str, text: str, sent: Sent) -> int:
    """Ask about a need, or with an empty ``need`` about what is not listed; the number of the act, which is that of the
    question.

    Raises
    ------
    PermissionDenied
        It is not this person's to ask.
    """
    if not may(by.role, Permission.ASK_QUESTION):
        raise PermissionDenied
    with writing("question_asked", by=by, about="question", reason=text, once=sent.once) as act:
        own = (by.organisation or "") if by.role == "institution" else ""
        act.about = Question.objects.create(**said(act, by, text), need=need, organisation=own).log
        act.after = {"need": need} if need else None
    return act.number


def answer(question: Question, *, by: Person, text: str, sent: Sent) -> int:
    """Answer a question; the number of the act.

    Raises
    ------
    PermissionDenied
        It is not this person's to answer.
    TooLate
        Somebody else answered after the form was made.
    """
    if not may(by.role, Permission.ANSWER_QUESTION):
        raise PermissionDenied
    with writing("question_answered", by=by, about=question.log, reason=text, once=sent.once) as act:
        if last_answer(question) > sent.since:
            raise TooLate(str(last_answer(question)))
        Reply.objects.create(**said(act, by, text), question=question.act)
    return act.number


def last_answer(question: Question) -> int:
    """The act of the last answer to a question; that of the question where there is none."""
    last = Reply.objects.filter(question=question.act).order_by("-act").first()
    return int(last.act if last else question.act)


def said(act: Writing, by: Person, text: str) -> dict[str, Any]:
    """Words by the function of who said them."""
    seat = {"role": by.role, "region": by.region or "", "directorate": by.directorate or ""}
    return {"act": act.number, "text": text, "said_at": act.known_at, **seat}
