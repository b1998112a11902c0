"""The picture: what each cell has, how long that lasts, and the chance that it runs out."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from dijk.assess.ahead import Ahead
from dijk.assess.arrivals import arriving_at, drawn_arrivals, expected_lines, in_time
from dijk.assess.in_time import Goods
from dijk.assess.run_out import Array, Inbound, run_out
from dijk.assess.stock_path import levels_ahead, stock_path
from dijk.assess.warehouse import beyond_own, bound_for, holders, warehouse_outlook
from dijk.forecast.result import Forecast
from dijk.forecast.totals import Grid
from dijk.known import MICRO
from dijk.policy import listed
from dijk.present.deliveries import own_per_week
from dijk.present.held import DELIVERABLE
from dijk.present.now import Now
from dijk.tables import ALL
from dijk.tables.cells import CELL, with_totals
from dijk.tables.results import Situation, StockPath, WarehouseOutlook

WEEKS = (2, 4, 8)


OUTLOOK = (
    "p_out_2w",
    "p_out_4w",
    "p_out_8w",
    "p_out_most_4w",
    "out_day_10",
    "out_day_50",
    "out_day_90",
    "short_pieces_4w",
)


def situation(now: Now, cells: pl.DataFrame, chance: pl.DataFrame) -> pl.DataFrame:
    """Table ``Situation``: the cells with their chances, and a reason wherever there is no figure."""
    unused = pl.when(pl.col("norm_use_per_day") <= 0).then(pl.lit("not_applicable"))
    picture = cells.join(chance, on=CELL, how="left").with_columns(pl.col("reason").fill_null(unused))
    picture = picture.with_columns(known_at=pl.lit(now.world.as_of))
    return Situation.cast(picture.select(Situation.column_names()).sort(CELL))


def cells_of(now: Now) -> pl.DataFrame:
    """Sums over sites per cell, totals included; micro-pieces keep the sums exact."""
    on_list = listed(now.policy, now.world.today)["need"]
    places = now.world.site.select("site", "sector", "region")
    w = now.norm_use.group_by("site", "need").agg(w=(pl.col("mid") * MICRO).round().cast(pl.Int64).sum())
    known = pl.col("reason").is_null()
    rows = (
        now.position.filter(pl.col("need").is_in(on_list.implode()))
        .join(w, on=["site", "need"])
        .join(places, on="site")
        .group_by(*CELL, "reason")
        .agg(sites=pl.len().cast(pl.Int64), w=pl.col("w").sum(), pieces=pl.col("pieces").sum())
        .with_columns(
            sites_known=pl.when(known).then("sites").otherwise(0), w_known=pl.when(known).then("w").otherwise(0)
        )
        .with_columns(pieces=pl.when(known).then("pieces").otherwise(0))
        .sort(*CELL, "reason")
    )
    total = pl.col("sites", "sites_known", "w", "w_known", "pieces").sum()
    cells = (
        with_totals(rows, now.world.sector)
        .group_by(*CELL, "reason")
        .agg(total)
        .sort(*CELL, "w", "reason")
        .group_by(CELL, maintain_order=True)
        .agg(total, reason=pl.col("reason").drop_nulls().last())  # the reason behind most of the norm use
    )
    return (
        cells.join(_shared_stock(now), on=CELL, how="left")
        .join(own_per_week(now), on=CELL, how="left")
        .with_columns(pl.col("shared", "own_per_week").fill_null(0))
        .select(
            *CELL,
            "sites",
            "sites_known",
            "shared",
            "own_per_week",
            "w_known",
            norm_use_per_day=pl.col("w") / MICRO,
            unknown_share=pl.when(pl.col("w") > 0).then((pl.col("w") - pl.col("w_known")) / pl.col("w")),
            stock_pieces=pl.when(pl.col("sites_known") > 0).then("pieces"),
            cover_days=_cover(),
            cover_least_days=_cover_least(),
            reason=pl.when(pl.col("sites_known") == 0).then("reason"),
        )
    )


def _cover() -> pl.Expr:
    """Days that known stock lasts at the norm use it serves: sites' stock on the known sites, shared stock on all."""
    own = pl.when(pl.col("w_known") > 0).then(pl.col("pieces") * MICRO / pl.col("w_known"))
    shared = pl.when((pl.col("w") > 0) & (pl.col("shared") > 0)).then(pl.col("shared") * MICRO / pl.col("w"))
    days = pl.when(own.is_not_null() | shared.is_not_null()).then(own.fill_null(0) + shared.fill_null(0))
    return days.round(6).clip(upper_bound=1e6)


def _cover_least() -> pl.Expr:
    """The same with unknown stock taken as none: what is known on all sites."""
    there = (pl.col("pieces") + pl.col("shared")) * MICRO
    return pl.when(pl.col("w") > 0).then((there / pl.col("w")).round(6).clip(upper_bound=1e6))


def _shared_stock(now: Now) -> pl.DataFrame:
    """Deliverable stock that a total may count on: of its regional hub for a region, of all holders for the nation.
    What is promised counts here, for it does not count at the sites before it has come.
    """
    there = now.central_stock.filter(pl.col("status").is_in(DELIVERABLE))
    by_region = (
        there.filter(pl.col("holder") == "regional_hub").group_by("need", "region").agg(shared=pl.col("pieces").sum())
    )
    nation = there.group_by("need").agg(shared=pl.col("pieces").sum()).with_columns(region=pl.lit(ALL))
    return (
        pl.concat([by_region, nation.select(by_region.columns)])
        .with_columns(sector=pl.lit(ALL))
        .select(*CELL, "shared")
    )


@dataclass(frozen=True)
class Chances:
    """When each cell runs out, its columns and those of ``OUTLOOK``, empty where no stock is known; table
    ``WarehouseOutlook``; and table ``StockPath``.
    """

    cells: pl.DataFrame
    warehouses: pl.DataFrame
    stock_path: pl.DataFrame


def chances(now: Now, future: Forecast, cells: pl.DataFrame, *, seed: int) -> Chances:
    """Live through the simulated futures with the stock there is and what comes in."""
    paths, lines, held = future.joint.paths.shape[2], expected_lines(now), holders(now, cells)
    arrivals = drawn_arrivals(now, lines, paths, seed=seed)
    frames = [cells.head(0).select(*CELL, *(pl.lit(None, pl.Float64).alias(name) for name in OUTLOOK))]
    stores: list[pl.DataFrame] = [WarehouseOutlook.create_empty()]
    drawn: list[pl.DataFrame] = [StockPath.create_empty()]
    grid, goods = Grid.of(future.cells, now.world.sector), Goods.of(now, future.cells)
    for (need,), part in cells.group_by("need", maintain_order=True):
        ahead = Ahead.of(str(need), future.ahead(str(need), now.world.today), goods, grid)
        nation = int((part["sector"].eq(ALL) & part["region"].eq(ALL)).arg_max() or 0)
        of_need = lines["need"].eq(str(need)).arg_true().cast(pl.Int64).to_numpy()
        coming = arriving_at(arrivals, np.isin(np.arange(lines.height), of_need) - 1)
        due, coming = lines[of_need], in_time(lines[of_need], coming, ahead.demand[-1, -1])
        frames.append(
            part.select(*CELL).hstack(_outlook(part, ahead, arriving_at(coming, np.full(due.height, nation))))
        )
        places = held.filter(pl.col("need") == need)
        stores.append(warehouse_outlook(places, ahead, arriving_at(coming, bound_for(due, places))))
        at_nation = arriving_at(coming, np.zeros(due.height, dtype=np.int64))
        drawn.append(stock_path(str(need), _nation_ahead(part.slice(nation, 1), ahead, at_nation)))
    return Chances(
        pl.concat(frames),
        pl.concat(stores).sort("site", "need"),
        pl.concat(drawn).sort("need", "days_ahead", "quantile_level"),
    )


def _nation_ahead(nation: pl.DataFrame, ahead: Ahead, coming: Inbound) -> Array:
    """How the known stock of the nation goes, a single cell."""
    side = _known_side(nation, ahead)
    return levels_ahead(side.held[0], side.asked[0] * side.part[0], coming.times(side.part))


@dataclass(frozen=True)
class KnownSide:
    """The known sites of some cells: what they and what is shared hold of it, NaN where nobody counted, and their part
    of demand.
    """

    held: Array  # (cells, paths)
    all: Array  # (cells, paths), with what is shared as a whole
    asked: Array  # (cells, paths, weeks)
    part: Array  # (cells,)


def _known_side(cells: pl.DataFrame, ahead: Ahead) -> KnownSide:
    at = ahead.at(cells["sector"], cells["region"])
    own, shared = ahead.at_sites[at], ahead.shared_in_time(cells)
    part = (1 - cells["unknown_share"].fill_null(0)).to_numpy()
    part = np.where(part == 0, 1.0, part)
    blind = (cells["reason"].is_not_null() & (cells["shared"] == 0)).to_numpy()
    held = np.where(blind[:, None], np.nan, own + shared * part[:, None])
    return KnownSide(held, own + shared, beyond_own(ahead.demand[at], cells["own_per_week"]), part)


def _outlook(cells: pl.DataFrame, ahead: Ahead, coming: Inbound) -> pl.DataFrame:
    """Chances, days and depth of the cells of one need.

    Demand is what the sites do not buy themselves, stock what can be used in time. What is shared, on the shelf or on
    its way, serves known and unknown sites alike, so the known sites have their part of it. Where nobody counted, what
    is shared is alone against all demand.
    """
    side = _known_side(cells, ahead)
    known = run_out(side.held, side.asked * side.part[:, None, None], coming.times(side.part), marks=WEEKS)
    worst = run_out(side.all, side.asked, coming, marks=WEEKS)
    four = WEEKS.index(4)
    columns = [
        *known.chance.T,
        np.fmax(worst.chance[:, four], known.chance[:, four]),
        *known.day.T,
        known.shortfall[:, four].round(3),
    ]
    table = pl.DataFrame(dict(zip(OUTLOOK, columns, strict=True)))
    return table.select(pl.when(pl.all().is_finite()).then(pl.all().round(6)))
