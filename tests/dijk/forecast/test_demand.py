"""From drivers and norms to demand: totals, curves, scenarios, and what must not matter."""

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dijk.forecast import forecast
from dijk.forecast.scenarios import in_force_share, lines_of_curve, week_factors, widened
from dijk.forecast.totals import Grid, with_totals
from dijk.tables.forecast import Demand, DriverForecast, IndicatorSeen, UsageFactor
from dijk.tables.registers import GROUPS
from small import rows, rule
from small_country import AS_OF, FIRST_DAY, KNOWN, indicator_rows, present, table, tables

NOW = present()
FUTURE = forecast(NOW, seed=1)
CELL = ["curve", "need", "sector", "region", "week"]
shares = st.floats(0, 1)


def demand(changed: dict[str, pl.DataFrame] | None = None, *, as_of: dt.datetime = AS_OF) -> pl.DataFrame:
    return forecast(present(changed, as_of=as_of), seed=1).demand


def changed_norm(**columns: pl.Expr) -> dict[str, pl.DataFrame]:
    return {"norm": tables()["norm"].with_columns(**columns)}


EXACT = demand(changed_norm(low=pl.col("mid"), high=pl.col("mid")))
"""Norms without a range: nothing is unknown but the course of the drivers."""


def test_the_tables_are_as_the_contract_says():
    Demand.validate(FUTURE.demand)
    DriverForecast.validate(FUTURE.driver_forecast)
    IndicatorSeen.validate(FUTURE.indicator_seen)
    UsageFactor.validate(FUTURE.usage_factor)
    assert FUTURE.demand["week"].min() == dt.date(2020, 4, 27)
    assert FUTURE.demand["week"].n_unique() == 8
    assert set(FUTURE.demand["curve"]) == {"low", "base", "max", "preventive", "lockdown"}


def test_same_seed_same_bytes():
    again = forecast(NOW, seed=1)
    assert again.demand.equals(FUTURE.demand)
    assert again.driver_forecast.equals(FUTURE.driver_forecast)
    assert not forecast(NOW, seed=2).demand.equals(FUTURE.demand)


def test_the_order_of_rows_changes_nothing():
    shuffled = {name: rows.sample(fraction=1.0, shuffle=True, seed=4) for name, rows in tables().items()}
    assert demand(shuffled).equals(FUTURE.demand)


def test_facts_known_later_change_nothing():
    wild = tables()["indicator"].with_columns(
        value=pl.col("value") * 50, known_at=pl.lit(AS_OF + dt.timedelta(seconds=1)).dt.cast_time_unit("us")
    )
    later = {"indicator": pl.concat([tables()["indicator"], wild.cast(tables()["indicator"].schema)])}
    assert demand(later).equals(FUTURE.demand)
    assert not demand(later, as_of=AS_OF + dt.timedelta(minutes=1)).equals(FUTURE.demand)


def test_in_every_sample_the_parts_are_the_whole():
    sectors = pl.DataFrame({"sector": ["hospital", "nursing_home"], "group": ["cure", "care"]})
    grid = Grid.of(FUTURE.cells, sectors)
    assert grid.sectors == ("hospital", "nursing_home", *GROUPS, "all")
    assert grid.regions == ("north", "south", "all")
    whole = with_totals(FUTURE.samples("gown"), grid)
    assert np.allclose(whole[:2, :2].sum(axis=(0, 1)), whole[-1, -1], rtol=1e-9)
    assert np.allclose(whole[2:-1].sum(axis=0), whole[-1], rtol=1e-9)


def test_a_group_adds_up_all_its_sectors():
    cells = pl.DataFrame({"sector": ["gp", "gp", "umc", "umc"], "region": ["a", "b", "a", "b"]})
    grid = Grid.of(cells, pl.DataFrame({"sector": ["gp", "umc"], "group": ["cure", "cure"]}))
    whole = with_totals(np.array([1.0, 2.0, 10.0, 20.0]).reshape(4, 1, 1), grid)[:, :, 0, 0]
    assert whole[grid.sectors.index("cure")].tolist() == whole[-1].tolist() == [11.0, 22.0, 33.0]


def test_a_total_comes_from_samples_and_not_from_added_quantiles():
    cell = EXACT.filter(curve="base", need="gown", sector="hospital", week=dt.date(2020, 4, 27)).sort("quantile_level")
    parts = (
        cell.filter(pl.col("region") != "all")
        .group_by("quantile_level", maintain_order=True)
        .agg(pl.col("pieces").sum())["pieces"]
    )
    total = cell.filter(region="all")["pieces"]
    assert parts[0] < total[0] < total[-1] < parts[-1]  # regions do not all have bad luck at once


def test_the_base_starts_from_what_the_norms_say_today():
    shifts = EXACT.filter(curve="base", need="gown", sector="nursing_home", region="north")
    assert set(shifts["pieces"]) == {7 * 200.0}  # level: no indicator
    masks = EXACT.filter(curve="base", need="mask", sector="nursing_home", region="south")
    assert set(masks["pieces"]) == {7 * 100.0 * 2 * 0.25}


def test_the_medians_of_low_base_and_max_lie_in_that_order_everywhere():
    wide = (
        FUTURE.demand.filter(quantile_level=0.5)
        .pivot("curve", index=CELL[1:], values="pieces")
        .drop_nulls(["low", "max"])
    )
    assert (wide["low"] <= wide["base"]).all()
    assert (wide["base"] <= wide["max"]).all()


def test_a_change_of_unit_gives_exactly_proportional_demand():
    boxes = demand(changed_norm(low=pl.col("low") / 50, mid=pl.col("mid") / 50, high=pl.col("high") / 50))
    assert np.allclose(boxes["pieces"] * 50, FUTURE.demand["pieces"], atol=0.05)


@pytest.mark.parametrize("raised", [("low", "mid", "high"), ("coverage",)])
def test_demand_rises_with_norms_and_coverage(raised):
    more = demand(
        changed_norm(**{c: pl.min_horizontal(pl.col(c) * 1.5, 1.0 if c == "coverage" else 1e4) for c in raised})
    )
    both = FUTURE.demand.join(more, on=[*CELL, "quantile_level"], suffix="_more")
    assert (both["pieces_more"] >= both["pieces"]).all()
    assert (both["pieces_more"] > both["pieces"]).any()


def test_a_dated_norm_changes_demand_from_its_day():
    old = tables()["norm"]
    new = old.filter(need="gown", sector="nursing_home").with_columns(
        valid_from=pl.lit(dt.date(2020, 5, 18)), mid=pl.lit(2.0)
    )
    dated = demand({"norm": pl.concat([old, new])}).filter(
        curve="base", need="gown", sector="nursing_home", region="all", quantile_level=0.5
    )
    assert dated.sort("week")["pieces"].to_list() == pytest.approx([2100.0] * 3 + [4200.0] * 5, rel=1e-4)


def test_a_scenario_that_is_off_changes_nothing_and_on_only_what_it_names():
    without = demand({"scenario": tables()["scenario"].clear()})
    base = FUTURE.demand.filter(pl.col("curve") == "base")
    assert without.filter(pl.col("curve") == "base").equals(base)
    lockdown = FUTURE.demand.filter(pl.col("curve") == "lockdown").join(
        base, on=[*CELL[1:], "quantile_level"], suffix="_base"
    )
    before = lockdown.filter(pl.col("week") < dt.date(2020, 5, 11))
    after = lockdown.filter(pl.col("week") >= dt.date(2020, 5, 25), pl.col("sector") == "hospital")
    assert (before["pieces"] == before["pieces_base"]).all()
    assert np.allclose(after["pieces"], 0.7 * after["pieces_base"], atol=0.002)  # same random numbers: no noise
    assert (
        lockdown.filter(sector="nursing_home")["pieces"] == lockdown.filter(sector="nursing_home")["pieces_base"]
    ).all()


@given(shares, st.lists(st.tuples(shares, shares), max_size=4), st.randoms(use_true_random=False))
def test_coverage_never_passes_one_and_the_order_of_advice_does_not_matter(start, advice, random):
    added, reached = [a for a, _ in advice], [np.array([r]) for _, r in advice]
    total = float(np.asarray(widened(start, added, reached)).ravel()[0])
    shuffled = list(zip(added, reached, strict=True))
    random.shuffle(shuffled)
    again = widened(start, [a for a, _ in shuffled], [r for _, r in shuffled])
    assert start - 1e-12 <= total <= 1 + 1e-12
    assert total == pytest.approx(float(np.asarray(again).ravel()[0]), abs=1e-12)


def test_scenario_lines_compose_like_the_formula():
    norm = pl.DataFrame({"need": ["mask"], "sector": ["care"], "driver": ["shift"], "coverage": [0.2]})
    line = {
        "need": "all",
        "sector": "all",
        "driver": "all",
        "starts_on": FIRST_DAY,
        "ramp_days": 0,
        "norm_factor": 1.0,
        "driver_factor": 1.0,
    }
    lines = pl.DataFrame([{"scenario": s, "coverage": c} | line for s, c in (("a", 0.5), ("b", 0.25))])
    monday = dt.date(2020, 5, 4)
    one = np.ones(1)
    assert week_factors(norm, lines, [monday])[0, 0] == pytest.approx(float(widened(0.2, [0.5, 0.25], [one, one])[0]))


def test_a_ramp_goes_up_in_a_straight_line():
    weeks = [dt.date(2020, 4, 27), dt.date(2020, 5, 4), dt.date(2020, 5, 11), dt.date(2020, 5, 18)]
    assert in_force_share(dt.date(2020, 5, 4), 14, weeks) == pytest.approx([0.0, 3 / 14, 10 / 14, 1.0])
    assert in_force_share(dt.date(2020, 5, 7), 0, weeks) == pytest.approx([0.0, 4 / 7, 1.0, 1.0])


def test_curves_hold_what_is_in_the_curves_below_them():
    lines = pl.DataFrame({"scenario": ["l", "b", "m", "n"], "in_curve": ["low", "base", "max", "none"]})
    held = {curve: "".join(lines_of_curve(lines, curve)["scenario"]) for curve in ("low", "base", "max", "n", "m")}
    assert held == {"low": "l", "base": "lb", "max": "lbm", "n": "lbn", "m": "lbm"}


@pytest.mark.parametrize("lost", [7, 14])
def test_an_indicator_that_stops_is_forecast_from_its_last_week_and_wider(lost):
    def spread(rows: pl.DataFrame) -> float:
        cell = rows.filter(curve="base", need="gown", sector="hospital", region="all", week=dt.date(2020, 5, 4)).sort(
            "quantile_level"
        )
        return cell["pieces"][-1] / cell["pieces"][0]

    assert spread(demand({"indicator": table("indicator", indicator_rows(83 - lost))})) > spread(FUTURE.demand)


def test_a_driver_whose_indicator_has_no_past_is_level_and_wide():
    blind = demand({"indicator": table("indicator", [])}).filter(
        curve="base", need="gown", sector="hospital", region="all"
    )
    first = blind.filter(week=dt.date(2020, 4, 27)).sort("quantile_level")["pieces"].to_list()
    assert first[3] == pytest.approx(7 * 7 * 130, rel=0.25)
    assert first[-1] / first[0] > 4


def test_new_infections_of_residents_become_days_of_care():
    steady = [row | {"value": 70.0} for row in indicator_rows(code="nh_new_infected")]
    halved = [row | {"value": 70.0 if row["day"] < dt.date(2020, 4, 19) else 35.0} for row in steady]
    driver = tables()["driver"].with_columns(
        indicator=pl.when(pl.col("driver") == "patient_day").then(pl.lit("nh_new_infected"))
    )
    first = [
        forecast(present({"indicator": table("indicator", rows), "driver": driver}), seed=1).joint.paths[0, 0, :, 0]
        / (7 * 90)
        for rows in (steady, halved)
    ]
    assert np.median(first[0]) == pytest.approx(1.0, rel=0.05)
    assert 0.6 < np.median(first[1]) < 0.8  # not at once to the half: those infected before are still cared for


def test_beyond_the_forecast_demand_falls_back_towards_the_level_of_the_past_year():
    """At the top of a wave, the level of the year is some way down; far beyond, every path is near it."""
    risen = [
        row | {"value": 10.0 if row["day"] < dt.date(2020, 4, 1) else 100.0}
        for row in indicator_rows()
        if row["region"] == "north"
    ]
    far = pl.concat([rule("buy_cover_weeks", 100), rule("fall_back_weeks", 4)])
    changed = {"indicator": table("indicator", risen), "policy_rule": far, "scope": rows("scope", {"need": "gown"})}
    future = forecast(present(changed), seed=1)
    busy = np.exp(np.log(future.joint.paths[0, 0]).mean(axis=0)) / (7 * 90)
    year = np.mean([row["value"] for row in risen]) / 100
    assert len(busy) == 101
    assert busy[9] > busy[12] > busy[20] > busy[-1]
    assert np.log(busy[12] / year) == pytest.approx(np.log(busy[8] / year) / 2, rel=0.15)
    assert busy[-1] == pytest.approx(year, rel=0.15)


def test_a_region_that_nobody_reports_follows_the_nation():
    north_only = [row for row in indicator_rows() if row["region"] == "north"]
    future = forecast(present({"indicator": table("indicator", north_only)}), seed=1)
    row = {(s, r): i for i, (s, r) in enumerate(future.cells.iter_rows())}
    patient_day = 0
    north, south = (future.joint.paths[patient_day, row["hospital", r]] for r in ("north", "south"))
    assert np.allclose(north / 90, south / 40)


def test_merged_regions_keep_the_sum():
    """The south is reported in two parts; the crosswalk brings them together."""
    parts = []
    for row in indicator_rows():
        if row["region"] == "south":
            parts += [
                row | {"region": "south-1", "value": row["value"] * 0.25},
                row | {"region": "south-2", "value": row["value"] * 0.75},
            ]
        else:
            parts.append(row)
    share = table(
        "region_share",
        [{"from_region": f"south-{i}", "to_region": "south", "share": 1.0} for i in (1, 2)],
        how="assumed",
    )
    split = forecast(present({"indicator": table("indicator", parts), "region_share": share}), seed=1)
    merged, whole = (
        f.demand.filter(curve="base", need="gown", sector="hospital", region="south", quantile_level=0.5).sort("week")[
            "pieces"
        ][:2]
        for f in (split, FUTURE)
    )
    assert np.allclose(merged, whole, rtol=0.2)


def test_regions_and_the_unexplained_add_up_to_the_nation():
    nation = table("indicator", indicator_rows(regions=("all",))).with_columns(region=pl.lit("nl"))
    regional = table("indicator", [row for row in indicator_rows() if row["region"] != "unknown"])
    region = pl.concat([tables()["region"], table("region", [{"region": "nl", "scheme": "nation", "name": "x"}])])
    future = forecast(present({"indicator": pl.concat([nation, regional]), "region": region}), seed=1)
    assert set(future.driver_forecast["region"]) == {"north", "south", "unknown", "all"}


def test_catch_up_gaps_and_doubled_days_do_not_crash():
    rows = [row for row in indicator_rows() if row["day"].day % 9]  # a day in nine is missing
    doubled = [row | {"known_at": KNOWN + dt.timedelta(days=1), "value": row["value"] + 1} for row in rows[:50]]
    empty = [row | {"value": None, "reason": "no_answer"} for row in indicator_rows() if not row["day"].day % 9]
    future = forecast(present({"indicator": table("indicator", rows + doubled + empty)}), seed=1)
    assert future.indicator_seen["missing_days"].max() > 0
    assert future.demand["pieces"].is_finite().all()


def test_no_sites_and_no_indicators_give_empty_tables():
    nothing = {name: rows.clear() for name, rows in tables().items()}
    future = forecast(replace(present(nothing)), seed=1)
    assert future.demand.height == future.driver_forecast.height == future.indicator_seen.height == 0
