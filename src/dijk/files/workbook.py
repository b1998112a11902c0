"""The package of an Excel workbook: opened within limits, its sheets, shared texts and number formats.

A library gives values faster, but drops leading rows, does not tell a number from a text that looks like one, and
unpacks whatever it is given. Here nothing is unpacked beyond the limits, and each cell keeps the row and the kind that
its owner sees.
"""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO
from xml.parsers import expat

from dijk.files.limits import MOST_RATIO, MOST_SHARED_TEXTS, MOST_SHEETS, MOST_UNPACKED, RATIO_FROM

CHUNK = 64 * 1024
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
"""How an .xls begins, and a workbook with a password too."""
BUILT_IN_MONTH = 17
BUILT_IN_DATES = {14, 15, 16, 22, *range(27, 37), *range(50, 59)}
BUILT_IN_TIMES = {18, 19, 20, 21, 22, 45, 46, 47}
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Event = tuple[str, dict[str, str] | None]


class Unreadable(Exception):
    """A workbook that cannot be read; ``code`` and ``words`` are those of the finding."""

    def __init__(self, code: str, found: object = None, **words: object) -> None:
        self.code, self.found, self.words = code, found, words
        super().__init__(code)


@dataclass(frozen=True)
class Sheet:
    """A sheet by name: where it lies in the package, and whether it is hidden."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class Book:
    """What all sheets of a workbook share: texts, how each style shows a number, and the first day of its calendar."""

    sheets: tuple[Sheet, ...]
    texts: list[str]
    styles: list[str]
    day_zero: dt.datetime


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


def part_of(package: zipfile.ZipFile, name: str) -> Iterator[Event]:
    """The events of a part; none where the package has no such part."""
    if name not in package.namelist():
        return
    with package.open(name) as stream:
        yield from events(stream)


def open_book(package: zipfile.ZipFile) -> Book:
    """The sheets of a workbook and what they share.

    Raises
    ------
    Unreadable
        It holds no sheet, or more than may be read.
    """
    targets = {
        attributes.get("Id", ""): str(PurePosixPath("/xl") / attributes.get("Target", "")).lstrip("/")
        for name, attributes in part_of(package, "xl/_rels/workbook.xml.rels")
        if name == "Relationship" and attributes
    }
    sheets, day_zero = [], dt.datetime(1899, 12, 30)
    for name, attributes in part_of(package, "xl/workbook.xml"):
        if name == "sheet" and attributes:
            part = targets.get(next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), ""), "")
            hidden = attributes.get("state", "visible") != "visible"
            sheets.append(Sheet(attributes.get("name", ""), part, hidden))
        elif name == "workbookPr" and attributes and attributes.get("date1904") in ("1", "true"):
            day_zero = dt.datetime(1904, 1, 1)
    if not sheets:
        raise Unreadable("FILE-10")
    if len(sheets) > MOST_SHEETS:
        raise Unreadable("FILE-13", len(sheets), most=MOST_SHEETS, what=("sheets", "bladen"))
    real = tuple(sheet for sheet in sheets if "worksheets/" in sheet.part)
    return Book(real, shared_texts(package), number_styles(package), day_zero)


def shared_texts(package: zipfile.ZipFile) -> list[str]:
    """The texts that the cells of a workbook point to; how to pronounce them is left out.

    Raises
    ------
    Unreadable
        There are more than may be read.
    """
    texts: list[str] = []
    parts: list[str] = []
    spoken = reading = False
    for name, attributes in part_of(package, "xl/sharedStrings.xml"):
        if not name:
            if reading and not spoken and attributes:
                parts.append(attributes[""])
        elif name == "t":
            reading = attributes is not None
        elif name == "rPh":
            spoken = attributes is not None
        elif name == "si" and attributes is None:
            texts.append(unescaped("".join(parts)))
            parts.clear()
            if len(texts) > MOST_SHARED_TEXTS:
                raise Unreadable("FILE-13", len(texts), most=f"{MOST_SHARED_TEXTS:,}", what=("texts", "teksten"))
    return texts


def unescaped(text: str) -> str:
    """A text with the signs that a workbook writes as ``_x000D_``."""
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def number_styles(package: zipfile.ZipFile) -> list[str]:
    """How each style shows a number: "date", "month", "moment", zeros such as "0000", or "" for a number as it is."""
    formats: dict[int, str] = {}
    styles: list[str] = []
    in_cells = False
    for name, attributes in part_of(package, "xl/styles.xml"):
        if attributes is None:
            in_cells = in_cells and name != "cellXfs"
        elif name == "numFmt":
            formats[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            in_cells = True
        elif name == "xf" and in_cells:
            number = int(attributes.get("numFmtId", "0"))
            styles.append(shows(number, formats.get(number)))
    return styles


def shows(number: int, code: str | None) -> str:
    """What a number format shows."""
    if code is None:
        return "month" if number == BUILT_IN_MONTH else built_in(number)
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', "", code).casefold()
    if re.search(r"[hs]", bare) or re.search(r"\[(h+|m+|s+)\]", code.casefold()):
        return "moment"
    if re.search(r"[dmy]", bare):
        return "month" if "m" in bare and "d" not in bare else "date"
    return bare if re.fullmatch(r"0{2,}", bare) else ""


def built_in(number: int) -> str:
    """What a format shows that has a number only."""
    return "moment" if number in BUILT_IN_TIMES else "date" if number in BUILT_IN_DATES else ""
