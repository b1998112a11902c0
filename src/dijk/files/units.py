"""Packs, pairs and other units turned into what a column counts."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from dijk.files.body import Body
from dijk.files.column import Cells
from dijk.files.findings import Row, at_once, each
from dijk.files.grid import no_row
from dijk.files.heading import PACK_SIZE
from dijk.known import as_known
from dijk.tables import ON_DISK
from dijk.tables.columns import UNITS, unit_of

FACTORS: dict[str, dict[str, float]] = {
    "share 0-1": {"percent": 0.01},
    "euro cent": {"euro": 100, "cent": 1},
    "kg": {"gram": 0.001, "kg": 1},
    "litre": {"ml": 0.001, "litre": 1, "m3": 1000},
    "days": {"day": 1, "week": 7},
    "factor": {"percent": 0.01},
    "see the rule": {"percent": 0.01},
}
"""What each unit is worth in the unit of a column. Thousands and millions go with any."""

SAYS_NOTHING: dict[str, tuple[str, ...]] = {
    "units/day": ("piece", "day"),
    "persons": ("piece",),
    "pieces/unit": ("piece",),
    "see the rule": ("piece", "day"),
    "packs": ("pack",),
    "kg": ("pack",),
    "litre": ("pack",),
}
"""Units beside a number that say no more than its column does."""

MULTIPLES = {"thousand": 1e3, "million": 1e6}
PER_PIECE = ("piece", "single", "pair", "pack")


@dataclass(frozen=True)
class Register:
    """What the registers say of articles: pieces per pack, and whether a piece is one or a pair."""

    packs: pl.DataFrame
    """product, pack"""
    pieces: pl.DataFrame
    """need, piece"""
    accepted: pl.DataFrame
    """product, need: of each product its own need"""
    classes: pl.DataFrame
    """driver, risk_class: of each driver whose norms are all of one class"""

    @classmethod
    def of(cls, tables: Mapping[str, pl.DataFrame]) -> "Register":
        """From the tables read so far; the last row known of each counts."""
        product, need, accepted, norm = (last(tables, name) for name in ("product", "need", "acceptance", "norm"))
        classes = norm.group_by("driver").agg(pl.col("risk_class").unique())
        own = accepted.sort("preference", "need").unique("product", keep="first", maintain_order=True)
        return cls(
            product.select("product", pack="pieces_per_pack"),
            need.select("need", piece=pl.col("piece").cast(pl.String)),
            own.select("product", own="need"),
            classes.filter(pl.col("risk_class").list.len() == 1).explode("risk_class").sort("driver"),
        )


def last(tables: Mapping[str, pl.DataFrame], name: str) -> pl.DataFrame:
    """Of each key of a table the row known last."""
    schema = ON_DISK[name]
    table = tables.get(name, schema.create_empty())
    return as_known(table, schema, table["known_at"].max()) if table.height else table  # type: ignore[arg-type]


@dataclass(frozen=True)
class Reckoned:
    """Values in the unit of their column; ``bad`` where a unit could not be reckoned."""

    value: pl.Series
    bad: pl.Series
    findings: list[Row]


NO_CURRENCY = "(no currency)"
"""The unit of a price of which nothing says in which money it is."""


@dataclass(frozen=True)
class Said:
    """The unit of each cell, and the words by which it was said outside the cell itself."""

    unit: pl.Series
    words: pl.Series


def reckon(cells: Cells, value: pl.Series, said: Said, body: Body, register: Register) -> Reckoned:
    """Values turned from the unit beside each into the unit of the column. No unit means the column's own."""
    own = unit_of(cells.schema)
    false = no_row(len(value))
    if said.unit.null_count() == len(said.unit):
        return Reckoned(value, false, [])
    frame = pl.DataFrame({"value": value, "unit": said.unit, "row": cells.row, "found": cells.text.cast(pl.String)})
    frame = frame.with_columns(whole=pl.concat_str("found", said.words, separator=" ", ignore_nulls=True))
    table = {word: float(factor) for word, factor in {**FACTORS.get(own, {}), **MULTIPLES}.items()}
    if own == "pieces":
        return pieces(cells, frame, body, register)
    factor = frame["unit"].replace_strict(table, default=None, return_dtype=pl.Float64)
    wrong = factor.is_null() & frame["unit"].is_not_null() & frame["value"].is_not_null()
    wrong &= ~frame["unit"].is_in(SAYS_NOTHING.get(own, ())).fill_null(False) & (own != "see unit")
    wrong = wrong.fill_null(False)
    new = (frame["value"].cast(pl.Float64) * factor.fill_null(1.0)).round(9)
    bare = (frame["unit"] == NO_CURRENCY).fill_null(False)
    found = each("NUM-26", cells.where, cells.heading, frame.filter(wrong & bare)) + unfit(cells, frame, wrong & ~bare)
    return Reckoned(new, wrong, found + said_of(cells, frame.with_columns(factor=factor)))


def unfit(cells: Cells, frame: pl.DataFrame, wrong: pl.Series) -> list[Row]:
    """What to say of units that cannot be reckoned: each with the very words of the cell and of its unit."""
    own = unit_of(cells.schema)
    shown = frame.filter(wrong).select("row", found="whole")
    return each("NUM-19", cells.where, cells.heading, shown, words={"unit": (own, UNITS[own])})


def said_of(cells: Cells, frame: pl.DataFrame) -> list[Row]:
    """What to say of numbers that were multiplied."""
    changed = frame.filter(pl.col("factor").is_not_null() & (pl.col("factor") != 1) & pl.col("value").is_not_null())
    found: list[Row] = []
    for unit, factor in changed.select("unit", "factor").unique(maintain_order=True).iter_rows():
        some = changed.filter(pl.col("unit") == unit)
        code = "NUM-18" if unit == "percent" else "NUM-16"
        found += at_once(code, cells.where, cells.heading, some, words={"factor": f"{factor:g}"})
    return found


def pieces(cells: Cells, frame: pl.DataFrame, body: Body, register: Register) -> Reckoned:
    """Pieces from packs, pairs, singles and thousands."""
    frame = frame.with_columns(look_up(body, register))
    unit = pl.col("unit")
    factor = (
        pl.when(unit == "pack")
        .then(pl.col("pack").cast(pl.Float64))
        .when(unit == "pair")
        .then(pl.col("piece").replace_strict({"pair": 1.0, "each": 2.0}, default=None, return_dtype=pl.Float64))
        .when(unit == "single")
        .then(pl.col("piece").replace_strict({"pair": 0.5, "each": 1.0}, default=None, return_dtype=pl.Float64))
        .otherwise(unit.replace_strict(MULTIPLES, default=1.0, return_dtype=pl.Float64))
    )
    frame = frame.with_columns(factor=factor)
    counts = frame["value"].is_not_null()
    no_pack = counts & (frame["unit"] == "pack").fill_null(False) & frame["factor"].is_null()
    no_pair = counts & frame["unit"].is_in(["pair", "single"]).fill_null(False) & frame["factor"].is_null()
    odd = counts & (
        (frame["unit"] == "single") & (frame["factor"] == 0.5) & (frame["value"].cast(pl.Float64) % 2 != 0)
    ).fill_null(False)
    other = counts & frame["unit"].is_in([*PER_PIECE, *MULTIPLES]).not_().fill_null(False)
    found = each("NUM-13", cells.where, cells.heading, frame.filter(no_pack))
    unknown = (
        "Tables need and acceptance do not say which need this article serves.",
        "De tabellen need en acceptance zeggen niet bij welke behoefte dit artikel hoort.",
    )
    found += each("NUM-15", cells.where, cells.heading, frame.filter(no_pair), words={"why": unknown})
    half = ("An odd number of singles leaves half a pair.", "Een oneven aantal losse stuks laat een half paar over.")
    found += each("NUM-15", cells.where, cells.heading, frame.filter(odd), words={"why": half})
    found += unfit(cells, frame, other)
    bad = no_pack | no_pair | odd | other
    new = (frame["value"].cast(pl.Float64) * frame["factor"]).set(bad, None)
    return Reckoned(new, bad, found + said_of_pieces(cells, frame.filter(counts & ~bad)))


def said_of_pieces(cells: Cells, frame: pl.DataFrame) -> list[Row]:
    """What to say of packs, pairs and thousands that were reckoned."""
    unit = pl.col("unit")
    differs = (unit == "pack") & (pl.col("given") != pl.col("registered"))
    found = each("NUM-24", cells.where, cells.heading, frame.filter(differs))
    found += at_once("NUM-12", cells.where, cells.heading, frame.filter(unit == "pack"))
    for piece, words in (("pair", ("in pairs", "per paar")), ("each", ("each", "los"))):
        turned = unit.is_in(["pair", "single"]) & (pl.col("factor") != 1) & (pl.col("piece") == piece)
        found += at_once("NUM-14", cells.where, cells.heading, frame.filter(turned), words={"piece": words})
    return found + said_of(cells, frame.filter(unit.is_in(list(MULTIPLES))))


def look_up(body: Body, register: Register) -> pl.DataFrame:
    """Of each row the pieces in a pack of its article and what a piece of its need is; null where the registers do not
    say.
    """
    names = [name for name in ("product", "need", PACK_SIZE) if name in body.cells.columns]
    rows = body.cells.select(pl.col(names).cast(pl.String))
    rows = rows.with_columns(
        pl.lit(None, pl.String).alias(name) for name in ("product", "need", PACK_SIZE) if name not in names
    )
    by_need = register.accepted.join(register.packs, on="product").group_by("own").agg(pl.col("pack").unique())
    one = by_need.filter(pl.col("pack").list.len() == 1).select("own", only=pl.col("pack").list.first())
    rows = rows.join(register.packs, on="product", how="left", maintain_order="left")
    rows = rows.join(register.accepted, on="product", how="left", maintain_order="left")
    rows = rows.with_columns(whose=pl.coalesce("need", "own"))
    rows = rows.join(one, left_on="whose", right_on="own", how="left", maintain_order="left")
    rows = rows.join(register.pieces, left_on="whose", right_on="need", how="left", maintain_order="left")
    given = pl.col(PACK_SIZE).str.replace_all(r"\D", "").cast(pl.Int64, strict=False)
    of_article = pl.when(pl.col("product").is_not_null()).then("pack").otherwise("only")
    return rows.select(pack=pl.coalesce(given, of_article), piece="piece", registered=of_article, given=given)
