"""What is short: cover, chance to run out, and the routing of each need."""

from dataclasses import dataclass

import polars as pl

from dijk.assess.regime import regimes
from dijk.assess.situation import cells_of, chances, situation
from dijk.forecast.result import Forecast
from dijk.present.now import Now


@dataclass(frozen=True)
class Assessment:
    """The picture, how long each place that holds goods for others can go on, how stock goes, and the routing."""

    situation: pl.DataFrame
    warehouse_outlook: pl.DataFrame
    stock_path: pl.DataFrame
    regime: pl.DataFrame


def assess(now: Now, future: Forecast, *, seed: int) -> Assessment:
    """Cover in days and the chance to run out within 2, 4 and 8 weeks, and from these the regime of each listed need.

    A cell of sector and region is judged on what its sites hold; the nation on that, the deliverable stock of
    warehouses and hubs, and inbound with its lateness, cancellations and rejects. Chances are judged on the sites that
    are known; ``p_out_most_4w`` is the bound with unknown stock taken as none.
    """
    cells = cells_of(now)
    ahead = chances(now, future, cells, seed=seed)
    picture = situation(now, cells, ahead.cells)
    return Assessment(picture, ahead.warehouses, ahead.stock_path, regimes(now, picture))
