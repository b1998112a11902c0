"""The article that each claim is served from, and how many pieces that leaves each need."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.allocate.claims import claimants
from dijk.allocate.fences import NO_SHORTFALL, Split, holds, no_split
from dijk.allocate.rule.fit import fit
from dijk.allocate.rule.ladder import Claimants
from dijk.allocate.rule.substitute import NEARLY, Substituted, fairest, placed, substitute
from dijk.allocate.share import Shared, share
from dijk.policy.of_need import of_need
from dijk.present.now import Now
from dijk.tables import ALL

_PART = (
    pl.when(pl.col("fence") == ALL)
    .then(pl.coalesce("reserve", "fence"))
    .otherwise(pl.concat_str("reserve", "fence", separator=" + ", ignore_nulls=True))
)
"""The fence of a claim, with the reserve that it took part in first."""


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
    edges = _accepted(now, rows, goods)
    alone = edges.filter((pl.len().over("need") == 1) & (pl.len().over("product") == 1))
    chosen = [_alone(rows, alone, goods)]
    for part in _that_hang_together(edges.join(alone, on="need", how="anti")):
        group = _Group.of(rows.filter(pl.col("need").is_in(part["need"].implode())), part)
        fenced = any(of_need(fences, need, "fence").height for need in group.needs)
        chosen.append(_by_fence(group, goods, fences) if fenced else _freely(group, goods))
    return _served(rows, goods, chosen)


@dataclass(frozen=True)
class _Chosen:
    """What was chosen for the claims of some needs.

    Attributes
    ----------
    rows
        ``order`` of each claim that has an article, its ``product``, and its ``fence`` where that is settled.
    need
        Pieces of each need after sharing: need, pieces.
    pools
        Articles in pools, where fences are settled: columns of ``goods``.
    shortfall
        Fences that were promised more than there is.
    """

    rows: pl.DataFrame
    need: pl.DataFrame
    pools: pl.DataFrame
    shortfall: pl.DataFrame


def _accepted(now: Now, rows: pl.DataFrame, goods: pl.DataFrame) -> pl.DataFrame:
    """Which articles serve each need that is claimed, the most liked first: need, product, preference,
    pieces_per_pack, ``stock`` (pieces).
    """
    accepted = now.policy.in_force("acceptance", now.world.today).select("need", "product", "preference")
    claimed = rows["need"].unique().implode()
    stock = goods.select("product", "pieces_per_pack", stock=pl.col("packs") * pl.col("pieces_per_pack"))
    edges = accepted.join(stock, on="product").filter(pl.col("need").is_in(claimed))
    return edges.sort("need", "preference", "product")


def _alone(rows: pl.DataFrame, alone: pl.DataFrame, goods: pl.DataFrame) -> _Chosen:
    """Needs with one article that no other need accepts."""
    served = rows.join(alone.select("need", "product"), on="need")
    unsettled = served.select("order", "product", fence=pl.lit(None, dtype=pl.String))
    return _Chosen(unsettled, alone.select("need", pieces="stock"), goods.head(0), NO_SHORTFALL)


def _served(rows: pl.DataFrame, goods: pl.DataFrame, chosen: list[_Chosen]) -> Served:
    """All claims with what was chosen for them; a claim for which nothing was has no article, and a pack of 1."""
    rows = rows.join(pl.concat(one.rows for one in chosen), on="order", how="left", maintain_order="left")
    packs = goods.select("product", "pieces_per_pack")
    rows = rows.join(packs, on="product", how="left", maintain_order="left")
    pools = pl.concat(one.pools for one in chosen)
    place = pools.select("need", "product", "fence").with_row_index("pool").cast({"pool": pl.Int64})
    pool = rows.join(place, on=["need", "product", "fence"], how="left", maintain_order="left")["pool"]
    return Served(
        rows.drop("fence").with_columns(pl.col("pieces_per_pack").fill_null(1)),
        _pieces(rows, goods, pl.concat(one.need for one in chosen)),
        Split(pool, pools, pl.concat(one.shortfall for one in chosen)),
    )


def _pieces(rows: pl.DataFrame, goods: pl.DataFrame, shared: pl.DataFrame) -> pl.DataFrame:
    """Pieces of each need that is claimed: of its own articles, and after sharing."""
    own = goods.group_by("need").agg(own=(pl.col("packs") * pl.col("pieces_per_pack")).sum())
    needs = rows.select(pl.col("need").unique().sort())
    both = needs.join(own, on="need", how="left").join(shared, on="need", how="left")
    return both.with_columns(pl.col("own", "pieces").fill_null(0))


@dataclass(frozen=True)
class _Group:
    """A group of needs that share articles: its claims, and per need how much each article is liked, 0 for not
    accepted.
    """

    rows: pl.DataFrame
    needs: list[str]
    products: list[str]
    preference: NDArray[np.int64]
    stock: NDArray[np.int64]
    pack: NDArray[np.int64]

    @classmethod
    def of(cls, rows: pl.DataFrame, edges: pl.DataFrame) -> "_Group":
        needs, products = (edges[column].unique().sort().to_list() for column in ("need", "product"))
        preference = np.zeros((len(needs), len(products)), dtype=np.int64)
        stock = np.zeros(len(products), dtype=np.int64)
        pack = np.ones(len(products), dtype=np.int64)
        columns = ("need", "product", "preference", "stock", "pieces_per_pack")
        for need, product, rank, pieces, in_a_pack in edges.select(columns).iter_rows():
            place = products.index(product)
            preference[needs.index(need), place], stock[place], pack[place] = rank, pieces, in_a_pack
        return cls(rows, needs, products, preference, stock, pack)

    @property
    def claimants(self) -> Claimants:
        return claimants(self.rows, floor="floor_room", ceiling="room")

    @property
    def number(self) -> NDArray[np.int64]:
        """The need of each claim."""
        return self.number_of(self.rows["need"])

    @property
    def recipient(self) -> NDArray[np.int64]:
        """The site of each claim."""
        return self.rows["site"].rank("dense").cast(pl.Int64).to_numpy()

    def number_of(self, needs: pl.Series) -> NDArray[np.int64]:
        """The number of each need."""
        return needs.replace_strict(self.needs, range(len(self.needs)), return_dtype=pl.Int64).to_numpy()

    def whole_pieces(self, pieces: NDArray[np.float64]) -> NDArray[np.int64]:
        """Pieces of each need, from those of each claim; rounded down."""
        total = np.bincount(self.number, weights=pieces, minlength=len(self.needs))
        whole: NDArray[np.int64] = np.floor(total + NEARLY).astype(np.int64)
        return whole

    def chosen(self, found: Substituted, fence: pl.Series, pools: pl.DataFrame, shortfall: pl.DataFrame) -> _Chosen:
        """The articles that were found; ``fence`` is that of each claim."""
        article = pl.Series("product", [None if a < 0 else self.products[a] for a in found.article], dtype=pl.String)
        rows = self.rows.select("order").with_columns(article, fence.alias("fence"))
        need = pl.DataFrame({"need": self.needs, "pieces": self.whole_pieces(found.pieces)})
        return _Chosen(rows.filter(pl.col("product").is_not_null()), need, pools, shortfall)


def _freely(group: _Group, goods: pl.DataFrame) -> _Chosen:
    """No fence holds for any of the needs: one article for each claim, and no pools but the articles themselves."""
    found = substitute(
        group.claimants, group.number, recipient=group.recipient, preference=group.preference, supply=group.stock
    )
    found = _fitted(group, found, group.number, accepts=group.preference > 0, most=group.claimants.ceiling)
    unsettled = pl.Series([None] * group.rows.height, dtype=pl.String)
    return group.chosen(found, unsettled, goods.head(0), NO_SHORTFALL)


def _fitted(
    group: _Group,
    found: Substituted,
    part: NDArray[np.int64],
    *,
    accepts: NDArray[np.bool_],
    most: NDArray[np.float64],
) -> Substituted:
    """The articles that were found, but for recipients that have to move lest packs lie idle while others are short.

    ``part`` is that of each claim, ``most`` the pieces it is to have in whole packs; ``accepts`` has shape (parts,
    articles). Of a part in which somebody moved, the pieces of each article are those of its claims on it, as far as
    other parts leave them.
    """
    who, first, of_claim = np.unique(np.stack([part, group.recipient]), axis=1, return_index=True, return_inverse=True)
    pieces = np.bincount(of_claim.ravel(), weights=most, minlength=len(first))
    wants = np.ceil((pieces[:, None] - NEARLY) / group.pack).clip(0).astype(np.int64)
    before = found.article[first]
    after = fit(before, wants, accepts=accepts[who[0]], pack=group.pack, supply=group.stock // group.pack)
    if (before == after).all():
        return found
    article, of_need = after[of_claim.ravel()], found.of_need.copy()
    for moved in np.unique(who[0][before != after]):
        inside = (part == moved) & (article >= 0)
        of_need[moved] = 0
        of_its_claims = np.bincount(article[inside], weights=found.pieces[inside], minlength=len(group.pack))
        of_need[moved] = np.minimum(of_its_claims, (group.stock - of_need.sum(axis=0)).clip(0))
    return Substituted(article, found.pieces, of_need)


def _by_fence(group: _Group, goods: pl.DataFrame, fences: pl.DataFrame) -> _Chosen:
    """Divide each need with its fences as if its articles were one, in single pieces; then find articles for each part
    of it.

    A part is the claims of a need that ended in the same fence and reserve. It has its pieces from whichever articles
    are left for it, and of each a pool of its own.
    """
    divided = _in_pieces(group, fences)
    part_of = divided.rows.select("need", fence=_PART)
    parts = part_of.unique().sort("need", "fence")
    numbered = parts.with_row_index("part").cast({"part": pl.Int64})
    part = part_of.join(numbered, on=["need", "fence"], how="left", maintain_order="left")["part"].to_numpy()
    found = placed(
        divided.rows["packs"].cast(pl.Float64).to_numpy(),
        part,
        recipient=group.recipient,
        preference=group.preference[group.number_of(parts["need"])],
        supply=group.stock,
    )
    accepts = group.preference[group.number_of(parts["need"])] > 0
    capped = divided.rows.select("need", "sector", "region").pipe(_under_a_cap, fences)
    met = np.bincount(part, weights=found.pieces) >= np.bincount(part, weights=group.claimants.ceiling) - NEARLY
    barred = (np.bincount(part, weights=capped) > 0) & ~met
    most = np.where(barred[part], found.pieces, group.claimants.ceiling)
    found = _fitted(group, found, part, accepts=accepts, most=most)
    pools = _pools_of(group, _Parts(parts.rows(named=True), part, barred), found, goods)
    return group.chosen(found, part_of["fence"], pools, divided.shortfall)


def _under_a_cap(places: pl.DataFrame, fences: pl.DataFrame) -> NDArray[np.bool_]:
    """Which claims, of need, sector and region, a cap holds."""
    capped = np.zeros(places.height, dtype=bool)
    for need in places["need"].unique():
        for fence in of_need(fences, need, "fence").filter(pl.col("kind") == "cap").iter_rows(named=True):
            capped |= (places["need"] == need).to_numpy() & holds(places, fence)
    return capped


def _in_pieces(group: _Group, fences: pl.DataFrame) -> Shared:
    """Each need divided with its fences as if it were one article, a piece in a pack."""
    wanted = fairest(group.claimants, group.number, accepts=group.preference > 0, supply=group.stock)
    one = {"need": group.needs, "product": group.needs, "pieces_per_pack": 1}
    whole = pl.DataFrame({**one, "packs": group.whole_pieces(wanted), "region": ALL, "fence": ALL})
    none = pl.lit(None, dtype=pl.Int64)
    at_need = group.rows.with_columns(
        product="need",
        pieces_per_pack=pl.lit(1, dtype=pl.Int64),
        floor="floor_room",
        ceiling="room",
        own_floor=none,
        own_ceiling=none,
    )
    return share(at_need, whole, fences, no_split(at_need, whole))


@dataclass(frozen=True)
class _Parts:
    """Parts of needs that their fences made: need and fence of each, the part of each claim, and which parts a cap
    keeps from more.
    """

    rows: list[dict[str, Any]]
    of_claim: NDArray[np.int64]
    barred: NDArray[np.bool_]


def _pools_of(group: _Group, parts: _Parts, found: Substituted, goods: pl.DataFrame) -> pl.DataFrame:
    """Pools of whole packs for each part of a need."""
    articles = [goods.row(by_predicate=pl.col("product") == product, named=True) for product in group.products]
    part = parts.of_claim
    most = _most_packs(group, part, found)
    room = np.bincount(part, weights=group.claimants.ceiling)
    met = np.bincount(part, weights=found.pieces) >= room - NEARLY
    turns = tuple(np.where(which[:, None], most, 0) for which in (met, ~parts.barred))
    made = _pools(parts.rows, articles, found.of_need, turns, most)
    served = set(zip(part.tolist(), found.article.tolist(), strict=True))
    return pl.DataFrame([pool for place, pool in made if place in served], schema=goods.schema)


def _most_packs(group: _Group, part: NDArray[np.int64], found: Substituted) -> NDArray[np.int64]:
    """Packs that the claims of each part can take of each article, shape (parts, articles); classes of a site are
    rounded up together.
    """
    served = np.flatnonzero(found.article >= 0)
    sites, of_claim = np.unique(
        np.stack([part, found.article, group.recipient])[:, served], axis=1, return_inverse=True
    )
    room = np.bincount(of_claim.ravel(), weights=group.claimants.ceiling[served], minlength=sites.shape[1])
    most = np.zeros(found.of_need.shape, dtype=np.int64)
    np.add.at(most, (sites[0], sites[1]), np.ceil(room / group.pack[sites[1]]).astype(np.int64))
    return most


def _pools(
    parts: list[dict[str, Any]],
    articles: list[dict[str, Any]],
    pieces: NDArray[np.float64],
    turns: tuple[NDArray[np.int64], ...],
    most: NDArray[np.int64],
) -> Iterator[tuple[tuple[int, int], dict[str, Any]]]:
    """Pools of whole packs of each article for each part of a need, with the numbers of part and article.

    ``pieces`` of shape (parts, articles) are rounded down to packs; the packs over go one by one to who lacks most of a
    pack, then in ``turns`` to parts up to so many packs: first those of which every claim is met, then all that no cap
    keeps from more. None is given more than the ``most`` that its claims can take.
    """
    for place, article in enumerate(articles):
        wanted = np.minimum(pieces[:, place] / article["pieces_per_pack"], most[:, place])
        packs = np.floor(wanted + NEARLY).astype(np.int64)
        over = wanted - packs
        for part in np.argsort(-over, kind="stable")[: max(0, article["packs"] - int(packs.sum()))]:
            packs[part] += over[part] > NEARLY
        for full in turns:
            for part in np.flatnonzero(full[:, place] > packs):
                packs[part] += max(0, min(full[part, place] - packs[part], article["packs"] - packs.sum()))
        for part, of_part in enumerate(parts):
            yield (part, place), article | of_part | {"packs": int(packs[part])}


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
