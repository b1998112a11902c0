"""Workbooks as other programs pack them: what a spreadsheet opens is read, and the rest is told by what it is."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from dijk.files import read_folder

Parts = dict[str, bytes]
SHEET, BOOK, RELS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def parts() -> Parts:
    """One count of 100, as a common program packs it."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["site", "product", "status", "day", "pieces"])
        page.write_row(1, 0, ["S1", "P1", "approved", "2020-04-24", 100])
    with zipfile.ZipFile(stream) as package:
        return {name: package.read(name) for name in package.namelist()}


def pack(folder: Path, change: Callable[[Parts], Parts], how: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(folder / "stock.xlsx", "w", how) as package:
        for name, content in change(parts()).items():
            package.writestr(name, content)


def renamed(**names: str) -> Callable[[Parts], Parts]:
    """Parts with other words in their names and in all that points to them."""

    def change(old: Parts) -> Parts:
        for one, other in names.items():
            old = {
                name.replace(one, other): content.replace(one.encode(), other.encode()) for name, content in old.items()
            }
        return old

    return change


def mended(part: str, pattern: str, by: str) -> Callable[[Parts], Parts]:
    return lambda old: old | {part: re.sub(pattern.encode(), by.encode(), old[part])}


def flat(old: Parts) -> Parts:
    """Without the folder xl."""
    content = {name.removeprefix("xl/").replace("worksheets/", ""): text for name, text in old.items()}
    return {
        name: re.sub(rb'(Target|PartName)="(/?)(?:xl/)?(?:worksheets/)?', rb'\1="\2', text)
        for name, text in content.items()
    }


LAYOUTS = {
    "as it comes": lambda old: old,
    "backslashes": lambda old: {name.replace("/", "\\"): text for name, text in old.items()},
    "a slash in front": lambda old: {f"/{name}": text for name, text in old.items()},
    "no folder": flat,
    "another folder": renamed(**{"xl/": "office/data/"}),
    "another name of the book": renamed(**{"workbook.xml": "workbook7.xml"}),
    "a name of its own for the book": renamed(**{"workbook.xml": "inhoud.xml"}),
    "capitals": lambda old: {name.title().replace(".Xml", ".xml"): text for name, text in old.items()},
    "capitals in what points to it": mended(RELS, "worksheets/sheet1", "WorkSheets/Sheet1"),
    "from the root": mended(RELS, 'Target="worksheets/', 'Target="/xl/worksheets/'),
    "round about": mended(RELS, 'Target="worksheets/', 'Target="../xl/./worksheets/'),
    "backslash in what points to it": mended(RELS, "worksheets/sheet1", r"worksheets\\\\sheet1"),
    "an empty style": mended(SHEET, r"<c r=\"E2\"", '<c r="E2" s="" t=""'),
    "no place of rows and cells": mended(SHEET, r'(<row|<c) r="\w+"', r"\1"),
    "an empty place": mended(SHEET, r'(<row|<c) r="\w+"', r'\1 r=""'),
    "no styles": lambda old: {name: text for name, text in old.items() if "styles" not in name},
    "no list of what it points to": lambda old: {name: text for name, text in old.items() if name != "_rels/.rels"},
    "the strict form": renamed(**{"http://schemas.openxmlformats.org/officeDocument/2006": "http://purl.oclc.org/ooxml/officeDocument"}),
    "names with a prefix": mended(SHEET, r"<(/?)(\w)", r"<\1x:\2"),
}  # fmt: skip


@pytest.mark.parametrize("change", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_count_is_read_however_the_workbook_is_packed(tmp_path, change):
    pack(tmp_path, change)
    read = read_folder(tmp_path)
    assert read.findings.filter(severity="error").height == 0, read.findings.select("code", "found").rows()
    assert read.tables["stock"].select("site", "pieces").rows() == [("S1", 100)]


def test_a_workbook_without_compression_is_read(tmp_path):
    pack(tmp_path, lambda old: old, zipfile.ZIP_STORED)
    assert read_folder(tmp_path).tables["stock"]["pieces"].to_list() == [100]


def codes(folder: Path) -> list[str]:
    return read_folder(folder).findings["code"].to_list()


@pytest.mark.parametrize("name", ["xl/workbook.bin", "content.xml", "Index/Document.iwa.bin"])
def test_a_whole_package_of_another_program_is_not_called_damaged(tmp_path, name):
    pack(tmp_path, lambda _: {"[Content_Types].xml": b"<Types/>", name: b"\x83\x01"})
    assert codes(tmp_path) == ["FILE-08"]


def test_a_sheet_or_texts_that_are_not_there_are_never_read_as_nothing(tmp_path):
    for lost in (SHEET, "xl/sharedStrings.xml"):
        pack(tmp_path, lambda old, lost=lost: {name: text for name, text in old.items() if name != lost})
        assert codes(tmp_path) == ["FILE-10"]
