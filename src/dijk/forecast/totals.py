"""Joint samples of demand -> totals and quantiles, as a table."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dijk.forecast.demand import Joint
from dijk.tables import ALL
from dijk.tables.forecast import Demand
from dijk.tables.registers import GROUPS

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

DEMAND_LEVELS: Array = np.array([0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975])


@dataclass(frozen=True)
class Grid:
    """The cells with their totals: the sectors, then their groups, then all; the regions, then all."""

    sectors: tuple[str, ...]
    regions: tuple[str, ...]
    group: tuple[int, ...]  # of each lowest sector, its place in ``GROUPS``

    @classmethod
    def of(cls, cells: pl.DataFrame, sector: pl.DataFrame) -> "Grid":
        """From the lowest cells and table ``Sector``; a sector of which no group is known is other."""
        group = dict(sector.select("sector", pl.col("group").cast(pl.String)).iter_rows())
        lowest = cells["sector"].unique(maintain_order=True).to_list()
        regions = cells["region"].unique(maintain_order=True).to_list()
        order = list(GROUPS)
        return cls(
            (*lowest, *GROUPS, ALL),
            (*regions, ALL),
            tuple(order.index(group.get(sector, "other")) for sector in lowest),
        )

    def is_total(self, places: Places) -> npt.NDArray[np.bool_]:
        """Whether each cell, by its places (2, cells), adds up sectors or regions."""
        return np.asarray((places[0] >= len(self.group)) | (places[1] == len(self.regions) - 1))


def with_totals(samples: Array, grid: Grid) -> Array:
    """Add the totals to joint samples; in every sample the parts add up to the totals.

    Parameters
    ----------
    samples
        Shape (cells, paths, weeks), every lowest sector with every region.

    Returns
    -------
    Shape (sectors, regions, paths, weeks), totals last.
    """
    lowest, regions = len(grid.group), len(grid.regions) - 1
    whole = np.zeros((len(grid.sectors), len(grid.regions), *samples.shape[1:]))
    whole[:lowest, :regions] = samples.reshape(lowest, regions, *samples.shape[1:])
    whole[:lowest, regions] = whole[:lowest, :regions].sum(axis=1)
    for row, group in enumerate(grid.group):
        whole[lowest + group] += whole[row]
    whole[-1] = whole[lowest:-1].sum(axis=0)
    return whole


def demand_table(joint: Joint, grid: Grid, weeks: Sequence[dt.date], *, as_of: dt.datetime) -> pl.DataFrame:
    """Give demand as quantiles: base for every cell, the other curves for the totals over regions or over sectors.

    Cells where nothing is used are left out. Table ``Demand``, sorted by its key.
    """
    load = joint.load
    order = sorted(load)  # base comes before the scenarios
    found: dict[tuple[str, str], tuple[Places, Array]] = {}
    for curve, need in order:
        base = found.get(("base", need))
        if base and np.array_equal(load[curve, need], load["base", need]):
            places, values = base  # a scenario that does not touch the need
        else:
            places, values = _cell_quantiles(joint.samples(need, curve)[..., : len(weeks)], grid)
        found[curve, need] = places, values
    for (curve, need), (places, values) in found.items():
        if curve != "base":
            kept = grid.is_total(places)
            found[curve, need] = places[:, kept], values[kept]
    if not found:
        return Demand.create_empty()
    table = _rows(list(found), list(found.values()), grid, weeks).with_columns(known_at=pl.lit(as_of))
    return Demand.cast(table.select(Demand.column_names()))


def _cell_quantiles(samples: Array, grid: Grid) -> tuple[Places, Array]:
    """Places (2, cells) of the cells where something is used, sorted by name, and their quantiles (cells, weeks,
    levels).
    """
    whole = with_totals(samples, grid)
    sector_order, region_order = np.argsort(grid.sectors), np.argsort(grid.regions)
    used = np.asarray(whole.any(axis=(2, 3)))[np.ix_(sector_order, region_order)]
    row, column = np.nonzero(used)
    places = np.stack([sector_order[row], region_order[column]])
    return places, path_quantiles(whole[places[0], places[1]], DEMAND_LEVELS).round(3)


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


def _rows(
    keys: Sequence[tuple[str, str]], found: Sequence[tuple[Places, Array]], grid: Grid, weeks: Sequence[dt.date]
) -> pl.DataFrame:
    values = np.concatenate([quantiles for _, quantiles in found])
    cells, steps, levels = values.shape
    which = np.repeat(np.arange(len(keys)), [places.shape[1] for places, _ in found])
    row, column = np.concatenate([places for places, _ in found], axis=1)
    which, row, column = (np.repeat(axis, steps * levels) for axis in (which, row, column))
    return pl.DataFrame(
        {
            "curve": pl.Series([curve for curve, _ in keys]).gather(which),
            "need": pl.Series([need for _, need in keys]).gather(which),
            "sector": pl.Series(grid.sectors).gather(row),
            "region": pl.Series(grid.regions).gather(column),
            "week": pl.Series(list(weeks), dtype=pl.Date).gather(np.tile(np.repeat(np.arange(steps), levels), cells)),
            "quantile_level": np.tile(DEMAND_LEVELS, cells * steps),
            "pieces": values.ravel(),
        }
    )
