import polars as pl
import pytest
from test_assess import awarded, level

from dijk.assess import assess
from dijk.assess.arrivals import drawn_arrivals, expected_lines
from dijk.buy import purchase_need
from dijk.forecast.result import Forecast
from small import ago, present, registers, rows, rule

TABLES = {
    "product": rows("product", {"pieces_per_pack": 50, "kg_per_pack": 0.2, "litres_per_pack": 1.5}),
    "stock": rows(
        "stock", {"site": "home-1", "day": ago(0), "pieces": 60}, {"site": "store", "day": ago(0), "pieces": 340}
    ),
    "delivery": rows("delivery", {"site": "home-1", "day": ago(13), "pieces": 28, "channel": "own_purchase"}),
    "inbound": rows(
        "inbound", {"day": ago(9), "pieces": 500, "expected": ago(-30), "cents_per_pack": 1250, "state": "confirmed"}
    ),
}
SURE = pl.concat([rule(name, 0) for name in ("late_share", "cancel_share", "reject_share")])


def needed(tables: dict[str, pl.DataFrame], future: Forecast) -> pl.DataFrame:
    now = present(tables)
    return purchase_need(now, future, assess(now, future, seed=1).regime)


def bought(more: dict[str, pl.DataFrame], curve: str = "base", units: float = 70) -> dict[str, object]:
    table = needed(registers() | TABLES | {"policy_rule": SURE} | more, level(units, paths=11, spread=0.5))
    return table.filter(pl.col("curve") == curve).row(0, named=True)


def test_gross_and_net_add_up_in_whole_packs():
    row = bought({})
    assert row["demand_pieces"] == 10 * 140  # ten weeks
    assert (row["stock_pieces"], row["own_purchase_pieces"], row["inbound_pieces"]) == (400, 140, 500)
    assert row["gross_pieces"] == 900  # 1400 - 400 - 140 = 860, in packs of 50
    assert row["net_pieces"] == 400  # 860 - 500 = 360, in packs of 50
    assert (row["net_cents"], row["gross_cents"]) == (8 * 1250, 18 * 1250)
    assert (row["net_kg"], row["net_m3"]) == (pytest.approx(1.6), pytest.approx(0.012))


def test_buying_at_maximum_leaves_weeks_over_if_base_comes_true():
    base, most = bought({}), bought({}, "max")
    assert most["demand_pieces"] == 1960  # the 90 % path of a spread of a half
    assert base["weeks_left_over"] == pytest.approx(40 / 140, abs=1e-3)
    assert most["weeks_left_over"] == pytest.approx((400 + 140 + 500 + most["net_pieces"] - 1400) / 140, abs=1e-3)


@pytest.mark.parametrize(("stance", "demand"), [(0, 1400), (0.5, 1680), (1, 1960)])
def test_the_volume_knob_runs_from_base_to_max(stance, demand):
    assert bought({"policy_rule": pl.concat([SURE, rule("buy_stance", stance)])}, "stance")["demand_pieces"] == demand


def test_what_is_promised_is_not_bought_again():
    assert bought(awarded(300)) == bought({}) and bought({})["stock_pieces"] == 400


def test_unknown_price_and_measures_stay_unknown():
    row = bought({"product": rows("product", {"pieces_per_pack": 50}), "inbound": rows("inbound")})
    assert [row[c] for c in ("net_cents", "gross_cents", "net_kg", "net_m3", "price_source")] == [None] * 5
    assert row["net_pieces"] == 900


def test_orders_without_a_day_or_beyond_the_horizon_are_not_counted_on():
    for late in ({"expected": None}, {"expected": ago(-71)}, {"state": "cancelled"}, {"received_pieces": 500}):
        line = {"day": ago(9), "pieces": 500, "expected": ago(-30), "state": "confirmed"} | late
        assert bought({"inbound": rows("inbound", line)})["inbound_pieces"] == 0


def test_what_never_comes_or_fails_its_check_is_taken_off():
    shares = pl.concat([rule("late_share", 0), rule("cancel_share", 0.1), rule("reject_share", 0.2)])
    assert bought({"policy_rule": shares})["inbound_pieces"] == 360


def test_an_overdue_line_counts_as_it_does_in_the_outlook_not_in_full():
    """One that is later than any past line was is not counted on; before that day it counts as the draws have it."""
    shares = pl.concat(
        [rule("late_share", 1), rule("lateness_median_days", 14), SURE.filter(pl.col("rule") != "late_share")]
    )
    line = {"day": ago(90), "pieces": 500, "state": "confirmed"}
    tables = registers() | TABLES | {"policy_rule": shares}
    for expected, counted in ((ago(-30), 425), (ago(30), 500), (ago(80), 0)):
        one = tables | {"inbound": rows("inbound", line | {"expected": expected})}
        now = present(one)
        drawn = drawn_arrivals(now, expected_lines(now), 20_000, seed=1).arrival_day
        found = needed(one, level(70))["inbound_pieces"][0]
        assert found == pytest.approx(500 * ((drawn >= 0) & (drawn < 70)).mean(), abs=5)
        assert found == counted


def test_stock_counts_as_far_as_it_can_be_used_in_time_as_in_the_chance():
    """Ten weeks at twenty a day: a home that holds more than its own use, and a lot of 340 that ends in nine days."""
    stock = {"day": ago(0), "pieces": 3000}
    ends = {"site": "store", "day": ago(0), "pieces": 340, "expires_on": ago(-9)}
    home = bought({"stock": rows("stock", stock | {"site": "home-1"})})
    assert home["stock_pieces"] == 700
    assert bought({"stock": rows("stock", ends)})["stock_pieces"] == 200
    assert bought({"stock": rows("stock", stock | {"site": "home-1"})}, "max")["stock_pieces"] == 980


def test_the_price_is_the_newest_live_one_with_its_order_line_and_day():
    line = {"pieces": 50, "expected": ago(-30), "state": "received", "received_pieces": 50}
    lines = rows(
        "inbound",
        line | {"order": "A1", "day": ago(9), "cents_per_pack": 1250},
        line | {"order": "A2", "line": 3, "day": ago(5), "cents_per_pack": 1000},
        line | {"order": "A3", "day": ago(1), "cents_per_pack": 10, "state": "cancelled"},
    )
    row = bought({"inbound": lines})
    assert (row["price_source"], row["net_cents"]) == (f"order A2/3, {ago(5)}", 18 * 1000)


def test_nothing_is_bought_that_is_not_listed():
    unlisted = registers() | TABLES | {"scope": rows("scope", {"state": "approved"})}
    assert needed(unlisted, level(70)).height == 0


@pytest.mark.parametrize("missing", ["stock", "norm", "activity", "scope"])
def test_what_to_buy_is_empty_with_its_reason_where_nobody_can_say(missing):
    """Of stock alone demand is still known."""
    row = bought({missing: rows(missing)})
    assert row["missing"] == missing
    assert [row[name] for name in ("gross_pieces", "net_pieces", "net_cents", "net_kg", "weeks_left_over")] == [
        None
    ] * 5
    assert row["demand_pieces"] == (1400 if missing == "stock" else None)
    assert row["stock_pieces"] == (0 if missing == "stock" else None)
