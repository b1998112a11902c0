"""The compiled sum of what sites use themselves in time, without an array for each of the goods; its plain twin stands
in the tests."""

# mypy: disable-error-code="untyped-decorator"

from typing import Any

import numba as nb
import numpy as np


# parameters: compiled code takes arrays, not an object that holds them
@nb.njit(cache=True, nogil=True)
def used(so_far: Any, site: Any, goods: Any) -> Any:
    """Pieces that sites use themselves in time, shape (places, paths).

    Parameters
    ----------
    so_far
        What a place uses until the beginning of each week and of the one after the last, shape (places, weeks + 1,
        paths).
    site
        place, part, pieces and the number of its first goods, shape (sites,) each; the last has one more, the end.
    goods
        Until which day they can be used, and the pieces at the site that end by then, shape (goods,) each.
    """
    place, part, pieces, first = site
    last, by_then = goods
    weeks, paths = so_far.shape[1] - 1, so_far.shape[2]
    total, lost = np.zeros((len(so_far), paths)), np.zeros(paths)
    for one in range(len(place)):
        here = so_far[place[one]]
        lost[:] = 0.0
        for good in range(first[one], first[one + 1]):
            days = min(max(last[good] + 1, 0), 7 * weeks)
            before, after, share = here[days // 7], here[min(days // 7 + 1, weeks)], (days % 7) / 7
            for path in range(paths):
                use = before[path] + (after[path] - before[path]) * share
                lost[path] = max(lost[path], by_then[good] - use * part[one])
        for path in range(paths):
            total[place[one], path] += pieces[one] - lost[path]
    return total
