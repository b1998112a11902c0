"""A lock on a file that one process holds at a time; the system takes it from a process that ends, however it ends."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO


@contextlib.contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Wait until no other process holds the lock, and hold it. Threads of one process need a lock of their own before
    it, since the system does not tell them apart.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a") as file:
        _take(file)
        yield  # closing the file gives it back


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[str]) -> None:
        while True:
            with contextlib.suppress(OSError):  # it gives up after ten seconds
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                return

else:
    import fcntl

    def _take(file: IO[str]) -> None:
        """A lock of this process alone: its own children do not hold it on."""
        fcntl.lockf(file, fcntl.LOCK_EX)
