"""Interchangeable articles: which article serves which claim, where a need accepts several and an article serves
several.

Needs that share articles stand or fall together. What they can have is bounded by every group of them: the group cannot
get more than all articles that any of it accepts. The group that this holds back most sets its own level; the rest goes
on with what is left. That is the fairest division there is (lexicographic max-min), found without a programme over
claims: only the totals of the needs are searched.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dijk.allocate.rule.fill import fill
from dijk.allocate.rule.ladder import Claimants, on_last_rung

MOST_NEEDS = 16
"""Needs that hang together through articles they share; every group of them is looked at."""

NEARLY = 1e-6


@dataclass(frozen=True)
class Substituted:
    """Which article each claim gets.

    Attributes
    ----------
    article
        Article of each claimant, -1 where none is left, shape (claimants,).
    pieces
        What each claimant would get in whole or broken pieces, shape (claimants,).
    of_need
        Pieces of each article for each need, shape (needs, articles).
    """

    article: NDArray[np.int64]
    pieces: NDArray[np.float64]
    of_need: NDArray[np.float64]


def substitute(
    claimants: Claimants,
    need: NDArray[np.int64],
    *,
    recipient: NDArray[np.int64],
    preference: NDArray[np.int64],
    supply: NDArray[np.int64],
) -> Substituted:
    """Choose an article for each claim, so that the cover of the worst off is as high as the stock of all articles
    allows.

    Parameters
    ----------
    claimants
        Claims in pieces, floors and tiers included.
    need
        Need of each claimant, shape (claimants,).
    recipient
        Who claims, shape (claimants,): claims of one recipient for one need get the same article.
    preference
        Rank of each article for each need, 1 for its own, 0 where it is not accepted, shape (needs, articles).
    supply
        Pieces of each article, shape (articles,).

    Returns
    -------
    One article for each claimant. Each need is served from its own article first, from the last resort last.

    Raises
    ------
    ValueError
        More than 16 needs that hang together.

    Source
    ------
    Megiddo (1974), Mathematical Programming 7, 97-107; Fujishige (1980), Mathematics of Operations Research 5, 186-196.
    """
    pieces = fairest(claimants, need, accepts=preference > 0, supply=supply)
    return placed(pieces, need, recipient=recipient, preference=preference, supply=supply)


def placed(
    pieces: NDArray[np.float64],
    need: NDArray[np.int64],
    *,
    recipient: NDArray[np.int64],
    preference: NDArray[np.int64],
    supply: NDArray[np.int64],
) -> Substituted:
    """Choose an article for claims of which the pieces are settled; parameters as for `substitute`, ``need`` may be a
    part of one.
    """
    totals = np.bincount(need, weights=pieces, minlength=len(preference)).astype(np.float64)
    of_need = _transport(totals, preference, supply)
    spare = supply - of_need.sum(axis=0)
    return Substituted(_one_each(pieces, need, recipient, of_need, spare), pieces, of_need)


def fairest(
    claimants: Claimants, need: NDArray[np.int64], accepts: NDArray[np.bool_], supply: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Pieces of each claimant, shape (claimants,), before articles are chosen; ``accepts`` has shape (needs, articles).

    Raises
    ------
    ValueError
        More than 16 needs hang together.
    """
    if len(accepts) > MOST_NEEDS:
        raise ValueError(f"at most {MOST_NEEDS} needs may share articles, got {len(accepts)}")
    pieces, left, open_needs = np.zeros(len(claimants)), supply.copy(), list(range(len(accepts)))
    while open_needs:
        group = open_needs
        while True:
            within = np.flatnonzero(np.isin(need, group))
            given = _at_one_level(claimants.take(within), int(left[accepts[group].any(axis=0)].sum()))
            totals = np.bincount(need[within], weights=given, minlength=len(accepts)).astype(np.float64)
            tightest = _most_over(group, totals, accepts, left)
            if tightest is None:
                break
            group = tightest
        pieces[within] = given
        left = np.where(accepts[group].any(axis=0), 0, left) if len(group) < len(open_needs) else left
        open_needs = [h for h in open_needs if h not in group]
    return pieces


def _at_one_level(claimants: Claimants, supply: int) -> NDArray[np.float64]:
    last = on_last_rung(claimants, np.zeros(len(claimants), dtype=np.int64), np.array([supply]))
    return fill(last.problems, np.array([float(supply)])).pieces


def _most_over(
    group: list[int], totals: NDArray[np.float64], accepts: NDArray[np.bool_], left: NDArray[np.int64]
) -> list[int] | None:
    """The part of a group that takes most beyond the articles it accepts; None where no part does."""
    masks = np.arange(1, 2 ** len(group))
    inside = (masks[:, None] >> np.arange(len(group))) & 1 == 1
    takes = inside @ totals[group]
    has = (inside.astype(np.int64) @ accepts[group].astype(np.int64) > 0) @ left
    over = takes - has
    worst = int(over.argmax())
    return (
        None
        if over[worst] <= NEARLY * max(1.0, float(has[worst]))
        else [group[i] for i in np.flatnonzero(inside[worst])]
    )


def _transport(
    totals: NDArray[np.float64], preference: NDArray[np.int64], supply: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Pieces of each article for each need: the totals, from the best-liked articles that make them up."""
    needs, articles = preference.shape
    pairs = np.argwhere(preference > 0)
    if not len(pairs):
        return np.zeros((needs, articles))
    cost = preference[preference > 0] + NEARLY * np.arange(len(pairs))  # equal preference: the first article
    by_need = (pairs[:, 0] == np.arange(needs)[:, None]).astype(float)
    by_article = (pairs[:, 1] == np.arange(articles)[:, None]).astype(float)
    short = 1000.0 * cost.max()  # rounding may leave a need a hair more than there is
    cost = np.concatenate([cost, np.full(needs, short)])
    from scipy.optimize import linprog  # here, because it takes a second to load and few plans share articles

    found = linprog(
        cost,
        A_ub=np.hstack([by_article, np.zeros((articles, needs))]),
        b_ub=supply,
        A_eq=np.hstack([by_need, np.eye(needs)]),
        b_eq=totals,
        method="highs-ds",
    )
    of_need = np.zeros((needs, articles))
    of_need[tuple(pairs.T)] = found.x[: len(pairs)]
    return of_need


def _one_each(
    pieces: NDArray[np.float64],
    need: NDArray[np.int64],
    recipient: NDArray[np.int64],
    of_need: NDArray[np.float64],
    spare: NDArray[np.float64],
) -> NDArray[np.int64]:
    """One article for each recipient of a need: largest first, to the article of which the need has most left.

    Who fits in none takes the article of which most is left with what is spare; ``of_need`` and ``spare`` are changed
    by what that takes.
    """
    article = np.full(len(pieces), -1, dtype=np.int64)
    for h, quota in enumerate(of_need):
        claims, used = np.flatnonzero(need == h), np.flatnonzero(quota > NEARLY)
        if len(used) == 1:
            article[claims] = used[0]
        elif len(used):
            who, of_claim = np.unique(recipient[claims], return_inverse=True)
            wants, left = np.bincount(of_claim, weights=pieces[claims]), quota.copy()
            chosen = np.zeros(len(who), dtype=np.int64)
            for i in np.argsort(-wants, kind="stable"):
                best = used[left[used].argmax()]
                if left[best] < wants[i] - NEARLY:
                    best = used[(left + spare)[used].argmax()]
                    more = max(0.0, min(spare[best], wants[i] - left[best]))
                    quota[best], left[best], spare[best] = quota[best] + more, left[best] + more, spare[best] - more
                chosen[i] = best
                left[best] -= wants[i]
            article[claims] = chosen[of_claim]
    return article
