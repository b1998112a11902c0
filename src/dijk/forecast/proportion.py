"""Is a forecast in proportion? Demand per head beside what other countries published."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from dijk.inputs import Inputs
from dijk.tables import ALL

OUT_OF_PROPORTION = 3.0  # times what another country published per head; assumed
WEEKS_IN_MONTH, WEEKS_OF_WAVE, WEEKS_TO_24_JUNE = 30 / 7, 100 / 7, 121 / 7
BELGIUM, ENGLAND, UNITED_STATES = 11.5e6, 56.3e6, 331e6  # inhabitants, about


@dataclass(frozen=True)
class Anchor:
    """What another country used, needed or handed out, for a kind of article."""

    pieces_per_head: float  # a week; gloves one by one
    source: str


#: Kind of article (``need.family``) -> what was published for all of care, spring 2020. In April 2020 the Dutch
#: forecast of respirators stood at 4.6 times the Belgian one per head, and at 112 times the later real use; surgical
#: masks at 1.5 times. England handed out few gowns because there were few, so for gowns a need stands here. No total of
#: eyewear was found.
ANCHORS = {
    "respirator": Anchor(
        2.8e6 / BELGIUM / WEEKS_IN_MONTH, "Belgium, need of all carers in April 2020 (VRT, 9 April 2020)"
    ),
    "surgical_mask": Anchor(
        15e6 / BELGIUM / WEEKS_IN_MONTH, "Belgium, need of all carers in April 2020 (VRT, 9 April 2020)"
    ),
    "glove": Anchor(
        1.1e9 / ENGLAND / WEEKS_TO_24_JUNE, "England, handed out from 25 February to 24 June 2020 (DHSC, 25 June 2020)"
    ),
    "apron": Anchor(
        313e6 / ENGLAND / WEEKS_TO_24_JUNE, "England, handed out from 25 February to 24 June 2020 (DHSC, 25 June 2020)"
    ),
    "gown": Anchor(
        321e6 / UNITED_STATES / WEEKS_OF_WAVE,
        "United States, need of a wave of 100 days (Johns Hopkins, 18 April 2020)",
    ),
}
PROTECTIVE = (*ANCHORS, "eye", "cover")
#: All protective items together: the least and the most that England handed out a week.
LEAST = Anchor(2430e6 / ENGLAND / (365 / 7), "England, handed out in 2019, all items (DHSC)")
MOST = Anchor(328e6 / ENGLAND, "England, handed out in the week to 14 February 2021, all items (DHSC)")


def out_of_proportion(world: Inputs, demand: pl.DataFrame) -> Iterator[str]:
    """Name the kinds of article of which the base median of the heaviest week is far above what others published per
    head.

    All protective items together are also told where they lie far below the year before the pandemic, if every kind
    with an anchor is forecast: then activity or norms are missing. Nothing is told where the inhabitants of the regions
    are not known.

    Parameters
    ----------
    world
        The known world. A need in pairs counts two pieces, as England counts gloves.
    demand
        Table ``Demand``.
    """
    people = float(
        world.region.filter(pl.col("region").is_in(world.site["region"].implode()))["population"].cast(pl.Float64).sum()
    )
    if not people:
        return
    heaviest = _heaviest_weeks(world, demand)
    for family, pieces in sorted(heaviest.items()):
        anchor = ANCHORS.get(family)
        if anchor and pieces / people > OUT_OF_PROPORTION * anchor.pieces_per_head:
            yield f"{family}: {pieces / people / anchor.pieces_per_head:.1f} x {anchor.source}"
    total = sum(heaviest.get(family, 0.0) for family in PROTECTIVE) / people
    if total > OUT_OF_PROPORTION * MOST.pieces_per_head:
        yield f"{ALL}: {total / MOST.pieces_per_head:.1f} x {MOST.source}"
    if set(ANCHORS) <= set(heaviest) and total < LEAST.pieces_per_head / OUT_OF_PROPORTION:
        yield f"{ALL}: {total / LEAST.pieces_per_head:.2f} x {LEAST.source}"


def _heaviest_weeks(world: Inputs, demand: pl.DataFrame) -> dict[str, float]:
    """Pieces of each kind in its heaviest week: base, median, whole country."""
    total = (
        pl.all_horizontal(pl.col("sector", "region") == ALL)
        & (pl.col("curve") == "base")
        & (pl.col("quantile_level") == 0.5)
    )
    kinds = world.need.select(
        "need", "family", each=pl.when(pl.col("piece").cast(pl.String) == "pair").then(2).otherwise(1)
    )
    week = (
        demand.filter(total)
        .join(kinds, on="need")
        .group_by("family", "week")
        .agg((pl.col("pieces") * pl.col("each")).sum())
    )
    return dict(week.group_by("family").agg(pl.col("pieces").max()).iter_rows())
