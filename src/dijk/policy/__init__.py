"""Policy: what people decide, as tables, and the rules that carry a number. No step keeps a number of its own."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import product
from typing import Any, Self

import polars as pl

from dijk.known import as_known, in_force
from dijk.policy.proposed import as_if_told, in_place
from dijk.policy.rule import EVERYWHERE, Rule
from dijk.policy.rules import EXTRAS, RULES, Extra, starter_rules
from dijk.tables import ALL, POLICY, empty

__all__ = ["EVERYWHERE", "EXTRAS", "RULES", "Extra", "Policy", "Rule", "listed", "served_need", "starter_rules"]

STARTED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""The moment from which a rule that nobody set holds as it starts."""


@dataclass(frozen=True)
class Policy:
    """The judgement tables of a plan. All rows ever made; ``known`` and ``in_force`` choose."""

    acceptance: pl.DataFrame
    scope: pl.DataFrame
    verdict: pl.DataFrame
    norm: pl.DataFrame
    scenario: pl.DataFrame
    policy_rule: pl.DataFrame
    fence: pl.DataFrame
    mandate: pl.DataFrame
    policy_text: pl.DataFrame
    warning_reason: pl.DataFrame

    @classmethod
    def of(cls, tables: dict[str, pl.DataFrame]) -> Self:
        """From tables by name; a table that is absent is empty, a rule that is absent starts from ``starter_rules``."""
        start = starter_rules(STARTED)
        given = tables.get("policy_rule", empty("policy_rule"))
        for_all = given.filter(pl.all_horizontal(pl.col("need", "sector", "region") == ALL))
        missing = start.filter(~pl.col("rule").is_in(for_all["rule"].implode()))
        whole = {name: tables.get(name, empty(name)) for name in POLICY}
        return cls(**(whole | {"policy_rule": pl.concat([given, missing])}))

    def with_proposed(self, rows: Mapping[str, pl.DataFrame], as_of: dt.datetime) -> Self:
        """The policy as if proposed rows were told at ``as_of``, in place of those with the same key.

        They hold on the days they say; a row that begins after the day of ``as_of`` counts as begun on it, so that its
        effect can be seen before it begins. See `dijk.policy.proposed.as_if_told`.

        Parameters
        ----------
        rows
            By name of the table (``dijk.tables.POLICY``), with its columns and possibly others.
        as_of
            The moment from which the plan sees the world, UTC.

        Examples
        --------
        A cap of seven days from 1 May, seen from 27 April:

        >>> now, policy = dt.datetime(2020, 4, 27, tzinfo=dt.UTC), Policy.of({})
        >>> row = policy.policy_rule.filter(pl.col("rule") == "cap_days")
        >>> row = row.with_columns(valid_from=dt.date(2020, 5, 1), value=pl.lit(7.0))
        >>> policy.with_proposed({"policy_rule": row}, now).usual("cap_days", now.date())
        7.0
        """
        told = {name: as_if_told(part, POLICY[name], as_of) for name, part in rows.items()}
        tables = {f.name: getattr(self, f.name) for f in fields(self)}
        # `of` fills in how a rule starts only where nobody set it, and so it would have been had these rows been told
        tables["policy_rule"] = self.policy_rule.join(
            starter_rules(STARTED), on=self.policy_rule.columns, how="anti", nulls_equal=True
        )
        return type(self).of(tables | {name: in_place(tables[name], part, POLICY[name]) for name, part in told.items()})

    def known(self, as_of: dt.datetime) -> Self:
        """The rows known at a moment, the latest of each key."""
        return replace(self, **{f.name: as_known(getattr(self, f.name), POLICY[f.name], as_of) for f in fields(self)})

    def in_force(self, table: str, day: dt.date) -> pl.DataFrame:
        """The rows of a table that hold on a day, the latest begun of each key."""
        if (table, day) not in self._chosen_before:
            rows = in_force(getattr(self, table), POLICY[table], day)
            self._chosen_before[table, day] = self._with_starters(rows, day) if table == "policy_rule" else rows
        return self._chosen_before[table, day]

    def _with_starters(self, rows: pl.DataFrame, day: dt.date) -> pl.DataFrame:
        """The rules in force, and how each starts of which no row for all has begun yet, so that one that begins later
        leaves no day without a value. Of one that has ended nothing holds: that is to be decided anew.
        """
        for_all = pl.all_horizontal(pl.col(EVERYWHERE) == ALL)
        begun = self.policy_rule.filter(for_all & (pl.col("valid_from") <= day))["rule"]
        missing = starter_rules(STARTED).filter(~pl.col("rule").is_in(begun.implode()))
        return rows if missing.is_empty() else pl.concat([rows, missing]).sort("rule", *EVERYWHERE, "valid_from")

    @cached_property
    def _chosen_before(self) -> dict[tuple[str, dt.date], pl.DataFrame]:
        """What `in_force` chose, since a plan asks for the same rules on the same day hundreds of times."""
        return {}

    def word(self, rule: str, day: dt.date) -> str:
        """The word of a rule that holds for all needs, sectors and regions alike."""
        return str(self._for_all(rule, day, "word"))

    def number(self, rule: str, day: dt.date) -> float:
        """The value of a rule that holds for all needs, sectors and regions alike.

        Raises
        ------
        ValueError
            The rule may be set per need, sector or region, and this would not honour such a row; see `numbers`.

        Examples
        --------
        >>> Policy.of({}).number("request_open_days", dt.date(2020, 4, 27))  # as it starts where nobody set it
        14.0
        """
        if RULES[rule].per:
            raise ValueError(f"{rule} may be set per {', '.join(RULES[rule].per)}: ask for its numbers")
        return float(self._for_all(rule, day, "value"))

    def usual(self, rule: str, day: dt.date) -> float:
        """The value of a rule where nothing more specific is set: to be told, never to be decided with."""
        return float(self._for_all(rule, day, "value"))

    def numbers(self, rule: str, day: dt.date, cells: pl.DataFrame) -> pl.Series:
        """The value of a rule for each row of ``cells``, by those of its columns need, sector and region that the rule
        may be set on. A total has ``all`` there.

        The most specific row counts: region before sector before need before all. Shape (rows,), float64, no nulls.

        Raises
        ------
        ValueError
            ``cells`` lacks a column on which the rule may be set.

        Examples
        --------
        Stock that a claimant is brought to at most, in days; nobody set another number for gowns:

        >>> cells = pl.DataFrame({"need": ["gown", "mask"], "sector": "home", "region": "north"})
        >>> Policy.of({}).numbers("cap_days", dt.date(2020, 4, 27), cells).to_list()
        [10.0, 10.0]
        """
        return self._chosen(rule, day, cells, "value").cast(pl.Float64)

    def words(self, rule: str, day: dt.date, cells: pl.DataFrame) -> pl.Series:
        """The word of a rule for each row of ``cells``; see `numbers`.

        Raises
        ------
        ValueError
            As for `numbers`.
        """
        return self._chosen(rule, day, cells, "word")

    def _rows(self, rule: str, day: dt.date) -> pl.DataFrame:
        return self.in_force("policy_rule", day).filter(pl.col("rule") == rule)

    def _for_all(self, rule: str, day: dt.date, column: str) -> Any:
        everyone = pl.all_horizontal(pl.col(EVERYWHERE) == ALL)
        return self._rows(rule, day).filter(everyone)[column].item()

    def _chosen(self, rule: str, day: dt.date, cells: pl.DataFrame, column: str) -> pl.Series:
        per = RULES[rule].per
        if not set(per) <= set(cells.columns):
            raise ValueError(f"{rule} may be set per {', '.join(per)}, and these cells have only {cells.columns}")
        rows = self._rows(rule, day).select(*EVERYWHERE, column)
        if rows.height == 1 and rows.row(0)[:-1] == (ALL,) * len(EVERYWHERE):  # as most rules are, and quicker
            return pl.repeat(rows[column].item(), cells.height, dtype=rows.schema[column], eager=True).alias(column)
        answer = pl.Series(column, [None] * cells.height, dtype=rows.schema[column])
        for named in _most_specific_first(per):
            others = [axis for axis in EVERYWHERE if axis not in named]
            fitting = rows.filter([pl.col(a) == ALL for a in others] + [pl.col(a) != ALL for a in named])
            if fitting.is_empty():
                continue
            if named:
                found = fitting.select(*named, pl.col(column).alias("_found"))
                value = cells.join(found, on=named, how="left", maintain_order="left")["_found"]
            else:
                value = pl.repeat(fitting[column].item(), cells.height, dtype=answer.dtype, eager=True)
            answer = pl.select(pl.coalesce(answer, value).alias(column)).to_series()
        return answer


def _most_specific_first(per: tuple[str, ...]) -> Iterator[list[str]]:
    """Which of the axes of a rule a row may name: with the region, then with the sector, then with the need, then
    none.
    """
    axes = [axis for axis in reversed(EVERYWHERE) if axis in per]
    for named in product((True, False), repeat=len(axes)):
        yield [axis for axis, is_named in zip(axes, named, strict=True) if is_named]


def listed(policy: Policy, day: dt.date) -> pl.DataFrame:
    """Needs that may be divided and bought on a day: listed, which comes after approved. Column need."""
    return policy.in_force("scope", day).filter(pl.col("state") == "listed").select("need")


def served_need(policy: Policy, day: dt.date | None) -> pl.DataFrame:
    """The need that each product serves first: product, need. Ties in preference go to the first code.

    A product is counted once, under this need, however many needs accept it.

    Parameters
    ----------
    day
        The acceptances in force on that day count; ``None``: all there ever were, for goods that nothing accepts today.
    """
    accepted = policy.acceptance if day is None else policy.in_force("acceptance", day)
    return (
        accepted.sort("product", "preference", "need")
        .unique("product", keep="first", maintain_order=True)
        .select("product", "need")
    )
