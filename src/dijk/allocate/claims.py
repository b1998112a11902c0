"""Claims: what each site may claim of each need for each class of treatment risk, and what there is to divide."""

import polars as pl

from dijk.allocate.packs import lot
from dijk.inputs import Now
from dijk.request import listed, open_requests

CLAIM = ("site", "need", "risk_class")
LOTS = 16**15


def claims(now: Now) -> pl.DataFrame:
    """Claims with an open request and norm use, before an article and its packs are known. One row per site, need and risk class.

    The stock of a site serves its highest class first, up to the cap of norm days; what is left counts for its last class. Its
    request does the same: it fills the room under the cap class by class, and what passes the cap stays with the last class.

    Returns
    -------
    Columns of table ``Claim`` but product, floor and ceiling, and besides: ``capped`` (pieces of the cap), ``room`` (most it may get:
    the request, but not more than the cap leaves after stock), ``floor_room`` (the same of the floor). Pieces, whole. Sorted by key.
    """
    day, policy = now.world.today, now.policy
    tiers = now.world.risk_class.select("risk_class", "tier")
    places = now.world.site.select("site", "sector", "region")
    held = now.position.select("site", "need", "counts_as", position_reason=pl.col("reason").cast(pl.String))
    rows = (
        now.norm_use.filter(pl.col("mid") > 0)
        .select(*CLAIM, norm_use_per_day="mid")
        .join(listed(policy, day), on="need", how="semi")
        .join(open_requests(now), on=["site", "need"])
        .join(held, on=["site", "need"], how="left")
        .join(places, on="site")
        .join(tiers, on="risk_class")
        .sort("site", "need", "tier", "risk_class")
    )
    rows = rows.with_columns(
        capped=_days(rows["norm_use_per_day"], policy.numbers("cap_days", day, rows)),
        floor_pieces=_days(rows["norm_use_per_day"], policy.numbers("floor_days", day, rows)),
        stock=pl.col("counts_as").fill_null(0),
    )
    return _by_class(rows).filter(pl.col("requested") > 0).sort(CLAIM)


def _days(norm_use: pl.Series, days: pl.Series) -> pl.Series:
    """Pieces of so many days of norm use, rounded up; norm use is in millionths, so 0.1 a day for 10 days is 1 piece."""
    return ((norm_use * 1e6).round() * days / 1e6).ceil().cast(pl.Int64)


def _by_class(rows: pl.DataFrame) -> pl.DataFrame:
    """Split the stock and the request of a site over its risk classes, highest first; rows are sorted so."""
    one = ["site", "need"]
    last = pl.int_range(pl.len()).over(one) == pl.len().over(one) - 1
    before = pl.col("capped").cum_sum().over(one) - pl.col("capped")
    left = (pl.col("stock") - before).clip(lower_bound=0)
    rows = rows.with_columns(position=pl.when(last).then(left).otherwise(pl.min_horizontal(left, "capped")))
    rows = rows.with_columns(open_room=(pl.col("capped") - pl.col("position")).clip(lower_bound=0))
    asked_before = pl.col("open_room").cum_sum().over(one) - pl.col("open_room")
    asked = (pl.col("pieces") - asked_before).clip(lower_bound=0)
    room = pl.min_horizontal(asked, "open_room")
    return rows.with_columns(
        requested=pl.when(last).then(asked).otherwise(room),
        room=room,
        floor_room=pl.min_horizontal(room, (pl.col("floor_pieces") - pl.col("position")).clip(lower_bound=0)),
    ).drop("stock", "counts_as", "pieces", "open_room", "floor_pieces", "urgent")


def in_packs(rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``ceiling`` and ``floor``: room and floor in whole packs of the claim's article, rounded up over the classes of a site together.

    ``rows`` has ``pieces_per_pack``. So a site of three classes is rounded up once and not three times.
    """
    one, pack = ["site", "need"], pl.col("pieces_per_pack")

    def up(pieces: pl.Expr) -> pl.Expr:
        return (pieces + pack - 1) // pack * pack

    rows = rows.sort("site", "need", "tier", "risk_class")
    so_far = pl.col("room").cum_sum().over(one)
    rows = rows.with_columns(ceiling=up(so_far) - up(so_far - pl.col("room")))
    return rows.with_columns(floor=pl.min_horizontal("ceiling", up(pl.col("floor_room")))).sort(CLAIM)


def in_line(rows: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Add ``lot`` and ``order``: who goes first at equal cover. Longest wait first, then the lowest lot, then the highest class.

    The lot of a claim is the lot of its site plus the lot of its need, modulo 16**15; see `dijk.allocate.packs.lot`.
    """
    lots = pl.concat([_lots(rows, column, seed) for column in ("site", "need")], how="horizontal")
    rows = rows.with_columns(lot=(lots["site"] + lots["need"]) % LOTS)
    line = rows.select(*CLAIM, "waiting_since", "lot", "tier").sort("waiting_since", "lot", "tier", *CLAIM, nulls_last=True)
    return rows.join(line.select(*CLAIM).with_row_index("order").cast({"order": pl.Int64}), on=CLAIM, how="left", maintain_order="left")


def _lots(rows: pl.DataFrame, column: str, seed: int) -> pl.DataFrame:
    drawn = rows.select(pl.col(column).unique().sort())
    drawn = drawn.with_columns(pl.Series("_lot", [lot(seed, [word]) for word in drawn[column]], dtype=pl.Int64))
    return rows.select(column).join(drawn, on=column, how="left", maintain_order="left").select(pl.col("_lot").alias(column))


def supply(now: Now) -> pl.DataFrame:
    """What can be divided of each article, for the need it serves first: need, product, pieces_per_pack, ``packs``; no empty rows.

    Approved goods of all warehouses and hubs, less the share that policy keeps back, in whole packs per article.
    """
    kept = now.policy.numbers("buffer_share", now.world.today, now.central_stock.select("need"))
    approved = now.central_stock.with_columns(kept=kept).filter(pl.col("status") == "approved")
    packs = now.world.product.select("product", "pieces_per_pack")
    return (
        approved.group_by("need", "product", "kept")
        .agg(pl.col("pieces").sum())
        .join(packs, on="product")
        .with_columns(packs=((pl.col("pieces") - (pl.col("pieces") * pl.col("kept")).ceil().cast(pl.Int64)) // pl.col("pieces_per_pack")))
        .filter(pl.col("packs") > 0)
        .select("need", "product", "pieces_per_pack", "packs")
        .sort("need", "product")
    )
