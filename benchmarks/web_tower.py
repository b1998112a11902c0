"""A tower as it is served, measured: ``python web_tower.py DATASET FOLDER URL OUT full|short``, as `web` starts it."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from figures import Figure, keep
from web_orders import orders
from web_pages import pages
from web_place import open_at, tell
from web_slow_line import slow_line

from dijk_web import demo, serving

REPEATS = 3


def main(dataset: str, folder: str, url: str, out: str, form: str) -> None:
    open_at(Path(folder), url)
    from django.db import connection

    planner, _password = demo.fill(Path(dataset))
    figures = tell([export()])
    cores = 1 if connection.vendor == "sqlite" else os.cpu_count() or 1  # as the docs say
    web, full = serving.Web(port=serving.free_port(), processes=cores), form == "full"
    with serving.processes(web) as started:
        if demo.first_plan(planner, started) is None or not serving.answers(web, started):
            raise SystemExit("the tower could not be measured; what it said stands above")
        figures += tell(pages(web, rounds=3 if full else 0, pause=1 if full else 0.2))
        figures += tell(slow_line(web))
        figures += tell(orders(web, connection.vendor, rounds=3 if full else 1, each=5 if full else 2))
        figures += tell([Figure("load average of the last minute", round(os.getloadavg()[0], 1), "processes")])
    keep(figures, Path(out))


def export() -> Figure:
    """All tables at an act beside a plan of them."""
    from dijk.example import AS_OF
    from dijk.inputs import Inputs
    from dijk.plan import plan
    from dijk.policy import Policy
    from dijk_web.bridge import dataset_until
    from dijk_web.chain import last_act

    act = last_act()
    tables = dataset_until(act)
    inputs, policy = Inputs.of(tables, as_of=AS_OF), Policy.of(tables)
    plan(inputs, policy, seed=1)  # compiles the kernels
    exports, plans = [], []
    for _ in range(REPEATS):  # in turn, so that a busy machine slows both
        exports.append(seconds(lambda: dataset_until(act)))
        plans.append(seconds(lambda: plan(inputs, policy, seed=1)))
    rows, ratio = sum(table.height for table in tables.values()), min(exports) / min(plans)
    name = f"export of {rows:,} rows ({min(exports):.2f} s) / plan ({min(plans):.2f} s)"
    return Figure(name, round(ratio, 2), "ratio", "<= 1", ratio <= 1)


def seconds(work: Callable[[], Any]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(*sys.argv[1:])
