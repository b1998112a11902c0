"""Regional hubs: what a hub holds goes to its own region first, and counts as stock there when the nation's goods are
divided.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from dijk.allocate.articles import with_article
from dijk.allocate.claims import CLAIMANT, in_packs
from dijk.allocate.fences import NO_FENCES, NO_SHORTFALL, Split
from dijk.allocate.share import Shared, share_apart
from dijk.present.now import Now
from dijk.tables import ALL


@dataclass(frozen=True)
class AtHubs:
    """What the hubs send, and the claims that this leaves on the nation."""

    divided: Shared
    rest: pl.DataFrame


def at_hubs(now: Now, rows: pl.DataFrame, goods: pl.DataFrame) -> AtHubs:
    """Divide the goods of each hub over the claims of its region, by the rules of that region where it has its own.

    Parameters
    ----------
    rows
        Claims with room, floor_room and order; see `dijk.allocate.claims.claims`.
    goods
        Articles of hubs and warehouses; see `dijk.allocate.claims.supply`.

    Returns
    -------
    ``requested`` of the division is what a hub meets of a request.
    """
    held = goods.filter((pl.col("region") != ALL) & (pl.col("packs") > 0))
    none = pl.lit(None, dtype=pl.Int64)
    own = rows.with_columns(
        room=pl.coalesce("own_room", "room"),
        floor_room=pl.coalesce("own_floor_room", "floor_room"),
        floor_days=pl.coalesce("own_floor_days", "floor_days"),
        own_room=none,
        own_floor_room=none,
    )
    parts = [
        with_article(now, own.filter(pl.col("region") == region), own_goods, NO_FENCES).rows
        for region, own_goods in _by_region(held)
    ]
    served = in_packs(
        pl.concat(parts or [with_article(now, own.clear(), held, NO_FENCES).rows]).filter(
            pl.col("product").is_not_null()
        )
    )
    article = held.select("product", "region").with_row_index("pool").cast({"pool": pl.Int64})
    pool = served.join(article, on=["product", "region"], how="left", maintain_order="left")["pool"]
    divided = share_apart(served, Split(pool, held, NO_SHORTFALL))
    met = pl.min_horizontal("requested", pl.col("packs") * pl.col("pieces_per_pack"))
    sent = divided.rows.with_columns(requested=met, band_days=pl.lit(None, dtype=pl.Float64))
    return AtHubs(Shared(sent, divided.rounds, divided.shortfall), _after(rows, sent))


def _by_region(goods: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    for (region,), part in goods.group_by("region", maintain_order=True):
        yield str(region), part


def _after(rows: pl.DataFrame, sent: pl.DataFrame) -> pl.DataFrame:
    """The claims that are left on the nation: with what the hubs send in stock, and so much less to ask for."""
    came = sent.select(*CLAIMANT, had=pl.col("packs") * pl.col("pieces_per_pack"))
    rows = rows.join(came, on=CLAIMANT, how="left", maintain_order="left").with_columns(pl.col("had").fill_null(0))
    asked = ("requested", "room", "floor_room", "own_room", "own_floor_room")
    rows = rows.with_columns(
        *((pl.col(column) - pl.col("had")).clip(lower_bound=0) for column in asked),
        position=pl.col("position") + pl.col("had"),
    )
    return rows.drop("had").filter((pl.col("requested") > 0) | (pl.col("own_room") > 0))
