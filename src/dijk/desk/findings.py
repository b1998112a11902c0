"""Findings on the screen: a table or sentences, errors first, and how many there are."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from rich.table import Table

from dijk.check import BadInput, worst_first
from dijk.desk.screen import console, table, whole
from dijk.desk.words import say

NARROW = 120
"""A window with fewer columns gets findings as sentences."""


def findings_table(findings: pl.DataFrame, lang: str, width: int | None = None) -> Table:
    """All findings, errors first: where, what was found, what was wanted. In a narrow window each is a sentence."""
    found = worst_first(findings)
    if (console().width if width is None else width) < NARROW:
        rows = [
            [f"{say(row['severity'], lang)} {row['code']}", sentence(row, lang)] for row in found.iter_rows(named=True)
        ]
        return table([say("severity", lang), say("found", lang)], rows)
    headings = [say(key, lang) for key in ("severity", "code", "where", "row", "column", "found", "wanted", "rows")]
    rows = [
        [
            say(row["severity"], lang),
            row["code"],
            row["file"] or row["table"],
            "" if row["row"] is None else str(row["row"]),
            row["column"] or "",
            row["found"] or "",
            row[f"wanted_{lang}"],
            whole(row["rows"], lang),
        ]
        for row in found.iter_rows(named=True)
    ]
    return table(headings, rows, right=(3, 7))


def sentence(row: Mapping[str, Any], lang: str) -> str:
    """One finding in words: where, what was found, what was wanted, for how many rows."""
    where = [row["file"] or row["table"]]
    where += [f"{say(key, lang)} {row[key]}" for key in ("row", "column") if row[key] is not None]
    what = [
        f"{say(key, lang)}: {text}"
        for key, text in (("found", row["found"]), ("wanted", row[f"wanted_{lang}"]))
        if text
    ]
    many = f" ({whole(row['rows'], lang)} {say('rows', lang)})" if row["rows"] > 1 else ""
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
