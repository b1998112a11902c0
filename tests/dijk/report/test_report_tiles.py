"""The regions as tiles: where the register puts them, else in a strip from the least cover on."""

from dataclasses import replace

import polars as pl

from dijk.report import About, Text, report
from dijk.report.charts import svg
from dijk.report.pages import Figure, figures
from dijk.report.shown import said, shown
from dijk.tables import ALL
from report_country import AS_OF, REGIONS, inputs, plan, policy

ABOUT = About(title=Text("Report", "Rapport"), as_of=AS_OF, seed=7, version="-", digest="-", run="-")
COVERS = {"east": 9.0, "west": 3.0, "unknown": 1.0}


def maps(**tiles: tuple[int, int]) -> list[Figure]:
    world, made = inputs(), plan()
    at = (
        [
            pl.col("region").replace_strict(
                {code: tile[place] for code, tile in tiles.items()}, default=None, return_dtype=pl.Int64
            )
            for place in (0, 1)
        ]
        if tiles
        else [pl.lit(None, pl.Int64)] * 2
    )
    region = world.region.with_columns(tile_row=at[0], tile_column=at[1])
    cover = pl.col("region").replace_strict(COVERS, default=5.0, return_dtype=pl.Float64)
    part = (pl.col("region") != ALL) & (pl.col("sector") == ALL) & pl.col("cover_days").is_not_null()
    cells = made.situation.with_columns(cover_days=pl.when(part).then(cover).otherwise("cover_days"))
    cells = cells.with_columns(unknown_share=pl.lit(0.0), cover_least_days="cover_days")
    pages = report(replace(world, region=region), policy(), replace(made, situation=cells), about=ABOUT)
    return [
        each
        for chapter in pages.chapters
        for block in chapter.blocks
        for each in figures(block)
        if each.ref.startswith("F2.")
    ]


def test_each_scarce_need_has_a_map_with_every_region() -> None:
    drawn = maps()
    assert [each.ref for each in drawn] == ["F2.1", "F2.2"]
    assert all(len(each.chart.rows) == len(REGIONS) for each in drawn)


def test_regions_stand_where_the_register_puts_them_and_the_rest_below() -> None:
    drawn = maps(east=(1, 2), west=(2, 1))[0].chart.rows
    assert {said(row["name"], "en"): (row["row"], row["column"]) for row in drawn} == {
        "East": (1, 2),
        "West": (2, 1),
        "Region unknown": (3, 1),
    }


def test_two_regions_on_one_tile_do_not_hide_each_other() -> None:
    drawn = maps(east=(1, 1), west=(1, 1))[0].chart.rows
    assert len({(row["row"], row["column"]) for row in drawn}) == len(REGIONS)


def test_without_places_the_regions_stand_in_a_strip_from_the_least_cover_on() -> None:
    drawn = maps()[0].chart.rows
    assert [said(row["name"], "en") for row in drawn] == ["Region unknown", "West", "East"]
    assert [(row["row"], row["column"]) for row in drawn] == [(1, 1), (1, 2), (1, 3)]


def test_the_title_says_in_how_many_regions_it_is_short_and_the_table_stands_behind_it() -> None:
    gown = maps()[0]
    assert said(gown.title, "en") == "Gown: short in 1 of 2 regions"
    assert "least in West (3.0 days)" in said(gown.alt, "en")
    assert [shown(row[1], "en") for row in gown.table.rows] == ["1.0", "3.0", "9.0"]


def test_no_tile_speaks_by_colour_alone() -> None:
    drawn = svg(maps()[0], "nl")
    for words in ("▼ 3,0", "◆ 9,0"):
        assert words in drawn
