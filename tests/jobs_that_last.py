"""Tasks for the tests of the worker, which does them in a process of its own."""

import contextlib
import time
from pathlib import Path

from django_tasks import task


@task()
def lasts(beaten: str, seconds: float) -> str:
    """Say in a file that it began, and end after a while."""
    with Path(beaten).open("a") as file:
        file.write("begun\n")
    time.sleep(seconds)
    return "ended"


@task()
def breaks() -> None:
    """Go wrong."""
    raise ValueError("no such luck")


@task()
def hears_nothing(beaten: str) -> None:
    """Lose whatever is raised while it lasts, as compiled code does that calls Python."""
    with Path(beaten).open("a") as file:
        file.write("begun\n")
    with contextlib.suppress(BaseException):
        time.sleep(60)
