"""The example country, small and of seed 1, with its plan: made once a run of the tests, whichever worker needs it first.

The tests of the example itself make their own. What is kept here belongs to all: a test copies a folder that it writes
in, and ``tests/conftest.py`` looks at the end whether all is as it was.
"""

import contextlib
import hashlib
import io
import os
import shutil
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from unittest import mock

import polars as pl

from dijk.desk.app import run_command
from dijk.example import AS_OF, example
from dijk.files import write_folder
from dijk.inputs import Inputs
from dijk.plan import plan as planned
from dijk.planned import Plan
from dijk.policy import Policy

EXAMPLE = ["example", "country"]
PLAN = ["plan", "country", "-o", "monday"]
PATIENCE = 600
"""Seconds that one worker waits for another; past them the other must have died."""

place = Path()
"""The folder of this run of the tests that its workers share; set by ``tests/conftest.py``."""


def tables() -> dict[str, pl.DataFrame]:
    """The tables as ``example`` gives them, in a dictionary of one's own."""
    return dict(_tables())


@cache
def _tables() -> dict[str, pl.DataFrame]:
    return _kept("tables", lambda: example("small", seed=1))


@cache
def plan() -> Plan:
    """The plan of those tables, at the example's own moment and of seed 1."""
    world = tables()
    return Plan.of(_kept("plan", lambda: planned(Inputs.of(world, as_of=AS_OF), Policy.of(world), seed=1).tables()))


def commanded() -> Path:
    """A folder in which the commands ``EXAMPLE`` and ``PLAN`` were given."""
    return once("commanded", _command)


def said(words: list[str]) -> str:
    """What one of the two commands said there, or another that ends well and leaves nothing behind; asked once."""
    if words in (EXAMPLE, PLAN):
        return (commanded() / f"{words[0]}.txt").read_text("utf-8")
    here = commanded()
    asked = once("-".join(["said", *words]), lambda folder: _say(here, words, folder))
    return (asked / f"{words[0]}.txt").read_text("utf-8")


def _kept(name: str, make: Callable[[], dict[str, pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    folder = once(name, lambda part: write_folder(make(), part, form="parquet"))
    return {path.stem: pl.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}


def _command(folder: Path) -> None:
    for words in (EXAMPLE, PLAN):
        _say(folder, words, folder)


def _say(here: Path, words: list[str], folder: Path) -> None:
    """Give a command in one folder, and keep what it said in another."""
    folder.mkdir(exist_ok=True)
    out = io.StringIO()
    with contextlib.chdir(here), mock.patch.dict(os.environ), contextlib.redirect_stdout(out):
        os.environ.pop("DIJK_LANG", None)
        assert run_command(words) == 0
    (folder / f"{words[0]}.txt").write_text(out.getvalue(), "utf-8")


def once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder that ``make`` makes and fills, whole once its digest stands beside it; who wants it meanwhile waits. It is
    made where it stays, for a run remembers where its dataset lies.
    """
    made, lock, whole = (place / f"country-{name}{end}" for end in ("", ".lock", ".sum"))
    patient_until = time.monotonic() + PATIENCE
    while not whole.exists():
        try:
            lock.mkdir()
        except FileExistsError:
            if time.monotonic() > patient_until:
                raise TimeoutError(f"{made} is not made; the worker that was to make it has died") from None
            time.sleep(0.05)
            continue
        try:
            if not whole.exists():
                shutil.rmtree(made, ignore_errors=True)
                make(made)
                written = lock / "sum"
                written.write_text(_digest(made), "utf-8")
                written.replace(whole)
        finally:
            shutil.rmtree(lock)
    return made


def _digest(folder: Path) -> str:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return hashlib.sha256(
        b"".join(str(p.relative_to(folder)).encode() + hashlib.sha256(p.read_bytes()).digest() for p in files)
    ).hexdigest()


def touched() -> list[str]:
    """What is no longer as it was made."""
    sums = {path.stem: path.read_text("utf-8") for path in place.glob("country-*.sum")}
    return [name for name, digest in sums.items() if _digest(place / name) != digest]
