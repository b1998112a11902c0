"""In chapter 5: how much of the norms is really used, as far as use, deliveries and orders tell."""

import polars as pl

from dijk.report.pages import Block, Cell, Column, Heading, Prose, Say, Table, say
from dijk.report.story import LIST_LIMIT, Story, more


def usage(story: Story) -> tuple[Block, ...]:
    """The usage factors that something moved; how many stand at the norm is told."""
    frame = story.ordered(story.plan.usage_factor.filter(pl.col("need").is_in(story.needs)).sort("need", "sector"))
    moved = frame.filter(pl.col("how") != "assumed")
    columns = (
        Column(Say("col.need"), "need", "need"),
        Column(Say("col.sector"), "sector", "sector"),
        Column(Say("usage.factor"), "factor", "factor"),
        Column(Say("usage.low"), "factor", "low"),
        Column(Say("usage.high"), "factor", "high"),
        Column(Say("usage.range_kept"), "share", "range_kept"),
        Column(Say("usage.use_weeks"), "whole", "use_weeks"),
        Column(Say("usage.delivery_weeks"), "whole", "delivery_weeks"),
        Column(Say("usage.request_weeks"), "whole", "request_weeks"),
        Column(Say("usage.raising_weeks"), "whole", "raising_weeks"),
    )
    shown = moved.head(LIST_LIMIT)
    notes = (Say("usage.note"), *more(moved.height - shown.height))
    counts = {"moved": Cell("whole", moved.height), "all": Cell("whole", frame.height)}
    return (
        Heading(Say("usage.heading")),
        Prose(say("usage.intro", **counts)),
        Table("T5.8", Say("usage.title"), columns, story.rows(shown, columns), notes=notes, empty=Say("usage.none")),
    )
