"""The time of day behind a day: 22:00Z, 12:00+02:00, 3:30 PM, 10.15 uur; what cannot be read is refused, never passed
over.
"""

import re

import polars as pl

BEFORE = r"(?P<day>.*?\d{2,4})[ T,]+(?:om |at )?(?P<h>\d{1,2})"
CLOCK = re.compile(BEFORE + r"[:.hu](?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?\s*(?P<behind>.*)", re.IGNORECASE)
HOUR = re.compile(
    BEFORE + r"(?P<m>)(?P<s>)\s*(?P<behind>(?:uur|u|h|hrs|hours|[ap]m|[ap]\.m\.)(?![a-z]).*)", re.IGNORECASE
)
"""A day with a clock behind it, in hours and minutes or in hours that are called so: 14 uur, 2 pm."""

HOURS = {"am": 0, "pm": 12, "a.m.": 0, "p.m.": 12, "a": 0, "p": 12}
"""What stands behind a clock of twelve hours, and what it adds."""

HOUR_WORDS = ("uur", "u", "h", "hrs", "hours")
ZONES = {"z": 0, "utc": 0, "gmt": 0, "cet": 60, "met": 60, "cest": 120, "mest": 120}
"""Zones by name, in minutes before UTC."""

OFFSET = re.compile(r"(?:utc|gmt)?\s*(?P<sign>[-+−])(?P<h>\d{1,2}):?(?P<m>\d{2})?")
ASIDE = re.compile(r"\s*(?:\([^)]*\)|\[[^\]]*\])$")
"""A zone said once more, in brackets."""

SPLIT = {"text": pl.String, "day_text": pl.String, "seconds": pl.Int64, "ahead": pl.Int64}


def split_clocks(text: pl.Series) -> pl.DataFrame:
    """Of each cell the day as written, ``seconds`` since its midnight, and how many minutes its zone is ahead of UTC.

    Without a time both are null, without a zone the last. A time that cannot be read leaves the day null.
    """
    known = pl.DataFrame([(one, *split(one)) for one in text.unique().drop_nulls()], schema=SPLIT, orient="row")
    return pl.DataFrame({"text": text}).join(known, on="text", how="left", maintain_order="left")


def split(text: str) -> tuple[str | None, int | None, int | None]:
    """One cell: its day as written, its seconds, its zone."""
    words = " ".join(text.split())
    match = CLOCK.fullmatch(words) or HOUR.fullmatch(words)
    if match is None:
        return words, None, None
    half, behind = taken(ASIDE.sub("", match["behind"].casefold()).strip(), HOURS)
    if half is None:
        behind = taken(behind, dict.fromkeys(HOUR_WORDS, 0))[1]
    ahead, left = zone_of(behind)
    seconds = seconds_of(int(match["h"]), int(match["m"] or 0), int(match["s"] or 0), half)
    return (None, None, None) if left or seconds is None else (match["day"].rstrip(" ,"), seconds, ahead)


def taken(text: str, words: dict[str, int]) -> tuple[int | None, str]:
    """The value of the word with which a text begins, and the text without it."""
    for word in sorted(words, key=len, reverse=True):
        if text.startswith(word) and not text[len(word) :][:1].isalpha():
            return words[word], text[len(word) :].strip()
    return None, text


def zone_of(behind: str) -> tuple[int | None, str]:
    """Minutes ahead of UTC, and what is left that is no zone."""
    if not behind:
        return None, ""
    if match := OFFSET.fullmatch(behind):
        minutes = int(match["h"]) * 60 + int(match["m"] or 0)
        return (minutes if match["sign"] == "+" else -minutes), ""
    return ZONES.get(behind), "" if behind in ZONES else behind


def seconds_of(hour: int, minute: int, second: int, half: int | None) -> int | None:
    """Seconds since midnight; null where a clock does not show it. 12 AM is midnight, 22:00 PM is 22:00."""
    if half is not None:
        hour = hour if hour > 12 and half else hour % 12 + half if 0 < hour <= 12 else 99 if hour or half else 0
    shown = hour < 24 and minute < 60 and second < 60
    return hour * 3600 + minute * 60 + second if shown or (hour, minute, second) == (24, 0, 0) else None
