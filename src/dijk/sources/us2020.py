"""Requests for protective equipment in the United States, April to July 2020 (volunteer network GetUsPPE): wishes, not
use.
"""

from pathlib import Path

import polars as pl

from dijk.check.findings import as_table
from dijk.sources.defects import finding
from dijk.tables import FACTS

FILE = "us_getusppe_requests_2020.parquet"
BEYOND_BELIEF = 1000
"""A quantity over so many times the median of its article is reported; it is kept as it was asked."""


def requests(folder: Path) -> dict[str, pl.DataFrame]:
    """Request lines as the table ``request``, and findings on quantities that nobody can have meant.

    Returns
    -------
    Tables ``request`` and ``finding``. ``need`` is the article's word in the file, ``site`` the number of the
    requester. A quantity that is not a whole number of one or more is empty with the reason ``unreadable``; one of
    10^10 is kept and told.
    """
    lines = pl.read_parquet(Path(folder) / FILE).with_row_index("line", offset=1)
    whole = (
        pl.col("qty").is_finite()
        & (pl.col("qty") >= 1)
        & (pl.col("qty") == pl.col("qty").floor())
        & (pl.col("qty") <= 1e12)
    )
    day = pl.col("date").str.to_date()
    rows = lines.select(
        known_at=day.cast(pl.Datetime("us")).dt.offset_by("23h").dt.replace_time_zone("UTC"),
        source=pl.lit("GetUsPPE requests 2020 (MatchingPPE)"),
        how=pl.lit("counted"),
        reason=pl.when(~whole).then(pl.lit("unreadable")),
        pieces=pl.when(whole).then(pl.col("qty")).cast(pl.Int64),
        request=pl.format("US{}", pl.col("line").cast(pl.String).str.zfill(6)),
        site="rec_id",
        need="ppe",
        day=day,
        urgent=pl.lit(False),
        repeats=pl.lit(None),
        checked_pieces=pl.lit(None),
        checked_by=pl.lit(None),
    )
    absurd = rows.filter(pl.col("pieces") > BEYOND_BELIEF * pl.col("pieces").median().over("need"))
    broken = rows.filter(pl.col("pieces").is_null())
    notes = []
    if absurd.height:
        found = ", ".join(
            f"{pieces} {need}"
            for need, pieces in absurd.sort("pieces", descending=True).select("need", "pieces").head(5).iter_rows()
        )
        notes.append(finding("REQUEST-11", file=FILE, column="qty", found=found, rows=absurd.height))
    if broken.height:
        notes.append(finding("REQUEST-12", file=FILE, column="qty", found=f"{broken.height} lines", rows=broken.height))
    return {
        "request": FACTS["request"].cast(rows.select(FACTS["request"].column_names())),
        "finding": as_table(notes),
    }
