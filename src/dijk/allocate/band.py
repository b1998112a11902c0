"""How fast a level may move from one run to the next: up, by leaving goods in the warehouse; down, by using what was
kept back.

A level that jumps up this week and down the next tells a home nothing it can plan on. The band is off until somebody
sets the rule ``level_band_days``. What it costs is goods on the shelf while somebody asks for them, so each award says
what the band held back.
"""

import math

import numpy as np
import polars as pl

from dijk.allocate.levels import of_nation
from dijk.present.now import Now
from dijk.tables import ALL

NO_BAND = 365.0
"""Days; from here on the rule binds nothing."""

REACHED = ["need", "tier"]


def last_levels(now: Now) -> pl.DataFrame:
    """How far each need and tier came in the last published run: need, tier, ``days``; infinite where every claim was
    met.

    Of several articles and fences the highest; hubs and regions' own divisions do not count. A tier that got its floors
    came as far as those.
    """
    past = of_nation(now.world.past_level)
    newest = past.filter(pl.col("known_at") == pl.col("known_at").max().over("need"))
    floor = _highest_floor(now, newest)
    days = (
        pl.when(pl.col("reach") == "all")
        .then(pl.col("band_days").fill_null(math.inf))
        .when(pl.col("reach") == "floor")
        .then("floor_days")
        .otherwise(pl.col("level_days").fill_null(0.0))
    )
    return newest.with_columns(floor_days=floor).group_by(REACHED).agg(days=days.max()).sort(REACHED)


def _highest_floor(now: Now, levels: pl.DataFrame) -> pl.Series:
    """The floor of each level in days: a level knows no sector, so of several sectors' floors the highest."""
    sectors = now.world.sector.select("sector", region=pl.lit(ALL))
    cells = levels.select("need").unique().join(sectors, how="cross")
    floors = cells.with_columns(floor=now.policy.numbers("floor_days", now.world.today, cells))
    highest = floors.group_by("need").agg(pl.col("floor").max())
    return levels.select("need").join(highest, on="need", how="left", maintain_order="left")["floor"]


def banded(now: Now, rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``band_days``, the cover that the band allows a claim (empty is any), and ``held_back``, the pieces this
    takes off its room.

    Floors are never held back, and a need without an earlier run has no band. ``rows`` as `dijk.allocate.claims.claims`
    gives them.
    """
    band = now.policy.numbers("level_band_days", now.world.today, rows.select("need"))
    rows = rows.join(last_levels(now), on=REACHED, how="left", maintain_order="left").with_columns(_band=band)
    top = pl.when((pl.col("_band") < NO_BAND) & pl.col("days").is_finite()).then(pl.col("days") + pl.col("_band"))
    rows = rows.with_columns(band_days=top)
    within = (pl.col("norm_use_per_day") * pl.col("band_days") - pl.col("position")).ceil().cast(pl.Int64)
    room = pl.max_horizontal("floor_room", pl.min_horizontal("room", within.clip(lower_bound=0)))
    rows = rows.with_columns(_room=pl.when(pl.col("band_days").is_null()).then("room").otherwise(room))
    return rows.with_columns(held_back=pl.col("room") - pl.col("_room"), room=pl.col("_room")).drop(
        "_room", "_band", "days"
    )


def released(now: Now, rows: pl.DataFrame, goods: pl.DataFrame) -> pl.DataFrame:
    """Add to the packs of a need what was kept back of it, as far as its level would else fall by more than the band.

    ``goods`` as `dijk.allocate.claims.supply` gives them, of the nation.
    """
    band = now.policy.numbers("level_band_days", now.world.today, rows.select("need"))
    low = rows.with_columns(_band=band).filter(pl.col("_band") < NO_BAND).join(last_levels(now), on=REACHED)
    least = (pl.col("norm_use_per_day") * (pl.col("days") - pl.col("_band")) - pl.col("position")).ceil()
    wanted = (
        pl.when(pl.col("days").is_infinite())
        .then(pl.col("room").cast(pl.Float64))
        .otherwise(pl.min_horizontal(least, "room"))
    )
    by_need = dict(low.group_by("need").agg(wanted.clip(lower_bound=0).sum()).iter_rows())
    packs = np.zeros(goods.height, dtype=np.int64)
    for place, row in enumerate(goods.iter_rows(named=True)):
        lacking = by_need.get(row["need"], 0.0) - row["packs"] * row["pieces_per_pack"]
        packs[place] = min(row["kept_packs"], max(0, math.ceil(lacking / row["pieces_per_pack"])))
        by_need[row["need"]] = lacking - packs[place] * row["pieces_per_pack"]
    return goods.with_columns(packs=pl.col("packs") + pl.Series(packs)).filter(pl.col("packs") > 0)
