"""Cells of the picture: need x sector x region, and their totals over groups of sectors, all sectors and all regions."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.tables import ALL

CELL = ("need", "sector", "region")


def with_totals(cells: pl.DataFrame, sector: pl.DataFrame) -> pl.DataFrame:
    """Repeat each row for the totals it belongs to: its sector, the sector's group and all, in its region and in all regions.

    Parameters
    ----------
    cells
        Rows with sector and region, among other columns.
    sector
        The register of sectors.

    Returns
    -------
    Six rows for each row; group them by cell to get the totals.
    """
    group = sector.select("sector", "group")
    rows = cells.join(group, on="sector")
    sectors = pl.concat(
        [
            rows.drop("group"),
            rows.with_columns(sector=pl.col("group").cast(pl.String)).drop("group"),
            rows.with_columns(sector=pl.lit(ALL)).drop("group"),
        ]
    )
    return pl.concat([sectors, sectors.with_columns(region=pl.lit(ALL))])


@dataclass(frozen=True)
class Joint:
    """Joint samples of cells: ``cells`` has sector and region, ``samples`` has shape (cells, paths, weeks)."""

    cells: pl.DataFrame
    samples: NDArray[np.float64]


def joint_totals(low: Joint, sector: pl.DataFrame) -> Joint:
    """Add up joint samples path by path to groups, all sectors and all regions, so that totals keep what moves together.

    The sums are taken in one fixed order, whatever the number of threads. Cells that are absent count as 0.
    """
    group = dict(sector.select("sector", pl.col("group").cast(pl.String)).iter_rows())
    sectors = low.cells["sector"].unique().sort().to_list()
    regions = low.cells["region"].unique().sort().to_list()
    at = [(sectors.index(s), regions.index(r)) for s, r in low.cells.select("sector", "region").iter_rows()]
    grid = np.zeros((len(sectors), len(regions), *low.samples.shape[1:]))
    grid[tuple(np.array(at).reshape(-1, 2).T)] = low.samples
    groups = sorted({group[s] for s in sectors})
    sums = [grid[[group[s] == name for s in sectors]].sum(axis=0) for name in groups]
    grid = np.concatenate([grid, np.stack([*sums, grid.sum(axis=0)])])
    grid = np.concatenate([grid, grid.sum(axis=1, keepdims=True)], axis=1)
    names = [(s, r) for s in [*sectors, *groups, ALL] for r in [*regions, ALL]]
    cells = pl.DataFrame(names, schema={"sector": pl.String, "region": pl.String}, orient="row")
    return Joint(cells, grid.reshape(len(names), *low.samples.shape[1:]))
