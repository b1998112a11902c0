"""What every part of the example starts from: the moment, the size, the random streams and the shape of a table."""

import datetime as dt
import zlib
from dataclasses import dataclass
from importlib import resources

import dataframely as dy
import numpy as np
import polars as pl

AS_OF = dt.datetime(2020, 4, 27, 10, tzinfo=dt.UTC)
"""Monday morning, the moment from which the example is seen; no row is known later."""

TODAY = AS_OF.date()
LONG_KNOWN = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
FICTIONAL = "fictional example"


@dataclass(frozen=True)
class Size:
    """How large the example country is.

    Attributes
    ----------
    scale
        Share of the Dutch number of people, staff and goods.
    column
        Column of ``sectors.csv`` with the number of sites.
    warehouses
        Central warehouses.
    rounds
        Weekly rounds of counting before ``AS_OF``.
    districts
        Whether the indicators speak of 25 districts with a crosswalk instead of the eleven regions.
    """

    scale: float
    column: str
    warehouses: int
    rounds: int
    districts: bool


SIZES = {
    "small": Size(scale=0.1, column="sites_small", warehouses=3, rounds=3, districts=False),
    "national": Size(scale=1.0, column="sites_national", warehouses=11, rounds=2, districts=True),
}


def stream(seed: int, name: str) -> np.random.Generator:
    """A random stream of its own for each table, so that a change to one leaves the others as they were."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def catalogue(name: str) -> pl.DataFrame:
    """A list that ships with the example: sectors, drivers, activities, norms, needs, texts in Dutch."""
    return pl.read_csv(resources.files("dijk.example").joinpath(f"{name}.csv").read_bytes(), infer_schema_length=None)


def moment(day: pl.Expr, *, hour: int = 9) -> pl.Expr:
    """The moment in UTC at which something of that day was written down."""
    return (day.cast(pl.Datetime("us")) + dt.timedelta(hours=hour)).dt.replace_time_zone("UTC")


def shaped(rows: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    """Rows as the table wants them: its columns, its types; a column that is not given is empty."""
    absent = [pl.lit(None).alias(name) for name in schema.column_names() if name not in rows.columns]
    return schema.cast(rows.with_columns(absent).select(schema.column_names()))


def whole_packs(pieces: pl.Expr, pack: pl.Expr) -> pl.Expr:
    """Pieces to whole packs, nearest, at least one pack."""
    return ((pieces / pack).round().clip(lower_bound=1) * pack).cast(pl.Int64)
