"""Charts as SVG: drawn by Vega-Lite without a browser or a network, the same bytes each time.

Text inside a chart is measured in Liberation Sans, which every office machine has under its own name or as Arial or Helvetica.
"""

import datetime as dt
import json
import re
from functools import lru_cache
from typing import Any

import altair as alt
import vl_convert

from dijk.report.pages import Figure, Lang, Say
from dijk.report.shown import said
from dijk.report.words import MONTHS, word

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
WIDTH = 560
INK, GREY, GRID = "#1c2b33", "#4d5c66", "#e3e8eb"
DEEP, BAND, PALE = "#0b4f6c", "#8fb8ce", "#d3e3ec"
ALARM, SECOND = "#a32020", "#8a5200"
MOST_SHARE = 2.0
"""Shares above this are drawn at the edge; the table has the figure itself."""


def svg(figure: Figure, lang: Lang) -> str:
    """The chart of a figure in a language; its ids begin with the figure's reference, so that many fit in one page."""
    draw = {"fan": _fan, "bars": _bars, "ranges": _ranges}[figure.chart.shape]
    chart = draw(figure, lang).configure(font=FONT, aria=False, background="transparent").configure_view(stroke=None)
    chart = chart.configure_axis(labelColor=INK, titleColor=GREY, titleFontWeight="normal", labelFontSize=11, titleFontSize=11)
    chart = chart.configure_legend(labelColor=INK, labelFontSize=11, title=None, orient="top", symbolSize=90, columnPadding=14)
    return _own_ids(_drawn(chart.to_json(validate=False, indent=None)), figure.ref)


@lru_cache(maxsize=256)
def _drawn(specification: str) -> str:
    """The drawing of a specification; HTML and PDF show the same one."""
    drawn: str = vl_convert.vegalite_to_svg(specification, allowed_base_urls=[])
    return drawn


def _own_ids(drawn: str, ref: str) -> str:
    mark = ref.lower().replace(".", "-")
    drawn = re.sub(r'\bid="([^"]+)"', rf'id="{mark}-\1"', drawn)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{mark}-\1)", drawn)


def _day_name(day: str, lang: Lang) -> str:
    date = dt.date.fromisoformat(day)
    month = "mrt" if lang == "nl" and date.month == 3 else MONTHS[lang][date.month - 1][:3]
    return f"{date.day} {month}"


def _y_axis(lang: Lang, *, ticks: int = 5) -> alt.Axis:
    """Whole figures with the marks of the language; millions in words."""
    decimal = "," if lang == "nl" else "."
    thousand = "." if lang == "nl" else ","
    million = word("number.million", lang)
    swap = f"replace(replace(replace(S, /,/g, '_'), '.', '{decimal}'), /_/g, '{thousand}')"
    small = swap.replace("S", "format(datum.value, ',.0f')")
    large = swap.replace("S", "format(datum.value / 1000000, ',.1~f')")
    label = f"abs(datum.value) >= 1000000 ? {large} + ' {million}' : {small}"
    return alt.Axis(labelExpr=label, gridColor=GRID, domain=False, ticks=False, tickCount=ticks)


def _day_axis(days: list[str], lang: Lang, *, every: int) -> alt.X:
    """Evenly spaced days or weeks, each ``every``-th named: an ordinal axis knows no time zone."""
    names = json.dumps({day: _day_name(day, lang) for day in days})
    axis = alt.Axis(values=days[::every], labelExpr=f"{names}[datum.value]", labelAngle=0, title=None, domainColor=GREY, tickColor=GREY)
    return alt.X("x:O", scale=alt.Scale(domain=days), axis=axis)


def _fan(figure: Figure, lang: Lang) -> alt.LayerChart:
    """What was observed, the median with two bands, and the low and the max curve as dashed lines."""
    past, median, outer, inner, low, most = (said(mark, lang) for mark in figure.chart.marks)
    weeks = _every([row["x"] for row in figure.chart.rows], days=7)
    x = _day_axis(weeks, lang, every=max(1, len(weeks) // 9))
    upright = alt.Scale(domain=[0, figure.chart.top or 1], nice=False)
    y = alt.Y("value:Q", axis=_y_axis(lang), title=said(figure.chart.y, lang), scale=upright)
    named = {"past": past, "median": median, "inner": inner, "outer": outer}
    shades = alt.Scale(domain=list(named.values()), range=[INK, DEEP, BAND, PALE])
    color = alt.Color("label:N", scale=shades, legend=alt.Legend(symbolType="square"))

    def part(name: str) -> alt.Chart:
        rows = [row | {"label": named.get(name, "")} for row in figure.chart.rows if row["part"] == name]
        return alt.Chart(alt.Data(values=rows))

    span = alt.Y("low:Q", axis=_y_axis(lang), title=said(figure.chart.y, lang), scale=upright)
    bands = [part(name).mark_area(opacity=1, clip=True).encode(x=x, y=span, y2="high:Q", color=color) for name in ("outer", "inner")]
    lines = [
        part("median").mark_line(strokeWidth=2.2).encode(x=x, y=y, color=color),
        part("past").mark_line(strokeWidth=1.6, point=alt.OverlayMarkDef(size=28, filled=True)).encode(x=x, y=y, color=color),
    ]
    edges = [part(name).mark_line(strokeWidth=1.4, strokeDash=[5, 3], color=SECOND).encode(x=x, y=y) for name in ("low", "max")]
    ends = alt.Chart(alt.Data(values=_ends(figure, low, most))).mark_text(align="left", dx=6, fontSize=11, color=SECOND)
    return alt.layer(*bands, *edges, *lines, ends.encode(x=x, y=y, text="label:N")).properties(width=WIDTH, height=210)


def _every(found: list[str], *, days: int) -> list[str]:
    """Every day, or every week, from the first to the last."""
    first, last = (dt.date.fromisoformat(day) for day in (min(found), max(found)))
    return [str(first + dt.timedelta(days=ahead)) for ahead in range(0, (last - first).days + 1, days)]


def _ends(figure: Figure, low: str, most: str) -> list[dict[str, Any]]:
    """The names of the dashed curves, at their end; one name for both where they all but coincide."""
    last = {row["part"]: row for row in figure.chart.rows if row["part"] in ("low", "max") and row["value"] is not None}
    if len(last) == 2 and abs(last["max"]["value"] - last["low"]["value"]) < 0.07 * (figure.chart.top or 1):
        return [last["max"] | {"label": f"{low}, {most}"}]
    return [row | {"label": {"low": low, "max": most}[part]} for part, row in last.items()]


def _bars(figure: Figure, lang: Lang) -> alt.FacetChart:
    """A strip per mode, so that no colour has to be told apart."""
    names = {mark.key.rpartition(".")[2]: said(mark, lang) for mark in figure.chart.marks if isinstance(mark, Say)}
    days = _every([row["x"] for row in figure.chart.rows], days=1)
    rows = [row | {"mode": names[row["part"]]} for row in figure.chart.rows if row["value"] is not None]
    used = [name for name in names.values() if any(row["mode"] == name for row in rows)]
    y = alt.Y("value:Q", axis=_y_axis(lang, ticks=3), title=None)
    bars = alt.Chart(alt.Data(values=rows)).mark_bar(color=DEEP).encode(x=_day_axis(days, lang, every=2), y=y)
    header = alt.Header(labelAngle=0, labelAlign="left", labelColor=INK, labelFontSize=11, title=None)
    return bars.properties(width=WIDTH - 60, height=54).facet(row=alt.Row("mode:N", sort=used, header=header), spacing=10)


def _ranges(figure: Figure, lang: Lang) -> alt.LayerChart:
    """A line from low to high per row, with a mark of its own shape at each end."""
    low, high = (said(mark, lang) for mark in figure.chart.marks)
    rows = [_range_row(row, lang) for row in figure.chart.rows]
    edge = min(MOST_SHARE, max((max(row["low"], row["high"]) for row in rows), default=1.0))
    scale = alt.Scale(domain=[0, edge], clamp=True)
    decimal = "," if lang == "nl" else "."
    label = f"replace(format(datum.value * 100, '.3~f'), '.', '{decimal}') + '%'"
    percent = alt.Axis(labelExpr=label, gridColor=GRID, domain=False, ticks=False, tickCount=6)
    listed = alt.Axis(labelLimit=230, domain=False, ticks=False, labelPadding=8, grid=True, gridColor=GRID)
    y = alt.Y("name:N", sort=[row["name"] for row in rows], title=None, axis=listed)
    x = alt.X("low:Q", scale=scale, axis=percent, title=said(figure.chart.y, lang))
    spans = [
        alt.Chart(alt.Data(values=[row for row in rows if row["strong"] is strong]))
        .mark_rule(strokeWidth=2.5, color=colour)
        .encode(y=y, x=x, x2="high:Q")
        for strong, colour in ((False, BAND), (True, ALARM))
    ]
    ends = [{"name": row["name"], "value": row[part], "end": label} for row in rows for part, label in (("low", low), ("high", high))]
    marks = (
        alt.Chart(alt.Data(values=ends))
        .mark_point(filled=True, size=75, opacity=1)
        .encode(
            y=y,
            x=alt.X("value:Q", scale=scale),
            shape=alt.Shape("end:N", scale=alt.Scale(domain=[low, high], range=["circle", "diamond"]), legend=alt.Legend()),
            color=alt.Color("end:N", scale=alt.Scale(domain=[low, high], range=[DEEP, SECOND]), legend=alt.Legend()),
        )
    )
    return alt.layer(*spans, marks).properties(width=WIDTH - 200, height=max(60, 20 * len(rows)))


def _range_row(row: dict[str, Any], lang: Lang) -> dict[str, Any]:
    return {"name": said(row["name"], lang), "low": row["low"], "high": row["high"], "strong": bool(row.get("strong", False))}
