"""The report as one HTML file: no script, nothing from outside."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dijk.report.charts import svg
from dijk.report.pages import Cell, Figure, Report
from dijk.report.shown import said, shown
from dijk.report.theme import COLOURS, LONG, PLAIN, RIGHT, SIGNS, tone
from dijk.report.words import word
from dijk.tables.languages import Lang


def html(report: Report, lang: Lang) -> bytes:
    """The report as a page in a language.

    Parameters
    ----------
    report
        The pages, from ``report``.
    lang
        ``en`` or ``nl``.

    Returns
    -------
    bytes
        One HTML file in UTF-8, charts included; the same pages give the same bytes.

    Raises
    ------
    KeyError
        A word that ``words.toml`` does not have, such as a reason code of nobody's.

    Examples
    --------
    ::

        Path("report.en.html").write_bytes(html(pages, "en"))
    """
    page = _environment().get_template("report.html.j2")
    ways: dict[str, Any] = {
        "t": lambda key, **gaps: word(key, lang).format(**gaps),
        "said": lambda words: said(words, lang),
        "shown": lambda cell: shown(cell, lang),
        "chart": lambda figure: _chart(figure, lang),
    }
    as_of = shown(Cell("moment", report.as_of), lang)
    return page.render(report=report, lang=lang, as_of=as_of, **ways).encode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("dijk.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        colours=COLOURS,
        signs=SIGNS,
        right=RIGHT,
        long=LONG,
        plain=PLAIN,
        tone=tone,
        name_of=lambda block: type(block).__name__.lower(),
    )
    environment.filters["anchor"] = lambda ref: ref.lower().replace(".", "-")
    return environment


def _chart(figure: Figure, lang: Lang) -> Markup:
    """Our own drawing, which needs no escaping; its words were escaped when it was drawn."""
    return Markup(svg(figure, lang))
