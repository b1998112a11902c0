"""The newest weeks of a series: how its source revises them, and where they will end up."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

FINAL_AFTER_WEEKS = 4  # a figure this old is taken as final
LEAST_PAST = 8  # weeks of revisions, before they are trusted


@dataclass(frozen=True)
class Revision:
    """What a source does to its newest weeks: final over first, by age in weeks."""

    factor: Array  # (ages,), 1 where revisions do not matter
    spread: Array  # (ages,), half the width of the middle 70 % of the log of final over first, 0 where factor is 1


def revision(at_age: Array, final: Array, *, matters_above: float = 0.15) -> Revision:
    """Learn from past weeks how far a source's newest figures are off.

    Parameters
    ----------
    at_age
        The figure of each past week as it was known when it was 0, 1, ... weeks old, shape (ages, weeks); NaN where it
        was not there yet.
    final
        The figure of these weeks as known now, shape (weeks,); NaN where it is not final yet.
    matters_above
        A correction is made only where all but this share of past corrections went the same way.

    Returns
    -------
    Median of final over first (of 1 + count), and its spread. With fewer than ``LEAST_PAST`` weeks: no correction.
    """
    ratio = np.log1p(final)[None, :] - np.log1p(at_age)
    factor, spread = np.ones(len(at_age)), np.zeros(len(at_age))
    for age, row in enumerate(ratio):
        seen = row[~np.isnan(row)]
        if len(seen) < LEAST_PAST:
            continue
        low, middle, high = np.quantile(seen, [matters_above, 0.5, 1.0 - matters_above])
        if low > 0 or high < 0:
            factor[age], spread[age] = np.exp(middle), (high - low) / 2.0
    return Revision(factor, spread)


def nowcast(counts: Array, revisions: list[Revision]) -> Array:
    """Raise or lower the newest weeks to where the source usually ends up.

    Parameters
    ----------
    counts
        Weekly figures as known now, shape (series, weeks), newest last; NaN missing stays missing.
    revisions
        One for each series.

    Returns
    -------
    Same shape; weeks older than a source's revisions reach are left as they are.

    Examples
    --------
    >>> halved = Revision(factor=np.array([2.0]), spread=np.array([0.1]))  # first told at half of what comes
    >>> nowcast(np.array([[100.0, 49.0]]), [halved]).tolist()
    [[100.0, 99.0]]
    """
    better = counts.copy()
    for row, one in enumerate(revisions):
        for age, factor in enumerate(one.factor[: counts.shape[1]]):
            better[row, -1 - age] = np.maximum((1.0 + counts[row, -1 - age]) * factor - 1.0, 0.0)
    return better
