"""What is short: cover, chance to run out, and the routing of each need."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.buy import open_lines
from dijk.cells import CELL, Joint, joint_totals, with_totals
from dijk.forecast.result import Forecast
from dijk.forecast.streams import random_stream
from dijk.inputs import Now
from dijk.known import MICRO
from dijk.request import listed
from dijk.tables import ALL
from dijk.tables.results import Regime, Situation

WEEKS = (2, 4, 8)
CHANCES = ("p_out_2w", "p_out_4w", "p_out_8w", "p_out_most_4w")
VERDICT_REGIME = {
    "no_shortage": "direct",
    "early_warning": "early_warning",
    "specific_shortage": "scarce",
    "absolute_shortage": "scarce",
}


@dataclass(frozen=True)
class Assessment:
    """The picture and the routing."""

    situation: pl.DataFrame
    regime: pl.DataFrame


def assess(now: Now, future: Forecast, *, seed: int) -> Assessment:
    """Cover in days and the chance to run out within 2, 4 and 8 weeks, and from these the regime of each listed need.

    A cell of sector and region is judged on what its sites hold; the nation on that, the deliverable stock of warehouses and
    hubs, and inbound with its lateness, cancellations and rejects. Chances are judged on the sites that are known;
    ``p_out_most_4w`` is the bound with unknown stock taken as none.
    """
    cells = _cells(now)
    chance = _chances(now, future, cells, seed=seed)
    picture = cells.join(chance, on=CELL, how="left")
    picture = picture.with_columns(pl.col("reason").fill_null(pl.when(pl.col("norm_use_per_day") <= 0).then(pl.lit("not_applicable"))))
    situation = Situation.cast(picture.with_columns(known_at=pl.lit(now.world.as_of)).select(Situation.column_names()).sort(CELL))
    return Assessment(situation, _regimes(now, situation))


def _cells(now: Now) -> pl.DataFrame:
    """Sums over sites per cell, totals included; micro-pieces keep the sums exact."""
    on_list = listed(now.policy, now.world.today)["need"]
    places = now.world.site.select("site", "sector", "region")
    w = now.norm_use.group_by("site", "need").agg(w=(pl.col("mid") * MICRO).round().cast(pl.Int64).sum())
    known = pl.col("reason").is_null()
    rows = (
        now.position.filter(pl.col("need").is_in(on_list.implode()))
        .join(w, on=["site", "need"])
        .join(places, on="site")
        .group_by(*CELL, "reason")
        .agg(sites=pl.len().cast(pl.Int64), w=pl.col("w").sum(), pieces=pl.col("pieces").sum())
        .with_columns(sites_known=pl.when(known).then("sites").otherwise(0), w_known=pl.when(known).then("w").otherwise(0))
        .with_columns(pieces=pl.when(known).then("pieces").otherwise(0))
        .sort(*CELL, "reason")
    )
    total = pl.col("sites", "sites_known", "w", "w_known", "pieces").sum()
    cells = (
        with_totals(rows, now.world.sector)
        .sort(*CELL, "w", "reason")
        .group_by(CELL, maintain_order=True)
        .agg(total, reason=pl.col("reason").drop_nulls().last())  # the reason behind most of the norm use
    )
    return (
        cells.join(_shared_stock(now), on=CELL, how="left")
        .with_columns(pl.col("shared").fill_null(0))
        .select(
            *CELL,
            "sites",
            "sites_known",
            "shared",
            "w_known",
            norm_use_per_day=pl.col("w") / MICRO,
            unknown_share=pl.when(pl.col("w") > 0).then((pl.col("w") - pl.col("w_known")) / pl.col("w")),
            stock_pieces=pl.when(pl.col("sites_known") > 0).then("pieces"),
            cover_days=_cover(),
            reason=pl.when(pl.col("sites_known") == 0).then("reason"),
        )
    )


def _cover() -> pl.Expr:
    """Days that known stock lasts at the norm use it serves: sites' stock on the known sites, shared stock on all."""
    own = pl.when(pl.col("w_known") > 0).then(pl.col("pieces") * MICRO / pl.col("w_known"))
    shared = pl.when((pl.col("w") > 0) & (pl.col("shared") > 0)).then(pl.col("shared") * MICRO / pl.col("w"))
    days = pl.when(own.is_not_null() | shared.is_not_null()).then(own.fill_null(0) + shared.fill_null(0))
    return days.round(6).clip(upper_bound=1e6)


def _shared_stock(now: Now) -> pl.DataFrame:
    """Deliverable stock that a total may count on: of its regional hub for a region, of all holders for the nation."""
    approved = now.central_stock.filter(pl.col("status") == "approved")
    hubs = now.world.site.filter(pl.col("kind") == "regional_hub")["region"].unique()
    by_region = approved.filter(pl.col("region").is_in(hubs.implode())).group_by("need", "region").agg(shared=pl.col("pieces").sum())
    nation = approved.group_by("need").agg(shared=pl.col("pieces").sum()).with_columns(region=pl.lit(ALL))
    return pl.concat([by_region, nation.select(by_region.columns)]).with_columns(sector=pl.lit(ALL)).select(*CELL, "shared")


def _chances(now: Now, future: Forecast, cells: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Chances to run out, per cell: columns of the cell, p_out_2w, p_out_4w, p_out_8w, p_out_most_4w."""
    shape = future.driver_paths.shape[2:]  # paths, weeks
    inbound = _arrivals(now, shape, future.weeks, seed=seed)
    frames = []
    for (need,), part in cells.group_by("need", maintain_order=True):
        joint = joint_totals(Joint(future.cells, future.samples(str(need))), now.world.sector)
        at = part.join(joint.cells.with_row_index("at"), on=["sector", "region"], how="left", maintain_order="left")["at"]
        empty = np.zeros((1, *shape))
        demand = np.concatenate([joint.samples, empty])[at.fill_null(len(joint.samples)).to_numpy()]
        frames.append(_chances_of_need(part, demand, inbound.get(str(need), empty[0])))
    none = cells.head(0).select(*CELL, *(pl.lit(None, pl.Float64).alias(name) for name in CHANCES))
    return pl.concat([none, *frames])


def _chances_of_need(cells: pl.DataFrame, demand: NDArray[np.float64], inbound: NDArray[np.float64]) -> pl.DataFrame:
    """Chances of the cells of one need; empty where no stock is known.

    ``demand`` in pieces, shape (cells, paths, weeks); ``inbound`` in pieces, shape (paths, weeks), counts for the nation alone. Shared
    stock serves known and unknown sites alike, so the known sites have their part of it.
    """
    nation = ((cells["sector"] == ALL) & (cells["region"] == ALL)).to_numpy()
    came = nation[:, None, None] * inbound.cumsum(axis=1)
    used = demand.cumsum(axis=2)
    shared = cells["shared"].to_numpy()[:, None, None] + came
    own = cells["stock_pieces"].fill_null(0).to_numpy()[:, None, None]
    part = (1 - cells["unknown_share"].fill_null(0)).to_numpy()[:, None, None]
    bare = part == 0  # nobody counted: judged on shared stock alone
    known = _passed(np.where(bare, used, used * part), own + np.where(bare, shared, shared * part))
    most = np.maximum(_passed(used, own + shared), known)
    blind = (cells["reason"].is_not_null() & (cells["shared"] == 0)).to_numpy()
    chances = pl.DataFrame({f"p_out_{w}w": np.where(blind, np.nan, known[:, i]) for i, w in enumerate(WEEKS)})
    return cells.select(*CELL).hstack(chances.fill_nan(None)).with_columns(p_out_most_4w=most[:, WEEKS.index(4)])


def _passed(used: NDArray[np.float64], there: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of paths on which use has passed what there is within 2, 4 and 8 weeks. Shape (cells, 3)."""
    out = np.logical_or.accumulate(used > there + 1e-6, axis=2)  # a millionth of a piece is not a shortage
    last = [min(weeks, out.shape[2]) - 1 for weeks in WEEKS]
    chance: NDArray[np.float64] = out[:, :, last].mean(axis=1)
    return chance


def _arrivals(now: Now, shape: tuple[int, ...], weeks: tuple[dt.date, ...], *, seed: int) -> dict[str, NDArray[np.float64]]:
    """Pieces that come in per need, shape (paths, weeks): on the expected day, late, never, or rejected, by the policy's shares.

    A line without an expected day does not count. A line past its day is late already, so its lateness is drawn given that.
    """
    day, number = now.world.today, now.policy.number
    lines = open_lines(now).filter(pl.col("expected").is_not_null())
    found: dict[str, NDArray[np.float64]] = {}
    for row in lines.iter_rows(named=True):
        draw = random_stream(seed, "arrivals", f"{row['order']}/{row['line']}").random((shape[0], 3))
        overdue = max(0, (day - row["expected"]).days)
        wait = -np.log1p(-draw[:, 1]) / np.log(2) * number("lateness_median_days", day)  # exponential: the same wait however late already
        late = np.where((draw[:, 0] < number("late_share", day)) | (overdue > 0), overdue + wait, 0.0)
        due = (row["expected"] - weeks[0]).days + late
        week = np.clip(due // 7, 0, None).astype(int)
        comes = (draw[:, 2] >= number("cancel_share", day)) & (week < shape[1])
        pieces = found.setdefault(row["need"], np.zeros(shape))
        good = row["open_pieces"] * (1 - number("reject_share", day))
        np.add.at(pieces, (np.flatnonzero(comes), week[comes]), good)
    return found


def _regimes(now: Now, situation: pl.DataFrame) -> pl.DataFrame:
    """The computed regime with hysteresis, the experts' verdict over it, since when, why, and whether an action runs."""
    day = now.world.today
    nation = situation.filter((pl.col("sector") == ALL) & (pl.col("region") == ALL)).sort("need")
    before = (
        now.world.past_regime.sort("known_at").group_by("need").agg(pl.col("computed", "effective", "since").last().name.prefix("past_"))
    )
    scope = now.policy.in_force("scope", day).select("need", action=pl.col("action").cast(pl.String))
    verdict = now.policy.in_force("verdict", day).select("need", pl.col("verdict").cast(pl.String))
    needs = listed(now.policy, day).sort("need").join(nation, on="need", how="left", maintain_order="left")
    rows = needs.join(before, on="need", how="left", maintain_order="left").join(scope, on="need", how="left", maintain_order="left")
    rows = rows.join(verdict, on="need", how="left", maintain_order="left").with_columns(
        now.policy.numbers(rule, day, needs.select("need")).alias(rule) for rule in LIMITS
    )
    rows = rows.with_columns(computed=_computed()).with_columns(
        effective=pl.coalesce(pl.col("verdict").replace_strict(VERDICT_REGIME, default=None, return_dtype=pl.String), "computed")
    )
    rows = rows.with_columns(
        since=pl.when(pl.col("past_effective").cast(pl.String) == pl.col("effective")).then("past_since").otherwise(pl.lit(day)),
        alarm=pl.col("action").fill_null("none") == "none",
        action=pl.col("action").fill_null("none"),
        known_at=pl.lit(now.world.as_of),
        evidence_en=_evidence(
            "cover {} days (scarce below {}); chance to run out in 2 weeks {}, in 4 weeks {}; stock unknown for {} of norm use"
        ),
        evidence_nl=_evidence(
            "dekking {} dagen (schaars onder {}); kans op tekort in 2 weken {}, in 4 weken {}; voorraad onbekend voor {} van normverbruik"
        ),
    )
    return Regime.cast(rows.select(Regime.column_names()).sort("need"))


LIMITS = (
    "scarce_below_days",
    "scarce_until_days",
    "scarce_above_chance",
    "early_below_days",
    "early_until_days",
    "early_above_chance",
    "hysteresis_chance",
)


def _computed() -> pl.Expr:
    """Scarce or early warning when cover or chance crosses its threshold; it ends only beyond the second, easier one."""
    was = pl.col("past_computed").cast(pl.String).fill_null("direct")

    def holds(regime: str, entered: pl.Expr) -> pl.Expr:
        chance = pl.col("p_out_2w" if regime == "scarce" else "p_out_4w").fill_null(0)
        above = pl.col(f"{regime}_above_chance") - pl.when(entered).then("hysteresis_chance").otherwise(0)
        below = pl.when(entered).then(f"{regime}_until_days").otherwise(f"{regime}_below_days")
        return (pl.col("cover_days") < below).fill_null(False) | (chance > above)

    scarce = holds("scarce", was == "scarce")
    early = holds("early", was != "direct")
    return pl.when(scarce).then(pl.lit("scarce")).when(early).then(pl.lit("early_warning")).otherwise(pl.lit("direct"))


def _evidence(sentence: str) -> pl.Expr:
    """The figures behind a regime in words; a question mark stands for what nobody knows."""

    def shown(expression: pl.Expr) -> pl.Expr:
        return expression.cast(pl.String).fill_null("?")

    return pl.format(
        sentence,
        shown(pl.col("cover_days").round(1)),
        shown(pl.col("scarce_below_days").round(1)),
        shown(pl.col("p_out_2w").round(2)),
        shown(pl.col("p_out_4w").round(2)),
        shown(pl.col("unknown_share").round(2)),
    )
