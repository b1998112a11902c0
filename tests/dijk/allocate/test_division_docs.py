"""The division as the documentation tells it: every block of code on its pages runs, and every table is the one the
program makes.
"""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[3] / "docs"
PAGES = ["explanation/allocation.md"]


@pytest.mark.parametrize("page", PAGES)
def test_the_code_on_the_page_runs(page: str) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, page, "exec"), {})


@pytest.mark.parametrize("name", ["rules", "rounding", "routing", "norms"])
def test_the_tables_of_the_simulation_are_on_the_page(name: str) -> None:
    text = (DOCS / PAGES[0]).read_text(encoding="utf-8")
    table = text.partition(f"<!-- {name} -->")[2].partition(f"<!-- end {name} -->")[0]
    assert table.count("\n|") > 5
