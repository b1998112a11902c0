"""Ground on which the four people tell and ask: two needs with an article, norms for their sectors, a hospital of the
north that received and counted, at noon of 27 April 2020.
"""

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

from dijk_web import clock
from dijk_web.actions.writing import writing

NOON = dt.datetime(2020, 4, 27, 12, tzinfo=dt.UTC)
TODAY = NOON.date()
SITE, OTHER = "site-hospital-north", "site-hospital-south"
NEEDS = {"gown": ("Gown", "Schort", 50), "mask": ("Mask", "Masker", 20)}
JUDGED = {
    "valid_from": dt.date(2020, 1, 1),
    "basis": "test",
    "source": "test",
    "how": "assumed",
    "set_by": "GMT",
}


@pytest.fixture
def hands() -> Iterator[Any]:
    """The clock of the tower, ten days before noon until somebody moves its hands."""
    with mock.patch.object(clock, "now", return_value=NOON - dt.timedelta(days=10)) as now:
        yield now


@pytest.fixture
def ground(hands: Any, people: SimpleNamespace) -> SimpleNamespace:
    """Everybody, with something to tell of; the clock stands at noon."""
    with writing("registers_told", by=people.pim, about="registers") as act:
        for table, rows in registers().items():
            act.tell(table, rows)
    hands.return_value = NOON
    return people


def registers() -> dict[str, list[dict[str, Any]]]:
    """What there is: needs, articles, norms, and what the hospital of the north did, received and counted."""
    return {
        "need": [need(code) for code in NEEDS],
        "product": [product(code) for code in NEEDS],
        "driver": [
            {"driver": "patient_day", "name_en": "Patient", "name_nl": "Patiënt", "unit": "day", "source": "test"}
        ],
        "risk_class": [
            {"risk_class": "close", "tier": 1, "name_en": "Close care", "name_nl": "Nabije zorg", "source": "test"}
        ],
        "acceptance": [{**JUDGED, "product": f"{code}-box", "need": code, "preference": 1} for code in NEEDS],
        "norm": [norm(code, sector) for code in NEEDS for sector in ("hospital", "home")],
        "activity": [activity(after) for after in range(35)],
        "delivery": [delivery()],
        "stock": [count(500)],
    }


def need(code: str) -> dict[str, Any]:
    en, nl, _pack = NEEDS[code]
    named = {"name_en": en, "name_nl": nl, "family": code, "specification": "-", "piece": "each"}
    return {"need": code, **named, "source": "test"}


def product(code: str) -> dict[str, Any]:
    en, _nl, pack = NEEDS[code]
    made = {"name": f"{en} in a box", "pieces_per_pack": pack, "storage": "ambient", "source": "test"}
    return {"product": f"{code}-box", **made}


def norm(code: str, sector: str) -> dict[str, Any]:
    about = {"need": code, "sector": sector, "risk_class": "close", "driver": "patient_day"}
    return {**JUDGED, **about, "reuse_stage": "conventional", "low": 1.0, "mid": 2.0, "high": 3.0, "coverage": 1.0}


def activity(after: int) -> dict[str, Any]:
    about = {"site": SITE, "driver": "patient_day", "risk_class": "close"}
    return {**about, "day": TODAY - dt.timedelta(days=after), "units": 10.0, "how": "counted", "source": "test"}


def order_line(order: str, **more: Any) -> dict[str, Any]:
    """A line of ten boxes of gowns that comes in a week."""
    about = {"order": order, "line": 1, "supplier": "Acme", "product": "gown-box", "to_site": "warehouse", "day": TODAY}
    amount = {"pieces": 500, "received_pieces": 0, "cents_per_pack": 1250, "how": "counted", "source": "order book"}
    return {**about, **amount, "mode": "sea", "expected": TODAY + dt.timedelta(days=7), "state": "ordered", **more}


def delivery() -> dict[str, Any]:
    about = {"site": SITE, "need": "gown", "product": "gown-box", "lot": "-", "channel": "consortium"}
    told = {"delivery": "d1", "day": TODAY - dt.timedelta(days=12), "pieces": 500, "how": "counted", "source": "test"}
    return {**told, **about}


def count(pieces: int) -> dict[str, Any]:
    about = {"site": SITE, "product": "gown-box", "lot": "-", "status": "approved"}
    return {**about, "day": TODAY - dt.timedelta(days=11), "pieces": pieces, "how": "counted", "source": "test"}
