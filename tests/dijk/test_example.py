"""The fictional country: valid, repeatable, calibrated on what was published, and as dirty as real figures."""

import datetime as dt
import hashlib
import itertools
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import country_once
from dijk.check import check
from dijk.example import AS_OF, example
from dijk.example.centre import REJECTED
from dijk.example.country import NATION, OVERSEAS, REGION_CODES, placed
from dijk.example.dutch import TEXTS
from dijk.example.names import REGIONS, gtin
from dijk.example.start import SIZES, catalogue
from dijk.inputs import Inputs
from dijk.known import as_known
from dijk.policy import Policy
from dijk.present.held import central_stock
from dijk.present.norm_use import norm_use
from dijk.present.position import position
from dijk.sources.nl_series import ROAZ_NAMES
from dijk.tables import FACTS, ON_DISK, PUBLISHED, UNKNOWN

Tables = Mapping[str, pl.DataFrame]
TODAY = AS_OF.date()


def digest(tables: Tables) -> str:
    """One number for all that the tables say."""
    parts = [hashlib.sha256(table.write_csv().encode()).hexdigest() for _, table in sorted(tables.items())]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


@pytest.fixture(scope="module")
def small() -> Tables:
    return country_once.tables()


@pytest.fixture(scope="module")
def world(small: Tables) -> Inputs:
    return Inputs.of(small, as_of=AS_OF).known()


@pytest.fixture(scope="module")
def policy(small: Tables) -> Policy:
    return Policy.of(dict(small)).known(AS_OF)


def assert_valid(tables: Tables) -> None:
    assert set(tables) == set(ON_DISK) - (set(PUBLISHED) - {"past_driver_forecast"})
    for name, table in tables.items():
        _, failed = ON_DISK[name].filter(table)
        assert len(failed) == 0, f"{name}: {failed.counts()}"
        assert table.columns == ON_DISK[name].column_names()


def test_every_row_of_the_small_country_is_valid(small: Tables) -> None:
    assert_valid(small)


@pytest.mark.parametrize("seed", [2, *(pytest.param(seed, marks=pytest.mark.long) for seed in (3, 4))])
@pytest.mark.slow
def test_every_row_is_valid_whatever_the_seed(seed: int) -> None:
    assert_valid(example("small", seed=seed))


def test_the_same_seed_makes_the_same_country_and_another_seed_another(small: Tables) -> None:
    assert digest(example("small", seed=1)) == digest(small)
    other = example("small", seed=2)
    for name in ("site", "indicator", "activity", "stock", "request", "delivery", "inbound", "external_figure"):
        assert not other[name].equals(small[name]), name


@pytest.mark.slow
def test_one_thread_makes_the_same_country_as_two(small: Tables) -> None:
    code = "from test_example import digest; from dijk.example import example; print(digest(example('small', seed=1)))"
    other = "2" if pl.thread_pool_size() == 1 else "1"
    environment = os.environ | {"POLARS_MAX_THREADS": other, "PYTHONPATH": os.pathsep.join(sys.path)}
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == digest(small)


def test_checks_find_no_error_in_it(world: Inputs, policy: Policy) -> None:
    found = check(world, policy)
    assert found.filter(pl.col("severity") == "error").is_empty()


def test_nothing_is_known_after_as_of_and_no_day_lies_after_its_knowing(small: Tables) -> None:
    for name, table in small.items():
        assert table.filter(pl.col("known_at") > AS_OF).is_empty(), name
        if name in FACTS:
            assert table.filter(pl.col("day") > pl.col("known_at").dt.date()).is_empty(), name


# Calibration. The published figures and their sources stand in docs/explanation/example-country.md.

PUBLISHED_STAFF = {
    "umc": 72_987,
    "hospital": 218_530,
    "mental_health": 88_566,
    "nursing_home": 252_593,
    "home_care": 142_811,
    "disability": 172_772,
    "gp": 32_832,
}


def test_sectors_have_the_published_staff_at_a_tenth(world: Inputs) -> None:
    staff = dict(world.site.group_by("sector").agg(pl.col("size").sum()).iter_rows())
    for sector, published in PUBLISHED_STAFF.items():
        assert staff[sector] == pytest.approx(published / 10, rel=0.01), sector


@pytest.mark.parametrize(
    ("families", "published_per_week"),
    [(["respirator"], 4_500_000), (["surgical_mask"], 8_000_000)],
    ids=["FFP2", "surgical"],
)
def test_norm_use_lies_within_a_factor_two_of_the_published_weekly_need(
    world: Inputs, policy: Policy, families: list[str], published_per_week: int
) -> None:
    per_need = (
        norm_use(world, policy)
        .group_by("need")
        .agg(pl.col("mid").sum())
        .join(world.need.select("need", "family"), on="need")
    )
    weekly = 7 * per_need.filter(pl.col("family").is_in(families))["mid"].sum() / SIZES["small"].scale
    assert published_per_week / 2 < weekly < published_per_week * 2


@pytest.mark.parametrize(
    ("row", "families"),
    [
        ("FFP2 and FFP3 masks a week", ["respirator"]),
        ("surgical masks a week", ["surgical_mask"]),
        ("gowns a week", ["gown"]),
        ("examination gloves a week, single", ["glove"]),
    ],
)
def test_the_page_on_the_example_shows_what_the_code_makes(
    world: Inputs, policy: Policy, row: str, families: list[str]
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "example-country.md").read_text(encoding="utf-8")
    cells = next(line.split("|") for line in page.splitlines() if line.startswith(f"| {row} |"))
    shown = float(cells[2].split()[0]) * 1e6
    per_need = norm_use(world, policy).join(
        world.need.filter(pl.col("family").is_in(families)).select("need"), on="need"
    )
    assert shown == pytest.approx(70 * per_need["mid"].sum(), rel=0.03)


def test_no_sector_uses_what_its_staff_could_not(world: Inputs, policy: Policy) -> None:
    """Per member of staff and working day (0.4 on duty): at most 40 masks of both kinds, at least one in forty days in
    hospitals.
    """
    masks = (
        norm_use(world, policy)
        .filter(pl.col("need").is_in(["ffp2", "iir"]))
        .join(world.site.select("site", "sector", "size"), on="site")
    )
    per_sector = masks.group_by("sector").agg(pl.col("mid").sum())
    staff = world.site.group_by("sector").agg(pl.col("size").sum())
    each = dict(per_sector.join(staff, on="sector").select("sector", pl.col("mid") / pl.col("size") / 0.4).iter_rows())
    assert all(value < 40 for value in each.values()), each
    assert each["hospital"] > 1 / 40
    assert each["hospital"] > each["mental_health"]


def test_published_gown_norms_differ_more_than_tenfold_and_so_do_ours(small: Tables) -> None:
    gown = small["norm"].filter((pl.col("need") == "gown") & (pl.col("driver") == "icu_patient_day"))
    assert gown["high"].max() / gown["low"].min() > 10  # type: ignore[operator]


def test_there_are_eleven_regions_overseas_and_unknown(world: Inputs) -> None:
    assert world.region["region"].to_list() == sorted([*REGION_CODES, OVERSEAS, NATION, UNKNOWN])
    in_region = set(world.site["region"])
    assert in_region == {*REGION_CODES, OVERSEAS, UNKNOWN}
    assert "assumed" in world.region.filter(pl.col("region") == "R01")["source"][0]


def test_small_means_about_two_hundred_sites_and_twelve_needs(world: Inputs) -> None:
    assert 190 <= world.site.height <= 220
    assert world.need.height == 12


def cover_days(world: Inputs, policy: Policy) -> dict[str, float]:
    """Days of norm use in the centre and at the sites whose count is known."""
    weight = norm_use(world, policy)
    centre = (
        central_stock(world, policy)
        .filter(pl.col("status") == "approved")
        .group_by("need")
        .agg(centre=pl.col("pieces").sum())
    )
    cells = weight.group_by("site", "need").agg(pl.col("mid").sum())
    known = position(world, policy, weight).filter(pl.col("reason").is_null()).join(cells, on=["site", "need"])
    sites = known.group_by("need").agg(at_sites=pl.col("pieces").sum() / pl.col("mid").sum())
    whole = weight.group_by("need").agg(pl.col("mid").sum()).join(centre, on="need").join(sites, on="need")
    return dict(whole.select("need", pl.col("centre") / pl.col("mid") + pl.col("at_sites")).iter_rows())


def test_gowns_and_ffp2_are_scarce_some_gloves_nearly_and_the_rest_is_not(world: Inputs, policy: Policy) -> None:
    days = cover_days(world, policy)
    assert days["gown"] < 7
    assert days["ffp2"] < 14
    assert all(14 < days[need] < 28 for need in ("glove_m", "glove_l"))
    rest = set(days) - {"gown", "ffp2", "glove_m", "glove_l"}
    assert len(rest) == 7
    assert all(days[need] > 42 for need in rest)


# The wave.


def test_the_nation_is_its_regions_and_what_no_region_knows(world: Inputs) -> None:
    rows = world.indicator.filter(pl.col("day") < TODAY - dt.timedelta(days=6))
    parts = rows.filter((pl.col("region") != NATION) & pl.col("value").is_not_null()).group_by("indicator", "day")
    sums = parts.agg(pl.col("value").sum().alias("parts"), pl.len().alias("places")).filter(pl.col("places") == 12)
    nation = rows.filter((pl.col("region") == NATION) & pl.col("value").is_not_null()).join(
        sums, on=["indicator", "day"]
    )
    assert nation.height > 100
    assert (nation["value"] == nation["parts"]).all()


def test_the_wave_rises_within_weeks_and_falls_slower(world: Inputs) -> None:
    admissions = world.indicator.filter((pl.col("indicator") == "hosp_admissions") & (pl.col("region") == NATION)).sort(
        "day"
    )
    weekly = admissions.with_columns(pl.col("value").rolling_mean(7, min_samples=4))
    top = int(weekly["value"].arg_max() or 0)
    days = weekly["day"]
    assert dt.date(2020, 3, 20) < days[top] < dt.date(2020, 4, 10)
    half = weekly["value"][top] / 2
    rise = (days[top] - weekly.filter(pl.col("value") >= half)["day"][0]).days
    fall = (weekly.filter(pl.col("value") >= half)["day"][-1] - days[top]).days
    assert 4 <= rise < fall


def test_weekends_are_missing_in_one_indicator_and_a_missing_day_is_never_zero(world: Inputs) -> None:
    homes = world.indicator.filter(pl.col("indicator") == "nh_new_infected")
    assert homes.filter(pl.col("day").dt.weekday() > 5).is_empty()
    gone = world.indicator.filter(pl.col("value").is_null())
    assert gone.height > 20
    assert set(gone["reason"]) == {"not_counted"}


def test_the_newest_admissions_were_lower_at_first_report(small: Tables) -> None:
    of_days = (
        small["indicator"]
        .filter(pl.col("indicator") == "hosp_admissions")
        .group_by("region", "day")
        .agg(
            first=pl.col("value").sort_by("known_at").first(),
            last=pl.col("value").sort_by("known_at").last(),
            states=pl.len(),
        )
    )
    corrected = of_days.filter(pl.col("states") == 2)
    assert corrected.height > 200
    assert (corrected["first"] <= corrected["last"]).all()
    assert (corrected["first"] < corrected["last"]).any()


# The dirt.


def test_some_sites_never_answered_some_were_never_asked_some_refused_and_some_are_stale(
    world: Inputs, policy: Policy
) -> None:
    reasons = set(position(world, policy, norm_use(world, policy))["reason"].drop_nulls())
    assert {"no_answer", "not_asked", "refused", "stale"} <= reasons
    asked, counted = set(world.asked["site"]), set(world.stock["site"])
    care = set(world.site.filter(pl.col("kind") == "care")["site"])
    assert asked - counted
    assert care - asked - counted


def test_sites_without_activity_have_a_size_to_go_by(world: Inputs) -> None:
    told = world.activity.filter(pl.col("units").is_not_null())["site"]
    silent = world.site.filter((pl.col("kind") == "care") & ~pl.col("site").is_in(told.implode()))
    assert silent.height > 0
    assert silent["size"].is_not_null().all()


def test_requests_are_inflated_doubled_and_now_and_then_absurd(world: Inputs, policy: Policy) -> None:
    w = norm_use(world, policy).group_by("site", "need").agg(pl.col("mid").sum())
    asked = world.request.join(w, on=["site", "need"]).with_columns(days=pl.col("pieces") / pl.col("mid"))
    assert asked.filter(pl.col("days") > 2_000).height >= 3
    many_packs = asked.filter(pl.col("pieces") > 2_000)
    habit = many_packs.group_by("site").agg(pl.col("days").median())
    assert 0.15 < (habit["days"] > 15).mean() < 0.5  # type: ignore[operator]
    again = world.request.group_by("site", "need", "pieces").agg(pl.len(), said=pl.col("repeats").is_not_null().any())
    assert again.filter((pl.col("len") > 1) & pl.col("said")).height > 10
    assert again.filter((pl.col("len") > 1) & ~pl.col("said")).height > 10


def test_the_rejected_lot_counts_until_the_recall_and_is_blocked_after(small: Tables) -> None:
    def held(day: int) -> dict[str, int]:
        moment = dt.datetime(2020, 3, day, 18, tzinfo=dt.UTC)
        rows = as_known(small["stock"], FACTS["stock"], moment).filter(
            (pl.col("lot") == REJECTED) & (pl.col("pieces") > 0)
        )
        return dict(rows.select("status", "pieces").iter_rows())

    assert held(26) == {}
    assert held(27) == {"approved": 70_000}
    assert held(28) == {"blocked": 70_000}
    eve = dt.datetime(2020, 3, 27, 18, tzinfo=dt.UTC)
    then = Inputs.of(small, as_of=eve).known()
    in_store = central_stock(then, Policy.of(dict(small)).known(eve)).filter(pl.col("product") == "P-kn95")
    assert in_store.select("status", "pieces").rows() == [("approved", 70_000)]
    sent = small["delivery"].filter(pl.col("lot") == REJECTED)
    assert sent["pieces"].sum() == pytest.approx(60_000, rel=0.01)
    assert set(small["site"].filter(pl.col("site").is_in(sent["site"].implode()))["sector"]) == {"umc", "hospital"}


def test_one_acceptance_ends_soon_and_one_has_ended_with_stock_left(
    small: Tables, world: Inputs, policy: Policy
) -> None:
    ends = dict(small["acceptance"].filter(pl.col("valid_to").is_not_null()).select("product", "valid_to").iter_rows())
    assert TODAY < ends["P-kn95"] < TODAY + dt.timedelta(days=28)
    assert ends["P-kp95"] < TODAY
    left = central_stock(world, policy).filter((pl.col("product") == "P-kp95") & (pl.col("status") == "unaccepted"))
    assert left["pieces"].sum() > 0


def test_counts_are_retracted_or_set_right_upward_later(small: Tables) -> None:
    key = ["site", "product", "lot", "status", "day"]
    states = (
        small["stock"]
        .sort("known_at")
        .group_by(key)
        .agg(pl.len(), first=pl.col("pieces").first(), last=pl.col("pieces").last())
    )
    twice = states.filter(pl.col("len") == 2)
    assert twice.filter(pl.col("last") > pl.col("first")).height > 10
    withdrawn = small["stock"].filter(pl.col("reason") == "retracted")
    assert withdrawn.height > 3
    assert withdrawn["pieces"].is_null().all()


def test_goods_reach_sites_that_never_counted_and_some_arrive_uncounted(world: Inputs) -> None:
    assert set(world.delivery["site"]) - set(world.stock["site"])
    assert world.delivery.filter(pl.col("reason") == "not_counted").height > 5


def test_a_need_not_listed_is_asked_for_and_a_listed_need_has_no_action(world: Inputs, policy: Policy) -> None:
    scope = policy.in_force("scope", TODAY)
    proposed = scope.filter(pl.col("state") == "proposed")["need"].to_list()
    assert proposed == ["oxygen_concentrator"]
    assert world.request.filter(pl.col("need").is_in(proposed)).height > 0
    assert scope.filter((pl.col("state") == "listed") & (pl.col("action") == "none"))["need"].to_list() == [
        "face_shield"
    ]


def test_one_verdict_has_expired_and_one_goes_against_the_figures(world: Inputs, policy: Policy) -> None:
    holds = dict(policy.in_force("verdict", TODAY).select("need", "verdict").iter_rows())
    assert "glove_m" in set(policy.verdict["need"]) - set(holds)
    assert holds["goggles"] == "specific_shortage"
    assert cover_days(world, policy)["goggles"] > 42


def test_care_has_a_fence_and_a_region_a_rule_of_its_own_both_with_an_end(policy: Policy) -> None:
    fence = policy.in_force("fence", TODAY)
    assert fence.select("sector", "kind").rows() == [("care", "guarantee")]
    own = policy.in_force("policy_rule", TODAY).filter(pl.col("region") != "all")
    assert own.select("rule", "region").rows() == [("floor_days", "R10")]
    assert fence["valid_to"].null_count() + own["valid_to"].null_count() == 0


def test_open_orders_are_late_undated_unpriced_and_come_by_air_rail_and_sea(world: Inputs) -> None:
    open_lines = world.inbound.filter(~pl.col("state").is_in(["received", "cancelled"]))
    assert open_lines.filter(pl.col("expected") < TODAY).height > 0
    assert open_lines["expected"].null_count() > 0
    assert world.inbound["cents_per_pack"].null_count() > 0
    assert {"air", "rail", "sea"} <= set(world.inbound["mode"])
    assert open_lines.filter(pl.col("day") > TODAY - dt.timedelta(days=14)).height > 5


def test_an_order_is_first_known_as_ordered_and_only_later_as_received(small: Tables, world: Inputs) -> None:
    first = small["inbound"].sort("known_at").unique(["order", "line"], keep="first")
    assert set(first["state"]) == {"ordered"}
    assert first["received_pieces"].sum() == 0
    assert {"received", "cancelled", "confirmed", "underway"} <= set(world.inbound["state"])
    assert (world.inbound["received_pieces"] <= world.inbound["pieces"]).all()


def test_a_later_count_never_exceeds_what_was_there_plus_what_came(world: Inputs) -> None:
    """The ledger closes: with the doubtful sites, corrections and empty counts aside, stock appears from nowhere
    nowhere.
    """
    care = world.stock.filter(pl.col("source").str.starts_with("count of")).with_columns(
        need=pl.col("product").str.slice(2)
    )
    counts = (
        care.group_by("site", "need", "day")
        .agg(pl.col("pieces").sum(), whole=pl.col("pieces").is_not_null().all())
        .sort("site", "need", "day")
    )
    pairs = counts.with_columns(pl.col("pieces", "day", "whole").shift().over("site", "need").name.prefix("before_"))
    pairs = pairs.filter(
        pl.col("whole") & pl.col("before_whole") & (pl.col("day") - pl.col("before_day") == dt.timedelta(days=7))
    )
    came = world.delivery.select("site", "need", came="pieces", came_on="day").join(pairs, on=["site", "need"])
    between = came.filter((pl.col("came_on") > pl.col("before_day")) & (pl.col("came_on") <= pl.col("day")))
    got = between.group_by("site", "need", "day").agg(pl.col("came").sum())
    excess = pairs.join(got, on=["site", "need", "day"], how="left").filter(
        pl.col("pieces") > pl.col("before_pieces") + pl.col("came").fill_null(0) + 1
    )
    assert pairs.height > 1_000
    assert excess.height < 0.02 * pairs.height  # corrected counts


def test_care_gets_less_of_its_need_than_cure(world: Inputs, policy: Policy) -> None:
    groups = world.site.join(world.sector.select("sector", "group"), on="sector").select("site", "group")
    weekly = norm_use(world, policy).join(groups, on="site").group_by("group").agg(pl.col("mid").sum())
    sent = world.delivery.join(groups, on="site").group_by("group").agg(pl.col("pieces").sum())
    met = dict(sent.join(weekly, on="group").select("group", pl.col("pieces") / pl.col("mid")).iter_rows())
    assert met["care"] < 0.9 * met["cure"]


# Small parts.


@given(
    st.lists(st.integers(0, 5_000), min_size=1, max_size=6),
    st.lists(st.integers(1, 3_000), min_size=2, max_size=12),
)
@settings(derandomize=True, deadline=None, max_examples=150)
def test_sites_are_placed_whole_and_every_region_gets_one_where_there_are_enough(
    counts: list[int], people: list[int]
) -> None:
    grid = placed(np.array(counts), np.array(people, dtype=np.float64))
    assert (grid.sum(axis=1) == np.array(counts)).all()
    assert (grid >= 0).all()
    for count, row in zip(counts, grid, strict=True):
        assert count < len(people) or row.min() >= 1
        order = np.argsort(people, kind="stable")
        assert all(row[small] <= row[large] + 1 for small, large in itertools.pairwise(order))


@given(st.integers(0, 10**10 - 1))
@settings(derandomize=True, deadline=None, max_examples=100)
def test_article_numbers_carry_a_check_digit_and_belong_to_nobody(number: int) -> None:
    code = gtin(number)
    assert len(code) == 14
    assert code.startswith("002")  # restricted circulation, never issued to a firm
    assert sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(code)) % 10 == 0


def test_regions_carry_no_real_names(small: Tables) -> None:
    assert not set(REGIONS) & set(ROAZ_NAMES)
    assert small["product"]["gtin"].n_unique() == small["product"].height


def test_every_norm_names_its_source_and_marks_what_is_assumed() -> None:
    norms = catalogue("norms")
    assert norms["source"].str.len_chars().min() >= 4  # type: ignore[operator]
    assumed = norms.filter(pl.col("how") == "assumed")
    assert assumed.height > 0
    assert assumed["source"].str.starts_with("ours").all()


@pytest.mark.long
def test_the_national_country_is_valid_and_of_its_size() -> None:
    tables = example("national", seed=1)
    assert_valid(tables)
    assert 19_900 <= tables["site"]["site"].n_unique() <= 20_100
    assert tables["need"].height == 60
    assert tables["region"].filter(pl.col("scheme") == "safety_region").height == 25
    shares = tables["region_share"].group_by("from_region").agg(pl.col("share").sum())
    assert shares.height == 26
    assert (shares["share"] - 1).abs().max() < 1e-9  # type: ignore[operator]
    found = check(Inputs.of(tables, as_of=AS_OF).known(), Policy.of(tables).known(AS_OF))
    assert found.filter(pl.col("severity") == "error").is_empty()


@pytest.mark.slow
def test_the_example_in_dutch_has_the_same_figures_and_its_own_texts_in_dutch() -> None:
    english, dutch = (example("small", seed=1, lang=lang) for lang in ("en", "nl"))
    for name, table in english.items():
        texts = TEXTS.get(name, ())
        assert_frame_equal(table.drop(texts), dutch[name].drop(texts))
    assert "FFP2-masker, per 20 verpakt" in dutch["product"]["name"].to_list()
    alike = {"GMT", "dijk", "Luer lock", "non-woven", "UN 3291", "contact", "2 m"}
    for name, columns in TEXTS.items():
        for column in columns:
            same = english[name].filter(english[name][column] == dutch[name][column])[column].unique().to_list()
            assert [text for text in same if text not in alike and not text.startswith("EN 14")] == [], (name, column)
