"""The dataset that comes out of the database is the one that went in, row for row, and plans to the same bytes."""

from typing import Any

import polars as pl
import pytest

import country_once
from dijk.example import AS_OF
from dijk.files.read import digest
from dijk.inputs import Inputs
from dijk.plan import plan
from dijk.policy import Policy
from dijk.tables import ON_DISK
from dijk_web import chain
from dijk_web.actions.take_in import take_in
from dijk_web.actions.writing import TooLate
from dijk_web.bridge import dataset_until
from dijk_web.models import Person, Site

PIM = Person(code="p1", role="planner", name="Pim", email="pim@example.org")


@pytest.mark.slow
def test_a_country_comes_out_as_it_went_in_and_plans_to_the_same_tables(tower: Any) -> None:
    country = country_once.tables()
    number = take_in(country, by=PIM, reason="the example")
    out = dataset_until(number)
    assert out.keys() == {name for name, rows in country.items() if rows.height}
    for name, rows in out.items():
        assert rows.equals(country[name].sort(ON_DISK[name].primary_key())), name
    full = {name: out.get(name, rows.clear()) for name, rows in country.items()}
    assert digest(full) == digest(country)
    assert Site.objects.count() == country["site"]["site"].n_unique()
    assert chain.broken_acts() == [] and chain.projections_that_differ() == {}
    again = plan(Inputs.of(out, as_of=AS_OF), Policy.of(out), seed=1)
    made = country_once.plan().tables()
    assert [name for name, table in again.tables().items() if not table.equals(made[name])] == []


@pytest.mark.slow
def test_a_dataset_that_is_taken_in_twice_adds_nothing_the_second_time(tower: Any) -> None:
    country = {name: country_once.tables()[name] for name in ("site", "stock", "norm")}
    take_in(country, by=PIM, reason="once")
    second = take_in(country, by=PIM, reason="twice")
    assert dataset_until(second).keys() == country.keys()
    assert sum(rows.height for rows in dataset_until(second).values()) == sum(rows.height for rows in country.values())


def test_a_row_that_says_something_else_at_the_same_moment_is_refused(tower: Any) -> None:
    sites = country_once.tables()["site"]
    first = take_in({"site": sites}, by=PIM, reason="once")
    with pytest.raises(TooLate, match="site: "):
        take_in({"site": sites.with_columns(name=pl.lit("Other"))}, by=PIM, reason="twice")
    assert dataset_until(first)["site"].equals(sites.sort("known_at", "site"))
