"""What care does each week, and what that uses at the norms: the weight behind every quantity of the example."""

import datetime as dt

import numpy as np
import polars as pl

from dijk.example.start import TODAY, Size, catalogue, moment, shaped, stream
from dijk.tables import FACTS

STATED = TODAY - dt.timedelta(days=3)
"""Last day of activity, a Friday; sites tell it at the end of that day."""


def stated_days(size: Size) -> list[dt.date]:
    """Days of which sites tell their activity: one a week for each round, newest first."""
    return [STATED - dt.timedelta(days=7 * i) for i in range(size.rounds)]


def activity(sites: pl.DataFrame, level: pl.DataFrame, size: Size, *, seed: int) -> pl.DataFrame:
    """Table ``activity``: units a day per site, driver and risk class, one day a week for each round.

    Parameters
    ----------
    sites
        Table ``site``, one row each.
    level
        region, indicator, day, level: an indicator in a region as a share of the nation's top, on each of
        ``stated_days``. A driver that follows an indicator moves with it; the others are flat.
    """
    weeks = stated_days(size)
    rows = _site_share(sites).join(catalogue("activities"), on="sector", maintain_order="left")
    rows = rows.join(catalogue("drivers").select("driver", "indicator"), on="driver", how="left", maintain_order="left")
    rows = rows.join(level, on=["region", "indicator"], how="left", maintain_order="left")
    flat = (
        rows.filter(pl.col("indicator").is_null()).drop("day", "level").join(pl.DataFrame({"day": weeks}), how="cross")
    )
    rows = pl.concat(
        [rows.filter(pl.col("indicator").is_not_null()), flat.with_columns(level=pl.lit(None, dtype=pl.Float64))],
        how="diagonal_relaxed",
    )
    rows = rows.sort("site", "driver", "risk_class", "day")
    chance = np.exp(stream(seed, "activity").normal(0, 0.15, rows.height))
    share = (
        pl.when(pl.col("level").is_null()).then(pl.col("of_nation")).otherwise(pl.col("of_region") * pl.col("level"))
    )
    units = pl.col("units_per_day") * size.scale * share * pl.Series(chance)
    return shaped(
        rows.with_columns(
            units=units.round(2),
            known_at=moment(pl.col("day"), hour=16),
            source=pl.format("activity report of {}", "site"),
            how=pl.lit("counted"),
            checked_by=pl.when(pl.col("size") > 300).then(pl.lit("regional desk")),
        ),
        FACTS["activity"],
    )


def told(activity: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """The activity that sites told: one in seventy told nothing, so that its size has to do, and one in a hundred
    refused.
    """
    sites = activity.select("site").unique(maintain_order=True)
    chance = pl.Series("chance", stream(seed, "told").random(sites.height))
    rows = activity.join(sites.with_columns(chance), on="site", maintain_order="left").filter(pl.col("chance") > 1 / 70)
    refused = pl.col("chance") > 0.99
    return rows.with_columns(
        units=pl.when(~refused).then("units"),
        reason=pl.when(refused).then(pl.lit("refused").cast(activity.schema["reason"])),
    ).drop("chance")


def _site_share(sites: pl.DataFrame) -> pl.DataFrame:
    """Each site's share of its sector in the nation, and in its region, by size."""
    rows = sites.filter(pl.col("sector").is_not_null()).select("site", "sector", "region", "size")
    return rows.with_columns(
        of_nation=pl.col("size") / pl.col("size").sum().over("sector"),
        of_region=pl.col("size") / pl.col("size").sum().over("sector", "region"),
    )


def weight(activity: pl.DataFrame, sites: pl.DataFrame, norm: pl.DataFrame) -> pl.DataFrame:
    """Pieces a day per site and need at the conventional norms, from the newest activity: site, need, sector, region,
    w.

    Reckoned here on its own, so that the example does not lean on the step it is there to try.
    """
    newest = activity.filter(pl.col("day") == pl.col("day").max()).select("site", "driver", "risk_class", "units")
    norms = norm.filter(pl.col("reuse_stage").cast(pl.String) == "conventional")
    keys = ["sector", "driver", "risk_class"]
    rows = newest.join(sites.select("site", "sector", "region"), on="site", maintain_order="left").join(
        norms.select("need", *keys, pieces=pl.col("mid") * pl.col("coverage")), on=keys, maintain_order="left"
    )
    used = rows.group_by("site", "need", "sector", "region", maintain_order=True).agg(
        w=(pl.col("pieces") * pl.col("units")).sum()
    )
    return used.filter(pl.col("w") > 0).sort("site", "need")
