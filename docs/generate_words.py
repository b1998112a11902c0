"""The Dutch of the screens: ``python docs/generate_words.py`` adds words that the web application says and the file of
Dutch lacks, drops those it no longer says, and compiles the file. It needs no gettext tools.

English stands in the code, inside ``_("...")`` or ``{% translate "..." %}``; Dutch in
``locale/nl/LC_MESSAGES/django.po``.
"""

import ast
import os
import re
import struct
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src" / "dijk_web"
DUTCH = SOURCE / "locale" / "nl" / "LC_MESSAGES" / "django.po"
HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "nl",
    "MIME-Version": "1.0",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
SAYS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
IN_TEMPLATE = re.compile(
    r"""\b(?:n?gettext|_)\((?:u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))(?:, *u?('(?:[^'\\]|\\.)*'))?"""
)

Words = tuple[str, ...]
"""What is said in one piece: one text, or that for one thing and that for several."""


def said() -> set[Words]:
    """All that the web application says in English."""
    return {*in_code(), *in_templates()}


def in_code() -> Iterator[Words]:
    """Texts in calls of gettext."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAYS:
                texts = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
                if texts and all(isinstance(text, str) for text in texts):
                    yield tuple(texts)


def in_templates() -> Iterator[Words]:
    """Texts in ``translate`` and ``blocktranslate``, as Django itself reads them."""
    os.environ.setdefault("DIJK_DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dijk_web.settings")
    from django.utils.translation.template import templatize

    for path in sorted((SOURCE / "templates").rglob("*.*")):
        for found in IN_TEMPLATE.findall(templatize(path.read_text("utf-8"), origin=str(path))):
            yield tuple(ast.literal_eval(text) for text in found if text)


def read(path: Path = DUTCH) -> dict[Words, Words]:
    """What the file of Dutch holds, without its header."""
    held: dict[Words, Words] = {}
    for block in path.read_text("utf-8").split("\n\n") if path.is_file() else []:
        lines = [re.fullmatch(r'(msgid|msgid_plural|msgstr|msgstr\[\d\]) (".*")', line) for line in block.splitlines()]
        texts = [(line[1], ast.literal_eval(line[2])) for line in lines if line]
        english = tuple(text for name, text in texts if name.startswith("msgid"))
        if english and english != ("",):
            held[english] = tuple(text for name, text in texts if name.startswith("msgstr"))
    return held


def written(held: dict[Words, Words]) -> str:
    """The file of Dutch, in the order of the English."""
    top = 'msgid ""\nmsgstr ""\n' + "\n".join(f'"{name}: {value}\\n"' for name, value in HEADER.items())
    return "\n\n".join([top, *(one_entry(english, held[english]) for english in sorted(held))]) + "\n"


def one_entry(english: Words, dutch: Words) -> str:
    """One text with its Dutch."""
    names = ("msgid", "msgid_plural")
    told = [f"{name} {quoted(text)}" for name, text in zip(names, english, strict=False)]
    many = len(english) > 1
    return "\n".join([*told, *(f"msgstr{f'[{n}]' if many else ''} {quoted(text)}" for n, text in enumerate(dutch))])


def quoted(text: str) -> str:
    """A text as the file writes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def compiled(held: dict[Words, Words]) -> bytes:
    """The file that a program reads: the format of GNU gettext, little-endian, without a table of hashes."""
    header = "".join(f"{name}: {value}\n" for name, value in HEADER.items())
    pairs = {"": header, **{"\0".join(english): "\0".join(dutch) for english, dutch in held.items() if all(dutch)}}
    texts = sorted((english.encode(), dutch.encode()) for english, dutch in pairs.items())
    start = 28 + 16 * len(texts)
    places: list[list[int]] = [[], []]
    body = b""
    for side in (0, 1):
        for pair in texts:
            places[side] += [len(pair[side]), start + len(body)]
            body += pair[side] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(texts), 28, 28 + 8 * len(texts), 0, start)
    return head + struct.pack(f"<{4 * len(texts)}I", *places[0], *places[1]) + body


if __name__ == "__main__":
    before = read()
    after = {english: before.get(english, ("",) * len(english)) for english in said()}
    DUTCH.parent.mkdir(parents=True, exist_ok=True)
    DUTCH.write_text(written(after), encoding="utf-8")
    DUTCH.with_suffix(".mo").write_bytes(compiled(after))
    for english, dutch in sorted(after.items()):
        if not all(dutch) or len(dutch) < len(english):
            print("no Dutch yet:", english[0])
