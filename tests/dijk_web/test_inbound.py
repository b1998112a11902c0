"""What is ordered and on its way: listed, filtered, told anew line by line, in boxes and pieces, with prices in cents."""

import csv
import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from dijk_web.actions.writing import writing
from dijk_web.models import Act, Inbound
from four_people import browser
from ground import TODAY, order_line
from telling_forms import hidden

PAGE = "/inbound/PO/7/1/"
EARLIER = TODAY - dt.timedelta(days=1)


@pytest.fixture
def ordered(ground: SimpleNamespace) -> SimpleNamespace:
    """A warehouse, and three lines that come to it: late, in a week, and nobody knows when."""
    site = {"site": "warehouse", "organisation": "stores", "name": "The hall", "kind": "warehouse", "region": "north"}
    with writing("registers_told", by=ground.pim, about="registers") as act:
        act.tell("site", [{**site, "source": "test"}])
        act.tell(
            "inbound",
            [
                order_line("PO/7", expected=EARLIER),
                order_line("PO-8", product="mask-box", supplier="=Best"),
                order_line("PO-9", expected=None, pieces=None, reason="not_counted", cents_per_pack=None),
            ],
        )
    return ground


def filled(client: Any, address: str = PAGE, step: str = "send", **typed: str) -> Any:
    """The form of a line as it stands in the browser, with what is typed over it, sent."""
    form = {"supplier": "Acme", "to_site": "warehouse", "day": TODAY.isoformat(), "mode": "sea", "state": "underway"}
    form |= {"amount:pieces": "500", "amount:received": "0", "expected": "2020-05-04", "price": "12,50"}
    return client.post(address, {**form, **hidden(client.get(address).content.decode()), **typed, "step": step})


def last() -> Inbound:
    return Inbound.objects.latest("act")


def told(client: Any, address: str) -> list[dict[str, str]]:
    text = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_a_list_is_filtered_by_its_address_and_exported_as_it_is_shown(ordered: SimpleNamespace) -> None:
    client = browser(ordered.bo)
    page = client.get("/inbound/").content.decode()
    assert (
        "3 order lines" in page
        and "10 boxes of 50 = 500 pieces" in page
        and "€\N{NO-BREAK SPACE}12.50" in page
        and "late:" in page
    )
    assert page.index("PO/7") < page.index("PO-8") < page.index("PO-9")  # the day expected, unknown last
    for question, orders in {
        "state=late": ["PO/7"],
        "state=undated": ["PO-9"],
        "state=received": [],
        "product=mask": ["PO-8"],
        "sought=best": ["PO-8"],
        "sort=supplier": ["PO-8", "PO-9", "PO/7"],
    }.items():
        assert [row["order"] for row in told(client, f"/inbound/?{question}&as=csv")] == orders, question
    (late,) = told(client, "/inbound/?sought=best&as=csv")
    assert late["supplier"] == "'=Best" and late["cents_per_pack"] == "1250"


def test_an_unknown_number_is_unknown_in_list_and_file(ordered: SimpleNamespace) -> None:
    client = browser(ordered.anna)
    row = client.get("/inbound/?sought=PO-9").content.decode().split("<tbody>")[1]
    assert "not counted" in row and "–" in row and "unknown" in row
    assert told(client, "/inbound/?sought=PO-9&as=csv")[0]["pieces"] == ""


def test_a_line_is_told_anew_after_a_look_in_boxes_and_pieces(ordered: SimpleNamespace) -> None:
    client = browser(ordered.bo)
    page = client.get(PAGE).content.decode()
    assert 'value="10"' in page and 'value="0"' in page and 'value="12.50"' in page
    boxes = {"amount:received": "4", "unit:received": "packs", "each:received": "50"}
    look = filled(client, step="look", **boxes).content.decode()
    assert "4 boxes of 50 = 200 pieces" in look and "underway" in look and last().received_pieces == 0
    done = filled(client, why="They called.", **boxes)
    assert done.status_code == 302 and done.headers["location"] == PAGE
    row = last()
    assert (row.order, row.line, row.pieces, row.received_pieces, row.cents_per_pack) == ("PO/7", 1, 500, 200, 1250)
    assert (str(row.expected), row.state, row.source) == ("2020-05-04", "underway", "consortium")
    act = Act.objects.latest("number")
    assert (act.name, act.role, act.reason, act.before["state"]) == ("inbound_told", "buyer", "They called.", "ordered")
    page = client.get(PAGE).content.decode()
    assert (
        "They called." in page
        and "order line told" in page
        and "1 order line" in client.get("/inbound/?state=underway").content.decode()
    )


@pytest.mark.parametrize(
    ("typed", "cents"), [("12,50", 1250), ("12.5", 1250), ("€ 0,07", 7), ("1234567.89", 123456789), ("", None)]
)
def test_a_price_is_whole_cents(ordered: SimpleNamespace, typed: str, cents: int | None) -> None:
    assert filled(browser(ordered.bo), price=typed).status_code == 302
    assert last().cents_per_pack == cents


@pytest.mark.parametrize("typed", ["1.234,50", "12,505", "twelve", "-1"])
def test_a_price_that_is_not_sure_is_asked_again_and_kept_as_typed(ordered: SimpleNamespace, typed: str) -> None:
    answer = filled(browser(ordered.bo), price=typed)
    assert answer.status_code == 422 and f'value="{typed}"' in answer.content.decode()
    assert "at most two digits" in answer.content.decode() and Inbound.objects.count() == 3


def test_who_was_first_is_shown_and_a_double_click_is_one_act(ordered: SimpleNamespace) -> None:
    bo, before = browser(ordered.bo), Inbound.objects.count()
    form = hidden(bo.get(PAGE).content.decode())
    filled(browser(ordered.pim), state="confirmed")
    answer = filled(bo, **form)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Somebody else was first" in page and "confirmed" in page
    again = hidden(page)
    assert [filled(bo, **again).status_code for _ in range(2)] == [302, 302]
    assert Inbound.objects.count() == before + 2


def test_a_new_line_begins_with_its_article_and_has_a_number_of_its_own(ordered: SimpleNamespace) -> None:
    client = browser(ordered.bo)
    assert "Gown in a box (50)" in client.get("/inbound/new/").content.decode()
    address = "/inbound/new/?product=mask-box"
    boxes = {"amount:pieces": "3", "unit:pieces": "packs", "each:pieces": "20"}
    done = filled(client, address, order="PO-10", line="2", state="ordered", **boxes)
    assert done.headers["location"] == "/inbound/PO-10/2/"
    assert (last().product_id, last().pieces, last().order) == ("mask-box", 60, "PO-10")
    taken = filled(client, address, order="PO-8", line="1", **boxes)
    assert taken.status_code == 409 and "Somebody else was first" in taken.content.decode()


def test_how_much_came_is_a_number_and_what_was_ordered_may_be_unknown(ordered: SimpleNamespace) -> None:
    client = browser(ordered.bo)
    assert filled(client, **{"amount:received": ""}).status_code == 422
    assert filled(client, **{"amount:received": "unknown"}).status_code == 422
    assert filled(client, **{"amount:pieces": ""}).status_code == 422
    assert filled(client, **{"amount:pieces": "unknown"}).status_code == 302
    assert (last().pieces, last().reason) == (None, "not_counted")


def test_an_official_reads_and_a_region_does_not_see_it(ordered: SimpleNamespace) -> None:
    noor = browser(ordered.noor)
    assert "Tell it anew" not in noor.get(PAGE).content.decode() and noor.post(PAGE).status_code == 403
    for other in (ordered.ravi, ordered.mila, ordered.eva):
        assert browser(other).get("/inbound/").status_code == 403
