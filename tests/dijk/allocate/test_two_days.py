"""What is on its way counts once: two plans on two days, and nothing has left or come between them."""

import datetime as dt
from unittest import mock

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dijk.allocate import Division, allocate
from dijk.allocate.claims import supply
from dijk.policy import Policy
from dijk.present import held
from drawn import examples
from small import AS_OF, ago, present, registers, rows, rule, world

Tables = dict[str, pl.DataFrame]
SITES = ("home-1", "home-2", "home-3")  # the third is in the south
NEEDS = ("mask", "gown")
PRODUCTS = {"mask-a": 5, "gown-a": 4, "either": 3}
HELD = tuple((site, product) for site in ("store", "hub") for product in PRODUCTS)
NEXT = AS_OF + dt.timedelta(days=1)


def country(*, there: dict[tuple[str, str], int], asked: tuple[int, ...], **more: pl.DataFrame) -> Tables:
    """Three homes that use 10 masks and 10 gowns a day, two in the north, with a hub there; an article of its own for
    each need, and one that serves both.
    """
    made = registers(SITES)
    south = pl.when(pl.col("site") == "home-3").then(pl.lit("south")).otherwise("region")
    hub = rows("site", {"site": "hub", "kind": "regional_hub", "sector": None})
    wishes = zip(((s, n) for s in SITES for n in NEEDS), asked, strict=True)
    accepted = [("mask-a", "mask", 1), ("gown-a", "gown", 1), ("either", "mask", 2), ("either", "gown", 3)]
    stock = ({"site": s, "product": p, "lot": p, "day": ago(2), "pieces": n} for (s, p), n in there.items())
    return (
        made
        | {
            "site": pl.concat([made["site"].with_columns(region=south), hub]),
            "need": rows("need", *({"need": need} for need in NEEDS)),
            "scope": rows("scope", *({"need": need} for need in NEEDS)),
            "norm": rows("norm", *({"need": need, "low": 1.0, "mid": 2.0, "high": 4.0} for need in NEEDS)),
            "product": rows("product", *({"product": p, "pieces_per_pack": n} for p, n in PRODUCTS.items())),
            "acceptance": rows("acceptance", *({"product": p, "need": n, "preference": i} for p, n, i in accepted)),
            "stock": rows("stock", *stock),
            "request": rows(
                "request",
                *(
                    {"request": f"{s}-{need}", "site": s, "need": need, "day": ago(2), "pieces": n}
                    for (s, need), n in wishes
                    if n
                ),
            ),
        }
        | more
    )


def divided(tables: Tables, as_of: dt.datetime = AS_OF) -> Division:
    routes = pl.DataFrame({"need": NEEDS, "effective": "scarce"})
    return allocate(present(tables, as_of), routes, seed=1)


def on_the_next_day(tables: Tables, first: Division, **more: pl.DataFrame) -> Tables:
    """What is known the day after a division was published."""
    return tables | {"past_award": first.award.with_columns(known_at=pl.lit(AS_OF))} | more


def pieces(*divisions: Division) -> dict[tuple[str, str], int]:
    """Pieces that were awarded together, by holder and article."""
    award = pl.concat([division.award for division in divisions])
    rows = award.group_by(pl.col("holder").cast(pl.String), "product").agg(
        pieces=(pl.col("packs") * pl.col("pieces_per_pack")).sum()
    )
    return {(holder, product): n for holder, product, n in rows.iter_rows() if n}


def at_holders(tables: Tables, as_of: dt.datetime, *statuses: str) -> dict[tuple[str, str], int]:
    rows = held.central_stock(world(tables, as_of), Policy.of(tables).known(as_of))
    rows = (
        rows.filter(pl.col("status").is_in(statuses))
        .group_by(pl.col("holder").cast(pl.String), "product")
        .agg(pl.col("pieces").sum())
    )
    return {(holder, product): n for holder, product, n in rows.iter_rows()}


PLENTY = dict.fromkeys(HELD, 0) | {("store", "mask-a"): 300, ("hub", "mask-a"): 30}
TWO_ASK = (100, 0, 0, 0, 100, 0)
MORE_ASK = rows(
    "request",
    *({"request": s, "site": s, "day": ago(2), "pieces": 100} for s in SITES),
)
SHORT = dict.fromkeys(HELD, 0) | {("store", "mask-a"): 60, ("hub", "mask-a"): 20}


def test_what_was_awarded_and_has_not_left_is_not_awarded_again() -> None:
    tables = country(there=SHORT, asked=(100, 0, 100, 0, 100, 0))
    first = divided(tables)
    assert pieces(first) == {("warehouse", "mask-a"): 60, ("regional_hub", "mask-a"): 20}
    assert pieces(divided(on_the_next_day(tables, first), NEXT)) == {}


def test_the_next_plan_divides_what_is_left_and_whoever_asks_then_gets_no_piece_of_anothers() -> None:
    tables = country(there=PLENTY, asked=TWO_ASK)
    first = divided(tables)
    later = on_the_next_day(tables, first, request=MORE_ASK)
    second = divided(later, NEXT)
    assert pieces(first) == {("regional_hub", "mask-a"): 30, ("warehouse", "mask-a"): 170}
    assert pieces(second) == {("warehouse", "mask-a"): 100}  # what home-2 may have for ten days
    assert set(second.award.filter(pl.col("packs") > 0)["site"]) == {"home-2"}


def test_a_holder_that_did_not_know_of_the_promise_would_award_the_same_packs_twice() -> None:
    tables = country(there=PLENTY, asked=TWO_ASK)
    first = divided(tables)
    later = on_the_next_day(tables, first, request=MORE_ASK)
    with mock.patch.object(held, "_promised_apart", lambda lots, goods: lots):
        assert pieces(first, divided(later, NEXT))["regional_hub", "mask-a"] > 30


def test_with_all_delivered_the_supply_is_the_count_less_what_was_delivered() -> None:
    tables = country(there=PLENTY, asked=TWO_ASK)
    first = divided(tables)
    sent = [
        {
            "delivery": f"d{i}",
            "site": row["site"],
            "product": row["product"],
            "lot": row["product"],
            "day": NEXT.date(),
            "pieces": row["packs"] * row["pieces_per_pack"],
            "from_site": "hub" if row["holder"] == "regional_hub" else "store",
            "channel": "region" if row["holder"] == "regional_hub" else "consortium",
        }
        for i, row in enumerate(first.award.iter_rows(named=True))
    ]
    later = on_the_next_day(tables, first, delivery=rows("delivery", *sent))
    assert at_holders(later, NEXT, "promised") == {}
    assert at_holders(later, NEXT, "approved") == {("warehouse", "mask-a"): 300 - 170}
    assert supply(present(later, NEXT))["packs"].to_list() == [(300 - 170) // 5]
    assert present(later, NEXT).position["promised"].sum() == 0


def test_what_was_not_delivered_in_its_term_can_be_awarded_again() -> None:
    tables = country(there=SHORT, asked=(100, 0, 100, 0, 100, 0)) | {"policy_rule": rule("promised_days", 1)}
    later = on_the_next_day(tables, divided(tables))
    assert at_holders(later, NEXT, "approved") == {}
    after = at_holders(later, AS_OF + dt.timedelta(days=2), "approved")
    assert after == {("warehouse", "mask-a"): 60, ("regional_hub", "mask-a"): 20}


amounts = st.sampled_from((0, 0, 4, 15, 40, 120, 500))


@pytest.mark.slow
@examples(4, long=60)
@given(
    st.lists(amounts, min_size=6, max_size=6),
    st.lists(amounts, min_size=6, max_size=6),
    st.lists(amounts, min_size=6, max_size=6),
    st.sampled_from((0.0, 0.25)),
)
def test_two_plans_on_two_days_award_no_more_than_was_approved(there, asked, asked_then, kept):
    held_then = dict(zip(HELD, there, strict=True))
    rules = {"policy_rule": rule("buffer_share", kept)}
    tables = country(there=held_then, asked=tuple(asked), **rules)
    first = divided(tables)
    more = {"request": pl.concat([tables["request"], asked_again(asked_then)])}
    later = on_the_next_day(tables, first, **more)
    approved = at_holders(tables, AS_OF, "approved")
    assert at_holders(later, NEXT, "approved", "promised") == approved
    assert at_holders(later, NEXT, "promised") == pieces(first)
    assert all(n <= approved[goods] for goods, n in pieces(first, divided(later, NEXT)).items())


def asked_again(asked: list[int]) -> pl.DataFrame:
    wishes = zip(((s, n) for s in SITES for n in NEEDS), asked, strict=True)
    return rows(
        "request",
        *(
            {"request": f"{s}-{need}-2", "site": s, "need": need, "day": AS_OF.date(), "pieces": n + 1}
            for (s, need), n in wishes
        ),
    )
