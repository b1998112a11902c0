"""Divisions as they stand: what a run gives each site, what the regions moved of it, and what may be released."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import polars as pl
from django.db.models import Max, QuerySet

from dijk.allocate.adjust import CHANGE, Adjusted, adjust
from dijk.allocate.claims import CLAIM
from dijk_web import store
from dijk_web.models import Decision, Division, Move, PastAward, Proposal, RegionCheck, Run, Site
from dijk_web.models import proposal as kinds
from dijk_web.models.proposal import OPEN
from dijk_web.of_site import as_frame

CHECKED = "regional_check"
"""The way of an award that its region checks first."""


def released_divisions() -> QuerySet[Division]:
    """The divisions that were released, the newest first."""
    done = Proposal.objects.filter(kind=kinds.DIVISION, state=Decision.APPROVED)
    return Division.objects.filter(act__in=done.values("act"))


def released_run(number: int | None = None) -> Run | None:
    """The run of the last division that was released, or the run with this number if its division was."""
    divisions = released_divisions()
    last = (divisions if number is None else divisions.filter(run=number)).first()
    return None if last is None else Run.objects.get(act=last.run)


def is_divided(run: Run) -> bool:
    """Whether a division of a run waits or was released; one that ended otherwise may be proposed anew."""
    ways = [Decision.PROPOSED, Decision.APPROVED]
    return Proposal.objects.filter(kind=kinds.DIVISION, about=f"run:{run.act}", state__in=ways).exists()


def open_division() -> Division | None:
    """The division that the regions are checking, or that waits for its release."""
    waits = Proposal.objects.filter(OPEN, kind=kinds.DIVISION)
    return Division.objects.filter(act__in=waits.values("act")).first()


def is_open(division: Division) -> bool:
    """Whether it may still be checked and released."""
    return Proposal.objects.open().filter(act=division.act).exists()


def checks_of(division: Division) -> QuerySet[RegionCheck]:
    """The regions that have something to check in it, by code."""
    return RegionCheck.objects.filter(division=division.act)


@dataclass(frozen=True)
class Part:
    """What a run gives the sites of a region, or of all; of one need, or of all. Read where it is asked for."""

    code: str
    region: str | None = None
    need: str | None = None

    @classmethod
    def of(cls, division: Division, region: str | None = None, need: str | None = None) -> "Part":
        """The part of the run that a division was proposed from."""
        return cls(str(Run.objects.get(act=division.run).code), region, need)

    @cached_property
    def award(self) -> pl.DataFrame:
        """Table ``Award``."""
        return store.table(self.code, "award", region=self.region, need=self.need)

    @cached_property
    def claim(self) -> pl.DataFrame:
        """Table ``Claim``."""
        return store.table(self.code, "claim", region=self.region, need=self.need)

    @cached_property
    def award_line(self) -> pl.DataFrame:
        """Table ``AwardLine``."""
        sites = None if self.region is None else self.claim["site"].unique().to_list()
        return store.table(self.code, "award_line", site=sites, need=self.need)

    def with_changes(self, changes: pl.DataFrame) -> Adjusted:
        """The part with some packs moved; see `dijk.allocate.adjust.adjust`."""
        return adjust(self.award, changes, claim=self.claim, award_line=self.award_line)

    def to_check(self) -> pl.DataFrame:
        """The awards that go past their region."""
        return self.award.filter(pl.col("route") == CHECKED)


def moves_of(division: Division, region: str | None = None, need: str | None = None) -> pl.DataFrame:
    """What the regions moved, the last of each claim: columns of ``CHANGE``."""
    wanted = {name: value for name, value in (("region", region), ("need", need)) if value is not None}
    rows = Move.objects.filter(division=division.act, **wanted).order_by("pk").values_list(*CHANGE)
    told = pl.DataFrame(list(rows), schema=CHANGE, orient="row")
    return told.unique([*CLAIM], keep="last", maintain_order=True)


def merged(before: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Moves with new ones in place of those of the same claim."""
    return pl.concat([before, new.select(before.columns)]).unique([*CLAIM], keep="last", maintain_order=True)


def as_moved(division: Division, region: str | None = None, need: str | None = None) -> Adjusted:
    """The division with all that the regions moved in it; the stored one is never changed."""
    part = Part.of(division, region, need)
    return part.with_changes(moves_of(division, region, need))


def last_move(division: Division, region: str, need: str | None = None) -> int:
    """The act that last moved packs in a region, of a need or of any; the division's own where none did."""
    wanted = {} if need is None else {"need": need}
    moved = Move.objects.filter(division=division.act, region=region, **wanted).aggregate(last=Max("act"))["last"]
    return int(moved or division.act)


def going(division: Division, award: pl.DataFrame) -> pl.DataFrame:
    """The awards that go out at its release: the direct ones, and those of regions that accept or whose silence means
    so.
    """
    return award.filter((pl.col("route") != CHECKED) | pl.col("region").is_in([*_that_go(checks_of(division))]))


def _that_go(checks: Iterable[RegionCheck]) -> list[str]:
    return [one.region for one in checks if one.goes]


# What its sites may know of it


@dataclass(frozen=True)
class Told:
    """What those who receive may know of a run: nothing before its release, and from then on what was released.

    Attributes
    ----------
    award, award_line
        Tables ``Award`` and ``AwardLine`` of some sites, with what the region moved.
    held_back
        Needs of these sites of which their region's part was not released: they are divided anew.
    """

    award: pl.DataFrame
    award_line: pl.DataFrame
    held_back: frozenset[str]


def awards_of(division: Division) -> QuerySet[PastAward]:
    """What was told of a division at its release."""
    return PastAward.objects.filter(act=Proposal.objects.get(act=division.act).ended_act)


def told_of(run: Run, sites: list[Site]) -> Told | None:
    """What was released of a run to some sites; None where it was not released."""
    division = released_divisions().filter(run=run.act).first()
    if division is None:
        return None
    codes, regions = [site.site for site in sites], {site.region for site in sites}
    award = as_frame("past_award", awards_of(division).filter(site__in=codes))
    lines, held_back = [], set()
    goes = _that_go(checks_of(division))
    for region in sorted(regions):
        part = Part.of(division, region)
        moved = part.with_changes(moves_of(division, region)) if region in goes else None
        of_region = (moved.award_line if moved else part.award_line).filter(pl.col("site").is_in(codes))
        held = set() if moved else set(part.to_check()["need"])
        lines.append(of_region.filter(~pl.col("need").is_in(list(held))))
        held_back |= held
    return Told(award, pl.concat(lines), frozenset(held_back))
