"""The row with the headings: where it is, which column each names, and in which unit."""

import difflib
import re
from dataclasses import dataclass, field, replace

import dataframely as dy

from dijk.files.findings import Row, Where, finding
from dijk.files.grid import Grid
from dijk.files.words import (
    PACK_HEADINGS,
    PACK_SIZE_HEADINGS,
    UNIT_HEADINGS,
    headings_of,
    our_headings,
    plain,
    unit_in,
)
from dijk.tables import FACTS, ON_DISK, POLICY, REGISTERS

LOOK_AT = 40
"""Rows in which the heading is looked for."""

PACKS, PACK_SIZE, UNIT = "(packs)", "(pack size)", "(unit)"
"""Columns that a table does not have, but that help to read its pieces."""

FILLED_IN = ("known_at", "source", "how")
"""Columns that a dataset may leave out of facts, registers and judgements; see `dijk.files.table.fillings`."""


@dataclass(frozen=True)
class Label:
    """A heading as found: its column in the grid, its words, and the unit they name."""

    place: str
    words: str
    unit: str | None = None


@dataclass(frozen=True)
class Heading:
    """Which column of the grid holds which column of the table; ``first`` is the first row below the heading."""

    labels: dict[str, Label]
    first: int
    findings: list[Row] = field(default_factory=list)
    ours: frozenset[str] = frozenset()
    """Which of the columns are there that dijk writes beside those of a table (``OURS``)."""

    def words(self, column: str) -> str:
        """The heading above a column, as its reader knows it."""
        return self.labels[column].words if column in self.labels else column


def find_heading(grid: Grid, table: str, where: Where) -> Heading | None:
    """The heading of a table, or None where no row has enough of its headings to be one."""
    if grid.heading is not None:
        return named(list(grid.heading), grid, table, where, first=0)
    top = [["" if cell is None else str(cell) for cell in row] for row in grid.cells.head(LOOK_AT).iter_rows()]
    known = {**headings_of(table), **helpers(table)}
    scores = [len({known[plain(cell)] for cell in row if plain(cell) in known}) for row in top]
    best = max(range(len(top)), key=lambda i: scores[i], default=None)
    if best is None or scores[best] < min(2, len(ON_DISK[table].column_names())):
        return None
    labels, depth = top[best], 1
    if best and (joined := over_two_rows(top[best - 1], top[best], known)):
        labels, depth = joined, 2
    heading = named(labels, grid, table, where, first=best + 1)
    said = [finding("SHEET-10", where, row=int(grid.rows[best - 1]))] if depth == 2 else []
    above = sum(1 for row in top[: best + 1 - depth] if any(row))
    if above:
        words = {"heading": grid.rows[best]}
        said.append(
            finding(
                "SHEET-01",
                where,
                row=int(grid.rows[0]),
                found=next((c for r in top for c in r if c), None),
                rows=above,
                words=words,
            )
        )
    return replace(heading, findings=said + heading.findings)


def over_two_rows(upper: list[str], lower: list[str], known: dict[str, str]) -> list[str] | None:
    """Headings of two rows joined, where the upper one names columns that the lower one leaves empty; else None."""
    joined = [low or up for up, low in zip(upper, lower, strict=True)]
    gained = {known[plain(up)] for up, low in zip(upper, lower, strict=True) if not low and plain(up) in known}
    below = {known[plain(low)] for low in lower if plain(low) in known}
    return joined if gained - below else None


def helpers(table: str) -> dict[str, str]:
    """Headings beside those of the table that help to read its pieces."""
    columns = ON_DISK[table].column_names()
    if "pieces" not in columns:
        return {}
    packs = {} if "packs" in columns else dict.fromkeys(PACK_HEADINGS, PACKS)
    sizes = {} if "pieces_per_pack" in columns else dict.fromkeys(PACK_SIZE_HEADINGS, PACK_SIZE)
    return packs | sizes | dict.fromkeys(UNIT_HEADINGS, UNIT)


def named(labels: list[str], grid: Grid, table: str, where: Where, *, first: int) -> Heading:
    """Which column each label names, with a finding for what is double, unknown or missing."""
    known = {**helpers(table), **headings_of(table)}
    out: dict[str, Label] = {}
    found: list[Row] = []
    row = None if grid.heading is not None else int(grid.rows[first - 1])
    strange: list[Label] = []
    ours = {name for words in labels if (name := our_headings().get(plain(words)))}
    for place, words in zip(grid.cells.columns, labels, strict=True):
        label = Label(place, " ".join(words.split()), unit_in(words))
        column = known.get(plain(words))
        if column is None:
            strange += [label] if words and plain(words) not in our_headings() else []
        elif column in out:
            found.append(
                finding("HEAD-03", where, row=row, column=label.words, found=label.words, words={"column": column})
            )
        else:
            out[column] = label
    if "pieces" in out and out["pieces"].unit is None and PACKS in out:
        found.append(finding("NUM-22", where, row=row, column=out[PACKS].words, found=out[PACKS].words))
        del out[PACKS]
    found += boxes_or_twelve(out, table, where, row)
    out, strange, said = misspelt(out, strange, table, where, row)
    for label in strange:
        hint = hint_for(label.words, table)
        found.append(finding("HEAD-04", where, row=row, column=label.words, found=label.words, words={"hint": hint}))
    return Heading(out, first, found + said + missing(out, strange, where, row), frozenset(ours))


def boxes_or_twelve(out: dict[str, Label], table: str, where: Where, row: int | None) -> list[Row]:
    """A warning where the word ``dozen`` stands among English headings, where it may mean twelve."""
    dutch = {plain(both_names(table, name)[1]) for name in ON_DISK[table].column_names()} - set(
        ON_DISK[table].column_names()
    )
    if any(plain(label.words) in dutch for label in out.values()):
        return []
    doubtful = [
        label
        for name in ("pieces", PACKS)
        if (label := out.get(name)) and re.search(r"\bdozen\b", label.words.casefold())
    ]
    return [finding("NUM-20", where, row=row, column=label.words, found=label.words) for label in doubtful]


def misspelt(
    out: dict[str, Label], strange: list[Label], table: str, where: Where, row: int | None
) -> tuple[dict[str, Label], list[Label], list[Row]]:
    """Take a strange heading for a column that must be there, where it is nearly its name and nothing else comes as
    near.
    """
    found: list[Row] = []
    for column in required(table):
        if column in out:
            continue
        names = [word for word, name in headings_of(table).items() if name == column and len(word) > 3]
        near = [label for label in strange if difflib.get_close_matches(plain(label.words), names, n=1, cutoff=0.8)]
        if len(near) == 1:
            out = {**out, column: near[0]}
            strange = [label for label in strange if label is not near[0]]
            found.append(
                finding(
                    "HEAD-07",
                    where,
                    row=row,
                    column=near[0].words,
                    found=near[0].words,
                    words={"column": both_names(table, column)},
                )
            )
    return out, strange, found


def missing(out: dict[str, Label], strange: list[Label], where: Where, row: int | None) -> list[Row]:
    """An error for each column that must be there and is not, with the question whether a strange heading is meant."""
    table, found = where.table, []
    for column in required(table):
        if column in out or (column == "pieces" and PACKS in out):
            continue
        hint = question(column, [label.words for label in strange if may_mean(label.words, column, table)])
        name, said = both_names(table, column), meaning(ON_DISK[table].columns()[column])
        words = {"column": name, "meaning": said, "hint": hint}
        found.append(finding("HEAD-02", where, row=row, column=column, words=words))
    return found


def may_mean(words: str, column: str, table: str) -> bool:
    """Whether a strange heading holds the words of a known one of this column: Voorraad per 24-4."""
    names = [name for name, known in headings_of(table).items() if known == column]
    return any(f"_{name}_" in f"_{plain(words)}_" for name in names if len(name) > 2)


def question(column: str, headings: list[str]) -> tuple[str, str]:
    """Whether one of these headings is meant."""
    if not headings:
        return "", ""
    both = " / ".join(f"'{words}'" for words in headings)
    return f"Is {both} meant? Then call it {column}.", f"Is {both} bedoeld? Noem die dan zo."


def required(table: str) -> list[str]:
    """Columns that a file of this table must have: those that may not be empty and have no value of their own accord.

    The value of a fact is among them, though a single one may be missing with its reason.
    """
    filled = (*FILLED_IN, *DEFAULTS.get(table, {})) if table in {**FACTS, **REGISTERS, **POLICY} else ()
    columns = ON_DISK[table].columns()
    return [
        name
        for name, column in columns.items()
        if name not in filled and (not column.nullable or name == value_of(table))
    ]


def value_of(table: str) -> str | None:
    """The column of a fact that holds its value, which may be missing with a reason."""
    names = ON_DISK[table].column_names()
    return (
        next((name for name in ("pieces", "value", "units") if "reason" in names and name in names), None)
        if table in FACTS
        else None
    )


DEFAULTS: dict[str, dict[str, object]] = {
    "stock": {"lot": "-"},
    "delivery": {"lot": "-"},
    "request": {"urgent": False},
    "inbound": {"received_pieces": 0},
}
"""What is taken where a file says nothing: no lot is kept, nothing is urgent, nothing has come in yet."""


def both_names(table: str, column: str) -> tuple[str, str]:
    """A column's heading in English and Dutch."""
    return column, str((ON_DISK[table].columns()[column].metadata or {}).get("nl"))


def meaning(column: dy.Column) -> tuple[str, str]:
    """What a column means, in English and Dutch, as a sentence."""
    note = str((column.metadata or {}).get("nl_note") or "")
    return column.description or "", (note[:1].upper() + note[1:] + ".") if note else ""


def hint_for(words: str, table: str) -> tuple[str, str]:
    """A column that a strange heading may have meant."""
    near = difflib.get_close_matches(plain(words), list(headings_of(table)), n=1, cutoff=0.75)
    held = [name for name in required(table) if may_mean(words, name, table)]
    if not near and not held:
        return "", ""
    en, nl = both_names(table, headings_of(table)[near[0]] if near else held[0])
    return f"Did you mean {en}?", f"Bedoelde u {nl}?"
