"""How a figure is written in a language: 1,234.5 and 27 April 2020, or 1.234,5 and 27 april 2020."""

import datetime as dt
from collections.abc import Callable

from dijk.report.pages import Cell, Say, Text
from dijk.report.words import word
from dijk.tables.languages import MONTHS, WEEKDAYS, Lang, figure, short_month

THIN = "\u202f"
NBSP = "\u00a0"

Number = int | float


def shown(cell: Cell, lang: Lang) -> str:
    """The text of a cell; an unknown figure reads as its reason."""
    if cell.value is None:
        return word(f"reason.{cell.why or 'not_counted'}", lang)
    if isinstance(cell.value, Say | Text):
        return said(cell.value, lang)
    if cell.kind in WAYS:
        return WAYS[cell.kind](cell.value, lang)
    return word(f"{cell.kind}.{cell.value}", lang)


def said(words: Say | Text, lang: Lang) -> str:
    """A sentence in a language, its gaps filled."""
    if isinstance(words, Text):
        return words.nl if lang == "nl" else words.en
    return word(words.key, lang).format(**{name: shown(cell, lang) for name, cell in words.gaps})


def number(value: Number, lang: Lang, *, places: int = 0) -> str:
    """With the thousands and decimal marks of the language, and a true minus sign; what is not 0 never reads 0."""
    marks = str.maketrans(",.", ".,") if lang == "nl" else {}
    return figure(value, places=places).translate(marks).replace("-", "\u2212")


def _days(value: Number, lang: Lang) -> str:
    return f">{NBSP}999" if value > 999 else number(value, lang, places=1)


def _share(value: Number, lang: Lang) -> str:
    if 0 < value < 0.005:
        return f"<{NBSP}1%"
    if 0.995 <= value < 1:
        return f">{NBSP}99%"
    return f"{number(value * 100, lang)}%"


def _money(cents: Number, lang: Lang) -> str:
    return _euros(number(cents / 100, lang), lang)


def _price(cents: Number, lang: Lang) -> str:
    return _euros(number(cents / 100, lang, places=2 if cents >= 10 else 3), lang)


def _million_money(cents: Number, lang: Lang) -> str:
    return _euros(_rounded(cents / 100, lang), lang)


def _euros(amount: str, lang: Lang) -> str:
    """The sign before the figure: < € 1 and not € < 1."""
    mark = f"<{NBSP}" if amount.startswith("<") else ""
    return f"{mark}€{NBSP if lang == 'nl' else ''}{amount.removeprefix(mark)}"


def _rounded(value: Number, lang: Lang, *, words: str = "") -> str:
    """For sentences: 12.3 million rather than 12,345,678."""
    for size, name in ((1e9, "billion"), (1e6, "million")):
        if abs(value) >= size * 0.9995:
            return f"{number(value / size, lang, places=1)}{NBSP}{word(f'number.{words}{name}', lang)}"
    return number(value, lang)


def _brief(value: Number, lang: Lang) -> str:
    """For narrow cells: 12.3 M."""
    return _rounded(value, lang, words="short_")


def _date(day: dt.date, lang: Lang) -> str:
    return f"{day.day}{NBSP}{MONTHS[lang][day.month - 1]}{NBSP}{day.year}"


def _weekday(day: dt.date, lang: Lang) -> str:
    return f"{WEEKDAYS[lang][day.weekday()]} {_date(day, lang)}"


def _hour(time: dt.time, lang: Lang) -> str:
    return f"{time:%H.%M}{NBSP}uur" if lang == "nl" else f"{time:%H:%M}"


def _short_date(day: dt.date, lang: Lang) -> str:
    return f"{day.day}{NBSP}{short_month(day.month, lang)}{NBSP}{day.year}"


def _moment(moment: dt.datetime, lang: Lang) -> str:
    return f"{_date(moment.date(), lang)} {moment:%H:%M} UTC"


def _signed(value: Number, lang: Lang) -> str:
    return ("+" if value > 0 else "") + number(value, lang)


WAYS: dict[str, Callable[..., str]] = {
    "text": lambda value, lang: str(value),
    "code": lambda value, lang: str(value),
    "year": lambda value, lang: str(value),
    "whole": number,
    "pieces": number,
    "rounded": _rounded,
    "brief": _brief,
    "signed": _signed,
    "number": lambda value, lang: number(value, lang, places=1),
    "fine": lambda value, lang: (
        number(value, lang, places=3).rstrip("0").rstrip(",.") if value % 1 else number(value, lang)
    ),
    "factor": lambda value, lang: f"×{NBSP}{number(value, lang, places=2)}",
    "days": _days,
    "share": _share,
    "points": lambda value, lang: number(value * 100, lang),
    "money": _money,
    "euros": _million_money,
    "cents": _price,
    "kg": number,
    "m3": lambda value, lang: number(value, lang, places=1),
    "date": _date,
    "weekday": _weekday,
    "hour": _hour,
    "under_one": lambda value, lang: word("number.under_one", lang),
    "day": _short_date,
    "moment": _moment,
    "yes": lambda value, lang: word("yes" if value else "no", lang),
}
"""How each kind of figure is written; any other kind names a list of words, such as regime or mode."""
