"""Questions and answers: they stay with the need, and nobody reads who asked."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dijk_web.actions.talking import answer, ask
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate
from dijk_web.models import Act, Question, Reply, RequestRow
from four_people import SEATS, browser
from telling_forms import hidden

ASKS = {"mila", "ben", "cara", "otto", "ravi", "sita", "pim", "bo", "noor", "kees", "lot", "eva"}
ANSWERS = {"pim", "bo", "noor", "kees", "lot", "eva"}


def filled(client: Any, address: str, **typed: str) -> Any:
    return client.post(address, hidden(client.get(address).content.decode()) | typed)


def asked(by: Any, need: str = "gown", text: str = "Does it hold off fluids?") -> Question:
    return Question.objects.get(act=ask(by=by, need=need, text=text, sent=Sent(None, 0)))


def text(client: Any, address: str) -> str:
    return str(client.get(address).content.decode())


def test_an_institution_asks_on_the_page_of_a_need_and_reads_the_answer_there(ground: SimpleNamespace) -> None:
    mila = browser(ground.mila)
    assert filled(mila, "/needs/gown/ask/", text="").status_code == 422
    assert filled(mila, "/needs/gown/ask/", text="Does it hold off fluids?").status_code == 302
    page = text(mila, "/needs/gown/")
    assert "Does it hold off fluids?" in page and "you or a colleague" in page and "Not answered yet" in page
    (one,) = Question.objects.all()
    assert filled(browser(ground.bo), f"/questions/{one.act}/", text="It does.").status_code == 302
    assert "It does." in text(mila, "/needs/gown/") and "buyer of the consortium" in text(mila, "/needs/gown/")
    assert "Your question was answered" in text(mila, "/")
    acts = [(act.name, act.about, act.reason) for act in Act.objects.order_by("number") if "question" in act.name]
    log = f"question:{one.act}"
    assert acts == [("question_asked", log, one.text), ("question_answered", log, "It does.")]


def test_others_read_the_function_of_who_asked_and_nothing_of_who_that_is(ground: SimpleNamespace) -> None:
    one = asked(ground.mila)
    ravi = asked(ground.ravi, text="When does it come?")
    who = ("Mila", "mila", "p-mila", "hospital-north", "Hospital North")
    for name in ("otto", "ravi", "pim", "noor", "eva", "sem"):
        client = browser(getattr(ground, name))
        for address in ("/needs/gown/", f"/questions/{one.act}/", "/questions/", "/questions/?as=csv"):
            answer = client.get(address)
            page = b"".join(answer).decode() if answer.streaming else answer.content.decode()
            page = page.replace("Ravi", "").replace("hospital-north-", "")
            assert [word for word in who if word in page] == [], (name, address)
        assert "a care institution" in text(client, "/needs/gown/")
    assert "coordinator of north" in text(browser(ground.pim), f"/questions/{ravi.act}/")
    assert browser(ground.pim).get(f"/log/question:{one.act}/").status_code == 404
    assert browser(ground.noor).get(f"/log/question:{one.act}/").status_code == 404
    assert browser(ground.anna).get(f"/log/question:{one.act}/").status_code == 200
    assert "p-mila" not in text(browser(ground.anna), "/log/need:gown/")


def test_who_asks_and_who_answers_is_as_the_table_of_roles_says(ground: SimpleNamespace) -> None:
    one = asked(ground.mila)
    for name in SEATS:
        by = getattr(ground, name)
        if name in ASKS:
            asked(by)
        else:
            with pytest.raises(PermissionDenied):
                asked(by)
        last = Reply.objects.order_by("-act").first()
        if name in ANSWERS:
            answer(one, by=by, text="yes", sent=Sent(None, last.act if last else one.act))
        else:
            with pytest.raises(PermissionDenied):
                answer(one, by=by, text="yes", sent=Sent(None, 10**9))


def test_two_who_answer_at_once_see_each_others_answer_first(ground: SimpleNamespace) -> None:
    one = asked(ground.mila)
    answer(one, by=ground.pim, text="yes", sent=Sent(None, one.act))
    with pytest.raises(TooLate):
        answer(one, by=ground.noor, text="no", sent=Sent(None, one.act))


def test_what_is_not_listed_is_asked_in_words_and_is_no_request(ground: SimpleNamespace) -> None:
    mila, before = browser(ground.mila), RequestRow.objects.count()
    done = filled(mila, "/questions/new/", text="Hoods with a battery")
    (one,) = Question.objects.all()
    assert done.headers["location"] == f"/questions/{one.act}/" and one.need == ""
    assert RequestRow.objects.count() == before
    assert "It is on the list for the next meeting." in text(mila, f"/questions/{one.act}/")
    assert "Hoods with a battery" in text(browser(ground.ben), "/questions/?state=own")
    assert browser(ground.otto).get(f"/questions/{one.act}/").status_code == 404
    assert "Hoods" not in text(browser(ground.otto), "/questions/")
    assert "Hoods" in text(browser(ground.pim), "/review/") and "Hoods" in text(browser(ground.sem), "/questions/")


def test_an_institution_reads_what_a_need_must_be_and_no_figure_of_the_nation(ground: SimpleNamespace) -> None:
    mila = browser(ground.mila)
    page, listed = text(mila, "/needs/gown/"), text(mila, "/needs/")
    assert "Gown in a box" in page and "Specification" in page and "Where to order it" in page
    assert "It is not on the list" in page, "nobody put it there"
    for word in ("By the figures", "What holds", "Proposals", "/policy/", "/situation/"):
        assert word not in page and word not in listed, word
    csv = b"".join(mila.get("/needs/?as=csv&wrong=on")).decode("utf-8-sig").splitlines()
    assert csv[0] == "need,name,state,verdict,until" and len(csv) == 3


def test_a_page_of_questions_asks_the_same_few_things_however_many_there_are(ground: SimpleNamespace) -> None:
    pim = browser(ground.pim)
    asked(ground.mila)
    counts = []
    for more in (0, 6):
        for at in range(more):
            one = asked(ground.mila, text=f"x{at}")
            answer(one, by=ground.bo, text="yes", sent=Sent(None, one.act))
        for address in ("/questions/", "/needs/gown/"):
            pim.get(address)
            with CaptureQueriesContext(connection) as found:
                pim.get(address)
            counts.append(len(found))
    assert counts[:2] == counts[2:]


def test_the_list_of_questions_is_filtered(ground: SimpleNamespace) -> None:
    one, two = asked(ground.mila), asked(ground.otto, need="", text="Hoods")
    answer(one, by=ground.pim, text="yes", sent=Sent(None, one.act))
    pim = browser(ground.pim)
    shown = {"": [two, one], "unanswered": [two], "unlisted": [two], "own": []}
    for state, found in shown.items():
        threads = pim.get("/questions/", {"state": state}).context["threads"]
        assert [thread.one.act for thread in threads] == [each.act for each in found], state
    assert [thread.one.act for thread in pim.get("/questions/?sought=FLUIDS").context["threads"]] == [one.act]
