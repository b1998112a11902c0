"""A dataset: a folder of files named after the tables, read at once, with every problem as a finding."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from dijk.files.delimited import read_csv
from dijk.files.findings import Row, Where, as_table, finding
from dijk.files.grid import Grid
from dijk.files.limits import MOST_BYTES, MOST_ROWS
from dijk.files.packs import Register
from dijk.files.rows import joined
from dijk.files.sheet import read_workbook
from dijk.files.table import Rows, read_rows
from dijk.files.words import table_named
from dijk.tables import ON_DISK

OTHER_KINDS = (".xls", ".xlsb", ".ods", ".numbers", ".pdf", ".docx", ".sav", ".mdb", ".accdb", ".xml", ".json", ".zip")
KINDS = (".csv", ".tsv", ".txt", ".parquet", ".xlsx", ".xlsm")
FIRST = ("product", "need", "acceptance")
"""Tables that tell how to read others: the pieces in a pack, and whether a piece is a pair."""


@dataclass(frozen=True)
class Dataset:
    """The good rows of a folder by table, the findings, and a digest of the rows."""

    tables: dict[str, pl.DataFrame]
    findings: pl.DataFrame
    digest: str


def read_folder(folder: Path | str, *, received: dt.datetime | None = None) -> Dataset:
    """Read a folder of CSV, Parquet and Excel files named after the tables of ``dijk.tables.ON_DISK``.

    Good rows are kept and every problem is a finding, all at once; ``dijk.files.codes`` lists them. Rows come sorted by key.

    Parameters
    ----------
    folder
        Its files are ``table.csv``, ``table.parquet`` or ``table.xlsx``, or several as ``table.anything.csv``, in English or Dutch.
    received
        When the files came in, UTC: taken for facts that do not say when they were known; None takes the end of the row's day.
        Judgements take the beginning of their first day, registers 1 January 2000.

    Returns
    -------
    The dataset. Where a finding is an error, its rows are missing and it must not be planned.
    """
    folder = Path(folder)
    if not folder.is_dir():
        return Dataset({}, as_table([finding("FILE-01", Where("-", str(folder)))]), digest({}))
    grids, found = open_all(folder)
    if not grids and not any(f["severity"] == "error" for f in found):
        found.append(finding("FILE-01", Where("-", str(folder))))
    tables: dict[str, pl.DataFrame] = {}
    register = Register.of({})
    order = sorted(grids, key=lambda name: (name not in FIRST, list(ON_DISK).index(name)))
    for name in order:
        parts = [read_rows(grid, name, register, received=received) for grid in grids.pop(name)]
        table = joined(parts, name)
        tables[name] = table.rows
        found += table.findings
        if name in FIRST:
            register = Register.of(tables)
    tables = {name: tables[name] for name in ON_DISK if name in tables}
    return Dataset(tables, as_table(found), digest(tables))


def open_all(folder: Path) -> tuple[dict[str, list[Grid]], list[Row]]:
    """Every file of a folder as grids by table, and what to say of the others."""
    grids: dict[str, list[Grid]] = {}
    found: list[Row] = []
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.startswith((".", "~$")) or path.name in ("Thumbs.db", "desktop.ini"):
            continue
        try:
            opened, said = open_one(path)
        except OSError as error:
            opened, said = [], [finding("FILE-03", Where(table_named(path.name.split(".")[0]) or "-", path.name), found=error.strerror)]
        found += said
        for table, grid in opened:
            grids.setdefault(table, []).append(grid)
    return grids, found


def open_one(path: Path) -> tuple[list[tuple[str, Grid]], list[Row]]:
    """The grids of one file with their tables, or the finding that says why there are none."""
    table = table_named(path.name.split(".")[0])
    kind = path.suffix.lower()
    where = Where(table or "-", path.name)
    if table and kind in OTHER_KINDS:
        return [], [finding("FILE-08", where)]
    if path.is_dir() or (kind not in KINDS) or (table is None and kind not in (".xlsx", ".xlsm")):
        return [], [finding("FILE-02", where, found=path.name)]
    if path.stat().st_size > MOST_BYTES:
        return [], [finding("FILE-04", where, found=f"{path.stat().st_size:,} bytes", words={"most": "500 MiB", "table": table or "stock"})]
    if kind in (".xlsx", ".xlsm"):
        return read_workbook(path, table)
    if kind == ".parquet":
        grid, found = read_parquet(path, where)
    else:
        grid, found = read_csv(path, where)
    return ([(table, grid)] if grid and table else []), found


def read_parquet(path: Path, where: Where) -> tuple[Grid | None, list[Row]]:
    """The columns of a Parquet file as they are typed."""
    try:
        rows = pl.scan_parquet(path).select(pl.len()).collect().item()
        if rows > MOST_ROWS:
            return None, [finding("FILE-12", where, found=f"{rows:,}", words={"most": f"{MOST_ROWS:,}", "what": ("file", "bestand")})]
        cells = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError):
        return None, [finding("FILE-10", where)]
    labels = tuple(cells.columns)
    cells = cells.rename({name: str(i) for i, name in enumerate(labels)})
    return Grid(where.file or "", path.stem, cells, pl.int_range(2, rows + 2, dtype=pl.UInt32, eager=True), heading=labels), []


def digest(tables: dict[str, pl.DataFrame]) -> str:
    """SHA-256 over names and rows, the same whatever the order of rows and the format of the files they came from."""
    total = hashlib.sha256()
    for name in sorted(tables):
        table = tables[name].select(ON_DISK[name].column_names())
        total.update(f"{name}\n{','.join(table.columns)}\n".encode())
        table = table.sort(table.columns, nulls_last=False)
        for part in table.iter_slices(100_000):
            total.update(part.write_csv(include_header=False, datetime_format="%Y-%m-%dT%H:%M:%SZ").encode())
    return total.hexdigest()


__all__ = ["Dataset", "Rows", "digest", "read_folder"]
