"""Forms of many lines, one per article, need or driver: what was typed is read as in files, judged per line, and kept
as typed. Packs and pieces are chosen per line, with the pack that the person saw.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import dataframely as dy
import polars as pl
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dijk.check.codes import CODES
from dijk.files.amount import kind_words, unit_words
from dijk.files.numbers import read_numbers
from dijk.tables.columns import REASONS, Choices

GIVEN_REASONS = ("not_counted", "refused", "not_applicable")
"""Reasons that a person may give; the others follow from what was asked and when."""

PACKS, PIECES = "packs", "pieces"
"""Values of the choice of a unit, as the script of the page knows them."""


@dataclass
class Line:
    """One line of a form: what it is about, what was last said of it, and what was typed.

    Attributes
    ----------
    each
        Pieces in a pack; None where only pieces can be meant.
    per_day
        Units a day are told, and not pieces.
    typed, unit, reason
        As sent: text, packs or pieces, and the reason that was ticked.
    value, why_none
        What was read, in pieces or units; None where there is none, and then why, whether it was ticked or typed.
    problems, notes
        What stops the form, and what a person should know.
    """

    key: str
    name: str
    place: str = ""
    each: int | None = None
    per_day: bool = False
    last: str = ""
    last_day: object = None
    asides: list[str] = field(default_factory=list)
    about: dict[str, object] = field(default_factory=dict)
    typed: str = ""
    unit: str = PIECES
    reason: str = ""
    value: float | None = None
    why_none: str = ""
    how: str = "counted"
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_filled(self) -> bool:
        """Whether something was said of it."""
        return bool(self.typed or self.reason)

    def value_of(self, column: str) -> dict[str, Any]:
        """What a row says of it: the value or why there is none, and how that is known."""
        return {column: self.value, "reason": self.why_none or None, "how": self.how}

    @property
    def in_words(self) -> str:
        """The amount both ways, so that packs and pieces never swap places: 12 boxes of 50 = 600 pieces."""
        if self.why_none:
            return _("unknown: {reason}").format(reason=reason_in_words(self.why_none))
        if self.value is None:
            return ""
        if self.per_day:
            return _("{units} a day").format(units=shown(self.value))
        return amount_in_words(self.value, self.each)


def amount_in_words(value: float, each: int | None) -> str:
    """Pieces, and packs where they are whole."""
    pieces = shown(value)
    if not value or not each or each == 1 or value % each:
        return _("{pieces} pieces").format(pieces=pieces)
    one, many = _("{packs} box of {each} = {pieces} pieces"), _("{packs} boxes of {each} = {pieces} pieces")
    return (one if value == each else many).format(packs=shown(value // each), each=shown(each), pieces=pieces)


def told_in_words(row: Mapping[str, Any], each: int | None) -> str:
    """The pieces of a row, or why it has none."""
    return reason_in_words(row["reason"]) if row["pieces"] is None else amount_in_words(row["pieces"], each)


def shown(value: float) -> str:
    """A number as the language writes it."""
    places = 0 if float(value).is_integer() else 2
    return str(number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True))


def choice_in_words(choices: Choices, code: str) -> str:
    """A word of a closed list, in the language of the page."""
    dutch = choices[code]
    first = dutch if isinstance(dutch, str) else dutch[0]
    return first if get_language() == "nl" else code.replace("_", " ")


def reason_in_words(reason: str) -> str:
    """Why there is no value, in the language of the page."""
    return choice_in_words(REASONS, reason)


def finding(code: str, **words: object) -> str:
    """What was wanted, by the code that files use for it, in the language of the page."""
    one, at = CODES[code], 1 if get_language() == "nl" else 0
    said = {name: word[at] if isinstance(word, tuple) else word for name, word in words.items()}
    title, text = (one.titel, one.nl) if at else (one.title, one.en)
    return f"{title}. {text.format(**said)}"


def keys_of(sent: Mapping[str, str]) -> list[str]:
    """The keys of the lines that were sent."""
    return [name.partition(":")[2] for name in sent if name.startswith("amount:")]


def fill(lines: Iterable[Line], sent: Mapping[str, str]) -> list[str]:
    """Put what was sent in its lines; what was typed on a line that is no longer there is given back."""
    there = {line.key: line for line in lines}
    for key, line in there.items():
        line.typed = sent.get(f"amount:{key}", "").strip()
        line.unit = sent.get(f"unit:{key}", PIECES)
        line.reason = sent.get(f"reason:{key}", "")
    typed = {key: sent[f"amount:{key}"] for key in keys_of(sent)}
    return [f"{key}: {text}" for key, text in typed.items() if text.strip() and key not in there]


def read(lines: list[Line], sent: Mapping[str, str], column: dy.Column) -> None:
    """Read what was typed as in files, all lines as one column, and judge each."""
    whole = column.dtype.is_integer()
    texts = pl.Series("text", [line.typed or None for line in lines], dtype=pl.String)
    numbers = read_numbers(texts, None, whole=whole, point=None)
    odd = {row["index"]: row for row in numbers.odd.to_dicts()}
    for at, (line, value) in enumerate(zip(lines, numbers.value.to_list(), strict=True)):
        if line.typed:
            line.value = value
            read_odd(line, odd.get(at), column)
        if line.reason and line.reason not in GIVEN_REASONS:
            line.problems.append(_("Choose one of the reasons."))
        if line.value is not None and line.reason:
            line.problems.append(finding("NUM-21"))
        line.why_none = line.reason or line.why_none
        if line.value is not None:
            turn_packs(line, sent.get(f"each:{line.key}", ""))
            hold(line, column)


def read_odd(line: Line, odd: dict[str, object] | None, column: dy.Column) -> None:
    """A text that is more or less than a plain number: what was understood, or what was wanted."""
    if odd is None:
        return
    reading = shown(line.value) if line.value is not None else ""
    match odd["state"]:
        case "none":
            line.why_none = str(odd["reason"])
        case "doubt":
            line.notes.append(finding("NUM-06", reading=reading))
        case "mixed":
            line.notes.append(finding("NUM-07", reading=reading))
        case "rough":
            line.how = "estimated"
            line.notes.append(finding("NUM-08", reading=reading))
    if odd["state"] == "unreadable":
        line.problems.append(finding("NUM-03", meaning=(column.description, (column.metadata or {})["nl_note"])))
    elif odd["unit"] == "pack" and line.each:
        line.unit = PACKS
    elif odd["unit"] not in (None, "piece"):
        line.problems.append(finding("NUM-19", unit=unit_words(column)))


def turn_packs(line: Line, each: str) -> None:
    """Packs into pieces, by the pack that stood on the page; another pack in the register since then is said."""
    if line.unit != PACKS or line.value is None:
        return
    if not line.each or each != str(line.each):
        size = shown(line.each) if line.each else _("unknown")
        line.problems.append(_("The pack changed since the page was opened; it now holds: {size}.").format(size=size))
        line.value = None
        return
    line.value *= line.each


def hold(line: Line, column: dy.Column) -> None:
    """A number held against the limits of its column; a form asks for another where a file is capped."""
    whole = column.dtype.is_integer()
    value = line.value
    if value is None:
        return
    if whole and abs(value - round(value)) > 1e-6:
        line.problems.append(finding("NUM-02", unit=unit_words(column)))
    elif column.min is not None and value < column.min:
        line.problems.append(finding("NUM-01", kind=kind_words(whole), least=shown(column.min)))
    elif column.max is not None and value > column.max:
        line.problems.append(finding("NUM-05", kind=kind_words(whole), most=shown(column.max), hint=""))
    elif whole:
        line.value = round(value)


def doubts_in_words(findings: pl.DataFrame) -> list[str]:
    """Errors and warnings of the checks as sentences in the language of the page."""
    dutch = get_language() == "nl"
    said = []
    for row in findings.filter(pl.col("severity").is_in(["error", "warning"])).to_dicts():
        title = CODES[row["code"]].titel if dutch else CODES[row["code"]].title
        wanted = row["wanted_nl" if dutch else "wanted_en"]
        said.append(_("{title}: {found}. Wanted: {wanted}").format(title=title, found=row["found"], wanted=wanted))
    return said
