"""Who was asked and did not answer in time."""

import polars as pl

from dijk.inputs import Inputs
from dijk.tables.facts import TOPICS
from dijk.tables.results import NotAnswered


def not_answered(world: Inputs) -> pl.DataFrame:
    """Per site and topic the last question that is past its due day and has no answer of that day or later.

    A refusal or another stated reason is an answer.
    """
    asked = (
        world.asked.filter(pl.col("due") < world.today)
        .sort("day")
        .group_by("site", "topic")
        .agg(asked_on=pl.col("day").last(), due=pl.col("due").last())
    )
    answers = pl.concat(
        [
            getattr(world, topic)
            .group_by("site")
            .agg(last_answer=pl.col("day").max())
            .with_columns(topic=pl.lit(topic, asked.schema["topic"]))
            for topic in TOPICS
        ]
    )
    places = world.site.select("site", "sector", "region")
    rows = asked.join(answers, on=["site", "topic"], how="left").join(places, on="site")
    silent = rows.filter(pl.col("last_answer").is_null() | (pl.col("last_answer") < pl.col("asked_on")))
    return NotAnswered.cast(silent.select(NotAnswered.column_names()).sort("site", "topic"))
