"""What is written is read back the same: any table, any form, any text."""

import datetime as dt
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import dataframely as dy
import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from dijk.files import read_folder, read_tables, write_folder, write_results
from dijk.files.column import ERRORS
from dijk.files.text import ROUNDED
from dijk.files.words import DITTO
from dijk.tables import ON_DISK, RESULTS, UNKNOWN
from drawn import examples

SIGNS = "=+-@'\"\t\n;,|aZ09 éß€_x#%()"
"""Signs that have a meaning to a spreadsheet, a CSV or a number, and some letters."""

AS_ROWS = re.compile(r"[,;|\t].*\n|\n.*[,;|\t]")
"""A text over lines with a separator in it looks like rows that vanished between quotation marks (FILE-24)."""

texts = st.text(SIGNS, min_size=1, max_size=12).filter(
    lambda t: t == t.strip() and not re.match(ERRORS, t) and not AS_ROWS.search(t)
)
codes = texts.filter(lambda t: t.casefold() not in DITTO and not re.match(ROUNDED, t))
days = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
moments = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 12, 31), timezones=st.just(dt.UTC)).map(
    lambda t: t.replace(microsecond=0)
)


def cell(column: dy.Column) -> st.SearchStrategy:
    """Any value of a column."""
    if isinstance(column, dy.Enum):
        some = st.sampled_from(list(column.dtype.categories))
    elif isinstance(column, dy.String):
        some = codes if column.min_length == 1 else texts
    elif isinstance(column, dy.Bool):
        some = st.booleans()
    elif isinstance(column, dy.Date):
        some = days
    elif isinstance(column, dy.Datetime):
        some = moments
    elif column.dtype.is_integer():
        some = st.integers(column.min, column.max)
    else:
        least = column.min if column.min is not None else column.min_exclusive
        most = column.max if column.max is not None else column.max_exclusive
        some = st.floats(
            least, most, exclude_min=column.min is None, exclude_max=column.max is None, allow_subnormal=False
        )
    return st.none() | some if column.nullable else some


@st.composite
def tables(draw) -> tuple[str, pl.DataFrame]:
    """A table with up to five valid rows."""
    name = draw(st.sampled_from(sorted(ON_DISK)))
    schema = ON_DISK[name]
    rows = draw(
        st.lists(st.fixed_dictionaries({n: cell(c) for n, c in schema.columns().items()}), min_size=1, max_size=5)
    )
    if "reason" in schema.column_names():
        value = next(n for n in ("pieces", "value", "units", "cover_days") if n in schema.column_names())
        for row in rows:
            row["reason"] = None if row[value] is not None else row["reason"] or "not_counted"
    kinds = {n: pl.String if isinstance(c, dy.Enum) else c.dtype for n, c in schema.columns().items()}
    frame = pl.DataFrame(rows, schema=kinds)
    good, _ = schema.filter(frame, cast=True)
    return name, good.sort(schema.primary_key())


def read_back(name: str, table: pl.DataFrame, form: str) -> pl.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        write_folder({name: table}, folder, form=form)
        read = read_folder(folder)
    errors = read.findings.filter(pl.col("severity") == "error")
    assert errors.height == 0, errors.rows()
    made = pl.lit(False) if name != "region" else (pl.col("region") == UNKNOWN) & ~pl.lit(UNKNOWN in table["region"])
    return read.tables[name].filter(~made)  # the region of what cannot be placed stands in every list of regions


@examples(12, long=60)
@given(tables(), st.sampled_from(["csv", "parquet", "xlsx"]))
def test_what_is_written_is_read_back_the_same(named, form):
    name, table = named
    if form == "xlsx":  # sixteen digits are all that the numbers of a workbook hold
        table = table.with_columns(
            pl.col(pl.Float64).map_elements(lambda x: float(f"{x:.16G}"), return_dtype=pl.Float64)
        )
    if table.height:
        assert_frame_equal(read_back(name, table, form), table, check_exact=True)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "text", ["=1+1", "+31 6", "-5 stuks", "@SUM(A1)", "'=1", "''+x", "-", "=cmd|'/c calc'!A1", "'"]
)
def test_a_text_never_becomes_a_formula_and_comes_back_as_it_was(tmp_path, text, form):
    table = register(name=text)
    write_folder({"organisation": table}, tmp_path, form=form)
    assert read_folder(tmp_path).tables["organisation"]["name"].to_list() == [text]
    if form == "xlsx":
        cells = [c for row in openpyxl.load_workbook(tmp_path / "organisation.xlsx").active.iter_rows() for c in row]
        assert [c.coordinate for c in cells if c.data_type == "f"] == []
    else:
        line = (tmp_path / "organisation.csv").read_text().splitlines()[1]
        assert not re.search(r'(^|,)"?[=+@-][^,"]', line), line


def register(**cells: object) -> pl.DataFrame:
    row = {
        "known_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
        "source": "s",
        "organisation": "O1",
        "name": "n",
        "legal_id": None,
    }
    return ON_DISK["organisation"].validate(
        pl.DataFrame([row | cells], schema_overrides={"legal_id": pl.String}), cast=True
    )


@given(tables(), st.randoms(use_true_random=False))
@examples(4, long=15)
def test_the_digest_depends_on_the_rows_alone_not_on_their_order_or_the_form(named, random):
    name, table = named
    found = set()
    for form in ("csv", "parquet"):
        order = list(range(table.height))
        random.shuffle(order)
        with tempfile.TemporaryDirectory() as folder:
            write_folder({name: table[order]}, folder, form=form)
            found.add(read_folder(folder).digest)
    assert len(found) == 1


def test_another_value_gives_another_digest(tmp_path):
    digests = []
    for number, name in enumerate(("een", "twee")):
        write_folder({"organisation": register(name=name)}, tmp_path / str(number))
        digests.append(read_folder(tmp_path / str(number)).digest)
    assert digests[0] != digests[1]


BYTES = """
import hashlib, sys, tempfile, pathlib
import polars as pl
from dijk.files import write_folder
from dijk.tables import ON_DISK
table = ON_DISK["organisation"].validate(pl.DataFrame({
    "known_at": pl.Series([1577836800000000 + i * 1000000 for i in range(5000)]).cast(pl.Datetime("us", "UTC")), "source": ["s"] * 5000,
    "organisation": [f"O{i % 700}" for i in range(5000)], "name": [f"naam {i}" for i in range(5000)],
    "legal_id": pl.Series([None, "0012"] * 2500, dtype=pl.String)}), cast=True)
with tempfile.TemporaryDirectory() as folder:
    for form in ("csv", "parquet", "xlsx"):
        for path in write_folder({"organisation": table}, folder, form=form):
            print(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
"""


@pytest.mark.slow
def test_the_same_tables_give_the_same_bytes_on_one_thread_or_two():
    said = [
        subprocess.run(
            [sys.executable, "-c", BYTES], env={"POLARS_MAX_THREADS": n}, capture_output=True, text=True, check=True
        ).stdout
        for n in ("1", "2")
    ]
    assert said[0] == said[1]
    assert len(said[0].splitlines()) == 3


def test_results_are_read_back_with_their_types(tmp_path):
    tables = {name: schema.create_empty() for name, schema in RESULTS.items()}
    write_results(tables, tmp_path)
    back = read_tables(tmp_path)
    assert set(back) == set(tables)
    for name, table in tables.items():
        assert back[name].schema == table.schema


def test_a_table_larger_than_a_sheet_becomes_several_files(tmp_path, monkeypatch):
    monkeypatch.setattr("dijk.files.write.MOST_SHEET_ROWS", 3)
    table = pl.concat([register(organisation=f"O{i}") for i in range(5)])
    paths = write_folder({"organisation": table}, tmp_path, form="xlsx")
    assert [Path(path).name for path in paths] == [
        "organisation.001.xlsx",
        "organisation.002.xlsx",
        "organisation.003.xlsx",
    ]
    assert read_folder(tmp_path).tables["organisation"].height == 5
