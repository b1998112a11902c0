"""Chapter 6: how each need is routed and why, the alarms, and the review list."""

import datetime as dt

import polars as pl

from dijk.report.pages import Cell, Chapter, Column, Heading, Points, Prose, Say, Table, Text, say
from dijk.report.story import LIST_LIMIT, Story, more

SOON_DAYS = 28
"""A verdict or acceptance that ends within this many days stands on the review list."""


def regimes(story: Story) -> Chapter:
    """Computed, verdict and effective side by side; then the alarms; then what the next meeting has to settle."""
    return Chapter(
        6,
        "regimes",
        (
            Prose(Say("regimes.intro")),
            _routing(story),
            Heading(Say("regimes.alarms.heading")),
            Points(
                tuple((words, "T6.1") for words in alarms(story)),
                Say("regimes.alarms.none" if story.needs else "headline.nothing_known"),
            ),
            Heading(Say("regimes.review.heading")),
            Prose(Say("regimes.review.intro")),
            _proposed(story),
            _unlisted(story),
            _ending(story),
        ),
    )


def alarms(story: Story) -> list[Say]:
    """Every need that is short or listed while no action runs, or of which nobody can say."""
    loud = story.ordered(story.plan.regime.filter(pl.col("alarm") & (pl.col("effective") != "unknown")))
    return [
        *(
            say("regimes.alarm", need=story.name("need", need), regime=Cell("regime", regime))
            for need, regime in loud.select("need", "effective").iter_rows()
        ),
        *(say("regimes.alarm_unknown", **words) for words in unsaid(story)),
    ]


def unsaid(story: Story) -> list[dict[str, Cell]]:
    """Needs of which nobody can say how short they are, each with what is missing."""
    rows = story.ordered(story.plan.regime.filter(pl.col("effective") == "unknown"))
    return [
        {"need": story.name("need", need), "missing": Cell("text", None, why=f"missing_{missing}")}
        for need, missing in rows.select("need", "missing").iter_rows()
    ]


def disagreements(story: Story) -> pl.DataFrame:
    """Needs for which the experts' verdict and the computation route differently, where the figures say anything."""
    other = (pl.col("computed") != pl.col("effective")) & (pl.col("computed") != "unknown")
    return story.ordered(story.plan.regime.filter(pl.col("verdict").is_not_null() & other))


def _routing(story: Story) -> Table:
    scope = story.rules.in_force("scope", story.world.today).select(
        "need", "lead_sourcing", "lead_buying", "lead_distributing"
    )
    lead = (
        pl.when(pl.col("action") == "sourcing")
        .then("lead_sourcing")
        .when(pl.col("action") == "buying")
        .then("lead_buying")
        .when(pl.col("action") == "distributing")
        .then("lead_distributing")
    )
    frame = story.ordered(story.plan.regime.join(scope, on="need", how="left").with_columns(lead=lead))
    columns = (
        Column(Say("col.need"), "need", "need"),
        Column(Say("col.effective"), "regime", "effective"),
        Column(Say("col.computed"), "regime", "computed"),
        Column(Say("col.verdict"), "verdict", "verdict", "no_verdict"),
        Column(Say("col.since"), "day", "since", "before_first"),
        Column(Say("col.action"), "action", "action"),
        Column(Say("col.lead"), "text", "lead", "no_lead"),
    )
    evidence = frame.select("evidence_en", "evidence_nl").iter_rows()
    lines = zip(story.rows(frame, columns), evidence, strict=True)
    rows = tuple((*row, Cell("text", Text(en, nl))) for row, (en, nl) in lines)
    return Table(
        "T6.1",
        Say("regimes.title"),
        (*columns, Column(Say("col.evidence"))),
        rows,
        notes=(Say("regimes.note"),),
        wide=True,
    )


def _proposed(story: Story) -> Table:
    frame = (
        story.rules.in_force("scope", story.world.today)
        .filter(~pl.col("state").is_in(["listed", "closed"]))
        .sort("state", "need")
    )
    columns = (
        Column(Say("col.need"), "need", "need"),
        Column(Say("col.scope"), "scope", "state"),
        Column(Say("col.since"), "day", "valid_from"),
        Column(Say("col.action"), "action", "action"),
        Column(Say("col.set_by"), "text", "set_by"),
        Column(Say("col.note"), "text", "note", "no_note"),
    )
    return Table(
        "T6.2", Say("regimes.proposed.title"), columns, story.rows(frame, columns), empty=Say("regimes.proposed.none")
    )


def _unlisted(story: Story) -> Table:
    """Requests for needs that are not on the list, over the days that a request counts."""
    listed = story.rules.in_force("scope", story.world.today).filter(pl.col("state") == "listed")["need"]
    since = story.world.today - dt.timedelta(days=int(story.rule("request_open_days")))
    frame = (
        story.world.request.filter(~pl.col("need").is_in(listed.implode()) & (pl.col("day") > since))
        .group_by("need")
        .agg(
            requests=pl.len(), sites=pl.col("site").n_unique(), pieces=pl.col("pieces").sum(), first=pl.col("day").min()
        )
        .sort("sites", "need", descending=[True, False])
    )
    columns = (
        Column(Say("col.need"), "need", "need"),
        Column(Say("col.requests"), "whole", "requests"),
        Column(Say("col.sites"), "whole", "sites"),
        Column(Say("col.pieces_asked"), "pieces", "pieces"),
        Column(Say("col.first_asked"), "day", "first"),
    )
    return Table(
        "T6.3", Say("regimes.unlisted.title"), columns, story.rows(frame, columns), empty=Say("regimes.unlisted.none")
    )


def ending(story: Story) -> pl.DataFrame:
    """Verdicts and acceptances that ended and were not renewed, or end soon: what, need, product, ended."""
    today, soon = story.world.today, story.world.today + dt.timedelta(days=SOON_DAYS)
    frames = []
    for what, key in (("verdict", ["need"]), ("acceptance", ["need", "product"])):
        rows: pl.DataFrame = getattr(story.rules, what)
        last = rows.sort(*key, "valid_from").unique(key, keep="last", maintain_order=True)
        last = last.filter(
            pl.col("valid_to").is_not_null()
            & (pl.col("valid_to") <= soon)
            & (pl.col("valid_to") >= pl.col("valid_from"))
        )
        product = pl.col("product") if "product" in key else pl.lit(None, dtype=pl.String)
        frames.append(
            last.select(
                "need", "valid_to", "basis", what=pl.lit(what), product=product, over=pl.col("valid_to") < today
            )
        )
    return pl.concat(frames).sort(
        "over", "valid_to", "what", "need", "product", descending=[True, False, False, False, False]
    )


def _ending(story: Story) -> Table:
    frame = ending(story).with_columns(
        pl.when("over").then(pl.lit("ended")).otherwise(pl.lit("ends_soon")).alias("state")
    )
    columns = (
        Column(Say("col.judgement"), "judgement", "what"),
        Column(Say("col.need"), "need", "need"),
        Column(Say("col.product"), "product", "product", "not_applicable"),
        Column(Say("col.ends"), "day", "valid_to"),
        Column(Say("col.state"), "ending", "state"),
        Column(Say("col.basis"), "text", "basis"),
    )
    shown = frame.head(LIST_LIMIT)
    notes = more(frame.height - shown.height)
    return Table(
        "T6.4",
        Say("regimes.ending.title"),
        columns,
        story.rows(shown, columns),
        notes=notes,
        empty=Say("regimes.ending.none"),
    )
