"""The usage factor as demand takes it: on the norms, and as draws of what is not known of it."""

from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import polars as pl

from dijk.forecast.streams import random_stream

Array = npt.NDArray[np.float64]

TENTH = NormalDist().inv_cdf(0.9)
"""The stated range of a norm runs from its 10 % to its 90 % quantile."""


def with_usage(norm: pl.DataFrame, usage: pl.DataFrame) -> pl.DataFrame:
    """Give the norms as the forecast uses them: the middle times the factor, the ends as far from it as what is left of
    the range.
    """
    known = usage.select("need", "sector", "factor", "range_kept")
    rows = norm.join(known, on=["need", "sector"], how="left", maintain_order="left")
    kept, mid = pl.col("range_kept").fill_null(1.0), pl.col("mid") * pl.col("factor").fill_null(1.0)
    ends = {
        end: pl.when(pl.col("mid") > 0).then((pl.col(end) / pl.col("mid")) ** kept * mid).otherwise(end)
        for end in ("low", "high")
    }
    return rows.with_columns(**ends, mid=mid).select(norm.columns)


def usage_samples(
    usage: pl.DataFrame, cells: pl.DataFrame, paths: int, *, common: float, seed: int
) -> dict[str, Array]:
    """Draw what is not known of the factor, over its median: need -> shape (cells, paths).

    One draw a path for all regions and weeks of a need and sector: part of its variance, ``common``, is shared by all
    sectors of the need. The draws of a sector are the normal scores of their ranks, so that their median is 1 and the
    range is the stated one.
    """
    scores = np.array([NormalDist().inv_cdf((path + 0.5) / paths) for path in range(paths)])
    sectors = cells["sector"].to_numpy()
    drawn: dict[str, Array] = {}
    for need, sector, factor, low, high in usage.select("need", "sector", "factor", "low", "high").iter_rows():
        times = drawn.setdefault(need, np.ones((cells.height, paths)))
        shared = random_stream(seed, "usage", need).standard_normal(paths)
        own = random_stream(seed, "usage", need, sector).standard_normal(paths)
        z = np.empty(paths)
        z[np.argsort(np.sqrt(common) * shared + np.sqrt(1.0 - common) * own, kind="stable")] = scores
        down, up = (np.log(factor / low), np.log(high / factor)) if low > 0 else (0.0, 0.0)
        times[sectors == sector] = np.exp(np.where(z < 0, down, up) / TENTH * z)
    return drawn
