"""Regional hubs: what a hub holds goes to its own region first, and counts as stock there when the nation's goods are
divided: what it sends, and what it keeps back.
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
    ``requested`` of the division is what a hub meets of a request. The ``rest`` has ``at_hub``: the pieces that its
    hub keeps back and yet count as stock of the claim, as if the hub had handed out all that counts.
    """
    held = goods.filter(pl.col("region") != ALL)
    divided = _divided(now, _by_own_rules(rows), held)
    met = pl.min_horizontal("requested", pl.col("packs") * pl.col("pieces_per_pack"))
    sent = divided.rows.with_columns(requested=met, band_days=pl.lit(None, dtype=pl.Float64), at_hub=_NONE)
    came = _pieces(divided.rows)
    counted = _had_it_sent_all(now, rows, held, came)
    return AtHubs(Shared(sent, divided.rounds, divided.shortfall), _after(rows, came, counted))


_NONE = pl.lit(0, dtype=pl.Int64)


def _by_own_rules(rows: pl.DataFrame) -> pl.DataFrame:
    """The claims as a hub sees them: by the rules of its region where these are its own, else by the nation's."""
    none = pl.lit(None, dtype=pl.Int64)
    return rows.with_columns(
        room=pl.coalesce("own_room", "room"),
        floor_room=pl.coalesce("own_floor_room", "floor_room"),
        floor_days=pl.coalesce("own_floor_days", "floor_days"),
        own_room=none,
        own_floor_room=none,
    )


def _divided(now: Now, rows: pl.DataFrame, held: pl.DataFrame) -> Shared:
    """The goods of each hub divided over the claims of its region that get an article."""
    held = held.filter(pl.col("packs") > 0)
    parts = [
        with_article(now, rows.filter(pl.col("region") == region), own_goods, NO_FENCES).rows
        for region, own_goods in _by_region(held)
    ]
    served = in_packs(
        pl.concat(parts or [with_article(now, rows.clear(), held, NO_FENCES).rows]).filter(
            pl.col("product").is_not_null()
        )
    )
    article = held.select("product", "region").with_row_index("pool").cast({"pool": pl.Int64})
    pool = served.join(article, on=["product", "region"], how="left", maintain_order="left")["pool"]
    return share_apart(served, Split(pool, held, NO_SHORTFALL))


def _by_region(goods: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    for (region,), part in goods.group_by("region", maintain_order=True):
        yield str(region), part


def _pieces(rows: pl.DataFrame) -> pl.DataFrame:
    """What each claim gets, and of which article: site, need, risk_class, product, ``packs``, ``had`` (pieces)."""
    return rows.select(*CLAIMANT, "product", "region", "packs", had=pl.col("packs") * pl.col("pieces_per_pack"))


def _had_it_sent_all(now: Now, rows: pl.DataFrame, held: pl.DataFrame, came: pl.DataFrame) -> pl.DataFrame:
    """What each claim would have had if its hub had handed out all that counts: first by the rules of its region, then,
    what these leave, by the nation's. Site, need, risk_class, ``had``, of the needs of hubs that keep something back.
    """
    open_for_more = _less(rows, came).filter(pl.col("room") > 0)
    under_own_rules = open_for_more.filter(pl.col("own_room").is_not_null())["region"].unique()
    keeps = (pl.col("counted_packs") > pl.col("packs")) | pl.col("region").is_in(under_own_rules.implode())
    kept = _left(held.filter(keeps), came).filter(pl.col("packs") > 0)
    cells = kept.join(open_for_more, on=["need", "region"], how="semi").select("need", "region").unique()
    if cells.is_empty():
        return came.clear()
    here = rows.join(cells, on=["need", "region"], how="semi", maintain_order="left")
    all_of_it = held.join(cells, on=["need", "region"], how="semi", maintain_order="left")
    by_own = _pieces(_divided(now, _by_own_rules(here), all_of_it.with_columns(packs="counted_packs")).rows)
    rest = _less(here, by_own).filter(pl.col("own_room").is_not_null() & (pl.col("room") > 0))
    none = pl.lit(None, dtype=pl.Int64)
    nationally = rest.with_columns(own_room=none, own_floor_room=none)
    by_nation = _pieces(_divided(now, nationally, _left(all_of_it, by_own)).rows) if rest.height else by_own.clear()
    return pl.concat([by_own, by_nation]).group_by(CLAIMANT).agg(pl.col("had").sum())


def _left(held: pl.DataFrame, came: pl.DataFrame) -> pl.DataFrame:
    """Goods of hubs that count and that no claim had: ``held`` with those as ``packs``."""
    went = came.group_by("product", "region").agg(went=pl.col("packs").sum())
    left = held.join(went, on=["product", "region"], how="left", maintain_order="left")
    return left.with_columns(packs=pl.col("counted_packs") - pl.col("went").fill_null(0)).drop("went")


def _less(rows: pl.DataFrame, came: pl.DataFrame) -> pl.DataFrame:
    """The claims when this has reached them: more in stock, and so much less room."""
    had = rows.join(came.select(*CLAIMANT, "had"), on=CLAIMANT, how="left", maintain_order="left")
    had = had.with_columns(pl.col("had").fill_null(0))
    return had.with_columns(
        *((pl.col(column) - pl.col("had")).clip(lower_bound=0) for column in ("room", "floor_room")),
        position=pl.col("position") + pl.col("had"),
    ).drop("had")


def _after(rows: pl.DataFrame, came: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """The claims that are left on the nation: with what the hubs send in stock, and so much less to ask for; with what
    they keep back in stock as well, for which the request stays.
    """
    kept = counted.select(*CLAIMANT, would_have="had")
    rows = rows.join(came.select(*CLAIMANT, "had"), on=CLAIMANT, how="left", maintain_order="left")
    rows = rows.join(kept, on=CLAIMANT, how="left", maintain_order="left").with_columns(
        pl.col("had", "would_have").fill_null(0)
    )
    asked = ("requested", "room", "floor_room", "own_room", "own_floor_room")
    rows = rows.with_columns(
        *((pl.col(column) - pl.col("had")).clip(lower_bound=0) for column in asked),
        at_hub=(pl.col("would_have") - pl.col("had")).clip(lower_bound=0),
    )
    rows = rows.with_columns(
        position=pl.col("position") + pl.col("had") + pl.col("at_hub"),
        room_at_hub=pl.min_horizontal("room", "at_hub"),
        floor_room=(pl.col("floor_room") - pl.col("at_hub")).clip(lower_bound=0),
    ).with_columns(room=pl.col("room") - pl.col("room_at_hub"))
    return rows.drop("had", "would_have").filter((pl.col("requested") > 0) | (pl.col("own_room") > 0))
