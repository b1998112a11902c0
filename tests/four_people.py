"""Four people carry the tests of the web: Noor, an official; Ravi, who coordinates the north; Mila, of a hospital in the
north; and Otto, of a hospital in the south, who must see nothing of the north. Beside them one person per other role.
"""

from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from django.core.cache import cache
from django.test import Client

from dijk_web.actions.writing import writing
from dijk_web.models import Person
from dijk_web.people import Directorate, Role

PASSWORD = "the dike holds until monday"

SEATS: dict[str, dict[str, object]] = {
    "noor": {"role": Role.OFFICIAL, "directorate": Directorate.GMT},
    "ravi": {"role": Role.COORDINATOR, "region": "north"},
    "mila": {"role": Role.INSTITUTION, "organisation": "hospital-north", "is_owner": True},
    "otto": {"role": Role.INSTITUTION, "organisation": "hospital-south", "is_owner": True},
    "ben": {"role": Role.INSTITUTION, "organisation": "hospital-north"},
    "cara": {"role": Role.INSTITUTION, "organisation": "home-north", "is_owner": True},
    "sita": {"role": Role.COORDINATOR, "region": "south"},
    "kees": {"role": Role.OFFICIAL, "directorate": Directorate.CZ},
    "lot": {"role": Role.OFFICIAL, "directorate": Directorate.LZ},
    "pim": {"role": Role.PLANNER},
    "bo": {"role": Role.BUYER},
    "eva": {"role": Role.EXPERT},
    "sem": {"role": Role.SECURITY},
    "dirk": {"role": Role.DISCLOSURE},
    "anna": {"role": Role.AUDITOR},
    "ada": {"role": Role.ADMINISTRATOR},
}
"""Ben is of Mila's hospital and no owner of it; Cara is of a care home in the north."""

PLACES = {
    "hospital-north": ("north", "hospital"),
    "home-north": ("north", "home"),
    "hospital-south": ("south", "hospital"),
}
"""Organisations, each with one site that is called after it, in a region."""


@pytest.fixture
def people(db: None) -> SimpleNamespace:
    """Everybody, by first name, and the places that they are of; nobody guessed a password yet."""
    cache.clear()
    return everybody()


def everybody() -> SimpleNamespace:
    """The same people in whichever database is at hand."""
    made = {name: person(name, **seat) for name, seat in SEATS.items()}
    with writing("registers_told", by=made["ada"], about="registers") as act:
        act.tell(
            "region",
            [{"region": code, "scheme": "roaz", "name": code.title(), "source": "test"} for code in ("north", "south")],
        )
        act.tell(
            "organisation",
            [{"organisation": code, "name": code.replace("-", " ").title(), "source": "test"} for code in PLACES],
        )
        act.tell("site", pl.DataFrame([site(code) for code in PLACES]))
    return SimpleNamespace(**made)


def person(name: str, **seat: object) -> Person:
    """A person with the password of the tests."""
    one = Person(code=f"p-{name}", name=name.title(), email=f"{name}@tower.example", **seat)
    one.set_password(PASSWORD)
    one.save()
    return one


def sits(one: Person, seat: dict[str, Any]) -> None:
    """Give somebody another seat."""
    for name in ("role", "region", "directorate"):
        setattr(one, name, seat.get(name))
    one.save()


def site(organisation: str) -> dict[str, object]:
    region, sector = PLACES[organisation]
    told = {"site": f"site-{organisation}", "organisation": organisation, "name": organisation.title(), "kind": "care"}
    return {**told, "sector": sector, "region": region, "source": "test"}


def browser(one: Person | None = None) -> Client:
    """A browser in which somebody is logged in, or nobody; in English, where the test does not ask for another."""
    client = Client(headers={"accept-language": "en"})
    if one is not None:
        client.force_login(one)
    return client
