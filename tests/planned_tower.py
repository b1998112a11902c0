"""A tower of its own with the example country, a run that was made of it, and people of it. It is made once, and each
test has a copy.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.test import override_settings

import country_once
from dijk.example import AS_OF
from dijk_web import clock, store
from dijk_web.actions.dividing import propose_division
from dijk_web.actions.planning import ask_for_plan, publish
from dijk_web.actions.take_in import take_in
from dijk_web.actions.telling import Sent
from dijk_web.jobs import make_plan
from dijk_web.models import Division, Person, Proposal, Run, Site
from four_people import person

MADE_IN: list[Path] = []
"""The folder in which the run of this worker was made."""


def plan_in(folder: Path) -> None:
    """Take the country in, have its run made, and let people in: Pim plans, Mila is of the first site that claims gowns,
    Ravi of its region, Eva an expert.
    """
    pim = person("pim", role="planner")
    with (
        override_settings(DATA=folder),
        mock.patch.object(clock, "now", return_value=AS_OF),
        mock.patch("dijk.plan.plan", return_value=country_once.plan()),
    ):
        take_in(country_once.tables(), by=pim, reason="the example")
        number = ask_for_plan(by=pim, reason="Monday")
        make_plan.call(number)
        home = Site.objects.get(site=claimed(number))
    person("mila", role="institution", organisation=home.organisation_id)
    person("ravi", role="coordinator", region=home.region)
    person("eva", role="expert")
    MADE_IN.append(folder)


@pytest.fixture
def planned(tower: Any, settings: Any, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """That tower, with its people and the site that Mila is of. The clock stands still."""
    settings.DATA = tmp_path
    shutil.copytree(MADE_IN[-1] / "runs", tmp_path / "runs")
    run = Run.objects.get()
    people = {name: Person.objects.get(code=f"p-{name}") for name in ("pim", "mila", "ravi", "eva")}
    with (
        mock.patch.object(clock, "now", return_value=AS_OF) as now,
        mock.patch("dijk.plan.plan", return_value=country_once.plan()),
    ):
        yield SimpleNamespace(run=run, home=Site.objects.get(site=claimed(run.act)), now=now, **people)


@pytest.fixture
def divided(planned: SimpleNamespace) -> SimpleNamespace:
    """The same, with the run published and its division at the regions; Pia is a second planner."""
    publish(planned.run, by=planned.pim, reason="Monday")
    number = propose_division(planned.run, by=planned.pim, reason="Monday", sent=Sent(None, 0))
    division, proposal = Division.objects.get(act=number), Proposal.objects.get(act=number)
    return SimpleNamespace(**vars(planned), division=division, proposal=proposal, pia=person("pia", role="planner"))


def claimed(number: int) -> str:
    """The first site that claims gowns in a run."""
    claims = store.table(str(Run.objects.get(act=number).code), "claim", need="gown")
    return str(claims.sort("site")["site"][0])
