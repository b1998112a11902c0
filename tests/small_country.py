"""A country of three regions, made by code, for the tests of the forecast."""

import datetime as dt
import math
from typing import Any

import polars as pl

from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.present import present as of_world
from dijk.present.now import Now
from dijk.tables import INPUTS, POLICY

AS_OF = dt.datetime(2020, 4, 27, 10, tzinfo=dt.UTC)
KNOWN = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
FIRST_DAY = dt.date(2020, 2, 3)
REGIONS = ("north", "south", "unknown")


def table(name: str, rows: list[dict[str, Any]], **same: Any) -> pl.DataFrame:
    """Rows of a table of dijk; columns not named are empty, `same` holds for all."""
    schema = (INPUTS | POLICY)[name]
    empty = dict.fromkeys(schema.column_names()) | {"known_at": KNOWN, "source": "test", "how": "counted"}
    filled = [{c: (empty | same | row)[c] for c in schema.column_names()} for row in rows]
    return schema.validate(pl.DataFrame(filled, infer_schema_length=None), cast=True) if rows else schema.create_empty()


def indicator_rows(days: int = 83, *, code: str = "beds", regions: tuple[str, ...] = REGIONS) -> list[dict[str, Any]]:
    """A wave that peaks at day 55, larger in the north; values to two decimals."""
    size = {"north": 300.0, "south": 120.0, "unknown": 8.0, "all": 428.0}
    return [
        {
            "indicator": code,
            "region": region,
            "day": FIRST_DAY + dt.timedelta(days=day),
            "value": round(size[region] * math.exp(-(((day - 55) / 20) ** 2)) + 3 + day % 3, 2),
        }
        for region in regions
        for day in range(days)
    ]


def tables() -> dict[str, pl.DataFrame]:
    """The whole dataset: registers, facts and judgements."""
    judged = {"valid_from": FIRST_DAY, "basis": "test", "set_by": "test"}
    norm = judged | {"risk_class": "aerosol", "reuse_stage": "conventional", "coverage": 1.0}
    line = judged | {
        "name_en": "x",
        "name_nl": "x",
        "advice": "x",
        "ramp_days": 14,
        "coverage": 0.0,
        "norm_factor": 1.0,
        "driver_factor": 1.0,
    }
    sites = [
        ("h1", "hospital", "north"),
        ("h2", "hospital", "south"),
        ("n1", "nursing_home", "north"),
        ("n2", "nursing_home", "south"),
    ]
    return {
        "region": table("region", [{"region": r, "scheme": "roaz", "name": r} for r in REGIONS]),
        "sector": table(
            "sector",
            [
                {"sector": "hospital", "group": "cure", "name_en": "Hospitals", "name_nl": "Ziekenhuizen"},
                {"sector": "nursing_home", "group": "care", "name_en": "Nursing homes", "name_nl": "Verpleeghuizen"},
            ],
        ),
        "site": table(
            "site",
            [
                {"site": s, "organisation": "o", "name": s, "kind": "care", "sector": k, "region": r}
                for s, k, r in sites
            ],
        ),
        "driver": table(
            "driver",
            [
                {"driver": "patient_day", "name_en": "x", "name_nl": "x", "unit": "patient-day", "indicator": "beds"},
                {"driver": "shift", "name_en": "x", "name_nl": "x", "unit": "shift"},
            ],
        ),
        "activity": table(
            "activity",
            [
                {"site": s, "driver": d, "risk_class": "aerosol", "day": dt.date(2020, 4, 25), "units": u}
                for s, d, u in [
                    ("h1", "patient_day", 90.0),
                    ("h2", "patient_day", 40.0),
                    ("n1", "shift", 200.0),
                    ("n2", "shift", 100.0),
                ]
            ],
        ),
        "indicator": table("indicator", indicator_rows()),
        "norm": table(
            "norm",
            [
                {"need": "gown", "sector": "hospital", "driver": "patient_day", "low": 2.0, "mid": 7.0, "high": 20.0}
                | norm,
                {"need": "gown", "sector": "nursing_home", "driver": "shift", "low": 0.5, "mid": 1.0, "high": 2.0}
                | norm,
                {"need": "mask", "sector": "nursing_home", "driver": "shift", "low": 1.0, "mid": 2.0, "high": 4.0}
                | norm
                | {"coverage": 0.25},
            ],
        ),
        "scenario": table(
            "scenario",
            [
                {
                    "scenario": "preventive",
                    "need": "mask",
                    "sector": "nursing_home",
                    "driver": "all",
                    "starts_on": dt.date(2020, 5, 4),
                }
                | line
                | {"coverage": 0.8, "in_curve": "max"},
                {
                    "scenario": "lockdown",
                    "need": "all",
                    "sector": "all",
                    "driver": "patient_day",
                    "starts_on": dt.date(2020, 5, 11),
                }
                | line
                | {"driver_factor": 0.7, "in_curve": "none"},
            ],
        ),
    }


def present(changed: dict[str, pl.DataFrame] | None = None, *, as_of: dt.datetime = AS_OF) -> Now:
    """The present of the small country, with some tables replaced."""
    whole = tables() | (changed or {})
    return of_world(Inputs.of(whole, as_of=as_of).known(), Policy.of(whole).known(as_of))
