"""What a dataset may leave empty because dijk can fill it in: cells, organisations and the region ``unknown``.

Everything that is filled in is told as a finding.
"""

from collections.abc import Mapping

import polars as pl

from dijk.files.beside import with_beside
from dijk.files.findings import Row, Where, finding
from dijk.files.units import Register
from dijk.tables import ON_DISK, UNKNOWN

Filling = tuple[pl.Expr, tuple[str, str]]
"""What is taken, and how to say it in English and Dutch."""

OWN_CODE: Filling = (pl.col("site"), ("the code of the site", "de code van de locatie"))
NUMBERED: Filling = (
    pl.concat_str(pl.col("site", "need"), pl.col("day").cast(pl.String), separator="-"),
    ("site, need and day", "locatie, behoefte en dag"),
)
WHERE_EMPTY: dict[str, dict[str, Filling]] = {
    "site": {
        "organisation": OWN_CODE,
        "name": OWN_CODE,
        "kind": (pl.lit("care"), ("care", "zorg")),
        "region": (pl.lit(UNKNOWN), ("unknown", "onbekend")),
    },
    "stock": {"status": (pl.lit("approved"), ("approved", "goedgekeurd"))},
    "request": {"request": NUMBERED},
    "delivery": {"delivery": NUMBERED},
    "activity": {
        "risk_class": (
            pl.lit(None, pl.String),
            ("the only class for which its driver has norms", "de enige klasse waarvoor de drijver normen heeft"),
        )
    },
}
"""Columns that a file must have and whose cells may be empty, per table, with what is taken there."""


def where_empty(table: str, register: Register) -> dict[str, Filling]:
    """What is taken in the empty cells of a column that is there."""
    fills = dict(WHERE_EMPTY.get(table, {}))
    if "risk_class" in fills:
        drivers, classes = (register.classes[name].to_list() for name in ("driver", "risk_class"))
        only = pl.col("driver").replace_strict(drivers, classes, default=None, return_dtype=pl.String)
        fills["risk_class"] = (only, fills["risk_class"][1])
    return fills


def made(tables: Mapping[str, pl.DataFrame], beside: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Rows that nobody needs to type: the organisation of a site that names none, all organisations where there is no
    list of them, and the region ``unknown``. None where ``beside`` has them, or no site and no region was read.
    """
    if not {"site", "region"} & tables.keys():
        return {}
    known = with_beside(tables, beside)
    given = {name: known.get(name, ON_DISK[name].create_empty()) for name in ("organisation", "region")}
    site = tables.get("site", ON_DISK["site"].create_empty())
    rows = {
        "organisation": organisations(site, given["organisation"]),
        "region": region_unknown(site, given["region"]),
    }
    return {name: table for name, table in rows.items() if table.height}


def organisations(site: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """An organisation for each site that stands on its own, and where the dataset has no list of them for all."""
    own = site if known.is_empty() else site.filter(pl.col("organisation") == pl.col("site"))
    lost = own.filter(~pl.col("organisation").is_in(known["organisation"].implode()))
    alone = pl.when(pl.col("organisation") == pl.col("site")).then("name").otherwise("organisation")
    named = lost.sort("organisation", "known_at").select("organisation", name=alone, known_at="known_at")
    return shaped("organisation", named.unique("organisation", keep="first", maintain_order=True))


def region_unknown(site: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The region of what cannot be placed, where the list of regions lacks it or none is needed.

    A list that is missed all the same is left to be found missing.
    """
    none_needed = site.height > 0 and bool((site["region"] == UNKNOWN).all())
    wanted = UNKNOWN not in known["region"] and (known.height > 0 or none_needed)
    first = pl.concat([site["known_at"], known["known_at"]]).min()
    row = {"region": [UNKNOWN], "name": ["Onbekend"], "scheme": ["roaz"], "known_at": [first]}
    return shaped("region", pl.DataFrame(row)) if wanted else known.clear()


def shaped(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with all columns of a table, made by dijk."""
    schema = ON_DISK[table]
    absent = [pl.lit(None).alias(name) for name in schema.column_names() if name not in (*rows.columns, "source")]
    return schema.cast(rows.with_columns(*absent, source=pl.lit("dijk")).select(schema.column_names()))


def said_of(made_rows: dict[str, pl.DataFrame]) -> list[Row]:
    """A note for each table to which rows were added."""
    return [
        finding("ROW-06", Where(name, None), column=name, found=", ".join(rows[name].head(5)), rows=rows.height)
        for name, rows in made_rows.items()
    ]
