"""What stands in for an answer is told to the one it hurts, with what an answer would have brought."""

import polars as pl
import pytest

import country_once
from dijk.allocate import Division, allocate
from dijk.allocate.assumed import without_assumed
from dijk.allocate.sentence import explain
from dijk.example import AS_OF
from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.present import present as presented
from small import ago, present, registers, rows

Tables = dict[str, pl.DataFrame]
HOMES = tuple(f"home-{n}" for n in range(1, 41))
SILENT = HOMES[0]


def country(*, store: int, counted: int | None = None, topic: str = "stock") -> Tables:
    """Forty homes that use 20 masks a day and ask for 300; the first was asked and tells so many, or does not answer."""
    told = [{"site": site, "day": ago(1), "units": 10.0} for site in HOMES]
    counts = [{"site": site, "day": ago(1), "pieces": 0} for site in HOMES[1:]]
    own = [] if counted is None else [{"site": SILENT, "day": ago(1), "pieces": counted}]
    asks = [{"request": site, "site": site, "day": ago(2), "pieces": 300} for site in HOMES]
    goods = {"site": "store", "day": ago(1), "pieces": store}
    return registers(HOMES) | {
        "activity": rows("activity", *told),
        "stock": rows("stock", goods, *counts, *own),
        "request": rows("request", *asks),
        "asked": rows("asked", {"site": SILENT, "topic": topic, "day": ago(6), "due": ago(3)}),
    }


def divided(tables: Tables) -> Division:
    now = present(tables)
    return allocate(now, now.world.need.select("need", effective=pl.lit("scarce")), seed=1)


def got(division: Division) -> int:
    award = division.award.filter(pl.col("site") == SILENT)
    return int((award["packs"] * award["pieces_per_pack"]).sum())


@pytest.mark.parametrize("store", [20_000, 4_000, 1_200])
def test_what_an_answer_of_nothing_would_have_brought_is_what_it_brings_at_that_level(store):
    silent, answers = divided(country(store=store)), divided(country(store=store, counted=0))
    (told,) = without_assumed(silent.claim, silent.award_line, silent.level).to_dicts()
    assert got(silent) == 0 and told["known"] == 0
    assert got(answers) <= told["without"] <= got(answers) * 40 / 39 + 1, "one in forty lowers the level so much"
    if store == 20_000:
        assert told["without"] == got(answers), "where there is enough for all, nothing moves the level"


def test_a_silent_site_reads_which_question_it_left_open_and_what_an_answer_would_have_brought():
    silent = divided(country(store=4_000))
    (said,) = explain(silent.claim, silent.award_line, silent.level, site=SILENT, need="mask")
    told = without_assumed(silent.claim, silent.award_line, silent.level)["without"].item()
    assert (
        "Of these 200 stand in for an answer: you did not answer the question of 21 April about your stock." in said.en
    )
    assert f"Report it: with 0 pieces in stock this level would have given you {told}." in said.en
    assert "Daarvan staan 200 in de plaats van een antwoord: u beantwoordde de vraag van 21 april over uw" in said.nl
    assert f"Meld dit alsnog: met 0 stuks op voorraad had dit niveau u er {told} gegeven." in said.nl


def test_who_answered_reads_of_no_assumption():
    answers = divided(country(store=4_000, counted=40))
    (said,) = explain(answers.claim, answers.award_line, answers.level, site=SILENT, need="mask")
    assert without_assumed(answers.claim, answers.award_line, answers.level).is_empty()
    assert "in for an answer" not in said.en and "second count" not in said.en


def test_a_count_in_doubt_is_told_only_where_it_costs_something():
    came = rows("delivery", {"delivery": "d", "site": SILENT, "day": ago(2), "pieces": 150})
    for store, costs in ((4_000, True), (0, False)):
        doubted = divided(country(store=store, counted=10) | {"delivery": came})
        (said,) = explain(doubted.claim, doubted.award_line, doubted.level, site=SILENT, need="mask")
        assert doubted.claim.filter(pl.col("site") == SILENT)["assumed_because"].to_list() == ["count"]
        assert ("wait for a second count, or a check by another" in said.en) == costs


@pytest.mark.parametrize(("came", "because"), [(150, "stock"), (900, "count")])
def test_of_silence_and_a_count_in_doubt_the_one_that_counts_is_told(came: int, because: str):
    tables = country(store=4_000)
    low = rows("stock", {"site": SILENT, "day": ago(8), "pieces": 10})
    more = {"stock": pl.concat([tables["stock"], low])}
    more |= {"delivery": rows("delivery", {"delivery": "d", "site": SILENT, "day": ago(9), "pieces": came})}
    (held,) = present(tables | more).position.filter(pl.col("site") == SILENT).to_dicts()
    assert (held["assumed_because"], held["counts_as"] == 200) == (because, because == "stock")


@pytest.mark.slow
def test_what_is_assumed_is_all_that_counts_beyond_the_ledger_and_what_is_promised():
    tables = country_once.tables()
    now = presented(Inputs.of(tables, as_of=AS_OF).known(), Policy.of(tables).known(AS_OF))
    rows = now.position.with_columns(rest=pl.col("counts_as") - pl.col("promised") - pl.col("assumed"))
    known = rows.filter(pl.col("pieces").is_not_null())
    assert (known["rest"] == known["pieces"]).all()
    assert rows.filter(pl.col("assumed") > 0)["assumed_because"].null_count() == 0
    assert rows.filter(pl.col("assumed") == 0)["assumed_because"].null_count() == rows.filter(assumed=0).height
    silent = rows.filter(pl.col("assumed_because").is_in(["stock", "activity"]))
    assert silent.height > 0 and silent["assumed_on"].null_count() == 0
