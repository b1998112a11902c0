"""The end of chapter 5: how earlier forecasts of the indicators did, beside the random walk that they should beat."""

import polars as pl

from dijk.forecast.track import ENOUGH_FORECASTS
from dijk.report.pages import Block, Cell, Column, Heading, Prose, Say, Table, say
from dijk.report.story import LIST_LIMIT, Story, more
from dijk.tables import ALL
from dijk.tables.registers import GROUPS

GROUP_ORDER = (*GROUPS, ALL)


def track_record(story: Story) -> tuple[Block, ...]:
    """Scores of past forecasts: the nation, the nation by weeks ahead, and the regions in which the forecast lost."""
    group = pl.col("sector").replace_strict(
        GROUP_ORDER, range(len(GROUP_ORDER)), default=len(GROUP_ORDER), return_dtype=pl.Int64
    )
    scores = story.plan.forecast_score.with_columns(
        verdict=pl.when(pl.col("forecasts") < ENOUGH_FORECASTS)
        .then(pl.lit("too_few"))
        .when(pl.col("relative").is_null())
        .then(pl.lit("no_walk"))
        .when(pl.col("relative") > 1)
        .then(pl.lit("lost"))
        .otherwise(pl.lit("won"))
    ).sort(group, "indicator", "region", "horizon")
    if scores.is_empty():
        return Heading(Say("track.heading")), Prose(Say("track.none"))
    nation, least = scores.filter(region=ALL), Cell("whole", ENOUGH_FORECASTS)
    lost = scores.filter((pl.col("region") != ALL) & (pl.col("horizon") == 0) & (pl.col("verdict") == "lost"))
    return (
        Heading(Say("track.heading")),
        Prose(say("track.intro", least=least)),
        _table(story, "T5.4", nation.filter(horizon=0), "sector"),
        _table(story, "T5.5", nation.filter(pl.col("horizon") > 0), "horizon"),
        _table(story, "T5.6", lost.sort("relative", "indicator", "region", descending=[True, False, False]), "region"),
    )


def _table(story: Story, ref: str, frame: pl.DataFrame, axis: str) -> Table:
    """One row per score; ``axis`` is what tells the rows of an indicator apart: the group, the week ahead, or the
    region.
    """
    columns = (
        Column(Say("col.indicator"), "indicator", "indicator"),
        Column(Say(f"track.column.{axis}"), "whole" if axis == "horizon" else axis, axis),
        Column(Say("track.forecasts"), "whole", "forecasts"),
        Column(Say("track.verdict"), "track", "verdict"),
        Column(Say("track.relative"), "factor", "relative", "no_past"),
        Column(Say("track.log_wis"), "fine", "log_wis"),
        Column(Say("track.wis"), "number", "wis"),
        Column(Say("track.coverage_50"), "share", "coverage_50"),
        Column(Say("track.coverage_95"), "share", "coverage_95"),
        Column(Say("track.bias"), "number", "bias"),
    )
    shown = frame.head(LIST_LIMIT)
    notes = (Say(f"track.{axis}.note"), *more(frame.height - shown.height))
    title, none = Say(f"track.{axis}.title"), Say(f"track.{axis}.none")
    return Table(ref, title, columns, story.rows(shown, columns), notes=notes, wide=True, empty=none)
