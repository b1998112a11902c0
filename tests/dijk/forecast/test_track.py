"""Past forecasts are scored once their week is over, and against the random walk."""

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest

import country_once
from dijk.example import AS_OF as EXAMPLE_AS_OF
from dijk.example.earlier import driver_forecasts
from dijk.forecast import forecast
from dijk.forecast.score import QUANTILE_LEVELS
from dijk.forecast.track import past_scores, sectors_resting
from dijk.tables.forecast import ForecastScore
from small_country import AS_OF, indicator_rows, present, table, tables

EARLIER = AS_OF - dt.timedelta(weeks=3)
PUBLISHED = forecast(present(as_of=EARLIER), seed=1).driver_forecast


def scores(published: pl.DataFrame) -> pl.DataFrame:
    now = present()
    return past_scores(replace(now, world=replace(now.world, past_driver_forecast=published)))


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


def test_a_week_with_five_known_days_counts_as_the_forecast_counts_it():
    rows = [row for row in indicator_rows() if row["day"].weekday() < 5]
    now = present({"indicator": table("indicator", rows)})
    found = past_scores(replace(now, world=replace(now.world, past_driver_forecast=PUBLISHED)))
    assert set(found["horizon"]) == {0, 1, 2}


def test_the_nation_is_scored_on_its_own_figure_where_a_region_is_silent():
    nation = table("region", [{"region": "nl", "scheme": "nation", "name": "x"}])
    whole = [row | {"region": "nl"} for row in indicator_rows(regions=("all",))]
    rows = [row for row in indicator_rows() if row["region"] != "south" or row["day"] < dt.date(2020, 4, 1)]
    changed = {"region": pl.concat([tables()["region"], nation]), "indicator": table("indicator", rows + whole)}
    now = present(changed)
    found = past_scores(replace(now, world=replace(now.world, past_driver_forecast=PUBLISHED)))
    assert set(found["region"]) == {"north", "unknown", "all"}


def test_what_cannot_be_a_forecast_is_not_scored():
    before = PUBLISHED.with_columns(week=pl.col("week") - dt.timedelta(weeks=2))  # two weeks lie before the run
    assert set(scores(before)["horizon"]) == {0, 1, 2}
    assert scores(PUBLISHED.filter(pl.col("quantile_level") != 0.5)).height == 0
    assert scores(PUBLISHED.with_columns(indicator=pl.lit("other"))).height == 0


def test_an_indicator_belongs_to_the_group_whose_demand_rests_on_it():
    assert sectors_resting(present()) == {"beds": "cure"}
    both = tables()["norm"].with_columns(driver=pl.lit("patient_day"))
    assert sectors_resting(present({"norm": both})) == {"beds": "all"}
    admitted = tables()["driver"].with_columns(
        indicator=pl.when(pl.col("indicator").is_not_null()).then(pl.lit("icu_beds"))
    )
    assert sectors_resting(present({"driver": admitted})) == {
        "hosp_admissions": "cure",
        "icu_admissions": "cure",
        "icu_beds": "cure",
    }


def test_what_became_known_later_touches_no_published_forecast_of_the_example():
    indicator, region = (country_once.tables()[name] for name in ("indicator", "region"))
    later = pl.col("known_at") > EXAMPLE_AS_OF - dt.timedelta(weeks=1)
    changed = indicator.with_columns(value=pl.when(later).then(pl.col("value") * 9).otherwise("value"))
    assert driver_forecasts(changed, region, seed=1).equals(driver_forecasts(indicator, region, seed=1))
