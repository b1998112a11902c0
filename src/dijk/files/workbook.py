"""An Excel workbook: its sheets, shared texts and number formats.

A library gives values faster, but drops leading rows, does not tell a number from a text that looks like one, and
unpacks whatever it is given. Here nothing is unpacked beyond the limits, and each cell keeps the row and the kind that
its owner sees.
"""

import datetime as dt
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from dijk.files.formats import Style, shows
from dijk.files.limits import MOST_SHARED_TEXTS, MOST_SHEETS
from dijk.files.package import Relation, Unreadable, part_of, plain_name, relations, stored_as

FROM_1904 = dt.datetime(1904, 1, 1)
"""The first day of the calendar that old Macs used, and that their workbooks keep."""

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


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
    styles: list[Style]
    day_zero: dt.datetime


def open_book(package: zipfile.ZipFile) -> Book:
    """The sheets of a workbook and what they share.

    Raises
    ------
    Unreadable
        It holds no sheet, or more than may be read.
    """
    main = main_part(package)
    points_to = relations(package, main)
    sheets, day_zero = [], dt.datetime(1899, 12, 30)
    for name, attributes in part_of(package, main):
        if name == "sheet" and attributes:
            sheets.append(sheet_of(attributes, points_to))
        elif name == "workbookPr" and attributes and attributes.get("date1904") in ("1", "true", "on"):
            day_zero = FROM_1904
    if not sheets:
        raise Unreadable("FILE-08" if is_other_program(package) else "FILE-10")
    if len(sheets) > MOST_SHEETS:
        raise Unreadable("FILE-13", len(sheets), most=MOST_SHEETS, what=("sheets", "bladen"))
    parts = {one.kind: one.part for one in points_to.values()}
    texts = shared_texts(package, parts.get("sharedStrings") or beside(main, "sharedStrings.xml"))
    styles = number_styles(package, parts.get("styles") or beside(main, "styles.xml"))
    return Book(tuple(sheet for sheet in sheets if sheet.part), texts, styles, day_zero)


def main_part(package: zipfile.ZipFile) -> str:
    """The part that lists the sheets, wherever the program that wrote the workbook has put it."""
    told = [one.part for one in relations(package, "").values() if one.kind == "officeDocument"]
    named = [name for name in map(plain_name, package.namelist()) if re.fullmatch(r"(.*/)?workbook\d*\.xml", name)]
    return next((part for part in [*told, *named] if stored_as(package, part)), "xl/workbook.xml")


def beside(part: str, name: str) -> str:
    """A part in the folder of another."""
    return str(PurePosixPath(part).parent / name)


def is_other_program(package: zipfile.ZipFile) -> bool:
    """Whether a package is whole and yet no workbook that is read: of another program, or in another form of Excel."""
    names = [plain_name(name) for name in package.namelist()]
    return any(name in ("mimetype", "content.xml", "index.xml") or name.endswith(".bin") for name in names)


def sheet_of(attributes: dict[str, str], points_to: Mapping[str, Relation]) -> Sheet:
    """A sheet and its part; a sheet that holds no cells, such as a chart, has none."""
    said = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
    relation = points_to.get(said, Relation("", ""))
    has_cells = relation.kind in ("worksheet", "") and "chartsheets/" not in relation.part
    hidden = attributes.get("state", "visible") != "visible"
    return Sheet(attributes.get("name", ""), relation.part if has_cells else "", hidden)


def shared_texts(package: zipfile.ZipFile, part: str) -> list[str]:
    """The texts that the cells of a workbook point to; how to pronounce them is left out.

    Raises
    ------
    Unreadable
        There are more than may be read.
    """
    texts: list[str] = []
    parts: list[str] = []
    spoken = reading = False
    for name, attributes in part_of(package, part):
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


def number_styles(package: zipfile.ZipFile, part: str) -> list[Style]:
    """How each style shows a number."""
    formats: dict[int, str] = {}
    styles: list[Style] = []
    in_cells = False
    for name, attributes in part_of(package, part):
        if attributes is None:
            in_cells = in_cells and name != "cellXfs"
        elif name == "numFmt":
            formats[int(attributes.get("numFmtId") or 0)] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            in_cells = True
        elif name == "xf" and in_cells:
            number = int(attributes.get("numFmtId") or 0)
            styles.append(shows(number, formats.get(number)))
    return styles
