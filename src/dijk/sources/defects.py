"""Defects of published series, found by rules and told as findings; never by a date that somebody remembers."""

from dijk.check.codes import CODES
from dijk.check.findings import Place, Row
from dijk.check.findings import finding as one_finding


def finding(code: str, *, file: str, column: str | None, found: str, rows: int) -> Row:
    """One finding on a source file, on the table that it becomes."""
    table = "request" if code.startswith("REQUEST") else "indicator"
    return one_finding(CODES[code], Place(table, file=file, column=column), found, rows=max(rows, 1))
