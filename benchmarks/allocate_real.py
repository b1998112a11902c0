"""The division on real requests with fantasy numbers in them, and under norms that are wrong."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from dijk.allocate.rule.fill import MICRO
from dijk.allocate.rule.ladder import Claimants, divide
from dijk.allocate.rule.packs import lot
from dijk.example import AS_OF, example
from dijk.fairness.classic_rules import proportional
from dijk.fairness.sensitivity import CASES, division_shares, moved
from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.present import present
from dijk.tables import ALL

CAP_DAYS, PACK = 10, 10
FANTASY = 1_000_000
SUPPLY = 0.5


@dataclass(frozen=True)
class Real:
    """One article's division of real requests: how far fantasy numbers move it, and what was cut."""

    moved: float
    moved_proportional: float
    capped: pl.DataFrame


def real_requests(data: Path) -> Real:
    """Divide half of the capped requests for each article twice: as asked, and with fantasy numbers (above a million)
    set to the median.

    The requesters' norms are not known. Assumed for all requesters of an article alike: a tenth of three times the
    median request a day, so that the cap of ten days is three median requests. Stock is not known and taken as none.
    """
    asked = pl.read_parquet(data / "us_getusppe_requests_2020.parquet").filter(pl.col("qty") > 0)
    lines = (
        asked.group_by("ppe", "rec_id").agg(qty=pl.col("qty").sum(), first=pl.col("date").min()).sort("ppe", "rec_id")
    )
    lines = lines.with_columns(norm=(0.3 * pl.col("qty").median().over("ppe")))
    sane = lines.with_columns(
        qty=pl.when(pl.col("qty") > FANTASY).then(pl.col("qty").median().over("ppe").round()).otherwise("qty")
    )
    supply = lines.select(
        pl.min_horizontal("qty", (CAP_DAYS * pl.col("norm")).ceil()).sum().over("ppe") * SUPPLY
    ).to_series()
    lines, sane = lines.with_columns(supply=supply), sane.with_columns(supply=supply)
    honest = (lines["qty"] <= FANTASY).to_numpy()
    capped = lines.filter(pl.col("qty") > (CAP_DAYS * pl.col("norm")).ceil()).sort("qty", descending=True)
    return Real(
        moved=float(np.abs(ours(lines) - ours(sane))[honest].sum() / ours(sane)[honest].sum()),
        moved_proportional=float(np.abs(simple(lines) - simple(sane))[honest].sum() / simple(sane)[honest].sum()),
        capped=capped.select(
            "ppe", "rec_id", pl.col("qty").cast(pl.Int64), cap=(CAP_DAYS * pl.col("norm")).ceil().cast(pl.Int64)
        ),
    )


def ours(lines: pl.DataFrame) -> np.ndarray:
    w = np.maximum(1, np.round(lines["norm"].to_numpy() * MICRO))
    cap = np.ceil(CAP_DAYS * w / MICRO)
    ceiling = np.ceil(np.minimum(lines["qty"].to_numpy().astype(float), cap) / PACK) * PACK
    order = pl.DataFrame({"first": lines["first"], "lot": [lot(1, [str(r)]) for r in lines["rec_id"]]}).with_row_index(
        "at"
    )
    place = np.argsort(order.sort("first", "lot")["at"].to_numpy())
    pool = lines["ppe"].rank("dense").cast(pl.Int64).to_numpy() - 1
    packs = (
        (lines.group_by("ppe").agg(pl.col("supply").first()).sort("ppe")["supply"] // PACK).cast(pl.Int64).to_numpy()
    )
    nothing = np.zeros(len(w))
    who = Claimants(w, nothing, nothing, ceiling, np.ones(len(w), dtype=np.int64), place.astype(np.int64))
    return divide(who, pool, np.full(len(packs), PACK), packs).packs * PACK


def simple(lines: pl.DataFrame) -> np.ndarray:
    shares = [
        proportional(part["supply"][0], part["qty"].to_list()) for _, part in lines.group_by("ppe", maintain_order=True)
    ]
    return np.concatenate(shares)


def under_other_norms(size: str = "small", *, seed: int = 1) -> pl.DataFrame:
    """Share of each sector and region in what is divided in the example country, with goods made scarce, under other
    norms.

    The mean over the needs; see `dijk.fairness.sensitivity.division_shares`. Columns kind (sector or region), group,
    and the shares.
    """
    tables = dict(example(size, seed=seed))
    holders = tables["site"].filter(pl.col("kind").is_in(["warehouse", "regional_hub"]))["site"]
    scarce = pl.when(pl.col("site").is_in(holders.implode())).then(pl.col("pieces") // 12).otherwise("pieces")
    tables["stock"] = tables["stock"].with_columns(pieces=scarce)
    now = present(Inputs.of(tables, as_of=AS_OF).known(), Policy.of(tables).known(AS_OF))
    regime = pl.DataFrame({"need": tables["need"]["need"], "effective": "scarce"})
    found = moved(division_shares(now, regime, seed=seed))
    sector = pl.col("region") == ALL
    named = found.with_columns(
        kind=pl.when(sector).then(pl.lit("sector")).otherwise(pl.lit("region")),
        group=pl.when(sector).then("sector").otherwise("region"),
    )
    return named.select("kind", "group", "share", *CASES).sort(pl.col("kind") == "region", "group")
