"""The article that each claim is served from, and how many pieces that leaves each need."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from dijk.allocate.ladder import claimants
from dijk.allocate.substitute import substitute
from dijk.inputs import Now


@dataclass(frozen=True)
class Served:
    """Claims with ``product`` and ``pieces_per_pack``, and per need the pieces of its own articles and those it has after sharing."""

    rows: pl.DataFrame
    need: pl.DataFrame


def with_article(now: Now, rows: pl.DataFrame, goods: pl.DataFrame) -> Served:
    """Choose an article for each claim by the acceptance in force today.

    Parameters
    ----------
    rows
        Claims with room, floor_room and order; see `dijk.allocate.claims.claims`.
    goods
        Articles: need it serves first, product, pieces_per_pack, packs.

    Returns
    -------
    ``product`` is empty, and a pack is one piece, where nothing is left that the need accepts. ``need`` has columns need, ``own`` and
    ``pieces`` (what the need has after sharing; no more than it claims where it shares).
    """
    accepted = now.policy.in_force("acceptance", now.world.today).select("need", "product", "preference")
    edges = accepted.join(goods.select("product", "pieces_per_pack", stock=pl.col("packs") * pl.col("pieces_per_pack")), on="product")
    edges = edges.filter(pl.col("need").is_in(rows["need"].unique().implode())).sort("need", "preference", "product")
    own = goods.group_by("need").agg(own=(pl.col("packs") * pl.col("pieces_per_pack")).sum())
    alone = edges.filter((pl.len().over("need") == 1) & (pl.len().over("product") == 1))
    chosen = [rows.join(alone.select("need", "product"), on="need").select("order", "product")]
    pieces = [alone.select("need", pieces="stock")]
    for part in _that_hang_together(edges.join(alone, on="need", how="anti")):
        served = _share(rows.filter(pl.col("need").is_in(part["need"].implode())), part)
        chosen.append(served.rows)
        pieces.append(served.need)
    packs = goods.select("product", "pieces_per_pack")
    rows = rows.join(pl.concat(chosen), on="order", how="left", maintain_order="left").join(
        packs, on="product", how="left", maintain_order="left"
    )
    needs = rows.select(pl.col("need").unique().sort()).join(own, on="need", how="left").join(pl.concat(pieces), on="need", how="left")
    return Served(rows.with_columns(pl.col("pieces_per_pack").fill_null(1)), needs.with_columns(pl.col("own", "pieces").fill_null(0)))


def _share(rows: pl.DataFrame, edges: pl.DataFrame) -> Served:
    """One group of needs that share articles: ``rows`` of the result are order and product only."""
    needs, products = (edges[column].unique().sort().to_list() for column in ("need", "product"))
    preference = np.zeros((len(needs), len(products)), dtype=np.int64)
    stock = np.zeros(len(products), dtype=np.int64)
    for need, product, rank, pieces in edges.select("need", "product", "preference", "stock").iter_rows():
        preference[needs.index(need), products.index(product)] = rank
        stock[products.index(product)] = pieces
    number = rows["need"].replace_strict(needs, range(len(needs)), return_dtype=pl.Int64).to_numpy()
    who = claimants(rows, floor="floor_room", ceiling="room")
    sites = rows["site"].rank("dense").cast(pl.Int64).to_numpy()
    found = substitute(who, number, recipient=sites, preference=preference, supply=stock)
    article = pl.Series("product", [None if a < 0 else products[a] for a in found.article], dtype=pl.String)
    totals = np.floor(np.bincount(number, weights=found.pieces, minlength=len(needs)) + 1e-6).astype(np.int64)
    return Served(rows.select("order").with_columns(article).drop_nulls(), pl.DataFrame({"need": needs, "pieces": totals}))


def _that_hang_together(edges: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Edges in groups: needs that share an article, or share one with a need that does, are in one group."""
    group: dict[str, str] = {}

    def first(name: str) -> str:
        while group.setdefault(name, name) != name:
            name = group[name]
        return name

    for need, product in edges.select("need", "product").iter_rows():
        group[first(f"product {product}")] = first(f"need {need}")
    leader = pl.Series("leader", [first(f"need {need}") for need in edges["need"]], dtype=pl.String)
    for _, part in edges.with_columns(leader).group_by("leader", maintain_order=True):
        yield part.drop("leader")
