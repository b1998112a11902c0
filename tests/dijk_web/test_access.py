"""Every page says who may open it, and keeps to it: each person, each address, each method, own and of others.

A page that is added has its address in ``DECLARED`` with who opens it (of ``four_people``), and with the objects that it
is asked about, if any. The table is written by hand, beside ``@requires`` and ``visible_to`` and not from them.
"""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from dijk_web import people as roles
from dijk_web.actions import people as act
from dijk_web.models import Invitation
from dijk_web.people import Permission, Role
from four_people import SEATS, browser

PUBLIC = {"health", "language", "invitation_code", "invitation"}

ALLAUTH = {
    "public": {"account_login", "account_logout", "account_inactive", "mfa_authenticate"},
    "own": {
        *("account_reauthenticate", "account_change_password", "mfa_index", "mfa_reauthenticate", "usersessions_list"),
        *("mfa_activate_totp", "mfa_deactivate_totp"),
        *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
        *("mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn"),
        *("mfa_remove_webauthn", "mfa_edit_webauthn"),
    },
}
"""Addresses of allauth, which knows no `@requires`: open to all, or about the own account alone."""

ALL = set(SEATS)
INSIDE = {"mila", "ben", "cara", "otto", "ravi", "sita", "ada"}
"""Who has to do with letting people in."""

SEES = {
    "mila": {"mila", "ben"},
    "ben": {"mila", "ben"},
    "cara": {"cara"},
    "otto": {"otto"},
    "ravi": {"mila", "ben", "cara", "ravi"},
    "sita": {"otto", "sita"},
    "ada": ALL,
}
KEEPS = {"mila": {"ben"}, "ravi": {"mila", "ben", "cara"}, "sita": {"otto"}, "ada": ALL - {"ada"}}
LETTERS_OF = {"cara": {"north"}, "ravi": {"north"}, "sita": {"south"}, "otto": {"south"}, "ada": {"north", "south"}}
INVITERS = INSIDE - {"ben"}
WHOM, LETTERS = ("mila", "ben", "otto", "ada", "nobody"), ("north", "south", "nobody")

DECLARED: dict[str, dict[str, object]] = {
    "start": {"opens": ALL, "methods": {"GET"}},
    "people": {"opens": INSIDE, "methods": {"GET"}},
    "invite": {"opens": INSIDE, "methods": {"GET", "POST"}, "changes": INVITERS},
    "person": {"opens": INSIDE, "methods": {"GET"}, "objects": WHOM, "sees": SEES},
    "let_go": {"opens": INSIDE, "methods": {"GET", "POST"}, "objects": WHOM, "sees": SEES, "keeps": KEEPS},
    "let_in_again": {"opens": INSIDE, "methods": {"GET", "POST"}, "objects": WHOM, "sees": SEES, "keeps": KEEPS},
    "change_role": {"opens": {"ada"}, "methods": {"GET", "POST"}, "objects": WHOM, "sees": SEES, "keeps": KEEPS},
    "letter": {"opens": INSIDE, "methods": {"GET"}, "objects": LETTERS, "sees": LETTERS_OF},
    "withdraw_invitation": {"opens": INSIDE, "methods": {"GET", "POST"}, "objects": LETTERS, "sees": LETTERS_OF},
}
"""Who opens a page; what it is asked about, whose of these somebody sees (else 404) and may change (else 403)."""


def views(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[URLPattern]:
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from views(one.url_patterns)
        else:
            yield one


def test_every_view_says_who_may_open_it():
    silent = {one.name for one in views() if not hasattr(one.callback, "access")} - ALLAUTH["public"] - ALLAUTH["own"]
    assert silent == set(), f"add @requires(...) or @public to: {silent}"


def test_every_address_is_in_the_matrix():
    named = {one.name for one in views()}
    assert named == {*DECLARED, *PUBLIC, *ALLAUTH["public"], *ALLAUTH["own"]}


def test_a_public_view_is_public_on_purpose():
    assert {one.name for one in views() if getattr(one.callback, "access", None) == frozenset()} == PUBLIC


def test_every_role_opens_some_page_and_no_permission_is_unheld():
    assert {seat["role"] for seat in SEATS.values()} == set(Role)
    assert set().union(*(seat.may for seat in roles.SEATS.values())) == set(Permission)


@pytest.fixture
def asked(people: SimpleNamespace) -> dict[str, dict[str, object]]:
    """What pages are asked about, by name."""
    letters = {}
    for where, organisation in (("north", "home-north"), ("south", "hospital-south")):
        one = Invitation(name=where, role=Role.INSTITUTION, organisation=organisation)
        letters[where] = {"number": act.invite(one, by=people.ada, reason="Test.").pk}
    whom = {name: {"code": f"p-{name}"} for name in WHOM}
    return {**whom, **letters, "nobody": {"code": "p-nobody", "number": 999_999}}


def expected(name: str, declared: dict[str, object], method: str, about: str | None) -> set[int]:
    """The answers that the table allows."""
    if name not in declared["opens"]:
        return {403}
    if method not in declared["methods"]:
        return {405}
    if about is not None and about not in declared.get("sees", {}).get(name, set()):
        return {404}
    if about is not None and "keeps" in declared and about not in declared["keeps"].get(name, set()):
        return {403}
    if name not in declared.get("changes", ALL):
        return {403}
    return {200} if method == "GET" else {422}  # nothing was filled in, so nothing is changed


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SEATS))
def test_each_person_opens_and_changes_what_the_table_says_and_nothing_else(
    people: SimpleNamespace, asked: dict[str, dict[str, object]], name: str
):
    client, wrong = browser(getattr(people, name)), []
    for page, declared in DECLARED.items():
        for about in declared.get("objects", (None,)):
            wanted = {"letter": "number", "withdraw_invitation": "number"}.get(page, "code")
            given = {wanted: asked[about][wanted]} if about else {}
            for method in ("GET", "POST", "PUT", "DELETE"):
                answer = client.generic(method, reverse(page, kwargs=given))
                if answer.status_code not in (right := expected(name, declared, method, about)):
                    wrong.append((page, method, about, answer.status_code, right))
    assert wrong == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_is_not_logged_in_is_sent_to_log_in(asked: dict[str, dict[str, object]], method: str):
    client = browser()
    for page, declared in DECLARED.items():
        for about in declared.get("objects", (None,)):
            wanted = {"letter": "number", "withdraw_invitation": "number"}.get(page, "code")
            address = reverse(page, kwargs={wanted: asked[about][wanted]} if about else {})
            answer = client.generic(method, address)
            assert answer.headers.get("location", "").startswith("/account/login/?next="), (page, about)


@pytest.mark.parametrize("page", sorted(ALLAUTH["own"]))
def test_pages_of_the_own_account_are_for_who_is_logged_in(people: SimpleNamespace, page: str):
    given = {"pk": 999_999} if page in ("mfa_remove_webauthn", "mfa_edit_webauthn") else {}
    answer = browser().get(reverse(page, kwargs=given))
    assert answer.status_code == 302 and answer.headers["location"].startswith("/account/login/")


def test_nobody_signs_up_or_gets_a_password_by_mail(people: SimpleNamespace):
    for address in ("signup/", "password/reset/", "email/", "confirm-email/", "login/code/"):
        assert browser().get(f"/account/{address}").status_code == 404


def test_a_public_page_opens_for_nobody(people: SimpleNamespace):
    assert browser().get("/health/").json() == {"database": "answers"}
    assert browser().get("/invitation/").status_code == 200


def test_a_page_that_is_not_there_says_so_in_both_languages(people: SimpleNamespace):
    for language, said in (("en", "nothing at this address"), ("nl", "niets dat u kunt zien")):
        answer = browser().get("/nowhere/", headers={"accept-language": language})
        assert answer.status_code == 404 and said in answer.content.decode()


def test_a_fault_of_ours_needs_neither_database_nor_session(people: SimpleNamespace):
    from dijk_web.pages.errors import broken

    assert broken(None).status_code == 500


def test_the_navigation_holds_what_may_be_opened_and_no_more(people: SimpleNamespace):
    assert 'href="/people/"' in browser(people.ravi).get("/").content.decode()
    assert 'href="/people/"' not in browser(people.noor).get("/").content.decode()
