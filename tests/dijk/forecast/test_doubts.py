"""What a person should doubt in a forecast is named, and nothing else."""

import datetime as dt

import polars as pl

from dijk.forecast import forecast
from dijk.forecast.doubts import doubts
from dijk.forecast.track import past_scores
from small_country import indicator_rows, present, table, tables


def found(changed: dict[str, pl.DataFrame] | None = None) -> dict[str, list[str]]:
    now = present(changed)
    rows = doubts(now.world, forecast(now, seed=1), past_scores(now), lag_days=2)
    return {str(code): part["what"].to_list() for (code,), part in rows.group_by("code", maintain_order=True)}


def test_a_short_past_is_told_and_nothing_else():
    assert found() == {"FORECAST-02": ["beds"]}


def test_a_driver_whose_indicator_is_silent_is_told():
    silent = found({"indicator": table("indicator", [])})
    assert silent == {"FORECAST-03": ["patient_day: beds"]}


def test_a_day_that_catches_up_is_told():
    day = dt.date(2020, 4, 14)
    rows = [row | {"value": row["value"] * (3 if row["day"] == day else 1)} for row in indicator_rows()]
    assert found({"indicator": table("indicator", rows)})["FORECAST-04"] == ["beds 2020-04-14"]


def test_a_forecast_out_of_proportion_is_told():
    words = {"name_en": "x", "name_nl": "x", "specification": "x", "piece": "each"}
    needs = table(
        "need", [{"need": "mask", "family": "respirator"} | words, {"need": "gown", "family": "device"} | words]
    )

    def of(people: int) -> list[str]:
        region = tables()["region"].with_columns(population=pl.lit(people))
        return found({"region": region, "need": needs}).get("FORECAST-01", [])

    # 1,050 masks a week; Belgium's need was 0.057 a head
    assert of(10_000) == []
    assert len(of(1_000)) == 1
    assert of(1_000)[0].startswith("respirator: 9.")
