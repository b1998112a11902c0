import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from test_assess import ALL_WEEKS, level

from dijk.buy import scenario_cost
from dijk.forecast.demand import Joint
from dijk.forecast.result import Forecast
from dijk.tables.purchase import ScenarioCost
from small import TODAY, ago, present, registers, rows, rule

LINE = {
    "scenario": "free",
    "starts_on": TODAY,
    "ramp_days": 0,
    "coverage": 0.6,
    "norm_factor": 1.0,
    "driver_factor": 1.0,
    "in_curve": "none",
}
HOME, STORE = {"site": "home-1", "sector": "home"}, {"site": "store", "kind": "warehouse"}
TABLES = {
    "site": rows("site", HOME | {"size": 400, "size_unit": "clients", "size_confirmed_by": "register"}, STORE),
    "product": rows("product", {"pieces_per_pack": 50}),
    "norm": rows("norm", {"low": 1.0, "mid": 2.0, "high": 4.0, "coverage": 0.5}),
    "scenario": rows("scenario", LINE | {"driver": "all"}),
    "inbound": rows(
        "inbound", {"day": ago(9), "pieces": 500, "expected": ago(-30), "cents_per_pack": 1250, "state": "confirmed"}
    ),
    "policy_rule": rule("handling_cents_per_pack", 40),
}


def priced(more: dict[str, pl.DataFrame] | None = None, *, times: float = 5.0, spread: float = 0.5) -> pl.DataFrame:
    """What it costs when a scenario brings 2 pieces a unit, a hundred units a week, to so many times 2."""
    return scenario_cost(
        present(registers() | TABLES | (more or {})), with_scenario(level(100, paths=11, spread=spread), times)
    )


def with_scenario(future: Forecast, times: float) -> Forecast:
    load = dict(future.joint.load) | {("free", "mask"): np.full((1, 1, ALL_WEEKS), 2.0 * times)}
    return replace(future, joint=Joint(future.joint.paths, load, {}))


def cost(curve: str = "free", sector: str = "home", **more: Any) -> dict[str, Any]:
    return priced(**more).row(by_predicate=(pl.col("curve") == curve) & (pl.col("sector") == sector), named=True)


def test_a_scenario_costs_its_extra_packs_at_the_newest_price_with_handling():
    row = cost()
    assert (row["extra_low"], row["extra_mid"], row["extra_high"]) == (
        3840,
        6400,
        8960,
    )  # 8 weeks x 100 units x 8 pieces, and 60 or 140 % of it
    assert (row["cents_low"], row["cents_mid"], row["cents_high"]) == (
        77 * 1290,
        128 * 1290,
        180 * 1290,
    )  # whole packs of 50
    assert row["demand_pieces"] == 8000
    assert row["price_source"] == f"order order/1, {ago(9)}"


def test_persons_times_uptake_are_those_reached():
    row = cost()
    assert (row["persons"], row["uptake"]) == (400, 0.3)  # 0.6 of the half that had none
    assert cost(more={"site": rows("site", HOME, STORE)})["persons"] is None


def test_lines_of_a_scenario_compose_and_lines_for_other_needs_do_not_count():
    two = rows(
        "scenario",
        LINE | {"driver": "all", "sector": "all"},
        LINE | {"driver": "shift"},
        LINE | {"need": "gown", "driver": "all"},
    )
    assert cost(more={"scenario": two})["uptake"] == pytest.approx(0.5 * (1 - 0.4 * 0.4))
    factor = rows("scenario", LINE | {"driver": "all", "coverage": 0.0, "norm_factor": 5.0})
    assert cost(more={"scenario": factor})["uptake"] is None


def test_low_base_and_max_stand_beside_it_for_all_sectors():
    table = priced()
    assert set(table.filter(pl.col("sector") == "all")["curve"]) == {"low", "base", "max", "free"}
    base = cost("base", "all")
    assert (base["extra_low"], base["extra_high"], base["cents_mid"]) == (0, 0, 0)
    assert base["demand_cents"] == 32 * 1290  # 1600 pieces


def test_an_unknown_price_stays_unknown_and_says_why():
    row = cost(more={"inbound": rows("inbound")})
    assert [row[c] for c in ("demand_cents", "cents_low", "cents_mid", "cents_high", "price_source")] == [None] * 5
    assert (row["reason"], row["extra_mid"]) == ("no_price", 6400)
    assert cost(more={"acceptance": rows("acceptance", {"valid_to": ago(1)})})["reason"] == "no_article"


def test_what_a_scenario_saves_is_below_zero_in_whole_packs():
    row = cost(times=0.5)
    assert (row["extra_mid"], row["cents_mid"]) == (-800, -16 * 1290)
    assert row["extra_low"] < row["extra_mid"] < row["extra_high"] < 0


def test_a_scenario_that_changes_nothing_has_no_row():
    assert set(priced(times=1.0)["curve"]) == {"low", "base", "max"}


def test_the_difference_is_on_the_same_random_numbers():
    """However wide demand is, a scenario that adds a tenth adds a tenth of each path."""
    wide = cost(times=1.1, spread=0.99)
    assert wide["extra_high"] <= 0.1 * 1600 * 1.99 + 1


def test_the_table_is_as_the_contract_says():
    ScenarioCost.validate(priced())


def test_money_is_for_the_weeks_that_begin_today():
    thursday = dt.datetime(2020, 4, 30, 10, tzinfo=dt.UTC)
    rising = with_scenario(level(100, paths=11), 5.0)
    rising.joint.paths[..., 1:] *= 2
    now = present(registers() | TABLES, as_of=thursday)
    found = scenario_cost(now, rising).row(
        by_predicate=(pl.col("curve") == "free") & (pl.col("sector") == "home"), named=True
    )
    assert found["extra_mid"] == round(800 * (4 / 7 + 2 * 3 / 7 + 2 * 7))
