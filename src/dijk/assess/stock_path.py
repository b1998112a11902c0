"""How the stock of the country goes over four weeks: what is there, less what care uses, with what comes in."""

import numpy as np
import polars as pl

from dijk.assess.run_out import Array, Inbound
from dijk.tables.results import StockPath

LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)
DAYS = 28


def stock_path(need: str, levels: Array) -> pl.DataFrame:
    """Table ``StockPath`` of a need from its quantiles a day, shape (levels, days); no rows where nobody knows."""
    if np.isnan(levels).any():
        return StockPath.create_empty()
    days = range(levels.shape[1])
    rows = [(need, day, level, round(float(levels[at, day]), 3)) for day in days for at, level in enumerate(LEVELS)]
    return StockPath.cast(pl.DataFrame(rows, schema=["need", "days_ahead", "quantile_level", "pieces"], orient="row"))


def levels_ahead(stock: Array, demand: Array, coming: Inbound) -> Array:
    """Quantiles of what is left at the end of each day, day 0 before anything is used.

    Parameters
    ----------
    stock
        Pieces that can be used now, shape (paths,); NaN is unknown and gives NaN.
    demand
        Pieces a week, shape (paths, weeks); a week is spread evenly over its days.
    coming
        Inbound of this one cell.

    Returns
    -------
    Pieces, 0 where there is nothing left, shape (levels, days + 1).
    """
    use = np.repeat(demand / 7.0, 7, axis=1)[:, :DAYS]
    came = np.zeros(use.shape)
    for arrival, pieces in zip(coming.arrival_day, coming.pieces, strict=True):
        inside = (arrival >= 0) & (arrival < use.shape[1])
        np.add.at(came, (np.flatnonzero(inside), arrival[inside]), pieces)
    left = np.hstack([np.zeros((len(use), 1)), np.cumsum(came - use, axis=1)]) + stock[:, None]
    return np.asarray(np.quantile(np.maximum(left, 0.0), LEVELS, axis=0, method="inverted_cdf"))
