"""A site tells what it bought itself: an article a line, in packs or pieces, once for each day."""

from types import SimpleNamespace

from dijk_web.models import Delivery
from four_people import browser
from ground import SITE, TODAY
from telling_forms import cells, hidden, sent

PAGE = f"/sites/{SITE}/purchases/"
GOWN = "gown-box|gown"


def gowns(amount: str, unit: str = "pieces", **more: str) -> dict[str, str]:
    return {f"amount:{GOWN}": amount, f"unit:{GOWN}": unit, f"each:{GOWN}": "50", **more}


def bought() -> list[Delivery]:
    return list(Delivery.objects.filter(channel="own_purchase").order_by("id"))


def test_what_a_site_bought_is_shown_in_packs_and_pieces_and_told_in_pieces(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    look = sent(client, PAGE, step="look", **gowns("12", "packs")).content.decode()
    assert "12 boxes of 50 = 600 pieces" in look and not bought()
    done = sent(client, PAGE, day="2020-04-25", **gowns("12", "packs"))
    answer = client.get(done.headers["location"]).content.decode()
    assert "12 boxes of 50 = 600 pieces" in answer and "Gown in a box" in answer
    (row,) = bought()
    assert (row.site_id, row.need_id, row.product_id, row.pieces, str(row.day), row.source) == (
        *(SITE, "gown", "gown-box", 600, "2020-04-25", "site"),
    )


def test_what_the_consortium_sent_does_not_stand_among_what_a_site_bought(ground: SimpleNamespace) -> None:
    page = browser(ground.mila).get(PAGE).content.decode()
    assert "Gown in a box" in page and "10 boxes of 50" not in page
    sent(browser(ground.mila), PAGE, **gowns("70"))
    assert "70 pieces" in browser(ground.mila).get(PAGE).content.decode()


def test_told_again_for_the_same_day_it_corrects_and_does_not_add(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    for pieces in ("700", "70"):
        sent(client, PAGE, **gowns(pieces))
    sent(client, PAGE, day="2020-04-26", **gowns("5"))
    assert len({row.delivery for row in bought()}) == 2 and len(bought()) == 3
    order = client.get("/orders/new/").content.decode()
    assert cells(order, "Gown")[3] == "575"  # 500 of the consortium, 70 and 5 bought


def test_an_unknown_number_is_told_as_unknown(ground: SimpleNamespace) -> None:
    sent(browser(ground.mila), PAGE, **{f"reason:{GOWN}": "not_counted"})
    (row,) = bought()
    assert (row.pieces, row.reason) == (None, "not_counted")
    page = browser(ground.mila).get(PAGE).content.decode()
    assert "not counted<br>" in page  # and not 0 pieces, as what came last


def test_a_form_that_is_sent_twice_is_one_purchase(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    form = {"day": TODAY.isoformat(), **hidden(client.get(PAGE).content.decode()), **gowns("7"), "step": "send"}
    first, second = client.post(PAGE, form), client.post(PAGE, form)
    assert first.headers["location"] == second.headers["location"] and len(bought()) == 1


def test_the_region_tells_of_its_own_sites_alone_and_says_how_it_knows(ground: SimpleNamespace) -> None:
    assert sent(browser(ground.ravi), PAGE, **gowns("5")).status_code == 422
    assert sent(browser(ground.ravi), PAGE, on_behalf="telephone", **gowns("5")).status_code == 302
    assert bought()[0].source == "region by telephone"
    assert browser(ground.sita).get(PAGE).status_code == 404
    assert browser(ground.noor).get(PAGE).status_code == 403
