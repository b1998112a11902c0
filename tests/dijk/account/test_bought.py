"""Money of what was bought, and where deliveries went, reckoned by hand."""

import datetime as dt

import polars as pl

from dijk.account import bought_since, delivered_where, money
from dijk.policy import Policy
from small import AS_OF, TODAY, ago, registers, rows, world

MARCH, APRIL = dt.date(2020, 3, 1), dt.date(2020, 4, 1)


def bought(*lines: dict[str, object], since: dt.date | None = None) -> pl.DataFrame:
    product = rows("product", {"product": "mask-a", "pieces_per_pack": 10})
    tables = registers() | {"product": product, "inbound": rows("inbound", *lines)}
    return bought_since(world(tables), Policy.of(tables).known(AS_OF), since)


def line(order: str, day: dt.date, cents: int | None, **more: object) -> dict[str, object]:
    return {"order": order, "day": day, "pieces": 100, "cents_per_pack": cents, "state": "ordered", **more}


LINES = (
    line("A", dt.date(2020, 3, 30), 500),
    line("B", dt.date(2020, 4, 2), 700, received_pieces=45),
    line("C", dt.date(2020, 4, 3), 9900, state="cancelled", received_pieces=10),
    line("D", dt.date(2020, 4, 3), None, received_pieces=100, state="received"),
    line("E", dt.date(2020, 4, 9), 650, pieces=None, reason="not_counted"),
    line("F", dt.date(2020, 4, 20), 600),
    line("G", dt.date(2020, 4, 21), 100, product="odd"),
)
"""Ten boxes of ten each. B came with five boxes, one of which was begun; C would be a price, were it not cancelled."""


def test_the_price_before_is_that_of_the_newest_line_that_was_not_cancelled():
    before = bought(*LINES).sort("order").select("order", "before_cents", "before_place").rows()
    assert before == [
        ("A", None, None),
        ("B", 500, "A/1"),
        ("C", 700, "B/1"),
        ("D", 700, "B/1"),
        ("E", 700, "B/1"),
        ("F", 650, "E/1"),
        ("G", None, None),
    ]


def test_money_per_need_and_month_knows_what_it_leaves_out():
    """April: B 10 boxes of 7 euros of which 5 came, at 2 euros above; F 10 of 6 euros at 50 cents below; D and E are of
    unknown money, C is cancelled. G is of an article that serves no need and that no register knows.
    """
    march, april, odd = money(bought(*LINES), "need", "month").to_dicts()
    assert march == {"need": "mask", "month": MARCH, "lines": 1, "cancelled": 0, "unpriced": 0, "no_before": 1} | {
        "committed_cents": 5000,
        "received_cents": 0,
        "above_before_cents": None,
        "pieces": 100,
        "priced": 100,
    }
    assert april == {"need": "mask", "month": APRIL, "lines": 4, "cancelled": 1, "unpriced": 2, "no_before": 2} | {
        "committed_cents": 7000 + 6000,
        "received_cents": 5 * 700,
        "above_before_cents": 10 * 200 - 10 * 50,
        "pieces": 300,
        "priced": 200,
    }
    assert (odd["need"], odd["unpriced"], odd["committed_cents"]) == (None, 1, None)


def test_more_received_than_was_ordered_is_no_more_money_than_was_committed():
    (row,) = money(bought(line("A", TODAY, 500, received_pieces=300, state="received")), "need").to_dicts()
    assert (row["committed_cents"], row["received_cents"]) == (5000, 5000)


def test_a_month_of_cancelled_lines_has_no_money_and_a_later_order_is_not_yet_bought():
    (row,) = money(bought(line("A", TODAY, 500, state="cancelled")), "need").to_dicts()
    assert (row["lines"], row["cancelled"], row["committed_cents"]) == (0, 1, 0)
    days = [TODAY + dt.timedelta(days=1), TODAY, ago(13), ago(14)]
    lines = [line(str(number), day, 1) for number, day in enumerate(days)]
    told = bought(*lines, since=ago(14))
    assert told["order"].to_list() == ["2", "1"] and told["before_place"].to_list() == ["3/1", "2/1"]


def test_where_it_went_adds_up_within_a_need_and_says_what_nobody_counted():
    places = {"a": "north", "b": "overseas", "c": "overseas"}
    site = rows("site", *({"site": code, "region": region, "sector": "home"} for code, region in places.items())).lazy()
    came = rows(
        "delivery",
        {"delivery": "1", "site": "a", "day": ago(1), "pieces": 10, "lot": "L1"},
        {"delivery": "2", "site": "b", "day": ago(2), "pieces": 20, "lot": "L1"},
        {"delivery": "3", "site": "c", "day": ago(3), "pieces": None, "reason": "not_counted"},
        {"delivery": "4", "site": "gone", "day": ago(4), "pieces": None, "reason": "not_counted"},
        {"delivery": "5", "site": "b", "need": "gown", "day": ago(5), "pieces": 7},
    ).lazy()

    def told(by: str) -> list[tuple[object, ...]]:
        return delivered_where(came, site, by).collect().drop("first").rows()

    assert told("need") == [("gown", 1, 1, 7, 0, ago(5)), ("mask", 4, 4, 30, 2, ago(1))]
    assert told("region") == [
        ("gown", "overseas", 1, 1, 7, 0, ago(5)),
        ("mask", "north", 1, 1, 10, 0, ago(1)),
        ("mask", "overseas", 2, 2, 20, 1, ago(2)),
        ("mask", "unknown", 1, 1, None, 1, ago(4)),
    ]
    assert [row[:6] for row in told("lot")] == [
        ("gown", "mask-a", "-", 1, 1, 7),
        ("mask", "mask-a", "-", 2, 2, None),
        ("mask", "mask-a", "L1", 2, 2, 30),
    ]
    assert [row[2] for row in told("site")] == ["b", "a", "b", "c", "gone"]
