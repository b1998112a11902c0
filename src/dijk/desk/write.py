"""What a command leaves on the disk."""

from collections.abc import Sequence
from pathlib import Path

from dijk import runs
from dijk.desk.ending import NOTHING, Stop
from dijk.plan import Plan


def refuse_full(folder: Path) -> None:
    """Nothing is written over what somebody keeps.

    Raises
    ------
    Stop
        The folder holds something, or is a file.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Stop(NOTHING, "not_empty", folder)


def keep(path: Path, content: bytes) -> str:
    """Write a file, and the folder it is in; its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return str(path)


def keep_tables(made: Plan, names: Sequence[str], out: Path | None) -> None:
    """Write the full tables of a step, where that was asked."""
    if out is None:
        return
    for name in names:
        keep(out / f"{name}.parquet", runs.parquet(made.tables()[name]))
