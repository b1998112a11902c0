"""People come in by invitation, once; and who may invite whom."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from dijk_web.actions import people as act
from dijk_web.actions.writing import TooLate
from dijk_web.models import Act, Invitation, Person
from dijk_web.people import INVITES, Role, lets_in
from four_people import browser

COMES_IN = {
    "name": "Nina de Vries",
    "email": "Nina@tower.example",
    "password": "een zin die niemand raadt",
    "again": "een zin die niemand raadt",
    "once": "0" * 32,
}


@pytest.fixture
def invited(people: SimpleNamespace) -> Invitation:
    """Nina, invited by Ravi to a home of the north that has an owner."""
    nina = Invitation(name="Nina", role=Role.INSTITUTION, organisation="home-north")
    return act.invite(nina, by=people.ravi, reason="Called the number in the register.")


def test_who_follows_the_link_comes_in_and_logs_in_with_the_own_password(invited: Invitation):
    visitor = browser()
    page = visitor.get(f"/invitation/{invited.one_time_code}/")
    assert "care institution" in page.content.decode()
    done = visitor.post(f"/invitation/{invited.one_time_code}/", COMES_IN)
    assert done.headers["location"] == "/account/login/"
    visitor.post("/account/login/", {"login": "nina@tower.example", "password": COMES_IN["password"]})
    assert visitor.get("/").status_code == 200
    nina = Person.objects.get(email="nina@tower.example")
    assert (nina.code, nina.organisation, nina.is_owner) == (invited.code, "home-north", False)


def test_the_code_of_the_letter_works_however_it_is_typed(invited: Invitation):
    typed = invited.one_time_code.replace("-", " ").lower().replace("0", "o").replace("1", "l")
    answer = browser().post("/invitation/", {"code": typed})
    assert answer.headers["location"] == f"/invitation/{invited.one_time_code}/"


def test_a_link_works_once(invited: Invitation):
    address = f"/invitation/{invited.one_time_code}/"
    assert browser().post(address, COMES_IN).status_code == 302
    assert browser().get(address).status_code == 404
    assert browser().post("/invitation/", {"code": invited.one_time_code}).status_code == 422


def test_two_who_follow_the_same_link_at_once_are_one_person(invited: Invitation):
    first = {"name": "Nina", "email": "nina@tower.example", "password": "een zin die niemand raadt", "language": "nl"}
    act.accept(invited, **first)
    with pytest.raises(TooLate):
        act.accept(invited, **{**first, "email": "other@tower.example"})
    assert not Person.objects.filter(email="other@tower.example").exists()
    assert Act.objects.filter(name="invitation_accepted").count() == 1


def test_a_form_of_acceptance_that_is_sent_twice_is_one_act(invited: Invitation):
    given = {"name": "Nina", "email": "nina@tower.example", "password": "een zin die niemand raadt", "language": "nl"}
    act.accept(invited, **given, once="key")
    page = browser().post(f"/invitation/{invited.one_time_code}/", COMES_IN)
    assert page.status_code == 404
    assert Person.objects.filter(code=invited.code).count() == 1


def test_a_link_is_dead_after_fourteen_days(invited: Invitation):
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert browser().get(f"/invitation/{invited.one_time_code}/").status_code == 404
    assert invited.expires_at - invited.made_at == dt.timedelta(days=14)


def test_the_database_holds_no_code_that_lets_somebody_in(invited: Invitation):
    row = Invitation.objects.values().get()
    letters = invited.one_time_code.replace("-", "")
    assert not any(letters in str(value) or invited.one_time_code in str(value) for value in row.values())


def test_the_first_of_an_organisation_is_its_owner_and_invites_colleagues(people: SimpleNamespace):
    Person.objects.filter(organisation="home-north").delete()
    nina = Invitation(name="Nina", role=Role.INSTITUTION, organisation="home-north")
    act.invite(nina, by=people.ravi, reason="Called.")
    owner = act.accept(nina, name="Nina", email="nina@tower.example", password="x", language="nl")
    assert owner.is_owner
    colleague = Invitation(name="Tom", role=Role.INSTITUTION, organisation="home-north")
    act.invite(colleague, by=owner, reason="")
    assert not act.accept(colleague, name="Tom", email="tom@tower.example", password="x", language="nl").is_owner


def test_an_owner_invites_to_the_own_organisation_whatever_the_form_says(people: SimpleNamespace):
    given = {"name": "Tom", "once": "1" * 32, "organisation": "hospital-south", "role": "administrator"}
    assert browser(people.mila).post("/people/invite/", given).status_code == 302
    tom = Invitation.objects.get(name="Tom")
    assert (tom.role, tom.organisation) == ("institution", "hospital-north")


def test_a_region_lets_in_its_own_institutions_after_a_call_with_a_reason(people: SimpleNamespace):
    ravi = browser(people.ravi)
    given = {"name": "Tom", "once": "1" * 32, "organisation": "Home North"}
    assert ravi.post("/people/invite/", given).status_code == 422
    answer = ravi.post("/people/invite/", {**given, "reason": "Called the number in the register."})
    assert answer.status_code == 302
    line = Act.objects.get(name="person_invited")
    assert (line.by, line.role, line.reason) == ("p-ravi", "coordinator", "Called the number in the register.")
    letter = ravi.get(answer.headers["location"]).content.decode()
    assert Invitation.objects.get().one_time_code in letter


def test_a_region_lets_in_nobody_of_another_region(people: SimpleNamespace):
    given = {"name": "Tom", "once": "1" * 32, "organisation": "hospital-south", "reason": "Called."}
    answer = browser(people.ravi).post("/people/invite/", given)
    assert answer.status_code == 422
    assert "wanted an organisation you look after" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_an_invitation_form_that_is_sent_twice_gives_the_same_letter(people: SimpleNamespace):
    ravi = browser(people.ravi)
    given = {"name": "Tom", "once": "1" * 32, "organisation": "home-north", "reason": "Called."}
    first, second = (ravi.post("/people/invite/", given) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert Invitation.objects.count() == 1


def test_a_letter_of_another_region_does_not_exist(people: SimpleNamespace, invited: Invitation):
    assert browser(people.ravi).get(f"/people/invitations/{invited.pk}/").status_code == 200
    assert browser(people.cara).get(f"/people/invitations/{invited.pk}/").status_code == 200
    for other in (people.sita, people.otto, people.mila):
        assert browser(other).get(f"/people/invitations/{invited.pk}/").status_code == 404


def test_who_is_no_owner_sees_colleagues_and_may_not_invite(people: SimpleNamespace):
    ben = browser(people.ben)
    assert "Mila" in ben.get("/people/").content.decode()
    assert ben.get("/people/invite/").status_code == 403
    assert ben.get("/people/p-mila/leave/").status_code == 403


def test_an_invitation_that_was_taken_back_lets_nobody_in(people: SimpleNamespace, invited: Invitation):
    ravi, address = browser(people.ravi), f"/people/invitations/{invited.pk}/withdraw/"
    assert ravi.post(address, {"reason": "Wrong person.", "once": "2" * 32}).status_code == 302
    assert browser().get(f"/invitation/{invited.one_time_code}/").status_code == 404
    assert ravi.post(address, {"reason": "Again.", "once": "3" * 32}).status_code == 409


def test_somebody_who_has_an_account_cannot_be_invited_again_under_the_same_address(people: SimpleNamespace):
    given = {
        "name": "Mila",
        "email": "MILA@tower.example",
        "once": "1" * 32,
        "organisation": "home-north",
        "reason": "x",
    }
    assert browser(people.ravi).post("/people/invite/", given).status_code == 422


def test_the_log_of_people_holds_no_names_and_no_addresses(people: SimpleNamespace):
    tom = Invitation(name="Tom Bakker", email="tom@tower.example", role=Role.INSTITUTION, organisation="home-north")
    act.invite(tom, by=people.ravi, reason="Called.")
    act.accept(tom, name="Tom Bakker", email="tom@tower.example", password="x", language="nl")
    act.let_go(Person.objects.get(code=tom.code), by=people.cara, reason="Left.")
    said = " ".join(str(line) for line in Act.objects.filter(about=f"person:{tom.code}").values())
    assert "Bakker" not in said and "tower.example" not in said and said.count("person:") == 3


# Who may invite which role


def test_nobody_gives_a_role_above_their_own_row():
    assert lets_in("institution", is_owner=False) == frozenset()
    assert lets_in("institution", is_owner=True) == {Role.INSTITUTION}
    assert lets_in("coordinator", is_owner=False) == {Role.INSTITUTION}
    assert {role for role in Role if lets_in(role, is_owner=True)} == set(INVITES)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.INSTITUTION])
@pytest.mark.parametrize("by", ["noor", "ravi", "mila", "pim", "anna", "bo"])
def test_only_an_administrator_gives_another_role_than_institution(people: SimpleNamespace, by: str, role: Role):
    one = Invitation(name="X", role=role, organisation="home-north", region="north", directorate="CZ")
    with pytest.raises(PermissionDenied):
        act.invite(one, by=getattr(people, by), reason="x")
    assert not Invitation.objects.exists()
