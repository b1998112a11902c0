"""Odd series, each through a plan and through the backtest: a finding or a wider interval, never a crash or a silent
zero.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from dijk.check import check
from dijk.desk.app import app
from dijk.forecast import forecast
from dijk.forecast.doubts import check_forecast
from dijk.forecast.track import past_scores
from small_country import AS_OF, indicator_rows, present, table

Rows = list[dict[str, Any]]
LAST = AS_OF.date() - dt.timedelta(days=2)
USUAL = indicator_rows()
PUBLISHED = forecast(present(as_of=AS_OF - dt.timedelta(weeks=3)), seed=1).driver_forecast


def ago(row: dict[str, Any]) -> int:
    return int((LAST - row["day"]).days)


def without(rows: Rows, gone: Callable[[dict[str, Any]], bool]) -> Rows:
    return [row for row in rows if not gone(row)]


def valued(rows: Rows, value: Callable[[dict[str, Any]], float]) -> Rows:
    return [row | {"value": value(row)} for row in rows]


ODD: dict[str, Rows] = {
    "gaps": without(USUAL, lambda row: ago(row) % 5 == 1),
    "a week that is missing altogether": without(USUAL, lambda row: 7 <= ago(row) < 14),
    "the newest week missing": without(USUAL, lambda row: ago(row) < 7),
    "three weeks missing": without(USUAL, lambda row: 7 <= ago(row) < 28),
    "a day told twice": [*USUAL, *(row | {"known_at": AS_OF - dt.timedelta(days=1)} for row in USUAL if ago(row) == 3)],
    "a region that appears": without(USUAL, lambda row: row["region"] == "south" and ago(row) > 20),
    "a region that merges into another": without(
        valued(USUAL, lambda row: row["value"] * (1.4 if row["region"] == "north" and ago(row) < 20 else 1.0)),
        lambda row: row["region"] == "south" and ago(row) < 20,
    ),
    "all zero": valued(USUAL, lambda row: 0.0),
    "one region all zero": valued(USUAL, lambda row: 0.0 if row["region"] == "south" else row["value"]),
    "two points": [row for row in USUAL if ago(row) in (2, 9)],
    "two weeks": [row for row in USUAL if ago(row) < 14],
    "one huge day": valued(USUAL, lambda row: row["value"] * (1e6 if ago(row) == 4 else 1.0)),
    "taken back day by day": [
        *USUAL,
        *(
            row | {"value": None, "reason": "retracted", "known_at": AS_OF - dt.timedelta(days=1)}
            for row in USUAL
            if ago(row) < 7
        ),
    ],
}
SAYS = {  # by a finding; the others are bridged, wider, or valid as they are
    "gaps": "INDICATOR-01",
    "a week that is missing altogether": "INDICATOR-01",
    "three weeks missing": "INDICATOR-01",
    "two points": "FORECAST-03",
    "two weeks": "FORECAST-02",
    "one huge day": "FORECAST-04",
}


def through_a_plan(rows: Rows) -> tuple[pl.DataFrame, pl.DataFrame, set[str]]:
    """Demand, the fan of the nation's beds, and the codes of all findings."""
    now = present({"indicator": table("indicator", rows)})
    now = replace(now, world=replace(now.world, past_driver_forecast=PUBLISHED))
    future = forecast(now, seed=1)
    said = pl.concat([check(now.world, now.policy), check_forecast(now, future, past_scores(now))])
    return future.demand, future.driver_forecast.filter(region="all"), set(said["code"])


def width(fan: pl.DataFrame) -> float:
    """The central 95 % of the third week on the log scale."""
    week = sorted(set(fan["week"]))[2]
    low, high = (
        fan.filter(pl.col("week") == week, pl.col("quantile_level") == level)["value"].item()
        for level in (0.025, 0.975)
    )
    return float(np.log1p(high) - np.log1p(low))


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD)
def test_a_plan_has_a_demand_for_every_week_and_no_silent_zero(name):
    demand, fan, codes = through_a_plan(ODD[name])
    base = demand.filter(curve="base", need="gown", sector="all", region="all", quantile_level=0.5)
    assert base.height == 8
    assert base["pieces"].is_finite().all()
    assert (base["pieces"] > 0).all()
    assert fan.height == (
        0 if name == "two points" else 8 * 23
    )  # two days are no week: nothing is known, and that is not zero
    wide = demand.filter(curve="base", need="gown", sector="hospital", region="north", week=base["week"][2])
    assert wide.filter(quantile_level=0.9)["pieces"].item() > 1.05 * wide.filter(quantile_level=0.1)["pieces"].item()
    assert SAYS.get(name, "FORECAST-02") in codes


def test_a_series_of_which_no_week_is_known_counts_as_silent_and_not_as_level():
    assert through_a_plan(ODD["two points"])[0].equals(through_a_plan([])[0])


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["a week that is missing altogether", "the newest week missing", "three weeks missing", "two weeks"]
)
def test_what_is_missing_makes_the_forecast_wider(name):
    assert width(through_a_plan(ODD[name])[1]) > width(through_a_plan(USUAL)[1])


def test_the_newest_week_missing_is_not_the_end_of_the_wave():
    usual, silent = (
        through_a_plan(ODD.get(name, USUAL))[1].filter(quantile_level=0.5)["value"][0]
        for name in ("", "the newest week missing")
    )
    assert silent > 0.5 * usual


def weekly(rows: Rows) -> pl.DataFrame:
    """The same as a change log of weeks: known two days after they end."""
    weeks: dict[tuple[str, dt.date], list[float | None]] = {}
    for row in rows:
        end = row["day"] + dt.timedelta(days=(5 - row["day"].weekday()) % 7)
        weeks.setdefault((row["region"], end), []).append(row["value"])
    log = [
        (place, end, sum(v or 0.0 for v in values), end + dt.timedelta(days=2))
        for (place, end), values in weeks.items()
    ]
    return pl.DataFrame(
        log,
        schema={"location": pl.String, "week_end": pl.Date, "value": pl.Float64, "known_from": pl.Date},
        orient="row",
    )


def backtested(log: pl.DataFrame, folder: Any) -> tuple[pl.DataFrame, str]:
    log.write_csv(folder / "log.csv")
    asked = [
        "backtest",
        "--vintages",
        str(folder / "log.csv"),
        "--from",
        "2020-04-13",
        "--to",
        "2020-04-27",
        "-o",
        str(folder / "o.parquet"),
    ]
    said = CliRunner().invoke(app, asked)
    assert said.exit_code == 0, said.output
    made = pl.read_parquet(folder / "o.parquet")
    assert made["value"].is_finite().all()
    assert (made["value"] >= 0).all()
    return made, said.output


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD)
def test_the_backtest_takes_it(name, tmp_path):
    made, _ = backtested(weekly(ODD[name]), tmp_path)
    assert made.height > 0
    top = made.filter(horizon=1, quantile=0.99)
    assert (top["value"] > 0).all()  # even of nothing but zeros nobody is certain


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("a negative correction", ("north", dt.date(2020, 4, 18), -50.0, dt.date(2020, 4, 27))),
        ("a week taken back", ("north", dt.date(2020, 4, 18), None, dt.date(2020, 4, 27))),
        ("the same row again", ("north", dt.date(2020, 4, 18), 1500.0, dt.date(2020, 4, 20))),
        ("a location with one week", ("new", dt.date(2020, 4, 18), 30.0, dt.date(2020, 4, 20))),
        ("a location without a figure", ("none", dt.date(2020, 4, 18), None, dt.date(2020, 4, 20))),
    ],
)
def test_the_backtest_takes_an_odd_row(name, more, tmp_path):
    log = weekly(USUAL)
    made, _ = backtested(pl.concat([log, pl.DataFrame([more], schema=log.schema, orient="row")]), tmp_path)
    last = made.filter(location="north", forecast_date=dt.date(2020, 4, 27), quantile=0.5)
    usual = backtested(log, tmp_path)[0].filter(location="north", forecast_date=dt.date(2020, 4, 27), quantile=0.5)
    assert last.height == 4, name
    assert (last["value"] > 0.5 * usual["value"]).all()
    assert ("new" in set(made["location"])) == (name == "a location with one week")
    assert "none" not in set(made["location"])


def test_a_log_without_rows_gives_no_forecast_and_no_crash(tmp_path):
    assert backtested(weekly(USUAL).clear(), tmp_path)[0].height == 0
