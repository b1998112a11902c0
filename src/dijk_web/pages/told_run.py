"""A stored run as pages tell it: the material of the report, read a few tables at a time, and its tables drawn."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from dijk.report.pages import About, Cell, Table, Text
from dijk.report.shown import said, shown
from dijk.report.theme import LONG, PLAIN, RIGHT, SIGNS, tone
from dijk.report.words import word
from dijk.tables import RESULTS, empty
from dijk_web import store
from dijk_web.models import Run, State

REGISTERS = ("organisation", "region", "sector", "risk_class", "need", "product", "driver", "request")
OF_THE_PICTURE = ("situation", "regime", "central_stock", "warehouse_outlook", "stock_path", "flow", "drift")
"""What the pages of the picture read of a run; lines per site are read where a page is about a site."""


def lang() -> Any:
    """The language of the page, as the core names it."""
    return "nl" if get_language() == "nl" else "en"


def chosen_run(number: int | None) -> Run | None:
    """The run that is asked for, else the last that was published, else the last that was made and is no preview."""
    if number is not None:
        return get_object_or_404(Run, act=number, state__in=[State.MADE, State.PUBLISHED])
    published = Run.objects.filter(state=State.PUBLISHED).first()
    return published or Run.objects.filter(state=State.MADE, preview=False).first()


@dataclass(frozen=True)
class Stored:
    """What never changes of a run, so that what is made of it alone is made once."""

    act: int
    code: str
    as_of: dt.datetime
    seed: int

    @classmethod
    def of(cls, run: Run) -> "Stored":
        """Of a run that is made."""
        return cls(run.act, str(run.code), run.as_of, run.seed)


@lru_cache(maxsize=4)
def material(run: Stored, *more: str) -> Any:
    """What the chapters of a report draw on, of a stored run: the picture and the registers, no lines per site; and
    ``more`` of what the plan saw.
    """
    from dijk.inputs import Inputs  # the core loads slowly, and most pages need none of it
    from dijk.planned import Plan
    from dijk.policy import Policy
    from dijk.report.story import story

    known = {name: store.known(run.code, name) for name in (*REGISTERS, *more)}
    results = {name: empty(name) for name in RESULTS} | {name: store.table(run.code, name) for name in OF_THE_PICTURE}
    rules = Policy(**{field.name: store.judged(run.code, field.name) for field in fields(Policy)})
    title = Text("Situation", "Situatie")
    about = About(title, run.as_of, seed=run.seed, version="-", digest="-", run=run.code)
    return story(Inputs.of(known, as_of=run.as_of), rules, Plan.of(results), about)


@dataclass(frozen=True)
class Drawn:
    """A cell as a page draws it."""

    text: str
    below: str
    looks: str
    sign: str
    says: str
    link: str


def drawn(table: Table, links: Mapping[tuple[int, int], str] | None = None) -> dict[str, Any]:
    """A table of the report for a template: every cell in the language of the page, with its tone as sign and word.

    ``links`` gives the address behind the cell in a row and column.
    """
    there = links or {}
    rows = [
        [_cell(cell, there.get((number, place), "")) for place, cell in enumerate(row)]
        for number, row in enumerate(table.rows)
    ]
    return {
        "ref": table.ref,
        "title": said(table.title, lang()),
        "columns": [
            {"heading": said(column.heading, lang()), "right": column.kind in RIGHT} for column in table.columns
        ],
        "rows": rows,
        "notes": [said(note, lang()) for note in table.notes],
        "empty": said(table.empty, lang()),
        "wide": table.wide,
    }


def _cell(cell: Cell, link: str) -> Drawn:
    mark = tone(cell)
    if cell.unknown and cell.why == "not_applicable":
        return Drawn("–", "", "none", "", word("page.not_applicable", lang()), "")
    if cell.unknown and cell.why not in PLAIN:
        looks = "unknown"
    else:
        looks = " ".join(
            filter(None, ["num" if cell.kind in RIGHT else "long" if cell.kind in LONG else "", mark or ""])
        )
    return Drawn(
        text=shown(cell, lang()),
        below=said(cell.below, lang()) if cell.below else "",
        looks=looks,
        sign=SIGNS[mark] if mark else "",
        says=word(f"tone.{mark}", lang()) if mark and cell.kind != "regime" else "",
        link=link,
    )
