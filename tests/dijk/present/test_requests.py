import polars as pl

from dijk.present.requests import open_requests
from small import ago, present, registers, rows, rule


def ask(*given: dict[str, object]) -> dict[str, pl.DataFrame]:
    given = tuple({"request": f"r{i}", "site": "home-1", "day": ago(1)} | row for i, row in enumerate(given))
    return registers() | {"request": rows("request", *given)}


def counts(tables: dict[str, pl.DataFrame]) -> list[int]:
    return present(tables).request["pieces"].to_list()


def still_open(tables: dict[str, pl.DataFrame]) -> list[int]:
    return open_requests(present(tables))["pieces"].to_list()


def test_a_request_counts_for_what_was_asked():
    assert counts(ask({"pieces": 120})) == [120]


def test_a_double_within_days_counts_once_and_a_later_one_is_a_new_wish():
    assert counts(ask({"pieces": 50, "day": ago(9)}, {"pieces": 50, "day": ago(6)}, {"pieces": 50, "day": ago(0)})) == [
        50,
        0,
        50,
    ]


def test_a_request_that_says_which_it_repeats_counts_once_whatever_its_quantity():
    assert counts(ask({"pieces": 50, "day": ago(20)}, {"pieces": 80, "repeats": "r0"})) == [50, 0]


def test_a_quantity_beyond_belief_counts_as_the_cap():
    assert counts(ask({"pieces": 10**10})) == [100]  # 10 days of 10 a day


def test_what_a_call_confirmed_stands_over_what_was_asked():
    assert counts(ask({"pieces": 10**10, "checked_pieces": 300})) == [300]


def test_the_bound_of_belief_is_policy():
    assert counts(ask({"pieces": 150})) == [150]
    assert counts(ask({"pieces": 150}) | {"policy_rule": rule("absurd_times_norm", 1)}) == [100]


def test_deliveries_on_a_request_are_taken_off_and_old_requests_lapse():
    tables = ask({"pieces": 60}, {"pieces": 70, "day": ago(15)})
    sent = rows("delivery", {"delivery": "d", "site": "home-1", "day": ago(0), "pieces": 25, "request": "r0"})
    assert still_open(tables) == [60]
    assert still_open(tables | {"delivery": sent}) == [35]


def test_nothing_is_open_for_a_need_that_is_not_listed():
    proposed = rows("scope", {"state": "approved"})
    assert still_open(ask({"pieces": 60}) | {"scope": proposed}) == []
    assert counts(ask({"pieces": 60}) | {"scope": proposed}) == [60]  # yet it is kept, for the review list
