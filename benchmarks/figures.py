"""One line per figure, for people and as JSON: name, value, unit, aim, met or not."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class Figure:
    """A measured figure. ``aim`` says what it should be, ``met`` whether it is; both are empty where no aim is set."""

    name: str
    value: float
    unit: str
    aim: str | None = None
    met: bool | None = None


def publish(figures: Iterable[Figure], json_file: Path | None = None) -> None:
    """Print the figures and, where a file is named, write them as JSON."""
    figures = list(figures)
    width = max(len(figure.name) for figure in figures)
    for figure in figures:
        verdict = "" if figure.met is None else f"  aim {figure.aim}: {'met' if figure.met else 'NOT MET'}"
        print(f"{figure.name:<{width}}  {figure.value:>12,g} {figure.unit}{verdict}")
    if json_file:
        keep(figures, json_file)


def keep(figures: Iterable[Figure], json_file: Path) -> None:
    """Write the figures as JSON."""
    json_file.write_text(json.dumps([asdict(figure) for figure in figures], indent=1) + "\n")


def require(extra: str, *packages: str) -> None:
    """End with one line, before anything is measured, where a package of an extra of dijk is not installed."""
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        print(f"this benchmark needs {', '.join(missing)}: pip install 'dijk[{extra}]'", file=sys.stderr)
        sys.exit(2)


def put(page: Path, name: str, table: pl.DataFrame) -> None:
    """Put a table where a page has marks for it."""
    start, end = f"<!-- {name} -->\n", f"<!-- end {name} -->"
    before, _, rest = page.read_text().partition(start)
    page.write_text(before + start + markdown(table) + end + rest.partition(end)[2])


def markdown(table: pl.DataFrame) -> str:
    def cell(value: object) -> str:
        return (
            f"{value:.3f}"
            if isinstance(value, float) and abs(value) < 1
            else f"{value:.1f}"
            if isinstance(value, float)
            else str(value)
        )

    head = "| " + " | ".join(table.columns) + " |\n|" + " --- |" * table.width + "\n"
    return head + "".join("| " + " | ".join(map(cell, row)) + " |\n" for row in table.iter_rows())
