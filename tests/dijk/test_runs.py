from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import country_once
from dijk import runs
from dijk.allocate import explain
from dijk.allocate.claims import CLAIM
from dijk.allocate.recompute import recompute
from dijk.check import BadInput
from dijk.example import AS_OF
from dijk.files.findings import Where, as_table, finding
from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.tables import POLICY

NOTHING_FOUND = as_table([])


@pytest.fixture(scope="module")
def world() -> Inputs:
    return Inputs.of(country_once.tables(), as_of=AS_OF)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.of(country_once.tables())


@pytest.mark.slow
def test_a_run_is_the_plan_with_all_it_came_from(world, policy):
    said = as_table([finding("FILE-06", Where("use", "use.csv"))])
    run = runs.make(world, policy, seed=1, digest="abc", received=said)
    for name, table in country_once.plan().tables().items():
        assert_frame_equal(run.plan.tables()[name], table, check_exact=True)
    assert (run.inputs, run.policy, run.seed, run.digest) == (world, policy, 1, "abc")
    assert set(run.finding["code"]) > {"FILE-06"}


def test_an_error_of_reading_makes_no_run_and_comes_with_what_the_checks_find(world, policy):
    said = as_table([finding("FILE-10", Where("use", "use.parquet"))])
    with pytest.raises(BadInput) as bad:
        runs.make(world, policy, seed=1, digest="", received=said)
    assert bad.value.findings["code"][0] == "FILE-10"
    assert "POLICY-03" in bad.value.findings["code"].to_list()


def test_an_error_of_a_check_makes_no_run_and_comes_with_what_reading_found(policy):
    said = as_table([finding("FILE-06", Where("use", "use.csv"))])
    with pytest.raises(BadInput) as bad:
        runs.make(Inputs.of({}, as_of=AS_OF), policy, seed=1, digest="", received=said)
    assert {"REG-01", "FILE-06"} <= set(bad.value.findings["code"])


def test_a_lost_code_is_said_once_as_reading_said_it(world, policy):
    nowhere = world.stock.head(1).with_columns(site=pl.lit("nowhere"))
    lost = Inputs.of(world.tables() | {"stock": pl.concat([world.stock, nowhere])}, as_of=AS_OF)
    said = as_table([finding("ROW-05", Where("stock", "stock.csv"), words={"register": ("site", "locatie")})])
    for received, code in ((said, "ROW-05"), (NOTHING_FOUND, "REF-01")):
        with pytest.raises(BadInput) as bad:
            runs.make(lost, policy, seed=1, digest="", received=received)
        assert set(bad.value.findings.filter(severity="error")["code"]) == {code}


@pytest.fixture(scope="module")
def whole(world, policy) -> runs.Run:
    """A run of the example country, with a reason for a warning on a row of a site and one on a norm."""
    reasons = [reason("stock", "S00001 P-iir"), reason("norm", "gown hospital")]
    policy = replace(policy, warning_reason=pl.concat(reasons))
    return runs.Run(world, policy, country_once.plan(), seed=1, digest="abc", received=country_once.plan().finding)


def reason(table: str, key: str) -> pl.DataFrame:
    said = {"known_at": AS_OF, "valid_from": AS_OF.date(), "valid_to": None, "basis": "x", "source": "x", "set_by": "x"}
    about = {"how": "assumed", "code": "PEER-01", "table": table, "key": key, "column": "x", "value": "1"}
    return POLICY["warning_reason"].validate(pl.DataFrame(said | about | {"explanation": "x"}), cast=True)


def care(run: runs.Run) -> list[str]:
    return run.inputs.site.filter(pl.col("kind") == "care")["site"].unique().sort().to_list()


def of_region(run: runs.Run, region: str) -> list[str]:
    return run.inputs.site.filter((pl.col("region") == region) & (pl.col("kind") != "warehouse"))["site"].to_list()


def texts(table: pl.DataFrame) -> set[str]:
    return {str(value) for column in table.iter_columns() if not column.dtype.is_numeric() for value in column.unique()}


@settings(max_examples=25)
@given(data=st.data())
def test_a_part_says_of_its_sites_what_the_whole_run_says_of_them(whole, data):
    sites = data.draw(st.sets(st.sampled_from(care(whole)), min_size=1, max_size=4))
    own, plan = runs.part(whole, sites).plan, whole.plan
    mine = recompute(plan.claim, plan.level).filter(pl.col("site").is_in(sites))
    assert_frame_equal(recompute(own.claim, own.level), mine)
    assert (
        mine.join(own.award, on=CLAIM, how="left", nulls_equal=True)["packs_right"].fill_null(0).equals(mine["packs"])
    )
    for site, need in own.claim.select("site", "need").unique().sort("site", "need").head(3).iter_rows():
        of_part = explain(own.claim, own.award_line, own.level, site=site, need=need)
        in_whole = explain(plan.claim, plan.award_line, plan.level, site=site, need=need)
        assert [one.lines for one in of_part] == [one.lines for one in in_whole]
        assert all(one.en.startswith(said.en) for said, one in zip(of_part, in_whole, strict=True))


def test_a_part_does_not_say_what_rests_on_the_lines_of_others(whole):
    """What one more pack brings a site depends on who shares its level; the whole run says it, and its region too."""
    level, claim = whole.plan.level.filter(reach="part", region="R09"), whole.plan.claim
    short = level.select("need", "tier", "holder", level_region="region")
    there = claim.join(short, on=["need", "tier", "holder", "level_region"], how="semi").select("site", "need").unique()
    said = {"whole": 0, "region": 0, "site": 0}
    for site, need in there.sort("site", "need").iter_rows():
        for name, sites in (("whole", claim["site"]), ("region", of_region(whole, "R09")), ("site", [site])):
            plan = runs.part(whole, list(sites)).plan if name != "whole" else whole.plan
            told = explain(plan.claim, plan.award_line, plan.level, site=site, need=need)
            said[name] += sum("Of one more pack" in one.en for one in told if one.holder == "regional_hub")
    assert said["whole"] == said["region"] > said["site"] == 0


@settings(max_examples=10)
@given(data=st.data())
def test_a_part_names_no_other_site_that_gives_care(whole, data):
    sites = data.draw(st.sets(st.sampled_from(care(whole)), max_size=3))
    run = runs.part(whole, sites)
    others = set(care(whole)) - sites
    for name, table in (run.inputs.tables() | run.plan.tables() | {"received": run.received}).items():
        told = texts(table.drop("from_site", strict=False))
        assert not {text for text in told if any(code in text for code in others)}, name
    assert run.policy.warning_reason["table"].to_list() == ["norm"]


def test_who_has_a_part_sees_cells_of_the_nation_and_of_its_own_region_alone(whole):
    one, region = runs.part(whole, care(whole)[:1]), runs.part(whole, of_region(whole, "R03"))
    for name in ("situation", "demand", "flow", "forecast_score"):
        assert set(one.plan.tables()[name]["region"]) == {"all"}, name
        assert set(region.plan.tables()[name]["region"]) == {"all", "R03"}, name
    assert one.plan.share_range.is_empty()
    assert set(region.plan.share_range["region"]) == {"R03"}
    assert set(one.plan.situation["sector"]) == {"all"}
    assert one.plan.central_stock.is_empty()
    assert region.plan.central_stock.select("region", "holder").unique().rows() == [("R03", "regional_hub")]


def test_who_has_a_part_sees_no_order_price_or_finding_of_others(whole):
    run = runs.part(whole, care(whole)[:1])
    tables = run.inputs.tables() | run.plan.tables()
    assert all(tables[name].is_empty() for name in ("inbound", "purchase_need", "scenario_cost", "finding"))
    assert run.received.is_empty()


def test_who_has_a_part_reads_the_texts_of_the_policy_and_not_who_may_sign(whole):
    run, judged = runs.part(whole, care(whole)[:1]), whole.policy
    assert run.policy.mandate.is_empty() and judged.mandate.height > 0
    assert run.policy.policy_text.equals(judged.policy_text)
    tables = {"site": whole.inputs.site, "mandate": judged.mandate, "policy_text": judged.policy_text}
    told = runs.part_of_dataset(tables, care(whole)[:1])
    assert told["mandate"].is_empty() and told["policy_text"].equals(judged.policy_text)


def test_each_table_of_a_part_is_of_everyone_or_of_a_site_or_of_a_cell_or_empty(whole):
    """A new table is left out of a part until somebody says what it tells of."""
    tables = whole.inputs.tables() | whole.plan.tables()
    others = [
        n for n, t in tables.items() if n not in runs.OF_EVERYONE and not {"site", "to_site", "region"} & {*t.columns}
    ]
    assert sorted(others) == ["finding", "organisation", "purchase_need", "scenario_cost", "usage_factor"]
    assert tables.keys() | POLICY.keys() >= runs.OF_EVERYONE


def test_a_part_of_all_sites_keeps_every_line(whole):
    run = runs.part(whole, whole.inputs.site["site"].unique().to_list())
    for name in ("claim", "award", "award_line", "level", "position", "norm_use", "central_stock", "not_answered"):
        assert_frame_equal(run.plan.tables()[name], whole.plan.tables()[name])
    for name in ("stock", "delivery", "inbound", "request", "site", "organisation"):
        assert_frame_equal(run.inputs.tables()[name], whole.inputs.tables()[name])


def test_a_part_is_kept_and_read_again_as_a_run(whole, tmp_path):
    run = runs.part(whole, care(whole)[:2])
    runs.write_run(tmp_path / "part", runs.run_files(run), origin=None)
    again = runs.read_run(tmp_path / "part")
    assert_frame_equal(again.plan.claim, run.plan.claim)
    assert (again.seed, again.digest, again.inputs.as_of) == (1, "abc", AS_OF)
