"""Whole units by published methods of apportionment: what `dijk.allocate.rule.packs` is measured against.

``weights`` are votes, people or norm use; ``units`` are seats or packs. Ties go to whoever stands first. Everything is
whole numbers, so every comparison is exact.

Source: Balinski and Young (1975), The quota method of apportionment, American Mathematical Monthly 82, 701-730.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

Signpost = Callable[[int], Fraction]


def adams(weights: Sequence[int], units: int) -> list[int]:
    """Next unit to the lowest ``units / weight``: the method by which packs are dealt."""
    return _by_divisor(weights, units, lambda had: Fraction(had) ** 2)


def jefferson(weights: Sequence[int], units: int) -> list[int]:
    """Next unit to the lowest ``(units + 1) / weight``."""
    return _by_divisor(weights, units, lambda had: Fraction(had + 1) ** 2)


def webster(weights: Sequence[int], units: int) -> list[int]:
    """Next unit to the lowest ``(units + 1/2) / weight``."""
    return _by_divisor(weights, units, lambda had: Fraction(2 * had + 1, 2) ** 2)


def hill(weights: Sequence[int], units: int) -> list[int]:
    """Next unit by the geometric mean of units before and after."""
    return _by_divisor(weights, units, lambda had: Fraction(had * (had + 1)))


def dean(weights: Sequence[int], units: int) -> list[int]:
    """Next unit by the harmonic mean of units before and after."""
    return _by_divisor(weights, units, lambda had: Fraction(2 * had * (had + 1), 2 * had + 1) ** 2)


def largest_remainder(weights: Sequence[int], units: int) -> list[int]:
    """Round every quota down, then one more to the largest remainders."""
    total = sum(weights)
    given = [weight * units // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(weights[i] * units % total))
    for i in by_remainder[: units - sum(given)]:
        given[i] += 1
    return given


def quota(weights: Sequence[int], units: int) -> list[int]:
    """Next unit by Jefferson's method among those whom it does not lift above their quota, rounded up."""
    total = sum(weights)
    given = [0] * len(weights)
    for so_far in range(1, units + 1):
        open_to = [i for i, weight in enumerate(weights) if given[i] * total < weight * so_far]
        given[min(open_to, key=lambda i: Fraction(given[i] + 1, weights[i]))] += 1
    return given


def _by_divisor(weights: Sequence[int], units: int, signpost_squared: Signpost) -> list[int]:
    """Next unit to the lowest ``signpost(units) / weight``; squared, so that the geometric mean stays a fraction."""
    given = [0] * len(weights)
    for _ in range(units):
        given[min(range(len(weights)), key=lambda i: signpost_squared(given[i]) / weights[i] ** 2)] += 1
    return given
