"""Whether two checkouts of dijk say the same, byte for byte: every file of a run and of its report, on both examples.

    python benchmarks/same_bytes.py OTHER [--size small national] [--lang nl en] [--keep FOLDER] [--quick]

OTHER is a second checkout (``git worktree add OTHER REVISION``). Both make their plan and their reports from one
dataset, made by OTHER, with this Python and its packages. Each file that differs is printed, tables with the columns
that do. It ends with 1 where anything differs. ``--quick`` takes the small example and sets this checkout beside
itself.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

HERE = Path(__file__).resolve().parent.parent
TELLS_OF_ITSELF = ("manifest.json", "origin.json")
"""Files that name versions, places and digests: they differ wherever anything else does."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", type=Path, nargs="?", default=HERE)
    parser.add_argument("--size", nargs="+", choices=("small", "national"), default=["small", "national"])
    parser.add_argument("--lang", nargs="+", choices=("nl", "en"), default=["nl", "en"])
    parser.add_argument("--keep", type=Path, help="leave what was made in this folder")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    differ = 0
    with tempfile.TemporaryDirectory() as scratch:
        for size in ["small"] if given.quick else given.size:
            before, after = sides(given.other, given.keep or Path(scratch), size, given.lang)
            found = list(differences(before, after))
            print(f"{size}: {len(list(files_in(after)))} files, {len(found)} differ", *found, sep="\n  ", flush=True)
            differ += len(found)
    return int(differ > 0)


def sides(other: Path, folder: Path, size: str, langs: list[str]) -> tuple[Path, Path]:
    """What either checkout makes of one dataset: a folder with ``run`` and ``report`` each."""
    data = folder / size / "data"
    dijk(other, "example", data, "--size", size, "--seed", "1")
    made = []
    for name, checkout in (("before", other), ("after", HERE)):
        side = folder / size / name
        dijk(checkout, "plan", data, "-o", side / "run", "--seed", "1")
        for lang in langs:
            dijk(checkout, "report", side / "run", "-o", side / "report", "--lang", lang)
        made.append(side)
    return made[0], made[1]


def dijk(checkout: Path, *words: str | Path) -> None:
    """Run a command of a checkout."""
    ways = os.environ | {"PYTHONPATH": str(checkout.resolve() / "src")}
    done = subprocess.run([sys.executable, "-m", "dijk", *map(str, words)], env=ways, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{checkout}: dijk {words[0]} ended with {done.returncode}\n{done.stderr}")


def files_in(side: Path) -> Iterator[Path]:
    """Paths of the files that are compared, in their side's folder."""
    yield from (path.relative_to(side) for path in sorted(side.rglob("*")) if path.is_file())


def differences(before: Path, after: Path) -> Iterator[str]:
    """A line for each file that is not the same on both sides."""
    for path in sorted({*files_in(before), *files_in(after)}):
        old, new = before / path, after / path
        if path.name in TELLS_OF_ITSELF:
            continue
        if not old.exists() or not new.exists():
            yield f"{path}: only {'after' if new.exists() else 'before'}"
        elif old.read_bytes() != new.read_bytes():
            yield f"{path}: {', '.join(columns(old, new)) if path.suffix == '.parquet' else 'other bytes'}"


def columns(old: Path, new: Path) -> list[str]:
    """How two tables differ: columns that came, went or hold other values, or the number or order of rows."""
    before, after = pl.read_parquet(old), pl.read_parquet(new)
    told = [f"-{name}" for name in before.columns if name not in after.columns]
    told += [f"+{name}" for name in after.columns if name not in before.columns]
    both = [name for name in before.columns if name in after.columns]
    if before.height != after.height:
        return [*told, f"{before.height} rows before, {after.height} after"]
    if before.select(both).sort(both).equals(after.select(both).sort(both)):
        return told if told else [*told, "the same rows in another order"]
    return told + [name for name in both if not before[name].equals(after[name])]


if __name__ == "__main__":
    sys.exit(main())
