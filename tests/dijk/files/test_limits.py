"""Files too large, cut off or made to do harm end in a clear finding, within bounded memory."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dijk.files import limits, read_folder

MEMORY = 1200 * 2**20
"""Bytes that a process reading a bad file may take: Polars alone maps 400 MiB."""

READ = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_DATA, ({most}, {most}))
from dijk.files import read_folder
found = read_folder(sys.argv[1]).findings
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({{"peak": peak, "codes": found["code"].to_list(), "wanted": found["wanted_nl"].to_list()}}))
"""

BOOK = b'<workbook xmlns:r="r"><sheets><sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>'
RELS = b'<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'


def read_apart(folder: Path) -> dict:
    """Read a folder in a process of its own, that may take no more than so much memory."""
    said = subprocess.run([sys.executable, "-c", READ.format(most=MEMORY), str(folder)], capture_output=True, text=True)
    assert said.returncode == 0, said.stderr[-2000:]
    return json.loads(said.stdout)


def workbook(path: Path, parts: dict[str, object]) -> None:
    """A package whose sheet is made of pieces, so that the test itself needs no memory."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr("[Content_Types].xml", b"<Types/>")
        book.writestr("xl/workbook.xml", BOOK)
        book.writestr("xl/_rels/workbook.xml.rels", RELS)
        for name, pieces in parts.items():
            with book.open(name, "w", force_zip64=True) as part:
                for piece in pieces:  # type: ignore[attr-defined]
                    part.write(piece)


def rows(count: int):
    """The rows of a sheet with a heading."""
    yield b'<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>locatie</t></is></c></row>'
    for start in range(2, count, 1000):
        yield b"".join(
            b'<row r="%d"><c r="A%d"><v>%d</v></c><c r="B%d"><v>%d</v></c></row>' % (r, r, r * 7919, r, r * 104729)
            for r in range(start, start + 1000)
        )
    yield b"</sheetData></worksheet>"


def endless_cell():
    """A sheet with one cell of two million signs."""
    yield b'<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>'
    yield from (b"x%d" % i for i in range(400_000))
    yield b"</v></c></row></sheetData></worksheet>"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"xl/worksheets/sheet1.xml": rows(2_000_000)}, "FILE-12"),
        ({"xl/worksheets/sheet1.xml": (b" " * 2**20 for _ in range(100))}, "FILE-11"),
        ({"xl/worksheets/sheet1.xml": [b"<worksheet/>"], "xl/media/image1.bin": (b"\0" * 2**20 for _ in range(100))}, "FILE-11"),
        ({"xl/worksheets/sheet1.xml": [b"<worksheet><sheetData>", *[b"<row><c>"] * 50_000]}, "FILE-10"),
        ({"xl/worksheets/sheet1.xml": endless_cell()}, "HEAD-01"),
    ],
    ids=["two million rows", "a bomb in the sheet", "a bomb beside the sheet", "elements never closed", "one endless cell"],
)  # fmt: skip
def test_a_workbook_beyond_the_limits_ends_in_a_finding_within_bounded_memory(tmp_path, parts, code):
    workbook(tmp_path / "voorraad.xlsx", parts)
    said = read_apart(tmp_path)
    assert code in said["codes"]
    assert said["peak"] < MEMORY


@pytest.mark.slow
def test_a_large_utf_16_csv_is_read_within_bounded_memory(tmp_path):
    line = "S{0};P1;-;goedgekeurd;27-04-2020;{0};27-04-2020 16:00;opgave;geteld\r\n"
    text = "locatie;product;partij;status;dag;stuks;bekend_op;bron;hoe\r\n" + "".join(
        line.format(i) for i in range(100_000)
    )
    (tmp_path / "voorraad.csv").write_bytes(text.encode("utf-16"))
    said = read_apart(tmp_path)
    assert said["codes"] == ["FILE-15"]
    assert said["peak"] < MEMORY


def test_a_workbook_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    workbook(tmp_path / "voorraad.xlsx", {"xl/worksheets/sheet1.xml": [b" " * 2**20] * 30})
    monkeypatch.setattr("dijk.files.package.part_of", lambda *_: pytest.fail("unpacked"))
    assert read_folder(tmp_path).findings["code"].to_list() == ["FILE-11"]


def test_a_file_larger_than_the_limit_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr("dijk.files.read.MOST_BYTES", 10)
    (tmp_path / "stock.csv").write_text("site,product\n" * 10)
    assert read_folder(tmp_path).findings["code"].to_list() == ["FILE-04"]


def test_no_folder_is_an_error_and_an_empty_one_too(tmp_path):
    for folder in (tmp_path / "weg", tmp_path):
        read = read_folder(folder)
        assert read.findings["code"].to_list() == ["FILE-01"]
        assert read.tables == {}


@pytest.mark.parametrize("cut", [100, 500, 1000, 2000, 4000, 5000])
def test_a_workbook_cut_off_anywhere_is_named_as_damaged(tmp_path, cut):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", BOOK)
        book.writestr("xl/_rels/workbook.xml.rels", RELS)
        book.writestr("xl/worksheets/sheet1.xml", b"".join(rows(3000)))
    (tmp_path / "voorraad.xlsx").write_bytes(stream.getvalue()[:cut])
    assert read_folder(tmp_path).findings["code"].to_list() == ["FILE-10"]


def test_every_limit_says_why():
    source = Path(limits.__file__).read_text(encoding="utf-8")
    names = [line.split(" = ")[0] for line in source.splitlines() if " = " in line and line[0].isupper()]
    assert len(names) >= 10
    for name in names:
        assert source.split(f"\n{name} = ")[1].split("\n")[1].startswith('"""'), name
