"""The page of the architecture is drawn from the code, so it is that of the code."""

import runpy
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_is_that_of_the_code():
    """Otherwise: ``python docs/generate_architecture.py``."""
    write = runpy.run_path(str(DOCS / "generate_architecture.py"))["PAGES"]["architecture.md"]
    assert (DOCS / "explanation" / "architecture.md").read_text(encoding="utf-8") == write()
