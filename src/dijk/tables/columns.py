"""The kinds of column that the tables share: type, unit, limits, meaning in English and in Dutch.

A Dutch text reads ``"heading: note"``; the English heading is the column's own name, the English note its description.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import dataframely as dy

ALL = "all"
"""Stands for every need, sector or region in a total; no register may use it as a code."""

UNKNOWN = "unknown"
"""The region of what cannot be placed; a region like any other."""

Choices = Mapping[str, str | tuple[str, ...]]
"""A closed list: each option with its word in Dutch, or several that people write, the one that is shown first."""

HOW: Choices = {
    "counted": ("geteld", "telling"),
    "estimated": ("geschat", "schatting", "raming"),
    "assumed": ("aangenomen", "aanname"),
}
HOLDERS: Choices = {
    "warehouse": "magazijn",
    "regional_hub": ("regionaal depot", "regiodepot"),
}
REASONS: Choices = {
    "not_asked": "niet gevraagd",
    "no_answer": ("geen antwoord", "niet geantwoord"),
    "stale": "verouderd",
    "refused": "geweigerd",
    "not_counted": "niet geteld",
    "not_applicable": ("niet van toepassing", "nvt", "n.v.t."),
    "unreadable": "onleesbaar",
    "retracted": "ingetrokken",
}
"""Why a value is missing. The first three are derived from ``asked`` and the day; the others are given."""

UNITS: dict[str, str] = {
    "pieces": "stuks",
    "packs": "dozen",
    "lots": "partijen",
    "minutes": "minuten",
    "hours": "uren",
    "day": "datum",
    "days": "dagen",
    "weeks": "weken",
    "UTC": "UTC",
    "persons": "personen",
    "sites": "locaties",
    "claims": "claims",
    "forecasts": "prognoses",
    "paths": "paden",
    "row": "rij",
    "rows": "rijen",
    "rank": "rang",
    "number": "nummer",
    "units/day": "eenheden per dag",
    "units/week": "eenheden per week",
    "pieces/day": "stuks per dag",
    "pieces/week": "stuks per week",
    "pieces/unit": "stuks per eenheid",
    "share 0-1": "deel van 0 tot 1",
    "share": "deel",
    "quantile": "kwantiel",
    "factor": "factor",
    "factor/week": "factor per week",
    "log": "log",
    "log/week": "log per week",
    "euro cent": "eurocent",
    "kg": "kg",
    "m3": "m3",
    "litre": "liter",
    "word": "woord",
    "none": "geen",
    "see unit": "zie eenheid",
    "see measure": "zie maat",
    "see the rule": "zie de regel",
}
"""Every unit that a column or a rule may have, with its Dutch."""

MOST_PIECES = 10**12
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 1, 1)


def words(dutch: str, unit: str | None = None, **more: Any) -> dict[str, Any]:
    """Metadata of a column: Dutch heading and note, unit, and what it refers to.

    Raises
    ------
    ValueError
        A unit that is not one of ``UNITS``.
    """
    heading, _, note = dutch.partition(": ")
    return {"nl": heading, "nl_note": note, "unit": None if unit is None else known_unit(unit), **more}


def known_unit(unit: str) -> str:
    """The unit itself.

    Raises
    ------
    ValueError
        A unit that is not one of ``UNITS``.
    """
    if unit not in UNITS:
        raise ValueError(f"{unit!r} is no unit of dijk: see UNITS in dijk.tables.columns")
    return unit


def unit_of(column: dy.Column) -> str:
    """The unit of a column, empty where it has none; ``UNITS`` has its Dutch."""
    return (column.metadata or {}).get("unit") or ""


def choices_in_dutch(column: dy.Column) -> dict[str, tuple[str, ...]]:
    """What people may write for each choice of a column in Dutch, the shown word first; empty where it has none."""
    return (column.metadata or {}).get("choices") or {}


def code(
    meaning: str, dutch: str, *, refers: str | None = None, key: bool = False, optional: bool = False
) -> dy.String:
    """A short code; ``refers`` names the register that must hold it."""
    return dy.String(
        primary_key=key,
        nullable=optional,
        min_length=1,
        max_length=80,
        description=meaning,
        metadata=words(dutch, refers=refers),
    )


def text(meaning: str, dutch: str, *, optional: bool = False, longest: int = 500, key: bool = False) -> dy.String:
    """Free text for people."""
    return dy.String(primary_key=key, nullable=optional, max_length=longest, description=meaning, metadata=words(dutch))


def listing(parts: dict[str, dy.Column], meaning: str, dutch: str) -> dy.List:
    """Several of something in one cell, each of the same parts; none is an empty list."""
    return dy.List(dy.Struct(parts), description=meaning, metadata=words(dutch))


def choice(options: Choices, meaning: str, dutch: str, *, key: bool = False, optional: bool = False) -> dy.Enum:
    """One of a closed list.

    Raises
    ------
    ValueError
        An option without a Dutch word.
    """
    in_dutch = {option: (said,) if isinstance(said, str) else tuple(said) for option, said in options.items()}
    if bare := [option for option, said in in_dutch.items() if not said or not all(said)]:
        raise ValueError(f"no Dutch word for {', '.join(bare)}")
    return dy.Enum(
        list(options),
        primary_key=key,
        nullable=optional,
        description=meaning,
        metadata=words(dutch, choices=in_dutch),
    )


# parameters: all that a column says of itself
def whole(
    unit: str,
    meaning: str,
    dutch: str,
    *,
    least: int = 0,
    most: int = MOST_PIECES,
    key: bool = False,
    optional: bool = False,
) -> dy.Int64:
    """A whole number: pieces, packs, days, cents."""
    return dy.Int64(
        primary_key=key, nullable=optional, min=least, max=most, description=meaning, metadata=words(dutch, unit)
    )


# parameters: all that a column says of itself
def number(
    unit: str, meaning: str, dutch: str, *, least: float = 0, most: float = 1e12, optional: bool = False
) -> dy.Float64:
    """A number that need not be whole."""
    return dy.Float64(nullable=optional, min=least, max=most, description=meaning, metadata=words(dutch, unit))


def share(meaning: str, dutch: str, *, optional: bool = False) -> dy.Float64:
    """A share from 0 to 1."""
    return number("share 0-1", meaning, dutch, most=1, optional=optional)


def yes(meaning: str, dutch: str, *, optional: bool = False) -> dy.Bool:
    """Yes or no."""
    return dy.Bool(nullable=optional, description=meaning, metadata=words(dutch))


def day(meaning: str, dutch: str, *, key: bool = False, optional: bool = False) -> dy.Date:
    """A calendar day."""
    return dy.Date(
        primary_key=key,
        nullable=optional,
        min=FIRST_DAY,
        max=LAST_DAY,
        description=meaning,
        metadata=words(dutch, "day"),
    )


def moment(meaning: str, dutch: str, *, key: bool = False) -> dy.Datetime:
    """A moment in UTC, to the second."""
    return dy.Datetime(
        primary_key=key, time_zone="UTC", resolution="1s", description=meaning, metadata=words(dutch, "UTC")
    )


# The columns that many tables have in common.


def site(*, key: bool = True, optional: bool = False) -> dy.String:
    """The place a row speaks of."""
    return code("Code of the site.", "locatie: code van de locatie", refers="site", key=key, optional=optional)


def need(*, key: bool = True, optional: bool = False) -> dy.String:
    """The need a row speaks of."""
    return code("Code of the need.", "behoefte: code van de behoefte", refers="need", key=key, optional=optional)


def product(*, key: bool = True, optional: bool = False) -> dy.String:
    """The article a row speaks of."""
    return code("Code of the product.", "product: code van het artikel", refers="product", key=key, optional=optional)


def sector(*, key: bool = True, optional: bool = False) -> dy.String:
    """The sector a row speaks of."""
    return code("Code of the sector.", "sector: code van de sector", refers="sector", key=key, optional=optional)


def region(*, key: bool = True, optional: bool = False) -> dy.String:
    """The region a row speaks of."""
    return code("Code of the region.", "regio: code van de regio", refers="region", key=key, optional=optional)


def risk_class() -> dy.String:
    """The class of treatment risk a row speaks of."""
    return code(
        "Risk class of the treatment.", "risicoklasse: risicoklasse van de handeling", refers="risk_class", key=True
    )


# The columns that many results have in common.


def cell_need() -> dy.String:
    """The need of a result."""
    return code("Code of the need.", "behoefte: code van de behoefte", key=True)


def cell_sector() -> dy.String:
    """The sector of a result: a sector, a group of sectors, or all."""
    return code("Sector, group of sectors, or all.", "sector: sector, groep, of all", key=True)


def cell_region() -> dy.String:
    """The region of a result, or all."""
    return code("Region, or all.", "regio: regio, of all", key=True)


ASSUMED: Choices = {
    "stock": ("no answer about stock", "geen antwoord over voorraad"),
    "activity": ("no answer about activity", "geen antwoord over activiteit"),
    "count": ("count in doubt", "telling in twijfel"),
}
"""Why more counts as in stock than is known."""


def assumed() -> dy.Int64:
    """Stock that counts and that nobody knows of."""
    return whole(
        "pieces",
        "Of the stock that counts, what stands in for an answer or a second count.",
        "aangenomen: deel van de meetellende voorraad dat in de plaats komt van een antwoord of tweede telling",
    )


def assumed_because() -> dy.Enum:
    """Why it was assumed."""
    return choice(
        ASSUMED, "Why that was assumed; empty where nothing was.", "aangenomen_om: waarom aangenomen", optional=True
    )


def assumed_on() -> dy.Date:
    """The question or count that it goes back to."""
    return day(
        "Day of the question that had no answer, or of the count in doubt.",
        "aangenomen_sinds: dag van de vraag zonder antwoord, of van de telling in twijfel",
        optional=True,
    )


def quantile_level() -> dy.Float64:
    """The level of a quantile, between 0 and 1."""
    return dy.Float64(
        primary_key=True,
        min_exclusive=0,
        max_exclusive=1,
        description="Quantile level.",
        metadata=words("kwantiel: kwantielniveau"),
    )


def of_run() -> dy.Datetime:
    """The moment a published result speaks from."""
    return moment("The moment the run speaks from (as_of).", "bekend_op: peilmoment van de berekening (UTC)", key=True)


def holder(*, key: bool = True) -> dy.Enum:
    """Whose goods: a warehouse's are for the whole country, a regional hub's for its region."""
    return choice(HOLDERS, "For the whole country, or for the region.", "houder: magazijn of regionaal depot", key=key)
