"""A made-up country of three regions, four sectors and five needs, small enough to know every figure by heart.

It holds what makes a report hard: cells without a value and why, a need without a price, text that would be a formula
or markup, an order without a date, a verdict that disagrees, a region that is called unknown. Its tables are made once.

"""

import datetime as dt
from functools import cache
from typing import Any

import polars as pl

from dijk.account import drift
from dijk.inputs import Inputs
from dijk.planned import Plan
from dijk.policy import Policy
from dijk.tables import ON_DISK, RESULTS

AS_OF = dt.datetime(2020, 4, 27, 10, tzinfo=dt.UTC)
TODAY = AS_OF.date()
EARLIER = AS_OF - dt.timedelta(days=40)
BEGUN = dt.date(2020, 3, 1)

NASTY = '=cmd|"/c calc"!A1 <script>alert(1)</script> #panic() & co'
SECTORS = {
    "hospital": ("cure", "Hospitals", "Ziekenhuizen"),
    "ggz": ("cure", "Mental health", "Geestelijke gezondheidszorg"),
    "nursing": ("care", "Nursing homes", "Verpleeghuizen"),
    "home": ("care", "Home care", "Thuiszorg"),
}
REGIONS = ("east", "west", "unknown")
NEEDS = {
    "gown": ("Gown", "Schort", "scarce", "specific_shortage", 3.0),
    "ffp2": ("FFP2 mask", "FFP2-masker", "scarce", None, 6.5),
    "glove": ("Glove", "Handschoen", "early_warning", "absolute_shortage", 20.0),
    "apron": ("Apron", "Halterschort", "direct", None, 90.0),
    "visor": ("Visor", "Spatscherm", "direct", None, None),
}


def sites() -> list[dict[str, Any]]:
    rows = [
        {
            "site": f"{region}-{sector}",
            "name": f"{sector.title()} {region.title()}",
            "kind": "care",
            "sector": sector,
            "region": region,
        }
        for region in REGIONS
        for sector in SECTORS
    ]
    rows[0]["name"] = NASTY
    return [*rows, {"site": "store", "name": "Central store", "kind": "warehouse", "sector": None, "region": "west"}]


@cache
def inputs() -> Inputs:
    fact = {"known_at": EARLIER, "source": "fictional example", "how": "counted", "reason": None}
    register = {"known_at": EARLIER, "source": "fictional example"}
    days = [TODAY - dt.timedelta(days=back) for back in range(45, 0, -1)]
    tables: dict[str, list[dict[str, Any]]] = {
        "site": [
            {"organisation": "o", "size": None, "size_unit": None, "size_confirmed_by": None, **register, **row}
            for row in sites()
        ],
        "organisation": [{"organisation": "o", "name": "Organisation", "legal_id": None, **register}],
        "region": [
            {
                "region": code,
                "scheme": "roaz",
                "name": code.title(),
                "population": 10**6,
                "valid_from": None,
                "valid_to": None,
                **register,
            }
            for code in REGIONS
        ],
        "sector": [
            {"sector": code, "group": g, "name_en": en, "name_nl": nl, **register}
            for code, (g, en, nl) in SECTORS.items()
        ],
        "risk_class": [{"risk_class": "splash", "tier": 1, "name_en": "Splash", "name_nl": "Spatten", **register}],
        "need": [
            {
                "need": code,
                "name_en": row[0],
                "name_nl": row[1],
                "family": code,
                "size": None,
                "specification": "s",
                "piece": "each",
                **register,
            }
            for code, row in NEEDS.items()
        ],
        "product": [
            {
                "product": f"{code}-p",
                "name": NASTY if code == "glove" else f"{row[0]} product",
                "gtin": None,
                "pieces_per_pack": 10,
                "kg_per_pack": None if code == "visor" else 1.5,
                "litres_per_pack": None if code == "visor" else 12.0,
                "measures_how": None if code == "visor" else "assumed",
                "storage": "ambient",
                "shelf_life_days": None,
                **register,
            }
            for code, row in NEEDS.items()
        ],
        "driver": [
            {
                "driver": "patient_day",
                "name_en": "Day",
                "name_nl": "Dag",
                "unit": "day",
                "indicator": "hosp_admissions",
                **register,
            }
        ],
        "asked": [
            {
                "site": row["site"],
                "topic": "stock",
                "day": TODAY - dt.timedelta(days=7),
                "due": TODAY - dt.timedelta(days=4),
                **register,
            }
            for row in sites()[:8]
        ],
        "indicator": [
            {
                "indicator": "hosp_admissions",
                "region": "all",
                "day": day,
                "value": 100.0 + place,
                **fact,
                "source": "final extraction",
            }
            for place, day in enumerate(days)
        ],
        "use": [
            {"site": "east-hospital", "need": "gown", "day": day, "days": 7, "pieces": 700 + place, **fact}
            for place, day in enumerate(days[6::7])
        ],
        "stock": [
            {
                "site": "store",
                "product": "gown-p",
                "lot": "A1",
                "status": "blocked",
                "day": TODAY,
                "expires_on": None,
                "pieces": 600,
                **fact,
            },
            {
                "site": "store",
                "product": "ffp2-p",
                "lot": "B2",
                "status": "approved",
                "day": TODAY,
                "expires_on": None,
                "pieces": 900,
                **fact,
            },
        ],
        "request": [
            {
                "request": "R1",
                "site": "east-hospital",
                "need": "tent",
                "day": TODAY - dt.timedelta(days=2),
                "urgent": True,
                "repeats": None,
                "checked_pieces": None,
                "checked_by": None,
                "pieces": 12,
                **fact,
            }
        ],
        "inbound": [order(*line) for line in ORDERS],
        "external_figure": [
            {
                "figure": "stock of gowns",
                "publisher": "Other monitor",
                "need": "gown",
                "sector": None,
                "region": None,
                "day": TODAY,
                "value": None if code == "b" else 1234.5,
                "unit": "pieces",
                "definition": "What they count",
                **fact,
                "reason": "refused" if code == "b" else None,
            }
            | {"figure": f"stock of gowns {code}"}
            for code in "ab"
        ],
    }
    return Inputs.of({name: framed(name, rows) for name, rows in tables.items()}, as_of=AS_OF)


ORDERS = (  # order, product, pieces, mode, days until expected, state, cents, days since the order
    ("O1", "gown-p", 12_000, "air", 3, "confirmed", 5_000, 5),
    ("O2", "ffp2-p", 40_000, "sea", 9, "underway", 2_780, 30),
    ("O3", "gown-p", 8_000, "air", -6, "ordered", 5_500, 20),
    ("O4", "glove-p", 90_000, "sea", None, "ordered", None, 8),
    ("O5", "visor-p", 500, "road", 2, "ordered", 4_500, 1),
    ("O6", "apron-p", 500, "road", 40, "ordered", 150, 3),
)


def order(
    code: str, product: str, pieces: int, mode: str, due: int | None, state: str, cents: int | None, ago: int
) -> dict[str, Any]:
    return {
        "order": code,
        "line": 1,
        "supplier": "@Supplier" if code == "O2" else "Supplier & Sons",
        "product": product,
        "to_site": "store",
        "day": TODAY - dt.timedelta(days=ago),
        "received_pieces": 0,
        "cents_per_pack": cents,
        "mode": mode,
        "expected": None if due is None else TODAY + dt.timedelta(days=due),
        "state": state,
        "pieces": pieces,
        "known_at": EARLIER,
        "source": "order book",
        "how": "counted",
        "reason": None,
    }


@cache
def policy() -> Policy:
    judged = {
        "known_at": EARLIER,
        "valid_from": BEGUN,
        "valid_to": None,
        "basis": "law",
        "source": "assumed",
        "how": "assumed",
        "set_by": "GMT",
    }
    listed = {"lead_sourcing": "LCH", "lead_buying": "LCH", "lead_distributing": None, "note": None}
    tables: dict[str, list[dict[str, Any]]] = {
        "acceptance": [
            {"product": f"{code}-p", "need": code, "preference": 1, **judged}
            | ({"valid_to": TODAY + dt.timedelta(days=9)} if code == "ffp2" else {})
            for code in NEEDS
        ],
        "scope": [
            *(
                {"need": code, "state": "listed", "action": "none" if code == "glove" else "buying", **listed, **judged}
                for code in NEEDS
            ),
            {"need": "tent", "state": "proposed", "action": "none", **listed, **judged, "note": "Which kind?"},
        ],
        "verdict": [
            {"need": code, "verdict": row[3], "evidence": "seen", **judged, "valid_to": TODAY + dt.timedelta(days=20)}
            for code, row in NEEDS.items()
            if row[3]
        ],
        "norm": [
            {
                "need": code,
                "sector": sector,
                "risk_class": "splash",
                "driver": "patient_day",
                "reuse_stage": "conventional",
                "low": 0.5,
                "mid": 2.0,
                "high": 8.0 if code == "gown" else 2.5,
                "coverage": 1.0,
                **judged,
            }
            for code in NEEDS
            for sector in SECTORS
        ],
        "scenario": [
            {
                "scenario": "preventive",
                "need": "ffp2",
                "sector": "all",
                "driver": "all",
                "name_en": "Preventive masks in care",
                "name_nl": "Preventief mondmaskers in de zorg",
                "advice": "Advice of the outbreak team",
                "starts_on": TODAY,
                "ramp_days": 7,
                "coverage": 0.5,
                "norm_factor": 1.0,
                "driver_factor": 1.0,
                "in_curve": "max",
                **judged,
            }
        ],
    }
    return Policy.of({name: framed(name, rows) for name, rows in tables.items()})


@cache
def plan(*, cover: float = 1.0) -> Plan:
    """The results, with every cover multiplied by ``cover``."""
    made = {name: framed(name, rows) for name, rows in (_numbers(cover) | _judged()).items()}
    made["drift"] = drift(made["flow"], policy().known(AS_OF), today=TODAY)
    return Plan.of({name: made.get(name, schema.create_empty()) for name, schema in RESULTS.items()})


def score(
    indicator: str, region: str, horizon: int, forecasts: int, relative: float, *, sector: str = "cure"
) -> dict[str, Any]:
    """How earlier forecasts of an indicator did."""
    figures = {"wis": 12.5, "log_wis": 0.25, "coverage_50": 0.48, "coverage_95": 0.95, "bias": -0.3}
    place = {"indicator": indicator, "region": region, "horizon": horizon, "sector": sector}
    return place | {"forecasts": forecasts, "relative": relative} | figures


def _numbers(cover: float) -> dict[str, list[dict[str, Any]]]:
    weeks = [TODAY + dt.timedelta(weeks=ahead) for ahead in range(8)]
    levels = (0.1, 0.25, 0.5, 0.75, 0.9)
    return {
        "norm_use": [
            {
                "site": row["site"],
                "need": need,
                "risk_class": "splash",
                "low": 1.0,
                "mid": 10.0,
                "high": 40.0,
                "how": "counted",
            }
            for row in sites()[:-1]
            for need in NEEDS
        ],
        "position": [position(row["site"], need, place) for place, row in enumerate(sites()[:-1]) for need in NEEDS],
        "driver_forecast": [
            {
                "known_at": AS_OF,
                "indicator": "hosp_admissions",
                "region": "all",
                "week": week,
                "quantile_level": level,
                "value": 1000.0 * (0.5 + level) - 30 * place,
                "cold_start": True,
            }
            for place, week in enumerate(weeks)
            for level in levels
        ],
        "indicator_seen": [
            {
                "indicator": "hosp_admissions",
                "region": "all",
                "day": TODAY - dt.timedelta(days=2),
                "value": 143.0,
                "week_value": 1000.0,
                "growth": 1.05,
                "missing_days": 3,
            }
        ],
        "forecast_score": [
            score("icu_beds", "all", 0, 21, 0.8),
            score("icu_beds", "all", 1, 6, 0.7),
            score("hosp_admissions", "all", 0, 21, 1.25, sector="all"),
            score("nh_new_infected", "all", 0, 7, 1.5, sector="care"),
            score("icu_beds", "east", 0, 21, 1.1),
            score("icu_beds", "west", 0, 21, 1.3),
            score("icu_beds", "unknown", 0, 7, 1.9),
        ],
        "demand": [
            {
                "known_at": AS_OF,
                "curve": curve,
                "need": need,
                "sector": "all",
                "region": "all",
                "week": week,
                "quantile_level": level,
                "pieces": factor * 1000.0 * (0.5 + level),
            }
            for curve, factor in (("low", 0.7), ("base", 1.0), ("max", 1.9), ("preventive", 1.4))
            for need in NEEDS
            for week in weeks
            for level in levels
        ],
        "central_stock": [
            {
                "need": "gown",
                "product": "gown-p",
                "region": "west",
                "holder": "warehouse",
                "status": "blocked",
                "pieces": 600,
                "lots": 1,
                "oldest_count": TODAY,
            },
            {
                "need": "ffp2",
                "product": "ffp2-p",
                "region": "west",
                "holder": "warehouse",
                "status": "approved",
                "pieces": 900,
                "lots": 1,
                "oldest_count": TODAY,
            },
        ],
        "situation": [
            situation(need, sector, region, cover)
            for need in NEEDS
            for sector in ("all", "cure", "care", *SECTORS)
            for region in ("all", *REGIONS)
            if sector == "all" or region == "all"
        ],
        "flow": [flow(need, sector) for need in NEEDS for sector in ("all", "cure", "care", *SECTORS)],
        "share_range": [
            {"need": need, "sector": sector, "region": region, "low": 0.1, "mid": 0.25, "high": 0.6}
            for need in NEEDS
            for sector in ("all", *SECTORS)
            for region in ("all", *REGIONS)
            if (sector == "all") != (region == "all")
        ],
    }


def _judged() -> dict[str, list[dict[str, Any]]]:
    return {
        "finding": [finding("STOCK-01", "note", 4), finding("REQUEST-01", "warning", 2)],
        "regime": [
            {
                "known_at": AS_OF,
                "need": need,
                "computed": "early_warning" if need == "gown" else regime,
                "verdict": verdict,
                "effective": regime,
                "since": BEGUN,
                "evidence_en": f"cover of {en}",
                "evidence_nl": f"dekking van {nl}",
                "action": "none" if need == "glove" else "buying",
                "alarm": need == "glove",
            }
            for need, (en, nl, regime, verdict, _) in NEEDS.items()
        ],
        "claim": [
            {
                "site": row["site"],
                "need": need,
                "risk_class": "splash",
                "sector": row["sector"],
                "region": row["region"],
                "product": f"{need}-p",
                "pieces_per_pack": 10,
                "tier": 1,
                "norm_use_per_day": 10.0,
                "position": 12,
                "position_reason": None,
                "requested": 80,
                "floor": 0,
                "ceiling": 80,
                "waiting_since": TODAY,
            }
            for row in sites()[:-1]
            for need in ("gown", "ffp2")
        ],
        "award": [
            {
                "known_at": AS_OF,
                "site": row["site"],
                "need": need,
                "risk_class": "splash",
                "product": f"{need}-p",
                "sector": row["sector"],
                "region": row["region"],
                "packs": 4,
                "pieces_per_pack": 10,
                "cover_before_days": 1.2,
                "cover_after_days": 5.2,
                "route": "regional_check",
            }
            for row in sites()[:-1]
            for need in ("gown", "ffp2")
        ],
        "award_line": [
            {"site": row["site"], "need": need, "risk_class": "splash", "line": line, "pieces": pieces}
            for row in sites()[:-1]
            for need in ("gown", "ffp2")
            for line, pieces in (
                ("requested", 80),
                ("in_stock", -12),
                ("scarcity", -30),
                ("pack_rounding", 2),
                ("shipped", 40),
            )
        ],
        "level": [
            {
                "known_at": AS_OF,
                "need": need,
                "tier": 1,
                "holder": "warehouse",
                "region": "all",
                "fence": "all",
                "supply_pieces": 485,
                "awarded_pieces": 480,
                "level_days": 5.0,
                "level_exact": "5",
                "marginal_cover_days": 4.2,
                "claims": 12,
                "tie_seed": 7,
            }
            for need in ("gown", "ffp2")
        ],
        "purchase_need": [
            purchase(need, curve, factor) for need in NEEDS for curve, factor in (("base", 1), ("max", 2))
        ],
        "scenario_cost": [
            cost(need, curve, factor)
            for need in NEEDS
            for curve, factor in (("low", 0.7), ("base", 1.0), ("max", 1.9), ("preventive", 1.4))
        ],
        "not_answered": [
            {
                "site": "east-nursing",
                "topic": "stock",
                "sector": "nursing",
                "region": "east",
                "asked_on": TODAY - dt.timedelta(days=7),
                "due": TODAY - dt.timedelta(days=4),
                "last_answer": None,
            }
        ],
    }


def position(site: str, need: str, place: int) -> dict[str, Any]:
    known = place % 4 != 2
    return {
        "site": site,
        "need": need,
        "pieces": 0 if known else None,
        "least": 0,
        "most": 0 if known else None,
        "counts_as": 0,
        "reason": None if known else "no_answer",
        "counted_pieces": 0 if known else None,
        "counted_on": TODAY if known else None,
        "doubted": False,
        "receipts": 0,
        "norm_use": 0.0,
    }


def situation(need: str, sector: str, region: str, factor: float) -> dict[str, Any]:
    cover = NEEDS[need][4]
    empty = cover is None or (sector, need) == ("home", "gown")
    days = None if empty or cover is None else cover * factor
    return {
        "known_at": AS_OF,
        "need": need,
        "sector": sector,
        "region": region,
        "sites": 12,
        "sites_known": 0 if empty else 9,
        "norm_use_per_day": 120.0,
        "unknown_share": 1.0 if empty else 0.25,
        "stock_pieces": None if days is None else round(days * 90),
        "cover_days": days,
        "p_out_2w": None if empty else 0.6,
        "p_out_4w": None if empty else 0.8,
        "p_out_8w": None if empty else 0.9,
        "p_out_most_4w": None if empty else 1.0,
        "reason": "no_answer" if empty else None,
    }


def flow(need: str, sector: str) -> dict[str, Any]:
    met = {"cure": 0.8, "care": 0.1, "hospital": 0.8, "nursing": 0.05}.get(sector, 0.4)
    return {
        "need": need,
        "sector": sector,
        "region": "all",
        "days": 14,
        "requested": 3000,
        "requested_counted": 2000,
        "out_of_scope": 0,
        "consortium": 500,
        "own_purchase": 100,
        "donated": 50,
        "from_region": 0,
        "norm_use": 650 / met,
        "need_met": None if need == "visor" else met,
    }


def purchase(need: str, curve: str, factor: int) -> dict[str, Any]:
    priced = need != "visor"
    return {
        "need": need,
        "curve": curve,
        "horizon_weeks": 10,
        "demand_pieces": 10_000 * factor,
        "stock_pieces": 500,
        "gross_pieces": 9_500 * factor,
        "inbound_pieces": 1_000,
        "net_pieces": 8_500 * factor,
        "product": f"{need}-p",
        "price_source": "orders" if priced else None,
        "gross_cents": 475_000_00 * factor if priced else None,
        "net_cents": 425_000_00 * factor if priced else None,
        "net_kg": 1_275.0 * factor if priced else None,
        "net_m3": 10.2 * factor if priced else None,
        "weeks_left_over": 0.0 if curve == "base" else 9.5,
    }


def cost(need: str, curve: str, factor: float) -> dict[str, Any]:
    extra = round(8_000 * (factor - 1))
    unpriced = dict.fromkeys(("demand_cents", "cents_low", "cents_mid", "cents_high"))
    return unpriced | {
        "curve": curve,
        "need": need,
        "sector": "all",
        "demand_pieces": round(8_000 * factor),
        "extra_low": extra,
        "extra_mid": extra,
        "extra_high": extra,
        "reason": "no_price",
    }


def finding(code: str, severity: str, rows: int) -> dict[str, Any]:
    return {
        "code": code,
        "severity": severity,
        "table": "stock",
        "file": None,
        "row": None,
        "column": "day",
        "found": "-6",
        "wanted_en": "a fresh count",
        "wanted_nl": "een verse telling",
        "rows": rows,
    }


def framed(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows as a table that fits its schema; a column that no row names is empty, or 0, or the first of its choices."""
    schema = (ON_DISK | RESULTS)[name]
    spare = {column: None if spec.nullable else least(spec) for column, spec in schema.columns().items()}
    table = schema.cast(
        pl.DataFrame([spare | row for row in rows], infer_schema_length=None).select(schema.column_names())
    )
    return schema.validate(table)


def least(spec: Any) -> Any:
    """The plainest value of a column that may not be empty."""
    if spec.dtype == pl.Enum:
        return spec.categories[0]
    return [] if isinstance(spec.dtype, pl.List) else {pl.String: "all", pl.Boolean: False}.get(spec.dtype, 1)
