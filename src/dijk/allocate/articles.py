"""The article that each claim is served from, and how many pieces that leaves each need."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.allocate.fences import NO_SHORTFALL, Split, no_split, of_need
from dijk.allocate.rule.ladder import Claimants, claimants
from dijk.allocate.rule.substitute import NEARLY, Substituted, fairest, placed, substitute
from dijk.allocate.share import share
from dijk.present.now import Now
from dijk.tables import ALL


@dataclass(frozen=True)
class Served:
    """Claims with ``product`` and ``pieces_per_pack``, and per need the pieces of its own articles and those it has
    after sharing.

    ``settled`` has the pools of needs that share articles and have fences: a fence holds for a need, whichever articles
    serve it, so there it is settled before articles are chosen.
    """

    rows: pl.DataFrame
    need: pl.DataFrame
    settled: Split


def with_article(now: Now, rows: pl.DataFrame, goods: pl.DataFrame, fences: pl.DataFrame) -> Served:
    """Choose an article for each claim by the acceptance in force today.

    Parameters
    ----------
    rows
        Claims with room, floor_room and order; see `dijk.allocate.claims.claims`.
    goods
        Articles: need it serves first, product, pieces_per_pack, packs.
    fences
        As `dijk.allocate.fences.fences_in_force` gives them.

    Returns
    -------
    ``product`` is empty, and a pack is one piece, where nothing is left that the need accepts. ``need`` has columns
    need, ``own`` and ``pieces`` (what the need has after sharing; no more than it claims where it shares).
    """
    accepted = now.policy.in_force("acceptance", now.world.today).select("need", "product", "preference")
    edges = accepted.join(
        goods.select("product", "pieces_per_pack", stock=pl.col("packs") * pl.col("pieces_per_pack")), on="product"
    )
    edges = edges.filter(pl.col("need").is_in(rows["need"].unique().implode())).sort("need", "preference", "product")
    own = goods.group_by("need").agg(own=(pl.col("packs") * pl.col("pieces_per_pack")).sum())
    alone = edges.filter((pl.len().over("need") == 1) & (pl.len().over("product") == 1))
    chosen = [
        rows.join(alone.select("need", "product"), on="need").select(
            "order", "product", fence=pl.lit(None, dtype=pl.String)
        )
    ]
    pieces, pools, lacks = [alone.select("need", pieces="stock")], [goods.head(0)], [NO_SHORTFALL]
    for part in _that_hang_together(edges.join(alone, on="need", how="anti")):
        shared = _Shared.of(rows.filter(pl.col("need").is_in(part["need"].implode())), part)
        fenced = any(of_need(fences, need).height for need in shared.needs)
        served = _by_fence(shared, goods, fences) if fenced else _freely(shared, goods)
        chosen.append(served.rows)
        pieces.append(served.need)
        pools.append(served.settled.goods)
        lacks.append(served.settled.shortfall)
    packs = goods.select("product", "pieces_per_pack")
    rows = rows.join(pl.concat(chosen), on="order", how="left", maintain_order="left").join(
        packs, on="product", how="left", maintain_order="left"
    )
    needs = (
        rows.select(pl.col("need").unique().sort())
        .join(own, on="need", how="left")
        .join(pl.concat(pieces), on="need", how="left")
    )
    settled = pl.concat(pools)
    place = settled.select("need", "product", "fence").with_row_index("pool").cast({"pool": pl.Int64})
    pool = rows.join(place, on=["need", "product", "fence"], how="left", maintain_order="left")["pool"]
    return Served(
        rows.drop("fence").with_columns(pl.col("pieces_per_pack").fill_null(1)),
        needs.with_columns(pl.col("own", "pieces").fill_null(0)),
        Split(pool, settled, pl.concat(lacks)),
    )


@dataclass(frozen=True)
class _Shared:
    """A group of needs that share articles: its claims, and per need how much each article is liked, 0 for not
    accepted.
    """

    rows: pl.DataFrame
    needs: list[str]
    products: list[str]
    preference: NDArray[np.int64]
    stock: NDArray[np.int64]

    @classmethod
    def of(cls, rows: pl.DataFrame, edges: pl.DataFrame) -> "_Shared":
        needs, products = (edges[column].unique().sort().to_list() for column in ("need", "product"))
        preference = np.zeros((len(needs), len(products)), dtype=np.int64)
        stock = np.zeros(len(products), dtype=np.int64)
        for need, product, rank, pieces in edges.select("need", "product", "preference", "stock").iter_rows():
            preference[needs.index(need), products.index(product)] = rank
            stock[products.index(product)] = pieces
        return cls(rows, needs, products, preference, stock)

    @property
    def claimants(self) -> Claimants:
        return claimants(self.rows, floor="floor_room", ceiling="room")

    @property
    def number(self) -> NDArray[np.int64]:
        """The need of each claim."""
        return self.rows["need"].replace_strict(self.needs, range(len(self.needs)), return_dtype=pl.Int64).to_numpy()

    @property
    def recipient(self) -> NDArray[np.int64]:
        """The site of each claim."""
        return self.rows["site"].rank("dense").cast(pl.Int64).to_numpy()

    def served(self, found: Substituted, fence: pl.Series, pools: pl.DataFrame, shortfall: pl.DataFrame) -> Served:
        """``rows`` of the result are order, product and fence only."""
        article = pl.Series("product", [None if a < 0 else self.products[a] for a in found.article], dtype=pl.String)
        totals = np.floor(np.bincount(self.number, weights=found.pieces, minlength=len(self.needs)) + NEARLY).astype(
            np.int64
        )
        rows = (
            self.rows.select("order")
            .with_columns(article, fence.alias("fence"))
            .filter(pl.col("product").is_not_null())
        )
        return Served(rows, pl.DataFrame({"need": self.needs, "pieces": totals}), Split(fence, pools, shortfall))


def _freely(shared: _Shared, goods: pl.DataFrame) -> Served:
    """No fence holds for any of the needs: one article for each claim, and no pools but the articles themselves."""
    found = substitute(
        shared.claimants, shared.number, recipient=shared.recipient, preference=shared.preference, supply=shared.stock
    )
    nothing = pl.Series([None] * shared.rows.height, dtype=pl.String)
    return shared.served(found, nothing, goods.head(0), NO_SHORTFALL)


def _by_fence(shared: _Shared, goods: pl.DataFrame, fences: pl.DataFrame) -> Served:
    """Divide each need with its fences as if its articles were one, in single pieces; then find articles for each part
    of it.

    A part is the claims of a need that ended in the same fence and reserve. It has its pieces from whichever articles
    are left for it, and of each a pool of its own.
    """
    wanted = fairest(shared.claimants, shared.number, accepts=shared.preference > 0, supply=shared.stock)
    totals = np.floor(np.bincount(shared.number, weights=wanted, minlength=len(shared.needs)) + NEARLY).astype(np.int64)
    whole = pl.DataFrame(
        {
            "need": shared.needs,
            "product": shared.needs,
            "pieces_per_pack": 1,
            "packs": totals,
            "region": ALL,
            "fence": ALL,
        }
    )
    none = pl.lit(None, dtype=pl.Int64)
    at_need = shared.rows.with_columns(
        product="need",
        pieces_per_pack=pl.lit(1, dtype=pl.Int64),
        floor="floor_room",
        ceiling="room",
        own_floor=none,
        own_ceiling=none,
    )
    divided = share(at_need, whole, fences, no_split(at_need, whole))
    both = pl.when(pl.col("fence") == ALL).then(pl.coalesce("reserve", "fence"))
    names = divided.rows.select(
        "need", fence=both.otherwise(pl.concat_str("reserve", "fence", separator=" + ", ignore_nulls=True))
    )
    parts = names.unique().sort("need", "fence")
    numbered = parts.with_row_index("part").cast({"part": pl.Int64})
    part = names.join(numbered, on=["need", "fence"], how="left", maintain_order="left")["part"].to_numpy()
    of_part = parts["need"].replace_strict(shared.needs, range(len(shared.needs)), return_dtype=pl.Int64).to_numpy()
    found = placed(
        divided.rows["packs"].cast(pl.Float64).to_numpy(),
        part,
        recipient=shared.recipient,
        preference=shared.preference[of_part],
        supply=shared.stock,
    )
    articles = [goods.row(by_predicate=pl.col("product") == product, named=True) for product in shared.products]
    most = _most_packs(shared, part, found, np.array([article["pieces_per_pack"] for article in articles]))
    room = np.bincount(part, weights=shared.claimants.ceiling)
    met = np.bincount(part, weights=found.pieces) >= room - NEARLY
    pools = _pools(parts.rows(named=True), articles, found.of_need, np.where(met[:, None], most, 0), most)
    return shared.served(found, names["fence"], pl.DataFrame(pools, schema=goods.schema), divided.shortfall)


def _most_packs(
    shared: _Shared, part: NDArray[np.int64], found: Substituted, pack: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Packs that the claims of each part can take of each article, shape (parts, articles); classes of a site are
    rounded up together.
    """
    served = np.flatnonzero(found.article >= 0)
    sites, of_claim = np.unique(
        np.stack([part, found.article, shared.recipient])[:, served], axis=1, return_inverse=True
    )
    room = np.bincount(of_claim.ravel(), weights=shared.claimants.ceiling[served], minlength=sites.shape[1])
    most = np.zeros(found.of_need.shape, dtype=np.int64)
    np.add.at(most, (sites[0], sites[1]), np.ceil(room / pack[sites[1]]).astype(np.int64))
    return most


def _pools(
    parts: list[dict[str, Any]],
    articles: list[dict[str, Any]],
    pieces: NDArray[np.float64],
    full: NDArray[np.int64],
    most: NDArray[np.int64],
) -> list[dict[str, Any]]:
    """Pools of whole packs of each article for each part of a need.

    ``pieces`` of shape (parts, articles) are rounded down to packs; the packs over go one by one to who lacks most of a
    pack, then to parts of which every claim is met, up to their ``full`` packs. None is given more than the ``most``
    that its claims can take.
    """
    made = []
    for place, article in enumerate(articles):
        wanted = np.minimum(pieces[:, place] / article["pieces_per_pack"], most[:, place])
        packs = np.floor(wanted + NEARLY).astype(np.int64)
        over = wanted - packs
        for part in np.argsort(-over, kind="stable")[: max(0, article["packs"] - int(packs.sum()))]:
            packs[part] += over[part] > NEARLY
        for part in np.flatnonzero(full[:, place] > packs):
            packs[part] += max(0, min(full[part, place] - packs[part], article["packs"] - packs.sum()))
        made += [article | parts[part] | {"packs": int(packs[part])} for part in np.flatnonzero(most[:, place] > 0)]
    return made


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
