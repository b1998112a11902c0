"""Tables in the columns of the forecast hubs: change logs, forecasts and what came true, as CSV or Parquet."""

from pathlib import Path

import dataframely as dy
import polars as pl


class Unreadable(Exception):
    """A file is not the table that was wanted; says which file, what was found and what was wanted."""


def read_hub(path: Path, schema: type[dy.Schema]) -> pl.DataFrame:
    """Read the columns of a schema; other columns are left aside, and rows marked ``provisional`` are not used.

    Days may be dates or ISO text. Rows are not checked against the limits of the schema: a change log holds odd values
    too.

    Raises
    ------
    Unreadable
        The file cannot be read, lacks a column, or holds a value of another kind.
    """
    try:
        rows = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema_length=None)
    except (OSError, pl.exceptions.PolarsError) as trouble:
        raise Unreadable(f"{path}: cannot be read as a table ({trouble}).") from None
    if "provisional" in rows.columns:
        rows = rows.filter(~pl.col("provisional").cast(pl.String).str.to_lowercase().eq("true"))
    missing = [name for name in schema.column_names() if name not in rows.columns]
    if missing:
        raise Unreadable(f"{path}: found columns {', '.join(rows.columns)}; wanted {', '.join(missing)} too.")
    try:
        return rows.select(_as(rows.schema[name], name, kind) for name, kind in schema.create_empty().schema.items())
    except pl.exceptions.PolarsError as trouble:
        found = str(trouble).splitlines()[0]
        raise Unreadable(
            f"{path}: found a value of another kind ({found}); wanted days as 2021-11-08 and plain numbers."
        ) from None


def write_hub(rows: pl.DataFrame, path: Path) -> None:
    """Write a table as CSV or Parquet, by the end of its name."""
    if path.suffix == ".csv":
        rows.write_csv(path)
    else:
        rows.write_parquet(path)


def _as(found: pl.DataType, name: str, wanted: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    return column.str.to_date("%Y-%m-%d") if wanted == pl.Date and found == pl.String else column.cast(wanted)
