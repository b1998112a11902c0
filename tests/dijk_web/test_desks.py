"""Who to ask (S31): a desk per subject and place, contacts of sites, and nothing of a person in facts or in the log."""

import json
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.exceptions import PermissionDenied

from dijk_web.actions.desks import keep_contact, keep_desk
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import writing
from dijk_web.models import Act, Contact, Desk, Site, Subject
from four_people import browser, site
from telling_forms import hidden

DESK = {"phone": "000 1234567", "email": "", "hours": "08:00 - 20:00", "deputy": ""}
CONTACT = {"function": "Night manager", "name": "Wil de Wit", "phone": "000 7654321", "email": "wil@home.example"}


def a_desk(people: SimpleNamespace, subject: Subject = Subject.ORDERS, **place: str) -> Desk:
    keep_desk(Desk(subject=subject, **place), DESK, by=people.ada, sent=Sent(None, 0))
    return Desk.objects.latest("pk")


def a_contact(people: SimpleNamespace, place: str = "site-hospital-north") -> Contact:
    organisation = place.removeprefix("site-")
    keep_contact(Contact(organisation=organisation, site=place), CONTACT, by=people.ada, sent=Sent(None, 0))
    return Contact.objects.get(site=place)


def sent(client: Any, address: str, **typed: str) -> Any:
    return client.post(address, hidden(client.get(address).content.decode()) | typed)


def test_the_desks_of_the_own_region_stand_first(people: SimpleNamespace) -> None:
    for place in ({"directorate": "GMT"}, {"region": "south"}, {}, {"region": "north"}):
        a_desk(people, **place)
    for name, first in (("otto", "South"), ("mila", "North"), ("sita", "South"), ("noor", "the centre")):
        page = browser(getattr(people, name)).get("/desks/").content.decode()
        assert page.split("<tbody>")[1].split("<td>")[1].startswith(first), name


def test_desks_are_filtered_by_subject_and_place_and_exported_as_shown(people: SimpleNamespace) -> None:
    a_desk(people, region="north")
    a_desk(people, Subject.URGENT, region="north")
    a_desk(people, Subject.URGENT, directorate="GMT")
    client = browser(people.eva)
    assert "1 desk." in client.get("/desks/?subject=urgent&place=North").content.decode()
    assert "1 desk." in client.get("/desks/?place=gmt").content.decode()
    by_subject = client.get("/desks/?sort=subject").content.decode().split("<tbody>")[1]
    assert by_subject.index("orders and shortage") < by_subject.index("urgent requests")
    lines = b"".join(client.get("/desks/?subject=urgent&as=csv").streaming_content).decode().splitlines()
    assert len(lines) == 3 and all("000 1234567" in line for line in lines[1:])


def test_a_coordinator_keeps_the_desks_of_its_own_region_alone(people: SimpleNamespace) -> None:
    client = browser(people.ravi)
    assert sent(client, "/desks/new/", subject="urgent", place="region:south", **DESK).status_code == 422
    assert sent(client, "/desks/new/", subject="urgent", place="region:north", **DESK).status_code == 302
    one = Desk.objects.get()
    assert (one.region, one.subject, one.phone) == ("north", "urgent", "000 1234567")
    assert sent(client, f"/desks/{one.pk}/", **DESK | {"hours": "always"}).status_code == 302
    assert Desk.objects.get().hours == "always"
    assert Act.objects.latest("number").after["changed"] == ["hours"]
    assert browser(people.sita).post(f"/desks/{one.pk}/").status_code == 403
    assert sent(client, f"/desks/{one.pk}/", step="close", **DESK).status_code == 302
    assert not Desk.objects.exists()


def test_the_act_itself_keeps_no_desk_of_another_place(people: SimpleNamespace) -> None:
    with pytest.raises(PermissionDenied):
        keep_desk(Desk(subject=Subject.ORDERS, region="south"), DESK, by=people.ravi, sent=Sent(None, 0))
    assert not Desk.objects.exists() and not Act.objects.filter(name="desk_kept").exists()


def test_a_desk_that_somebody_else_changed_is_not_overwritten(people: SimpleNamespace) -> None:
    one = a_desk(people)
    client, address = browser(people.pim), f"/desks/{one.pk}/"
    form = hidden(client.get(address).content.decode())
    sent(browser(people.ada), address, **DESK | {"phone": "000 0000009"})
    answer = client.post(address, form | DESK | {"hours": "at night"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "000 0000009" in page and "at night" in page
    assert Desk.objects.get().hours == DESK["hours"]
    assert client.post(address, hidden(page) | DESK | {"hours": "at night"}).status_code == 302
    assert Desk.objects.get().hours == "at night"


def test_the_same_desk_is_not_made_twice(people: SimpleNamespace) -> None:
    a_desk(people)
    answer = sent(browser(people.pim), "/desks/new/", subject="orders", place="centre", **DESK)
    assert answer.status_code == 409 and Desk.objects.count() == 1


def test_a_double_click_adds_one_contact(people: SimpleNamespace) -> None:
    client, address = browser(people.mila), "/contacts/new/?place=site-hospital-north"
    form = hidden(client.get(address).content.decode()) | CONTACT | {"place": "site-hospital-north"}
    assert [client.post(address, form).status_code for _ in range(2)] == [302, 302]
    assert Contact.objects.count() == 1


def test_an_institution_keeps_contacts_of_its_own_and_of_nobody_else(people: SimpleNamespace) -> None:
    client = browser(people.mila)
    for place, status in (("site-hospital-south", 422), ("hospital-south", 422), ("hospital-north", 302)):
        assert sent(client, "/contacts/new/", place=place, **CONTACT).status_code == status
    other = a_contact(people, "site-hospital-south")
    assert client.get(f"/contacts/{other.code}/").status_code == 404
    assert "Wil de Wit" not in browser(people.cara).get("/contacts/").content.decode()


def test_who_speaks_for_some_sites_or_one_region_keeps_no_contact_of_another_site(people: SimpleNamespace) -> None:
    annex = {**site("hospital-north"), "site": "annex", "region": "south"}
    with writing("site_told", by=people.pim, about="site:annex") as act:
        act.tell("site", [annex])
    people.ben.sites = ["site-hospital-north"]
    people.ben.save()
    keep_contact(Contact(organisation="hospital-north", site="annex"), CONTACT, by=people.ada, sent=Sent(None, 0))
    code = Contact.objects.get().code
    for name, sees in (("mila", True), ("sita", True), ("ada", True), ("ben", False), ("ravi", False), ("otto", False)):
        client = browser(getattr(people, name))
        assert (client.get(f"/contacts/{code}/").status_code == 200) is sees, name
        kept = sent(client, "/contacts/new/", place="annex", **CONTACT).status_code
        assert kept == (302 if sees else 422), name


def test_no_name_number_or_address_of_a_person_is_in_the_log(people: SimpleNamespace) -> None:
    one = a_contact(people)
    sent(browser(people.mila), f"/contacts/{one.code}/", **CONTACT | {"phone": "000 5555555"})
    sent(browser(people.mila), f"/contacts/{one.code}/", step="erase", **CONTACT)
    lines = list(Act.objects.filter(about="site:site-hospital-north").values("name", "reason", "before", "after"))
    assert [line["name"] for line in lines] == ["contact_kept", "contact_kept", "contact_erased"]
    told = json.dumps(lines)
    assert not [word for word in ("Wil", "000 ", "wil@", "Night manager") if word in told]


def test_a_contact_that_is_erased_is_gone(people: SimpleNamespace) -> None:
    one = a_contact(people)
    sent(browser(people.ravi), f"/contacts/{one.code}/", step="erase", **CONTACT)
    assert not Contact.objects.exists()
    assert browser(people.ravi).get(f"/contacts/{one.code}/").status_code == 404


def test_a_site_without_a_contact_of_its_own_is_called_by_that_of_its_organisation(people: SimpleNamespace) -> None:
    keep_contact(Contact(organisation="hospital-north"), CONTACT, by=people.ada, sent=Sent(None, 0))
    place = Site.objects.get(site="site-hospital-north")
    assert Contact.objects.of_sites([place])[place.site].site == ""
    a_contact(people)
    assert Contact.objects.of_sites([place])[place.site].site == place.site


def test_what_was_typed_about_a_contact_outlives_the_session(people: SimpleNamespace) -> None:
    one = a_contact(people)
    client, address = browser(people.mila), f"/contacts/{one.code}/"
    form = hidden(client.get(address).content.decode()) | CONTACT | {"function": "Porter at night"}
    client.logout()
    back = client.post(address, form).headers["location"].split("next=")[1]
    client.force_login(people.mila)
    assert "Porter at night" in client.get(unquote(back)).content.decode()
