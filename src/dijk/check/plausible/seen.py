"""What the checks of meaning look at: the tables of a world and its policy, with the registers beside their rows."""

from dataclasses import dataclass, fields
from functools import cached_property

import polars as pl

from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.tables import INPUTS, POLICY

OF_SITE = ("organisation", "kind", "sector", "region", "size", "size_unit")
OF_PRODUCT = ("pieces_per_pack", "shelf_life_days")
SERVED, OF_NEED, USUAL_STAGE = ("need",), ("family",), "conventional"


@dataclass(frozen=True)
class Seen:
    """A world and its policy: as known at a moment, or with every row ever told."""

    world: Inputs
    policy: Policy

    def table(self, name: str) -> pl.DataFrame:
        """The rows of a table, wherever it stands."""
        rows: pl.DataFrame = getattr(self.world if name in INPUTS else self.policy, name)
        return rows

    def beside(self, name: str, columns: tuple[str, ...], *, of: pl.DataFrame | None = None) -> pl.DataFrame:
        """The rows of a table with those of ``columns`` that only a register has; only those ``of`` these, if given."""
        rows = self.table(name)
        rows = rows if of is None else rows.join(of, on=of.columns, how="semi", maintain_order="left")
        for key, known in (("site", OF_SITE), ("product", OF_PRODUCT), ("product", SERVED), ("need", OF_NEED)):
            lacking = [column for column in columns if column in known and column not in rows.columns]
            if lacking and key in rows.columns:
                rows = rows.join(self._register(key, lacking), on=key, how="left", maintain_order="left")
        return rows

    def _register(self, key: str, columns: list[str]) -> pl.DataFrame:
        rows = self.first_need if columns == ["need"] else self.table(key)
        return rows.select(key, *columns).unique(key, keep="last", maintain_order=True)

    @cached_property
    def first_need(self) -> pl.DataFrame:
        """The need that each product was ever accepted for first: product, need."""
        rows = self.policy.acceptance.sort("product", "preference", "need")
        return rows.unique("product", keep="first", maintain_order=True).select("product", "need")

    @cached_property
    def norm_use(self) -> pl.DataFrame:
        """Pieces a day by norm and middle activity, roughly, to hold other figures against: site, need, norm_use.

        It is no figure of the plan: ``dijk.present.norm_use`` reckons that one, and comes later.
        """
        norm = self.policy.in_force("norm", self.world.today).filter(pl.col("reuse_stage") == USUAL_STAGE)
        same = ["site", "driver", "risk_class"]
        units = self.world.activity.drop_nulls("units").group_by(same).agg(pl.col("units").median())
        placed = units.join(self.world.site.select("site", "sector"), on="site")
        pieces = pl.col("mid") * pl.col("coverage") * pl.col("units")
        rows = (
            placed.join(norm, on=["sector", "driver", "risk_class"]).group_by("site", "need").agg(norm_use=pieces.sum())
        )
        return rows.filter(pl.col("norm_use") > 0)

    @cached_property
    def counts(self) -> pl.DataFrame:
        """What a site had of a need at its counts, of any status: site, need, day, had; unknown is left out."""
        rows = self.beside("stock", ("need",)).drop_nulls(["pieces", "need"])
        return rows.group_by("site", "need", "day").agg(had=pl.col("pieces").sum()).sort("site", "need", "day")


def whole(inputs: Inputs, policy: Policy) -> Seen:
    """Every row known at the moment of the inputs, those that no longer count too."""
    told = {
        field.name: table.filter(pl.col("known_at") <= inputs.as_of)
        for source in (inputs, policy)
        for field in fields(source)
        if field.name in INPUTS | POLICY and "known_at" in (table := getattr(source, field.name)).columns
    }
    return Seen(Inputs.of(inputs.tables() | told, as_of=inputs.as_of), Policy.of(told))
