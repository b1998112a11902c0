"""A division from tables to tables: claims, awards, lines that add up, and levels that give the same packs again."""

import datetime as dt
from functools import cache
from typing import Any

import polars as pl
import pytest

import country_once
from dijk.allocate import Division, Explained, adjust, allocate, explain
from dijk.allocate.claims import CLAIM
from dijk.allocate.doubts import check_division
from dijk.allocate.recompute import recompute
from dijk.example import AS_OF
from dijk.fairness.price_of_fences import price_of_fences
from dijk.policy import Policy
from dijk.present import present
from dijk.tables import ALL, POLICY, RESULTS
from small import ago, registers, rows, rule, world

Tables = dict[str, pl.DataFrame]
SITES = ("home-1", "home-2")


def divided(tables: Tables, *, seed: int = 1, regime: str = "scarce") -> Division:
    inputs = world(tables, AS_OF)
    now = present(inputs, Policy.of(tables).known(inputs.as_of))
    routes = pl.DataFrame({"need": tables["need"]["need"].unique(), "effective": regime})
    return allocate(now, routes, seed=seed)


def small(*, stock: int = 60, requests: tuple[int, ...] = (100, 100), **more: pl.DataFrame) -> Tables:
    """Two homes that use 10 masks a day each, a warehouse, an article in packs of 5."""
    asked = [
        {"request": f"r{i}", "site": s, "day": ago(2), "pieces": n}
        for i, (s, n) in enumerate(zip(SITES, requests, strict=True))
    ]
    made = registers() | {
        "product": rows("product", {"pieces_per_pack": 5}),
        "stock": rows("stock", {"site": "store", "product": "mask-a", "day": ago(1), "pieces": stock}),
        "request": rows("request", *asked),
    }
    return made | more


def packs(division: Division, site: str) -> int:
    return int(division.award.filter(pl.col("site") == site)["packs"].sum())


def fence(kind: str, share: float, *, sector: str = ALL, region: str = ALL, code: str = "f") -> dict[str, Any]:
    return {"fence": code, "kind": kind, "share": share, "sector": sector, "region": region, "need": ALL}


def test_two_alike_share_alike() -> None:
    assert (packs(divided(small()), "home-1"), packs(divided(small()), "home-2")) == (6, 6)


def test_asking_more_than_the_cap_changes_nothing() -> None:
    assert packs(divided(small(requests=(100, 10**9))), "home-2") == packs(divided(small()), "home-2")


def test_asking_less_than_ones_share_leaves_the_rest_to_others() -> None:
    division = divided(small(requests=(100, 12)))
    assert (packs(division, "home-1"), packs(division, "home-2")) == (9, 3)


def test_a_home_with_an_outbreak_gets_more_than_the_same_home_without() -> None:
    activity = rows(
        "activity", {"site": "home-1", "day": ago(1), "units": 15.0}, {"site": "home-2", "day": ago(1), "units": 5.0}
    )
    division = divided(small(activity=activity))
    assert packs(division, "home-1") == 3 * packs(division, "home-2")


def test_what_a_home_bought_itself_is_netted() -> None:
    bought = rows(
        "delivery", {"delivery": "d", "site": "home-1", "day": ago(0), "pieces": 20, "channel": "own_purchase"}
    )
    division = divided(small(delivery=bought))
    assert (packs(division, "home-1"), packs(division, "home-2")) == (4, 8)


def test_not_answering_is_never_better_than_answering() -> None:
    question = rows("asked", {"site": "home-2", "topic": "stock", "day": ago(9), "due": ago(5)})
    division = divided(small(asked=question))
    assert packs(division, "home-2") < packs(division, "home-1")


def test_a_count_far_below_the_ledger_raises_no_award_until_a_second_confirms_it() -> None:
    counts = [{"site": "home-1", "day": ago(3), "pieces": 60}, {"site": "home-1", "day": ago(0), "pieces": 5}]
    store = {"site": "store", "day": ago(1), "pieces": 60}
    doubted = divided(small() | {"stock": rows("stock", store, *counts)})
    believed = divided(small() | {"stock": rows("stock", store, counts[0])})
    assert packs(doubted, "home-1") == packs(believed, "home-1")


def test_the_stock_of_a_site_serves_its_highest_class_first() -> None:
    classes = rows("risk_class", {"risk_class": "aerosol", "tier": 1}, {"risk_class": "contact", "tier": 2})
    norm = rows("norm", *({"risk_class": r, "low": 1.0, "mid": 1.0, "high": 1.0} for r in ("aerosol", "contact")))
    work = rows(
        "activity",
        *({"site": s, "day": ago(1), "units": 5.0, "risk_class": r} for s in SITES for r in ("aerosol", "contact")),
    )
    stock = rows(
        "stock", {"site": "store", "day": ago(1), "pieces": 60}, {"site": "home-1", "day": ago(0), "pieces": 40}
    )
    division = divided(small() | {"risk_class": classes, "norm": norm, "activity": work, "stock": stock})
    home = division.claim.filter(pl.col("site") == "home-1").sort("tier")
    assert home["position"].to_list() == [40, 0]
    other = division.award.filter(pl.col("site") == "home-2").sort("risk_class")
    assert (
        dict(other.select("risk_class", "packs").iter_rows())["aerosol"] == 8
    )  # all but the two floors of the contact classes


def test_a_need_off_the_list_is_not_divided() -> None:
    assert divided(small(scope=rows("scope", {"state": "approved"}))).claim.is_empty()


def test_where_nothing_is_left_nobody_gets_anything_and_the_lines_say_scarcity() -> None:
    division = divided(small(stock=0))
    assert division.award.is_empty()
    assert division.claim["product"].null_count() == 2
    lines = division.award_line.filter(pl.col("site") == "home-1")
    assert dict(lines.select("line", "pieces").iter_rows()) == {"requested": 100, "scarcity": -100, "shipped": 0}


def test_enough_for_all_goes_out_directly_up_to_the_cap() -> None:
    division = divided(small(stock=10_000, requests=(300, 40)), regime="direct")
    assert (packs(division, "home-1"), packs(division, "home-2")) == (20, 8)
    assert division.award["route"].unique().to_list() == ["direct"]
    assert division.level["reach"].to_list() == ["all"]
    assert division.level["level_days"].to_list() == [None]


def test_a_share_kept_back_is_not_divided() -> None:
    rule = rows("policy_rule", {"rule": "buffer_share", "need": ALL, "sector": ALL, "region": ALL, "value": 0.5})
    assert divided(small(policy_rule=rule)).level["supply_pieces"].to_list() == [30]


@pytest.mark.parametrize("packs", [1, 9, 10, 11, 12])
def test_a_level_that_ends_in_floors_lies_no_higher_than_the_highest_floor(packs: int) -> None:
    """A pack lasts a large home a day and the small one a hundred; each has a floor of one pack."""
    sites = tuple(f"home-{n}" for n in range(11))
    work = [{"site": s, "day": ago(1), "units": 0.5 if s == "home-0" else 50.0} for s in sites]
    made = registers(sites) | {
        "product": rows("product", {"pieces_per_pack": 100}),
        "activity": rows("activity", *work),
        "stock": rows("stock", {"site": "store", "day": ago(1), "pieces": 100 * packs}),
        "request": rows("request", *({"request": s, "site": s, "day": ago(2), "pieces": 1000} for s in sites)),
        "policy_rule": rule("floor_days", 0.5),
    }
    division = divided(made)
    level = division.level.row(0, named=True)
    assert level["reach"] == {11: "floor", 12: "part"}.get(packs, "part_of_floor")
    if level["reach"] == "part_of_floor":
        assert level["marginal_cover_days"] <= level["level_days"] <= 0.5
        assert level["level_exact"] == "1/2" or packs == 1
    again = recompute(division.claim, division.level).filter(pl.col("packs") > 0)
    assert again.equals(division.award.select(*CLAIM, "packs"))


def test_a_single_pack_beyond_the_cap_is_told_once_for_the_need() -> None:
    """Ten days are 100 masks: a pack of 150 passes that by 50, one of 100 fits, and two of 60 are no single pack."""
    told = {}
    for pack in (150, 100, 60):
        packs_of = {"product": rows("product", {"pieces_per_pack": pack})}
        found = check_division(divided(small(stock=600) | packs_of))
        told[pack] = found.select("code", "severity", "found", "rows").rows()
    both = "home-1: mask-a, 50, home-2: mask-a, 50"
    assert told == {150: [("AWARD-02", "note", both, 2)], 100: [], 60: []}


def two_sectors() -> Tables:
    """A home and a hospital that use as much."""
    tables = small()
    sites = tables["site"].with_columns(
        sector=pl.when(pl.col("site") == "home-2").then(pl.lit("hospital")).otherwise("sector")
    )
    norm = rows("norm", *({"sector": s, "low": 1.0, "mid": 2.0, "high": 4.0} for s in ("home", "hospital")))
    return tables | {"site": sites, "norm": norm}


@pytest.mark.parametrize(
    ("kind", "share", "expected"),
    [
        ("guarantee", 0.5, (6, 6)),
        ("guarantee", 0.75, (9, 3)),
        ("reserve", 0.5, (6, 6)),
        ("reserve", 0.75, (9, 3)),
        ("cap", 0.25, (3, 9)),
    ],
)
def test_a_fence_splits_the_supply_before_it_is_shared(kind: str, share: float, expected: tuple[int, int]) -> None:
    division = divided(two_sectors() | {"fence": rows("fence", fence(kind, share, sector="home"))})
    assert (packs(division, "home-1"), packs(division, "home-2")) == expected


def test_a_reserve_comes_on_top_where_a_guarantee_is_absorbed() -> None:
    tables = two_sectors()
    tables["activity"] = rows(
        "activity", {"site": "home-1", "day": ago(1), "units": 5.0}, {"site": "home-2", "day": ago(1), "units": 15.0}
    )
    tables["request"] = tables["request"].with_columns(pieces=pl.lit(300, dtype=pl.Int64))
    got = {
        k: packs(divided(tables | {"fence": rows("fence", fence(k, 0.2, sector="home"))}), "home-1")
        for k in ("guarantee", "reserve")
    }
    assert (
        got["guarantee"] == packs(divided(tables), "home-1") == got["reserve"] == 3
    )  # equal cover from what each has: a reserve is stock


def test_a_fence_on_a_group_of_sectors_holds_all_of_them() -> None:
    division = divided(two_sectors() | {"fence": rows("fence", fence("cap", 0.25, sector="cure"))})
    assert (packs(division, "home-1"), packs(division, "home-2")) == (9, 3)


def test_fences_promised_more_than_there_is_say_by_how_much() -> None:
    both = rows(
        "fence", fence("guarantee", 0.75, sector="home", code="a"), fence("guarantee", 0.5, sector="hospital", code="b")
    )
    division = divided(two_sectors() | {"fence": both})
    assert division.shortfall.to_dicts() == [{"need": "mask", "fence": "all", "missing_pieces": 15}]
    assert division.award["packs"].sum() == 12


def test_a_fence_of_the_need_goes_before_the_one_for_all_needs() -> None:
    both = rows("fence", fence("cap", 0.0, sector="home"), fence("cap", 0.25, sector="home") | {"need": "mask"})
    assert packs(divided(two_sectors() | {"fence": both}), "home-1") == 3


def test_a_need_is_served_from_every_article_it_accepts_its_own_first() -> None:
    product = rows("product", {"pieces_per_pack": 5}, {"product": "mask-b", "pieces_per_pack": 10})
    accepted = rows("acceptance", {}, {"product": "mask-b", "preference": 2})
    stock = rows("stock", *({"site": "store", "product": p, "day": ago(1), "pieces": 30} for p in ("mask-a", "mask-b")))
    division = divided(small() | {"product": product, "acceptance": accepted, "stock": stock})
    assert sorted(division.award.select("product", "packs").iter_rows()) == [("mask-a", 6), ("mask-b", 3)]
    plenty = stock.with_columns(pieces=pl.lit(500, dtype=pl.Int64))
    assert divided(small() | {"product": product, "acceptance": accepted, "stock": plenty}).award[
        "product"
    ].unique().to_list() == ["mask-a"]


def test_an_acceptance_that_ended_serves_no_more() -> None:
    ended = rows("acceptance", {"valid_to": ago(1)})
    assert divided(small(acceptance=ended)).award.is_empty()


def test_a_region_divides_its_own_total_by_its_own_rules() -> None:
    rule = {"rule": "floor_days", "need": ALL, "sector": ALL, "value": 0.0}
    tables = small(
        stock=40, policy_rule=rows("policy_rule", rule | {"region": ALL}, rule | {"region": "north", "value": 2.0})
    )
    tables["risk_class"] = rows("risk_class", {}, {"risk_class": "aerosol", "tier": 2})
    norm = [{"risk_class": r, "low": 1.0, "mid": 2.0, "high": 4.0} for r in ("contact", "aerosol")]
    units = [{"site": "home-1", "risk_class": "contact"}, {"site": "home-2", "risk_class": "aerosol"}]
    tables |= {
        "norm": rows("norm", *norm),
        "activity": rows("activity", *({"day": ago(1), "units": 5.0} | u for u in units)),
    }
    division = divided(tables)
    assert (packs(division, "home-1"), packs(division, "home-2")) == (
        4,
        4,
    )  # floors for both, where the nation serves tier 1 first
    assert division.award_line.filter(pl.col("line") == "region_change")["pieces"].sort().to_list() == [-20, 20]
    assert ("warehouse", "north", "all") in division.level.select("holder", "region", "fence").rows()


@cache
def wave(scarce: bool = True) -> Tables:
    """The small example country, with a twelfth of the stock where goods shall be scarce, and three kinds of fence."""
    tables = country_once.tables()
    holders = tables["site"].filter(pl.col("kind").is_in(["warehouse", "regional_hub"]))["site"]
    less = (
        pl.when(pl.col("site").is_in(holders.implode()))
        .then(pl.col("pieces") // (12 if scarce else 1))
        .otherwise("pieces")
    )
    tables["stock"] = tables["stock"].with_columns(pieces=less)
    fences = [
        fence("guarantee", 0.4, sector="nursing_home", code="homes"),
        fence("cap", 0.05, sector="other", code="others"),
        fence("reserve", 0.03, sector="informal_care", code="carers"),
    ]
    start = {
        "known_at": AS_OF,
        "valid_from": dt.date(2020, 4, 1),
        "valid_to": None,
        "basis": "b",
        "source": "s",
        "how": "assumed",
        "set_by": "x",
    }
    table = pl.DataFrame([start | f for f in fences], infer_schema_length=None)
    return tables | {"fence": POLICY["fence"].cast(table.select(POLICY["fence"].column_names()))}


@cache
def of_wave() -> Division:
    return divided(wave())


def test_every_table_of_the_example_is_valid() -> None:
    division = of_wave()
    for name in ("claim", "award", "award_line", "level"):
        RESULTS[name].validate(getattr(division, name))


def test_the_lines_of_every_claim_add_up_from_request_to_shipment() -> None:
    lines = of_wave().award_line
    shipped = lines.filter(pl.col("line") == "shipped").select(*CLAIM, shipped="pieces")
    sums = lines.filter(pl.col("line") != "shipped").group_by(CLAIM).agg(pl.col("pieces").sum()).join(shipped, on=CLAIM)
    nothing_sent = (
        of_wave().claim.filter(pl.col("holder") == "regional_hub").join(of_wave().award, on=CLAIM, how="anti")
    )
    assert sums.height == of_wave().claim.height - nothing_sent.height
    assert (sums["pieces"] == sums["shipped"]).all()


def test_no_more_is_awarded_than_there_is_and_nobody_gets_more_than_it_may() -> None:
    division = of_wave()
    nation_and_hubs = (pl.col("region") == ALL) | (pl.col("holder") == "regional_hub")
    supply = (
        division.level.filter(nation_and_hubs).select("product", "holder", "region", "fence", "supply_pieces").unique()
    )
    awarded = division.award.group_by("product").agg(pieces=(pl.col("packs") * pl.col("pieces_per_pack")).sum())
    both = awarded.join(supply.group_by("product").agg(pl.col("supply_pieces").sum()), on="product")
    assert (both["pieces"] <= both["supply_pieces"]).all()
    claimed = division.award.join(division.claim, on=CLAIM)
    assert (claimed["packs"] * claimed["pieces_per_pack"] <= claimed["ceiling"]).all()


def test_a_region_can_deal_its_own_packs_again_from_what_is_published() -> None:
    division = of_wave()
    assert set(division.level["reach"]) >= {"part", "floor", "part_of_floor", "nothing"}
    for region in division.claim["region"].unique():
        own = division.claim.filter(pl.col("region") == region)
        ours = recompute(own, division.level).filter(pl.col("packs") > 0)
        theirs = division.award.filter(pl.col("region") == region).select(*CLAIM, "packs")
        assert ours.sort(CLAIM).equals(theirs.sort(CLAIM))


def test_a_line_of_one_row_moves_the_awards_of_no_other_order_of_the_tables() -> None:
    shuffled = {name: table.sample(fraction=1, shuffle=True, seed=5) for name, table in wave().items()}
    assert divided(shuffled).award.equals(of_wave().award)


def test_the_seed_settles_ties_and_nothing_else() -> None:
    other = divided(wave(), seed=2)
    moved = (
        of_wave()
        .award.join(other.award, on=CLAIM, how="full", suffix="_other")
        .with_columns(pl.col("packs", "packs_other").fill_null(0))
    )
    assert (moved["packs"] - moved["packs_other"]).abs().max() <= 1
    assert other.level.select("need", "tier", "fence", "level_exact").equals(
        of_wave().level.select("need", "tier", "fence", "level_exact")
    )


def change(*given: tuple[str, int, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [{"site": s, "need": "mask", "risk_class": "contact", "packs": n, "reason": why} for s, n, why in given],
        schema={"site": pl.String, "need": pl.String, "risk_class": pl.String, "packs": pl.Int64, "reason": pl.String},
    )


def test_a_region_moves_packs_inside_its_total_and_the_lines_still_add_up() -> None:
    division = divided(small())
    made = adjust(
        division.award,
        change(("home-1", 9, "outbreak since Friday"), ("home-2", 3, "can borrow")),
        claim=division.claim,
        award_line=division.award_line,
    )
    assert dict(made.award.select("site", "packs").iter_rows()) == {"home-1": 9, "home-2": 3}
    assert made.award["changed_packs"].to_list() == [3, -3]
    assert made.effect.select("cover_before_days", "cover_after_days").rows() == [(3.0, 4.5), (3.0, 1.5)]
    lines = made.award_line.filter(pl.col("site") == "home-1")
    assert dict(lines.select("line", "pieces").iter_rows())["region_change"] == 15
    assert (
        lines.filter(pl.col("line") != "shipped")["pieces"].sum()
        == lines.filter(pl.col("line") == "shipped")["pieces"].item()
        == 45
    )
    RESULTS["award"].validate(made.award)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ([("home-1", 9, "more")], "total"),
        ([("home-1", 7, " "), ("home-2", 5, "x")], "no_reason"),
        ([("home-1", 13, "all"), ("home-2", -1, "x")], "below_zero"),
        ([("home-9", 1, "x")], "no_such_claim"),
    ],
)
def test_a_change_that_may_not_be_is_refused_with_its_reason_and_nothing_is_done(
    changes: list[tuple[str, int, str]], why: str
) -> None:
    division = divided(small())
    made = adjust(division.award, change(*changes), claim=division.claim, award_line=division.award_line)
    assert made.award.equals(division.award)
    assert why in made.refused["why"].to_list()
    assert made.refused.height == len(changes)


def test_a_change_from_inside_a_fence_to_outside_it_is_refused() -> None:
    division = divided(two_sectors() | {"fence": rows("fence", fence("guarantee", 0.75, sector="home"))})
    moved = change(("home-1", 8, "x"), ("home-2", 4, "x"))  # the second is a hospital
    made = adjust(division.award, moved, claim=division.claim, award_line=division.award_line)
    assert made.refused["why"].to_list() == ["total", "total"]
    assert made.award.equals(division.award)


def test_the_next_national_run_does_not_undo_what_a_region_changed() -> None:
    division = divided(small())
    made = adjust(
        division.award,
        change(("home-1", 9, "outbreak"), ("home-2", 3, "x")),
        claim=division.claim,
        award_line=division.award_line,
    )
    arrived = rows(
        "delivery",
        *({"delivery": s, "site": s, "day": ago(0), "pieces": n} for s, n in (("home-1", 45), ("home-2", 15))),
    )
    past = made.award.with_columns(known_at=pl.lit(dt.datetime(2020, 4, 27, 8, tzinfo=dt.UTC)))
    undone = divided(small(delivery=arrived))
    left_be = divided(small(delivery=arrived, past_award=past))
    assert packs(undone, "home-2") > packs(undone, "home-1")
    assert packs(left_be, "home-2") == packs(left_be, "home-1")


def explained(division: Division, site: str) -> Explained:
    return explain(division.claim, division.award_line, division.level, site=site, need="mask")[0]


def test_an_institution_reads_what_it_asked_what_it_gets_and_which_level_decides() -> None:
    said = explained(divided(small(requests=(2000, 100))), "home-1")
    assert said.en == (
        "You asked for 2,000 pieces. Your norm is 10.0 a day, so at most 100; 0 count as in stock. "
        "You get 30 (6 packs of 5); after this delivery you have 3.0 days. "
        "Everyone in your class who is not at its floor or ceiling is brought to 3.0 days; the last pack went to "
        "a cover of 2.5 days. "
        "A larger request would change nothing. Of one more pack in the country, 2.5 pieces would be yours on average."
    )
    assert said.nl.startswith("U vroeg 2.000 stuks. Uw norm is 10,0 per dag, dus hoogstens 100; 0 tellen als voorraad.")
    assert said.lines == (("requested", 2000), ("over_norm", -1900), ("scarcity", -70), ("shipped", 30))


@pytest.mark.parametrize("requests", [(100, 100), (30, 100), (12, 100), (2000, 40)])
def test_where_it_says_that_a_larger_request_changes_nothing_it_changes_nothing(requests: tuple[int, int]) -> None:
    division = divided(small(requests=requests))
    for place, site in enumerate(SITES):
        if "larger request would change nothing" in explained(division, site).en:
            larger = list(requests)
            larger[place] *= 3
            assert packs(divided(small(requests=(larger[0], larger[1]))), site) == packs(division, site)


def test_nothing_left_is_said_so() -> None:
    assert explained(divided(small(stock=0)), "home-1").nl.endswith(
        "U krijgt nu niets. Er is niets over dat deze behoefte accepteert."
    )


def test_the_price_of_a_fence_is_known_before_it_is_set() -> None:
    tables = two_sectors() | {"fence": rows("fence", fence("guarantee", 0.75, sector="home"))}
    inputs = world(tables, AS_OF)
    now = present(inputs, Policy.of(tables).known(inputs.as_of))
    price = price_of_fences(now, pl.DataFrame({"need": ["mask"], "effective": ["scarce"]}), seed=1).row(0, named=True)
    assert (price["group_days_with"], price["group_days_without"]) == (4.5, 3.0)
    assert (price["others_days_with"], price["others_days_without"]) == (1.5, 3.0)
    assert (
        price["unmet_with"] == price["unmet_without"] == pytest.approx(0.7)
    )  # the same goods reach the same days, elsewhere


def test_a_fence_that_leaves_goods_idle_shows_in_unmet_need() -> None:
    tables = two_sectors() | {
        "fence": rows("fence", fence("cap", 0.25, sector="home"), fence("cap", 0.25, sector="hospital", code="g"))
    }
    inputs = world(tables, AS_OF)
    now = present(inputs, Policy.of(tables).known(inputs.as_of))
    prices = price_of_fences(now, pl.DataFrame({"need": ["mask"], "effective": ["scarce"]}), seed=1)
    assert (prices["unmet_with"] > prices["unmet_without"]).all()
