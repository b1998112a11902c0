"""The documentation tells the truth: each code block runs or says why not, links lead somewhere, and nothing is left
out.
"""

import contextlib
import csv
import datetime as dt
import io
import re
import runpy
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

import country_once
from dijk.desk.app import run_command
from dijk.files.words import TABLES_NL
from dijk.tables import EFFECT, ON_DISK, RESULTS
from drawn import long_too

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FRONT = [*PAGES, *(ROOT / name for name in ("GLOSSARY.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"))]

RUNS = ("sh", "python")
SHOWN = ("text", "csv", "json", "toml", "math")
"""Kinds of block that are read, not run."""

OFTEN = (country_once.EXAMPLE, country_once.PLAN)
"""Commands with which many pages begin; what they leave is made once and copied."""

ASKED = (["check", "country"], ["replay", "monday"])
"""Commands that leave nothing behind; what they say of the country with which many pages begin is asked once."""

LEFT_TO_LONG = ("sensitivity", "fences", "effect")
"""Commands that plan or divide the country many times: each time ``tests/dijk/desk`` gives them in a smaller one."""


@dataclass(frozen=True)
class Block:
    """A fenced block: its kind, what else its first line says, and what stands in it."""

    kind: str
    mark: str
    text: str

    @property
    def runs(self) -> bool:
        return self.kind in RUNS and not self.mark.startswith("not run: ")


def blocks(page: Path) -> list[Block]:
    found = re.findall(r"^```([^\n]*)\n(.*?)^```$", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return [Block(kind=first.split(" ")[0], mark=first.partition(" ")[2].strip(), text=text) for first, text in found]


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_code_block_is_run_or_says_why_not(page):
    for block in blocks(page):
        assert block.kind in (*RUNS, *SHOWN), f"a block must say what it is: {block.text[:60]!r}"
        if block.kind in RUNS and block.mark:
            assert re.fullmatch(r"not run: .{10,}", block.mark), block.mark


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if any(block.runs for block in blocks(page))], ids=name)
def test_the_code_on_a_page_runs_from_top_to_bottom(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DIJK_LANG", raising=False)
    names: dict[str, object] = {}
    fresh, said, left = True, "", False
    for block in blocks(page):
        if block.runs and block.kind == "python":
            exec(compile(block.text, name(page), "exec"), names)
            fresh = False
        elif block.runs:
            said, left = "", False
            for words in commands(block.text):
                fresh = fresh and words[0] == "dijk"
                if set(words[1:2]) & set(LEFT_TO_LONG) and not long_too():
                    left = True
                    continue
                kept = words[1:] in OFTEN or (words[1:] in ASKED and Path(words[2]).exists())
                said += once(words[1:]) if fresh and kept else run(words)
        elif block.mark.startswith("typed on "):
            typed(block)
        elif block.mark.startswith("output") and not left:
            assert_said(block.text, said, to_the_figure=block.mark == "output, to the figure")


def commands(text: str) -> Iterator[list[str]]:
    """The words of each line; what stands behind a # is for the reader."""
    return (words for line in text.splitlines() if (words := shlex.split(line, comments=True)))


def run(words: list[str]) -> str:
    """Run one command; what it said."""
    if words[0] != "dijk":
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        assert run_command(words[1:]) == 0, words
    return out.getvalue()


def once(words: list[str]) -> str:
    """What a command with which many pages begin left and said when it was given once for all."""
    if words in OFTEN and not Path(words[-1]).exists():
        shutil.copytree(country_once.commanded() / words[-1], words[-1])
    return country_once.said(words)


def typed(block: Block) -> int:
    """Type what a block shows on a sheet of a workbook, below its headings and its example; how many cells that are."""
    sheet, file = re.fullmatch(r"typed on the sheet (\w+) of (\S+)", block.mark).groups()  # type: ignore[union-attr]
    book = openpyxl.load_workbook(file)
    place = {str(cell.value).split(" (")[0]: cell.column for cell in book[sheet][1] if cell.value}
    rows = list(csv.DictReader(io.StringIO(block.text)))
    for number, row in enumerate(rows, start=3):
        for name, text in row.items():
            book[sheet].cell(number, place[name], as_spreadsheets_take_it(text))
    book.save(file)
    return sum(len(row) for row in rows)


def as_spreadsheets_take_it(text: str) -> object:
    """What a spreadsheet makes of a typed cell: a number, a day, or else a text."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return dt.date.fromisoformat(text)
    return int(text) if text.isdigit() else text


def assert_said(shown: str, said: str, *, to_the_figure: bool) -> None:
    """Every line shown on the page was said; without ``to_the_figure`` figures may have moved since, words may not."""
    same = (lambda line: " ".join(line.split())) if to_the_figure else plain
    lines = {same(line) for line in said.splitlines()}
    assert [line for line in shown.splitlines() if same(line) not in lines and line.strip() != "..."] == []


def test_the_first_plan_takes_at_most_150_typed_cells_and_knows_what_to_say_of_each_need(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    page = blocks(ROOT / "docs" / "tutorials" / "first-plan.md")
    assert run_command(["init", "planning.xlsx"]) == 0
    sheets = [block for block in page if block.mark.startswith("typed on ")]
    assert sum(typed(block) for block in sheets) == 138 <= 150
    assert "138 cells to type" in (ROOT / "docs" / "tutorials" / "first-plan.md").read_text(encoding="utf-8")
    site, stock, activity = (list(csv.DictReader(io.StringIO(block.text))) for block in sheets)
    assert len({(row["site"], row["product"]) for row in stock}) == 24 == 4 * len(site)
    assert {row["site"] for row in activity} == {row["site"] for row in site}


def plain(line: str) -> str:
    """A line without its figures and its spaces."""
    return " ".join(re.sub(r"[\d.,]+|\b[0-9a-f]{12}\b", "#", line).split())


@pytest.mark.parametrize("page", FRONT, ids=name)
def test_every_link_leads_somewhere(page):
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|mailto:)([^)\s#]+)(#[^)\s]*)?\)", text)
    assert [link for link, _ in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=name)
def test_every_page_can_be_reached_from_the_door(page):
    reached, ahead = set(), [ROOT / "docs" / "README.md"]
    while ahead:
        here = ahead.pop().resolve()
        if here.suffix == ".md" and here.is_file() and here not in reached:
            reached.add(here)
            links = re.findall(r"\]\((?!https?:|mailto:)([^)\s#]+)", here.read_text(encoding="utf-8"))
            ahead += [here.parent / link for link in links]
    assert page.resolve() in reached


def test_every_table_has_its_row_in_the_glossary_with_the_dutch_word_of_the_files():
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
    ]
    words = {code: cells for cells in rows if len(cells) == 4 for code in re.findall(r"`(\w+)`", cells[0])}
    assert set(ON_DISK | RESULTS | EFFECT) - set(words) == set()
    assert {table: words[table][2] for table in TABLES_NL if not table.startswith("past_")} == {
        table: dutch for table, dutch in TABLES_NL.items() if not table.startswith("past_")
    }
    assert all(len(cells) == 4 and all(cells) for cells in words.values())


def test_every_demand_has_one_row_and_every_test_it_names_is_there():
    text = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([ST]\d+) \| (\w+) \|(.*)\|$", text, flags=re.MULTILINE)
    assert sorted(row for row, *_ in rows) == sorted([f"S{i}" for i in range(1, 37)] + [f"T{i}" for i in range(1, 14)])
    assert {state for _, state, _ in rows} <= {"met", "partly", "later"}
    for row, state, rest in rows:
        assert "`tests/" in rest or state == "later", f"{row} is {state}, and names no test"
    for path, function in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text):
        assert f"def {function}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path}: {function}"


def test_the_reference_pages_are_those_of_the_code():
    """Otherwise: ``python docs/generate_commands.py``."""
    pages = runpy.run_path(str(ROOT / "docs" / "generate_commands.py"))["PAGES"]
    assert {page: (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8") for page in pages} == {
        page: write() for page, write in pages.items()
    }


def test_every_decision_stands_in_the_list():
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert listed == sorted(path.name for path in folder.glob("[0-9]*.md"))
