import datetime as dt

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dijk.known import as_known, exact_sum, in_force
from dijk.tables import ON_DISK
from small import AS_OF, ago, at, rows

stock, scope = ON_DISK["stock"], ON_DISK["scope"]

moments = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2020, 12, 31)).map(
    lambda t: t.replace(microsecond=0, tzinfo=dt.UTC)
)
told = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 9), moments), max_size=12, unique_by=lambda t: (t[0], t[2])
)


def test_the_latest_known_row_of_a_key_counts():
    table = rows(
        "stock",
        {"site": "a", "day": ago(3), "pieces": 10, "known_at": at(ago(3))},
        {"site": "a", "day": ago(3), "pieces": 12, "known_at": at(ago(2))},
        {"site": "a", "day": ago(3), "pieces": 99, "known_at": at(ago(-1))},
    )
    assert as_known(table, stock, AS_OF)["pieces"].to_list() == [12]


def test_a_retraction_takes_the_fact_away_and_a_later_row_brings_it_back():
    table = rows(
        "stock",
        {"site": "a", "day": ago(3), "pieces": 10, "known_at": at(ago(3))},
        {"site": "a", "day": ago(3), "pieces": None, "reason": "retracted", "known_at": at(ago(2))},
        {"site": "a", "day": ago(3), "pieces": 11, "known_at": at(ago(1))},
    )
    assert as_known(table, stock, at(ago(2), 1)).height == 0
    assert as_known(table, stock, AS_OF)["pieces"].to_list() == [11]


@given(told, moments, st.randoms())
def test_what_becomes_known_later_changes_nothing_and_order_never_shows(facts, as_of, chance):
    given_rows = [{"site": s, "day": ago(0), "pieces": n, "known_at": t} for s, n, t in facts]
    shuffled = chance.sample(given_rows, len(given_rows))
    before = [row for row in given_rows if row["known_at"] <= as_of]
    assert as_known(rows("stock", *shuffled), stock, as_of).equals(as_known(rows("stock", *before), stock, as_of))


def test_a_judgement_holds_from_its_first_to_its_last_day():
    table = rows(
        "scope",
        {"valid_from": ago(9), "valid_to": ago(5), "state": "proposed"},
        {"valid_from": ago(7), "state": "listed"},
    )
    states = [in_force(table, scope, ago(d))["state"].to_list() for d in (10, 9, 7, 0)]
    assert states == [[], ["proposed"], ["listed"], ["listed"]]


@given(st.lists(st.floats(0, 1e6), max_size=30), st.randoms())
def test_an_exact_sum_does_not_depend_on_order(values, chance):
    shuffled = chance.sample(values, len(values))
    sums = [pl.DataFrame({"v": v}, schema={"v": pl.Float64}).select(exact_sum("v")).item() for v in (values, shuffled)]
    assert sums[0] == sums[1]
