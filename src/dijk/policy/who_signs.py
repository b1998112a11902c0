"""Who may sign an order, by the mandates in force."""

import datetime as dt
from dataclasses import dataclass

import polars as pl

from dijk.policy import Policy
from dijk.policy.of_need import of_need


@dataclass(frozen=True)
class Signers:
    """Rows of ``mandate``, one per capacity: those that reach the order, the smallest limit first and no limit last;
    and those that stop below it, the largest limit first. Capacities with the same limit come by their code.
    """

    may: pl.DataFrame
    may_not: pl.DataFrame

    @property
    def for_whom(self) -> list[str]:
        """Whom a signature may bind, sorted; empty where nobody may sign."""
        return sorted(self.may["signs_for"].cast(pl.String).unique())


def who_may_sign(policy: Policy, *, need: str, cents: int, day: dt.date) -> Signers:
    """Who may sign an order of a need on a day.

    Of a capacity the row of the need counts, and without one its row for all needs. A capacity without a row in force
    is not there: it may sign nothing. Where no capacity has one, nobody may sign.

    Parameters
    ----------
    need
        Code of the need; ``all`` for an order of several, which the rows for all needs alone decide.
    cents
        What the order comes to, in euro cents, 0 or more. A limit is reached by an order of exactly as much.

    Raises
    ------
    ValueError
        An order of less than nothing.

    Examples
    --------
    >>> signers = who_may_sign(Policy.of({}), need="gown", cents=100, day=dt.date(2020, 4, 27))
    >>> signers.may.height, signers.for_whom  # nobody has a mandate
    (0, [])
    """
    if cents < 0:
        raise ValueError(f"an order comes to 0 cents or more, and not to {cents}")
    rows = of_need(policy.in_force("mandate", day), need, "capacity")
    reaches = pl.col("most_cents").is_null() | (pl.col("most_cents") >= cents)
    return Signers(
        rows.filter(reaches).sort("most_cents", "capacity", nulls_last=True),
        rows.filter(~reaches).sort("most_cents", "capacity", descending=[True, False]),
    )
