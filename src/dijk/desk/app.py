"""The command line: ``dijk`` or ``python -m dijk``. Each command reads, calls one step of the core, writes, and says
what it did.
"""

import os
import sys
from collections.abc import Sequence

import polars as pl
import typer

from dijk import runs
from dijk.check import BadInput, worst_first
from dijk.desk.allocate import adjust, allocate, explain, recompute
from dijk.desk.assess import assess
from dijk.desk.dataset import check_command, example, init, template
from dijk.desk.effect import effect
from dijk.desk.ending import BUG, DIFFERS, EXIT_CODES, FINE, INPUT_ERRORS, NOTHING, STOPPED, USAGE, Stop
from dijk.desk.fairness import fences, rules, sensitivity
from dijk.desk.findings import findings_table
from dijk.desk.forecast import backtest, forecast, score
from dijk.desk.plan import plan_command, replay
from dijk.desk.report import report
from dijk.desk.screen import console, give, tell
from dijk.desk.tower import administrator, rebuild, serve, verify
from dijk.desk.words import fault, language, say

WRONG_USAGE: type[Exception] = typer.BadParameter.mro()[1]  # Typer does not export the base of its usage errors

app = typer.Typer(
    name="dijk",
    help="From a folder of files to the situation report: what is short, what nobody knows, who gets what, what "
    "to buy.",
    epilog=f"Exit codes: {'; '.join(f'{code} {meaning}' for code, meaning in EXIT_CODES.items())}.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

app.command()(example)
app.command()(init)
app.command()(template)
app.command("check")(check_command)
app.command()(forecast)
app.command()(assess)
app.command()(allocate)
app.command("plan")(plan_command)
app.command()(report)
app.command()(replay)
app.command()(explain)
app.command()(recompute)
app.command()(adjust)
app.command()(effect)
app.command()(fences)
app.command()(rules)
app.command()(sensitivity)
app.command()(backtest)
app.command()(score)
app.command()(serve)
app.command()(administrator)
app.command()(verify)
app.command()(rebuild)

# The way out: every way a command can end, in the user's language.


def main(words: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    code = run_command(sys.argv[1:] if words is None else list(words))
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        end_of_pipe()
    sys.exit(code)


def run_command(words: list[str]) -> int:
    """Run one command; its exit code. Nothing a user can cause shows a traceback."""
    lang, words = language(words, os.environ), command_first(words)
    try:
        code = app(words or ["--help"], prog_name="dijk", standalone_mode=False) or FINE
        return end(STOPPED, say("stopped", lang)) if code == STOPPED else code
    except Stop as stop:
        return end(stop.code, say(stop.key, lang, *stop.gaps))
    except BadInput as bad:
        return end_with_findings(bad.findings, lang, as_json="--json" in words)
    except runs.NoRun as none:
        return end(NOTHING, none.said[lang])
    except runs.Changed as changed:
        return end(DIFFERS, say("changed", lang, ", ".join(changed.files)))
    except (BrokenPipeError, SystemExit):  # Typer and Rich make the second of the first
        return end_of_pipe()
    except OSError as error:
        return end(NOTHING, say("io", lang, error.filename or "dijk", fault(error, lang)))
    except WRONG_USAGE as wrong:
        command = [word for word in words[:1] if word in command_names()]
        return end(USAGE, say("usage", lang, wrong.format_message(), " ".join(["dijk", *command])))  # type: ignore[attr-defined]
    except Exception as bug:
        if os.environ.get("DIJK_TRACEBACK"):
            raise
        return end(BUG, say("bug", lang, f"{type(bug).__name__}: {bug}"))


def command_first(words: list[str]) -> list[str]:
    """The same with options that stand before the command put behind it: the language and JSON, which all have.

    >>> command_first(["--lang", "nl", "plan", "country"])
    ['plan', '--lang', 'nl', 'country']
    """
    at = 0
    while at < len(words) and (words[at] in ("--lang", "--json") or words[at].startswith("--lang=")):
        at += 2 if words[at] == "--lang" else 1
    return words[at : at + 1] + words[:at] + words[at + 1 :] if words[at : at + 1] else words


def end_of_pipe() -> int:
    """Whoever reads the answer has seen enough, as ``| head`` has; Python is kept from writing to it once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FINE


def command_names() -> list[str]:
    """What may follow ``dijk``."""
    return [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]


def end(code: int, text: str) -> int:
    """Say on stderr why a command ends."""
    tell(text)
    return code


def end_with_findings(found: pl.DataFrame, lang: str, *, as_json: bool) -> int:
    """All findings, as a table on stderr or as JSON on stdout, and what to do."""
    if as_json:
        give({"findings": worst_first(found).to_dicts()}, as_json=True)
    else:
        console(stderr=True).print(findings_table(found, lang))
    errors = found.filter(pl.col("severity") == "error").height
    return end(INPUT_ERRORS, say("bad_input", lang, errors))
