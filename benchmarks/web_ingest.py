"""How fast many requests are taken in by one act: ``python web_ingest.py DATASET FOLDER URL ROWS OUT``, as `web` starts
it on an empty database. The example's own requests, as often as it takes, each time under other codes.
"""

import sys
import time
from pathlib import Path

import polars as pl
from figures import Figure, keep
from web_place import open_at, tell

AIM = 50_000


def main(dataset: str, folder: str, url: str, rows: str, out: str) -> None:
    open_at(Path(folder), url)
    keep(tell([ingest(many(Path(dataset), int(rows)))]), Path(out))


def many(dataset: Path, rows: int) -> pl.DataFrame:
    """So many requests."""
    from dijk.files import read_folder

    own = read_folder(dataset).tables["request"].unique("request", keep="last", maintain_order=True)
    times = -(-rows // own.height)
    parts = [own.with_columns(pl.col("request") + f".{at}") for at in range(times)]
    return pl.concat(parts).head(rows)


def ingest(rows: pl.DataFrame) -> Figure:
    """Rows a second, until they are committed with the projection and the digest in the log."""
    from dijk_web.actions.take_in import take_in
    from dijk_web.demo import seat
    from dijk_web.models import Act, Person, Request, RequestRow

    planner = Person(**seat("planner", "Planner"))
    began = time.perf_counter()
    number = take_in({"request": rows}, by=planner, reason="a benchmark")
    took = time.perf_counter() - began
    sealed = Act.objects.get(number=number).added["request"][0]
    if {RequestRow.objects.count(), Request.objects.count(), sealed} != {rows.height}:
        raise RuntimeError("not all that was taken in is there")
    speed = rows.height / took
    return Figure(f"ingest of {rows.height:,} requests", round(speed), "rows/s", f">= {AIM:,}", speed >= AIM)


if __name__ == "__main__":
    main(*sys.argv[1:])
