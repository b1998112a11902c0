"""Drivers x norms -> demand per need, sector, region and week, need by need so that samples never pile up."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dijk.forecast.scenarios import CURVES, lines_of_curve, week_factors
from dijk.forecast.usage_in_demand import with_usage
from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.present.activity import recent_activity

Array = npt.NDArray[np.float64]

NORM_OF_CURVE = {"low": "low", "max": "high"}  # all others: mid


def lowest_cells(world: Inputs) -> pl.DataFrame:
    """Give every sector with every region of the sites, sorted; columns sector and region."""
    sectors = world.site["sector"].drop_nulls().unique().sort()
    return sectors.to_frame("sector").join(world.site["region"].unique().sort().to_frame("region"), how="cross")


@dataclass(frozen=True)
class Activity:
    """What drives use now.

    Attributes
    ----------
    units
        Units a day of each driver, risk class, sector and region; see ``site_units``.
    cells
        The lowest cells in the order of arrays, columns sector and region.
    drivers
        The drivers in the order of arrays.
    """

    units: pl.DataFrame
    cells: pl.DataFrame
    drivers: Sequence[str]

    @property
    def regions(self) -> list[str]:
        """The regions of the cells in the order of arrays."""
        return self.cells["region"].unique(maintain_order=True).to_list()

    @property
    def per_week(self) -> Array:
        """Units a week, shape (drivers, cells)."""
        amount = np.zeros((len(self.drivers), self.cells.height))
        placed = self.units.group_by("driver", "sector", "region").agg(pl.col("units").sort_by("risk_class").sum())
        placed = placed.join(self.cells.with_row_index("cell"), on=["sector", "region"])
        place = {driver: row for row, driver in enumerate(self.drivers)}
        amount[[place[d] for d in placed["driver"]], placed["cell"].to_numpy()] = 7.0 * placed["units"].to_numpy()
        return amount


def activity_now(world: Inputs) -> Activity:
    """What drives use now, of every driver that is named or told of, sorted."""
    units = site_units(world)
    return Activity(units, lowest_cells(world), sorted(set(world.driver["driver"]) | set(units["driver"])))


def driver_paths(care: Activity, busy: Sequence[Array]) -> Array:
    """Units a week of each driver on each path: those of now, times how busy it becomes.

    Parameters
    ----------
    busy
        Of each driver, shape (paths, regions, weeks).

    Returns
    -------
    Shape (drivers, cells, paths, weeks).
    """
    now, regions = care.per_week, care.regions
    place = np.array([regions.index(region) for region in care.cells["region"]], dtype=np.int64)
    paths = np.zeros((*now.shape, busy[0].shape[0], busy[0].shape[2])) if busy else np.zeros((0, len(place), 1, 1))
    for row, times in enumerate(busy):
        paths[row] = now[row, :, None, None] * np.moveaxis(times, 0, 1)[place]
    return paths


def norm_load(
    policy: Policy, activity: Activity, weeks: Sequence[dt.date], usage: pl.DataFrame
) -> dict[tuple[str, str], Array]:
    """Give the pieces per unit of each driver, per curve and need, as norms and scenarios hold in each week.

    Where a driver has units of several risk classes in one cell, their norms count in proportion to the units.

    Parameters
    ----------
    usage
        Table ``UsageFactor``: how much of the norms is really used; without a row a norm holds as it stands.

    Returns
    -------
    (curve, need) -> shape (drivers, cells, weeks); needs without a norm are absent.
    """
    units, cells, drivers = activity.units, activity.cells, activity.drivers
    stretches = _same_judgements(policy, weeks)
    scenarios = sorted({name for _, lines, _ in stretches for name in lines["scenario"]} - set(CURVES))
    place = pl.DataFrame(
        {"driver": list(drivers), "row": range(len(drivers))}, schema={"driver": pl.String, "row": pl.Int64}
    )
    mix = (
        units.join(cells.with_row_index("cell"), on=["sector", "region"], maintain_order="left")
        .join(place, on="driver", maintain_order="left")
        .filter(pl.col("units") > 0)
        .with_columns(part=pl.col("units") / pl.col("units").sum().over("driver", "cell"))
        .select("sector", "driver", "risk_class", "row", "cell", "part")
    )
    load: dict[tuple[str, str], Array] = {}
    for stated, lines, chosen in stretches:
        norm = with_usage(stated, usage)
        mondays = [weeks[week] for week in chosen]
        placed = (
            norm.with_row_index("norm")
            .join(mix, on=["sector", "driver", "risk_class"])
            .sort("need", "norm", "row", "cell")
        )
        row, cell, part, number = (placed[c].to_numpy() for c in ("row", "cell", "part", "norm"))
        for curve in (*CURVES, *scenarios):
            factor = week_factors(norm, lines_of_curve(lines, curve), mondays)
            pieces = (norm[NORM_OF_CURVE.get(curve, "mid")].to_numpy()[:, None] * factor)[number] * part[:, None]
            for need, start, end in _runs(placed["need"]):
                target = load.setdefault((curve, need), np.zeros((len(drivers), cells.height, len(weeks))))
                for column, week in enumerate(chosen):
                    np.add.at(target[:, :, week], (row[start:end], cell[start:end]), pieces[start:end, column])
    return load


@dataclass(frozen=True)
class Joint:
    """All that the joint samples of any need and curve follow from.

    Attributes
    ----------
    paths
        Units per week, shape (drivers, cells, paths, weeks): those that are forecast, and those beyond as far as buying
        looks ahead. Item demand is linear in them.
    load
        Per curve and need: pieces per unit, shape (drivers, cells, weeks).
    times
        Per need: what is not known of the usage factor, over its median, shape (cells, paths). Low and max take the
        ends of the norms instead.
    """

    paths: Array
    load: Mapping[tuple[str, str], Array]
    times: Mapping[str, Array]

    def samples(self, need: str, curve: str) -> Array:
        """Pieces a week of a need, shape (cells, paths, weeks); zeros where no norm holds."""
        load = self.load.get((curve, need))
        if load is None:
            return np.zeros(self.paths.shape[1:])
        demand = linear_demand(self.paths, load)
        if curve not in NORM_OF_CURVE and need in self.times:
            demand *= self.times[need][:, :, None]
        return demand


def linear_demand(paths: Array, load: Array) -> Array:
    """Multiply driver paths (drivers, cells, paths, weeks) with loads (drivers, cells, weeks) and add up the drivers.

    Driver by driver, so that the sum has one order on any number of threads. Shape (cells, paths, weeks).
    """
    demand = np.zeros(paths.shape[1:])
    for driver in np.flatnonzero(load.any(axis=(1, 2))):
        busy = np.flatnonzero(load[driver].any(axis=1))
        demand[busy] += paths[driver, busy] * load[driver, busy, None, :]
    return demand


def site_units(world: Inputs) -> pl.DataFrame:
    """Give the units a day of each driver, per sector, region and risk class.

    Sites that report no activity count with the units per bed, client or member of staff of the sites of their sector
    that do, as in the norm use.
    """
    places = world.site.filter(pl.col("sector").is_not_null()).select("site", "sector", "region", "size", "size_unit")
    counted = recent_activity(world).join(places, on="site")
    told = world.activity.filter(pl.col("units").is_not_null())["site"].unique().implode()
    sized = places.filter(pl.col("size").is_not_null())
    kind = ["sector", "size_unit", "driver", "risk_class"]
    size = sized.filter(pl.col("site").is_in(told)).group_by("sector", "size_unit").agg(all_size=pl.col("size").sum())
    rate = (
        counted.filter(pl.col("size").is_not_null())
        .group_by(kind)
        .agg(pl.col("units").sort_by("site").sum())
        .join(size, on=["sector", "size_unit"])
    )
    silent = (
        sized.filter(~pl.col("site").is_in(told)).group_by("sector", "region", "size_unit").agg(pl.col("size").sum())
    )
    guessed = silent.join(rate.filter(pl.col("all_size") > 0), on=["sector", "size_unit"]).with_columns(
        units=pl.col("units") / pl.col("all_size") * pl.col("size"), site=pl.lit("~") + pl.col("size_unit")
    )
    columns = ["sector", "region", "driver", "risk_class", "site", "units"]
    return (
        pl.concat([counted.select(columns), guessed.select(columns)])
        .group_by("sector", "region", "driver", "risk_class")
        .agg(pl.col("units").sort_by("site").sum())
        .sort("sector", "region", "driver", "risk_class")
    )


def _norms_on(policy: Policy, day: dt.date) -> pl.DataFrame:
    """The norms of the reuse stage in force on a day, with their coverage apart."""
    norm = policy.in_force("norm", day)
    stage = policy.words("reuse_stage", day, norm.select("need", "sector"))
    return norm.filter(norm["reuse_stage"].cast(pl.String) == stage)


def _same_judgements(policy: Policy, weeks: Sequence[dt.date]) -> list[tuple[pl.DataFrame, pl.DataFrame, list[int]]]:
    """The norms and scenario lines that hold, with the weeks in which just these hold; mostly one stretch."""
    stretches: list[tuple[pl.DataFrame, pl.DataFrame, list[int]]] = []
    for week, monday in enumerate(weeks):
        norm, lines = _norms_on(policy, monday), policy.in_force("scenario", monday)
        if stretches and norm.equals(stretches[-1][0]) and lines.equals(stretches[-1][1]):
            stretches[-1][2].append(week)
        else:
            stretches.append((norm, lines, [week]))
    return stretches


def _runs(ordered: pl.Series) -> list[tuple[str, int, int]]:
    """Value, start and end of each run of equal values."""
    counts = ordered.rle()
    ends = counts.struct.field("len").cum_sum().to_list()
    return list(zip(counts.struct.field("value").to_list(), [0, *ends][: len(ends)], ends, strict=True))
