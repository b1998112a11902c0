"""How long each warehouse and regional hub can go on: its part of what its territory needs beyond what the sites
hold.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.assess.ahead import Ahead
from dijk.assess.run_out import Inbound, run_out
from dijk.present.deliveries import own_per_week
from dijk.present.held import DELIVERABLE
from dijk.present.now import Now
from dijk.tables import ALL
from dijk.tables.results import WarehouseOutlook

WEEKS = (2, 4, 8)
CHANCES = ("p_out_2w", "p_out_4w", "p_out_8w")
DAYS = ("out_day_10", "out_day_50", "out_day_90")


def holders(now: Now, cells: pl.DataFrame) -> pl.DataFrame:
    """Who holds deliverable goods of which need for others, promised or not, and what stands before they are
    asked for them.

    Parameters
    ----------
    cells
        The cells of the picture with their totals: need, sector, region, stock_pieces, unknown_share, norm_use_per_day.

    Returns
    -------
    Per site and need: region, holder, pieces, territory (its region, or all), part, days_of_stock; ``hubs``, the pieces
    there that the territory uses first; ``unknown``, the share of its norm use of which no stock is known;
    ``own_per_week``, what its sites buy themselves. A need that no site uses has no row.
    """
    there = (
        now.held.filter(pl.col("status").is_in(DELIVERABLE))
        .group_by("need", "site", "region", "holder")
        .agg(pl.col("pieces").sum())
    )
    hub = pl.col("holder") == "regional_hub"
    rows = there.with_columns(territory=pl.when(hub).then("region").otherwise(pl.lit(ALL)))
    rows = rows.with_columns(part=pl.col("pieces") / pl.col("pieces").sum().over("need", "territory"))
    sites = cells.filter(pl.col("sector") == ALL).select(
        "need", "norm_use_per_day", territory="region", unknown=pl.col("unknown_share").fill_null(0)
    )
    hubs = there.filter(hub).group_by("need").agg(hubs=pl.col("pieces").sum()).with_columns(territory=pl.lit(ALL))
    rows = rows.join(sites, on=["need", "territory"]).join(hubs, on=["need", "territory"], how="left")
    own = own_per_week(now).filter(pl.col("sector") == ALL).select("need", "own_per_week", territory="region")
    rows = rows.join(own, on=["need", "territory"], how="left").with_columns(
        pl.col("hubs", "own_per_week").fill_null(0)
    )
    asked = pl.col("part") * pl.col("norm_use_per_day")
    return rows.with_columns(
        days_of_stock=pl.when(asked > 0).then((pl.col("pieces") / asked).clip(upper_bound=1e6).round(3)),
    ).sort("need", "site")


def bound_for(lines: pl.DataFrame, places: pl.DataFrame) -> NDArray[np.int64]:
    """The row of ``places`` at which each line of a need arrives: where it is bound for, else the warehouse that holds
    most; -1: none.
    """
    row = {site: place for place, site in enumerate(places["site"])}
    stores = places.filter(pl.col("holder") == "warehouse").sort("pieces", "site", descending=[True, False])["site"]
    most = row[stores[0]] if len(stores) else -1
    return np.array([row.get(site, most) for site in lines["to_site"]], dtype=np.int64)


def warehouse_outlook(places: pl.DataFrame, ahead: Ahead, coming: Inbound) -> pl.DataFrame:
    """When each place runs out of a need.

    Its part of the sites' stock is used up first, so it is counted with its own. Sites whose stock is unknown hold as
    those that are known; at worst, nothing.

    Parameters
    ----------
    places
        Rows of ``holders`` of one need.

    Returns
    -------
    Table ``WarehouseOutlook``.
    """
    if places.is_empty():
        return WarehouseOutlook.create_empty()
    part = places["part"].to_numpy()[:, None]
    at = ahead.at([ALL] * places.height, places["territory"])
    asked = beyond_own(ahead.demand[at], places["own_per_week"]) * part[:, :, None]
    ended = ahead.goods.lost_at_places(ahead.need, asked, places["site"].to_list())
    pieces = places["pieces"].to_numpy()[:, None] - ended + part * places["hubs"].to_numpy()[:, None]
    known = 1 - places["unknown"].to_numpy()[:, None]
    at_sites = ahead.at_sites[at]
    found, worst = (
        run_out(pieces + part * before, asked, coming, marks=WEEKS)
        for before in (np.where(known > 0, at_sites / np.where(known > 0, known, 1), 0.0), at_sites)
    )
    columns = dict(zip((*CHANCES, *DAYS), (*found.chance.T, *found.day.T), strict=True))
    columns["p_out_most_4w"] = np.maximum(worst.chance, found.chance)[:, WEEKS.index(4)]
    figures = pl.DataFrame(columns).select(pl.when(pl.all().is_finite()).then(pl.all().round(6)))
    return WarehouseOutlook.cast(places.hstack(figures).select(WarehouseOutlook.column_names()))


def beyond_own(demand: NDArray[np.float64], own_per_week: pl.Series) -> NDArray[np.float64]:
    """What demand asks beyond what sites buy themselves: pieces a week, shape (cells, paths, weeks)."""
    asked: NDArray[np.float64] = np.maximum(demand - own_per_week.to_numpy()[:, None, None], 0.0)
    return asked
