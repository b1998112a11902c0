"""The list for the next meeting, as it follows from what is known: nobody puts anything on it, and what was settled
leaves it until something new about it comes.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, Subquery

from dijk.policy import Policy
from dijk_web.models import Kind, Meeting, Proposal, Question, Reply, Review, Scope
from dijk_web.models.review import UNSETTLED
from dijk_web.of_site import policy_now
from dijk_web.verdicts import (
    SOON,
    Begun,
    Streak,
    act_of,
    acts_of_verdicts,
    by_need,
    last_verdicts,
    objected,
    streaks,
    wrong_codes,
)


@dataclass(frozen=True)
class Item:
    """What asks for a word of the meeting: of which kind, about which need or question, since when; ``mark`` is the
    newest act about it, and ``facts`` what is the matter.
    """

    kind: Kind
    about: str
    since: dt.datetime
    mark: int
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """What it is, whatever became of it."""
        return self.kind.value, self.about


@dataclass(frozen=True)
class Listed:
    """An item on the list: at how many meetings it was left before, what this one said of it (that it goes to the
    next), and whether it is over by itself since it was taken along.
    """

    item: Item
    back: int
    said: Review | None
    over: bool

    @property
    def seen(self) -> int:
        """The newest act about it, one of the review among them: what a form that speaks of it has seen."""
        return max(self.item.mark, self.said.act if self.said else 0)


# What there is


def items(now: dt.datetime) -> list[Item]:
    """All that asks for a word, settled or not."""
    policy = policy_now()
    return [*proposed(policy, now.date()), *asked(), *of_verdicts(policy, now)]


def proposed(policy: Policy, today: dt.date) -> Iterator[Item]:
    """Needs that somebody proposed, whether that waits for a second person or was approved and went no further."""
    found: dict[str, Item] = {}
    there = policy.in_force("scope", today).filter(state="proposed")
    rows = Scope.objects.filter(need__in=there["need"].to_list(), state="proposed").order_by("act")
    for need, known_at, act in rows.values_list("need", "known_at", "act"):
        found[need] = Item(Kind.PROPOSED, need, known_at, act, {"waits": False})
    waiting = Proposal.objects.open().filter(kind="scope", content__state="proposed").order_by("act")
    for need, at, act in waiting.values_list("content__need", "proposed_at", "act"):
        before = found.get(need)
        found[need] = Item(Kind.PROPOSED, need, before.since if before else at, act, {"waits": True})
    yield from found.values()


def asked() -> Iterator[Item]:
    """Questions about what is not listed, and those about a need that nobody answered."""
    replies = Reply.objects.filter(question=OuterRef("act"))
    rows = Question.objects.annotate(
        last=Subquery(replies.order_by().values("question").annotate(last=Max("act")).values("last"))
    )
    for one in rows.filter(Q(need="") | ~Exists(replies)):
        kind = Kind.UNANSWERED if one.need else Kind.UNLISTED
        yield Item(kind, str(one.act), one.said_at, one.last or one.act, {"need": one.need} if one.need else {})


def of_verdicts(policy: Policy, now: dt.datetime) -> Iterator[Item]:
    """Verdicts that ended or end soon; and needs about which the last published plan or an objection asks for
    somebody.
    """
    today, begun = now.date(), streaks()
    regimes = {need: one.says for need, one in begun.items() if one.says}
    in_force, last = by_need(policy.in_force("verdict", today)), last_verdicts(policy, today)
    acts = acts_of_verdicts(in_force.keys() | last.keys())
    told = {need: act_of(row, acts) for need, row in in_force.items()}
    against = objected(told.values())
    for need, row in last.items():
        if row["valid_to"] and row["valid_to"] <= today + SOON:
            facts = {"day": row["valid_to"].isoformat()}
            yield Item(Kind.VERDICT, need, row["known_at"], act_of(row, acts), facts)
    for need in sorted(in_force.keys() | regimes.keys()):
        verdict, regime, signed = in_force.get(need), regimes.get(need), told.get(need, 0)
        objections = against.get(signed)
        if says := list(wrong_codes(verdict, regime, objections)):
            firsts = firsts_of(begun.get(need), says)
            at = [one.known_at for one in firsts] or [verdict["known_at"] if verdict else now]
            acts_seen = [signed, objections.last if objections else 0, *(one.act for one in firsts)]
            yield Item(Kind.ALARM, need, min(at), max(acts_seen), {"says": says})


def firsts_of(streak: Streak | None, says: list[str]) -> list[Begun]:
    """The first plans in a row that say what is the matter with a need."""
    if streak is None:
        return []
    return [one for one in (streak.alarm, streak.computed if "differ" in says else None) if one]


# What became of it


def meeting_before() -> int:
    """The act of the last meeting that was closed; 0 before the first."""
    return int(Meeting.objects.aggregate(last=Max("act"))["last"] or 0)


def last_words() -> dict[tuple[str, str], Review]:
    """Of each item that was ever spoken of the last word."""
    last = Review.objects.order_by().values("kind", "about").annotate(last=Max("pk")).values("last")
    return {(one.kind, one.about): one for one in Review.objects.filter(pk__in=last)}


def listed(now: dt.datetime) -> list[Listed]:
    """The list for the next meeting: by kind, the oldest first."""
    words, after = last_words(), meeting_before()
    there = {one.key: one for one in items(now)}
    carried = {key: as_it_was(one) for key, one in words.items() if one.word in UNSETTLED and key not in there}
    found = [
        Listed(item, times_back(words.get(key), after), of_this(words.get(key), after), over=key in carried)
        for key, item in (there | carried).items()
        if not is_settled(words.get(key), item)
    ]
    order = list(Kind)
    return sorted(found, key=lambda one: (order.index(one.item.kind), one.item.since, one.item.about))


def as_it_was(word: Review) -> Item:
    """An item as it was when somebody spoke of it last."""
    return Item(Kind(word.kind), word.about, word.since, word.mark, word.facts)


def is_settled(word: Review | None, item: Item) -> bool:
    """Whether the last word settled an item, and nothing new about it came since."""
    return word is not None and word.word not in UNSETTLED and item.mark <= word.mark


def times_back(word: Review | None, after: int) -> int:
    """At how many meetings that were closed an item was left, since it was settled last."""
    if word is None or word.word not in UNSETTLED:
        return 0
    return word.back + (word.after != after)


def of_this(word: Review | None, after: int) -> Review | None:
    """What was said of an item since the last meeting was closed, where it did not settle it."""
    return word if word is not None and word.after == after and word.word in UNSETTLED else None
