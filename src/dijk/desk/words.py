"""What the command line says: a line per sentence in ``words.toml``, English first."""

import errno
import itertools
from collections.abc import Mapping, Sequence

from dijk.tables.languages import LANGS, read_words

WORDS = read_words("dijk.desk")

FAULTS = ("ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EISDIR", "EBUSY")
"""What can go wrong with a file and has a sentence of its own, by the system's name."""


def say(key: str, lang: str, *gaps: object) -> str:
    """A sentence or word in a language, its gaps filled."""
    english, dutch = WORDS[key]
    return (dutch if lang == "nl" else english).format(*gaps)


def fault(error: OSError, lang: str) -> str:
    """Why a file could not be read or written."""
    key = errno.errorcode.get(error.errno or 0, "")
    return say(key, lang) if key in FAULTS else str(error.strerror or error)


def language(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language of messages: ``--lang``, else DIJK_LANG, else English; never the clock or the machine's locale."""
    asked = [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    asked += [after for word, after in itertools.pairwise(words) if word == "--lang"]
    choices = [*asked, environment.get("DIJK_LANG", "")]
    return next((choice for choice in choices if choice in LANGS), "en")
