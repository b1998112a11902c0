"""Letting in the institutions: the best contact of each organisation is invited, all in one act; letters and links of
what is open; and who must be called first.
"""

import csv
import io
import json
import re
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from dijk_web.actions import people as act
from dijk_web.actions.people import invite_contacts
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import TooLate, writing
from dijk_web.models import Act, Contact, Invitation, Person
from dijk_web.people import Role
from dijk_web.to_invite import to_invite
from four_people import browser, site
from telling_forms import hidden

PAGE, LETTERS = "/contacts/invite/", "/people/letters/"


@pytest.fixture
def alone(people: SimpleNamespace) -> SimpleNamespace:
    """Everybody but the people of institutions, so that no organisation has an owner."""
    Person.objects.filter(role=Role.INSTITUTION).delete()
    return people


def contact(organisation: str, place: str = "", **said: str) -> Contact:
    told = {"function": "Purchasing", "phone": "000 1", **said}
    return Contact.objects.create(organisation=organisation, site=place, act=1, **told)


def invited(client: Any, query: str = "", reason: str = "The list of the branch.") -> Any:
    return client.post(f"{PAGE}{query}", hidden(client.get(f"{PAGE}{query}").content.decode()) | {"reason": reason})


def open_ones() -> dict[str, str]:
    """Who is invited, by organisation."""
    return dict(Invitation.objects.open().values_list("organisation", "name"))


def merged(client: Any, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"{LETTERS}?{query}as=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


# Whom to invite


def test_of_each_organisation_the_best_contact_is_invited(alone: SimpleNamespace) -> None:
    contact("hospital-north", "site-hospital-north", name="Site", email="site@home.example")
    contact("hospital-north", name="Whole, by phone")
    contact("hospital-north", name="Whole", email="Whole@home.example")
    contact("home-north", "site-home-north", name="By phone")
    contact("home-north", "site-home-north", name="With address", email="home@home.example")
    contact("hospital-south", "site-hospital-south", name="Site", email="site@home.example")
    contact("hospital-south", function="Night manager")
    assert invited(browser(alone.ada)).status_code == 302
    wanted = {"hospital-north": "Whole", "home-north": "With address", "hospital-south": "Night manager"}
    assert open_ones() == wanted
    told = Invitation.objects.order_by("organisation").values_list("email", "role", "sites")
    assert list(told) == [
        ("home@home.example", "institution", []),
        ("whole@home.example", "institution", []),
        (None, "institution", []),
    ]


def test_it_is_one_act_with_a_reason_that_counts_and_names_nobody(alone: SimpleNamespace) -> None:
    contact("hospital-north", name="Wil de Wit", email="wil@home.example")
    contact("home-north", name="Jo")
    invited(browser(alone.ravi))
    line = Act.objects.latest("number")
    assert (line.name, line.by, line.reason) == ("contacts_invited", "p-ravi", "The list of the branch.")
    assert line.after == {"invited": 2, "with_email": 1, "to_call": 0}
    assert set(Invitation.objects.values_list("act", flat=True)) == {line.number}
    told = json.dumps([line.before, line.after, line.about, line.reason])
    assert not [word for word in ("Wil", "wil@", "Jo") if word in told]


def test_a_reason_is_asked(alone: SimpleNamespace) -> None:
    contact("hospital-north")
    assert invited(browser(alone.ravi), reason="").status_code == 422
    assert not Invitation.objects.exists()


def test_who_has_an_owner_or_an_open_invitation_is_left_alone(people: SimpleNamespace) -> None:
    for one in ("hospital-north", "home-north", "hospital-south"):
        contact(one)
    Person.objects.filter(code="p-otto").update(is_active=False)
    assert {one.organisation for one in to_invite(people.ada, "").invited} == {"hospital-south"}
    found = to_invite(people.ada, "")
    assert (found.owned, found.open) == (2, 0)
    invited(browser(people.ada))
    found = to_invite(people.ada, "")
    assert (found.invited, found.owned, found.open) == ([], 2, 1)
    Invitation.objects.update(withdrawn_at=timezone.now())
    assert len(to_invite(people.ada, "").invited) == 1


def test_exactly_the_filter_shown_is_invited(alone: SimpleNamespace) -> None:
    for one in ("hospital-north", "home-north", "hospital-south"):
        contact(one)
    client = browser(alone.ada)
    listed = client.get("/contacts/?sought=hospital").content.decode()
    assert '"/contacts/invite/?sought=hospital&amp;"' in listed
    page = client.get(f"{PAGE}?sought=hospital").content.decode()
    assert "Invite 2 organisations" in page and "Home North" not in page
    assert invited(client, "?sought=hospital").status_code == 302
    assert open_ones().keys() == {"hospital-north", "hospital-south"}
    assert len(to_invite(alone.ada, "site-home-north").invited) == 1  # by the code of a site
    assert to_invite(alone.ada, "nothing").invited == []


def test_a_region_invites_the_organisations_of_its_sites_alone(alone: SimpleNamespace) -> None:
    for one in ("hospital-north", "home-north", "hospital-south"):
        contact(one)
    invited(browser(alone.sita))
    assert open_ones().keys() == {"hospital-south"}
    invited(browser(alone.ravi))
    assert len(open_ones()) == 3


def test_an_organisation_that_gives_no_care_is_not_invited(alone: SimpleNamespace) -> None:
    with writing("registers_told", by=alone.ada, about="registers") as told:
        told.tell("organisation", [{"organisation": "stores", "name": "Stores", "source": "test"}])
        told.tell("site", [{**site("home-north"), "site": "hub", "organisation": "stores", "kind": "regional_hub"}])
    contact("stores")
    assert to_invite(alone.ada, "stores").invited == [] and to_invite(alone.ada, "stores").to_call == []


def test_who_lets_in_no_institution_invites_nobody(people: SimpleNamespace) -> None:
    for name in ("ben", "pim", "anna", "noor", "bo"):
        assert browser(getattr(people, name)).get(PAGE).status_code == 403, name
        with pytest.raises(PermissionDenied):
            invite_contacts("", by=getattr(people, name), reason="x", sent=Sent(None, 0))
        page = browser(getattr(people, name)).get("/contacts/")
        assert PAGE not in page.content.decode()


def test_an_owner_sees_that_the_own_organisation_needs_no_invitation(people: SimpleNamespace) -> None:
    for one in ("hospital-north", "hospital-south"):
        contact(one)
    page = browser(people.mila).get(PAGE).content.decode()
    assert "Nobody can be invited here now." in page and "South" not in page


def test_a_form_that_is_sent_twice_is_one_act(alone: SimpleNamespace) -> None:
    contact("hospital-north")
    client = browser(alone.ravi)
    form = hidden(client.get(PAGE).content.decode()) | {"reason": "x"}
    first, second = (client.post(PAGE, form) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert Invitation.objects.count() == 1 and Act.objects.filter(name="contacts_invited").count() == 1


def test_where_others_are_to_be_invited_now_it_is_shown_again(alone: SimpleNamespace) -> None:
    contact("hospital-north")
    client = browser(alone.ada)
    form = hidden(client.get(PAGE).content.decode()) | {"reason": "x"}
    contact("hospital-south")
    answer = client.post(PAGE, form)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Somebody else was first" in page and "Invite 2 organisations" in page
    assert not Invitation.objects.exists()
    assert client.post(PAGE, hidden(page) | {"reason": "x"}).status_code == 302 and len(open_ones()) == 2
    with pytest.raises(TooLate):
        invite_contacts("", by=alone.ada, reason="x", sent=Sent(None, 1))


def test_the_log_of_who_came_in_shows_by_which_act_they_were_invited(alone: SimpleNamespace) -> None:
    contact("hospital-north", name="Wil de Wit", email="wil@home.example")
    invited(browser(alone.ravi))
    one = Invitation.objects.get()
    wil = act.accept(one, name="Wil", email="wil@home.example", password="x", language="nl")
    assert wil.is_owner
    page = browser(alone.ravi).get(f"/people/{wil.code}/").content.decode()
    assert "contacts invited" in page and "invitation accepted" in page


def test_the_code_of_an_invitation_among_many_lets_its_person_in(alone: SimpleNamespace) -> None:
    for one in ("hospital-north", "home-north"):
        contact(one)
    invited(browser(alone.ravi))
    row = merged(browser(alone.ravi), "sought=home-north&")[0]
    typed = browser().post("/invitation/", {"code": row["code"]})
    assert typed.headers["location"] == row["link"].removeprefix("http://testserver")
    assert "care institution" in browser().get(typed.headers["location"]).content.decode()


def test_a_function_does_not_stand_ready_as_the_name_of_who_comes_in(alone: SimpleNamespace) -> None:
    contact("hospital-north", function="Night manager")
    contact("home-north", name="Wil de Wit")
    client = browser(alone.ravi)
    invited(client)
    pages = {row["name"]: browser().get(row["link"]).content.decode() for row in merged(client)}
    assert 'value="Wil de Wit"' in pages["Wil de Wit"] and "Night manager" not in pages["Night manager"]


def test_fifty_stand_on_a_page_and_all_are_invited(alone: SimpleNamespace) -> None:
    many(alone, 60)
    client = browser(alone.ada)
    page = client.get(f"{PAGE}?page=2").content.decode()
    assert page.count("<tr>") == 1 + 10 and "Invite 60 organisations" in page
    invited(client)
    assert len(open_ones()) == 60


def many(people: SimpleNamespace, count: int, *, known: bool = True) -> None:
    """Organisations with a site each in the north, and a contact where it is known."""
    codes = [f"o{at:03}" for at in range(count)]
    with writing("registers_told", by=people.ada, about="registers") as told:
        told.tell("organisation", [{"organisation": one, "name": f"Home {one}", "source": "test"} for one in codes])
        told.tell("site", [{**site("home-north"), "site": f"s-{one}", "organisation": one} for one in codes])
    for one in codes if known else ():
        contact(one)


# Who must be called


def test_an_organisation_without_a_contact_is_to_be_called(alone: SimpleNamespace) -> None:
    contact("hospital-north")
    client = browser(alone.ravi)
    assert "1, to be called" in client.get(PAGE).content.decode()
    page = client.get("/contacts/to-call/").content.decode()
    assert "Home North" in page and "Hospital North" not in page and "South" not in page
    for link in ("/people/invite/?organisation=home-north", "/sites/site-home-north/calls/", "place=home-north"):
        assert link in page
        assert client.get(re.search(rf'href="([^"]*{re.escape(link)}[^"]*)"', page).group(1)).status_code == 200
    assert "/calls/" not in browser(alone.ada).get("/contacts/to-call/").content.decode()
    lines = b"".join(client.get("/contacts/to-call/?as=csv").streaming_content).decode().splitlines()
    assert lines[1:] == ["home-north,Home North"]


def test_who_must_be_called_comes_fifty_on_a_page(alone: SimpleNamespace) -> None:
    many(alone, 60, known=False)
    page = browser(alone.ada).get("/contacts/to-call/?sought=Home+o&page=2").content.decode()
    assert "60 organisations." in page and page.count("<tr>") == 1 + 10


# Letters and links


def test_open_invitations_are_letters_and_a_list_for_a_mail_merge(alone: SimpleNamespace) -> None:
    contact("hospital-north", name="Wil de Wit", email="wil@home.example")
    contact("home-north", name="=Jo")
    client = browser(alone.ravi)
    page = client.get(invited(client).headers["location"]).content.decode()
    codes = {one.organisation: one.one_time_code for one in Invitation.objects.all()}
    assert page.count('<section class="letter">') == 2 and all(code in page for code in codes.values())
    assert "Dear Wil de Wit," in page and "Hospital North" in page and "These are keys" in page
    first, second = merged(client)
    assert first == {
        "organisation": "home-north",
        "organisation_name": "Home North",
        "name": "'=Jo",
        "email": "",
        "link": f"http://testserver/invitation/{codes['home-north']}/",
        "code": codes["home-north"],
        "until": f"{Invitation.objects.get(organisation='home-north').expires_at:%Y-%m-%d}",
    }
    assert (second["email"], second["code"]) == ("wil@home.example", codes["hospital-north"])
    assert client.get(LETTERS).headers["cache-control"].count("no-store")


def test_letters_are_filtered_by_organisation_name_and_by_act(alone: SimpleNamespace) -> None:
    contact("hospital-north")
    client = browser(alone.ravi)
    by_act = invited(client).headers["location"].partition("?")[2]
    other = Invitation(name="Tom", role=Role.INSTITUTION, organisation="home-north", email="tom@home.example")
    act.invite(other, by=alone.ravi, reason="Called.")
    for query, wanted in (
        ("sought=Hospital+North", ["hospital-north"]),
        ("sought=home-north", ["home-north"]),
        ("sought=tom@", ["home-north"]),
        (by_act, ["hospital-north"]),
        ("sought=nobody", []),
        ("", ["home-north", "hospital-north"]),
    ):
        assert [row["organisation"] for row in merged(client, f"{query}&")] == wanted, query
    assert client.get(f"{LETTERS}?act=x").status_code == 404


def test_only_open_invitations_are_letters(alone: SimpleNamespace) -> None:
    for one in ("hospital-north", "home-north", "hospital-south"):
        contact(one)
    client = browser(alone.ada)
    invited(client)
    first, second, third = Invitation.objects.order_by("organisation")
    act.accept(first, name="Jo", email="jo@home.example", password="x", language="nl")
    act.withdraw(second, by=alone.ada, reason="x")
    assert [row["code"] for row in merged(client)] == [third.one_time_code]


def test_keys_are_for_who_may_let_these_people_in_and_for_nobody_else(people: SimpleNamespace) -> None:
    for organisation in ("home-north", "hospital-south"):
        one = Invitation(name="X", role=Role.INSTITUTION, organisation=organisation)
        act.invite(one, by=people.ada, reason="Test.")
    act.invite(Invitation(name="Pia", role=Role.AUDITOR), by=people.ada, reason="Test.")
    sees = {"ada": 3, "ravi": 1, "cara": 1, "sita": 1, "otto": 1, "mila": 0}
    for name, count in sees.items():
        assert len(merged(browser(getattr(people, name)))) == count, name
    keys = [one.one_time_code for one in Invitation.objects.all()]
    for name in ("ben", "pim", "anna", "noor", "bo", "eva"):
        for address in (LETTERS, f"{LETTERS}?as=csv"):
            answer = browser(getattr(people, name)).get(address)
            assert answer.status_code == 403 and not [key for key in keys if key in answer.content.decode()]


def test_letters_come_fifty_at_a_time_each_on_a_page_of_its_own(alone: SimpleNamespace) -> None:
    many(alone, 60)
    client = browser(alone.ada)
    where = invited(client).headers["location"]
    assert client.get(where).content.decode().count('<section class="letter">') == 50
    assert client.get(f"{where}&page=2").content.decode().count('<section class="letter">') == 10
    style = files("dijk_web").joinpath("static/dijk_web/tower.css").read_text("utf-8")
    assert ".letter + .letter { break-before: page; }" in style.partition("@media print")[2]


def test_the_open_invitations_among_the_people_come_fifty_on_a_page(alone: SimpleNamespace) -> None:
    many(alone, 60)
    client = browser(alone.ada)
    invited(client)
    seen = set()
    for page in (1, 2):
        html = client.get(f"/people/?sought=Home+o&invited={page}").content.decode()
        seen |= set(re.findall(r"/people/invitations/(\d+)/", html))
        assert len(set(re.findall(r"/people/invitations/(\d+)/", html))) == {1: 50, 2: 10}[page]
        assert f"Page {page} of 2" in html and "sought=Home+o&amp;invited=" in html
    assert len(seen) == 60


def test_the_pages_speak_dutch_and_need_no_script(alone: SimpleNamespace) -> None:
    contact("hospital-north", name="Wil de Wit")
    client = browser(alone.ravi)
    client.get(invited(client).headers["location"])  # where what was done is said, in English
    contact("home-north")
    for address, said in (
        (PAGE, ("Uitnodigen wie uitgenodigd kan worden", "geen: per brief", "1 organisatie uitnodigen")),
        ("/contacts/to-call/", ("Te bellen", "Elke organisatie heeft een contact")),
        (LETTERS, ("Dit zijn sleutels", "Uitnodiging voor dijk", "Beste Wil de Wit")),
    ):
        page = client.get(address, headers={"accept-language": "nl"}).content.decode()
        main = page.split("<main")[1].split("</main>")[0]
        assert all(words in main for words in said), address
        assert "<script" not in main and "hx-" not in main and "invited" not in re.sub(r"<[^>]+>", "", main).lower()
