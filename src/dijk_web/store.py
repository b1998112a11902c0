"""Runs and uploads on the disk: written whole before a row of the database names them. Of runs a few lines are read at
a time.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings

from dijk.desk.write import in_place, new_file
from dijk.desk.write import keep as keep_file
from dijk.inputs import Inputs
from dijk.planned import Plan
from dijk.policy import Policy
from dijk.runs import COMPARED, MANIFEST, RECEIVED, as_of, part, read_manifest, run_files, write_run
from dijk.runs import Run as Made
from dijk.tables.columns import HOLDERS


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


def keep_effect(number: int, tables: Mapping[str, pl.DataFrame]) -> None:
    """Put the tables of an effect in the store, whole and on the disk."""
    from dijk.files import write_results

    place = Path(settings.DATA) / "effects" / str(number)
    if not place.exists():
        with in_place(place) as new:
            write_results(tables, new)


def effect(number: int) -> dict[str, pl.DataFrame]:
    """The tables of an effect."""
    from dijk.files import read_tables

    return read_tables(Path(settings.DATA) / "effects" / str(number))


def own_part(code: str, sites: list[str], released: Mapping[str, pl.DataFrame]) -> dict[str, bytes]:
    """The files of the part of a run that is of everyone or of some sites; see `dijk.runs.part`. Results that were
    released otherwise than they were calculated stand in place of the stored ones.

    Lines of other sites are not read at all: a whole country would not fit beside what else a web server does.
    """

    def read(path: Path) -> pl.DataFrame:
        rows = pl.scan_parquet(path)
        if path.stem == "site" or "site" not in (columns := rows.collect_schema().names()):
            return rows.collect()
        mine = pl.col("site").is_in(sites)
        return rows.filter(mine | pl.col("kind").is_in(list(HOLDERS)) if "kind" in columns else mine).collect()

    said = read_manifest(folder(code))
    parts = {name: {p.stem: read(p) for p in (folder(code) / name).glob("*.parquet")} for name in COMPARED}
    made = Made(
        inputs=Inputs.of(parts["known"], as_of=as_of(said)),
        policy=Policy(**parts["policy"]),
        plan=Plan.of(parts["results"] | dict(released)),
        seed=said["seed"],
        digest=said["inputs"],
        received=pl.read_parquet(folder(code) / RECEIVED),
    )
    return run_files(part(made, sites))


def report_folder(number: int) -> Path:
    """Where the files of a report lie."""
    return Path(settings.DATA) / "reports" / str(number)


def keep_report(number: int, files: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Put the files of a report in the store, whole and on the disk; of each its SHA-256. What is there already stays:
    a report is drawn once.
    """
    place = report_folder(number)
    if not place.exists():
        with in_place(place) as new:
            for name, content in files:
                keep_file(new / name, content)
    names = sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())
    return {name: str(sha_of_report(number, name)) for name in names}


def sha_of_report(number: int, name: str) -> str | None:
    """The SHA-256 of a file of a report as it is on the disk; None where there is none."""
    path = report_folder(number) / name
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def upload(digest: str) -> Path:
    """Where the bytes of an upload lie."""
    return Path(settings.DATA) / "uploads" / digest


def keep_upload(content: bytes) -> str:
    """Put a file in the store, whole and on the disk; its SHA-256. One that is there already is the same."""
    digest = hashlib.sha256(content).hexdigest()
    if upload(digest).exists():
        os.utime(upload(digest))  # so that it is not taken away while a row for it is written
    else:
        new_file(upload(digest), content)
    return digest


def forget_upload(digest: str) -> None:
    """Take a file away that no row names, unless somebody just sent it again."""
    path = upload(digest)
    if path.exists() and path.stat().st_mtime < time.time() - 3600:
        path.unlink()


def table(code: str, name: str, **wanted: str | list[str] | None) -> pl.DataFrame:
    """A result of a run; of it only the rows with these values, or with one of a list of them.

    Only what is wanted is read: the lines of a site of a whole country take a few milliseconds.
    """
    return _scanned(code, f"results/{name}.parquet", wanted)


def scan(code: str, name: str) -> pl.LazyFrame:
    """A result of a run that is not read yet: of a whole country only what is asked of it is."""
    return pl.scan_parquet(folder(code) / f"results/{name}.parquet")


def known(code: str, name: str, **wanted: str | None) -> pl.DataFrame:
    """An input of a run as the plan saw it; of it only the rows with these values."""
    return _scanned(code, f"known/{name}.parquet", wanted)


def scan_known(code: str, name: str) -> pl.LazyFrame:
    """An input of a run that is not read yet."""
    return pl.scan_parquet(folder(code) / f"known/{name}.parquet")


def judged(code: str, name: str) -> pl.DataFrame:
    """A judgement table of a run as the plan saw it."""
    return _scanned(code, f"policy/{name}.parquet", {})


def _scanned(code: str, path: str, wanted: dict[str, Any]) -> pl.DataFrame:
    rows = pl.scan_parquet(folder(code) / path)
    given = {name: value if isinstance(value, list) else [value] for name, value in wanted.items() if value is not None}
    return rows.filter(*(pl.col(name).is_in(values) for name, values in given.items())).collect()
