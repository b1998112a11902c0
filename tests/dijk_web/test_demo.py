"""The demo from a dataset to pages that a person logged in for."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

import country_once
from dijk_web import demo
from dijk_web.demo_people import two_regions
from dijk_web.people import Directorate, Role

ROLES = len(Role) + len(Directorate) - 1 + 1 + 3 + 3
"""One of each role, of each directorate, a second coordinator, four institutions, and three more so that two decide."""


def test_the_demo_has_two_regions_of_which_each_has_what_is_shown_of_it() -> None:
    sites = country_once.tables()["site"]
    for region in two_regions(sites):
        assert {"hospital", "nursing_home"} <= set(sites.filter(region=region)["sector"])
    assert len(set(two_regions(sites))) == 2


@pytest.mark.slow
def test_the_demo_shows_the_example_to_everybody_and_ends(tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the demo is on SQLite, whatever the tests are on")
    surroundings = os.environ | {"DIJK_DATABASE_URL": "postgresql://of-another-tower/", "DIJK_HOSTS": "elsewhere"}
    surroundings["PYTHONPATH"] = str(Path(__file__).parents[2] / "src")
    command = [
        sys.executable,
        "-m",
        "dijk_web.demo",
        str(country_once.commanded() / "country"),
        str(tmp_path),
        "--once",
    ]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert len(re.findall(r"^  \S+@demo\.example", done.stdout, flags=re.MULTILINE)) == ROLES
    assert re.search(r"password \w{4}-\w{4}-\w{4}-\w{4}$", done.stdout, flags=re.MULTILINE)
    assert re.findall(r"^(/\S*) answers 200", done.stdout, flags=re.MULTILINE) == [
        "/health/",
        *(f"/{path}" for path in demo.PAGES),
    ]
