"""The page of the architecture, drawn from the code itself: ``python docs/generate_architecture.py``.

The tree takes the first sentence of each module, the layers come from the imports, and the way of a figure from the
functions that name its columns.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "src" / "dijk"
LAYERS = (
    "tables", "known", "inputs", "policy", "check", "present", "forecast", "assess", "allocate", "fairness", "buy",
    "account", "planned", "plan", "effect", "report", "runs", "files", "example", "sources", "desk", "__main__",
)  # fmt: skip
"""The entries of the core in reading order. An import points to an earlier one; a test holds that."""

FIGURE = {
    "pieces": "what a site counted, as it stands in its file (table `stock`)",
    "counted_pieces": "the last count of a site and need (table `position`)",
    "ledger": "that count, with what came in and less norm use since",
    "stock_pieces": "what the sites of a cell have together (table `situation`)",
    "cover_days": "how many days that lasts",
}
"""The columns through which one figure goes, the cover of a need: from the file of an institution to the report."""

TOLD_IN = ("present", "assess", "plan", "report")


def architecture() -> str:
    """docs/explanation/architecture.md."""
    return "\n".join([*HEAD, *tree(), *layers(), *way_of_a_figure(), *TAIL])


def tree() -> Iterator[str]:
    """Every module with its first sentence."""
    yield from ("## The tree", "", "```text", "src/dijk/")
    for entry in LAYERS:
        folder = CORE / entry
        yield line(entry + ("/" if folder.is_dir() else ".py"), first_sentence(source_of(entry)), depth=1)
        if folder.is_dir():
            yield from inside(folder, depth=2)
    yield from ("```", "")


def inside(folder: Path, depth: int) -> Iterator[str]:
    """The modules and folders of a package, by name."""
    for path in sorted(folder.iterdir()):
        if path.suffix == ".py" and path.stem != "__init__":
            yield line(path.name, first_sentence(path), depth)
        elif (path / "__init__.py").is_file():
            yield line(path.name + "/", first_sentence(path / "__init__.py"), depth)
            yield from inside(path, depth + 1)


def line(name: str, meaning: str, depth: int) -> str:
    """A line of the tree."""
    return f"{'  ' * depth}{name:<{26 - 2 * depth}} {meaning}".rstrip()


def first_sentence(path: Path) -> str:
    """What a module says of itself, up to the first full stop or colon that ends it."""
    text = " ".join((ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split())
    return text.partition(". ")[0].rstrip(".")


def source_of(entry: str) -> Path:
    """The file in which an entry says what it is."""
    return CORE / entry / "__init__.py" if (CORE / entry).is_dir() else CORE / f"{entry}.py"


def layers() -> Iterator[str]:
    """Which entry stands on which, from the imports of all its modules."""
    yield from (
        "## The layers",
        "",
        "Each entry stands on those named behind it, all of them above it in this list.",
        "",
    )
    yield from ("| entry | stands on |", "|---|---|")
    for entry in LAYERS:
        below = sorted({to for _, to in imports(entry)} - {entry}, key=LAYERS.index)
        yield f"| `{entry}` | {', '.join(f'`{name}`' for name in below) or 'nothing of dijk'} |"
    yield ""


def imports(entry: str) -> Iterator[tuple[Path, str]]:
    """Every import of another entry, with the module that makes it."""
    folder = CORE / entry
    for path in sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for name in imported(node):
                if name.startswith("dijk.") and name.split(".")[1] in LAYERS:
                    yield path, name.split(".")[1]


def imported(node: ast.AST) -> list[str]:
    """The full names that a statement imports."""
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def way_of_a_figure() -> Iterator[str]:
    """The functions that name the columns of one figure, in the order of the layers."""
    yield from ("## The way of one figure", "", "The cover of a need, from a count in a file to the first page.", "")
    yield from ("| column | is | named in |", "|---|---|---|")
    for column, meaning in FIGURE.items():
        if column == "pieces":
            yield f"| `pieces` | {meaning} | `tables.facts.Stock`, read by `files` |"
            continue
        named = [f"`{place}`" for entry in TOLD_IN for place in naming(entry, column)]
        yield f"| `{column}` | {meaning} | {', '.join(named)} |"
    yield ""


def naming(entry: str, column: str) -> Iterator[str]:
    """The functions of an entry that name a column, as module and function."""
    folder = CORE / entry
    for path in sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]:
        module = ".".join(path.relative_to(CORE).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and names(node, column):
                yield f"{module}.{node.name}"


def names(function: ast.FunctionDef, column: str) -> bool:
    """Whether a function names a column, as a text or as the keyword that makes it."""
    nodes = list(ast.walk(function))
    texts = (node.value for node in nodes if isinstance(node, ast.Constant))
    return column in texts or any(isinstance(node, ast.keyword) and node.arg == column for node in nodes)


HEAD = """# The architecture

<!-- Made by docs/generate_architecture.py; change the code it describes. -->

The core is a library of plain functions: tables in, tables out. It knows no database, no clock, no network and no
settings. Three files tell most of it: `tables/` says what every table holds, `plan.py` tells the story, and
`report/chapters/` turns it into pages.

- A **step** is a pure function of the present and the policy: `forecast`, `assess`, `allocate`, `buy`, `account`.
- A **table** is defined once; validation, reference pages, templates and headings follow from it.
- A **rule** that people choose is a dated row; the steps ask `Policy` for it and keep no number of their own.
- A **finding** has one register of codes, one maker and one order, whoever finds it.
- The **desk** is all of the command line. Only it, `files`, `runs` and `sources` touch a disk.
""".splitlines()

TAIL = """## Where a new thing goes

[CONTRIBUTING](../../CONTRIBUTING.md) says it for a column, a rule, a step, a sector group, a finding, a page and a
command. Why it is so: [decisions](../decisions/README.md).
""".splitlines()

PAGES: dict[str, Callable[[], str]] = {"architecture.md": architecture}

if __name__ == "__main__":
    for page, write in PAGES.items():
        (ROOT / "docs" / "explanation" / page).write_text(write(), encoding="utf-8")
