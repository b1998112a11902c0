"""Recipients on articles in whole packs: never more unmet than has to be, beside every arrangement tried one by one."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dijk.allocate.rule import fit as fitting
from dijk.allocate.rule.fit import fit, unmet
from division_cases import QUICK

Whole = NDArray[np.int64]
Group = tuple[Whole, Whole, NDArray[np.bool_], Whole, Whole]


@st.composite
def groups(draw: st.DrawFn, *, recipients: int = 5) -> Group:
    """Recipients that claim some pieces, articles in packs of several sizes, who accepts what, and a first choice."""
    n, m = draw(st.integers(1, recipients)), draw(st.integers(1, 3))
    pieces = np.array(draw(st.lists(st.integers(0, 40), min_size=n, max_size=n)))
    pack = np.array(draw(st.lists(st.sampled_from([1, 4, 5, 10]), min_size=m, max_size=m)))
    wants = -(-pieces[:, None] // pack)
    accepts = np.array(draw(st.lists(st.lists(st.booleans(), min_size=m, max_size=m), min_size=n, max_size=n)))
    first = np.array([draw(st.sampled_from([-1, *np.flatnonzero(row).tolist()])) for row in accepts])
    supply = np.array(draw(st.lists(st.integers(0, 60), min_size=m, max_size=m))) // pack
    return first.astype(np.int64), wants, accepts, pack, supply


def fitted(group: Group) -> Whole:
    first, wants, accepts, pack, supply = group
    return fit(first, wants, accepts=accepts, pack=pack, supply=supply)


def least_unmet(group: Group) -> int:
    """By trying every arrangement, in plain Python."""
    first, wants, accepts, pack, supply = group
    open_to = [np.flatnonzero(row).tolist() if a >= 0 else [-1] for a, row in zip(first, accepts, strict=True)]
    found = []
    for chosen in product(*open_to):
        load = [sum(int(wants[r, a]) for r, a in enumerate(chosen) if a == b) for b in range(len(pack))]
        found.append(sum(max(0, n - s) * q for n, s, q in zip(load, supply.tolist(), pack.tolist(), strict=True)))
    return int(min(found))


def idle(article: Whole, wants: Whole, supply: Whole) -> Whole:
    """Packs of each article that nobody takes."""
    load = np.zeros(len(supply), dtype=np.int64)
    np.add.at(load, article[article >= 0], wants[article >= 0, article[article >= 0]])
    return np.maximum(0, supply - load)


@settings(QUICK, max_examples=300)
@given(groups())
def test_where_a_pack_lies_idle_no_arrangement_leaves_less_unmet(group: Group) -> None:
    _, wants, _, pack, supply = group
    after = fitted(group)
    least = least_unmet(group)
    assert unmet(after, wants, pack=pack, supply=supply) == least or not idle(after, wants, supply).any()
    assert least > 0 or not unmet(after, wants, pack=pack, supply=supply)  # enough for all: all are met


@QUICK
@given(groups())
def test_everyone_keeps_an_article_that_it_accepts_and_who_had_none_has_none(group: Group) -> None:
    first, _, accepts, _, _ = group
    after = fitted(group)
    assert ((after < 0) == (first < 0)).all()
    assert all(accepts[r, a] for r, a in enumerate(after) if a >= 0)


@QUICK
@given(groups())
def test_nobody_moves_where_nothing_is_short_or_nothing_left_over(group: Group) -> None:
    first, wants, _, _, supply = group
    short = unmet(first, wants, pack=np.ones_like(supply), supply=supply)
    if not short or not idle(first, wants, supply).any():
        assert (fitted(group) == first).all()


@QUICK
@given(groups(recipients=40))
def test_no_pack_lies_idle_that_a_move_could_bring_to_somebody_who_is_short(group: Group) -> None:
    """With many recipients too, where not every arrangement is weighed."""
    _, wants, accepts, pack, supply = group
    after = fitted(group)
    now = unmet(after, wants, pack=pack, supply=supply)
    for r, a in product(range(len(after)), np.flatnonzero(idle(after, wants, supply))):
        if after[r] >= 0 and accepts[r, a]:
            moved = after.copy()
            moved[r] = a
            assert unmet(moved, wants, pack=pack, supply=supply) >= now


def test_enough_for_all_is_found_where_nothing_lies_idle_but_packs_are_filled_badly() -> None:
    """One piece out of a pack of ten, while who wants ten is short of nine."""
    wants, pack, supply = np.array([[1, 1], [1, 10]]), np.array([10, 1]), np.array([1, 1])
    assert fit(np.array([0, 1]), wants, accepts=wants > 0, pack=pack, supply=supply).tolist() == [1, 0]


def test_a_chain_over_an_article_between_is_found() -> None:
    """The first accepts a and b, the second b and c; only c is left over."""
    accepts = np.array([[True, True, False], [True, False, False], [False, True, True]])
    wants = np.full((3, 3), 4)
    pack, supply = np.ones(3, dtype=np.int64), np.array([4, 4, 4])
    assert fit(np.array([0, 0, 1]), wants, accepts=accepts, pack=pack, supply=supply).tolist() == [1, 0, 2]


def test_one_at_a_time_alone_would_not_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "MOST_TO_REARRANGE", 0)
    accepts, wants = np.ones((4, 2), dtype=bool), np.array([[5, 5], [4, 4], [3, 3], [3, 3]])
    group = np.array([0, 0, 1, 1]), wants, accepts, np.ones(2, dtype=np.int64), np.array([8, 7])
    assert least_unmet(group) == 0 < unmet(fitted(group), wants, pack=group[3], supply=group[4])
    monkeypatch.undo()
    assert unmet(fitted(group), wants, pack=group[3], supply=group[4]) == 0
