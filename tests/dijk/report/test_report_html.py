"""The HTML page: one file, nothing from outside, readable by everyone."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from dijk.report import Report, html
from dijk.report.pages import figures
from dijk.report.theme import COLOURS, TEXT_ON_GROUND
from dijk.tables.languages import LANGS
from report_country import NASTY

VOID = {"meta", "link", "br", "img", "rect", "path", "line", "circle", "hr"}


@dataclass
class Outline(HTMLParser):
    """What a page is made of: tags with their attributes, headings, texts by tag, and tags left open."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    words: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and data.strip():
            self.words.setdefault(self.open[-1], []).append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module", params=LANGS)
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def page(pages: Report, lang: str) -> str:
    return html(pages, lang).decode()  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    parser = Outline()
    parser.feed(page)
    return parser


def test_every_tag_is_closed(outline: Outline) -> None:
    assert outline.open == []


def test_nothing_comes_from_outside_and_nothing_runs(page: str, outline: Outline) -> None:
    assert not {"script", "iframe", "link", "img", "object", "embed", "form"} & {tag for tag, _ in outline.tags}
    loads = [
        value
        for _, attrs in outline.tags
        for name, value in attrs.items()
        if name in ("src", "srcset", "action", "data", "poster")
    ]
    assert loads == []
    assert all(str(attrs.get("href")).startswith("#") for attrs in outline.all("a"))
    assert not re.search(r"@import|url\(\s*['\"]?(?!#)", page)
    addresses = set(re.findall(r"https?://[^\s\"'<>)]+", page))
    assert addresses <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }  # names of namespaces, never fetched
    assert not any(name.startswith("on") for _, attrs in outline.tags for name in attrs)


def test_text_from_the_data_is_never_markup(page: str) -> None:
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert NASTY not in page


def test_the_page_names_its_language_and_title(outline: Outline, lang: str) -> None:
    assert outline.all("html")[0]["lang"] == lang
    assert len(outline.words["title"]) == 1
    assert "masks & more" in outline.words["title"][0] or "maskers & meer" in outline.words["title"][0]


def test_headings_go_down_one_level_at_a_time(outline: Outline) -> None:
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_table_has_a_caption_and_headers_with_a_scope(page: str, outline: Outline) -> None:
    tables = re.findall(r"<table>.*?</table>", page, flags=re.S)
    assert tables
    assert all(table.count("<caption") == 1 for table in tables)
    assert all(attrs.get("scope") in ("col", "row") for attrs in outline.all("th"))
    rows = [row for table in tables for row in re.findall(r"<tr>.*?</tr>", table.partition("<tbody>")[2], flags=re.S)]
    assert all('scope="row"' in row or "colspan" in row for row in rows)


def test_every_table_and_figure_shows_its_reference(pages: Report, page: str) -> None:
    refs = [table.ref for _, table in pages.tables()]
    refs += [figure.ref for chapter in pages.chapters for block in chapter.blocks for figure in figures(block)]
    assert [ref for ref in refs if pages.reference(ref) not in page] == []


def test_every_link_leads_somewhere_and_every_anchor_is_unique(outline: Outline) -> None:
    ids = Counter(str(attrs["id"]) for _, attrs in outline.tags if "id" in attrs)
    assert [name for name, count in ids.items() if count > 1] == []
    links = {str(attrs["href"])[1:] for attrs in outline.all("a")}
    assert links <= set(ids)
    labels = {str(attrs["aria-labelledby"]) for _, attrs in outline.tags if "aria-labelledby" in attrs}
    assert labels <= set(ids)


def test_every_chart_has_its_words_and_its_table(pages: Report, page: str, outline: Outline) -> None:
    charts = [attrs for attrs in outline.all("div") if attrs.get("class") == "chart"]
    drawn = [
        figure
        for chapter in pages.chapters
        for block in chapter.blocks
        for figure in figures(block)
        if figure.chart.rows
    ]
    assert len(charts) == len(drawn) == page.count("<svg ")
    assert all(attrs["role"] == "img" and attrs["aria-label"] for attrs in charts)
    assert len(outline.all("details")) == len(
        [f for chapter in pages.chapters for block in chapter.blocks for f in figures(block)]
    )
    assert len(drawn) <= 80


def test_a_page_has_landmarks_a_skip_link_and_visible_focus(page: str, outline: Outline) -> None:
    assert [len(outline.all(tag)) for tag in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    assert outline.all("a")[0]["href"] == "#report"
    assert ":focus-visible" in page
    assert all(
        attrs.get("tabindex") == "0" and attrs.get("role") == "region"
        for attrs in outline.all("div")
        if attrs.get("class") == "scroll"
    )


def test_colour_never_speaks_alone(page: str) -> None:
    judged = re.findall(r'<td class="[^"]*\b(?:short|watch|enough)\b[^"]*">(.*?)</td>', page, flags=re.S)
    assert judged
    assert all('class="sign"' in cell for cell in judged)


def test_an_unknown_cell_is_hatched_and_says_why(page: str, lang: str) -> None:
    unknown = re.findall(r'<td class="unknown">(.*?)</td>', page, flags=re.S)
    assert {"en": "no answer", "nl": "geen antwoord"}[lang] in unknown
    assert "0" not in unknown
    assert "repeating-linear-gradient" in page


def test_interim_and_notices_stand_on_the_page(page: str, lang: str) -> None:
    assert {"en": "INTERIM", "nl": "TUSSENVERSIE"}[lang] in page
    assert {"en": "Made-up numbers", "nl": "Verzonnen cijfers"}[lang] in page
    assert {"en": "Final data, not what was known then.", "nl": "Definitieve gegevens, niet wat toen bekend was."}[
        lang
    ] in page


def test_a_final_report_is_not_called_interim(final: Report) -> None:
    assert "INTERIM" not in html(final, "en").decode()


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_stands_out_from_its_ground(text: str, ground: str) -> None:
    """Contrast after WCAG 2.2, 1.4.3: at least 4.5."""
    lighter, darker = sorted((luminance(COLOURS[text]), luminance(COLOURS[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5
