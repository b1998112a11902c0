"""Speed of the division as ratios: against one pass over the same arrays, and against general solvers."""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numba as nb
import numpy as np
from figures import Figure
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack

from dijk.allocate.explain import step_pieces
from dijk.allocate.rule.fill import MICRO, Problems, fill, kernel
from dijk.allocate.rule.ladder import Claimants
from dijk.allocate.rule.packs import deal


def instance(sites: int, needs: int, *, seed: int = 1) -> tuple[Problems, np.ndarray]:
    """Sites of log-normal size, floors of two days, a cap of 21 days, 30 % inflated requests; made need by need, to
    save memory.
    """
    random = np.random.default_rng(seed)
    w, s, lo, hi = (np.empty(sites * needs) for _ in range(4))
    supply = np.empty(needs)
    for need in range(needs):
        here = slice(need * sites, (need + 1) * sites)
        w[here] = np.maximum(1, np.round(random.lognormal(1, 1.5, sites) * MICRO))
        s[here] = np.floor(random.exponential(4, sites) * w[here] / MICRO)
        request = 14 * w[here] / MICRO * np.where(random.random(sites) < 0.3, random.uniform(1.5, 4, sites), 1)
        hi[here] = np.ceil(np.clip(21 * w[here] / MICRO - s[here], 0, request))
        lo[here] = np.minimum(hi[here], np.ceil(np.maximum(0, 2 * w[here] / MICRO - s[here])))
        supply[need] = np.floor(max(lo[here].sum(), random.uniform(0.27, 0.71) * hi[here].sum()))
    return Problems((np.arange(needs + 1) * sites).astype(np.int64), w, s, lo, hi), supply


any_order = nb.njit(fastmath={"reassoc", "nsz"}, nogil=True)  # as the kernel is compiled


@any_order
def pass_of_one(w, s, lo, hi, x):
    for i in range(len(w)):
        x[i] = w[i] + s[i] + lo[i] + hi[i]


@nb.njit(parallel=True, nogil=True)
def one_pass(problems, x):
    """Read four arrays and write one, problem by problem as the kernel does: the least any division must do."""
    offsets, w, s, lo, hi = problems
    for p in nb.prange(len(offsets) - 1):
        a, b = offsets[p], offsets[p + 1]
        pass_of_one(w[a:b], s[a:b], lo[a:b], hi[a:b], x[a:b])


@any_order
def triad(a, b, c, scalar):
    for i in range(len(a)):
        a[i] = b[i] + scalar * c[i]


TRIAD_LENGTH = 20_000_000
"""Numbers in each array of the triad: 160 MB, far beyond any cache."""


def bandwidth(times: int) -> float:
    """Bytes a second that one thread of this machine moves: a triad, which reads two arrays and writes one."""
    a, b, c = (np.ones(TRIAD_LENGTH) for _ in range(3))
    triad(a, b, c, 3.0)
    return 3 * a.nbytes / best(lambda: triad(a, b, c, 3.0), times)


def best(act: Callable[[], object], times: int) -> float:
    """Shortest of several runs, in seconds of CPU time: others may be busy on the machine."""
    found = []
    for _ in range(times):
        start = time.process_time()
        act()
        found.append(time.process_time() - start)
    return min(found)


def against_one_pass(problems: Problems, supply: np.ndarray, times: int) -> tuple[float, float]:
    """Seconds of the kernel and of one pass over the same arrays, compiled alike, on one thread, taken in turns."""
    nb.set_num_threads(1)
    p = problems
    arrays = (p.offsets, p.norm_use, p.on_hand, p.least, p.most)
    pieces, found, passes = np.empty(len(p.norm_use)), np.empty((len(p), 2)), np.empty(len(p), dtype=np.int64)
    compiled = kernel("_fill_kernel", 10**9)
    compiled(arrays, supply, pieces, found, passes)
    one_pass(arrays, pieces)
    turns = [
        (best(lambda: compiled(arrays, supply, pieces, found, passes), 1), best(lambda: one_pass(arrays, pieces), 1))
        for _ in range(times)
    ]
    return min(t[0] for t in turns), min(t[1] for t in turns)


def national(quick: bool) -> list[Figure]:
    problems, supply = instance(20_000, 60)
    ours, stream = against_one_pass(problems, supply, 40)
    whole = in_packs(problems)
    packs = in_kernels(lambda: deal(whole, np.full(60, 20), (supply // 20).astype(np.int64)), problems, supply)
    lines = in_kernels(explained(problems, supply, supply), problems, supply)
    shared = in_kernels(explained(problems, np.floor(supply * 0.8), supply), problems, supply)
    speed = bandwidth(7)
    least = 5 * problems.norm_use.nbytes / speed  # four arrays read and one written, once each
    figures = [
        Figure("national, kernel", round(1000 * ours, 2), "ms for 1.2 M claims"),
        Figure("memory bandwidth, triad on one thread", round(speed / 1e9, 2), "GB/s"),
        Figure("national, kernel / the time this bandwidth needs for its arrays", round(ours / least, 2), "times"),
        Figure(
            "national, kernel / one pass over the arrays", round(ours / stream, 2), "times", "<= 3", ours / stream <= 3
        ),
        Figure("national, whole packs / kernel", packs, "times", "<= 10", packs <= 10),
        Figure("national, all lines of explanation / kernel", lines, "times", "<= 10", lines <= 10),
        Figure("national, the same where every need accepts another's articles / kernel", shared, "times"),
    ]
    return figures + solvers(quick)


def in_kernels(act: Callable[[], object], problems: Problems, supply: np.ndarray) -> float:
    """How many times the kernel something takes: the median of turns, each of one of ours beside one of the kernel."""
    act()
    turns = [best(act, 1) / against_one_pass(problems, supply, 1)[0] for _ in range(15)]
    return round(float(np.median(turns)), 1)


def in_packs(problems: Problems, pack: float = 20.0) -> Problems:
    least = np.ceil(problems.least / pack) * pack
    return replace(problems, least=least, most=np.maximum(least, np.ceil(problems.most / pack) * pack))


def explained(problems: Problems, own: np.ndarray, supply: np.ndarray) -> Callable[[], list[np.ndarray]]:
    """Whole pieces of every claim at equal cover, with substitution, with floors, with tiers: what the lines are
    differences of. ``own`` is what there is of a need's own articles.
    """
    pool = np.repeat(np.arange(len(problems)), np.diff(problems.offsets))
    ones = np.ones(len(pool), dtype=np.int64)
    tiered = Claimants(
        problems.norm_use, problems.on_hand, problems.least, problems.most, 1 + np.arange(len(pool)) % 3, ones
    )
    return lambda: step_pieces(tiered, pool, own.astype(np.int64), supply.astype(np.int64))


def solvers(quick: bool) -> list[Figure]:
    """The kernel against a quadratic programme (all levels at once) and one round of the max-min linear programme."""
    problems, supply = instance(5_000 if quick else 20_000, 6)
    ours, _ = against_one_pass(problems, supply, 9)
    start = time.process_time()
    theirs = quadratic(problems, supply)
    seconds = time.process_time() - start
    far = np.abs(theirs - fill(problems, supply).pieces).max() / fill(problems, supply).pieces.max()
    aim = (None, None) if quick else (">= 500", seconds / ours >= 500)  # set for 120,000 claims
    size = f"{len(problems.norm_use):,} claims"
    figures = [
        Figure(f"quadratic programme (Clarabel) / kernel, {size}", round(seconds / ours), "times", *aim),
        Figure("quadratic programme, largest distance from the kernel", far, "of the largest award"),
    ]
    small, few = instance(500 if quick else 2_000, 6)
    ours, _ = against_one_pass(small, few, 9)
    start = time.process_time()
    far = max_min_round(small, few)
    seconds = time.process_time() - start
    figures.append(
        Figure(
            f"linear programme (HiGHS), first round / kernel, {len(small.norm_use):,} claims",
            round(seconds / ours),
            "times",
        )
    )
    return [*figures, Figure("linear programme, distance of its first level", far, "of the level")]


def quadratic(problems: Problems, supply: np.ndarray) -> np.ndarray:
    """``min sum (x + s)^2 / 2w``, need by need, in thousandths of the supply."""
    import cvxpy

    answer = np.empty(len(problems.norm_use))
    for p, (a, b) in enumerate(zip(problems.offsets[:-1], problems.offsets[1:], strict=True)):
        unit = supply[p] / (b - a)
        w, s, lo, hi = (
            array[a:b] / unit for array in (problems.norm_use / MICRO, problems.on_hand, problems.least, problems.most)
        )
        x = cvxpy.Variable(b - a)
        cover = cvxpy.multiply(1 / np.sqrt(w), x + s)
        cvxpy.Problem(
            cvxpy.Minimize(cvxpy.sum_squares(cover)), [x >= lo, x <= hi, cvxpy.sum(x) == supply[p] / unit]
        ).solve(solver=cvxpy.CLARABEL)
        answer[a:b] = x.value * unit
    return answer


def max_min_round(problems: Problems, supply: np.ndarray) -> float:
    """Raise the lowest cover of each need as far as it goes; the distance from what the kernel makes the lowest,
    relative.
    """
    worst = 0.0
    found = fill(problems, supply).pieces
    for p, (a, b) in enumerate(zip(problems.offsets[:-1], problems.offsets[1:], strict=True)):
        w, s, lo, hi = (
            array[a:b] for array in (problems.norm_use / MICRO, problems.on_hand, problems.least, problems.most)
        )
        free = (s + hi) / w > (s + found[a:b]).min() / w.min() * 0 + ((s + found[a:b]) / w).min()
        rows = hstack([csr_array(-np.eye(b - a)[free]), csr_array(w[free][:, None])])
        cost = np.append(np.zeros(b - a), -1.0)
        bounds = [*zip(lo, hi, strict=True), (0, None)]
        best_level = linprog(
            cost, A_ub=rows, b_ub=s[free], A_eq=np.append(np.ones(b - a), 0)[None, :], b_eq=[supply[p]], bounds=bounds
        )
        level = ((s + found[a:b]) / w)[free].min()
        worst = max(worst, abs(best_level.x[-1] - level) / level)
    return worst


def union(quick: bool) -> list[Figure]:
    """40 million claims, in a process of its own, so that its memory can be read."""
    sites, needs = (50_000, 100) if quick else (200_000, 200)
    done = subprocess.run(
        [sys.executable, __file__, str(sites), str(needs)], capture_output=True, text=True, check=True
    )
    ours, stream, peak = map(float, done.stdout.split())
    return [
        Figure(f"union, kernel, {sites * needs / 1e6:.0f} M claims", round(ours, 3), "s"),
        Figure(
            "union, kernel / one pass over the arrays", round(ours / stream, 2), "times", "<= 12", ours / stream <= 12
        ),
        Figure("union, peak memory", round(peak, 2), "GiB", "<= 3", peak <= 3),
    ]


if __name__ == "__main__":
    made, given_supply = instance(int(sys.argv[1]), int(sys.argv[2]))
    print(*against_one_pass(made, given_supply, 3), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)
