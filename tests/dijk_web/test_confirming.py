"""Confirming by call (S33): what was asked, a size, and a count that waits for a second."""

import datetime as dt
import secrets
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied

from dijk.tables import ON_DISK
from dijk_web import store
from dijk_web.actions.asking import change_request, confirm_request, order
from dijk_web.actions.confirming import second_counts
from dijk_web.actions.telling import Sent, tell_stock
from dijk_web.actions.writing import writing
from dijk_web.models import Act, Request, RequestRow, Run, Site, State, Stock
from dijk_web.of_site import known_of, moment, norm_use_of, policy_now, positions_of, world_of
from four_people import browser
from ground import OTHER, SITE, TODAY
from telling_forms import cells, hidden

GOWN = {"product": "gown-box", "lot": "-", "status": "approved", "expires_on": None, "how": "counted", "reason": None}


def page(client: Any, address: str) -> str:
    return client.get(address).content.decode()


def sent(client: Any, address: str, **typed: Any) -> Any:
    return client.post(address, hidden(page(client, address)) | typed)


def a_request(people: SimpleNamespace, by: str = "mila", on_behalf: str = "") -> RequestRow:
    rows = [{"site": SITE, "need": "gown", "pieces": 100, "how": "counted", "urgent": False}]
    sites = [Site.objects.get(site=SITE)]
    number = order(by=getattr(people, by), sites=sites, rows=rows, sent=Sent(None, 10**9), on_behalf=on_behalf)
    return RequestRow.objects.get(act=number)


def confirmed(code: str, amount: str = "80", unit: str = "pieces") -> dict[str, str]:
    line = f"{code}|confirmed"
    told = {f"amount:{line}": amount, f"unit:{line}": unit, f"each:{line}": "50"}
    return {"step": "confirm", "on_behalf": "telephone", **told}


def a_low_count(people: SimpleNamespace, by: str = "mila", on_behalf: str = "") -> Site:
    """A count far below what the ledger says is left of the gowns."""
    site = Site.objects.get(site=SITE)
    rows = [{**GOWN, "day": TODAY, "pieces": 100}]
    tell_stock(by=getattr(people, by), site=site, rows=rows, sent=Sent(None, 10**9), on_behalf=on_behalf)
    return site


def is_doubted() -> bool:
    site = Site.objects.get(site=SITE)
    return "gown" in known_of([site]).position.filter("doubted")["need"]


def test_a_call_confirms_a_demand_in_packs_and_the_wish_stays_beside_it(ground: SimpleNamespace) -> None:
    row = a_request(ground)
    client, address = browser(ground.ravi), f"/orders/{row.request}/"
    assert sent(client, address, **confirmed(row.request, "2", "packs")).status_code == 302
    one, line = RequestRow.objects.latest("act"), Act.objects.latest("number")
    assert (one.pieces, one.checked_pieces, one.checked_by, one.source) == (100, 100, "region by telephone", "site")
    assert (line.name, line.after["checked_pieces"]) == ("request_checked", 100)
    assert "checked by call" in page(client, address)
    change_request(by=ground.mila, code=row.request, pieces=90, sent=Sent(None, line.number))
    assert Request.objects.get().checked_pieces is None


def test_who_confirms_says_how_they_know_and_a_number(ground: SimpleNamespace) -> None:
    row = a_request(ground)
    client, address = browser(ground.ravi), f"/orders/{row.request}/"
    assert sent(client, address, **confirmed(row.request) | {"on_behalf": ""}).status_code == 422
    assert sent(client, address, **confirmed(row.request, "")).status_code == 422
    assert RequestRow.objects.count() == 1


def test_a_site_does_not_confirm_its_own_demand(ground: SimpleNamespace) -> None:
    row = a_request(ground)
    address = f"/orders/{row.request}/"
    assert "Confirmed by call" not in page(browser(ground.mila), address)
    assert sent(browser(ground.mila), address, **confirmed(row.request)).status_code == 403


def test_who_asked_for_a_site_does_not_confirm_it_too(ground: SimpleNamespace) -> None:
    row = a_request(ground, "ravi", "telephone")
    address = f"/orders/{row.request}/"
    answer = sent(browser(ground.ravi), address, **confirmed(row.request))
    assert answer.status_code == 422 and "somebody else confirms it" in answer.content.decode()
    with pytest.raises(PermissionDenied):
        confirm_request(by=ground.ravi, code=row.request, pieces=80, sent=Sent(None, row.act), on_behalf="telephone")
    assert sent(browser(ground.pim), address, **confirmed(row.request)).status_code == 302


def test_a_count_below_the_ledger_is_borne_out_after_a_call_and_waits_no_longer(ground: SimpleNamespace) -> None:
    a_low_count(ground)
    assert is_doubted()
    client, address = browser(ground.ravi), f"/sites/{SITE}/counts/"
    assert "Gown: counted 2 boxes of 50 = 100 pieces on 27 April 2020, now" in page(client, address)
    assert sent(client, address, need="gown").status_code == 422
    form = hidden(page(client, address)) | {"need": "gown", "on_behalf": "telephone"}
    answers = [client.post(address, form) for _ in range(2)]
    assert answers[0].status_code == 302 and answers[0].headers["location"] == answers[1].headers["location"]
    one, line = Stock.objects.latest("act"), Act.objects.latest("number")
    assert (one.pieces, one.day, one.source, one.checked_by) == (100, TODAY, "site", "region by telephone")
    assert (line.name, line.about) == ("counts_seconded", f"site:{SITE}")
    assert not is_doubted()
    assert "No count of this site waits" in page(client, address)


def test_who_told_a_count_for_a_site_does_not_bear_it_out_too(ground: SimpleNamespace) -> None:
    site = a_low_count(ground, "ravi", "telephone")
    answer = sent(browser(ground.ravi), f"/sites/{SITE}/counts/", need="gown", on_behalf="visit")
    assert answer.status_code == 422 and "somebody else confirms it" in answer.content.decode()
    row = Stock.objects.latest("act")
    with pytest.raises(PermissionDenied):
        second_counts(by=ground.ravi, site=site, rows=[row], on_behalf="visit", sent=Sent(None, 10**9))


def test_a_count_that_changed_meanwhile_is_not_borne_out(ground: SimpleNamespace) -> None:
    a_low_count(ground)
    client, address = browser(ground.ravi), f"/sites/{SITE}/counts/"
    form = hidden(page(client, address)) | {"need": "gown", "on_behalf": "telephone"}
    a_low_count(ground)
    assert client.post(address, form).status_code == 409
    assert not Stock.objects.filter(checked_by="region by telephone").exists()


def test_counts_of_another_region_do_not_exist(ground: SimpleNamespace) -> None:
    assert browser(ground.ravi).get(f"/sites/{OTHER}/counts/").status_code == 404
    assert browser(ground.mila).get(f"/sites/{SITE}/counts/").status_code == 403


def test_a_size_is_confirmed_and_the_rest_of_the_register_stays(ground: SimpleNamespace) -> None:
    client, address = browser(ground.ravi), f"/sites/{SITE}/size/"
    before = Site.objects.get(site=SITE)
    form = hidden(page(client, address)) | {"size": "240", "unit": "beds", "on_behalf": "visit"}
    assert client.post(address, form).status_code == 302
    one = Site.objects.get(site=SITE)
    assert (one.size, one.size_unit, one.size_confirmed_by, one.source) == (240, "beds", "region", "region by visit")
    assert (one.name, one.organisation_id, one.sector) == (before.name, before.organisation_id, before.sector)
    assert Act.objects.latest("number").before["size"] is None
    late = client.post(address, form | {"once": "0" * 32, "size": "10"})
    assert late.status_code == 409 and Site.objects.get(site=SITE).size == 240
    sent(browser(ground.pim), address, size="250", unit="beds", on_behalf="e-mail")
    assert Site.objects.get(site=SITE).size_confirmed_by == "register"


def test_sizes_on_the_word_of_the_site_alone_are_listed_until_another_confirms(ground: SimpleNamespace) -> None:
    told = as_registered(SITE) | {"size": 900, "size_unit": "beds", "size_confirmed_by": "applicant"}
    with writing("site_told", by=ground.pim, about=f"site:{SITE}") as act:
        act.tell("site", [told])
    client = browser(ground.ravi)
    assert f"/sites/{SITE}/size/" in page(client, "/sizes/") and "1 site." in page(client, "/sizes/")
    assert "0 sites." in page(browser(ground.sita), "/sizes/")
    assert "900" in b"".join(browser(ground.pim).get("/sizes/?as=csv").streaming_content).decode()
    sent(client, f"/sites/{SITE}/size/", size="240", unit="beds", on_behalf="visit")
    assert "0 sites." in page(client, "/sizes/")


def as_registered(code: str) -> dict[str, Any]:
    """What the register says of a site."""
    row = Site.objects.filter(site=code).values(*ON_DISK["site"].column_names())[0]
    return {name: value for name, value in row.items() if name != "known_at"}


def published_run(people: SimpleNamespace, *, times: int = 1) -> None:
    """A run that holds what a plan of now says of the hospital, which uses so many times as much."""
    site, code = Site.objects.get(site=SITE), secrets.token_hex(6)
    world, policy = world_of([site], moment()), policy_now()
    results = store.folder(code) / "results"
    results.mkdir(parents=True)
    positions_of([site], world, policy).write_parquet(results / "position.parquet")
    uses = norm_use_of([site], world, policy).with_columns(pl.col("low", "mid", "high") * times)
    uses.write_parquet(results / "norm_use.parquet")
    act = Act.objects.latest("number").number
    told = {"as_of": moment(), "seed": 1, "asked_by": "p-pim", "state": State.PUBLISHED, "published_by": act}
    Run.objects.create(act=act, code=code, **told)


def test_the_list_has_the_sites_whose_counts_the_last_published_plan_doubted(
    ground: SimpleNamespace, hands: Any
) -> None:
    client = browser(ground.ravi)
    assert "No plan has been published yet" in page(client, "/counts/")
    a_low_count(ground)
    published_run(ground)
    shown = page(client, "/counts/")
    assert "1 site." in shown and f"/sites/{SITE}/counts/" in shown
    assert "0 sites." in page(browser(ground.sita), "/counts/")
    assert SITE in b"".join(browser(ground.pim).get("/counts/?as=csv").streaming_content).decode()
    hands.return_value += dt.timedelta(minutes=5)
    sent(client, f"/sites/{SITE}/counts/", need="gown", on_behalf="telephone")
    assert "0 sites." in page(client, "/counts/")


def test_the_norm_use_of_the_plan_that_was_published_last_stands_on_the_page_of_orders(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    assert cells(page(client, "/orders/new/"), "Gown")[0] == "20"
    published_run(ground, times=3)
    assert cells(page(client, "/orders/new/"), "Gown")[0] == "60"
