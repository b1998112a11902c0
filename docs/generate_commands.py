"""The reference pages of the commands and of the policy, made from the code that they describe: ``python
docs/generate_commands.py``.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer

from dijk.desk.app import app
from dijk.desk.ending import EXIT_CODES
from dijk.policy import RULES

MADE = "<!-- Made by docs/generate_commands.py; change the code it describes. -->\n"
SHARED = {
    "--lang": "English or Dutch; `DIJK_LANG` sets it for all commands. Never taken from the machine.",
    "--json": "The answer as JSON on stdout. What tells of the work (the moment that was taken, progress) goes to "
    "stderr, always.",
    "--as-of": "A moment in UTC, such as `2020-04-27T10:00`; a day alone means its last second.",
    "--seed": "The same seed gives the same plan.",
}


@dataclass(frozen=True)
class Parameter:
    """An argument or option as a reader of the page sees it."""

    written: str
    meaning: str
    without: str
    argument: bool


def commands() -> str:
    """docs/reference/commands.md."""
    lines = ["# Commands", "", MADE, "`dijk COMMAND --help` says the same. `python -m dijk` works too.", ""]
    for command in app.registered_commands:
        assert command.callback
        lines += section(command.name or command.callback.__name__, command.callback)
    lines += ["## What options share", "", "| option | meaning |", "|---|---|"]
    lines += [f"| `{option}` | {meaning} |" for option, meaning in SHARED.items()]
    lines += ["", "## Exit codes", "", "| code | meaning |", "|---|---|"]
    lines += [f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items()]
    lines += [
        "",
        "Messages come without a traceback. `DIJK_TRACEBACK=1` shows one for a mistake inside dijk (code 1). What "
        "is said of wrong",
    ]
    lines += ["usage (code 2) is partly in English, whatever the language.", ""]
    return "\n".join(lines)


def section(name: str, of: Callable[..., Any]) -> Iterator[str]:
    """One command: how it is written, what it does, its arguments and options."""
    found = list(parameters(of))
    arguments = " ".join(one.written for one in found if one.argument)
    yield from (
        f"## dijk {name}",
        "",
        f"`dijk {name} {arguments} [OPTIONS]`",
        "",
        " ".join((of.__doc__ or "").split()),
        "",
    )
    yield from ("| | meaning | without it |", "|---|---|---|")
    for one in found:
        written = one.written if one.argument else ", ".join(f"`{word}`" for word in one.written.split(", "))
        yield f"| {f'`{written}`' if one.argument else written} | {one.meaning} | {one.without} |"
    yield ""


def parameters(of: Callable[..., Any]) -> Iterator[Parameter]:
    """What a command takes, from its signature."""
    for name, one in inspect.signature(of).parameters.items():
        kind, told = get_args(one.annotation)
        argument = isinstance(told, typer.models.ArgumentInfo)
        said = (told.default, *(told.param_decls or ()))  # Typer keeps the first name where a default would stand
        names = [word for word in said if isinstance(word, str) and word.startswith("-")] or [f"--{name}"]
        choices = (
            f" One of {', '.join(f'`{choice}`' for choice in get_args(kind))}." if get_origin(kind) is Literal else ""
        )
        given = {inspect.Parameter.empty: "needed", None: "", False: "no"}
        without = given.get(one.default, f"`{one.default}`")
        yield Parameter(told.metavar if argument else ", ".join(names), f"{told.help}{choices}", without, argument)


def policy() -> str:
    """docs/reference/policy.md."""
    head = [
        "# Policy rules",
        "",
        MADE,
        "The rules that carry a number or a word, in the table `policy_rule`. A dataset that leaves one out "
        "starts from the value here,",
        "and every report says so. The most specific row counts: region before sector before need before `all`.",
        "A rule is set on the axes in its last column; a row on another one is an error, for nothing would come of it.",
        "",
        "| rule | meaning | in Dutch | unit | limits | starts from | source of that | may be set per |",
        "|---|---|---|---|---|---|---|---|",
    ]
    rows = [
        f"| `{name}` | {rule.en} | {rule.nl} | {rule.unit} "
        f"| {' or '.join(rule.words) if rule.is_word else f'{rule.least:g} to {rule.most:g}'} | {rule.start} | "
        f"{rule.source} | {', '.join(rule.per) or 'all only'} |"
        for name, rule in RULES.items()
    ]
    return "\n".join([*head, *rows, ""])


PAGES: dict[str, Callable[[], str]] = {"commands.md": commands, "policy.md": policy}

if __name__ == "__main__":
    for page, write in PAGES.items():
        (Path(__file__).parent / "reference" / page).write_text(write(), encoding="utf-8")
