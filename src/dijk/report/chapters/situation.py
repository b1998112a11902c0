"""Chapter 2: what is short, per need, sector and region; and what nobody knows."""

from collections.abc import Sequence

import polars as pl

from dijk.assess.regime import LIMITS, called_for, limits
from dijk.report.chapters.cover import cell
from dijk.report.chapters.lasting import lasting
from dijk.report.chapters.stock_path import stock_paths
from dijk.report.chapters.tiles import tiles
from dijk.report.pages import Block, Cell, Chapter, Column, Key, Prose, Row, Say, Table, say
from dijk.report.story import CARE_FIRST, Story
from dijk.report.theme import REGIME_TONES
from dijk.tables import ALL
from dijk.tables.registers import GROUPS

NUMBER = 2
STATUSES = ("approved", "promised", "quarantine", "blocked", "expired", "unaccepted")


def situation(story: Story) -> Chapter:
    """The matrix of need by sector and of need by region, and the central stock by status."""
    cells = judged(story)
    maps = tiles(story, cells)
    return Chapter(
        NUMBER,
        "situation",
        (
            *opening(story),
            Key(),
            matrix(story, cells, "T2.1", "sector"),
            matrix(story, cells, "T2.2", "region"),
            *maps,
            *in_store(story),
            *stock_paths(story, 1 + sum(len(block.figures) for block in maps)),
        ),
    )


def opening(story: Story) -> tuple[Prose, ...]:
    """What the colours mean, and how far a part of the nation is judged."""
    days = {"short": _days(story, "scarce_below_days"), "watch": _days(story, "early_below_days")}
    return (Prose(say("situation.intro", **days)), *_capped(story))


def in_store(story: Story) -> tuple[Block, ...]:
    """The central stock by status, and how long it lasts."""
    return (_central(story), *lasting(story))


def judged(story: Story) -> pl.DataFrame:
    """The situation with a tone per cell: that of the regime which its figures by themselves call for. No tone where
    there is nothing to judge. A chance that is not judged, because the cell may not hold so much, is ``beyond_cap``.
    A part is judged on what is known of it: unknown stock taken as none says something of the nation, whose goods go to
    all, and of a part that is full to its cap only that some of it is silent, which it shows.
    """
    tone = called_for(pl.lit("direct")).replace_strict(REGIME_TONES, return_dtype=pl.String)
    part = (pl.col("sector") != ALL) | (pl.col("region") != ALL)
    known = {"cover_least_days": "cover_days", "p_out_most_4w": "p_out_4w"}
    rows = limits(story.rules, story.world.today, story.plan.situation)
    toned = rows.with_columns(pl.when(part).then(told).otherwise(least).alias(least) for least, told in known.items())
    toned = toned.select(tone=pl.when(pl.col("cover_days").is_not_null()).then(tone))
    unasked = (pl.col("scarce_above_chance") >= 1) & (pl.col("early_above_chance") >= 1)
    return rows.hstack(toned).with_columns(beyond_cap=unasked & part).drop(LIMITS)


def across(story: Story, cells: pl.DataFrame, axis: str) -> tuple[str, ...]:
    """The columns of the matrix: all, the groups of sectors, then each sector or region."""
    used = set(cells["sector"].unique())
    groups = tuple(group for group in CARE_FIRST if group in used) if axis == "sector" else ()
    return (ALL, *groups, *(story.sectors if axis == "sector" else story.regions))


def matrix(story: Story, cells: pl.DataFrame, ref: str, axis: str) -> Table:
    """Cover per need, and per sector over all regions or per region over all sectors."""
    other = "region" if axis == "sector" else "sector"
    columns = across(story, cells, axis)
    by_place = {(row["need"], row[axis]): row for row in cells.filter(pl.col(other) == ALL).iter_rows(named=True)}
    return Table(
        ref,
        Say(f"situation.{axis}.title"),
        (Column(Say("col.need")), *(Column(story.text(axis, code), "days") for code in columns)),
        tuple(_line(story, by_place, need, columns) for need in story.needs),
        notes=(Say("situation.read"), Say("situation.reasons")),
        wide=True,
    )


def _line(story: Story, by_place: dict[tuple[str, str], dict[str, object]], need: str, columns: Sequence[str]) -> Row:
    nowhere = Cell("days", None, why="not_applicable")
    found = (by_place.get((need, code)) for code in columns)
    totals = (ALL, *GROUPS)
    places = (
        nowhere if row is None else cell(row, total=code in totals) for row, code in zip(found, columns, strict=True)
    )
    return (story.name("need", need), *places)


def _central(story: Story) -> Table:
    held = story.plan.central_stock.group_by("need", "status").agg(pl.col("pieces").sum())
    wide = {(need, str(status)): pieces for need, status, pieces in held.iter_rows()}
    oldest = dict(story.plan.central_stock.group_by("need").agg(pl.col("oldest_count").min()).iter_rows())
    columns = (
        Column(Say("col.need")),
        *(Column(Say(f"status.{status}"), "pieces") for status in STATUSES),
        Column(Say("col.oldest_count"), "day"),
    )
    rows = tuple(
        (
            story.name("need", need),
            *(Cell("pieces", wide.get((need, status), 0)) for status in STATUSES),
            Cell("day", oldest.get(need)),
        )
        for need in (*story.needs, *sorted(set(oldest) - set(story.needs)))
        if need in oldest
    )
    return Table("T2.3", Say("situation.central.title"), columns, rows, notes=(Say("situation.central.note"),))


def _capped(story: Story) -> tuple[Prose, ...]:
    """How parts of the country are judged, where they may not hold so much that the rules could find them well."""
    cap, short, watch = (story.rule(name) for name in ("cap_days", "scarce_below_days", "early_below_days"))
    if cap >= watch:
        return ()
    gaps = {"cap": Cell("number", cap), "short": Cell("number", short * cap / watch)}
    return (Prose(say("situation.capped", **gaps)),)


def _days(story: Story, rule: str) -> Cell:
    return Cell("whole", story.rule(rule))
