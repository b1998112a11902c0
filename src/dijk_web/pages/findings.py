"""Findings on files as a table of a page, in its language."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language

MOST = 100
"""Findings on a page."""


def as_lines(findings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of ``Finding`` for ``findings_table.html``: where, what was found, what was wanted."""
    wanted = "wanted_nl" if get_language() == "nl" else "wanted_en"
    return [{**one, "wanted": one[wanted]} for one in list(findings)[:MOST]]
