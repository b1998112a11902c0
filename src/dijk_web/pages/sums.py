"""Sums in words: what is known of them, and of how many lines nothing is."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dijk_web.pages.inbound import euros
from dijk_web.pages.lines import shown

SMALL = 10
"""Below it a weight or a volume is told with its decimals."""


def rounded(value: float) -> str:
    """A measure as one reads it: whole, and with two decimals where it is small."""
    return shown(round(value) if value >= SMALL else round(value, 2))


def packs(value: float) -> str:
    """Boxes."""
    return shown(value)


def kilograms(value: float) -> str:
    """A weight."""
    return f"{rounded(value)}\N{NO-BREAK SPACE}kg"


def cubic(value: float) -> str:
    """A volume."""
    return f"{rounded(value)}\N{NO-BREAK SPACE}m³"


def signed_euros(cents: int | None) -> str:
    """A difference of money, with its sign."""
    if cents is None:
        return ""
    sign = "+" if cents > 0 else "\N{MINUS SIGN}" if cents < 0 else ""
    return f"{sign}{euros(abs(cents))}"


def at_least(told: str, unknown: int) -> tuple[str, str]:
    """A sum in words, and below it how many lines it leaves out; ``told`` is empty where nothing is known. Never does a
    line without a figure count as 0.
    """
    if not unknown:
        return told, ""
    left = ngettext("{count} line unknown", "{count} lines unknown", unknown).format(count=shown(unknown))
    return (_("at least {sum}").format(sum=told), left) if told else (_("unknown"), left)


def without(told: str, unknown: int) -> tuple[str, str]:
    """A difference in words, which may go both ways, and below it how many lines it leaves out."""
    words, left = at_least(told, unknown)
    return (told or words), left
