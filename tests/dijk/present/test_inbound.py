"""What is on its way: sums that say what they do not know, and days that moved."""

import datetime as dt

import polars as pl

from dijk.policy import Policy
from dijk.present.inbound import added_up, coming, slips
from small import AS_OF, TODAY, ago, at, registers, rows, world

DAY = dt.timedelta(days=1)


def known(*lines: dict[str, object], **more: object) -> pl.DataFrame:
    tables = registers() | {"product": rows("product", *PRODUCTS)} | {"inbound": rows("inbound", *lines)}
    return coming(world(tables), Policy.of(tables).known(AS_OF))


PRODUCTS = (
    {"product": "mask-a", "pieces_per_pack": 10, "kg_per_pack": 2.0, "litres_per_pack": 30.0},
    {"product": "swab", "pieces_per_pack": 5, "storage": "cool_2_8", "litres_per_pack": 1.0},
)


def line(order: str, **more: object) -> dict[str, object]:
    return {"order": order, "day": ago(9), "pieces": 100, "state": "ordered", **more}


def test_a_line_of_which_nobody_knows_how_much_is_still_to_come():
    told = known(
        line("A", pieces=None, reason="not_counted", expected=TODAY),
        line("B", pieces=None, reason="not_counted", state="received"),
        line("C", received_pieces=100),
        line("D", received_pieces=95, expected=TODAY + 15 * DAY),
        line("E", expected=ago(1)),
        line("F", expected=TODAY + 14 * DAY),
    )
    found = told.select("order", "when", "pieces", "packs").rows()
    assert found == [("E", "late", 100, 10), ("A", "due", None, None), ("F", "due", 100, 10), ("D", "later", 5, 1)]


def test_a_sum_says_of_how_many_lines_it_knows_nothing():
    """Two boxes of 2 kg and 30 l, swabs without a weight that are kept cool, and a line that nobody counted."""
    told = known(
        line("A", pieces=20, expected=TODAY),
        line("B", product="swab", expected=TODAY),
        line("C", pieces=None, reason="not_counted", expected=TODAY),
        line("D", product="swab", expected=TODAY + DAY),
        line("E", product="not-in-the-register", expected=TODAY + 2 * DAY),
    )
    sums = added_up(told, "expected").drop("expected")
    assert sums.to_dicts() == [
        {"lines": 3, "packs": 22, "packs_unknown": 1, "kg": 4.0, "kg_unknown": 2, "m3": 0.08, "m3_unknown": 1}
        | {"cold": 1, "cold_m3": 0.02, "cold_m3_unknown": 0, "storage_unknown": 0},
        {"lines": 1, "packs": 20, "packs_unknown": 0, "kg": None, "kg_unknown": 1, "m3": 0.02, "m3_unknown": 0}
        | {"cold": 1, "cold_m3": 0.02, "cold_m3_unknown": 0, "storage_unknown": 0},
        {"lines": 1, "packs": None, "packs_unknown": 1, "kg": None, "kg_unknown": 1, "m3": None, "m3_unknown": 1}
        | {"cold": 0, "cold_m3": None, "cold_m3_unknown": 0, "storage_unknown": 1},
    ]


def test_a_slip_is_the_day_told_last_less_the_day_told_first():
    def told(order: str, after: int, expected: dt.date | None, **more: object) -> dict[str, object]:
        return line(order, known_at=at(ago(9) + after * DAY), expected=expected, **more)

    moved = slips(
        rows(
            "inbound",
            *(told("A", after, day) for after, day in enumerate([None, TODAY, TODAY, TODAY + 7 * DAY])),
            *(told("B", after, day) for after, day in enumerate([TODAY, ago(3), None])),
            told("C", 0, None),
            told("D", 0, TODAY),
            told("D", 1, TODAY + DAY, pieces=None, reason="retracted"),
        )
    )
    assert moved.drop("line").rows() == [
        ("A", TODAY, 1, 7),
        ("B", TODAY, 1, None),
        ("C", None, 0, None),
        ("D", TODAY, 0, 0),
    ]
