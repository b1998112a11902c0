"""A good small folder: nothing in it gives a finding."""

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any, Literal

import polars as pl

from dijk.files import write_folder
from dijk.tables import ON_DISK

DAY = dt.date(2020, 4, 27)
KNOWN = dt.datetime(2020, 4, 27, 16, 0, tzinfo=dt.UTC)
EARLY = dt.datetime(2020, 1, 1, 0, 0, 5, tzinfo=dt.UTC)
REGISTER = {"known_at": EARLY, "source": "register"}
FACT = {"known_at": KNOWN, "source": "opgave", "how": "counted", "reason": None}
JUDGED = {
    "valid_from": dt.date(2020, 3, 1),
    "valid_to": None,
    "basis": "besluit",
    "how": "assumed",
    "set_by": "overleg",
    **REGISTER,
}

ROWS: dict[str, list[dict[str, Any]]] = {
    "organisation": [{"organisation": "ORG1", "name": "Stichting Zorg", "legal_id": "01234567"}],
    "site": [
        {"site": "S01", "organisation": "ORG1", "name": "De Linde", "kind": "care", "sector": "nursing", "region": "R01"},
        {"site": "S02", "organisation": "ORG1", "name": "'t Hof", "kind": "care", "sector": "nursing", "region": "R02"},
        {"site": "M01", "organisation": "ORG1", "name": "Magazijn", "kind": "warehouse", "sector": None, "region": "R01"},
    ],
    "region": [
        {"region": "R01", "scheme": "roaz", "name": "Noord", "population": 1_000_000},
        {"region": "R02", "scheme": "roaz", "name": "Zuid", "population": None},
        {"region": "unknown", "scheme": "roaz", "name": "Onbekend", "population": None},
    ],
    "sector": [{"sector": "nursing", "group": "care", "name_en": "Nursing homes", "name_nl": "Verpleeghuizen"}],
    "need": [
        {"need": "MASK", "name_en": "Mask", "name_nl": "Masker", "family": "mask", "specification": "EN 14683 IIR", "piece": "each"},
        {"need": "GLOVE", "name_en": "Glove", "name_nl": "Handschoen", "family": "glove", "specification": "EN 455", "piece": "pair"},
    ],
    "product": [
        {"product": "P1", "name": "Masker A", "gtin": "08712345678906", "pieces_per_pack": 50, "kg_per_pack": 0.25, "storage": "ambient"},
        {"product": "P2", "name": "Handschoen B", "gtin": None, "pieces_per_pack": 100, "kg_per_pack": 1.5, "storage": "ambient"},
    ],
    "acceptance": [
        {"product": "P1", "need": "MASK", "preference": 1, **JUDGED},
        {"product": "P2", "need": "GLOVE", "preference": 1, **JUDGED},
    ],
    "stock": [
        {"site": "S01", "product": "P1", "lot": "0012", "status": "approved", "day": DAY, "pieces": 500, "expires_on": None},
        {"site": "S01", "product": "P2", "lot": "-", "status": "approved", "day": DAY, "pieces": 0, "expires_on": None},
        {"site": "S02", "product": "P1", "lot": "-", "status": "approved", "day": DAY, "pieces": 1250, "expires_on": None},
    ],
    "request": [
        {"request": "A1", "site": "S01", "need": "MASK", "day": DAY, "urgent": False, "pieces": 1000},
        {"request": "A2", "site": "S02", "need": "GLOVE", "day": DAY, "urgent": True, "pieces": 200},
    ],
    "norm": [
        {
            "need": "MASK", "sector": "nursing", "risk_class": "contact", "driver": "contact", "reuse_stage": "conventional",
            "low": 0.5, "mid": 1.25, "high": 2.0, "coverage": 0.8, **JUDGED,
        },
    ],
    "indicator": [{"indicator": "hosp_admissions", "region": "R01", "day": DAY, "value": 12.5}],
}  # fmt: skip


@cache
def good_tables() -> dict[str, pl.DataFrame]:
    """The tables of the folder."""
    return {name: table_of(name, rows) for name, rows in ROWS.items()}


def table_of(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows as a valid table, sorted by key."""
    schema = ON_DISK[name]
    common = FACT if "reason" in schema.column_names() else REGISTER
    full = [{column: {**common, **row}.get(column) for column in schema.column_names()} for row in rows]
    kinds = {
        column: pl.String if isinstance(kind.dtype, pl.Enum) else kind.dtype
        for column, kind in schema.columns().items()
    }
    return schema.validate(pl.DataFrame(full, schema=kinds), cast=True).sort(schema.primary_key())


def write_good(folder: Path, *tables: str, form: Literal["csv", "parquet"] = "csv") -> None:
    """Write the folder, or only these tables of it."""
    write_folder(
        {name: table for name, table in good_tables().items() if not tables or name in tables}, folder, form=form
    )
