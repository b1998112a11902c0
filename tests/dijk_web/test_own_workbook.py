"""One's own workbook: taken along with what was told last, filled in, and sent back with nothing left to find."""

import io
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from dijk_web.models import Act, Activity, Delivery, RequestRow, Stock, Use
from four_people import browser
from ground import OTHER, SITE, TODAY
from telling_forms import sent
from uploads import kept_rows, read_file

WORKBOOK = "/upload/workbook/"


def opened(client: Any, address: str = WORKBOOK, language: str = "en") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(client.get(address, headers={"accept-language": language}).content))


def table(book: openpyxl.Workbook, sheet: str) -> list[dict[str, Any]]:
    headings, *rows = book[sheet].values
    return [dict(zip(headings, row, strict=True)) for row in rows]


def typed(book: openpyxl.Workbook, sheet: str, row: int, **cells: Any) -> None:
    places = {cell.value: cell.column for cell in book[sheet][1]}
    for heading, value in cells.items():
        book[sheet].cell(row, places[heading], value)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_it_has_the_needs_of_the_site_and_what_it_told_last(ground: SimpleNamespace) -> None:
    book = opened(browser(ground.mila))
    assert book.sheetnames == ["stock", "use", "activity", "request", "delivery", "Notes"]
    gown, mask = table(book, "stock")
    assert (gown["site"], gown["product"], gown["last told"]) == (SITE, "gown-box", "10 boxes of 50 = 500 pieces")
    assert (
        gown["last told of day"].date().isoformat() == "2020-04-16" and gown["pieces"] is None and gown["day"] is None
    )
    assert (mask["product"], mask["what it is called"], mask["last told"]) == ("mask-box", "Mask in a box", None)
    assert [row["need"] for row in table(book, "request")] == ["gown", "mask"]
    assert table(book, "activity")[0]["last told"] == "10 a day" and table(book, "delivery") == []


def test_it_speaks_the_language_of_the_page(ground: SimpleNamespace) -> None:
    book = opened(browser(ground.mila), language="nl")
    assert book.sheetnames[0] == "voorraad" and table(book, "voorraad")[0]["status"] == "goedgekeurd"
    assert table(book, "aanvraag")[0]["spoed"] == "nee" and table(book, "voorraad")[0]["hoe"] == "geteld"


@pytest.mark.parametrize(("language", "day", "pieces"), [("en", "day", "pieces"), ("nl", "dag", "stuks")])
def test_filled_in_it_comes_back_with_nothing_to_find_and_is_told(
    ground: SimpleNamespace, language: str, day: str, pieces: str
) -> None:
    client = browser(ground.mila)
    book = opened(client, language=language)
    stock, use, activity, request = book.sheetnames[:4]
    for sheet, row, number in (
        (stock, 2, 320),
        (stock, 3, 40),
        (use, 2, 140),
        (use, 3, 140),
        (request, 2, 150),
        (request, 3, 40),
    ):
        typed(book, sheet, row, **{day: TODAY, pieces: number})
    typed(book, activity, 2, **{day: TODAY, "units" if language == "en" else "eenheden": 10})
    before = Activity.objects.count()
    address, page = read_file(client, saved(book), "dijk.xlsx")
    assert not [said for said in ("must be mended", "you meant", "How it was read") if said in page]
    assert kept_rows(client, address).status_code == 302
    assert sorted(Stock.objects.order_by("id")[1:].values_list("pieces", flat=True)) == [40, 320]
    asked = RequestRow.objects.order_by("request")
    assert [row.request for row in asked] == [f"{SITE}-{need}-2020-04-27" for need in ("gown", "mask")]
    assert sorted(row.pieces for row in asked) == [40, 150]
    assert Use.objects.count() == 2 and Activity.objects.count() == before  # which says what was known already
    assert Act.objects.order_by("number").last().added.keys() == {"stock", "use", "request"}


def test_boxes_and_what_was_bought_are_filled_in_too(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    book = opened(client, language="nl")
    typed(book, "voorraad", 2, dag=TODAY, stuks="9 dozen")
    bought = {"locatie": SITE, "behoefte": "mask", "product": "mask-box", "kanaal": "eigen inkoop"}
    typed(book, "levering", 2, **bought, dag=TODAY, stuks=60)
    address, page = read_file(client, saved(book), "dijk.xlsx")
    assert "9 boxes of 20 = 180 pieces" in page and "What must be mended" not in page
    kept_rows(client, address)
    assert Delivery.objects.latest("id").delivery == f"{SITE}-mask-2020-04-27"
    assert (Delivery.objects.latest("id").pieces, Delivery.objects.latest("id").lot) == (60, "-")


def test_as_it_was_taken_along_it_says_nothing(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    address, page = read_file(client, saved(opened(client)), "dijk.xlsx")
    assert "nothing in this file that can be told" in page and "Row that was not filled in" in page
    assert kept_rows(client, address).status_code == 422


def test_last_told_follows_what_is_told(ground: SimpleNamespace) -> None:
    client = browser(ground.mila)
    sent(client, **{"amount:mask-box|-|approved": "40", "unit:mask-box|-|approved": "pieces"})
    assert table(opened(client), "stock")[1]["last told"] == "2 boxes of 20 = 40 pieces"


def test_several_sites_are_chosen_and_those_of_others_are_not_there(ground: SimpleNamespace) -> None:
    client = browser(ground.ravi)
    page = client.get(WORKBOOK).content.decode()
    assert SITE in page and "site-home-north" in page and OTHER not in page
    both = opened(client, f"{WORKBOOK}?site={SITE}&site=site-home-north&site={OTHER}")
    assert {row["site"] for row in table(both, "request")} == {SITE, "site-home-north"}
    assert client.get(f"{WORKBOOK}?site={OTHER}").status_code == 404


def test_no_cell_of_it_is_a_formula(ground: SimpleNamespace) -> None:
    from dijk_web.actions.writing import writing

    with writing("registers_told", by=ground.pim, about="registers") as act:
        product = {"name": "=1+2", "pieces_per_pack": 50, "storage": "ambient", "source": "test"}
        act.tell("product", [{"product": "gown-box", **product}])
    book = opened(browser(ground.mila))
    assert table(book, "stock")[0]["what it is called"] == "=1+2"
    assert {cell.data_type for row in book["stock"].iter_rows() for cell in row} & {"f"} == set()
