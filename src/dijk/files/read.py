"""A dataset: a folder of files named after the tables, read at once, with every problem as a finding."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from dijk.files.beside import with_beside
from dijk.files.delimited import read_csv
from dijk.files.filled import made, said_of
from dijk.files.findings import Row, Where, as_table, finding
from dijk.files.grid import Grid, Opened
from dijk.files.limits import MOST_BYTES, MOST_ROWS
from dijk.files.references import Told, lost, told
from dijk.files.rows import joined
from dijk.files.sheet import read_workbook
from dijk.files.table import ORIGIN, read_rows
from dijk.files.units import Register
from dijk.files.words import table_named
from dijk.tables import ON_DISK

OTHER_KINDS = (".xls", ".xlsb", ".ods", ".numbers", ".pdf", ".docx", ".sav", ".mdb", ".accdb", ".xml", ".json", ".zip")
BOOKS = (".xlsx", ".xlsm")
KINDS = (".csv", ".tsv", ".txt", ".parquet", *BOOKS)
FIRST = ("product", "need", "acceptance", "norm")
"""Tables that tell how to read others: the pieces in a pack, whether a piece is a pair, and the class of a driver."""


@dataclass(frozen=True)
class Dataset:
    """The good rows of a folder by table, the findings, and a digest of the rows.

    ``origin`` says of each row, in the same order, from which file and row it came (``_file``, ``_row``) and whether
    somebody told when it became known (``_told``).
    """

    tables: dict[str, pl.DataFrame]
    findings: pl.DataFrame
    digest: str
    origin: dict[str, pl.DataFrame]

    def with_origin(self, table: str) -> pl.DataFrame:
        """The rows of a table, each with where it came from."""
        return self.tables[table].hstack(self.origin[table])


def read_folder(
    folder: Path | str, *, received: dt.datetime | None = None, beside: Mapping[str, pl.DataFrame] | None = None
) -> Dataset:
    """Read a folder of CSV, Parquet and Excel files named after the tables of ``dijk.tables.ON_DISK``.

    Good rows are kept and every problem is a finding, all at once; `dijk.check.codes` lists them. Rows come sorted by
    key.

    Parameters
    ----------
    folder
        Its files are ``table.csv``, ``table.parquet`` or ``table.xlsx``, or several as ``table.anything.csv``, in
        English or Dutch. It may also be one such file: a workbook has a sheet per table.
    received
        When the files came in, UTC: taken for facts that do not say when they were known; None takes the end of the
        row's day. Judgements take the beginning of their first day, registers 1 January 2000.
    beside
        Tables that are known already, by name, with the columns of their schema. They tell how to read what the folder
        leaves out (the pieces in a pack, whether a piece is a pair, the class of a driver) and which codes there are; a
        row of the folder counts before one beside it with the same key. Nothing of them comes back.

    Returns
    -------
    The dataset. Where a finding is an error, its rows are missing and it must not be planned.

    Examples
    --------
    A sector of which the group is misspelt:

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     lines = "sector,group,name_en,name_nl", "hospital,cure,Hospitals,Ziekenhuizen", "gp,caer,GPs,Huisartsen"
    ...     _ = Path(folder, "sector.csv").write_text("\\n".join(lines))
    ...     read = read_folder(folder)
    >>> read.tables["sector"]["sector"].to_list()
    ['hospital']
    >>> read.findings.filter(severity="error").select("code", "row", "column", "found").rows()
    [('CELL-10', 3, 'group', 'caer')]
    """
    folder = Path(folder)
    if not folder.exists():
        return Dataset({}, as_table([finding("FILE-01", Where("-", str(folder)))]), digest({}), {})
    opened = open_all(folder)
    found = opened.findings
    if not opened.grids and not any(f["severity"] == "error" for f in found):
        found.append(finding("FILE-01", Where("-", str(folder))))
    tables: dict[str, pl.DataFrame] = {}
    origin: dict[str, pl.DataFrame] = {}
    codes: Told = {}
    known = beside or {}
    register = Register.of(known)
    for name in [*FIRST, *(name for name in ON_DISK if name not in FIRST)]:
        parts = [read_rows(grid, register, received=received) for grid in opened.grids if grid.table == name]
        if not parts:
            continue
        codes |= told([part.rows for part in parts], name)
        table = joined(parts, name)
        tables[name] = table.rows.drop(*ORIGIN)
        origin[name] = table.rows.select(pl.col("_file").cast(pl.Categorical), *KEPT[1:])
        found += table.findings
        if name in FIRST:
            register = Register.of(with_beside(tables, known))
    more = made(tables, known)
    for name, rows in more.items():
        tables[name], origin[name] = with_made(rows, tables.get(name), origin.get(name))
    tables, found = {name: tables[name] for name in ON_DISK if name in tables}, found + said_of(more)
    found += lost(codes, with_beside(tables, known), found)
    return Dataset(tables, as_table(found), digest(tables), origin)


KEPT = ("_file", "_row", "_told")
"""What is kept of where a row came from."""


def with_made(rows: pl.DataFrame, table: pl.DataFrame | None, origin: pl.DataFrame | None) -> list[pl.DataFrame]:
    """A table and its origin with rows that dijk made, by key: these are from no file, and nobody told their moment."""
    kept = {name: ORIGIN[name] for name in KEPT}
    none = pl.DataFrame({"_file": [None], "_row": [None], "_told": [False]}, schema=kept)
    new = rows.hstack(pl.concat([none] * rows.height))
    if table is not None and origin is not None:
        new = pl.concat([table.hstack(origin.cast({"_file": pl.String})), new]).sort(rows.columns[0], "known_at")
    return [new.drop(*KEPT), new.select(pl.col("_file").cast(pl.Categorical), *KEPT[1:])]


def open_all(folder: Path) -> Opened:
    """Every file of a folder, or the one file, and what to say of those that are no table."""
    grids: list[Grid] = []
    found: list[Row] = []
    for path in [folder] if folder.is_file() else sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.startswith((".", "~$")) or path.name in ("Thumbs.db", "desktop.ini"):
            continue
        try:
            opened = open_one(path)
        except OSError as error:
            opened = Opened([], [finding("FILE-03", where_of(path), found=error.strerror)])
        grids += opened.grids
        found += opened.findings
    return Opened(grids, found)


def where_of(path: Path) -> Where:
    """The table that a file is named after, a dash where there is none, and its name."""
    return Where(table_named(path.name.split(".")[0]) or "-", path.name)


def open_one(path: Path) -> Opened:
    """The grids of one file, or the finding that says why there are none."""
    where, kind = where_of(path), path.suffix.lower()
    is_table, is_book = where.table != "-", kind in BOOKS
    if is_table and kind in OTHER_KINDS:
        return Opened([], [finding("FILE-08", where)])
    if path.is_dir() or kind not in KINDS or not (is_table or is_book):
        return Opened([], [finding("FILE-02", where, found=path.name)])
    if (size := path.stat().st_size) > MOST_BYTES:
        words = {"most": f"{MOST_BYTES // 2**20} MiB", "table": where.table}
        return Opened([], [finding("FILE-04", where, found=f"{size / 2**20:,.0f} MiB", words=words)])
    if is_book:
        return read_workbook(path, where.table if is_table else None)
    return read_parquet(path, where) if kind == ".parquet" else read_csv(path, where)


def read_parquet(path: Path, where: Where) -> Opened:
    """The columns of a Parquet file as they are typed."""
    try:
        rows = pl.scan_parquet(path).select(pl.len()).collect().item()
        if rows > MOST_ROWS:
            words = {"most": f"{MOST_ROWS:,}", "what": ("file", "bestand")}
            return Opened([], [finding("FILE-12", where, found=f"{rows:,}", words=words)])
        cells = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError):
        return Opened([], [finding("FILE-10", where)])
    labels = tuple(cells.columns)
    cells = cells.rename({name: str(i) for i, name in enumerate(labels)})
    numbers = pl.int_range(2, rows + 2, dtype=pl.UInt32, eager=True)
    return Opened([Grid(where.table, path.name, path.stem, cells, numbers, heading=labels)], [])


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
