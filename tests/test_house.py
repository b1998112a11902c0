"""Small functions and small modules, and errors that are told. ``python tests/test_house.py`` shows the figures.

What is counted: the lines of a function's body, from the first to the last, without its docstring; all lines of a
module; the parameters of a function without ``self`` and ``cls``. A function with more than five parameters says why in a
comment that begins with ``# parameters:``, on the line of its ``def`` or on the line above it.

The commands of the command line are a kind of their own: each of their parameters is a word that a person may type, so
their number is that of the choices a person has, and Typer reads them from the function itself.

A public function that raises says in its docstring what and when, under ``Raises``. A command has exit codes instead: its
docstring is what ``--help`` shows.
"""

import ast
import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "dijk"

MEDIAN_BODY, NINE_IN_TEN_BODIES, LONGEST_MODULE, MOST_PARAMETERS = 6, 20, 500, 5
REASON = "# parameters: "
COMMANDS = ("__main__.py", "desk/")
"""Where the commands stand."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Measured:
    """A function: where it stands, the lines of its body, how many parameters, and whether that number is accounted for."""

    name: str
    body: int
    parameters: int
    excused: bool


@cache
def modules() -> dict[str, list[str]]:
    """The lines of each module."""
    paths = sorted(SOURCE.rglob("*.py"))
    return {path.relative_to(SOURCE).as_posix(): path.read_text("utf-8").splitlines() for path in paths}


@cache
def functions() -> list[Measured]:
    return [
        Measured(
            f"{name}:{node.lineno} {node.name}",
            body_lines(node),
            parameters(node),
            has_reason(node, lines) or is_command(node, name),
        )
        for name, lines in modules().items()
        for node in defined(lines)
    ]


def defined(lines: list[str]) -> Iterator[Function]:
    return (node for node in ast.walk(ast.parse("\n".join(lines))) if isinstance(node, Function))


def body_lines(node: Function) -> int:
    body = node.body[ast.get_docstring(node) is not None :]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def parameters(node: Function) -> int:
    given = node.args
    named = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len(named) - (named[:1] in (["self"], ["cls"])) + bool(given.vararg) + bool(given.kwarg)


def has_reason(node: Function, lines: list[str]) -> bool:
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    near = [lines[node.lineno - 1], lines[node.lineno - 2], lines[first - 2] if first > 1 else ""]
    return any(line.partition(REASON)[2].strip() for line in near)


def is_command(node: Function, module: str) -> bool:
    """Whether Typer reads its words from the function: registered on the spot, or by the face of the command line."""
    decorated = any(".command(" in ast.unparse(one) for one in node.decorator_list)
    spoken = any("typer." in ast.unparse(one.annotation) for one in node.args.args if one.annotation)
    return module.startswith(COMMANDS) and (decorated or spoken)


def public(body: list[ast.stmt]) -> Iterator[Function]:
    """The functions and methods that anyone may call; what stands inside a function is its own affair."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield from [node] if isinstance(node, Function) else public(node.body)


def raises(node: ast.AST) -> bool:
    """Whether it raises an error itself; a bare ``raise`` passes on that of another."""
    inside = [one for one in ast.iter_child_nodes(node) if not isinstance(one, Function | ast.ClassDef)]
    return any((isinstance(one, ast.Raise) and one.exc is not None) or raises(one) for one in inside)


def commands() -> set[str]:
    """The functions that the face of the command line registers."""
    return set(re.findall(r"^app\.command\(.*?\)\((\w+)\)$", "\n".join(modules()["desk/app.py"]), re.MULTILINE))


def bodies() -> list[int]:
    return sorted(one.body for one in functions())


def nine_in_ten(lines: list[int]) -> int:
    """The least length that nine in ten do not pass."""
    return lines[-(-9 * len(lines) // 10) - 1]


def test_half_of_all_bodies_are_short():
    assert statistics.median(bodies()) <= MEDIAN_BODY


def test_nine_in_ten_bodies_fit_in_a_glance():
    longest = sorted(functions(), key=lambda one: -one.body)[: len(functions()) // 10 + 10]
    assert nine_in_ten(bodies()) <= NINE_IN_TEN_BODIES, [(one.name, one.body) for one in longest[-20:]]


def test_no_module_is_too_long():
    assert {name: len(lines) for name, lines in modules().items() if len(lines) > LONGEST_MODULE} == {}


def test_five_parameters_at_most_or_a_comment_says_why():
    many = [one for one in functions() if one.parameters > MOST_PARAMETERS and not one.excused]
    assert [(one.name, one.parameters) for one in many] == []


def test_what_raises_says_so():
    silent = [
        f"{name}:{node.lineno} {node.name}"
        for name, lines in modules().items()
        for node in public(ast.parse("\n".join(lines)).body)
        if raises(node) and "\nRaises\n------\n" not in (ast.get_docstring(node) or "")
        if not (name.startswith(COMMANDS) and node.name in commands())
    ]
    assert not silent, f"no section Raises in the docstring of {', '.join(silent)}"


def table() -> str:
    lines, longest = bodies(), max(functions(), key=lambda one: one.body)
    largest = max(modules(), key=lambda name: len(modules()[name]))
    many = [one for one in functions() if one.parameters > MOST_PARAMETERS]
    rows = [
        ("functions", len(lines), "", ""),
        ("lines of a body, median", statistics.median(lines), MEDIAN_BODY, ""),
        ("lines of a body, nine in ten", nine_in_ten(lines), NINE_IN_TEN_BODIES, ""),
        ("lines of a body, longest", longest.body, "", longest.name),
        ("modules", len(modules()), "", ""),
        ("lines of a module, longest", len(modules()[largest]), LONGEST_MODULE, largest),
        (
            "functions of more than five parameters",
            len(many),
            "",
            f"{sum(one.excused for one in many)} are commands or say why",
        ),
    ]
    heading = f"{'':40}{'found':>8}{'most':>8}"
    return "\n".join([heading, *(f"{what:40}{found:>8}{most:>8}  {note}".rstrip() for what, found, most, note in rows)])


if __name__ == "__main__":
    print(table())
