"""The worker does what waits in the queue, one task at a time.

A tower has one worker at work. It holds a lock in ``DIJK_DATA`` that the system takes from it when its process ends,
however it ends; a second one waits for that lock. So who holds it knows of every task that is marked as running, and
is not its own, that its worker died: no heartbeat, hence no long task that is taken for dead. Such a task is done once
more, since every task may be done twice; if its worker dies again, it has failed and says why.
"""

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction
from django_tasks.base import TaskResultStatus
from django_tasks.signals import task_finished, task_started
from django_tasks_db.models import DBTaskResult

from dijk_web import postman
from dijk_web.file_lock import only_one

ATTEMPTS = 2
"""How many workers may die of a task."""

PAUSE = 0.5
"""Seconds between looks at an empty queue."""


HAND_OVER = 5
"""Seconds that a mail gets to be handed over when the worker is asked to end."""

TOLD_TO_END = threading.Event()
"""Set by `stop`, because what it raises is lost where it comes inside compiled code that calls Python."""


class WorkerDied(Exception):
    """Why a task failed whose workers ended without a word, as when the machine's memory is full."""


class Stopped(KeyboardInterrupt):
    """The worker was asked to end; what it was doing goes back in the queue."""


def work() -> None:
    """Work until told to end by Ctrl-C or SIGTERM."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, stop)
    with contextlib.suppress(Stopped), only_one(Path(settings.DATA) / "worker.lock"), sending_mail():
        while not TOLD_TO_END.is_set():
            work_off()
            time.sleep(PAUSE)


@contextlib.contextmanager
def sending_mail() -> Iterator[None]:
    """Send mail meanwhile, beside the tasks: an urgent one does not wait for a plan. At the end what is being handed
    over gets a moment to be so.
    """
    thread = threading.Thread(target=postman.rounds, args=(TOLD_TO_END,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        TOLD_TO_END.set()
        thread.join(HAND_OVER)


def stop(number: int, frame: FrameType | None) -> None:
    """End, wherever it is; a second call changes nothing."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)
    TOLD_TO_END.set()
    raise Stopped


def work_off() -> None:
    """Do what waits until nothing waits; where the database does not answer, that is said and tried again later."""
    close_old_connections()
    try:
        while not TOLD_TO_END.is_set() and (task := claimed()) is not None:
            do(task)
            close_old_connections()
    except (OperationalError, InterfaceError) as fault:
        print(f"The worker waits for the database: {fault}", file=sys.stderr, flush=True)
        connection.close()


def claimed() -> DBTaskResult | None:
    """The next task, marked as running; before it, what a dead worker left is put in its place."""
    open_ones = DBTaskResult.objects.filter(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING])
    if not open_ones.exists():  # asked first, so that an idle worker never waits for the pen
        return None
    with transaction.atomic():
        for left in DBTaskResult.objects.running():
            take_up(left)
        task: DBTaskResult | None = DBTaskResult.objects.ready().get_locked()
        if task is not None:
            task.claim(f"{socket.gethostname()[:40]}-{os.getpid()}")
    return task


def take_up(left: DBTaskResult) -> None:
    """Put a task whose worker died back in the queue, or say that it failed."""
    if len(left.worker_ids) < ATTEMPTS:
        put_back(left)
    else:
        fail(left, WorkerDied(f"its worker ended {len(left.worker_ids)} times without a word"))


def put_back(task: DBTaskResult) -> None:
    """Let a task wait again."""
    task.status = TaskResultStatus.READY
    task.save(update_fields=["status", "worker_ids"])


def do(task: DBTaskResult) -> None:
    """Do a task; it has succeeded or failed afterwards, or waits again if the worker is stopped meanwhile."""
    try:
        job, result = task.task, task.task_result
        task_started.send(sender=type(job.get_backend()), task_result=result)
        task.set_successful(job.call(*result.args, **result.kwargs))
        task_finished.send(sender=type(job.get_backend()), task_result=task.task_result)
    except Stopped:
        if task.status == TaskResultStatus.RUNNING:
            task.worker_ids = task.worker_ids[:-1]  # it did not die of this task
            put_back(task)
        raise
    except Exception as fault:
        fail(task, fault)  # where the database is gone this fails too: the task stays marked as running, for later


def fail(task: DBTaskResult, fault: Exception) -> None:
    """Say that a task failed and why, to those who wait for it too, all or nothing."""
    with transaction.atomic():
        task.set_failed(fault)
        with contextlib.suppress(ImportError, SuspiciousOperation):  # a task that is no longer part of dijk
            task_finished.send(sender=type(task.task.get_backend()), task_result=task.task_result)
