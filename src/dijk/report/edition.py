"""The edition of a report for all readers: without money, order lines, lots, and what single sites told."""

from dataclasses import replace

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

MONEY = {"money", "euros", "cents"}
"""Kinds of cells that are money."""

OF_SUMS = {"purchase.words.left_out", "purchase.words.unsaid", "purchase.sums.note"}
"""Sentences on what sums of money leave out."""


def general(report: Report) -> Report:
    """The pages of a report that everyone may read.

    Of a table the columns go that are money or guarded, and the rows that still hold money; a guarded table goes
    whole, and a sentence with money in it too. Numbers of what is left stay as they were, so that a figure has one
    reference in both editions. The lines per site are left out.

    Parameters
    ----------
    report
        The whole report.

    Returns
    -------
    Report
        Its general edition, which says that it is one; the same for a report that is one already.
    """
    chapters = tuple(_chapter(chapter) for chapter in report.chapters)
    there = {ref for ref, _title in replace(report, chapters=chapters).contents()}
    notice = Text(*words()["notice.general"])
    return replace(
        report,
        notices=tuple(dict.fromkeys([*report.notices, notice])),
        chapters=tuple(_leading_somewhere(chapter, there) for chapter in chapters),
        lines=report.lines.clear(),
        silent=report.silent.clear(),
    )


def _chapter(chapter: Chapter) -> Chapter:
    kept = (_block(block) for block in chapter.blocks)
    return replace(chapter, blocks=tuple(block for block in kept if block is not None))


def _block(block: Block) -> Block | None:
    match block:
        case Heading() | Prose() | Table() if block.guarded:
            return None
        case Table():
            return _table(block)
        case Figure():
            return None if block.table.guarded else replace(block, table=_table(block.table))
        case Figures():
            return Figures(tuple(replace(one, table=_table(one.table)) for one in block.figures))
        case Prose():
            return None if _is_money(block.words) else block
        case Points():
            return replace(block, items=tuple(item for item in block.items if not _is_money(item[0])))
    return block


def _table(table: Table) -> Table:
    kept = [place for place, column in enumerate(table.columns) if not (column.guarded or column.kind in MONEY)]

    def left(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        lines = (tuple(row[place] for place in kept) for row in rows)
        return tuple(line for line in lines if not any(map(_is_money, line)))

    return replace(
        table,
        columns=tuple(table.columns[place] for place in kept),
        rows=left(table.rows),
        foot=left(table.foot),
        notes=tuple(note for note in table.notes if not _is_money(note)),
    )


def _is_money(told: Cell | Say | Text | None) -> bool:
    """Whether a cell is money, or a sentence holds some, however deep."""
    match told:
        case Cell():
            inside = told.value if isinstance(told.value, Say) else None
            return told.kind in MONEY or _is_money(inside) or _is_money(told.below)
        case Say():
            return told.key in OF_SUMS or any(_is_money(cell) for _gap, cell in told.gaps)
    return False


def _leading_somewhere(chapter: Chapter, there: set[str]) -> Chapter:
    """A chapter of which no sentence leads to a table that is not there."""

    def led(block: Block) -> Block:
        if not isinstance(block, Points):
            return block
        return replace(block, items=tuple((said, ref if ref in there else None) for said, ref in block.items))

    return replace(chapter, blocks=tuple(map(led, chapter.blocks)))
