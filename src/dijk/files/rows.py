"""Rows of one table from all its files together: the same row twice, and rows that contradict each other."""

import polars as pl

from dijk.files.findings import Row, Where, at_once, finding
from dijk.files.limits import MOST_ALIKE
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
        found += contradictions(rows.filter(apart), Where(table, None), key, "ROW-07")
        rows = rows.filter(~apart)
        again = folded(rows, alike)
        for (file,), some in rows.filter(again).group_by("_file", maintain_order=True):
            shown = some.select(
                row="_row", found=pl.concat_str(pl.col(key).cast(pl.String), separator=" ", ignore_nulls=True)
            )
            found += at_once("ROW-01", Where(table, str(file)), None, shown)
        rows = rows.filter(~again)
        clash = rows.select(key).is_duplicated()
        found += contradictions(rows.filter(clash), Where(table, None), key, "ROW-02")
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


def contradictions(rows: pl.DataFrame, where: Where, key: list[str], code: str) -> list[Row]:
    """One finding for each key with different rows, that names all of them."""
    found: list[Row] = []
    table = where.table
    groups = rows.group_by(key, maintain_order=True).agg("_file", "_row").sort("_file", "_row")
    for group in groups.head(MOST_ALIKE).iter_rows(named=True):
        files = dict.fromkeys(group["_file"])
        one = len(files) == 1
        places = [f"{row}" if one else f"{file} {row}" for file, row in zip(group["_file"], group["_row"], strict=True)]
        shown = " ".join(str(group[name]) for name in key if name not in ("known_at",))
        words = {"key": ", ".join(key)}
        said = f"{shown}: {', '.join(places)}"
        found.append(
            finding(
                code,
                Where(table, group["_file"][0]),
                row=group["_row"][0],
                found=said,
                rows=len(places),
                words=words,
            )
        )
    if (rest := groups.slice(MOST_ALIKE)).height:
        count = int(rest["_row"].list.len().sum())
        found.append(
            finding(
                code,
                Where(table, rest["_file"][0][0]),
                row=rest["_row"][0][0],
                rows=count,
                words={"key": ", ".join(key)},
            )
        )
    return found
