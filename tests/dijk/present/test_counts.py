"""What a site tells of its own stock brings it no award that its ledger does not bear out."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dijk.allocate import allocate
from drawn import examples
from small import ago, at, present, registers, rows, rule

A_DAY = 10
"""Pieces a site uses: 5 shifts a day times a norm of 2, as the norm says."""

FEW = examples(4, long=8)
Row = dict[str, Any]


def site(counts: list[Row], receipts: list[Row] = [], **more: pl.DataFrame) -> dict[str, pl.DataFrame]:  # noqa: B006
    """Two homes that ask for all they may have, one of which counts; less in the warehouse than they may have; packs of
    5.
    """
    homes = ("home-1", "home-2")
    store = {"site": "store", "day": ago(1), "pieces": 150}
    given_rows: dict[str, pl.DataFrame] = {
        "product": rows("product", {"pieces_per_pack": 5}, {"product": "mask-b", "pieces_per_pack": 5}),
        "acceptance": rows("acceptance", {}, {"product": "mask-b", "preference": 2}),
        "request": rows("request", *({"request": s, "site": s, "day": ago(2), "pieces": 100} for s in homes)),
        "asked": rows("asked", {"site": "home-1", "topic": "stock", "day": ago(6), "due": ago(3)}),
        "stock": rows("stock", store, *({"site": "home-1"} | count for count in counts)),
        "delivery": rows(
            "delivery", *({"delivery": f"d{i}", "site": "home-1"} | row for i, row in enumerate(receipts))
        ),
    }
    return registers(homes) | given_rows | more


def position(tables: dict[str, pl.DataFrame]) -> dict[str, Any]:
    return present(tables).position.filter(pl.col("site") == "home-1").row(0, named=True)


def award(tables: dict[str, pl.DataFrame]) -> int:
    """Pieces that the home which counts is given."""
    regime = pl.DataFrame({"need": ["mask"], "effective": ["scarce"]})
    own = allocate(present(tables), regime, seed=1).award.filter(pl.col("site") == "home-1")
    return int((own["packs"] * own["pieces_per_pack"]).sum())


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Row], list[Row]]:
    """True counts and receipts of a home that uses what the norm says, of two articles; it counted its old stock
    twice.
    """
    there = {"mask-a": draw(st.integers(0, 150)), "mask-b": draw(st.integers(0, 150))}
    came = draw(st.dictionaries(st.integers(1, 19), st.integers(40, 120), min_size=2, max_size=5))
    count_on = (
        draw(st.sets(st.integers(4, 19), max_size=3))
        | {21, 20}
        | draw(st.sets(st.integers(0, 3), min_size=1, max_size=2))
    )
    counts, receipts = [], []
    for back in range(21, -1, -1):
        if back in came:
            there["mask-a"] += came[back]
            receipts.append({"day": ago(back), "pieces": came[back]})
        if back in count_on:
            counts += [{"day": ago(back), "product": product, "pieces": pieces} for product, pieces in there.items()]
        taken = min(there["mask-a"], A_DAY)  # the first article is used up before the second is begun
        there = {"mask-a": there["mask-a"] - taken, "mask-b": max(0, there["mask-b"] - (A_DAY - taken))}
    return counts, receipts


def days_of(counts: list[Row]) -> list[Any]:
    return sorted({count["day"] for count in counts})


@pytest.mark.slow
@FEW
@given(histories(), st.data())
def test_lowering_one_count_raises_no_award(history: tuple[list[Row], list[Row]], data: st.DataObject) -> None:
    counts, receipts = history
    day, share = data.draw(st.sampled_from(days_of(counts))), data.draw(st.sampled_from([0.0, 0.5, 0.7, 0.9]))
    lowered = [c | {"pieces": int(c["pieces"] * share)} if c["day"] == day else c for c in counts]
    assert award(site(lowered, receipts)) <= award(site(counts, receipts))


@pytest.mark.slow
@FEW
@given(histories(), st.data())
def test_not_counting_or_counting_late_raises_no_award(
    history: tuple[list[Row], list[Row]], data: st.DataObject
) -> None:
    counts, receipts = history
    honest = award(site(counts, receipts))
    some = data.draw(st.sets(st.sampled_from(days_of(counts)), min_size=1))
    assert award(site([c for c in counts if c["day"] not in some], receipts)) <= honest
    late = [c | {"known_at": at(ago(-1))} if c["day"] in some else c for c in counts]
    assert award(site(late, receipts)) <= honest
    assert award(site([], receipts)) == 0


@pytest.mark.slow
@FEW
@given(histories(), st.data())
def test_taking_a_count_back_or_correcting_it_downward_raises_no_award(
    history: tuple[list[Row], list[Row]], data: st.DataObject
) -> None:
    counts, receipts = history
    day = data.draw(st.sampled_from(days_of(counts)))
    now = {"known_at": at(ago(0), hour=9)}
    taken_back = [c | now | {"pieces": None, "reason": "retracted"} for c in counts if c["day"] == day]
    corrected = [c | now | {"pieces": c["pieces"] // 3} for c in counts if c["day"] == day]
    honest = award(site(counts, receipts))
    assert award(site(counts + taken_back, receipts)) <= honest
    assert award(site(counts + corrected, receipts)) <= honest


@pytest.mark.slow
@FEW
@given(histories(), st.data())
def test_leaving_an_article_out_of_a_count_raises_no_award(
    history: tuple[list[Row], list[Row]], data: st.DataObject
) -> None:
    counts, receipts = history
    day, product = data.draw(st.sampled_from(days_of(counts))), data.draw(st.sampled_from(["mask-a", "mask-b"]))
    partial = [c for c in counts if (c["day"], c["product"]) != (day, product)]
    assert award(site(partial, receipts)) <= award(site(counts, receipts))


@pytest.mark.slow
@FEW
@given(histories(), st.integers(0, 300))
def test_two_low_counts_sent_on_one_day_confirm_each_other_as_little_as_one(
    history: tuple[list[Row], list[Row]], pieces: int
) -> None:
    counts, receipts = history
    sent = [
        {"day": ago(back), "product": p, "pieces": pieces, "known_at": at(ago(0), hour=8)}
        for back in (2, 1)
        for p in ("mask-a", "mask-b")
    ]
    before = [c for c in counts if c["day"] < ago(2)]
    unsaid = position(site(before, receipts, asked=rows("asked")))["counts_as"]
    assert position(site(before + sent, receipts))["counts_as"] >= unsaid


@pytest.mark.slow
@FEW
@given(histories(), st.integers(0, 400), st.booleans())
def test_a_count_never_makes_less_of_what_is_there_than_no_count_would(
    history: tuple[list[Row], list[Row]], pieces: int, whole: bool
) -> None:
    """Also where a site uses less than the norm, so that its true counts lie above the ledger."""
    counts, receipts = history
    before = [c for c in counts if c["day"] < ago(1)]
    raised = [c | {"pieces": c["pieces"] + 40 * place} for place, c in enumerate(before)]
    new = [{"day": ago(0), "product": p, "pieces": pieces} for p in (("mask-a", "mask-b") if whole else ("mask-a",))]
    unsaid = position(site(raised, receipts, asked=rows("asked")))
    if not unsaid["doubted"]:
        assert position(site(raised + new, receipts))["counts_as"] >= unsaid["counts_as"]


def test_a_first_count_below_what_came_in_less_norm_use_is_doubted() -> None:
    row = position(site([{"day": ago(0), "pieces": 20}], [{"day": ago(5), "pieces": 200}]))
    assert (row["pieces"], row["doubted"], row["counts_as"]) == (20, True, 200 - 5 * A_DAY)


def test_a_second_count_of_another_day_told_on_another_day_confirms() -> None:
    low = [{"day": ago(8), "pieces": 500}, {"day": ago(2), "pieces": 30}, {"day": ago(0), "pieces": 20}]
    assert position(site(low[:2]))["counts_as"] == 500 - 8 * A_DAY
    assert position(site(low))["counts_as"] == 20
    at_once = [count | {"known_at": at(ago(0))} for count in low[1:]]
    assert position(site(low[:1] + at_once))["counts_as"] == 500 - 8 * A_DAY


def test_a_count_that_was_taken_back_or_lowered_still_counts_until_two_others_stand() -> None:
    told, now = {"day": ago(8), "pieces": 500}, {"known_at": at(ago(0), hour=9)}
    gone, less = told | now | {"pieces": None, "reason": "retracted"}, told | now | {"pieces": 90}
    unasked = {"asked": rows("asked")}
    for taken_back in (gone, less):
        assert position(site([told, taken_back], **unasked))["counts_as"] == 500 - 8 * A_DAY
        assert (
            position(site([told, taken_back, {"day": ago(2), "pieces": 30}], **unasked))["counts_as"] == 500 - 8 * A_DAY
        )
        twice = [{"day": ago(2), "pieces": 30}, {"day": ago(1), "pieces": 20}]
        assert position(site([told, taken_back, *twice], **unasked))["counts_as"] == 10


def test_a_count_that_another_than_the_site_checked_holds_at_once() -> None:
    low = [{"day": ago(8), "pieces": 500}, {"day": ago(2), "pieces": 30, "checked_by": "region north"}]
    row = position(site(low))
    assert (row["pieces"], row["doubted"], row["counts_as"]) == (10, False, 10)


def test_an_article_left_out_keeps_its_ledger_and_is_no_fall_of_the_whole() -> None:
    both = [{"day": ago(8), "pieces": 40}, {"day": ago(8), "product": "mask-b", "pieces": 300}]
    row = position(site([*both, {"day": ago(2), "pieces": 30}]))
    assert (row["counted_pieces"], row["counted_on"]) == (30 + 300 - 6 * A_DAY, ago(2))
    again = position(site([*both, {"day": ago(2), "pieces": 30}, {"day": ago(1), "pieces": 20}]))
    assert again["counts_as"] >= 340 - 8 * A_DAY
    none_left = position(
        site([*both, {"day": ago(2), "pieces": 30}, {"day": ago(2), "product": "mask-b", "pieces": 0}])
    )
    assert (none_left["counted_pieces"], none_left["doubted"]) == (30, True)


def test_goods_that_came_after_a_site_ran_out_are_all_there() -> None:
    row = position(site([{"day": ago(19), "pieces": 50}], [{"day": ago(1), "pieces": 100}]))
    assert (row["pieces"], row["least"], row["most"]) == (100 - A_DAY, 100 - 20, 100 - 5)
    assert (row["doubted"], row["counts_as"]) == (False, 100)  # asked and silent since, so the cap of ten days


def test_a_fall_within_the_margin_that_people_set_is_believed() -> None:
    counts = [{"day": ago(4), "pieces": 100}, {"day": ago(1), "pieces": 60}]
    assert position(site(counts))["counts_as"] == 100 - 4 * A_DAY
    assert position(site(counts, policy_rule=rule("count_margin", 1.5)))["counts_as"] == 60 - A_DAY
