"""The editions of a report: for those who read all of it, without what single sites told, and also without money."""

from dataclasses import replace
from typing import Literal

from dijk.report.pages import (
    Block,
    Cell,
    Chapter,
    Figure,
    Figures,
    Heading,
    Points,
    Prose,
    Report,
    Row,
    Say,
    Table,
    Text,
)
from dijk.report.words import words

Edition = Literal["full", "money", "general"]
EDITIONS: tuple[Edition, ...] = ("full", "money", "general")
"""All of it; without what single sites told; and also without orders and money, for all readers."""

FORMS = ("html", "xlsx", "pdf")
"""The forms of a report."""

GUARDED: dict[Edition, set[str | None]] = {"full": set(), "money": {"site"}, "general": {"site", "money"}}
"""What each leaves out."""

MONEY = {"money", "euros", "cents"}
"""Kinds of cells that are money."""

OF_SUMS = {"purchase.words.left_out", "purchase.words.unsaid", "purchase.sums.note"}
"""Sentences on what sums of money leave out."""


def file_name(run: str, name: Edition, lang: str, form: str) -> str:
    """What the file of a report of a run is called, in an edition, language and form."""
    return ".".join(["report", run, *([] if name == "full" else [name]), lang, form])


def edition_of_file(called: str) -> Edition:
    """The edition of a file that `file_name` called so."""
    return next((one for one in EDITIONS if f".{one}." in called), "full")


def edition(report: Report, name: Edition) -> Report:
    """The pages of a report that some readers may read.

    Blocks and columns go that are guarded against them; of money also the columns, rows and sentences that hold some.
    Numbers of what is left stay as they were, so that a figure has one reference in every edition. The lines per site
    are in the full one alone.

    Parameters
    ----------
    report
        The whole report.
    name
        Which edition; ``full`` is the report itself.

    Returns
    -------
    Report
        The edition, which says that it is one.
    """
    if name == "full":
        return report
    chapters = tuple(_chapter(chapter, GUARDED[name]) for chapter in report.chapters)
    there = {ref for ref, _title in replace(report, chapters=chapters).contents()}
    return replace(
        report,
        notices=(*report.notices, Text(*words()[f"notice.{name}"])),
        chapters=tuple(_leading_somewhere(chapter, there) for chapter in chapters),
        lines=report.lines.clear(),
        silent=report.silent.clear(),
    )


def _chapter(chapter: Chapter, guarded: set[str | None]) -> Chapter:
    kept = (_block(block, guarded) for block in chapter.blocks)
    return replace(chapter, blocks=tuple(block for block in kept if block is not None))


def _block(block: Block, guarded: set[str | None]) -> Block | None:
    match block:
        case Heading() | Prose() | Table() if block.guarded in guarded:
            return None
        case Table():
            return _table(block, guarded)
        case Figure():
            return replace(block, table=_table(block.table, guarded))
        case Figures():
            return Figures(tuple(replace(one, table=_table(one.table, guarded)) for one in block.figures))
        case Prose():
            return None if _goes(block.words, guarded) else block
        case Points():
            return replace(block, items=tuple(item for item in block.items if not _goes(item[0], guarded)))
    return block


def _table(table: Table, guarded: set[str | None]) -> Table:
    def stays(place: int) -> bool:
        column = table.columns[place]
        return column.guarded not in guarded and not ("money" in guarded and column.kind in MONEY)

    kept = [place for place in range(len(table.columns)) if stays(place)]

    def left(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        lines = (tuple(row[place] for place in kept) for row in rows)
        return tuple(line for line in lines if not any(_goes(cell, guarded) for cell in line))

    return replace(
        table,
        columns=tuple(table.columns[place] for place in kept),
        rows=left(table.rows),
        foot=left(table.foot),
        notes=tuple(note for note in table.notes if not _goes(note, guarded)),
    )


def _goes(told: Cell | Say | Text | None, guarded: set[str | None]) -> bool:
    """Whether a cell is money that is guarded, or a sentence holds some, however deep."""
    if "money" not in guarded:
        return False
    match told:
        case Cell():
            inside = told.value if isinstance(told.value, Say) else None
            return told.kind in MONEY or _goes(inside, guarded) or _goes(told.below, guarded)
        case Say():
            return told.key in OF_SUMS or any(_goes(cell, guarded) for _gap, cell in told.gaps)
    return False


def _leading_somewhere(chapter: Chapter, there: set[str]) -> Chapter:
    """A chapter of which no sentence leads to a table that is not there."""

    def led(block: Block) -> Block:
        if not isinstance(block, Points):
            return block
        return replace(block, items=tuple((said, ref if ref in there else None) for said, ref in block.items))

    return replace(chapter, blocks=tuple(map(led, chapter.blocks)))
