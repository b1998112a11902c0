"""Spread over partitions, processes or a cluster, the forecast is the same."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from dijk.forecast.partition import Weekly, forecast_all, forecast_partition, on_dask, on_processes


def weekly(groups: int = 4, series: int = 3, weeks: int = 40) -> pl.DataFrame:
    rng = np.random.default_rng(1)
    rows = [
        (f"g{g}", f"s{s}", dt.date(2021, 1, 4) + dt.timedelta(weeks=w), float(rng.poisson(50 * (s + 1))))
        for g in range(groups)
        for s in range(series)
        for w in range(weeks)
    ]
    return Weekly.validate(pl.DataFrame(rows, schema=["group", "series", "week", "value"], orient="row"))


def test_partitions_and_their_order_change_nothing():
    rows = weekly()
    one = forecast_all(rows)
    assert one.height == 4 * 3 * 4 * 23
    assert forecast_all(rows, partitions=3).equals(one)
    assert forecast_all(rows.sample(fraction=1.0, shuffle=True, seed=2), partitions=2).equals(one)
    assert forecast_all(rows.filter(pl.col("group") == "g2")).equals(one.filter(pl.col("group") == "g2"))


def test_no_rows_give_an_empty_table():
    assert forecast_all(weekly().clear()).height == forecast_partition(weekly().clear()).height == 0


@pytest.mark.long
def test_processes_give_the_same_bytes():
    rows = weekly()
    assert forecast_all(rows, partitions=2, mapped=on_processes(2)).equals(forecast_all(rows))


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_bytes():
    distributed = pytest.importorskip("dask.distributed", reason="Dask is not installed; the extra is called cluster")
    rows = weekly()
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert forecast_all(rows, partitions=4, mapped=on_dask(client)).equals(forecast_all(rows))
