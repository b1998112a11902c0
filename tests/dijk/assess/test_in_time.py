"""What sites use themselves in time: the compiled sum against its plain twin, which walks through the days."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dijk.assess.in_time import NO_END, AtSites, Goods
from dijk.tables import empty

WEEKS, PATHS, CELLS = 3, 2, 2


@st.composite
def sites(draw):
    """Sites of two cells, each with goods that end on some day or never."""
    made = []
    for _ in range(draw(st.integers(0, 5))):
        ends = draw(st.dictionaries(st.sampled_from([0, 1, 6, 7, 13, 20, 30, NO_END]), st.integers(0, 60), min_size=1))
        made.append((draw(st.integers(0, CELLS - 1)), draw(st.sampled_from([0.0, 0.25, 1.0])), sorted(ends.items())))
    return sorted(made, key=lambda site: site[0])


demands = st.lists(st.integers(0, 70), min_size=CELLS * PATHS * WEEKS, max_size=CELLS * PATHS * WEEKS)


def used_plainly(made, demand):
    """Day by day each site uses what ends first, as much as its part of the day's demand."""
    used = np.zeros((CELLS, PATHS))
    for cell, part, ends in made:
        for path in range(PATHS):
            left = [[last, float(pieces)] for last, pieces in ends]
            for day in range(7 * WEEKS):
                wanted = demand[cell, path, day // 7] / 7 * part
                for goods in left:
                    taken = min(wanted, goods[1]) if goods[0] >= day else 0.0
                    goods[1] -= taken
                    wanted -= taken
                    used[cell, path] += taken
    return used


def in_arrays(made):
    goods = [ends for _, _, ends in made]
    by_then = [np.cumsum([pieces for _, pieces in ends], dtype=float) for ends in goods]
    return AtSites(
        place=np.array([cell for cell, _, _ in made], dtype=np.int64),
        part=np.array([part for _, part, _ in made], dtype=float),
        pieces=np.array([total[-1] for total in by_then], dtype=float),
        first=np.cumsum([0, *map(len, goods)]).astype(np.int64),
        last=np.array([last for ends in goods for last, _ in ends], dtype=np.int64),
        by_then=np.concatenate([*by_then, np.zeros(0)]),
    )


@given(sites(), demands)
def test_the_compiled_sum_is_what_days_lived_through_use(made, numbers):
    demand = np.array(numbers, dtype=float).reshape(CELLS, PATHS, WEEKS)
    goods = Goods({"mask": in_arrays(made)}, empty("inbound"), CELLS)
    np.testing.assert_allclose(goods.used_at_sites("mask", demand), used_plainly(made, demand), atol=1e-9)
    assert not goods.used_at_sites("gown", demand).any()
