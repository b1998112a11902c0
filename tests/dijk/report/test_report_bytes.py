"""The same report gives the same bytes, in another process and with another order of hashes too."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dijk.report import Report, html, pdf, region_lists, xlsx
from dijk.tables.languages import LANGS

TESTS = Path(__file__).resolve().parents[2]
AGAIN = """
import hashlib
from report_country import AS_OF, inputs, plan, policy
from dijk.report import About, Text, html, pdf, region_lists, report, xlsx

def digest():
    about = About(Text("t", "t"), AS_OF, 7, "0.1.0", "sha256:abc", "run-1")
    pages = report(inputs(), policy(), plan(), about=about)
    made = [form(pages, "nl") for form in (html, xlsx, pdf)] + list(region_lists(pages, "nl").values())
    return hashlib.sha256(b"".join(made)).hexdigest()
"""


@pytest.mark.parametrize("lang", LANGS)
def test_two_renderings_are_the_same(pages: Report, lang: str) -> None:
    for form in (html, xlsx, pdf):
        assert form(pages, lang) == form(pages, lang)  # type: ignore[operator]
    assert region_lists(pages, lang) == region_lists(pages, lang)  # type: ignore[arg-type]


@pytest.mark.slow
def test_another_process_with_another_zone_hash_order_and_other_threads_makes_the_same_bytes() -> None:
    here: dict[str, Any] = {}
    exec(AGAIN, here)
    ways = {
        "PYTHONHASHSEED": "2",
        "TZ": "Pacific/Auckland",
        "POLARS_MAX_THREADS": "2" if pl.thread_pool_size() == 1 else "1",
        "PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path]),
        "LC_ALL": "C",
    }
    code = AGAIN + "print(digest())"
    there = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | ways, capture_output=True, text=True, check=True
    )
    assert there.stdout.strip() == here["digest"]()
