"""Codes that must stand in a register: which do not, and in which row of which file."""

from collections.abc import Mapping

import polars as pl

from dijk.check import codes_besides
from dijk.files.findings import Row, Where, each
from dijk.files.heading import both_names
from dijk.tables import ON_DISK

Told = dict[tuple[str, str], pl.DataFrame]
"""Per table and column that refers to a register: its codes, each with the file and the first row that has it."""


def told(parts: list[pl.DataFrame], table: str) -> Told:
    """The codes of a table that refer to registers; ``parts`` have ``_file`` and ``_row``. Columns code, file, row."""
    found: Told = {}
    for name, column in ON_DISK[table].columns().items():
        if (column.metadata or {}).get("refers"):
            codes = [
                part.filter(pl.col(name).is_not_null())
                .group_by(pl.col(name).alias("code"), file="_file")
                .agg(row=pl.col("_row").min())
                for part in parts
            ]
            found[table, name] = pl.concat(codes)
    return found


def lost(codes: Told, tables: Mapping[str, pl.DataFrame], so_far: list[Row]) -> list[Row]:
    """A finding for each code and file that its register does not have, with the code it may have meant.

    A register that is not among the tables is left to the checks of a plan: a single file may be read to see if it is
    well kept. One that has an error of its own (``so_far``) is mended first: its lost rows would be missed everywhere.
    """
    broken = {f["table"] for f in so_far if f["severity"] == "error"}
    found: list[Row] = []
    for (table, name), said in codes.items():
        register = (ON_DISK[table].columns()[name].metadata or {})["refers"]
        if register not in tables or register in broken:
            continue
        known = tables[register][register].unique()
        alike = {plain(code): code for code in known.sort(descending=True)}
        missing = said.filter(~pl.col("code").is_in([*known, *codes_besides(table, name)])).sort("file", "row", "code")
        for (file,), some in missing.group_by("file", maintain_order=True):
            where, words = Where(table, str(file)), {"register": both_names(register, register)}
            guess = [alike.get(plain(code)) for code in some["code"]]
            shown = [
                code if not meant else f"{code} ({meant}?)" for code, meant in zip(some["code"], guess, strict=True)
            ]
            cells = some.select("row", found=pl.Series(shown, dtype=pl.String), key="code")
            found += each("ROW-05", where, name, cells, words=words)
    return found


def plain(code: str) -> str:
    """A code without what people and spreadsheets change: case, blanks, dashes, leading zeros."""
    return "".join(letter for letter in code.casefold() if letter.isalnum()).lstrip("0")
