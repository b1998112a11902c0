"""The start page says what waits for whom, with its age, and never asks much of the database for it."""

import datetime as dt
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dijk_web.actions.asking import Urgent, order
from dijk_web.actions.telling import Sent
from dijk_web.actions.urgent import answer
from dijk_web.actions.writing import writing
from dijk_web.models import Run, Site, State, UrgentOrder
from four_people import SEATS, browser
from ground import NOON, SITE, TODAY


def waits(person: Any) -> list[str]:
    """What stands on a person's start page, item by item, with its age."""
    page = browser(person).get("/").content.decode()
    items = re.search(r'<ul class="waits">(.*?)</ul>', page, re.DOTALL)
    found = re.findall(r"<li>(.*?)</li>", items[1], re.DOTALL) if items else []
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def an_order(people: SimpleNamespace, urgent: bool = True) -> int:
    rows = [{"site": SITE, "need": "gown", "pieces": 100, "how": "counted"}]
    left = Urgent(hours_left=6, minutes=60, name="", phone="0") if urgent else None
    return order(by=people.mila, sites=[Site.objects.get(site=SITE)], rows=rows, sent=Sent(None, 10**9), urgent=left)


def asked(people: SimpleNamespace, *, ago: int, due: int) -> None:
    """The hospital of the north was asked for its stock."""
    day = dt.timedelta(days=1)
    row = {"site": SITE, "topic": "stock", "day": TODAY - ago * day, "due": TODAY + due * day, "source": "test"}
    with writing("asked", by=people.pim, about="asked") as act:
        act.tell("asked", [row])


def a_run(state: State, number: int, age: dt.timedelta) -> None:
    code = f"{number:012}" if state in (State.MADE, State.PUBLISHED) else None
    published = number + 1 if state == State.PUBLISHED else None
    told = {"as_of": NOON - age, "seed": 1, "asked_by": "p-pim", "code": code, "published_by": published}
    Run.objects.create(act=number, state=state, **told)


def test_an_institution_reads_what_it_was_asked_and_until_when(ground: SimpleNamespace) -> None:
    assert waits(ground.mila) == []
    asked(ground, ago=1, due=2)
    assert waits(ground.mila) == ["◆ Tell your stock: 1 site was asked the answer is due on 29 April 2020"]
    asked(ground, ago=9, due=-7)
    assert len(waits(ground.mila)) == 1
    assert waits(ground.cara) == waits(ground.otto) == []


def test_what_an_institution_did_not_answer_in_time_is_late(ground: SimpleNamespace) -> None:
    asked(ground, ago=9, due=-2)
    assert waits(ground.mila) == ["▼ Tell your stock: 1 site was asked the answer was due on 25 April 2020"]
    assert waits(ground.ravi)[0] == "◆ 1 site is silent the oldest answer was due on 25 April 2020"


def test_an_urgent_order_waits_for_the_region_then_for_the_planner_and_its_answer_for_the_asker(
    ground: SimpleNamespace, hands: Any
) -> None:
    one = UrgentOrder.objects.get(act=an_order(ground))
    hands.return_value = NOON + dt.timedelta(minutes=20)
    assert "◆ 1 urgent order waits for an answer asked 20 minutes ago" in waits(ground.mila)
    assert waits(ground.ravi)[0] == "◆ 1 urgent order to answer 40 minutes left for the first"
    assert not [item for item in waits(ground.pim) + waits(ground.sita) if "urgent" in item]
    hands.return_value = NOON + dt.timedelta(minutes=90)
    for name in ("ravi", "pim"):
        item = "▼ 1 urgent order is over time the oldest was asked 1 h 30 min ago"
        assert waits(getattr(ground, name))[0] == item
    answer(one, {"is_yes": False, "why_not": "The hub is empty."}, by=ground.pim, sent=Sent(None, 0))
    hands.return_value = NOON + dt.timedelta(minutes=100)
    assert "▼ Your urgent order was answered: no 10 minutes ago" in waits(ground.mila)
    assert not [item for item in waits(ground.pim) + waits(ground.ravi) if "urgent" in item]


def test_an_institution_reads_how_far_its_requests_are(ground: SimpleNamespace) -> None:
    an_order(ground, urgent=False)
    assert waits(ground.mila) == ["1 request: asked the oldest of 27 April 2020"]


def test_a_planner_reads_which_runs_failed_or_wait_and_how_old_the_last_plan_is(ground: SimpleNamespace) -> None:
    assert waits(ground.pim) == ["No plan has been published yet"]
    a_run(State.FAILED, 10, dt.timedelta(days=5))
    a_run(State.PUBLISHED, 20, dt.timedelta(days=3))
    due = "▼ The report of 23 April 2020 is not made 3 days over time"
    assert waits(ground.pim) == ["The last published plan is run 20 of 24 April 2020 3 days old", due]
    a_run(State.FAILED, 30, dt.timedelta(hours=3))
    a_run(State.MADE, 40, dt.timedelta(hours=2))
    assert waits(ground.pim)[:2] == [
        "▼ A run failed asked 3 h 00 min ago",
        "◆ A run waits for publishing asked 2 h 00 min ago",
    ]


@pytest.mark.parametrize("name", ["noor", "bo", "eva", "anna"])
def test_others_read_the_last_plan_and_its_day(ground: SimpleNamespace, name: str) -> None:
    a_run(State.PUBLISHED, 20, dt.timedelta(days=3))
    assert waits(getattr(ground, name)) == ["The last published plan is run 20 of 24 April 2020 3 days old"]


def test_an_administrator_reads_no_figures(ground: SimpleNamespace) -> None:
    a_run(State.PUBLISHED, 20, dt.timedelta(days=3))
    assert waits(ground.ada) == []


@pytest.mark.slow
def test_no_start_page_asks_more_than_twenty_questions(ground: SimpleNamespace) -> None:
    an_order(ground)
    asked(ground, ago=9, due=-2)
    for name in SEATS:
        client = browser(getattr(ground, name))
        with CaptureQueriesContext(connection) as questions:
            assert client.get("/").status_code == 200
        assert len(questions) <= 20, name
