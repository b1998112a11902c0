"""Every finding that reading files can give: its code, how grave it is, and what was wanted, in English and Dutch.

Codes are stable: a text may improve, a code never changes its meaning. Gaps in braces are filled where the finding is
made.
"""

from dijk.files.codes.code import Code
from dijk.files.codes.layout import FILE, HEAD, SHEET
from dijk.files.codes.values import CELL, DATE, NUM, ROW

CODES: dict[str, Code] = FILE | SHEET | HEAD | CELL | NUM | DATE | ROW
"""All of them, by code."""

__all__ = ["CODES", "Code"]
