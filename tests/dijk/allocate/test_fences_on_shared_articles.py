"""A fence holds for a need, whichever articles serve it."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import country_once
from dijk.allocate import Division, allocate
from dijk.allocate.claims import CLAIM, LEVEL
from dijk.allocate.levels import of_nation
from dijk.allocate.recompute import recompute
from drawn import examples
from small import ago, present, registers, rows

Tables = dict[str, pl.DataFrame]
HOMES, HOSPITALS = ("home-1", "home-2", "home-3"), ("hospital-1", "hospital-2")


def country(a: int, b: int, *fences: dict[str, Any], units: float = 50.0) -> Tables:
    """Three homes that use 10 masks a day, two hospitals that use 100; two articles that all of them accept, in packs
    of 5 and of 4.
    """
    made = registers((*HOMES, *HOSPITALS))
    cure = pl.col("site").is_in(HOSPITALS)
    made["site"] = made["site"].with_columns(sector=pl.when(cure).then(pl.lit("hospital")).otherwise("sector"))
    made["norm"] = pl.concat([made["norm"], made["norm"].with_columns(sector=pl.lit("hospital"))])
    made["activity"] = made["activity"].with_columns(units=pl.when(cure).then(units).otherwise("units"))
    held = [{"site": "store", "product": p, "day": ago(1), "pieces": n} for p, n in (("mask-a", a), ("mask-b", b))]
    asked = [{"request": f"r-{s}", "site": s, "day": ago(2), "pieces": 10_000} for s in (*HOMES, *HOSPITALS)]
    return made | {
        "product": rows("product", {"pieces_per_pack": 5}, {"product": "mask-b", "pieces_per_pack": 4}),
        "acceptance": rows("acceptance", {}, {"product": "mask-b", "preference": 2}),
        "stock": rows("stock", *held),
        "request": rows("request", *asked),
        "fence": rows("fence", *fences) if fences else rows("fence"),
    }


def fence(kind: str, share: float, sector: str, code: str = "f") -> dict[str, Any]:
    return {"fence": code, "kind": kind, "share": share, "sector": sector, "region": "all", "need": "mask"}


def divided(tables: Tables) -> Division:
    return allocate(present(tables), pl.DataFrame({"need": ["mask"], "effective": ["scarce"]}), seed=1)


def pieces(division: Division, sector: str) -> int:
    own = division.award.filter(pl.col("sector") == sector)
    return int((own["packs"] * own["pieces_per_pack"]).sum())


def test_a_guarantee_is_a_share_of_all_articles_together() -> None:
    free, fenced = divided(country(60, 60)), divided(country(60, 60, fence("guarantee", 0.75, "home")))
    assert pieces(free, "home") < 40
    assert 90 - 9 <= pieces(fenced, "home") <= 90 + 9  # within a pack of each article
    assert pieces(fenced, "home") + pieces(fenced, "hospital") >= 120 - 9


def test_a_cap_is_a_share_of_all_articles_together() -> None:
    assert pieces(divided(country(60, 60, fence("cap", 0.5, "hospital"))), "hospital") <= 60 + 9


def test_a_reserve_comes_on_top_of_the_share_of_the_rest() -> None:
    free, fenced = divided(country(200, 200)), divided(country(200, 200, fence("reserve", 0.3, "home")))
    assert pieces(free, "home") <= 60 + 9 and pieces(fenced, "home") >= 120 - 9


def test_a_fence_that_does_not_bind_changes_nothing_but_the_pools() -> None:
    free, fenced = divided(country(60, 60)), divided(country(60, 60, fence("guarantee", 0.01, "home")))
    assert abs(pieces(free, "home") - pieces(fenced, "home")) <= 9


def test_with_enough_for_all_everyone_gets_whole_packs_for_all_it_may_claim() -> None:
    small = {
        "request": rows(
            "request", *({"request": f"r-{s}", "site": s, "day": ago(2), "pieces": 13} for s in (*HOMES, *HOSPITALS))
        )
    }
    for stock in ((500, 500), (50, 500)):
        division = divided(country(*stock, fence("guarantee", 0.5, "home")) | small)
        got = division.award.select(pl.col("packs") * pl.col("pieces_per_pack")).to_series().to_list()
        assert len(got) == 5 and all(pieces >= 13 for pieces in got)


def test_a_promise_beyond_what_there_is_says_by_how_much() -> None:
    both = (fence("guarantee", 0.75, "home", "a"), fence("guarantee", 0.5, "hospital", "b"))
    assert divided(country(60, 60, *both)).shortfall.to_dicts() == [
        {"need": "mask", "fence": "all", "missing_pieces": 30}
    ]


@pytest.mark.parametrize("kind", ["guarantee", "cap", "reserve"])
def test_a_region_deals_such_packs_again_from_what_is_published(kind: str) -> None:
    division = divided(country(60, 60, fence(kind, 0.4, "home")))
    again = recompute(division.claim, division.level).filter(pl.col("packs") > 0)
    assert again.sort(CLAIM).equals(division.award.select(*CLAIM, "packs").sort(CLAIM))
    assert division.level.select("need", "tier", "fence", "product").is_unique().all()


@pytest.mark.parametrize("order", [False, True])
def test_a_claim_without_room_is_in_a_level_of_its_own_part(order: bool) -> None:
    """hospital-2 has all it may have and comes last, to an article that no other claim of its part takes."""
    tables = country(60, 300, fence("guarantee", 0.9, "hospital"))
    full = rows("stock", {"site": "hospital-2", "day": ago(0), "pieces": 5000})
    division = divided(tables | {"stock": pl.concat([tables["stock"], full])})
    claim, level = division.claim, division.level.sort("supply_pieces", descending=order)
    idle = claim.filter(pl.col("site") == "hospital-2")
    assert idle.select("ceiling", "fence", "product").row(0) == (0, "f", "mask-a")
    assert claim.filter(pl.col("fence") == "f", pl.col("product") == "mask-a").height == 1
    assert level.select(LEVEL).is_unique().all()
    again = recompute(claim, level).filter(pl.col("packs") > 0)
    assert again.sort(CLAIM).equals(division.award.select(*CLAIM, "packs").sort(CLAIM))


@examples(8, long=40)
@given(
    a=st.integers(0, 400),
    b=st.integers(0, 400),
    kind=st.sampled_from(["guarantee", "cap", "reserve"]),
    share=st.integers(0, 20).map(lambda n: n / 20),
    units=st.sampled_from([1.0, 5.0, 50.0]),
)
def test_no_article_is_given_twice_and_every_fence_holds_within_a_pack_of_each(
    a: int, b: int, kind: str, share: float, units: float
) -> None:
    division = divided(country(a, b, fence(kind, share, "home"), units=units))
    used = dict(division.award.group_by("product").agg((pl.col("packs") * pl.col("pieces_per_pack")).sum()).iter_rows())
    assert used.get("mask-a", 0) <= a and used.get("mask-b", 0) <= b
    claimed = division.award.join(division.claim, on=CLAIM)
    assert (claimed["packs"] * claimed["pieces_per_pack"] <= claimed["ceiling"]).all()
    stock, wanted = a // 5 * 5 + b // 4 * 4, division.claim.filter(pl.col("sector") == "home")["ceiling"].sum()
    packs, one_home = 2 * (4 + 5), 100
    if kind == "cap":
        assert pieces(division, "home") <= share * stock + packs
    else:  # homes that are nearly full and take one article each cannot use what is left of the other
        spare = packs if wanted > 2 * share * stock else one_home
        assert pieces(division, "home") >= min(share * stock, wanted) - spare


@examples(8, long=40)
@given(
    a=st.integers(0, 500),
    b=st.integers(0, 500),
    kind=st.sampled_from([None, "guarantee", "reserve"]),
    units=st.sampled_from([1.0, 5.0, 50.0]),
)
def test_no_packs_lie_idle_that_would_meet_a_claim_that_is_short(
    a: int, b: int, kind: str | None, units: float
) -> None:
    division = divided(country(a, b, *([fence(kind, 0.5, "home")] if kind else []), units=units))
    packs = {"mask-a": (5, a // 5), "mask-b": (4, b // 4)}
    got = division.claim.join(division.award.select(*CLAIM, "packs"), on=CLAIM, how="left")
    got = got.filter(pl.col("product").is_not_null()).with_columns(pl.col("packs").fill_null(0))
    for product, (pack, there) in packs.items():
        left = there - got.filter(pl.col("product") == product)["packs"].sum()
        size = {name: pieces for name, (pieces, _) in packs.items()}
        for own, n, ceiling in got.select("product", "packs", "ceiling").iter_rows():
            if n * size[own] < ceiling:
                assert left == 0 or (own != product and left * pack < ceiling)


def test_enough_of_two_articles_meets_every_claim_in_whole_packs() -> None:
    """A hundred masks for each of five, in just enough packs of five and of four."""
    for stock in ((300, 200), (200, 300), (100, 400), (400, 100), (100, 410)):
        division = divided(country(*stock, units=5.0))
        assert division.award.height == 5
        assert set((division.award["packs"] * division.award["pieces_per_pack"]).to_list()) == {100}


@pytest.mark.slow
def test_in_the_example_country_no_need_has_goods_left_over_while_a_claim_on_it_is_short() -> None:
    nation = of_nation(country_once.plan().level)
    pools = nation.group_by("need", "product", "fence").agg(
        idle=pl.col("supply_pieces").first() - pl.col("awarded_pieces").sum(), met=(pl.col("reach") == "all").all()
    )
    by_need = pools.group_by("need").agg(pl.col("idle").sum(), pl.col("met").all())
    assert by_need.filter((pl.col("idle") > 0) & ~pl.col("met")).is_empty()
    assert "ffp2" in by_need.filter(pl.col("idle") > 0)["need"].to_list()
