import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_assess import level

from dijk.assess import assess
from dijk.forecast.result import Forecast
from dijk.tables.results import WarehouseOutlook
from drawn import examples
from small import ago, present, registers, rows, rule

STORES = [{"site": "store"}, {"site": "store-2"}]
HUB = {"site": "hub", "kind": "regional_hub"}
CARE = [{"site": site, "sector": "home"} for site in ("home-1", "home-2")]
SURE = pl.concat([rule(name, 0) for name in ("late_share", "cancel_share", "reject_share")])
TEN_A_DAY = 2 * 10 * 7 / 2  # units a week by which two homes use ten a day each, at two pieces a unit
NO_SITES = {"home-1": 0, "home-2": 0}


def outlook(held: dict[str, int], future: Forecast | None = None, **more: pl.DataFrame) -> dict[str, dict[str, object]]:
    """The outlook of each place, by site; two homes together use twenty pieces a day."""
    stock = rows("stock", *({"site": site, "day": ago(0), "pieces": pieces} for site, pieces in held.items()))
    sites = rows("site", *(store | {"kind": "warehouse"} for store in STORES), HUB, *CARE)
    tables = registers() | {"site": sites, "stock": stock, "policy_rule": SURE} | more
    found = assess(present(tables), future or level(TEN_A_DAY), seed=1).warehouse_outlook
    WarehouseOutlook.validate(found)
    return {str(row["site"]): row for row in found.iter_rows(named=True)}


def test_a_warehouse_that_is_alone_lasts_its_stock_over_what_the_nation_uses():
    row = outlook({"store": 200} | NO_SITES)["store"]
    assert (row["pieces"], row["part"], row["days_of_stock"]) == (200, 1.0, 10.0)
    assert (row["out_day_10"], row["out_day_50"], row["out_day_90"]) == (10.0, 10.0, 10.0)
    assert (row["p_out_2w"], row["p_out_4w"], row["p_out_8w"]) == (1.0, 1.0, 1.0)


def test_what_the_sites_hold_is_used_first():
    assert outlook({"store": 200, "home-1": 50, "home-2": 50})["store"]["out_day_50"] == 15.0


def test_two_warehouses_meet_their_parts_and_end_together():
    found = outlook({"store": 300, "store-2": 100} | NO_SITES)
    assert [found[site]["part"] for site in ("store", "store-2")] == [0.75, 0.25]
    assert [found[site]["out_day_50"] for site in ("store", "store-2")] == [20.0, 20.0]


def test_a_hub_serves_its_region_before_the_nation_is_asked():
    found = outlook({"store": 200, "hub": 60} | NO_SITES)
    assert (found["hub"]["part"], found["hub"]["out_day_50"]) == (1.0, 3.0)
    assert found["store"]["out_day_50"] == 13.0


def test_own_purchases_are_netted():
    own = rows(
        "delivery", {"site": "home-1", "day": ago(5), "pieces": 140, "channel": "own_purchase"}
    )  # ten a day over fourteen days
    stock = {"store": 200} | NO_SITES
    counted_after = {"delivery": own.with_columns(day=pl.lit(ago(5)))}
    assert outlook(stock, **counted_after)["store"]["out_day_50"] == 20.0


def coming(to_site: str) -> pl.DataFrame:
    line = {"day": ago(20), "pieces": 1000, "expected": ago(-3), "state": "underway", "to_site": to_site}
    return rows("inbound", line)


def test_an_order_arrives_where_it_is_bound_for():
    found = outlook({"store": 300, "store-2": 100} | NO_SITES, inbound=coming("store-2"))
    assert (found["store"]["out_day_50"], found["store-2"]["out_day_50"]) == (20.0, None)
    assert found["store-2"]["p_out_8w"] == 0.0


def test_an_order_bound_for_elsewhere_arrives_at_the_warehouse_that_holds_most():
    found = outlook({"store": 300, "store-2": 100, "hub": 60} | NO_SITES, inbound=coming("home-1"))
    assert (found["store"]["out_day_50"], found["store-2"]["out_day_50"], found["hub"]["out_day_50"]) == (
        None,
        23.0,
        3.0,
    )


def test_sites_that_nobody_knows_hold_as_the_others_and_at_worst_nothing():
    row = outlook({"store": 400, "home-1": 100})["store"]  # home-2 is not known: 100 as well, or none
    assert row["out_day_50"] == 30.0
    assert (row["p_out_4w"], row["p_out_most_4w"]) == (0.0, 1.0)  # 25 days, were it none


def test_where_nobody_counted_the_warehouse_stands_alone():
    assert outlook({"store": 400})["store"]["out_day_50"] == 20.0


def test_what_is_not_approved_has_no_part_and_a_need_that_nobody_uses_no_row():
    blocked = rows("stock", {"site": "store", "day": ago(0), "pieces": 400, "status": "quarantine"})
    assert outlook({}, stock=blocked) == {}
    idle = rows("activity", *({"site": site, "day": ago(1), "units": 0.0} for site in ("home-1", "home-2")))
    assert outlook({"store": 400}, activity=idle) == {}


@examples(4, long=12)
@given(st.integers(1, 1500), st.integers(0, 400), st.floats(0, 0.9))
def test_chances_rise_with_the_horizon_and_fall_with_stock(pieces, extra, spread):
    future = level(TEN_A_DAY, paths=20, spread=spread)
    less, more = (outlook({"store": held} | NO_SITES, future)["store"] for held in (pieces, pieces + extra))
    horizons = ("p_out_2w", "p_out_4w", "p_out_8w")
    assert less["p_out_2w"] <= less["p_out_4w"] <= less["p_out_8w"] <= 1
    assert less["p_out_4w"] <= less["p_out_most_4w"]
    assert all(more[name] <= less[name] for name in horizons)


@pytest.mark.parametrize("split", [(200, 200), (399, 1), (120, 280)])
def test_how_stock_is_spread_over_warehouses_changes_no_day(split):
    found = outlook({"store": split[0], "store-2": split[1]} | NO_SITES)
    assert [found[site]["out_day_50"] for site in ("store", "store-2")] == pytest.approx([20.0, 20.0])
