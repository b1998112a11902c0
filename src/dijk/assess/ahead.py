"""What lies ahead for a need: demand in every cell on joint paths, and what of the goods there are is used in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.assess.in_time import Goods
from dijk.forecast.totals import Grid, with_totals
from dijk.tables import ALL

Array = NDArray[np.float64]
Place = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True)
class Ahead:
    """One need, in all cells with their totals.

    Attributes
    ----------
    demand
        Pieces a week, shape (sectors, regions, paths, weeks).
    at_sites
        Known stock that the sites use in time, shape (sectors, regions, paths).
    """

    need: str
    grid: Grid
    goods: Goods
    demand: Array
    at_sites: Array

    @classmethod
    def of(cls, need: str, demand: Array, goods: Goods, grid: Grid) -> Self:
        """From the demand of the lowest cells, shape (cells, paths, weeks)."""
        used = goods.used_at_sites(need, demand)[..., None]
        return cls(need, grid, goods, with_totals(demand, grid), with_totals(used, grid)[..., 0])

    def at(self, sectors: Iterable[str], regions: Iterable[str]) -> Place:
        """Where cells stand in the arrays."""
        row = {name: place for place, name in enumerate(self.grid.sectors)}
        column = {name: place for place, name in enumerate(self.grid.regions)}
        return np.array([row[one] for one in sectors], np.int64), np.array([column[one] for one in regions], np.int64)

    def shared_in_time(self, cells: pl.DataFrame) -> Array:
        """Deliverable stock of cells, less what of it ends before it is used; shape (cells, paths)."""
        shared = cells["shared"].to_numpy()[:, None].astype(np.float64)
        total = (cells["sector"] == ALL).to_numpy()
        ended = np.zeros((cells.height, self.demand.shape[2]))
        regions = cells["region"].to_list()
        at = self.at([ALL] * len(regions), regions)
        ended[total] = self.goods.lost_centrally(self.need, self.demand[at], regions)[total]
        return np.maximum(shared - ended, 0.0)
