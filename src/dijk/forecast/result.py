"""What ``forecast`` returns: tables for people, and the driver paths from which any need's joint samples follow."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.forecast.demand import linear_demand


@dataclass(frozen=True)
class Forecast:
    """Tables ``DriverForecast``, ``IndicatorSeen`` and ``Demand``, and the sample paths behind them.

    Attributes
    ----------
    cells
        The lowest cells, columns sector and region, in the order of the arrays.
    weeks
        Mondays that are forecast.
    driver_paths
        Units per week, shape (drivers, cells, paths, weeks), float64. Item demand is linear in them.
    load
        Per curve ("base", "max", "low" or a scenario) and need: pieces per unit, shape (drivers, cells, weeks).
    """

    driver_forecast: pl.DataFrame
    indicator_seen: pl.DataFrame
    demand: pl.DataFrame
    cells: pl.DataFrame
    weeks: tuple[dt.date, ...]
    driver_paths: NDArray[np.float64]
    load: Mapping[tuple[str, str], NDArray[np.float64]]

    def samples(self, need: str, curve: str = "base") -> NDArray[np.float64]:
        """Joint samples of the demand for a need: pieces per week, shape (cells, paths, weeks); zeros where no norm holds."""
        _, cells, paths, weeks = self.driver_paths.shape
        load = self.load.get((curve, need))
        if load is None:
            return np.zeros((cells, paths, weeks))
        return linear_demand(self.driver_paths, load)

    def ahead(self, need: str, today: dt.date, curve: str = "base") -> NDArray[np.float64]:
        """The same in weeks that begin today, not on Monday: each takes its days from the two calendar weeks it lies across.

        The last week, whose next is not forecast, stays as it is.
        """
        samples, gone = self.samples(need, curve), (today - self.weeks[0]).days
        following = np.concatenate([samples[..., 1:], samples[..., -1:]], axis=-1)
        weeks: NDArray[np.float64] = samples + (following - samples) * (gone / 7)
        return weeks
