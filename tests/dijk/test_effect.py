"""The effect of what somebody proposes: by hand, swapped, told for real, with nothing proposed."""

from dataclasses import replace
from functools import cache
from typing import Any

import polars as pl
import pytest

import country_once
from dijk.allocate import allocate
from dijk.check import BadInput
from dijk.effect import Effect, between, taken
from dijk.effect import effect as effect_of
from dijk.example import AS_OF as MONDAY
from dijk.fairness.price_of_fences import PRICES, price_of_fences
from dijk.files import read_tables, write_results
from dijk.inputs import Inputs
from dijk.plan import plan
from dijk.planned import Plan
from dijk.policy import Policy
from dijk.present import present
from dijk.tables import EFFECT, ON_DISK, POLICY, RESULTS, empty
from small import AS_OF, TODAY, ago, at, registers, rows, rule

SITES = ("home-1", "home-2", "home-3")
EVERYONE = {"need": "all", "sector": "all", "region": "all"}
ALL_THREE, OF_SOUTH = ("all", "all"), ("all", "south")
SCARCE = pl.DataFrame({"need": ["mask"], "effective": ["scarce"]})

Rows = dict[str, pl.DataFrame]


@cache
def country() -> Rows:
    """Three homes that use ten masks a day each and have none, the third in the south; 90 masks in packs of 5."""
    tables = registers(SITES)
    where = pl.when(pl.col("site") == "home-3").then(pl.lit("south")).otherwise("region")
    asked = [{"request": s, "site": s, "day": ago(2), "pieces": 100} for s in SITES]
    weeks = [{"indicator": "admissions", "day": ago(n), "value": 5.0} for n in range(1, 40)]
    counts = [{"site": s, "product": "mask-a", "day": ago(0), "pieces": 0} for s in SITES]
    spare = {"site": "store", "product": "mask-b", "day": ago(1), "pieces": 40}
    return tables | {
        "site": tables["site"].with_columns(region=where),
        "product": rows("product", {"pieces_per_pack": 5}, {"product": "mask-b", "pieces_per_pack": 5}),
        "stock": rows("stock", {"site": "store", "product": "mask-a", "day": ago(1), "pieces": 90}, spare, *counts),
        "request": rows("request", *asked),
        "indicator": rows("indicator", *weeks),
    }


def inputs() -> Inputs:
    return Inputs.of(country(), as_of=AS_OF)


def says(**tables: pl.DataFrame) -> Plan:
    """A plan that says this, and nothing else."""
    return Plan.of({name: schema.create_empty() for name, schema in RESULTS.items()} | tables)


def divided(policy: Policy) -> Plan:
    """Of the plan under a policy what the division says; it takes no forecast."""
    division = allocate(present(inputs().known(), policy.known(AS_OF)), SCARCE, seed=1)
    return says(claim=division.claim, award=division.award, level=division.level, regime=SCARCE)


@cache
def without() -> Plan:
    return divided(Policy.of(country()))


def effect(proposed: Rows) -> Effect:
    """What the division would be with what is proposed, beside the division without it."""
    policy = Policy.of(country())
    return beside(without(), divided(policy.with_proposed(proposed, AS_OF)))


def beside(before: Plan, after: Plan) -> Effect:
    return between(before, after, policy=Policy.of(country()).known(AS_OF), today=TODAY)


def fence(**more: Any) -> pl.DataFrame:
    return rows("fence", EVERYONE | {"fence": "f", "kind": "guarantee", "region": "south", "share": 1.0} | more)


def cells(found: Effect, *columns: str) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Columns of the cells of sector and region in which unmet need changes."""
    return {row[:2]: row[2:] for row in found.unmet_change.select("sector", "region", *columns).rows()}


def approx(*numbers: float) -> Any:
    return pytest.approx(numbers)


def test_what_the_south_is_promised_the_north_goes_without_worked_out_by_hand():
    """Each home is brought to 3 of 10 days: 0.7 unmet. With all for the south its home has 9 days, the others none."""
    found = effect({"fence": fence()})
    assert cells(found, "unmet_before", "unmet_after", "packs_before", "packs_after", "pieces_after") == {
        ("all", "north"): approx(0.7, 1.0, 12, 0, 0),
        ("all", "south"): approx(0.7, 0.1, 6, 18, 90),
    }
    assert found.unmet_change.select("need").unique().rows() == [("mask",)]
    told = found.level_change.select("fence", "reach_before", "reach_after", "level_days_before", "level_days_after")
    assert told.rows() == [("all", "part", "nothing", 3.0, None), ("f", None, "part", None, 9.0)]
    assert found.compared.rows() == [
        ("regime_change", 1, 0),
        ("level_change", 2, 2),
        ("unmet_change", 4, 2),
        ("purchase_change", 0, 0),
    ]


def test_a_lower_cap_does_not_look_like_less_want():
    """At a cap of 2 days 60 of the 90 masks are given: 2 days each of the 10 that are wanted as long as it is not set."""
    found = effect({"policy_rule": rule("cap_days", 2.0)})
    assert cells(found, "unmet_before", "unmet_after", "pieces_before", "pieces_after") == {
        ALL_THREE: approx(0.7, 0.8, 90, 60),
        ("home", "all"): approx(0.7, 0.8, 90, 60),
        ("all", "north"): approx(0.7, 0.8, 60, 40),
        OF_SOUTH: approx(0.7, 0.8, 30, 20),
    }


def test_another_norm_weighs_with_its_own_norm_use():
    """At twice the norm 30 masks are a day and a half, of ten; no pack goes elsewhere."""
    norm = rows("norm", {"low": 1.0, "mid": 4.0, "high": 4.0})
    assert cells(effect({"norm": norm}), "unmet_after", "pieces_before", "pieces_after")[ALL_THREE] == approx(
        0.85, 90, 90
    )


def test_with_nothing_proposed_nothing_differs():
    found = effect({})
    assert found.compared.select("part", "changed").rows() == [
        (part, 0) for part in ("regime_change", "level_change", "unmet_change", "purchase_change")
    ]
    assert all(table.is_empty() for name, table in found.tables().items() if name != "compared")


def test_a_row_that_says_what_holds_already_changes_nothing():
    found = effect({"policy_rule": rule("cap_days", 10.0)})
    assert found.compared["changed"].sum() == 0


def swapped(table: pl.DataFrame) -> pl.DataFrame:
    turned = {"before": "after", "after": "before"}
    names = {
        name: name.removesuffix(end) + turned[end] for name in table.columns for end in turned if name.endswith(end)
    }
    return table.rename(names).select(table.columns)


def test_before_and_after_in_each_others_place_turn_every_difference():
    told = Policy.of(country() | {"fence": fence(), "norm": PROPOSED["norm"]})
    two = (
        replace(without(), purchase_need=to_buy({"net_pieces": 100, "net_cents": 700})),
        replace(divided(told), purchase_need=to_buy({"net_pieces": None, "missing": "stock"})),
    )
    there, back = beside(*two), beside(*two[::-1])
    for name, table in there.tables().items():
        assert table.equals(swapped(back.tables()[name])), name
    assert there.compared["changed"].to_list() == [0, 2, 4, 1]


PROPOSED = {
    "acceptance": rows("acceptance", {"product": "mask-b", "preference": 2}),
    "scope": rows("scope", {"action": "none", "valid_from": ago(3)}),
    "norm": rows("norm", {"low": 1.0, "mid": 4.0, "high": 4.0, "valid_from": ago(3)}),
    "scenario": rows(
        "scenario",
        EVERYONE
        | {"scenario": "s", "driver": "all", "starts_on": ago(0), "ramp_days": 0, "coverage": 0.0}
        | {"norm_factor": 3.0, "driver_factor": 1.0, "in_curve": "base"},
    ),
    "policy_rule": rule("cap_days", 2.0, valid_from=ago(3)),
    "fence": fence(),
}


@pytest.mark.slow
def test_the_plan_with_what_is_proposed_is_the_plan_had_it_been_told():
    """Told a day ago, which shows in the keys by which findings name their rows, and nowhere else."""
    given, told = country(), dict(country())
    for table, part in PROPOSED.items():
        same = [name for name in ON_DISK[table].primary_key() if name != "known_at"]
        kept = given.get(table, empty(table)).join(part, on=same, how="anti")
        told[table] = pl.concat([kept, part.with_columns(known_at=pl.lit(at(ago(1))))])
    proposed = plan(inputs(), Policy.of(given).with_proposed(PROPOSED, AS_OF), seed=1)
    in_earnest = plan(Inputs.of(told, as_of=AS_OF), Policy.of(told), seed=1)
    two = [one.tables() | {"finding": one.finding.drop("examples")} for one in (proposed, in_earnest)]
    assert [name for name in RESULTS if not two[0][name].equals(two[1][name])] == []


def said_of(proposed: Rows, told: Rows | None = None) -> list[tuple[Any, ...]]:
    """How rows were taken: table, key, first day, how."""
    policy = Policy.of(country() | (told or {})).with_proposed(proposed, AS_OF).known(AS_OF)
    return taken(policy, proposed, AS_OF).select("table", "key", "valid_from", "taken").rows()


def test_how_each_row_was_taken_is_said():
    over, back = fence(fence="g", valid_from=ago(10), valid_to=ago(5)), fence(valid_from=ago(10), valid_to=ago(11))
    later, cap = fence(fence="h", valid_from=ago(-30)), rule("cap_days", 7.0, need="mask", valid_from=ago(9))
    assert said_of({"fence": pl.concat([later, over, back]), "policy_rule": cap}) == [
        ("policy_rule", "cap_days mask all all", ago(9), "as_said"),
        ("fence", "f all", ago(10), "takes_back"),
        ("fence", "g all", ago(10), "not_today"),
        ("fence", "h all", ago(-30), "from_today"),
    ]


def test_a_row_behind_another_that_began_later_or_waits_for_one_that_holds_does_nothing_today():
    assert said_of({"fence": fence(valid_from=ago(10))}, {"fence": fence(valid_from=ago(3))}) == [
        ("fence", "f all", ago(10), "not_today")
    ]
    assert [one[-1] for one in said_of({"fence": pl.concat([fence(), fence(valid_from=ago(-9))])})] == [
        "as_said",
        "not_today",
    ]


@pytest.mark.slow
def test_a_proposed_fence_and_no_other_is_priced_as_it_would_hold_today():
    """It promises the south a half, 45 masks or 4.5 days; of the ten that are wanted as long as no cap of 5 is set."""
    tables = country() | {"fence": fence(fence="g", share=0.2)}
    half = fence(share=0.5, valid_from=ago(-30))
    cap = rule("cap_days", 5.0)
    found = effect_of(without(), inputs(), Policy.of(tables), {"fence": half, "policy_rule": cap}, seed=1)
    held = pl.concat([tables["fence"], half.with_columns(valid_from=pl.lit(TODAY))])
    told = tables | {"fence": held, "policy_rule": cap}
    now = present(inputs().known(), Policy.of(told).known(AS_OF))
    prices = price_of_fences(now, SCARCE, seed=1).filter(fence="f")
    assert found.fence_price.select("fence", "need", *PRICES).rows() == prices.select("fence", "need", *PRICES).rows()
    assert found.fence_price["group_days_with"].to_list() == [4.5]
    assert cells(found, "unmet_before", "unmet_after", "pieces_after")[OF_SOUTH] == approx(0.7, 0.55, 45)
    assert found.proposed_row["taken"].to_list() == ["as_said", "from_today"]


def to_buy(*given: dict[str, Any]) -> pl.DataFrame:
    """Table ``PurchaseNeed``, a row per need; what is not given is not known."""
    usual = {"curve": "base", "horizon_weeks": 8, "own_purchase_pieces": 0, "product": "mask-a"}
    schema = RESULTS["purchase_need"].create_empty().schema
    filled = [dict.fromkeys(schema) | usual | {"need": f"need-{n}"} | one for n, one in enumerate(given)]
    return RESULTS["purchase_need"].validate(pl.DataFrame(filled, schema=schema, orient="row"), cast=True)


def test_money_that_is_not_known_stays_unknown_with_its_reason_and_never_is_zero():
    before = to_buy(
        {"net_pieces": 100, "net_cents": 700},
        {"net_pieces": 100},
        {"net_pieces": 100, "product": None},
        {"missing": "stock"},
        {"net_pieces": 0, "net_cents": 0},
        {"net_pieces": 5, "net_cents": 35},
    )
    after = to_buy(
        {"net_pieces": 50, "net_cents": 350},
        {"net_pieces": 50},
        {"net_pieces": 50, "product": None},
        {"net_pieces": 50, "net_cents": 350},
        {"net_pieces": 0},
    )
    found = beside(says(purchase_need=before), says(purchase_need=after))
    columns = [f"{what}_{when}" for what in ("pieces", "cents", "reason") for when in ("before", "after")]
    assert found.purchase_change.select(columns).rows() == [
        (100, 50, 700, 350, None, None),
        (100, 50, None, None, "no_price", "no_price"),
        (100, 50, None, None, "no_article", "no_article"),
        (None, 50, None, 350, "stock", None),
        (0, 0, 0, None, None, "no_price"),
        (5, None, 35, None, None, "not_in_plan"),
    ]


def test_a_need_that_leaves_the_list_has_claims_on_one_side_only():
    found = effect({"scope": rows("scope", {"state": "approved"})})
    assert cells(found, "unmet_before", "unmet_after", "pieces_before", "pieces_after")[ALL_THREE] == (
        pytest.approx(0.7),
        None,
        90,
        0,
    )
    assert found.level_change.select("reach_before", "reach_after").rows() == [("part", None)]


def test_a_need_that_would_be_routed_otherwise_is_told_and_one_of_which_one_plan_is_silent():
    before, after = (
        pl.DataFrame({"need": ["gown", "mask", only], "effective": ["scarce", regime, "direct"]})
        for only, regime in (("swab", "scarce"), ("visor", "early_warning"))
    )
    found = beside(says(regime=before), says(regime=after))
    assert found.regime_change.rows() == [
        ("mask", "scarce", "early_warning"),
        ("swab", "direct", None),
        ("visor", None, "direct"),
    ]
    assert found.compared.row(0) == ("regime_change", 4, 3)


def test_a_proposal_with_which_nothing_can_be_planned_is_refused_with_findings():
    with pytest.raises(BadInput) as bad:
        effect_of(without(), inputs(), Policy.of(country()), {"policy_rule": rule("cap_days", 9999.0)}, seed=1)
    assert "POLICY-02" in bad.value.findings["code"].to_list()


def test_an_effect_is_written_as_parquet_and_read_back_the_same(tmp_path):
    found = effect({"fence": fence(share=0.5), "norm": PROPOSED["norm"]})
    written = write_results(found.tables(), tmp_path)
    assert {name: table.rows() for name, table in read_tables(tmp_path).items()} == {
        name: table.rows() for name, table in found.tables().items()
    }
    assert {path.stem for path in written} == set(EFFECT)
    assert sum(path.stat().st_size for path in written) < 50_000


@pytest.mark.slow
def test_in_the_example_country_the_policy_is_what_it_would_be_had_the_rows_been_told_and_begun():
    tables, later = country_once.tables(), pl.lit(ago(-7))
    half = tables["norm"].filter(pl.col("need") == "gown").with_columns(pl.col("low", "mid", "high") / 2)
    proposed = {"norm": half.with_columns(valid_from=later)} | {
        name: part.with_columns(valid_from=later)
        for name, part in PROPOSED.items()
        if name in ("policy_rule", "fence", "scenario")
    }
    with_it = Policy.of(tables).with_proposed(proposed, MONDAY).known(MONDAY)
    told = {
        name: pl.concat([tables[name], part.with_columns(known_at=pl.lit(MONDAY), valid_from=pl.lit(MONDAY.date()))])
        for name, part in proposed.items()
    }
    in_earnest = Policy.of(tables | told).known(MONDAY)
    assert [name for name in POLICY if not getattr(with_it, name).equals(getattr(in_earnest, name))] == []
    assert with_it.in_force("norm", MONDAY.date()).filter(need="gown", valid_from=MONDAY.date()).height == half.height


@pytest.mark.slow
def test_in_the_example_country_every_cell_is_compared_and_without_a_proposal_none_differs():
    made, policy = country_once.plan(), Policy.of(country_once.tables()).known(MONDAY)
    found = between(made, made, policy=policy, today=MONDAY.date())
    claimed = made.claim.filter(holder="warehouse")
    cells = sum(claimed.select("need", *axes).n_unique() for axes in ([], ["sector"], ["region"]))
    of_needs = made.regime["need"].n_unique()
    assert found.compared["compared"].to_list() == [of_needs, made.level.height, cells, 3 * of_needs]
    assert found.compared["changed"].to_list() == [0, 0, 0, 0]
