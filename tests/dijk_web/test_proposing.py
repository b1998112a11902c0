"""What takes two: proposed by one, decided by another, and holding nowhere before that."""

import datetime as dt
import os
import subprocess
import sys
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from dijk.effect import PROPOSABLE
from dijk.policy import RULES
from dijk_web import chain
from dijk_web.actions import deciding, proposing
from dijk_web.actions import people as act_of_people
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate, writing
from dijk_web.models import TOLD, Act, Decision, Invitation, Person, PolicyRule, Proposal
from dijk_web.of_site import policy_now
from dijk_web.pages.judgement import Number
from dijk_web.proposing import JUDGED_BY_TWO, OF_A_PLAN, about_of, last_judged, may_decide, may_propose
from four_people import SEATS, browser, everybody, person, sits
from ground import TODAY, norm
from telling_forms import hidden

CAP = {
    "rule": "cap_days",
    "need": "all",
    "sector": "all",
    "region": "all",
    "value": 12.0,
    "word": None,
    "valid_from": TODAY,
    "valid_to": TODAY + dt.timedelta(days=60),
    "basis": "decision 12",
    "source": "minutes",
    "how": "assumed",
}
KEY = "cap_days|all|all|all"


def sent(since: int = 0) -> Sent:
    return Sent(None, since)


def proposed(by: Any, since: int = 0, **other: Any) -> Proposal:
    number = proposing.propose(by=by, table="policy_rule", row=CAP | other, reason="more comes in", sent=sent(since))
    return Proposal.objects.get(act=number)


def cap() -> float:
    return policy_now().usual("cap_days", TODAY)


def test_what_is_proposed_holds_once_another_approves_it_and_says_who_set_it(ground: SimpleNamespace) -> None:
    one = proposed(ground.pim)
    assert cap() == 10 and not PolicyRule.objects.exists()
    act = Act.objects.get(number=deciding.approve(one, by=ground.noor, why="agreed", sent=sent()))
    assert cap() == 12
    row = PolicyRule.objects.get()
    assert (row.act, row.set_by, row.basis) == (act.number, "official GMT; proposed by planner", "decision 12")
    assert (act.name, act.about, act.added["policy_rule"][0]) == ("proposal_approved", f"proposal:{one.act}", 1)
    one.refresh_from_db()
    assert (one.state, one.ended_by, one.ended_why) == ("approved", "p-noor", "agreed")


def test_nobody_decides_on_their_own_whatever_role_they_come_to_have(ground: SimpleNamespace) -> None:
    one = proposed(ground.noor)
    number = deciding.approve(one, by=ground.noor, why="quick", sent=sent())
    tried = Act.objects.get(number=number)
    assert tried.name == "own_proposal_tried" and tried.added == {} and Proposal.objects.get().is_open
    two = proposed(ground.pim, value=14.0)
    ground.pim.role, ground.pim.directorate = "official", "GMT"
    ground.pim.save()
    deciding.approve(two, by=ground.pim, why="now I may", sent=sent())
    assert Proposal.objects.open().count() == 2 and not PolicyRule.objects.exists()


ROWS: dict[str, dict[str, Any]] = {
    "policy_rule": {"rule": "floor_days", "need": "all", "sector": "home", "region": "north", "value": 3.0},
    "norm": norm("gown", "home"),
    "fence": {"fence": "f", "need": "all", "sector": "home", "region": "north", "kind": "cap", "share": 0.1},
    "scenario": {
        "scenario": "s",
        "need": "all",
        "sector": "home",
        "driver": "all",
        "name_en": "x",
        "name_nl": "x",
        "advice": "x",
        "starts_on": TODAY,
        "ramp_days": 1,
        "coverage": 0.0,
        "norm_factor": 1.0,
        "driver_factor": 2.0,
        "in_curve": "none",
    },
    "mandate": {"capacity": "buyer", "need": "all", "signs_for": "consortium", "most_cents": 100},
    "policy_text": {"subject": "carer", "need": "all", "dutch": "x", "english": "x"},
    "scope": {"need": "gown", "state": "proposed", "action": "none"},
    "acceptance": {"product": "gown-box", "need": "gown", "preference": 2},
}
"""A row of each table that takes two, of a region and a sector where it may be."""


@pytest.mark.parametrize("table", JUDGED_BY_TWO)
def test_the_same_person_in_every_role_that_they_could_hold_is_never_both(ground: SimpleNamespace, table: str) -> None:
    said = {name: CAP[name] for name in ("valid_from", "valid_to", "basis", "source", "how")}
    row, someone = ROWS[table] | said, person("someone", role="planner")
    before = TOLD[table].objects.count()
    seats = [one for one in SEATS.values() if one["role"] != "institution"]

    for first in seats:
        sits(someone, first)
        if not may_propose(someone, table, row):
            continue
        since = last_judged(about_of(table, row))
        number = proposing.propose(by=someone, table=table, row=row, reason="x", sent=sent(since))
        one = Proposal.objects.get(act=number)
        for then in seats:
            sits(someone, then)
            with suppress(PermissionDenied):
                deciding.approve(one, by=someone, why="me too", sent=sent())
    assert Proposal.objects.open().count() == Proposal.objects.count() >= 4
    assert TOLD[table].objects.count() == before
    deciding.approve(one, by=ground.noor, why="another", sent=sent())
    assert TOLD[table].objects.count() == before + 1, "the row itself is right"


@pytest.mark.parametrize("decision", [Decision.APPROVED, Decision.REFUSED])
def test_the_database_itself_refuses_one_person_as_both(ground: SimpleNamespace, decision: Decision) -> None:
    one = proposed(ground.noor)
    with pytest.raises(IntegrityError, match="proposal_takes_two"), transaction.atomic():
        Proposal.objects.filter(pk=one.pk).update(state=decision, ended_act=one.act, ended_by="p-noor")


def test_one_no_ends_it(ground: SimpleNamespace) -> None:
    one = proposed(ground.pim)
    deciding.refuse(one, by=ground.noor, why="not now", sent=sent())
    with pytest.raises(TooLate):
        deciding.approve(one, by=ground.noor, why="after all", sent=sent())
    with pytest.raises(TooLate):
        deciding.withdraw(one, by=ground.pim, why="late", sent=sent())
    assert Proposal.objects.get().state == "refused" and not PolicyRule.objects.exists()


def test_what_rests_on_a_judgement_that_changed_is_overtaken(ground: SimpleNamespace) -> None:
    first, second = proposed(ground.pim), proposed(ground.noor, value=14.0)
    deciding.approve(first, by=ground.noor, why="agreed", sent=sent())
    second.refresh_from_db()
    assert second.state == "overtaken"
    third = proposed(ground.pim, since=Act.objects.latest("number").number, value=8.0)
    Proposal.objects.filter(pk=third.pk).update(rests_on=0)  # as if a row had come by another way since
    third.refresh_from_db()
    number = deciding.approve(third, by=ground.noor, why="agreed", sent=sent())
    assert Act.objects.get(number=number).name == "proposal_overtaken" and cap() == 12
    assert Proposal.objects.get(pk=third.pk).state == "overtaken"


def test_a_form_made_before_another_decision_is_refused(ground: SimpleNamespace) -> None:
    deciding.approve(proposed(ground.pim), by=ground.noor, why="agreed", sent=sent())
    with pytest.raises(TooLate):
        proposed(ground.pim, value=9.0)


def test_only_the_proposer_takes_it_back(ground: SimpleNamespace) -> None:
    one = proposed(ground.pim)
    with pytest.raises(PermissionDenied):
        deciding.withdraw(one, by=ground.noor, why="mine now", sent=sent())
    deciding.withdraw(one, by=ground.pim, why="a slip", sent=sent())
    assert Proposal.objects.get().state == "withdrawn"


MAY = {
    ("policy_rule", "cap_days", "all", "all"): ({"pim", "noor", "kees", "lot"}, {"noor"}),
    ("policy_rule", "floor_days", "hospital", "all"): ({"pim", "noor", "kees", "lot"}, {"noor", "kees"}),
    ("policy_rule", "floor_days", "all", "north"): ({"pim", "noor", "kees", "lot", "ravi"}, {"noor", "ravi"}),
    ("policy_rule", "cap_days", "all", "north"): ({"pim", "noor", "kees", "lot"}, {"noor"}),
    ("norm", None, "home", "all"): ({"pim", "noor", "kees", "lot", "eva"}, {"noor", "lot"}),
    ("fence", None, "all", "south"): ({"pim", "noor", "kees", "lot", "sita"}, {"noor", "sita"}),
    ("scenario", None, "all", "all"): ({"pim", "noor", "kees", "lot"}, {"noor"}),
    ("mandate", None, "all", "all"): ({"pim", "noor", "kees", "lot"}, {"noor"}),
    ("policy_text", None, "all", "all"): ({"pim", "noor", "kees", "lot"}, {"pim", "noor"}),
    ("scope", None, "all", "all"): ({"pim", "bo", "noor", "kees", "lot", "eva"}, {"noor"}),
    ("acceptance", None, "all", "all"): ({"pim", "bo", "noor", "kees", "lot", "eva"}, {"noor"}),
}
"""Who may propose a row of a table, rule, sector and region; and who may decide on it."""


@pytest.mark.parametrize("about", MAY, ids=str)
def test_who_may_propose_and_decide_is_as_the_table_says(ground: SimpleNamespace, sectors: None, about: Any) -> None:
    table, rule, sector, region = about
    row = {"rule": rule, "sector": sector, "region": region}
    proposal = Proposal(kind=table, content=row, by="p-x")
    everybody = vars(ground).items()
    assert (
        {name for name, one in everybody if may_propose(one, table, row)},
        {name for name, one in everybody if may_decide(one, proposal)},
    ) == MAY[about]


@pytest.fixture
def sectors(ground: SimpleNamespace) -> None:
    """The two sectors: of cure and of care."""
    with writing("registers_told", by=ground.pim, about="registers") as act:
        named = {"name_en": "-", "name_nl": "-", "source": "test"}
        act.tell(
            "sector", [{"sector": "hospital", "group": "cure", **named}, {"sector": "home", "group": "care", **named}]
        )


# A role that proposes or decides


@pytest.fixture
def eda(people: SimpleNamespace) -> Person:
    """A second administrator."""
    return person("eda", role="administrator")


def seated(client: Any, address: str, **typed: str) -> Proposal:
    """What an administrator proposed about a person, by the form."""
    done = filled(client, address, reason="New work.", **typed)
    assert done.status_code == 302, done.content.decode()
    return Proposal.objects.get(act=int(done.url.split("/")[-2]))


def test_one_administrator_makes_no_planner(people: SimpleNamespace, eda: Person) -> None:
    ada = browser(people.ada)
    one = seated(ada, "/people/invite/", name="Pia", email="pia@tower.example", role="planner")
    assert not Invitation.objects.exists() and "Pia" in ada.get(f"/proposals/{one.act}/").content.decode()
    assert filled(ada, f"/proposals/{one.act}/", step="approve", why="x").status_code == 403
    assert not Invitation.objects.exists()
    filled(browser(eda), f"/proposals/{one.act}/", step="approve", why="I know her.")
    made = Invitation.objects.get()
    assert (made.name, made.role, made.email) == ("Pia", "planner", "pia@tower.example")
    assert "name" not in Proposal.objects.get().content and "Pia" not in str(
        list(Act.objects.values("before", "after"))
    )


def test_a_planner_is_let_in_again_and_gets_another_role_by_two(people: SimpleNamespace, eda: Person) -> None:
    ada, second = browser(people.ada), browser(eda)
    again = seated(ada, "/people/p-pim/again/")
    filled(second, f"/proposals/{again.act}/", step="approve", why="I know him.")
    assert Invitation.objects.get().code == "p-pim"
    role = seated(ada, "/people/p-pim/role/", role="official", directorate="GMT")
    assert Person.objects.get(code="p-pim").role == "planner"
    filled(second, f"/proposals/{role.act}/", step="approve", why="He moves.")
    assert Person.objects.get(code="p-pim").directorate == "GMT"
    assert Act.objects.latest("number").before["role"] == "planner"


def test_no_other_way_leads_to_a_role_that_takes_two(people: SimpleNamespace) -> None:
    act = act_of_people
    seat = {**dict.fromkeys(act.SEAT), "role": "planner", "sites": []}
    for attempt in (
        lambda: act.invite(Invitation(name="Pia", role="planner"), by=people.ada, reason="x"),
        lambda: act.let_in_again(people.pim, by=people.ada, reason="x"),
        lambda: act.change_role(people.anna, seat, by=people.ada, reason="x"),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_nobody_decides_on_their_own_role_or_on_what_changed_since(people: SimpleNamespace, eda: Person) -> None:
    own = seated(browser(people.ada), "/people/p-eda/role/", role="planner")
    assert not may_decide(eda, own)
    seated(browser(people.ada), "/people/p-pim/role/", role="buyer")
    act_of_people.let_go(people.pim, by=eda, reason="Left.")
    other = Proposal.objects.get(about="person:p-pim")
    number = deciding.approve(other, by=eda, why="late", sent=sent())
    assert Act.objects.get(number=number).name == "proposal_overtaken"
    assert Person.objects.get(code="p-pim").role == "planner"


def test_proposals_about_people_are_for_who_keeps_them(people: SimpleNamespace, ground: SimpleNamespace) -> None:
    seat = seated(browser(people.ada), "/people/p-pim/role/", role="buyer")
    rule = proposed(ground.pim)
    for name, sees in (("ada", seat), ("noor", rule), ("anna", rule)):
        found = browser(getattr(people, name)).get("/proposals/").content.decode()
        assert [one.act for one in (seat, rule) if f"/proposals/{one.act}/" in found] == [sees.act], name
        other = seat if sees == rule else rule
        assert browser(getattr(people, name)).get(f"/proposals/{other.act}/").status_code == 404


# The pages


def filled(client: Any, address: str, **typed: str) -> Any:
    """The form of a page as it stands in the browser, with what is typed over it, sent."""
    return client.post(address, {**hidden(client.get(address).content.decode()), **typed})


TYPED = {
    "rule": "cap_days",
    "need": "all",
    "sector": "all",
    "region": "all",
    "value": "12,5",
    "valid_from": TODAY.isoformat(),
    "valid_to": "2020-06-30",
    "basis": "decision 12",
    "source": "minutes",
    "how": "assumed",
    "reason": "more comes in",
}


def test_a_rule_goes_from_form_to_page_to_the_second_person(ground: SimpleNamespace) -> None:
    pim, noor = browser(ground.pim), browser(ground.noor)
    done = filled(pim, "/policy/policy_rule/propose/", **TYPED)
    number = Proposal.objects.get().act
    assert done.url == f"/proposals/{number}/"
    own = pim.get(done.url).content.decode()
    assert "another person decides" in own and "12.5" in own and 'value="approve"' not in own
    assert "waits for you" in noor.get("/proposals/").content.decode()
    assert "waits for you" not in pim.get("/proposals/").content.decode()
    filled(noor, done.url, step="approve", why="agreed")
    assert policy_now().usual("cap_days", TODAY) == 12.5
    page = noor.get(f"/policy/policy_rule/{KEY}/").content.decode()
    assert "official GMT; proposed by planner" in page and f"proposal {number}" in page
    assert "30 June 2020" in noor.get("/policy/?sought=cap_days").content.decode()


def test_an_own_proposal_that_is_approved_by_hand_is_refused_and_logged(ground: SimpleNamespace) -> None:
    noor = browser(ground.noor)
    address = filled(noor, "/policy/policy_rule/propose/", **TYPED).url
    answer = filled(noor, address, step="approve", why="quick")
    assert answer.status_code == 403 and "another person decides" in answer.content.decode()
    assert "nothing was decided" in noor.get(address).content.decode() and Proposal.objects.get().is_open


WRONG = {
    ("valid_from", "2020-04-01"): "A day from today",
    ("valid_to", "2020-04-01"): "A day from the first day on",
    ("value", "1000"): "From 0 to 365 days.",
    ("value", "many"): "Enter a number.",
    ("word", "fast"): "takes a number, and no word",
    ("basis", ""): "This field is required.",
    ("rule", "promised_days"): "",
    ("region", "north"): "",
}


@pytest.mark.parametrize("typed", WRONG, ids=str)
def test_what_a_rule_cannot_be_is_said_at_the_field(ground: SimpleNamespace, typed: Any) -> None:
    answer = filled(browser(ground.pim), "/policy/policy_rule/propose/", **TYPED | dict([typed]))
    if WRONG[typed]:
        assert answer.status_code == 422 and WRONG[typed] in answer.content.decode()
        assert not Proposal.objects.exists()
    else:
        assert answer.status_code == 302


def test_what_is_there_already_is_changed_on_its_own_page_and_not_told_to_be_late(ground: SimpleNamespace) -> None:
    deciding.approve(proposed(ground.pim), by=ground.noor, why="agreed", sent=sent())
    pim = browser(ground.pim)
    answer = filled(pim, "/policy/policy_rule/propose/", **TYPED)
    assert answer.status_code == 422 and "There is one already" in answer.content.decode()
    assert filled(pim, f"/policy/policy_rule/propose/?key={KEY}", **TYPED).status_code == 302


NUMBERS = {"0,125": 0.125, "2.5": 2.5, "1250": 1250.0, "1,2500": 1.25, "7.123456789": 7.123456789}


@pytest.mark.parametrize("typed", NUMBERS)
def test_a_number_is_what_was_typed_and_stands_there_again_in_both_languages(typed: str) -> None:
    number = Number()
    assert number.clean(typed) == NUMBERS[typed]
    for language in ("nl", "en"):
        with translation.override(language):
            for value in (*NUMBERS.values(), 2.125, 1000.0, 1234567.0):
                assert number.clean(number.prepare_value(value)) == value


@pytest.mark.parametrize("typed", ["1.000", "1,000", "2,125", "1.000,5", "1e", "12 boxes", "ca. 5"])
def test_a_number_that_reads_in_two_ways_or_in_none_is_asked_again(typed: str) -> None:
    if typed == "1.000,5":
        assert Number().clean(typed) == 1000.5  # there is but one way
        return
    with pytest.raises(ValidationError):
        Number().clean(typed)


def test_a_rule_that_dijk_does_not_know_is_no_fault_of_the_page(ground: SimpleNamespace) -> None:
    with writing("policy_told", by=ground.pim, about="dataset") as act:
        act.tell("policy_rule", [CAP | {"rule": "unheard", "set_by": "x", "valid_from": TODAY - dt.timedelta(days=1)}])
    address = "/policy/policy_rule/propose/?key=unheard|all|all|all"
    answer = filled(browser(ground.pim), address, **TYPED)
    assert answer.status_code == 422 and "does not know this rule" in answer.content.decode()


def test_what_takes_two_is_what_an_effect_can_be_asked_of() -> None:
    assert set(OF_A_PLAN) == set(PROPOSABLE)
    assert set(JUDGED_BY_TWO) - set(PROPOSABLE) == {"mandate", "policy_text"}, "no step of a plan reads these"


@pytest.mark.parametrize("table", ["mandate", "policy_text"])
def test_of_what_no_plan_reads_no_effect_is_offered(ground: SimpleNamespace, table: str) -> None:
    said = {name: CAP[name] for name in ("valid_from", "valid_to", "basis", "source", "how")}
    number = proposing.propose(by=ground.pim, table=table, row=ROWS[table] | said, reason="x", sent=sent())
    noor = browser(ground.noor)
    assert "/effect/" not in noor.get(f"/proposals/{number}/").content.decode()
    assert noor.get(f"/proposals/{number}/effect/").status_code == 404


def test_a_rule_is_not_set_per_what_no_step_reads(ground: SimpleNamespace) -> None:
    rule = {"rule": "promised_days", "region": "north", "value": "9"}
    answer = filled(browser(ground.pim), "/policy/policy_rule/propose/", **TYPED | rule)
    assert "cannot be set per region" in answer.content.decode() and not Proposal.objects.exists()


def test_no_state_of_a_need_is_left_out(ground: SimpleNamespace) -> None:
    typed = {"need": "gown", "state": "listed", "action": "buying", **{name: TYPED[name] for name in DAYS}}
    answer = filled(browser(ground.pim), "/policy/scope/propose/", **typed)
    assert "After this state comes: proposed." in answer.content.decode()
    for state in ("proposed", "specified", "approved", "listed"):
        address = filled(browser(ground.pim), "/policy/scope/propose/", **typed | {"state": state})
        if state != "proposed":
            address = filled(browser(ground.pim), "/policy/scope/propose/?key=gown", **typed | {"state": state})
        filled(browser(ground.noor), address.url, step="approve", why="agreed")
    assert policy_now().in_force("scope", TODAY)["state"].to_list() == ["listed"]


DAYS = ("valid_from", "valid_to", "basis", "source", "how", "reason")


def test_a_coordinator_proposes_own_rules_alone(ground: SimpleNamespace) -> None:
    ravi = browser(ground.ravi)
    answer = filled(ravi, "/policy/policy_rule/propose/", **TYPED)
    assert answer.status_code == 422 and "not yours to propose" in answer.content.decode()
    own = TYPED | {"rule": "floor_days", "region": "north", "value": "3"}
    assert filled(ravi, "/policy/policy_rule/propose/", **own).status_code == 302
    assert ravi.get("/policy/norm/propose/").status_code == 403


def test_a_page_asks_the_database_the_same_few_things_however_much_holds(
    ground: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    client = browser(ground.noor)
    for address in ("/policy/?sought=hospital", "/policy/?table=norm&sought=mask", f"/policy/policy_rule/{KEY}/"):
        client.get(address)
        with django_assert_max_num_queries(25):
            assert client.get(address).status_code == 200


# At once


RACER = """
import sys, django
django.setup()
from django.db import connections
connections.settings["default"]["NAME"] = sys.argv[1]
from dijk_web.actions import deciding
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate, writing
from dijk_web.models import Person, Proposal
by = Person.objects.get(code=sys.argv[2])
waiting = list(Proposal.objects.order_by("act"))
print("ready", flush=True)
sys.stdin.readline()
for one in waiting:
    try:
        print(one.act, getattr(deciding, sys.argv[3])(one, by=by, why="race", sent=Sent(None, 0)), flush=True)
    except TooLate:
        print(one.act, "late", flush=True)
"""


def racer(tower: Any, code: str, step: str) -> subprocess.Popen[str]:
    """A process that does one thing to every proposal, as soon as it is told to begin."""
    places = os.pathsep.join(path for path in sys.path if path)
    command = [sys.executable, "-c", RACER, str(tower["NAME"]), code, step]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=os.environ | {"PYTHONPATH": places}, **pipes)


@pytest.mark.slow
def test_of_two_who_approve_and_one_who_takes_it_back_one_is_first(tower: Any) -> None:
    people = everybody()
    person("nora", role="official", directorate="GMT")
    rules = [name for name, one in RULES.items() if not one.is_word][:12]
    for rule in rules:
        proposed(people.pim, rule=rule, value=RULES[rule].least)
    racers = [racer(tower, *who) for who in (("p-noor", "approve"), ("p-nora", "approve"), ("p-pim", "withdraw"))]
    assert [one.stdout.readline() for one in racers if one.stdout] == ["ready\n"] * 3
    said = [one.communicate("go\n", timeout=120)[0].splitlines() for one in racers]
    assert [one.returncode for one in racers] == [0] * 3
    for proposal, *answers in zip(Proposal.objects.order_by("act"), *said, strict=True):
        won = [line for line in answers if not line.endswith(" late")]
        assert won == [f"{proposal.act} {proposal.ended_act}"], "one was first, and the others were told"
        assert PolicyRule.objects.filter(act=proposal.ended_act).count() == (proposal.state == "approved")
    assert chain.broken_acts() == []
