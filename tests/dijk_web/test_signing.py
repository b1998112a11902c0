"""Who may sign an order: a mandate that two persons laid down, and a page that answers it for an amount."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from dijk_web.actions.writing import writing
from dijk_web.models import Mandate, Proposal
from dijk_web.pages.judgement import Euros
from four_people import browser
from ground import JUDGED, TODAY
from telling_forms import hidden

ROW = {"capacity": "head_of_buying", "need": "all", "signs_for": "consortium", "most_cents": 25_000_000}
TYPED = {
    "capacity": "head_of_buying",
    "need": "all",
    "signs_for": "consortium",
    "most_cents": "250000,00",
    "valid_from": TODAY.isoformat(),
    "valid_to": "2020-06-30",
    "basis": "mandate of April",
    "source": "minutes",
    "how": "assumed",
    "reason": "orders wait",
}


def told(people: SimpleNamespace, *rows: dict[str, Any]) -> None:
    with writing("policy_told", by=people.pim, about="dataset") as act:
        act.tell("mandate", [JUDGED | row for row in rows])


def answer(people: SimpleNamespace, amount: str, *, need: str = "gown", day: dt.date = TODAY, status: int = 200) -> str:
    got = browser(people.noor).get("/policy/signing/", {"need": need, "amount": amount, "day": day.isoformat()})
    assert got.status_code == status
    return str(got.content.decode())


def test_a_mandate_goes_from_form_to_page_by_two_and_then_says_who_signs(ground: SimpleNamespace) -> None:
    pim, noor = browser(ground.pim), browser(ground.noor)
    address = "/policy/mandate/propose/"
    done = pim.post(address, {**hidden(pim.get(address).content.decode()), **TYPED})
    assert "Nobody may sign it" in answer(ground, "1"), "what is proposed holds nowhere"
    assert "250,000.00" in noor.get(done.url).content.decode()
    noor.post(done.url, {**hidden(noor.get(done.url).content.decode()), "step": "approve", "why": "agreed"})
    row = Mandate.objects.get()
    assert (row.most_cents, row.set_by) == (25_000_000, "official GMT; proposed by planner")
    assert "head_of_buying" in answer(ground, "250000") and "Nobody may sign it" in answer(ground, "250000,01")
    assert "30 June 2020" in noor.get("/policy/?table=mandate").content.decode()
    history = noor.get("/policy/mandate/head_of_buying|all/").content.decode()
    assert f"proposal {Proposal.objects.get().act}" in history


def test_without_a_row_in_force_nobody_may_sign(ground: SimpleNamespace) -> None:
    assert "Nobody may sign it" in answer(ground, "0")
    told(ground, ROW | {"valid_to": TODAY - dt.timedelta(days=1)})
    assert "Nobody may sign it" in answer(ground, "0"), "what ended yesterday holds nowhere today"


def test_above_the_mandate_of_the_consortium_the_ministry_must_sign(ground: SimpleNamespace) -> None:
    ministry = {"capacity": "director_general", "signs_for": "ministry", "most_cents": None}
    told(ground, ROW, ROW | ministry, ROW | {"need": "mask", "most_cents": 0})
    assert "ministry must sign" not in answer(ground, "250000")
    above = answer(ground, "250000.01")
    assert "The ministry must sign it" in above and "no limit" in above and "Whose mandate stops below it" in above
    assert "The ministry must sign it" in answer(ground, "1", need="mask"), "the row of the need goes before"


@pytest.mark.parametrize("amount", ["", "1.000.000", "1,234", "-5", "many", "1e6"])
def test_an_amount_that_can_be_read_two_ways_or_not_at_all_is_asked_again(ground: SimpleNamespace, amount: str) -> None:
    told(ground, ROW)
    assert "head_of_buying" not in answer(ground, amount, status=422)


def test_an_amount_is_read_in_whole_cents() -> None:
    field = Euros(required=False)
    read = {"0": 0, "250000": 25_000_000, "250000,5": 25_000_050, "€ 12.34": 1234, "0,07": 7, "": None}
    assert {text: field.clean(text) for text in read} == read
    assert [field.clean(field.prepare_value(cents)) for cents in (0, 7, 1234, 10**13)] == [0, 7, 1234, 10**13]
    with pytest.raises(ValidationError):
        field.clean("1" * 13)
