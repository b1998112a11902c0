"""How often each check of meaning fires on a clean country, and how many planted faults of its kind it finds.

    python benchmarks/checks.py [--quick] [--json FILE]

A clean country is the example: its planted dirt counts as clean. A fault is found if a suspect is named that was not
there before. A value is planted so far off as the check could tell: by a factor of a unit beyond the factor that is
still ordinary, in a row that has peers, and of use beyond all that was had. Nearer ones are not looked for: they are
what a clean country has too. ``--quick`` plants 20 faults instead of 200 a check, and leaves the national country out.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from figures import Figure, publish

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from dijk.check.plausible import HELD_AGAINST, OF_ALL_ROWS, HeldAgainst, every_suspect, suspects, whole
from dijk.check.plausible.seen import Seen
from dijk.example import AS_OF, example
from dijk.inputs import Inputs
from dijk.policy import Policy
from planted_meaning import Tables, plant

HANDFUL, MOST_SECONDS, LEAST_FOUND, SEED = 5, 3, 0.5, 11


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    small = example("small", seed=SEED)
    figures = [*clean("small", small), *planted(small, times=20 if given.quick else 200)]
    if not given.quick:
        figures = [*clean("national", example("national", seed=1)), *figures]
    publish(figures, given.json)


def clean(size: str, tables: Tables) -> Iterator[Figure]:
    """How often each check fires that fires at all, and how long all of them take."""
    start = time.perf_counter()
    fired = every_suspect(Inputs.of(tables, as_of=AS_OF), Policy.of(tables))
    took = time.perf_counter() - start
    yield Figure(
        f"{size}, all checks", round(took, 2), "s, reduction included", f"<= {MOST_SECONDS}", took <= MOST_SECONDS
    )
    for number, check, found in ((n, *both) for n, both in enumerate(fired.items())):
        if found.height:
            name = f"{size}, {number} {check.name}"
            yield Figure(name, found.height, "rows", f"<= {HANDFUL}", found.height <= HANDFUL)


def planted(tables: Tables, *, times: int) -> Iterator[Figure]:
    """The share of planted faults that each check finds."""
    shares = {check: found_of(tables, check, times) for check in HELD_AGAINST}
    for number, (check, share) in enumerate(shares.items()):
        yield Figure(f"planted, {number} {check.name}", share, f"of {times}", f">= {LEAST_FOUND}", share >= LEAST_FOUND)
    yield Figure("planted, all checks", round(float(np.mean(list(shares.values()))), 3), "found")


def seen(tables: Tables, check: HeldAgainst) -> Seen:
    """What the check looks at."""
    inputs, policy = Inputs.of(tables, as_of=AS_OF), Policy.of(tables)
    return whole(inputs, policy) if check.by in OF_ALL_ROWS else Seen(inputs.known(), policy.known(AS_OF))


def found_of(tables: Tables, check: HeldAgainst, times: int) -> float:
    """The share of faults of one check's kind that it finds; the same for the same check."""
    before = set(suspects(seen(tables, check), check).rows())
    random = np.random.default_rng(SEED)
    after = (suspects(seen(plant(tables, check, random), check), check) for _ in range(times))
    return sum(not set(found.rows()) <= before for found in after) / times


if __name__ == "__main__":
    main()
