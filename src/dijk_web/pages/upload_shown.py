"""What was read from an upload, as its page shows it."""

from collections import Counter
from dataclasses import dataclass
from typing import Self

import polars as pl

from dijk_web.models import TOLD, Site
from dijk_web.pages.findings import Found, line, table_name
from dijk_web.pages.told import Told, as_told
from dijk_web.pages.told_run import lang
from dijk_web.read_upload import Reading

SHOWN_ROWS, SHOWN_SITES = 50, 50


@dataclass(frozen=True)
class Part:
    """What is about to be told of a table: how many rows, of which sites, and the first of them as people read them."""

    table: str
    rows: int
    sites: list[tuple[str, int]]
    more_sites: int
    first: list[Told]


@dataclass(frozen=True)
class Shown:
    """The page of an upload: errors, what to ask, notes, and what is about to be told."""

    errors: list[Found]
    warnings: list[Found]
    notes: list[Found]
    parts: list[Part]
    rows: int
    refused: int
    headings: bool
    unchanged: int
    held_against_past: bool
    sites: list[str]

    @classmethod
    def of(cls, reading: Reading, *, strip: str = "") -> Self:
        """From what was read; ``strip`` is what was set before the name of the file to have it read."""
        by = {severity: [] for severity in ("error", "warning", "note")}
        for row in reading.findings.drop("examples").to_dicts():
            by[row["severity"]].append(line(row, lang(), strip))
        tables = reading.told.tables
        return cls(
            by["error"],
            by["warning"],
            by["note"],
            [part(name, rows) for name, rows in tables.items()],
            reading.rows,
            reading.refused(lang()).height,
            reading.headings,
            reading.unchanged,
            reading.held_against_past,
            sorted({site for rows in tables.values() for site in rows["site"]}),
        )


def part(table: str, rows: pl.DataFrame) -> Part:
    """What is about to be told of a table."""
    counted = Counter(rows["site"].to_list()).most_common()
    names = dict(Site.objects.filter(site__in=[site for site, _rows in counted]).values_list("site", "name"))
    sites = sorted((names.get(site, site), count) for site, count in counted)
    model = TOLD[table]
    columns = {name: model._meta.get_field(name).attname for name in rows.columns}
    first = [model(**{columns[name]: cell for name, cell in row.items()}) for row in rows.head(SHOWN_ROWS).to_dicts()]
    return Part(table_name(table), rows.height, sites[:SHOWN_SITES], max(0, len(sites) - SHOWN_SITES), as_told(first))
