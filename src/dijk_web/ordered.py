"""Orders as pages read them: the rows that were told as they are known now, and what the core makes of them. They are
read anew once something was told of an order or a register, or somebody judged, and on another day.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property, lru_cache

import polars as pl

from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk_web.models import TOLD, Inbound
from dijk_web.of_site import JUDGED, REGISTERS, as_frame, moment, policy_now, registers_now, seal_of_last


@dataclass(frozen=True)
class Ordered:
    """All order lines, with the registers and judgements that they are read by; ``told`` is every row ever told."""

    world: Inputs
    policy: Policy
    told: pl.DataFrame

    @cached_property
    def coming(self) -> pl.DataFrame:
        """The lines of which something is still to come, with the days learnt and how they slipped."""
        from dijk.assess.arrivals import learnt_days  # the core loads slowly, and most pages need none of it
        from dijk.present.inbound import coming, slips

        lines = learnt_days(self.world, self.policy, coming(self.world, self.policy))
        return lines.join(slips(self.told), on=["order", "line"], how="left", maintain_order="left")

    @cached_property
    def bought(self) -> pl.DataFrame:
        """All lines with their money and the price before, the newest order first."""
        from dijk.account import bought_since

        return bought_since(self.world, self.policy, None).sort("day", "order", "line", descending=[True, False, False])


def ordered_now() -> Ordered:
    """What is ordered, as known now."""
    seal = seal_of_last(TOLD[name].objects.order_by("-id") for name in ("inbound", *JUDGED, *REGISTERS))
    return _ordered(moment().date(), seal)


@lru_cache(maxsize=2)
def _ordered(day: dt.date, seal: str | None) -> Ordered:
    """As `ordered_now`; the arguments say what it rests on."""
    told = as_frame("inbound", Inbound.objects.all())
    world = Inputs.of({"inbound": told, **registers_now()}, as_of=moment()).known()
    return Ordered(world, policy_now(), told)
