"""A folder with planted faults: each gives its finding, in words for the owner of the file, and nothing else goes
wrong.
"""

import re
import sys
from pathlib import Path

import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from good import good_tables, write_good
from plant import Fault, sheet
from plant import text as csv

from dijk.check.codes import ON_READING
from dijk.files import read_folder
from faults import FAULTS


def test_the_good_folder_gives_no_finding(tmp_path):
    write_good(tmp_path)
    read = read_folder(tmp_path)
    assert read.findings.height == 0
    for name, table in good_tables().items():
        assert read.tables[name].equals(table), name


@pytest.mark.parametrize("plant", [sheet(), csv()], ids=["workbook", "csv"])
def test_dutch_headings_and_ways_of_writing_are_read_the_same_without_a_finding(tmp_path, plant):
    write_good(tmp_path)
    before = read_folder(tmp_path)
    plant(tmp_path)
    after = read_folder(tmp_path)
    assert after.findings.height == 0
    assert after.digest == before.digest


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_planted_fault_is_found_where_it_is_in_both_languages(tmp_path, fault: Fault):
    write_good(tmp_path, "stock")
    write_good(tmp_path, "product", "need", "acceptance", form="parquet")  # beside it; typed columns are read quickly
    fault.plant(tmp_path)
    read = read_folder(tmp_path)
    mine = read.findings.filter(pl.col("code") == fault.code)
    assert mine.height >= 1, read.findings.select("code", "file", "row", "column", "found").rows()
    places = mine.select("file", "row", "column").rows()
    assert (fault.file, fault.row, fault.column) in places, places
    others = read.findings.filter((pl.col("severity") == "error") & (pl.col("code") != fault.code))
    assert others.height == 0, others.select("code", "file", "row", "column", "found").rows()
    if fault.stock is not None:
        rows = read.tables["stock"].select("site", "product", "pieces").rows()
        assert {(site, product): pieces for site, product, pieces in rows} == fault.stock
    for found in read.findings.iter_rows(named=True):
        assert_understandable(found["wanted_en"], found["wanted_nl"])


def assert_understandable(*texts: str) -> None:
    """Both languages say something, leave no gap open, and do not hide behind `invalid`."""
    assert texts[0] != texts[1]
    for text in texts:
        assert len(text) > 3
        assert not re.search(r"[{}]|None|invalid|ongeldig", text), text


def test_every_code_has_a_planted_fault():
    planted = {fault.code for fault in FAULTS}
    elsewhere = {"FILE-01", "FILE-04", "FILE-12"}  # no folder, and files too large to make here: see test_limits.py
    assert {one.code for one in ON_READING} - planted == elsewhere
