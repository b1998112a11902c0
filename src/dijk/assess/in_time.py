"""What of the goods there are can be used in time: before they end, and at a site by its own use.

Goods that end first are used first. What is then left unused of those that end by some day is what they are more than
the use until that day; the most of these over all days is lost. Stock at a site is used by that site alone, so what it
has beyond its own use over the weeks looked at is lost to the others too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.known import exact_sum
from dijk.present.ends import ends_at_sites, ends_centrally
from dijk.present.now import Now
from dijk.tables import ALL

Array = NDArray[np.float64]
Places = NDArray[np.int64]
NO_END = 10**6
"""The day, from today, of goods that do not end."""


class AtSites(NamedTuple):
    """Known stock of one need at the sites, and until when it can be used.

    Attributes
    ----------
    place, part, pieces
        The cell of each site among the lowest, its part of the norm use there, its stock; shape (sites,).
    first
        The first of the goods of each site, and the end of them all; shape (sites + 1,).
    last, by_then
        Of the goods that end: the day from today, and pieces of the site that end until then, ascending by site and
        day; shape (goods,). What does not end is the last of a site's, at ``NO_END``.
    """

    place: Places
    part: Array
    pieces: Array
    first: Places
    last: Places
    by_then: Array


@dataclass(frozen=True)
class Goods:
    """Known stock at the sites and what ends of it and of central stock.

    Attributes
    ----------
    at_sites
        By need.
    ends_centrally
        need, site, region, holder, last (days from today), pieces.
    cells
        How many lowest cells there are.
    """

    at_sites: Mapping[str, AtSites]
    ends_centrally: pl.DataFrame
    cells: int

    @classmethod
    def of(cls, now: Now, cells: pl.DataFrame) -> Self:
        """Of the present; ``cells`` are the lowest in the order of the forecast."""
        return cls(_at_sites(_at_site(now, cells), ends_at_sites(now)), ends_centrally(now), cells.height)

    def used_at_sites(self, need: str, demand: Array) -> Array:
        """Pieces at the sites that these use themselves in time, shape (lowest cells, paths).

        Parameters
        ----------
        demand
            Pieces a week of the lowest cells, shape (cells, paths, weeks).
        """
        from dijk.assess._in_time_kernel import used  # here, because numba takes two seconds to load

        held = self.at_sites.get(need)
        if held is None:
            return np.zeros(demand.shape[:2])
        so_far = np.zeros((demand.shape[0], demand.shape[2] + 1, demand.shape[1]))
        np.cumsum(demand.transpose(0, 2, 1), axis=1, out=so_far[:, 1:])
        site, goods = (held.place, held.part, held.pieces, held.first), (held.last, held.by_then)
        total: Array = used(so_far, site, goods)
        return total

    def lost_centrally(self, need: str, demand: Array, territories: list[str]) -> Array:
        """Deliverable pieces that end before their territory has used them, shape (territories, paths).

        A region's are those of its hub, those of ``all`` are all there are.

        Parameters
        ----------
        demand
            Pieces a week of each territory, shape (territories, paths, weeks).
        """
        ends = self.ends_centrally.filter(pl.col("need") == need)
        hubs = ends.filter(pl.col("holder") == "regional_hub")
        both = pl.concat([hubs, ends.with_columns(region=pl.lit(ALL))])
        rows = pl.DataFrame({"region": territories}).with_row_index("row")
        goods = both.join(rows, on="region").sort("row", "last")
        return lost(goods, used_until(demand, goods["row"].to_numpy(), goods["last"].to_numpy()), len(territories))

    def lost_at_places(self, need: str, asked: Array, places: list[str]) -> Array:
        """The same of each warehouse and hub by itself. Shape of ``asked``: (places, paths, weeks)."""
        rows = pl.DataFrame({"site": places}, schema={"site": pl.String}).with_row_index("row")
        goods = self.ends_centrally.filter(pl.col("need") == need).join(rows, on="site").sort("row", "last")
        return lost(goods, used_until(asked, goods["row"].to_numpy(), goods["last"].to_numpy()), len(places))


def used_until(demand: Array, row: Places, last: Places) -> Array:
    """What is used up to and including a day from today on, the demand of a week spread evenly over its days.

    Parameters
    ----------
    demand
        Pieces a week, shape (places, paths, weeks).
    row, last
        The place of each of the goods, and the day; shape (goods,).

    Returns
    -------
    Pieces, shape (goods, paths); a day beyond the weeks counts to their end.
    """
    weeks = demand.shape[2]
    so_far = np.concatenate([np.zeros((*demand.shape[:2], 1)), np.cumsum(demand, axis=2)], axis=2)
    week, day = np.divmod(np.clip(last + 1, 0, 7 * weeks), 7)
    before, after = so_far[row, :, week], so_far[row, :, np.minimum(week + 1, weeks)]
    used: Array = before + (after - before) * (day / 7)[:, None]
    return used


def lost(goods: pl.DataFrame, use: Array, places: int) -> Array:
    """What is left unused of goods that end, first ending first used; shape (places, paths).

    Parameters
    ----------
    goods
        row (the place), last, pieces; sorted by row and last.
    use
        What the place uses until that day, shape (goods, paths).
    """
    most = np.zeros((places, use.shape[1]))
    if goods.height:
        by_then = goods.select(pl.col("pieces").cum_sum().over("row")).to_series().cast(pl.Float64).to_numpy()
        row = goods["row"].to_numpy()
        first = np.flatnonzero(np.diff(row, prepend=-1))
        most[row[first]] = np.maximum(np.maximum.reduceat(by_then[:, None] - use, first, axis=0), 0.0)
    return most


def _at_site(now: Now, cells: pl.DataFrame) -> pl.DataFrame:
    """Known stock of each site, with its cell and its part of the norm use there."""
    sites = now.world.site.select("site", "sector", "region")
    place = sites.join(cells.with_row_index("place"), on=["sector", "region"]).select("site", "place")
    use = now.norm_use.group_by("site", "need").agg(w=exact_sum("mid")).join(place, on="site")
    use = use.with_columns(part=pl.col("w") / exact_sum("w").over("need", "place"))
    held = now.position.filter(pl.col("reason").is_null()).select("need", "site", "pieces")
    known = held.join(use, on=["need", "site"])
    return known.select("need", "site", "place", "pieces", pl.col("part").fill_nan(0.0)).sort("need", "place", "site")


def _at_sites(sites: pl.DataFrame, ends: pl.DataFrame) -> dict[str, AtSites]:
    """By need; ``sites`` as ``_at_site`` gives them, ``ends`` as ``ends_at_sites`` does."""
    sites = sites.with_row_index("row")
    ends = ends.join(sites.select("need", "site", "row"), on=["need", "site"]).select("row", "last", "pieces")
    over = sites.join(ends.group_by("row").agg(ended=pl.col("pieces").sum()), on="row", how="left")
    rest = over.select("row", last=pl.lit(NO_END), pieces=pl.col("pieces") - pl.col("ended").fill_null(0))
    goods = pl.concat([ends, rest], how="vertical_relaxed").sort("row", "last")
    by_then = goods.select(pl.col("pieces").cum_sum().over("row").cast(pl.Float64)).to_series().to_numpy()
    last = goods["last"].cast(pl.Int64).to_numpy()
    first = np.searchsorted(goods["row"].to_numpy(), np.arange(sites.height + 1)).astype(np.int64)
    kinds = {"place": pl.Int64, "part": pl.Float64, "pieces": pl.Float64}
    place, part, pieces = (sites[name].cast(kind).to_numpy() for name, kind in kinds.items())
    of_need = sites.group_by("need").agg(start=pl.col("row").min(), end=pl.col("row").max() + 1)
    return {
        need: AtSites(
            place[a:b],
            part[a:b],
            pieces[a:b],
            first[a : b + 1] - first[a],
            last[first[a] : first[b]],
            by_then[first[a] : first[b]],
        )
        for need, a, b in of_need.iter_rows()
    }
