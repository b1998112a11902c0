"""A forecast out of proportion is told for each kind with a published total, and for all items together."""

import datetime as dt

import polars as pl
import pytest

from dijk.forecast.proportion import ANCHORS, LEAST, MOST, PROTECTIVE, out_of_proportion
from small_country import present, table, tables

PEOPLE = 1_000_000
WORDS = {"name_en": "x", "name_nl": "x", "specification": "x"}


def told(pieces: dict[str, float], *, piece: str = "each", people: int | None = PEOPLE) -> list[str]:
    """What is told of a forecast with so many pieces a head and week of each kind, in the second of two weeks."""
    needs = table("need", [{"need": f"{family}_1", "family": family, "piece": piece} | WORDS for family in pieces])
    region = tables()["region"].with_columns(population=pl.when(pl.col("region") == "north").then(people))
    rows = [
        {
            "curve": curve,
            "need": f"{family}_1",
            "sector": sector,
            "region": "all",
            "week": week,
            "quantile_level": level,
            "pieces": many,
        }
        for family, per_head in pieces.items()
        for week, part in ((dt.date(2020, 4, 27), 0.5), (dt.date(2020, 5, 4), 1.0))
        for curve, sector, level, many in (
            ("base", "all", 0.5, per_head * PEOPLE * part),
            ("base", "all", 0.9, per_head * PEOPLE * 500),  # neither a high quantile, nor max, nor a sector counts
            ("max", "all", 0.5, per_head * PEOPLE * 500),
            ("base", "hospital", 0.5, per_head * PEOPLE),
        )
    ]
    return list(out_of_proportion(present({"need": needs, "region": region}).world, pl.DataFrame(rows)))


USUAL = {family: anchor.pieces_per_head for family, anchor in ANCHORS.items()}


@pytest.mark.parametrize("family", ANCHORS)
def test_a_forecast_of_112_times_what_was_published_is_told(family):
    found = told(USUAL | {family: 112 * ANCHORS[family].pieces_per_head})
    assert f"{family}: 112.0 x {ANCHORS[family].source}" in found
    assert [what for what in found if not what.startswith((family, "all"))] == []


@pytest.mark.parametrize("family", ANCHORS)
def test_a_forecast_of_twice_what_was_published_is_not_told(family):
    assert told(USUAL | {family: 2 * ANCHORS[family].pieces_per_head}) == []


def test_gloves_in_pairs_count_two_pieces():
    glove = ANCHORS["glove"].pieces_per_head
    assert told({"glove": 2 * glove}) == []
    assert told({"glove": 2 * glove}, piece="pair") == [f"glove: 4.0 x {ANCHORS['glove'].source}"]


def test_all_items_together_are_told_though_no_kind_is():
    some = {"eye": 2 * MOST.pieces_per_head, "cover": 1.9 * MOST.pieces_per_head}
    assert told(some) == [f"all: 3.9 x {MOST.source}"]
    assert told({"disinfection": 100.0}) == []  # not an item of protection
    assert set(some) < set(PROTECTIVE)


def test_so_little_that_something_must_be_missing_is_told_only_where_every_kind_is_forecast():
    little = {family: anchor * LEAST.pieces_per_head / sum(USUAL.values()) / 10 for family, anchor in USUAL.items()}
    assert told(little) == [f"all: 0.10 x {LEAST.source}"]
    assert told({family: little[family] for family in ("gown", "apron")}) == []


def test_nothing_is_told_where_nobody_knows_how_many_people_there_are():
    assert told({"glove": 1e6}, people=None) == []


def test_what_was_published_lies_in_the_order_of_what_is_known():
    # a glove a head and week or so, a respirator in twenty; all items from under one before the pandemic to nearly six
    # in 2021
    assert ANCHORS["glove"].pieces_per_head == pytest.approx(1.13, abs=0.01)
    assert ANCHORS["respirator"].pieces_per_head == pytest.approx(0.0568, abs=0.001)
    assert (LEAST.pieces_per_head, MOST.pieces_per_head) == (
        pytest.approx(0.83, abs=0.01),
        pytest.approx(5.83, abs=0.01),
    )
