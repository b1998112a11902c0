"""What would have to be bought, at base and at max, in pieces, money, kilograms, cubic metres and weeks left over."""

import polars as pl

from dijk.buy.on_curves import CURVES, on_curves
from dijk.buy.price import articles
from dijk.forecast.result import Forecast
from dijk.present.deliveries import own_per_week
from dijk.present.now import Now
from dijk.tables import ALL
from dijk.tables.purchase import PurchaseNeed


def purchase_need(now: Now, future: Forecast, regime: pl.DataFrame) -> pl.DataFrame:
    """Gross and net purchase need of each need with a regime over ``buy_cover_weeks``, for base, max and the stance
    between them.

    Gross is demand less deliverable stock and known stock at the sites, both as far as they can be used in time, less
    what institutions go on buying themselves; net takes off what of the open orders may be counted on in time: as
    late as lines tend to be, less the shares that never come or fail their check. Both are in whole packs of the
    need's own article. Money, weight and volume are empty where price or measures are not known. What to buy is empty
    where nobody can say how short the need is, and so are demand and stock where more than stock is missing.

    Parameters
    ----------
    regime
        Table ``Regime``.

    Returns
    -------
    Table ``PurchaseNeed``. ``weeks_left_over`` is what would be left after the horizon if demand follows base, in weeks
    of base.
    """
    needs = regime.select("need", pl.col("missing").cast(pl.String)).sort("need")
    weeks = now.policy.numbers("buy_cover_weeks", now.world.today, needs).floor().cast(pl.Int64)
    needs = needs.with_columns(horizon_weeks=weeks)
    used = needs.filter(pl.col("missing").is_null() | (pl.col("missing") == "stock")).select("need", "horizon_weeks")
    rows = needs.join(pl.DataFrame({"curve": CURVES}), how="cross")
    rows = rows.join(on_curves(now, future, used), on=["need", "curve"], how="left")
    rows = rows.join(_own_purchases(now, needs), on="need", how="left")
    rows = rows.join(articles(now), on="need", how="left").with_columns(pl.col("own_purchase_pieces").fill_null(0))
    rows = rows.with_columns(
        gross=pl.col("demand_pieces") - pl.col("stock_pieces") - pl.col("own_purchase_pieces")
    ).with_columns(net=pl.col("gross") - pl.col("inbound_pieces"))
    sure = pl.col("missing").is_null()
    rows = rows.with_columns(pl.when(sure).then(_in_packs(name)).alias(f"{name}_pieces") for name in ("gross", "net"))
    return PurchaseNeed.cast(_with_measures(rows).select(PurchaseNeed.column_names()).sort("need", "curve"))


def _own_purchases(now: Now, needs: pl.DataFrame) -> pl.DataFrame:
    """What institutions go on buying themselves over the horizon."""
    own = own_per_week(now).filter((pl.col("sector") == ALL) & (pl.col("region") == ALL)).join(needs, on="need")
    pieces = (pl.col("own_per_week") * pl.col("horizon_weeks")).round(6).floor().cast(pl.Int64)
    return own.select("need", own_purchase_pieces=pieces)


def _in_packs(pieces: str) -> pl.Expr:
    """Up to whole packs, never below 0; in pieces where the need has no article."""
    pack = pl.col("pieces_per_pack").fill_null(1)
    return (pl.col(pieces).clip(lower_bound=0) + pack - 1) // pack * pack


def _with_measures(rows: pl.DataFrame) -> pl.DataFrame:
    def cents(pieces: str) -> pl.Expr:
        return (pl.col(pieces) * pl.col("cents_per_pack") / pl.col("paid_pack")).round().cast(pl.Int64)

    packs = pl.col("net_pieces") / pl.col("pieces_per_pack")
    there = pl.col("base_stock") + pl.col("own_purchase_pieces") + pl.col("inbound_pieces") + pl.col("net_pieces")
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
