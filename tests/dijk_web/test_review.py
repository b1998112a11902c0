"""The review: a list that makes itself, what is settled leaves and comes back with news, and a meeting has its outcome."""

import datetime as dt
import io
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from dijk_web.actions import deciding, proposing, reviewing
from dijk_web.actions.talking import answer, ask, object_to, sign_verdict
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate, as_table, writing
from dijk_web.models import Act, Meeting, Proposal, Question, Review, Word
from dijk_web.of_site import moment
from dijk_web.reviewing import Listed, listed
from four_people import SEATS, browser
from ground import NOON, TODAY
from telling_forms import hidden

DAY = dt.timedelta(days=1)
LATE = Sent(None, 10**9)
"""A form that saw everything."""


def the_list() -> list[tuple[str, str]]:
    return [one.item.key for one in listed(moment())]


def only() -> Listed:
    (one,) = listed(moment())
    return one


def said(people: SimpleNamespace, kind: str, about: Any, word: Word = Word.SETTLED, **more: Any) -> int:
    told = {"by": people.pim, "why": "agreed", "sent": LATE} | more
    return reviewing.say(kind, str(about), word, **told)


def closed(people: SimpleNamespace, note: str = "") -> int:
    return reviewing.close_meeting(by=people.noor, note=note, sent=LATE)


def asked(people: SimpleNamespace, need: str = "") -> Question:
    return Question.objects.get(act=ask(by=people.mila, need=need, text="Hoods with a battery", sent=Sent(None, 0)))


def signed(people: SimpleNamespace, days: int, need: str = "gown", **other: Any) -> int:
    row = {"need": need, "verdict": "no_shortage", "evidence": "x", "basis": "x", "source": "x", "how": "estimated"}
    row |= {"valid_from": moment().date(), "valid_to": moment().date() + days * DAY} | other
    return sign_verdict(by=people.eva, row=row, sent=LATE)


def planned(people: SimpleNamespace, at: dt.datetime, **regime: Any) -> None:
    """A published plan of the past."""
    row = {"need": "gown", "computed": "direct", "effective": "direct", "action": "none", "alarm": False}
    rows = as_table("past_regime", [row | {"evidence_en": "x", "evidence_nl": "x"} | regime], at)
    with writing("run_published", by=people.pim, about="run:1") as act:
        act.take_in("past_regime", rows)


# What is on it


def test_a_need_that_is_newly_proposed_is_on_it_until_it_goes_further(ground: SimpleNamespace) -> None:
    row = {"need": "gown", "state": "proposed", "action": "none", "valid_from": TODAY}
    row |= {"basis": "x", "source": "x", "how": "counted"}
    number = proposing.propose(by=ground.eva, table="scope", row=row, reason="x", sent=Sent(None, 0))
    assert the_list() == [("proposed", "gown")] and only().item.mark == number
    said(ground, "proposed", "gown")
    assert the_list() == []
    act = deciding.approve(Proposal.objects.get(act=number), by=ground.noor, why="x", sent=LATE)
    assert the_list() == [("proposed", "gown")], "that it was approved is new"
    said(ground, "proposed", "gown")
    assert the_list() == []
    more = proposing.propose(
        by=ground.eva, table="scope", row=row | {"state": "specified"}, reason="x", sent=Sent(None, act)
    )
    assert the_list() == [] and Proposal.objects.get(act=more).is_open


def test_what_is_not_listed_stays_until_it_is_settled_and_a_question_until_it_is_answered(
    ground: SimpleNamespace,
) -> None:
    one, two = asked(ground), asked(ground, "gown")
    assert the_list() == [("unlisted", str(one.act)), ("unanswered", str(two.act))]
    answer(two, by=ground.bo, text="yes", sent=LATE)
    assert the_list() == [("unlisted", str(one.act))]
    said(ground, "unlisted", one.act)
    assert the_list() == []
    answer(one, by=ground.noor, text="we look for it", sent=LATE)
    assert the_list() == [("unlisted", str(one.act))], "an answer is news about it"


def test_a_verdict_is_on_it_from_two_weeks_before_its_end_until_another_is_signed(
    ground: SimpleNamespace, hands: Any
) -> None:
    signed(ground, days=20)
    assert the_list() == []
    for after, there in ((5, False), (6, True), (20, True), (21, True), (90, True)):
        hands.return_value = NOON + after * DAY
        assert (the_list() == [("verdict", "gown")]) is there, after
    signed(ground, days=30)
    assert the_list() == []


def test_a_verdict_that_another_follows_later_is_not_on_it(ground: SimpleNamespace, hands: Any) -> None:
    signed(ground, days=10)
    assert the_list() == [("verdict", "gown")]
    signed(ground, days=60, valid_from=TODAY + 10 * DAY)
    assert the_list() == []


def test_an_alarm_is_settled_until_it_begins_anew(ground: SimpleNamespace) -> None:
    start = NOON - 9 * DAY
    planned(ground, start, alarm=True)
    planned(ground, start + DAY, alarm=True)
    one = only()
    assert (one.item.key, one.item.since, one.item.facts) == (("alarm", "gown"), start, {"says": ["no_action"]})
    said(ground, "alarm", "gown")
    planned(ground, start + 2 * DAY, alarm=True)
    assert the_list() == [], "the same alarm in another plan is no news"
    planned(ground, start + 3 * DAY)
    assert the_list() == []
    planned(ground, start + 4 * DAY, alarm=True)
    assert the_list() == [("alarm", "gown")]


def test_figures_that_differ_and_an_objection_are_on_it(ground: SimpleNamespace) -> None:
    number = signed(ground, days=40)
    planned(ground, NOON - DAY, computed="scarce", effective="direct")
    assert only().item.facts == {"says": ["differ"]}
    said(ground, "alarm", "gown")
    assert the_list() == []
    object_to(number, by=ground.noor, need="gown", text="no", sent=LATE)
    assert only().item.facts == {"says": ["differ", "objected"]}
    page = browser(ground.pim).get("/review/").content.decode()
    assert "the experts and the figures differ, there is an objection to the verdict" in page


# What is said


def test_what_goes_to_the_next_meeting_comes_back_with_how_often(ground: SimpleNamespace) -> None:
    one = asked(ground)
    said(ground, "unlisted", one.act, Word.NEXT)
    now = only()
    assert now.back == 0 and now.said is not None and now.said.word == "next"
    closed(ground)
    assert (only().back, only().said) == (1, None)
    closed(ground)
    assert only().back == 2, "nobody spoke of it"
    said(ground, "unlisted", one.act, Word.NEXT)
    said(ground, "unlisted", one.act, Word.NEXT)
    closed(ground)
    assert only().back == 3, "twice at one meeting is once"
    assert "came back 3 times" in browser(ground.sem).get("/review/").content.decode()
    said(ground, "unlisted", one.act, Word.SETTLED)
    answer(one, by=ground.pim, text="x", sent=LATE)
    assert only().back == 0, "it was settled, and is here for what is new"


def test_what_was_taken_along_stays_until_it_is_settled_even_where_it_is_over(ground: SimpleNamespace) -> None:
    one = asked(ground, "gown")
    said(ground, "unanswered", one.act, Word.NEXT)
    closed(ground)
    answer(one, by=ground.pim, text="x", sent=LATE)
    assert only().over and "over by itself" in browser(ground.pim).get("/review/").content.decode()
    said(ground, "unanswered", one.act, Word.NOTHING, why="")
    assert the_list() == []


def test_nobody_but_planner_and_gmt_speaks_at_a_meeting(ground: SimpleNamespace) -> None:
    one = asked(ground)
    for name in set(SEATS) - {"pim", "noor"}:
        by = getattr(ground, name)
        with pytest.raises(PermissionDenied):
            said(ground, "unlisted", one.act, by=by)
        with pytest.raises(PermissionDenied):
            reviewing.close_meeting(by=by, note="", sent=LATE)
    assert not Review.objects.exists() and not Meeting.objects.exists()


def test_nobody_settles_what_they_did_not_see(ground: SimpleNamespace) -> None:
    one = asked(ground)
    answer(one, by=ground.bo, text="x", sent=LATE)
    with pytest.raises(TooLate):
        said(ground, "unlisted", one.act, sent=Sent(None, one.act))
    first = said(ground, "unlisted", one.act, Word.NEXT)
    with pytest.raises(TooLate):
        said(ground, "unlisted", one.act, sent=Sent(None, first - 1))
    with pytest.raises(TooLate):
        reviewing.close_meeting(by=ground.pim, note="", sent=Sent(None, first - 1))


def test_the_page_of_an_item_asks_why_and_which_and_takes_a_form_once(ground: SimpleNamespace) -> None:
    one, pim = asked(ground), browser(ground.pim)
    address = f"/review/unlisted/{one.act}/"
    form = hidden(pim.get(address).content.decode())
    for typed, wrong in (
        ({"step": "settled"}, ["why"]),
        ({"step": "next", "why": " "}, ["why"]),
        ({"why": "x"}, ["__all__"]),
        ({"why": "x", "step": "left"}, ["__all__"]),
    ):
        answer_to = pim.post(address, form | typed)
        assert answer_to.status_code == 422 and list(answer_to.context["form"].errors) == wrong, typed
    for _twice in range(2):
        assert pim.post(address, form | {"step": "nothing"}).headers["location"] == "/review/"
    assert Review.objects.count() == 1 and Act.objects.filter(name="item_reviewed").count() == 1
    again = browser(ground.noor).post(address, form | {"step": "settled", "why": "x"}, follow=True)
    assert "no longer on the list" in again.content.decode() and Review.objects.count() == 1
    assert pim.get(f"/review/verdict/{one.act}/").status_code == 404


# What came of it


def test_the_outcome_is_a_page_and_a_workbook_with_the_same_lines(ground: SimpleNamespace) -> None:
    one, two = asked(ground), asked(ground, "gown")
    said(ground, "unlisted", one.act, why="=we buy ten")
    noor = browser(ground.noor)
    answer_to = noor.post("/review/", hidden(noor.get("/review/").content.decode()) | {"note": "see you"})
    number = Meeting.objects.get().act
    assert answer_to.headers["location"] == f"/review/meetings/{number}/"
    page = noor.get(f"/review/meetings/{number}/").content.decode()
    assert "=we buy ten" in page and "planner of the consortium" in page and "see you" in page
    assert "not spoken of: to the next meeting" in page and "p-mila" not in page and "hospital" not in page
    book = openpyxl.load_workbook(io.BytesIO(noor.get(f"/review/meetings/{number}.xlsx").content))
    rows = list(book["Review"].iter_rows(min_row=2, values_only=True))
    assert [row[:3] for row in rows] == [
        ("asked, and not listed", f"question {one.act}", "Hoods with a battery"),
        ("question without an answer", f"Gown, question {two.act}", "Hoods with a battery"),
    ]
    assert [row[5:8] for row in rows] == [
        ("settled", "=we buy ten", "planner of the consortium"),
        ("not spoken of: to the next meeting", None, "official of the ministry GMT"),
    ]
    assert ("What was said besides", "see you") in list(book["Meeting"].iter_rows(values_only=True))
    second = closed(ground)
    page = noor.get(f"/review/meetings/{second}/").content.decode()
    assert "Reviewed, nothing to add." in page and "=we buy ten" not in page
    assert f"/review/meetings/{number}/" in page


def test_a_meeting_with_nothing_on_the_list_is_an_act_too(ground: SimpleNamespace) -> None:
    number = closed(ground)
    assert Act.objects.get(number=number).name == "meeting_closed"
    page = browser(ground.anna).get(f"/review/meetings/{number}/").content.decode()
    assert "Nothing was on the list." in page and "Reviewed, nothing to add." in page


def test_planner_and_gmt_read_what_waits_and_for_how_long(ground: SimpleNamespace, hands: Any) -> None:
    asked(ground)
    hands.return_value = NOON + 3 * DAY
    for name in ("pim", "noor"):
        page = browser(getattr(ground, name)).get("/").content.decode()
        assert "1 item waits for the review" in page and "the oldest for 3 days" in page
    for name in ("kees", "eva", "bo"):
        assert "for the review" not in browser(getattr(ground, name)).get("/").content.decode()


def test_the_database_keeps_the_rules_of_the_review(ground: SimpleNamespace) -> None:
    one = asked(ground)
    said(ground, "unlisted", one.act)
    row = Review.objects.get()
    for wrong in ({"why": ""}, {"back": -1}, {"mark": row.act}):
        about = {name: getattr(row, name) for name in OF_A_REVIEW} | wrong
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.create(**about)
    first = closed(ground)
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.create(act=first + 1, after=0, held_at=NOON, role="planner")
    for model in (Review, Meeting):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(role="auditor")


OF_A_REVIEW = (
    *("act", "kind", "about", "since", "facts", "mark", "word", "why"),
    *("role", "directorate", "said_at", "after", "back"),
)


def test_the_list_asks_the_same_few_things_however_much_is_on_it(ground: SimpleNamespace) -> None:
    pim, counts = browser(ground.pim), []
    for more in (1, 6):
        for _more in range(more):
            said(ground, "unlisted", asked(ground).act, Word.NEXT)
            asked(ground, "gown")
            said(ground, "unanswered", asked(ground, "mask").act)
        signed(ground, days=10)
        closed(ground)
        pim.get("/review/")
        with CaptureQueriesContext(connection) as found:
            pim.get("/review/")
        counts.append(len(found))
    assert counts[0] == counts[1] <= 25
