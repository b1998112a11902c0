"""What sites used, got and asked beside their own norm use, week by week: what the usage factor is learnt from."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import polars as pl

from dijk.forecast.orders import netted_orders
from dijk.forecast.used_while_empty import used_while_empty
from dijk.known import exact_sum
from dijk.present.norm_use import norms_in_force
from dijk.present.now import Now
from dijk.tables.facts import FILL_ORDERS

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Yes = npt.NDArray[np.bool_]

SOURCES = ("use", "delivery", "request")
"""In the order in which they are taken in: the most trusted first."""

WIDEST = 100.0
"""No norm is taken to be uncertain by more than this factor, up or down."""

SHORTAGES = ("specific_shortage", "absolute_shortage")
"""Verdicts of the experts by which a need is scarce."""


@dataclass(frozen=True)
class Seen:
    """What was told, per source, cell and week (oldest first); shape (sources, cells, weeks) each."""

    log_ratio: Array  # NaN: nothing told
    share: Array  # of the sector's norm use that week, at the sites that tell
    lumps: Array  # variance of the logarithm because deliveries and orders come now and then: one over their number
    raises_only: Yes


def observations(now: Now, cells: pl.DataFrame, weeks: int) -> Seen:
    """Set what was told beside norm use, week by week.

    Parameters
    ----------
    cells
        need, sector, and ``up`` and ``down``: how uncertain the norm is, as standard deviations of its logarithm.
    weeks
        How many weeks back, the last seven days being the first.
    """
    scale = _scale(now, cells, weeks)
    most, least = _believed(now, cells)
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
    return Seen(*(np.stack(part)[..., ::-1] for part in zip(*parts, strict=True)))


def _believed(now: Now, cells: pl.DataFrame) -> tuple[Array, Array]:
    """Logarithms of the most and the least that deliveries and orders are believed to say, shape (cells, 1) each."""
    quantile = NormalDist().inv_cdf(now.policy.number("order_counts_to", now.world.today))
    most, least = (np.clip(cells[end].to_numpy() * quantile, 0.0, np.log(WIDEST))[:, None] for end in ("up", "down"))
    return most, least


def _told(now: Now, scale: "_Scale", weeks: int) -> dict[str, pl.DataFrame]:
    """What sites used, got and asked: cell (site and need), week (0 is the last seven days), pieces, days, ``empty``
    (whether the site had nothing in a part of them). Empty pieces are not known.
    """
    rows, week = _told_day_by_day(now, scale, weeks), _ago(now) // 7
    whole = pl.when(pl.col("pieces").null_count() == 0).then(pl.col("pieces").sum())
    # a repeated order says that a site still waits, not what it needs
    new = pl.when(pl.col("pieces").sum() > 0).then(pl.col("pieces").sum())
    sums = {"use": pl.col("pieces").sum(), "delivery": whole, "request": new}
    seven = pl.lit(7, pl.Int64)
    days = {"use": pl.col("days").sum(), "delivery": seven, "request": seven}
    nothing = _coded(used_while_empty(now), scale).select("cell", "day", empty=pl.lit(value=True))
    rows["use"] = rows["use"].join(nothing, on=["cell", "day"], how="left")
    empty = {"use": pl.col("empty").fill_null(False).any()}
    return {
        source: rows[source]
        .group_by("cell", week=week)
        .agg(pieces=sums[source], days=days[source], empty=empty.get(source, pl.lit(value=False)))
        for source in SOURCES
    }


def _told_day_by_day(now: Now, scale: "_Scale", weeks: int) -> dict[str, pl.DataFrame]:
    """The rows of use, deliveries and orders of these weeks, with their cell; orders less what still waits of earlier
    ones.
    """
    recent = (_ago(now) >= 0) & (_ago(now) < 7 * weeks)
    patience = int(now.policy.number("request_open_days", now.world.today))
    maybe_open = (_ago(now) >= 0) & (_ago(now) < 7 * weeks + patience)  # orders from before may still wait
    use = _coded(now.world.use.filter(recent & pl.col("pieces").is_not_null()), scale)
    sent = _coded(now.world.delivery.filter(maybe_open), scale)
    filled = sent.filter(pl.col("channel").is_in(list(FILL_ORDERS)) & pl.col("pieces").is_not_null())
    orders = _coded(now.request.filter(maybe_open & ~pl.col("double")), scale)
    asked = netted_orders(orders, filled, open_days=patience)
    return {"use": use, "delivery": sent.filter(recent), "request": asked.filter(recent)}


def _ago(now: Now) -> pl.Expr:
    """Days before today."""
    return (pl.lit(now.world.today) - pl.col("day")).dt.total_days()


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
    ago = _ago(now)
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
    not known, nor what it would have used in one in which it had nothing, where it used less than its norm.
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
    norm_use = np.full(pieces.shape, np.nan)
    norm_use[kept] = _norm_use(scale, site[kept], need[kept]) * days[kept]
    empty = np.zeros(pieces.shape, dtype=np.bool_)
    empty[pair, week] = rows["empty"].to_numpy()
    pieces[empty & (pieces < norm_use)] = np.nan
    known = kept[pair] & np.isfinite(pieces[pair, week])
    np.add.at(told, (cell[pair][known], week[known]), 1)
    return _Told(cell[kept], pieces[kept], norm_use[kept], told)


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
    for week in range(weeks):
        last = now.world.today - dt.timedelta(days=7 * week)
        for need, scarce in _published(now, last):
            if need in place:
                short[place[need], week] = np.fmax(short[place[need], week], float(scarce))
        for need, verdict in now.policy.in_force("verdict", last).select("need", "verdict").iter_rows():
            if need in place:
                short[place[need], week] = float(verdict in SHORTAGES)
    rows: Array = short[[place[need] for need in cells["need"]]]
    return rows


def _published(now: Now, last: dt.date) -> Iterator[tuple[str, bool]]:
    """Whether each need was scarce by the regimes published in the seven days to ``last`` and the newest before
    them.
    """
    regimes = now.world.past_regime.sort("known_at").select(
        "need", scarce=pl.col("effective") == "scarce", day=pl.col("known_at").dt.date()
    )
    began = pl.col("day") <= last - dt.timedelta(days=7)
    before = regimes.filter(began).group_by("need", maintain_order=True).last()
    within = regimes.filter(~began & (pl.col("day") <= last))
    yield from pl.concat([before, within]).select("need", "scarce").iter_rows()
