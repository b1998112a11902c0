"""Set dijk up and run it, with nothing but Python and pip: ``python3 run.py demo`` or ``python3 run.py test``.

The first start makes ``.venv`` beside this file and installs the pinned packages in it; later starts find it done.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
BASE = getattr(sys, "_base_executable", sys.executable)  # not the Python of a .venv that is about to go
STAMP = VENV / "dijk-stamp.json"
ONE_THREAD = {"POLARS_MAX_THREADS": "1"}  # each of two workers has a core; tables are small, and threads would wait
COMPILED_ONCE = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(VENV / "compiled")}
"""Python keeps what it compiled. Many containers forbid that, and each of hundreds of processes would compile polars,
scipy and numba again, which is half of what a short one does; here it writes in ``.venv`` and not beside the sources.
"""
PACKAGES = ("run", "test")  # requirements/NAME.txt; each holds all of the one before it
OUT = Path("out/demo")
SAME_ON_BOTH = (
    *("test_access", "test_words", "test_look", "test_journeys", "test_situation", "test_serve"),
    *("test_own_workbook", "test_contacts_file", "test_upload", "test_datasets", "test_effects"),
    *("test_bought", "test_delivered", "test_outlet", "test_signal", "test_signing"),
)
"""Tests of pages, words and processes that ask little of the kind of database: on PostgreSQL they are among the long
ones.
"""
WEB_ON = "pytest tests/dijk_web on"
WORKERS = "3"
"""Workers of pytest: one more than two cores, for tests of browsers and servers wait a lot."""


def main(words: Sequence[str]) -> int:
    """Do what the words say; the exit code. What went wrong in the set-up is told by ``SystemExit``, for a person."""
    if sys.version_info < (3, 11):  # noqa: UP036, an older one can read this file and must be told
        raise SystemExit(f"dijk needs Python 3.11 or later; this is {sys.version.split()[0]} ({sys.executable}).")
    arguments, rest = command_line().parse_known_args(words)
    if rest and arguments.command != "test":
        command_line().error(f"unknown: {' '.join(rest)}")
    os.chdir(ROOT)
    os.environ.update(COMPILED_ONCE)  # all that is started inherits it
    try:
        if arguments.command == "test":
            set_up("test")
            return test(rest, long=arguments.long)
        set_up("run")
        return demo(arguments)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def command_line() -> argparse.ArgumentParser:
    """``demo`` and ``test`` with what may follow."""
    parser = argparse.ArgumentParser(
        prog="run.py", description="Set dijk up and run it. Both commands do the whole set-up first."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="demo|test")
    show = commands.add_parser(
        "demo", help=f"make an example country in {OUT}, plan it, write the reports, show the web application on it"
    )
    show.add_argument(
        "--once",
        action="store_true",
        help="ask for a few pages and end; without it the web application is served on this machine",
    )
    show.add_argument(
        "--size", choices=("small", "national"), default="small", help="about 200 sites, or 20,000 (minutes)"
    )
    show.add_argument("--lang", choices=("nl", "en"), help="one language only; without it both")
    check = commands.add_parser("test", help="check style and types, then run the tests; further words go to pytest")
    check.add_argument("--long", action="store_true", help="also the long tests, and the benchmarks in short form")
    return parser


# The two jobs


def demo(arguments: argparse.Namespace) -> int:
    """The command line of dijk from nothing to the reports, as a person would type it, and the web application."""
    shutil.rmtree(OUT, ignore_errors=True)
    data, run, report = (str(OUT / name) for name in ("data", "run", "report"))
    languages = [arguments.lang] if arguments.lang else ["nl", "en"]
    steps = [
        ["example", data, "--size", arguments.size, "--seed", "1"],
        ["plan", data, "-o", run, "--seed", "1"],
        *(["report", run, "-o", report, "--lang", language] for language in languages),
    ]
    for step in steps:
        print(f"\n$ dijk {' '.join(step)}", flush=True)
        code = subprocess.run([PYTHON, "-m", "dijk", *step]).returncode
        if code:
            print(f"\n'dijk {step[0]}' ended with exit code {code}; what it said stands above.", file=sys.stderr)
            return code
    print(f"\nExample data   {OUT / 'data'}\nPlan           {OUT / 'run'}\nReports        {OUT / 'report'}")
    for path in sorted(path for path in (OUT / "report").glob("*") if path.is_file()):
        print(f"  {path}")
    return tower(arguments)


def tower(arguments: argparse.Namespace) -> int:
    """The web application on the example, for this machine alone, until Ctrl-C, which reaches it without our doing."""
    once = ["--once"] if arguments.once else []
    shown = subprocess.Popen([PYTHON, "-m", "dijk_web.demo", str(OUT / "data"), str(OUT / "tower"), *once])
    while True:
        try:
            return shown.wait()
        except KeyboardInterrupt:
            continue  # it ends by itself, and its processes first


def test(pytest_words: Sequence[str], *, long: bool) -> int:
    """Every check runs even where one before it failed; pytest comes last and names what failed before it."""
    checks = [["ruff", "check", "--no-cache", "."], ["ruff", "format", "--check", "."], ["mypy"]]
    commands: dict[str, list[str | Path]] = {" ".join(check): [PYTHON, "-m", *check] for check in checks}
    if long:
        # files beside them are parts of these
        benchmarks = [
            path for path in sorted(Path("benchmarks").glob("*.py")) if '"--quick"' in path.read_text("utf-8")
        ]
        commands |= {f"{path} --quick": [PYTHON, path, "--quick"] for path in benchmarks}
    which = ["-m", ""] if long else [f"--ignore=tests/dijk_web/{name}.py" for name in SAME_ON_BOTH]
    for server in servers(long=long):
        commands[f"{WEB_ON} {server}"] = [PYTHON, "-m", "pytest", "-n", WORKERS, "tests/dijk_web", *which]
    failed = []
    for name, command in commands.items():
        print(f"$ {name}", flush=True)
        on = {"DIJK_TESTS_ON": name.removeprefix(WEB_ON).strip()} if name.startswith(WEB_ON) else {}
        if subprocess.run(command, env=ONE_THREAD | os.environ | on).returncode:
            failed.append(name)
    words = ["-n", WORKERS, *(["-m", ""] if long else []), *pytest_words]
    print(f"$ pytest {' '.join(words)}", flush=True)
    seen = ONE_THREAD | os.environ | {"DIJK_FAILED_CHECKS": ", ".join(failed)}
    code = subprocess.run([PYTHON, "-m", "pytest", *words], env=seen).returncode
    return code or int(bool(failed))


def servers(*, long: bool) -> list[str]:
    """The PostgreSQL on which the tests of the web run: the one that comes with them, and among the long tests that of
    the system.
    """
    if not long:
        return ["postgresql"]
    if not Path("/usr/lib/postgresql").is_dir():
        print("Left out: tests on a PostgreSQL of the system, for this one has none at /usr/lib/postgresql.")
        return ["postgresql"]
    return ["postgresql", "system-postgresql"]


# The set-up


def set_up(packages: str) -> None:
    """Make ``.venv`` hold exactly what requirements/PACKAGES.txt names, and the project itself."""
    wanted, made = stamps(ROOT), read_stamp(STAMP) if python_runs() else {}
    if not is_current(made, wanted):
        remake_venv()
        made = {}
    if packages not in made:
        STAMP.unlink(missing_ok=True)  # from here on half-made, until the stamp is back
        print(
            f"Setting up .venv with the packages of requirements/{packages}.txt: once, about a minute ...", flush=True
        )
        install("--require-hashes", "--only-binary", ":all:", "-r", f"requirements/{packages}.txt")
        made = {name: wanted[name] for name in PACKAGES[: PACKAGES.index(packages) + 1]}
    if made.get("project") != wanted["project"]:
        install("--no-index", "--no-deps", "--no-build-isolation", "--editable", ".")
        made["project"] = wanted["project"]
        STAMP.write_text(json.dumps(made, indent=1))


def stamps(root: Path) -> dict[str, str]:
    """What the installed state depends on, one digest per part: each set of packages, and the project's own
    description.
    """
    python = f"{sys.implementation.cache_tag} {sys.platform} {sys.version}".encode()
    files = {name: root / "requirements" / f"{name}.txt" for name in PACKAGES} | {"project": root / "pyproject.toml"}
    return {name: hashlib.sha256(python + path.read_bytes()).hexdigest() for name, path in files.items()}


def read_stamp(path: Path) -> dict[str, str]:
    """The digests of what was installed; nothing where the set-up never ended."""
    try:
        made = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return made if isinstance(made, dict) else {}


def is_current(made: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Whether all packages there are the ones wanted now; if so, more may be added to them."""
    installed = [name for name in PACKAGES if name in made]
    return bool(installed) and all(made[name] == wanted[name] for name in installed)


def python_runs() -> bool:
    """Whether the Python of ``.venv`` is there and starts; the one it was made of may be gone."""
    try:
        return subprocess.run([PYTHON, "-c", ""], capture_output=True).returncode == 0
    except OSError:
        return False


def remake_venv() -> None:
    """An empty ``.venv``."""
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([BASE, "-m", "venv", VENV], capture_output=True, text=True)
    if made.returncode:  # Debian keeps ensurepip apart: then the pip outside it serves
        shutil.rmtree(VENV, ignore_errors=True)
        made = subprocess.run([BASE, "-m", "venv", "--without-pip", VENV], capture_output=True, text=True)
    if made.returncode:
        raise SystemExit(f"'{BASE} -m venv' could not make {VENV}:\n{last_lines(made)}")


def install(*what: str) -> None:
    """Install with uv where pip can get it, else with pip."""
    environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    run = functools.partial(subprocess.run, env=environment, capture_output=True, text=True)
    pip = [*pip_command(), "install", "--quiet"]
    if not shutil.which("uv", path=BIN):
        run([*pip, "--retries", "1", "--require-hashes", "--only-binary", ":all:", "-r", "requirements/uv.txt"])
    if uv := shutil.which("uv", path=BIN):
        if run([uv, "pip", "install", "--quiet", "--python", PYTHON, *what]).returncode == 0:
            return
        print("uv could not do it; pip tries, which takes longer ...", flush=True)
    done = run([*pip, *what])
    if done.returncode:
        raise SystemExit(
            f"The packages could not be installed. pip said:\n\n{last_lines(done)}\n\n"
            "No matching distribution or no connection mostly means no network: when it is there, start again.\n"
            "What is half-made is then made anew."
        )


def pip_command() -> list[str | Path]:
    """The pip of ``.venv``, else the one of the Python it was made of."""
    commands: list[list[str | Path]] = [[PYTHON, "-m", "pip"], [BASE, "-m", "pip", "--python", PYTHON]]
    for command in commands:
        if subprocess.run([*command[:3], "--version"], capture_output=True).returncode == 0:
            return command
    raise SystemExit("pip is missing. Install it (on Debian and Ubuntu: python3-pip or python3-venv) and start again.")


def last_lines(done: subprocess.CompletedProcess[str]) -> str:
    """The end of what a command said, without its warnings."""
    lines = (done.stdout + done.stderr).strip().splitlines()
    return "\n".join([line for line in lines if not line.startswith("WARNING")][-6:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
