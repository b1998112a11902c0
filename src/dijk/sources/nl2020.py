"""A dataset on the real Dutch series: their course is real, the sites, goods and figures of care are made up and say
so.
"""

import datetime as dt
from pathlib import Path
from typing import Literal

import polars as pl

from dijk.example import AS_OF, SIZES, country_with
from dijk.example.care import stated_days
from dijk.example.country import ABROAD_SHARE, LOST_SHARE, OVERSEAS
from dijk.example.start import FICTIONAL, Size, catalogue
from dijk.sources.nl_series import NATION, read
from dijk.tables import FACTS, UNKNOWN

__all__ = ["read", "real_dataset"]

ADMISSIONS = "hosp_admissions"
"""Beds are known for the nation alone and go over regions as admissions of the last four weeks. Where a series has
ended, its course is that of admissions, with which infected residents ran level (log correlation 0.94 over 2020).
"""


def real_dataset(
    data_folder: Path, *, cut: dt.date, size: Literal["small", "national"] = "small", seed: int = 1
) -> dict[str, pl.DataFrame]:
    """All tables for a plan at 10:00 UTC on a day: real indicators up to then, less the reporting lag, and made-up
    care.

    The sites of the example country stand in the eleven regions by population, their work follows the real series, and
    every fact of them says ``assumed`` and ``fictional example``. Their days are moved along with ``cut``.

    Parameters
    ----------
    data_folder
        Where the real series lie.
    cut
        Day of the plan; a Monday keeps the weekdays of the example.

    Raises
    ------
    FileNotFoundError
        A file of the series is absent.
    ValueError
        ``cut`` lies outside the series.
    """
    series = read(data_folder, until=cut)
    followed = catalogue("drivers")["indicator"].drop_nulls().unique()
    indicator = series["indicator"].filter(pl.col("indicator").is_in(followed.implode()))
    newest = indicator.filter(pl.col("indicator") == ADMISSIONS)["day"].max()
    if not isinstance(newest, dt.date) or (cut - newest).days > 14:
        raise ValueError(f"a day within the series wanted, found {cut}")
    moved = cut - AS_OF.date()
    level = _levels(indicator, series["region_share"], SIZES[size], moved)
    made_up = {
        name: _moved(_marked(name, table), moved) for name, table in country_with(level, SIZES[size], seed=seed).items()
    }
    overseas = made_up["region"].filter(pl.col("region") == OVERSEAS)
    real = {
        "indicator": indicator,
        "region": pl.concat([series["region"], overseas]),
        "region_share": series["region_share"],
    }
    return made_up | real


def _marked(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """Facts of the made-up country say so in every row."""
    if name not in FACTS:
        return table
    source = table.with_columns(source=pl.lit(FICTIONAL))
    return (
        source.with_columns(pl.lit("assumed").cast(table.schema["how"]).alias("how"))
        if "how" in table.columns
        else source
    )


def _moved(table: pl.DataFrame, by: dt.timedelta) -> pl.DataFrame:
    """The same rows with every day and moment moved along."""
    days = [name for name, kind in table.schema.items() if kind.is_temporal()]
    return table.with_columns(pl.col(name) + by for name in days)


def _levels(indicator: pl.DataFrame, region_share: pl.DataFrame, size: Size, moved: dt.timedelta) -> pl.DataFrame:
    """Each real indicator per region as a share of the nation's top up to the cut: the mean of seven days, in the
    example's days.
    """
    tables = []
    for day in stated_days(size):
        week = indicator.filter(pl.col("day").is_between(day + moved - dt.timedelta(days=6), day + moved))
        level = _week_level(week, indicator, region_share)
        ended = [name for name in sorted(indicator["indicator"].unique()) if name not in level["indicator"]]
        instead = [
            level.filter(pl.col("indicator") == ADMISSIONS).with_columns(indicator=pl.lit(name)) for name in ended
        ]
        tables.append(pl.concat([level, *instead]).with_columns(day=pl.lit(day)))
    return pl.concat(tables).select("region", "indicator", "day", "level")


def _week_level(week: pl.DataFrame, indicator: pl.DataFrame, region_share: pl.DataFrame) -> pl.DataFrame:
    known = indicator.filter(pl.col("value").is_not_null())
    seven = pl.col("value").rolling_mean(7, min_samples=4).over("indicator", order_by="day")
    top = (
        known.filter(pl.col("region") == NATION)
        .with_columns(seven=seven)
        .group_by("indicator")
        .agg(top=pl.col("seven").max())
    )
    mean = week.filter(pl.col("value").is_not_null()).group_by("indicator", "region").agg(pl.col("value").mean())
    level = mean.join(top, on="indicator").with_columns(level=pl.col("value") / pl.col("top"))
    nation, parts = level.filter(pl.col("region") == NATION), level.filter(pl.col("region") != NATION)
    placed = _over_regions(parts.select("indicator", "region", "level"), region_share)
    alone = nation.filter(~pl.col("indicator").is_in(parts["indicator"].implode())).select("indicator", whole="level")
    share = _over_regions(_recent_share(known), region_share).select("region", share="level")
    beds = alone.join(share, how="cross").select("indicator", "region", level=pl.col("whole") * pl.col("share"))
    elsewhere = [
        nation.select("indicator", region=pl.lit(code), level=pl.col("level") * part)
        for code, part in ((OVERSEAS, ABROAD_SHARE), (UNKNOWN, LOST_SHARE))
    ]
    return pl.concat([placed, beds, *elsewhere]).sort("indicator", "region")


def _recent_share(known: pl.DataFrame) -> pl.DataFrame:
    """Share of each region in the admissions of the last four weeks: region, level, with a name for the indicator."""
    rows = known.filter((pl.col("indicator") == ADMISSIONS) & (pl.col("region") != NATION))
    recent = rows.filter(pl.col("day") > pl.col("day").max() - dt.timedelta(days=28))
    sums = recent.group_by("region").agg(pl.col("value").sum())
    return sums.select(indicator=pl.lit(ADMISSIONS), region="region", level=pl.col("value") / pl.col("value").sum())


def _over_regions(parts: pl.DataFrame, region_share: pl.DataFrame) -> pl.DataFrame:
    """Levels of safety regions over the eleven, by the crosswalk; what is unplaced is left out."""
    shares = region_share.select(region="from_region", to="to_region", share="share")
    level = (pl.col("level") * pl.col("share")).sum()
    rows = parts.join(shares, on="region").group_by("indicator", region="to").agg(level=level)
    return rows.select("indicator", "region", "level").filter(pl.col("region") != UNKNOWN)
