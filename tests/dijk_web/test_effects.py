"""What a proposal would do to the plan: asked for while it waits, worked out by a job, read beside what is."""

import datetime as dt
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

import country_once
from dijk.effect import effect as plans_for_real  # bound before the plan without the proposal is put in place
from dijk.example import AS_OF
from dijk.tables import EFFECT, empty
from dijk_web import clock, store
from dijk_web.actions import deciding, proposing
from dijk_web.actions.take_in import take_in
from dijk_web.actions.telling import Sent
from dijk_web.jobs import make_effect
from dijk_web.models import Act, Effect, Proposal, State
from four_people import browser, everybody, person
from ground import TODAY
from killed import killed
from telling_forms import hidden

CAP = {"rule": "cap_days", "need": "all", "sector": "all", "region": "all", "value": 3.0, "valid_from": TODAY}
KNOWN = {"basis": "decision 12", "source": "minutes", "how": "assumed"}


def proposed(by: Any, day: dt.date = TODAY) -> Proposal:
    row, since = CAP | KNOWN | {"valid_from": day}, Act.objects.latest("number").number
    return Proposal.objects.get(
        act=proposing.propose(by=by, table="policy_rule", row=row, reason="x", sent=Sent(None, since))
    )


def asked(client: Any, proposal: Proposal, **typed: str) -> Any:
    address = f"/proposals/{proposal.act}/effect/"
    return client.post(address, {**hidden(client.get(address).content.decode()), **typed})


@pytest.mark.slow
def test_the_effect_is_that_of_the_core_and_read_in_both_languages(tower: Any, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    pim = person("pim", role="planner")
    with mock.patch.object(clock, "now", return_value=AS_OF):
        take_in(country_once.tables(), by=pim, reason="the example")
        one, client = proposed(pim, AS_OF.date()), browser(pim)
        assert asked(client, one).status_code == 302
        address = f"/proposals/{one.act}/effect/"
        assert "waits for the worker" in client.get(address).content.decode()
        assert plans_for_real.__globals__["plan"] is not country_once.plan
        with mock.patch("dijk.plan.plan", return_value=country_once.plan()):
            make_effect.call(Effect.objects.get().act)
        tables = store.effect(Effect.objects.get().act)
        assert Effect.objects.get().state == State.MADE and tables["unmet_change"].height
        page = client.get(address).content.decode()
        dutch = client.get(address, headers={"accept-language": "nl"}).content.decode()
    total = tables["unmet_change"].filter(sector="all", region="all").row(0, named=True)
    assert f"{total['unmet_before'] * 100:.1f}%" in page and f"{total['packs_after']:,}" in page
    counted = tables["compared"].filter(part="level_change").row(0, named=True)
    assert f"{counted['changed']} of {counted['compared']} would be otherwise" in page
    assert tables["proposed_row"]["taken"].to_list() == ["as_said"]
    assert "What is missed" in page and len(re.findall("<table", page)) == len(re.findall("<table", dutch))


def test_who_proposed_it_or_decides_asks_and_others_read(ground: SimpleNamespace) -> None:
    one = proposed(ground.kees)
    for name, may in (("kees", 302), ("noor", 302), ("pim", 302), ("lot", 403), ("eva", 403), ("anna", 403)):
        client = browser(getattr(ground, name))
        assert asked(client, one, once=f"{len(name):x}" * 32).status_code == may, name
        assert client.get(f"/proposals/{one.act}/effect/").status_code == 200
    assert browser(ground.mila).get(f"/proposals/{one.act}/effect/").status_code == 403


def test_a_form_that_is_sent_twice_asks_once_and_of_what_ended_nothing_is_asked(ground: SimpleNamespace) -> None:
    one, client = proposed(ground.pim), browser(ground.pim)
    address = f"/proposals/{one.act}/effect/"
    form = hidden(client.get(address).content.decode())
    assert [client.post(address, form).status_code for _ in range(2)] == [302, 302]
    assert Effect.objects.count() == 1 and "<form method" not in client.get(address).content.decode().split("<h1>")[1]
    deciding.withdraw(one, by=ground.pim, why="a slip", sent=Sent(None, 0))
    assert client.post(address, form | {"once": "f" * 32}).status_code == 409


def test_an_effect_of_which_no_plan_can_be_made_says_why(
    ground: SimpleNamespace, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    one, client = proposed(ground.pim), browser(ground.pim)
    asked(client, one)
    make_effect.call(Effect.objects.get().act)
    assert Effect.objects.get().state == State.FAILED
    page = client.get(f"/proposals/{one.act}/effect/").content.decode()
    assert "failed" in page and "What stopped it" in page and Effect.objects.get().findings


WORKING_OUT = """
import time
from unittest import mock
from dijk.desk import write
from dijk.tables import EFFECT, empty
from dijk_web import jobs
from dijk_web.models import Effect

def slowly(folder, settle=write.settle):
    time.sleep(0.1)
    settle(folder)

def do():
    tables = {name: empty(name) for name in EFFECT}
    with mock.patch("dijk_web.jobs._effect", return_value=tables), mock.patch("dijk.desk.write.settle", slowly):
        jobs.make_effect.call(Effect.objects.get().act)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no processes to fork")
@pytest.mark.parametrize("times", [10, pytest.param(50, marks=pytest.mark.long)])
def test_an_effect_whose_job_is_killed_is_whole_or_waits(
    tower: Any, surroundings: dict[str, str], settings: Any, tmp_path: Path, times: int
) -> None:
    settings.DATA = tmp_path
    with mock.patch.object(clock, "now", return_value=AS_OF):
        pim = everybody().pim
        assert asked(browser(pim), proposed(pim, AS_OF.date())).status_code == 302
    one = Effect.objects.get()

    def whole(done: bool) -> bool:
        one.refresh_from_db()
        there = (tmp_path / "effects" / str(one.act)).is_dir()
        assert one.state == State.MADE if done else there or one.state == State.ASKED
        assert not there or set(store.effect(one.act)) == set(EFFECT)
        return one.state == State.ASKED

    assert killed(WORKING_OUT, surroundings | {"DIJK_CLOCK": AS_OF.strftime("%Y-%m-%dT%H:%M:%SZ")}, times, whole) > 0
    with mock.patch("dijk_web.jobs._effect", return_value={name: empty(name) for name in EFFECT}):
        make_effect.call(one.act)
    one.refresh_from_db()
    assert one.state == State.MADE and set(store.effect(one.act)) == set(EFFECT)
