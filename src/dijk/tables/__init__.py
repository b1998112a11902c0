"""Every table of dijk, each column once: type, unit, limits and meaning. Validation, reference pages and templates come
from here.

``INPUTS`` are facts and registers, ``POLICY`` is what people decide, ``PUBLISHED`` are results that a later run reads
back as facts, ``RESULTS`` is all that a plan says, ``EFFECT`` is what it would say otherwise. A dataset on disk is a
folder with a file per input table, named as here.
"""

from functools import cache

import dataframely as dy
import polars as pl

from dijk.tables import division, effect, facts, forecast, judgements, purchase, registers, results
from dijk.tables.columns import ALL, HOW, REASONS, UNKNOWN

REGISTERS: dict[str, type[dy.Schema]] = {
    "organisation": registers.Organisation,
    "site": registers.Site,
    "region": registers.Region,
    "region_share": registers.RegionShare,
    "sector": registers.Sector,
    "risk_class": registers.RiskClass,
    "need": registers.Need,
    "product": registers.Product,
    "driver": registers.Driver,
}
FACTS: dict[str, type[dy.Schema]] = {
    "asked": facts.Asked,
    "indicator": facts.Indicator,
    "activity": facts.Activity,
    "use": facts.Use,
    "stock": facts.Stock,
    "request": facts.Request,
    "delivery": facts.Delivery,
    "inbound": facts.Inbound,
    "external_figure": facts.ExternalFigure,
}
POLICY: dict[str, type[dy.Schema]] = {
    "acceptance": judgements.Acceptance,
    "scope": judgements.Scope,
    "verdict": judgements.Verdict,
    "norm": judgements.Norm,
    "scenario": judgements.Scenario,
    "policy_rule": judgements.PolicyRule,
    "fence": judgements.Fence,
    "mandate": judgements.Mandate,
    "policy_text": judgements.PolicyText,
    "warning_reason": judgements.WarningReason,
}
PUBLISHED: dict[str, type[dy.Schema]] = {
    "past_regime": results.Regime,
    "past_situation": results.Situation,
    "past_level": division.Level,
    "past_award": division.PastAward,
    "past_demand": forecast.Demand,
    "past_driver_forecast": forecast.DriverForecast,
}
INPUTS: dict[str, type[dy.Schema]] = REGISTERS | FACTS
RESULTS: dict[str, type[dy.Schema]] = {
    "finding": results.Finding,
    "norm_use": results.NormUse,
    "position": results.Position,
    "driver_forecast": forecast.DriverForecast,
    "indicator_seen": forecast.IndicatorSeen,
    "forecast_score": forecast.ForecastScore,
    "usage_factor": forecast.UsageFactor,
    "demand": forecast.Demand,
    "central_stock": results.CentralStock,
    "situation": results.Situation,
    "warehouse_outlook": results.WarehouseOutlook,
    "stock_path": results.StockPath,
    "flow": results.Flow,
    "drift": results.Drift,
    "regime": results.Regime,
    "claim": division.Claim,
    "award": division.Award,
    "award_line": division.AwardLine,
    "level": division.Level,
    "purchase_need": purchase.PurchaseNeed,
    "scenario_cost": purchase.ScenarioCost,
    "share_range": results.ShareRange,
    "not_answered": results.NotAnswered,
}
EFFECT: dict[str, type[dy.Schema]] = {
    "proposed_row": effect.ProposedRow,
    "compared": effect.Compared,
    "regime_change": effect.RegimeChange,
    "level_change": effect.LevelChange,
    "unmet_change": effect.UnmetChange,
    "purchase_change": effect.PurchaseChange,
    "fence_price": effect.FencePrice,
}
ON_DISK: dict[str, type[dy.Schema]] = INPUTS | POLICY | PUBLISHED
"""What a dataset folder may hold."""


@cache
def empty(table: str) -> pl.DataFrame:
    """The table without rows."""
    return (ON_DISK | RESULTS | EFFECT)[table].create_empty()


def valid(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows as they are, where every one keeps to the limits and rules of its table.

    Says the same as its schema's ``validate``, which makes the rules anew each time: for a form of ten lines that takes
    longer than all else that is done with it.

    Raises
    ------
    dataframely.exc.SchemaError, dataframely.exc.ValidationError
        A column is missing or of another type, or a row breaks a limit or a rule; told by ``validate`` itself.

    Examples
    --------
    >>> valid("region", empty("region")).height
    0
    """
    schema = ON_DISK[table]
    if rows.schema == empty(table).schema and rows.select(_rules_kept(table)).item():
        return rows
    return schema.validate(rows)


@cache
def _rules_kept(table: str) -> pl.Expr:
    """Whether all rows keep to all rules; where a rule cannot be asked of a row for want of a value, it is kept."""
    rules = ON_DISK[table]._validation_rules(with_cast=False).values()
    return pl.all_horizontal(rule.expr.fill_null(True) for rule in rules).all()


__all__ = [
    "ALL",
    "EFFECT",
    "FACTS",
    "HOW",
    "INPUTS",
    "ON_DISK",
    "POLICY",
    "PUBLISHED",
    "REASONS",
    "REGISTERS",
    "RESULTS",
    "UNKNOWN",
    "empty",
    "valid",
]
