"""Weekly hospital admissions of ten European countries, as known on each Monday (European COVID-19 forecast hub)."""

import datetime as dt
from pathlib import Path

import polars as pl

FILE = "eu_hub_truth_vintages.parquet"


def vintages(folder: Path) -> pl.DataFrame:
    """The change log of what was known when: location, week, week_end, value, known_from.

    Parameters
    ----------
    folder
        Where the file lies.

    Returns
    -------
    ``week`` is the Monday in the foreign week, which runs from Sunday to Saturday ``week_end``; ``value``
    admissions/week, empty where withdrawn; ``known_from`` the Monday from which it holds. The value as known on day d
    is the last row with ``known_from <= d``. Sorted by location, week and known_from.

    Raises
    ------
    ValueError
        Two states of one week from the same day, or a week that does not end on a Saturday.
    """
    rows = pl.read_parquet(Path(folder) / FILE).select(
        "location",
        week_end=pl.col("week_end").str.to_date(),
        value=pl.col("value").cast(pl.Int64),
        known_from=pl.col("known_from").str.to_date(),
    )
    key = ["location", "week_end", "known_from"]
    twice = rows.filter(rows.select(key).is_duplicated())
    if twice.height:
        raise ValueError(f"two states of one week on one day, wanted one: {twice.select(key).row(0)}")
    odd = rows.filter(pl.col("week_end").dt.weekday() != 6)
    if odd.height:
        raise ValueError(f"weeks that end on a Saturday wanted, found {odd['week_end'][0]}")
    week = pl.col("week_end") - dt.timedelta(days=5)
    return rows.with_columns(week=week).select("location", "week", "week_end", "value", "known_from").sort(key)
