"""Activity as it counts in a division: what is told, held against the site's own past, its peers, and who checked it."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dijk.allocate import allocate
from dijk.policy import Policy
from dijk.present.activity import believed, no_answer
from dijk.present.doubts import check_present
from drawn import examples
from small import AS_OF, ago, at, present, registers, rows, rule, world

HOMES = tuple(f"home-{n}" for n in range(1, 8))
LIAR = HOMES[0]


def country(*told: dict[str, object], sized: bool = True) -> dict[str, pl.DataFrame]:
    """Seven homes of 50 beds that told 10 shifts a day three weeks long; ``told`` stands in place of the first's."""
    tables = registers(HOMES)
    weeks = [{"site": site, "day": ago(days), "units": 10.0} for site in HOMES for days in (15, 8, 1)]
    own = list(told) or [week for week in weeks if week["site"] == LIAR]
    size = {"size": 50, "size_unit": "beds", "size_confirmed_by": "register"} if sized else {}
    sites = [
        {"site": "store", "kind": "warehouse", "sector": None},
        *({"site": site, "sector": "home"} | size for site in HOMES),
    ]
    others = [week for week in weeks if week["site"] != LIAR]
    return tables | {
        "site": rows("site", *sites),
        "activity": rows("activity", *others, *({"site": LIAR} | t for t in own)),
    }


def weeks(*units: float, **more: object) -> list[dict[str, object]]:
    """Units told two weeks ago, a week ago and yesterday."""
    return [{"day": ago(days), "units": float(n)} | more for days, n in zip((15, 8, 1), units, strict=False)]


def counts(tables: dict[str, pl.DataFrame]) -> float:
    """Units of the first home that count."""
    rows = believed(world(tables), Policy.of(tables).known(AS_OF)).filter(pl.col("site") == LIAR)
    return float(rows["units"].sum())


def test_a_jump_beyond_its_own_past_waits_and_is_named():
    tables = country(*weeks(10, 10, 30))
    assert counts(tables) == 15
    named = check_present(present(tables)).filter(pl.col("code") == "ACTIVITY-01")
    assert named["found"].to_list() == ["home-1 shift contact: 30.0 -> 15.0"]


def test_a_jump_that_another_checked_counts_in_full():
    assert counts(country(*weeks(10, 10), {"day": ago(1), "units": 30.0, "checked_by": "region north"})) == 30


def test_policy_sets_how_far_a_jump_is_believed():
    assert counts(country(*weeks(10, 10, 30)) | {"policy_rule": rule("activity_jump", 2)}) == 20


def test_a_rise_counts_up_to_the_jump_in_its_first_week_and_then_up_to_the_margin_until_a_check():
    assert counts(country(*weeks(10, 10, 30))) == 15
    assert counts(country(*weeks(10, 30, 30))) == 12
    assert counts(country(*weeks(10, 30, 30)) | {"policy_rule": rule("activity_margin", 1.1)}) == pytest.approx(11)
    assert counts(country(*weeks(10, 30), {"day": ago(1), "units": 30.0, "checked_by": "region north"})) == 30


def test_a_silence_before_a_rise_grants_no_second_first_week():
    told = [{"day": ago(days), "units": float(n)} for days, n in ((22, 10), (15, 10), (1, 30))]
    assert counts(country(*told)) == 12


def test_telling_the_activity_of_another_counts_as_that_other_until_a_size_is_confirmed():
    tables = country(*weeks(10, 11, 12))
    for word, claims in (("region", 1), ("applicant", 0), ("register", 1)):
        again = (
            tables["site"]
            .filter(pl.col("site") == LIAR)
            .with_columns(
                site=pl.lit("again"),
                size_confirmed_by=pl.lit(word).cast(tables["site"].schema["size_confirmed_by"]),
            )
        )
        same = tables["activity"].filter(pl.col("site") == LIAR).with_columns(site=pl.lit("again"))
        more = {"site": pl.concat([tables["site"], again]), "activity": pl.concat([tables["activity"], same])}
        now = present(tables | more)
        assert now.norm_use.filter(pl.col("site") == "again").height == claims
        named = check_present(now).filter(pl.col("code") == "ACTIVITY-04")["found"].to_list()
        assert named == ([] if claims else ["again = home-1"])


def test_a_rise_that_all_peers_share_is_no_jump():
    tables = country(*weeks(10, 10, 30))
    everyone = pl.when(pl.col("day") == ago(1)).then(30.0).otherwise("units")
    assert counts(tables | {"activity": tables["activity"].with_columns(units=everyone)}) == 30


def test_who_keeps_telling_the_peak_when_all_peers_fall_is_held_to_their_fall():
    tables = country(*weeks(10, 10, 10))
    fallen = pl.when((pl.col("day") == ago(1)) & (pl.col("site") != LIAR)).then(4.0).otherwise("units")
    assert counts(tables | {"activity": tables["activity"].with_columns(units=fallen)}) == pytest.approx(6)


def test_an_outbreak_from_nothing_counts_up_to_a_typical_peer_from_the_second_telling_on():
    assert counts(country(*weeks(0, 0, 8))) == 0
    assert counts(country(*weeks(0, 8, 8))) == 8
    assert counts(country(*weeks(0, 40, 40))) == 10


def test_a_first_telling_counts_up_to_a_typical_peer_and_without_peers_as_told():
    assert counts(country({"day": ago(1), "units": 40.0})) == 10
    assert counts(country({"day": ago(1), "units": 40.0}, sized=False)) == 40


@pytest.mark.parametrize("told", [weeks(9, 9, 9)[2:], weeks(40, 40, 40)])
def test_a_site_without_a_size_counts_up_to_the_middle_one_of_five_peers_with_a_confirmed_size(told):
    def country_without(**more: object) -> dict[str, pl.DataFrame]:
        tables = country(*({**week, **more, "units": 40.0} for week in told))
        own = pl.col("site") != LIAR
        hidden = [pl.when(own).then(name).alias(name) for name in ("size", "size_unit", "size_confirmed_by")]
        return tables | {"site": tables["site"].with_columns(hidden)}

    assert counts(country_without()) == 10
    assert counts(country_without(checked_by="region")) == 40
    few = country_without()
    assert counts(few | {"activity": few["activity"].filter(pl.col("site").is_in([*HOMES[:5]]))}) == 40


def again(tables: dict[str, pl.DataFrame], word: str, **more: pl.Expr) -> dict[str, pl.DataFrame]:
    """The first home registered a second time on somebody's word."""
    who = pl.lit(word).cast(tables["site"].schema["size_confirmed_by"])
    first = tables["site"].filter(pl.col("site") == LIAR)
    second = first.with_columns(site=pl.lit("again"), size_confirmed_by=who, **more)
    return {"site": pl.concat([tables["site"], second])}


def test_a_second_site_on_its_own_word_counts_as_the_confirmed_one_of_its_organisation_in_its_region():
    tables = country(*weeks(10, 11, 12))
    cases = [("applicant", {}, True), ("region", {}, False), ("applicant", {"organisation": pl.lit("another")}, False)]
    cases += [("applicant", {"region": pl.lit("south")}, False)]
    for word, more, held in cases:
        now = present(tables | again(tables, word, **more))
        assert (now.norm_use.filter(pl.col("site") == "again").height == 0) == held, (word, more)
        named = check_present(now).filter(pl.col("code") == "ACTIVITY-04")["found"].to_list()
        assert named == (["again = home-1"] if held else [])


def test_a_second_site_counts_once_the_confirmed_one_is_closed():
    tables = country(*weeks(10, 11, 12))
    closed = pl.when(pl.col("site") == LIAR).then(pl.lit(ago(1))).otherwise("closed_on")
    mine = pl.when(pl.col("site").is_in([LIAR, "again"])).then(pl.lit("mine")).otherwise("organisation")
    site = again(tables, "applicant")["site"].with_columns(organisation=mine)
    for sites, claims in ((site, 0), (site.with_columns(closed_on=closed), 1)):
        assert present(tables | {"site": sites}).norm_use.filter(pl.col("site") == "again").height == claims


def test_a_site_that_was_always_far_above_its_busy_peers_needs_a_check():
    assert counts(country(*weeks(50, 50, 50))) == 12
    assert counts(country(*weeks(50, 50, 50, checked_by="region"))) == 50


def test_old_activity_fades_to_what_quiet_peers_have_and_never_above_what_was_told():
    old = [{"day": ago(days), "units": 14.0, "checked_by": "region"} for days in (29, 22)]
    assert counts(country({"day": ago(7), "units": 14.0, "checked_by": "region"})) == 14
    assert 10 < counts(country({"day": ago(14), "units": 14.0, "checked_by": "region"})) < 14
    assert counts(country(*old)) == 10
    assert counts(country({"day": ago(22), "units": 2.0})) == 2


def test_a_size_that_only_the_applicant_vouches_for_counts_up_to_the_median_of_its_kind():
    tables = country()
    untold = tables["activity"].filter(pl.col("site") != LIAR)
    for own, expected in ((500, 20.0), (20, 8.0)):
        told = tables["site"].with_columns(
            organisation=pl.when(pl.col("site") == LIAR).then(pl.lit("mine")).otherwise("organisation"),
            size=pl.when(pl.col("site") == LIAR).then(own).otherwise("size").cast(pl.Int64),
            size_confirmed_by=pl.when(pl.col("site") == LIAR)
            .then(pl.lit("applicant").cast(tables["site"].schema["size_confirmed_by"]))
            .otherwise("size_confirmed_by"),
        )
        use = present(tables | {"site": told, "activity": untold}).norm_use.filter(pl.col("site") == LIAR)
        assert use["mid"].to_list() == [expected] and use["how"].to_list() == ["estimated"]


def test_a_larger_size_on_ones_own_word_counts_up_to_the_one_that_others_confirmed_before():
    tables = country()
    untold = tables["activity"].filter(pl.col("site") != LIAR)
    first = tables["site"].filter(pl.col("site") == LIAR)
    who = tables["site"].schema["size_confirmed_by"]
    for own, word, expected in ((500, "applicant", 12.0), (20, "applicant", 8.0), (500, "region", 200.0)):
        told = [
            first.with_columns(size=pl.lit(30)),
            first.with_columns(size=pl.lit(own), size_confirmed_by=pl.lit(word).cast(who), known_at=pl.lit(at(ago(2)))),
        ]
        rest = tables["site"].filter(pl.col("site") != LIAR)
        site = pl.concat([rest, *(row.cast(rest.schema) for row in told)])
        now = present(tables | {"site": site, "activity": untold})
        assert now.norm_use.filter(pl.col("site") == LIAR)["mid"].to_list() == [expected]
        assert now.world.known().confirmed_site.height == 1


def test_a_site_that_never_told_counts_as_a_quiet_peer():
    tables = country()
    less = pl.when(pl.col("site").is_in(["home-2", "home-3"])).then(4.0).otherwise("units")
    told = tables["activity"].filter(pl.col("site") != LIAR).with_columns(units=less)
    use = present(tables | {"activity": told}).norm_use.filter(pl.col("site") == LIAR)
    assert use["mid"].to_list() == [8.0], "two in six peers use 8 a day, the others 20"


def test_a_closed_site_claims_nothing_from_the_day_after():
    tables = country()
    for last_day, sites in ((ago(0), 7), (ago(1), 6)):
        closed = tables["site"].with_columns(closed_on=pl.when(pl.col("site") == LIAR).then(pl.lit(last_day)))
        assert present(tables | {"site": closed}).norm_use["site"].n_unique() == sites


def test_who_does_not_answer_a_question_about_activity_counts_as_holding_the_cap():
    tables = country(*weeks(10, 10))
    asked = rows("asked", {"site": LIAR, "topic": "activity", "day": ago(3), "due": ago(1)})
    count = rows("stock", {"site": LIAR, "day": ago(1), "pieces": 0})
    unasked = present(tables | {"stock": count}).position.filter(pl.col("site") == LIAR)["counts_as"].item()
    silent = present(tables | {"stock": count, "asked": asked})
    assert no_answer(silent.world)["site"].to_list() == [LIAR]
    assert unasked == 0 and silent.position.filter(pl.col("site") == LIAR)["counts_as"].item() >= 10 * 2 * 9
    answered = country(*weeks(10, 10, 10)) | {"stock": count, "asked": asked}
    assert no_answer(present(answered).world).is_empty()
    assert "ACTIVITY-03" in check_present(silent)["code"].to_list()


def packs(tables: dict[str, pl.DataFrame]) -> int:
    asks = [{"request": site, "site": site, "day": ago(1), "pieces": 1000} for site in HOMES]
    store = {"site": "store", "day": ago(1), "pieces": 300}
    asked = [{"site": site, "topic": "activity", "day": ago(3), "due": ago(1)} for site in HOMES]
    more = {"request": rows("request", *asks), "stock": rows("stock", store), "asked": rows("asked", *asked)}
    award = allocate(present(tables | more), rows_scarce(), seed=1).award
    return int(award.filter(pl.col("site") == LIAR)["packs"].sum())


def rows_scarce() -> pl.DataFrame:
    return pl.DataFrame({"need": ["mask"], "effective": ["scarce"]})


@examples(6, long=40)
@given(st.lists(st.integers(0, 60), min_size=3, max_size=3), st.integers(0, 3))
def test_silence_or_staleness_about_activity_raises_no_award(units: list[int], told: int):
    truth = weeks(*units)
    less = truth[:told]
    silent = country(*less) if less else country() | {"activity": country()["activity"].filter(pl.col("site") != LIAR)}
    assert packs(silent) <= packs(country(*truth))


@examples(8, long=40)
@given(st.lists(st.integers(1, 20), min_size=3, max_size=3), st.integers(1, 50))
def test_telling_more_than_is_so_never_counts_for_more_than_the_bound(units: list[int], more: int):
    lie = [*weeks(*units[:2]), {"day": ago(1), "units": float(units[2] + more)}]
    assert counts(country(*lie)) <= max(1.5 * min(units[:2]), min(units[1], 10)) + 1e-9


def test_what_became_known_later_is_not_what_was_told():
    late = {"day": ago(1), "units": 12.0, "known_at": at(ago(-1))}
    assert counts(country(*weeks(10, 10), late)) == counts(country(*weeks(10, 10)))
