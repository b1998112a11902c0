import polars as pl
import pytest
from polars.testing import assert_frame_equal

import country_once
from dijk import runs
from dijk.check import BadInput
from dijk.example import AS_OF
from dijk.files.findings import Where, as_table, finding
from dijk.inputs import Inputs
from dijk.policy import Policy

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
