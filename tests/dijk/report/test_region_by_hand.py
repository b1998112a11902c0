"""A region deals its packs again from its own list alone: article, fence, hub and region's part are told apart there."""

import io
import math
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest

import country_once
from dijk.example import AS_OF
from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.report import About, Text, region_lists, report

Line = dict[str, Any]
ABOUT = About(title=Text("Report", "Rapport"), as_of=AS_OF, seed=1, version="0.1.0", digest="sha256:abc", run="run-1")
REGIONS = ("R10", "R03")
"""One with rules of its own, a hub, and claims inside and outside a fence; and one without rules of its own."""


@pytest.fixture(scope="module")
def sheets() -> dict[str, tuple[list[Line], list[Line]]]:
    world = country_once.tables()
    pages = report(Inputs.of(world, as_of=AS_OF), Policy.of(world), country_once.plan(), about=ABOUT)
    books = {region: openpyxl.load_workbook(io.BytesIO(region_lists(pages, "en")[region])) for region in REGIONS}
    return {r: (list(lines(book.worksheets[0])), list(lines(book.worksheets[1]))) for r, book in books.items()}


def lines(sheet: Any) -> Iterator[Line]:
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    head = next(i for i, row in enumerate(rows) if "Need" in row)
    for row in rows[head + 1 :]:
        yield dict(zip(rows[head], row, strict=True))


def dealt(line: Line, levels: list[Line]) -> int:
    """Packs of one line of the list, from the levels on the next sheet and nothing else."""
    given = 0
    for fence in (line["Reserve first"], line["Fence"]):
        key = (line["Need"], line["Tier"], line["Sent from"], line["Region of its level"], fence, line["Product"])
        names = ("Need", "Tier", "Sent from", "Region", "Fence", "Product")
        found = [level for level in levels if tuple(level[name] for name in names) == key]
        assert len(found) <= 1
        for level in found if fence else []:
            given = pieces(line, level, given)
    return given


def pieces(line: Line, level: Line, had: int) -> int:
    """Pieces with what this level gives on top of what a reserve gave."""
    pack, reach = level["Pieces in a pack"], level["Supply reaches"]
    least, most = max(0, line["Least"] - had), line["Most"] - had
    if reach in ("all claims", "the least for everyone", "nothing"):
        return had + {"all claims": most, "the least for everyone": least, "nothing": 0}[reach]
    given, top = (least, most) if reach == "part of the claims" else (0, least)
    w, marginal = round(line["Norm use per day"] * 1e6), level["Cover before the last pack"]
    while given < top:
        days = (line["Stock that counts"] + had + given) * 1_000_000 / w
        alike = math.isclose(days, marginal, rel_tol=1e-12)  # a sheet holds 16 digits, one less than a float64 needs
        if (days > marginal and not alike) or (alike and not in_line(line, level)):
            break
        given += pack
    return had + given


def in_line(line: Line, level: Line) -> bool:
    last = level["At that cover: wait of the last served"], level["And its lot number"]
    return last[1] is not None and (line["Waiting since"], int(line["Lot number"])) <= (last[0], int(last[1]))


@pytest.mark.slow
@pytest.mark.parametrize("region", REGIONS)
def test_a_region_deals_its_packs_again_from_its_list_alone(
    region: str, sheets: dict[str, tuple[list[Line], list[Line]]]
) -> None:
    mine, levels = sheets[region]
    assert len(mine) > 50
    wrong = [line for line in mine if dealt(line, levels) != (line["Pieces awarded"] or 0)]
    assert wrong == []
    assert {line["Region of its level"] for line in mine} == {"R10": {"R10"}, "R03": {"R03", "all"}}[region]


@pytest.mark.slow
def test_in_that_list_article_fence_hub_and_part_are_told_apart(
    sheets: dict[str, tuple[list[Line], list[Line]]],
) -> None:
    """Without any of these columns a line would find several levels."""
    _, levels = sheets["R10"]
    key = ("Need", "Tier", "Sent from", "Region", "Fence", "Product")
    assert len({tuple(level[name] for name in key) for level in levels}) == len(levels)
    for left_out in ("Sent from", "Region", "Fence", "Product"):
        fewer = {tuple(level[name] for name in key if name != left_out) for level in levels}
        assert len(fewer) < len(levels), left_out
