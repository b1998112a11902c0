"""The division against general solvers: a quadratic programme with fences, and linear programmes with shared
articles.
"""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog

from dijk.allocate.rule.fill import MICRO
from dijk.allocate.rule.ladder import Claimants, divide
from dijk.allocate.rule.substitute import fairest, substitute
from dijk.allocate.rule.tree import Fences, pools
from division_cases import floats

cvxpy = pytest.importorskip("cvxpy", reason="missing tool: cvxpy, the oracle of the division")


@pytest.mark.parametrize("trees", [pytest.param(30, marks=pytest.mark.slow), pytest.param(300, marks=pytest.mark.long)])
def test_on_random_trees_it_is_the_quadratic_programme(trees: int) -> None:
    """``min sum (x + s)^2 / 2w`` under floors, caps and fences: the same point, but for a piece where the binding of a
    fence rounds.
    """
    programme, parameters = quadratic()
    far = []
    for seed in range(trees):
        claimants, group, fences, supply = tree(seed)
        found = pools(claimants, group, fences, pack=1, supply=supply)
        ours = divide(claimants, found.pool, np.ones_like(found.packs), found.packs)
        pieces = np.empty(len(claimants))
        pieces[np.argsort(found.pool, kind="stable")] = ours.filled.pieces
        theirs = solved(programme, parameters, claimants, fences, supply=supply)
        far.append(np.abs(pieces - theirs).max() / theirs.max())
    assert np.quantile(far, 0.9) < 1e-4
    assert max(far) < 1e-2


def tree(seed: int) -> tuple[Claimants, NDArray[np.int64], Fences, int]:
    """24 recipients in 6 regions of 2 sectors, a floor and a cap on every node, and a supply that they leave
    possible.
    """
    random = np.random.default_rng(seed)
    n, regions, sectors = 24, 6, 2
    w = np.round(random.lognormal(3, 1, n) * MICRO)
    s = np.floor(random.exponential(3, n) * w / MICRO)
    floor = np.floor(np.maximum(0, 2 * w / MICRO - s))
    ceiling = floor + np.ceil(random.uniform(0.3, 1.5, n) * np.maximum(0, 21 * w / MICRO - s)) + 1
    region = np.arange(n) % regions
    members = np.vstack([np.eye(regions, dtype=bool), np.arange(regions) % sectors == np.arange(sectors)[:, None]])
    holds = members[:, region]
    low, high = holds @ floor, holds @ ceiling
    least = np.floor(low + random.uniform(0, 0.35, len(holds)) * (high - low)).astype(np.int64)
    most = np.maximum(np.ceil(low + random.uniform(0.5, 1.2, len(holds)) * (high - low)), least).astype(np.int64)
    for group in (6, 7):  # a sector promises no less than its regions do
        least[group] = max(least[group], least[:6][members[group]].sum())
        most[group] = max(most[group], least[group])
    top = sum(min(int(most[g]), int(np.minimum(most[:6], high[:6])[members[g]].sum())) for g in (6, 7))
    bottom = int(least[6:].sum())
    supply = int(bottom + random.uniform(0.05, 0.95) * (top - bottom))
    claimants = Claimants(w, s, floor, ceiling, np.ones(n, dtype=np.int64), np.arange(n))
    return claimants, region, Fences(members, least, most), supply


def quadratic():  # type: ignore[no-untyped-def]
    n, nodes = 24, 8
    x = cvxpy.Variable(n)
    names = {
        name: cvxpy.Parameter(size, nonneg=True)
        for name, size in (("scale", n), ("shift", n), ("floor", n), ("ceiling", n))
    }
    names |= {
        "least": cvxpy.Parameter(nodes, nonneg=True),
        "most": cvxpy.Parameter(nodes, nonneg=True),
        "supply": cvxpy.Parameter(),
    }
    region = np.arange(n) % 6
    members = np.vstack([np.eye(6), np.arange(6) % 2 == np.arange(2)[:, None]])[:, region]
    limits = [
        x >= names["floor"],
        x <= names["ceiling"],
        members @ x >= names["least"],
        members @ x <= names["most"],
        cvxpy.sum(x) == names["supply"],
    ]
    cover = cvxpy.multiply(names["scale"], x) + names["shift"]
    return cvxpy.Problem(cvxpy.Minimize(cvxpy.sum_squares(cover)), limits), names


def solved(programme, names, claimants: Claimants, fences: Fences, *, supply: int) -> NDArray[np.float64]:  # type: ignore[no-untyped-def]
    """Pieces by Clarabel; in units of a thousandth of the supply, for its accuracy."""
    unit = supply / 1000
    w = claimants.norm_use / MICRO / unit
    given = {"scale": 1 / np.sqrt(w), "shift": claimants.on_hand / unit / np.sqrt(w), "supply": 1000.0}
    given |= {
        "floor": claimants.floor / unit,
        "ceiling": claimants.ceiling / unit,
        "least": fences.least / unit,
        "most": fences.most / unit,
    }
    for name, value in given.items():
        names[name].value = value
    programme.solve(solver=cvxpy.CLARABEL)
    return np.asarray(programme.variables()[0].value) * unit


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_shared_articles_give_what_a_programme_for_each_next_worst_off_gives(seed: int) -> None:
    claimants, need, accepts, supply = shared_articles(seed)
    ours = fairest(claimants, need, accepts=accepts, supply=supply)
    theirs = next_worst_off(claimants, need, accepts, supply)
    cover = (claimants.on_hand + ours) * MICRO / claimants.norm_use
    assert np.sort(cover) == pytest.approx(np.sort((claimants.on_hand + theirs) * MICRO / claimants.norm_use), abs=1e-5)
    assert ours == pytest.approx(theirs, abs=1e-3)


@pytest.mark.parametrize("seed", range(12))
def test_no_article_is_promised_twice_and_own_articles_go_first(seed: int) -> None:
    claimants, need, accepts, supply = shared_articles(seed)
    preference = np.where(accepts, 1 + (np.arange(4) != np.arange(4)[:, None]) * 1, 0)
    found = substitute(claimants, need, recipient=np.arange(len(need)), preference=preference, supply=supply)
    assert (found.of_need.sum(axis=0) <= supply + 1e-6).all()
    assert not found.of_need[~accepts].any()
    assert found.of_need.sum(axis=1) == pytest.approx(np.bincount(need, weights=found.pieces, minlength=4), abs=1e-3)
    if (found.of_need.sum(axis=0) < supply - 1).any():  # while an own article is left, no need takes another's
        left = np.flatnonzero(found.of_need.sum(axis=0) < supply - 1)
        assert all(found.of_need[a, b] < 1e-6 for a in left for b in range(4) if a != b)


def test_each_need_takes_its_own_article_before_anothers() -> None:
    nothing, ones = np.zeros(2), np.ones(2, dtype=np.int64)
    claimants = Claimants(np.full(2, 1.0 * MICRO), nothing, nothing, floats([50, 50]), ones, np.arange(2))
    both = np.array([[1, 2], [2, 1]])
    plenty = substitute(
        claimants, np.array([0, 1]), recipient=np.arange(2), preference=both, supply=np.array([100, 100])
    )
    assert plenty.of_need.tolist() == [[50, 0], [0, 50]]
    scant = substitute(claimants, np.array([0, 1]), recipient=np.arange(2), preference=both, supply=np.array([60, 20]))
    assert scant.of_need.tolist() == [[40, 0], [20, 20]]


def test_the_largest_recipients_choose_first_so_that_what_is_left_fits_the_small() -> None:
    """Six of each article for 5, 4 and 3: the first takes one kind, the others share the other. From the smallest on, 8
    want 6.
    """
    three, ones = np.zeros(3), np.ones(3, dtype=np.int64)
    claimants = Claimants(np.full(3, 1.0 * MICRO), three, three, floats([5, 4, 3]), ones, np.arange(3))
    found = substitute(
        claimants,
        np.zeros(3, dtype=np.int64),
        recipient=np.arange(3),
        preference=np.array([[1, 2]]),
        supply=np.array([6, 6]),
    )
    assert found.article[0] != found.article[1] == found.article[2]


def test_claims_of_one_recipient_get_the_same_article() -> None:
    claimants = Claimants(
        np.full(4, 1.0 * MICRO),
        *(np.zeros(4) for _ in range(2)),
        floats([5, 5, 5, 5]),
        np.ones(4, dtype=np.int64),
        np.arange(4),
    )
    need, recipient = np.zeros(4, dtype=np.int64), np.array([0, 1, 0, 1])
    found = substitute(claimants, need, recipient=recipient, preference=np.array([[1, 1]]), supply=np.array([6, 6]))
    assert found.article[0] == found.article[2] != found.article[1] == found.article[3]


def shared_articles(seed: int) -> tuple[Claimants, NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """Four needs, four articles, nested and overlapping acceptance, 24 claimants."""
    random = np.random.default_rng(100 + seed)
    n = 24
    w = np.round(random.lognormal(1, 0.7, n) * MICRO)
    s = np.floor(random.exponential(2, n) * w / MICRO)
    ceiling = np.ceil(random.uniform(0.5, 1.3, n) * np.maximum(0, 14 * w / MICRO - s)) + 1
    accepts = random.random((4, 4)) < 0.35
    np.fill_diagonal(accepts, True)
    need = random.integers(0, 4, n)
    supply = np.floor(random.uniform(0.05, 0.9, 4) * np.bincount(need, weights=ceiling, minlength=4)).astype(np.int64)
    return Claimants(w, s, np.zeros(n), ceiling, np.ones(n, dtype=np.int64), np.arange(n)), need, accepts, supply


def next_worst_off(
    claimants: Claimants, need: NDArray[np.int64], accepts: NDArray[np.bool_], supply: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Raise the lowest cover as far as it goes, fix whom that fixes, and again: one linear programme a round, more to
    see who is fixed.
    """
    n, pairs = len(need), [(i, p) for i in range(len(need)) for p in np.flatnonzero(accepts[need[i]])]
    of = np.array([[i == j for j, _ in pairs] for i in range(n)], dtype=float)
    on = np.array([[p == q for _, q in pairs] for p in range(4)], dtype=float)
    w, s = claimants.norm_use / MICRO, claimants.on_hand
    fixed = np.full(n, np.nan)
    fixed[claimants.ceiling == 0] = 0.0
    while np.isnan(fixed).any():
        free = np.flatnonzero(np.isnan(fixed))
        best = _round(of, on, w, s, (claimants.ceiling, supply, fixed, free))
        level = best.x[-1]
        stuck = [
            i
            for i in free
            if _most(of, on, w, s, (claimants.ceiling, supply, fixed, free, level, i))
            <= max(0, w[i] * level - s[i]) + 1e-7
        ]
        for i in stuck:
            fixed[i] = min(claimants.ceiling[i], max(0.0, w[i] * level - s[i]))
    return fixed


def _limits(of, on, w, s, rest):  # type: ignore[no-untyped-def]
    ceiling, supply, fixed, _ = rest
    done = np.flatnonzero(~np.isnan(fixed))
    upper = [np.hstack([on, np.zeros((len(on), 1))]), np.hstack([of, np.zeros((len(of), 1))])]
    equal = np.hstack([of[done], np.zeros((len(done), 1))]) if len(done) else None
    return np.vstack(upper), np.concatenate([supply, ceiling]), equal, fixed[done] if len(done) else None


def _round(of, on, w, s, rest):  # type: ignore[no-untyped-def]
    """The highest level at which everyone not fixed and not at its ceiling can be."""
    ceiling, _, _, free = rest
    a, b, e, f = _limits(of, on, w, s, rest)
    raised = np.hstack([-of[free], w[free][:, None]])
    cost = np.append(np.zeros(of.shape[1]), -1.0)
    lowest_top = min((s[i] + ceiling[i]) / w[i] for i in free)
    bounds = [(0, None)] * of.shape[1] + [(None, lowest_top)]
    return linprog(cost, A_ub=np.vstack([a, raised]), b_ub=np.concatenate([b, s[free]]), A_eq=e, b_eq=f, bounds=bounds)


def _most(of, on, w, s, rest) -> float:  # type: ignore[no-untyped-def]
    """The most one claimant can get while everyone not fixed keeps the level."""
    ceiling, supply, fixed, free, level, i = rest
    a, b, e, f = _limits(of, on, w, s, (ceiling, supply, fixed, free))
    kept = np.hstack([-of[free], np.zeros((len(free), 1))])
    found = linprog(
        np.append(-of[i], 0.0),
        A_ub=np.vstack([a, kept]),
        b_ub=np.concatenate([b, s[free] - w[free] * level + 1e-9]),
        A_eq=e,
        b_eq=f,
    )
    return float(-found.fun)
