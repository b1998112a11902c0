"""The given cases, each beside the example country: what their owners wrote down as right is what comes out."""

import shutil
from pathlib import Path

import polars as pl
import pytest

import country_once
from dijk.files import Dataset, read_folder

REGISTERS = ("product", "need", "acceptance", "site", "sector", "region")


@pytest.fixture
def read(given_cases: Path, tmp_path: Path):
    """Read one file of a case beside the registers of the example country."""

    def reader(case: str, file: str) -> Dataset:
        if not (given_cases / case / file).is_file():
            pytest.skip(f"no such case: {case}/{file}")
        for name in REGISTERS:
            shutil.copy(country_once.commanded() / "country" / f"{name}.csv", tmp_path)
        shutil.copy(given_cases / case / file, tmp_path)
        return read_folder(tmp_path)

    return reader


def said(read: Dataset, *severities: str) -> set[tuple[str, int | None, str | None]]:
    """Code, row and column of what is said, as far as it is as grave."""
    found = read.findings.filter(pl.col("severity").cast(pl.String).is_in(severities or ["error", "warning", "note"]))
    return set(found.select("code", "row", "column").iter_rows())


def test_codes_that_became_dates_are_told_with_row_and_column(read):
    assert {("CELL-15", 2, "lot"), ("CELL-15", 3, "lot")} <= said(read("code-became-date", "stock.case.xlsx"), "error")
    assert ("CELL-16", 2, "size") in said(read("code-became-date", "need.case.xlsx"), "warning")
