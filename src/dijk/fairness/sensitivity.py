"""How far a division hangs on the norms: done again, from the positions on, with norm use that is wrong in one sector
or region.

A norm acts three times: in the stock a site is taken to have left, in the cap on what it may claim, and in its share.
So a division under another norm begins at the positions. That takes a division for each case, too long for every plan:
a plan shows the shares of norm use.
"""

from dataclasses import replace

import polars as pl

from dijk.allocate import allocate
from dijk.present.now import Now
from dijk.present.position import position
from dijk.present.requests import counted_requests
from dijk.tables import ALL

OFF = 0.2
"""By how much the norms of one sector or region are taken to be wrong: a share of them, either way."""

AXES = ("sector", "region")

CASES = {
    "lower": (pl.col("mid") * (1 - OFF), pl.col("mid")),
    "higher": (pl.col("mid") * (1 + OFF), pl.col("mid")),
    "at_low": (pl.col("low"), pl.col("high")),
    "at_high": (pl.col("high"), pl.col("low")),
}
"""Ways for norms to be wrong: norm use of the part in question, and of all others."""


def under(now: Now, norm_use: pl.DataFrame) -> Now:
    """The present with another norm use: positions and requests follow from it anew.

    Examples
    --------
    A norm that is a fifth higher leaves a site of the example country (see `dijk.example`) with less:

    >>> higher = under(now, now.norm_use.with_columns(pl.col("low", "mid", "high") * 1.2))
    >>> [then.position.filter(site="S00001", need="ffp2")["pieces"].item() for then in (now, higher)]
    [11590, 10376]
    """
    return replace(
        now,
        norm_use=norm_use,
        position=position(now.world, now.policy, norm_use),
        request=counted_requests(now.world, now.policy, norm_use),
    )


def division_shares(now: Now, regime: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Share of each sector and each region in what is divided of each need: at the norms, and under norms that are
    wrong.

    Parameters
    ----------
    now, regime, seed
        As for `dijk.allocate.allocate`.

    Returns
    -------
    Columns need, sector, region (one of the two is ``all``), and as shares 0-1: ``share`` at the norms; ``lower`` and
    ``higher`` with the norms of that part alone a fifth lower and a fifth higher; ``at_low`` with its norms at the low
    end of their range and all others at the high end, ``at_high`` the other way round. Needs of which nothing is
    divided are left out; a part that gets nothing has 0. A wrong norm usually moves a share the way it errs, but not
    always: under higher norms a site also has less left, and more of it may pass the cap.
    """
    weight = now.norm_use.join(now.world.site.select("site", *AXES), on="site", maintain_order="left")
    found = []
    for axis, other in (AXES, AXES[::-1]):
        usual = _shares(now, regime, axis, seed=seed)
        parts = weight.select(pl.col(axis).unique().sort())
        table = (
            usual.select(pl.col("need").unique()).join(parts, how="cross").join(usual, on=["need", axis], how="left")
        )
        for name, (own, others) in CASES.items():
            wrong = []
            for part in parts[axis]:
                mid = pl.when(pl.col(axis) == part).then(own).otherwise(others).round(6)
                norm_use = weight.with_columns(mid=mid).select(now.norm_use.columns)
                wrong.append(_shares(under(now, norm_use), regime, axis, seed=seed).filter(pl.col(axis) == part))
            table = table.join(pl.concat(wrong).rename({"share": name}), on=["need", axis], how="left")
        found.append(table.with_columns(pl.lit(ALL).alias(other)))
    shares = ["share", *CASES]
    rows = pl.concat([table.select("need", *AXES, *shares) for table in found])
    return rows.with_columns(pl.col(shares).fill_null(0).round(9)).sort("need", *AXES)


def _shares(now: Now, regime: pl.DataFrame, axis: str, *, seed: int) -> pl.DataFrame:
    """Share of each part in what is divided of each need: need, the axis, share."""
    award = allocate(now, regime, seed=seed).award
    sent = award.group_by("need", axis).agg(pieces=(pl.col("packs") * pl.col("pieces_per_pack")).sum())
    return sent.select("need", axis, share=pl.col("pieces") / pl.col("pieces").sum().over("need"))


def moved(table: pl.DataFrame) -> pl.DataFrame:
    """The table of `division_shares` over all its needs, each need counted once: columns sector, region and the
    shares.

    Examples
    --------
    >>> needs = {"need": ["gown", "mask"], "sector": "home", "region": "all", "share": [0.2, 0.4]}
    >>> cases = {"lower": [0.1, 0.3], "higher": [0.3, 0.5], "at_low": [0.1, 0.1], "at_high": [0.5, 0.5]}
    >>> moved(pl.DataFrame(needs | cases)).select(pl.exclude("sector", "region").round(6)).row(0)
    (0.3, 0.2, 0.4, 0.1, 0.5)
    """
    return table.group_by(AXES).agg(pl.col("share", *CASES).mean()).sort(AXES)
