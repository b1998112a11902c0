"""Regions as tiles: a Vega-Lite specification. A sign stands beside each figure: colour never speaks alone."""

import textwrap
from typing import Any

from dijk.report.pages import Cell, Chart
from dijk.report.shown import said, shown
from dijk.report.theme import COLOURS, SIGNS
from dijk.tables.languages import Lang

Spec = dict[str, Any]

ACROSS, DOWN, LETTERS = 92, 62, 15
"""Width and height of a tile, and the letters of a name that fit beside one another."""
SIGNED = "DejaVu Sans Mono, Liberation Sans, Arial, sans-serif"
"""A face that has the signs: a PDF knows no other than its own."""
NONE = "none"
INKS = {tone: COLOURS[tone] for tone in SIGNS} | {NONE: COLOURS["ink"]}
GROUNDS = {tone: COLOURS[f"{tone}_ground"] for tone in SIGNS} | {NONE: COLOURS["mist"]}


def tile_map(chart: Chart, lang: Lang) -> Spec:
    """A tile per region with its name, its sign and its cover."""
    rows = [_tile(row, lang) for row in chart.rows]
    x, y = (_place(rows, axis) for axis in ("column", "row"))
    ink = {"field": "tone", "type": "nominal", "scale": _scale(INKS), "legend": None}
    ground = ink | {"scale": _scale(GROUNDS)}
    place = {"x": x, "y": y}
    square = {"type": "rect", "stroke": COLOURS["line"], "strokeWidth": 1}
    name = {"type": "text", "dy": -12, "fontSize": 10, "lineHeight": 11, "baseline": "middle"}
    cover = {"type": "text", "dy": 17, "fontSize": 12, "font": SIGNED, "baseline": "middle"}
    layers = [
        {"mark": square, "encoding": place | {"fill": ground}},
        {"mark": name, "encoding": place | {"text": {"field": "name"}, "color": ink}},
        {"mark": cover, "encoding": place | {"text": {"field": "cover"}, "color": ink}},
    ]
    size = {"width": {"step": ACROSS}, "height": {"step": DOWN}}
    return size | {"data": {"values": rows}, "layer": layers, "resolve": {"scale": {"color": "shared"}}}


def _tile(row: dict[str, Any], lang: Lang) -> dict[str, Any]:
    cell: Cell = row["cover"]
    tone = "unknown" if cell.unknown else cell.tone or NONE
    sign = f"{SIGNS[tone]} " if tone in SIGNS else ""
    name = textwrap.wrap(said(row["name"], lang), LETTERS)[:2]
    words = f"{sign}{shown(cell, lang)}"
    return {"row": row["row"], "column": row["column"], "name": name, "cover": words, "tone": tone}


def _place(rows: list[dict[str, Any]], axis: str) -> Spec:
    """Every row or column from the first to the last, so that a gap stays a gap."""
    at = [row[axis] for row in rows]
    scale = {"domain": list(range(min(at), max(at) + 1)), "paddingInner": 0.04, "paddingOuter": 0}
    return {"field": axis, "type": "ordinal", "axis": None, "scale": scale}


def _scale(colours: dict[str, str]) -> Spec:
    return {"domain": list(colours), "range": list(colours.values())}
