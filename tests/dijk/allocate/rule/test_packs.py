"""Whole packs to the lowest cover: against dealing them one by one, against Adams, and the kernel against NumPy."""

import hashlib
import heapq
import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import apportionment as apportion
from dijk.allocate.rule import fill as filling
from dijk.allocate.rule import packs
from dijk.allocate.rule.fill import MICRO, Problems
from dijk.allocate.rule.packs import Dealt, Takers, deal, deal_plainly, lot, settle_ties
from division_cases import QUICK, Case, cases, floats, many


def problem(case: Case) -> tuple[Problems, np.ndarray, np.ndarray]:
    c = case.claimants
    offsets = np.array([0, len(c)], dtype=np.int64)
    return Problems(offsets, c.norm_use, c.on_hand, c.floor, c.ceiling), np.array([case.pack]), np.array([case.packs])


def one_by_one(case: Case) -> list[int]:
    """The rule as it is told: everyone the least, then each next pack to the lowest cover, equal covers in order."""
    c, q = case.claimants, case.pack
    given = [int(f) // q for f in c.floor]
    line = [
        ((s + g * q) * MICRO / w, o, i)
        for i, (s, g, w, o) in enumerate(zip(c.on_hand, given, c.norm_use, c.order, strict=True))
    ]
    heapq.heapify(line)
    left = case.packs - sum(given)
    while left > 0 and line:
        _, order, i = heapq.heappop(line)
        if given[i] * q < c.ceiling[i]:
            given[i] += 1
            left -= 1
            heapq.heappush(line, ((c.on_hand[i] + given[i] * q) * MICRO / c.norm_use[i], order, i))
    return given


@QUICK
@given(cases(tiers=1))
def test_packs_are_those_of_dealing_them_one_by_one(case: Case) -> None:
    division, pack, supply = problem(case)
    settled = settle_ties(deal(division, pack, supply), division.offsets, case.claimants.order)
    assert settled.packs.tolist() == one_by_one(case)


@QUICK
@given(cases(tiers=1))
def test_the_kernel_deals_the_same_packs_as_numpy(case: Case) -> None:
    assert same(compiled(*problem(case)), deal_plainly(*problem(case)))


@QUICK
@given(cases(tiers=1))
def test_few_packs_side_by_side_are_dealt_as_many_are_by_halving(case: Case) -> None:
    beside = deal_plainly(*problem(case))
    with mock.patch.object(packs, "MOST_SIDE_BY_SIDE", -1):
        assert same(beside, deal_plainly(*problem(case)))


def test_the_kernel_deals_the_same_packs_as_numpy_on_many_thousands() -> None:
    division, supply = many(20_000, 3, seed=8)
    each = 20.0
    least = np.ceil(division.least / each) * each
    most = np.maximum(least, np.ceil(division.most / each) * each)
    in_packs = Problems(division.offsets, division.norm_use, division.on_hand, least, most)
    arguments = in_packs, np.full(3, 20), (supply // 20).astype(np.int64)
    assert same(compiled(*arguments), deal_plainly(*arguments))


@pytest.mark.parametrize("pack", [49, 98, 103, 107, 161, 187])  # of these, pack * (1 / pack) rounds to less than 1
def test_the_kernel_deals_the_same_packs_where_a_pack_times_its_inverse_is_not_one(pack: int) -> None:
    random = np.random.default_rng(pack)
    for _ in range(60):
        n = int(random.integers(2, 60))
        least = random.integers(0, 4, n)
        most = least + random.integers(0, 4, n)
        stock = random.integers(0, 3, n) * pack
        limits = floats(list(stock)), floats(list(least * pack)), floats(list(most * pack))
        division = Problems(np.array([0, n]), floats(list(random.integers(1, 5, n))) * MICRO, *limits)
        arguments = division, np.array([pack]), random.integers(least.sum(), most.sum() + 1, 1)
        assert same(compiled(*arguments), deal_plainly(*arguments))


@pytest.mark.parametrize(("votes", "seats"), [((5117, 4400, 162, 161, 160), 100), ((9061, 7179, 5259, 3319, 1182), 26)])
def test_without_stock_it_is_the_apportionment_of_adams(votes: tuple[int, ...], seats: int) -> None:
    n = len(votes)
    division = Problems(
        np.array([0, n]), floats(list(votes)) * MICRO, floats([0] * n), floats([0] * n), floats([seats] * n)
    )
    dealt = settle_ties(deal(division, np.array([1]), np.array([seats])), division.offsets, np.arange(n))
    assert dealt.packs.tolist() == apportion.adams(votes, seats)


HARD = [
    (w, s, q, n) for w in (37, 1_234_567, 98_765_433) for s in (0, 3, 1_001) for q in (1, 7, 50) for n in (0, 1, 2, 999)
]
"""Norm use in millionths, stock, pieces in a pack, packs."""
HARD += [(94_126, 9, 420, 5835), (303_684_053, 17, 233, 4852), (95_356_401, 895_782, 175, 9943)]
"""In these the way back from the cover to the packs rounds to a pack less."""


@pytest.mark.parametrize("counted", ["below", "at_or_below", "kernel"])
def test_packs_are_counted_right_at_the_very_cover_of_a_pack_and_beside_it(counted: str) -> None:
    """One division a pack decides, so a count must be right to the last bit."""
    from dijk.allocate.rule._packs_kernel import packs_until

    for w, s, q, n in HARD:
        covers = [(s + k * q) * MICRO / w for k in range(n + 3)]
        for days in (math.nextafter(covers[n], 0), covers[n], math.nextafter(covers[n], math.inf)):
            takers = Takers(floats([w]), floats([s]), float(q), np.array([0]), np.array([n + 2]))
            if counted == "kernel":
                found, right = (
                    packs_until.py_func(float(w), float(s), float(q), 0.0, float(n + 2), days),
                    bisect_right(covers, days),
                )
            elif counted == "below":
                found, right = packs.below(takers, days)[0], bisect_left(covers, days)
            else:
                found, right = packs.at_or_below(takers, days)[0], bisect_right(covers, days)
            assert found == min(n + 2, right), (w, s, q, n, days)


def test_a_tie_is_settled_by_the_order_and_not_by_the_place_in_the_table() -> None:
    division = Problems(
        np.array([0, 3]), floats([2, 2, 2]) * MICRO, floats([4, 4, 4]), floats([0, 0, 0]), floats([9, 9, 9])
    )
    dealt = deal(division, np.array([1]), np.array([2]))
    assert (dealt.left[0], dealt.tied.tolist()) == (2, [True, True, True])
    assert settle_ties(dealt, division.offsets, np.array([2, 0, 1])).packs.tolist() == [0, 1, 1]


@given(st.integers(0, 2**31), st.text("abc_", min_size=1, max_size=8))
@QUICK
def test_a_lot_can_be_drawn_again_with_any_sha256(seed: int, word: str) -> None:
    assert lot(seed, [word]) == int(hashlib.sha256(f"{seed} {word}".encode()).hexdigest()[:15], 16)


def compiled(division: Problems, pack: np.ndarray, supply: np.ndarray) -> Dealt:
    """What `deal` gives when there is enough to do for the kernel."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filling, "WORTH_COMPILING", 0)
        return deal(division, pack, supply)


def same(a: Dealt, b: Dealt) -> bool:
    pairs = [(a.packs, b.packs), (a.marginal_days, b.marginal_days), (a.left, b.left), (a.tied, b.tied)]
    return all(np.array_equal(x, y, equal_nan=x.dtype == float) for x, y in pairs)


Dealing = Callable[[Problems, np.ndarray, np.ndarray], Dealt]
BOTH = pytest.mark.parametrize("dealing", [deal, compiled], ids=["numpy", "kernel"])


@BOTH
def test_limits_that_are_no_whole_packs_are_refused(dealing: Dealing) -> None:
    division = Problems(np.array([0, 1]), floats([MICRO]), floats([0]), floats([0]), floats([7]))
    with pytest.raises(ValueError, match="whole packs of 5"):
        dealing(division, np.array([5]), np.array([1]))


@BOTH
def test_more_pieces_than_a_cover_can_be_reckoned_from_are_refused(dealing: Dealing) -> None:
    division = Problems(np.array([0, 1]), floats([MICRO]), floats([packs.MOST_IN_PLAY]), floats([0]), floats([5]))
    with pytest.raises(ValueError, match="at or below"):
        dealing(division, np.array([5]), np.array([1]))
