"""The compiled walk of stock through the days; `dijk.assess.run_out.simulate_plainly` is its twin."""

# mypy: disable-error-code="untyped-decorator"

import numpy as np
import numpy.typing as npt
from numba import njit

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


# parameters: compiled code takes arrays, not an object that holds them
@njit(cache=True)
def simulate(
    stock: Array, demand: Array, first: Indices, arrival_day: Indices, pieces: Array, ends: Indices
) -> tuple[Array, Array]:  # pragma: no cover - compiled
    """Walk through the days of each path.

    Returns
    -------
    Day on which stock ends, with the part of the day, shape (cells, paths), inf where it does not; and the mean over
    paths of the deepest shortage before each of ``ends``, pieces, shape (cells, marks).
    """
    cells, paths, weeks = demand.shape
    day_out, depth = np.full((cells, paths), np.inf), np.zeros((cells, len(ends)))
    came, awaited = np.zeros(weeks * 7), np.zeros(weeks, dtype=np.bool_)
    for cell in range(cells):
        for path in range(paths):
            for line in range(first[cell], first[cell + 1]):
                if 0 <= arrival_day[line, path] < weeks * 7:
                    came[arrival_day[line, path]] += pieces[line]
                    awaited[arrival_day[line, path] // 7] = True
            level, deepest, mark = stock[cell, path], 0.0, 0
            for week in range(weeks):
                wanted = demand[cell, path, week]
                if level >= wanted and not awaited[week]:
                    level -= wanted  # the whole week at once: nothing comes, nothing ends
                else:
                    level, lowest, day = walk(level, wanted / 7.0, came[week * 7 : week * 7 + 7], stock[cell, path])
                    deepest = max(deepest, -lowest)
                    day_out[cell, path] = min(day_out[cell, path], week * 7 + day)
                    awaited[week] = False
                while mark < len(ends) and (week + 1) * 7 == ends[mark]:
                    depth[cell, mark] += deepest / paths
                    mark += 1
    return day_out, depth


@njit(cache=True)
def walk(
    level: float, use: float, came: Array, stock: float
) -> tuple[float, float, float]:  # pragma: no cover - compiled
    """Walk through a week: level at its end, lowest level, and the moment in it when stock ended (inf: it did not).

    Clears ``came``. A level that is negative by rounding alone is no shortage.
    """
    lowest, day_out = level, np.inf
    for day in range(7):
        level += came[day] - use
        came[day] = 0.0
        lowest = min(lowest, level)
        if level < -1e-9 * (1.0 + stock) and day_out == np.inf:
            day_out = day + 1.0 + level / use if level > -use else float(day)
    return level, lowest, day_out
