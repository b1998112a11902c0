"""In chapter 2: when stock runs out, for the nation and for each place that holds goods for others."""

import polars as pl

from dijk.report.chapters.inbound import open_lines
from dijk.report.pages import Block, Column, Heading, Prose, Say, Table
from dijk.report.story import LIST_LIMIT, Story, more
from dijk.tables import ALL

CONFIRMED = ("confirmed", "underway")
DAYS = (("out_day_10", "lasting.day_10"), ("out_day_50", "lasting.day_50"), ("out_day_90", "lasting.day_90"))


def lasting(story: Story) -> tuple[Block, ...]:
    """The day of running out, days of stock and of cover with what is confirmed, and the depth of the shortage; then
    place by place.
    """
    return Heading(Say("lasting.heading")), Prose(Say("lasting.intro")), _nation(story), _places(story)


def _nation(story: Story) -> Table:
    whole = story.plan.situation.filter(
        (pl.col("sector") == ALL) & (pl.col("region") == ALL) & pl.col("need").is_in(story.needs)
    )
    coming = (
        open_lines(story).filter(pl.col("state").is_in(CONFIRMED)).group_by("need").agg(coming=pl.col("pieces").sum())
    )
    frame = story.ordered(whole.join(coming, on="need", how="left", maintain_order="left")).with_columns(
        with_inbound=pl.when(pl.col("norm_use_per_day") > 0).then(
            pl.col("cover_days") + pl.col("coming").fill_null(0) / pl.col("norm_use_per_day")
        ),
        why=pl.coalesce(pl.col("reason").cast(pl.String), pl.lit("beyond")),
    )
    columns = (
        Column(Say("col.need"), "need", "need"),
        Column(Say("col.cover"), "days", "cover_days", "reason"),
        Column(Say("lasting.with_inbound"), "days", "with_inbound", "reason"),
        *(Column(Say(words), "days", name, "why") for name, words in DAYS),
        Column(Say("lasting.shortfall"), "pieces", "shortfall", "reason"),
    )
    frame = frame.with_columns(
        shortfall=pl.col("short_pieces_4w").ceil().cast(pl.Int64),
        reason=pl.col("reason").cast(pl.String).fill_null("no_forecast"),
    )
    return Table(
        "T2.4", Say("lasting.nation.title"), columns, story.rows(frame, columns), notes=(Say("lasting.nation.note"),)
    )


def _places(story: Story) -> Table:
    chance = pl.col("p_out_4w")
    frame = story.plan.warehouse_outlook.filter(pl.col("need").is_in(story.needs))
    frame = frame.sort("need", chance, "site", descending=[False, True, False])
    frame = story.ordered(frame).with_columns(why=pl.lit("beyond"))
    shown = frame.head(LIST_LIMIT)
    columns = (
        Column(Say("col.need"), "need", "need"),
        Column(Say("col.site"), "site", "site"),
        Column(Say("col.region"), "region", "region"),
        Column(Say("lasting.pieces"), "pieces", "pieces"),
        Column(Say("lasting.part"), "share", "part"),
        Column(Say("lasting.days_of_stock"), "days", "days_of_stock", "not_applicable"),
        Column(Say("lasting.p_out_2w"), "share", "p_out_2w"),
        Column(Say("lasting.p_out_4w"), "share", "p_out_4w"),
        Column(Say("lasting.p_out_8w"), "share", "p_out_8w"),
        Column(Say("lasting.most_4w"), "share", "p_out_most_4w"),
        *(Column(Say(words), "days", name, "why") for name, words in DAYS),
    )
    notes = (Say("lasting.places.note"), *more(frame.height - shown.height))
    title, rows = Say("lasting.places.title"), story.rows(shown, columns)
    return Table("T2.5", title, columns, rows, notes=notes, wide=True, guarded="site")
