"""Urgent: we run out tonight. Asked with whom to call on the page, answered by the region, taken over by planners."""

import csv
import datetime as dt
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from dijk_web.actions.desks import keep_desk
from dijk_web.actions.telling import Sent
from dijk_web.actions.urgent import answer
from dijk_web.actions.writing import writing
from dijk_web.models import Act, Desk, Request, RequestRow, Subject, UrgentOrder
from four_people import browser
from ground import JUDGED, NOON, SITE
from telling_forms import hidden

ASK = f"/sites/{SITE}/urgent/"
LINE = f"{SITE}|gown"
FORM = {
    f"amount:{LINE}": "2",
    f"unit:{LINE}": "packs",
    f"each:{LINE}": "50",
    "hours_left": "6",
    "call_back_name": "Wil of the night shift",
    "call_back_phone": "000 5551234",
}
YES = {"step": "yes", "what": "2 boxes of 50", "whence": "the hub", "when": "tonight at nine"}
NO = {"step": "no", "why_not": "The hub is empty; wash what you have."}


def page(client: Any, address: str) -> str:
    return client.get(address).content.decode()


def sent(client: Any, address: str, **typed: str) -> Any:
    return client.post(address, hidden(page(client, address)) | typed)


def urgent(people: SimpleNamespace, **more: str) -> UrgentOrder:
    """What Mila asked."""
    assert sent(browser(people.mila), ASK, **FORM | {"step": "send"} | more).status_code == 302
    return UrgentOrder.objects.latest("act")


def at(one: UrgentOrder) -> str:
    return f"/urgent/{one.act}/"


def desks(people: SimpleNamespace) -> None:
    for place, phone in (
        ({"region": "north"}, "000 1111111"),
        ({"region": "south"}, "000 2222222"),
        ({}, "000 3333333"),
    ):
        said = {"phone": phone, "email": "", "hours": "00:00 - 24:00", "deputy": ""}
        keep_desk(Desk(subject=Subject.URGENT, **place), said, by=people.ada, sent=Sent(None, 0))


def test_the_region_s_desk_stands_on_the_page_before_and_after_sending(ground: SimpleNamespace) -> None:
    desks(ground)
    client = browser(ground.mila)
    look = sent(client, ASK, **FORM | {"step": "look"}).content.decode()
    after = page(client, at(urgent(ground)))
    for shown in (page(client, ASK), look, after):
        assert "000 1111111" in shown and "000 3333333" in shown and "000 2222222" not in shown
    assert "2 boxes of 50 = 100 pieces" in look


def test_an_urgent_order_is_one_act_with_its_requests_and_a_clock(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    form = hidden(page(client, ASK)) | FORM | {"step": "send", f"amount:{SITE}|mask": "40"}
    answers = [client.post(ASK, form) for _ in range(2)]
    one = UrgentOrder.objects.get()
    assert [reply.headers["location"] for reply in answers] == [at(one)] * 2
    assert (one.site, one.region, one.requests, one.hours_left) == (SITE, "north", 2, 6)
    assert one.answer_by - one.asked_at == dt.timedelta(minutes=60)
    rows = RequestRow.objects.filter(act=one.act).values_list("request", "pieces", "urgent")
    assert set(rows) == {(f"R{one.act}-1", 100, True), (f"R{one.act}-2", 40, True)}


def test_the_minutes_are_those_of_the_policy_of_the_region(ground: SimpleNamespace) -> None:
    rule = {**JUDGED, "rule": "urgent_answer_minutes", "need": "all", "sector": "all", "region": "north", "value": 15.0}
    with writing("policy_told", by=ground.pim, about="policy") as act:
        act.tell("policy_rule", [rule])
    one = urgent(ground)
    assert one.answer_by - one.asked_at == dt.timedelta(minutes=15)


def test_who_to_call_back_is_asked_for_and_is_neither_in_facts_nor_in_the_log(ground: SimpleNamespace) -> None:
    assert sent(browser(ground.mila), ASK, **FORM | {"step": "send", "call_back_phone": ""}).status_code == 422
    assert not RequestRow.objects.exists()
    one = urgent(ground)
    told = json.dumps([*Act.objects.values("reason", "before", "after"), *RequestRow.objects.values("source")])
    assert "Wil" not in told and "555" not in told
    for name, sees in (("mila", True), ("ravi", True), ("pim", True), ("noor", False), ("anna", False)):
        assert ("000 5551234" in page(browser(getattr(ground, name)), at(one))) is sees, name
    lines = b"".join(browser(ground.pim).get("/urgent/?as=csv").streaming_content).decode()
    assert one.site in lines and "555" not in lines


def test_the_region_answers_yes_and_the_asker_sees_it_on_its_pages(ground: SimpleNamespace) -> None:
    one = urgent(ground)
    assert sent(browser(ground.ravi), at(one), **YES | {"when": ""}).status_code == 422
    client = browser(ground.ravi)
    form = hidden(page(client, at(one))) | YES
    assert [client.post(at(one), form).status_code for _ in range(2)] == [302, 302]
    line = Act.objects.latest("number")
    assert (line.name, line.after) == ("urgent_answered", {"order": one.act, "yes": True})
    mila = browser(ground.mila)
    for address in (at(one), "/orders/", f"/orders/R{one.act}-1/"):
        assert "answered: yes" in page(mila, address), address
    assert "tonight at nine" in page(mila, at(one))
    assert "The answer to this urgent order" in page(mila, f"/acts/{one.act}/")


def test_a_no_says_why(ground: SimpleNamespace) -> None:
    one = urgent(ground)
    assert sent(browser(ground.ravi), at(one), step="no").status_code == 422
    assert sent(browser(ground.ravi), at(one), **NO).status_code == 302
    assert "wash what you have" in page(browser(ground.mila), at(one))


def test_another_region_sees_and_answers_nothing(ground: SimpleNamespace) -> None:
    one = urgent(ground)
    assert browser(ground.sita).get(at(one)).status_code == 404
    assert browser(ground.otto).get(at(one)).status_code == 404
    assert "0 urgent orders" in page(browser(ground.sita), "/urgent/")
    with pytest.raises(PermissionDenied):
        answer(one, {"is_yes": True}, by=ground.sita, sent=Sent(None, 0))


def test_what_the_region_leaves_is_the_planners_too_with_its_age_and_a_sign(
    ground: SimpleNamespace, hands: Any
) -> None:
    one = urgent(ground)
    planner = browser(ground.pim)
    hands.return_value = NOON + dt.timedelta(minutes=59)
    assert "The region still has time" in page(planner, at(one))
    assert sent(planner, at(one), **YES).status_code == 403
    assert "1 urgent order." not in page(planner, "/urgent/?state=overdue")
    hands.return_value = NOON + dt.timedelta(minutes=95)
    shown = page(planner, "/urgent/?state=overdue")
    assert '<td class="late"><span class="sign" aria-hidden="true">▼</span>' in shown
    assert "no answer: asked 1 h 35 min ago, 35 minutes over time" in shown
    assert sent(planner, at(one), **YES).status_code == 302
    assert UrgentOrder.objects.get().answered_role == "planner"


def test_an_answer_is_given_once_whoever_is_first(ground: SimpleNamespace, hands: Any) -> None:
    one = urgent(ground)
    hands.return_value = NOON + dt.timedelta(hours=2)
    planner = browser(ground.pim)
    form = hidden(page(planner, at(one))) | NO
    sent(browser(ground.ravi), at(one), **YES)
    late = planner.post(at(one), form)
    assert late.status_code == 409 and "tonight at nine" in late.content.decode()
    assert UrgentOrder.objects.get().is_yes


def test_an_urgent_order_of_which_all_is_withdrawn_waits_no_longer(ground: SimpleNamespace) -> None:
    one = urgent(ground, **{f"amount:{SITE}|mask": "40"})
    client = browser(ground.mila)
    for at_line, still_open in ((1, True), (2, False)):
        sent(client, f"/orders/R{one.act}-{at_line}/", step="withdraw")
        assert UrgentOrder.objects.open().exists() is still_open
    assert Request.objects.filter(reason=None).count() == 0


def test_who_to_call_back_is_erased_once_nobody_has_to_call(ground: SimpleNamespace) -> None:
    one, client = urgent(ground), browser(ground.mila)
    assert client.post(at(one), hidden(page(client, at(one))) | {"step": "erase"}).status_code == 403
    sent(browser(ground.ravi), at(one), **YES)
    assert sent(client, at(one), step="erase").status_code == 302
    assert UrgentOrder.objects.get().call_back_phone == "" and UrgentOrder.objects.get().call_back_name == ""


def test_the_list_is_filtered_and_exported_as_it_is_shown(ground: SimpleNamespace, hands: Any) -> None:
    first = urgent(ground)
    sent(browser(ground.ravi), at(first), **YES)
    second = urgent(ground)
    client = browser(ground.ravi)
    for wanted, found in (("", [second, first]), ("state=open", [second]), ("state=ended", [first]), ("sought=x", [])):
        lines = b"".join(client.get(f"/urgent/?{wanted}&as=csv").streaming_content).decode("utf-8-sig").splitlines()
        assert [row["order"] for row in csv.DictReader(lines)] == [str(one.act) for one in found], wanted


def test_what_was_typed_outlives_the_session(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    form = hidden(page(client, ASK)) | FORM | {"step": "look"}
    client.logout()
    assert "kept" in client.post(ASK, form).headers["location"]
