import polars as pl
import pytest

from dijk.check import BadInput, check
from dijk.check.codes import CODES, TABLES
from dijk.policy import Policy
from dijk.present.doubts import check_present
from planted_rows import PLANTED
from small import ago, present, registers, rows, world


def found(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    known = world(tables)
    return check(known, Policy.of(tables).known(known.as_of))


def codes(tables: dict[str, pl.DataFrame]) -> set[str]:
    return set(found(tables)["code"])


@pytest.mark.parametrize("code", PLANTED)
def test_a_planted_fault_is_found_and_the_clean_world_has_none(code):
    assert code not in codes(registers())
    assert code in codes(registers() | PLANTED[code])


def test_every_check_between_tables_is_planted():
    elsewhere = {"POLICY-03", "POLICY-05", "MOMENT-03", "MOMENT-04"}  # the last two on reading
    assert {one.code for one in TABLES} - elsewhere == set(PLANTED)
    assert "POLICY-03" in codes(registers())  # rules nobody set yet


def test_one_error_is_one_error_and_two_are_two():
    one, two = found(registers() | PLANTED["REF-01"]), found(registers() | PLANTED["REF-01"] | PLANTED["REF-02"])
    assert str(BadInput(one)).startswith("1 error in the input")
    assert str(BadInput(two)).startswith("2 errors in the input")


@pytest.mark.parametrize(
    ("checked_by", "refused"), [("home-1", True), ("ORG.", True), ("name", True), ("region", False)]
)
def test_a_check_by_the_site_or_its_organisation_under_any_spelling_is_no_check(checked_by, refused):
    seen = {"site": "home-1", "day": ago(1), "checked_by": checked_by, "pieces": 5}
    assert ("CHECK-01" in codes(registers() | {"stock": rows("stock", seen)})) == refused


def test_a_request_without_norm_use_is_named_because_it_gets_nothing():
    asked = rows("request", *({"request": s, "site": s, "day": ago(1), "pieces": 9} for s in ("home-1", "store")))
    found = check_present(present(registers() | {"request": asked}))
    assert found.select("code", "found").rows() == [("REQUEST-03", "store mask")]


def test_beyond_belief_and_doubted_counts_are_named():
    tables = registers() | {
        "request": rows("request", {"request": "huge", "site": "home-1", "day": ago(1), "pieces": 10**10}),
        "stock": rows(
            "stock", {"site": "home-1", "day": ago(4), "pieces": 900}, {"site": "home-1", "day": ago(1), "pieces": 5}
        ),
    }
    rows_found = check_present(present(tables))
    assert dict(rows_found.select("code", "found").iter_rows()) == {
        "REQUEST-01": "huge: 10000000000",
        "STOCK-02": "home-1 mask: 5",
    }


def test_findings_come_worst_first_in_both_languages_and_count_their_rows():
    many = rows("stock", *({"site": f"lost-{i}", "day": ago(1), "pieces": 1} for i in range(8)))
    table = found(registers() | {"stock": many})
    assert table["severity"].to_list() == sorted(table["severity"].to_list(), key=["error", "warning", "note"].index)
    row = table.filter(pl.col("code") == "REF-01").row(0, named=True)
    assert (row["rows"], row["found"]) == (8, "lost-0, lost-1, lost-2, lost-3, lost-4 (+3)")
    assert all(check.en and check.nl and check.en != check.nl for check in CODES.values() if check.en != "{rule}")
