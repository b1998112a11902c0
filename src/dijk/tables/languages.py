"""The languages that dijk speaks, what the calendar is called in them, and how a package's own words are read."""

import tomllib
from importlib.resources import files
from typing import Any, Literal

Lang = Literal["en", "nl"]
LANGS: tuple[Lang, ...] = ("en", "nl")

MONTHS: dict[str, tuple[str, ...]] = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "nl": (
        *("januari", "februari", "maart", "april", "mei", "juni"),
        *("juli", "augustus", "september", "oktober", "november", "december"),
    ),
}
"""The months of a year, in a language."""

WEEKDAYS: dict[str, tuple[str, ...]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
}
"""The days of a week, in a language."""


def short_month(month: int, lang: str) -> str:
    """The month, 1 to 12, in three letters: its first ones, but for *mrt*."""
    return "mrt" if (month, lang) == (3, "nl") else MONTHS[lang][month - 1][:3]


NOTHING = 1e-9
"""Less than this is what a computer makes of 0."""


def figure(value: float, *, places: int) -> str:
    """A figure with so many places and commas between thousands; one that is not 0 never reads 0.

    Examples
    --------
    >>> figure(1234.56, places=1), figure(0.004, places=1), figure(0.0, places=1)
    ('1,234.6', '<\xa00.1', '0.0')
    """
    plain = f"{value:,.{places}f}"
    if plain.strip("-0.,"):
        return plain
    least = f"{10**-places:.{places}f}"
    return plain.lstrip("-") if abs(value) < NOTHING else f"<\u00a0{least}" if value > 0 else f">\u00a0-{least}"


def read_words(package: str) -> dict[str, tuple[str, str]]:
    """Key to (English, Dutch), from the ``words.toml`` of a package; a key in a section reads ``section.key``."""
    return dict(_flat(tomllib.loads(files(package).joinpath("words.toml").read_text("utf-8"))))


def _flat(tree: dict[str, Any], above: str = "") -> list[tuple[str, tuple[str, str]]]:
    flat: list[tuple[str, tuple[str, str]]] = []
    for name, value in tree.items():
        if isinstance(value, dict):
            flat += _flat(value, f"{above}{name}.")
        else:
            flat.append((f"{above}{name}", tuple(value)))
    return flat
