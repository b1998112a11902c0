"""Findings on the screen: a table or sentences, errors last and nearest to the prompt, and how many there are."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from rich.table import Table

from dijk.check import BadInput, worst_first
from dijk.desk.screen import console, table, whole
from dijk.desk.words import say
from dijk.files import heading_of, name_of
from dijk.tables import ON_DISK
from dijk.tables.languages import Lang

NARROW = 120
"""A window with fewer columns gets findings as sentences."""

Told = dict[str, Any]
"""A line on the screen: severity, code, where, row, column, found, wanted, rows."""

ON_FILES = ("FILE", "SHEET", "HEAD", "CELL", "NUM", "DATE", "ROW")
"""Kinds of finding on reading, in the order in which one causes the other."""

CAUSES = (*ON_FILES, "REF", "REG")
"""Kinds of finding that may be the cause of others, which follow them."""

FILLED_IN = ("HEAD-05", "CELL-13")
"""Findings that say what was filled in."""

BY_NAME = ("HEAD-02", "HEAD-05", "ROW-05", "ROW-06")
"""Findings on reading that name a column as its table does."""


def findings_table(findings: pl.DataFrame, lang: str, width: int | None = None) -> Table:
    """All findings, as a person reads them before the prompt; see `told`. In a narrow window each is a sentence."""
    found = told(findings, lang)
    if (console().width if width is None else width) < NARROW:
        lines = [[f"{say(one['severity'], lang)} {one['code']}", sentence(one, lang)] for one in found]
        return table([say("severity", lang), say("found", lang)], lines)
    headings = [say(key, lang) for key in ("severity", "code", "where", "row", "column", "found", "wanted", "rows")]
    rows = [
        [
            say(one["severity"], lang),
            one["code"],
            one["where"],
            "" if one["row"] is None else str(one["row"]),
            one["column"] or "",
            one["found"] or "",
            one["wanted"],
            whole(one["rows"], lang),
        ]
        for one in found
    ]
    return table(headings, rows, right=(3, 7))


def told(findings: pl.DataFrame, lang: str) -> list[Told]:
    """Findings as lines in a language, under the names of sheets and columns that their reader knows.

    Notes come first and errors last, nearest to the prompt; among equals what may be the cause of others comes before
    these. Notes of one kind on several tables are one line, and so are all columns that were filled in.
    """
    rows = in_order(findings).drop("examples").to_dicts()
    lines = [line(row, lang) for row in rows if row["code"] not in FILLED_IN]
    filled = [row for row in rows if row["code"] in FILLED_IN]
    return ([filled_line(filled, lang)] if filled else []) + together(lines)


def in_order(findings: pl.DataFrame) -> pl.DataFrame:
    """Notes, warnings, errors; of each the causes first, by kind of finding and then by table, registers first."""
    severities, tables = ["note", "warning", "error"], list(ON_DISK)
    group = pl.col("code").str.split("-").list.first()
    keys = {
        "_how_grave": pl.col("severity").cast(pl.String).replace_strict(severities, range(3), return_dtype=pl.Int64),
        "_cause": group.replace_strict(CAUSES, range(len(CAUSES)), default=len(CAUSES), return_dtype=pl.Int64),
        "_table": pl.col("table").replace_strict(tables, range(len(tables)), default=-1, return_dtype=pl.Int64),
    }
    return worst_first(findings).with_columns(**keys).sort(*keys, maintain_order=True).drop(*keys)


def line(row: Mapping[str, Any], lang: str) -> Told:
    """One finding as a line."""
    where = row["file"] or (name_of(row["table"], lang_of(lang)) if row["table"] in ON_DISK else row["table"])
    kept = {key: row[key] for key in ("severity", "code", "row", "found", "rows")}
    return {**kept, "where": where, "column": column_said(row, lang), "wanted": row[f"wanted_{lang}"]}


def column_said(row: Mapping[str, Any], lang: str) -> str | None:
    """The column of a finding in the language; where a file was read, under the heading that stands in it."""
    table_name, column = row["table"], row["column"]
    own = row["code"].split("-")[0] in ON_FILES and row["code"] not in BY_NAME
    if own or table_name not in ON_DISK or column not in ON_DISK[table_name].column_names():
        return None if column is None else str(column)
    return heading_of(table_name, str(column), lang_of(lang))


def filled_line(rows: list[dict[str, Any]], lang: str) -> Told:
    """All that was filled in, in one line: each column with what was taken, and in which tables."""
    taken: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        column = column_said({**row, "code": "HEAD-05"}, lang) or ""
        value = row[f"wanted_{lang}"].rpartition(": ")[2].removesuffix(".")
        taken.setdefault((column.split(" (")[0], value), []).append(name_of(row["table"], lang_of(lang)))
    said = [f"{column} = {value} ({', '.join(dict.fromkeys(tables))})" for (column, value), tables in taken.items()]
    files = books([row["file"].split(" [")[0] for row in rows])
    blank = {"row": None, "column": None, "rows": sum(row["rows"] for row in rows)}
    about = {"severity": "note", "code": "HEAD-05", "where": files, "found": "; ".join(said)}
    return {**about, **blank, "wanted": say("filled_in", lang)}


def together(lines: list[Told]) -> list[Told]:
    """Notes that want the same as one line, in the place of the first."""
    out: dict[object, list[Told]] = {}
    for number, one in enumerate(lines):
        is_note = one["severity"] == "note"
        out.setdefault((one["code"], one["wanted"]) if is_note else number, []).append(one)
    return [alike[0] if len(alike) == 1 else as_one(alike) for alike in out.values()]


def as_one(alike: list[Told]) -> Told:
    """Several lines as one: all places, and what was found in them."""
    columns = dict.fromkeys(one["column"] for one in alike if one["column"])
    found = dict.fromkeys(one["found"] for one in alike if one["found"])
    return {
        **alike[0],
        "where": books([one["where"] for one in alike]),
        "row": None,
        "column": ", ".join(columns),
        "found": ", ".join(found),
        "rows": sum(one["rows"] for one in alike),
    }


def books(places: list[str]) -> str:
    """Files once each, and of a workbook all sheets behind its name.

    >>> books(["a.xlsx [need]", "a.xlsx [site]", "b.csv"])
    'a.xlsx [need, site], b.csv'
    """
    sheets: dict[str, dict[str, None]] = {}
    for file, _, sheet in (place.partition(" [") for place in places):
        sheets.setdefault(file, {}).update({sheet.removesuffix("]"): None} if sheet else {})
    return ", ".join(f"{file} [{', '.join(names)}]" if names else file for file, names in sheets.items())


def lang_of(lang: str) -> Lang:
    """A language that there is."""
    return "nl" if lang == "nl" else "en"


def sentence(one: Told, lang: str) -> str:
    """One finding in words: where, what was found, what was wanted, for how many rows."""
    where = [one["where"]]
    where += [f"{say(key, lang)} {one[key]}" for key in ("row", "column") if one[key]]
    what = [f"{say(key, lang)}: {one[key]}" for key in ("found", "wanted") if one[key]]
    many = f" ({whole(one['rows'], lang)} {say('rows', lang)})" if one["rows"] > 1 else ""
    return f"{', '.join(where)}: {'; '.join(what)}{many}"


def counts(findings: pl.DataFrame, lang: str) -> str:
    """How many findings of each severity there are."""
    if findings.is_empty():
        return say("no_findings", lang)
    of = dict(findings.group_by("severity").len().rows())
    return say("findings", lang, *(of.get(key, 0) for key in ("error", "warning", "note")))


def has_errors(findings: pl.DataFrame) -> bool:
    """Whether anything found stops a plan."""
    return (findings["severity"] == "error").any()


def refuse(findings: pl.DataFrame) -> None:
    """End a command where something found is an error.

    Raises
    ------
    BadInput
        One of the findings is an error.
    """
    if has_errors(findings):
        raise BadInput(findings)
