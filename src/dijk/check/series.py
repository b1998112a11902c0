"""Faults of a published series that only the whole of it shows: totals in the place of the number of the day, last days
that are not complete, a nation that is not the sum of its regions, another unit from a day on.

They stand on table ``indicator``, whichever way it came in. The limits are assumed, set so that a clean country is not
doubted.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dijk.check.codes import CODES
from dijk.check.findings import Row, together
from dijk.inputs import Inputs
from dijk.tables import UNKNOWN

Array = npt.NDArray[np.float64]

WINDOW, FALLS, LEAST_TOTAL, STEADY = 28, 1, 20, 1.5
"""A total so far: in so many days it falls at most so often, ends at so much or more, and is in its last half no longer
in a steep rise, in which a number of the day may well never fall.
"""

MOST_SILENT, MOST_FEW, LEFT, LEAST_LOST, LEAST_LEVEL = 14, 4, 0.2, 20, 10
"""Last days that are not complete: at most so many with nothing, or so many with at most that part of the week before;
of nothing so many events must be missing, of few so many a day be usual.
"""

APART, LEAST_APART, DAYS_APART, TWICE = 0.2, 5, 3, 0.8
"""A nation and its regions: so far apart, as a share and in number, on so many days; or on one day nearly twice."""

SIDE, TIMES = 5, 2.5
"""A change of unit: all values of so many days lie that many times above, or below, all of the days before."""

MOST_GAPS = 3
"""Days that may lack among those that are held against each other."""


@dataclass(frozen=True)
class Series:
    """One indicator of one region by day, the days without a value left out; ``whole`` where it stands for all regions
    of its scheme together.
    """

    indicator: str
    region: str
    days: list[dt.date]
    values: Array
    whole: bool

    def near(self, first: int, last: int) -> bool:
        """Whether hardly a day lacks between two places in the series."""
        return (self.days[last] - self.days[first]).days <= last - first + MOST_GAPS

    def row(self, at: int, found: str) -> dict[str, object]:
        """What is found on a day, for the finding."""
        named = self.indicator if self.whole else f"{self.indicator} {self.region}"
        return told(f"{named}: {found}", self.indicator, self.region, self.days[at])


def told(found: str, indicator: str, region: str, day: dt.date) -> dict[str, object]:
    """What is found, and the row that shows it."""
    return {"found": found, "indicator": indicator, "region": region, "day": day}


def odd_series(world: Inputs) -> Iterator[Row]:
    """Findings on the series of a world, one of each code."""
    rows = world.indicator.drop_nulls("value").select("indicator", "region", "day", "value")
    sums = summed(rows, world)
    every = [*series_of(rows), *series_of(sums, whole=True)]
    for code, found in (
        ("SERIES-12", [one.row(-1, f"{one.values[-1]:g}") for one in every if is_total(one.values)]),
        ("SERIES-13", [found for one in every for found in unfinished(one)]),
        ("SERIES-14", list(apart(rows, sums, world))),
        ("SERIES-15", [found for one in every for found in jump(one)]),
    ):
        if found:
            yield from together(CODES[code], "indicator", "value", pl.DataFrame(found))


def series_of(rows: pl.DataFrame, *, whole: bool = False) -> list[Series]:
    """The series in rows of indicator, region, day and value."""
    parts = rows.sort("indicator", "region", "day").group_by("indicator", "region", maintain_order=True)
    return [
        Series(str(name), str(region), part["day"].to_list(), part["value"].to_numpy(), whole)
        for (name, region), part in parts
    ]


def summed(rows: pl.DataFrame, world: Inputs) -> pl.DataFrame:
    """The regions of a scheme together, with what cannot be placed, on the days that all of them are known."""
    places = world.region.select("region", pl.col("scheme").cast(pl.String)).unique("region")
    known = rows.join(places.filter(pl.col("scheme") != "nation"), on="region")
    schemes = known.filter(pl.col("region") != UNKNOWN).select("indicator", "scheme").unique()
    unplaced = known.filter(region=UNKNOWN).drop("scheme").join(schemes, on="indicator")
    parts = pl.concat([known.filter(pl.col("region") != UNKNOWN), unplaced.select(known.columns)])
    parts = parts.with_columns(_all=pl.col("region").n_unique().over("indicator", "scheme"))
    sums = parts.group_by("indicator", "scheme", "day").agg(
        pl.col("value").sum(), pl.col("region").min(), pl.col("_all").first(), _known=pl.len()
    )
    full = sums.filter((pl.col("_known") == pl.col("_all")) & (pl.col("_all") > 1)).sort("scheme")
    return full.unique(["indicator", "day"], keep="first", maintain_order=True)


def is_total(values: Array) -> bool:
    """Whether a series counts what was so far, and not what a day brought."""
    last = values[-WINDOW:]
    if len(last) < WINDOW or last[-1] < LEAST_TOTAL:
        return False
    falls = np.diff(last) < 0
    slow = last[-1] <= STEADY * last[WINDOW // 2]
    return bool(falls.sum() <= FALLS and slow and last[-1] > last[0] and last[-1] > 1.02 * last[WINDOW // 2])


def unfinished(one: Series) -> Iterator[dict[str, object]]:
    """The last days of a series that hold nothing, or next to nothing, against the week before them."""
    size = len(one.values)
    for many in range(min(MOST_SILENT, size - 7), 0, -1):
        last, before = one.values[-many:], one.values[-many - 7 : -many]
        level = float(before.mean())
        silent = not last.any() and many * level >= LEAST_LOST
        few = many <= MOST_FEW and bool((last <= LEFT * level).all()) and level >= LEAST_LEVEL
        if (silent or few) and before.min() > LEFT * level and one.near(size - many - 7, size - 1):
            yield one.row(-many, f"{one.days[-many]}, {last.mean():.3g} < {level:.3g}")
            return


def apart(rows: pl.DataFrame, sums: pl.DataFrame, world: Inputs) -> Iterator[dict[str, object]]:
    """The days on which a nation and the sum of its regions tell another number."""
    nation = rows.join(world.region.filter(pl.col("scheme").cast(pl.String) == "nation").select("region"), on="region")
    gap = (pl.col("value") - pl.col("parts")).abs()
    share = gap / pl.col("parts")
    both = nation.join(sums.select("indicator", "day", parts="value"), on=["indicator", "day"])
    far = both.filter((gap >= LEAST_APART) & (share > APART)).with_columns(twice=share > TWICE).sort("day")
    for _, some in far.group_by("indicator", maintain_order=True):
        if some.height >= DAYS_APART or some["twice"].any():
            name, region, day, value, parts, _ = some.row(0)
            yield told(f"{name}: {day}, {value:g} / {parts:g} ({some.height})", name, region, day)


def jump(one: Series) -> Iterator[dict[str, object]]:
    """The first day from which on a series stays many times higher, or lower, than it was."""
    for at in range(SIDE, len(one.values) - SIDE + 1):
        before, after = one.values[at - SIDE : at], one.values[at : at + SIDE]
        low, high = (before, after) if after.min() > before.max() else (after, before)
        apart = high.min() >= LEAST_LEVEL and high.min() >= TIMES * low.max() > 0
        if apart and one.near(at - SIDE, at + SIDE - 1):
            usual = np.median if np.median(before) > 0 else np.mean  # more than half of the days before it were 0
            yield one.row(at, f"{one.days[at]}, x {usual(after) / usual(before):.3g}")
            return
