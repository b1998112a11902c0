"""Rows that somebody tells are checked as they will be once they are known, and nothing else is."""

from functools import cache

import numpy as np
import polars as pl
import pytest

import country_once
from dijk.check import check_told
from dijk.check.plausible import HELD_AGAINST, OF_ALL_ROWS, every_suspect
from dijk.example import AS_OF
from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.tables import FACTS, INPUTS
from planted_meaning import Tables, plant
from planted_rows import PLANTED
from small import ago, at, registers, rows, world

TRIES, SEED = 6, 7
OF_ROWS = ("REF-01", "NEED-03", "NEED-04", "CHECK-01", "TIME-01", "STOCK-03", "INBOUND-01", "INBOUND-02")
BY_PEERS = ("PEER-01", "PEER-02", "PAST-01")
"""Codes that rest on how others scatter: those nearby here, all of the nation in a plan."""


OF_A_WHOLE_WORLD = (
    "PEER-01 use.pieces days_of_norm_use",  # few sites record use, so that none like it may be near
    "OTHER-01 external_figure.value beside_our_counts",  # held against all counts there are
    "TWIN-01 use.day overlaps",  # of two periods the later is doubted, which may be the one that was known
    "WHEN-05 site.region of_the_closed",  # it is the region that changes, not a row that names it
    "WHEN-05 inbound.product of_the_closed",
    "WHEN-05 delivery.need of_the_closed",
)


@cache
def country() -> Inputs:
    """The example country as known, with nothing planted in it."""
    return Inputs.of(country_once.tables(), as_of=AS_OF).known()


def known_before(planted: Tables, new: Tables) -> Inputs:
    """What was known before the new rows were told."""
    tables = country_once.tables()
    before = planted | {name: tables[name] for name in new}
    if all(before[name] is tables[name] for name in INPUTS if name in before):
        return country()
    return Inputs.of(before, as_of=AS_OF).known()


def findings(new: Tables, tables: Tables) -> pl.DataFrame:
    return check_told(new, world(tables), Policy.of(tables).known(AS_OF))


def told_of(table: pl.DataFrame) -> set[tuple[str, ...]]:
    """Code, table, column and key of each row that findings speak of."""
    return set(
        table.explode("examples")
        .unnest("examples", separator="_")
        .select("code", "table", "column", "examples_key")
        .rows()
    )


@pytest.mark.parametrize("code", OF_ROWS)
def test_what_is_wrong_with_a_row_by_itself_is_found_when_it_is_told(code):
    registered = {name: table for name, table in PLANTED[code].items() if name not in FACTS}
    told = {name: table for name, table in PLANTED[code].items() if name in FACTS}
    assert code in findings(told, registers() | registered)["code"].to_list()
    assert (
        code not in findings({"use": rows("use", {"site": "home-1", "day": ago(1), "pieces": 9})}, registers())["code"]
    )


def test_a_code_that_is_told_with_the_row_that_names_it_is_not_lost():
    new = {
        "site": rows("site", {"site": "home-9", "name": "The ninth", "sector": "home"}),
        "request": rows("request", {"site": "home-9", "day": ago(1), "pieces": 5}),
    }
    assert findings(new, registers()).is_empty()
    assert findings({"request": new["request"]}, registers())["code"].to_list() == ["REF-01"]


def test_what_is_known_already_is_not_doubted_again():
    """Masks of the first site are doubted in the country; telling its other counts anew does not bring them up."""
    assert "S00001 P-iir" in str(country_once.plan().finding.filter(code="PEER-01", table="stock")["found"].to_list())
    tables = country_once.tables()
    known = Inputs.of(tables, as_of=AS_OF).known()
    others = known.stock.filter((pl.col("site") == "S00001") & (pl.col("product") != "P-iir"))
    found = check_told({"stock": others}, known, Policy.of(tables).known(AS_OF))
    assert [key for *_, key in told_of(found) if not key.startswith("S00001 ") or "P-iir " in key] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "number", [n for n, one in enumerate(HELD_AGAINST) if one.table in INPUTS and one.name not in OF_A_WHOLE_WORLD]
)
def test_a_fault_of_meaning_is_found_when_it_is_told(number):
    one, tables, random = HELD_AGAINST[number], country_once.tables(), np.random.default_rng(SEED)

    def is_found() -> bool:
        planted = plant(tables, one, random)
        new = {
            name: table.join(tables[name], on=table.columns, how="anti", nulls_equal=True)
            for name, table in planted.items()
            if name in INPUTS and table is not tables[name]
        }
        new = {name: table for name, table in new.items() if table.height}
        found = check_told(new, known_before(planted, new), Policy.of(planted).known(AS_OF))
        return found.filter(code=one.code, table=one.table, column=one.column).height > 0

    assert any(is_found() for _ in range(TRIES))


@pytest.mark.slow
@pytest.mark.parametrize("site", ["S00001", "S00011", "S00030"])
def test_what_is_told_of_a_site_is_found_as_the_checks_of_the_whole_world_find_it(site):
    tables = country_once.tables()
    late = {
        name: table.filter((pl.col("site") == site) & (pl.col("known_at") > at(ago(14))))
        for name, table in tables.items()
        if name in FACTS and "site" in table.columns
    }
    early = tables | {
        name: table.join(late[name], on=table.columns, how="anti", nulls_equal=True)
        for name, table in tables.items()
        if name in late
    }
    policy = Policy.of(tables).known(AS_OF)
    found = check_told(late, Inputs.of(early, as_of=AS_OF).known(), policy)
    whole = every_suspect(Inputs.of(tables, as_of=AS_OF), Policy.of(tables))
    keys = {
        name: set(
            table.select(
                pl.concat_str(
                    [pl.col(c).cast(pl.String) for c in FACTS[name].primary_key() if c != "known_at"], separator=" "
                )
            ).to_series()
        )
        for name, table in late.items()
    }
    wanted = {
        (one.code, one.table, one.column, key)
        for one, some in whole.items()
        if one.table in keys and one.code not in BY_PEERS and one.by not in OF_ALL_ROWS
        for key in some["key"]
        if key in keys[one.table]
    }
    plausible = {one.code for one in HELD_AGAINST} - {*BY_PEERS, "PAST-02"}
    assert {row for row in told_of(found) if row[0] in plausible} == wanted


def test_a_reason_that_was_given_silences_a_warning_on_a_row_that_is_told_again():
    tables = registers() | {
        "activity": rows("activity", *({"site": "home-1", "day": ago(d), "units": 5.0} for d in (3, 2)))
    }
    new = {"activity": rows("activity", {"site": "home-1", "day": ago(1), "units": 500.0})}
    (doubt,) = findings(new, tables).filter(code="PAST-01").rows(named=True)
    said = {
        "code": "PAST-01",
        "table": "activity",
        "column": "units",
        "key": doubt["examples"][0]["key"],
        "value": "500",
    }
    reason = rows("warning_reason", said | {"explanation": "an outbreak"})
    assert findings(new, tables | {"warning_reason": reason}).filter(code="PAST-01").is_empty()


def test_a_retracted_row_is_held_against_nothing():
    gone = rows("request", {"site": "nowhere", "day": ago(1), "pieces": None, "reason": "retracted"})
    assert findings({"request": gone}, registers()).is_empty()


def test_nothing_told_is_nothing_found():
    assert findings({}, registers()).is_empty()
    assert findings({"stock": rows("stock")}, registers()).is_empty()
