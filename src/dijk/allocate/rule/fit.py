"""Whole packs of several articles: who is served from which, so that no pack lies idle while somebody is short.

Articles are chosen in pieces, but claims are met in packs, each rounded up to those of its article, and each recipient
gets one article. So one article may end with packs that nobody takes while the claims on another are not all met. Here
recipients are moved from articles that fall short to articles that are left over, as long as that leaves less unmet.
"""

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]

MOST_TO_REARRANGE = 1000
"""Recipients times articles up to which every arrangement is weighed where moving one at a time ends short."""

MOST_PIECES = 2**40
"""Beyond what any recipient takes."""

MOST_NODES = 2000
"""Branches that are looked at then; beyond it the best so far stands."""


def fit(
    article: Whole, wants: Whole, *, accepts: NDArray[np.bool_], pack: NDArray[np.int64], supply: NDArray[np.int64]
) -> Whole:
    """Move recipients to other articles they accept, until as little as can be is unmet.

    Parameters
    ----------
    article
        Article of each recipient so far, -1 for none (such a one stays so), shape (recipients,).
    wants
        Packs of each article that would meet each recipient, shape (recipients, articles).
    accepts
        Which articles each recipient accepts, shape (recipients, articles).
    pack, supply
        Pieces in a pack, and packs, of each article, shape (articles,).

    Returns
    -------
    Article of each recipient. What is unmet is the packs wanted of each article beyond its supply, in pieces. The move
    that lowers it most is made first, of equal ones that of the first recipient, to the first article. Where no single
    move lowers it, and packs still lie idle or pieces would do for all, several are moved at once, as few as will do;
    which, is the solver's.

    Examples
    --------
    Three recipients that want 4, 3 and 2 packs are all to have the first article, of which there are 6; of the second
    there are 3:

    >>> wants = np.array([[4, 4], [3, 3], [2, 2]])
    >>> taken = np.zeros(3, dtype=np.int64)
    >>> fit(taken, wants, accepts=wants > 0, pack=np.array([10, 10]), supply=np.array([6, 3])).tolist()
    [0, 1, 0]
    """
    served = np.flatnonzero(article >= 0)
    asks, allowed, chosen = wants[served], accepts[served], article[served]
    while (move := _best_move(chosen, asks, accepts=allowed, pack=pack, supply=supply)) is not None:
        chosen[move[0]] = move[1]
    over = _over(chosen, asks, supply)
    least = np.where(allowed, asks * pack, MOST_PIECES).min(axis=1, initial=MOST_PIECES)
    better = (over < 0).any() or least.sum() <= (supply * pack).sum()
    if (over > 0).any() and better and asks.size <= MOST_TO_REARRANGE:
        chosen = _rearranged(chosen, asks, accepts=allowed, pack=pack, supply=supply)
    found = article.copy()
    found[served] = chosen
    return found


def unmet(article: Whole, wants: Whole, *, pack: NDArray[np.int64], supply: NDArray[np.int64]) -> int:
    """Pieces that are wanted of articles beyond their supply; parameters as for `fit`."""
    served = article >= 0
    return int((np.maximum(0, _over(article[served], wants[served], supply)) * pack).sum())


def _over(article: Whole, wants: Whole, supply: NDArray[np.int64]) -> Whole:
    """Packs that are wanted of each article beyond its supply; below 0 for those left over."""
    load = np.zeros(len(supply), dtype=np.int64)
    np.add.at(load, article, wants[np.arange(len(article)), article])
    return load - supply


def _best_move(
    article: Whole, wants: Whole, *, accepts: NDArray[np.bool_], pack: NDArray[np.int64], supply: NDArray[np.int64]
) -> tuple[int, int] | None:
    """The recipient and the article to which it moves that lower most what is unmet; None where none does."""
    over = _over(article, wants, supply)
    if not ((over > 0).any() and (over < 0).any()):
        return None
    less = np.minimum(wants[np.arange(len(article)), article], np.maximum(0, over)[article]) * pack[article]
    more = (np.maximum(0, over + wants) - np.maximum(0, over)) * pack
    gain = np.where(accepts, less[:, None] - more, 0)
    gain[np.arange(len(article)), article] = 0
    best = int(gain.argmax())
    return divmod(best, len(supply)) if gain.flat[best] > 0 else None


def _rearranged(
    article: Whole, wants: Whole, *, accepts: NDArray[np.bool_], pack: NDArray[np.int64], supply: NDArray[np.int64]
) -> Whole:
    """The arrangement with the least unmet, and among those the fewest moves; as it is, where that is the least."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # here, because it takes a second to load and is rare

    n, m = wants.shape
    stays = np.arange(m) == article[:, None]
    cost = np.concatenate([np.where(stays, 0.0, 0.5 / n).ravel(), pack.astype(np.float64)])
    one_each = np.hstack([np.kron(np.eye(n), np.ones(m)), np.zeros((n, m))])
    of_article = np.hstack([np.hstack([np.diag(row) for row in wants.astype(np.float64)]), -np.eye(m)])
    limits = [LinearConstraint(one_each, 1, 1), LinearConstraint(of_article, -np.inf, supply)]
    top = np.concatenate([(accepts | stays).ravel().astype(np.float64), np.full(m, np.inf)])
    found = milp(
        cost,
        constraints=limits,
        bounds=Bounds(0, top),
        integrality=np.append(np.ones(n * m), np.zeros(m)),
        options={"node_limit": MOST_NODES, "mip_rel_gap": 0},
    )
    if found.x is None:
        return article
    better: Whole = found.x[: n * m].reshape(n, m).argmax(axis=1).astype(np.int64)
    lower = unmet(better, wants, pack=pack, supply=supply) < unmet(article, wants, pack=pack, supply=supply)
    return better if lower else article
