"""When lines may be expected, by what was learnt of lines before them."""

import datetime as dt

import polars as pl

from dijk.assess.arrivals import LEARNT, learnt_days
from dijk.policy import Policy
from dijk.present.inbound import coming
from small import AS_OF, TODAY, ago, at, registers, rows, rule, world

DAY = dt.timedelta(days=1)


def line(order: str, expected: dt.date | None, **more: object) -> dict[str, object]:
    return {"order": order, "day": ago(90), "pieces": 10, "state": "ordered", "expected": expected, **more}


def came(order: str, late: int) -> dict[str, object]:
    return line(order, ago(60), state="received", received_pieces=10, known_at=at(ago(60) + late * DAY))


def test_days_are_those_of_lines_that_were_as_late_already():
    """The policy says that none is late, which weighs as twenty lines on the day; of eighty more half came 4 days late
    and half 20. So half came by day 4, nine in ten by day 20; of lines 5 days late already only those of 20 are left.
    """
    past = [came(f"P{number}", 4 if number < 40 else 20) for number in range(80)]
    lines = [line("A", TODAY + 3 * DAY), line("B", ago(5)), line("C", ago(21)), line("D", None)]
    tables = registers() | {
        "inbound": rows("inbound", *past, *lines),
        "policy_rule": pl.concat([rule("late_share", 0.0), rule("lateness_median_days", 30)]),
    }
    known, policy = world(tables), Policy.of(tables).known(AS_OF)
    told = learnt_days(known, policy, coming(known, policy))
    assert {row["order"]: tuple(row[name] for name in LEARNT) for row in told.to_dicts()} == {
        "A": (TODAY + 7 * DAY, TODAY + 23 * DAY),
        "B": (TODAY + 15 * DAY, TODAY + 15 * DAY),
        "C": (None, None),
        "D": (None, None),
    }
