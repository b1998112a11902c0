"""What a site told before, as the lines of its forms show it."""

from typing import Any

import polars as pl

from dijk.known import latest
from dijk.tables import ON_DISK
from dijk_web.models import TOLD, Site
from dijk_web.of_site import as_frame


def last_rows(table: str, site: Site, key: tuple[str, ...], **only: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Of each key the row of the last day that a site told of, what was taken back left out."""
    told = latest(as_frame(table, TOLD[table].objects.filter(site=site.site, **only)), ON_DISK[table])
    told = told.filter(pl.col("reason").ne_missing("retracted")).sort("day", "known_at")
    return {tuple(row[name] for name in key): row for row in told.to_dicts()}
