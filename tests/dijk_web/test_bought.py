"""What comes in, what was bought lately and its money: sums that say what they leave out, and for some totals alone."""

import csv
import datetime as dt
import re
from types import SimpleNamespace
from typing import Any

import pytest

from dijk_web.actions.writing import writing
from four_people import browser
from ground import TODAY, order_line

DAY = dt.timedelta(days=1)
SINGLE = ("PO-", "Acme", "Best", "€ 12.50", "€ 8.00")
"""What tells of a single order: its number, its supplier, its price."""


@pytest.fixture
def ordered(ground: SimpleNamespace) -> SimpleNamespace:
    """Five lines: gowns that were told for yesterday and moved a week on, a line without pieces, masks that nobody
    knows when, gowns that are late, and what was bought in March for less.
    """
    site = {"site": "warehouse", "organisation": "stores", "name": "The hall", "kind": "warehouse", "region": "north"}
    box = {"product": "gown-box", "name": "Gown in a box", "pieces_per_pack": 50, "storage": "cool_2_8"}
    moved = {"day": TODAY - DAY, "order": "PO-1"}
    with writing("registers_told", by=ground.pim, about="registers") as act:
        act.tell("site", [{**site, "source": "test"}])
        act.tell("product", [{**box, "kg_per_pack": 4.5, "litres_per_pack": 30.0, "source": "test"}])
    with writing("inbound_told", by=ground.bo, about="inbound:PO-1:1", reason="Gowns run out.") as act:
        lines = [
            order_line(**moved, expected=TODAY - DAY),
            order_line("PO-2", pieces=None, reason="not_counted", expected=TODAY + 7 * DAY),
            order_line("PO-3", product="mask-box", supplier="=Best", expected=None, cents_per_pack=None, pieces=60),
            order_line("PO-4", day=TODAY - 20 * DAY, expected=TODAY - 3 * DAY, cents_per_pack=800, received_pieces=100),
            order_line("PO-5", day=TODAY - 40 * DAY, state="cancelled", cents_per_pack=800),
        ]
        act.tell("inbound", lines)
    with writing("inbound_told", by=ground.pim, about="inbound:PO-1:1", reason="No aircraft.") as act:
        act.tell("inbound", [order_line(**moved, expected=TODAY + 6 * DAY)])
    return ground


def words(client: Any, address: str) -> str:
    """The text of a page, with single spaces."""
    page = client.get(address).content.decode().split("<main")[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def told(client: Any, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(client.get(address).content.decode("utf-8-sig").splitlines()))


def test_a_day_says_of_how_many_lines_it_knows_nothing(ordered: SimpleNamespace) -> None:
    bo = browser(ordered.bo)
    page = words(bo, "/inbound/arrivals/")
    assert "4 order lines" in page
    assert "late: Fri 24 April 2020 1 8 36 kg 0.24 m³" in page
    assert "Sun 3 May 2020 1 10 45 kg 0.30 m³ 0.30 m³" in page
    assert "Mon 4 May 2020 1 unknown 1 line unknown unknown 1 line unknown" in page
    assert "nobody knows when 1 3 unknown 1 line unknown" in page
    together = page.split("Together ")[1]
    assert together.startswith("4 at least 21 1 line unknown at least 81 kg 2 lines unknown")
    by_need = told(bo, "/inbound/arrivals/?by=need&as=sums")
    assert [(row["need"], row["packs"], row["packs_unknown"], row["cold"]) for row in by_need] == [
        ("gown", "18", "1", "3"),
        ("mask", "3", "0", "0"),
    ]
    assert [row["order"] for row in told(bo, "/inbound/arrivals/?cold=on&when=due&as=csv")] == ["PO-1", "PO-2"]
    assert "The hall 4" in words(bo, "/inbound/arrivals/?by=to_site")


def test_a_line_tells_its_first_day_and_the_days_that_are_learnt(ordered: SimpleNamespace) -> None:
    bo = browser(ordered.bo)
    assert "7 days later than told first: 26 April 2020" in words(bo, "/inbound/arrivals/")
    rows = {row["order"]: row for row in told(bo, "/inbound/arrivals/?as=csv")}
    assert (rows["PO-1"]["first_expected"], rows["PO-1"]["slip_days"], rows["PO-1"]["moves"]) == (
        "2020-04-26",
        "7",
        "1",
    )
    assert rows["PO-1"]["expected"] <= rows["PO-1"]["learnt_middle"] < rows["PO-1"]["learnt_late"]
    assert rows["PO-3"]["learnt_middle"] == "" and rows["PO-3"]["supplier"] == "'=Best"


def test_who_was_not_there_reads_what_was_bought_by_whom_and_why(ordered: SimpleNamespace) -> None:
    anna = browser(ordered.anna)
    page = words(anna, "/inbound/bought/")
    assert "From 14 April 2020 to 27 April 2020, 3 order lines for at least € 125.00" in page
    assert "(2 lines unknown)" in page and "€ 8.00 before, 7 April 2020: +56 %" in page
    assert "Gowns run out. No aircraft." in page and "buyer of the consortium" in page
    assert "no payments are kept" in page and "no price band is set" in page
    assert [row["order"] for row in told(anna, "/inbound/bought/?days=40&as=csv")] == ["PO-2", "PO-3", "PO-1", "PO-4"]
    assert [row["order"] for row in told(anna, "/inbound/bought/?days=41&supplier=acme&as=csv")][-1] == "PO-5"


def test_money_per_need_and_month_is_what_was_ordered_and_what_of_it_came(ordered: SimpleNamespace) -> None:
    rows = told(browser(ordered.noor), "/inbound/money/?as=csv")
    columns = ("need", "month", "lines", "cancelled", "unpriced", "committed_cents", "received_cents")
    assert [tuple(row[name] for name in columns) for row in rows] == [
        ("gown", "2020-04-01", "3", "0", "1", "20500", "1600"),
        ("mask", "2020-04-01", "1", "0", "1", "", ""),
        ("gown", "2020-03-01", "0", "1", "0", "0", "0"),
    ]
    page = words(browser(ordered.noor), "/inbound/money/")
    assert "Mask April 2020 1 unknown 1 line unknown" in page
    assert "+€ 45.00" in page and "March 2020 0 € 0.00" in page


@pytest.mark.parametrize("name", ["kees", "lot"])
def test_two_directorates_read_totals_and_no_single_order(ordered: SimpleNamespace, name: str) -> None:
    client = browser(getattr(ordered, name))
    for page in ("arrivals", "bought", "money"):
        assert not [sign for sign in SINGLE if sign in words(client, f"/inbound/{page}/")], page
        assert "Supplier" not in words(client, f"/inbound/{page}/?supplier=best")
    assert "at least € 125.00" in words(client, "/inbound/bought/?supplier=best")
    assert (
        client.get("/inbound/arrivals/?as=csv").status_code == client.get("/inbound/bought/?as=csv").status_code == 403
    )
    assert client.get("/inbound/").status_code == client.get("/log/inbound:PO-1:1/").status_code - 1 == 403
