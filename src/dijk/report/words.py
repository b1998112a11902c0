"""Every word of the report, in both languages: one line per key in ``words.toml``, English first."""

from functools import cache

from dijk.tables.languages import LANGS, Lang, read_words


@cache
def words() -> dict[str, tuple[str, str]]:
    """Key to (English, Dutch)."""
    return read_words("dijk.report")


def word(key: str, lang: Lang) -> str:
    """The word or sentence of a key.

    Raises
    ------
    KeyError
        A key that the list does not have.
    """
    if key not in words():
        raise KeyError(f"{key}: no such key in the words.toml of dijk.report")
    return words()[key][LANGS.index(lang)]
