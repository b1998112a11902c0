"""What earlier runs awarded and has not come: it counts as there for a while, its holder gives it to nobody else, and then
a finding says that it did not come.
"""

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dijk.policy import Policy
from dijk.present.doubts import check_present
from dijk.present.held import held_stock
from dijk.present.promised import awarded, promised, promised_goods
from drawn import examples
from small import AS_OF, ago, at, present, registers, rows, rule, world

Tables = dict[str, pl.DataFrame]


def award(days: int, packs: int) -> dict[str, object]:
    covers = {"cover_before_days": 0.0, "cover_after_days": 1.0, "route": "direct", "changed_packs": 0}
    return {
        "known_at": at(ago(days), 12),
        "site": "home-1",
        "holder": "warehouse",
        "pieces_per_pack": 5,
        "packs": packs,
    } | covers


def country(*awards: dict[str, object], came: list[dict[str, object]] | None = None) -> dict[str, pl.DataFrame]:
    count = rows("stock", {"site": "home-1", "day": ago(1), "pieces": 100})
    lines = [{"delivery": f"d{i}", "site": "home-1", "pieces": 5} | line for i, line in enumerate(came or [])]
    return registers() | {
        "past_award": rows("past_award", *awards),
        "stock": count,
        "delivery": rows("delivery", *lines),
    }


def held(tables: dict[str, pl.DataFrame]) -> tuple[int, int]:
    """What is promised to the first home, and what counts as its stock."""
    row = present(tables).position.filter(pl.col("site") == "home-1").row(0, named=True)
    return row["promised"], row["counts_as"]


def lapsed(tables: dict[str, pl.DataFrame]) -> list[str]:
    return check_present(present(tables)).filter(pl.col("code") == "AWARD-01")["found"].to_list()


def test_what_was_awarded_and_has_not_come_counts_as_there():
    assert held(country()) == (0, 90)
    assert held(country(award(3, 4))) == (20, 110)


def test_what_came_is_promised_no_more_and_the_oldest_award_is_met_first():
    came = [{"day": ago(2), "pieces": 15}]
    assert held(country(award(3, 4), came=came))[0] == 5
    assert held(country(award(6, 2), award(3, 4), came=came))[0] == 15


def test_goods_that_a_site_bought_or_was_given_answer_no_award():
    for channel in ("own_purchase", "donated"):
        assert held(country(award(3, 4), came=[{"day": ago(2), "pieces": 15, "channel": channel}]))[0] == 20


def test_after_its_term_a_promise_lapses_and_is_named_until_as_long_again():
    assert held(country(award(7, 4)))[0] == 20 and lapsed(country(award(7, 4))) == []
    assert held(country(award(8, 4)))[0] == 0
    assert lapsed(country(award(8, 4))) == [f"{ago(8)} home-1 mask: 20"]
    assert lapsed(country(award(15, 4))) == []
    assert held(country(award(8, 4)) | {"policy_rule": rule("promised_days", 10)})[0] == 20
    assert lapsed(country(award(8, 4), came=[{"day": ago(5), "pieces": 20}])) == []


def test_an_award_of_this_moment_or_later_is_no_promise_yet():
    now = award(0, 4) | {"known_at": AS_OF}
    assert held(country(now))[0] == held(country(now | {"known_at": AS_OF + dt.timedelta(hours=1)}))[0] == 0


def back(days: int, packs: int) -> dict[str, object]:
    return award(days, -packs) | {"cover_before_days": None, "cover_after_days": None}


def test_what_is_taken_back_is_promised_no_more_and_the_newest_award_before_it_goes_first():
    assert held(country(award(3, 4), back(2, 1)))[0] == 15
    assert held(country(award(3, 4), back(2, 4)))[0] == 0
    assert held(country(award(6, 2), award(3, 4), back(2, 5)))[0] == 5
    assert held(country(back(4, 4), award(3, 4)))[0] == 20, "it takes nothing of what is awarded later"
    assert held(country(award(3, 4), back(2, 4) | {"holder": "regional_hub"}))[0] == 20, "nor of other goods"
    assert lapsed(country(award(8, 4), back(7, 3))) == [f"{ago(8)} home-1 mask: 5"]


@given(st.lists(st.integers(-6, 6), min_size=1, max_size=8))
def test_taking_back_is_what_a_pile_of_awards_says(packs: list[int]):
    """A plain pile: each award lies on top, and what is taken back comes off the top."""
    pile: list[list[int]] = []
    for day, of_day in enumerate(packs):
        if of_day >= 0:
            pile.append([day, of_day])
        for one in reversed(pile if of_day < 0 else []):
            taken = min(one[1], -of_day)
            one[1] -= taken
            of_day += taken
    told = rows("past_award", *(award(9 - day, each) for day, each in enumerate(packs)))
    found = awarded(world({"past_award": told}), 20)
    left = {9 - age: pieces // 5 for age, pieces in found.select("age", "pieces").rows() if pieces}
    assert left == {day: each for day, each in pile if each}


def holders(
    *lots: dict[str, object], awards: list[dict[str, object]], came: list[dict[str, object]] | None = None
) -> Tables:
    """Two homes in the north, a warehouse, two hubs in the north and one in the south, and articles a and b for masks."""
    tables = country(*awards, came=came)
    places = (("hub-north", "north"), ("hub-second", "north"), ("hub-south", "south"))
    hubs = ({"site": site, "kind": "regional_hub", "sector": None, "region": region} for site, region in places)
    return tables | {
        "site": pl.concat([tables["site"], rows("site", *hubs)]),
        "product": rows("product", {"pieces_per_pack": 5}, {"product": "mask-b", "pieces_per_pack": 5}),
        "acceptance": rows("acceptance", {}, {"product": "mask-b", "preference": 2}),
        "stock": rows("stock", *({"site": "store", "day": ago(9), "pieces": 50} | lot for lot in lots)),
    }


def lots(tables: Tables) -> list[tuple[str, str, str, int]]:
    """What is held: place, lot, status, pieces."""
    known = world(tables)
    held = held_stock(known, Policy.of(tables).known(AS_OF))
    return sorted(held.select("site", "lot", "status", "pieces").rows())


def by_status(tables: Tables, *, site: str = "store") -> dict[str, int]:
    found: dict[str, int] = {}
    for place, _, status, pieces in lots(tables):
        if place == site:
            found[status] = found.get(status, 0) + pieces
    return found


def test_what_is_promised_is_taken_from_the_lots_that_go_out_first() -> None:
    told = ({"lot": "c", "expires_on": ago(-30)}, {"lot": "b"}, {"lot": "a"}, {"lot": "d", "expires_on": ago(-9)})
    assert lots(holders(*told, awards=[award(3, 26)])) == [
        ("store", "a", "approved", 20),
        ("store", "a", "promised", 30),
        ("store", "b", "approved", 50),
        ("store", "c", "promised", 50),
        ("store", "d", "promised", 50),
    ]


def test_of_lots_that_end_alike_the_first_place_goes_first() -> None:
    told = ({"site": "hub-second", "lot": "a"}, {"site": "hub-north", "lot": "z"}, {"site": "hub-north", "lot": "y"})
    held = lots(holders(*told, awards=[award(3, 11) | {"holder": "regional_hub"}]))
    assert [row for row in held if row[2] == "promised"] == [
        ("hub-north", "y", "promised", 50),
        ("hub-north", "z", "promised", 5),
    ]


def test_the_promise_of_a_hub_leaves_the_warehouse_and_other_hubs_alone() -> None:
    places = ("store", "hub-north", "hub-south")
    tables = holders(*({"site": site} for site in places), awards=[award(3, 4) | {"holder": "regional_hub"}])
    assert [by_status(tables, site=site) for site in places] == [
        {"approved": 50},
        {"approved": 30, "promised": 20},
        {"approved": 50},
    ]
    tables = holders(*({"site": site} for site in places), awards=[award(3, 4)])
    assert [by_status(tables, site=site).get("promised", 0) for site in places] == [20, 0, 0]


def test_only_approved_goods_of_that_article_are_promised_and_never_more_than_there_are() -> None:
    told = ({"pieces": 10}, {"lot": "q", "status": "quarantine"}, {"lot": "b", "product": "mask-b"})
    assert lots(holders(*told, awards=[award(3, 4)])) == [
        ("store", "-", "promised", 10),
        ("store", "b", "approved", 50),
        ("store", "q", "quarantine", 50),
    ]


def test_a_promise_lapses_for_who_holds_it_when_it_does_for_the_site() -> None:
    for days, longest, there in ((7, 7, 20), (8, 7, 0), (8, 10, 20)):
        tables = holders({}, awards=[award(days, 4)]) | {"policy_rule": rule("promised_days", longest)}
        assert held(tables)[0] == by_status(tables).get("promised", 0) == there


def test_what_came_is_no_longer_promised_and_left_its_lot() -> None:
    came = [{"day": ago(1), "pieces": 20, "from_site": "store"}]
    assert by_status(holders({}, awards=[award(3, 4)], came=came)) == {"approved": 30}
    assert by_status(holders({}, awards=[award(3, 6)], came=came)) == {"approved": 20, "promised": 10}


def test_a_count_after_goods_left_and_before_they_came_is_lowered_until_the_next() -> None:
    """Twenty of fifty left, and the warehouse counted what it still had."""
    left = {"day": ago(2), "pieces": 30}
    assert by_status(holders({}, left, awards=[award(3, 4)])) == {"approved": 10, "promised": 20}
    came = [{"day": ago(1), "pieces": 20, "from_site": "store"}]
    assert by_status(holders({}, left, awards=[award(3, 4)], came=came)) == {"approved": 10}
    assert by_status(holders({}, left, left | {"day": ago(0)}, awards=[award(3, 4)], came=came)) == {"approved": 30}


A, B, HUB = {"product": "mask-a"}, {"product": "mask-b"}, {"holder": "regional_hub"}


@pytest.mark.parametrize(
    ("came", "open_at"),
    [
        (A, {"mask-b": 20, "hub": 20}),  # of the store by its channel
        (B, {"mask-a": 20, "hub": 20}),
        (A | {"channel": "region"}, {"mask-a": 20, "mask-b": 20}),
        (A | {"from_site": "hub-north"}, {"mask-a": 20, "mask-b": 20}),
        (B | {"channel": "region"}, {"mask-b": 20, "hub": 20}),  # no such award: the oldest, by article
        (A | {"pieces": 30}, {"mask-b": 10, "hub": 20}),
    ],
)
def test_what_came_answers_first_what_was_awarded_of_that_article_and_holder(
    came: dict[str, object], open_at: dict[str, int]
) -> None:
    awards = [award(3, 4) | A, award(3, 4) | B, award(2, 4) | A | HUB]
    tables = holders(awards=awards, came=[{"day": ago(1), "pieces": 20} | came])
    table = promised_goods(world(tables), Policy.of(tables).known(AS_OF))
    at_hub = pl.when(pl.col("holder") == "regional_hub").then(pl.lit("hub")).otherwise("product")
    assert dict(table.select(at_hub, "promised").iter_rows()) == open_at


def test_what_lapsed_is_promised_by_nobody_whatever_article_came() -> None:
    """As for the site, what came of article b is reckoned to the oldest award, and the two younger ones are open."""
    awards = [award(9, 4) | A, award(3, 4) | B, award(3, 4) | HUB]
    tables = holders(awards=awards, came=[{"day": ago(1), "pieces": 20} | B])
    table = promised_goods(world(tables), Policy.of(tables).known(AS_OF))
    assert sorted(table.select("product", "holder", "promised").rows()) == [
        ("mask-a", "regional_hub", 20),
        ("mask-b", "warehouse", 20),
    ]
    assert held(tables)[0] == 40


place = pl.concat_str("site", "product", separator=" ")
owes = pl.concat_str(
    pl.format("{} {}", "holder", "region").replace_strict(
        {"warehouse all": "store", "regional_hub north": "hub-north", "regional_hub south": "hub-south"}
    ),
    "product",
    separator=" ",
)
goods = st.fixed_dictionaries(
    {"site": st.sampled_from(("home-1", "home-2")), "product": st.sampled_from(("mask-a", "mask-b"))}
)
awarded_then = st.tuples(goods, st.integers(1, 16), st.integers(0, 9), st.sampled_from(("warehouse", "regional_hub")))
came_then = st.tuples(
    goods,
    st.integers(0, 16),
    st.integers(0, 60),
    st.sampled_from(("consortium", "region", "own_purchase")),
    st.sampled_from((None, "store", "hub-north", "hub-south")),
)


@pytest.mark.slow
@examples(8, long=100)
@given(
    st.lists(awarded_then, max_size=6, unique_by=lambda a: (a[0]["site"], a[0]["product"], a[1], a[3])),
    st.lists(came_then, max_size=5),
    st.lists(st.integers(0, 60), min_size=6, max_size=6),
)
def test_holders_promise_just_what_sites_are_promised_and_no_piece_is_lost(awards, came, pieces):
    """Per site and need it is the same sum, whatever came; with and without the awards a holder has the same goods."""
    told = [award(days, packs) | what | {"holder": holder} for what, days, packs, holder in awards]
    lines = [
        what | {"day": ago(days), "pieces": n, "channel": channel, "from_site": place}
        for what, days, n, channel, place in came
    ]
    places = ((s, p) for s in ("store", "hub-north", "hub-south") for p in ("mask-a", "mask-b"))
    stock = [{"site": s, "product": p, "lot": p, "pieces": n} for (s, p), n in zip(places, pieces, strict=True)]
    tables = holders(*stock, awards=told, came=lines)
    known, policy = world(tables), Policy.of(tables).known(AS_OF)
    by_holder = promised_goods(known, policy)
    by_cell = by_holder.group_by("site", "need").agg(pl.col("promised").sum()).sort("site", "need")
    assert by_cell.equals(promised(known, policy).select(by_cell.columns))
    before = held_stock(replace(known, past_award=rows("past_award")), policy)
    there, held_then = dict(before.select(place, "pieces").iter_rows()), held_stock(known, policy)
    whole = held_then.group_by(place).agg(pl.col("pieces").sum())
    assert dict(whole.iter_rows()) == there
    owed = dict(by_holder.group_by(owes).agg(pl.col("promised").sum()).iter_rows())
    apart = dict(held_then.filter(pl.col("status") == "promised").select(place, "pieces").iter_rows())
    assert apart == {where: min(n, owed[where]) for where, n in there.items() if where in owed}
