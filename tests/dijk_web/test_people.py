"""The table of roles: as the page of the documents shows it, and without a way up."""

import runpy
from pathlib import Path

import pytest

from dijk_web.people import INVITES, MEANS, SEATS, Permission, Role, lets_in, may, needs_second_factor

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_of_permissions_is_that_of_the_code():
    """Otherwise: ``python docs/generate.py``."""
    write = runpy.run_path(str(DOCS / "generate.py"))["PAGES"]["permissions.md"]
    assert (DOCS / "reference" / "permissions.md").read_text("utf-8") == write()


def test_every_role_and_every_permission_is_said_in_words():
    assert set(SEATS) == set(Role) and set(MEANS) == set(Permission)
    assert all(seat.sentence_en.endswith(".") and seat.sentence_nl.endswith(".") for seat in SEATS.values())


def test_who_lets_in_others_may_open_the_pages_of_people():
    assert {role for role in Role if may(role, Permission.INVITE)} == set(INVITES)


@pytest.mark.parametrize("role", Role)
def test_only_who_keeps_people_gives_a_role_that_may_do_what_the_giver_may_not(role: Role):
    if not may(role, Permission.KEEP_PEOPLE):
        assert all(SEATS[one].may <= SEATS[role].may for one in lets_in(role, is_owner=True))


def test_an_auditor_changes_nothing_and_an_administrator_sees_no_figures():
    reads = {one for one in Permission if one.value.startswith(("read_", "download"))}
    assert SEATS[Role.AUDITOR].may <= reads
    assert SEATS[Role.ADMINISTRATOR].may & reads == {
        Permission.READ_DESKS,
        Permission.READ_CONTACTS,
        Permission.READ_LOG_OF_PEOPLE,
        Permission.READ_OUTBOX,
    }


def test_a_second_factor_is_asked_of_all_but_institutions():
    assert {role for role in Role if not needs_second_factor(role)} == {Role.INSTITUTION}
