"""From example to report without a network: every socket of Python is refused, and where the machine allows, there is
none at all.
"""

import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from dijk.desk.app import run_command

STEPS = (
    ["example", "data", "--size", "small", "--seed", "1"],
    ["plan", "data", "-o", "run", "--seed", "1"],
    ["report", "run", "-o", "report"],
)


def refused(*_: object, **__: object) -> NoReturn:
    raise AssertionError("a run asked for the network")


@pytest.mark.slow
def test_a_run_opens_no_socket(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refused)
    assert [run_command(step) for step in STEPS] == [0, 0, 0]
    assert (tmp_path / "report" / "report.nl.pdf").is_file()


def test_the_refusal_above_refuses(monkeypatch):
    monkeypatch.setattr(socket, "socket", refused)
    with pytest.raises(AssertionError):
        socket.socket()


@pytest.mark.slow
def test_a_run_ends_well_on_a_machine_without_any_network(tmp_path):
    """Compiled libraries open sockets that Python does not see, so the kernel takes the network away."""
    unshare = shutil.which("unshare")
    without = [unshare, "--net", "--map-root-user"] if unshare else []
    if not unshare or subprocess.run([*without, "true"], capture_output=True).returncode:
        pytest.skip("this machine lets no process live without a network (unshare)")
    for step in STEPS:
        subprocess.run([*without, sys.executable, "-m", "dijk", *step], cwd=tmp_path, check=True, capture_output=True)
    assert sorted(path.name for path in Path(tmp_path / "report").glob("report.*")) == [
        f"report.{lang}.{form}" for lang in ("en", "nl") for form in ("html", "pdf", "xlsx")
    ]
