import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dijk.assess import Assessment, assess
from dijk.assess.situation import cells_of
from dijk.forecast.demand import Joint
from dijk.forecast.result import Forecast
from dijk.tables import empty
from drawn import examples
from small import AS_OF, TODAY, ago, at, present, registers, rows, rule

TEN_A_DAY = 10
WEEKS = tuple(TODAY + dt.timedelta(weeks=w) for w in range(8))
ALL_WEEKS = 11
"""Those that are forecast and as many beyond as buying looks ahead."""


def level(units: float, paths: int = 4, spread: float = 0.0) -> Forecast:
    """A forecast that stays level: so many shifts a week in (home, north), spread evenly over the paths."""
    factor = 1 + spread * np.linspace(-1, 1, paths)
    driver_paths = np.broadcast_to(units * factor[None, None, :, None], (1, 1, paths, ALL_WEEKS)).copy()
    return Forecast(
        driver_forecast=empty("driver_forecast"),
        indicator_seen=empty("indicator_seen"),
        usage_factor=empty("usage_factor"),
        demand=empty("demand"),
        cells=pl.DataFrame({"sector": ["home"], "region": ["north"]}),
        weeks=WEEKS,
        joint=Joint(
            driver_paths, {(curve, "mask"): np.full((1, 1, ALL_WEEKS), 2.0) for curve in ("low", "base", "max")}, {}
        ),
    )


def judged(more: dict[str, pl.DataFrame], future: Forecast | None = None) -> Assessment:
    """Two homes that use 10 a day each, as the norm says and as the forecast expects."""
    return assess(present(registers() | more), future or level(2 * 5 * 7), seed=1)


def cell(found: Assessment, sector: str = "all", region: str = "all") -> dict[str, object]:
    return found.situation.filter((pl.col("sector") == sector) & (pl.col("region") == region)).row(0, named=True)


def counts(*pieces: int) -> dict[str, pl.DataFrame]:
    return {
        "stock": rows("stock", *({"site": f"home-{i + 1}", "day": ago(0), "pieces": n} for i, n in enumerate(pieces)))
    }


def test_cover_is_known_stock_over_the_norm_use_it_serves():
    row = cell(judged(counts(300, 100)))
    assert (row["cover_days"], row["unknown_share"], row["stock_pieces"], row["sites_known"]) == (20.0, 0.0, 400, 2)


def test_half_unknown_is_said_so_and_is_not_taken_as_zero():
    row = cell(judged(counts(300)))
    assert (row["cover_days"], row["unknown_share"], row["sites_known"]) == (30.0, 0.5, 1)
    assert row["p_out_most_4w"] >= row["p_out_4w"]  # the bound with unknown as none


def test_a_cell_that_nobody_counted_says_why_and_has_no_figure():
    asked = rows("asked", *({"site": f"home-{i}", "topic": "stock", "day": ago(5), "due": ago(2)} for i in (1, 2)))
    row = cell(judged({"asked": asked}), "home", "north")
    assert row["reason"] == "no_answer"
    assert [row[c] for c in ("stock_pieces", "cover_days", "p_out_2w", "p_out_8w")] == [None] * 4
    assert row["unknown_share"] == 1.0


def test_a_total_gives_the_reason_behind_most_of_its_norm_use_and_not_of_its_largest_cell():
    tables = registers(("refuses", "silent-1", "silent-2"))
    south, asked = (
        pl.col("site") == "silent-2",
        ({"site": f"silent-{i}", "topic": "stock", "day": ago(5), "due": ago(2)} for i in (1, 2)),
    )
    tables["site"] = tables["site"].with_columns(region=pl.when(south).then(pl.lit("south")).otherwise("region"))
    units = {"refuses": 5.0, "silent-1": 3.0, "silent-2": 3.0}
    tables["activity"] = rows("activity", *({"site": s, "day": ago(1), "units": n} for s, n in units.items()))
    tables["stock"] = rows("stock", {"site": "refuses", "day": ago(2), "pieces": None, "reason": "refused"})
    cells = cells_of(present(tables | {"asked": rows("asked", *asked)})).filter(pl.col("sector") == "all")
    assert dict(cells.select("region", "reason").iter_rows()) == {
        "north": "refused",
        "south": "no_answer",
        "all": "no_answer",
    }


def test_removing_a_count_never_looks_better_without_saying_so():
    """Without the emptier home the cover rises, and the unknown share says that half is no longer known."""
    with_both, without = cell(judged(counts(300, 10))), cell(judged(counts(300)))
    assert without["cover_days"] > with_both["cover_days"]
    assert without["unknown_share"] > with_both["unknown_share"]
    assert without["stock_pieces"] <= with_both["stock_pieces"]


def test_constant_demand_and_no_inbound_reproduce_the_burn_rate():
    """Out within w weeks exactly when stock is less than w weeks of use."""
    for days, expected in [(13, (1, 1, 1)), (14, (0, 1, 1)), (27, (0, 1, 1)), (28, (0, 0, 1)), (56, (0, 0, 0))]:
        row = cell(judged(counts(days * TEN_A_DAY, days * TEN_A_DAY)))
        assert (row["p_out_2w"], row["p_out_4w"], row["p_out_8w"]) == expected, days


def central(pieces: int, **more: object) -> dict[str, pl.DataFrame]:
    return {
        "stock": pl.concat(
            [counts(70, 70)["stock"], rows("stock", {"site": "store", "day": ago(0), "pieces": pieces} | more)]
        )
    }


def test_only_deliverable_stock_counts_and_only_for_the_nation():
    assert cell(judged(central(1000)))["cover_days"] == 7 + 50
    assert cell(judged(central(1000)), "home", "north")["cover_days"] == 7
    assert cell(judged(central(1000, status="quarantine")))["cover_days"] == 7
    assert cell(judged(central(1000, expires_on=ago(1))))["cover_days"] == 7


def awarded(packs: int) -> dict[str, pl.DataFrame]:
    """Packs of a piece that the warehouse owes the first home since yesterday."""
    award = {"site": "home-1", "holder": "warehouse", "known_at": at(ago(1)), "packs": packs, "changed_packs": 0}
    award |= {"cover_before_days": 7.0, "cover_after_days": 9.0, "route": "direct"}
    return {"past_award": rows("past_award", award)}


@pytest.mark.parametrize("last", [None, ago(-10)])
def test_what_is_promised_counts_where_it_lies_until_it_has_come(last):
    there = central(1000, expires_on=last)
    now, before = present(registers() | there | awarded(200)), judged(there)
    assert dict(now.central_stock.select("status", "pieces").iter_rows()) == {"approved": 800, "promised": 200}
    found = assess(now, level(2 * 5 * 7), seed=1)
    for name in ("situation", "warehouse_outlook", "stock_path"):
        assert getattr(found, name).equals(getattr(before, name)), name


def inbound(pieces: int, days: int, **more: object) -> dict[str, pl.DataFrame]:
    line = {"day": ago(20), "pieces": pieces, "expected": ago(-days), "state": "underway"} | more
    sure = [rule(name, 0) for name in ("late_share", "cancel_share", "reject_share")]
    return counts(70, 70) | {"inbound": rows("inbound", line), "policy_rule": pl.concat(sure)}


def test_inbound_lowers_the_chance_from_the_week_in_which_it_comes():
    assert cell(judged(inbound(2000, 3)))["p_out_8w"] == 0.0
    assert cell(judged(inbound(2000, 30)))["p_out_2w"] == 1.0
    assert cell(judged(inbound(2000, 3, state="cancelled")))["p_out_8w"] == 1.0


def test_inbound_is_shared_over_known_and_unknown_sites_as_stock_is():
    """One home of two is known to hold seven days; of what comes half is for the other."""
    half = inbound(280, 3) | counts(70)
    stocked = counts(70)["stock"].vstack(rows("stock", {"site": "store", "day": ago(0), "pieces": 280}))
    assert cell(judged(half))["out_day_50"] == cell(judged({"stock": stocked}))["out_day_50"] == 7 + 14


def test_own_purchases_are_netted_in_the_chance_as_in_the_purchase_need():
    """A home that goes on buying ten a day for itself leaves half the use of the two: their stock lasts twice as long."""
    own = rows("delivery", {"site": "home-1", "day": ago(5), "pieces": 140, "channel": "own_purchase"})
    for place in ({}, {"sector": "home", "region": "north"}):
        assert cell(judged(counts(70, 70) | {"delivery": own}), **place)["out_day_50"] == 14.0


def test_stock_at_a_site_counts_up_to_its_own_use_over_the_horizon():
    """A home that holds a year's use helps the other no further: the nation is short when the other is half empty."""
    row = cell(judged(counts(3650, 70)))
    assert row["cover_days"] == 186.0
    assert row["out_day_50"] == pytest.approx((560 + 70) / 20)
    assert row["p_out_8w"] == 1.0


def test_a_site_uses_more_of_its_stock_on_a_path_on_which_more_is_used():
    """Two homes with what they use in 8 weeks on the widest path are never out, not even on that path."""
    most = 560 * 15 // 10
    assert cell(judged(counts(most, most), level(70, paths=11, spread=0.5)))["p_out_8w"] == 0.0


def ending(day: int, **more: pl.DataFrame) -> dict[str, object]:
    """The nation with a warehouse that holds 400 of an article that is accepted until a day, and as many of another."""
    goods = rows("product", {}, {"product": "mask-b"})
    accepted = rows("acceptance", {}, {"product": "mask-b", "preference": 2, "valid_to": ago(-day)})
    held = {"site": "store", "day": ago(0), "pieces": 400}
    stock = pl.concat([counts(0, 0)["stock"], rows("stock", held, held | {"product": "mask-b"})])
    return cell(judged({"product": goods, "acceptance": accepted, "stock": stock} | more))


def test_an_acceptance_known_to_end_within_the_horizon_ends_there():
    """Today and nine days more at twenty a day use two hundred of the four; the other four hundred last twenty days."""
    assert ending(9)["out_day_50"] == 10 + 20
    assert ending(19)["out_day_50"] == 20 + 20
    renewed = {"product": "mask-b", "preference": 2}
    both = rows("acceptance", {}, renewed | {"valid_to": ago(-9)}, renewed | {"valid_from": ago(-10)})
    assert ending(9, acceptance=both)["out_day_50"] == 40


def test_a_lot_that_expires_within_the_horizon_ends_there():
    held = {"day": ago(0), "pieces": 400}
    lots = [held | {"site": "store"}, held | {"site": "store", "lot": "old", "expires_on": ago(-9)}]
    stock = pl.concat([counts(0, 0)["stock"], rows("stock", *lots)])
    assert cell(judged({"stock": stock}))["out_day_50"] == 30
    at_home = [{"site": "home-1", "day": ago(0), "pieces": 400, "expires_on": ago(-9)}, held | {"site": "home-2"}]
    row = cell(judged({"stock": rows("stock", *at_home)}))
    assert row["out_day_50"] == (100 + 400) / 20


def test_what_arrives_after_the_acceptance_of_its_article_has_ended_is_of_no_use():
    line = {"day": ago(9), "pieces": 400, "product": "mask-b", "state": "underway"}
    sure = pl.concat([rule(name, 0) for name in ("late_share", "cancel_share", "reject_share")])
    for expected, pieces in ((12, 0), (5, 100)):  # from the sixth day on, five days of use are left
        coming = {"inbound": rows("inbound", line | {"expected": ago(-expected)}), "policy_rule": sure}
        assert ending(9, **coming)["out_day_50"] == 30 + pieces / 20


@examples(4, long=15)
@given(st.integers(0, 1500), st.integers(0, 400), st.floats(0, 0.9))
def test_chances_rise_with_the_horizon_and_fall_with_stock(pieces, extra, spread):
    future = level(70, paths=20, spread=spread)
    less, more = (
        cell(judged(counts(pieces, pieces), future)),
        cell(judged(counts(pieces + extra, pieces + extra), future)),
    )
    horizons = ("p_out_2w", "p_out_4w", "p_out_8w")
    assert less["p_out_2w"] <= less["p_out_4w"] <= less["p_out_8w"] <= 1
    assert all(more[h] <= less[h] for h in horizons)


def regime(found: Assessment) -> dict[str, object]:
    return found.regime.row(0, named=True)


CLEAR = level(1e-3)  # next to no demand, so that cover alone decides


@pytest.mark.parametrize(
    ("days", "expected"), [(13, "scarce"), (14, "early_warning"), (27, "early_warning"), (28, "direct")]
)
def test_the_regime_follows_cover(days, expected):
    assert regime(judged(counts(days * TEN_A_DAY, days * TEN_A_DAY), CLEAR))["computed"] == expected


def published(name: str, days_ago: int = 3) -> dict[str, pl.DataFrame]:
    row = {
        "known_at": at(ago(days_ago)),
        "need": "mask",
        "computed": name,
        "effective": name,
        "since": ago(9),
        "alarm": False,
    }
    words = {"evidence_en": "-", "evidence_nl": "-", "action": "buying", "verdict": None, "missing": None}
    return {
        "past_regime": empty("past_regime").vstack(
            pl.DataFrame([row | words]).select(empty("past_regime").columns).cast(empty("past_regime").schema)
        )
    }


ENDS = [
    ("scarce", 20, "scarce"),
    ("scarce", 21, "early_warning"),
    ("early_warning", 41, "early_warning"),
    ("early_warning", 42, "direct"),
    ("direct", 41, "direct"),
]


@pytest.mark.parametrize(("was", "days", "now"), ENDS)
def test_a_regime_ends_later_than_it_begins(was, days, now):
    found = regime(judged(counts(days * TEN_A_DAY, days * TEN_A_DAY) | published(was), CLEAR))
    assert found["computed"] == now
    assert found["since"] == (ago(9) if was == now else TODAY)


def test_a_regime_published_after_the_moment_is_not_known_yet():
    late = {"past_regime": published("scarce")["past_regime"].with_columns(known_at=pl.lit(AS_OF))}
    assert regime(judged(counts(200, 200) | late, CLEAR))["computed"] == "early_warning"


def test_the_verdict_of_the_experts_holds_over_the_computed_regime_until_it_ends():
    verdict = {"verdict": "specific_shortage", "valid_from": ago(5)}
    signed = judged(counts(900, 900) | {"verdict": rows("verdict", verdict)}, CLEAR)
    assert (regime(signed)["computed"], regime(signed)["effective"]) == ("direct", "scarce")
    ended = judged(counts(900, 900) | {"verdict": rows("verdict", verdict | {"valid_to": ago(1)})}, CLEAR)
    assert (regime(ended)["verdict"], regime(ended)["effective"]) == (None, "direct")


def test_since_is_when_it_began_not_the_first_run():
    """A verdict says when it began, renewed ones with it; of what was so at the first run nobody knows."""
    first = {"verdict": "specific_shortage", "valid_from": ago(20), "valid_to": ago(6)}
    again = {"verdict": "absolute_shortage", "valid_from": ago(5)}
    signed = counts(900, 900) | {"verdict": rows("verdict", first, again)}
    assert regime(judged(signed, CLEAR))["since"] == ago(20)
    apart = counts(900, 900) | {"verdict": rows("verdict", first | {"valid_to": ago(7)}, again)}
    assert regime(judged(apart, CLEAR))["since"] == ago(5)
    assert regime(judged(counts(100, 100), CLEAR))["since"] is None
    unknown = published("scarce")["past_regime"].with_columns(since=pl.lit(None, pl.Date))
    assert regime(judged(counts(100, 100) | {"past_regime": unknown}, CLEAR))["since"] is None


def test_listed_with_no_action_running_is_an_alarm():
    assert not regime(judged(counts(900, 900)))["alarm"]
    assert regime(judged(counts(900, 900) | {"scope": rows("scope", {"action": "none"})}))["alarm"]


def test_with_less_than_half_known_nobody_can_say_and_that_is_an_alarm():
    many = registers(("home-1", "home-2", "home-3"))
    for known, computed in ((1, "unknown"), (2, "direct"), (3, "direct")):
        found = regime(judged(many | counts(*[9000] * known), CLEAR))
        assert (found["computed"], found["alarm"]) == (computed, computed == "unknown"), known
        assert found["missing"] == ("stock" if computed == "unknown" else None)


def test_what_is_enough_only_if_the_unknown_hold_as_much_is_an_early_warning():
    """Forty days at one of two homes are twenty of both; sixty are thirty."""
    assert regime(judged(counts(400), CLEAR))["computed"] == "early_warning"
    assert regime(judged(counts(600), CLEAR))["computed"] == "direct"
    assert regime(judged(counts(600), level(100)))["computed"] == "early_warning"  # three weeks, at worst


def test_the_share_that_must_be_known_is_a_rule():
    most = {"policy_rule": rule("known_share_least", 0.51)}
    assert regime(judged(counts(900) | most, CLEAR))["computed"] == "unknown"
    none = {"policy_rule": rule("known_share_least", 0)}
    assert regime(judged(none, CLEAR))["computed"] == "early_warning"
    assert regime(judged(none | {"norm": rows("norm")}, CLEAR))["computed"] == "unknown"


@pytest.mark.parametrize(
    ("missing", "en", "nl"),
    [
        ("stock", "stock unknown for 100%", "voorraad onbekend bij 100%"),
        ("norm", "no norm is in force", "er geldt geen norm"),
        ("activity", "no site told care", "geen locatie meldde zorg"),
        ("scope", "nobody decided", "niemand besloot"),
    ],
)
def test_a_regime_says_for_want_of_what_it_is_not_known(missing, en, nl):
    found = regime(judged(counts(900, 900) | {missing: rows(missing)}))
    assert (found["computed"], found["effective"], found["missing"]) == ("unknown", "unknown", missing)
    assert en in found["evidence_en"]
    assert nl in found["evidence_nl"]
    assert found["alarm"]


def test_a_verdict_goes_before_the_unknown_too():
    signed = {"verdict": rows("verdict", {"verdict": "no_shortage", "valid_from": ago(5)})}
    found = regime(judged(signed))
    assert (found["computed"], found["effective"], found["alarm"]) == ("unknown", "direct", False)
    assert found["missing"] == "stock"  # what to buy rests on figures, which a verdict does not give


@pytest.mark.parametrize("before", ["scarce", "direct"])
def test_the_last_regime_that_was_known_goes_on(before):
    """Twenty days: no longer scarce by themselves, but so for who was scarce before the unknown run."""
    runs = [published(before, 9)["past_regime"], published("unknown", 3)["past_regime"]]
    found = regime(judged(counts(200, 200) | {"past_regime": pl.concat(runs)}, CLEAR))
    assert found["computed"] == ("scarce" if before == "scarce" else "early_warning")
    assert found["since"] == TODAY


def enough(found: Assessment) -> bool:
    return "direct" in found.regime["effective"].to_list()


@examples(5, long=25)
@given(
    st.lists(st.integers(0, 900), min_size=4, max_size=4),
    st.sets(st.integers(0, 3)),
    st.sampled_from([None, "norm", "activity", "scope"]),
    st.integers(0, 2000),
    st.sampled_from([1e-3, 70.0, 140.0]),
)
@example([400, 400, 0, 0], {2, 3}, None, 0, 1e-3)  # twenty days of all; forty of those that still count
def test_to_know_less_is_never_to_be_better_off(pieces, silent, missing, central, units):
    """Taking away counts of any sites, or all norms, activity or scope, makes no need direct that was not."""
    future, sites = level(units, paths=5, spread=0.5), tuple(f"home-{i}" for i in range(4))
    held = [{"site": "store", "day": ago(0), "pieces": central}]
    told = [{"site": site, "day": ago(0), "pieces": n} for site, n in zip(sites, pieces, strict=True)]
    less = {"stock": rows("stock", *held, *(row for i, row in enumerate(told) if i not in silent))}
    more = {missing: rows(missing)} if missing else {}
    before = judged(registers(sites) | {"stock": rows("stock", *held, *told)}, future)
    after = judged(registers(sites) | less | more, future)
    assert enough(before) or not enough(after)


def test_a_need_that_is_not_listed_has_no_regime():
    assert judged(counts(1, 1) | {"scope": rows("scope", {"state": "approved"})}).regime.height == 0


def test_the_day_of_running_out_is_stock_over_use():
    row = cell(judged(counts(200, 100)))
    assert (row["out_day_10"], row["out_day_50"], row["out_day_90"]) == (15.0, 15.0, 15.0)
    assert row["short_pieces_4w"] == pytest.approx(13 * 2 * TEN_A_DAY)
    assert cell(judged(counts(900, 900)))["out_day_50"] is None  # not within eight weeks


def test_lateness_is_learnt_from_the_lines_that_came():
    """Four hundred lines that came forty days late weigh more than a policy that says that nothing is late."""
    promise = inbound(2000, 3)
    late = {
        "day": ago(200),
        "pieces": 5,
        "received_pieces": 5,
        "expected": ago(60),
        "known_at": at(ago(20)),
        "state": "received",
    }
    past = rows("inbound", *({"order": f"past-{i}"} | late for i in range(400)))
    assert cell(judged(promise))["p_out_4w"] == 0.0
    learnt = judged(promise | {"inbound": pl.concat([promise["inbound"], past])}, level(2 * 5 * 7, paths=200))
    assert cell(learnt)["p_out_4w"] > 0.9
    assert cell(learnt)["p_out_8w"] > 0.9


def test_a_plan_made_on_a_thursday_looks_ahead_from_thursday():
    """A week that begins on Thursday takes four days of this calendar week and three of the next."""
    rising = level(70)
    rising.joint.paths[..., 1:] *= 2
    assert rising.samples("mask")[0, 0, :3].tolist() == [140, 280, 280]
    assert rising.ahead("mask", TODAY)[0, 0, :3].tolist() == [140, 280, 280]
    assert rising.ahead("mask", TODAY + dt.timedelta(days=3))[0, 0, :3].tolist() == pytest.approx([200, 280, 280])


def test_a_stale_count_is_no_known_stock():
    stale = rows(
        "stock", {"site": "home-1", "day": ago(10), "pieces": 500}, {"site": "home-2", "day": ago(0), "pieces": 100}
    )
    row = cell(judged({"stock": stale}))
    assert (row["stock_pieces"], row["sites_known"], row["unknown_share"], row["cover_days"]) == (100, 1, 0.5, 10.0)


@pytest.mark.parametrize(("was", "now"), [("scarce", "scarce"), ("direct", "early_warning")])
def test_a_chance_that_hovers_at_the_threshold_ends_no_regime(was, now):
    """Nine paths in twenty run out within two weeks: too few to begin a scarcity (0.5), too many to end one (0.4)."""
    torn = level(1e-3, paths=20)
    torn.joint.paths[:, :, :9] = 1e6
    found = regime(judged(counts(500, 500) | published(was), torn))
    assert found["computed"] == now
