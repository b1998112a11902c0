"""Spread over processes or a cluster, the forecast is the same."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from dijk.desk.app import app
from dijk.forecast.backtest import backtest
from dijk.forecast.spread import on_dask, on_processes

LAST = dt.date(2021, 3, 1)
FIRST = LAST - dt.timedelta(weeks=3)


def change_log(weeks: int = 30) -> pl.DataFrame:
    rng = np.random.default_rng(1)
    ends = [LAST - dt.timedelta(days=2, weeks=ago) for ago in range(weeks)]
    rows = [
        (place, end, float(rng.poisson(size)), end + dt.timedelta(days=2))
        for place, size in (("AA", 400), ("BB", 30))
        for end in ends
    ]
    return pl.DataFrame(rows, schema=["location", "week_end", "value", "known_from"], orient="row")


def test_each_monday_is_forecast_for_itself():
    def backwards(job: Callable[[Any], Any], parts: Iterable[Any]) -> list[Any]:
        return [job(part) for part in reversed(list(parts))][::-1]

    serial = backtest(change_log(), first=FIRST, last=LAST)
    assert serial["forecast_date"].n_unique() == 4
    assert backtest(change_log(), first=FIRST, last=LAST, mapped=backwards).equals(serial)
    alone = backtest(change_log(), first=LAST, last=LAST)
    assert serial.filter(pl.col("forecast_date") == LAST).equals(alone)


@pytest.mark.slow
def test_the_command_gives_the_same_bytes_with_two_workers(tmp_path):
    change_log().write_parquet(tmp_path / "log.parquet")
    asked = ["backtest", "--vintages", str(tmp_path / "log.parquet"), "--from", str(FIRST), "--to", str(LAST)]
    for workers in ("1", "2"):
        said = CliRunner().invoke(app, [*asked, "-o", str(tmp_path / f"{workers}.parquet"), "--workers", workers])
        assert said.exit_code == 0, said.output
    assert (tmp_path / "1.parquet").read_bytes() == (tmp_path / "2.parquet").read_bytes()


def test_one_worker_starts_no_process():
    assert on_processes(1) is map


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_forecasts():
    distributed = pytest.importorskip("dask.distributed", reason="Dask is not installed; the extra is called cluster")
    serial = backtest(change_log(), first=FIRST, last=LAST)
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert backtest(change_log(), first=FIRST, last=LAST, mapped=on_dask(client)).equals(serial)
