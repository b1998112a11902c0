"""What a moment leaves aside: rows that became known after it, and a table that is nearly all of them."""

from collections.abc import Iterator

import polars as pl

from dijk.check.codes import CODES
from dijk.check.findings import Place, Row, finding
from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.tables import INPUTS, POLICY

MOST_ASIDE = 0.5
"""A table of which more than this share is left aside is hardly there. Assumed."""


def left_aside(inputs: Inputs, policy: Policy) -> Iterator[Row]:
    """A finding for each table with rows that became known after the moment; a warning where they are most of it."""
    for name in INPUTS | POLICY:
        table: pl.DataFrame = getattr(inputs if name in INPUTS else policy, name)
        late = table.filter(pl.col("known_at") > inputs.as_of)
        if late.height:
            code = CODES["MOMENT-02" if late.height > MOST_ASIDE * table.height else "MOMENT-01"]
            newest = late.select(pl.col("known_at").max().dt.strftime("%Y-%m-%d %H:%M UTC")).item()
            words = {"all": table.height, "as_of": f"{inputs.as_of:%Y-%m-%d %H:%M} UTC"}
            yield finding(
                code, Place(name, column="known_at"), f"{late.height}: {newest}", rows=late.height, words=words
            )
