"""The documentation tells the truth: each code block runs or says why not, links lead somewhere, and nothing is left
out.
"""

import contextlib
import io
import re
import runpy
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import country_once
from dijk.desk.app import run_command
from dijk.files.words import TABLES_NL
from dijk.tables import ON_DISK, RESULTS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FRONT = [*PAGES, *(ROOT / name for name in ("GLOSSARY.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"))]

RUNS = ("sh", "python")
SHOWN = ("text", "csv", "json", "toml", "math")
"""Kinds of block that are read, not run."""

OFTEN = (country_once.EXAMPLE, country_once.PLAN)
"""Commands with which many pages begin; what they leave is made once and copied."""


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
    fresh, said = True, ""
    for block in blocks(page):
        if block.runs and block.kind == "python":
            exec(compile(block.text, name(page), "exec"), names)
            fresh = False
        elif block.runs:
            said = ""
            for words in commands(block.text):
                fresh = fresh and words[0] == "dijk"
                said += once(words[1:]) if fresh and words[1:] in OFTEN else run(words)
        elif block.mark == "output":
            assert_said(block.text, said)


def commands(text: str) -> Iterator[list[str]]:
    """The words of each line; what stands behind a # is for the reader."""
    return (words for line in text.splitlines() if (words := shlex.split(line, comments=True)))


def run(words: list[str]) -> str:
    """Run one command; what it said."""
    if words[0] != "dijk":
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert run_command(words[1:]) == 0, words
    return out.getvalue()


def once(words: list[str]) -> str:
    """What a command with which many pages begin left and said when it was given once for all."""
    if not Path(words[-1]).exists():
        shutil.copytree(country_once.commanded() / words[-1], words[-1])
    return country_once.said(words)


def assert_said(shown: str, said: str) -> None:
    """Every line shown on the page was said; figures may have moved since, words may not."""
    lines = {plain(line) for line in said.splitlines()}
    assert [line for line in shown.splitlines() if plain(line) not in lines and line.strip() != "..."] == []


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
    assert set(ON_DISK | RESULTS) - set(words) == set()
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
