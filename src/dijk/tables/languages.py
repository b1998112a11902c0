"""The languages that dijk speaks, and what the calendar is called in them."""

from typing import Literal

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


def short_month(month: int, lang: str) -> str:
    """The month, 1 to 12, in three letters: its first ones, but for *mrt*."""
    return "mrt" if (month, lang) == (3, "nl") else MONTHS[lang][month - 1][:3]
