"""Who may import whom: an entry of dijk imports only entries that stand before it in reading order, so there is no
circle and no arrow up; and what of the outside each may touch.
"""

import ast
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE, GENERATOR = ROOT / "src" / "dijk", ROOT / "docs" / "generate_architecture.py"

ORDER: tuple[str, ...] = runpy.run_path(str(GENERATOR))["LAYERS"]
"""The entries of ``src/dijk`` as a reader meets them."""

ON_SCREEN = {"desk", "__main__"}
"""Those that know Typer and Rich."""

ON_DISK = {"files", "runs", "sources", "desk"}
"""Those that read and write files; an entry's own words, fonts and templates come by ``importlib.resources``."""

IN_MEMORY = {("report/long_sheet.py", "open")}
"""What looks like a file and is none: a part of a workbook, opened inside the bytes of that workbook."""

TOUCHES = {
    *("open", "read_text", "read_bytes", "write_text", "write_bytes", "touch", "unlink", "mkdir", "rmdir"),
    *("iterdir", "glob", "rglob", "exists", "is_file", "is_dir", "stat"),
}
"""Functions and methods of paths by which a disk is touched."""

FORMS = {"csv", "parquet", "excel", "json", "ndjson", "ipc", "avro", "delta", "database", "lines"}
"""What Polars reads and writes by ``read_csv``, ``scan_csv``, ``sink_csv``, ``write_csv``, and so on."""


@dataclass(frozen=True)
class Import:
    """One name that a file imports, in full, and whether inside a function."""

    file: str
    entry: str
    name: str
    inside: bool

    def of(self, package: str) -> bool:
        return f"{self.name}.".startswith(f"{package}.")

    @property
    def wanted(self) -> str | None:
        """The entry of dijk that is imported; nothing where it is the face of dijk or the outside."""
        parts = [*self.name.split("."), ""]
        return parts[1] if parts[0] == "dijk" and parts[1] in entries() else None


def files() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


@cache
def entries() -> set[str]:
    return {entry_of(path) for path in files()} - {"__init__"}


def entry_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


@cache
def imports() -> list[Import]:
    return [one for path in files() for one in imports_of(path)]


def imports_of(path: Path) -> Iterator[Import]:
    tree = ast.parse(path.read_text("utf-8"))
    inner = {id(node) for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) for node in ast.walk(one)}
    for node in ast.walk(tree):
        for name in imported(node, path):
            yield Import(str(path.relative_to(SOURCE)), entry_of(path), name, id(node) in inner)


def imported(node: ast.AST, path: Path) -> list[str]:
    """The names of an import, in full; what is relative is resolved against the file's place."""
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    if isinstance(node, ast.ImportFrom):
        package = path.relative_to(SOURCE.parent).parent.parts if node.level else ()
        base = ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])
        return [f"{base}.{one.name}" for one in node.names]
    return []


def those(wrong: Callable[[Import], bool]) -> list[tuple[str, str]]:
    return sorted({(one.file, one.name) for one in imports() if wrong(one)})


def test_every_entry_has_its_place_in_the_order():
    """Otherwise: put it in ``LAYERS`` of ``docs/generate_architecture.py``, behind all that it imports."""
    assert entries() ^ set(ORDER) == set()
    assert len(ORDER) == len(set(ORDER))


def test_an_entry_imports_only_entries_before_it():
    place = {"__init__": -1} | {entry: number for number, entry in enumerate(ORDER)}
    assert those(lambda one: one.wanted is not None and place[one.wanted] > place[one.entry]) == []


def test_dijk_imports_no_django():
    assert those(lambda one: one.of("django")) == []


def test_the_web_application_is_reached_inside_a_command_only():
    assert those(lambda one: one.of("dijk_web") and not (one.entry == "desk" and one.inside)) == []


def test_the_rule_of_the_division_knows_arrays_only():
    tables = ("polars", "dataframely", "pandas", "pyarrow")
    inside = [one for one in imports() if one.file.startswith("allocate/rule/")]
    of_dijk = [one for one in inside if one.of("dijk") and not one.of("dijk.allocate.rule")]
    assert [(one.file, one.name) for one in (*of_dijk, *(one for one in inside if any(map(one.of, tables))))] == []
    assert inside


def test_only_the_desk_knows_the_screen():
    assert those(lambda one: (one.of("typer") or one.of("rich")) and one.entry not in ON_SCREEN) == []


def test_only_four_entries_touch_a_disk():
    by_import = those(lambda one: (one.of("shutil") or one.of("tempfile")) and one.entry not in ON_DISK)
    calls = {
        (str(path.relative_to(SOURCE)), word)
        for path in files()
        if entry_of(path) not in ON_DISK
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and (word := touches(node)) and not is_own(node)
    }
    assert [*by_import, *sorted(calls - IN_MEMORY)] == []


def touches(call: ast.Call) -> str | None:
    """The word by which a call touches a disk, if it does; a Polars table written to no place is a text."""
    match call.func:
        case ast.Name(id="open"):
            return "open"
        case ast.Attribute(attr=word) if word in TOUCHES:
            return word
        case ast.Attribute(attr=word):
            verb, _, form = word.partition("_")
            place = bool(call.args or call.keywords)
            return word if verb in ("read", "scan", "sink", "write") and form in FORMS and place else None
    return None


def is_own(call: ast.Call) -> bool:
    """Whether a call reads what lies inside the package itself: ``resources.files("dijk.report")``."""
    return any(
        isinstance(node, ast.Call) and (ast.unparse(node.func) in ("files", "resources.files"))
        for node in ast.walk(call)
    )


@pytest.mark.slow
def test_reading_a_file_loads_neither_scipy_nor_numba():
    code = "import dijk.files, sys; print(*sorted({'scipy', 'numba'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []
