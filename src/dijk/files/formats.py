"""Number formats of a workbook: what a person sees of the number that a cell stores."""

import re
from dataclasses import dataclass

BUILT_IN_MONTH = 17
BUILT_IN_DATES = {14, 15, 16, 22, *range(27, 37), *range(50, 59)}
BUILT_IN_TIMES = {18, 19, 20, 21, 22, 45, 46, 47}
BUILT_IN_PERCENT = {9, 10}

TOKENS = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<single>.)|\[\$(?P<money>[^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.|(?P<bare>.)')
"""The pieces of a number format: a text in quotes, one sign behind a backslash, a currency; the rest is fill."""

DIGITS = "0#?.,"
CURRENCIES = "€$£¥"


@dataclass(frozen=True)
class Style:
    """How a cell shows its number: as a ``kind`` of day ("date", "month", "moment"), as per cent, with so many digits
    at least, or with words before and after it.
    """

    kind: str = ""
    percent: bool = False
    zeros: int = 0
    before: str = ""
    after: str = ""

    def shown(self, number: str) -> str:
        """A number with the words and the sign that stand beside it."""
        return f"{self.before}{number}{'%' if self.percent else ''}{self.after}"

    @property
    def says_more(self) -> bool:
        """Whether more than the number is seen."""
        return self.percent or bool(self.before or self.after)


def shows(number: int, code: str | None) -> Style:
    """What a number format shows; ``number`` is its own where it has no code."""
    if code is None:
        return Style("month" if number == BUILT_IN_MONTH else built_in_day(number), number in BUILT_IN_PERCENT)
    section = first_section(code)
    bare = "".join(match["bare"] or "" for match in TOKENS.finditer(section)).casefold()
    if kind := kind_of_day(bare.replace("general", "0"), code.casefold()):
        return Style(kind)
    before, after = words_beside(section.replace("General", "0"))
    zeros = len(bare) if re.fullmatch(r"0{2,}", bare) else 0
    return Style(percent="%" in bare, zeros=zeros, before=before, after=after)


def built_in_day(number: int) -> str:
    """The kind of day of a format that has a number only."""
    return "moment" if number in BUILT_IN_TIMES else "date" if number in BUILT_IN_DATES else ""


def kind_of_day(bare: str, code: str) -> str:
    """Which kind of day a format without its texts shows; nothing where it shows a number."""
    if re.search(r"[hs]", bare) or re.search(r"\[(h+|m+|s+)\]", code):
        return "moment"
    if not re.search(r"[dmy]", bare):
        return ""
    return "month" if "m" in bare and "d" not in bare else "date"


def first_section(code: str) -> str:
    """The part of a format for numbers above zero."""
    inside = False
    for place, sign in enumerate(code):
        inside ^= sign == '"'
        if sign == ";" and not inside and code[place - 1 : place] != "\\":
            return code[:place]
    return code


def words_beside(section: str) -> tuple[str, str]:
    """What a format sets before and after a number, where it says something: letters, or a currency.

    Thousands that are cut off for show (a comma behind the digits) are whole in the cell, so their word says nothing.
    """
    before, after, digits = "", "", ""
    for match in TOKENS.finditer(section):
        bare = match["bare"] or ""
        words = match["quoted"] or match["single"] or match["money"] or (bare if bare in (*CURRENCIES, " ") else "")
        digits += bare if bare in DIGITS else ""
        before, after = (before, after + words) if digits else (before + words, after)
    scaled = digits.endswith(",")
    return ("" if scaled or not telling(before) else before), ("" if scaled or not telling(after) else after)


def telling(words: str) -> bool:
    """Whether words beside a number say something of it."""
    return any(sign.isalpha() or sign in (*CURRENCIES, "%") for sign in words)
