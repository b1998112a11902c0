"""A division done again from what was published, by the rule as it is told: no solver, no search, one division a pack.

This is what a region or an institution can do by hand, or in a spreadsheet, for its own lines: see
docs/how-to/check-your-own-number.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from dijk.allocate.claims import CLAIM, ITS_LEVEL, LEVEL
from dijk.known import MICRO


@dataclass(frozen=True)
class Own:
    """One claim as it stands: norm use in millionths of a piece a day, the rest in pieces."""

    norm_use: int
    on_hand: int
    floor: int
    ceiling: int


def recompute(claim: pl.DataFrame, level: pl.DataFrame) -> pl.DataFrame:
    """Packs of each claim from the published levels alone: site, need, risk_class, packs.

    Parameters
    ----------
    claim, level
        Tables ``Claim`` and ``Level`` of one run; ``claim`` may be a part, such as the rows of one region.

    Examples
    --------
    One region of the example country (see `dijk.example`), dealt again beside what it was awarded:

    >>> packs = recompute(made.claim.filter(region="R09"), made.level)["packs"].sum()
    >>> packs == made.award.filter(region="R09")["packs"].sum()
    True
    """
    published = {tuple(row[column] for column in LEVEL): row for row in level.iter_rows(named=True)}
    packs = []
    for row in claim.iter_rows(named=True):
        own = Own(round(row["norm_use_per_day"] * MICRO), row["position"], row["floor"], row["ceiling"])
        given = 0
        for fence in (row["reserve"], row["fence"]):
            found = published.get(tuple(fence if column == "fence" else row[column] for column in ITS_LEVEL))
            if found is not None:
                given += pieces_from(found, own, row, had=given)
                pack = found["pieces_per_pack"]
        packs.append(given // pack if given else 0)
    return claim.select(*CLAIM).with_columns(packs=pl.Series(packs, dtype=pl.Int64))


def beside_awards(claim: pl.DataFrame, award: pl.DataFrame, level: pl.DataFrame) -> pl.DataFrame:
    """Packs dealt again, packs awarded, how many of those a region changed afterwards, and whether the two differ but
    for that.
    """
    awarded = award.select(*CLAIM, awarded="packs", changed="changed_packs")
    dealt = recompute(claim, level).rename({"packs": "dealt"})
    beside = dealt.join(awarded, on=CLAIM, how="left", maintain_order="left").with_columns(
        pl.col("awarded", "changed").fill_null(0)
    )
    return beside.with_columns(differs=pl.col("dealt") + pl.col("changed") != pl.col("awarded"))


def pieces_from(level: Mapping[str, Any], own: Own, line: Mapping[str, Any], *, had: int = 0) -> int:
    """Pieces of one claim from the level of its tier; ``had`` is what a reserve gave it before.

    ``line`` has ``waiting_since`` and ``lot``, which decide at exactly the marginal cover.

    Examples
    --------
    A site that uses two a day and has ten; the packs of 20 go out up to a cover of 30 days:

    >>> level = {"reach": "part", "marginal_cover_days": 30.0, "pieces_per_pack": 20, "last_lot": None}
    >>> pieces_from(level, Own(norm_use=2_000_000, on_hand=10, floor=0, ceiling=200), {})
    60
    """
    floor, ceiling = max(0, own.floor - had), own.ceiling - had
    foot, top = {
        "all": (ceiling, ceiling),
        "part": (floor, ceiling),
        "floor": (floor, floor),
        "part_of_floor": (0, floor),
        "nothing": (0, 0),
    }[level["reach"]]
    pieces = foot
    while pieces < top:
        days = (own.on_hand + had + pieces) * MICRO / own.norm_use
        if days > level["marginal_cover_days"] or (days == level["marginal_cover_days"] and not _in_line(level, line)):
            break
        pieces += level["pieces_per_pack"]
    return pieces


def _in_line(level: Mapping[str, Any], line: Mapping[str, Any]) -> bool:
    """Whether one who stands exactly at the marginal cover waited long enough: up to the last who was served."""
    if level["last_lot"] is None:
        return False
    return (line["waiting_since"], line["lot"]) <= (level["last_since"], level["last_lot"])
