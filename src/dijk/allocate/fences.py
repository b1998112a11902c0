"""Fences as people set them, on the claims of one run: which claims are divided apart, and with how many packs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.allocate.claims import claimants
from dijk.allocate.rule.ladder import Claimants
from dijk.allocate.rule.tree import NO_LIMIT, Fences, Pools, crosses, parts, pools
from dijk.policy.of_need import of_need
from dijk.present.now import Now
from dijk.tables import ALL

NO_FENCES = pl.DataFrame(schema={"need": pl.String, "fence": pl.String})
NO_SHORTFALL = pl.DataFrame(schema={"need": pl.String, "fence": pl.String, "missing_pieces": pl.Int64})


@dataclass(frozen=True)
class Split:
    """Claims in pools. ``pool`` is that of each claim, null where its need has no goods; ``goods`` has a row per pool,
    with its region (all, or the one that divides them apart) and its fence.
    """

    pool: pl.Series
    goods: pl.DataFrame
    shortfall: pl.DataFrame


def fences_in_force(now: Now) -> pl.DataFrame:
    """Fences of today with the group of each sector spelled out: need, fence, kind, share, sectors (null is all),
    region.
    """
    group = now.world.sector.group_by(sector=pl.col("group").cast(pl.String)).agg(sectors="sector")
    rows = now.policy.in_force("fence", now.world.today).join(group, on="sector", how="left")
    one = pl.concat_list("sector")
    sectors = pl.when(pl.col("sector") == ALL).then(None).otherwise(pl.coalesce("sectors", one))
    return rows.select("need", "fence", pl.col("kind").cast(pl.String), "share", sectors=sectors, region="region")


def unsplit(rows: pl.DataFrame, goods: pl.DataFrame) -> Split:
    """One pool for each article."""
    return Split(_pool_of(rows, goods), goods, NO_SHORTFALL)


def no_split(rows: pl.DataFrame, goods: pl.DataFrame) -> Split:
    """No pool for any claim."""
    return Split(pl.Series([None] * rows.height, dtype=pl.Int64), goods.head(0), NO_SHORTFALL)


def beside(split: Split, settled: Split) -> Split:
    """Two splits of different claims as one; articles without a claim in the first are left out of it, the second has
    them.
    """
    pool = pl.coalesce(split.pool.alias("one"), settled.pool.alias("other") + split.goods.height)
    return Split(
        pl.select(pool).to_series(),
        pl.concat([split.goods, settled.goods]),
        pl.concat([split.shortfall, settled.shortfall]),
    )


def reserved(rows: pl.DataFrame, goods: pl.DataFrame, fences: pl.DataFrame) -> Split:
    """Pools of the reserves: a share of each article set aside for a group. A claim in two reserves takes part in the
    first by code.
    """
    pool = np.full(rows.height, -1, dtype=np.int64)
    made: list[dict[str, Any]] = []
    for part in _by_article(rows, goods, fences.filter(pl.col("kind") == "reserve")):
        for fence in part.fences.iter_rows(named=True):
            inside = part.at[holds(part.rows, fence) & (pool[part.at] < 0)]
            if len(inside):
                pool[inside] = len(made)
                made.append(
                    part.article | {"fence": fence["fence"], "packs": int(part.article["packs"] * fence["share"])}
                )
    table = pl.DataFrame(made, schema=goods.schema)
    return Split(pl.Series("pool", pool).replace(-1, None), table, NO_SHORTFALL)


def fenced(rows: pl.DataFrame, goods: pl.DataFrame, fences: pl.DataFrame, *, whole: dict[str, int]) -> Split:
    """Pools where guarantees and caps bind, and the rest of each article in one pool.

    Parameters
    ----------
    rows, goods
        Claims and articles, after what reserves took.
    whole
        Packs of each article before reserves: shares are of this.
    """
    plain = unsplit(rows, goods)
    pool, made, short = plain.pool.fill_null(-1).cast(pl.Int64).to_numpy().copy(), plain.goods.to_dicts(), []
    for part in _by_article(rows, goods, fences.filter(pl.col("kind") != "reserve")):
        limits = _Limits.of(part.rows, part.fences, whole[part.article["product"]])
        found = limits.settled(claimants(part.rows), part.article)
        names = limits.names(found)
        number = np.array([pool[part.at[0]], *range(len(made), len(made) + len(found.packs) - 1)])
        pool[part.at] = number[found.pool]
        made[number[0]]["packs"] = int(found.packs[0])
        made += [part.article | {"fence": names[p], "packs": int(found.packs[p])} for p in range(1, len(found.packs))]
        short += [
            {
                "need": part.article["need"],
                "fence": ALL if lack.fence is None else part.fences["fence"][lack.fence],
                "missing_pieces": lack.missing_packs * part.article["pieces_per_pack"],
            }
            for lack in found.shortfalls
        ]
    table = pl.DataFrame(made, schema=plain.goods.schema)
    return Split(pl.Series("pool", pool).replace(-1, None), table, pl.DataFrame(short, schema=NO_SHORTFALL.schema))


@dataclass(frozen=True)
class _Part:
    """The claims of one article that has fences: where they stand, their rows, the article and its fences."""

    at: NDArray[np.int64]
    rows: pl.DataFrame
    article: dict[str, Any]
    fences: pl.DataFrame


def _pool_of(rows: pl.DataFrame, goods: pl.DataFrame) -> pl.Series:
    article = goods.select("product").with_row_index("pool").cast({"pool": pl.Int64})
    return rows.select("product").join(article, on="product", how="left", maintain_order="left")["pool"]


def _by_article(rows: pl.DataFrame, goods: pl.DataFrame, fences: pl.DataFrame) -> Iterator[_Part]:
    if fences.is_empty():
        return
    pool = _pool_of(rows, goods)
    for number, article in enumerate(goods.iter_rows(named=True)):
        at = pool.eq_missing(number).arg_true().cast(pl.Int64).to_numpy()
        set_for = of_need(fences, article["need"], "fence")
        if len(at) and set_for.height:
            yield _Part(at, rows[at], article, set_for)


def holds(places: pl.DataFrame, fence: dict[str, Any]) -> NDArray[np.bool_]:
    """Which rows, of sector and region, a fence holds."""
    sectors, region = fence["sectors"], fence["region"]
    inside = pl.lit(True) if sectors is None else pl.col("sector").is_in(sectors)
    here = pl.lit(True) if region == ALL else pl.col("region") == region
    return places.select((inside & here).alias("held") & pl.col("sector").is_not_null())["held"].to_numpy()


def held_by(rows: pl.DataFrame, fences: pl.DataFrame, *, of: pl.Series) -> pl.DataFrame:
    """Which fences hold each claim, whether they bind or not: ``reserve``, the first by code, and ``fence``, the codes
    of the others with a stroke between; all where there is none. Only ``of`` these claims it is looked up.
    """
    reserve, fence = np.full(rows.height, None, dtype=object), np.full(rows.height, None, dtype=object)
    for need in rows.filter(of)["need"].unique() if fences.height else []:
        at = (of & (rows["need"] == need)).arg_true().to_numpy()
        places = rows[at]
        for row in of_need(fences, need, "fence").iter_rows(named=True):
            inside = at[holds(places, row)]
            if row["kind"] == "reserve":
                reserve[inside] = [code or row["fence"] for code in reserve[inside]]
            else:
                fence[inside] = [f"{code}/{row['fence']}" if code else row["fence"] for code in fence[inside]]
    table = pl.DataFrame(
        {"reserve": reserve.tolist(), "fence": fence.tolist()}, schema=dict.fromkeys(("reserve", "fence"), pl.String)
    )
    return table.with_columns(pl.col("fence").fill_null(ALL))


@dataclass(frozen=True)
class _Limits:
    """The fences of one article on its atoms, each a sector in a region."""

    atoms: pl.DataFrame
    atom: NDArray[np.int64]
    fences: Fences
    table: pl.DataFrame

    @classmethod
    def of(cls, rows: pl.DataFrame, table: pl.DataFrame, whole: int) -> "_Limits":
        atoms = rows.select("sector", "region").unique().sort("sector", "region")
        atom = rows.join(atoms.with_row_index("atom"), on=["sector", "region"], how="left", maintain_order="left")[
            "atom"
        ]
        packs = (table["share"] * whole).floor().cast(pl.Int64).to_numpy()
        caps = (table["kind"] == "cap").to_numpy()
        members = np.stack([holds(atoms, fence) for fence in table.iter_rows(named=True)])
        fences = Fences(members, np.where(caps, 0, packs), np.where(caps, packs, NO_LIMIT))
        return cls(atoms, atom.cast(pl.Int64).to_numpy(), fences, table)

    def settled(self, who: Claimants, article: dict[str, Any]) -> Pools:
        pack, supply = article["pieces_per_pack"], article["packs"]
        if not crosses(self.fences):
            return pools(who, self.atom, self.fences, pack=pack, supply=supply)
        from dijk.allocate.rule.crossing import (
            straighten,
        )  # here, because scipy.optimize takes a second to load and few fences cross

        straight = straighten(who, self.atom, self.fences, pack=pack, supply=supply)
        found = pools(who, self.atom, straight.fences, pack=pack, supply=supply)
        return Pools(found.pool, found.fence, found.packs, straight.shortfalls)

    def names(self, found: Pools) -> list[str]:
        """The fence of each pool; where fences crossed, all that hold it."""
        codes = self.table["fence"].to_numpy()
        if not crosses(self.fences):
            return [ALL if f < 0 else str(codes[f]) for f in found.fence]
        held_by = parts(self.fences).held_by
        held_by = held_by[held_by.any(axis=1)]
        return [ALL if f < 0 else "/".join(codes[held_by[f]]) for f in found.fence]
