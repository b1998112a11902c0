"""The package of a workbook: a zip of parts, opened within limits. Where each part lies stands in ``_rels``; names are
taken without regard to case and kind of slash, as spreadsheet programs take them.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import IO
from urllib.parse import unquote
from xml.parsers import expat

from dijk.files.limits import MOST_RATIO, MOST_UNPACKED, RATIO_FROM

CHUNK = 64 * 1024
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
"""How an .xls begins, and a workbook with a password too."""

Event = tuple[str, dict[str, str] | None]


class Unreadable(Exception):
    """A workbook that cannot be read; ``code`` and ``words`` are those of the finding."""

    def __init__(self, code: str, found: object = None, **words: object) -> None:
        self.code, self.found, self.words = code, found, words
        super().__init__(code)


def open_package(path: Path) -> zipfile.ZipFile:
    """The package of a workbook, held against the limits before anything is unpacked.

    Raises
    ------
    Unreadable
        It is not a workbook, has a password, is damaged, or unpacks to too much.
    """
    with path.open("rb") as stream:
        start = stream.read(512)
    if not start:
        raise Unreadable("FILE-05")
    if start.startswith(OLD_EXCEL):
        locked = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
        raise Unreadable("FILE-09" if locked else "FILE-08")
    if not start.startswith(b"PK"):
        page = start.lstrip().lower().startswith((b"<html", b"<!doc", b"<table", b"<?xml"))
        raise Unreadable(
            "FILE-07", kind=("a web page", "een webpagina") if page else ("not a workbook", "geen werkmap")
        )
    try:
        package = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable("FILE-10") from error
    unpacked = sum(part.file_size for part in package.infolist())
    too_much = unpacked > RATIO_FROM and unpacked > MOST_RATIO * path.stat().st_size
    if unpacked > MOST_UNPACKED or too_much:
        raise Unreadable(
            "FILE-11", f"{unpacked / 2**20:,.0f} MiB", most=f"{MOST_UNPACKED // 2**20} MiB", ratio=MOST_RATIO
        )
    if any(part.flag_bits & 1 for part in package.infolist()):
        raise Unreadable("FILE-09")
    return package


def events(stream: IO[bytes]) -> Iterator[Event]:
    """The XML of a part as (name, attributes) where an element begins, (name, None) where it ends, ("", {"": text})
    between.

    Raises
    ------
    Unreadable
        The part defines a document type or entities.
    """
    out: list[Event] = []

    def refuse(*_: object) -> None:
        raise Unreadable("FILE-14")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: out.append((name.rpartition(":")[2], attributes))
    parser.EndElementHandler = lambda name: out.append((name.rpartition(":")[2], None))
    parser.CharacterDataHandler = lambda text: out.append(("", {"": text}))
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    while chunk := stream.read(CHUNK):
        parser.Parse(chunk)
        yield from out
        out.clear()
    parser.Parse(b"", True)


def plain_name(name: str) -> str:
    """A part's name by which it is found: slashes of one kind, without case."""
    return name.replace("\\", "/").lstrip("/").casefold()


def stored_as(package: zipfile.ZipFile, name: str) -> str | None:
    """What the package itself calls a part."""
    return next((one for one in package.namelist() if plain_name(one) == plain_name(name)), None)


def part_of(package: zipfile.ZipFile, name: str) -> Iterator[Event]:
    """The events of a part; none where the package has no such part."""
    stored = stored_as(package, name)
    if stored is None:
        return
    with package.open(stored) as stream:
        yield from events(stream)


@dataclass(frozen=True)
class Relation:
    """What a part points to: the last word of its kind, such as worksheet, and the part itself."""

    kind: str
    part: str


def relations(package: zipfile.ZipFile, of: str) -> dict[str, Relation]:
    """What a part points to, by id; of the package itself where ``of`` is empty."""
    base = PurePosixPath("/") / of.lstrip("/")
    rels = base / "_rels/.rels" if not of else base.parent / "_rels" / f"{base.name}.rels"
    beside = base if not of else base.parent
    return {
        attributes.get("Id", ""): Relation(
            attributes.get("Type", "").rpartition("/")[2],
            normpath(beside / unquote(attributes.get("Target", "")).replace("\\", "/")).lstrip("/"),
        )
        for name, attributes in part_of(package, str(rels))
        if name == "Relationship" and attributes
    }
