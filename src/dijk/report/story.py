"""What every chapter draws on: the known world, the rules in force, the plan, the names, and the order of the needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.report.pages import About, Cell, Column, Row, Say, Text
from dijk.report.pages import rows as plain_rows
from dijk.report.words import words
from dijk.tables import ALL
from dijk.tables.columns import choices_in_dutch
from dijk.tables.registers import GROUPS, Sector
from dijk.tables.results import PRESSING_FIRST

if TYPE_CHECKING:
    from dijk.planned import Plan

CARE_FIRST = tuple(sorted(GROUPS, key=lambda group: group != "care"))
"""The groups of sectors in the order of the report: care is the one that is easily forgotten."""
LIST_LIMIT = 60
"""A list of lines stops here; what follows is counted, and stands in the files per region or in the data."""

Names = Mapping[str, Mapping[str, Text]]


@dataclass(frozen=True)
class Story:
    """The material of a report. ``needs`` holds the listed needs, the most pressing first, ``sectors`` and ``regions``
    the columns.
    """

    world: Inputs
    rules: Policy
    plan: "Plan"
    about: About
    names: Names
    needs: tuple[str, ...]
    sectors: tuple[str, ...]
    regions: tuple[str, ...]

    def name(self, kind: str, code: str) -> Cell:
        """The name of a code, as a cell."""
        return Cell(kind, self.names[kind].get(code, Text(code, code)))

    def text(self, kind: str, code: str) -> Text:
        """The name of a code."""
        return self.names[kind].get(code, Text(code, code))

    def rule(self, name: str) -> float:
        """The value of a rule where nothing more specific is set, to be told."""
        return self.rules.usual(name, self.world.today)

    def rows(self, frame: pl.DataFrame, columns: tuple[Column, ...]) -> tuple[Row, ...]:
        """Rows of cells from a frame; codes of registers become names."""
        return tuple(tuple(self._named(cell) for cell in row) for row in plain_rows(frame, columns))

    def regimes(self, regime: str) -> list[str]:
        """The needs for which a regime holds, in order."""
        held = set(self.plan.regime.filter(pl.col("effective") == regime)["need"])
        return [need for need in self.needs if need in held]

    def ordered(self, frame: pl.DataFrame) -> pl.DataFrame:
        """A frame in the order of the needs; needs outside that order come last, by code."""
        place = pl.col("need").replace_strict(
            list(self.needs), range(len(self.needs)), default=len(self.needs), return_dtype=pl.Int64
        )
        return frame.sort(place, "need", maintain_order=True)

    def _named(self, cell: Cell) -> Cell:
        if cell.kind in self.names and isinstance(cell.value, str):
            return self.name(cell.kind, cell.value)
        return cell


def story(inputs: Inputs, policy: Policy, plan: "Plan", about: About) -> Story:
    """Collect the material; inputs and policy are cut back to what was known."""
    world, rules = inputs.known(), policy.known(inputs.as_of)
    return Story(
        world=world,
        rules=rules,
        plan=plan,
        about=about,
        names=_names(world, rules, plan),
        needs=_needs_in_order(plan),
        sectors=_sectors(world, plan),
        regions=_regions(plan),
    )


def _needs_in_order(plan: "Plan") -> tuple[str, ...]:
    nation = plan.situation.filter((pl.col("sector") == ALL) & (pl.col("region") == ALL)).select("need", "cover_days")
    rank = pl.col("effective").cast(pl.String).cast(pl.Enum(PRESSING_FIRST))
    rows = plan.regime.join(nation, on="need", how="left").sort(rank, "cover_days", "need", nulls_last=False)
    return tuple(rows["need"])


def _sectors(world: Inputs, plan: "Plan") -> tuple[str, ...]:
    seen = plan.situation["sector"].unique().implode()
    rank = pl.col("group").cast(pl.String).replace_strict(CARE_FIRST, range(len(GROUPS)), return_dtype=pl.Int8)
    rows = world.sector.filter(pl.col("sector").is_in(seen)).sort(rank, "name_nl", "sector")
    return tuple(rows["sector"])


def _regions(plan: "Plan") -> tuple[str, ...]:
    regions = plan.situation.filter(pl.col("region") != ALL)["region"].unique().sort().to_list()
    return tuple(sorted(regions, key=lambda code: (code == "unknown", code)))


def _names(world: Inputs, rules: Policy, plan: "Plan") -> Names:
    both = {kind: _both(getattr(world, kind), kind) for kind in ("need", "sector", "risk_class", "driver")}
    one = {
        kind: {code: Text(name, name) for code, name in getattr(world, kind).select(kind, "name").iter_rows()}
        for kind in ONE_NAME
    }
    series = sorted({*world.indicator["indicator"].unique(), *plan.indicator_seen["indicator"]})
    scenarios = {
        code: Text(en, nl) for code, en, nl in rules.scenario.select("scenario", "name_en", "name_nl").iter_rows()
    }
    return {
        **both,
        **one,
        "sector": both["sector"] | _group_names() | {ALL: _word("total.all")},
        "region": _region_names(one["region"]) | {ALL: _word("total.nation")},
        "curve": scenarios | {code: _word(f"curve.{code}") for code in ("low", "base", "max", "stance")},
        "indicator": {code: _indicator(code) for code in series},
    }


ONE_NAME = ("region", "site", "product", "organisation")


def _both(register: pl.DataFrame, code: str) -> dict[str, Text]:
    return {key: Text(en, nl) for key, en, nl in register.select(code, "name_en", "name_nl").iter_rows()}


def _group_names() -> dict[str, Text]:
    """Groups of sectors, as their codes and their Dutch words have them."""
    dutch = choices_in_dutch(Sector.columns()["group"])
    return {code: Text(code.replace("_", " ").capitalize(), words[0].capitalize()) for code, words in dutch.items()}


def _region_names(names: dict[str, Text]) -> dict[str, Text]:
    """Register names; the two that are words rather than names are translated."""
    return names | {code: _word(f"region.{code}") for code in ("unknown", "overseas") if code in names}


def _word(key: str) -> Text:
    return Text(*words()[key])


def _indicator(code: str) -> Text:
    return _word(f"indicator.{code}") if f"indicator.{code}" in words() else Text(code, code)


def more(count: int) -> tuple[Say, ...]:
    """The note under a list that was cut short."""
    return (Say("table.more", (("count", Cell("whole", count)),)),) if count > 0 else ()
