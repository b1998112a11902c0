"""An outlet for informal carers: who they are, what one client gets, and handing out by count."""

from types import SimpleNamespace
from typing import Any

import pytest

from dijk_web.actions.writing import writing
from dijk_web.models import Act, Use
from dijk_web.pages.outlet import cap_in_words, most_of
from four_people import browser, person
from ground import JUDGED, TODAY, norm
from telling_forms import hidden

TEXT = {"subject": "carer", "need": "all", "dutch": "Wie thuis zorgt.", "english": "Whoever looks after somebody."}
CAP = {"rule": "cap_days", "need": "all", "sector": "informal_care", "region": "all", "value": 4.0, "word": None}
PAGE, HAND_OUT = "/sites/pharmacy/outlet/", "/sites/pharmacy/hand-out/"


@pytest.fixture
def pharmacy(ground: SimpleNamespace) -> Any:
    """A pharmacy of the north in the browser of its pharmacist: 2 masks a client a day at most four days, and no norm
    of one client for gowns.
    """
    named = {"name_en": "Informal care", "name_nl": "Mantelzorg", "source": "test"}
    with writing("registers_told", by=ground.ada, about="registers") as act:
        act.tell("organisation", [{"organisation": "pharmacy", "name": "Pharmacy", "source": "test"}])
        of = {"organisation": "pharmacy", "region": "north", "source": "test"}
        site = {"site": "pharmacy", "name": "Pharmacy", "kind": "outlet", "sector": "informal_care"}
        act.tell("site", [of | site])
        act.tell("sector", [{"sector": "informal_care", "group": "care", **named}])
        gowns = [norm("gown", "informal_care") | {"risk_class": risk} for risk in ("close", "far")]
        act.tell("norm", [norm("mask", "informal_care"), *gowns])
        act.tell("policy_rule", [JUDGED | CAP])
    return browser(person("fay", role="institution", organisation="pharmacy", is_owner=True))


def laid_down(ground: SimpleNamespace) -> None:
    with writing("policy_told", by=ground.pim, about="dataset") as act:
        act.tell("policy_text", [JUDGED | TEXT])


def handed_out(client: Any, *, step: str, **amounts: str) -> Any:
    form = hidden(client.get(HAND_OUT).content.decode())
    typed = {f"amount:{need}": amount for need, amount in amounts.items()}
    return client.post(HAND_OUT, form | typed | {"day": TODAY.isoformat(), "clients": "3", "step": step})


def test_its_page_says_what_a_client_gets_and_that_it_costs_nothing(pharmacy: Any, ground: SimpleNamespace) -> None:
    assert "Nobody laid down yet who counts as an informal carer" in pharmacy.get(PAGE).content.decode()
    laid_down(ground)
    page = pharmacy.get(PAGE).content.decode()
    notice = page[page.index('class="letter"') :]
    for said in (
        "Whoever looks after somebody.",
        "Mask: at most 8 for each client",
        "you pay nothing",
        "27 April 2020",
    ):
        assert said in notice, said
    assert "Gown" not in notice, "nobody said what one client gets of it"
    pharmacy.cookies["django_language"] = "nl"
    dutch = pharmacy.get(PAGE).content.decode()
    assert "Wie thuis zorgt." in dutch and "u betaalt niets" in dutch


def test_what_is_handed_out_is_use_of_that_day_by_count(pharmacy: Any, ground: SimpleNamespace) -> None:
    done = handed_out(pharmacy, step="send", mask="24")
    assert done.status_code == 302
    row = Use.objects.get()
    assert (row.site, row.need_id, row.pieces, row.days, row.day) == (row.site, "mask", 24, 1, TODAY)
    act = Act.objects.get(number=row.act)
    assert act.name == "use_told" and act.after["clients"] == 3
    assert "24 on 27 April 2020" in pharmacy.get(PAGE).content.decode()


def test_more_than_the_cap_of_as_many_clients_is_not_handed_out(pharmacy: Any) -> None:
    for step in ("look", "send"):
        answer = handed_out(pharmacy, step=step, mask="25")
        assert answer.status_code == 422 and "For 3 clients 24 pieces at most" in answer.content.decode()
    assert not Use.objects.exists()


def test_nobody_gets_a_part_of_a_piece() -> None:
    """Of what one client gets less than one piece of, some clients share one."""
    assert [most_of(3, cap) for cap in (8.0, 17.6, 1.0, 0.3, 0.34, 0.0)] == [24, 51, 3, 0, 1, 0]
    assert most_of(100, 0.29) == 29, "29 of a hundred, although it is 28.999999999999996 in floating point"
    assert [cap_in_words(cap) for cap in (17.6, 0.3, 0.25, 0.0)] == ["17", "1 for 4 clients", "1 for 4 clients", "0"]


def test_where_nobody_said_what_a_client_gets_the_page_says_so_before_it_is_sent(pharmacy: Any) -> None:
    look = handed_out(pharmacy, step="look", gown="500")
    assert look.status_code == 200 and "does not say what one client gets" in look.content.decode()
    assert handed_out(pharmacy, step="send", gown="500").status_code == 302


@pytest.mark.parametrize("clients", ["", "0", "-1", "anna"])
def test_without_a_number_of_clients_nothing_is_handed_out(pharmacy: Any, clients: str) -> None:
    form = hidden(pharmacy.get(HAND_OUT).content.decode())
    typed = {"amount:mask": "1", "day": TODAY.isoformat(), "clients": clients, "step": "send"}
    assert pharmacy.post(HAND_OUT, form | typed).status_code == 422 and not Use.objects.exists()


def test_an_outlet_outside_care_has_no_notice_for_carers(pharmacy: Any, ground: SimpleNamespace) -> None:
    laid_down(ground)
    with writing("registers_told", by=ground.ada, about="registers") as act:
        named = {"name_en": "x", "name_nl": "x", "source": "test"}
        act.tell("sector", [{"sector": "informal_care", "group": "other", **named}])
    page = pharmacy.get(PAGE).content.decode()
    assert "letter" not in page and "informal carer" not in page


def test_who_has_an_outlet_finds_it_where_they_begin(pharmacy: Any, ground: SimpleNamespace) -> None:
    assert PAGE in pharmacy.get("/").content.decode()
    assert PAGE in pharmacy.get("/sites/pharmacy/use/").content.decode()
    assert "/outlet/" not in browser(ground.mila).get("/").content.decode()
    assert browser(ground.mila).get(PAGE).status_code == 404
    assert browser(ground.mila).get("/sites/site-hospital-north/outlet/").status_code == 404
