"""The input of planning: registers, facts and earlier results, with the moment from which they are seen."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

import polars as pl

from dijk.known import as_known, superseded, withdrawn
from dijk.tables import INPUTS, PUBLISHED, empty

KEPT_APART = {"told_indicator": "indicator", "withdrawn_stock": "stock", "confirmed_site": "site"}
"""Tables of what was said before, which only a run keeps, with the table that they are rows of."""


CONFIRMED = pl.col("size_confirmed_by").is_in(["register", "region"]).fill_null(False)
"""Sites of which another than the applicant vouches for the size."""

OWN_WORD = pl.col("size_confirmed_by") == "applicant"
"""Sites of which only the applicant vouches for the size."""


@dataclass(frozen=True)
class Inputs:
    """Every input table, as ever told; ``known`` gives the world as it was known at ``as_of``."""

    as_of: dt.datetime
    organisation: pl.DataFrame
    site: pl.DataFrame
    region: pl.DataFrame
    region_share: pl.DataFrame
    sector: pl.DataFrame
    risk_class: pl.DataFrame
    need: pl.DataFrame
    product: pl.DataFrame
    driver: pl.DataFrame
    asked: pl.DataFrame
    indicator: pl.DataFrame
    activity: pl.DataFrame
    use: pl.DataFrame
    stock: pl.DataFrame
    request: pl.DataFrame
    delivery: pl.DataFrame
    inbound: pl.DataFrame
    external_figure: pl.DataFrame
    past_regime: pl.DataFrame
    past_situation: pl.DataFrame
    past_level: pl.DataFrame
    past_award: pl.DataFrame
    past_demand: pl.DataFrame
    past_driver_forecast: pl.DataFrame
    told_indicator: pl.DataFrame
    """What was said of an indicator before a later row replaced it: a source's habit of correcting itself is learnt
    from it.
    """
    withdrawn_stock: pl.DataFrame
    """Counts that a later row lowered or took away: what a site once told of its stock still weighs in a division."""
    confirmed_site: pl.DataFrame
    """Rows of the register that another than the applicant confirmed, before a later row replaced them."""

    @classmethod
    def of(cls, tables: Mapping[str, pl.DataFrame], *, as_of: dt.datetime) -> Self:
        """From tables by name; a table that is absent is empty, others are left aside."""
        given = {name: tables[name] if name in tables else empty(name) for name in INPUTS | PUBLISHED}
        given |= {name: tables.get(name, empty(of)) for name, of in KEPT_APART.items()}
        return cls(as_of=as_of, **given)

    @property
    def today(self) -> dt.date:
        """The day of ``as_of``, in UTC."""
        return self.as_of.date()

    def known(self) -> Self:
        """What was known at ``as_of``: of each key the latest row, without what was retracted; of stock also what was
        told before.

        Earlier results keep all their rows: each run has its own ``known_at``, and only those before ``as_of`` count.

        Examples
        --------
        The example country (see `dijk.example`) as it was known two weeks earlier, in rows of stock:

        >>> early = Inputs.of(tables, as_of=dt.datetime(2020, 4, 13, tzinfo=dt.UTC)).known()
        >>> early.today, early.stock.height, now.world.stock.height
        (datetime.date(2020, 4, 13), 1878, 5111)
        """
        facts = {name: as_known(getattr(self, name), schema, self.as_of) for name, schema in INPUTS.items()}
        past = {name: getattr(self, name).filter(pl.col("known_at") < self.as_of) for name in PUBLISHED}
        before = [
            self.told_indicator.filter(pl.col("known_at") <= self.as_of),
            superseded(self.indicator, facts["indicator"], INPUTS["indicator"], self.as_of),
        ]
        past |= {"told_indicator": pl.concat(before)}
        told = pl.concat([self.withdrawn_stock, withdrawn(self.stock, facts["stock"], INPUTS["stock"], self.as_of)])
        sites = superseded(self.site, facts["site"], INPUTS["site"], self.as_of)
        sure = pl.concat([self.confirmed_site, sites.filter(CONFIRMED)])
        return type(self).of(facts | past | {"withdrawn_stock": told, "confirmed_site": sure}, as_of=self.as_of)

    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "as_of"}
