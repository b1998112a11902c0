"""A line per site, need and risk class: what it holds, uses, asked and gets, with the sum that leads there."""

import polars as pl

from dijk.allocate.assumed import without_assumed
from dijk.report.story import Story
from dijk.tables import ALL
from dijk.tables.division import AWARD_LINES


def site_lines(story: Story) -> pl.DataFrame:
    """One row per claim, in the order of region, sector, site and need; award lines as columns, empty where they do not
    occur.

    What the hub of the region sends and the claim on the nation stand on rows of their own, and so does each risk
    class; ``product`` is what the claim is divided in, also where it gets none. Names stand beside codes, in both
    languages where they have two.
    """
    key = ["site", "need", "risk_class", "holder"]
    awards = story.plan.award.group_by(key).agg(
        pl.col("packs").sum(),
        pl.col("route").first().cast(pl.String),
        pl.col("cover_before_days", "cover_after_days").first(),
        shipped=(pl.col("packs") * pl.col("pieces_per_pack")).sum(),
    )
    held = story.plan.position.select(
        "site", "need", "counted_pieces", "counted_on", known="pieces", reason=pl.col("reason").cast(pl.String)
    )
    without = without_assumed(story.plan.claim, story.plan.award_line, story.plan.level).drop("known")
    return (
        story.plan.claim.drop("position_reason")
        .with_columns(pl.col("assumed_because").cast(pl.String))
        .join(awards, on=key, how="left")
        .join(without, on=key, how="left")
        .filter((pl.col("holder") == "warehouse") | pl.col("packs").is_not_null())
        .join(held, on=["site", "need"], how="left")
        .join(_lines(story), on=key, how="left")
        .join(story.world.site.select("site", "name"), on="site", how="left")
        .join(_region_names(story), on="region", how="left")
        .join(story.world.need.select("need", "name_en", "name_nl"), on="need", how="left")
        .join(_sector_names(story), on="sector", how="left")
        .join(_risk_names(story), on="risk_class", how="left")
        .sort("region", "sector", *key)
    )


def level_lines(story: Story) -> pl.DataFrame:
    """The published levels, with names of the needs; ``region`` is all for those of the nation."""
    names = story.world.need.select("need", "name_en", "name_nl")
    return story.plan.level.with_columns(pl.col("holder", "reach").cast(pl.String)).join(
        names, on="need", how="left", maintain_order="left"
    )


def silent_lines(story: Story) -> pl.DataFrame:
    """Who was asked and did not answer in time, with names, in the order of region, sector and site."""
    return (
        story.plan.not_answered.with_columns(pl.col("topic").cast(pl.String))
        .join(story.world.site.select("site", "name"), on="site", how="left")
        .join(_region_names(story), on="region", how="left")
        .join(_sector_names(story), on="sector", how="left")
        .sort("region", "sector", "site", "topic")
    )


def _lines(story: Story) -> pl.DataFrame:
    """Award lines, a column per kind of line."""
    wide = story.plan.award_line.with_columns(pl.col("line").cast(pl.String))
    columns = [pl.col("pieces").filter(pl.col("line") == line).sum().alias(f"line_{line}") for line in AWARD_LINES]
    return wide.group_by("site", "need", "risk_class", "holder").agg(columns)


def _sector_names(story: Story) -> pl.DataFrame:
    return story.world.sector.select("sector", sector_en="name_en", sector_nl="name_nl")


def _region_names(story: Story) -> pl.DataFrame:
    """The name of each region in both languages: region, region_en, region_nl."""
    names = {code: name for code, name in story.names["region"].items() if code != ALL}
    texts = {"region_en": [name.en for name in names.values()], "region_nl": [name.nl for name in names.values()]}
    return pl.DataFrame({"region": list(names), **texts}, schema_overrides=dict.fromkeys(("region", *texts), pl.String))


def _risk_names(story: Story) -> pl.DataFrame:
    return story.world.risk_class.select("risk_class", risk_en="name_en", risk_nl="name_nl")
