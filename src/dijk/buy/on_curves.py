"""Demand over the horizon of buying, and what there is and comes that is of use in it, at base, at max and between."""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.assess.arrivals import expected_arrivals, expected_lines
from dijk.assess.in_time import Goods
from dijk.forecast.result import Forecast
from dijk.present.held import DELIVERABLE
from dijk.present.now import Now
from dijk.tables import ALL

BASE_LEVEL, MAX_LEVEL = 0.5, 0.9
"""Base is the median of the base curve, max the 90 % quantile of the max curve: an envelope over scenarios, no
interval.
"""
CURVES = ("base", "max", "stance")
COLUMNS = ("demand_pieces", "stock_pieces", "inbound_pieces", "base_pieces", "base_stock")


class Balance(NamedTuple):
    """Pieces of a need over the horizon."""

    demand: float
    stock: float
    inbound: float

    def towards(self, other: "Balance", share: float) -> "Balance":
        """So far on the way to another."""
        return Balance(*(one + share * (far - one) for one, far in zip(self, other, strict=True)))

    def whole(self) -> tuple[int, int, int]:
        """In whole pieces: demand up, what there is down."""
        demand, stock, inbound = (round(float(one), 6) for one in self)
        return int(np.ceil(demand)), int(np.floor(stock)), int(np.floor(inbound))


@dataclass(frozen=True)
class Supply:
    """What there is and what comes, of every need.

    Attributes
    ----------
    goods
        Stock at the sites, and what ends.
    central
        Deliverable pieces in warehouses and hubs, promised or not, by need.
    lines
        Open order lines, as ``expected_lines`` gives them.
    """

    now: Now
    goods: Goods
    central: dict[str, int]
    lines: pl.DataFrame

    @classmethod
    def of(cls, now: Now, future: Forecast) -> Self:
        """Of the present."""
        there = now.central_stock.filter(pl.col("status").is_in(DELIVERABLE))
        central = there.group_by("need").agg(pl.col("pieces").sum())
        return cls(now, Goods.of(now, future.cells), dict(central.iter_rows()), expected_lines(now))

    def against(self, need: str, demand: NDArray[np.float64], level: float) -> Balance:
        """Demand and stock at a quantile of the paths, and what may be counted on of orders.

        Parameters
        ----------
        demand
            Pieces a week over the horizon, shape (lowest cells, paths, weeks).
        """
        nation = demand.sum(axis=0)
        central = self.central.get(need, 0) - self.goods.lost_centrally(need, nation[None], [ALL])[0]
        stock = np.maximum(central, 0) + self.goods.used_at_sites(need, demand).sum(axis=0)
        come = expected_arrivals(self.now, self.lines.filter(pl.col("need") == need), nation).sum()
        return Balance(np.quantile(nation.sum(axis=1), level), np.quantile(stock, level), come)


def on_curves(now: Now, future: Forecast, needs: pl.DataFrame) -> pl.DataFrame:
    """Demand of each need over its horizon, and the stock and inbound that are of use in it.

    Parameters
    ----------
    needs
        need, horizon_weeks.

    Returns
    -------
    need, curve (base, max, and the stance between them) and ``COLUMNS``; the last two are those of base.
    """
    supply, today = Supply.of(now, future), now.world.today
    stances = now.policy.numbers("buy_stance", today, needs)
    rows: list[tuple[str | int, ...]] = []
    for (need, weeks), stance in zip(needs.iter_rows(), stances, strict=True):
        base = supply.against(need, future.ahead(need, today, "base", weeks=weeks), BASE_LEVEL)
        most = supply.against(need, future.ahead(need, today, "max", weeks=weeks), MAX_LEVEL)
        most = most._replace(demand=max(base.demand, most.demand))
        each = (base, most, base.towards(most, stance))
        rows += [(need, curve, *one.whole(), *base.whole()[:2]) for curve, one in zip(CURVES, each, strict=True)]
    schema = {"need": pl.String, "curve": pl.String, **dict.fromkeys(COLUMNS, pl.Int64)}
    return pl.DataFrame(rows, schema=schema, orient="row")
