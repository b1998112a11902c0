"""What one client of an outlet gets at most: the cap of its sector in days, times the norm a day."""

import datetime as dt

import polars as pl

from dijk.policy import Policy
from dijk.present.norm_use import norms_in_force


def cap_per_client(policy: Policy, day: dt.date, cells: pl.DataFrame) -> pl.Series:
    """Pieces that one client gets at most, per row of ``cells``.

    Parameters
    ----------
    cells
        need, sector, region.

    Returns
    -------
    Shape (rows,), float64, pieces a client; not rounded, since a need may be told in litres. Null where no norm speaks
    for the sector, or several do: of other drivers or risk classes, so that none is that of a client.
    """
    norms = norms_in_force(policy, day).group_by("need", "sector").agg(pl.col("mid"))
    norm = pl.when(pl.col("mid").list.len() == 1).then(pl.col("mid").list.first())
    found = cells.join(norms.with_columns(norm=norm), on=["need", "sector"], how="left", maintain_order="left")["norm"]
    return (found * policy.numbers("cap_days", day, cells)).alias("pieces")
