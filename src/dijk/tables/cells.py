"""Cells of the picture: need x sector x region, and their totals over groups of sectors, all sectors and all
regions.
"""

import polars as pl

from dijk.tables import ALL

CELL = ("need", "sector", "region")


def with_totals(cells: pl.DataFrame, sector: pl.DataFrame) -> pl.DataFrame:
    """Repeat each row for the totals it belongs to: its sector, the sector's group and all, in its region and in all
    regions.

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
