"""Every word of the report, in both languages: one line per key in ``words.toml``, English first."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from dijk.tables.languages import LANGS, Lang


@cache
def words() -> dict[str, tuple[str, str]]:
    """Key to (English, Dutch)."""
    return dict(_flat(tomllib.loads(files("dijk.report").joinpath("words.toml").read_text("utf-8"))))


def word(key: str, lang: Lang) -> str:
    """The word or sentence of a key.

    Raises
    ------
    KeyError
        A key that the list does not have.
    """
    return words()[key][LANGS.index(lang)]


def _flat(tree: dict[str, Any], above: str = "") -> list[tuple[str, tuple[str, str]]]:
    flat: list[tuple[str, tuple[str, str]]] = []
    for name, value in tree.items():
        if isinstance(value, dict):
            flat += _flat(value, f"{above}{name}.")
        else:
            flat.append((f"{above}{name}", tuple(value)))
    return flat
