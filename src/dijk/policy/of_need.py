"""Judgements that may be set for one need or for all: which row counts for a need."""

import polars as pl

from dijk.tables import ALL


def of_need(rows: pl.DataFrame, need: str, code: str) -> pl.DataFrame:
    """Of each code the row of one need, or else its row for all needs.

    Parameters
    ----------
    rows
        Judgements in force, a row per code and need.
    code
        The column that says which judgement a row is: ``fence``, ``capacity``.

    Returns
    -------
    As ``rows``, a row per code at most, sorted by code.
    """
    mine = rows.filter(pl.col("need").is_in([need, ALL]))
    return mine.sort(pl.col("need") == ALL, code).unique(code, keep="first", maintain_order=True).sort(code)
