"""Who leaves is out at once; nobody changes themselves; who comes back gets a new password."""

from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.exceptions import PermissionDenied

from dijk_web.actions import people as act
from dijk_web.actions.writing import TooLate
from dijk_web.models import Act, Invitation, Person
from four_people import PASSWORD, browser

WHY = {"reason": "Left the hospital.", "once": "4" * 32}


def logged_in(one: Person):
    """A browser in which somebody logged in by the form, as sessions of allauth are counted."""
    client = browser()
    client.post("/account/login/", {"login": one.email, "password": PASSWORD})
    assert client.get("/").status_code == 200
    return client


def test_who_leaves_is_out_at_once_on_every_device(people: SimpleNamespace):
    phone, desk = logged_in(people.ben), logged_in(people.ben)
    assert browser(people.mila).post("/people/p-ben/leave/", WHY).status_code == 302
    for device in (phone, desk):
        assert device.get("/").headers["location"].startswith("/account/login/")
    again = browser().post("/account/login/", {"login": people.ben.email, "password": PASSWORD})
    assert again.status_code == 200 or again.headers["location"] != "/"
    line = Act.objects.get(name="person_left")
    assert (line.by, line.about, line.reason) == ("p-mila", "person:p-ben", "Left the hospital.")


def test_somebody_who_was_let_go_twice_was_let_go_once(people: SimpleNamespace):
    act.let_go(people.ben, by=people.mila, reason="Left.")
    with pytest.raises(TooLate):
        act.let_go(people.ben, by=people.mila, reason="Left.")


def test_nobody_lets_themselves_go_or_changes_their_own_role(people: SimpleNamespace):
    for one in (people.mila, people.ada):
        with pytest.raises(PermissionDenied):
            act.let_go(one, by=one, reason="x")
    with pytest.raises(PermissionDenied):
        act.change_role(
            people.ada, {**dict.fromkeys(act.SEAT), "role": "planner", "sites": []}, by=people.ada, reason="x"
        )
    assert browser(people.ada).get("/people/p-ada/role/").status_code == 403


def test_only_who_keeps_people_gives_another_role(people: SimpleNamespace):
    assert browser(people.ravi).get("/people/p-mila/role/").status_code == 403
    given = {"role": "auditor", "reason": "New work.", "once": "5" * 32}
    session = logged_in(people.mila)
    assert browser(people.ada).post("/people/p-mila/role/", given).status_code == 302
    mila = Person.objects.get(code="p-mila")
    assert (mila.role, mila.organisation, mila.is_owner) == ("auditor", None, False)
    assert session.get("/").status_code == 302
    line = Act.objects.get(name="role_changed")
    assert line.before["role"] == "institution" and line.after == {"role": "auditor", "is_owner": False}


def test_a_role_without_what_it_is_for_is_not_given(people: SimpleNamespace):
    given = {"role": "coordinator", "reason": "New work.", "once": "5" * 32}
    assert browser(people.ada).post("/people/p-mila/role/", given).status_code == 422
    given = {"role": "coordinator", "region": "west", "reason": "New work.", "once": "5" * 32}
    assert "Found “west”" in browser(people.ada).post("/people/p-mila/role/", given).content.decode()


def test_who_forgot_the_password_is_let_in_again_with_a_new_one(people: SimpleNamespace):
    TOTP.activate(people.ben, "SECRET")
    ben = logged_in_elsewhere = browser(people.ben)
    answer = browser(people.mila).post("/people/p-ben/again/", {"reason": "Forgot it.", "once": "6" * 32})
    assert answer.status_code == 302
    link = Invitation.objects.get()
    act.accept(link, name="Ben", email="ben@tower.example", password="een nieuwe zin van ben", language="nl")
    assert logged_in_elsewhere.get("/").status_code == 302
    ben = Person.objects.get(code="p-ben")
    assert ben.check_password("een nieuwe zin van ben") and not ben.check_password(PASSWORD)
    assert ben.role == "institution" and not ben.is_owner


def test_who_left_comes_back_only_by_a_new_link(people: SimpleNamespace):
    act.let_go(people.ben, by=people.mila, reason="Left.")
    link = act.let_in_again(people.ben, by=people.mila, reason="Came back.")
    back = act.accept(link, name="Ben", email="ben@tower.example", password="een nieuwe zin van ben", language="nl")
    assert back.is_active and back.pk == people.ben.pk


def test_another_region_cannot_let_somebody_go(people: SimpleNamespace):
    for other in (people.sita, people.otto, people.cara):
        assert browser(other).post("/people/p-ben/leave/", WHY).status_code == 404
    assert browser(people.ravi).post("/people/p-ben/leave/", WHY).status_code == 302


def test_the_next_who_comes_in_is_owner_where_the_owner_left(people: SimpleNamespace):
    act.let_go(people.mila, by=people.ravi, reason="Left.")
    link = act.let_in_again(people.ben, by=people.ravi, reason="Takes over.")
    assert act.accept(link, name="Ben", email="ben@tower.example", password="x", language="nl").is_owner


def test_the_page_of_a_person_has_their_log_for_who_may_let_them_go(people: SimpleNamespace):
    act.let_go(people.ben, by=people.mila, reason="Works elsewhere.")
    for name in ("mila", "ravi", "ada"):
        assert "Works elsewhere." in browser(getattr(people, name)).get("/people/p-ben/").content.decode()
    act.change_role(
        people.cara,
        {name: getattr(people.cara, name) for name in act.SEAT},
        by=people.ada,
        reason="Only the office knows.",
    )
    assert "Only the office knows." in browser(people.cara).get("/people/p-cara/").content.decode()  # about oneself
    assert browser(people.ada).get("/log/person:p-cara/").status_code == 200
    assert browser(people.ada).get("/log/site:site-hospital-north/").status_code == 404
    assert browser(people.eva).get("/log/person:p-ben/").status_code == 403


def test_a_colleague_who_may_let_nobody_go_reads_no_log_of_others(people: SimpleNamespace):
    act.let_in_again(people.mila, by=people.ada, reason="Lost her phone.")
    page = browser(people.ben).get("/people/p-mila/").content.decode()
    assert "Mila" in page and "Lost her phone." not in page
    assert browser(people.ben).get("/log/person:p-mila/").status_code == 404
