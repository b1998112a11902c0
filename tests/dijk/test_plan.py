import datetime as dt

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import country_once
from dijk.check import BadInput
from dijk.example import AS_OF
from dijk.inputs import Inputs
from dijk.plan import plan
from dijk.planned import Plan
from dijk.policy import Policy
from dijk.tables import FACTS, POLICY, RESULTS

Tables = dict[str, pl.DataFrame]
LATER = AS_OF + dt.timedelta(hours=1)


@pytest.fixture(scope="module")
def tables() -> Tables:
    return country_once.tables()


@pytest.fixture(scope="module")
def planned(tables: Tables) -> Plan:
    return country_once.plan()


def plan_of(tables: Tables) -> Plan:
    return plan(Inputs.of(tables, as_of=AS_OF), Policy.of(tables), seed=1)


def assert_same(one: Plan, other: Plan) -> None:
    for name, table in one.tables().items():
        assert_frame_equal(table, other.tables()[name], check_exact=True)


def test_every_result_keeps_to_its_table(planned):
    for name, table in planned.tables().items():
        RESULTS[name].validate(table)


def test_a_plan_is_full(planned):
    """On the example no result is empty, so that no test below passes on nothing."""
    assert [name for name, table in planned.tables().items() if table.height == 0] == []


def test_what_becomes_known_later_changes_nothing(tables, planned):
    """Later corrections of every fact and judgement: doubled, halved, retracted."""
    known_later = dict(tables)
    for name in (*FACTS, *POLICY):
        late = tables[name].with_columns(known_at=pl.lit(LATER))
        numbers = [c for c in ("pieces", "value", "units", "mid") if c in late.columns and late.schema[c].is_numeric()]
        late = late.with_columns((pl.col(c) * 2).alias(c) for c in numbers)
        if name == "norm":
            late = late.with_columns(high=pl.col("high") * 2)
        known_later[name] = pl.concat([tables[name], late])
    assert_same(plan_of(known_later), planned)


def test_the_order_of_rows_changes_nothing(tables, planned):
    shuffled = {name: table.sample(fraction=1.0, shuffle=True, seed=7) for name, table in tables.items()}
    assert_same(plan_of(shuffled), planned)


def test_another_seed_changes_chances_but_no_figure_of_the_ledger(tables, planned):
    other = plan(Inputs.of(tables, as_of=AS_OF), Policy.of(tables), seed=2)
    assert not other.demand.equals(planned.demand)
    for name in ("norm_use", "position", "central_stock", "flow", "not_answered", "share_range"):
        assert_frame_equal(other.tables()[name], planned.tables()[name], check_exact=True)


def test_totals_are_the_sum_of_their_parts_and_carry_their_unknown_share(tables, planned):
    picture = planned.situation
    group = tables["sector"].select("sector", pl.col("group").cast(pl.String))
    parts = picture.join(group, on="sector").filter(pl.col("region") != "all")
    unknown = (pl.col("unknown_share") * pl.col("norm_use_per_day")).sum()
    sums = parts.group_by("need").agg(
        pl.col("sites", "sites_known", "stock_pieces", "norm_use_per_day").sum(), unknown=unknown
    )
    whole = picture.filter((pl.col("sector") == "all") & (pl.col("region") == "all"))
    both = whole.join(sums, on="need", suffix="_sum")
    assert both.height == whole.height
    for column in ("sites", "sites_known", "stock_pieces"):
        assert both[column].to_list() == both[f"{column}_sum"].to_list()
    assert both["norm_use_per_day"].to_list() == pytest.approx(both["norm_use_per_day_sum"].to_list(), abs=1e-3)
    shares = (both["unknown"] / both["norm_use_per_day"]).to_list()
    assert both["unknown_share"].to_list() == pytest.approx(shares, abs=1e-6)
    assert all(0 < share < 1 for share in shares)


def test_no_more_is_awarded_than_can_be_delivered(planned):
    awarded = planned.award.group_by("product").agg(out=(pl.col("packs") * pl.col("pieces_per_pack")).sum())
    there = planned.central_stock.filter(pl.col("status") == "approved").group_by("product").agg(pl.col("pieces").sum())
    assert (
        awarded.join(there, on="product", how="left").filter(pl.col("out") > pl.col("pieces").fill_null(0)).height == 0
    )


def test_award_lines_add_up_from_request_to_shipment(planned):
    lines = planned.award_line.with_columns(pl.col("line").cast(pl.String))
    claim = ["site", "need", "risk_class", "holder"]
    between = lines.filter(pl.col("line") != "shipped").group_by(claim).agg(pl.col("pieces").sum())
    shipped = lines.filter(pl.col("line") == "shipped").join(between, on=claim, suffix="_sum")
    assert shipped["pieces"].to_list() == shipped["pieces_sum"].to_list()
    awards = planned.award.group_by(claim).agg(out=(pl.col("packs") * pl.col("pieces_per_pack")).sum())
    matched = shipped.join(awards, on=claim, how="left").with_columns(pl.col("out").fill_null(0))
    assert matched["out"].to_list() == matched["pieces"].to_list()


def test_nothing_that_is_not_listed_is_divided_or_bought(tables, planned):
    listed = Policy.of(tables).known(AS_OF).in_force("scope", AS_OF.date()).filter(pl.col("state") == "listed")["need"]
    for name in ("award", "claim", "level", "purchase_need", "regime"):
        assert set(planned.tables()[name]["need"]) <= set(listed)
    asked_in_vain = planned.flow.filter((pl.col("out_of_scope") > 0) & (pl.col("sector") == "all"))
    assert asked_in_vain.height > 0  # kept for the review list
    assert set(asked_in_vain["need"]).isdisjoint(listed)


def test_a_scarce_need_goes_past_the_region_and_a_direct_one_does_not(planned):
    routes = (
        planned.award.join(planned.regime.select("need", "effective"), on="need").select("route", "effective").unique()
    )
    assert {(r, e == "scarce") for r, e in routes.iter_rows()} == {("regional_check", True), ("direct", False)}


@pytest.fixture(scope="module")
def next_day(tables, planned):
    """The plan of a day later, when what this one says was published and nothing came."""
    later = tables | {"past_regime": planned.regime, "past_award": planned.award, "past_level": planned.level}
    return plan(Inputs.of(later, as_of=AS_OF + dt.timedelta(days=1)), Policy.of(later), seed=1)


def test_a_later_run_reads_what_was_published_and_the_regimes_keep_their_day(planned, next_day):
    both = next_day.regime.join(planned.regime, on="need", suffix="_before").filter(
        pl.col("effective") == pl.col("effective_before")
    )
    assert both.height > 5
    assert both["since"].to_list() == both["since_before"].to_list()


def test_a_later_run_divides_nothing_that_is_on_its_way(planned, next_day):
    goods = ["holder", "region", "product"]
    there, approved = (
        run.central_stock.filter(pl.col("status").is_in(["approved", "promised"]))
        .group_by(goods)
        .agg(pl.col("pieces").sum())
        .sort(goods)
        for run in (next_day, planned)
    )
    assert there.equals(approved)
    awarded = pl.concat([planned.award, next_day.award]).group_by("product")
    out = awarded.agg(out=(pl.col("packs") * pl.col("pieces_per_pack")).sum())
    both = approved.group_by("product").agg(pl.col("pieces").sum()).join(out, on="product")
    assert both.height == out.height > 10
    assert both.filter(pl.col("out") > pl.col("pieces")).is_empty()


def test_bad_input_stops_the_plan_and_names_every_error(tables):
    lost = tables["stock"].head(3).with_columns(site=pl.lit("nowhere"))
    broken = tables | {
        "stock": pl.concat([tables["stock"], lost]),
        "region": tables["region"].filter(pl.col("region") != "unknown"),
    }
    with pytest.raises(BadInput) as stopped:
        plan_of(broken)
    errors = stopped.value.findings.filter(pl.col("severity") == "error")
    assert {"REF-01", "REG-01"} <= set(errors["code"])


def test_a_driver_that_has_stopped_everywhere_in_a_region_stops_no_plan(tables):
    stopped = (pl.col("driver") == "infected_resident_day") & (
        pl.col("site").is_in(tables["site"].filter(pl.col("region") == "unknown")["site"].implode())
    )
    assert tables["activity"].filter(stopped).height > 0
    idle = tables | {"activity": tables["activity"].with_columns(units=pl.when(stopped).then(0.0).otherwise("units"))}
    assert plan_of(idle).demand["pieces"].is_finite().all()
