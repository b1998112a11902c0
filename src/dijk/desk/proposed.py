"""Judgements that a person proposes in files: read, and checked with the dataset that they are proposed for."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from dijk import runs
from dijk.check import check
from dijk.desk.findings import refuse
from dijk.desk.load import Loaded
from dijk.files import Dataset, Proposed, read_judgements, with_places
from dijk.policy.proposed import as_if_told
from dijk.tables import POLICY

PLACE = {"_file": pl.col("file"), "_row": pl.col("row")}


def proposals(loaded: Loaded, files: Mapping[str, Sequence[Path]]) -> dict[str, pl.DataFrame]:
    """The proposed rows of each table, once the dataset could be planned with them.

    Raises
    ------
    BadInput
        A file has an error, or the dataset would have one with these rows; it holds the errors of both, each with file
        and row.
    """
    as_of, world = loaded.inputs.as_of, loaded.inputs.known()
    beside = world.tables()
    read = {table: read_judgements(paths, table, as_of, beside=beside) for table, paths in files.items()}
    rows = {table: one.rows for table, one in read.items()}
    checked = check(world, loaded.policy.with_proposed(rows, as_of).known(as_of))
    received = pl.concat([loaded.received, *(one.findings for one in read.values())])
    errors = runs.all_found(received, checked).filter(pl.col("severity") == "error")
    refuse(with_places(with_places(errors, in_files(loaded, read), as_of), loaded.dataset, as_of))
    return rows


def in_files(loaded: Loaded, read: Mapping[str, Proposed]) -> Dataset:
    """What was proposed as a dataset of its own, with the keys by which checks name its rows."""
    told = {table: as_if_told(one.rows, POLICY[table], loaded.inputs.as_of) for table, one in read.items()}
    places = {table: rows.select(**PLACE) for table, rows in told.items()}
    return Dataset({table: rows.drop("file", "row") for table, rows in told.items()}, loaded.received, "", places)
