"""The moment from which a dataset is seen: the newest that somebody told, and what lies ahead of it."""

import datetime as dt
from collections.abc import Iterator

import polars as pl

from dijk.files.findings import Row, Where, finding, listed
from dijk.files.read import Dataset
from dijk.tables import FACTS, POLICY


def newest_told(dataset: Dataset) -> dt.datetime | None:
    """The newest moment at which a file says that something became known, in UTC; none where no file says so.

    A moment that was filled in does not count: it follows from a day, and one mistyped year would move the whole plan.
    """
    told = [
        rows.filter("_told")["known_at"].max()
        for rows in (dataset.with_origin(name) for name in dataset.tables)
        if "known_at" in rows.columns
    ]
    return max((moment for moment in told if isinstance(moment, dt.datetime)), default=None)


def lying_ahead(dataset: Dataset, as_of: dt.datetime) -> Iterator[Row]:
    """Rows that do not say when they became known and whose day lies after a moment, in UTC: one finding per file.

    Also an error where every fact became known after it: nothing could be planned.
    """
    words = {"as_of": f"{as_of:%Y-%m-%d %H:%M} UTC"}
    for name in (name for name in dataset.tables if name in FACTS | POLICY):
        day = "valid_from" if name in POLICY else "day"
        rows = dataset.with_origin(name).filter(~pl.col("_told") & (pl.col("known_at") > as_of))
        for (file,), some in rows.sort("_file", "_row").group_by("_file", maintain_order=True):
            cells = some.select(row="_row", found=pl.col(day).cast(pl.String))
            yield from listed("MOMENT-03", Where(name, str(file)), day, cells, words=words)
    facts = pl.concat([table["known_at"] for name, table in dataset.tables.items() if name in FACTS] or [NEVER])
    first = facts.min()
    if isinstance(first, dt.datetime) and first > as_of:
        yield finding("MOMENT-04", Where("-", None), found=f"{first:%Y-%m-%d %H:%M} UTC", rows=facts.len(), words=words)


NEVER = pl.Series(dtype=pl.Datetime("us", "UTC"))
