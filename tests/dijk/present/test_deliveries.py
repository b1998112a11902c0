from dataclasses import replace

import polars as pl

from dijk.policy import served_need
from dijk.present.deliveries import delivered, own_per_week
from dijk.tables.facts import CHANNELS, ORDER_STATES, still_to_come
from dijk.tables.results import DELIVERED, Flow
from small import ago, present, registers, rows


def test_every_channel_has_a_column_in_the_flow():
    assert tuple(DELIVERED) == tuple(CHANNELS)
    assert set(DELIVERED.values()) <= set(Flow.column_names())


def test_own_purchases_are_those_of_the_last_two_weeks_of_which_the_pieces_are_known():
    bought = {"site": "home-1", "channel": "own_purchase"}
    sent = rows(
        "delivery",
        {"delivery": "today", "day": ago(0), "pieces": 1, **bought},
        {"delivery": "first day", "day": ago(13), "pieces": 10, **bought},
        {"delivery": "before", "day": ago(14), "pieces": 100, **bought},
        {"delivery": "unknown", "day": ago(1), "pieces": None, "reason": "no_answer", **bought},
        {"delivery": "given", "day": ago(1), "pieces": 1000, "site": "home-1", "channel": "donated"},
    )
    now = present(registers() | {"delivery": sent})
    assert set(own_per_week(now)["own_per_week"]) == {11 * 7 / 14}
    assert sorted(delivered(now)["delivery"]) == ["first day", "given", "today"]


def test_what_a_place_without_a_sector_buys_counts_in_the_totals():
    bought = {"day": ago(0), "channel": "own_purchase"}
    sent = rows(
        "delivery",
        {"delivery": "1", "site": "home-1", "pieces": 2} | bought,
        {"delivery": "2", "site": "store", "pieces": 4} | bought,
    )
    found = own_per_week(present(registers() | {"delivery": sent}))
    assert dict(found.filter(pl.col("region") == "all").select("sector", "own_per_week").iter_rows()) == {
        "home": 1,
        "care": 1,
        "all": 3,
    }


def test_an_order_line_is_open_in_every_state_but_the_last_two_while_pieces_are_missing():
    lines = pl.DataFrame({"state": list(ORDER_STATES), "pieces": 10, "received_pieces": 4})
    assert lines.filter(still_to_come())["state"].to_list() == ["ordered", "confirmed", "underway"]
    assert lines.with_columns(received_pieces=10).filter(still_to_come()).is_empty()


def test_a_product_that_nothing_accepts_today_keeps_the_need_it_once_served():
    now = present(registers())
    ended = now.policy.acceptance.with_columns(valid_to=pl.lit(ago(1)))
    policy = replace(now.policy, acceptance=ended)
    assert served_need(policy, ago(0)).is_empty()
    assert served_need(policy, None).equals(served_need(now.policy, ago(0)))
