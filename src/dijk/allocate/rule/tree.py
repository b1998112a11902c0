"""Fences and caps on groups that lie inside or beside each other: from one supply to pools that are divided apart.

A fence that does not bind changes nothing. One that binds makes a pool of its group: its own supply, its own tiers, its
own level. Everything else stays together in the pool around it. `pools` finds which bind. The level of a group is that
of the group around it, held between its own limits, so one walk down the tree is enough.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dijk.allocate.rule.ladder import Claimants, bounds
from dijk.allocate.rule.packs import Takers, at_or_below, below, lowest_true

NO_LIMIT = np.iinfo(np.int64).max // 4


@dataclass(frozen=True)
class Fences:
    """Limits on what groups of claimants get together. An atom is the smallest part no fence cuts through: a sector in
    a region, say.

    Attributes
    ----------
    members
        Which atoms each fence holds, shape (fences, atoms). Any two fences lie inside or beside each other.
    least, most
        Packs the group gets at least, as far as it claims them, and at most, shape (fences,).
    """

    members: NDArray[np.bool_]
    least: NDArray[np.int64]
    most: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.least)


@dataclass(frozen=True)
class Shortfall:
    """A fence that cannot be met: promised more packs than there are for it."""

    fence: int | None
    missing_packs: int


@dataclass(frozen=True)
class Pools:
    """What to divide apart.

    Attributes
    ----------
    pool
        Pool of each claimant, shape (claimants,); 0 is what no binding fence holds.
    fence
        The fence of each pool, -1 for pool 0, shape (pools,).
    packs
        Packs of each pool, shape (pools,).
    shortfalls
        Fences that could not be met and were cut back, all parts of a group in the same proportion.
    """

    pool: NDArray[np.int64]
    fence: NDArray[np.int64]
    packs: NDArray[np.int64]
    shortfalls: tuple[Shortfall, ...]


@dataclass(frozen=True)
class Parts:
    """Groups of atoms that the same fences hold.

    Attributes
    ----------
    held_by
        Which fences hold each part, shape (parts, fences).
    of_atom
        The part of each atom, shape (atoms,).
    """

    held_by: NDArray[np.bool_]
    of_atom: NDArray[np.int64]


def parts(fences: Fences) -> Parts:
    """The fewest groups through which no fence cuts."""
    held_by, of_atom = np.unique(fences.members.T, axis=0, return_inverse=True)
    return Parts(held_by, of_atom.reshape(-1))


def crosses(fences: Fences) -> bool:
    """Whether two fences overlap without one lying inside the other, so that they make no tree."""
    shared = fences.members.astype(np.int64) @ fences.members.T.astype(np.int64)
    size = np.diag(shared)
    return bool(((shared > 0) & (shared < np.minimum(size[:, None], size[None, :]))).any())


def pools(claimants: Claimants, atom: NDArray[np.int64], fences: Fences, *, pack: int, supply: int) -> Pools:
    """Find the fences that bind, and split the supply over them.

    Parameters
    ----------
    claimants
        All claimants of one supply.
    atom
        The atom of each claimant, shape (claimants,).
    pack, supply
        Pieces in a pack; packs to divide.

    Raises
    ------
    ValueError
        Fences that cross: give those to `dijk.allocate.rule.crossing.straighten` first.

    Source
    ------
    Hochbaum (1994), Mathematics of Operations Research 19, 390-409, on dealing under limits on nested groups.
    """
    if crosses(fences):
        raise ValueError("fences must lie inside or beside each other")
    tree = _Tree.of(fences, len(claimants), atom)
    capacity = np.array(
        [claimants.ceiling[tree.holds[v]].sum() // pack for v in range(len(tree.parent))], dtype=np.int64
    )
    able, shortfalls = _able(tree, capacity, supply)
    pool = np.zeros(len(claimants), dtype=np.int64)
    fence, packs = [-1], [0]
    waiting = [(len(fences), int(able.most[-1]), 0)]
    while waiting:
        node, share, name = waiting.pop()
        at = _position(claimants, able, node, pack=pack, supply=share)
        total = able.totals(at)
        free = able.holds[node].copy()
        for bound in _binding(able, node, total):
            free &= ~able.holds[bound]
            fence.append(bound)
            packs.append(0)
            pool[able.holds[bound]] = len(fence) - 1
            waiting.append((bound, int(np.clip(total.raw[bound], able.least[bound], able.most[bound])), len(fence) - 1))
        packs[name] = int(at[free].sum())
    return Pools(pool, np.array(fence, dtype=np.int64), np.array(packs, dtype=np.int64), shortfalls)


@dataclass(frozen=True)
class _Totals:
    """Packs of each node before and after its own limits."""

    raw: NDArray[np.int64]
    kept: NDArray[np.int64]


@dataclass(frozen=True)
class _Tree:
    """Fences as nodes, smallest first, with the whole as the last node; ``holds`` says which claimants each node
    has.
    """

    parent: list[int]
    inward: list[int]
    least: NDArray[np.int64]
    most: NDArray[np.int64]
    holds: list[NDArray[np.bool_]]
    home: NDArray[np.int64]

    @classmethod
    def of(cls, fences: Fences, claimants: int, atom: NDArray[np.int64]) -> "_Tree":
        root = len(fences)
        members = np.vstack([fences.members, np.ones((1, fences.members.shape[1]), dtype=bool)])
        inward = sorted(range(root), key=lambda v: (int(members[v].sum()), v))
        parent, home = [root] * root + [-1], np.full(claimants, root, dtype=np.int64)
        for place, v in enumerate(inward):
            around = [u for u in inward[place + 1 :] if (members[v] <= members[u]).all()]
            parent[v] = around[0] if around else root
        for v in reversed(inward):
            home[members[v][atom]] = v
        least, most = np.append(fences.least, 0), np.append(fences.most, NO_LIMIT)
        return cls(parent, [*inward, root], least, most, [members[v][atom] for v in range(root + 1)], home)

    def totals(self, packs: NDArray[np.int64]) -> _Totals:
        raw = np.bincount(self.home, weights=packs, minlength=len(self.parent)).astype(np.int64)
        kept = raw.copy()
        for v in self.inward:
            kept[v] = min(max(raw[v], self.least[v]), self.most[v])
            if self.parent[v] >= 0:
                raw[self.parent[v]] += kept[v]
        return _Totals(raw, kept)


def _able(tree: _Tree, capacity: NDArray[np.int64], supply: int) -> tuple[_Tree, tuple[Shortfall, ...]]:
    """Cut limits to what can be: no promise beyond what is claimed, no promises inside a group beyond what the group
    may have.

    What a group may have ends at the caps of the groups inside it as well: else packs would wait for claims that those
    caps bar.
    """
    root = len(tree.parent) - 1
    least, most = np.minimum(tree.least, capacity), np.minimum(tree.most, capacity)
    for v in tree.inward:
        barred = sum(int(capacity[u] - most[u]) for u in tree.inward if tree.parent[u] == v)
        most[v] = min(most[v], capacity[v] - barred)
    most[root] = min(supply, int(most[root]))
    shortfalls = []
    for v in tree.inward:
        inside = [u for u in tree.inward if tree.parent[u] == v]
        promised = int(sum(least[u] for u in inside))
        least[v] = max(least[v], promised)
        if least[v] > most[v]:
            shortfalls.append(Shortfall(None if v == root else v, int(least[v] - most[v])))
            least[v] = most[v]
    for v in reversed(tree.inward):  # a promise cut on the way in is cut for the parts inside as well
        inside = [u for u in tree.inward if tree.parent[u] == v]
        promised = int(sum(least[u] for u in inside))
        for u in inside:
            if promised > least[v]:
                least[u] = int(least[u]) * int(least[v]) // promised
    return replace(tree, least=least, most=most), tuple(shortfalls)


def _binding(tree: _Tree, node: int, total: _Totals) -> Iterator[int]:
    """The outermost fences inside a node that hold their group back or lift it up."""
    for v in tree.inward:
        if tree.parent[v] == node:
            if total.raw[v] != total.kept[v]:
                yield v
            else:
                yield from _binding(tree, v, total)


def _position(claimants: Claimants, tree: _Tree, node: int, *, pack: int, supply: int) -> NDArray[np.int64]:
    """Packs of each claimant, as if no fence inside the node bound it, where the node's packs after limits add up to
    the supply.
    """
    who = np.flatnonzero(tree.holds[node])
    inside = claimants.take(who)
    packs = np.zeros(len(claimants), dtype=np.int64)

    def within(given: NDArray[np.int64]) -> int:
        packs[who] = given
        return int(tree.totals(packs).raw[node])

    tiers = int(claimants.tier.max(initial=1))
    for rung in range(2 * tiers):
        a, b = ((pieces / pack).astype(np.int64) for pieces in bounds(inside, rung, tiers))
        if within(b) >= supply or rung == 2 * tiers - 1:
            break
    if within(a) >= supply or within(b) <= supply:
        return packs
    takers = Takers(inside.norm_use, inside.on_hand, float(pack), a, b)
    days = lowest_true(lambda cover: within(at_or_below(takers, cover)) >= supply)
    base = below(takers, days)
    tied = np.flatnonzero(at_or_below(takers, days) > base)
    tied = tied[np.argsort(inside.order[tied], kind="stable")]
    few, enough = 0, len(tied)
    while enough - few > 1:
        middle = (few + enough) // 2
        one_more = base.copy()
        one_more[tied[:middle]] += 1
        few, enough = (few, middle) if within(one_more) >= supply else (middle, enough)
    base[tied[:enough]] += 1
    within(base)
    return packs
