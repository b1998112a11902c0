"""What a scenario costs: the pieces it asks beyond base, at the newest price, with handling; free masks above all."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.buy.price import articles
from dijk.forecast.result import Forecast
from dijk.forecast.scenarios import CURVES
from dijk.present.now import Now
from dijk.tables import ALL
from dijk.tables.purchase import ScenarioCost

LEVELS = {"low": 0.1, "mid": 0.5, "high": 0.9}


def scenario_cost(now: Now, future: Forecast) -> pl.DataFrame:
    """Extra pieces and money of each scenario against base over the weeks that are forecast, with low, base and max
    beside it.

    Scenario and base are drawn with the same random numbers, so their difference is free of noise. Pieces go up to
    whole packs of the need's own article; each pack costs the newest price paid for the need and
    ``handling_cents_per_pack``. What is saved counts in whole packs too. Persons are the sizes of the sites of the
    sector (inhabitants, clients or staff), uptake is the share of them that the scenario adds to those covered, so that
    persons x uptake are those reached.

    Returns
    -------
    Table ``ScenarioCost``: each need with low, base and max, and with the scenarios that touch it, for each sector that
    they change and for all together. Money is empty where no price is known, with the reason.
    """
    rows = [row for need, scenarios in _touched(future).items() for row in _need_rows(now, future, need, scenarios)]
    if not rows:
        return ScenarioCost.create_empty()
    table = (
        pl.DataFrame(rows, infer_schema_length=None)
        .join(_persons(now), on="sector", how="left")
        .join(_uptake(now), on=[*KEY], how="left")
    )
    return ScenarioCost.cast(_with_money(now, table).select(ScenarioCost.column_names()).sort(KEY))


KEY = ("curve", "need", "sector")
AXES = ("need", "sector", "driver")


def _touched(future: Forecast) -> dict[str, list[str]]:
    """All needs, each with the scenarios that change it."""
    load = future.joint.load
    touched: dict[str, list[str]] = {need: [] for _, need in sorted(load)}
    for curve, need in sorted(load):
        base = load.get(("base", need))
        if curve not in CURVES and (base is None or not np.array_equal(load[curve, need], base)):
            touched[need].append(curve)
    return touched


def _need_rows(now: Now, future: Forecast, need: str, scenarios: list[str]) -> Iterator[dict[str, Any]]:
    """Demand and extra pieces of a need over the horizon, per curve and sector."""
    sectors = future.cells["sector"].unique(maintain_order=True).to_list()

    def of_sectors(curve: str) -> NDArray[np.float64]:
        """Pieces per path, shape (sectors and all, paths)."""
        cells = future.ahead(need, now.world.today, curve).sum(axis=2)
        parts = cells.reshape(len(sectors), -1, cells.shape[1]).sum(axis=1)
        return np.concatenate([parts, parts.sum(axis=0, keepdims=True)])

    base = of_sectors("base")
    for curve in (*CURVES, *scenarios):
        demand = of_sectors(curve)
        extra = demand - base
        for row, sector in enumerate((*sectors, ALL)):
            if sector == ALL or (curve not in CURVES and extra[row].any()):
                beyond = {f"extra_{name}": _whole(np.quantile(extra[row], level)) for name, level in LEVELS.items()}
                pieces = {"demand_pieces": _whole(np.median(demand[row]))}
                yield {"curve": curve, "need": need, "sector": sector} | pieces | beyond


def _whole(pieces: Any) -> int:
    return int(np.ceil(np.round(pieces, 6)))


def _persons(now: Now) -> pl.DataFrame:
    """Inhabitants, clients or staff of each sector, as far as the sizes of its sites are known."""
    sized = now.world.site.filter(pl.col("sector").is_not_null() & pl.col("size").is_not_null())
    return sized.group_by("sector").agg(persons=pl.col("size").sum())


def _uptake(now: Now) -> pl.DataFrame:
    """Which share of a sector a scenario adds in the end: of the norms it widens, the one it widens most."""
    lines = now.policy.in_force("scenario", now.world.today).filter(pl.col("coverage") > 0)
    norms = now.policy.in_force("norm", now.world.today).select(*AXES, covered="coverage").unique()
    both = lines.select("scenario", *(pl.col(axis).alias(f"{axis}_named") for axis in AXES), "coverage").join(
        norms, how="cross"
    )
    touched = both.filter(
        [(pl.col(f"{axis}_named") == ALL) | (pl.col(f"{axis}_named") == pl.col(axis)) for axis in AXES]
    )
    left = (1 - pl.col("coverage")).sort_by("coverage").product()  # in one order, so that it always comes to the same
    added = touched.group_by("scenario", *AXES, "covered").agg(uptake=(1 - pl.col("covered").first()) * (1 - left))
    return added.group_by(curve="scenario", need="need", sector="sector").agg(pl.col("uptake").max().round(6))


def _with_money(now: Now, rows: pl.DataFrame) -> pl.DataFrame:
    """Add packs times price and handling, or why there is no price."""
    priced = rows.join(articles(now), on="need", how="left", maintain_order="left")
    handling = now.policy.numbers("handling_cents_per_pack", now.world.today, priced).round()

    def cents(pieces: str) -> pl.Expr:
        packs = (pl.col(pieces) / pl.col("pieces_per_pack")).ceil()
        price = pl.col("cents_per_pack") * pl.col("pieces_per_pack") / pl.col("paid_pack")
        return (packs * (price + handling)).round().cast(pl.Int64)

    reason = (
        pl.when(pl.col("product").is_null())
        .then(pl.lit("no_article"))
        .when(pl.col("cents_per_pack").is_null())
        .then(pl.lit("no_price"))
    )
    return priced.with_columns(
        *(cents(f"extra_{name}").alias(f"cents_{name}") for name in LEVELS),
        demand_cents=cents("demand_pieces"),
        reason=reason,
    )
