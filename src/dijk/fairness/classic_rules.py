"""The classic rules for dividing too little among claims, for comparison: each ``(supply, claims) -> awards``.

Give them ``fractions.Fraction`` (one is enough) and the awards are exact fractions in an object array; anything else
gives float64. Claims are 0 or more, supply is 0 or more; more supply than claims gives every claim in full. There are
no missing values: leave the claimant out. Below 0 or missing, every rule raises ``ValueError``. Equal claims get equal
awards under every rule here but `first_come_first_served`.

Claims problems in general: O'Neill (1982), Mathematical Social Sciences 2, 345-371; Thomson (2003), the same journal
45, 249-297.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Awards = NDArray[Any]
"""float64, or Fraction in an object array; shape (claimants,)."""

Rule = Callable[[Any, Iterable[Any]], Awards]
Exact = list[Fraction]
MOST_CLAIMANTS = 16
"""Rules that look at every subset of claimants stop here."""


def proportional(supply: Any, claims: Iterable[Any]) -> Awards:
    """Award each claimant the same share of its claim. Rewards whoever claims more than it needs.

    Source
    ------
    Thomson (2003), section 3.

    Examples
    --------
    >>> proportional(10, [5, 15])
    array([2.5, 7.5])
    """
    return _in_kind(_proportional, supply, claims)


def constrained_equal_awards(supply: Any, claims: Iterable[Any]) -> Awards:
    """Award everyone the same, but none more than its claim; the uniform rule of Sprumont (1991).

    Source
    ------
    Thomson (2003), section 3: ``x = min(c, L)``.

    Examples
    --------
    >>> constrained_equal_awards(10, [2, 7, 8])
    array([2., 4., 4.])
    """
    return _in_kind(_equal_awards, supply, claims)


def constrained_equal_losses(supply: Any, claims: Iterable[Any]) -> Awards:
    """Let everyone miss the same, but none get less than nothing; the linear rule of Cachon and Lariviere (1999).

    Source
    ------
    Thomson (2003), section 3: ``x = max(0, c - L)``.

    Examples
    --------
    >>> constrained_equal_losses(10, [2, 7, 8])
    array([0. , 4.5, 5.5])
    """
    return _in_kind(_equal_losses, supply, claims)


def talmud(supply: Any, claims: Iterable[Any]) -> Awards:
    """Equal awards up to half of each claim, equal losses beyond.

    Source
    ------
    Aumann and Maschler (1985), Journal of Economic Theory 36, 195-213; cases in Ketubot 93a.

    Examples
    --------
    >>> talmud(200, [100, 200, 300])
    array([50., 75., 75.])
    """
    return _in_kind(_talmud, supply, claims)


def random_arrival(supply: Any, claims: Iterable[Any]) -> Awards:
    """Average what first come, first served gives over all orders of arrival. At most 16 claimants.

    Raises
    ------
    ValueError
        More than 16 claimants.

    Source
    ------
    O'Neill (1982): the Shapley value of the game of arrivals.

    Examples
    --------
    >>> random_arrival(200, [100, 200, 300]).round(2)
    array([33.33, 83.33, 83.33])
    """
    return _in_kind(_random_arrival, supply, claims)


def minimal_overlap(supply: Any, claims: Iterable[Any]) -> Awards:
    """Lay the claims over the supply so that they overlap least, and share each part among those who claim it.

    Source
    ------
    O'Neill (1982); Chun and Thomson (2005), Games and Economic Behavior 51, 105-118.
    """
    return _in_kind(_minimal_overlap, supply, claims)


def adjusted_proportional(supply: Any, claims: Iterable[Any]) -> Awards:
    """Award what nobody else claims, then share the rest in proportion to what remains, cut off at the rest.

    Source
    ------
    Curiel, Maschler and Tijs (1987), Zeitschrift für Operations Research 31, A143-A159.
    """
    return _in_kind(_adjusted_proportional, supply, claims)


def average_of_awards(supply: Any, claims: Iterable[Any]) -> Awards:
    """Award the middle of all possible divisions, each weighing the same. At most 16 claimants.

    Raises
    ------
    ValueError
        More than 16 claimants.

    Source
    ------
    Mirás Calvo, Quinteiro Sandomingo and Sánchez Rodríguez (2022), SERIEs 13, 477-503. The closed form by inclusion and
    exclusion is ours.
    """
    return _in_kind(_average_of_awards, supply, claims)


def piniles(supply: Any, claims: Iterable[Any]) -> Awards:
    """Equal awards on half of each claim, and again on the other half.

    Source
    ------
    Thomson (2003), section 3.
    """
    return _in_kind(lambda e, c: _by_halves(e, c, _equal_awards, _equal_awards), supply, claims)


def reverse_talmud(supply: Any, claims: Iterable[Any]) -> Awards:
    """Equal losses on half of each claim, equal awards on the other half.

    Source
    ------
    Chun, Schummer and Thomson (2001), Economic Theory 17, 295-311.
    """
    return _in_kind(lambda e, c: _by_halves(e, c, _equal_losses, _equal_awards), supply, claims)


def constrained_egalitarian(supply: Any, claims: Iterable[Any]) -> Awards:
    """Equal awards up to half of each claim; beyond, as equal as can be without taking any of the halves back.

    Source
    ------
    Chun, Schummer and Thomson (2001), Economic Theory 17, 295-311.
    """
    return _in_kind(_constrained_egalitarian, supply, claims)


def first_come_first_served(supply: Any, claims: Iterable[Any]) -> Awards:
    """Award claims in full in the order given, until nothing is left. A baseline, not a rule of fairness."""
    return _in_kind(_in_order, supply, claims)


def norm_capped_proportional(supply: Any, claims: Iterable[Any], *, caps: Iterable[Any]) -> Awards:
    """Share in proportion to claims, each claim cut off at its cap first."""
    return proportional(supply, [min(claim, cap) for claim, cap in zip(claims, caps, strict=True)])


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        proportional,
        constrained_equal_awards,
        constrained_equal_losses,
        talmud,
        random_arrival,
        minimal_overlap,
        adjusted_proportional,
        average_of_awards,
        piniles,
        reverse_talmud,
        constrained_egalitarian,
        first_come_first_served,
    )
}
"""Every rule by its published name."""


def _in_kind(rule: Callable[[Any, list[Any]], list[Any]], supply: Any, claims: Iterable[Any]) -> Awards:
    """Check, leave out the easy ends, and answer in the kind of number that was given."""
    given = list(claims)
    exact = any(isinstance(number, Fraction) for number in [supply, *given])
    kind: Callable[[Any], Any] = Fraction if exact else float
    e, c = kind(supply), [kind(claim) for claim in given]
    if not (e >= 0 and all(claim >= 0 for claim in c)):
        raise ValueError(f"supply and claims must be 0 or more, got {supply} and {given}")
    answer = c if e >= sum(c) else [kind(0)] * len(c) if e == 0 else rule(e, c)
    if not exact:
        return np.array(answer, dtype=np.float64)
    fractions = np.empty(len(answer), dtype=object)
    fractions[:] = answer
    return fractions


def _proportional(e: Any, c: list[Any]) -> list[Any]:
    total = sum(c)
    return [claim * e / total for claim in c]


def _equal_awards(e: Any, c: list[Any]) -> list[Any]:
    level, left = e / len(c), e
    for rank, claim in enumerate(sorted(c)):
        level = left / (len(c) - rank)
        if level <= claim:
            break
        left -= claim
    return [min(claim, level) for claim in c]


def _equal_losses(e: Any, c: list[Any]) -> list[Any]:
    return [claim - loss for claim, loss in zip(c, _equal_awards(sum(c) - e, c), strict=True)]


def _by_halves(e: Any, c: list[Any], first: Callable[..., list[Any]], then: Callable[..., list[Any]]) -> list[Any]:
    half = [claim / 2 for claim in c]
    if e <= sum(half):
        return first(e, half)
    return [h + more for h, more in zip(half, then(e - sum(half), half), strict=True)]


def _talmud(e: Any, c: list[Any]) -> list[Any]:
    return _by_halves(e, c, _equal_awards, _equal_losses)


def _random_arrival(e: Any, c: list[Any]) -> list[Any]:
    _few(c)
    n = len(c)
    awards = [e * 0] * n
    for i, claim in enumerate(c):
        others = c[:i] + c[i + 1 :]
        for size in range(n):
            times = factorial(size) * factorial(n - size - 1)
            awards[i] += times * sum(
                (min(claim, max(e * 0, e - sum(before))) for before in combinations(others, size)), start=e * 0
            )
    return [award / factorial(n) for award in awards]


def _minimal_overlap(e: Any, c: list[Any]) -> list[Any]:
    shared = e if e <= max(c) else _shared_part(e, c)
    return [nested + max(e * 0, min(claim, e) - shared) for nested, claim in zip(_nested(shared, c), c, strict=True)]


def _shared_part(e: Any, c: list[Any]) -> Any:
    """The t at which ``sum(max(c - t, 0)) = e - t``: beyond it no two claims overlap."""
    for t in sorted({e * 0, *c}, reverse=True):
        above = [claim for claim in c if claim > t]
        slope = len(above) - 1
        if sum(above) - len(above) * t >= e - t:  # the crossing lies at t or between t and the next claim up
            return (sum(above) - e) / slope if slope > 0 else t
    raise AssertionError("claims exceed the supply, so the claims overlap somewhere")


def _nested(t: Any, c: list[Any]) -> list[Any]:
    """Share the part up to t, with every claim beginning at 0: each stretch equally among those who claim it."""
    shares: dict[Any, Any] = {}
    share, below = t * 0, t * 0
    for rank, claim in enumerate(sorted(c)):
        share += (min(claim, t) - below) / (len(c) - rank)
        below = min(claim, t)
        shares[claim] = share
    return [shares[claim] for claim in c]


def _adjusted_proportional(e: Any, c: list[Any]) -> list[Any]:
    total = sum(c)
    rights = [max(e * 0, e - (total - claim)) for claim in c]
    left = e - sum(rights)
    rest = [min(claim - right, left) for claim, right in zip(c, rights, strict=True)]
    more = _proportional(left, rest) if left > 0 else rest
    return [right + m for right, m in zip(rights, more, strict=True)]


def _average_of_awards(e: Any, c: list[Any]) -> list[Any]:
    _few(c)
    free = [i for i, claim in enumerate(c) if claim > 0]
    n = len(free)
    volume, moments = e * 0, dict.fromkeys(range(len(c)), e * 0)
    for size in range(n + 1):
        for full in combinations(free, size):
            left = e - sum(c[i] for i in full)
            if left <= 0:
                continue
            part = (-1) ** size * left ** (n - 1)
            volume += part
            for i in free:
                moments[i] += part * (left / n + (c[i] if i in full else 0))
    return [moments[i] / volume for i in range(len(c))]


def _constrained_egalitarian(e: Any, c: list[Any]) -> list[Any]:
    half = [claim / 2 for claim in c]
    if e <= sum(half):
        return _equal_awards(e, half)
    corners = sorted({*half, *c})
    for low, high in pairwise(corners):
        at_low = [max(h, min(claim, low)) for h, claim in zip(half, c, strict=True)]
        rising = sum(1 for h, claim in zip(half, c, strict=True) if h <= low and claim >= high)
        if rising and sum(at_low) + rising * (high - low) >= e:
            level = low + (e - sum(at_low)) / rising
            return [max(h, min(claim, level)) for h, claim in zip(half, c, strict=True)]
    return c


def _in_order(e: Any, c: list[Any]) -> list[Any]:
    awards, left = [], e
    for claim in c:
        awards.append(min(claim, left))
        left -= awards[-1]
    return awards


def _few(claims: Sequence[Any]) -> None:
    if len(claims) > MOST_CLAIMANTS:
        raise ValueError(
            f"this rule looks at every subset and takes at most {MOST_CLAIMANTS} claimants, got {len(claims)}"
        )
