"""A regional hub: its goods stay in its region, and the nation reckons with them."""

from typing import Any

import polars as pl
import pytest

from dijk.allocate import Division, allocate, explain
from dijk.allocate.claims import CLAIM, supply
from dijk.allocate.doubts import check_division
from dijk.allocate.recompute import recompute
from dijk.tables import ALL
from small import ago, present, registers, rows, rule

Tables = dict[str, pl.DataFrame]
SITES = ("home-1", "home-2", "home-3")  # the third is in the south


def country(*, store: int = 40, hub: int = 20, **more: pl.DataFrame) -> Tables:
    """Three homes of 10 masks a day, two in the north; goods at a warehouse and at the hub of the north; packs of 5."""
    made = registers(SITES)
    south = pl.when(pl.col("site") == "home-3").then(pl.lit("south")).otherwise("region")
    hub_site = rows("site", {"site": "hub", "kind": "regional_hub", "sector": None})
    held = [{"site": s, "product": "mask-a", "day": ago(1), "pieces": n} for s, n in (("store", store), ("hub", hub))]
    asked = [{"request": f"r-{s}", "site": s, "day": ago(2), "pieces": 100} for s in SITES]
    made["site"] = pl.concat([made["site"].with_columns(region=south), hub_site])
    return (
        made
        | {
            "product": rows("product", {"pieces_per_pack": 5}),
            "stock": rows("stock", *held),
            "request": rows("request", *asked),
        }
        | more
    )


def divided(tables: Tables) -> Division:
    return allocate(present(tables), pl.DataFrame({"need": ["mask"], "effective": ["scarce"]}), seed=1)


def sent(division: Division, holder: str) -> dict[str, Any]:
    table = division.award.filter(pl.col("holder") == holder)
    return dict(table.group_by("site").agg(pl.col("packs").sum()).sort("site").iter_rows())


def test_a_hub_sends_to_its_own_region_only() -> None:
    assert set(sent(divided(country(hub=1000)), "regional_hub")) == {"home-1", "home-2"}


def test_the_nation_counts_what_a_hub_sends_as_stock_of_its_region() -> None:
    division = divided(country(policy_rule=rule("floor_days", 0.0)))
    assert sent(division, "regional_hub") == {"home-1": 2, "home-2": 2}
    assert sent(division, "warehouse") == {
        "home-1": 2,
        "home-2": 2,
        "home-3": 4,
    }  # 20 pieces for each home, wherever they came from


def test_a_hub_that_holds_more_than_the_nation_reaches_leaves_all_of_that_to_others() -> None:
    division = divided(country(store=20, hub=100))
    assert sent(division, "warehouse") == {"home-3": 4}


@pytest.mark.parametrize("hub", [0, 15, 20, 35, 100, 500])
def test_claims_at_a_hub_and_at_the_nation_can_both_be_dealt_again(hub: int) -> None:
    division = divided(country(hub=hub))
    again = recompute(division.claim, division.level).filter(pl.col("packs") > 0)
    assert again.sort(CLAIM).equals(division.award.select(*CLAIM, "packs").sort(CLAIM))


def test_the_lines_of_hub_and_nation_add_up_to_the_request_and_to_what_is_sent() -> None:
    division = divided(country())
    lines = division.award_line.filter(pl.col("site") == "home-1").group_by("line").agg(pl.col("pieces").sum())
    pieces = dict(lines.with_columns(pl.col("line").cast(pl.String)).iter_rows())
    assert pieces["requested"] == 100
    assert pieces.pop("shipped") == sum(pieces.values()) == 20


def test_goods_that_end_just_where_a_class_has_its_floors_say_that_it_has_its_floors() -> None:
    floors = {"policy_rule": rule("floor_days", 1.0)}
    level = divided(country(store=0, hub=20, **floors)).level
    assert level.select("holder", "region", "fence", "reach").rows() == [("regional_hub", "north", "all", "floor")]


def test_a_region_decides_what_its_hub_keeps_back_and_by_which_rules_it_divides() -> None:
    own = pl.concat([rule("buffer_share", 0.5, region="north"), rule("cap_days", 1.0, region="north")])
    tables = country(hub=100, policy_rule=own)
    assert supply(present(tables)).filter(pl.col("region") != ALL)["packs"].to_list() == [10]
    assert sent(divided(tables), "regional_hub") == {
        "home-1": 2,
        "home-2": 2,
    }  # a day each, where the nation allows ten


def test_the_explanation_tells_what_the_hub_sends_first() -> None:
    division = divided(country())
    told = explain(division.claim, division.award_line, division.level, site="home-1", need="mask")
    assert [one.holder for one in told] == ["regional_hub", "warehouse"]
    assert "regional hub goes first" in told[0].en and "after what your regional hub sends" in told[1].en
    assert "depot gaat voor" in told[0].nl
    level = divided(country(policy_rule=rule("floor_days", 0.0)))
    shared = explain(level.claim, level.award_line, level.level, site="home-1", need="mask")
    assert "Of one more pack for all who share this level, 2.5 pieces" in shared[0].en  # two homes alike, a pack of 5
    over = country(
        request=rows("request", *({"request": f"r-{s}", "site": s, "day": ago(2), "pieces": 150} for s in SITES))
    )
    division = divided(over)
    told = explain(division.claim, division.award_line, division.level, site="home-1", need="mask")
    assert "after what your regional hub sends. Your norm is 10.0 a day, so at most 100" in told[1].en


def test_what_a_regions_own_cap_leaves_of_its_total_is_told() -> None:
    division = divided(country(store=150, hub=0, policy_rule=rule("cap_days", 2.0, region="north")))
    assert division.left.rows() == [
        ("mask", "north", 60)
    ]  # 50 pieces for each home; the north lets its two homes have 20
    assert check_division(division)["found"].to_list() == ["mask north: 60"]
