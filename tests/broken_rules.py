"""Rules of division with one mistake each: what an axiom must be able to see. Fences are kept by those that do not say
otherwise.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from dijk.allocate.rule.fill import MICRO, fill
from dijk.allocate.rule.ladder import Claimants, on_last_rung
from division_axioms import Packs, able, other, ours, promised
from division_cases import Fenced, unfenced


def proportional_to_request(of: Fenced) -> Packs:
    """What is asked sets the share."""
    return _to_largest_remainders(of, of.case.claimants.ceiling)


def largest_remainder(of: Fenced) -> Packs:
    """The right level, but broken packs are rounded down, and what is left goes to the largest remainders."""
    c, case = of.case.claimants, of.case
    last = on_last_rung(c, np.zeros(len(c), dtype=np.int64), np.array([case.packs * case.pack]))
    return _to_largest_remainders(of, fill(last.problems, np.array([float(case.packs * case.pack)])).pieces)


def everyone_rounded_up(of: Fenced) -> Packs:
    c, case = of.case.claimants, of.case
    last = on_last_rung(c, np.zeros(len(c), dtype=np.int64), np.array([case.packs * case.pack]))
    return np.ceil(fill(last.problems, np.array([float(case.packs * case.pack)])).pieces / case.pack).astype(np.int64)


def one_pack_kept_back(of: Fenced) -> Packs:
    return ours(other(of, packs=max(0, of.case.packs - 1)))


def stock_ignored(of: Fenced) -> Packs:
    return ours(other(of, on_hand=of.case.claimants.on_hand * 0))


def little_stock_ignored(of: Fenced) -> Packs:
    """Stock counts from a hundred pieces on."""
    on_hand = of.case.claimants.on_hand
    return ours(other(of, on_hand=np.where(on_hand < 100, 0.0, on_hand)))


def request_not_capped(of: Fenced) -> Packs:
    """The claim has no ceiling."""
    return ours(other(of, ceiling=of.case.claimants.ceiling + 20 * float(of.case.pack)))


def floors_after_tiers(of: Fenced) -> Packs:
    return ours(other(of, floor=of.case.claimants.floor * 0))


def tiers_reversed(of: Fenced) -> Packs:
    c = of.case.claimants
    return ours(replace(of, case=replace(of.case, claimants=replace(c, tier=int(c.tier.max()) + 1 - c.tier))))


def ties_by_name(of: Fenced) -> Packs:
    """At equal cover whoever stands first in the table."""
    return ours(_in_order(of, np.arange(len(of.case.claimants))))


def lots_drawn_anew(of: Fenced) -> Packs:
    """Ties are settled the other way round for every other supply."""
    return ours(_in_order(of, -of.case.claimants.order) if of.case.packs % 2 else of)


def highest_cover_first(of: Fenced) -> Packs:
    """To those who have shall be given."""
    return _one_by_one(
        of, lambda c, i, pieces: (pieces >= c.floor[i], c.tier[i], -(c.on_hand[i] + pieces) / c.norm_use[i], c.order[i])
    )


def cover_after_the_pack(of: Fenced) -> Packs:
    """The next pack to whoever would have the lowest cover with it: the method of Jefferson."""
    q = of.case.pack
    return _one_by_one(
        of,
        lambda c, i, pieces: (pieces >= c.floor[i], c.tier[i], (c.on_hand[i] + pieces + q) / c.norm_use[i], c.order[i]),
    )


def equal_losses(of: Fenced) -> Packs:
    """The next pack to whoever misses most of its claim, in days."""
    return _one_by_one(of, lambda c, i, pieces: (-(c.ceiling[i] - pieces) / c.norm_use[i], c.order[i]))


def half_of_the_claimants(of: Fenced) -> Packs:
    """Where there are many, the supply is shared by as many as there are packs for, in the order of ties; the others
    come after.
    """
    c = of.case.claimants
    late = (c.order.argsort().argsort() >= (len(c) + 1) // 2).astype(np.int64)
    return ours(replace(of, case=replace(of.case, claimants=replace(c, tier=c.tier + 3 * late))))


def regional_claims_summed(of: Fenced) -> Packs:
    """Each region first gets a part in proportion to its claims; then each shares by the rule."""
    case, packs = of.case, np.zeros(len(of.atom), dtype=np.int64)
    claims = np.bincount(of.atom, weights=able(of)).astype(np.int64)
    for region, part in enumerate(
        _remainders(claims * case.packs, int(max(1, claims.sum())), min(case.packs, int(claims.sum())))
    ):
        who = np.flatnonzero(of.atom == region)
        if len(who):
            packs[who] = ours(unfenced(replace(case, claimants=case.claimants.take(who), packs=int(part))))
    return packs


def fences_last(of: Fenced) -> Packs:
    """What is promised to a group comes on top of its share of the rest, instead of being what it gets at least."""
    case, first = of.case, np.zeros(len(of.atom), dtype=np.int64)
    for fence, least in zip(of.fences.members, promised(of), strict=True):
        who = np.flatnonzero(fence[of.atom])
        left = case.packs - int(first.sum())
        c = case.claimants.after(first * float(case.pack)).take(who)
        first[who] += ours(unfenced(replace(case, claimants=c, packs=min(int(least), left))))
    rest = replace(case, claimants=replace(case.claimants, ceiling=case.claimants.ceiling - first * float(case.pack)))
    return first + ours(
        unfenced(replace(rest, packs=case.packs - int(first.sum()), claimants=_no_floor(rest.claimants)))
    )


def fences_ignored(of: Fenced) -> Packs:
    return ours(unfenced(of.case))


def caps_leave_goods_idle(of: Fenced) -> Packs:
    """Groups are cut to their caps when all is divided, and what is cut goes to nobody."""
    packs = ours(unfenced(of.case))
    for fence, most in zip(of.fences.members, of.fences.most, strict=True):
        inside = np.flatnonzero(fence[of.atom])
        while packs[inside].sum() > most:
            packs[inside[packs[inside].argmax()]] -= 1
    return packs


def _no_floor(claimants: Claimants) -> Claimants:
    return replace(claimants, floor=np.minimum(claimants.floor, 0))


def _in_order(of: Fenced, order: Packs) -> Fenced:
    return replace(of, case=replace(of.case, claimants=replace(of.case.claimants, order=order)))


def _to_largest_remainders(of: Fenced, weights: Any) -> Packs:
    most = able(of)
    packs = np.minimum(most.sum(), of.case.packs)
    shares = np.round(weights * MICRO).astype(np.int64)
    return np.minimum(most, _remainders(shares * int(packs), int(max(1, shares.sum())), int(packs)))


def _remainders(dividends: Packs, divisor: int, total: int) -> Packs:
    packs = dividends // divisor
    packs[np.argsort(-(dividends % divisor), kind="stable")[: total - int(packs.sum())]] += 1
    return packs


def _one_by_one(of: Fenced, key: Callable[[Claimants, int, float], Any]) -> Packs:
    """Packs one at a time to the lowest key among those who may still get one, fences left out."""
    c, q, packs = of.case.claimants, of.case.pack, np.zeros(len(of.atom), dtype=np.int64)
    for _ in range(of.case.packs):
        may = [i for i in range(len(c)) if packs[i] * q < c.ceiling[i]]
        if not may:
            break
        packs[min(may, key=lambda i: key(c, i, float(packs[i] * q)))] += 1
    return packs
