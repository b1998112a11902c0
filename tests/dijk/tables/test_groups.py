"""The groups of sectors are said once, so that another one is a line."""

import ast
from collections.abc import Iterator
from pathlib import Path

import dijk
from dijk.tables.registers import GROUPS

SOURCE = Path(dijk.__file__).parent
PLACES = {
    "tables/registers.py",  # the groups themselves
    "account/drift.py",  # cure beside care: the two that the alarm compares, whatever groups there are
    "report/summary.py",
    "report/chapters/flows.py",
    "report/chapters/headline.py",
}


def test_no_other_module_lists_the_groups_of_sectors():
    found = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if any(said(path))}
    assert found == PLACES


def said(path: Path) -> Iterator[ast.AST]:
    """Where a module lists groups or names one that is no other word: of the three only ``cure`` is none."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        listed = [*getattr(node, "elts", []), *(getattr(node, "keys", None) or [])]
        words = [one.value for one in listed if isinstance(one, ast.Constant)]
        alone = isinstance(node, ast.Constant) and node.value == "cure"
        if alone or len(set(words) & set(GROUPS)) > 1:
            yield node
