"""Charts as SVG: Vega-Lite specifications, drawn without a browser or a network, the same bytes each time.

Text inside a chart is measured in Liberation Sans, which every office machine has under its own name or as Arial or
Helvetica.
"""

import datetime as dt
import json
import re
from functools import lru_cache
from typing import Any

import vl_convert

from dijk.report.pages import Chart, Figure, Say
from dijk.report.shown import said
from dijk.report.tile_map import tile_map
from dijk.report.words import word
from dijk.tables.languages import Lang, short_month

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
WIDTH = 460
INK, GREY, GRID = "#1c2b33", "#4d5c66", "#e3e8eb"
DEEP, BAND, PALE = "#0b4f6c", "#8fb8ce", "#d3e3ec"
ALARM, SECOND = "#a32020", "#8a5200"
MOST_SHARE = 2.0
"""Shares above this are drawn at the edge; the table has the figure itself."""

Spec = dict[str, Any]

STYLE: Spec = {
    "font": FONT,
    "aria": False,
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": GREY,
        "titleFontWeight": "normal",
        "labelFontSize": 11,
        "titleFontSize": 11,
    },
    "legend": {
        "labelColor": INK,
        "labelFontSize": 11,
        "title": None,
        "orient": "top",
        "symbolSize": 90,
        "columnPadding": 14,
    },
}


def svg(figure: Figure, lang: Lang) -> str:
    """The chart of a figure in a language, for the eye alone: its words stand beside it.

    Its ids begin with the figure's reference, so that many fit in one page.
    """
    draw = {"fan": _fan, "bars": _bars, "ranges": _ranges, "tiles": tile_map}[figure.chart.shape]
    drawn = _own_ids(_drawn(json.dumps(draw(figure.chart, lang) | {"config": STYLE})), figure.ref)
    return re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", drawn).replace("<svg ", '<svg aria-hidden="true" ', 1)


@lru_cache(maxsize=256)
def _drawn(specification: str) -> str:
    """The drawing of a specification; HTML and PDF show the same one."""
    drawn: str = vl_convert.vegalite_to_svg(specification, allowed_base_urls=[])
    return drawn


def _own_ids(drawn: str, ref: str) -> str:
    """Ids that count from the figure on; those of the drawing count on from chart to chart."""
    names = dict.fromkeys(re.findall(r'\bid="([^"]+)"', drawn))
    own = {name: f"{ref.lower().replace('.', '-')}-{place}" for place, name in enumerate(names)}
    drawn = re.sub(r'\bid="([^"]+)"', lambda found: f'id="{own[found[1]]}"', drawn)
    return re.sub(r"url\(#([^)]+)\)", lambda found: f"url(#{own[found[1]]})", drawn)


def _data(rows: list[dict[str, Any]]) -> Spec:
    return {"values": rows}


def _fan(chart: Chart, lang: Lang) -> Spec:
    """What was observed, the median with two bands, and the low and the max curve as dashed lines; what is not complete
    yet is dotted.
    """
    past, median, outer, inner, late, coming, low, most = (said(mark, lang) for mark in chart.marks)
    named = {"past": past, "median": median, "inner": inner, "outer": outer, "late": late, "coming": coming}
    used = {part: name for part, name in named.items() if any(row["part"] == part for row in chart.rows)}
    x, y = _time_axis([row["x"] for row in chart.rows], lang), _value_axis(chart, lang)
    shades = dict(zip(named, (INK, DEEP, BAND, PALE, GREY, SECOND), strict=True))
    color = {
        "field": "label",
        "type": "nominal",
        "scale": {"domain": list(used.values()), "range": [shades[part] for part in used]},
        "legend": {"symbolType": "square", "columns": 3},
    }

    def part(name: str, mark: Spec, encoding: Spec) -> Spec:
        rows = [_at(row) | {"label": named.get(name, "")} for row in chart.rows if row["part"] == name]
        return {"data": _data(rows), "mark": mark, "encoding": {"x": x, "y": y} | encoding}

    span = {"y": y | {"field": "low"}, "y2": {"field": "high"}, "color": color}
    ends = [_at(row) for row in _ends(chart, low, most)]
    layers = [
        *(part(name, {"type": "area", "clip": True}, span) for name in ("outer", "inner")),
        *(part(name, DASHES, {}) for name in ("low", "max")),
        part("coming", BARS, {"color": color}),
        part("median", {"type": "line", "strokeWidth": 2.2}, {"color": color}),
        part("past", LINE, {"color": color}),
        part("late", DOTS, {"color": color}),
        {"data": _data(ends), "mark": END, "encoding": {"x": x, "y": y, "text": {"field": "label", "type": "nominal"}}},
    ]
    return {"width": WIDTH, "height": 210, "layer": layers}


BARS: Spec = {"type": "bar", "size": 6, "clip": True}
DASHES: Spec = {"type": "line", "strokeWidth": 1.4, "strokeDash": [5, 3], "color": SECOND, "clip": True}
LINE: Spec = {"type": "line", "strokeWidth": 1.6, "point": {"size": 28, "filled": True}}
DOTS: Spec = {"type": "line", "strokeWidth": 1.6, "strokeDash": [1.5, 3], "point": {"size": 34, "filled": False}}
END: Spec = {"type": "text", "align": "left", "dx": 6, "fontSize": 11, "color": SECOND}


def _value_axis(chart: Chart, lang: Lang) -> Spec:
    scale = {"domain": [0, chart.top or 1], "nice": False}
    axis = _figure_axis(lang)
    return {"field": "value", "type": "quantitative", "axis": axis, "title": said(chart.y, lang), "scale": scale}


def _ends(chart: Chart, low: str, most: str) -> list[dict[str, Any]]:
    """The names of the dashed curves, at their end; one name for both where they all but coincide."""
    last = {row["part"]: row for row in chart.rows if row["part"] in ("low", "max") and row["value"] is not None}
    if len(last) == 2 and abs(last["max"]["value"] - last["low"]["value"]) < 0.07 * (chart.top or 1):
        return [last["max"] | {"label": f"{low}, {most}"}]
    return [row | {"label": {"low": low, "max": most}[part]} for part, row in last.items()]


def _bars(chart: Chart, lang: Lang) -> Spec:
    """A strip per mode, so that no colour has to be told apart."""
    names = {mark.key.rpartition(".")[2]: said(mark, lang) for mark in chart.marks if isinstance(mark, Say)}
    days = _every([row["x"] for row in chart.rows], days=1)
    rows = [row | {"mode": names[row["part"]]} for row in chart.rows if row["value"] is not None]
    used = [name for name in names.values() if any(row["mode"] == name for row in rows)]
    header = {"labelAngle": 0, "labelAlign": "left", "labelColor": INK, "labelFontSize": 11, "title": None}
    y = {"field": "value", "type": "quantitative", "axis": _figure_axis(lang, ticks=3), "title": None}
    return {
        "data": _data(rows),
        "facet": {"row": {"field": "mode", "type": "nominal", "sort": used, "header": header}},
        "spacing": 10,
        "spec": {
            "width": WIDTH - 40,
            "height": 54,
            "mark": {"type": "bar", "color": DEEP},
            "encoding": {"x": _day_axis(days, lang, every=2), "y": y},
        },
    }


def _ranges(chart: Chart, lang: Lang) -> Spec:
    """A line from low to high per row, with a mark of its own shape at each end."""
    low, high = (said(mark, lang) for mark in chart.marks)
    rows = [row | {"name": said(row["name"], lang)} for row in chart.rows]
    edge = min(MOST_SHARE, max((max(row["low"], row["high"]) for row in rows), default=1.0))
    names = {"labelLimit": 230, "domain": False, "ticks": False, "labelPadding": 8, "grid": True, "gridColor": GRID}
    y = {"field": "name", "type": "nominal", "sort": [row["name"] for row in rows], "title": None, "axis": names}
    scale = {"domain": [0, edge], "clamp": True}
    x = {
        "field": "low",
        "type": "quantitative",
        "scale": scale,
        "axis": _share_axis(lang),
        "title": said(chart.y, lang),
    }
    spans = [
        {
            "data": _data([row for row in rows if row.get("strong", False) is strong]),
            "mark": {"type": "rule", "strokeWidth": 2.5, "color": colour},
            "encoding": {"y": y, "x": x, "x2": {"field": "high"}},
        }
        for strong, colour in ((False, BAND), (True, ALARM))
    ]
    sides = {"field": "end", "type": "nominal", "legend": {}}
    tips = [
        {"name": row["name"], "value": row[part], "end": label}
        for row in rows
        for part, label in (("low", low), ("high", high))
    ]
    ends = {
        "data": _data(tips),
        "mark": {"type": "point", "filled": True, "size": 75, "opacity": 1},
        "encoding": {
            "y": y,
            "x": x | {"field": "value"},
            "shape": sides | {"scale": {"domain": [low, high], "range": ["circle", "diamond"]}},
            "color": sides | {"scale": {"domain": [low, high], "range": [DEEP, SECOND]}},
        },
    }
    return {"width": WIDTH - 120, "height": max(60, 20 * len(rows)), "layer": [*spans, ends]}


def _at(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its day as a number: an axis of numbers knows no time zone."""
    return row | {"x": dt.date.fromisoformat(row["x"]).toordinal()}


def _time_axis(found: list[str], lang: Lang) -> Spec:
    """Days as numbers, from the first to the last, so that weeks may begin on any day; at most nine are named."""
    first, last = (dt.date.fromisoformat(day).toordinal() for day in (min(found), max(found)))
    step = 7 * -(-(last - first) // (7 * 8)) or 7
    named = range(last, first - 1, -step)
    names = json.dumps({day: _day_name(str(dt.date.fromordinal(day)), lang) for day in named})
    axis = {
        "values": sorted(named),
        "labelExpr": f"{names}[datum.value]",
        "labelAngle": 0,
        "domainColor": GREY,
        "tickColor": GREY,
        "grid": False,
    }
    scale = {"domain": [first, max(last, first + 1)], "nice": False, "zero": False}
    return {"field": "x", "type": "quantitative", "scale": scale, "axis": axis, "title": None}


def _every(found: list[str], *, days: int) -> list[str]:
    """Every day, or every week, from the first to the last."""
    first, last = (dt.date.fromisoformat(day) for day in (min(found), max(found)))
    return [str(first + dt.timedelta(days=ahead)) for ahead in range(0, (last - first).days + 1, days)]


def _day_axis(days: list[str], lang: Lang, *, every: int) -> Spec:
    """Evenly spaced days or weeks, each ``every``-th named: an ordinal axis knows no time zone."""
    names = json.dumps({day: _day_name(day, lang) for day in days})
    axis = {
        "values": days[::every],
        "labelExpr": f"{names}[datum.value]",
        "labelAngle": 0,
        "domainColor": GREY,
        "tickColor": GREY,
    }
    return {"field": "x", "type": "ordinal", "scale": {"domain": days}, "axis": axis, "title": None}


def _day_name(day: str, lang: Lang) -> str:
    date = dt.date.fromisoformat(day)
    return f"{date.day} {short_month(date.month, lang)}"


def _figure_axis(lang: Lang, *, ticks: int = 5) -> Spec:
    """Whole figures with the marks of the language; millions in words."""
    decimal, thousand = (",", ".") if lang == "nl" else (".", ",")
    swap = f"replace(replace(replace(S, /,/g, '_'), '.', '{decimal}'), /_/g, '{thousand}')"
    small = swap.replace("S", "format(datum.value, ',.0f')")
    large = swap.replace("S", "format(datum.value / 1000000, ',.1~f')")
    label = f"abs(datum.value) >= 1000000 ? {large} + ' {word('number.short_million', lang)}' : {small}"
    return {"labelExpr": label, "gridColor": GRID, "domain": False, "ticks": False, "tickCount": ticks}


def _share_axis(lang: Lang) -> Spec:
    decimal = "," if lang == "nl" else "."
    label = f"replace(format(datum.value * 100, '.3~f'), '.', '{decimal}') + '%'"
    return {"labelExpr": label, "gridColor": GRID, "domain": False, "ticks": False, "tickCount": 6}
