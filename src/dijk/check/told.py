"""Rows that somebody tells, and what is known that they are held against: of the same sites and of those like them.

A form of ten lines is checked while a person waits, so not the nation is looked at but what is near.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import polars as pl

from dijk.check.findings import key_text
from dijk.inputs import Inputs
from dijk.known import as_known
from dijk.tables import FACTS, INPUTS, REGISTERS

Tables = Mapping[str, pl.DataFrame]

BESIDE = {
    "stock": ("delivery", "activity"),
    "use": ("stock", "delivery", "activity"),
    "delivery": ("request", "stock", "activity"),
}
"""Facts that rows of a table are held against besides those of the same table: what came, was asked and was counted,
and activity, from which norm use follows.
"""


@dataclass(frozen=True)
class Told:
    """Rows that are told, by table, their keys as text, and three worlds that have them and the registers that are
    known.
    """

    rows: dict[str, pl.DataFrame]
    keys: dict[str, pl.Series]
    alone: Inputs
    """The rows that are told are all the facts."""
    among: Inputs
    """What is known near them too, as it is when they are known."""
    every: Inputs
    """And what they replace."""

    @classmethod
    def of(cls, new: Tables, world: Inputs) -> Self:
        """From rows by table and the world as known; they may become known after its moment."""
        new = {name: rows.select(INPUTS[name].column_names()) for name, rows in new.items() if rows.height}
        newest = [rows.select(pl.col("known_at").max()).item() for rows in new.values()]
        moment = max([world.as_of, *newest])
        registers = {name: getattr(world, name) for name in REGISTERS}
        near = registers | _near(new, world)
        every = {name: pl.concat([near[name], rows]) for name, rows in new.items()}
        latest = {name: as_known(rows, INPUTS[name], moment) for name, rows in every.items()}
        own = {name: as_known(rows, INPUTS[name], moment) for name, rows in new.items()}
        facts = {name: own.get(name, near[name].clear()) for name in FACTS}
        return cls(
            own,
            {name: rows.select(key_text(_key(name))).to_series() for name, rows in own.items()},
            Inputs.of(registers | latest | facts, as_of=moment),
            Inputs.of(near | latest, as_of=moment),
            Inputs.of(near | every, as_of=moment),
        )


def _key(name: str) -> list[str]:
    return [column for column in INPUTS[name].primary_key() if column != "known_at"]


def _near(new: Tables, world: Inputs) -> dict[str, pl.DataFrame]:
    """The known facts that the rows are held against: of their sites and those of the same sector and region, of their
    lots and of the requests that they name. What is of no site is near where its own table is told.
    """
    named = _codes(new, [(name, column) for name in new for column in _of("site", name)])
    cells = world.site.filter(pl.col("site").is_in(named.implode())).select("sector", "region").unique()
    like = world.site.join(cells, on=["sector", "region"], how="semi")["site"]
    sites = pl.concat([named, like]).unique().implode()
    lots = _codes(new, [(name, "lot") for name in new]).implode()
    asked = _codes(new, [(name, column) for name in new for column in ("request", "repeats")]).implode()
    by = {"site": sites, "lot": lots, "request": asked}

    def near(name: str) -> pl.DataFrame:
        table: pl.DataFrame = getattr(world, name)
        if name not in (*new, *(other for told in new for other in BESIDE.get(told, ()))):
            return table.clear()
        columns = {column: codes for column, codes in by.items() if column in table.columns}
        theirs = [pl.col(column).is_in(codes) for column, codes in columns.items()]
        return table.filter(pl.any_horizontal(theirs)) if theirs else table

    return {name: near(name) for name in FACTS}


def _of(register: str, name: str) -> list[str]:
    """The columns of a table that name a row of a register."""
    columns = INPUTS[name].columns().items()
    return [column for column, spec in columns if (spec.metadata or {}).get("refers") == register or column == register]


def _codes(new: Tables, columns: list[tuple[str, str]]) -> pl.Series:
    """The codes that stand in columns, where a table has them; a dash names nothing."""
    found = [new[name][column].cast(pl.String) for name, column in columns if column in new[name].columns]
    codes = pl.concat([pl.Series([], dtype=pl.String), *found]).drop_nulls().unique()
    return codes.filter(codes != "-")
