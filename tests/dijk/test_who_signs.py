"""Who may sign an order: by need, by amount, by day; and nobody where nothing says so."""

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dijk.policy import Policy
from dijk.policy.who_signs import Signers, who_may_sign
from small import AS_OF, ago, rows

TODAY = AS_OF.date()
BUYER = {"capacity": "buyer", "need": "all", "signs_for": "consortium", "most_cents": 100}
DIRECTOR = {"capacity": "director", "need": "all", "signs_for": "consortium", "most_cents": 500}
MINISTRY = {"capacity": "minister", "need": "all", "signs_for": "ministry", "most_cents": None}


def asked(*mandates: dict[str, Any], need: str = "gown", cents: int = 100, day: dt.date = TODAY) -> Signers:
    return who_may_sign(Policy.of({"mandate": rows("mandate", *mandates)}), need=need, cents=cents, day=day)


def who(signers: Signers) -> tuple[list[str], list[str]]:
    return signers.may["capacity"].to_list(), signers.may_not["capacity"].to_list()


def test_without_a_row_nobody_may_sign() -> None:
    found = asked()
    assert who(found) == ([], []) and found.for_whom == []


@pytest.mark.parametrize(
    ("cents", "may", "may_not"),
    [
        (0, ["buyer", "director", "minister"], []),
        (100, ["buyer", "director", "minister"], []),
        (101, ["director", "minister"], ["buyer"]),
        (501, ["minister"], ["director", "buyer"]),
    ],
)
def test_an_order_of_exactly_the_limit_is_within_it_and_the_smallest_mandate_comes_first(
    cents: int, may: list[str], may_not: list[str]
) -> None:
    assert who(asked(MINISTRY, DIRECTOR, BUYER, cents=cents)) == (may, may_not)


def test_the_consortium_signs_up_to_its_limit_and_beyond_it_the_ministry_must() -> None:
    assert asked(MINISTRY, DIRECTOR, cents=500).for_whom == ["consortium", "ministry"]
    assert asked(MINISTRY, DIRECTOR, cents=501).for_whom == ["ministry"]
    assert asked(DIRECTOR, cents=501).for_whom == []


def test_the_row_of_a_need_goes_before_the_row_for_all_also_where_it_is_less() -> None:
    none = DIRECTOR | {"need": "gown", "most_cents": 0}
    assert who(asked(DIRECTOR, none, cents=1)) == ([], ["director"])
    assert who(asked(DIRECTOR, none, cents=1, need="mask")) == (["director"], [])
    assert who(asked(DIRECTOR, none, cents=1, need="all")) == (["director"], [])
    more = BUYER | {"need": "gown", "most_cents": 900}
    assert who(asked(BUYER, more, cents=900)) == (["buyer"], [])


def test_a_mandate_that_ended_yesterday_or_begins_tomorrow_lets_nobody_sign() -> None:
    for days in ({"valid_from": ago(9), "valid_to": ago(1)}, {"valid_from": ago(-1)}):
        assert who(asked(BUYER | days, cents=1)) == ([], [])
    ends_today = BUYER | {"valid_from": ago(9), "valid_to": TODAY}
    assert who(asked(ends_today, cents=1)) == (["buyer"], [])


def test_an_order_of_less_than_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        asked(BUYER, cents=-1)


mandates = st.fixed_dictionaries(
    {
        "capacity": st.sampled_from("abc"),
        "need": st.sampled_from(["all", "gown", "mask"]),
        "signs_for": st.sampled_from(["consortium", "ministry"]),
        "most_cents": st.none() | st.integers(0, 9),
    }
)


@settings(max_examples=60)
@given(st.lists(mandates, max_size=6, unique_by=lambda row: (row["capacity"], row["need"])), st.integers(0, 9))
def test_a_dearer_order_is_signed_by_nobody_who_could_not_sign_a_cheaper_one(
    given_rows: list[dict[str, Any]], cents: int
) -> None:
    cheaper, dearer = (set(asked(*given_rows, cents=amount).may["capacity"]) for amount in (cents, cents + 1))
    assert dearer <= cheaper
    both = asked(*given_rows, cents=cents)
    told = {row["capacity"] for row in given_rows if row["need"] in ("all", "gown")}
    assert pl.concat([both.may, both.may_not])["capacity"].sort().to_list() == sorted(told)
