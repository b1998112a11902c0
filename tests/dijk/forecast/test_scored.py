"""Past forecasts are scored once their week is over, and against the random walk."""

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest

from dijk.forecast import forecast
from dijk.forecast.scored import ForecastScore, past_scores
from dijk.score import QUANTILE_LEVELS
from small_country import AS_OF, present

EARLIER = AS_OF - dt.timedelta(weeks=3)
PUBLISHED = forecast(present(as_of=EARLIER), seed=1).driver_forecast


def scores(published: pl.DataFrame) -> pl.DataFrame:
    return past_scores(replace(present().world, past_driver_forecast=published), lag_days=2)


def test_only_weeks_that_are_over_are_scored():
    table = ForecastScore.validate(scores(PUBLISHED))
    assert set(table["region"]) == {"north", "south", "unknown", "all"}
    assert set(table["horizon"]) == {0, 1, 2}  # the weeks of 6 and 13 April; that of 20 April lacks its last days
    assert table.filter(region="all", horizon=0)["forecasts"].item() == 2


def test_nothing_published_gives_an_empty_table():
    assert scores(PUBLISHED.clear()).height == 0


def test_a_forecast_that_loses_to_the_random_walk_says_so():
    silly = PUBLISHED.with_columns(value=pl.col("value") * 40)
    assert scores(silly).filter(horizon=0, region="all")["relative"].item() > 1
    assert scores(silly).filter(horizon=0, region="all")["bias"].item() == pytest.approx(-1)


def test_a_perfect_forecast_scores_nothing():
    truth = present().world.indicator.filter(region="north").select("day", "value")
    week = truth.filter(pl.col("day").is_between(dt.date(2020, 4, 6), dt.date(2020, 4, 12)))["value"].sum()
    perfect = PUBLISHED.filter(region="north", week=dt.date(2020, 4, 6)).with_columns(value=pl.lit(week))
    assert perfect.height == len(QUANTILE_LEVELS)
    row = scores(perfect).filter(horizon=1).to_dicts()[0]
    assert row["wis"] == pytest.approx(0, abs=1e-9)
    assert row["coverage_50"] == 1
