"""The same forecast on one process, on several, or on a cluster: a pure function per partition behind one map."""

import datetime as dt
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import dataframely as dy
import numpy as np
import polars as pl

from dijk.forecast.drivers import look_ahead, quantile_forecast
from dijk.forecast.score import QUANTILE_LEVELS

Map = Callable[[Callable[[pl.DataFrame], pl.DataFrame], Iterable[pl.DataFrame]], Iterable[pl.DataFrame]]


class Weekly(dy.Schema):
    """Weekly figures of series that are forecast group by group; a week without a row is missing."""

    group = dy.String(primary_key=True, description="Series that share their errors and lean on their sum.")
    series = dy.String(primary_key=True, description="Code of the series.")
    week = dy.Date(primary_key=True, description="Monday that starts the week.")
    value = dy.Float64(nullable=True, min=0, description="Count of the week; empty is missing.")


def forecast_partition(rows: pl.DataFrame, *, horizon: int = 4, seed: int = 1) -> pl.DataFrame:
    """Forecast one partition: whole groups, in any number.

    Parameters
    ----------
    rows
        Table `Weekly`. A group may not be spread over partitions.

    Returns
    -------
    Columns group, series, week, quantile_level, value, sorted. The same rows whatever else is in the partition.
    """
    parts = [_one_group(str(name), part, horizon, seed) for (name,), part in rows.group_by("group")]
    if not parts:
        empty = {
            "group": pl.String,
            "series": pl.String,
            "week": pl.Date,
            "quantile_level": pl.Float64,
            "value": pl.Float64,
        }
        return pl.DataFrame(schema=empty)
    return pl.concat(parts).sort("group", "series", "week", "quantile_level")


def forecast_all(rows: pl.DataFrame, *, partitions: int = 1, mapped: Map = map) -> pl.DataFrame:
    """Forecast all groups, spread over partitions by any map that keeps the order: `map` itself, `on_processes`,
    `on_dask`.

    Which groups go together changes nothing in the result.
    """
    groups = rows["group"].unique().sort()
    number = groups.to_frame().with_columns(part=pl.int_range(len(groups)) % partitions)
    shards = rows.join(number, on="group").partition_by("part", include_key=False)
    done = list(mapped(forecast_partition, shards))
    return pl.concat(done).sort("group", "series", "week", "quantile_level") if done else forecast_partition(rows)


def on_processes(workers: int) -> Map:
    """Give a map over processes of this machine. They are spawned, so a script that calls it needs a main guard."""

    def mapped(job: Callable[[pl.DataFrame], pl.DataFrame], shards: Iterable[pl.DataFrame]) -> list[pl.DataFrame]:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            return list(pool.map(job, shards))

    return mapped


def on_dask(client: Any) -> Map:
    """Give a map over the workers of a Dask client (extra `cluster`)."""

    def mapped(job: Callable[[pl.DataFrame], pl.DataFrame], shards: Iterable[pl.DataFrame]) -> list[pl.DataFrame]:
        done: list[pl.DataFrame] = client.gather(client.map(job, list(shards), pure=False))
        return done

    return mapped


def _one_group(name: str, rows: pl.DataFrame, horizon: int, seed: int) -> pl.DataFrame:
    series = rows["series"].unique().sort()
    newest: dt.date = rows["week"].max()  # type: ignore[assignment]
    age = (pl.lit(newest) - pl.col("week")).dt.total_days() // 7
    placed = rows.drop_nulls("value").with_columns(age=age).join(series.to_frame().with_row_index("row"), on="series")
    weeks = int(placed["age"].max() or 0) + 1  # type: ignore[arg-type]
    counts = np.full((len(series), weeks), np.nan)
    counts[placed["row"].to_numpy(), weeks - 1 - placed["age"].to_numpy()] = placed["value"].to_numpy()
    values = quantile_forecast(look_ahead(counts, tuple(series), horizon, seed=seed))
    levels = len(QUANTILE_LEVELS)
    ahead = pl.Series([newest + dt.timedelta(weeks=h) for h in range(1, horizon + 1)], dtype=pl.Date)
    return pl.DataFrame(
        {
            "group": [name] * values.size,
            "series": series.gather(np.repeat(np.arange(len(series)), horizon * levels)),
            "week": ahead.gather(np.tile(np.repeat(np.arange(horizon), levels), len(series))),
            "quantile_level": np.tile(QUANTILE_LEVELS, len(series) * horizon),
            "value": values.ravel(),
        }
    ).filter(pl.col("value").is_not_nan())
