"""Chapter 12: what is wrong with the data, who has not answered, what is stale, which lots may not go out."""

import polars as pl

from dijk.allocate.assumed import without_assumed
from dijk.allocate.claims import CLAIM
from dijk.known import exact_sum
from dijk.report.pages import Cell, Chapter, Column, Heading, Prose, Row, Say, Table, Text, say
from dijk.report.story import LIST_LIMIT, Story, more
from dijk.tables import ALL
from dijk.tables.columns import HOLDERS

HELD = ("blocked", "quarantine", "expired")
"""What keeps a lot in, the gravest first."""


def quality(story: Story) -> Chapter:
    """Findings by code, silence by region and sector, stale counts, held lots."""
    return Chapter(
        12,
        "quality",
        (
            Prose(Say("quality.intro")),
            _findings(story),
            Heading(Say("quality.silent.heading")),
            _silent(story, "T12.2", "region"),
            _silent(story, "T12.3", "sector"),
            _assumed(story),
            Heading(Say("quality.stale.heading")),
            _known(story),
            Heading(Say("quality.lots.heading")),
            _lots(story),
        ),
    )


def _findings(story: Story) -> Table:
    """One row per code and table, the worst first, in the order of the plan."""
    frame = story.plan.finding.group_by("code", "severity", "table", "wanted_en", "wanted_nl", maintain_order=True).agg(
        pl.col("rows").sum(), pl.col("found").drop_nulls().first()
    )
    columns = (
        Column(Say("col.severity"), "severity", "severity"),
        Column(Say("col.code"), "code", "code"),
        Column(Say("col.table"), "code", "table"),
        Column(Say("col.rows"), "whole", "rows"),
        Column(Say("col.found"), "text", "found", "not_applicable", guarded="site"),
    )
    wanted = frame.select("wanted_en", "wanted_nl").iter_rows()
    rows = tuple(
        (*row, Cell("text", Text(en, nl))) for row, (en, nl) in zip(story.rows(frame, columns), wanted, strict=True)
    )
    return Table(
        "T12.1",
        Say("quality.findings.title"),
        (*columns, Column(Say("col.wanted"))),
        rows,
        empty=Say("quality.findings.none"),
    )


def silent_sites(story: Story) -> pl.DataFrame:
    """Sites that were asked for their stock and did not answer in time."""
    return story.plan.not_answered.filter(pl.col("topic") == "stock")


def silent_share(story: Story, axis: str) -> dict[str, float]:
    """Share of the norm use of a region or sector that is with silent sites: the mean over the needs used there."""
    silent = silent_sites(story).select("site", silent=pl.lit(True)).unique()
    places = story.world.site.select("site", "region", "sector")
    use = story.plan.norm_use.join(places, on="site").join(silent, on="site", how="left")
    use = use.with_columns(part=pl.when("silent").then("mid").otherwise(0.0))
    per_need = (
        use.group_by(axis, "need")
        .agg(all=exact_sum("mid"), part=exact_sum("part"))
        .filter(pl.col("all") > 0)
        .sort(axis, "need")
        .group_by(axis, maintain_order=True)
        .agg((pl.col("part") / pl.col("all")).mean().alias("share"))
    )
    return {code: share for code, share in per_need.iter_rows() if code is not None}


def _silent(story: Story, ref: str, axis: str) -> Table:
    asked = story.world.asked.filter(pl.col("topic") == "stock").select("site").unique()
    asked = asked.join(story.world.site.select("site", "region", "sector"), on="site")
    all_asked = dict(asked.group_by(axis).agg(pl.len()).iter_rows())
    silent = silent_sites(story)
    by_place = dict(silent.group_by(axis).agg(pl.len()).iter_rows())
    never = dict(silent.filter(pl.col("last_answer").is_null()).group_by(axis).agg(pl.len()).iter_rows())
    share = silent_share(story, axis)
    places = story.regions if axis == "region" else story.sectors
    rows: list[Row] = [
        (
            story.name(axis, code),
            Cell("whole", all_asked.get(code, 0)),
            Cell("whole", by_place.get(code, 0)),
            Cell("whole", never.get(code, 0)),
            Cell("share", share.get(code), why="not_applicable"),
        )
        for code in places
    ]
    columns = (
        Column(Say(f"col.{axis}")),
        *(Column(Say(f"col.{name}"), "whole") for name in ("asked", "silent", "never")),
        Column(Say("col.silent_share"), "share"),
    )
    foot = (
        story.name(axis, ALL),
        *(Cell("whole", sum(counts.values())) for counts in (all_asked, by_place, never)),
        Cell("share", None, why="not_applicable"),
    )
    return Table(
        ref, Say(f"quality.silent.{axis}"), columns, tuple(rows), foot=(foot,), notes=(Say("quality.silent.note"),)
    )


def _assumed(story: Story) -> Prose:
    """How many claims rest on an assumption about stock, and how many get less by it."""
    plan = story.plan
    rows = without_assumed(plan.claim, plan.award_line, plan.level)
    shipped = plan.award_line.filter(pl.col("line") == "shipped").select(*CLAIM, shipped="pieces")
    hurt = rows.join(shipped, on=CLAIM).filter(pl.col("without") > pl.col("shipped"))
    counts = {"sites": rows["site"].n_unique(), "claims": rows.height, "hurt": hurt.height}
    return Prose(say("quality.silent.assumed", **{name: Cell("whole", n) for name, n in counts.items()}))


def _known(story: Story) -> Table:
    """Per region how many lines of site and need are known, stale, or unknown and why."""
    reasons = ("stale", "no_answer", "not_asked", "refused", "not_counted")
    places = story.world.site.select("site", "region")
    held = story.plan.position.join(places, on="site").with_columns(pl.col("reason").cast(pl.String).fill_null("known"))
    counts = {
        (region, reason): count for region, reason, count in held.group_by("region", "reason").agg(pl.len()).iter_rows()
    }
    oldest = dict(held.group_by("region").agg(pl.col("counted_on").min()).iter_rows())
    columns = (
        Column(Say("col.region")),
        Column(Say("col.known"), "whole"),
        *(Column(Say(f"reason.{reason}"), "whole") for reason in reasons),
        Column(Say("col.oldest_count"), "day"),
    )
    rows = tuple(
        (
            story.name("region", region),
            *(Cell("whole", counts.get((region, reason), 0)) for reason in ("known", *reasons)),
            Cell("day", oldest.get(region)),
        )
        for region in story.regions
    )
    return Table("T12.4", Say("quality.stale.title"), columns, rows, notes=(Say("quality.stale.note"),))


def _lots(story: Story) -> Table:
    """Lots in warehouses and hubs that may not go out, by the newest count of each lot."""
    lot = ["site", "product", "lot"]
    holders = story.world.site.filter(pl.col("kind").is_in(list(HOLDERS)))["site"]
    newest = story.world.stock.filter(pl.col("site").is_in(holders.implode()) & pl.col("pieces").is_not_null()).filter(
        pl.col("day") == pl.col("day").max().over(lot)
    )
    order = pl.col("status").cast(pl.String).replace_strict(HELD, range(len(HELD)), default=None, return_dtype=pl.Int8)
    held = newest.with_columns(order=order).filter(pl.col("order").is_not_null() & (pl.col("pieces") > 0))
    frame = held.sort("order", "pieces", *lot, descending=[False, True, False, False, False])
    columns = (
        Column(Say("col.status"), "status", "status"),
        Column(Say("col.product"), "product", "product"),
        Column(Say("col.lot"), "code", "lot"),
        Column(Say("col.site"), "site", "site"),
        Column(Say("col.pieces"), "pieces", "pieces"),
        Column(Say("col.counted_on"), "day", "day"),
        Column(Say("col.expires_on"), "day", "expires_on", "not_stated"),
    )
    shown = frame.head(LIST_LIMIT)
    notes = more(frame.height - shown.height)
    return Table(
        "T12.5",
        Say("quality.lots.title"),
        columns,
        story.rows(shown, columns),
        notes=notes,
        empty=Say("quality.lots.none"),
        guarded="site",
    )
