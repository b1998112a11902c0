"""Faults of meaning: each check finds one of its kind, says so in words, and keeps silent for a reason."""

import datetime as dt
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest

import country_once
from dijk.check import check, check_all_rows
from dijk.check.codes import CODES, PLAUSIBLE
from dijk.check.plausible import HELD_AGAINST, OF_ALL_ROWS, HeldAgainst, every_suspect, suspects, whole
from dijk.check.plausible.seen import Seen
from dijk.check.plausible.slips import slip
from dijk.example import AS_OF
from dijk.inputs import Inputs
from dijk.policy import Policy
from planted_meaning import Tables, added, known, plant
from small import ago, at, registers, rows, world

HANDFUL, TRIES, SEED = 5, 12, 7


def seen(tables: Tables, check: HeldAgainst) -> Seen:
    inputs, policy = Inputs.of(tables, as_of=AS_OF), Policy.of(tables)
    return whole(inputs, policy) if check.by in OF_ALL_ROWS else Seen(inputs.known(), policy.known(AS_OF))


def found(tables: Tables, check: HeldAgainst) -> set[tuple[Any, ...]]:
    return set(suspects(seen(tables, check), check).rows())


@cache
def country(*, all_rows: bool) -> Seen:
    """The example country as a check of its kind sees it: all its rows, or those that count."""
    return seen(country_once.tables(), next(one for one in HELD_AGAINST if (one.by in OF_ALL_ROWS) is all_rows))


def clean_for(check: HeldAgainst) -> set[tuple[Any, ...]]:
    """What it doubts where nothing was planted."""
    return set(suspects(country(all_rows=check.by in OF_ALL_ROWS), check).rows())


def checked(tables: Tables) -> pl.DataFrame:
    """What a person sees of a dataset."""
    inputs, policy = Inputs.of(tables, as_of=AS_OF), Policy.of(tables)
    return pl.concat([check(inputs.known(), policy.known(AS_OF)), check_all_rows(inputs, policy)])


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(HELD_AGAINST)), ids=[one.name for one in HELD_AGAINST])
def test_a_fault_of_its_kind_is_found(number):
    one, tables, random = HELD_AGAINST[number], country_once.tables(), np.random.default_rng(SEED)
    clean = clean_for(one)
    assert any(not found(plant(tables, one, random), one) <= clean for _ in range(TRIES))


SCATTERED = (
    "PAST-02 stock.pieces corrected",
    "PEER-01 site.size peers",
    "PEER-01 delivery.pieces days_of_norm_use",
    "PEER-01 request.pieces many_peers",
    "PEER-01 stock.pieces days_of_norm_use",
    "PEER-01 product.pieces_per_pack peers",
    "OTHER-01 use.pieces no_more_used_than_had",
)
"""Checks of values that scatter widely, so that much is ordinary."""


@pytest.mark.slow
@pytest.mark.parametrize("name", SCATTERED)
def test_more_than_half_of_the_faults_are_found_where_values_scatter_widely(name):
    (one,) = (check for check in HELD_AGAINST if check.name == name)
    tables, random = country_once.tables(), np.random.default_rng(SEED)
    clean = clean_for(one)
    assert sum(not found(plant(tables, one, random), one) <= clean for _ in range(TRIES)) > TRIES / 2


@pytest.mark.slow
def test_a_clean_country_is_doubted_a_handful_of_times_by_a_check_at_most():
    tables = country_once.tables()
    fired = every_suspect(Inputs.of(tables, as_of=AS_OF), Policy.of(tables))
    assert {one.name: rows.height for one, rows in fired.items() if rows.height > HANDFUL} == {}


def test_every_check_has_a_code_and_words_of_its_own_in_both_languages():
    assert {one.code for one in HELD_AGAINST} == {one.code for one in PLAUSIBLE if not one.code.startswith("MOMENT")}
    assert all(en and nl and en != nl for en, nl in (one.against for one in HELD_AGAINST))


def weekly_norm() -> Tables:
    """A norm that was entered per week, four weeks after the norm per day."""
    tables = registers()
    later = {"low": 7.0, "mid": 14.0, "high": 28.0, "valid_from": ago(3)}
    return tables | {"norm": pl.concat([tables["norm"], rows("norm", later)])}


def doubted(tables: Tables) -> list[dict[str, Any]]:
    known_world = world(tables)
    found = check(known_world, Policy.of(tables).known(known_world.as_of))
    return found.filter(pl.col("code") == "PAST-01").to_dicts()


def test_a_norm_entered_per_week_is_named_with_its_key_its_factor_and_the_unit():
    (row,) = doubted(weekly_norm())
    assert row["table"] == "norm" and row["column"] == "mid"
    assert row["found"] == f"{ago(3)} mask home contact shift conventional: 14"
    assert row["wanted_en"] == "a value near 2, as this norm before; this is 7 times that: per week or per day?"
    assert row["wanted_nl"].endswith("dit is 7 maal zoveel: per week of per dag?")


def reason(**changed: object) -> pl.DataFrame:
    """A reason for the norm per week."""
    key = f"{ago(3)} mask home contact shift conventional"
    about = {"code": "PAST-01", "table": "norm", "column": "mid", "key": key, "value": "14"}
    return rows("warning_reason", about | {"explanation": "new protocol"} | changed)


def test_a_reason_silences_a_warning_until_the_value_changes():
    tables = weekly_norm()
    assert doubted(tables | {"warning_reason": reason()}) == []
    assert doubted(tables | {"warning_reason": reason(value="15")}) != []
    assert doubted(tables | {"warning_reason": reason(code="PEER-01")}) != []
    changed = tables["norm"].with_columns(mid=pl.when(pl.col("mid") == 14).then(15.0).otherwise("mid"))
    assert doubted(tables | {"warning_reason": reason(), "norm": changed}) != []


def test_an_organisation_under_two_keys_with_nearly_one_name_is_named_with_the_other_in_both_languages():
    given = [{"organisation": "org", "name": "Stichting Voorbeeldzorg"}, {"organisation": "b", "name": "Bakkerij"}]
    twin = {"organisation": "org-2", "name": "Stichting Voorbeeld-zorg"}
    tables = registers() | {"organisation": rows("organisation", *given, twin)}
    known_world = world(tables)
    (row,) = check(known_world, Policy.of(tables)).filter(code="TWIN-01", table="organisation").to_dicts()
    assert row["found"] == "org-2: Stichting Voorbeeld-zorg"
    assert row["wanted_en"].endswith("this organisation, called nearly the same: org")
    assert row["wanted_nl"].endswith("deze organisatie, die bijna zo heet: org")


def test_of_many_names_too_those_nearly_the_same_are_named():
    """Eight hundred names that share no three letters, and one of them with a slip."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [f"{a * 4}{b * 4} {c * 4}" for a in letters for b in letters[:10] for c in letters[20:23]]
    named = [{"organisation": f"o{i}", "name": name} for i, name in enumerate([*names, "aaaabbbb uuuuv"])]
    tables = registers() | {"organisation": rows("organisation", *named)}
    check = next(one for one in HELD_AGAINST if one.table == "organisation" and one.column == "name")
    assert {(row[0], row[2]) for row in found(tables, check)} == {("o780", "o3")}


def test_a_reason_is_about_one_check_as_no_two_doubt_a_column_under_one_code():
    about = [(one.code, one.table, one.column) for one in HELD_AGAINST]
    assert sorted(set(about)) == sorted(about)


def use_of(days: int) -> Tables:
    """Weeks of the same use at a site, and one period that counts seven times as much."""
    weeks = [{"site": "home-1", "day": ago(7 * week), "pieces": 70} for week in range(1, 5)]
    return registers() | {"use": rows("use", *weeks, {"site": "home-1", "day": ago(0), "pieces": 700, "days": days})}


def test_a_reason_for_a_value_per_days_ends_when_the_days_change():
    about = {"code": "PAST-01", "table": "use", "column": "pieces", "key": f"home-1 mask {ago(0)}", "explanation": "x"}
    (row,) = doubted(use_of(7))
    assert row["found"] == f"home-1 mask {ago(0)}: 700 / 7"
    given = {"warning_reason": rows("warning_reason", about | {"value": "700 / 7"})}
    assert doubted(use_of(7) | given) == []
    assert [row["found"].rsplit(": ")[1] for row in doubted(use_of(1) | given)] == ["700 / 1"]


def test_a_reason_for_one_row_silences_no_later_row_with_the_same_value():
    tables = weekly_norm()
    other = rows("norm", {"low": 1.0, "mid": 2.0, "high": 4.0, "valid_from": ago(2)})
    again = rows("norm", {"low": 7.0, "mid": 14.0, "high": 28.0, "valid_from": ago(1)})
    told = doubted(tables | {"warning_reason": reason(), "norm": pl.concat([tables["norm"], other, again])})
    assert {row["found"].split(" ")[0] for row in told} == {str(ago(2)), str(ago(1))}


def test_a_reason_holds_from_its_first_day_to_its_last():
    tables = weekly_norm()
    assert doubted(tables | {"warning_reason": reason(valid_to=ago(1))}) != []
    assert doubted(tables | {"warning_reason": reason(valid_to=ago(-1))}) == []


@pytest.mark.slow
def test_a_reason_for_each_warning_leaves_none_and_silences_no_other():
    tables = country_once.tables()
    told = checked(tables).filter(pl.col("code").is_in([one.code for one in PLAUSIBLE]))
    about = [row | dict(zip(("key", "value"), row["found"].rsplit(": ", 1), strict=True)) for row in told.to_dicts()]
    given = [{n: row[n] for n in ("code", "table", "column", "key", "value")} | {"explanation": "x"} for row in about]
    answered = tables | {"warning_reason": rows("warning_reason", *given)}
    assert checked(answered)["code"].to_list() == [c for c in checked(tables)["code"] if CODES[c] not in PLAUSIBLE]


def test_what_a_moment_leaves_aside_is_told_and_most_of_a_table_is_a_warning():
    counts = [{"site": "home-1", "day": ago(day), "pieces": 5, "known_at": at(ago(day), 12)} for day in (3, 0, -1)]
    inputs = Inputs.of(registers() | {"stock": rows("stock", *counts)}, as_of=at(ago(0), 11))
    (row,) = check_all_rows(inputs, Policy.of({})).to_dicts()
    assert (row["code"], row["table"], row["rows"]) == ("MOMENT-02", "stock", 2)
    assert row["found"] == f"2: {ago(-1)} 12:00 UTC"
    later = Inputs.of({"stock": inputs.stock}, as_of=inputs.as_of + dt.timedelta(hours=2))
    assert check_all_rows(later, Policy.of({}))["code"].to_list() == ["MOMENT-01"]


def test_many_suspects_are_told_ten_at_a_time_and_the_last_counts_the_rest():
    tables = country_once.tables()
    orders = known(tables, "inbound").head(14).with_columns(received_pieces=pl.col("pieces") + 1)
    for row in orders.to_dicts():
        tables = tables | added(tables, "inbound", row)
    told = checked(tables).filter((pl.col("code") == "AGREE-01") & (pl.col("table") == "inbound"))
    assert told.height == 10 and told["rows"].sum() == 14


@pytest.mark.parametrize(
    ("times", "pack", "unit"),
    [(7, None, "per week"), (1 / 100, None, "cents"), (50, 50, "packs"), (1000, None, "thousands"), (4, None, None)],
)
def test_a_factor_near_that_of_two_units_names_them(times, pack, unit):
    en, nl = slip(times, pack)
    assert (unit or "") in en and bool(en) == bool(nl) == (unit is not None)


@pytest.mark.parametrize(("table", "column"), [("stock", "pieces"), ("delivery", "pieces"), ("activity", "units")])
def test_a_number_that_no_sum_can_hold_is_an_error_with_its_key_that_no_reason_silences(table, column):
    (number,) = (one for one in HELD_AGAINST if (one.code, one.table) == ("BIG-01", table))
    tables = plant(country_once.tables(), number, np.random.default_rng(SEED))
    (row,) = checked(tables).filter(pl.col("code") == "BIG-01").to_dicts()
    key, value = row["found"].rsplit(": ", 1)
    assert (row["severity"], row["table"], row["column"]) == ("error", table, column)
    about = {"code": "BIG-01", "table": table, "column": column, "key": key, "value": value, "explanation": "x"}
    assert "BIG-01" in checked(tables | {"warning_reason": rows("warning_reason", about)})["code"]
