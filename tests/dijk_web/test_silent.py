"""Silent sites: who was asked and has not answered, calls to them, answering for them, and asking again (S33)."""

import csv
import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import country_once
from dijk.account import not_answered
from dijk.inputs import Inputs
from dijk_web.actions.calling import ask_again, log_call
from dijk_web.actions.desks import keep_contact
from dijk_web.actions.telling import Sent
from dijk_web.actions.writing import writing
from dijk_web.models import Act, Activity, Asked, Call, Contact, Outcome, Site, Stock, Use
from dijk_web.of_site import as_frame, moment
from dijk_web.silent import silent_sites
from four_people import browser
from ground import OTHER, SITE, TODAY
from telling_forms import hidden
from telling_forms import sent as told

HOME = "site-home-north"
DAY = dt.timedelta(days=1)


def asked(people: SimpleNamespace, *sites: str, topic: str = "stock", ago: int = 5, days: int = 2) -> None:
    """Sites were asked so many days ago, and had so many days to answer."""
    day = TODAY - ago * DAY
    row = {"topic": topic, "day": day, "due": day + days * DAY, "source": "test"}
    with writing("asked", by=people.pim, about="asked") as act:
        act.tell("asked", [{"site": site, **row} for site in sites])


def answered(people: SimpleNamespace, *, ago: int, reason: str | None = None) -> None:
    """The home of the north counted gowns, could not, or takes the count back."""
    row = {"site": HOME, "product": "gown-box", "lot": "-", "status": "approved", "how": "counted", "source": "site"}
    with writing("stock_told", by=people.cara, about=f"site:{HOME}") as act:
        act.tell("stock", [{**row, "day": TODAY - ago * DAY, "pieces": None if reason else 5, "reason": reason}])


def silent() -> dict[str, set[str]]:
    return {one.site: set(one.questions) for one in silent_sites(Site.objects.all(), moment())}


def by_the_core() -> dict[str, set[str]]:
    """The same by the function of every plan."""
    models = {model.table: model for model in (Asked, Activity, Stock, Use)}
    tables = {name: as_frame(name, model.objects.all()) for name, model in models.items()}
    tables["site"] = as_frame("site", Site.objects.all())
    found: dict[str, set[str]] = {}
    for site, topic in not_answered(Inputs.of(tables, as_of=moment()).known()).select("site", "topic").rows():
        found.setdefault(site, set()).add(topic)
    return found


def page(client: Any, address: str = "/silent/") -> str:
    return client.get(address).content.decode()


def sent(client: Any, address: str, **typed: str) -> Any:
    return client.post(address, hidden(page(client, address)) | typed)


def test_who_was_asked_and_is_past_the_day_is_silent_and_nobody_else(ground: SimpleNamespace) -> None:
    asked(ground, HOME, SITE)
    asked(ground, OTHER, ago=2, days=2)
    assert silent() == by_the_core() == {HOME: {"stock"}, SITE: {"stock"}}


@pytest.mark.parametrize("reason", [None, "refused"])
def test_a_count_or_a_reason_of_that_day_or_later_is_an_answer(ground: SimpleNamespace, reason: str | None) -> None:
    asked(ground, HOME)
    answered(ground, ago=6, reason=reason)
    assert silent() == by_the_core() == {HOME: {"stock"}}
    answered(ground, ago=5, reason=reason)
    assert silent() == by_the_core() == {}


def test_an_answer_that_is_taken_back_is_none_unless_another_stands(ground: SimpleNamespace) -> None:
    asked(ground, HOME)
    answered(ground, ago=4)
    answered(ground, ago=4, reason="retracted")
    assert silent() == by_the_core() == {HOME: {"stock"}}
    answered(ground, ago=3)
    assert silent() == by_the_core() == {}


def test_a_question_that_was_moved_on_the_day_it_was_asked_is_due_on_its_new_day(ground: SimpleNamespace) -> None:
    asked(ground, HOME)
    assert silent() == by_the_core() == {HOME: {"stock"}}
    asked(ground, HOME, days=9)
    assert silent() == by_the_core() == {}


def test_the_list_has_the_own_region_with_phone_days_and_topics(ground: SimpleNamespace) -> None:
    told_of = {"function": "Night manager", "name": "", "phone": "000 7654321", "email": ""}
    keep_contact(Contact(organisation="home-north", site=HOME), told_of, by=ground.ada, sent=Sent(None, 0))
    asked(ground, HOME, OTHER)
    asked(ground, HOME, topic="activity", ago=9)
    shown = page(browser(ground.ravi))
    assert "1 silent site." in shown and "000 7654321" in shown and "Hospital-South" not in shown
    assert '<td class="num">7</td><td>stock, activity' in shown
    assert "2 silent sites." in page(browser(ground.pim))


def test_the_list_is_filtered_sorted_and_exported_as_it_is_shown(ground: SimpleNamespace) -> None:
    asked(ground, HOME, SITE, OTHER)
    asked(ground, SITE, topic="use", ago=9)
    client = browser(ground.pim)
    for wanted, sites in (
        ("", [SITE, HOME, OTHER]),
        ("region=North&sort=name", [HOME, SITE]),
        ("topic=use", [SITE]),
        ("sought=south", [OTHER]),
    ):
        lines = b"".join(client.get(f"/silent/?{wanted}&as=csv").streaming_content).decode("utf-8-sig").splitlines()
        assert [row["site"] for row in csv.DictReader(lines)] == sites
    assert "?topic=use&amp;as=csv" in page(client, "/silent/?topic=use")


def test_a_call_is_written_down_once_and_its_note_stays_out_of_the_log(ground: SimpleNamespace) -> None:
    asked(ground, HOME)
    client, address = browser(ground.ravi), f"/sites/{HOME}/calls/"
    form = hidden(page(client, address)) | {"outcome": "will_tell", "note": "Ask for the pharmacy."}
    assert [client.post(address, form).status_code for _ in range(2)] == [302, 302]
    one, line = Call.objects.get(), Act.objects.latest("number")
    assert (one.outcome, one.reached, one.act) == ("will_tell", True, line.number)
    assert (line.name, line.about, line.after) == ("site_called", f"site:{HOME}", {"outcome": "will_tell"})
    assert "pharmacy" not in f"{line.reason}{line.before}{line.after}"
    assert "Ask for the pharmacy." in page(client, address)
    assert "they will tell it themselves" in page(client)
    assert "0 silent sites." in page(client, "/silent/?uncalled=on")


def test_a_call_that_a_colleague_made_in_between_is_shown_first(ground: SimpleNamespace) -> None:
    client, address = browser(ground.ravi), f"/sites/{HOME}/calls/"
    form = hidden(page(client, address)) | {"outcome": "no_reply", "note": "Three times."}
    log_call(
        by=ground.pim, site=Site.objects.get(site=HOME), outcome=Outcome.REFUSES, note="Later.", sent=Sent(None, 0)
    )
    answer = client.post(address, form)
    shown = answer.content.decode()
    assert answer.status_code == 409 and "Later." in shown and "Three times." in shown
    assert client.post(address, hidden(shown) | {"outcome": "no_reply", "note": ""}).status_code == 302
    assert Call.objects.count() == 2


def test_an_answer_on_the_phone_is_entered_for_the_site_and_ends_its_silence(ground: SimpleNamespace) -> None:
    asked(ground, HOME)
    client = browser(ground.ravi)
    link = f"/sites/{HOME}/stock/?on_behalf=telephone"
    assert link in page(client, f"/sites/{HOME}/calls/")
    assert '<option value="telephone" selected>' in page(client, link)
    assert told(client, link, on_behalf="telephone", **{"amount:gown-box|-|approved": "7"}).status_code == 302
    assert Stock.objects.latest("act").source == "region by telephone"
    assert silent() == {}


def test_those_ticked_are_asked_again_in_one_act(ground: SimpleNamespace) -> None:
    asked(ground, HOME, SITE, OTHER)
    asked(ground, HOME, topic="activity")
    client, due = browser(ground.ravi), (TODAY + DAY).isoformat()
    address = f"/silent/ask/?site={HOME}&site={OTHER}"
    assert sent(client, address, due="2020-04-26").status_code == 422
    assert sent(client, address, due=due).status_code == 302
    act = Act.objects.latest("number")
    rows = set(Asked.objects.filter(act=act.number).values_list("site", "topic", "day", "due"))
    assert rows == {(HOME, topic, TODAY, TODAY + DAY) for topic in ("stock", "activity")}
    assert (act.name, act.after["sites"]) == ("asked_again", 1)
    assert silent()[HOME] == {"stock", "activity"}
    assert "asked again, by 28 April 2020" in page(client)


def test_all_means_all_of_the_filter(ground: SimpleNamespace) -> None:
    asked(ground, HOME, SITE, OTHER)
    assert sent(browser(ground.pim), "/silent/ask/?all=1&region=north", due=TODAY.isoformat()).status_code == 302
    assert set(Asked.objects.filter(day=TODAY).values_list("site", flat=True)) == {HOME, SITE}


def test_asking_again_is_refused_where_a_colleague_just_did(ground: SimpleNamespace) -> None:
    asked(ground, HOME)
    client, address = browser(ground.ravi), f"/silent/ask/?site={HOME}"
    form = hidden(page(client, address)) | {"due": TODAY.isoformat()}
    questions = [(Site.objects.get(site=HOME), "stock")]
    ask_again(by=ground.pim, questions=questions, due=TODAY, sent=Sent(None, 10**9))
    assert client.post(address, form).status_code == 409
    assert Asked.objects.filter(day=TODAY).count() == 1


def test_nobody_ticked_is_said(ground: SimpleNamespace) -> None:
    assert "No silent site was ticked" in page(browser(ground.ravi), "/silent/ask/")


def test_the_list_asks_as_much_of_the_database_for_many_sites_as_for_one(ground: SimpleNamespace) -> None:
    client = browser(ground.pim)
    asked(ground, HOME)
    with CaptureQueriesContext(connection) as one:
        page(client)
    asked(ground, SITE, OTHER)
    with CaptureQueriesContext(connection) as many:
        page(client)
    assert len(one) == len(many)


@pytest.mark.slow
def test_of_a_whole_country_the_database_and_the_core_find_the_same_silent(ground: SimpleNamespace) -> None:
    tables = country_once.tables()
    with writing("dataset_taken_in", by=ground.pim, about="dataset") as act:
        for name in ("site", "asked", "stock", "use", "activity"):
            act.take_in(name, tables[name])
    found = silent()
    assert len(found) > 10 and found == by_the_core()
