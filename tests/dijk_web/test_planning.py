"""A plan is asked for by an act, made by the worker, published by another act, and repeated at a desk."""

import datetime as dt
from pathlib import Path
from typing import Any
from unittest import mock

import polars as pl
import pytest

import country_once
from dijk.desk.app import run_command
from dijk.example import AS_OF
from dijk.files import write_folder
from dijk.runs import read_manifest
from dijk_web import clock, store
from dijk_web.actions.planning import ask_for_plan, publish
from dijk_web.actions.take_in import take_in
from dijk_web.actions.writing import TooLate, writing
from dijk_web.bridge import dataset_until
from dijk_web.jobs import make_plan
from dijk_web.models import Act, Person, Run, State, Stock

PIM = Person(code="p1", role="planner", name="Pim", email="pim@example.org")
NOON = AS_OF + dt.timedelta(hours=4)


@pytest.fixture
def country(tower: Any, settings: Any, tmp_path: Path) -> Any:
    """The example country in a tower of its own, at noon of its own day."""
    settings.DATA = tmp_path
    with mock.patch.object(clock, "now", return_value=NOON):
        take_in(country_once.tables(), by=PIM, reason="the example")
        yield


def made(seed: int = 1) -> Run:
    number = ask_for_plan(by=PIM, reason="Monday", seed=seed)
    make_plan.call(number)
    return Run.objects.get(act=number)


@pytest.mark.slow
def test_a_plan_that_is_asked_for_is_made_published_and_repeated_at_a_desk(country: Any, tmp_path: Path) -> None:
    run = made()
    assert (run.state, run.as_of) == (State.MADE, NOON)
    levels = store.table(str(run.code), "level")
    assert levels.height and store.table(str(run.code), "claim", site=levels_site(run)).height

    with writing("stock_told", by=PIM, about="site:x") as act:  # told later, so not in the run
        one = country_once.tables()["stock"].head(1).drop("known_at")
        act.tell("stock", one)
    write_folder(dataset_until(run.act), tmp_path / "data", form="parquet")
    moment = run.as_of.strftime("%Y-%m-%dT%H:%M:%SZ")
    words = ["plan", str(tmp_path / "data"), "-o", str(tmp_path / "desk"), "--seed", "1", "--as-of", moment]
    assert run_command(words) == 0
    kept, desk = read_manifest(store.folder(str(run.code))), read_manifest(tmp_path / "desk")
    assert kept["files"] == desk["files"] and kept["run"] == desk["run"] == run.code

    number = publish(run, by=PIM, reason="Monday")
    past = dataset_until(number)
    assert past["past_level"].filter(pl.col("known_at") == NOON).height == levels.height
    assert Act.objects.get(number=number).after == {"state": "published", "run": run.code}
    with pytest.raises(TooLate):
        publish(run, by=PIM, reason="again")
    assert Stock.objects.filter(act=run.act + 1).count() == 1


def levels_site(run: Run) -> str:
    return str(store.table(str(run.code), "claim")["site"][0])


@pytest.mark.slow
def test_two_runs_never_speak_from_one_moment(country: Any) -> None:
    first, second = (Run.objects.get(act=ask_for_plan(by=PIM, reason="twice")) for _ in range(2))
    assert second.as_of > first.as_of


def test_a_plan_of_nothing_fails_with_its_findings(tower: Any, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    run = made()
    assert run.state == State.FAILED and run.code is None
    assert "REG-01" in [found["code"] for found in run.findings]
