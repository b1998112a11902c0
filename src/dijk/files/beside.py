"""What is known already where tables are read that do not stand alone, such as one table that somebody uploads."""

from collections.abc import Mapping

import polars as pl

from dijk.tables import ON_DISK

Tables = Mapping[str, pl.DataFrame]


def with_beside(tables: Tables, beside: Tables) -> dict[str, pl.DataFrame]:
    """The tables that were read, each with the rows known beside it; of a key that stands in both, those that were read
    count, whenever they became known.
    """
    both = {name: _together(name, tables[name], beside[name]) for name in tables.keys() & beside.keys()}
    return {**beside, **tables, **both}


def _together(name: str, read: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    key = [column for column in ON_DISK[name].primary_key() if column != "known_at"]
    return pl.concat([known.select(read.columns).join(read, on=key, how="anti"), read])
