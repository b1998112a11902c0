"""How much of the norm is really used: a factor per need and sector, learnt from use, deliveries and orders."""

import datetime as dt
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import polars as pl

from dijk.forecast.orders import netted_orders
from dijk.forecast.streams import random_stream
from dijk.known import exact_sum
from dijk.present.norm_use import RANGE, norms_in_force
from dijk.present.now import Now
from dijk.tables.forecast import UsageFactor

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Yes = npt.NDArray[np.bool_]

SOURCES = ("use", "delivery", "request")
"""In the order in which they are taken in: the most trusted first."""

WIDEST = 100.0
"""No norm is taken to be uncertain by more than this factor, up or down."""

NOBODY = 1e-6
"""Weight of a norm that holds for nobody yet: its range counts once a scenario spreads it."""

SHORTAGES = ("specific_shortage", "absolute_shortage")
"""Verdicts of the experts by which a need is scarce."""

TENTH = NormalDist().inv_cdf(0.9)
"""The stated range of a norm runs from its 10 % to its 90 % quantile."""


def usage_factor(now: Now, units: pl.DataFrame) -> pl.DataFrame:
    """Learn how much of the norm is used, per need and sector.

    The logarithm of the factor is a level that drifts. It starts at the norm, as uncertain as the range of the norm
    says. Each week of use, deliveries or orders is the ratio of what the sites that tell used, got or asked to their
    own norm use, and draws the level as far as its source is trusted; what speaks for a part of the sector, and what
    comes in few deliveries or orders, is trusted less. A week in which nobody told anything makes the level less
    certain, never more so than the norm.

    Where goods were short, what came in says nothing of what was needed: such a week can raise the level and not lower
    it, nor make it more certain. That holds for all sources in a week in which the need is known to have been scarce,
    and for deliveries and orders also where nobody knows.

    Parameters
    ----------
    units
        Units a day now, from ``site_units``.

    Returns
    -------
    Table ``UsageFactor``: every need and sector with a norm and units of its driver, sorted. ``factor`` is the median;
    nothing told gives 1 and the range of the norm.
    """
    cells = _norm_ranges(now, units)
    if cells.is_empty():
        return UsageFactor.create_empty()
    day, number = now.world.today, now.policy.number
    seen = _observations(now, cells, _weeks_of_activity(now, round(number("usage_weeks", day))))
    trust = np.array([number(f"usage_{source}_sd", day) for source in SOURCES])[:, None, None]
    spread = np.sqrt(trust**2 / np.clip(seen.share, 1e-9, 1.0) + seen.lumps)
    before = (cells["up"] + cells["down"]).to_numpy() / 2
    level, after = learnt(seen.log_ratio, spread, seen.raises_only, before=before, drift=number("usage_drift_sd", day))
    kept = np.divide(after, before, out=np.ones_like(before), where=before > 0)
    told = np.isfinite(seen.log_ratio).sum(axis=2)
    table = cells.with_columns(
        factor=pl.Series(np.exp(level)).round(6),
        range_kept=pl.Series(kept).round(6),
        **{f"{source}_weeks": pl.Series(told[row]) for row, source in enumerate(SOURCES)},
        raising_weeks=pl.Series((np.isfinite(seen.log_ratio) & seen.raises_only).sum(axis=(0, 2))),
        how=pl.Series(np.where((level != 0) | (kept < 1), "estimated", "assumed")),
    )
    ends = {"low": -pl.col("down"), "high": pl.col("up")}
    table = table.with_columns(
        (pl.col("factor") * (end * TENTH * pl.col("range_kept")).exp()).round(6).alias(n) for n, end in ends.items()
    )
    return UsageFactor.cast(table.select(UsageFactor.column_names()))


def learnt(log_ratio: Array, spread: Array, raises_only: Yes, *, before: Array, drift: float) -> tuple[Array, Array]:
    """Draw the level of each cell through its observations, oldest week first: a local level, by Kalman's rule.

    Parameters
    ----------
    log_ratio
        Logarithm of observed over norm, shape (sources, cells, weeks), oldest week first; NaN is not told.
    spread
        Its standard deviation, same shape, above 0.
    raises_only
        Where an observation is a lower bound: it draws the level up if it lies above, and leaves its spread as it is.
    before
        Standard deviation at the start, shape (cells,); 0 keeps the level at the norm. Drift never leads beyond it.
    drift
        Standard deviation of what the level moves in a week.

    Returns
    -------
    Level and standard deviation at the end, shape (cells,) each.
    """
    level, variance = np.zeros_like(before), before**2
    for week in range(log_ratio.shape[2]):
        variance = np.minimum(variance + drift**2, before**2)
        for source in range(log_ratio.shape[0]):
            seen, error = log_ratio[source, :, week], spread[source, :, week] ** 2
            known, bound = np.isfinite(seen), raises_only[source, :, week]
            gain = variance / (variance + error)
            step = np.where(known, seen - level, 0.0)
            level = level + gain * np.where(bound, np.maximum(step, 0.0), step)
            variance = np.where(known & ~bound, (1.0 - gain) * variance, variance)
    return level, np.sqrt(variance)


def with_usage(norm: pl.DataFrame, usage: pl.DataFrame) -> pl.DataFrame:
    """Give the norms as the forecast uses them: the middle times the factor, the ends as far from it as what is left of
    the range.
    """
    known = usage.select("need", "sector", "factor", "range_kept")
    rows = norm.join(known, on=["need", "sector"], how="left", maintain_order="left")
    kept, mid = pl.col("range_kept").fill_null(1.0), pl.col("mid") * pl.col("factor").fill_null(1.0)
    ends = {
        end: pl.when(pl.col("mid") > 0).then((pl.col(end) / pl.col("mid")) ** kept * mid).otherwise(end)
        for end in ("low", "high")
    }
    return rows.with_columns(**ends, mid=mid).select(norm.columns)


def usage_samples(
    usage: pl.DataFrame, cells: pl.DataFrame, paths: int, *, common: float, seed: int
) -> dict[str, Array]:
    """Draw what is not known of the factor, over its median: need -> shape (cells, paths).

    One draw a path for all regions and weeks of a need and sector: part of its variance, ``common``, is shared by all
    sectors of the need. The draws of a sector are the normal scores of their ranks, so that their median is 1 and the
    range is the stated one.
    """
    scores = np.array([NormalDist().inv_cdf((path + 0.5) / paths) for path in range(paths)])
    sectors = cells["sector"].to_numpy()
    drawn: dict[str, Array] = {}
    for (need,), rows in usage.group_by("need", maintain_order=True):
        shared = random_stream(seed, "usage", str(need)).standard_normal(paths)
        times = drawn.setdefault(str(need), np.ones((cells.height, paths)))
        for sector, factor, low, high in rows.select("sector", "factor", "low", "high").iter_rows():
            own = random_stream(seed, "usage", str(need), sector).standard_normal(paths)
            z = np.empty(paths)
            z[np.argsort(np.sqrt(common) * shared + np.sqrt(1.0 - common) * own, kind="stable")] = scores
            down, up = (np.log(factor / low), np.log(high / factor)) if low > 0 else (0.0, 0.0)
            times[sectors == sector] = np.exp(np.where(z < 0, down, up) / TENTH * z)
    return drawn


@dataclass(frozen=True)
class _Seen:
    """What was told, per source, cell and week (oldest first); shape (sources, cells, weeks) each."""

    log_ratio: Array  # NaN: nothing told
    share: Array  # of the sector's norm use that week, at the sites that tell
    lumps: Array  # variance of the logarithm because deliveries and orders come now and then: one over their number
    raises_only: Yes


def _norm_ranges(now: Now, units: pl.DataFrame) -> pl.DataFrame:
    """The cells with, at the activity of now, the logarithm of high and low over mid as standard deviations: need,
    sector, up, down.
    """
    norm = now.policy.in_force("norm", now.world.today)
    stage = now.policy.words("reuse_stage", now.world.today, norm.select("need", "sector"))
    norm = norm.filter(norm["reuse_stage"].cast(pl.String) == stage)
    whole = units.group_by("sector", "driver", "risk_class").agg(units=exact_sum("units"))
    weight = pl.col("units") * pl.max_horizontal("coverage", pl.lit(NOBODY))
    cells = (
        norm.join(whole, on=["sector", "driver", "risk_class"])
        .group_by("need", "sector")
        .agg((pl.col(end) * weight).sort_by("driver", "risk_class").sum() for end in RANGE)
        .filter(pl.col("mid") > 0)
        .sort("need", "sector")
    )
    up = (pl.col("high") / pl.col("mid")).clip(1.0, WIDEST).log() / TENTH
    down = (pl.col("mid") / pl.col("low")).clip(1.0, WIDEST).log() / TENTH
    return cells.select("need", "sector", up=up, down=down)


def _weeks_of_activity(now: Now, most: int) -> int:
    """How many weeks back anyone told any activity, 1 to ``most``: before that there is no norm use to set anything
    beside.
    """
    told = now.world.activity.filter(pl.col("units").is_not_null() & (pl.col("day") <= now.world.today))
    oldest = told.select((pl.lit(now.world.today) - pl.col("day")).dt.total_days().max()).item()
    return 1 if oldest is None else min(most, oldest // 7 + 1)


def _observations(now: Now, cells: pl.DataFrame, weeks: int) -> _Seen:
    """Set what was told beside norm use, week by week."""
    scale = _scale(now, cells, weeks)
    quantile = NormalDist().inv_cdf(now.policy.number("order_counts_to", now.world.today))
    # logarithms of the most and the least that deliveries and orders are believed to say
    most, least = (np.clip(cells[end].to_numpy() * quantile, 0.0, np.log(WIDEST))[:, None] for end in ("up", "down"))
    short, anew = _scarce(now, cells, weeks), _set_anew(now, cells, weeks)
    parts = []
    for source, rows in _told(now, scale, weeks).items():
        told = _by_week(scale, rows, silence_is_zero=source != "use")
        if source == "request":
            told = replace(told, pieces=np.minimum(told.pieces, np.exp(most)[told.cell] * told.norm_use))
        log_ratio, share = _beside(scale, told)
        log_ratio[anew] = np.nan
        if source == "use":
            parts.append((log_ratio, share, np.zeros_like(share), short == 1))
        else:  # what is delivered beyond that goes on the shelf, and a week with little is a gap between two deliveries
            lumps = 1.0 / np.maximum(told.rows, 1)
            parts.append((np.clip(log_ratio, -least, most), share, lumps, short != 0))
    return _Seen(*(np.stack(part)[..., ::-1] for part in zip(*parts, strict=True)))


def _told(now: Now, scale: "_Scale", weeks: int) -> dict[str, pl.DataFrame]:
    """What sites used, got and asked: cell (site and need), week (0 is the last seven days), pieces, days. Empty pieces
    are not known.
    """
    ago = (pl.lit(now.world.today) - pl.col("day")).dt.total_days()
    recent = (ago >= 0) & (ago < 7 * weeks)
    patience = int(now.policy.number("request_open_days", now.world.today))
    maybe_open = (ago >= 0) & (ago < 7 * weeks + patience)  # orders from before may still wait
    use = _coded(now.world.use.filter(recent & pl.col("pieces").is_not_null()), scale)
    sent = _coded(now.world.delivery.filter(maybe_open), scale)
    filled = sent.filter(pl.col("channel").is_in(["consortium", "region"]) & pl.col("pieces").is_not_null())
    orders = _coded(now.request.filter(maybe_open & ~pl.col("double")), scale)
    came, asked = sent.filter(recent), netted_orders(orders, filled, open_days=patience).filter(recent)
    whole = pl.when(pl.col("pieces").null_count() == 0).then(pl.col("pieces").sum())
    new = pl.when(pl.col("pieces").sum() > 0).then(
        pl.col("pieces").sum()
    )  # a repeated order says that a site still waits, not what it needs
    sums = {"use": pl.col("pieces").sum(), "delivery": whole, "request": new}
    days = {"use": pl.col("days").sum(), "delivery": pl.lit(7, pl.Int64), "request": pl.lit(7, pl.Int64)}
    rows = {"use": use, "delivery": came, "request": asked}
    return {
        source: told.group_by("cell", week=ago // 7).agg(pieces=sums[source], days=days[source])
        for source, told in rows.items()
    }


def _coded(rows: pl.DataFrame, scale: "_Scale") -> pl.DataFrame:
    """Rows of sites and needs that the scale knows, with ``cell``: one number instead of two texts makes what follows
    cheap.
    """
    coded = rows.with_columns(
        pl.col(name).cast(codes, strict=False).to_physical().cast(pl.Int64).alias(f"{name}_code")
        for name, codes in (("site", scale.site), ("need", scale.need))
    )
    cell = pl.col("site_code") * len(scale.need.categories) + pl.col("need_code")
    return coded.with_columns(cell=cell).filter(pl.col("cell").is_not_null())


@dataclass(frozen=True)
class _Scale:
    """What observations are set beside: norms and activity of each week, and where each code stands in the arrays.

    Attributes
    ----------
    site, need
        Codes, sorted, as Polars enums.
    sector
        Place of each site's sector, shape (sites,).
    cell
        Place of the cell of each sector and need, shape (sectors, needs); -1 where there is none.
    units
        Units a day, shape (sites, channels, weeks), a channel being a driver and a risk class.
    active
        Whether the site told its activity of the week, shape (sites, weeks).
    norms
        Pieces per unit, shape (weeks, sectors, needs, channels).
    whole
        Norm use a day of all sites that told their activity, shape (cells, weeks).
    """

    site: pl.Enum
    need: pl.Enum
    sector: Places
    cell: Places
    units: Array
    active: Yes
    norms: Array
    whole: Array


@dataclass(frozen=True)
class _Told:
    """What one source told, a row for each site and need it speaks of: the cell, and pieces and norm use per week; NaN
    is not known.
    """

    cell: Places
    pieces: Array
    norm_use: Array
    rows: Places  # how many sites told something of the cell in that week, shape (cells, weeks)


def _scale(now: Now, cells: pl.DataFrame, weeks: int) -> _Scale:
    sites = now.world.site.filter(pl.col("sector").is_not_null()).sort("site").select("site", "sector")
    sectors, needs = cells["sector"].unique().sort(), cells["need"].unique().sort()
    place = {code: row for row, code in enumerate(sectors)}
    sector = np.array([place.get(code, -1) for code in sites["sector"]], dtype=np.int64)
    cell = np.full((len(sectors), len(needs)), -1, dtype=np.int64)
    cell[cells["sector"].cast(pl.Enum(sectors)).to_physical(), cells["need"].cast(pl.Enum(needs)).to_physical()] = (
        np.arange(cells.height)
    )
    site, need = pl.Enum(sites["site"]), pl.Enum(needs)
    channels = (
        now.policy.norm.select("driver", "risk_class").unique().sort("driver", "risk_class").with_row_index("channel")
    )
    units, active = _units(now, site, channels, weeks)
    norms = _norms(now, [pl.Enum(sectors), need], channels, weeks)
    whole = np.zeros((cells.height, weeks))
    for row in range(len(sectors)):
        in_sector = units[sector == row].sum(axis=0)  # (channels, weeks)
        at = np.flatnonzero(cell[row] >= 0)
        whole[cell[row, at]] = sum(
            norms[:, row, at, channel].T * in_sector[channel] for channel in range(channels.height)
        )
    return _Scale(site, need, sector, cell, units, active, norms, whole)


def _units(now: Now, site: pl.Enum, channels: pl.DataFrame, weeks: int) -> tuple[Array, Yes]:
    """Mean units a day per site, channel and week, and whether the site told any."""
    ago = (pl.lit(now.world.today) - pl.col("day")).dt.total_days()
    rows = (
        now.world.activity.filter(pl.col("units").is_not_null() & (ago >= 0) & (ago < 7 * weeks))
        .filter(pl.col("site").is_in(site.categories.implode()))
        .join(channels, on=["driver", "risk_class"])
        .group_by(pl.col("site").cast(site).to_physical(), "channel", week=ago // 7)
        .agg(units=exact_sum("units") / pl.len())
    )
    units, active = (
        np.zeros((len(site.categories), channels.height, weeks)),
        np.zeros((len(site.categories), weeks), dtype=np.bool_),
    )
    active[rows["site"], rows["week"]] = True
    units[rows["site"], rows["channel"], rows["week"]] = rows["units"]
    return units, active


def _norms(now: Now, codes: list[pl.Enum], channels: pl.DataFrame, weeks: int) -> Array:
    """The norms in force at the end of each week, as pieces per unit."""
    sector, need = codes
    norms = np.zeros((weeks, len(sector.categories), len(need.categories), channels.height))
    for week in range(weeks):
        rows = norms_in_force(now.policy, now.world.today - dt.timedelta(days=7 * week)).join(
            channels, on=["driver", "risk_class"]
        )
        rows = rows.filter(
            pl.col("sector").is_in(sector.categories.implode()) & pl.col("need").is_in(need.categories.implode())
        )
        norms[
            week, rows["sector"].cast(sector).to_physical(), rows["need"].cast(need).to_physical(), rows["channel"]
        ] = rows["mid"]
    return norms


def _by_week(scale: _Scale, rows: pl.DataFrame, *, silence_is_zero: bool) -> _Told:
    """Arrange what a source told by site and need.

    A site that orders or is supplied at all did neither in a week without a row; a week of which it recorded no use is
    not known.
    """
    pairs, pair = np.unique(rows["cell"].to_numpy(), return_inverse=True)
    site, need = np.divmod(pairs, len(scale.need.categories))
    cell = np.where(scale.sector[site] >= 0, scale.cell[scale.sector[site], need], -1)
    pieces = np.full((len(pairs), scale.active.shape[1]), 0.0 if silence_is_zero else np.nan)
    days, week = np.full(pieces.shape, 7.0), rows["week"].to_numpy()
    pieces[pair, week], days[pair, week] = (
        rows["pieces"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
        rows["days"].to_numpy(),
    )
    kept, told = cell >= 0, np.zeros(scale.whole.shape, dtype=np.int64)
    known = kept[pair] & rows["pieces"].is_not_null().to_numpy()
    np.add.at(told, (cell[pair][known], week[known]), 1)
    return _Told(cell[kept], pieces[kept], _norm_use(scale, site[kept], need[kept]) * days[kept], told)


def _norm_use(scale: _Scale, site: Places, need: Places) -> Array:
    """Norm use a day of sites for a need, per week; NaN where the site did not tell its activity. Shape (rows,
    weeks).
    """
    sector, used = scale.sector[site], np.full((len(site), scale.active.shape[1]), np.nan)
    used[scale.active[site]] = 0.0
    for week in np.flatnonzero(scale.active.any(axis=0)):
        norms = scale.norms[week, sector, need]  # (rows, channels)
        for channel in np.flatnonzero(norms.any(axis=0)):
            rows = np.flatnonzero(norms[:, channel])
            used[rows, week] += norms[rows, channel] * scale.units[site[rows], channel, week]
    return used


def _beside(scale: _Scale, told: _Told) -> tuple[Array, Array]:
    """The logarithm of pieces over norm use, and the share of the cell's norm use that it speaks for; shape (cells,
    weeks) each.
    """
    cells, weeks = scale.whole.shape
    known = np.isfinite(told.pieces) & np.isfinite(told.norm_use)
    at = (told.cell[:, None] * weeks + np.arange(weeks))[known]

    def summed(values: Array) -> Array:
        sums: Array = np.bincount(at, values[known], cells * weeks).astype(np.float64).reshape(cells, weeks)
        return sums

    pieces, norm_use = summed(told.pieces), summed(told.norm_use)
    there = (told.rows > 0) & (norm_use > 0)
    ratio = np.divide(pieces, norm_use, out=np.full_like(pieces, np.nan), where=there)
    share = np.divide(norm_use, 7.0 * scale.whole, out=np.zeros_like(pieces), where=there & (scale.whole > 0))
    return np.log(np.clip(ratio, 1 / WIDEST, WIDEST)), share


def _set_anew(now: Now, cells: pl.DataFrame, weeks: int) -> Yes:
    """Whether a norm of each cell has been set anew since the end of each week: what was told then speaks of another
    norm.

    Otherwise a norm that is lowered to what is used would be lowered twice. Shape (cells, weeks).
    """
    key = ["need", "sector", "driver", "risk_class", "reuse_stage"]
    today = now.policy.in_force("norm", now.world.today).select(*key, "valid_from")
    anew = np.zeros((cells.height, weeks), dtype=np.bool_)
    for week in range(weeks):
        then = now.policy.in_force("norm", now.world.today - dt.timedelta(days=7 * week))
        since = today.join(then, on=[*key, "valid_from"], how="anti").select("need", "sector").unique()
        anew[:, week] = cells.select(new=pl.struct("need", "sector").is_in(since.to_struct().implode()))["new"]
    return anew


def _scarce(now: Now, cells: pl.DataFrame, weeks: int) -> Array:
    """Whether the need of each cell was scarce in each week: 1, 0, or NaN where no one said; shape (cells, weeks).

    A verdict in force on the last day of the week says so, else the regimes published by then. A week in which a need
    was scarce for a part is a scarce week.
    """
    needs = cells["need"].unique(maintain_order=True)
    short = np.full((len(needs), weeks), np.nan)
    place = {need: row for row, need in enumerate(needs)}
    regimes = now.world.past_regime.sort("known_at").select(
        "need", day=pl.col("known_at").dt.date(), scarce=pl.col("effective") == "scarce"
    )
    for week in range(weeks):
        last = now.world.today - dt.timedelta(days=7 * week)
        before = (
            regimes.filter(pl.col("day") <= last - dt.timedelta(days=7)).group_by("need", maintain_order=True).last()
        )
        within = regimes.filter((pl.col("day") > last - dt.timedelta(days=7)) & (pl.col("day") <= last))
        for need, _, scarce in pl.concat([before, within]).iter_rows():
            if need in place:
                short[place[need], week] = np.fmax(short[place[need], week], float(scarce))
        for need, verdict in now.policy.in_force("verdict", last).select("need", "verdict").iter_rows():
            if need in place:
                short[place[need], week] = float(verdict in SHORTAGES)
    rows: Array = short[[place[need] for need in cells["need"]]]
    return rows
