"""Slips of a unit: factors by which a number is off where someone meant another unit."""

import math

NEAR = 0.12
"""How near the factor must be, as a logarithm: within an eighth. Assumed: data have noise of their own."""

SLIPS: dict[float, tuple[str, str]] = {
    2: ("pairs or singles", "paren of losse stuks"),
    7: ("per week or per day", "per week of per dag"),
    10: ("a digit too many or too few", "een cijfer te veel of te weinig"),
    12: ("dozens, or per year or per month", "dozijnen, of per jaar of per maand"),
    24: ("per hour or per day", "per uur of per dag"),
    30: ("per month or per day", "per maand of per dag"),
    52: ("per year or per week", "per jaar of per week"),
    100: ("cents or euros, or percent", "centen of euro's, of procenten"),
    365: ("per year or per day", "per jaar of per dag"),
    1000: ("thousands, or grams or millilitres", "duizendtallen, of grammen of milliliters"),
    1_000_000: ("millions", "miljoenen"),
}
"""Factor and the units that may have been mistaken for each other, in English and Dutch."""

PACKS = ("packs or pieces", "verpakkingen of stuks")


def slip(times: float, pack: int | None = None) -> tuple[str, str]:
    """The slip of a unit that a factor looks like, as the end of a sentence; empty where it looks like none.

    >>> slip(0.0101)
    (': cents or euros, or percent?', ": centen of euro's, of procenten?")
    """
    known = SLIPS | ({float(pack): PACKS} if pack and pack > 1 else {})
    off = {factor: abs(abs(math.log(times)) - math.log(factor)) for factor in known}
    nearest = min(off, key=lambda factor: (round(off[factor], 6), known[factor] is not PACKS))
    if off[nearest] > NEAR:
        return "", ""
    en, nl = known[nearest]
    return f": {en}?", f": {nl}?"
