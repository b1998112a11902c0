"""The product list: how far each need is, what the experts and the figures say, and what asks for somebody."""

import csv
import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from dijk_web.actions import deciding, proposing
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import as_table, writing
from dijk_web.models import Need, Proposal
from dijk_web.pages.needs import line_of
from dijk_web.verdicts import streaks
from four_people import browser
from ground import NOON, TODAY

LISTED = {"need": "gown", "state": "proposed", "action": "none", "lead_buying": "the consortium"}
SAID = {"valid_from": TODAY, "basis": "decision 12", "source": "minutes", "how": "counted"}


def put_on_the_list(people: SimpleNamespace) -> None:
    number = proposing.propose(by=people.pim, table="scope", row=LISTED | SAID, reason="x", sent=Sent(None, 0))
    deciding.approve(Proposal.objects.get(act=number), by=people.noor, why="agreed", sent=Sent(None, 0))


def told(client: Any, question: str) -> list[dict[str, str]]:
    text = b"".join(client.get(f"/needs/?{question}as=csv").streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_what_is_on_the_list_and_what_is_not_is_found_by_state(ground: SimpleNamespace) -> None:
    put_on_the_list(ground)
    client = browser(ground.eva)
    for question, needs in {"": ["gown", "mask"], "state=proposed&": ["gown"], "state=none&": ["mask"]}.items():
        assert [row["need"] for row in told(client, question)] == needs, question
    page = client.get("/needs/").content.decode()
    assert "the consortium" in page and "on no list" in page and "No plan has been published yet" in page


def test_the_page_of_a_need_has_its_articles_and_what_is_proposed_and_leads_to_more(ground: SimpleNamespace) -> None:
    put_on_the_list(ground)
    bo = browser(ground.bo)
    page = bo.get("/needs/gown/").content.decode()
    assert "Gown in a box" in page and "decision 12" in page and "/policy/scope/propose/?key=gown" in page
    assert "/policy/acceptance/gown-box%7Cgown/" in page and "proposal " in page
    assert bo.get("/policy/acceptance/gown-box%7Cgown/").status_code == 200
    mask = bo.get("/needs/mask/").content.decode()
    assert "Nobody put it on the list." in mask and "/policy/scope/propose/?need=mask" in mask
    assert '<option value="mask" selected>' in bo.get("/policy/scope/propose/?need=mask").content.decode()
    assert "Propose " not in browser(ground.anna).get("/needs/gown/").content.decode()
    assert bo.get("/needs/nothing/").status_code == 404


VERDICT = {"verdict": "no_shortage", "valid_to": TODAY + dt.timedelta(days=40)}
REGIME = {
    "computed": "direct",
    "effective": "direct",
    "alarm": False,
    "known_at": dt.datetime(2020, 4, 27, tzinfo=dt.UTC),
}


@pytest.mark.parametrize(
    ("verdict", "regime", "alarm", "wrong"),
    [
        (VERDICT, REGIME, None, []),
        (VERDICT, REGIME | {"computed": "scarce"}, None, ["the experts and the figures differ"]),
        (VERDICT, REGIME | {"computed": "unknown"}, None, []),
        (VERDICT | {"valid_to": TODAY + dt.timedelta(days=14)}, REGIME, None, ["the verdict ends within two weeks"]),
        (VERDICT | {"valid_to": None}, REGIME, None, []),
        (
            None,
            REGIME | {"alarm": True},
            NOON - dt.timedelta(days=7),
            ["no action runs, for 7 days"],
        ),
        (None, REGIME | {"alarm": True, "effective": "unknown"}, None, ["nobody can say what holds, for 12 h 00 min"]),
        (None, None, None, []),
    ],
)
def test_what_asks_for_somebody_is_said(verdict: Any, regime: Any, alarm: Any, wrong: list[str]) -> None:
    need = Need(need="gown", name_en="Gown", name_nl="Schort")
    with translation.override("en"):
        line = line_of(need, scope=None, verdict=verdict, regime=regime, waiting=0, alarm=alarm, against=None, now=NOON)
    assert line.wrong == wrong


def test_an_alarm_is_as_old_as_the_first_in_a_row_that_raised_it(ground: SimpleNamespace) -> None:
    row = {"computed": "scarce", "effective": "scarce", "action": "none", "evidence_en": "x", "evidence_nl": "x"}
    with writing("past_taken_in", by=ground.pim, about="dataset") as act:
        for need, alarms in {"gown": (True, False, True, True), "mask": (True, False)}.items():
            for at, alarm in enumerate(alarms):
                moment = dt.datetime(2020, 4, 1 + at, tzinfo=dt.UTC)
                rows = [{**row, "need": need, "alarm": alarm, "known_at": moment}]
                act.take_in("past_regime", as_table("past_regime", rows, moment))
    alarms = {need: one.alarm.known_at for need, one in streaks().items() if one.alarm}
    assert alarms == {"gown": dt.datetime(2020, 4, 3, tzinfo=dt.UTC)}
