"""What would have to be bought, at base and at max, in pieces, money, kilograms, cubic metres and weeks left over."""

import numpy as np
import polars as pl

from dijk.assess.arrivals import expected_arrivals, expected_lines
from dijk.buy.price import articles
from dijk.forecast.result import Forecast
from dijk.policy import listed
from dijk.present.deliveries import own_per_week
from dijk.present.now import Now
from dijk.tables import ALL
from dijk.tables.purchase import PurchaseNeed

BASE_LEVEL, MAX_LEVEL = 0.5, 0.9
"""Base is the median of the base curve, max the 90 % quantile of the max curve: an envelope over scenarios, no
interval.
"""


def purchase_need(now: Now, future: Forecast) -> pl.DataFrame:
    """Gross and net purchase need of each listed need over ``buy_cover_weeks``, for base, max and the stance between
    them.

    Gross is demand less deliverable stock, less known stock at the sites, less what institutions go on buying
    themselves; net takes off what of the open orders may be counted on in time: as late as lines tend to be, less the
    shares that never come or fail their check. Both are in whole packs of the need's own article. Money, weight and
    volume are empty where price or measures are not known.

    Returns
    -------
    Table ``PurchaseNeed``. ``weeks_left_over`` is what would be left after the horizon if demand follows base, in weeks
    of base.
    """
    needs = listed(now.policy, now.world.today).sort("need")
    weeks = now.policy.numbers("buy_cover_weeks", now.world.today, needs).floor().cast(pl.Int64)
    needs = needs.with_columns(horizon_weeks=weeks)
    rows = (
        pl.concat([_demand(now, future, need, weeks) for need, weeks in needs.iter_rows()])
        if needs.height
        else pl.DataFrame(
            schema={"need": pl.String, "curve": pl.String, "demand_pieces": pl.Int64, "base_pieces": pl.Int64}
        )
    )
    for part in (needs, _held(now), _own_purchases(now, needs), _due(now, needs)):
        rows = rows.join(part, on="need", how="left")
    rows = rows.join(articles(now), on="need", how="left").with_columns(
        pl.col("stock_pieces", "own_purchase_pieces", "inbound_pieces").fill_null(0)
    )
    rows = rows.with_columns(
        gross=pl.col("demand_pieces") - pl.col("stock_pieces") - pl.col("own_purchase_pieces")
    ).with_columns(gross_pieces=_in_packs("gross"), net=pl.col("gross") - pl.col("inbound_pieces"))
    rows = rows.with_columns(net_pieces=_in_packs("net"))
    return PurchaseNeed.cast(_with_measures(rows).select(PurchaseNeed.column_names()).sort("need", "curve"))


def _demand(now: Now, future: Forecast, need: str, weeks: int) -> pl.DataFrame:
    """Demand of the nation over the horizon at base, at max and at the stance."""

    def over_horizon(curve: str, level: float) -> float:
        paths = future.ahead(need, now.world.today, curve, weeks=weeks).sum(axis=(0, 2))
        return float(np.quantile(paths, level))

    base, most = over_horizon("base", BASE_LEVEL), over_horizon("max", MAX_LEVEL)
    stance = now.policy.numbers("buy_stance", now.world.today, pl.DataFrame({"need": [need]})).item()
    curves = {"base": base, "max": max(base, most), "stance": base + stance * (max(base, most) - base)}
    return pl.DataFrame(
        [
            (need, curve, int(np.ceil(round(pieces, 6))), int(np.ceil(round(base, 6))))
            for curve, pieces in curves.items()
        ],
        schema={"need": pl.String, "curve": pl.String, "demand_pieces": pl.Int64, "base_pieces": pl.Int64},
        orient="row",
    )


def _held(now: Now) -> pl.DataFrame:
    """Deliverable stock in warehouses and hubs, and known stock at the sites."""
    central = now.central_stock.filter(pl.col("status") == "approved").select("need", "pieces")
    sites = now.position.filter(pl.col("reason").is_null()).select("need", "pieces")
    return pl.concat([central, sites]).group_by("need").agg(stock_pieces=pl.col("pieces").sum())


def _own_purchases(now: Now, needs: pl.DataFrame) -> pl.DataFrame:
    """What institutions go on buying themselves over the horizon."""
    own = own_per_week(now).filter((pl.col("sector") == ALL) & (pl.col("region") == ALL)).join(needs, on="need")
    pieces = (pl.col("own_per_week") * pl.col("horizon_weeks")).round(6).floor().cast(pl.Int64)
    return own.select("need", own_purchase_pieces=pieces)


def _due(now: Now, needs: pl.DataFrame) -> pl.DataFrame:
    """Open pieces that may be counted on within the horizon, by the law by which the outlook draws their arrival."""
    lines = expected_lines(now).join(needs, on="need", maintain_order="left")
    good = expected_arrivals(now, lines, 7 * lines["horizon_weeks"].to_numpy())
    pieces = pl.col("good").sum().round(6).floor().cast(pl.Int64)
    return lines.with_columns(good=good).group_by("need").agg(inbound_pieces=pieces)


def _in_packs(pieces: str) -> pl.Expr:
    """Up to whole packs, never below 0; in pieces where the need has no article."""
    pack = pl.col("pieces_per_pack").fill_null(1)
    return (pl.col(pieces).clip(lower_bound=0) + pack - 1) // pack * pack


def _with_measures(rows: pl.DataFrame) -> pl.DataFrame:
    def cents(pieces: str) -> pl.Expr:
        return (pl.col(pieces) * pl.col("cents_per_pack") / pl.col("paid_pack")).round().cast(pl.Int64)

    packs = pl.col("net_pieces") / pl.col("pieces_per_pack")
    there = pl.col("stock_pieces") + pl.col("own_purchase_pieces") + pl.col("inbound_pieces") + pl.col("net_pieces")
    weekly = pl.col("base_pieces") / pl.col("horizon_weeks")
    return rows.with_columns(
        gross_cents=cents("gross_pieces"),
        net_cents=cents("net_pieces"),
        net_kg=(packs * pl.col("kg_per_pack")).round(3),
        net_m3=(packs * pl.col("litres_per_pack") / 1000).round(6),
        weeks_left_over=pl.when(weekly > 0).then(
            ((there - pl.col("base_pieces")).clip(lower_bound=0) / weekly).clip(upper_bound=1e6).round(3)
        ),
    )
