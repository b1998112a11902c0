"""How much a national plan costs beyond reducing and joining its own tables.

    python benchmarks/plan.py [--quick] [--json FILE]

The baseline is ``polars_pass``: Polars alone does the as-of reductions and the joins that a plan cannot do without, and
nothing else. Reading and rendering are measured apart. ``--quick`` takes the small example, whose ratios say little.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import polars as pl
from figures import Figure, publish

from dijk.example import AS_OF
from dijk.files import read_folder
from dijk.inputs import Inputs
from dijk.plan import plan
from dijk.planned import Plan
from dijk.policy import Policy
from dijk.report import About, Lang, Report, Text, html, pdf, region_lists, report, xlsx

REPEATS = 3
Result = TypeVar("Result")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    size = "small" if given.quick else "national"

    with tempfile.TemporaryDirectory() as folder:
        # in a process of its own, so that making the example does not count as memory of the plan
        make = [sys.executable, "-m", "dijk", "example", folder, "--size", size, "--seed", "1", "--form", "parquet"]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
        reading, dataset = timed(lambda: read_folder(Path(folder)))
    inputs, policy = Inputs.of(dataset.tables, as_of=AS_OF), Policy.of(dataset.tables)

    plan(inputs, policy, seed=1)  # compiles the kernels
    planned_gib = peak_gib()
    passes, plans, made = [], [], None
    for _ in range(REPEATS):  # in turn, so that a busy machine slows both
        passes.append(timed(lambda: polars_pass(inputs, policy))[0])
        seconds, made = timed(lambda: plan(inputs, policy, seed=1))
        plans.append(seconds)
    ratio = min(plans) / min(passes)
    rendering, _ = timed(lambda: render(inputs, policy, made, "nl"))
    publish(
        [
            Figure("rows in", sum(t.height for t in dataset.tables.values()), "rows"),
            Figure("polars pass (as-of reductions and joins)", round(min(passes), 3), "s"),
            Figure("plan", round(min(plans), 3), "s"),
            Figure("plan / polars pass", round(ratio, 2), "ratio", "<= 5", ratio <= 5),
            Figure("reading (Parquet)", round(reading, 2), "s"),
            Figure(
                "rendering, a language (three forms, region lists)", round(rendering, 1), "s", "<= 10", rendering <= 10
            ),
            Figure("peak memory, reading and a plan", round(planned_gib, 2), "GiB", "<= 2", planned_gib <= 2),
            Figure("peak memory with rendering", round(peak_gib(), 2), "GiB"),
        ],
        given.json,
    )


def polars_pass(inputs: Inputs, policy: Policy) -> int:
    """The reductions and joins of a plan in plain Polars: rows touched, so that nothing is skipped."""
    world, rules = inputs.known(), policy.known(inputs.as_of)
    accepted = rules.acceptance.select("product", "need")
    places = world.site.select("site", "sector", "region")
    weight = (
        world.activity.join(places, on="site")
        .join(rules.norm.select("need", "sector", "risk_class", "driver", "mid"), on=["sector", "risk_class", "driver"])
        .group_by("site", "need", "risk_class")
        .agg((pl.col("units") * pl.col("mid")).sum().alias("w"))
    )
    cells = weight.group_by("site", "need").agg(pl.col("w").sum())
    counts = world.stock.join(accepted, on="product").group_by("site", "need", "day").agg(pl.col("pieces").sum())
    last = counts.group_by("site", "need").agg(pl.col("day").max())
    held = cells.join(counts.join(last, on=["site", "need", "day"]), on=["site", "need"], how="left")
    came = world.delivery.select("site", "need", "day", "pieces").join(
        held.select("site", "need", since="day"), on=["site", "need"]
    )
    receipts = came.filter(pl.col("day") > pl.col("since")).group_by("site", "need").agg(pl.col("pieces").sum())
    asked = (
        world.request.join(cells, on=["site", "need"], how="left").group_by("site", "need").agg(pl.col("pieces").sum())
    )
    claims = weight.join(held, on=["site", "need"]).join(receipts, on=["site", "need"], how="left", suffix="_in")
    claims = claims.join(asked, on=["site", "need"], how="left", suffix="_asked").join(places, on="site")
    flows = (
        world.delivery.join(places, on="site")
        .group_by("need", "sector", "region", "channel")
        .agg(pl.col("pieces").sum())
    )
    return claims.height + flows.height


def render(inputs: Inputs, policy: Policy, made: Plan, lang: Lang) -> int:
    """All forms in a language, and the lists of the regions: bytes written."""
    title = Text("Benchmark", "Meting")
    about = About(title=title, as_of=inputs.as_of, seed=1, version="-", digest="-", run="-")
    page = report(inputs.known(), policy.known(inputs.as_of), made, about=about)
    forms = (html(page, lang), xlsx(page, lang), pdf(page, lang), *_lists(page, lang))
    return sum(map(len, forms))


def _lists(page: Report, lang: Lang) -> list[bytes]:
    """The lists of the regions, made as the command line makes them."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(region_lists(page, lang, each=threads.map).values())


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def peak_gib() -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30


if __name__ == "__main__":
    main()
