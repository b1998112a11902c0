import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dijk.present.doubts import check_present
from drawn import examples
from small import ago, at, present, registers, rows

TEN_A_DAY = 10  # 5 shifts a day times a norm of 2
LENT = {"delivery": "d1", "site": "home-2", "from_site": "home-1", "day": ago(2), "pieces": 30, "channel": "donated"}


def held(tables: dict[str, pl.DataFrame], site: str = "home-1") -> dict[str, object]:
    return present(tables).position.filter(pl.col("site") == site).row(0, named=True)


def test_a_position_is_the_last_count_plus_receipts_less_norm_use():
    tables = registers() | {
        "stock": rows("stock", {"site": "home-1", "day": ago(4), "pieces": 100}),
        "delivery": rows(
            "delivery",
            {"delivery": "d1", "site": "home-1", "day": ago(2), "pieces": 30, "channel": "own_purchase"},
            {"delivery": "d2", "site": "home-1", "day": ago(5), "pieces": 60},  # before the count, so it is in it
        ),
    }
    row = held(tables)
    assert (row["pieces"], row["counted_pieces"], row["receipts"], row["norm_use"]) == (
        100 + 30 - 4 * TEN_A_DAY,
        100,
        30,
        40.0,
    )
    assert row["least"] == 130 - 4 * 20 and row["most"] == 130 - 4 * 5  # with the high and the low norm
    assert row["reason"] is None


def test_goods_that_a_site_passes_on_leave_it_and_the_nations_pieces_stay():
    counted = rows("stock", *({"site": site, "day": ago(4), "pieces": 100} for site in ("home-1", "home-2")))
    before, after = (
        registers() | {"stock": counted},
        registers() | {"stock": counted, "delivery": rows("delivery", LENT)},
    )
    giver, taker = held(after), held(after, "home-2")
    assert (giver["pieces"], giver["passed_on"], giver["receipts"]) == (100 - 30 - 4 * TEN_A_DAY, 30, 0)
    assert (taker["pieces"], taker["passed_on"], taker["receipts"]) == (100 + 30 - 4 * TEN_A_DAY, 0, 30)
    assert giver["pieces"] + taker["pieces"] == sum(held(before, site)["pieces"] for site in ("home-1", "home-2"))


def test_the_next_count_of_a_lender_is_not_below_the_ledger():
    lent = {
        "delivery": "d1",
        "site": "home-2",
        "from_site": "home-1",
        "day": ago(2),
        "pieces": 50,
        "channel": "donated",
    }
    counts = rows("stock", *({"site": "home-1", "day": ago(n), "pieces": p} for n, p in ((4, 100), (1, 20))))
    assert held(registers() | {"stock": counts})["doubted"]
    assert not held(registers() | {"stock": counts, "delivery": rows("delivery", lent)})["doubted"]


def test_no_row_is_not_asked_a_passed_due_day_is_no_answer_and_a_word_is_kept():
    asked = rows("asked", {"site": "home-2", "topic": "stock", "day": ago(5), "due": ago(2)})
    said = rows("stock", {"site": "home-1", "day": ago(2), "pieces": None, "reason": "refused"})
    assert [held(registers(), s)["reason"] for s in ("home-1", "home-2")] == ["not_asked", "not_asked"]
    assert held(registers() | {"asked": asked}, "home-2")["reason"] == "no_answer"
    assert held(registers() | {"stock": said})["reason"] == "refused"
    assert held(registers() | {"stock": said})["pieces"] is None


def test_a_question_whose_day_has_not_come_is_no_silence():
    asked = rows("asked", {"site": "home-1", "topic": "stock", "day": ago(1), "due": ago(-1)})
    assert held(registers() | {"asked": asked})["reason"] == "not_asked"


def test_a_zero_is_a_count():
    row = held(registers() | {"stock": rows("stock", {"site": "home-1", "day": ago(0), "pieces": 0})})
    assert (row["pieces"], row["reason"]) == (0, None)


def test_an_old_count_keeps_its_ledger_value_and_is_called_stale():
    row = held(registers() | {"stock": rows("stock", {"site": "home-1", "day": ago(8), "pieces": 100})})
    assert (row["pieces"], row["reason"]) == (20, "stale")


def test_norm_use_over_days_is_reckoned_in_whole_millionths():
    """15 days of 8.2 are 123 pieces; as a product of floats they fall a hair short, and a piece less was used."""
    busy = {
        "norm": rows("norm", {"low": 1.0, "mid": 1.0, "high": 1.0}),
        "activity": rows("activity", {"site": "home-1", "day": ago(1), "units": 8.2}),
        "stock": rows("stock", {"site": "home-1", "day": ago(15), "pieces": 200}),
    }
    assert held(registers() | busy)["pieces"] == 200 - 123


def test_a_count_far_below_the_ledger_waits_for_a_second():
    low = ({"site": "home-1", "day": ago(4), "pieces": 1000}, {"site": "home-1", "day": ago(2), "pieces": 100})
    doubted = held(registers() | {"stock": rows("stock", *low)})
    assert doubted["doubted"] and doubted["pieces"] == 80 and doubted["counts_as"] == 1000 - 4 * TEN_A_DAY
    confirmed = held(registers() | {"stock": rows("stock", *low, {"site": "home-1", "day": ago(1), "pieces": 95})})
    assert not confirmed["doubted"] and confirmed["counts_as"] == 95 - TEN_A_DAY


@examples(8, long=40)
@given(st.integers(0, 400), st.integers(0, 6))
def test_silence_never_counts_for_less_stock_than_an_honest_answer_below_the_cap(pieces, days):
    """Who was asked counts as holding at least the N-day cap, so the award after silence is never larger."""
    asked = rows("asked", {"site": "home-1", "topic": "stock", "day": ago(6), "due": ago(3)})
    honest = held(
        registers() | {"asked": asked, "stock": rows("stock", {"site": "home-1", "day": ago(days), "pieces": pieces})}
    )
    silent = held(registers() | {"asked": asked})
    assert min(silent["counts_as"], 10 * TEN_A_DAY) >= min(honest["counts_as"], 10 * TEN_A_DAY)


def test_retracting_a_count_makes_the_position_unknown_and_says_so():
    count = {"site": "home-1", "day": ago(1), "pieces": 5}
    gone = count | {"pieces": None, "reason": "retracted", "known_at": at(ago(0))}
    row = held(registers() | {"stock": rows("stock", count, gone)})
    assert row["pieces"] is None and row["reason"] == "not_asked"


def lots(*given_rows: dict[str, object]) -> pl.DataFrame:
    given_rows = tuple({"site": "store", "day": ago(5)} | row for row in given_rows)
    return present(registers() | {"stock": rows("stock", *given_rows)}).central_stock


def test_a_lot_that_passes_its_check_is_never_there_twice():
    table = lots({"lot": "L1", "status": "quarantine", "pieces": 50}, {"lot": "L1", "day": ago(2), "pieces": 45})
    assert table.select("status", "pieces").rows() == [("approved", 45)]


def test_expired_and_unaccepted_goods_cannot_be_delivered():
    tables = registers() | {
        "product": rows("product", {}, {"product": "kn95"}),
        "acceptance": rows("acceptance", {}, {"product": "kn95", "valid_to": ago(1)}),
        "stock": rows(
            "stock",
            {"site": "store", "day": ago(5), "lot": "old", "pieces": 7, "expires_on": ago(1)},
            {"site": "store", "day": ago(5), "lot": "x", "pieces": 9, "product": "kn95"},
            {"site": "store", "day": ago(5), "lot": "y", "pieces": 11},
        ),
    }
    found = present(tables).central_stock.select("status", "pieces").rows()
    assert sorted(found) == [("approved", 11), ("expired", 7), ("unaccepted", 9)]


quantity = st.integers(0, 10_000)
states = st.sampled_from(["approved", "quarantine", "blocked", "expired"])


@examples(8, long=40)
@given(
    st.lists(
        st.tuples(st.sampled_from("AB"), states, st.integers(0, 5), quantity), max_size=10, unique_by=lambda t: t[:3]
    ),
    quantity,
)
def test_stock_is_conserved_per_lot(counts, sent):
    """What is held is the last count of each lot, less what left its approved part since; nothing appears or is
    lost.
    """
    stock = [{"site": "store", "lot": lot, "status": s, "day": ago(d), "pieces": n} for lot, s, d, n in counts]
    out = rows(
        "delivery", {"delivery": "d", "site": "home-1", "from_site": "store", "lot": "A", "day": ago(0), "pieces": sent}
    )
    table = present(registers() | {"stock": rows("stock", *stock), "delivery": out}).central_stock
    expected = 0
    for lot in "AB":
        of_lot = [c for c in counts if c[0] == lot]
        newest = min((d for _, _, d, _ in of_lot), default=0)
        for _, state, day, pieces in of_lot:
            if day == newest:
                gone = sent if (lot == "A" and state == "approved" and newest > 0) else 0
                expected += max(0, pieces - gone)
    assert table["pieces"].sum() == expected


def test_a_site_without_activity_is_estimated_from_its_size():
    tables = registers(("home-1", "home-2"))
    sized = {"size_unit": "beds", "size_confirmed_by": "register", "sector": "home"}
    tables["site"] = rows("site", {"site": "home-1", "size": 20} | sized, {"site": "home-2", "size": 60} | sized)
    tables["activity"] = tables["activity"].filter(pl.col("site") == "home-1")
    weight = present(tables).norm_use
    assert weight.select("site", "mid", "how").rows() == [("home-1", 10.0, "counted"), ("home-2", 30.0, "estimated")]


def test_the_norm_follows_the_reuse_stage_in_force():
    tables = registers()
    tables["norm"] = pl.concat(
        [tables["norm"], rows("norm", {"low": 0.5, "mid": 1.0, "high": 1.0, "reuse_stage": "crisis"})]
    )
    crisis = rows(
        "policy_rule", {"rule": "reuse_stage", "need": "mask", "sector": "all", "region": "all", "word": "crisis"}
    )
    assert present(tables).norm_use["mid"].to_list() == [10.0, 10.0]
    assert present(tables | {"policy_rule": crisis}).norm_use["mid"].to_list() == [5.0, 5.0]


def test_activity_that_becomes_known_later_changes_nothing():
    late = rows("activity", {"site": "home-1", "day": ago(0), "units": 900.0, "known_at": at(ago(-2))})
    tables = registers()
    assert present(tables | {"activity": pl.concat([tables["activity"], late])}).norm_use.equals(
        present(tables).norm_use
    )


DAYS = 2
"""Since the counts below; ten a day are used."""


def two_lots(*told: dict[str, object]) -> dict[str, pl.DataFrame]:
    """A home that counted a hundred of lot a and fifty of lot b, and what was told since."""
    counted = ({"lot": "a", "pieces": 100}, {"lot": "b", "pieces": 50})
    return registers() | {
        "stock": rows("stock", *({"site": "home-1", "day": ago(DAYS)} | row for row in (*counted, *told)))
    }


@pytest.mark.parametrize("status", ["blocked", "quarantine", "expired"])
def test_a_lot_that_turns_unusable_is_gone_from_usable_stock_and_the_others_stay(status):
    row = held(two_lots({"lot": "b", "day": ago(1), "pieces": 45, "status": status}))
    assert (row["pieces"], row["turned"], row["passed_on"], row["counted_on"]) == (150 - 45 - 20, 45, 0, ago(DAYS))


def test_what_a_site_says_is_unusable_raises_no_award_until_another_saw_it():
    told = {"lot": "b", "day": ago(1), "pieces": 45, "status": "blocked"}
    alone, seen = held(two_lots(told)), held(two_lots(told | {"checked_by": "region"}))
    assert (alone["counts_as"], alone["doubted"]) == (150 - 20, True)
    assert (seen["counts_as"], seen["doubted"]) == (150 - 45 - 20, False)


def test_a_count_of_the_day_tells_all_there_is_beside_what_is_blocked():
    same = ({"lot": "a", "day": ago(1), "pieces": 90}, {"lot": "b", "day": ago(1), "pieces": 45, "status": "blocked"})
    row = held(two_lots(*same))
    assert (row["pieces"], row["turned"], row["counted_pieces"]) == (90 - 10, 0, 90)


@pytest.mark.parametrize("none", [{"status": "expired"}, {"status": "blocked"}, {"expires_on": ago(3)}, {"pieces": 0}])
def test_who_says_that_nothing_is_usable_has_answered_nothing(none):
    asked = {"asked": rows("asked", {"site": "home-1", "topic": "stock", "day": ago(5), "due": ago(2)})}
    told = registers() | asked | {"stock": rows("stock", {"site": "home-1", "day": ago(1), "pieces": 500} | none)}
    row = held(told)
    assert (row["pieces"], row["counted_pieces"], row["reason"]) == (0, 0, None)
    assert row["counts_as"] == 0  # not what a silent site counts as


def test_goods_that_expire_after_their_count_are_gone_and_the_count_stands():
    row = held(
        registers() | {"stock": rows("stock", {"site": "home-1", "day": ago(2), "pieces": 500, "expires_on": ago(1)})}
    )
    assert (row["pieces"], row["reason"]) == (0, None)


def test_a_site_is_silent_from_the_day_after_its_due_day():
    for due, silent in ((ago(0), False), (ago(1), True)):
        asked = {"asked": rows("asked", {"site": "home-1", "topic": "stock", "day": ago(5), "due": due})}
        assert (held(registers() | asked)["counts_as"] > 0) == silent


def test_who_passes_goods_on_is_named():
    counted = rows("stock", *({"site": site, "day": ago(4), "pieces": 100} for site in ("home-1", "home-2")))
    tables = registers() | {"stock": counted}
    found = check_present(present(tables | {"delivery": rows("delivery", LENT)}))
    assert found.filter(pl.col("code") == "DELIVERY-01")["found"].to_list() == ["home-1 mask: 30"]
    assert "DELIVERY-01" not in check_present(present(tables))["code"]
