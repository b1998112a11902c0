"""A regional hub: its goods stay in its region, and the nation reckons with them, handed out or not."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dijk.allocate import Division, allocate, explain, hubs
from dijk.allocate.claims import CLAIM, supply
from dijk.allocate.doubts import check_division
from dijk.allocate.recompute import recompute
from dijk.tables import ALL
from drawn import examples
from small import ago, present, registers, rows, rule

Tables = dict[str, pl.DataFrame]
SITES = ("home-1", "home-2", "home-3")  # the third is in the south


def country(*, store: int = 40, hub: int = 20, **more: pl.DataFrame) -> Tables:
    """Three homes of 10 masks a day, two in the north; goods at a warehouse and at the hub of the north; packs of 5."""
    made = registers(SITES)
    south = pl.when(pl.col("site") == "home-3").then(pl.lit("south")).otherwise("region")
    hub_site = rows("site", {"site": "hub", "kind": "regional_hub", "sector": None})
    held = [{"site": s, "product": "mask-a", "day": ago(1), "pieces": n} for s, n in (("store", store), ("hub", hub))]
    asked = [{"request": f"r-{s}", "site": s, "day": ago(2), "pieces": 100} for s in SITES]
    made["site"] = pl.concat([made["site"].with_columns(region=south), hub_site])
    return (
        made
        | {
            "product": rows("product", {"pieces_per_pack": 5}),
            "stock": rows("stock", *held),
            "request": rows("request", *asked),
        }
        | more
    )


def divided(tables: Tables) -> Division:
    return allocate(present(tables), pl.DataFrame({"need": ["mask"], "effective": ["scarce"]}), seed=1)


def sent(division: Division, holder: str) -> dict[str, Any]:
    table = division.award.filter(pl.col("holder") == holder)
    return dict(table.group_by("site").agg(pl.col("packs").sum()).sort("site").iter_rows())


def test_a_hub_sends_to_its_own_region_only() -> None:
    assert set(sent(divided(country(hub=1000)), "regional_hub")) == {"home-1", "home-2"}


def test_the_nation_counts_what_a_hub_sends_as_stock_of_its_region() -> None:
    division = divided(country(policy_rule=rule("floor_days", 0.0)))
    assert sent(division, "regional_hub") == {"home-1": 2, "home-2": 2}
    assert sent(division, "warehouse") == {
        "home-1": 2,
        "home-2": 2,
        "home-3": 4,
    }  # 20 pieces for each home, wherever they came from


def test_a_hub_that_holds_more_than_the_nation_reaches_leaves_all_of_that_to_others() -> None:
    division = divided(country(store=20, hub=100))
    assert sent(division, "warehouse") == {"home-3": 4}


@pytest.mark.parametrize("hub", [0, 15, 20, 35, 100, 500])
def test_claims_at_a_hub_and_at_the_nation_can_both_be_dealt_again(hub: int) -> None:
    division = divided(country(hub=hub))
    again = recompute(division.claim, division.level).filter(pl.col("packs") > 0)
    assert again.sort(CLAIM).equals(division.award.select(*CLAIM, "packs").sort(CLAIM))


def test_the_lines_of_hub_and_nation_add_up_to_the_request_and_to_what_is_sent() -> None:
    division = divided(country())
    lines = division.award_line.filter(pl.col("site") == "home-1").group_by("line").agg(pl.col("pieces").sum())
    pieces = dict(lines.with_columns(pl.col("line").cast(pl.String)).iter_rows())
    assert pieces["requested"] == 100
    assert pieces.pop("shipped") == sum(pieces.values()) == 20


def test_goods_that_end_just_where_a_class_has_its_floors_say_that_it_has_its_floors() -> None:
    floors = {"policy_rule": rule("floor_days", 1.0)}
    level = divided(country(store=0, hub=20, **floors)).level
    assert level.select("holder", "region", "fence", "reach").rows() == [("regional_hub", "north", "all", "floor")]


def test_a_region_decides_what_its_hub_keeps_back_and_by_which_rules_it_divides() -> None:
    own = pl.concat([rule("buffer_share", 0.5, region="north"), rule("cap_days", 1.0, region="north")])
    tables = country(hub=100, policy_rule=own)
    assert supply(present(tables)).filter(pl.col("region") != ALL)["packs"].to_list() == [10]
    assert sent(divided(tables), "regional_hub") == {
        "home-1": 2,
        "home-2": 2,
    }  # a day each, where the nation allows ten


def test_the_explanation_tells_what_the_hub_sends_first() -> None:
    division = divided(country())
    told = explain(division.claim, division.award_line, division.level, site="home-1", need="mask")
    assert [one.holder for one in told] == ["regional_hub", "warehouse"]
    assert "regional hub goes first" in told[0].en and "after what your regional hub sends" in told[1].en
    assert "depot gaat voor" in told[0].nl
    level = divided(country(policy_rule=rule("floor_days", 0.0)))
    shared = explain(level.claim, level.award_line, level.level, site="home-1", need="mask")
    assert "Of one more pack for all who share this level, 2.5 pieces" in shared[0].en  # two homes alike, a pack of 5
    over = country(
        request=rows("request", *({"request": f"r-{s}", "site": s, "day": ago(2), "pieces": 150} for s in SITES))
    )
    division = divided(over)
    told = explain(division.claim, division.award_line, division.level, site="home-1", need="mask")
    assert "after what your regional hub sends. Your norm is 10.0 a day, so at most 100" in told[1].en


def test_what_a_regions_own_cap_leaves_of_its_total_is_told() -> None:
    division = divided(country(store=150, hub=0, policy_rule=rule("cap_days", 2.0, region="north")))
    assert division.left.rows() == [
        ("mask", "north", 60)
    ]  # 50 pieces for each home; the north lets its two homes have 20
    assert check_division(division)["found"].to_list() == ["mask north: 60"]


def waiting(days: int, *, status: str = "quarantine", hub: int = 60, then: int = 0) -> pl.DataFrame:
    """Goods at the hub that were first counted in a status so many days ago, and last ``then`` days ago."""
    counts = [{"site": "store", "day": ago(1), "pieces": 100}]
    counts += [
        {"site": "hub", "day": ago(day), "pieces": hub, "status": status} for day in sorted({days, then}, reverse=True)
    ]
    return rows("stock", *counts)


def from_the_nation(**more: pl.DataFrame) -> dict[str, Any]:
    return sent(divided(country(**more)), "warehouse")


@pytest.mark.parametrize("share", [0.2, 0.5, 1.0])
def test_what_a_region_keeps_back_at_its_hub_brings_it_no_pack_from_the_nation(share: float) -> None:
    handed_out = divided(country(hub=60))
    kept = divided(country(hub=60, policy_rule=rule("buffer_share", share, region="north")))
    assert sent(kept, "warehouse") == sent(handed_out, "warehouse")
    line = kept.award_line.filter(pl.col("line") == "at_hub")
    assert set(line["site"]) == {"home-1", "home-2"}
    assert kept.claim["at_hub"].sum() == 60 - 5 * sum(sent(kept, "regional_hub").values())
    told = explain(kept.claim, kept.award_line, kept.level, site="home-2", need="mask")[-1]
    assert "lie at your regional hub, which keeps them back" in told.en
    assert "liggen nog in uw regionale depot" in told.nl


def test_what_the_nation_has_a_hub_keep_back_is_not_held_against_its_region() -> None:
    division = divided(country(hub=60, policy_rule=rule("buffer_share", 0.5)))
    assert division.claim["at_hub"].sum() == 0


@pytest.mark.parametrize("region", ["north", ALL])
@pytest.mark.parametrize("share", [0.2, 0.5, 1.0])
def test_what_a_hub_keeps_for_urgent_requests_counts_for_its_region_whoever_set_it(share: float, region: str) -> None:
    handed_out = divided(country(hub=60))
    kept = divided(country(hub=60, policy_rule=rule("urgent_reserve_share", share, region=region)))
    assert sent(kept, "warehouse") == sent(handed_out, "warehouse")
    assert sum(sent(kept, "regional_hub").values()) < sum(sent(handed_out, "regional_hub").values())
    assert kept.claim["at_hub"].sum() == 60 - 5 * sum(sent(kept, "regional_hub").values())


def test_what_is_kept_for_urgent_requests_comes_beside_the_buffer_and_never_beyond_what_there_is() -> None:
    both = pl.concat([rule("buffer_share", 0.3, region="north"), rule("urgent_reserve_share", 0.11, region="north")])
    goods = supply(present(country(hub=60, policy_rule=both))).filter(pl.col("region") != ALL)
    assert goods.select("packs", "kept_packs", "counted_packs").rows() == [
        (7, 5, 12)
    ]  # 60 - 18 - 7 = 35, in packs of 5
    both = pl.concat([rule("buffer_share", 0.8), rule("urgent_reserve_share", 0.8)])
    goods = supply(present(country(hub=60, policy_rule=both))).filter(pl.col("region") != ALL)
    assert goods.select("packs", "counted_packs").rows() == [(0, 2)]


def test_a_warehouse_keeps_nothing_for_urgent_requests() -> None:
    plain, reserved = country(hub=0), country(hub=0, policy_rule=rule("urgent_reserve_share", 1.0))
    assert supply(present(reserved)).equals(supply(present(plain)))


def test_quarantine_counts_once_it_lasts_longer_than_the_term() -> None:
    handed_out, nothing = from_the_nation(stock=waiting(1, status="approved")), from_the_nation(store=100, hub=0)
    assert handed_out != nothing
    assert from_the_nation(stock=waiting(15)) == handed_out
    assert from_the_nation(stock=waiting(14)) == nothing
    assert from_the_nation(stock=waiting(14), policy_rule=rule("quarantine_days", 13)) == handed_out
    assert from_the_nation(stock=waiting(60, status="blocked")) == nothing


def test_a_lot_that_left_quarantine_for_a_day_does_not_begin_anew() -> None:
    counts = [{"site": "store", "day": ago(1), "pieces": 100}]
    moves = ((20, "quarantine"), (5, "approved"), (3, "quarantine"))
    counts += [{"site": "hub", "day": ago(day), "pieces": 60, "status": status} for day, status in moves]
    assert from_the_nation(stock=rows("stock", *counts)) == from_the_nation(stock=waiting(15))


def test_what_a_regions_own_cap_leaves_at_its_hub_counts_as_well() -> None:
    own = rule("cap_days", 1.0, region="north")
    kept = divided(country(store=100, hub=100, policy_rule=own))
    assert sent(kept, "regional_hub") == {"home-1": 2, "home-2": 2}
    handed_out = sent(divided(country(store=100, hub=100)), "warehouse")
    assert sum(sent(kept, "warehouse").get(site, 0) for site in SITES[:2]) <= sum(
        handed_out.get(s, 0) for s in SITES[:2]
    )
    assert kept.claim.filter(holder="warehouse", site="home-1")["at_hub"].to_list() == [40]


OWN = st.sampled_from(
    [
        None,
        ("urgent_reserve_share", 0.4),
        ("buffer_share", 0.3),
        ("buffer_share", 1.0),
        ("cap_days", 2.0),
        ("floor_days", 3.0),
    ]
)


def total_of_the_north(division: Division) -> int:
    return int(division.award.filter(pl.col("region") == "north")["packs"].sum())


def gains_by_keeping_back(store: int, hub: int, own: tuple[str, float] | None, days: int) -> bool:
    """Whether the north gets more, of hub and nation together or of the nation alone, than where it hands all out."""
    base = country(store=store, hub=hub)
    kept = base | ({"policy_rule": rule(own[0], own[1], region="north")} if own else {})
    if days:
        kept = kept | {
            "stock": waiting(days, hub=hub).with_columns(
                pieces=pl.when(pl.col("site") == "store").then(store).otherwise(hub).cast(pl.Int64)
            )
        }
    honest, hides = divided(base), divided(kept)
    nation = [sum(sent(d, "warehouse").get(s, 0) for s in SITES[:2]) for d in (hides, honest)]
    return nation[0] > nation[1] or total_of_the_north(hides) > total_of_the_north(honest)


@examples(8, long=40)
@given(store=st.integers(0, 200), hub=st.integers(0, 150), own=OWN, days=st.sampled_from([0, 15, 40]))
def test_no_region_gains_by_what_it_keeps_back_at_its_hub(
    store: int, hub: int, own: tuple[str, float] | None, days: int
) -> None:
    assert not gains_by_keeping_back(store, hub, own, days)


def test_a_region_would_gain_if_what_its_hub_keeps_back_did_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "_had_it_sent_all", lambda now, rows, held, came: came.clear())
    assert gains_by_keeping_back(60, 60, ("buffer_share", 1.0), 0)
    assert gains_by_keeping_back(60, 60, None, 15)


@pytest.mark.parametrize("hub", [7, 35, 100])
def test_claims_with_goods_kept_back_can_be_dealt_again_and_their_lines_add_up(hub: int) -> None:
    own = pl.concat([rule("buffer_share", 0.5, region="north"), rule("cap_days", 4.0, region="north")])
    division = divided(country(hub=hub, store=90, policy_rule=own))
    again = recompute(division.claim, division.level).filter(pl.col("packs") > 0)
    assert again.sort(CLAIM).equals(division.award.select(*CLAIM, "packs").sort(CLAIM))
    signed = pl.when(pl.col("line") == "shipped").then(-pl.col("pieces")).otherwise("pieces")
    assert set(division.award_line.group_by(CLAIM).agg(signed.sum())["pieces"]) == {0}


def test_what_a_hub_lends_its_region_gets_from_the_nation_and_the_borrower_so_much_less() -> None:
    """A loan between hubs moves what the nation gives, and in scarcity leaves everybody with as much as before."""
    south = rows("site", {"site": "hub-south", "kind": "regional_hub", "sector": None, "region": "south"})

    def with_lent(pieces: int) -> Division:
        tables = country(store=105, hub=60 - pieces)
        lent = rows("stock", {"site": "hub-south", "product": "mask-a", "day": ago(1), "pieces": pieces})
        tables |= {name: pl.concat([tables[name], more]) for name, more in (("site", south), ("stock", lent))}
        return divided(tables)

    before, after = with_lent(0), with_lent(20)
    national = [sent(one, "warehouse") for one in (before, after)]
    assert national == [{"home-1": 5, "home-2": 5, "home-3": 11}, {"home-1": 7, "home-2": 7, "home-3": 7}]
    totals = [
        dict(one.award.group_by("site").agg(pl.col("packs").sum()).sort("site").iter_rows()) for one in (before, after)
    ]
    assert totals[0] == totals[1] == {"home-1": 11, "home-2": 11, "home-3": 11}
