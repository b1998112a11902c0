"""Rows of one table from all its files together: the same row twice, and rows that contradict each other."""

from collections.abc import Mapping

import polars as pl

from dijk.check.codes import CODES
from dijk.check.findings import Place, examples_by, finding, shown
from dijk.files.findings import Row, Where, at_once
from dijk.files.limits import MOST_ALIKE, MOST_PLACED
from dijk.files.table import ORIGIN, Rows
from dijk.tables import ON_DISK


def joined(parts: list[Rows], table: str) -> Rows:
    """The rows of all files of a table, sorted by key, each once, with where each came from; rows with the same key
    that differ are all left out.
    """
    schema = ON_DISK[table]
    found = [f for part in parts for f in part.findings]
    rows = pl.concat([part.rows for part in parts])
    names, key = schema.column_names(), schema.primary_key()
    if rows.select(key).is_duplicated().any():
        alike = [name for name in names if name != "source"]
        apart = only_apart(rows, alike)
        found += contradictions(rows.filter(apart), key, "ROW-07", table)
        rows = rows.filter(~apart)
        again = folded(rows, alike)
        for (file,), some in rows.filter(again).group_by("_file", maintain_order=True):
            shown = some.select(
                row="_row", found=pl.concat_str(pl.col(key).cast(pl.String), separator=" ", ignore_nulls=True)
            )
            found += at_once("ROW-01", Where(table, str(file)), None, shown)
        rows = rows.filter(~again)
        clash = rows.select(key).is_duplicated()
        found += contradictions(rows.filter(clash), key, "ROW-02", table)
        rows = rows.filter(~clash)
    good = schema.validate(rows.select(names), cast=True)
    return Rows(good.hstack(rows.select(*ORIGIN)).sort(key), found)


def folded(rows: pl.DataFrame, names: list[str]) -> pl.Series:
    """Which rows repeat an earlier one in these columns."""
    first = rows.with_row_index("_at").unique(names, keep="first", maintain_order=True)["_at"]
    return pl.repeat(True, rows.height, eager=True).scatter(first, False)


def only_apart(rows: pl.DataFrame, alike: list[str]) -> pl.Series:
    """Which rows are alike in these columns to another of their file, from which a column of the writer's own, such as
    a place or a line, or the source tells them apart.
    """
    own = [name for name in ("_aside", "source") if name in rows.columns]
    several = pl.struct(own).n_unique() > 1
    return rows.select(several.over([*alike, "_file"])).to_series()


def contradictions(rows: pl.DataFrame, key: list[str], code: str, table: str) -> list[Row]:
    """One finding for each key with different rows, that names all of them; past so many of them one for the rest."""
    named = [name for name in key if name != "known_at"]
    words = {"key": ", ".join(key)}
    groups = rows.group_by(key, maintain_order=True).agg("_file", "_row").sort("_file", "_row")
    found: list[Row] = []
    for group in groups.head(MOST_ALIKE).iter_slices(1):
        said = group.row(0, named=True)
        files, numbers = said["_file"], said["_row"]
        one = len(set(files)) == 1
        where = ", ".join(f"{row}" if one else f"{file} {row}" for file, row in zip(files, numbers, strict=True))
        of = " ".join(str(said[name]) for name in named)
        found.append(together(code, table, group, found=shown(f"{of}: {where}"), words=words))
    rest = groups.slice(MOST_ALIKE)
    return [*found, *([together(code, table, rest, found=None, words=words)] if rest.height else [])]


# parameters: one for each thing that a finding tells
def together(code: str, table: str, groups: pl.DataFrame, *, found: str | None, words: Mapping[str, object]) -> Row:
    """One finding on all rows of these groups, at the first of them."""
    rows = groups.select(file="_file", row="_row").explode("file", "row")
    first = rows.row(0, named=True)
    cells = rows.head(MOST_PLACED).with_columns(found=pl.lit(found, pl.String), key=pl.lit(None, pl.String))
    place = Place(table, first["file"], first["row"], None, examples_by([], cells))
    return finding(CODES[code], place, found, rows=rows.height, words=words)
