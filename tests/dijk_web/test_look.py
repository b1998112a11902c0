"""The look: its colours are those of the report, each pair can be read, and a page loads nothing but what is ours."""

import re
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest

from dijk.report.theme import COLOURS, TEXT_ON_GROUND
from four_people import browser

STATIC = Path(__file__).resolve().parents[2] / "src/dijk_web/static/dijk_web"
TEMPLATES = STATIC.parents[1] / "templates"
CSS = (STATIC / "tower.css").read_text("utf-8")
PROPERTIES = {name.replace("-", "_"): value for name, value in re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", CSS)}

EDGES = (
    ("soft", "paper"),
    ("deep", "paper"),
    ("deep", "mist"),
    ("short", "paper"),
    ("paper", "deep"),
    ("paper", "deepest"),
)
"""Edges of fields and buttons, and rings of focus, on the ground beside them."""
ON_TONES = (("short", "paper"), ("short", "short_ground"), ("watch", "watch_ground"), ("enough", "enough_ground"))
"""Text and signs of a tone that the tower sets beside those of the report."""
PAGE = ("paper", "mist", "pale")
"""Grounds on which a rule that sets no ground of its own may stand."""
TOP = ("deep", "deepest")
"""Grounds of the top of a page."""


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    darker, lighter = sorted((luminance(COLOURS[first]), luminance(COLOURS[second])))
    return (lighter + 0.05) / (darker + 0.05)


def rules() -> list[tuple[str, str | None, str | None]]:
    """Selector, colour of the text and colour of the ground of each rule that sets one of the two."""
    found = []
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", CSS):
        text = re.search(r"(?<![-\w])color: var\(--([a-z-]+)\)", body)
        ground = re.search(r"background: (?:repeating-linear-gradient\([^;]*?)?var\(--([a-z-]+)\)", body)
        names = [one[1].replace("-", "_") if one else None for one in (text, ground)]
        if any(names):
            found.append((selector.strip(), names[0], names[1]))
    return found


def test_the_colours_are_those_of_the_report():
    assert PROPERTIES == COLOURS


def test_no_rule_has_a_colour_of_its_own():
    without_root = CSS.replace(CSS[CSS.index(":root {") : CSS.index("}", CSS.index(":root {"))], "")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(|hsl\(", without_root) == []


@pytest.mark.parametrize(("text", "ground"), [*TEXT_ON_GROUND, *ON_TONES])
def test_text_can_be_read_on_its_ground(text: str, ground: str):
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_an_edge_can_be_seen_on_its_ground(edge: str, ground: str):
    assert contrast(edge, ground) >= 3


def test_every_rule_with_text_and_ground_is_one_of_the_computed_pairs():
    pairs = {(text, ground) for _, text, ground in rules() if text and ground}
    assert pairs - {*TEXT_ON_GROUND, *ON_TONES} == set()
    assert len(pairs) > 8


def test_a_rule_that_sets_text_alone_can_be_read_on_every_ground_it_may_stand_on():
    alone = [(selector, text) for selector, text, ground in rules() if text and not ground]
    grounds = {selector: TOP if ".top" in selector and text == "paper" else PAGE for selector, text in alone}
    signs = {selector: ("short_ground", "paper") for selector, text in alone if text == "short"}
    grounds |= signs
    faint = [
        (selector, ground) for selector, text in alone for ground in grounds[selector] if contrast(text, ground) < 4.5
    ]
    assert faint == []


def test_every_field_and_button_has_an_edge_that_can_be_seen():
    edges = re.findall(
        r"border: [12]px solid var\(--([a-z-]+)\)", re.sub(r"\.card \{[^}]*\}|th, td \{[^}]*\}", "", CSS)
    )
    assert set(edges) <= {edge for edge, _ in EDGES}


def test_no_template_has_a_style_or_a_script_of_its_own():
    """The policy refuses them. What allauth reads is data: it has a type that no browser runs."""
    wrong = [
        (path.name, found)
        for path in TEMPLATES.rglob("*.html")
        for found in re.findall(
            r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*(?:src=|application/json))[^>]*>",
            path.read_text("utf-8"),
        )
    ]
    assert wrong == []


def test_nothing_is_loaded_from_another_host():
    texts = [
        path.read_text("utf-8") for path in [*TEMPLATES.rglob("*.html"), STATIC / "tower.css", STATIC / "tower.js"]
    ]
    assert [
        text for text in texts if re.search(r"""(?:src|href|url|action)\s*[=(]\s*["']?(?:https?:)?//""", text)
    ] == []


def test_fonts_that_the_style_names_are_there():
    named = re.findall(r'url\("(fonts/[^"]+)"\)', CSS)
    assert len(named) == 3 and all((STATIC / name).read_bytes()[:4] == b"wOF2" for name in named)


def test_a_page_says_its_language_its_policy_and_how_htmx_keeps_to_it(people: SimpleNamespace):
    page = browser(people.mila).get("/")
    html = page.content.decode()
    assert "default-src 'self'" in page.headers["Content-Security-Policy"].split("; ")
    assert '<html lang="en">' in html
    assert '"includeIndicatorStyles":false,"allowEval":false' in html
    assert html.index('class="skip" href="#main"') < html.index("<header") < html.index('id="main"')


def test_findings_of_a_form_stand_on_top_take_the_focus_and_lead_to_the_field(people: SimpleNamespace):
    html = browser(people.ravi).post("/people/invite/", {"name": "Tom", "once": "1" * 32}).content.decode()
    top = html[html.index('class="errors"') :]
    assert 'role="alert" tabindex="-1" autofocus' in top
    assert 'href="#id_reason"' in top and 'id="id_reason"' in top and 'id="id_reason_error"' in top
    assert 'value="Tom"' in top


def test_every_table_scrolls_inside_itself_and_is_named():
    for path in TEMPLATES.rglob("*.html"):
        html = path.read_text("utf-8")
        opened = re.findall(
            r'<div class="scroll[^"]*" role="region" tabindex="0" aria-labelledby="([^"]+)">\s*<table>\s*<caption id="([^"]+)">',
            html,
        )
        assert len(opened) == html.count("<table"), path
        assert all(label == caption for label, caption in opened), path


def test_signs_stand_beside_colours():
    """A tone is never told by its colour alone: each place that uses one has a sign or words."""
    toned = {
        (path, tone)
        for path, tone in product(TEMPLATES.rglob("*.html"), ("short", "watch", "enough"))
        if f'class="{tone}"' in path.read_text("utf-8")
    }
    assert [one for one in toned if "sign" not in one[0].read_text("utf-8")] == []
