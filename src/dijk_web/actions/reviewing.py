"""The review: a word about an item of the list, and closing the meeting."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Max

from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate, Writing, writing
from dijk_web.models import Meeting, Person, Review, Word
from dijk_web.people import Permission, allows
from dijk_web.reviewing import Listed, listed, meeting_before


# parameters: of what, the word and why, by whom and by which form
def say(kind: str, about: str, word: Word, *, by: Person, why: str, sent: Sent) -> int:
    """Say of an item that it is settled, that nothing is to be added, or that it goes to the next meeting; the number
    of the act. ``sent.since`` is the newest act about it that was seen.

    Raises
    ------
    PermissionDenied
        It is not this person's to say.
    TooLate
        It is no longer on the list, or something new about it came.
    """
    if not allows(by, Permission.REVIEW):
        raise PermissionDenied
    with writing("item_reviewed", by=by, about=f"review:{kind}:{about}", reason=why, once=sent.once) as act:
        found = [one for one in listed(act.known_at) if one.item.key == (kind, about)]
        if not found or found[0].seen > sent.since:
            raise TooLate("review")
        _row(found[0], word, act, by, why, meeting_before()).save(force_insert=True)
        act.after = {"word": word}
    return act.number


def close_meeting(*, by: Person, note: str, sent: Sent) -> int:
    """Close the meeting: of what nobody spoke is written that it was left. Without a note it says that there was
    nothing to add. The number of the act, which is that of the meeting.

    Raises
    ------
    PermissionDenied
        It is not this person's to close.
    TooLate
        Somebody spoke of an item, or closed it, after the form was made.
    """
    if not allows(by, Permission.REVIEW):
        raise PermissionDenied
    with writing("meeting_closed", by=by, about="review", reason=note, once=sent.once) as act:
        if last_review() > sent.since:
            raise TooLate("review")
        before = meeting_before()
        open_ones = listed(act.known_at)
        left = [_row(one, Word.LEFT, act, by, "", before) for one in open_ones if one.said is None]
        Review.objects.bulk_create(left)
        seat = {"role": by.role, "directorate": by.directorate or ""}
        Meeting.objects.create(act=act.number, after=before, held_at=act.known_at, note=note, **seat)
        act.after = {"unsettled": len(open_ones)}
    return act.number


def last_review() -> int:
    """The last act of the review: a word, or a meeting that was closed."""
    spoken = Review.objects.aggregate(last=Max("act"))["last"] or 0
    return max(int(spoken), meeting_before())


# parameters: of what, the word and why, in which act, by whom, after which meeting
def _row(one: Listed, word: Word, act: Writing, by: Person, why: str, before: int) -> Review:
    item = one.item
    about: dict[str, Any] = {"kind": item.kind, "about": item.about, "since": item.since, "facts": item.facts}
    seat = {"role": by.role, "directorate": by.directorate or ""}
    told = {"act": act.number, "said_at": act.known_at, "after": before, "mark": item.mark, "back": one.back}
    return Review(**about, **seat, **told, word=word, why=why)
