"""Where the rows that a finding speaks of stand: from their key to file and row."""

import datetime as dt

import polars as pl

from dijk.check.findings import key_text, worst_first
from dijk.files.read import Dataset


def with_places(findings: pl.DataFrame, dataset: Dataset, as_of: dt.datetime) -> pl.DataFrame:
    """Findings with the file and row of each example that names a key, and of the first one for the finding itself.

    Checks see tables, not files; here the two meet again. Of several rows that a key names, the one that comes last by
    the key of its table, known at ``as_of`` (UTC), is told. What stands in no file, such as a rule that nobody set,
    keeps its empty place. Shape and columns as table ``Finding``, the worst first.
    """
    long = findings.select("table", pl.col("examples")).with_row_index("_at").explode("examples", empty_as_null=False)
    long = long.unnest("examples").with_row_index("_nth")
    unknown = long.filter(pl.col("row").is_null() & pl.col("key").is_not_null())
    found = [_found(some, dataset, as_of) for _, some in unknown.group_by("table", "by")]
    places = pl.concat([long.select("_nth", "file", "row").drop_nulls("row"), *found])
    named = long.drop("file", "row").join(places, on="_nth", how="left", maintain_order="left")
    first = named.drop_nulls("row").unique("_at", keep="first", maintain_order=True).select("_at", "file", "row")
    examples = named.group_by("_at", maintain_order=True).agg(examples=pl.struct("found", "by", "key", "file", "row"))
    rows = findings.rename({"file": "_file", "row": "_row"}).drop("examples").with_row_index("_at")
    rows = rows.join(first, on="_at", how="left", maintain_order="left")
    rows = rows.join(examples, on="_at", how="left", maintain_order="left")
    own = pl.col("_file").is_not_null() | pl.col("_row").is_not_null()
    return worst_first(
        rows.with_columns(
            file=pl.when(own).then("_file").otherwise("file"),
            row=pl.when(own).then("_row").otherwise("row"),
            examples=pl.col("examples").fill_null([]),
        )
    )


def _found(examples: pl.DataFrame, dataset: Dataset, as_of: dt.datetime) -> pl.DataFrame:
    """File and row of examples of one table that name the same columns: ``_nth``, file, row."""
    name, by = examples.select("table", "by").row(0)
    columns = by.split()
    nowhere = examples.clear().select("_nth", "file", "row")
    if name not in dataset.tables or not set(columns) <= set(dataset.tables[name].columns):
        return nowhere
    rows = dataset.with_origin(name)
    if "known_at" in rows.columns:
        rows = rows.filter(pl.col("known_at") <= as_of)
    places = rows.select(
        key=key_text(columns), file=pl.col("_file").cast(pl.String), row=pl.col("_row").cast(pl.Int64)
    ).unique("key", keep="last", maintain_order=True)
    return examples.select("_nth", "key").join(places, on="key").select("_nth", "file", "row")
