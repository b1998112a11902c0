"""The signal to other sectors: a text that two persons lay down, beside what it was written on."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from dijk_web.actions import deciding, proposing
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import writing
from dijk_web.models import Act, PolicyText, Proposal
from dijk_web.of_site import policy_now
from four_people import browser
from ground import JUDGED, TODAY
from telling_forms import hidden

SAID = {"valid_from": TODAY, "basis": "decision 9", "source": "minutes", "how": "estimated"}
TEXT = {"subject": "signal", "need": "gown", "dutch": "Reken nergens op.", "english": "Count on nothing."}
FENCE = {"fence": "f", "need": "gown", "sector": "care", "region": "all", "kind": "guarantee", "share": 0.3}
ADDRESS = "/policy/policy_text/propose/"


@pytest.fixture
def listed(ground: SimpleNamespace) -> SimpleNamespace:
    """Gowns are on the list."""
    told(ground, "scope", {"need": "gown", "state": "listed", "action": "none"})
    return ground


def told(people: SimpleNamespace, table: str, *rows: dict[str, Any]) -> None:
    with writing("policy_told", by=people.pim, about="dataset") as act:
        act.tell(table, [JUDGED | row for row in rows])


def judged(people: SimpleNamespace, verdict: str = "specific_shortage", **days: Any) -> None:
    told(people, "verdict", {"need": "gown", "verdict": verdict, "evidence": "x", "valid_from": TODAY} | days)


def sent() -> Sent:
    return Sent(None, Act.objects.latest("number").number)


def proposed(by: Any, **other: Any) -> Proposal:
    number = proposing.propose(by=by, table="policy_text", row=TEXT | SAID | other, reason="x", sent=sent())
    return Proposal.objects.get(act=number)


def approved(people: SimpleNamespace) -> None:
    deciding.approve(proposed(people.pim), by=people.noor, why="agreed", sent=sent())


def page(person: Any, lang: str = "en") -> str:
    client = browser(person)
    client.cookies["django_language"] = lang
    return str(client.get("/signal/").content.decode())


def test_a_text_holds_once_another_approves_it_in_both_languages(listed: SimpleNamespace) -> None:
    assert "Nothing was laid down yet" in page(listed.mila)
    one = proposed(listed.noor)
    assert "Count on nothing." not in page(listed.pim), "what is proposed shows nowhere as if it held"
    deciding.approve(one, by=listed.noor, why="quick", sent=sent())
    assert not PolicyText.objects.exists()
    deciding.approve(one, by=listed.pim, why="agreed", sent=sent())
    for name in ("mila", "ravi", "bo", "ada"):
        assert "Count on nothing." in page(getattr(listed, name)), name
    assert "Reken nergens op." in page(listed.mila, "nl")


def test_what_holds_stands_beside_it_for_who_reads_the_nation_alone(listed: SimpleNamespace) -> None:
    judged(listed)
    told(listed, "fence", FENCE)
    seen = page(listed.noor)
    for said in ("It is short", "specific shortage", "At least 30%", "Nothing of it is set apart for other sectors"):
        assert said in seen, said
        assert said not in page(listed.mila), said
    assert "What holds of it now" not in page(listed.mila) and "/policy/" not in page(listed.mila)
    told(listed, "fence", FENCE | {"fence": "o", "sector": "other", "kind": "reserve", "share": 0.05})
    assert "5% of what is divided is set aside first" in page(listed.noor)
    assert "Nothing of it is set apart" not in page(listed.noor)


@pytest.mark.parametrize("change", ["verdict", "fence"])
def test_a_text_whose_ground_changed_is_marked_for_everybody(listed: SimpleNamespace, change: str) -> None:
    approved(listed)
    assert "Overtaken" not in page(listed.mila)
    if change == "verdict":
        judged(listed)
    else:
        told(listed, "fence", FENCE)
    assert "Overtaken" in page(listed.mila) and "Count on nothing." in page(listed.mila)
    assert "What it was written on" in page(listed.noor)
    approved(listed)
    assert "Overtaken" not in page(listed.mila), "a new text was written on what holds now"


def test_a_text_is_overtaken_on_the_day_that_its_verdict_ends(listed: SimpleNamespace, hands: Any) -> None:
    judged(listed, valid_to=TODAY + dt.timedelta(days=3))
    approved(listed)
    hands.return_value += dt.timedelta(days=3)
    assert "Overtaken" not in page(listed.mila)
    hands.return_value += dt.timedelta(days=1)
    assert "Overtaken" in page(listed.mila)


def test_another_verdict_with_the_same_meaning_makes_no_text_old(listed: SimpleNamespace) -> None:
    judged(listed)
    approved(listed)
    judged(listed, valid_to=TODAY + dt.timedelta(days=9), valid_from=TODAY - dt.timedelta(days=1))
    assert "Overtaken" not in page(listed.mila)


def test_a_proposal_whose_ground_changed_can_no_longer_be_approved(listed: SimpleNamespace) -> None:
    one = proposed(listed.pim)
    judged(listed)
    assert "What it rests on changed" in browser(listed.noor).get(f"/proposals/{one.act}/").content.decode()
    number = deciding.approve(one, by=listed.noor, why="agreed", sent=sent())
    assert Act.objects.get(number=number).name == "proposal_overtaken" and not PolicyText.objects.exists()


def test_who_writes_sees_what_holds_and_sends_again_where_that_changed_meanwhile(listed: SimpleNamespace) -> None:
    pim = browser(listed.pim)
    address = f"{ADDRESS}?subject=signal&need=gown"
    typed = {**TEXT, **SAID, "valid_from": TODAY.isoformat(), "reason": "x"}
    form = hidden(pim.get(address).content.decode())
    judged(listed)
    again = pim.post(address, {**form, **typed})
    assert again.status_code == 422 and "It is short" in again.content.decode()
    assert not Proposal.objects.exists()
    done = pim.post(address, {**hidden(again.content.decode()), **typed})
    assert done.status_code == 302
    assert '"verdict": "specific_shortage"' in Proposal.objects.get().content["ground"]


@pytest.mark.parametrize("about", [{"subject": "carer", "need": "gown"}, {"subject": "signal", "need": "all"}])
def test_a_text_is_about_what_its_subject_is_about(listed: SimpleNamespace, about: dict[str, str]) -> None:
    pim = browser(listed.pim)
    typed = {**TEXT, **SAID, **about, "valid_from": TODAY.isoformat(), "reason": "x"}
    answer = pim.post(ADDRESS, {**hidden(pim.get(ADDRESS).content.decode()), **typed})
    assert answer.status_code == 422 and "For who counts as a carer: all" in answer.content.decode()


def test_a_text_of_a_file_that_does_not_say_on_what_it_was_written_says_so(listed: SimpleNamespace) -> None:
    told(listed, "policy_text", TEXT)
    assert policy_now().in_force("policy_text", TODAY)["ground"].to_list() == [None]
    assert "It does not say on what it was written" in page(listed.mila) and "Overtaken" not in page(listed.mila)
