"""Drivers x norms -> demand per need, sector, region and week, need by need so that samples never pile up."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from dijk.forecast.scenarios import CURVES, lines_of_curve, week_factors
from dijk.inputs import Inputs
from dijk.norm_use import recent_activity
from dijk.policy import Policy
from dijk.tables import ALL
from dijk.tables.results import Demand

Array = npt.NDArray[np.float64]

DEMAND_LEVELS: Array = np.array([0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975])
NORM_OF_CURVE = {"low": "low", "max": "high"}  # all others: mid
GROUPS = ("cure", "care", "other")


def lowest_cells(world: Inputs) -> pl.DataFrame:
    """Give every sector with every region of the sites, sorted; columns sector and region."""
    sectors = world.site["sector"].drop_nulls().unique().sort()
    return sectors.to_frame("sector").join(world.site["region"].unique().sort().to_frame("region"), how="cross")


def driver_units(units: pl.DataFrame, cells: pl.DataFrame, drivers: Sequence[str]) -> Array:
    """Give the units a week now, shape (drivers, cells), from the table of `site_units`."""
    amount = np.zeros((len(drivers), cells.height))
    placed = units.group_by("driver", "sector", "region").agg(pl.col("units").sort_by("risk_class").sum())
    placed = placed.join(cells.with_row_index("cell"), on=["sector", "region"])
    place = {driver: row for row, driver in enumerate(drivers)}
    amount[[place[d] for d in placed["driver"]], placed["cell"].to_numpy()] = 7.0 * placed["units"].to_numpy()
    return amount


def norm_load(
    policy: Policy, units: pl.DataFrame, cells: pl.DataFrame, drivers: Sequence[str], weeks: Sequence[dt.date]
) -> dict[tuple[str, str], Array]:
    """Give the pieces per unit of each driver, per curve and need, as norms and scenarios hold in each week.

    Where a driver has units of several risk classes in one cell, their norms count in proportion to the units.

    Returns
    -------
    (curve, need) -> shape (drivers, cells, weeks); needs without a norm are absent.
    """
    scenarios = sorted(set(policy.in_force("scenario", weeks[-1])["scenario"]) - set(CURVES))
    place = pl.DataFrame({"driver": list(drivers), "row": range(len(drivers))}, schema={"driver": pl.String, "row": pl.Int64})
    mix = (
        units.join(cells.with_row_index("cell"), on=["sector", "region"])
        .join(place, on="driver")
        .with_columns(part=pl.col("units") / pl.col("units").sum().over("driver", "cell"))
        .filter(pl.col("part") > 0)
        .select("sector", "driver", "risk_class", "row", "cell", "part")
    )
    load: dict[tuple[str, str], Array] = {}
    shape = (len(drivers), cells.height, len(weeks))
    for week, monday in enumerate(weeks):
        norm, lines = _norms_on(policy, monday), policy.in_force("scenario", monday)
        for curve in (*CURVES, *scenarios):
            factor = week_factors(norm, lines_of_curve(lines, curve), [monday])[:, 0]
            pieces = norm.select("need", "sector", "driver", "risk_class", pieces=pl.col(NORM_OF_CURVE.get(curve, "mid")) * factor)
            for (need,), rows in pieces.join(mix, on=["sector", "driver", "risk_class"]).sort("risk_class").group_by("need"):
                target = load.setdefault((curve, str(need)), np.zeros(shape))
                np.add.at(target[:, :, week], (rows["row"].to_numpy(), rows["cell"].to_numpy()), (rows["pieces"] * rows["part"]).to_numpy())
    return load


def with_totals(samples: Array, cells: pl.DataFrame, group: Mapping[str, str]) -> tuple[Array, list[str], list[str]]:
    """Add the totals to joint samples of the lowest cells; in every sample the parts add up to the totals.

    Parameters
    ----------
    samples
        Shape (cells, paths, weeks), cells as `lowest_cells` gives them.
    group
        Sector -> cure, care or other.

    Returns
    -------
    Samples of shape (sectors + 4, regions + 1, paths, weeks), and the names of the first two axes: the sectors, then
    cure, care and other, then all; the regions, then all.
    """
    sectors = cells["sector"].unique(maintain_order=True).to_list()
    regions = cells["region"].unique(maintain_order=True).to_list()
    _, paths, weeks = samples.shape
    grid = np.zeros((len(sectors) + len(GROUPS) + 1, len(regions) + 1, paths, weeks))
    grid[: len(sectors), :-1] = samples.reshape(len(sectors), len(regions), paths, weeks)
    grid[: len(sectors), -1] = grid[: len(sectors), :-1].sum(axis=1)
    for row, sector in enumerate(sectors):
        grid[len(sectors) + GROUPS.index(group.get(sector, "other"))] += grid[row]
    grid[-1] = grid[len(sectors) : -1].sum(axis=0)
    return grid, [*sectors, *GROUPS, ALL], [*regions, ALL]


def demand_table(
    paths: Array,
    load: Mapping[tuple[str, str], Array],
    cells: pl.DataFrame,
    weeks: Sequence[dt.date],
    group: Mapping[str, str],
) -> pl.DataFrame:
    """Give demand as quantiles: base for every cell, the other curves for the totals over regions or over sectors.

    `known_at` is left to the caller; cells where nothing is used are left out.
    """
    parts = []
    for (curve, need), pieces in load.items():
        samples = linear_demand(paths, pieces)
        grid, sectors, regions = with_totals(samples, cells, group)
        used = np.asarray(grid.any(axis=(2, 3)))
        if curve != "base":
            used[: -len(GROUPS) - 1, :-1] = False
        parts.append(_quantile_rows(grid, used, sectors, regions, weeks).with_columns(curve=pl.lit(curve), need=pl.lit(need)))
    return pl.concat(parts) if parts else Demand.create_empty().drop("known_at")


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
    silent = sized.filter(~pl.col("site").is_in(told)).group_by("sector", "region", "size_unit").agg(pl.col("size").sum())
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


def _quantile_rows(
    grid: Array, used: npt.NDArray[np.bool_], sectors: Sequence[str], regions: Sequence[str], weeks: Sequence[dt.date]
) -> pl.DataFrame:
    rows, columns = np.nonzero(used)
    quantiles = path_quantiles(grid[rows, columns], DEMAND_LEVELS)  # (cells, weeks, levels)
    cells, steps, levels = quantiles.shape
    return pl.DataFrame(
        {
            "sector": _named(sectors, np.repeat(rows, steps * levels)),
            "region": _named(regions, np.repeat(columns, steps * levels)),
            "week": pl.Series(list(weeks), dtype=pl.Date).gather(np.tile(np.repeat(np.arange(steps), levels), cells)),
            "quantile_level": np.tile(DEMAND_LEVELS, cells * steps),
            "pieces": quantiles.ravel().round(3),
        }
    )


def path_quantiles(samples: Array, levels: Array) -> Array:
    """Give the quantiles over paths, by straight lines between the middles of the sorted samples.

    Shape (..., paths, weeks) becomes (..., weeks, levels).
    """
    ordered = np.sort(np.moveaxis(samples, -2, -1), axis=-1)
    count = ordered.shape[-1]
    place = np.clip(levels * count - 0.5, 0, count - 1)
    low = np.floor(place).astype(np.int64)
    below, above = ordered[..., low], ordered[..., np.minimum(low + 1, count - 1)]
    quantiles: Array = below + (above - below) * (place - low)
    return quantiles


def _named(names: Iterable[str], places: npt.NDArray[np.int64]) -> pl.Series:
    return pl.Series(list(names), dtype=pl.String).gather(places)
