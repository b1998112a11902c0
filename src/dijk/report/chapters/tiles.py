"""In chapter 2: the regions as tiles, a map per scarce need, so that one sees where it is short."""

from typing import Any

import polars as pl

from dijk.report.chapters.cover import cell
from dijk.report.pages import Cell, Chart, Column, Figure, Figures, Say, Table, say
from dijk.report.story import Story
from dijk.tables import ALL, UNKNOWN

MAPS = 6
"""Scarce needs that get a map of their own, the most pressing first."""
STRIP = 6
"""Regions beside one another where nobody said where they lie."""

Places = dict[str, tuple[int, int]]


def tiles(story: Story, cells: pl.DataFrame) -> tuple[Figures, ...]:
    """A map per scarce need; nothing where there is no scarce need or no region."""
    rows = cells.filter((pl.col("sector") == ALL) & pl.col("region").is_in(story.regions))
    drawn = [need for need in story.regimes("scarce") if need in set(rows["need"])][:MAPS]
    maps = (_map(story, need, rows.filter(pl.col("need") == need), place) for place, need in enumerate(drawn, 1))
    return (Figures(tuple(maps)),) if drawn else ()


def _map(story: Story, need: str, rows: pl.DataFrame, place: int) -> Figure:
    ordered = rows.sort(pl.col("cover_days"), "region", nulls_last=True)
    covers = {row["region"]: cell(row, total=False) for row in ordered.iter_rows(named=True)}
    places = _places(story, list(covers))
    drawn = tuple(
        {"row": places[code][0], "column": places[code][1], "name": story.text("region", code), "cover": cover}
        for code, cover in covers.items()
    )
    named = ordered.filter(pl.col("region") != UNKNOWN)  # nobody lives in what cannot be placed
    short = named.filter(pl.col("tone") == "short").height
    known = named.filter(pl.col("cover_days").is_not_null()).height
    title = say("tiles.title", need=story.name("need", need), short=Cell("whole", short), known=Cell("whole", known))
    mapped = any(_told(story).values())
    return Figure(
        f"F2.{place}",
        title,
        Chart("tiles", drawn, Say("col.cover")),
        _in_words(story, need, named),
        _table(story, title, ordered, f"F2.{place}t"),
        notes=(Say("tiles.map" if mapped else "tiles.strip"),),
    )


def _in_words(story: Story, need: str, named: pl.DataFrame) -> Say:
    """The region with the least cover, and the one with the most."""
    known = named.filter(pl.col("cover_days").is_not_null())
    if known.is_empty():
        return say("tiles.unknown", need=story.name("need", need))
    least, most = known.row(0, named=True), known.row(-1, named=True)
    return say(
        "tiles.alt",
        need=story.name("need", need),
        least=story.name("region", least["region"]),
        least_days=Cell("days", least["cover_days"]),
        most=story.name("region", most["region"]),
        most_days=Cell("days", most["cover_days"]),
    )


def _table(story: Story, title: Say, ordered: pl.DataFrame, ref: str) -> Table:
    columns = (
        Column(Say("col.region")),
        Column(Say("col.cover"), "days"),
        Column(Say("col.unknown_share"), "share"),
        Column(Say("col.norm_use_per_day"), "pieces"),
    )
    rows = tuple(
        (
            story.name("region", row["region"]),
            cell(row, total=False),
            Cell("share", row["unknown_share"]),
            Cell("pieces", row["norm_use_per_day"]),
        )
        for row in ordered.iter_rows(named=True)
    )
    return Table(ref, title, columns, rows)


def _told(story: Story) -> dict[str, tuple[int, int] | None]:
    """Where the register of regions puts each, if it does."""
    rows = story.world.region.select("region", "tile_row", "tile_column").iter_rows()
    told: dict[str, Any] = {code: (row, column) if row and column else None for code, row, column in rows}
    return {code: told.get(code) for code in story.regions}


def _places(story: Story, codes: list[str]) -> Places:
    """Row and column of each region: as told; those without a place, or with another's, in a strip below."""
    places: Places = {}
    told = _told(story)
    for code in codes:
        where = told.get(code)
        if where is not None and where not in places.values():
            places[code] = where
    below = max((row for row, _ in places.values()), default=0)
    rest = [code for code in codes if code not in places]
    return places | {code: (below + 1 + at // STRIP, 1 + at % STRIP) for at, code in enumerate(rest)}
