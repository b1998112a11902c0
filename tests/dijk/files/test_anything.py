"""Whatever stands in a cell, reading ends in tables that keep their schema and findings that a person can read."""

import tempfile
from pathlib import Path

import polars as pl
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from dijk.files import read_folder
from dijk.tables import FACTS, ON_DISK, POLICY, REGISTERS
from dijk.tables.results import Finding
from drawn import examples

NASTY = [
    "",
    " ",
    "-",
    "?",
    "onbekend",
    "n.v.t.",
    "idem",
    "totaal",
    "1.234",
    "1,5",
    "-6",
    "12 dozen",
    "5 paar",
    "ca. 3",
    "1e400",
    "9" * 30,
    "#N/B",
    "=1+1",
]
NASTY += [
    "31-02-2020",
    "27-04-2020",
    "4/27/2020",
    "43948",
    "99999",
    "2020-04-27 25:61",
    "ja",
    "x",
    "nan",
    "inf",
    "0",
    "00012",
    "8,71E+12",
    "S01",
    "€",
    "%",
    "50%",
]
NASTY += [
    "stuks",
    "\u00a0",
    "'",
    "''=",
    "🙂",
    "a" * 600,
    "(5)",
    "5-",
    "1/0",
    "...",
    ",",
    ";",
    '"',
    "\n",
    "27 april",
    "doos",
    "all",
    "unknown",
    "approved",
    "geteld",
]

texts = st.sampled_from(NASTY) | st.text(max_size=6)
values = (
    texts | st.integers(-(10**6), 10**13) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.none()
)


@st.composite
def sheets(draw):
    """A table with any of its headings, and a few rows of anything below them."""
    name = draw(st.sampled_from(sorted({**REGISTERS, **FACTS, **POLICY})))
    columns = draw(st.permutations(ON_DISK[name].column_names()))
    columns = columns[: draw(st.sampled_from([len(columns)] * 4 + [3, len(columns) - 1]))]
    rows = draw(st.lists(st.lists(values, min_size=len(columns), max_size=len(columns) + 1), max_size=5))
    return name, columns, rows


def holds(folder: str) -> None:
    read = read_folder(folder)
    for name, table in read.tables.items():
        assert ON_DISK[name].is_valid(table), name
    assert Finding.is_valid(read.findings)
    assert (
        read.findings.filter(
            (pl.col("wanted_nl").str.len_chars() < 3) | pl.col("wanted_nl").str.contains(r"[{}]")
        ).height
        == 0
    )


@given(sheets())
@examples(15, long=60)
def test_a_workbook_with_anything_in_it(named):
    name, columns, rows = named
    with tempfile.TemporaryDirectory() as folder:
        with xlsxwriter.Workbook(
            Path(folder) / f"{name}.xlsx", {"strings_to_formulas": False, "strings_to_urls": False}
        ) as book:
            page = book.add_worksheet()
            for r, row in enumerate([columns, *rows]):
                for c, value in enumerate(row):
                    page.write(r, c, value)
        holds(folder)


@given(sheets(), st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
@examples(15, long=60)
def test_a_csv_with_anything_in_it(named, separator, encoding):
    name, columns, rows = named
    lines = [columns, *[["" if cell is None else str(cell) for cell in row] for row in rows]]
    with tempfile.TemporaryDirectory() as folder:
        text = "\n".join(separator.join(line) for line in lines)
        (Path(folder) / f"{name}.csv").write_bytes(text.encode(encoding, errors="replace"))
        holds(folder)


@given(st.binary(max_size=400), st.sampled_from(["stock.csv", "voorraad.xlsx", "site.parquet"]))
@examples(15, long=60)
def test_a_file_of_anything(content, name):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content)
        holds(folder)
