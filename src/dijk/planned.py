"""What a plan says. Who only reads one needs none of the steps that make it, which take seconds to load."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

import polars as pl


@dataclass(frozen=True)
class Plan:
    """What a plan says, as tables; see `dijk.tables` for what each holds."""

    finding: pl.DataFrame
    norm_use: pl.DataFrame
    position: pl.DataFrame
    central_stock: pl.DataFrame
    driver_forecast: pl.DataFrame
    indicator_seen: pl.DataFrame
    forecast_score: pl.DataFrame
    usage_factor: pl.DataFrame
    demand: pl.DataFrame
    situation: pl.DataFrame
    warehouse_outlook: pl.DataFrame
    stock_path: pl.DataFrame
    regime: pl.DataFrame
    claim: pl.DataFrame
    award: pl.DataFrame
    award_line: pl.DataFrame
    level: pl.DataFrame
    purchase_need: pl.DataFrame
    scenario_cost: pl.DataFrame
    flow: pl.DataFrame
    drift: pl.DataFrame
    share_range: pl.DataFrame
    not_answered: pl.DataFrame

    @classmethod
    def of(cls, tables: Mapping[str, pl.DataFrame]) -> Self:
        """From tables by name."""
        return cls(**{f.name: tables[f.name] for f in fields(cls)})

    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables by name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}
