"""A site tells what it has, uses and does: read as in files, shown again in packs and pieces, sent once."""

from types import SimpleNamespace

import pytest
from django.test import Client

from dijk_web.models import Act, Activity, KeptForm, Stock, Use
from four_people import PASSWORD, browser
from ground import OTHER, SITE, TODAY
from telling_forms import hidden, sent

STOCK_PAGE = f"/sites/{SITE}/stock/"
GOWN = "gown-box|-|approved"


def gowns(amount: str, unit: str = "pieces", each: str = "50", **more: str) -> dict[str, str]:
    return {f"amount:{GOWN}": amount, f"unit:{GOWN}": unit, f"each:{GOWN}": each, **more}


def test_a_page_shows_the_needs_of_the_site_with_the_last_value_and_its_day(ground: SimpleNamespace) -> None:
    page = browser(ground.mila).get(STOCK_PAGE).content.decode()
    assert "Gown in a box" in page and "Mask in a box" in page
    assert "10 boxes of 50 = 500 pieces" in page and "16 April 2020" in page


def test_packs_are_shown_as_pieces_before_sending_and_told_as_pieces(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    look = sent(client, step="look", **gowns("12", "packs")).content.decode()
    assert "12 boxes of 50 = 600 pieces" in look and Stock.objects.count() == 1
    done = sent(client, **gowns("12", "packs"))
    assert "12 boxes of 50 = 600 pieces" in client.get(done.headers["location"]).content.decode()
    row = Stock.objects.last()
    assert (row.pieces, row.how, row.source, row.day) == (600, "counted", "site", TODAY)


@pytest.mark.parametrize(
    ("typed", "pieces", "how"),
    [
        ("1.200", 1200, "counted"),
        ("1 200", 1200, "counted"),
        ("ca. 300", 300, "estimated"),
        ("12 dozen", 600, "counted"),
    ],
)
def test_numbers_are_read_as_in_files(ground: SimpleNamespace, typed: str, pieces: int, how: str) -> None:
    sent(browser(ground.mila), **gowns(typed))
    assert (Stock.objects.last().pieces, Stock.objects.last().how) == (pieces, how)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("1,5", "whole number"),
        ("-3", "0 or more"),
        ("many", "No number"),
        ("3 kg", "does not fit"),
        ("9" * 14, "at most"),
    ],
)
def test_a_wrong_number_is_said_at_the_line_and_kept_as_typed(ground: SimpleNamespace, typed: str, wanted: str) -> None:
    answer = sent(browser(ground.mila), **gowns(typed))
    page = answer.content.decode()
    assert answer.status_code == 422 and page.count(wanted) >= 2 and f'value="{typed}"' in page
    assert Stock.objects.count() == 1


def test_half_a_pack_is_whole_pieces(ground: SimpleNamespace) -> None:
    sent(browser(ground.mila), **gowns("1,5", "packs"))
    assert Stock.objects.last().pieces == 75


def test_a_pack_that_changed_since_the_page_was_opened_is_not_reckoned_with(ground: SimpleNamespace) -> None:
    answer = sent(browser(ground.mila), **gowns("12", "packs", each="40"))
    assert answer.status_code == 422 and "The pack changed" in answer.content.decode()


def test_unknown_is_one_tick_and_is_not_zero(ground: SimpleNamespace) -> None:
    sent(browser(ground.mila), **{f"reason:{GOWN}": "not_counted"})
    assert (Stock.objects.last().pieces, Stock.objects.last().reason) == (None, "not_counted")
    sent(browser(ground.mila), **gowns("geweigerd"))
    assert (Stock.objects.last().pieces, Stock.objects.last().reason) == (None, "refused")


def test_a_number_and_unknown_at_once_is_refused(ground: SimpleNamespace) -> None:
    answer = sent(browser(ground.mila), **gowns("3", **{f"reason:{GOWN}": "not_counted"}))
    assert answer.status_code == 422 and "clear one of the two" in answer.content.decode()


def test_a_count_below_the_ledger_waits_for_a_second(ground: SimpleNamespace) -> None:
    look = sent(browser(ground.mila), step="look", **gowns("100")).content.decode()
    assert "after a second count" in look
    look = sent(browser(ground.mila), step="look", **gowns("280")).content.decode()
    assert "after a second count" not in look  # 500 eleven days ago, 20 a day


def test_a_form_that_is_sent_twice_is_one_act_and_shows_the_first_answer(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    form = {"day": TODAY.isoformat(), **hidden(client.get(STOCK_PAGE).content.decode()), **gowns("7"), "step": "send"}
    first, second = client.post(STOCK_PAGE, form), client.post(STOCK_PAGE, form)
    assert first.status_code == second.status_code == 302
    assert first.headers["location"] == second.headers["location"]
    assert Stock.objects.filter(pieces=7).count() == 1


def test_who_was_first_is_shown_and_nothing_is_overwritten(ground: SimpleNamespace) -> None:
    mila, ben = browser(ground.mila), browser(ground.ben)
    form = {"day": TODAY.isoformat(), **hidden(mila.get(STOCK_PAGE).content.decode()), **gowns("7"), "step": "send"}
    sent(ben, **gowns("400"))
    answer = mila.post(STOCK_PAGE, form)
    page = answer.content.decode()
    assert answer.status_code == 409 and "400" in page and 'value="7"' in page
    assert not Stock.objects.filter(pieces=7).exists()
    assert mila.post(STOCK_PAGE, {**form, **hidden(page)}).status_code == 302
    assert Stock.objects.filter(pieces=7).count() == 1


def test_what_was_typed_outlives_the_session_for_who_typed_it_alone(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    form = {"day": "2020-04-20", **hidden(client.get(STOCK_PAGE).content.decode()), **gowns("1 234"), "step": "send"}
    client.cookies.pop("dijk")
    login = client.post(STOCK_PAGE, form).headers["location"]
    assert login.startswith("/account/login/") and Stock.objects.count() == 1
    other = browser(ground.ben)
    address = STOCK_PAGE + "?kept=" + KeptForm.objects.get().key
    assert "1 234" not in other.get(address).content.decode()
    back = client.post(login, {"login": "mila@tower.example", "password": PASSWORD}).headers["location"]
    page = client.get(back).content.decode()
    assert back == address and 'value="1 234"' in page and 'value="2020-04-20"' in page
    assert client.post(STOCK_PAGE, {**form, **hidden(page)}).status_code == 302
    assert not KeptForm.objects.exists()


def test_a_form_without_the_tag_of_a_person_is_not_kept(ground: SimpleNamespace) -> None:
    browser().post(STOCK_PAGE, gowns("5"))
    browser().post(STOCK_PAGE, gowns("5", typed_by="p-mila:forged"))
    assert not KeptForm.objects.exists()


def test_a_stale_form_is_kept_as_typed(ground: SimpleNamespace) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(ground.mila)
    form = hidden(client.get(STOCK_PAGE).content.decode())
    answer = client.post(STOCK_PAGE, {**form, **gowns("77"), "step": "send"})
    assert Stock.objects.count() == 1
    assert 'value="77"' in client.get(answer.headers["location"]).content.decode()


def test_the_region_tells_on_behalf_and_it_shows(ground: SimpleNamespace) -> None:
    assert sent(browser(ground.ravi), **gowns("5")).status_code == 422
    assert sent(browser(ground.ravi), on_behalf="telephone", **gowns("5")).status_code == 302
    assert Stock.objects.last().source == "region by telephone"
    act = Act.objects.order_by("number").last()
    assert (act.role, act.reason) == ("coordinator", "region by telephone")


def test_a_site_of_others_does_not_exist(ground: SimpleNamespace) -> None:
    for address in (f"/sites/{OTHER}/{page}/" for page in ("stock", "use", "activity")):
        assert browser(ground.mila).get(address).status_code == 404
        assert browser(ground.ravi).post(address, {"day": TODAY}).status_code == 404
    assert browser(ground.noor).get(STOCK_PAGE).status_code == 403


def test_an_answer_of_others_does_not_exist(ground: SimpleNamespace) -> None:
    answer = sent(browser(ground.mila), **gowns("5")).headers["location"]
    assert browser(ground.ben).get(answer).status_code == 200
    assert browser(ground.otto).get(answer).status_code == 404


def test_use_is_told_over_days(ground: SimpleNamespace) -> None:
    sent(
        browser(ground.mila),
        f"/sites/{SITE}/use/",
        days="7",
        **{"amount:gown": "3", "unit:gown": "packs", "each:gown": "50"},
    )
    row = Use.objects.get()
    assert (row.need_id, row.pieces, row.days, row.day) == ("gown", 150, 7, TODAY)


def test_an_outbreak_since_a_day_is_activity_of_each_day_since(ground: SimpleNamespace) -> None:
    before = Activity.objects.count()
    form = {"amount:patient_day|close": "2,5", "outbreak_since": "2020-04-25"}
    sent(browser(ground.mila), f"/sites/{SITE}/activity/", **form)
    told = Activity.objects.order_by("id")[before:]
    assert [(str(row.day), row.units) for row in told] == [
        ("2020-04-25", 2.5),
        ("2020-04-26", 2.5),
        ("2020-04-27", 2.5),
    ]


def test_a_day_that_has_not_begun_is_refused(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    form = {**hidden(client.get(STOCK_PAGE).content.decode()), **gowns("5"), "day": "2020-04-28", "step": "send"}
    answer = client.post(STOCK_PAGE, form)
    assert answer.status_code == 422 and "A day up to today" in answer.content.decode()


def test_a_line_that_is_gone_is_said_and_not_lost(ground: SimpleNamespace) -> None:
    answer = sent(browser(ground.mila), **{"amount:old-box|-|approved": "5"})
    assert answer.status_code == 422 and "old-box|-|approved: 5" in answer.content.decode()


def test_a_number_that_does_not_fit_the_past_is_asked_about_and_may_be_sent(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    look = sent(client, step="look", **gowns("500.000")).content.decode()
    assert "Is this what you meant?" in look and "500000" in look
    assert sent(client, **gowns("500.000")).status_code == 302
