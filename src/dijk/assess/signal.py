"""What other sectors may expect of a need: what the policy and the verdict in force say, on which its text rests."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import polars as pl

from dijk.assess.regime import VERDICT_REGIME
from dijk.policy import Policy
from dijk.policy.of_need import of_need


@dataclass(frozen=True)
class PartSetApart:
    """A fence in force by what it does: for a sector, group of sectors or all, in a region or all."""

    kind: str
    sector: str
    region: str
    share: float


@dataclass(frozen=True)
class Ground:
    """What holds of a need: the regime by the verdict, else as computed, None where no plan has one; the verdict, None
    where none holds; and the fences, by kind, sector, region and share.
    """

    regime: str | None
    verdict: str | None
    fences: tuple[PartSetApart, ...]

    @property
    def text(self) -> str:
        """As a row of ``policy_text`` keeps it; the same ground is the same text."""
        parts = [[one.kind, one.sector, one.region, one.share] for one in self.fences]
        return json.dumps({"regime": self.regime, "verdict": self.verdict, "fences": parts}, ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """From `text`; None where it is something else, as a person may have typed in a file."""
        try:
            said = json.loads(text)
            parts = [
                (str(kind), str(sector), str(region), float(share)) for kind, sector, region, share in said["fences"]
            ]
            return cls(said["regime"], said["verdict"], tuple(PartSetApart(*part) for part in parts))
        except (ValueError, KeyError, TypeError):
            return None


def ground_of(policy: Policy, computed: Mapping[str, str], *, need: str, day: dt.date) -> Ground:
    """What holds of a need on a day.

    Parameters
    ----------
    computed
        By need the regime that the last published plan computed.

    Examples
    --------
    >>> ground_of(Policy.of({}), {"gown": "scarce"}, need="gown", day=dt.date(2020, 4, 27)).text
    '{"regime": "scarce", "verdict": null, "fences": []}'
    """
    verdict = next(iter(policy.in_force("verdict", day).filter(pl.col("need") == need)["verdict"]), None)
    fences = of_need(policy.in_force("fence", day), need, "fence")
    parts = fences.select(pl.col("kind").cast(pl.String), "sector", "region", "share").unique().sort(pl.all())
    return Ground(
        VERDICT_REGIME[verdict] if verdict else computed.get(need),
        verdict,
        tuple(PartSetApart(*row) for row in parts.iter_rows()),
    )
