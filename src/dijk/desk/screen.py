"""What the command line prints: numbers as people write them, tables, and progress on stderr."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dijk.tables.languages import MONTHS, figure

WIDE = 200
"""Columns of a table that goes to a file or a pipe, where nobody's window sets the width."""

# Numbers as people write them; a missing one is a dash, never a zero.


def whole(value: int | float | None, lang: str) -> str:
    """A whole number with thousands apart."""
    return "–" if value is None else swap(figure(value, places=0), lang)


def decimal(value: float | None, lang: str) -> str:
    """One decimal."""
    return "–" if value is None else swap(figure(value, places=1), lang)


def percent(value: float | None, lang: str) -> str:
    """A share as whole percents."""
    return "–" if value is None else f"{whole(value * 100, lang)}%"


def euros(cents: int | None, lang: str) -> str:
    """Money in euros, in millions where it is as much, from integer cents; a dash where it is not known."""
    if cents is None:
        return "–"
    if abs(cents) < 1e8:
        amount = whole(cents / 100, lang)
        return f"€ {amount}" if amount[0] not in "<>" else f"{amount[0]} € {amount[2:]}"
    return f"€ {swap(f'{cents / 1e8:,.1f}', lang)} {'miljoen' if lang == 'nl' else 'million'}"


def swap(text: str, lang: str) -> str:
    """Point and comma as the language has them."""
    return text.translate(str.maketrans(",.", ".,")) if lang == "nl" else text


def moment(at: dt.datetime, lang: str) -> str:
    """A moment in UTC, for a person."""
    return f"{at.day} {MONTHS[lang][at.month - 1]} {at.year}, {at:%H:%M} UTC"


# To the screen. What is asked for goes to stdout; what tells of the work goes to stderr.


def console(*, stderr: bool = False) -> Console:
    """Where people read; without a window it is wide, so that nothing is cut off in a file or a pipe."""
    found = Console(stderr=stderr, highlight=False, soft_wrap=True)
    return found if found.is_terminal else Console(stderr=stderr, highlight=False, soft_wrap=True, width=WIDE)


def tell(text: str) -> None:
    """A line on stderr."""
    console(stderr=True).print(text, markup=False)


@contextmanager
def working(text: str) -> Iterator[None]:
    """Shows on stderr what is being done, for as long as it lasts; silent when that is no terminal."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield
        return
    with screen.status(text):
        yield


def give(what: Mapping[str, Any], *parts: Any, as_json: bool) -> None:
    """The answer on stdout: as JSON where that was asked, else as tables and sentences."""
    if as_json:
        print(json.dumps(what, default=str, ensure_ascii=False, indent=1))
        return
    for part in parts:
        console().print(part, markup=False)


def table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = (), whole_words: int = 1
) -> Table:
    """A table of texts; the columns named in ``right`` are numbers. These and the first ``whole_words`` columns are
    never broken.
    """
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for i, heading in enumerate(headings):
        if i in right:  # a heading may be broken, a number never
            grid.add_column(heading, justify="right", min_width=max((len(row[i]) for row in rows), default=0))
        else:
            grid.add_column(heading, overflow="fold", no_wrap=i < whole_words)
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    return grid


def named(codes: pl.Series, needs: pl.DataFrame, lang: str) -> dict[str, str]:
    """Names of needs by their code, in the order of the names."""
    found = needs.filter(pl.col("need").is_in(codes.implode())).unique("need", keep="last").sort(f"name_{lang}")
    return dict(found.select("need", f"name_{lang}").rows())
