"""Regional hubs: what a hub holds goes to its own region first, and counts as stock there when the nation's goods are divided."""

from dataclasses import dataclass

import polars as pl

from dijk.allocate.articles import with_article
from dijk.allocate.claims import CLAIMANT, in_packs
from dijk.allocate.fences import NO_FENCES, no_split
from dijk.allocate.share import Shared, share
from dijk.inputs import Now
from dijk.tables import ALL


@dataclass(frozen=True)
class AtHubs:
    """What the hubs send, a division for each hub, and the claims that this leaves on the nation."""

    divided: tuple[Shared, ...]
    rest: pl.DataFrame


def at_hubs(now: Now, rows: pl.DataFrame, goods: pl.DataFrame) -> AtHubs:
    """Divide the goods of each hub over the claims of its region, by the rules of that region where it has its own.

    Parameters
    ----------
    rows
        Claims with room, floor_room and order; see `dijk.allocate.claims.claims`.
    goods
        Articles of hubs and warehouses; see `dijk.allocate.claims.supply`.
    """
    held = goods.filter((pl.col("region") != ALL) & (pl.col("packs") > 0)).partition_by("region", as_dict=True, maintain_order=True)
    divided = tuple(_at_hub(now, rows.filter(pl.col("region") == region), held[(region,)]) for (region,) in held)
    return AtHubs(divided, _after(rows, divided))


def _at_hub(now: Now, rows: pl.DataFrame, goods: pl.DataFrame) -> Shared:
    """The division of one hub; ``requested`` becomes what the hub meets of the request."""
    none = pl.lit(None, dtype=pl.Int64)
    rows = rows.with_columns(
        room=pl.coalesce("own_room", "room"),
        floor_room=pl.coalesce("own_floor_room", "floor_room"),
        own_room=none,
        own_floor_room=none,
    )
    served = with_article(now, rows, goods, NO_FENCES).rows.filter(pl.col("product").is_not_null())
    shared = share(in_packs(served), goods, NO_FENCES, no_split(served, goods))
    met = pl.min_horizontal("requested", pl.col("packs") * pl.col("pieces_per_pack"))
    return Shared(shared.rows.with_columns(requested=met, band_days=pl.lit(None, dtype=pl.Float64)), shared.rounds, shared.shortfall)


def _after(rows: pl.DataFrame, divided: tuple[Shared, ...]) -> pl.DataFrame:
    """The claims that are left on the nation: with what the hubs send in stock, and so much less to ask for."""
    if not divided:
        return rows
    sent = pl.concat([one.rows.select(*CLAIMANT, had=pl.col("packs") * pl.col("pieces_per_pack")) for one in divided])
    rows = rows.join(sent, on=CLAIMANT, how="left", maintain_order="left").with_columns(pl.col("had").fill_null(0))
    asked = ("requested", "room", "floor_room", "own_room", "own_floor_room")
    rows = rows.with_columns(
        *((pl.col(column) - pl.col("had")).clip(lower_bound=0) for column in asked), position=pl.col("position") + pl.col("had")
    )
    return rows.drop("had").filter((pl.col("requested") > 0) | (pl.col("own_room") > 0))
