"""Running out: stock and inbound against sample paths of demand, day by day.

The kernel is compiled; `simulate_plainly` is its twin in plain NumPy, the reference of the tests and what to
fall back on where numba is not to be had.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

NEVER = -1  # arrival day of what does not come within the horizon
MARKS = (2, 4, 8)  # weeks by which the chance is asked


@dataclass(frozen=True)
class Inbound:
    """Lines on their way, the lines of one cell together and cells ascending."""

    cell: Indices  # (lines,)
    arrival_day: Indices  # (lines, paths), 0 is today, NEVER for what does not come
    pieces: Array  # (lines,)

    def times(self, part: Array) -> "Inbound":
        """The same lines with so much of their pieces as their cell has a part in; shape of ``part``: (cells,)."""
        return replace(self, pieces=self.pieces * part[self.cell])


@dataclass(frozen=True)
class RunOut:
    """When stock ends. The arrays are NaN for a cell whose stock is not known."""

    chance: Array  # (cells, marks), share of paths on which stock ends before the mark
    day: Array  # (cells, 3), day of running out at 10, 50 and 90 %; inf: not within the horizon
    shortfall: Array  # (cells, marks), pieces, mean over paths of the deepest shortage before the mark


def nothing_inbound(paths: int) -> Inbound:
    """Give the inbound of a world where nothing is on its way."""
    return Inbound(np.zeros(0, dtype=np.int64), np.zeros((0, paths), dtype=np.int64), np.zeros(0))


def run_out(stock: Array, demand: Array, inbound: Inbound | None = None, *, marks: tuple[int, ...] = MARKS) -> RunOut:
    """Live through each path of demand with the stock there is and what comes in.

    Demand of a week is spread evenly over its seven days; what arrives on a day can be used that day. What could not
    be given stays wanted, so a shortage deepens until something arrives.

    Parameters
    ----------
    stock
        Pieces that can be given out now, shape (cells,), or (cells, paths) where each path has its own; NaN is unknown
        and gives NaN, see `run_out_bounds`.
    demand
        Pieces a week, shape (cells, paths, weeks), 0 or more.
    marks
        Weeks, ascending; a mark beyond the horizon is judged at the horizon.

    Returns
    -------
    Chances, days and depths; see `RunOut`. With nothing inbound and constant demand the day is stock over use per day,
    the answer of a burn-rate calculator.

    Raises
    ------
    ValueError
        When shapes do not fit, or stock or demand is negative, or demand is missing.

    Examples
    --------
    Stock of 21 at a use of 14 a week, and stock that nobody knows; the chance within one and two weeks:

    >>> found = run_out(np.array([21.0, np.nan]), np.full((2, 1, 4), 14.0), marks=(1, 2))
    >>> found.day[0].tolist(), found.chance.tolist(), found.shortfall[0].tolist()
    ([10.5, 10.5, 10.5], [[0.0, 1.0], [nan, nan]], [0.0, 7.0])
    """
    _refuse_bad_input(stock, demand)
    lines = inbound or nothing_inbound(demand.shape[1])
    first = np.searchsorted(lines.cell, np.arange(len(stock) + 1)).astype(np.int64)
    ends = np.minimum(np.array(marks, dtype=np.int64), demand.shape[2]) * 7
    held = np.ascontiguousarray(np.broadcast_to(stock.reshape(len(stock), -1), demand.shape[:2]))
    known = ~np.isnan(held).any(axis=1)
    from dijk.assess._run_out_kernel import simulate  # here, because numba takes two seconds to load

    day, depth = simulate(np.nan_to_num(held), demand, first, lines.arrival_day, lines.pieces, ends)
    chance = (day[:, None, :] < ends[None, :, None]).mean(axis=2)
    # the day at which a tenth, half, nine tenths of the paths have run out; no path between two is made up
    quantiles = np.quantile(day, [0.1, 0.5, 0.9], axis=1, method="inverted_cdf").T
    unknown = np.where(known, 0.0, np.nan)[:, None]
    return RunOut(chance + unknown, quantiles + unknown, depth + unknown)


def run_out_bounds(
    least: Array, most: Array, demand: Array, inbound: Inbound | None = None, *, marks: tuple[int, ...] = MARKS
) -> tuple[RunOut, RunOut]:
    """Give the outcome with the most and with the least stock that there may be: best case, then worst case.

    The chance of running out lies between the two. A ``most`` of infinity is allowed: nobody knows an upper bound.

    Raises
    ------
    ValueError
        As for `run_out`.

    Examples
    --------
    >>> best, worst = run_out_bounds(np.array([0.0]), np.array([np.inf]), np.full((1, 1, 4), 14.0), marks=(2,))
    >>> best.chance.item(), worst.chance.item()
    (0.0, 1.0)
    """
    ample = float(np.nansum(demand)) + 1.0  # more than anything can use
    return run_out(np.minimum(most, ample), demand, inbound, marks=marks), run_out(least, demand, inbound, marks=marks)


def arrival_days(due_day: Indices, lateness: Array, draws: Array, *, cancel: float, reject: float) -> Indices:
    """Draw when each line arrives, given that some are late already.

    Parameters
    ----------
    due_day
        Day it was promised, 0 is today, negative is overdue; shape (lines,).
    lateness
        Days late of past lines, 0 for those in time, whole days, shape (past,), any order, at least one.
    draws
        Uniform numbers, shape (lines, paths, 2): when, and whether at all.
    cancel, reject
        Chance that a line never comes, and that it comes and fails the quality check; each from 0 to 1.

    Returns
    -------
    Day of arrival, shape (lines, paths). A line that is late for d days draws from the past lines that were later than
    d; one later than all of these is not counted on: NEVER.

    Raises
    ------
    ValueError
        No past line, or one that came before its day.

    Examples
    --------
    Of three past lines one was in time and two were late; a line that is three days late already can only be as late as
    the last.

    >>> days = arrival_days(np.array([5, -3]), np.array([0, 2, 9]), np.full((2, 1, 2), 0.5), cancel=0, reject=0)
    >>> days.tolist()
    [[7], [6]]
    """
    past, below = _later_still(due_day, lateness)
    left = len(past) - below
    place = below[:, None] + np.floor(draws[:, :, 0] * left[:, None]).astype(np.int64)
    day = due_day[:, None] + past[np.minimum(place, len(past) - 1)].astype(np.int64)
    comes = (draws[:, :, 1] >= cancel + (1.0 - cancel) * reject) & (left[:, None] > 0)
    return np.where(comes, np.maximum(day, 0), NEVER)


# parameters: those of `arrival_days`, of which it is the sum over all draws
def arrival_chance(due_day: Indices, lateness: Array, before: Indices, *, cancel: float, reject: float) -> Array:
    """Give the share of draws of `arrival_days` in which each line arrives before a day, shape (lines,).

    Parameters
    ----------
    before
        Day before which it must come, 0 is today; shape (lines,).
    """
    past, below = _later_still(due_day, lateness)
    in_time = np.searchsorted(past, before - due_day, side="left")
    share = np.maximum(in_time - below, 0) / np.maximum(len(past) - below, 1)
    return np.asarray(share * (1.0 - cancel) * (1.0 - reject))


# parameters: those of `arrival_days`, of which it tells the draws that come
def arrival_marks(due_day: Indices, lateness: Array, shares: tuple[float, ...]) -> Indices:
    """Give the day by which a share of past lines as late as each line already is had come.

    Parameters
    ----------
    shares
        Above 0, at most 1.

    Returns
    -------
    Days, 0 is today, shape (lines, shares). Each is a day on which a past line would have come, none between two; NEVER
    for a line that is later than all of these.

    Examples
    --------
    Of three past lines one was in time; a line that is three days late already can only be as late as the last.

    >>> arrival_marks(np.array([5, -3, -10]), np.array([0, 2, 9]), (0.5, 0.9)).tolist()
    [[7, 14], [6, 6], [-1, -1]]
    """
    past, below = _later_still(due_day, lateness)
    left = (len(past) - below)[:, None]
    place = below[:, None] + np.ceil(left * np.array(shares) - 1e-9).astype(np.int64) - 1
    day = due_day[:, None] + past[np.clip(place, 0, len(past) - 1)].astype(np.int64)
    return np.where(left > 0, np.maximum(day, 0), NEVER)


def _later_still(due_day: Indices, lateness: Array) -> tuple[Array, Indices]:
    """The lateness of past lines, sorted, and for each line how many of these it has outlived already."""
    past = np.sort(lateness)
    if not len(past) or past[0] < 0:
        raise ValueError("want the lateness of at least one past line, in days, 0 for in time")
    late_so_far = -due_day  # a line due today may still be in time
    return past, np.where(late_so_far > 0, np.searchsorted(past, late_so_far, side="left"), 0)


def burn_rate(counts: Array, receipts: Array) -> float:
    """Give the mean use a day from daily counts: yesterday's stock plus receipts less today's stock.

    Parameters
    ----------
    counts
        Stock at the end of consecutive days, pieces, shape (days,), two or more, none missing.
    receipts
        Received on each day after the first, pieces, shape (days - 1,).

    Returns
    -------
    Pieces a day. Stock over this is the days left.

    Raises
    ------
    ValueError
        Fewer than two counts, or not a receipt for each day between them.

    Source
    ------
    CDC / NIOSH PPE burn rate calculator (2020).

    Examples
    --------
    >>> burn_rate(np.array([100, 80, 90]), np.array([0, 25]))
    17.5
    """
    if len(counts) < 2 or len(receipts) != len(counts) - 1:
        raise ValueError(
            f"want two or more counts and a receipt for each day between, got {len(counts)} and {len(receipts)}"
        )
    return float((counts[:-1] + receipts - counts[1:]).mean())


# parameters: the arrays of the kernel, whose twin it is
def simulate_plainly(
    stock: Array, demand: Array, first: Indices, arrival_day: Indices, pieces: Array, ends: Indices
) -> tuple[Array, Array]:
    """Do what the kernel does, a cell at a time; see `dijk.assess._run_out_kernel`."""
    cells, paths, weeks = demand.shape
    days = weeks * 7
    day_out, depth = np.full((cells, paths), np.inf), np.zeros((cells, len(ends)))
    for cell in range(cells):
        came = np.zeros((paths, days))
        for line in range(first[cell], first[cell + 1]):
            inside = (arrival_day[line] >= 0) & (arrival_day[line] < days)
            np.add.at(came, (np.flatnonzero(inside), arrival_day[line][inside]), pieces[line])
        use = np.repeat(demand[cell] / 7.0, 7, axis=1)
        level = stock[cell][:, None] + np.cumsum(came, axis=1) - np.cumsum(use, axis=1)
        short = level < -1e-9 * (1.0 + stock[cell][:, None])
        path = np.flatnonzero(short.any(axis=1))
        day = short[path].argmax(axis=1)
        day_out[cell, path] = day + 1.0 + level[path, day] / use[path, day]
        for mark, end in enumerate(ends):
            depth[cell, mark] = np.maximum(-level[:, :end].min(axis=1), 0.0).mean()
    return day_out, depth


def _refuse_bad_input(stock: Array, demand: Array) -> None:
    if demand.ndim != 3 or len(stock) != len(demand) or demand.shape[2] < 1:
        wanted = "demand of shape (cells, paths, weeks) with a cell for each stock"
        raise ValueError(f"want {wanted}; got {demand.shape} and {stock.shape}")
    if np.any(stock < 0) or not np.all(demand >= 0):
        raise ValueError("want stock of 0 or more (NaN if unknown) and demand of 0 or more in every week")
