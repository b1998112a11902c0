"""Scarce supply and claims in, awards out, with the lines that explain them."""

from dataclasses import dataclass

import polars as pl

from dijk.allocate.adjust import Adjusted, adjust
from dijk.allocate.articles import with_article
from dijk.allocate.band import banded, released
from dijk.allocate.claims import CLAIM, LEVEL, claims, in_line, in_packs, nationally, own_claims, supply
from dijk.allocate.explain import hub_lines, lines
from dijk.allocate.fences import fences_in_force
from dijk.allocate.hubs import at_hubs
from dijk.allocate.levels import levels
from dijk.allocate.sentence import Explained, explain
from dijk.allocate.share import Shared, share
from dijk.present.now import Now
from dijk.present.requests import open_requests
from dijk.tables import ALL, empty
from dijk.tables.division import Award, Claim

__all__ = ["Adjusted", "Division", "Explained", "adjust", "allocate", "explain"]


@dataclass(frozen=True)
class Division:
    """Who gets what, and the numbers by which anyone can check it; see `dijk.tables.division`."""

    claim: pl.DataFrame
    award: pl.DataFrame
    award_line: pl.DataFrame
    level: pl.DataFrame
    shortfall: pl.DataFrame
    """Fences that were promised more than there is: need, fence, missing_pieces."""
    left: pl.DataFrame
    """What regions get and, by their own rules, do not use: need, region, pieces."""
    beyond_cap: pl.DataFrame
    """Claims of which one pack is more than all days of the cap: need, site, product, pieces beyond the cap."""


def allocate(now: Now, regime: pl.DataFrame, *, seed: int) -> Division:
    """Divide what there is of each listed need over the claims, to equal days of cover, in whole packs.

    Floors first, then tiers of treatment risk, each to one level: ``clip(w * L - s, floor, ceiling)``. Where there is
    enough for every claim this is delivery in full, up to the cap; a need that is scarce, or of
    which nobody can say, goes past the region, any other goes out directly.

    Parameters
    ----------
    now
        The present: norm use, positions, stock to share, policy.
    regime
        Table ``Regime``: how each need is routed.
    seed
        Draws the lots that settle equal cover after equal waits.

    Examples
    --------
    In the example country (see `dijk.example`):

    >>> division = allocate(now, made.regime, seed=1)
    >>> sorted(division.award["route"].unique())
    ['direct', 'regional_check']
    >>> division.award.equals(made.award)  # the same as in the plan: same present, same seed
    True
    """
    goods, asked = supply(now), open_requests(now)
    claimed = in_line(own_claims(now, claims(nationally(now), asked), asked), seed=seed)
    hubs = at_hubs(now, claimed, goods)
    goods = released(now, hubs.rest, goods.filter(pl.col("region") == ALL))
    fences = fences_in_force(now)
    served = with_article(now, banded(now, hubs.rest), goods, fences)
    nation = share(in_packs(served.rows), goods, fences, served.settled)
    sent, given = _of(hubs.divided, "regional_hub", now), _of(nation, "warehouse", now)
    return Division(
        claim=pl.concat([Claim.cast(rows.select(Claim.column_names())) for rows in (sent, given)]).sort(CLAIM),
        award=pl.concat([_awards(rows, regime, now) for rows in (sent, given)]).sort(*CLAIM, "product"),
        award_line=pl.concat([hub_lines(sent), lines(given, served.need)]).sort(*CLAIM, "line"),
        level=pl.concat([_levels(hubs.divided, sent, seed), _levels(nation, given, seed)]).sort(LEVEL),
        shortfall=nation.shortfall,
        left=_left(nation.rows),
        beyond_cap=pl.concat([_beyond_cap(rows) for rows in (sent, given)]).sort("need", "site", "product"),
    )


def _left(rows: pl.DataFrame) -> pl.DataFrame:
    """What a region got and its own rules did not use; a region without rules of its own uses all it gets."""
    spare = (pl.col("packs_fenced") - pl.col("packs")) * pl.col("pieces_per_pack")
    return rows.group_by("need", "region").agg(pieces=spare.sum()).filter(pl.col("pieces") > 0).sort("need", "region")


def _beyond_cap(rows: pl.DataFrame) -> pl.DataFrame:
    """Claims that get a single pack which is more than the cap allows them in all: so small a claim is rounded up."""
    alone = rows.filter((pl.col("packs") == 1) & (pl.col("pieces_per_pack") > pl.col("capped")))
    beyond = pl.col("position") + pl.col("pieces_per_pack") - pl.col("capped")
    return alone.select("need", "site", "product", pieces=beyond)


def _of(shared: Shared, holder: str, now: Now) -> pl.DataFrame:
    """The claims of one holder's goods, of this run."""
    return shared.rows.with_columns(holder=pl.lit(holder), known_at=pl.lit(now.world.as_of))


def _levels(shared: Shared, rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    return pl.concat([empty("level"), *(levels(rows, each, seed=seed) for each in shared.rounds if each.goods.height)])


def _awards(rows: pl.DataFrame, regime: pl.DataFrame, now: Now) -> pl.DataFrame:
    """Table ``Award``: claims that get at least a pack."""
    shipped = pl.col("packs") * pl.col("pieces_per_pack")
    given = rows.filter(pl.col("packs") > 0)
    table = given.with_columns(
        _route(given, regime, now),
        cover_before_days=(pl.col("position") / pl.col("norm_use_per_day")).round(6),
        cover_after_days=((pl.col("position") + shipped) / pl.col("norm_use_per_day")).round(6),
        changed_packs=pl.lit(0, dtype=pl.Int64),
        change_reason=pl.lit(None, dtype=pl.String),
    )
    return Award.cast(table.select(Award.column_names()))


def _route(rows: pl.DataFrame, regime: pl.DataFrame, now: Now) -> pl.Series:
    """By which way each row goes: past the region where its need is scarce or nobody can say, and where
    ``region_checks_from`` says so already at early warning.
    """
    cells = rows.select("need", "region").join(regime.select("need", "effective"), on="need", how="left")
    early = now.policy.words("region_checks_from", now.world.today, cells) == "early"
    effective = cells["effective"].cast(pl.String)
    checked = effective.is_in(["scarce", "unknown"]) | (early & (effective == "early_warning"))
    way = pl.when(checked.fill_null(False)).then(pl.lit("regional_check")).otherwise(pl.lit("direct"))
    return pl.select(way.alias("route")).to_series()
