"""The folders of runs: written whole before a row of the database names them, read a few lines at a time."""

import json
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings

from dijk.desk.write import in_place
from dijk.runs import MANIFEST, run_files, write_run
from dijk.runs import Run as Made


def folder(code: str) -> Path:
    """Where a run lies."""
    return Path(settings.DATA) / "runs" / code


def keep(made: Made) -> str:
    """Put a run in the store, whole and on the disk; its code. One that is there already is the same, by its name."""
    files = run_files(made)
    code = str(json.loads(files[MANIFEST])["run"])
    if not folder(code).exists():
        with in_place(folder(code)) as new:
            write_run(new, files, origin=None)
    return code


def table(code: str, name: str, **wanted: str | list[str] | None) -> pl.DataFrame:
    """A result of a run; of it only the rows with these values, or with one of a list of them.

    Only what is wanted is read: the lines of a site of a whole country take a few milliseconds.
    """
    return _scanned(code, f"results/{name}.parquet", wanted)


def known(code: str, name: str, **wanted: str | None) -> pl.DataFrame:
    """An input of a run as the plan saw it; of it only the rows with these values."""
    return _scanned(code, f"known/{name}.parquet", wanted)


def judged(code: str, name: str) -> pl.DataFrame:
    """A judgement table of a run as the plan saw it."""
    return _scanned(code, f"policy/{name}.parquet", {})


def _scanned(code: str, path: str, wanted: dict[str, Any]) -> pl.DataFrame:
    rows = pl.scan_parquet(folder(code) / path)
    given = {name: value if isinstance(value, list) else [value] for name, value in wanted.items() if value is not None}
    return rows.filter(*(pl.col(name).is_in(values) for name, values in given.items())).collect()
