"""The register of findings: every code, how grave it is, what it is called, and what was wanted, in English and Dutch.

Codes are stable: a text may improve, a code never changes its meaning. Gaps in braces are filled where a finding is
made.
"""

from dijk.check.codes.layout import FILE, HEAD, SHEET
from dijk.check.codes.plausible import PLAUSIBLE
from dijk.check.codes.series import SERIES
from dijk.check.codes.steps import STEPS
from dijk.check.codes.tables import TABLES
from dijk.check.codes.values import CELL, DATE, NUM, ROW
from dijk.check.findings import Code

ON_READING = (*FILE, *SHEET, *HEAD, *CELL, *NUM, *DATE, *ROW)
"""Those that reading files can give."""

CODES: dict[str, Code] = {one.code: one for one in (*ON_READING, *TABLES, *PLAUSIBLE, *STEPS, *SERIES)}
"""All of them, by code."""

__all__ = ["CODES", "ON_READING", "PLAUSIBLE", "SERIES", "STEPS", "TABLES", "Code"]
