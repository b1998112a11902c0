"""A flow adds up over a week, a state does not: 959 beds a day are never 7,159 a week."""

import datetime as dt
from typing import Any

import pytest

from dijk.forecast import forecast
from dijk.forecast.indicators import indicators_seen
from dijk.inputs import Inputs
from small_country import AS_OF, present, table

LAST_DAY = AS_OF.date() - dt.timedelta(days=2)


def series(measure: str | None, *, days: int = 20, value: float = 959.0) -> list[dict[str, Any]]:
    rows = []
    for ago in range(days):
        day = LAST_DAY - dt.timedelta(days=ago)
        known = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(8), dt.UTC)
        row = {"indicator": "beds", "region": "north", "day": day, "known_at": known, "value": value}
        rows.append(row | {"measure": measure})
    return rows


def world(rows: list[dict[str, Any]]) -> Inputs:
    return present({"indicator": table("indicator", rows)}).world


@pytest.mark.parametrize(("measure", "week"), [("state", 959.0), ("flow", 7 * 959.0), (None, 959.0)])
def test_a_week_is_a_sum_for_a_flow_and_a_mean_for_a_state_or_where_nobody_told(
    measure: str | None, week: float
) -> None:
    seen = indicators_seen(world(series(measure)), LAST_DAY)
    assert seen["week_value"].to_list() == [pytest.approx(week)]
    assert seen["measure"].to_list() == [measure]


def test_an_indicator_that_is_told_both_ways_is_given_as_a_mean() -> None:
    rows = [*series("flow", days=9), *series("state")[9:]]
    seen = indicators_seen(world(rows), LAST_DAY)
    assert seen.select("measure", "week_value").row(0) == (None, pytest.approx(959.0))


def test_the_last_week_is_the_seven_days_up_to_the_last_one_and_no_seven_others() -> None:
    old = [row for row in series("flow") if row["day"] <= LAST_DAY - dt.timedelta(days=7)]
    assert indicators_seen(world(old), LAST_DAY)["week_value"].to_list() == [None]
    weekdays = [row for row in series("flow", value=10.0) if row["day"].weekday() < 5]
    assert indicators_seen(world(weekdays), LAST_DAY)["week_value"].to_list() == [pytest.approx(70.0)]


def test_the_measure_changes_no_forecast() -> None:
    flow, state = (
        present({"indicator": table("indicator", series(measure, days=70))}) for measure in ("flow", "state")
    )
    one, other = forecast(flow, seed=1), forecast(state, seed=1)
    assert one.driver_forecast.equals(other.driver_forecast)
    assert one.demand.equals(other.demand)
