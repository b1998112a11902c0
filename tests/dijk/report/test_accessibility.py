"""The web page as a browser has it: no fault that axe-core knows, and no scrolling sideways at any width."""

import html as escaping
import json
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from dijk.report import Report, html

WIDTHS = (360, 800, 1280, 1920)
CHROMIUM = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
AXE = """
axe.run(document, {resultTypes: ['violations']}).then(found => tell(found.violations.map(
  fault => [fault.id, fault.help, fault.nodes.length, fault.nodes[0].html.slice(0, 200)])))
"""
FRAMES = """
Promise.all(%s.map(width => new Promise(done => {
  const frame = document.createElement('iframe')
  frame.width = width; frame.height = 900; frame.srcdoc = page
  frame.onload = () => {
    const root = frame.contentDocument.documentElement
    done([width, root.scrollWidth - root.clientWidth])
  }
  document.body.append(frame)
}))).then(tell)
"""
TELL = "const tell = said => { document.body.innerHTML = ''; document.body.append('said:' + JSON.stringify(said) + ':said') }"

EACH = ["nl", pytest.param("en", marks=pytest.mark.long)]
"""The languages of the page: that of its readers in every run, the other among the long ones."""

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="missing tool: chromium")


def told(page: str, folder: Path) -> list[list[object]]:
    """What a page tells once a browser has run its scripts."""
    (folder / "page.html").write_text(page, encoding="utf-8")
    words = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    words += ["--window-size=1280,900", "--virtual-time-budget=120000", f"--user-data-dir={folder / 'profile'}"]
    dump = [*words, "--dump-dom", (folder / "page.html").as_uri()]
    dom = subprocess.run(dump, capture_output=True, text=True, timeout=300, check=True).stdout  # type: ignore[arg-type]
    said = re.search("said:(.*):said", dom, re.DOTALL)
    assert said, dom[-500:]
    return list(json.loads(escaping.unescape(said[1])))


def with_scripts(page: str, *scripts: str) -> str:
    return page.replace("</body>", "".join(f"<script>{script}</script>" for script in scripts) + "</body>")


@needs_browser
@pytest.mark.slow
@pytest.mark.parametrize("lang", EACH)
def test_axe_finds_no_fault_in_the_page(pages: Report, lang: str, tmp_path: Path) -> None:
    axe = files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
    page = html(pages, lang).decode()  # type: ignore[arg-type]
    assert told(with_scripts(page, axe, TELL, AXE), tmp_path) == []


@needs_browser
def test_axe_finds_a_fault_where_there_is_one(tmp_path: Path) -> None:
    axe = files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
    page = "<!doctype html><html><head><title>x</title></head><body><main><h1>x</h1><img src='x'></main></body></html>"
    assert {fault[0] for fault in told(with_scripts(page, axe, TELL, AXE), tmp_path)} == {"html-has-lang", "image-alt"}


@needs_browser
def test_a_page_wider_than_its_window_is_measured(tmp_path: Path) -> None:
    page = json.dumps("<!doctype html><body style='margin: 0'><p style='width: 1000px'>wide</p></body>").replace(
        "</", "<\\/"
    )
    around = "<!doctype html><html lang='en'><body></body></html>"
    measured = told(with_scripts(around, TELL, f"const page = {page}", FRAMES % [800, 1280]), tmp_path)
    assert measured == [[800, 200], [1280, 0]]


@needs_browser
@pytest.mark.slow
@pytest.mark.parametrize("lang", EACH)
def test_the_page_is_as_wide_as_its_window(pages: Report, lang: str, tmp_path: Path) -> None:
    page = json.dumps(html(pages, lang).decode()).replace("</", "<\\/")  # type: ignore[arg-type]
    around = "<!doctype html><html lang='en'><body></body></html>"
    measured = told(with_scripts(around, TELL, f"const page = {page}", FRAMES % list(WIDTHS)), tmp_path)
    assert measured == [[width, 0] for width in WIDTHS]
