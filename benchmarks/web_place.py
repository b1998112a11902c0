"""Where a tower that is measured stands: a folder and a database, each process by itself."""

import os
from dataclasses import replace
from pathlib import Path

from figures import Figure, publish

from dijk_web import demo, serving


def open_at(folder: Path, url: str) -> None:
    """Make a new tower there, and use it in this process and those that it starts; without a URL it is on SQLite.

    Raises
    ------
    SystemExit
        What the database acknowledges would not survive a power cut, so that its speed says nothing.
    """
    demo.surround(folder)
    path = os.pathsep.join(filter(None, [str(Path(__file__).parent), os.environ.get("PYTHONPATH")]))
    os.environ |= {"DJANGO_SETTINGS_MODULE": "web_settings", "PYTHONPATH": path}
    if url:
        os.environ["DIJK_DATABASE_URL"] = url
    serving.end_with_parent()
    from dijk_web.opening import open_tower

    open_tower()
    serving.prepare()
    if not survives_a_power_cut():
        raise SystemExit("the database does not wait for the disk: nothing to measure")


def survives_a_power_cut() -> bool:
    """Whether the database waits for the disk before it acknowledges."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            return cursor.execute("PRAGMA synchronous").fetchone() == (2,)
        said = [cursor.execute(f"SHOW {name}").fetchone()[0] for name in ("fsync", "synchronous_commit")]
    return said == ["on", "on"]


def tell(figures: list[Figure]) -> list[Figure]:
    """Print figures as soon as they are there, under the name of the database; the same, so named."""
    from django.db import connection

    named = [replace(one, name=f"{connection.display_name}, {one.name}") for one in figures]
    publish(named)
    return named
