"""Rows that stand ready in somebody's own workbook and were left as they were: nothing is said by them."""

import polars as pl

from dijk.files.body import Body
from dijk.files.findings import Where, at_once
from dijk.files.heading import PACKS, Heading, value_of


def unfilled_out(body: Body, heading: Heading, where: Where) -> Body:
    """Without the rows that have neither a value nor a reason, where dijk wrote beside each what was told last.

    In any other file such a row says that the value is unknown.
    """
    value = value_of(where.table)
    said = [name for name in (value, PACKS, "reason") if name in body.cells.columns]
    if "last" not in heading.ours or value is None or not said:
        return body
    silent = body.cells.select(pl.all_horizontal(pl.col(said).is_null())).to_series()
    if not silent.any():
        return body
    rows = pl.DataFrame({"row": body.rows, "found": pl.repeat(None, body.rows.len(), dtype=pl.String, eager=True)})
    return body.keep(~silent, at_once("SHEET-15", where, None, rows.filter(silent)))
