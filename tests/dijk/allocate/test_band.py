"""The band: how far a level may move from one run to the next."""

import datetime as dt
from typing import Any

import polars as pl
import pytest

from dijk.allocate import Division, allocate, explain
from small import AS_OF, ago, present, registers, rows, rule

Tables = dict[str, pl.DataFrame]
NATION = {"holder": "warehouse", "region": "all", "fence": "all"}


def homes(*, stock: int, **more: pl.DataFrame) -> Tables:
    """Two homes of 10 masks a day that ask for 100 each; goods in packs of 5; two days of floor."""
    asked = [{"request": f"r-{s}", "site": s, "day": ago(2), "pieces": 100} for s in ("home-1", "home-2")]
    held = rows("stock", {"site": "store", "product": "mask-a", "day": ago(1), "pieces": stock})
    return (
        registers()
        | {"product": rows("product", {"pieces_per_pack": 5}), "request": rows("request", *asked), "stock": held}
        | more
    )


def before(reach: str, **more: Any) -> pl.DataFrame:
    """The level of the run of last week."""
    usual = {
        "level_exact": None,
        "last_since": None,
        "last_lot": None,
        "tie_seed": 1,
        "claims": 2,
        "supply_pieces": 0,
        "awarded_pieces": 0,
    }
    return rows("past_level", usual | {"known_at": AS_OF - dt.timedelta(days=7), "reach": reach} | NATION | more)


def divided(tables: Tables) -> Division:
    return allocate(present(tables), pl.DataFrame({"need": ["mask"], "effective": ["scarce"]}), seed=1)


def packs(tables: Tables) -> int:
    return int(divided(tables).award["packs"].sum())


BAND = rule("level_band_days", 1.0)


def test_without_a_band_all_goods_go() -> None:
    assert packs(homes(stock=120, past_level=before("part", level_days=3.0))) == 24


def test_a_level_rises_no_faster_than_the_band_and_the_rest_stays() -> None:
    tables = homes(stock=120, past_level=before("part", level_days=3.0), policy_rule=BAND)
    assert packs(tables) == 16  # 4 days for each
    lines = divided(tables).award_line.filter(pl.col("line") == "level_band")["pieces"].to_list()
    assert lines == [-60, -60]
    told = explain(divided(tables).claim, divided(tables).award_line, divided(tables).level, site="home-1", need="mask")
    assert "60 pieces are held back" in told[0].en and "A larger request would change nothing." in told[0].en


def test_a_run_that_the_band_held_back_is_what_the_next_one_starts_from() -> None:
    first = divided(homes(stock=120, past_level=before("part", level_days=3.0), policy_rule=BAND)).level
    assert first.select("reach", "band_days").rows() == [("all", 4.0)]
    next_week = first.with_columns(known_at=pl.lit(AS_OF - dt.timedelta(hours=1)))
    assert packs(homes(stock=120, past_level=next_week, policy_rule=BAND)) == 20  # 5 days for each


def test_the_floor_is_never_held_back() -> None:
    assert (
        packs(homes(stock=120, past_level=before("nothing"), policy_rule=rule("level_band_days", 0.0))) == 8
    )  # 2 days for each


@pytest.mark.parametrize("earlier", [pl.DataFrame(), before("all")])
def test_a_need_without_an_earlier_level_or_with_enough_for_all_has_no_band(earlier: pl.DataFrame) -> None:
    more = {"past_level": earlier} if earlier.height else {}
    assert packs(homes(stock=120, policy_rule=BAND, **more)) == 24


def test_what_was_kept_back_softens_a_fall_and_no_more_than_that() -> None:
    kept = pl.concat([BAND, rule("buffer_share", 0.5)])
    assert packs(homes(stock=120, policy_rule=kept)) == 12
    assert (
        packs(homes(stock=120, policy_rule=kept, past_level=before("part", level_days=5.0))) == 16
    )  # down to 4 days, not to 3
    assert packs(homes(stock=60, policy_rule=kept, past_level=before("part", level_days=9.0))) == 12  # all there is
    assert (
        packs(homes(stock=120, policy_rule=kept, past_level=before("part", level_days=3.5))) == 12
    )  # no fall, nothing released


def test_levels_of_a_hub_and_of_a_regions_own_division_are_no_part_of_it() -> None:
    of_hub = before("part", level_days=9.0, holder="regional_hub", region="north")
    of_region = before("part", level_days=8.0, region="north")
    both = pl.concat([before("part", level_days=3.0), of_hub, of_region])
    assert packs(homes(stock=120, past_level=both, policy_rule=BAND)) == 16
