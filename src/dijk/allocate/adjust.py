"""What a region changes in its own part of a division: its total stands, the reason is kept, and the next run leaves it
be.
"""

from dataclasses import dataclass

import polars as pl

from dijk.allocate.claims import CLAIM
from dijk.tables.division import Award, AwardLine

KEY = (*CLAIM, "product")
CHANGE = {
    "site": pl.String,
    "need": pl.String,
    "risk_class": pl.String,
    "holder": pl.String,
    "packs": pl.Int64,
    "reason": pl.String,
}
"""Columns of a table of changes: the packs a claim shall get instead, of whose goods, and why; without ``holder``, of
the warehouses'. It may have ``product``, the article that is meant.
"""


@dataclass(frozen=True)
class Adjusted:
    """A division with a region's changes in it.

    Attributes
    ----------
    award
        Table ``Award``; changed rows carry changed_packs and change_reason. A claim that lost all keeps its row, with 0
        packs.
    award_line
        Table ``AwardLine`` with the line ``region_change``.
    effect
        What each change does: site, need, risk_class, packs_before, packs_after, cover_before_days and cover_after_days
        (of the claim before and after the change), reason; ``over_packs`` that a raise brings it above the most it may
        claim, ``short_packs`` that a cut leaves it below the least, and ``other_product`` where the change names
        another article than ``product``, in which the claim is divided.
    refused
        Changes that were not made, and ``why``: ``no_such_claim``, ``no_reason``, ``below_zero``, or ``total`` where
        the changes of a need in a region do not add up to its total of each article in each fence; then none of that
        need and region is made, and ``off`` says of each article how many packs it is over or short.
    """

    award: pl.DataFrame
    award_line: pl.DataFrame
    effect: pl.DataFrame
    refused: pl.DataFrame


def adjust(award: pl.DataFrame, changes: pl.DataFrame, *, claim: pl.DataFrame, award_line: pl.DataFrame) -> Adjusted:
    """Put a region's changes into a division.

    Parameters
    ----------
    award, claim, award_line
        The tables of the division.
    changes
        One row per claim that shall get another number of packs; see `CHANGE`. What is not named stays as it is.

    Examples
    --------
    A region of the example country (see `dijk.example`) moves two packs of gowns; what changes its total is refused:

    >>> moved = {"site": ["S00144", "S00143"], "need": "gown", "risk_class": "splash"}
    >>> changes = pl.DataFrame(moved | {"packs": [5, 4], "reason": "outbreak"})
    >>> done = adjust(made.award, changes, claim=made.claim, award_line=made.award_line)
    >>> done.effect.select("site", "packs_before", "packs_after").rows()
    [('S00144', 7, 5), ('S00143', 2, 4)]
    >>> short = changes.with_columns(packs=pl.lit(4))
    >>> adjust(made.award, short, claim=made.claim, award_line=made.award_line).refused["why"].to_list()
    ['total', 'total']
    """
    known = _known(award, claim)
    if "holder" not in changes.columns:
        changes = changes.with_columns(holder=pl.lit("warehouse"))
    if "product" not in changes.columns:
        changes = changes.with_columns(product=pl.lit(None, pl.String))
    asked = (
        changes.select(*CHANGE, meant="product")
        .cast({"holder": Award.holder.dtype})
        .join(known, on=CLAIM, how="left", maintain_order="left")
    )
    asked = asked.with_columns(more=pl.col("packs") - pl.col("packs_before")).with_columns(why=_objection())
    unsound = asked.filter(pl.col("why").is_not_null()).select("need", "region").unique()
    unsound = unsound.join(_off_total(asked), on=["need", "region"], how="full", coalesce=True, nulls_equal=True)
    together = asked.join(
        unsound.with_columns(unsound=True), on=["need", "region"], how="left", maintain_order="left", nulls_equal=True
    )
    judged = together.with_columns(why=pl.coalesce("why", pl.when(pl.col("unsound")).then(pl.lit("total"))))
    made = judged.filter(pl.col("why").is_null() & (pl.col("more") != 0))
    return Adjusted(
        award=_changed_awards(award, made),
        award_line=_changed_lines(award_line, made),
        effect=_effect(made),
        refused=judged.filter(pl.col("why").is_not_null()).select(*CHANGE, "why", "off"),
    )


def _known(award: pl.DataFrame, claim: pl.DataFrame) -> pl.DataFrame:
    """Claims with an article, and the packs they get now."""
    got = award.select(*CLAIM, "known_at", "pieces_per_pack", "route", packs_before="packs")
    packs = award.select("known_at", "product", "pieces_per_pack").unique("product", maintain_order=True)
    routes = award.select("need", "route").unique("need", maintain_order=True)
    bounds = ("floor", "ceiling")
    columns = ("product", "sector", "region", "fence", "reserve", "position", "norm_use_per_day", *bounds)
    rows = claim.select(*CLAIM, *columns).filter(pl.col("product").is_not_null())
    return (
        rows.join(got.select(*CLAIM, "packs_before"), on=CLAIM, how="left")
        .join(packs, on="product")
        .join(routes, on="need")
        .with_columns(pl.col("packs_before").fill_null(0))
    )


def _objection() -> pl.Expr:
    return (
        pl.when(pl.col("product").is_null())
        .then(pl.lit("no_such_claim"))
        .when(pl.col("reason").fill_null("").str.strip_chars() == "")
        .then(pl.lit("no_reason"))
        .when(pl.col("packs") < 0)
        .then(pl.lit("below_zero"))
    )


def _off_total(asked: pl.DataFrame) -> pl.DataFrame:
    """Needs and regions of which the changes would change the total of an article in a fence: need, region, off."""
    totals = (
        asked.filter(pl.col("more").is_not_null())
        .group_by("need", "region", "holder", "product", "fence", "reserve")
        .agg(pl.col("more").sum())
    )
    named = pl.format("{} {}{}", "product", pl.when(pl.col("more") > 0).then(pl.lit("+")).otherwise(pl.lit("")), "more")
    off = totals.filter(pl.col("more") != 0).sort("holder", "product", "fence")
    return off.group_by("need", "region", maintain_order=True).agg(off=named.str.join(", "))


def _cover(packs: str) -> pl.Expr:
    return ((pl.col("position") + pl.col(packs) * pl.col("pieces_per_pack")) / pl.col("norm_use_per_day")).round(6)


def _effect(made: pl.DataFrame) -> pl.DataFrame:
    return made.select(
        *CLAIM,
        "packs_before",
        packs_after="packs",
        cover_before_days=_cover("packs_before"),
        cover_after_days=_cover("packs"),
        reason="reason",
        product="product",
        over_packs=_packs_beyond(pl.col("packs") * pl.col("pieces_per_pack") - pl.col("ceiling"), pl.col("more") > 0),
        short_packs=_packs_beyond(pl.col("floor") - pl.col("packs") * pl.col("pieces_per_pack"), pl.col("more") < 0),
        other_product=pl.when(pl.col("meant") != pl.col("product")).then("meant"),
    )


def _packs_beyond(pieces: pl.Expr, by_change: pl.Expr) -> pl.Expr:
    """Whole packs that hold so many pieces beyond a bound, where the change itself went that way; else null."""
    pack = pl.col("pieces_per_pack")
    return pl.when(by_change & (pieces > 0)).then((pieces + pack - 1) // pack)


def _changed_awards(award: pl.DataFrame, made: pl.DataFrame) -> pl.DataFrame:
    rows = made.with_columns(
        cover_before_days=(pl.col("position") / pl.col("norm_use_per_day")).round(6),
        cover_after_days=_cover("packs"),
        changed_packs=pl.col("more"),
        change_reason=pl.col("reason"),
    )
    before = award.select(*CLAIM, earlier="changed_packs")
    rows = rows.join(before, on=CLAIM, how="left").with_columns(
        changed_packs=pl.col("changed_packs") + pl.col("earlier").fill_null(0)
    )
    kept = award.join(made, on=CLAIM, how="anti")
    return Award.cast(pl.concat([kept, Award.cast(rows.select(Award.column_names()))]).sort(*KEY))


def _changed_lines(award_line: pl.DataFrame, made: pl.DataFrame) -> pl.DataFrame:
    pieces = made.select(*CLAIM, more=pl.col("more") * pl.col("pieces_per_pack"))
    lines = award_line.join(pieces, on=CLAIM, how="left", maintain_order="left")
    shipped = pl.when(pl.col("line") == "shipped").then(pl.col("more").fill_null(0)).otherwise(0)
    old = lines.with_columns(pieces=pl.col("pieces") + shipped).drop("more")
    new = pieces.select(*CLAIM, line=pl.lit("region_change"), pieces="more")
    both = pl.concat([old, AwardLine.cast(new.select(AwardLine.column_names()))])
    return AwardLine.cast(
        both.group_by(*CLAIM, "line").agg(pl.col("pieces").sum()).select(AwardLine.column_names()).sort(*CLAIM, "line")
    )
