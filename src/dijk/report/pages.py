"""What a report is made of: chapters of sentences, tables and figures that know no language and no form yet.

Every form (HTML, XLSX, PDF) and every language is drawn from the same pages, so they cannot differ in a number.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

if TYPE_CHECKING:
    from dijk.planned import Plan
    from dijk.report.issued import Issued

Tone = Literal["short", "watch", "enough", "unknown"]
"""How a figure stands against the thresholds of the policy. Every form adds a sign: colour never speaks alone."""

Guard = Literal["site", "money"]
"""Why not everyone reads it: it tells of single sites or of lots, or of orders and what they cost. Without a guard a
part is read by all, unless it holds an amount of money; see `edition`.
"""


@dataclass(frozen=True)
class Text:
    """Words that come with the data, in both languages."""

    en: str
    nl: str


@dataclass(frozen=True)
class Say:
    """A sentence or a word from ``words.toml``, with the figures that fill its gaps."""

    key: str
    gaps: tuple[tuple[str, "Cell"], ...] = ()


@dataclass(frozen=True)
class Cell:
    """One figure, or why there is none.

    Attributes
    ----------
    kind
        How it is written: pieces, days, share, money (in cents), date, ...; see `shown`.
    value
        The figure itself; None is unknown, never zero.
    why
        The reason code of a missing value.
    tone
        Where it stands against the thresholds, if it is judged at all.
    below
        A second, smaller line.
    """

    kind: str
    value: Any
    why: str | None = None
    tone: Tone | None = None
    below: Say | None = None

    @property
    def unknown(self) -> bool:
        """Whether there is no figure."""
        return self.value is None


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Column:
    """A column of a page table, and how it is filled from a data frame: ``name`` is the frame's column.

    ``why`` is the reason code that a missing value gets, or the name of the frame's column that holds it; ``guarded``
    is as `Guard` says.
    """

    heading: Say | Text
    kind: str = "text"
    name: str = ""
    why: str = "not_counted"
    guarded: Guard | None = None


@dataclass(frozen=True)
class Table:
    """A table with the number under which a letter may quote it; ``guarded`` is as `Guard` says."""

    ref: str
    title: Say
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    foot: tuple[Row, ...] = ()
    notes: tuple[Say, ...] = ()
    wide: bool = False
    empty: Say = field(default_factory=lambda: Say("table.empty"))
    guarded: Guard | None = None


@dataclass(frozen=True)
class Chart:
    """What a chart shows: its shape and its data, as plain rows; ``charts`` draws it. The axis ends at ``top``, if that
    is given.
    """

    shape: Literal["fan", "bars", "ranges", "tiles"]
    rows: tuple[dict[str, Any], ...]
    y: Say | Text
    marks: tuple[Say | Text, ...] = ()
    top: float | None = None


@dataclass(frozen=True)
class Figure:
    """A chart, what it shows in words, and the table behind it."""

    ref: str
    title: Say
    chart: Chart
    alt: Say
    table: Table
    notes: tuple[Say, ...] = ()


@dataclass(frozen=True)
class Figures:
    """Figures of one kind, which may stand side by side."""

    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Heading:
    """A heading inside a chapter; ``guarded`` is as `Guard` says."""

    words: Say
    guarded: Guard | None = None


@dataclass(frozen=True)
class Prose:
    """A paragraph; ``guarded`` is as `Guard` says."""

    words: Say
    guarded: Guard | None = None


@dataclass(frozen=True)
class Points:
    """A list of sentences, each with the place where its figures stand; the steps of a procedure are ordered."""

    items: tuple[tuple[Say, str | None], ...]
    empty: Say
    ordered: bool = False


@dataclass(frozen=True)
class Key:
    """The legend of the signs."""


Block = Table | Figure | Figures | Heading | Prose | Points | Key


@dataclass(frozen=True)
class Chapter:
    """A numbered chapter; ``key`` is its anchor and names its title in the words."""

    number: int
    key: str
    blocks: tuple[Block, ...]

    @property
    def title(self) -> Say:
        """Its title."""
        return Say(f"chapter.{self.key}")


@dataclass(frozen=True)
class About:
    """Where a report comes from. ``previous`` is the plan of the last report, for what changed since.

    ``next_report`` is when the next one comes, on the clock of its readers, at midnight if only its day is known; None
    is the next Monday or Thursday. ``digest`` is of the inputs, ``run`` names the run, ``version`` is that of dijk.
    ``notices`` stand on every page, beside those that follow from the sources of the data themselves. ``issued`` is
    what a report is told that is issued as an act.
    """

    title: Text
    as_of: dt.datetime
    seed: int
    version: str
    digest: str
    run: str
    interim: bool = False
    notices: tuple[Text, ...] = ()
    previous: "Plan | None" = None
    previous_as_of: dt.datetime | None = None
    next_report: dt.datetime | None = None
    issued: "Issued | None" = None


@dataclass(frozen=True)
class Report:
    """The pages of a report, and the lines per site that stand in a file per region."""

    title: Text
    as_of: dt.datetime
    interim: bool
    notices: tuple[Text, ...]
    chapters: tuple[Chapter, ...]
    lines: pl.DataFrame
    levels: pl.DataFrame
    silent: pl.DataFrame
    number: int | None = None

    def reference(self, ref: str) -> str:
        """What a letter quotes for a table or figure, such as ``dijk 2020-04-27 T3.2``; of a report that was issued
        with its number, ``dijk 2020-04-27/812 T3.2``, for there may be another one of that day.
        """
        return f"dijk {self.as_of:%Y-%m-%d}{'' if self.number is None else f'/{self.number}'} {ref}"

    def contents(self) -> Iterator[tuple[str, Say]]:
        """Every table and figure, by its reference, with its title, in order; tables behind figures follow them."""
        for chapter in self.chapters:
            for block in chapter.blocks:
                if isinstance(block, Table):
                    yield block.ref, block.title
                for figure in figures(block):
                    yield from ((figure.ref, figure.title), (figure.table.ref, figure.table.title))

    def tables(self) -> Iterator[tuple[Chapter, Table]]:
        """Every table, those behind figures included, in order."""
        for chapter in self.chapters:
            for block in chapter.blocks:
                if isinstance(block, Table):
                    yield chapter, block
                else:
                    yield from ((chapter, figure.table) for figure in figures(block))


def figures(block: Block) -> tuple[Figure, ...]:
    """The figures that a block holds."""
    if isinstance(block, Figures):
        return block.figures
    return (block,) if isinstance(block, Figure) else ()


def say(key: str, **gaps: Cell) -> Say:
    """A sentence from the words, with its figures."""
    return Say(key, tuple(gaps.items()))


def rows(frame: pl.DataFrame, columns: tuple[Column, ...]) -> tuple[Row, ...]:
    """Rows of cells from a frame, column by column."""
    by_column = [_cells(frame, column) for column in columns]
    return tuple(zip(*by_column, strict=True)) if by_column else ()


def _cells(frame: pl.DataFrame, column: Column) -> list[Cell]:
    values = frame[column.name].to_list()
    whys = frame[column.why].to_list() if column.why in frame.columns else [column.why] * frame.height
    return [
        Cell(column.kind, value, None if value is not None else why) for value, why in zip(values, whys, strict=True)
    ]
