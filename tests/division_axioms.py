"""What a fair division must satisfy, each axiom a question about a rule, so that it can be asked of broken rules as
well.

A rule is a function from a division to the packs of each claimant. An axiom tells of one division, and one change of
it, whether the rule holds. Stock, floors, tiers, whole packs and fences take part wherever they can; where one cannot,
the axiom says so.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from dijk.allocate.rule.fill import MICRO
from dijk.allocate.rule.ladder import Claimants, Divided, divide
from dijk.allocate.rule.tree import Fences, Pools, pools
from division_cases import Fenced, cases, fenced, unfenced

Packs = NDArray[np.int64]
Rule = Callable[[Fenced], Packs]


@dataclass(frozen=True)
class Twist:
    """What is changed in a division: one claimant, an amount, those who stay, and another order of the table."""

    who: int
    amount: int
    stay: NDArray[np.bool_]
    order: NDArray[np.int64]


Axiom = Callable[[Rule, Fenced, Twist], bool]


@st.composite
def twisted(draw: st.DrawFn, *, with_fences: bool, tiers: int = 3) -> tuple[Fenced, Twist]:
    division = draw(fenced() if with_fences else st.builds(unfenced, cases(tiers=tiers)))
    n = len(division.case.claimants)
    stay = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    return division, Twist(
        draw(st.integers(0, n - 1)), draw(st.integers(1, 30)), stay, np.array(draw(st.permutations(range(n))))
    )


def ours(of: Fenced) -> Packs:
    return published(of)[1].packs


def published(of: Fenced) -> tuple[Pools, Divided]:
    case = of.case
    found = pools(case.claimants, of.atom, of.fences, pack=case.pack, supply=case.packs)
    return found, divide(case.claimants, found.pool, np.full(len(found.packs), case.pack), found.packs)


def possible(of: Fenced) -> bool:
    """Whether all promises can be kept at once; where not, they are cut, and a shortfall says so."""
    return not published(of)[0].shortfalls


def together(of: Fenced, packs: Packs) -> Packs:
    """Packs of each fence."""
    return of.fences.members @ np.bincount(of.atom, weights=packs, minlength=of.fences.members.shape[1]).astype(
        np.int64
    )


def able(of: Fenced) -> Packs:
    return (of.case.claimants.ceiling / of.case.pack).astype(np.int64)


def promised(of: Fenced) -> Packs:
    return np.minimum(np.minimum(of.fences.least, of.fences.most), together(of, able(of)))


def other(of: Fenced, *, packs: int | None = None, **limits: NDArray[np.float64]) -> Fenced:
    """The same division with another supply, or other numbers of the claimants."""
    case = replace(
        of.case, claimants=replace(of.case.claimants, **limits), packs=of.case.packs if packs is None else packs
    )
    return replace(of, case=case)


def only(of: Fenced, which: NDArray[np.int64], *, packs: int, went: Packs) -> Fenced:
    """Some of the claimants, when the fences have been used up by what went."""
    used = together(of, went)
    fences = Fences(of.fences.members, np.maximum(0, of.fences.least - used), of.fences.most - used)
    return Fenced(replace(of.case, claimants=of.case.claimants.take(which), packs=packs), of.atom[which], fences)


def in_line(of: Fenced, who: int, packs: int) -> tuple[bool, int, float, int]:
    """Where a claimant stands for its next pack when it has so many: floors, then tiers, then cover, then the order of
    ties.
    """
    c, pieces = of.case.claimants, packs * of.case.pack
    return (
        bool(pieces >= c.floor[who]),
        int(c.tier[who]),
        float((c.on_hand[who] + pieces) * MICRO / c.norm_use[who]),
        int(c.order[who]),
    )


# What is given out


def conservation(rule: Rule, of: Fenced, _: Twist) -> bool:
    packs = rule(of)
    return packs.dtype == np.int64 and int(packs.sum()) <= of.case.packs


def efficiency(rule: Rule, of: Fenced, _: Twist) -> bool:
    """Nothing stays on the shelf while a claim is open that no cap holds back."""
    packs = rule(of)
    full = together(of, packs) >= of.fences.most
    held = (of.fences.members[:, of.atom] & full[:, None]).any(axis=0)
    return int(packs.sum()) >= of.case.packs or not ((packs < able(of)) & ~held).any()


def bounds(rule: Rule, of: Fenced, _: Twist) -> bool:
    packs = rule(of)
    return bool(((packs >= 0) & (packs <= able(of))).all())


def floors_first(rule: Rule, of: Fenced, _: Twist) -> bool:
    """Without fences: whoever gets more than its floor, gets it when all floors are met."""
    pieces = rule(of) * of.case.pack
    return bool((pieces >= of.case.claimants.floor).all() or (pieces <= of.case.claimants.floor).all())


def tiers_in_order(rule: Rule, of: Fenced, _: Twist) -> bool:
    """Without fences: a lower tier gets nothing of a rung while a higher one is short on it."""
    c, pieces = of.case.claimants, rule(of) * of.case.pack
    for tier in range(1, 4):
        higher, lower = c.tier == tier, c.tier > tier
        if (pieces < c.floor)[higher].any() and pieces[lower].any():
            return False
        if (pieces < c.ceiling)[higher].any() and (pieces > c.floor)[lower].any():
            return False
    return True


def limits_kept(rule: Rule, of: Fenced, _: Twist) -> bool:
    """No cap is passed, and every promise is kept as far as it is claimed, where all can be."""
    groups = together(of, rule(of))
    return bool((groups <= of.fences.most).all() and ((groups >= promised(of)).all() or not possible(of)))


def loose_fences_change_nothing(rule: Rule, of: Fenced, _: Twist) -> bool:
    free = rule(unfenced(of.case))
    groups = together(of, free)
    loose = Fences(of.fences.members, np.minimum(of.fences.least, groups), np.maximum(of.fences.most, groups))
    return bool((rule(replace(of, fences=loose)) == free).all())


# Who gets it


def no_justified_envy(rule: Rule, of: Fenced, _: Twist) -> bool:
    """No pack went to anyone while another, before it in line, could have had it without breaking a fence.

    This is the certificate of the optimum: with efficiency it leaves one division only. Where promises were cut it is
    not asked.
    """
    packs, most = rule(of), able(of)
    if not possible(of):
        return True
    groups, holds = together(of, packs), of.fences.members[:, of.atom]
    full, needed = groups >= of.fences.most, groups <= promised(of)
    for i in np.flatnonzero(packs > 0):
        for j in np.flatnonzero(packs < most):
            barred = (full & holds[:, j] & ~holds[:, i]).any() or (needed & holds[:, i] & ~holds[:, j]).any()
            if i != j and not barred and in_line(of, j, int(packs[j])) < in_line(of, i, int(packs[i]) - 1):
                return False
    return True


def equal_treatment(rule: Rule, of: Fenced, twist: Twist) -> bool:
    """Whoever is like another in all but the order of ties gets as much or one pack less, as it comes later."""
    c = of.case.claimants
    again = np.append(np.arange(len(c)), twist.who)
    twins = replace(c.take(again), order=np.append(c.order, c.order.max() + 1))
    packs = rule(replace(of, case=replace(of.case, claimants=twins), atom=of.atom[again]))
    return 0 <= packs[twist.who] - packs[-1] <= 1


def place_in_the_table(rule: Rule, of: Fenced, twist: Twist) -> bool:
    moved = Fenced(replace(of.case, claimants=of.case.claimants.take(twist.order)), of.atom[twist.order], of.fences)
    return bool((rule(moved) == rule(of)[twist.order]).all())


def another_unit(rule: Rule, of: Fenced, twist: Twist) -> bool:
    """Counting gloves in pairs, or in tenths, changes no pack."""
    c, times = of.case.claimants, 1 + twist.amount % 7
    scaled = Claimants(c.norm_use * times, c.on_hand * times, c.floor * times, c.ceiling * times, c.tier, c.order)
    return bool(
        (rule(replace(of, case=replace(of.case, claimants=scaled, pack=of.case.pack * times))) == rule(of)).all()
    )


# What changes when the division does


def consistency(rule: Rule, of: Fenced, twist: Twist) -> bool:
    """Those who leave with their share, and with it their part of the fences, change nothing for the rest."""
    packs, stay = rule(of), np.flatnonzero(twist.stay)
    went = np.where(twist.stay, 0, packs)
    return not possible(of) or bool(
        (rule(only(of, stay, packs=int(packs[stay].sum()), went=went)) == packs[stay]).all()
    )


def composition_up(rule: Rule, of: Fenced, twist: Twist) -> bool:
    """Dividing a first delivery, and then a second, gives what both at once would have given."""
    delivery = other(of, packs=of.case.packs * twist.amount // 31)
    first = rule(delivery)
    rest = only(of, np.arange(len(first)), packs=of.case.packs - int(first.sum()), went=first)
    rest = replace(rest, case=replace(rest.case, claimants=of.case.claimants.after(first * float(of.case.pack))))
    return not possible(delivery) or bool((first + rule(rest) == rule(of)).all())


def composition_down(rule: Rule, of: Fenced, twist: Twist) -> bool:
    """Where less arrives than was promised, starting from the promise gives what starting anew would have given."""
    promise, c = rule(of) * float(of.case.pack), of.case.claimants
    less = of.case.packs * twist.amount // 31
    cut = other(of, packs=less, ceiling=promise, floor=np.minimum(c.floor, promise))
    return not possible(other(of, packs=less)) or bool((rule(cut) == rule(other(of, packs=less))).all())


def stock_monotonicity(rule: Rule, of: Fenced, twist: Twist) -> bool:
    """More packs hurt nobody, each claimant by itself."""
    return bool((rule(other(of, packs=of.case.packs + 1 + twist.amount % 4)) >= rule(of)).all())


def population_monotonicity(rule: Rule, of: Fenced, twist: Twist) -> bool:
    """When one leaves, nobody is worse off."""
    stay = np.delete(np.arange(len(of.case.claimants)), twist.who)
    rest = only(of, stay, packs=of.case.packs, went=np.zeros(len(of.atom), dtype=np.int64))
    return not len(stay) or not possible(of) or bool((rule(rest) >= rule(of)[stay]).all())


def claims_truncation(rule: Rule, of: Fenced, _: Twist) -> bool:
    """Claiming more than there is is claiming all there is. Where promises were cut it is not asked: they were cut by
    what is claimed.
    """
    c, all_of_it = of.case.claimants, float(of.case.packs * of.case.pack)
    cut = other(of, floor=np.minimum(c.floor, all_of_it), ceiling=np.minimum(c.ceiling, all_of_it))
    return not possible(of) or bool((rule(cut) == rule(of)).all())


def truth_about_requests(rule: Rule, of: Fenced, twist: Twist) -> bool:
    """No request, larger or smaller, brings anyone more of what it truly asks. Where promises were cut it is not asked;
    see the docs.
    """
    c = of.case.claimants
    ceiling = c.ceiling.copy()
    ceiling[twist.who] = twist.amount * float(of.case.pack)
    lie = other(of, ceiling=ceiling, floor=np.minimum(c.floor, ceiling))
    use = min(rule(lie)[twist.who], able(of)[twist.who])
    return not (possible(of) and possible(lie)) or bool(use <= rule(of)[twist.who])


def own_stock_brings_nothing(rule: Rule, of: Fenced, twist: Twist) -> bool:
    """What a claimant holds never brings it more. So hiding stock would pay, which is why stock comes from the
    ledger.
    """
    on_hand = of.case.claimants.on_hand.copy()
    on_hand[twist.who] += twist.amount
    return bool(rule(other(of, on_hand=on_hand))[twist.who] <= rule(of)[twist.who])


def anyone_can_recompute(rule: Rule, of: Fenced, _: Twist) -> bool:
    """Dealing each claimant's packs from the numbers that we publish, without the other claimants, gives what the rule
    gave.
    """
    found, by_us = published(of)
    packs, c = rule(of), of.case.claimants
    for i in range(len(c)):
        pool, given = found.pool[i], 0
        foot, top = _limits(by_us, int(pool), int(c.tier[i]), float(c.floor[i]), float(c.ceiling[i]))
        given, last = int(foot) // of.case.pack, (by_us.marginal_days[pool], by_us.last_order[pool])
        while given * of.case.pack < top and in_line(of, i, given)[2:] <= last:
            given += 1
        if given != packs[i]:
            return False
    return True


def _limits(by_us: Divided, pool: int, tier: int, floor: float, ceiling: float) -> tuple[float, float]:
    """Pieces that are sure, and that are at most, of someone in a tier, by where the supply of its pool ended."""
    ended, marginal = int(by_us.tier[pool]), by_us.marginal_days[pool]
    low, high = (0.0, floor) if by_us.on_floors[pool] else (floor, ceiling)
    if tier < ended or (tier == ended and np.isposinf(marginal)):
        return high, high
    return (low, low) if tier > ended or np.isnan(marginal) else (low, high)
