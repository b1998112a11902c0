"""The usage factor: what use, deliveries and orders say of the norms, and what they may not say."""

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import country_once
from dijk.example import AS_OF as EXAMPLE_DAY
from dijk.forecast import forecast
from dijk.forecast.orders import netted_orders
from dijk.forecast.usage_factor import learnt
from dijk.inputs import Inputs
from dijk.plan import plan
from dijk.policy import Policy
from small_country import AS_OF, FIRST_DAY, present, table, tables

TODAY = AS_OF.date()
WEEKS = 8
SHIFTS = {"n1": 200.0, "n2": 100.0}  # a day; the norm is 1 gown a shift, 0.5 to 2
KEY = ["curve", "need", "sector", "region", "week", "quantile_level"]


def weekly(site: str, times: float, **more: Any) -> list[dict[str, Any]]:
    """What a home says week by week: so many times the norm."""
    days = (TODAY - dt.timedelta(days=7 * week + 1) for week in range(WEEKS))
    return [
        {
            "site": site,
            "need": "gown",
            "day": day,
            "pieces": round(7 * SHIFTS[site] * times),
            "known_at": AS_OF - dt.timedelta(days=1),
        }
        | {name: value.format(day=day, site=site) if isinstance(value, str) else value for name, value in more.items()}
        for day in days
    ]


USE = {"days": 7}
DELIVERY = {"delivery": "{site} {day}", "product": "p", "lot": "-", "channel": "own_purchase"}
ORDER = {"request": "{site} {day}", "urgent": False}


def world(**told: list[dict[str, Any]]) -> dict[str, pl.DataFrame]:
    """The small country with homes that tell their shifts each week, and what else is told."""
    days = [TODAY - dt.timedelta(days=7 * week + 2) for week in range(WEEKS)]
    wards = [
        {"site": s, "driver": "patient_day", "risk_class": "aerosol", "day": days[0], "units": u}
        for s, u in (("h1", 90.0), ("h2", 40.0))
    ]
    shifts = [
        {"site": s, "driver": "shift", "risk_class": "aerosol", "day": d, "units": u}
        for s, u in SHIFTS.items()
        for d in days
    ]
    scope = {
        "need": "gown",
        "state": "listed",
        "action": "buying",
        "valid_from": FIRST_DAY,
        "basis": "test",
        "set_by": "test",
    }
    return {"activity": table("activity", wards + shifts), "scope": table("scope", [scope])} | {
        name: table(name, rows) for name, rows in told.items()
    }


def not_scarce(verdict: str = "no_shortage") -> dict[str, pl.DataFrame]:
    judged = {"valid_from": FIRST_DAY, "basis": "test", "set_by": "test", "evidence": "test"}
    return {"verdict": table("verdict", [{"need": "gown", "verdict": verdict} | judged])}


def learned(changed: dict[str, pl.DataFrame], need: str = "gown", sector: str = "nursing_home") -> dict[str, Any]:
    return forecast(present(changed), seed=1).usage_factor.row(
        by_predicate=(pl.col("need") == need) & (pl.col("sector") == sector), named=True
    )


def both(times: float, **more: Any) -> list[dict[str, Any]]:
    return weekly("n1", times, **more) + weekly("n2", times, **more)


def test_with_nothing_told_the_norm_holds_with_its_range():
    row = learned(world())
    assert (row["factor"], row["low"], row["high"], row["range_kept"], row["how"]) == (1.0, 0.5, 2.0, 1.0, "assumed")
    ends = forecast(present(world()), seed=1).demand.filter(
        need="gown", sector="nursing_home", region="all", quantile_level=0.5
    )
    for curve, times in (("low", 0.5), ("base", 1.0), ("max", 2.0)):
        assert ends.filter(curve=curve)["pieces"].to_list() == pytest.approx([2100 * times] * 8, rel=1e-4)


@pytest.mark.parametrize("times", [0.6, 1.0, 1.4])
def test_the_factor_behind_recorded_use_is_found(times):
    row = learned(world(use=both(times, **USE)))
    assert row["factor"] == pytest.approx(times, rel=0.01)
    assert row["low"] < times < row["high"]
    assert (row["use_weeks"], row["raising_weeks"], row["how"]) == (8, 0, "estimated")


def test_use_that_is_trusted_fully_gives_the_factor_exactly():
    sure = {"known_at": AS_OF - dt.timedelta(days=9), "rule": "usage_use_sd", "value": 0.01, "word": None}
    everyone = dict.fromkeys(("need", "sector", "region"), "all") | {
        "valid_from": FIRST_DAY,
        "basis": "test",
        "set_by": "test",
    }
    row = learned(world(use=both(0.6, **USE)) | {"policy_rule": table("policy_rule", [everyone | sure])})
    assert row["factor"] == pytest.approx(0.6, rel=1e-4)


def test_demand_follows_the_factor_and_its_interval_narrows():
    def spread(rows: pl.DataFrame) -> float:
        return rows["pieces"][-1] / rows["pieces"][0]

    cell = {"curve": "base", "need": "gown", "sector": "nursing_home", "region": "north", "week": dt.date(2020, 5, 4)}
    blind, seen = (
        forecast(present(changed), seed=1).demand.filter(**cell).sort("quantile_level")
        for changed in (world(), world(use=both(0.6, **USE)))
    )
    assert seen["pieces"][3] == pytest.approx(0.6 * blind["pieces"][3], rel=0.01)
    assert spread(seen) < spread(blind) ** 0.3


def test_the_part_of_a_sector_that_tells_counts_as_a_part():
    whole, part = learned(world(use=both(0.6, **USE))), learned(world(use=weekly("n2", 0.6, **USE)))
    assert part["range_kept"] > whole["range_kept"]
    assert part["factor"] > whole["factor"]  # nearer to the norm


def test_a_source_that_is_trusted_less_leaves_more_of_the_range():
    left = [
        learned(world(**{source: both(0.8, **how)}) | not_scarce())["range_kept"]
        for source, how in (("use", USE), ("delivery", DELIVERY), ("request", ORDER))
    ]
    assert left == sorted(left)
    assert left[0] < left[1] < left[2] < 1


@pytest.mark.parametrize(("source", "how"), [("delivery", DELIVERY), ("request", ORDER)])
def test_unmet_need_is_not_low_need(source, how):
    """Little came and little was asked: that lowers the factor only where the need is known not to have been scarce."""
    little = world(**{source: both(0.3, **how)})
    assert learned(little)["factor"] == 1.0  # nobody knows
    assert learned(little | not_scarce("absolute_shortage"))["factor"] == 1.0
    assert 0.5 <= learned(little | not_scarce())["factor"] < 0.9  # no lower than the norm's low end
    much = world(**{source: both(1.8, **how)})
    assert learned(much)["factor"] > 1.1
    assert learned(much)["range_kept"] == 1.0  # a lower bound does not narrow


def test_use_in_a_week_that_was_scarce_is_a_lower_bound():
    spared = world(use=both(0.4, **USE))
    assert learned(spared)["factor"] < 0.45
    assert learned(spared | not_scarce("specific_shortage"))["factor"] == 1.0


def test_a_published_regime_says_whether_a_week_was_scarce():
    def published(regime: str) -> dict[str, pl.DataFrame]:
        row = {
            "known_at": dt.datetime(2020, 2, 3, tzinfo=dt.UTC),
            "need": "gown",
            "computed": regime,
            "effective": regime,
        }
        more = {
            "since": FIRST_DAY,
            "alarm": False,
            "evidence_en": "-",
            "evidence_nl": "-",
            "action": "buying",
            "verdict": None,
            "missing": None,
        }
        schema = present().world.past_regime.schema
        return {"past_regime": pl.DataFrame([row | more]).select(list(schema)).cast(dict(schema))}

    little = world(delivery=both(0.3, **DELIVERY))
    assert learned(little | published("direct"))["factor"] < 0.9
    assert learned(little | published("scarce"))["factor"] == 1.0


def counted(*pieces: int, days_ago: int = 1) -> list[dict[str, Any]]:
    """Counts of both homes, week by week from the last."""
    lot = {"product": "p", "lot": "-", "status": "approved", "known_at": AS_OF - dt.timedelta(days=1)}
    return [
        {"site": site, "day": TODAY - dt.timedelta(days=7 * week + days_ago), "pieces": n} | lot
        for site in SHIFTS
        for week, n in enumerate(pieces)
    ]


def held_and_used(use: list[dict[str, Any]], stock: list[dict[str, Any]]) -> dict[str, pl.DataFrame]:
    judged = {"valid_from": FIRST_DAY, "basis": "test", "set_by": "test"}
    return world(use=use, stock=stock, acceptance=[{"need": "gown", "product": "p", "preference": 1} | judged])


def test_no_use_at_a_site_that_had_nothing_is_no_low_need():
    """Site by site, whoever was short; and what nobody knows the site had is no better. Beside stock it is low need."""
    none, little = both(0.0, **USE), both(0.3, **USE)
    full, nothing = counted(*[900] * WEEKS), counted(*[0] * WEEKS)
    assert learned(held_and_used(none, full))["factor"] < 0.1
    assert learned(held_and_used(little, full))["factor"] < 0.5
    for told in (none, little):
        assert learned(held_and_used(told, nothing))["factor"] == 1.0
    assert learned(world(use=none))["factor"] == 1.0
    assert learned(world(use=little))["factor"] < 0.5  # who used some had some


def test_use_above_the_norm_at_a_site_that_ran_out_raises_still():
    assert learned(held_and_used(both(1.6, **USE), counted(*[0] * WEEKS)))["factor"] > 1.3


def test_a_week_that_began_or_ended_with_nothing_is_not_learnt_from():
    use = both(0.3, **USE)
    for days_ago in (1, 8):  # the end of the period, and its beginning
        empty_once = learned(held_and_used(use[:1] + use[WEEKS : WEEKS + 1], counted(0, days_ago=days_ago)))
        assert empty_once["factor"] == 1.0
    assert learned(held_and_used(use[:1] + use[WEEKS : WEEKS + 1], counted(0, days_ago=9)))["factor"] < 1.0


def test_inflated_orders_move_nothing_beyond_what_the_range_of_the_norm_allows():
    ten, twenty, beyond_belief = (learned(world(request=both(times, **ORDER))) for times in (10, 20, 1000))
    assert twenty == ten
    assert 1 < ten["factor"] < 2.0  # the norm's high end
    assert 1 < beyond_belief["factor"] < 2.0


def test_a_change_of_unit_gives_exactly_proportional_demand_with_use_known():
    one = forecast(present(world(use=both(1.0, **USE))), seed=1)
    norm = tables()["norm"].with_columns((pl.col(c) / 50).alias(c) for c in ("low", "mid", "high"))
    boxes = forecast(present(world(use=both(1 / 50, **USE)) | {"norm": norm}), seed=1)
    assert boxes.usage_factor.equals(one.usage_factor)
    assert np.allclose(boxes.demand["pieces"] * 50, one.demand["pieces"], atol=0.05)


def test_a_norm_that_is_set_anew_starts_anew():
    """Lowered to what is used, it is not lowered once more by use that was set beside the old one."""
    old = tables()["norm"]
    lowered = [(pl.col(c) * 0.6).alias(c) for c in ("low", "mid", "high")]
    new = old.filter(need="gown", sector="nursing_home").with_columns(
        *lowered, valid_from=pl.lit(TODAY - dt.timedelta(days=10))
    )
    used = world(use=both(0.6, **USE))
    assert learned(used)["factor"] == pytest.approx(0.6, rel=0.01)
    row = learned(used | {"norm": pl.concat([old, new])})
    assert (row["factor"], row["use_weeks"]) == (
        pytest.approx(1.0),
        2,
    )  # of the second week the last day, by which it held


def test_a_site_that_tells_no_activity_and_an_unknown_quantity_say_nothing():
    rows = both(1.6, **DELIVERY)
    lost = [row | {"pieces": None, "reason": "not_counted"} if row["site"] == "n1" else row for row in rows]
    assert learned(world(delivery=lost))["factor"] < learned(world(delivery=rows))["factor"]
    silent = world(use=both(0.6, **USE))
    silent["activity"] = silent["activity"].filter(pl.col("day") > TODAY - dt.timedelta(days=7))
    assert learned(silent)["use_weeks"] == 1


def test_a_difference_between_scenarios_is_free_of_noise():
    rows = forecast(present(world(use=both(0.6, **USE))), seed=1)
    gone = rows.samples("gown", "lockdown")[:2, :, 4:]  # hospitals, from 25 May, at 0.7 of their patients
    assert np.allclose(gone, 0.7 * rows.samples("gown")[:2, :, 4:], rtol=1e-9)


def test_what_is_unknown_is_partly_common_to_the_sectors():
    rows = forecast(present(world()), seed=1)
    times = np.log(rows.joint.times["gown"])
    hospital, home = (times[rows.cells["sector"].to_list().index(sector)] for sector in ("hospital", "nursing_home"))
    assert 0.3 < np.corrcoef(hospital, home)[0, 1] < 0.7
    assert np.median(home) == pytest.approx(0, abs=0.01)
    assert np.exp(np.quantile(home, [0.1, 0.9])) == pytest.approx([0.5, 2.0], rel=0.03)


SHAPE = (3, 1, 6)
ratios = st.lists(st.one_of(st.none(), st.floats(-2, 2)), min_size=18, max_size=18)
bounds = st.lists(st.booleans(), min_size=18, max_size=18)


def drawn(ratio: list[float | None], bound: list[bool], left_out: int | None = None) -> tuple[float, float]:
    seen = np.array([np.nan if r is None or i == left_out else r for i, r in enumerate(ratio)]).reshape(SHAPE)
    error = np.broadcast_to(np.array([0.1, 0.2, 0.4])[:, None, None], SHAPE)
    level, sd = learnt(seen, error, np.array(bound).reshape(SHAPE), before=np.array([0.5]), drift=0.05)
    return float(level[0]), float(sd[0])


@settings(max_examples=60)
@given(ratios, bounds, st.integers(0, 17))
def test_a_missing_observation_never_narrows(ratio, bound, left_out):
    assert drawn(ratio, bound, left_out)[1] >= drawn(ratio, bound)[1] - 1e-12
    assert drawn(ratio, bound)[1] <= 0.5


@settings(max_examples=60)
@given(ratios, bounds)
def test_a_lower_bound_never_lowers(ratio, bound):
    without = [None if is_bound else r for r, is_bound in zip(ratio, bound, strict=True)]
    assert drawn(ratio, bound)[0] >= drawn(without, bound)[0] - 1e-12


@settings(max_examples=60)
@given(ratios, bounds)
def test_the_level_stays_within_the_norm_and_what_was_told(ratio, bound):
    told = [0.0, *(r for r in ratio if r is not None)]
    assert min(told) - 1e-12 <= drawn(ratio, bound)[0] <= max(told) + 1e-12


def test_few_deliveries_say_less_than_many():
    one = learned(world(delivery=both(0.8, **DELIVERY)) | not_scarce())
    some = [f"x{i}" for i in range(20)]
    small = world()
    sites = [
        {"site": s, "organisation": "o", "name": s, "kind": "care", "sector": "nursing_home", "region": "north"}
        for s in some
    ]
    day = TODAY - dt.timedelta(days=1)
    rows = [
        row | {"site": s, "delivery": f"{s} {row['day']}", "pieces": 112}
        for s in some
        for row in weekly("n1", 1.0, **DELIVERY)
    ]
    shifts = [
        {"site": s, "driver": "shift", "risk_class": "aerosol", "day": day - dt.timedelta(days=7 * w), "units": 20.0}
        for s in some
        for w in range(8)
    ]
    many = {
        "site": pl.concat([tables()["site"], table("site", sites)]),
        "delivery": table("delivery", rows + both(0.8, **DELIVERY)),
        "activity": pl.concat([small["activity"], table("activity", shifts)]),
    }
    assert learned(small | many | not_scarce())["range_kept"] < one["range_kept"]


def test_a_week_of_repeated_orders_alone_says_nothing():
    """What a site still waits for is no low need, even where nobody calls the need scarce."""
    first = [row for row in both(1.0, **ORDER) if row["day"] == TODAY - dt.timedelta(days=22)]
    again = [row | {"request": f"{row['request']}-2", "day": row["day"] + dt.timedelta(days=7)} for row in first]
    once, twice = (learned(world(request=rows) | not_scarce()) for rows in (first, first + again))
    assert (twice["request_weeks"], twice["factor"]) == (once["request_weeks"], once["factor"]) == (1, 1.0)


def test_an_order_from_before_the_weeks_looked_at_may_still_be_open():
    judged = {"valid_from": FIRST_DAY, "basis": "test", "set_by": "test"} | dict.fromkeys(
        ("need", "sector", "region"), "all"
    )
    short = {"policy_rule": table("policy_rule", [judged | {"rule": "usage_weeks", "value": 1.0, "word": None}])}
    first = [row for row in both(1.9, **ORDER) if row["day"] == TODAY - dt.timedelta(days=8)]
    again = [row | {"request": f"{row['request']}-2", "day": row["day"] + dt.timedelta(days=6)} for row in first]
    assert learned(world(request=first + again) | short)["request_weeks"] == 0  # the second repeats the first
    assert learned(world(request=again) | short)["request_weeks"] == 1


CASES = [  # orders as day and pieces; what was sent; what each order then asks
    ([(0, 100), (5, 100), (10, 100)], [], [100, 0, 0], "repeated three times and never filled"),
    ([(0, 100), (5, 150)], [], [100, 50], "it grows"),
    ([(0, 100), (5, 60)], [], [100, 0], "it shrinks"),
    ([(0, 100), (5, 100)], [(3, 100)], [100, 100], "filled in between"),
    ([(0, 100), (5, 100)], [(3, 40)], [100, 40], "filled in part"),
    ([(0, 100), (5, 100)], [(3, 400)], [100, 100], "filled more than asked"),
    ([(0, 100), (5, 100), (6, 100)], [(3, 40)], [100, 40, 0], "filled in part, asked twice more"),
    ([(0, 100), (20, 100)], [], [100, 100], "the first has lapsed"),
    ([(0, 100), (5, 30), (12, 100)], [], [100, 0, 0], "the largest stays open"),
]


@pytest.mark.parametrize(("asked", "sent", "expected", "name"), CASES, ids=[case[3] for case in CASES])
def test_an_order_asks_what_is_not_open_yet(asked, sent, expected, name):
    def day(ahead: int) -> dt.date:
        return FIRST_DAY + dt.timedelta(days=ahead)

    other = {"cell": 2, "day": day(1), "request": "z", "pieces": 7}  # another site: not touched
    orders = pl.DataFrame([{"cell": 1, "day": day(d), "request": f"r{d:02}", "pieces": p} for d, p in asked] + [other])
    filled = pl.DataFrame(
        [(1, day(d), p) for d, p in sent], schema={"cell": pl.Int64, "day": pl.Date, "pieces": pl.Int64}, orient="row"
    )
    netted = netted_orders(orders, filled, open_days=14)
    assert netted.filter(cell=1).sort("day")["pieces"].to_list() == expected
    assert netted.filter(cell=2)["pieces"].to_list() == [7]


def test_an_order_repeated_three_times_unfilled_speaks_as_one():
    first = [row for row in both(1.9, **ORDER) if row["day"] == TODAY - dt.timedelta(days=22)]
    again = [
        row | {"request": f"{row['request']}-{days}", "day": row["day"] + dt.timedelta(days=days)}
        for row in first
        for days in (7, 14)
    ]
    assert learned(world(request=first + again))["factor"] == learned(world(request=first))["factor"] > 1


@pytest.mark.slow
def test_orders_move_the_forecast_and_no_share():
    before = country_once.tables()
    more = before | {"request": before["request"].with_columns(pieces=pl.col("pieces") * 2, checked_pieces=None)}
    one, other = country_once.plan(), plan(Inputs.of(more, as_of=EXAMPLE_DAY), Policy.of(more), seed=1)
    assert not other.usage_factor.equals(one.usage_factor)
    assert_frame_equal(other.norm_use, one.norm_use)
    weight = ["site", "need", "risk_class", "norm_use_per_day"]
    shared = one.claim.select(weight).join(other.claim.select(weight), on=weight[:3], suffix="_other")
    assert shared.height > 1000
    assert shared["norm_use_per_day"].equals(shared["norm_use_per_day_other"])
