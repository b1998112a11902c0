"""When open orders arrive: what is promised, and how late lines have been, those that are late already among them."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijk.assess.in_time import NO_END, used_until
from dijk.assess.run_out import NEVER, Inbound, arrival_chance, arrival_days, arrival_marks, nothing_inbound
from dijk.forecast.streams import random_stream
from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.present.ends import accepted_until
from dijk.present.inbound import open_lines
from dijk.present.now import Now
from dijk.tables import ALL

PRIOR_LINES = 20
"""What the policy says of lateness weighs as much as so many lines of our own."""

LEARNT = {"learnt_middle": 0.5, "learnt_late": 0.9}
"""The days that are learnt of a line, with the share of past lines that had come by then."""


def expected_lines(now: Now) -> pl.DataFrame:
    """Open order lines with an expected day: need, to_site, open_pieces, name, due and last (days from today), and the
    policy's ``Rules`` for its need.

    ``last`` is the last day on which the article is accepted, ``NO_END`` where that is open.
    """
    lines = open_lines(now).filter(pl.col("expected").is_not_null())
    until = accepted_until(now.policy, now.world.today).select("product", "until")
    lines = lines.with_columns(**_rules_of(now.policy, now.world, lines))
    return lines.join(until, on="product", how="left", maintain_order="left").select(
        "need",
        "to_site",
        "open_pieces",
        *Rules._fields,
        name=pl.format("{}/{}", "order", "line"),
        due=(pl.col("expected") - now.world.today).dt.total_days(),
        last=(pl.col("until") - now.world.today).dt.total_days().fill_null(NO_END),
    )


def drawn_arrivals(now: Now, lines: pl.DataFrame, paths: int, *, seed: int) -> Inbound:
    """Draw when lines arrive, all at the first cell; a line without an expected day is not counted on.

    The numbers are keyed by the line, so a line arrives on the same days wherever it is counted.
    """
    if lines.height == 0:
        return nothing_inbound(paths)
    draws = np.stack([random_stream(seed, "arrivals", name).random((paths, 2)) for name in lines["name"]])
    days = np.zeros((lines.height, paths), dtype=np.int64)
    for rules, here in _by_rules(lines):
        due, late = lines["due"].to_numpy()[here], _lateness(now.world, rules)
        days[here] = arrival_days(due, late, draws[here], cancel=rules.cancel_share, reject=rules.reject_share)
    return Inbound(np.zeros(lines.height, dtype=np.int64), days, lines["open_pieces"].cast(pl.Float64).to_numpy())


def expected_arrivals(now: Now, lines: pl.DataFrame, demand: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pieces of each line that may be counted on, and are of use, within the weeks of ``demand``: the mean of what
    ``drawn_arrivals`` and ``in_time`` give.

    Parameters
    ----------
    demand
        Pieces a week of the nation, shape (paths, weeks).
    """
    before = np.minimum(lines["last"].to_numpy() + 1, 7 * demand.shape[1])
    chance = np.zeros(lines.height)
    for rules, here in _by_rules(lines):
        due, late = lines["due"].to_numpy()[here], _lateness(now.world, rules)
        chance[here] = arrival_chance(due, late, before[here], cancel=rules.cancel_share, reject=rules.reject_share)
    of_use: NDArray[np.float64] = np.minimum(lines["open_pieces"].to_numpy(), _room(lines, demand))
    return chance * of_use


def in_time(lines: pl.DataFrame, coming: Inbound, demand: NDArray[np.float64]) -> Inbound:
    """The arrivals of lines whose article is accepted to a day only, as far as they are of use: those before that day,
    with the pieces that the nation uses between the day they are due and that day.

    Parameters
    ----------
    demand
        Pieces a week of the nation, shape (paths, weeks).
    """
    last = lines["last"].to_numpy()
    day = np.where(coming.arrival_day > last[:, None], NEVER, coming.arrival_day)
    return Inbound(coming.cell, day, np.minimum(coming.pieces, _room(lines, demand)))


def _room(lines: pl.DataFrame, demand: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the nation uses, on average over the paths, from the day each line is due to its last day; no limit where
    that is open.
    """
    nobody = np.zeros(lines.height, np.int64)
    due, last = np.maximum(lines["due"].to_numpy(), 0), lines["last"].to_numpy()
    use = demand.mean(axis=0)[None, None]
    room = (used_until(use, nobody, last) - used_until(use, nobody, due - 1))[:, 0]
    return np.where(last < NO_END, np.maximum(room, 0.0), np.inf)


def arriving_at(coming: Inbound, cells: NDArray[np.int64]) -> Inbound:
    """The same arrivals, each at a cell of its own; those at a cell below 0 are left out. Shape of ``cells``:
    (lines,).
    """
    order = np.argsort(cells, kind="stable")
    order = order[cells[order] >= 0]
    return Inbound(cells[order], coming.arrival_day[order], coming.pieces[order])


def learnt_days(world: Inputs, policy: Policy, lines: pl.DataFrame) -> pl.DataFrame:
    """Add to order lines the days by which lines as late as these had come: half of them by ``learnt_middle``, nine in
    ten by ``learnt_late``. Lines that never came, or were rejected, are not among them.

    Unknown where no day is expected, and where the line is later already than every line before it: then it is not
    counted on. Of an article that no need accepts, the rules of all needs count.
    """
    known = lines.filter(pl.col("expected").is_not_null()).select("order", "line", "need", "expected")
    due = (pl.col("expected") - world.today).dt.total_days()
    known = known.with_columns(pl.col("need").fill_null(ALL), due=due)
    known = known.with_columns(**_rules_of(policy, world, known))
    days = np.zeros((known.height, len(LEARNT)), dtype=np.int64)
    for rules, here in _by_rules(known):
        days[here] = arrival_marks(known["due"].to_numpy()[here], _lateness(world, rules), tuple(LEARNT.values()))
    told = pl.DataFrame(days, schema=dict.fromkeys(LEARNT, pl.Int64)).select(
        pl.when(pl.col(name) != NEVER).then(world.today + pl.duration(days=name)).alias(name) for name in LEARNT
    )
    learnt = pl.concat([known.select("order", "line"), told], how="horizontal")
    return lines.join(learnt, on=["order", "line"], how="left", maintain_order="left")


def _rules_of(policy: Policy, world: Inputs, rows: pl.DataFrame) -> dict[str, pl.Series]:
    return {rule: policy.numbers(rule, world.today, rows.select("need")) for rule in Rules._fields}


class Rules(NamedTuple):
    """What policy says of the lines of a need: days, and shares 0-1. Named as the rules are."""

    lateness_median_days: float
    late_share: float
    cancel_share: float
    reject_share: float


def _by_rules(lines: pl.DataFrame) -> Iterator[tuple[Rules, NDArray[np.int64]]]:
    """Places of the lines for which the same rules hold; nearly always all of them."""
    for values, part in lines.select(Rules._fields).with_row_index("at").group_by(Rules._fields, maintain_order=True):
        yield Rules(*map(float, values)), part["at"].cast(pl.Int64).to_numpy()


def _lateness(world: Inputs, rules: Rules) -> NDArray[np.float64]:
    """Days late of past lines: those received so far, and besides them the policy's shares as ``PRIOR_LINES`` more.

    A line's lateness is the day on which it was known to be received, less the day on which it was expected.
    """
    place = (np.arange(PRIOR_LINES) + 0.5) / PRIOR_LINES
    on_time = 1 - rules.late_share
    tail = np.clip((1 - place) / max(1 - on_time, 1e-9), 1e-9, 1)  # the part of the late lines that is later still
    prior = np.round(-np.log2(tail) * rules.lateness_median_days) * (place >= on_time)
    came = world.inbound.filter((pl.col("state") == "received") & pl.col("expected").is_not_null())
    late = came.select(
        (pl.col("known_at").dt.date() - pl.col("expected")).dt.total_days().clip(lower_bound=0)
    ).to_series()
    return np.concatenate([prior, late.cast(pl.Float64).to_numpy()])
