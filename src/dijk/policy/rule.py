"""What a rule of the policy is: what it means, its limits, where it starts and on what it may be set."""

from dataclasses import dataclass

from dijk.tables.columns import known_unit


@dataclass(frozen=True)
class Rule:
    """A number or word that officials choose: its unit, limits and meaning, and where it starts from.

    The unit is one of ``dijk.tables.columns.UNITS``; another raises a ``ValueError``.
    The starting value is data, not law: a dataset without the rule gets the row of ``starter_rules``, and every report
    says so.
    """

    unit: str
    least: float
    most: float
    start: float | str
    en: str
    nl: str
    source: str = "assumed"
    words: tuple[str, ...] = ()  # those it takes, where it takes a word
    per: tuple[str, ...] = ()  # the axes on which it may be set; every step that reads the rule honours them all

    def __post_init__(self) -> None:
        """Refuse a unit that dijk does not know."""
        known_unit(self.unit)

    @property
    def is_word(self) -> bool:
        """Whether the rule takes a word instead of a number."""
        return isinstance(self.start, str)


PER_NEED, PER_NEED_AND_SECTOR = ("need",), ("need", "sector")


EVERYWHERE = ("need", "sector", "region")
