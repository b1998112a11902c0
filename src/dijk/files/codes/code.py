"""What a code stands for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """How grave a finding is, its name in English and Dutch, and what was wanted in both: what to do about it."""

    severity: str
    title: str
    titel: str
    en: str
    nl: str
