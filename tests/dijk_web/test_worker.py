"""A task whose worker was killed is done again once, and then told as failed; whoever is stopped gives it back."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django_tasks_db.models import DBTaskResult

import jobs_that_last
from dijk_web import jobs, worker
from dijk_web.actions.planning import ask_for_plan
from dijk_web.models import Person, Run, State

PIM = Person(code="p1", role="planner", name="Pim", email="pim@example.org")

pytestmark = pytest.mark.slow


@pytest.fixture
def workers(surroundings: dict[str, str]) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts a worker in a process of its own."""
    started = []

    def start() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, "-m", "dijk_web.serving", "worker"], env=surroundings))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait()


def until(true: Callable[[], Any]) -> None:
    end = time.monotonic() + 90  # beside other tests on two cores a process takes long to start
    while not true():
        assert time.monotonic() < end, "waited a minute and a half in vain"
        time.sleep(0.05)


def beats(path: Path) -> int:
    return path.read_text().count("begun") if path.exists() else 0


def test_a_task_whose_worker_was_killed_is_done_once_more(workers: Any, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    task = jobs_that_last.lasts.enqueue(str(begun), 2)
    first = workers()
    until(lambda: beats(begun) == 1)
    first.kill()
    first.wait()
    assert DBTaskResult.objects.get(id=task.id).status == "RUNNING"
    workers()
    until(lambda: DBTaskResult.objects.get(id=task.id).status == "SUCCESSFUL")
    assert beats(begun) == 2


def test_a_task_of_which_two_workers_died_has_failed_and_says_why(workers: Any, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    task = jobs_that_last.lasts.enqueue(str(begun), 60)
    DBTaskResult.objects.update(worker_ids=["one that died of it before"])
    one = workers()
    until(lambda: beats(begun) == 1)
    one.kill()
    one.wait()
    after = jobs_that_last.lasts.enqueue(str(tmp_path / "other"), 0)
    workers()
    until(lambda: DBTaskResult.objects.get(id=after.id).status == "SUCCESSFUL")
    left = DBTaskResult.objects.get(id=task.id)
    assert (left.status, left.exception_class_path) == ("FAILED", "dijk_web.worker.WorkerDied")
    assert beats(begun) == 1


def test_a_second_worker_waits_until_the_first_is_gone(workers: Any, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    jobs_that_last.lasts.enqueue(str(begun), 60)
    first = workers()
    until(lambda: beats(begun) == 1)
    workers()
    time.sleep(2)
    assert beats(begun) == 1, "a task of a worker that lives was taken for that of a dead one"
    first.kill()
    until(lambda: beats(begun) == 2)


@pytest.mark.parametrize("by", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)])
def test_a_worker_that_is_stopped_gives_its_task_back_and_it_counts_for_nothing(
    workers: Any, tmp_path: Path, by: signal.Signals
) -> None:
    begun = tmp_path / "begun"
    task = jobs_that_last.lasts.enqueue(str(begun), 60)
    one = workers()
    until(lambda: beats(begun) == 1)
    os.kill(one.pid, by)
    assert one.wait(timeout=10) == 0
    left = DBTaskResult.objects.get(id=task.id)
    assert (left.status, left.worker_ids) == ("READY", [])


def test_a_worker_that_is_stopped_ends_although_its_task_does_not_hear_it(workers: Any, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    deaf = jobs_that_last.hears_nothing.enqueue(str(begun))
    after = jobs_that_last.lasts.enqueue(str(tmp_path / "other"), 0)
    one = workers()
    until(lambda: beats(begun) == 1)
    one.terminate()
    assert one.wait(timeout=10) == 0
    assert [DBTaskResult.objects.get(id=task.id).status for task in (deaf, after)] == ["SUCCESSFUL", "READY"]


def test_a_task_that_goes_wrong_has_failed_and_the_next_is_done(tower: Any, tmp_path: Path) -> None:
    wrong, right = jobs_that_last.breaks.enqueue(), jobs_that_last.lasts.enqueue(str(tmp_path / "begun"), 0)
    worker.work_off()
    assert "no such luck" in DBTaskResult.objects.get(id=wrong.id).traceback
    assert DBTaskResult.objects.get(id=right.id).status == "SUCCESSFUL"


def test_a_task_that_dijk_no_longer_has_fails_and_stops_nothing(tower: Any) -> None:
    task = jobs_that_last.breaks.enqueue()
    DBTaskResult.objects.filter(id=task.id).update(task_path="jobs_that_last.gone")
    worker.work_off()
    assert DBTaskResult.objects.get(id=task.id).status == "FAILED"


def test_a_run_whose_job_failed_says_so(tower: Any) -> None:
    number = ask_for_plan(by=PIM, reason="Monday")
    with mock.patch.object(jobs, "_made", side_effect=ValueError("no such luck")):
        worker.work_off()
    run = Run.objects.get(act=number)
    assert (run.state, run.fault) == (State.FAILED, "ValueError: no such luck")


def test_a_run_of_which_two_workers_died_says_so(tower: Any) -> None:
    number = ask_for_plan(by=PIM, reason="Monday")
    DBTaskResult.objects.update(status="RUNNING", worker_ids=["one", "two"])
    worker.work_off()
    run = Run.objects.get(act=number)
    assert run.state == State.FAILED and "WorkerDied" in run.fault
