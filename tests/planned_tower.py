"""A tower of its own with the example country, a run that was made of it, and people of it."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

import country_once
from dijk.example import AS_OF
from dijk_web import clock, store
from dijk_web.actions.dividing import propose_division
from dijk_web.actions.planning import ask_for_plan, publish
from dijk_web.actions.take_in import take_in
from dijk_web.actions.telling import Sent
from dijk_web.jobs import make_plan
from dijk_web.models import Division, Proposal, Run, Site
from four_people import person


@pytest.fixture
def planned(tower: Any, settings: Any, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """Pim plans; Mila is of the first site that claims gowns, and Ravi of its region. The clock stands still."""
    settings.DATA = tmp_path
    pim = person("pim", role="planner")
    with (
        mock.patch.object(clock, "now", return_value=AS_OF) as now,
        mock.patch("dijk.plan.plan", return_value=country_once.plan()),
    ):
        take_in(country_once.tables(), by=pim, reason="the example")
        number = ask_for_plan(by=pim, reason="Monday")
        make_plan.call(number)
        home = Site.objects.get(site=claimed(number))
        yield SimpleNamespace(
            pim=pim,
            run=Run.objects.get(act=number),
            home=home,
            mila=person("mila", role="institution", organisation=home.organisation_id),
            ravi=person("ravi", role="coordinator", region=home.region),
            eva=person("eva", role="expert"),
            now=now,
        )


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
