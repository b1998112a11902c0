"""Files of what somebody proposes: changes to a division, or judgements that nobody has told yet. Their rows are read
as those of a table.

A proposal need not say what only a table on record must: when it was known, on what basis it rests. Such columns are
filled in.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from dijk.check import codes_besides
from dijk.files.amount import kind_words
from dijk.files.delimited import read_csv
from dijk.files.findings import Row, Where, as_table, finding
from dijk.files.grid import TEXT, Grid, Opened
from dijk.files.heading import LOOK_AT, both_names, find_heading, required
from dijk.files.read import read_parquet
from dijk.files.references import lost, told
from dijk.files.rows import joined
from dijk.files.sheet import read_workbook
from dijk.files.table import ORIGIN, Rows, empty, read_rows
from dijk.files.units import Register
from dijk.files.words import plain
from dijk.tables import ALL, ON_DISK

NO_CODE = "-"
"""What stands where a proposal names nothing."""

CHANGE = {
    "known_at": "2000-01-01T00:00:00Z",
    "holder": "warehouse",
    "product": NO_CODE,
    "sector": NO_CODE,
    "region": NO_CODE,
    "pieces_per_pack": "1",
    "cover_before_days": "0",
    "cover_after_days": "0",
    "route": "regional_check",
    "changed_packs": "0",
}
JUDGEMENT = {"basis": "proposal", "source": "proposal", "how": "assumed", "set_by": "-"}
REGION_BOOK = {
    "site": ("Site code", "Locatiecode"),
    "need": ("Need code", "Behoeftecode"),
    "risk_class": ("Class code", "Klassecode"),
    "holder": ("Sent from", "Verzonden vanuit"),
    "product": ("Product", "Product"),
    "packs": ("New packs", "Nieuw aantal dozen"),
    "change_reason": ("Reason for the change", "Reden van de wijziging"),
}
"""The headings in a region's workbook that make a row of it a change, in English and Dutch; see `dijk.report`."""

REASON = ("reason", "reden", "why", "waarom")


@dataclass(frozen=True)
class Proposed:
    """The good rows, with ``file`` and ``row`` as a spreadsheet counts them, and what was found."""

    rows: pl.DataFrame
    findings: pl.DataFrame


def read_changes(path: Path, *, beside: Mapping[str, pl.DataFrame] | None = None) -> Proposed:
    """A region's changes: from the region's own workbook, or from CSV, Excel or Parquet with columns site, need,
    risk_class, packs, reason, and holder if it is a hub's goods, and product where a row names its article.

    Parameters
    ----------
    beside
        Registers that are known already, by name: a code that is not in its own is a finding, with the one that may be
        meant. Without them codes are not looked up.
    """
    read = _of_packs(_read([path], "past_award", CHANGE, beside or {}))
    said = read.rows.filter(pl.col("product") != CHANGE["product"]).height > 0
    columns = ["row", "site", "need", "risk_class", "holder", *(["product"] if said else []), "packs", "change_reason"]
    rows = read.rows.with_columns(pl.col("product").replace(CHANGE["product"], None)).select(columns)
    return replace(read, rows=rows.rename({"change_reason": "reason"}).sort("row"))


def _of_packs(read: Proposed) -> Proposed:
    """Without rows of packs below 0: these take back an award, and a change does not."""
    low = read.rows.filter(pl.col("packs") < 0)
    words = {"kind": kind_words(True), "least": "0"}
    found = [
        finding(
            "NUM-01", Where("past_award", row["file"]), row=row["row"], column="packs", found=row["packs"], words=words
        )
        for row in low.iter_rows(named=True)
    ]
    return Proposed(read.rows.filter(pl.col("packs") >= 0), pl.concat([read.findings, as_table(found)]))


def read_judgements(
    paths: Sequence[Path], table: str, as_of: dt.datetime, *, beside: Mapping[str, pl.DataFrame] | None = None
) -> Proposed:
    """Judgements that are proposed, of one table (``dijk.tables.POLICY``), from CSV, Excel or Parquet.

    A file may leave out on what basis a row rests, when it was told and by whom; its first day, which is then that of
    ``as_of``; and need, sector, region or driver where a row is for all.

    Parameters
    ----------
    beside
        As for `read_changes`.
    """
    open_to_all = {
        name: ALL
        for name, column in ON_DISK[table].columns().items()
        if (column.metadata or {}).get("refers") and ALL in codes_besides(table, name)
    }
    told = {"known_at": f"{as_of:%Y-%m-%dT%H:%M:%SZ}", "valid_from": str(as_of.date())}
    return _read(paths, table, told | JUDGEMENT | open_to_all, beside or {})


def _read(paths: Sequence[Path], table: str, given: Mapping[str, str], beside: Mapping[str, pl.DataFrame]) -> Proposed:
    parts, found = [], []
    for path in paths:
        of_file, said = _read_one(path, table, given)
        parts += of_file
        found += said
    parts = parts or [Rows(empty(ON_DISK[table]), [])]
    whole = joined(parts, table)
    codes = {
        at: said.filter(pl.col("code") != NO_CODE) for at, said in told([part.rows for part in parts], table).items()
    }
    found += lost(codes, beside, [])
    rows = pl.concat([part.rows for part in parts]).unique(
        ON_DISK[table].primary_key(), keep="first", maintain_order=True
    )
    rows = rows.with_columns(row=pl.col("_row").cast(pl.Int64), file="_file").drop(*ORIGIN)
    return Proposed(rows, as_table([*found, *whole.findings]))


def _read_one(path: Path, table: str, given: Mapping[str, str]) -> tuple[list[Rows], list[Row]]:
    """The rows of one file, sheet by sheet, and what there is to say of the file itself."""
    where = Where(table, path.name)
    opened = _opened(path, where)
    parts, found = [], list(opened.findings)
    for grid in opened.grids:
        completed = _completed(of_region(grid), given)
        if completed is None:
            wanted = [both_names(table, name) for name in required(table) if name not in given]
            columns = tuple(", ".join(names) for names in zip(*wanted, strict=True))
            found.append(finding("HEAD-01", where, words={"columns": columns}))
        else:
            parts.append(read_rows(completed, Register.of({}), received=None))
    if not opened.grids and not opened.findings:
        found.append(finding("FILE-05", where))
    return parts, found


def of_region(grid: Grid) -> Grid:
    """Of a region's workbook the rows that were filled in, under the headings of a file of changes; any other grid as
    it is.
    """
    known = {plain(word): name for name, words in REGION_BOOK.items() for word in words}
    rows = grid.cells.head(LOOK_AT).rows() if grid.heading is None else []
    for at, row in enumerate(rows):
        places = {known[label]: str(place) for place, cell in enumerate(row) if (label := plain(str(cell))) in known}
        if set(places) == set(REGION_BOOK):
            return below_heading(grid, at, places)
    return grid


def below_heading(grid: Grid, at: int, places: Mapping[str, str]) -> Grid:
    """The columns of a change from a heading on, and below it the rows that say something of one."""
    names = dict(zip(places.values(), (str(i) for i in range(len(places))), strict=True))
    head = pl.Series([True]).extend(pl.repeat(False, grid.cells.height - at - 1, dtype=pl.Boolean, eager=True))
    cells = grid.cells.slice(at).select(*names)
    filled = cells[places["packs"]].is_not_null() | cells[places["change_reason"]].is_not_null()
    said = [pl.when(head).then(pl.lit(name)).otherwise(pl.col(place)).alias(place) for name, place in places.items()]
    kept = head | filled
    kinds = None if grid.kinds is None else grid.kinds.slice(at).select(*names).filter(kept).rename(names)
    cells = cells.with_columns(said).filter(kept).rename(names)
    return replace(grid, cells=cells, kinds=kinds, rows=grid.rows.slice(at).filter(kept))


def _opened(path: Path, where: Where) -> Opened:
    kind = path.suffix.lower()
    if kind in (".xlsx", ".xlsm"):
        return read_workbook(path, where.table)
    return read_parquet(path, where) if kind == ".parquet" else read_csv(path, where)


def _completed(grid: Grid, given: Mapping[str, str]) -> Grid | None:
    """The grid with a column for each that it lacks, filled in wherever a row holds something; None where it has no
    heading.
    """
    heading = find_heading(grid, grid.table, Where(grid.table, grid.file))
    if heading is None:
        return None
    lacking = {name: value for name, value in given.items() if name not in heading.labels}
    width = grid.cells.width
    added = {str(width + i): item for i, item in enumerate(lacking.items())}
    filled = ~pl.all_horizontal(pl.all().is_null())
    cells = grid.cells.with_columns(
        pl.when(filled).then(pl.lit(value)).alias(place) for place, (_, value) in added.items()
    )
    kinds = (
        None
        if grid.kinds is None
        else grid.kinds.with_columns(pl.lit(TEXT, dtype=pl.UInt8).alias(place) for place in added)
    )
    if grid.heading is not None:
        labels = tuple(_named(words) or "" for words in grid.heading)
        return replace(grid, cells=cells, kinds=kinds, heading=(*labels, *(name for name, _ in added.values())))
    top = [_named(words) for words in grid.cells.row(heading.first - 1)]
    names = dict(zip(cells.columns, [*top, *(name for name, _ in added.values())], strict=True))
    at = pl.int_range(pl.len()) == heading.first - 1
    cells = cells.with_columns(
        pl.when(at).then(pl.lit(name)).otherwise(pl.col(place)).alias(place) for place, name in names.items()
    )
    return replace(grid, cells=cells, kinds=kinds)


def _named(words: object) -> str | None:
    if words is None:
        return None
    return "change_reason" if plain(str(words)) in REASON else str(words)
