"""CSV as people save it: any separator, any encoding, quotes, ragged rows."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import polars as pl

from dijk.files.findings import Row, Where, each, finding
from dijk.files.grid import Grid, Opened
from dijk.files.limits import MOST_COLUMNS, MOST_ROWS

SEPARATORS = ";\t|,"
"""In this order where two cut as evenly: a comma is also a decimal sign."""
SAMPLE = 64 * 1024
MOST_QUOTED = 256 * 2**20
"""Bytes of a text with quotes that is looked at as a whole, which takes four times its size; a larger one is read row
by row.
"""
BATCH = 50_000
"""Rows turned into columns at a time, so that a large file is never held as Python rows."""


@dataclass(frozen=True)
class Text:
    """The text of a file as UTF-8 bytes, and the encoding it came in where that needs saying."""

    utf8: bytes
    was: str | None = None


@dataclass(frozen=True)
class Lines:
    """The cells of a text, blank where empty, and what was found on the way."""

    cells: pl.DataFrame
    findings: list[Row]
    even: bool = False
    """Whether each row has as many cells, so that a blank one is empty; else it may not be there at all."""


def read_csv(path: Path, where: Where) -> Opened:
    """The cells of a CSV file, or none with the finding that says why."""
    text = decode(path.read_bytes())
    if not text.utf8.strip():
        return Opened([], [finding("FILE-05", where)])
    if kind := other_kind(text.utf8):
        return Opened([], [finding("FILE-07", where, words={"kind": kind})])
    found = [finding("FILE-15", where, words={"encoding": text.was})] if text.was else []
    separator = separator_of(text.utf8)
    lines = plain_lines(text.utf8, separator) or careful_lines(text.utf8, separator, where)
    found += lines.findings
    found += rows_in_quotes(lines, separator, where) if b'"' in text.utf8 else []
    if lines.cells.height > MOST_ROWS:
        found.append(
            finding(
                "FILE-12",
                where,
                found=lines.cells.height,
                words={"most": f"{MOST_ROWS:,}", "what": ("file", "bestand")},
            )
        )
    if lines.cells.width > MOST_COLUMNS:
        found.append(
            finding(
                "FILE-13", where, found=lines.cells.width, words={"most": MOST_COLUMNS, "what": ("columns", "kolommen")}
            )
        )
    if any(f["severity"] == "error" for f in found):
        return Opened([], found)
    rows = pl.Series(np.arange(1, lines.cells.height + 1, dtype=np.uint32))
    point = "." if separator == "," else None
    return Opened(
        [Grid(where.table, path.name, path.stem, lines.cells, rows, point=point, shifts=not lines.even)], found
    )


def decode(raw: bytes) -> Text:
    """The text as UTF-8: by its mark, by its look (UTF-16 has a zero in every other byte), else as Windows wrote it."""
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
    elif raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Text(raw.decode("utf-16", errors="replace").encode(), "UTF-16")
    elif raw[:SAMPLE].count(0) > len(raw[:SAMPLE]) // 4:
        order = "utf-16-le" if raw[1:SAMPLE:2].count(0) >= raw[0:SAMPLE:2].count(0) else "utf-16-be"
        return Text(raw.decode(order, errors="replace").encode(), "UTF-16")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return Text(raw.decode("cp1252", errors="replace").encode(), "Windows-1252")
    return Text(raw)


def other_kind(text: bytes) -> tuple[str, str] | None:
    """What a file is that calls itself CSV and is not."""
    start = text[:512].lstrip().lower()
    if start.startswith(b"pk\x03\x04"):
        return "an Excel workbook", "een Excel-werkmap"
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml")):
        return "a web page", "een webpagina"
    if start.startswith(b"%pdf"):
        return "a PDF", "een pdf"
    if text[:8].startswith((b"PAR1",)) or b"\x00" in text[:SAMPLE]:
        return "not text", "geen tekst"
    return None


def separator_of(text: bytes) -> str:
    """The separator that cuts the first lines most evenly; ``sep=;`` on the first line decides at once."""
    lines = text[:SAMPLE].decode("utf-8", errors="replace").splitlines()
    if lines[0].lower().startswith("sep=") and len(lines[0]) > 4:
        return lines[0][4]
    counts = {sign: Counter(n for line in lines[:50] if (n := without_quoted(line).count(sign))) for sign in SEPARATORS}
    return max(SEPARATORS, key=lambda sign: max((lines * width for width, lines in counts[sign].items()), default=0))


def without_quoted(line: str) -> str:
    """A line without what stands between quotes."""
    return "".join(line.split('"')[::2])


def plain_lines(text: bytes, separator: str) -> Lines | None:
    """The cells where no line needs care: no blank lines, as many separators in each, each quote at the edge of a cell.
    Else none.
    """
    if (
        text[:4].lower() == b"sep="
        or text.count(b"\r") != text.count(b"\r\n")
        or (b'"' in text and len(text) > MOST_QUOTED)
    ):
        return None
    body = text if text.endswith(b"\n") else text + b"\n"
    signs = np.frombuffer(body, dtype=np.uint8)
    outside = unquoted(signs, separator) if b'"' in text else True
    if outside is None:
        return None
    ends = np.flatnonzero((signs == ord("\n")) & outside)
    starts = np.concatenate([[0], ends[:-1] + 1])
    counts = np.add.reduceat(((signs == ord(separator)) & outside).view(np.uint8), starts, dtype=np.int32)
    if not len(ends) or counts[0] == 0 or counts.min() != counts.max() or len(ends) > MOST_ROWS:
        return None
    cells = pl.read_csv(io.BytesIO(body), has_header=False, separator=separator, infer_schema=False, quote_char='"')
    if cells.height != len(ends):
        return None
    return Lines(cells.rename({name: str(i) for i, name in enumerate(cells.columns)}), [], even=True)


def unquoted(signs: np.ndarray, separator: str) -> np.ndarray | None:
    """Which signs stand outside quotes; None where a quote opens or closes in the midst of a cell, or is never
    closed.
    """
    quotes = signs == ord('"')
    inside = (np.cumsum(quotes, dtype=np.uint8) & 1).astype(bool)
    if inside[-1]:
        return None
    edges = np.array([ord(separator), ord("\n"), ord("\r"), ord('"')], dtype=np.uint8)
    opens, closes = np.flatnonzero(quotes & inside), np.flatnonzero(quotes & ~inside)
    before, after = signs[np.maximum(opens - 1, 0)], signs[closes + 1]
    return ~inside if np.isin(before, edges).all() and np.isin(after, edges).all() else None


def careful_lines(text: bytes, separator: str, where: Where) -> Lines:
    """The cells of a text with quotes or ragged rows. Blank lines stay, so that rows count as a spreadsheet counts
    them.
    """
    stream = io.StringIO(text.decode("utf-8"), newline="")
    skip = 1 if text[:4].lower() == b"sep=" else 0
    parts: list[pl.DataFrame] = []
    widths: list[int] = []
    last: list[str] = []
    rows = csv.reader(stream, delimiter=separator)
    try:
        for batch in batches(rows):
            if skip and not parts:
                batch[0] = []
            widths += [len(row) for row in batch]
            last = batch[-1]
            parts.append(columns_of(batch))
            if len(widths) > MOST_ROWS or parts[-1].width > MOST_COLUMNS:
                break
    except csv.Error:  # a cell beyond all bounds
        return Lines(pl.DataFrame(), [finding("FILE-18", where, row=len(widths) + 1)])
    if text.count(b'"') % 2 and any("\n" in cell for cell in last):
        return Lines(pl.DataFrame(), [finding("FILE-18", where, row=len(widths), found=last[0])])
    return Lines(pl.concat(parts, how="diagonal"), short_rows(widths, where))


def batches(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    """Rows by the batch."""
    while batch := list(islice(rows, BATCH)):
        yield batch


def columns_of(batch: list[list[str]]) -> pl.DataFrame:
    """Rows turned into columns; what a row lacks is null."""
    width = max(map(len, batch), default=0) or 1
    full = [row + [None] * (width - len(row)) for row in batch]
    return pl.DataFrame(full, schema={str(i): pl.String for i in range(width)}, orient="row")


def short_rows(widths: list[int], where: Where) -> list[Row]:
    """A warning for each row that stops short of the usual width, below the first row of that width."""
    usual = Counter(width for width in widths if width or not any(widths)).most_common(1)[0][0]
    start = widths.index(usual)
    short = [(row + 1, f"{width} < {usual}") for row, width in enumerate(widths) if row > start and 0 < width < usual]
    return each("FILE-17", where, None, pl.DataFrame(short, schema={"row": pl.Int64, "found": pl.String}, orient="row"))


def rows_in_quotes(lines: Lines, separator: str, where: Where) -> list[Row]:
    """An error for each row in which others vanish, between a quotation mark that was opened and one far below it."""
    cells = lines.cells.with_row_index("row", offset=1)
    has_break = pl.any_horizontal(pl.all().exclude("row").str.contains("\n").fill_null(False))
    broken = cells.filter(has_break) if lines.cells.width else cells
    if not broken.height:
        return []
    cuts = lines.cells.width - 1 if lines.even else usual_width(cells.filter(~has_break)) - 1
    found: list[Row] = []
    for row, *texts in (broken.fill_null("") if lines.even else broken).iter_rows():
        whole = separator.join(text for text in texts if text is not None)
        parts = [part for part in whole.splitlines() if part.strip()]
        if len(parts) > 1 and all(is_row(part, separator, cuts) for part in parts):
            lost = len(parts) - 1
            said = ("1 row stands", "1 regel staat") if lost == 1 else (f"{lost} rows stand", f"{lost} regels staan")
            found.append(finding("FILE-24", where, row=row, found=parts[0], rows=lost, words={"lost": said}))
    return found


def usual_width(rows: pl.DataFrame) -> int:
    """How many cells most rows have; none where there are no rows."""
    widths = rows.select(pl.sum_horizontal(pl.all().exclude("row").is_not_null())).to_series()
    return int(widths.mode().max() or 0)  # type: ignore[arg-type]


def is_row(line: str, separator: str, usual: int) -> bool:
    """Whether a line of a cell is cut as a row is, give or take one cell, and not as a sentence, with blanks behind."""
    cuts = line.count(separator)
    near = abs(cuts - usual) <= (1 if usual > 3 else 0)
    return cuts > 0 and near and 2 * line.count(f"{separator} ") < cuts
