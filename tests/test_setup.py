"""The repository itself: what run.py promises, what may be tracked, the papers."""

import argparse
import ast
import importlib.util
import os
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest
import yaml
from packaging.requirements import Requirement

pytest_plugins = "pytester"
ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = sorted((ROOT / "requirements").glob("*"))
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a checkout: git cannot tell which files are tracked")
    return [Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", path.read_text(), flags=re.MULTILINE))


# run.py and its stamp


def test_run_imports_the_standard_library_only():
    nodes = list(ast.walk(ast.parse((ROOT / "run.py").read_text())))
    names = [one.name for node in nodes if isinstance(node, ast.Import) for one in node.names]
    names += ["." * node.level + str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)]
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.fixture
def small_root(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    for name in ("requirements/run.txt", "requirements/test.txt", "pyproject.toml"):
        (tmp_path / name).write_text(f"as {name} was\n")
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "part"),
    [("requirements/run.txt", "run"), ("requirements/test.txt", "test"), ("pyproject.toml", "project")],
)
def test_a_changed_file_changes_its_own_stamp_and_no_other(run: ModuleType, small_root: Path, changed: str, part: str):
    before = run.stamps(small_root)
    (small_root / changed).write_text("as it is now\n")
    after = run.stamps(small_root)
    assert {name for name in before if before[name] != after[name]} == {part}


def test_another_python_changes_every_stamp(run: ModuleType, small_root: Path, monkeypatch: pytest.MonkeyPatch):
    before = run.stamps(small_root)
    monkeypatch.setattr(sys, "version", "3.99.0 of another day")
    after = run.stamps(small_root)
    assert all(before[name] != after[name] for name in before)


@pytest.mark.parametrize(
    ("made", "current"),
    [
        ({}, False),
        ({"project": "p"}, False),
        ({"run": "r"}, True),
        ({"run": "r", "test": "t"}, True),
        ({"run": "r", "test": "of last week"}, False),
        ({"run": "of last week"}, False),
        ({"run": "r", "project": "of last week"}, True),
    ],
)
def test_packages_are_kept_only_while_all_of_them_are_the_ones_wanted(
    run: ModuleType, made: dict[str, str], current: bool
):
    assert run.is_current(made, {"run": "r", "test": "t", "project": "p"}) is current


@pytest.mark.parametrize("left", [None, "", "{", "[]", "\x00"])
def test_a_broken_stamp_counts_as_none(run: ModuleType, tmp_path: Path, left: str | None):
    path = tmp_path / "stamp.json"
    if left is not None:
        path.write_text(left)
    assert run.read_stamp(path) == {}


@pytest.fixture
def recorded(run: ModuleType, small_root: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A set-up in a folder of its own that writes down what it would do, and does it not."""
    steps: list[str] = []
    stamp = small_root / "stamp.json"
    monkeypatch.setattr(run, "ROOT", small_root)
    monkeypatch.setattr(run, "STAMP", stamp)
    monkeypatch.setattr(run, "python_runs", lambda: True)
    monkeypatch.setattr(run, "remake_venv", lambda: (steps.append("remake"), stamp.unlink(missing_ok=True)))
    monkeypatch.setattr(run, "install", lambda *what: steps.append(what[-1]))
    return steps


def test_a_second_set_up_does_nothing(run: ModuleType, recorded: list[str]):
    run.set_up("test")
    assert recorded == ["remake", "requirements/test.txt", "."]
    recorded.clear()
    run.set_up("test")
    run.set_up("run")  # test.txt holds all of run.txt
    assert recorded == []


def test_test_adds_to_what_demo_installed(run: ModuleType, recorded: list[str]):
    run.set_up("run")
    recorded.clear()
    run.set_up("test")
    assert recorded == ["requirements/test.txt", "."]


def test_a_changed_pin_remakes_all_and_a_changed_pyproject_only_the_project(
    run: ModuleType, recorded: list[str], small_root: Path
):
    run.set_up("run")
    recorded.clear()
    (small_root / "pyproject.toml").write_text("new")
    run.set_up("run")
    assert recorded == ["."]
    recorded.clear()
    (small_root / "requirements" / "run.txt").write_text("new")
    run.set_up("run")
    assert recorded == ["remake", "requirements/run.txt", "."]


def test_an_interrupted_set_up_starts_anew(run: ModuleType, recorded: list[str], monkeypatch: pytest.MonkeyPatch):
    run.set_up("run")
    recorded.clear()
    with monkeypatch.context() as broken:
        broken.setattr(run, "install", lambda *what: sys.exit("no network"))
        with pytest.raises(SystemExit):
            run.set_up("test")
    run.set_up("run")
    assert recorded == ["remake", "requirements/run.txt", "."]


def test_a_python_that_is_gone_starts_anew(run: ModuleType, recorded: list[str], monkeypatch: pytest.MonkeyPatch):
    run.set_up("run")
    recorded.clear()
    monkeypatch.setattr(run, "python_runs", lambda: False)
    run.set_up("run")
    assert recorded[0] == "remake"


# What the demo starts


class Shown:
    """A web application that goes on for two strokes of Ctrl-C."""

    def __init__(self, command: list[object]) -> None:
        self.command, self.strokes = [str(word) for word in command], 2

    def wait(self) -> int:
        self.strokes -= 1
        if self.strokes >= 0:
            raise KeyboardInterrupt
        return 7


@pytest.mark.parametrize("once", [True, False])
def test_the_demo_waits_for_the_web_application_to_end_by_itself(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, once: bool
):
    started: list[Shown] = []
    monkeypatch.setattr(run.subprocess, "Popen", lambda command: started.append(Shown(command)) or started[-1])
    assert run.tower(argparse.Namespace(once=once)) == 7
    (shown,) = started
    assert shown.command[2:3] == ["dijk_web.demo"]
    assert ("--once" in shown.command) is once


# What every process it starts has


@pytest.mark.parametrize("command", ["demo", "test"])
def test_what_python_compiled_is_kept_in_the_venv_also_where_a_container_forbids_it(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], command: str
):
    where = "import sys; print(sys.dont_write_bytecode, sys.pycache_prefix)"
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"):
        monkeypatch.setenv(name, "1")
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(run, "set_up", lambda packages: None)
    monkeypatch.setattr(run, command, lambda *_, **__: subprocess.run([sys.executable, "-c", where]).returncode)
    assert run.main([command]) == 0
    assert capfd.readouterr().out.split() == ["False", str(ROOT / ".venv" / "compiled")]


# Requirement files


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_requirement_files_carry_names_versions_and_hashes_only(path: Path):
    line = re.compile(r"[a-z0-9.-]+==[a-z0-9.]+ \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [text for text in path.read_text().splitlines() if not line.fullmatch(text)] == []
    assert pins(path)


def test_the_test_packages_hold_the_run_packages():
    assert pins(ROOT / "requirements/run.txt").items() <= pins(ROOT / "requirements/test.txt").items()


def test_every_declared_dependency_is_pinned_within_its_range():
    project, groups = PYPROJECT["project"], PYPROJECT["dependency-groups"]
    extras = [text for texts in project["optional-dependencies"].values() for text in texts]
    declared = {
        "run.txt": project["dependencies"] + groups["build"] + PYPROJECT["build-system"]["requires"],
        "test.txt": extras,
        "uv.txt": groups["installer"],
    }
    for name, texts in declared.items():
        pinned = pins(ROOT / "requirements" / name)
        wanted = [Requirement(text) for text in texts]
        wrong = [str(one) for one in wanted if not one.specifier.contains(pinned.get(one.name, "0"))]
        assert wrong == [], f"recompile requirements/{name} (CONTRIBUTING.md says how)"


def test_no_tracked_file_names_a_package_registry(tracked: list[Path]):
    hosts = {"pypi" + ".org", "python" + "hosted.org", "registry." + "npmjs.org", "deb." + "debian.org"}
    settings = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX")
    hosts |= {host for name in settings for url in os.environ.get(name, "").split() if (host := urlsplit(url).hostname)}
    found = [(str(path), host) for path in tracked for host in hosts if host.encode() in (ROOT / path).read_bytes()]
    assert found == []


def test_no_lock_file_with_addresses_is_tracked(tracked: list[Path]):
    assert {path.name for path in tracked}.isdisjoint({"uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock"})


# The papers


def test_publiccode_has_what_its_standard_requires():
    paper = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    required = {"publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus", "softwareType"}
    assert required | {"description", "legal", "maintenance", "localisation"} <= paper.keys()
    assert paper["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert paper["legal"]["license"] == PYPROJECT["project"]["license"]
    assert isinstance(paper["localisation"]["localisationReady"], bool)
    assert set(paper["localisation"]["availableLanguages"]) == paper["description"].keys() == {"nl", "en"}
    for text in paper["description"].values():
        assert len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert text["features"]


def test_publiccode_names_a_person_where_it_says_someone_maintains_it():
    maintenance = yaml.safe_load((ROOT / "publiccode.yml").read_text())["maintenance"]
    key = {"internal": "contacts", "community": "contacts", "contract": "contractors", "none": None}[
        maintenance["type"]
    ]
    assert key is None or all(one["name"] for one in maintenance[key])


def licence_of(path: Path) -> str | None:
    """The licence REUSE.toml gives a file: the last annotation that matches; ``*`` stops at a folder, ``**`` does
    not.
    """
    found = None
    for annotation in tomllib.loads((ROOT / "REUSE.toml").read_text())["annotations"]:
        globs = annotation["path"] if isinstance(annotation["path"], list) else [annotation["path"]]
        patterns = [re.escape(glob).replace(r"\*\*", ".*").replace(r"\*", "[^/]*") for glob in globs]
        if annotation["SPDX-FileCopyrightText"] and any(re.fullmatch(pattern, path.as_posix()) for pattern in patterns):
            found = annotation["SPDX-License-Identifier"]
    return found


def test_every_tracked_file_has_a_licence_whose_text_is_here(tracked: list[Path]):
    licences = {path: licence_of(path) for path in tracked}
    assert [path for path, licence in licences.items() if licence is None] == []
    assert {f"{licence}.txt" for licence in licences.values()} <= {path.name for path in (ROOT / "LICENSES").iterdir()}


def test_code_is_eupl_and_documentation_is_cc0():
    assert licence_of(Path("src/dijk/__init__.py")) == licence_of(Path("docs.py")) == "EUPL-1.2"
    assert licence_of(Path("README.md")) == licence_of(Path("docs/how-to/plan.md")) == "CC0-1.0"


def test_the_licence_is_whole():
    text = (ROOT / "LICENSE").read_text()
    assert text == (ROOT / "LICENSES" / "EUPL-1.2.txt").read_text()
    assert re.findall(r"^(\d+)\.", text, flags=re.MULTILINE) == [str(article) for article in range(1, 16)]
    assert text.index("15.Applicable Law") < text.index("Appendix\n") < text.index("(LiLiQ-R+)")


# The tests themselves. The addresses are reserved for documentation; a datagram socket that connects sends nothing, and
# a look-up of numbers asks nobody, so these tests stay silent even where the guard fails.


def test_a_test_cannot_call_another_machine():
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outward,
        pytest.raises(PermissionError, match="no network"),
    ):
        outward.connect(("192.0.2.1", 9))


def test_a_test_cannot_look_up_a_name():
    with pytest.raises(PermissionError, match="no network"):
        socket.getaddrinfo("dijk.example", 443, flags=socket.AI_NUMERICHOST)


def test_a_test_may_call_its_own_machine():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


@pytest.mark.parametrize(
    ("reason", "ci", "outcome"),
    [("missing tool: xyz", "true", "failed"), ("missing tool: xyz", "", "skipped"), ("no data", "true", "skipped")],
)
def test_a_missing_tool_fails_only_in_ci(pytester: pytest.Pytester, reason: str, ci: str, outcome: str):
    pytester.makeconftest((ROOT / "tests" / "conftest.py").read_text())
    pytester.makepyfile(f"import pytest\ndef test_it(): pytest.skip({reason!r})")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CI", ci)
        pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:django").assert_outcomes(**{outcome: 1})


def test_what_failed_before_the_tests_is_named_just_above_the_closing_line(pytester: pytest.Pytester):
    pytester.makeconftest((ROOT / "tests" / "conftest.py").read_text())
    pytester.makepyfile("def test_it(): pass")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DIJK_FAILED_CHECKS", "mypy")
        lines = pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider", "-p", "no:django").outlines
    assert lines[-2] == "FAILED before the tests: mypy"
    assert lines[-1].startswith("1 passed")
