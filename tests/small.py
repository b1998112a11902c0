"""Small worlds for tests: name what matters, the rest is filled in."""

import datetime as dt
from functools import cache
from typing import Any

import polars as pl

from dijk.inputs import Inputs
from dijk.policy import Policy
from dijk.present import present as of_world
from dijk.present.now import Now
from dijk.tables import FACTS, ON_DISK, empty

TODAY = dt.date(2020, 4, 27)
AS_OF = dt.datetime(2020, 4, 27, 10, tzinfo=dt.UTC)
START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def at(day: dt.date, hour: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), tzinfo=dt.UTC)


FILLED: dict[str, Any] = {
    "known_at": START, "source": "test", "how": "counted", "reason": None, "basis": "test", "set_by": "test", "valid_from": START.date(),
    "valid_to": None, "lot": "-", "status": "approved", "urgent": False, "repeats": None, "channel": "consortium", "from_site": None,
"coverage": 1.0, "reuse_stage": "conventional", "risk_class": "contact", "driver": "shift", "days": 7,
    "organisation": "org", "kind": "care", "region": "north", "scheme": "roaz", "storage": "ambient", "family": "mask", "piece": "each",
    "specification": "EN 14683", "group": "care", "tier": 1, "state": "listed", "action": "buying", "preference": 1, "unit": "shift",
    "pieces_per_pack": 1, "line": 1, "supplier": "Voorbeeld BV", "mode": "sea", "received_pieces": 0, "need": "mask", "sector": "home",
    "product": "mask-a", "to_site": "store", "value": None, "word": None,
}  # fmt: skip


def rows(table: str, *given: dict[str, Any]) -> pl.DataFrame:
    """Valid rows of a table: what is given, then the usual, then the column's own name for texts, else empty."""
    schema = ON_DISK[table]

    def fill(name: str, row: dict[str, Any]) -> Any:
        if name in row:
            return row[name]
        if name == "known_at" and table in FACTS:
            return at(row["day"])
        if schema.columns()[name].nullable:
            return None
        return FILLED.get(name, name)

    filled = [{name: fill(name, row) for name in schema.column_names()} for row in given]
    return schema.validate(pl.DataFrame(filled, schema=empty(table).schema, orient="row"), cast=True)


def registers(sites: tuple[str, ...] = ("home-1", "home-2")) -> dict[str, pl.DataFrame]:
    """One need, one article, two sectors, three regions, a warehouse, and the named care sites in the first region."""
    return dict(_registers(sites))


@cache
def _registers(sites: tuple[str, ...]) -> dict[str, pl.DataFrame]:
    return {
        "organisation": rows("organisation", {}),
        "region": rows("region", {"region": "north"}, {"region": "south"}, {"region": "unknown"}),
        "sector": rows("sector", {"sector": "home"}, {"sector": "hospital", "group": "cure"}),
        "risk_class": rows("risk_class", {}),
        "need": rows("need", {}),
        "product": rows("product", {}),
        "driver": rows("driver", {}),
        "site": rows(
            "site",
            {"site": "store", "kind": "warehouse", "sector": None},
            *({"site": s} | {"sector": "home"} for s in sites),
        ),
        "scope": rows("scope", {}),
        "acceptance": rows("acceptance", {}),
        "norm": rows("norm", {"low": 1.0, "mid": 2.0, "high": 4.0}),
        "activity": rows("activity", *({"site": s, "day": ago(1), "units": 5.0} for s in sites)),
    }


def world(tables: dict[str, pl.DataFrame], as_of: dt.datetime = AS_OF) -> Inputs:
    return Inputs.of(tables, as_of=as_of).known()


def present(tables: dict[str, pl.DataFrame], as_of: dt.datetime = AS_OF) -> Now:
    """The present that follows from the tables."""
    known, policy = world(tables, as_of), Policy.of(tables).known(as_of)
    return of_world(known, policy)


def rule(name: str, value: float, **more: Any) -> pl.DataFrame:
    """One policy rule for everyone, or for what is named."""
    everyone = {"rule": name, "value": value, "need": "all", "sector": "all", "region": "all"}
    return rows("policy_rule", everyone | more)
