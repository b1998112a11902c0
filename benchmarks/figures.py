"""One line per figure, for people and as JSON: name, value, unit, aim, met or not."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


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
        json_file.write_text(json.dumps([asdict(figure) for figure in figures], indent=1) + "\n")
