"""Orders that are on their way: the lines of which something is still to come."""

import polars as pl

from dijk.policy import served_need
from dijk.present.now import Now
from dijk.tables.facts import still_to_come


def open_lines(now: Now) -> pl.DataFrame:
    """Order lines of which something is still to come, with the need they serve and ``open_pieces``."""
    return (
        now.world.inbound.filter(still_to_come())
        .join(served_need(now.policy, now.world.today), on="product")
        .with_columns(open_pieces=pl.col("pieces") - pl.col("received_pieces"))
        .sort("order", "line")
    )
