"""What ``forecast`` returns: tables for people, and the driver paths from which any need's joint samples follow."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.forecast.demand import Joint


@dataclass(frozen=True)
class Forecast:
    """Tables ``DriverForecast``, ``IndicatorSeen``, ``UsageFactor`` and ``Demand``, and the sample paths behind them.

    Attributes
    ----------
    cells
        The lowest cells, columns sector and region, in the order of the arrays.
    weeks
        Mondays that are forecast.
    joint
        Driver paths, loads and what is not known of the usage factors: the joint samples of any need follow from them.
        They go on beyond the weeks that are forecast.
    """

    driver_forecast: pl.DataFrame
    indicator_seen: pl.DataFrame
    usage_factor: pl.DataFrame
    demand: pl.DataFrame
    cells: pl.DataFrame
    weeks: tuple[dt.date, ...]
    joint: Joint

    def samples(self, need: str, curve: str = "base") -> NDArray[np.float64]:
        """Joint samples of the demand for a need: pieces per week, shape (cells, paths, weeks); zeros where no norm
        holds.
        """
        return self.joint.samples(need, curve)[..., : len(self.weeks)]

    def ahead(self, need: str, today: dt.date, curve: str = "base", *, weeks: int | None = None) -> NDArray[np.float64]:
        """The same in weeks that begin today, not on Monday: each takes its days from the two calendar weeks it lies
        across.

        Parameters
        ----------
        weeks
            How many; more than are forecast fall back towards the level of the past year. None: those that are
            forecast.
        """
        wanted, gone = weeks or len(self.weeks), (today - self.weeks[0]).days
        samples = self.joint.samples(need, curve)
        first, following = samples[..., :wanted], samples[..., 1 : wanted + 1]
        moved: NDArray[np.float64] = first + (following - first) * (gone / 7)
        return moved
