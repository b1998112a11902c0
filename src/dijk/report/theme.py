"""The colours and signs of the report: one neutral theme for every form. Each pair of text and ground keeps a contrast
of 4.5.
"""

from dijk.report.pages import Cell, Tone

COLOURS: dict[str, str] = {
    "ink": "#1c2b33",
    "soft": "#4d5c66",
    "paper": "#ffffff",
    "mist": "#f2f5f7",
    "line": "#c9d1d6",
    "deep": "#0b4f6c",
    "deepest": "#083b51",
    "pale": "#e6eff4",
    "short": "#7a1414",
    "short_ground": "#f9dcd8",
    "watch": "#5f3d00",
    "watch_ground": "#fcebc5",
    "enough": "#1b4a31",
    "enough_ground": "#e1f0e7",
    "unknown": "#3a474f",
    "unknown_ground": "#f4f6f7",
    "hatch": "#d5dce1",
    "interim": "#ffffff",
    "interim_ground": "#8a1c1c",
}
TEXT_ON_GROUND: tuple[tuple[str, str], ...] = (
    ("ink", "paper"),
    ("ink", "mist"),
    ("ink", "pale"),
    ("soft", "paper"),
    ("soft", "mist"),
    ("soft", "pale"),
    ("deep", "paper"),
    ("deep", "mist"),
    ("deep", "pale"),
    ("paper", "deep"),
    ("paper", "deepest"),
    ("short", "short_ground"),
    ("watch", "watch_ground"),
    ("enough", "enough_ground"),
    ("unknown", "unknown_ground"),
    ("unknown", "hatch"),
    ("interim", "interim_ground"),
)
"""Every pair of text colour and ground that a form may use."""

SIGNS: dict[str, str] = {"short": "▼", "watch": "◆", "enough": "●", "unknown": "?"}
REGIME_TONES: dict[str, Tone] = {
    "scarce": "short",
    "unknown": "unknown",
    "early_warning": "watch",
    "direct": "enough",
}


def tone(cell: Cell) -> Tone | None:
    """How a cell is coloured and signed: as judged, and a regime by what it means."""
    if cell.kind == "regime" and isinstance(cell.value, str):
        return REGIME_TONES[cell.value]
    return cell.tone


RIGHT = frozenset(
    [
        "whole",
        "pieces",
        "rounded",
        "brief",
        "signed",
        "number",
        "fine",
        "factor",
        "days",
        "share",
        "points",
        "money",
        "euros",
        "cents",
        "kg",
        "m3",
    ]
)
"""Kinds of figure that stand at the right of their column."""

PLAIN = frozenset(
    [
        "not_applicable",
        "beyond",
        "no_note",
        "open_ended",
        "no_previous",
        "no_verdict",
        "not_corrected",
        "mean_only",
        "reach_all",
        "reach_part",
        "reach_floor",
        "reach_part_of_floor",
        "reach_nothing",
    ]
)
"""Reasons that say nothing is missing: such a cell is empty and yet not unknown, so it is not hatched."""

LONG = frozenset(["text", "need", "product", "site", "curve", "indicator"])
"""Kinds of words that need room to be read."""
