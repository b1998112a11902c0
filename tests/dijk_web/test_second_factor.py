"""A second factor is owed by every role but institution, and a password alone opens nothing once there is one."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp

from dijk_web.models import Person
from four_people import PASSWORD, SEATS, browser

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def no_demo(settings: Any) -> None:
    """As it is for real people."""
    settings.DEMO = False


def enrolled(one: Person) -> Person:
    totp.TOTP.activate(one, SECRET)
    return one


def code_now(secret: str = SECRET) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def log_in(one: Person, password: str = PASSWORD):
    client = browser()
    return client, client.post("/account/login/", {"login": one.email, "password": password})


@pytest.mark.parametrize("name", sorted(SEATS))
def test_every_role_but_institution_is_sent_to_set_it_up(people: SimpleNamespace, name: str):
    one = getattr(people, name)
    for address in ("/", "/people/"):
        answer = browser(one).get(address)
        sent = answer.status_code == 302 and answer.headers["location"] == "/account/"
        assert sent is (one.role != "institution"), address


def test_until_then_the_account_page_says_so_and_leads_nowhere_else(people: SimpleNamespace):
    html = browser(people.noor).get("/account/").content.decode()
    assert "Your role asks for a second factor" in html and "<nav" not in html
    assert "Your role asks" not in browser(people.mila).get("/account/").content.decode()


def test_who_sets_up_the_app_goes_on(people: SimpleNamespace):
    client, _ = log_in(people.noor)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/totp/activate/")
    assert "<svg" in page.content.decode() and "data:image" not in page.content.decode()
    secret = page.context["form"].secret
    answer = client.post("/account/totp/activate/", {"code": code_now(secret)})
    assert answer.headers["location"] == "/account/recovery-codes/"
    assert client.get("/account/recovery-codes/").status_code == 200
    assert client.get("/").status_code == 200


def test_a_password_alone_no_longer_opens_it(people: SimpleNamespace):
    client, answer = log_in(enrolled(people.noor))
    assert answer.headers["location"] == "/account/authenticate/"
    assert client.get("/").headers["location"].startswith("/account/login/")
    assert client.post("/account/authenticate/", {"code": "000000"}).status_code == 200
    client.post("/account/authenticate/", {"code": code_now()})
    assert client.get("/").status_code == 200


def test_a_recovery_code_works_once(people: SimpleNamespace):
    code = RecoveryCodes.activate(enrolled(people.noor)).get_unused_codes()[0]
    for opens in (True, False):
        client, _ = log_in(people.noor)
        client.post("/account/authenticate/", {"code": code})
        assert (client.get("/").status_code == 200) is opens


def test_sessions_opened_without_it_end_when_it_is_set_up(
    people: SimpleNamespace, django_capture_on_commit_callbacks: Any
):
    elsewhere, _ = log_in(people.noor)
    here, _ = log_in(people.noor)
    here.post("/account/reauthenticate/", {"password": PASSWORD})
    secret = here.get("/account/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        here.post("/account/totp/activate/", {"code": code_now(secret)})
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").headers["location"].startswith("/account/login/")


def test_a_demo_asks_none(people: SimpleNamespace, settings: Any):
    settings.DEMO = True
    html = browser(people.noor).get("/").content.decode()
    assert "without a second factor" in html


def test_an_institution_may_set_it_up_and_is_then_asked_for_it(people: SimpleNamespace):
    _, answer = log_in(enrolled(people.mila))
    assert answer.headers["location"] == "/account/authenticate/"


def test_who_guesses_is_locked_out_also_with_the_right_password(people: SimpleNamespace):
    for _ in range(5):
        log_in(people.mila, "a wrong guess of this")
    client, answer = log_in(people.mila)
    assert answer.status_code == 200 and client.get("/").status_code == 302


def test_every_page_of_the_own_account_is_in_our_look(people: SimpleNamespace):
    client, _ = log_in(people.mila)
    for address in ("", "reauthenticate/"):
        assert 'class="skip"' in client.get(f"/account/{address}").content.decode(), address
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    for address in ("password/", "sessions/", "totp/activate/", "webauthn/", "webauthn/add/", "logout/"):
        html = client.get(f"/account/{address}").content.decode()
        assert 'class="skip"' in html and "tower.css" in html, address
    enrolled(people.mila)
    RecoveryCodes.activate(people.mila)
    for address in ("totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"):
        html = client.get(f"/account/{address}").content.decode()
        assert 'class="skip"' in html, address
