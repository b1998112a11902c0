"""A plan sees what was said before: it corrects the newest weeks where a source always does, and nothing else."""

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from dijk.forecast import forecast
from dijk.forecast.doubts import doubts
from dijk.forecast.indicators import weekly_series
from dijk.forecast.paths import indicator_paths
from dijk.forecast.track import past_scores
from dijk.forecast.vintages import nowcast_series, weeks_as_told
from dijk.inputs import Inputs
from small_country import AS_OF, present, table

LAST_DAY = AS_OF.date() - dt.timedelta(days=2)
DAYS = 7 * 20


def told(*, first: float = 0.5, whole_after: int = 10, days: int = DAYS) -> list[dict[str, Any]]:
    """Two regions whose days are first told at a share of what they turn out to be, and whole some days later."""
    rows = []
    for region, size in (("north", 300.0), ("south", 120.0)):
        for ago in range(days):
            day = LAST_DAY - dt.timedelta(days=ago)
            value = size + 5 * (ago % 7)
            known = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(8), dt.UTC)
            row = {"indicator": "beds", "region": region, "day": day, "known_at": known}
            rows += [
                row | {"value": value * first},
                row | {"value": value, "known_at": known + dt.timedelta(days=whole_after)},
            ]
    return rows


def seen(rows: list[dict[str, Any]], *, as_of: dt.datetime = AS_OF) -> Inputs:
    return Inputs.of({"indicator": table("indicator", rows)}, as_of=as_of).known()


def newest(world: Inputs) -> tuple[np.ndarray, np.ndarray]:
    """The newest week as it is known and as it is corrected."""
    series = weekly_series(world, LAST_DAY)
    return series[0].values[:, -1], nowcast_series(series, world, LAST_DAY)[0].values[:, -1]


def test_a_source_that_starts_at_half_is_doubled_and_says_so():
    known, better = newest(seen(told()))
    assert better == pytest.approx(2 * known, rel=0.03)
    now = present({"indicator": table("indicator", told())})
    rows = forecast(now, seed=1).indicator_seen
    assert rows["nowcast"].to_list() == pytest.approx([2.0, 2.0], rel=0.03)


def test_what_was_told_is_kept_by_age():
    weeks = weeks_as_told(seen(told()), "beds", LAST_DAY).filter(region="north").sort("week", "age")
    ten_back = dict(weeks.filter(week=10).select("age", "value").iter_rows())
    assert ten_back[0] == pytest.approx(ten_back[4] / 2)  # seven days of which none is ten days old
    assert ten_back[2] == ten_back[4]


def test_the_forecast_from_first_figures_is_near_that_from_final_ones():
    def median(rows: list[dict[str, Any]]) -> float:
        fan = forecast(present({"indicator": table("indicator", rows)}), seed=1).driver_forecast
        return fan.filter(region="all", quantile_level=0.5)["value"][1]

    final = median(told(first=1.0))
    assert median(told()) == pytest.approx(final, rel=0.1)
    alone = [row for row in told() if row["known_at"] <= AS_OF]
    last = {(row["region"], row["day"]): row for row in alone}  # only the latest row of each day: nothing to learn from
    assert median(list(last.values())) < 0.7 * final


def test_a_series_that_is_never_revised_is_the_very_same():
    world = seen([row for row in told(first=1.0) if row["known_at"].date() == row["day"] + dt.timedelta(days=1)])
    assert world.told_indicator.height == 0
    series = weekly_series(world, LAST_DAY)
    assert nowcast_series(series, world, LAST_DAY)[0] is series[0]


def test_the_same_figure_told_twice_changes_nothing():
    world = seen(told(first=1.0))
    assert world.told_indicator.height > 0
    series = weekly_series(world, LAST_DAY)
    assert nowcast_series(series, world, LAST_DAY)[0] is series[0]


def test_revisions_that_go_either_way_change_nothing():
    rng = np.random.default_rng(1)
    factor: dict[object, float] = {}
    rows = told(first=1.0)
    for row in rows[::2]:
        key = (row["region"], (LAST_DAY - row["day"]).days // 7)
        row["value"] *= factor.setdefault(key, float(rng.choice([0.7, 1.4])))
    known, better = newest(seen(rows))
    assert (known == better).all()


def test_few_past_weeks_are_not_trusted():
    known, better = newest(seen(told(days=7 * 11)))
    assert (known == better).all()


def test_what_became_known_later_changes_nothing():
    early = AS_OF - dt.timedelta(weeks=1)
    rows = told()
    later = [row | {"value": row["value"] * 9} if row["known_at"] > early else row for row in rows]
    one, other = (
        forecast(present({"indicator": table("indicator", some)}, as_of=early), seed=1) for some in (rows, later)
    )
    assert one.driver_forecast.equals(other.driver_forecast)
    assert one.indicator_seen["nowcast"].drop_nulls().len() == 2


def test_seeing_the_known_world_again_changes_nothing():
    world = seen(told())
    again = world.known()
    assert again.told_indicator.equals(world.told_indicator)
    assert again.indicator.equals(world.indicator)


def test_missing_stays_missing_and_is_not_zero():
    silent = [row for row in told() if not (row["region"] == "north" and (LAST_DAY - row["day"]).days < 7)]
    known, better = newest(seen(silent))
    assert np.isnan(known[0])
    assert np.isnan(better[0])
    assert better[1] == pytest.approx(2 * known[1], rel=0.03)


def test_a_withdrawn_figure_is_neither_final_nor_zero():
    rows = told()
    for row in [row for row in rows if row["region"] == "north" and (LAST_DAY - row["day"]).days // 7 == 9][1::2]:
        rows.append(row | {"value": None, "reason": "retracted", "known_at": AS_OF - dt.timedelta(days=1)})
    world = seen(rows)
    assert np.isnan(weekly_series(world, LAST_DAY)[0].values[0, -10])
    known, better = newest(world)
    assert better == pytest.approx(2 * known, rel=0.03)


def test_a_change_of_unit_is_no_revision():
    changed = AS_OF - dt.timedelta(weeks=6)
    rows = [row for row in told(first=1.0) if row["known_at"].date() == row["day"] + dt.timedelta(days=1)]
    before = [row | {"value": row["value"] / 7} for row in rows if row["known_at"] < changed]
    after = [row | {"known_at": max(row["known_at"], changed)} for row in rows]
    known, better = newest(seen(before + after))
    assert (known == better).all()


def test_a_nation_with_a_rest_is_corrected_as_its_parts_are():
    rows = told()
    whole = [row | {"region": "nl", "value": row["value"] * 1.5} for row in rows if row["region"] == "north"]
    nation = table("region", [{"region": "nl", "scheme": "nation", "name": "x"}])
    world = Inputs.of({"indicator": table("indicator", [*rows, *whole]), "region": nation}, as_of=AS_OF).known()
    series = weekly_series(world, LAST_DAY)
    assert series[0].regions == ("north", "south", "unknown")
    better = nowcast_series(series, world, LAST_DAY)[0]
    assert better.values[:, -1] == pytest.approx(2 * series[0].values[:, -1], rel=0.05)
    assert better.daily[:, -7:].sum(axis=1) == pytest.approx(better.values[:, -1])


def test_a_correction_widens_the_forecast():
    rng = np.random.default_rng(2)
    rows, share = told(first=1.0), {}
    for row in rows[::2]:
        week = (row["region"], (LAST_DAY - row["day"]).days // 7)
        row["value"] *= share.setdefault(week, float(rng.uniform(0.3, 0.8)))
    world = seen(rows)
    better = nowcast_series(weekly_series(world, LAST_DAY), world, LAST_DAY)[0]
    assert better.doubt is not None
    assert (better.doubt > 0.05).all()
    certain = replace(better, doubt=np.zeros(2))
    wide, narrow = (
        np.std(np.log(indicator_paths([one], 4, 400, seed=1)[0].ahead[:, 0, 0])) for one in (better, certain)
    )
    assert wide > narrow


def test_the_finding_says_what_was_corrected_and_how_much():
    now = present({"indicator": table("indicator", told())})
    rows = doubts(now.world, forecast(now, seed=1), past_scores(now), lag_days=2).filter(
        pl.col("code") == "FORECAST-06"
    )
    assert [what[:13] for what in rows["what"]] == ["beds north: x", "beds south: x"]
