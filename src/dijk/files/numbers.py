"""Numbers as people write them: decimal commas, thousands points, "ca. 500", "12 dozen", "onbekend"."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from dijk.files.grid import NUMBER, SHOWN, TEXT
from dijk.files.words import NO_VALUE, UNIT_OF

GROUPED = r"[-+]?[1-9]\d{0,2}"
DUTCH = rf"^(?:{GROUPED}(?:\.\d{{3}})+(?:,\d+)?|[-+]?\d+,\d+)$"
"""1.234,5 or 1.234 or 1234,5."""
ENGLISH = rf"^(?:{GROUPED}(?:,\d{{3}})+(?:\.\d+)?|[-+]?\d*\.\d+(?:[eE][-+]?\d+)?|[-+]?\d+[eE][-+]?\d+)$"
"""1,234.5 or 1,234 or 1234.5 or 1e5. What fits both patterns is in doubt: 1.234 and 1,234."""

ROUGH = re.compile(
    r"^(?:ca|circa|plm|ong|ongeveer|about|approx|approximately|around|bijna|ruim|rond|geschat|schatting)\b[.:]?\s*|^(?:±|~|≈|\+/-|\+-)\s*"
)
ROUGH_AFTER = re.compile(r"\s*[(]?\b(?:geschat|schatting|raming|estimated|estimate|est)\b\.?[)]?$")
SPACED = re.compile(r"(?<=\d)[ '’](?=\d{3}(?!\d))")
BESIDE = re.compile(r"^(?P<sign>[-+−]?)\s*(?P<number>\d[\d.,]*|[.,]\d+)\s*(?P<unit>[^\d].*)?$")


@dataclass(frozen=True)
class Numbers:
    """The numbers of a column, null where a cell is blank or odd.

    ``odd`` has a row for each cell that was more or less than a plain number: its ``index`` in the column, the
    ``text``, the ``state`` (rough, unit, none, unreadable, doubt, mixed), the ``value`` read, its ``unit`` and the
    ``reason`` for having none.
    """

    value: pl.Series
    odd: pl.DataFrame


ODD = {
    "index": pl.UInt32,
    "text": pl.String,
    "state": pl.String,
    "value": pl.Float64,
    "unit": pl.String,
    "reason": pl.String,
}


def read_numbers(text: pl.Series, kind: pl.Series | None, *, whole: bool, point: str | None) -> Numbers:
    """The numbers of a column; Int64 where it is to be whole and every number fits, else Float64."""
    if text.dtype.is_integer():
        return Numbers(text.cast(pl.Int64, strict=False), pl.DataFrame(schema=ODD))
    if text.dtype.is_numeric():
        floats = text.cast(pl.Float64)
        return Numbers(floats.set(~floats.is_finite().fill_null(True), None), pl.DataFrame(schema=ODD))
    clean = text.cast(pl.Int64, strict=False) if whole else plain_decimals(text, kind, point)
    left = text.is_not_null() & clean.is_null()
    if not left.any():
        return Numbers(clean, pl.DataFrame(schema=ODD))
    rest = pl.DataFrame(
        {"text": text, "kind": kind if kind is not None else pl.repeat(TEXT, len(text), dtype=pl.UInt8, eager=True)}
    )
    rest = rest.with_row_index("index").filter(left)
    stored = rest.filter(pl.col("kind") == NUMBER).select("index", value=pl.col("text").cast(pl.Float64, strict=False))
    shown = read_shown(rest.filter(pl.col("kind") == SHOWN))
    written = rest.filter(~pl.col("kind").is_in([NUMBER, SHOWN]))
    plainly = read_signs(written, whole=whole, point=point)
    strange = pl.concat([read_strange(written.join(plainly.select("index"), on="index", how="anti")), shown])
    found = pl.concat([stored, plainly.select("index", "value"), strange.select("index", "value")]).drop_nulls("value")
    value = scatter(clean.cast(pl.Float64), found) if found.height else clean
    odd = pl.concat([plainly.drop_nulls("state"), strange]).select(list(ODD)).sort("index")
    return Numbers(exact(clean, value, found) if whole else value, odd)


def plain_decimals(text: pl.Series, kind: pl.Series | None, point: str | None) -> pl.Series:
    """Decimal numbers that need no thought: stored as numbers, whole, or written in a file whose decimal sign is the
    point.
    """
    numbers = text.cast(pl.Float64, strict=False)
    sure = text.str.contains(r"^[-+]?\d+$") if point is None else text.str.contains(r"^[-+]?[\d.]+(?:[eE][-+]?\d+)?$")
    if kind is not None:
        sure |= kind == NUMBER
    return numbers.set(~(sure & numbers.is_finite()).fill_null(False), None)


def exact(clean: pl.Series, value: pl.Series, found: pl.DataFrame) -> pl.Series:
    """Int64 where every number found is whole; else the Float64 as it is, for the limits to judge."""
    if not found.height:
        return clean
    near = found["value"].round()
    if ((found["value"] - near).abs() > 1e-6).any() or (near.abs() > 2**53).any():
        return value
    return scatter(clean, found.with_columns(value=near.cast(pl.Int64)))


def scatter(values: pl.Series, found: pl.DataFrame) -> pl.Series:
    """Put found values in their places."""
    return values.scatter(found["index"], found["value"]) if found.height else values


def read_signs(cells: pl.DataFrame, *, whole: bool, point: str | None) -> pl.DataFrame:
    """Numbers with points and commas, read as the whole column writes them. Cells that are no such numbers are left
    out.

    Where nothing in the column tells, a whole number is taken to have thousands, a decimal one to be Dutch; both say
    so.
    """
    text = pl.col("text")
    cells = cells.with_columns(nl=text.str.contains(DUTCH), en=text.str.contains(ENGLISH)).filter(
        pl.col("nl") | pl.col("en")
    )
    only_nl, only_en = cells.filter(~pl.col("en")).height, cells.filter(~pl.col("nl")).height
    dutch = (
        text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    )
    english = text.str.replace_all(",", "", literal=True).cast(pl.Float64, strict=False)
    thousands = text.str.replace_all(r"[.,]", "").cast(pl.Float64, strict=False)
    doubt = pl.col("nl") & pl.col("en")
    if bool(only_nl) != bool(only_en):
        guess, sure = (dutch if only_nl else english), pl.lit(True)
    elif whole:
        guess, sure = thousands, pl.lit(False)
    else:
        guess, sure = (english, pl.lit(True)) if point == "." and not only_nl else (dutch, pl.lit(False))
    mixed = pl.lit(bool(only_nl and only_en)) & ~pl.col("nl")
    state = pl.when(doubt & ~sure).then(pl.lit("doubt")).when(mixed).then(pl.lit("mixed"))
    value = pl.when(doubt).then(guess).when("nl").then(dutch).otherwise(english)
    none = pl.lit(None, dtype=pl.String)
    return cells.select("index", "text", state=state, value=value, unit=none, reason=none).filter(
        pl.col("value").is_finite()
    )


def read_strange(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells that are no plain number, each different text thought about once."""
    return thought_about(cells, strange)


def read_shown(cells: pl.DataFrame) -> pl.DataFrame:
    """Numbers with what their format sets beside them."""
    return thought_about(cells, beside_format)


Thought = tuple[str, str, float | None, str | None, str | None]
"""Text, state, value, unit, reason."""


def thought_about(cells: pl.DataFrame, think: Callable[[str], Thought]) -> pl.DataFrame:
    """Each different text once, and what comes of it."""
    thought = [think(text) for text in cells["text"].unique(maintain_order=True)]
    schema = {name: kind for name, kind in ODD.items() if name != "index"}
    known = pl.DataFrame(thought, schema=schema, orient="row")
    return cells.select("index", "text").join(known, on="text", how="left", maintain_order="left").select(list(ODD))


def beside_format(text: str) -> Thought:
    """A number as it is stored, with the words that its format sets beside it: they are read, the number is known."""
    number = re.search(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", text)
    if number is None:
        return strange(text)
    _, state, value, unit, reason = strange(f"{text[: number.start()]}1{text[number.end() :]}")
    return text, state, None if value is None else float(number[0]), unit, reason


def strange(text: str) -> Thought:
    """What a person means by a text where a number should stand."""
    words = " ".join(text.casefold().split()).lstrip("'")
    if reason := NO_VALUE.get(words):
        return text, "none", None, None, reason
    if words in ("nul", "zero"):
        return text, "unit", 0.0, None, None
    bare, before = ROUGH.subn("", words, count=1)
    bare, after = ROUGH_AFTER.subn("", bare, count=1)
    rough = before + after
    accounted = re.fullmatch(r"\((.*)\)|(.*\d)-", bare)
    if accounted:
        bare = "-" + (accounted[1] or accounted[2])
    bare = SPACED.sub("", re.sub("^[−‑–]", "-", bare).removesuffix(",-"))
    money = bare.startswith(("€", "eur"))
    match = BESIDE.match(bare.removeprefix("€").removeprefix("euro").removeprefix("eur").strip())
    value = single(match["sign"] + match["number"]) if match else None
    unit = UNIT_OF.get((match["unit"] or "").strip(" .") or "piece") if match else None
    if match is None or value is None or (match["unit"] and not unit):
        return text, "unreadable", None, None, "unreadable"
    if not match["unit"]:
        unit = "euro" if money else None
    return text, "rough" if rough else "unit", value, unit, None


def single(text: str) -> float | None:
    """One number by itself; the sign that comes last is the decimal one, unless three digits follow it."""
    text = text.replace("+", "").rstrip(".,")
    if re.fullmatch(r"-?\d+", text):
        return float(text)
    if re.fullmatch(r"-?[1-9]\d{0,2}([.,]\d{3})+", text):
        return float(re.sub(r"[.,]", "", text))
    if re.match(DUTCH, text):
        return float(text.replace(".", "").replace(",", "."))
    return float(text.replace(",", "")) if re.match(ENGLISH, text) else None
