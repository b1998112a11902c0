"""From a dataset to its report on a machine without a network, where one can be had. ``tests/test_story.py`` refuses every
socket of Python, everywhere.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dijk.files import write_folder
from dijk.runs import read_manifest
from short_country import FAST, country

STEPS = (["plan", "country", "-o", "run", "--seed", "1"], ["report", "run", "-o", "report", "--lang", "nl"])


@pytest.mark.slow
def test_a_run_ends_well_on_a_machine_without_any_network(tmp_path):
    """Compiled libraries open sockets that Python does not see, so the kernel takes the network away."""
    unshare = shutil.which("unshare")
    without = [unshare, "--net", "--map-root-user"] if unshare else []
    if not unshare or subprocess.run([*without, "true"], capture_output=True).returncode:
        pytest.skip("this machine lets no process live without a network (unshare)")
    code = f"from dijk.desk.app import run_command; assert [run_command(step) for step in {STEPS}] == [0, 0]"
    write_folder(country() | {"policy_rule": FAST}, tmp_path / "country")
    subprocess.run([*without, sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True)
    number = read_manifest(tmp_path / "run")["run"]
    assert sorted(path.name for path in Path(tmp_path / "report").glob("report.*")) == [
        f"report.{number}.nl.{form}" for form in ("html", "pdf", "xlsx")
    ]
    assert "<svg" in (tmp_path / "report" / f"report.{number}.nl.html").read_text("utf-8"), "no chart was drawn"
