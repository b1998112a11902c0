"""Where deliveries went: per need, by lot, site or region, overseas as well."""

from typing import Literal

import polars as pl

By = Literal["need", "region", "site", "lot"]
GROUPS: dict[By, tuple[str, ...]] = {
    "need": ("need",),
    "region": ("need", "region"),
    "site": ("need", "region", "site"),
    "lot": ("need", "product", "lot"),
}
"""What a line of each division tells of; always of one need, since pieces of two needs do not add up."""


def delivered_where(deliveries: pl.LazyFrame, site: pl.LazyFrame, by: By) -> pl.LazyFrame:
    """Deliveries added up: the columns of ``GROUPS``, ``deliveries``, ``sites``, ``pieces``, ``unknown`` (deliveries of
    which nobody knows how much) and the ``first`` and ``last`` day.

    ``pieces`` is the sum of what is known, and unknown where nothing is. Where a site is not in the register, its
    region is ``unknown``. Groups come in the order of their codes.

    Parameters
    ----------
    deliveries
        Rows of ``delivery`` as known, of the days, needs and channels that are asked for.
    site
        Rows of ``site`` as known; the region of a site is the one in which it lies now.
    """
    group, pieces = GROUPS[by], pl.col("pieces")
    return (
        deliveries.join(site.select("site", "region"), on="site", how="left")
        .with_columns(pl.col("region").fill_null("unknown"))
        .group_by(group)
        .agg(
            deliveries=pl.len(),
            sites=pl.lit(1) if "site" in group else pl.col("site").n_unique(),
            pieces=pl.when(pieces.is_not_null().any()).then(pieces.sum()),
            unknown=pieces.null_count(),
            first=pl.col("day").min(),
            last=pl.col("day").max(),
        )
        .sort(group)
    )
