"""The article that a need is bought as, and what was paid for it last."""

import polars as pl

from dijk.present.now import Now


def articles(now: Now) -> pl.DataFrame:
    """Each need's own article with its pack, and the newest price paid for it, else for another article that serves the
    need. An order line that was cancelled is no price; ``price_source`` names order, line and day.

    Examples
    --------
    In the example country (see `dijk.example`):

    >>> articles(now).filter(need="apron").select("product", "pieces_per_pack", "cents_per_pack", "price_source").row(0)
    ('P-apron', 100, 1214, 'order B00000/3, 2020-04-26')
    """
    accepted = now.policy.in_force("acceptance", now.world.today).select("product", "need", "preference")
    pack = now.world.product.select("product", "pieces_per_pack", "kg_per_pack", "litres_per_pack")
    own = (
        accepted.sort("need", "preference", "product")
        .unique("need", keep="first", maintain_order=True)
        .join(pack, on="product")
    )
    paid = (
        now.world.inbound.filter(pl.col("cents_per_pack").is_not_null() & (pl.col("state") != "cancelled"))
        .join(accepted, on="product")
        .join(pack.select("product", paid_pack="pieces_per_pack"), on="product")
        .sort("need", "preference", pl.col("day"), "order", "line", descending=[False, False, True, False, False])
        .unique("need", keep="first", maintain_order=True)
        .select(
            "need", "cents_per_pack", "paid_pack", price_source=pl.format("order {}/{}, {}", "order", "line", "day")
        )
    )
    return own.drop("preference").join(paid, on="need", how="left")
