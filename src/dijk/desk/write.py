"""What a command leaves on the disk: the old or the new, never half."""

import ctypes
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dijk import runs
from dijk.desk.ending import NOTHING, Stop
from dijk.planned import Plan

HERE, EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE of Linux's renameat2."""


@contextmanager
def in_place(target: Path) -> Iterator[Path]:
    """A new folder to write in, beside the target, that takes the target's place when all of it is on the disk.

    A target that somebody stands in, or where another disk begins, keeps its place and takes in what was made, the
    manifest of a run last.

    Whatever ends the writing before that (a full disk, the keyboard, the end of the process) leaves the target as it
    was; only the end of the process itself also leaves a hidden folder beside it, whose name begins with a dot and the
    target's own name.

    Raises
    ------
    OSError
        It cannot be written there; it names the target, for a person knows no other path.
    """
    whole = target.resolve()
    try:
        whole.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{whole.name}.", dir=whole.parent))
        try:
            made = beside / "new"
            made.mkdir()
            yield made
            settle(made)
            if whole.is_dir():  # who could not read the old shall not read the new
                shutil.copymode(whole, made)
            take_place(made, whole)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise OSError(error.errno or errno.EIO, error.strerror or str(error), str(target)) from error


def new_file(target: Path, content: bytes) -> None:
    """Write a file that is whole or not there.

    Raises
    ------
    OSError
        It cannot be written there; it names the target.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as beside:
            made = Path(beside) / target.name
            made.write_bytes(content)
            settle(made.parent)
            made.rename(target)
    except OSError as error:
        raise OSError(error.errno or errno.EIO, error.strerror or str(error), str(target)) from error


def settle(folder: Path) -> None:
    """See to it that every file is on the disk itself, so that a loss of power after the renaming finds it there."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())


def take_place(made: Path, target: Path) -> None:
    """Give a folder the target's name; what stood there stands where the folder was, and goes with what is around
    it.
    """
    if not target.exists():
        made.rename(target)
    elif stays_where_it_is(target):
        move_all(target, made.with_name("old"), manifest_first=True)
        move_all(made, target, manifest_first=False)
    elif not exchange(made, target):
        old = made.with_name("old")
        target.rename(old)
        try:
            made.rename(target)
        except BaseException:
            old.rename(target)
            raise


def stays_where_it_is(folder: Path) -> bool:
    """Whether a folder cannot give way to another: somebody stands in it, who would go on in a folder that is gone, or
    another disk begins there.
    """
    return Path.cwd().is_relative_to(folder) or folder.is_mount()


def move_all(source: Path, target: Path, *, manifest_first: bool) -> None:
    """Move what is in one folder to another. The manifest makes a run of it: it is the first to leave the old, and the
    last to enter the new.
    """
    target.mkdir(exist_ok=True)
    for path in sorted(source.iterdir(), key=lambda path: path.name == runs.MANIFEST, reverse=manifest_first):
        shutil.move(path, target / path.name)


def exchange(one: Path, other: Path) -> bool:
    """Swap two names in one step, which Linux can; whether it was done."""
    if sys.platform != "linux":
        return False
    swap = getattr(ctypes.CDLL(None), "renameat2", None)
    return swap is not None and swap(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0


def refuse_full(folder: Path) -> None:
    """Nothing is written over what somebody keeps.

    Raises
    ------
    Stop
        The folder holds something, or is a file.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Stop(NOTHING, "not_empty", folder)


def refuse_run(folder: Path, *, replace: bool) -> None:
    """A run is only written over where that was asked, and nothing else ever is.

    Raises
    ------
    Stop
        The folder holds a run, and nobody asked to replace it.
    dijk.runs.NoRun
        It holds something else.
    """
    runs.refuse_other(folder)
    if not replace and (folder / runs.MANIFEST).is_file():
        raise Stop(NOTHING, "run_there", folder)


def refuse_report(folder: Path, run: str, *, replace: bool) -> None:
    """A folder of reports holds one run. Another run's report gives way only where that was asked, and what is no
    report never.

    Raises
    ------
    Stop
        The folder holds the report of another run, or something else.
    """
    if not folder.is_dir():
        return refuse_full(folder)
    names = [path.name for path in folder.iterdir()]
    if not all(name.startswith(("report.", "regions.")) for name in names):
        raise Stop(NOTHING, "not_empty", folder)
    if not replace and not all(of_run(name, run) for name in names):
        raise Stop(NOTHING, "report_there", folder)
    return None


def of_run(name: str, run: str) -> bool:
    """Whether a file or folder of a report is of this run, by its name."""
    return name.split(".")[1:2] == [run]


def keep_run(folder: Path, run: runs.Run, origin: Path | None) -> None:
    """Write a run's folder, whole."""
    with in_place(folder) as made:
        runs.write_run(made, runs.run_files(run), origin=origin)


def keep(path: Path, content: bytes) -> None:
    """Write a file, and the folder it is in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def keep_tables(made: Plan, names: Sequence[str], out: Path | None) -> None:
    """Write the full tables of a step, where that was asked: in place of those files alone, for a person may lay the
    tables of several steps in one folder.
    """
    if out is None:
        return
    with in_place(out) as new:
        if out.is_dir():
            shutil.copytree(out, new, dirs_exist_ok=True)
        for name in names:
            keep(new / f"{name}.parquet", runs.parquet(made.tables()[name]))
