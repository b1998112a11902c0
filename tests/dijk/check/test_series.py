"""Faults of a whole series: each is told of the table, whichever way it came in, and a clean series is not doubted."""

import datetime as dt
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from dijk.check.series import odd_series
from small import TODAY, at, registers, rows, world

DAYS = 60
LEVEL = np.concatenate([np.linspace(5, 40, 30), np.linspace(40, 25, 30)])
"""A wave: up for a month, down for a month."""

Values = np.ndarray
Change = Callable[[Values], Values]


def day(number: int) -> dt.date:
    return TODAY - dt.timedelta(days=DAYS - number)


def country(change: Change = lambda v: v, *, only: tuple[str, ...] = ()) -> dict[str, pl.DataFrame]:
    """Admissions of two regions and their nation, the sum of both; ``change`` changes the regions, or only some series."""
    chance = np.random.default_rng(3)
    north, south = (chance.poisson(LEVEL).astype(float) for _ in range(2))
    if not only:
        north, south = change(north), change(south)
    series = {"north": north, "south": south, "land": north + south}
    told = [
        {"indicator": "admissions", "region": region, "day": day(i), "known_at": at(day(i), 20), "value": float(value)}
        for region, values in series.items()
        for i, value in enumerate(change(values) if region in only else values)
        if not np.isnan(value)
    ]
    places = ({"region": "north"}, {"region": "south"}, {"region": "unknown"}, {"region": "land", "scheme": "nation"})
    return registers() | {"region": rows("region", *places), "indicator": rows("indicator", *told)}


def codes(tables: dict[str, pl.DataFrame]) -> set[str]:
    return {str(found["code"]) for found in odd_series(world(tables))}


def from_day(number: int, factor: float) -> Change:
    return lambda v: np.where(np.arange(DAYS) >= number, v * factor, v)


def last(days: int, value: float) -> Change:
    return lambda v: np.where(np.arange(DAYS) >= DAYS - days, np.floor(v * value), v)


def without(share: float) -> Change:
    return lambda v: np.where(np.random.default_rng(1).random(DAYS) < share, np.nan, v)


CLEAN: dict[str, Change] = {
    "as it is": lambda v: v,
    "with days that lack": without(0.1),
    "a steep rise without a fall": lambda v: np.round(2.0 * 1.12 ** np.arange(DAYS)),
    "a steady number": lambda v: np.full(DAYS, 30.0),
    "few a week": lambda v: np.floor(v / 25),
    "half on the last day": last(1, 0.5),
    "nothing on Sundays": lambda v: np.where([day(i).isoweekday() == 7 for i in range(DAYS)], 0, v),
    "a wave that ends": lambda v: np.round(v * np.concatenate([np.ones(30), 0.93 ** np.arange(30)])),
}


@pytest.mark.parametrize("change", CLEAN.values(), ids=CLEAN.keys())
def test_a_clean_series_is_not_doubted(change):
    assert codes(country(change)) == set()


FAULTS: list[tuple[str, str, Change, tuple[str, ...]]] = [
    ("totals so far", "SERIES-12", np.cumsum, ()),
    ("totals so far in one region", "SERIES-12", np.cumsum, ("north",)),
    ("totals with one correction", "SERIES-12", lambda v: np.cumsum(v) - 3 * (np.arange(DAYS) >= 45) * (v[45] + 1), ()),
    ("totals from a day on", "SERIES-12", lambda v: np.concatenate([v[:20], np.cumsum(v)[20:]]), ()),
    ("zeros for three days", "SERIES-13", last(3, 0), ()),
    ("a zero on the last day", "SERIES-13", last(1, 0), ()),
    ("zeros for ten days", "SERIES-13", last(10, 0), ()),
    ("zeros in one region", "SERIES-13", last(2, 0), ("south",)),
    ("a tenth on the last days", "SERIES-13", last(2, 0.1), ()),
    ("a nation that counts twice", "SERIES-14", from_day(48, 2), ("land",)),
    ("a region that counts twice", "SERIES-14", from_day(48, 3), ("north",)),
    ("a nation that counts twice on one day", "SERIES-14", lambda v: np.where(np.arange(DAYS) == 40, 2 * v, v), ("land",)),
    ("a slip by ten in the nation", "SERIES-14", lambda v: np.where(np.arange(DAYS) == 40, v / 10, v), ("land",)),
    ("per week from a day on", "SERIES-15", from_day(40, 7), ()),
    ("per day from a day on", "SERIES-15", from_day(30, 1 / 7), ()),
    ("thousands from a day on", "SERIES-15", from_day(35, 1 / 1000), ()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "code", "change", "only"), FAULTS, ids=[name for name, *_ in FAULTS])
def test_a_fault_of_a_series_is_told_with_its_name(name, code, change, only):
    (found,) = [one for one in odd_series(world(country(change, only=only))) if one["code"] == code]
    assert (found["severity"], found["table"]) == ("warning", "indicator")
    assert "admissions" in found["found"]
    assert found["examples"].struct.field("key").null_count() == 0


def test_a_jump_from_days_of_which_most_were_nothing_says_how_many_times():
    few = np.where(np.arange(DAYS) % 5 == 0, 1.0, 0.0)
    (found,) = odd_series(world(country(lambda v: np.where(np.arange(DAYS) >= 40, 30.0, few))))
    assert found["code"] == "SERIES-15" and "x 150" in found["found"] and "inf" not in found["found"]


def test_a_nation_is_held_against_its_regions_only_where_all_of_them_are_known():
    tables = country()
    gap = (pl.col("region") == "south") & (pl.col("day") > day(40))
    assert codes(tables | {"indicator": tables["indicator"].filter(~gap)}) == set()
